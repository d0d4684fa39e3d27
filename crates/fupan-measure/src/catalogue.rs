//! The catalogue: every measure there is.

use std::sync::LazyLock;

use crate::measure::Measure;

static CATALOGUE: LazyLock<Vec<&'static Measure>> = LazyLock::new(|| {
    [
        crate::breadth::MEASURES,
        crate::returns::MEASURES,
        crate::turnover::MEASURES,
        crate::size::MEASURES,
        crate::limit_board::MEASURES,
        crate::ladder::MEASURES,
        crate::extremes::MEASURES,
        crate::across::MEASURES,
        crate::index::MEASURES,
        crate::contribution::MEASURES,
        crate::security::MEASURES,
        crate::seal::MEASURES,
        crate::instant::MEASURES,
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Every measure, in the order of the documentation.
pub fn catalogue() -> &'static [&'static Measure] {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn identifiers_are_unique_words() {
        let mut seen = BTreeSet::new();
        for measure in catalogue() {
            let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            assert!(measure.name().bytes().all(word), "{}", measure.id);
            assert!(seen.insert(measure.id), "{} is declared twice", measure.id);
        }
    }

    #[test]
    fn every_text_is_told_in_both_languages() {
        for measure in catalogue() {
            for text in [measure.label, measure.definition, measure.population.text] {
                assert!(!text.zh.is_ascii() && text.en.is_ascii(), "{}: {text:?}", measure.id);
            }
            assert!(measure.definition.en.ends_with('.'), "{}", measure.id);
        }
    }
}
