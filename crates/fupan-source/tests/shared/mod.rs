//! Real market data, where it is there.

use std::path::{Path, PathBuf};

/// The path of some of it; says that a test is skipped where it is missing.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("FUPAN_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("data").join(name);
    if !path.exists() {
        println!("skipped: ../shared is not there");
        return None;
    }
    Some(path)
}
