//! Checks crates' dependencies against the table of ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::outside::is_client;
use super::source::Source;

/// Which of our crates each crate may depend on, by the table of ARCHITECTURE.md.
pub(super) struct Flow {
    may: BTreeMap<String, BTreeSet<String>>,
}

impl Flow {
    /// Reads the table's rows. The first cell is a crate; the last lists its dependencies: short
    /// names, `all above`, or a dash.
    pub fn read(architecture: &str) -> Flow {
        let mut may: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in architecture.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            let [name, _, on] = *cells else { continue };
            let on = match on {
                "all above" => may.keys().cloned().collect(),
                "–" => BTreeSet::new(),
                named => named.split(", ").map(full_name).collect(),
            };
            may.insert(name.trim_matches('`').to_owned(), on);
        }
        Flow { may }
    }

    /// The breach in one crate's use of another, if there is one.
    fn breach(&self, name: &str, on: &str) -> Option<String> {
        let may = self.may.get(name)?;
        if name == on || may.contains(on) || !self.may.contains_key(on) {
            return None;
        }
        let may: Vec<&str> = may.iter().map(String::as_str).collect();
        let may = if may.is_empty() { "nothing of ours".to_owned() } else { may.join(", ") };
        Some(format!(
            "{name} depends on {on}: data flows one way, and by ARCHITECTURE.md {name} depends on \
             {may}"
        ))
    }
}

fn full_name(short: &str) -> String {
    if short == "fupan" { short.to_owned() } else { format!("fupan-{short}") }
}

/// A crate, as `cargo metadata` reports it.
pub(super) struct Package {
    pub name: String,
    /// Relative to the root of the workspace.
    pub folder: String,
    /// Without those of tests, examples and build scripts.
    pub dependencies: Vec<String>,
}

/// The crates of the workspace.
pub(super) fn packages(root: &Path) -> Result<Vec<Package>> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut packages = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let manifest = text(&package["manifest_path"]);
        let folder =
            Path::new(&manifest).parent().and_then(|folder| folder.strip_prefix(root).ok());
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        packages.push(Package {
            name: text(&package["name"]),
            folder: folder.map(super::slashed).unwrap_or_default(),
            dependencies: dependencies
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| text(&dependency["name"]))
                .collect(),
        });
    }
    Ok(packages)
}

/// Dependencies that the table does not allow, in manifests and in the code. Tests may use any
/// crate.
pub(super) fn breaches(flow: &Flow, packages: &[Package], sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for package in packages {
        let name = &package.name;
        if !flow.may.contains_key(name) {
            breaches
                .push(format!("{name}: a crate that the table of ARCHITECTURE.md does not have"));
        }
        for on in &package.dependencies {
            breaches.extend(flow.breach(name, on));
            if is_client(on) && name != "fupan-fetch" {
                breaches
                    .push(format!("{name} depends on {on}: only fupan-fetch opens connections"));
            }
        }
        let of_crate = |source: &&Source| {
            source.is_shipped() && source.within_crate().is_some_and(|(f, _)| f == package.folder)
        };
        for source in sources.iter().filter(of_crate) {
            breaches.extend(named(flow, name, source));
        }
    }
    breaches
}

/// Crates that a file names and the table does not allow, each once.
fn named(flow: &Flow, name: &str, source: &Source) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut breaches = Vec::new();
    for path in source.paths.iter().filter(|path| !path.place.is_test && path.segments.len() > 1) {
        let on = path.segments[0].replace('_', "-");
        if let Some(breach) = flow.breach(name, &on)
            && seen.insert(on)
        {
            breaches.push(format!("{}: {breach}", source.at(path.place.line)));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
| crate | what lives there | depends on |
|---|---|---|
| `fupan-market` | symbols | – |
| `fupan-fact` | `Fact` | market |
| `fupan` | the review | all above |
| `fupan-cli` | the command | fupan |
";

    fn package(name: &str, on: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            folder: format!("crates/{name}"),
            dependencies: on.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    fn of(package: Package, text: &str) -> Vec<String> {
        let file = format!("crates/{}/src/a.rs", package.name);
        let sources = [Source::read(&file, text).unwrap()];
        breaches(&Flow::read(TABLE), &[package], &sources)
    }

    #[test]
    fn an_arrow_of_a_manifest_against_the_table_is_seen() {
        let told = of(package("fupan-market", &["fupan-fact"]), "");
        assert!(told[0].starts_with("fupan-market depends on fupan-fact: data flows one way"));
        assert!(told[0].ends_with("fupan-market depends on nothing of ours"), "{told:?}");
        assert_eq!(of(package("fupan-cli", &["fupan-market"]), "").len(), 1);
        let allowed = [
            package("fupan-fact", &["fupan-market", "jiff"]),
            package("fupan", &["fupan-market", "fupan-fact"]),
            package("fupan-cli", &["fupan"]),
        ];
        for package in allowed {
            assert_eq!(of(package, ""), [""; 0]);
        }
    }

    #[test]
    fn an_arrow_of_a_source_against_the_table_is_seen() {
        let told = of(package("fupan-market", &[]), "\nfn a() -> fupan_fact::Value { b() }\n");
        assert!(told[0].starts_with("crates/fupan-market/src/a.rs:2: fupan-market depends on "));
        let near = "use fupan_market::Symbol;\n/// [`fupan::Review`]\nfn a() { fupan::own() }\n\
                    #[cfg(test)]\nmod tests { use fupan_fact::Value; }";
        assert_eq!(of(package("fupan", &[]), near), [""; 0]);
        let for_tests = "#[cfg(test)]\nmod tests { use fupan_fact::Value; }";
        assert_eq!(of(package("fupan-market", &[]), for_tests), [""; 0]);
    }

    #[test]
    fn a_client_in_a_manifest_is_seen() {
        let told = of(package("fupan-cli", &["fupan", "native-tls"]), "");
        assert_eq!(told, ["fupan-cli depends on native-tls: only fupan-fetch opens connections"]);
        let table = "| `fupan-fetch` | requests | – |";
        let fetch = [package("fupan-fetch", &["ureq", "rustls"])];
        assert_eq!(breaches(&Flow::read(table), &fetch, &[]), [""; 0]);
    }

    #[test]
    fn a_crate_without_a_row_is_seen() {
        assert!(of(package("fupan-server", &[]), "")[0].contains("does not have"));
    }
}
