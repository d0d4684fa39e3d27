//! The catalogue: every measure there is.

pub(crate) mod across;
pub(crate) mod breadth;
pub(crate) mod calendar;
pub(crate) mod contribution;
pub(crate) mod extremes;
pub(crate) mod fund;
pub(crate) mod index;
pub(crate) mod index_levels;
pub(crate) mod intraday;
pub(crate) mod ladder;
pub(crate) mod limit_board;
pub(crate) mod on_request;
pub(crate) mod own_past;
pub(crate) mod quote_coverage;
pub(crate) mod returns;
pub(crate) mod rotation;
pub(crate) mod security;
pub(crate) mod size;
pub(crate) mod turnover;

use std::sync::LazyLock;

use crate::measure::Measure;

static CATALOGUE: LazyLock<Vec<&'static Measure>> = LazyLock::new(|| {
    [
        breadth::MEASURES,
        returns::MEASURES,
        turnover::MEASURES,
        size::MEASURES,
        limit_board::MEASURES,
        ladder::MEASURES,
        extremes::MEASURES,
        across::MEASURES,
        rotation::MEASURES,
        index::MEASURES,
        index_levels::MEASURES,
        contribution::MEASURES,
        security::MEASURES,
        on_request::MEASURES,
        own_past::MEASURES,
        fund::MEASURES,
        intraday::MEASURES,
        calendar::MEASURES,
        quote_coverage::MEASURES,
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
            for text in [measure.label, measure.definition, measure.population()] {
                assert!(!text.zh.is_ascii() && text.en.is_ascii(), "{}: {text:?}", measure.id);
            }
            assert!(measure.definition.en.ends_with('.'), "{}", measure.id);
        }
    }
}
