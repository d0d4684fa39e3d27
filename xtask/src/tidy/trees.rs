//! Checks what crates compile, as cargo reports it: light crates without the heavy dependencies and
//! without an HTTP client, and the command with the same features as the workspace.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::outside::is_client;

/// Crates that build and test without the heavy dependencies.
pub(crate) const LIGHT: [&str; 10] = [
    "fupan-market",
    "fupan-table",
    "fupan-fact",
    "fupan-measure",
    "fupan-source",
    "fupan-fetch",
    "fupan-brief",
    "fupan-check",
    "fupan-push",
    "fupan-sim",
];

/// Light crates that compile the heavy dependencies or an HTTP client, and packages that the README's two commands
/// would compile twice.
pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for name in LIGHT {
        let tree = tree(root, &["-p", name, "-e", "normal,build,dev"])?;
        breaches.extend(heavy(name, &tree));
        if name != "fupan-fetch" {
            breaches.extend(clients(name, &tree));
        }
    }
    let features = ["-f", "{p}|{f}", "-e"];
    let workspace = tree(root, &[&features[..], &["normal,build,dev", "--workspace"]].concat())?;
    let command = tree(root, &[&features[..], &["normal,build", "-p", "fupan-cli"]].concat())?;
    breaches.extend(built_twice(&workspace, &command));
    Ok(breaches)
}

fn tree(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("cargo")
        .args(["tree", "--offline", "--prefix", "none"])
        .args(arguments)
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        let (arguments, said) = (arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        bail!("cargo tree {arguments}: {said}");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn packages(tree: &str) -> BTreeSet<&str> {
    tree.lines().map(|line| line.trim_end_matches(" (*)")).collect()
}

fn heavy(name: &str, tree: &str) -> Vec<String> {
    let tree = packages(tree);
    let heavy = tree.iter().filter(|p| p.starts_with("datafusion") || p.starts_with("delta"));
    heavy.map(|line| format!("{name} compiles {line}: only the store does")).collect()
}

/// The HTTP clients and their like that a crate compiles.
fn clients(name: &str, tree: &str) -> Vec<String> {
    let is_client = |package: &&&str| is_client(package.split(' ').next().unwrap_or_default());
    let tree = packages(tree);
    let clients = tree.iter().filter(is_client);
    clients
        .map(|line| format!("{name} compiles {line}: only fupan-fetch opens connections"))
        .collect()
}

/// Packages of the command that have other features in the workspace: after `cargo test
/// --workspace`, `cargo run` would compile them and everything that depends on them again.
fn built_twice(workspace: &str, command: &str) -> Vec<String> {
    let workspace = packages(workspace);
    let other = packages(command).into_iter().filter(|package| !workspace.contains(package));
    other
        .map(|package| {
            let (package, features) = package.split_once('|').unwrap_or((package, ""));
            format!(
                "{package} has the features `{features}` in fupan-cli and others in the workspace, \
                 so that `cargo run` compiles anew what `cargo test --workspace` compiled: give the \
                 member that asks for more the same features"
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavy_stack_is_seen() {
        let tree = "fupan-fact v0.1.0\ndatafusion v55.0.0\ndatafusion v55.0.0 (*)\narrow v59.3.2\n";
        assert_eq!(heavy("a", tree), ["a compiles datafusion v55.0.0: only the store does"]);
    }

    #[test]
    fn an_http_client_is_seen() {
        let tree = "fupan-source v0.1.0\nureq v3.5.2\nureq-proto v0.7.1 (*)\nurl v2.5.8\n\
                    native-tls v0.2.14\nhttp v1.5.0\n";
        let told = clients("a", tree);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[2].starts_with("a compiles ureq-proto v0.7.1: only fupan-fetch"), "{told:?}");
    }

    #[test]
    fn features_that_only_the_workspace_asks_for_are_a_breach() {
        let workspace = "num v1.0.0|default,std\nserde v1.0.0|std\nproptest v1.0.0|std\n";
        assert!(built_twice(workspace, "serde v1.0.0|std (*)\n").is_empty());
        let breaches = built_twice(workspace, "num v1.0.0|std\nserde v1.0.0|std\n");
        assert_eq!(breaches.len(), 1);
        assert!(breaches[0].starts_with("num v1.0.0 has the features `std`"), "{breaches:?}");
    }
}
