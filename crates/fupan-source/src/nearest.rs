//! The nearest name, for hints in messages.

use fupan_market::Wording;

/// The candidate with the fewest edits to `name`, where that is few enough to be meant.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 64 && name.len() <= 64)
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(edits, candidate)| *edits <= 1 + candidate.chars().count().max(3) / 3)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean ...` as a clause, or nothing.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Wording {
    match nearest(name, known) {
        Some(candidate) => Wording::new(
            format!("; did you mean `{candidate}`?"),
            format!("（是否指`{candidate}`？）"),
        ),
        None => Wording::none(),
    }
}

/// Insertions, deletions and substitutions that turn one text into the other; a text that
/// contains the other costs one.
fn distance(a: &str, b: &str) -> usize {
    if a != b && !a.is_empty() && !b.is_empty() && (a.contains(b) || b.contains(a)) {
        return 1;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_found_and_far_is_not() {
        assert_eq!(nearest("close_fan", ["open_fen", "close_fen"]), Some("close_fen"));
        assert_eq!(nearest("vol", ["volume", "close"]), Some("volume"));
        assert_eq!(nearest("zzzzzz", ["volume", "close"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
