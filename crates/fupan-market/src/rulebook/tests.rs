//! Dated vectors and the law of rounding.

use super::*;
use crate::StatusBasis;

#[test]
fn builtin_is_well_formed() {
    let version = Rulebook::builtin().version().0;
    assert!(version.starts_with("2026-11-21-"), "{version}");
    let _ = StatusBasis::None;
}
