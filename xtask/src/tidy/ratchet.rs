//! Compares breaches with a list of known ones, which may only become shorter.

use std::collections::BTreeMap;

/// Breaches beyond those of a list: `more` writes the message for a new one, from its name and
/// number. One that is fixed must leave the list, so that it cannot come back.
pub(super) fn breaches(
    list: &str,
    owed: &[(&str, usize)],
    found: &BTreeMap<String, usize>,
    more: impl Fn(&str, usize) -> String,
) -> Vec<String> {
    let owed: BTreeMap<&str, usize> = owed.iter().copied().collect();
    let mut breaches = Vec::new();
    for (name, count) in found {
        let known = owed.get(&**name).copied().unwrap_or(0);
        if *count > known {
            breaches.push(more(name, *count));
        } else if *count < known {
            breaches.push(format!(
                "{name}: {count} where {list} in xtask/src/tidy/owed.rs says {known}; lower it to \
                 {count}, so that it stays so"
            ));
        }
    }
    for (name, _) in owed.iter().filter(|(name, _)| !found.contains_key(**name)) {
        breaches.push(format!(
            "{name}: paid; take it out of {list} in xtask/src/tidy/owed.rs, so that it stays so"
        ));
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(found: &[(&str, usize)]) -> Vec<String> {
        let found = found.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        breaches("LIST", &[("a", 2), ("b", 1)], &found, |name, count| format!("{name} {count}"))
    }

    #[test]
    fn a_list_goes_one_way() {
        assert_eq!(of(&[("a", 2), ("b", 1)]), [""; 0]);
        assert_eq!(of(&[("a", 3), ("b", 1)]), ["a 3"]);
        assert_eq!(of(&[("a", 2), ("b", 1), ("c", 1)]), ["c 1"]);
        assert!(of(&[("a", 1), ("b", 1)])[0].starts_with("a: 1 where LIST"));
        assert!(of(&[("a", 2)])[0].starts_with("b: paid; take it out of LIST"));
    }
}
