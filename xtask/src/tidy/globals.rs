//! The calendar and the rulebook are passed as arguments, not read from the process.

use std::collections::BTreeMap;

use super::ratchet;
use super::source::Source;

/// Files that may read them, because no caller could pass them in, each with the reason.
const DOORS: [(&str, &str); 4] = [
    ("crates/fupan/src/lib.rs", "joins the crates"),
    ("crates/fupan-sim/src/", "an exchange of its own"),
    ("bench/src/", "a program of its own"),
    ("fuzz/targets/src/", "programs of their own"),
];

const ASKED: [&str; 2] = ["Calendar", "Rulebook"];

/// Files that read the process's calendar or rulebook, other than those owed.
pub(super) fn breaches(sources: &[Source], owed: &[(&str, usize)]) -> Vec<String> {
    let mut found = BTreeMap::new();
    for source in sources.iter().filter(|source| source.is_shipped()) {
        if DOORS.iter().any(|(door, _)| source.file.starts_with(door)) {
            continue;
        }
        // A file may give them a name of its own.
        let is_asked = |of: &String| {
            let import = source.imports.iter().find(|import| import.name == *of);
            let named = import.and_then(|import| import.segments.last()).unwrap_or(of);
            ASKED.contains(&&**named)
        };
        let asks = |segments: &[String]| match segments {
            [.., of, name] => is_asked(of) && name == "builtin",
            _ => false,
        };
        let of_shipped = source.paths.iter().filter(|path| !path.place.is_test);
        let count = of_shipped.filter(|path| asks(&path.segments)).count();
        if count > 0 {
            found.insert(source.file.clone(), count);
        }
    }
    ratchet::breaches("GLOBALS", owed, &found, |file, count| {
        format!(
            "{file}: asks `Calendar::builtin()` or `Rulebook::builtin()` ({count}); take them \
             as arguments, so that one figure never rests on two of them"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "crates/fupan-measure/src/scope.rs";

    fn of(file: &str, text: &str, owed: &[(&str, usize)]) -> Vec<String> {
        breaches(&[Source::read(file, text).unwrap()], owed)
    }

    #[test]
    fn one_who_asks_is_seen() {
        let text = "fn a() -> u8 { fupan_market::Rulebook::builtin().b(Calendar::builtin()) }";
        assert!(of(FILE, text, &[])[0].starts_with(&format!("{FILE}: asks")));
        assert!(of(FILE, text, &[(FILE, 1)])[0].contains("(2)"));
        assert_eq!(of(FILE, text, &[(FILE, 2)]), [""; 0]);
        let renamed = "use fupan::Calendar as Sessions;\nfn a() { Sessions::builtin() }";
        assert!(of(FILE, renamed, &[])[0].contains("(1)"));
        assert!(of(FILE, text, &[(FILE, 3)])[0].contains("lower it to 2"));
    }

    #[test]
    fn tests_doors_and_words_may() {
        let text = "fn a() { Calendar::builtin() }";
        assert_eq!(of("crates/fupan/src/lib.rs", text, &[]), [""; 0]);
        assert_eq!(of("crates/fupan-sim/src/market.rs", text, &[]), [""; 0]);
        assert_eq!(of("crates/fupan-measure/tests/laws.rs", text, &[]), [""; 0]);
        let words = "/// [`Calendar::builtin`]\n#[cfg(test)]\nmod tests { \
                     fn a() { Calendar::builtin() } }\nfn b() { Recipe::builtin() }";
        assert_eq!(of(FILE, words, &[]), [""; 0]);
    }
}
