//! What the derived tables depend on, other than the data.

use std::sync::LazyLock;

use fupan_fact::Basis;
use fupan_market::{Chain, Rulebook};
use fupan_measure::{WALK_VERSION, catalogue};
use fupan_table::Derived;

/// The program's version, and a digest of what else the derived tables depend on, other than the
/// data: the rules, the versions of the walk and of every measure, the built-in chains, the names of
/// the bases of figures, and the tables' schemas.
pub(crate) fn made_by(rulebook: &Rulebook) -> String {
    static CHAINS: LazyLock<blake3::Hash> =
        LazyLock::new(|| blake3::hash(format!("{:?}", Chain::builtin()).as_bytes()));
    let mut hash = blake3::Hasher::new();
    hash.update(rulebook.version().0.as_bytes());
    hash.update(&WALK_VERSION.to_le_bytes());
    hash.update(CHAINS.as_bytes());
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
