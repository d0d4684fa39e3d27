//! Helpers for this crate's tests.

use std::path::PathBuf;

/// A file of the shared test data, found through `FUPAN_SHARED` or next to the workspace. Prints a
/// note and returns `None` if it is not there.
pub(crate) fn shared(file: &str) -> Option<PathBuf> {
    let root = std::env::var_os("FUPAN_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: ../shared is not there");
    None
}
