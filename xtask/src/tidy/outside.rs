//! Clock, network, files and environment are used in few crates only.

use super::source::{Named, Source};

/// Crates that work on values only.
const PURE: [&str; 7] = [
    "fupan-market",
    "fupan-table",
    "fupan-fact",
    "fupan-measure",
    "fupan-brief",
    "fupan-push",
    "fupan-sim",
];

const OUTSIDE: [&str; 4] = ["fs", "net", "process", "env"];

/// Uses of clock, network, files or environment in a crate that works on values only.
pub(super) fn breaches(source: &Source) -> Vec<String> {
    let is_pure = |folder: &str| PURE.iter().any(|name| folder.ends_with(&format!("/{name}")));
    if !source.is_shipped() || !source.within_crate().is_some_and(|(folder, _)| is_pure(folder)) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for path in source.paths.iter().filter(|path| !path.place.is_test) {
        if let Some(door) = door(path) {
            breaches.push(format!(
                "{}: {door} here; clock, network and files enter through the command and the \
                 store only",
                source.at(path.place.line)
            ));
        }
    }
    breaches.dedup();
    breaches
}

fn door(path: &Named) -> Option<String> {
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    let is_outside = match *segments.as_slice() {
        ["std", module, ..] => OUTSIDE.contains(&module),
        _ => false,
    };
    let is_clock = segments.contains(&"SystemTime") || segments.ends_with(&["Instant", "now"]);
    (is_outside || is_clock).then(|| segments.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(file: &str, text: &str) -> Vec<String> {
        breaches(&Source::read(file, text).unwrap())
    }

    #[test]
    fn a_door_to_the_outside_is_seen_also_where_it_is_imported_in_braces() {
        let text = "use std::{fmt, fs::File};\n\
                    fn now() -> u64 { let _ = std::time::Instant::now(); 1 }\n";
        let told = of("crates/fupan-measure/src/walk.rs", text);
        assert!(told[0].contains("walk.rs:1: std::fs::File here"), "{told:?}");
        assert!(told[1].contains("walk.rs:2: std::time::Instant::now here"), "{told:?}");
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn tests_texts_and_other_crates_may() {
        let text = "//! No std::fs here.\n\
                    #[cfg(test)]\nmod tests {\n    use std::fs;\n}\n\
                    use crate::Instant;\nconst A: &str = \"std::fs\";\n";
        assert_eq!(of("crates/fupan-measure/src/walk.rs", text), [""; 0]);
        assert_eq!(of("crates/fupan-measure/src/walk/tests.rs", "use std::fs;"), [""; 0]);
        assert_eq!(of("crates/fupan-measure/tests/laws.rs", "use std::fs;"), [""; 0]);
        assert_eq!(of("crates/fupan-store/src/delta/log.rs", "use std::fs;"), [""; 0]);
    }

    #[test]
    fn what_follows_a_test_is_no_test() {
        let text = "#[cfg(test)]\nimpl<A, B> C<A, B> { fn of() { std::fs::read(1) } }\n\
                    fn read() { std::fs::read(1) }\n";
        let told = of("crates/fupan-fact/src/set.rs", text);
        assert!(told[0].contains("set.rs:3: std::fs::read"), "{told:?}");
        assert_eq!(told.len(), 1);
    }
}
