//! What is owed: breaches of today, which may only become fewer. The checks say which line to
//! change when one is paid; a new one is mended and not put here.

/// Files that ask for the calendar or the rulebook of the process, and how often.
pub(super) const GLOBALS: &[(&str, usize)] = &[
    ("crates/fupan-brief/src/section/indices.rs", 1),
    ("crates/fupan-cli/src/command/doctor.rs", 1),
    ("crates/fupan-cli/src/command/facts.rs", 1),
    ("crates/fupan-market/src/day.rs", 1),
    ("crates/fupan-market/src/fold.rs", 1),
    ("crates/fupan-market/src/listing.rs", 1),
    ("crates/fupan-market/src/rulebook/load.rs", 1),
    ("crates/fupan-measure/src/evaluate/across/mod.rs", 2),
    ("crates/fupan-measure/src/evaluate/contribution.rs", 1),
    ("crates/fupan-measure/src/evaluate/sessions.rs", 2),
    ("crates/fupan-measure/src/total/segment.rs", 1),
    ("crates/fupan-source/src/row/chain.rs", 1),
    ("crates/fupan-source/src/row/check.rs", 2),
    ("crates/fupan-source/src/lib.rs", 2),
    ("crates/fupan-store/src/read/code_changes.rs", 1),
    ("crates/fupan-store/src/derived/mod.rs", 1),
    ("crates/fupan-store/src/report/gaps.rs", 2),
    ("crates/fupan-store/src/read/mod.rs", 2),
    ("crates/fupan-store/src/query/mod.rs", 1),
    ("crates/fupan-store/src/report/mod.rs", 1),
    ("crates/fupan-store/src/store.rs", 1),
    ("crates/fupan/src/kept/backfill.rs", 1),
    ("crates/fupan/src/kept/begun.rs", 1),
    ("crates/fupan/src/instant/mod.rs", 5),
    ("crates/fupan/src/data.rs", 2),
    ("crates/fupan/src/kept/facts.rs", 1),
    ("crates/fupan/src/kept/freshness.rs", 1),
    ("crates/fupan/src/kept/session.rs", 4),
    ("crates/fupan/src/sessions.rs", 5),
    ("crates/fupan/src/review.rs", 2),
    ("crates/fupan/src/audit/sql_session.rs", 2),
    ("crates/fupan/src/audit/mod.rs", 1),
];

/// Files that a circle of imports goes through.
pub(super) const CIRCLES: &[&str] = &[];

/// Names that several public types have, and how many.
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
