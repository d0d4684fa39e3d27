//! `fupan-store.json`, which marks a folder as a store and states its format.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use fupan_market::Wording;
use serde::{Deserialize, Serialize};

use crate::StoreError;

/// The format this version writes, and the newest it reads.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Marker {
    format: u32,
    /// The first fupan version that reads the format.
    needs_fupan: String,
}

/// Checks that a folder is a store that this version reads.
pub(crate) fn check(dir: &Path) -> Result<(), StoreError> {
    let path = path(dir);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::NotAStore(dir.to_path_buf()));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            return Err(StoreError::NotAStore(dir.to_path_buf()));
        }
        Err(error) => return Err(StoreError::io(&path, error)),
    };
    let marker: Marker = serde_json::from_slice(&text)
        .map_err(|error| StoreError::Damaged { path, detail: no_marker(&error) })?;
    if marker.format > FORMAT {
        return Err(StoreError::NewerStore {
            dir: dir.to_path_buf(),
            found: marker.format,
            readable: FORMAT,
            needs: marker.needs_fupan,
        });
    }
    Ok(())
}

fn no_marker(error: &serde_json::Error) -> Wording {
    Wording::of_library("JSON库", error)
}

/// Makes a folder a store, unless it is one already.
pub(crate) fn create(dir: &Path) -> Result<(), StoreError> {
    match check(dir) {
        Err(StoreError::NotAStore(_)) => {}
        other => return other,
    }
    fs::create_dir_all(dir).map_err(|error| StoreError::io(dir, error))?;
    let marker = Marker { format: FORMAT, needs_fupan: env!("CARGO_PKG_VERSION").to_owned() };
    let text = serde_json::to_string_pretty(&marker)
        .map_err(|error| StoreError::Damaged { path: path(dir), detail: no_marker(&error) })?;
    write_whole(&path(dir), text.as_bytes())
}

/// Writes a file atomically: it exists in full, or not.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let temporary = path.with_extension(format!("json.{}.tmp", std::process::id()));
    let written = (|| {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    written.map_err(|error| {
        // The write has already failed; the temporary file is only litter.
        let _ = fs::remove_file(&temporary);
        StoreError::io(path, error)
    })
}

fn path(dir: &Path) -> PathBuf {
    dir.join("fupan-store.json")
}
