//! A public type's name is unique in the workspace.

use std::collections::BTreeMap;

use super::ratchet;
use super::source::Source;

/// Names that several public types share, other than those owed.
pub(super) fn breaches(sources: &[Source], owed: &[(&str, usize)]) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.is_shipped()) {
        for item in source.items.iter().filter(|item| item.is_public && !item.place.is_test) {
            if ["struct", "enum", "union", "trait", "type"].contains(&&*item.word) {
                places.entry(item.name.clone()).or_default().push(source.at(item.place.line));
            }
        }
    }
    let several = places.iter().filter(|(_, places)| places.len() > 1);
    let found = several.map(|(name, places)| (name.clone(), places.len())).collect();
    ratchet::breaches("TYPE_NAMES", owed, &found, |name, count| {
        let places = places.get(name).map(|places| places.join(", ")).unwrap_or_default();
        format!(
            "{name}: {count} public types have this name ({places}); a reader who meets it must \
             know which it is"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: [&str; 2], owed: &[(&str, usize)]) -> Vec<String> {
        let files = ["crates/fupan-fact/src/a.rs", "crates/fupan-brief/src/b.rs"];
        let read = |(file, text)| Source::read(file, text).unwrap();
        breaches(&files.into_iter().zip(texts).map(read).collect::<Vec<_>>(), owed)
    }

    #[test]
    fn one_name_of_two_types_is_seen() {
        let told = of(["pub struct Row;", "\npub enum Row { A }"], &[]);
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("fact/src/a.rs:1, crates/fupan-brief/src/b.rs:2"), "{told:?}");
        assert_eq!(of(["pub struct Row;", "pub enum Row { A }"], &[("Row", 2)]), [""; 0]);
        assert!(of(["pub struct Row;", ""], &[("Row", 2)])[0].starts_with("Row: paid"));
    }

    #[test]
    fn types_of_a_crate_and_of_tests_may_share_a_name() {
        for other in [
            "pub(crate) struct Row;",
            "struct Row;",
            "#[cfg(test)]\nmod tests { pub struct Row; }",
            "impl Iterator for A { type Row = u8; }",
            "pub fn row() {}",
        ] {
            assert_eq!(of(["pub struct Row;", other], &[]), [""; 0], "{other}");
        }
    }
}
