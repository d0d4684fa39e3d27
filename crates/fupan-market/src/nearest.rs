//! The nearest name, for hints in messages.

/// Longer names are skipped, so that a hint stays cheap.
const LONGEST: usize = 64;

/// The candidate with the fewest edits to `name`, ignoring case, if it is near enough: within one
/// edit, and one more for every three characters of the candidate, at least two in all. A name
/// within the other is one edit away. Of several equally near, returns the one most like `name`.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST && name.len() <= LONGEST)
        .map(|candidate| (edits(&lower, &candidate.to_lowercase()), candidate))
        .filter(|((edits, _), candidate)| *edits <= 1 + candidate.chars().count().max(3) / 3)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and substitutions that turn one text into the other: first with at most
/// one counted if one text contains the other, then all of them.
fn edits(a: &str, b: &str) -> (usize, usize) {
    let edits = strsim::levenshtein(a, b);
    let is_within = !a.is_empty() && !b.is_empty() && (a.contains(b) || b.contains(a));
    (if is_within { edits.min(1) } else { edits }, edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_found_and_far_is_not() {
        assert_eq!(nearest("close_fan", ["open_fen", "close_fen"]), Some("close_fen"));
        assert_eq!(nearest("zzzzzz", ["volume", "close"]), None);
        assert_eq!(nearest("advance", ["advances", "declines"]), Some("advances"));
        assert_eq!(nearest("成交", ["成交额", "收盘价"]), Some("成交额"));
        assert_eq!(nearest("", ["volume", "pb"]), Some("pb"));
        assert_eq!(nearest("volume", []), None);
    }

    #[test]
    fn a_name_within_another_is_one_edit_away() {
        assert_eq!(nearest("vol", ["volume", "close"]), Some("volume"));
        assert_eq!(nearest("VOLUME_OF_THE_SESSION", ["valume", "volume"]), Some("volume"));
        assert_eq!([edits("vol", "volume"), edits("vol", "vol")], [(1, 3), (0, 0)]);
        assert_eq!(edits("", "vol"), (3, 3));
    }

    #[test]
    fn of_names_that_hold_it_the_most_like_is_meant() {
        let known = ["advance_decline_line", "advance_share", "advances", "advance_share_ema10"];
        assert_eq!(nearest("advance", known), Some("advances"));
    }

    #[test]
    fn edits_are_those_of_characters() {
        assert_eq!([edits("kitten", "sitting"), edits("开盘", "收盘")], [(3, 3), (1, 1)]);
    }

    #[test]
    fn as_many_edits_as_a_third_of_the_characters_and_one_are_allowed() {
        assert_eq!(nearest("xxxume", ["volume"]), Some("volume"));
        assert_eq!(nearest("xxxxme", ["volume"]), None);
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(nearest(&long, [&*long]), None);
    }
}
