//! Mistakes in what is new in a TDX terminal's folder.

use super::{Mutant, Test};

const fn folder(path: &'static str) -> Test {
    Test { package: "fupan-source", target: "tdx_folder", path }
}

const READ_ONCE: Test = folder("what_a_folder_has_gained_is_read_once");
const LATER_EVENTS: Test =
    folder("events_that_the_terminal_learns_later_change_the_days_they_rest_on");
const WAITS: Test = folder("a_day_that_was_written_before_its_close_waits");

/// One place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "records that were written anew are taken for those taken before",
        file: "fupan-source/src/grown.rs",
        from: "before.is_some_and(|before| before.digest == digest(*known))",
        to: "before.is_some_and(|before| !before.digest.is_empty())",
        test: READ_ONCE,
    },
    Mutant {
        name: "what was taken is taken again",
        file: "fupan-source/src/grown.rs",
        from: "let start = known.unwrap_or(0);",
        to: "let start = known.unwrap_or(0).min(0);",
        test: READ_ONCE,
    },
    Mutant {
        name: "the terminal's events are not part of what was taken",
        file: "fupan-source/src/grown.rs",
        from: "events.iter().filter(|event| event.date <= last)",
        to: "events.iter().filter(|event| event.date < 0 && event.date <= last)",
        test: LATER_EVENTS,
    },
    Mutant {
        name: "what is said of rows that were taken before is said again",
        file: "fupan-source/src/format/ex_rights.rs",
        from: "if !wanted.contains(&row) {",
        to: "if wanted.is_empty() {",
        test: LATER_EVENTS,
    },
    Mutant {
        name: "a session that was still running is taken for a whole one",
        file: "fupan-source/src/grown.rs",
        from: "if seconds % DAY >= CLOSE {",
        to: "if seconds % DAY >= CLOSE - 7_200 {",
        test: WAITS,
    },
    Mutant {
        name: "the import of new records is known by the folder alone",
        file: "fupan-source/src/grown.rs",
        from: "payload.hasher.update(looked.digest_of_new.as_bytes());",
        to: "payload.hasher.update(&[]);",
        test: READ_ONCE,
    },
];
