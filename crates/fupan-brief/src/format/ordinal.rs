//! Places in a row.

use super::grouped;
use crate::Language;

/// A place in a row: a word up to the tenth in English, where small numbers are words.
pub(super) fn ordinal(place: u64, language: Language) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    if language == Language::Zh {
        return place.to_string();
    }
    let word = usize::try_from(place).ok().and_then(|place| WORDS.get(place.checked_sub(1)?));
    word.map_or_else(|| ordinal_figures(place), |word| (*word).to_owned())
}

/// An ordinal in figures: `72nd`.
pub(super) fn ordinal_figures(place: u64) -> String {
    format!("{}{}", grouped(place.into()), suffix(place))
}

/// The ending of an ordinal in figures.
fn suffix(place: u64) -> &'static str {
    match (place % 10, place % 100) {
        (1..=3, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_word_or_a_number_with_its_ending() {
        for (place, en) in [
            (0, "0th"),
            (1, "first"),
            (4, "fourth"),
            (10, "tenth"),
            (11, "11th"),
            (12, "12th"),
            (13, "13th"),
            (21, "21st"),
            (22, "22nd"),
            (102, "102nd"),
            (103, "103rd"),
            (113, "113th"),
            (1_004, "1,004th"),
        ] {
            assert_eq!(ordinal(place, Language::En), en);
            assert_eq!(ordinal(place, Language::Zh), place.to_string());
        }
        assert_eq!([1, 2, 72].map(ordinal_figures), ["1st", "2nd", "72nd"]);
    }
}
