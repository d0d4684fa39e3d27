//! The documents that a project must have, and a README for every folder of fixtures.

use std::path::Path;

use anyhow::Result;

const PAPERS: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// Missing documents, and commands missing from the README.
pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for paper in PAPERS {
        if !root.join(paper).is_file() {
            breaches.push(format!("{paper} is missing"));
        }
    }
    for entry in std::fs::read_dir(root.join("crates"))? {
        let fixtures = entry?.path().join("fixtures");
        if fixtures.is_dir() && !fixtures.join("README.md").is_file() {
            breaches.push(format!("{}: fixtures without papers", fixtures.display()));
        }
    }
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap_or_default();
    for command in ["cargo run -- review --sample", "cargo test --workspace"] {
        if !readme.contains(command) {
            breaches.push(format!("README.md does not show `{command}`"));
        }
    }
    Ok(breaches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_that_is_missing_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("crates/a/fixtures")).unwrap();
        let shown = "cargo run -- review --sample, cargo test --workspace";
        for paper in PAPERS.iter().filter(|paper| **paper != "CHANGELOG.md") {
            std::fs::write(root.join(paper), shown).unwrap();
        }
        let told = check(root).unwrap();
        assert_eq!(told[0], "CHANGELOG.md is missing");
        assert!(told[1].ends_with("fixtures without papers"), "{told:?}");
        std::fs::write(root.join("CHANGELOG.md"), "").unwrap();
        std::fs::write(root.join("crates/a/fixtures/README.md"), "").unwrap();
        assert_eq!(check(root).unwrap(), [""; 0]);
        std::fs::write(root.join("README.md"), "").unwrap();
        assert_eq!(check(root).unwrap().len(), 2);
    }
}
