//! What the derived tables depend on beside the data.

use fupan_fact::Basis;
use fupan_market::Rulebook;
use fupan_measure::{WALK_VERSION, catalogue};
use fupan_table::Derived;

/// What the derived tables depend on beside the data: the rules, every measure's version, and the
/// words that say how exact a figure is.
pub(crate) fn made_by() -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(Rulebook::builtin().version().0.as_bytes());
    hash.update(&WALK_VERSION.to_le_bytes());
    for measure in catalogue() {
        hash.update(measure.id.as_bytes()).update(&measure.version.to_le_bytes());
    }
    for basis in Basis::ALL {
        hash.update(basis.id().as_bytes());
    }
    for table in Derived::ALL {
        hash.update(format!("{:?}", table.schema()).as_bytes());
    }
    format!("fupan {} {}", env!("CARGO_PKG_VERSION"), &hash.finalize().to_hex()[..16])
}
