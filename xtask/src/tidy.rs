//! The invariants of ARCHITECTURE.md that a program can check, each with a message that teaches.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

const LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

/// What each crate may depend on of ours. Data flows one way.
const MAY_DEPEND_ON: [(&str, &[&str]); 13] = [
    ("fupan-market", &[]),
    ("fupan-table", &["fupan-market"]),
    ("fupan-fact", &["fupan-market"]),
    ("fupan-source", &["fupan-market", "fupan-table"]),
    ("fupan-store", &["fupan-market", "fupan-table"]),
    ("fupan-measure", &["fupan-market", "fupan-fact"]),
    ("fupan-brief", &["fupan-market", "fupan-fact"]),
    ("fupan-sim", &["fupan-market", "fupan-table"]),
    (
        "fupan",
        &[
            "fupan-market",
            "fupan-table",
            "fupan-fact",
            "fupan-source",
            "fupan-store",
            "fupan-measure",
            "fupan-brief",
            "fupan-sim",
        ],
    ),
    ("fupan-cli", &["fupan"]),
    ("fupan-bench", &["fupan-market", "fupan-measure", "fupan-sim", "fupan-table"]),
    ("fupan-fuzz", &["fupan-market", "fupan-table", "fupan-fact", "fupan-source", "fupan-brief"]),
    ("xtask", &[]),
];

/// Crates that build and test without the heavy stack.
const LIGHT: [&str; 4] = ["fupan-market", "fupan-fact", "fupan-measure", "fupan-brief"];

/// Checks everything, prints every breach, and fails if there is one.
pub fn run() -> Result<()> {
    let root = root()?;
    let mut breaches = Vec::new();
    let sources = files(&root, "rs")?;
    for path in sources.iter().filter(|path| !path.ends_with("xtask/src/tidy.rs")) {
        let text = std::fs::read_to_string(path)?;
        check_source(path.strip_prefix(&root)?, &text, &mut breaches);
    }
    for path in files(&root, "ftl")? {
        check_template(path.strip_prefix(&root)?, &std::fs::read_to_string(&path)?, &mut breaches);
    }
    check_dependencies(&root, &mut breaches)?;
    check_light_trees(&root, &mut breaches)?;
    check_papers(&root, &mut breaches)?;
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

/// Files of the project with an ending, `target` and hidden folders left out.
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

fn check_source(path: &Path, text: &str, breaches: &mut Vec<String>) {
    let at = |line: usize| format!("{}:{}", path.display(), line + 1);
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() > LINES_MAX {
        breaches.push(format!(
            "{}: {} lines; a file is one sitting long, at most {LINES_MAX}: split it by what it \
             speaks of",
            path.display(),
            lines.len()
        ));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    if ["util", "utils", "helper", "helpers", "common", "misc", "manager"].contains(&&*name) {
        breaches.push(format!("{}: a file is named by what it speaks of", path.display()));
    }
    let pure = ["fupan-market", "fupan-measure", "fupan-fact", "fupan-brief", "fupan-sim"]
        .iter()
        .any(|pure| path.starts_with(format!("crates/{pure}/src")));
    let tests_from = if is_test_file(path) {
        0
    } else {
        lines.iter().position(|line| *line == "#[cfg(test)]").unwrap_or(lines.len())
    };
    for (number, line) in lines.iter().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        if code.contains("#[ignore") {
            breaches
                .push(format!("{}: an ignored test proves nothing; delete or mend it", at(number)));
        }
        if code.contains("#[allow(") || code.contains("#![allow(") {
            breaches.push(format!(
                "{}: write #[expect(…, reason = \"…\")], which tells when it is no longer needed",
                at(number)
            ));
        }
        for door in
            ["std::fs", "std::net", "std::process", "SystemTime", "Instant::now", "std::env"]
        {
            if pure && number < tests_from && code.contains(door) {
                breaches.push(format!(
                    "{}: {door} here; clock, network and files enter through the command and the \
                     store only",
                    at(number)
                ));
            }
        }
    }
    check_function_lengths(path, &lines, breaches);
}

/// Tests may read real data in place; what ships may not.
fn is_test_file(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    name == "tests" || name.starts_with("test_")
}

/// Functions as rustfmt lays them out: from the `fn` line to the brace in the same column.
fn check_function_lengths(path: &Path, lines: &[&str], breaches: &mut Vec<String>) {
    for (start, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim_start();
        let is_function =
            ["fn ", "pub fn ", "pub(crate) fn ", "async fn ", "const fn ", "pub const fn "]
                .iter()
                .any(|start| words.starts_with(start));
        if !is_function {
            continue;
        }
        let closing = format!("{}}}", " ".repeat(indent));
        let end = lines[start..].iter().position(|line| *line == closing).unwrap_or(0);
        if end + 1 > FUNCTION_LINES_MAX {
            breaches.push(format!(
                "{}:{}: a function of {} lines; a function fits a screen, at most \
                 {FUNCTION_LINES_MAX}",
                path.display(),
                start + 1,
                end + 1
            ));
        }
    }
}

/// No digit may stand in a template: every number of a brief is a fact.
fn check_template(path: &Path, text: &str, breaches: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate() {
        let told = line.split_once('=').map_or(line, |(_, told)| told);
        if !line.trim_start().starts_with('#') && told.contains(|c: char| c.is_ascii_digit()) {
            breaches.push(format!(
                "{}:{}: a digit in a template; every number of a brief is a fact",
                path.display(),
                number + 1
            ));
        }
    }
}

fn check_dependencies(root: &Path, breaches: &mut Vec<String>) -> Result<()> {
    let allowed: BTreeMap<&str, &[&str]> = MAY_DEPEND_ON.into_iter().collect();
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(may) = allowed.get(name) else {
            breaches.push(format!("{name}: a crate that ARCHITECTURE.md does not know"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            if on.starts_with("fupan") && !may.contains(&on) && dependency["kind"].is_null() {
                breaches.push(format!("{name} depends on {on}: data flows one way"));
            }
        }
    }
    Ok(())
}

fn check_light_trees(root: &Path, breaches: &mut Vec<String>) -> Result<()> {
    for name in LIGHT {
        let output = Command::new("cargo")
            .args(["tree", "--offline", "--prefix", "none", "-p", name])
            .current_dir(root)
            .output()?;
        if !output.status.success() {
            bail!("cargo tree -p {name}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let tree = String::from_utf8_lossy(&output.stdout);
        for line in tree.lines() {
            if line.starts_with("datafusion") || line.starts_with("delta") {
                breaches.push(format!("{name} compiles {line}: only the store does"));
            }
        }
    }
    Ok(())
}

/// The papers that a newcomer and a lawyer look for, and papers for every folder of fixtures.
fn check_papers(root: &Path, breaches: &mut Vec<String>) -> Result<()> {
    for paper in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ] {
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
    Ok(())
}
