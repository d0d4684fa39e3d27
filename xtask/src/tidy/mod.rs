//! Checks the invariants of ARCHITECTURE.md that a program can check. Each message says how to fix
//! the breach.
//!
//! Most checks take texts and return breaches; this file reads the source files for them.

mod circles;
mod crates;
mod floats;
mod globals;
mod imports;
mod outside;
mod owed;
mod papers;
mod ratchet;
mod shape;
mod source;
pub(crate) mod trees;
mod type_names;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use self::crates::Flow;
use self::source::Source;

/// Runs all checks, prints every breach, and fails if there is one.
pub fn run() -> Result<()> {
    let root = root()?;
    let mut breaches = Vec::new();
    let mut sources = Vec::new();
    for path in files(&root, "rs")? {
        let text = std::fs::read_to_string(&path)?;
        match Source::read(&slashed(path.strip_prefix(&root)?), &text) {
            Ok(source) => sources.push(source),
            Err(breach) => breaches.push(breach),
        }
    }
    for source in &sources {
        breaches.extend(shape::breaches(source));
        breaches.extend(outside::breaches(source));
        breaches.extend(outside::network_breaches(source));
    }
    for path in files(&root, "ftl")? {
        let text = std::fs::read_to_string(&path)?;
        breaches.extend(shape::template_breaches(&slashed(path.strip_prefix(&root)?), &text));
    }
    breaches.extend(floats::breaches(&sources, &floats::DOORS));
    breaches.extend(globals::breaches(&sources, owed::GLOBALS));
    breaches.extend(circles::breaches(&sources, owed::CIRCLES));
    breaches.extend(type_names::breaches(&sources, owed::TYPE_NAMES));
    let architecture = std::fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    let packages = crates::packages(&root)?;
    breaches.extend(crates::breaches(&Flow::read(&architecture), &packages, &sources));
    breaches.extend(trees::check(&root)?);
    breaches.extend(papers::check(&root)?);
    for breach in &breaches {
        eprintln!("tidy: {breach}");
    }
    if !breaches.is_empty() {
        bail!("{} breaches", breaches.len());
    }
    println!("tidy: {} source files in order", sources.len());
    Ok(())
}

fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.parent().context("xtask lies in the workspace")?.to_owned())
}

/// A path with `/` as separator on every system.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The project's files with an ending, without `target` and hidden folders.
fn files(root: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
