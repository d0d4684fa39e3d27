//! Known breaches, which may only become fewer. When one is fixed, the checks say which line to
//! change. A new breach is fixed and not added here.

/// Files that read the process's calendar or rulebook, and how often.
pub(super) const GLOBALS: &[(&str, usize)] = &[
    // Where the built-in rules come in.
    ("crates/fupan/src/data.rs", 1),
    ("crates/fupan-market/src/rulebook/load.rs", 1),
    ("crates/fupan-source/src/lib.rs", 2),
    ("crates/fupan-store/src/store.rs", 1),
];

/// Files in a circle of imports.
pub(super) const CIRCLES: &[&str] = &[];

/// Names that several public types share, and how many.
pub(super) const TYPE_NAMES: &[(&str, usize)] = &[
    ("Audit", 2),
    ("Band", 2),
    ("Basis", 2),
    ("Calendar", 2),
    ("Delivery", 2),
    ("Difference", 2),
    ("Expected", 2),
    ("Figure", 2),
    ("History", 2),
    ("Import", 2),
    ("Mark", 2),
    ("Market", 2),
    ("Period", 2),
    ("Plan", 2),
    ("Replay", 3),
    ("Rows", 3),
    ("Sql", 2),
    ("Table", 2),
    ("Twin", 2),
];
