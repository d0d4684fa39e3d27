//! Whole markets by the roads a reader takes: the simulated one, and real sessions read in place
//! from the folder `shared` beside the workspace (or `FUPAN_SHARED`), skipped, and said to be,
//! where it is not there. One program, because a program with the store in it takes 340 MB and
//! half a minute to link.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at a surprise, and says when it is skipped"
)]

use std::path::{Path, PathBuf};

mod agreed;
mod audit;
mod backfill;
mod checked;
mod coverage;
mod doubtful;
mod exchange;
mod fetched;
mod history;
mod instants;
mod midday;
mod misbehaving;
mod pushed;
mod real_sessions;
mod stub;
mod update;
mod watched;

/// The folder with real data, or `None` after saying that the test is skipped.
fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("FUPAN_SHARED").map_or(beside, PathBuf::from).join("data");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared is not there");
    None
}
