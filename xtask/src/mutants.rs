//! Mutation tests: each applies one known bug to the source, and its test must fail.

mod brief;
mod fetch;
mod grown;
mod list;
mod parts;
mod pushes;
mod sessions;
mod vendors;
mod watch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::tidy::trees::LIGHT;

/// Every mutant.
fn all() -> impl Iterator<Item = &'static Mutant> {
    let parts = [list::MUTANTS, sessions::MUTANTS, parts::MUTANTS, brief::MUTANTS];
    let outside =
        [fetch::MUTANTS, grown::MUTANTS, vendors::MUTANTS, pushes::MUTANTS, watch::MUTANTS];
    parts.into_iter().chain(outside).flatten()
}

/// A known bug, and the test that must catch it.
struct Mutant {
    /// What the bug is.
    name: &'static str,
    /// The file, relative to `crates`.
    file: &'static str,
    /// The text that is replaced; it must occur exactly once.
    from: &'static str,
    to: &'static str,
    test: Test,
}

/// A test by its package, its target (`--lib` or the name of a file in `tests`) and its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Test {
    package: &'static str,
    target: &'static str,
    path: &'static str,
}

/// The result of running a test.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// No such test, or the code does not compile.
    NotRun(String),
}

/// Applies the mutants whose names contain one of the words, or all, to a copy of the crates, and
/// checks that each one's test fails.
pub fn run(words: &[String]) -> Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.parent().context("xtask lies in the workspace")?;
    let chosen: Vec<&Mutant> = all()
        .filter(|mutant| words.is_empty() || words.iter().any(|word| mutant.name.contains(word)))
        .collect();
    ensure!(!chosen.is_empty(), "no mistake is named like that");
    let mut broken: Vec<String> =
        all().filter_map(|mutant| mutant.place(root).err()).map(|e| e.to_string()).collect();
    let copy = Copy::make(root)?;
    let tests: BTreeSet<Test> = chosen.iter().map(|mutant| mutant.test).collect();
    for test in tests {
        match copy.run(test)? {
            Outcome::Passed => {}
            other => broken.push(format!("{} without any mistake: {other:?}", test.path)),
        }
    }
    for mutant in &chosen {
        // Mutants that cannot be applied were reported above.
        let Ok((text, mistaken)) = mutant.place(root) else { continue };
        let path = copy.root.join("crates").join(mutant.file);
        std::fs::write(&path, mistaken)?;
        let outcome = copy.run(mutant.test);
        std::fs::write(&path, text)?;
        match outcome? {
            Outcome::Failed => println!("caught: {} ({})", mutant.name, mutant.test.path),
            Outcome::Passed => {
                println!("SURVIVED: {} ({})", mutant.name, mutant.test.path);
                broken.push(format!("{} is not seen by {}", mutant.name, mutant.test.path));
            }
            Outcome::NotRun(why) => broken.push(format!("{}: {why}", mutant.name)),
        }
    }
    for line in &broken {
        eprintln!("mutants: {line}");
    }
    ensure!(
        broken.is_empty(),
        "{} of {} mistakes are not as they should be",
        broken.len(),
        chosen.len()
    );
    println!("mutants: {} mistakes, each caught by its test", chosen.len());
    Ok(())
}

impl Mutant {
    /// The file's text, and the text with the bug applied.
    fn place(&self, root: &Path) -> Result<(String, String)> {
        let path = root.join("crates").join(self.file);
        let text = std::fs::read_to_string(&path).with_context(|| self.file)?;
        match text.matches(self.from).count() {
            1 => Ok((text.clone(), text.replacen(self.from, self.to, 1))),
            times => bail!(
                "{}: `{}` occurs {times} times in {}, not once; write down where the place is now",
                self.name,
                self.from,
                self.file
            ),
        }
    }
}

/// A workspace of the crates that build in seconds.
struct Copy {
    root: PathBuf,
    target: PathBuf,
}

impl Copy {
    /// The copy is always in the same folder, so that a second run compiles little.
    fn make(from: &Path) -> Result<Copy> {
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => from.join(folder),
            None => from.join("target"),
        };
        let root = target.join("mutants");
        for name in LIGHT {
            let folder = Path::new("crates").join(name);
            let kept = root.join(&folder);
            if kept.is_dir() {
                std::fs::remove_dir_all(&kept)?;
            }
            copy_folder(&from.join(&folder), &kept)?;
        }
        copy_folder(&from.join("spec"), &root.join("spec"))?;
        std::fs::copy(from.join("Cargo.lock"), root.join("Cargo.lock"))?;
        let manifest = std::fs::read_to_string(from.join("Cargo.toml"))?;
        std::fs::write(root.join("Cargo.toml"), shortened(&manifest))?;
        // What is built of the copy would pass for the crates themselves: cargo names both alike.
        let target = root.join("target");
        Ok(Copy { root, target })
    }

    fn run(&self, test: Test) -> Result<Outcome> {
        let mut command = Command::new("cargo");
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        // The tests are few and short, so most of the time goes into compiling them.
        command.env("CARGO_PROFILE_DEV_OPT_LEVEL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        command.args(["test", "--offline", "--package", test.package]);
        match test.target {
            "--lib" => command.arg("--lib"),
            name => command.args(["--test", name]),
        };
        let output = command.args(["--", "--exact", test.path]).output()?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(if output.status.success() && told.contains("1 passed; 0 failed") {
            Outcome::Passed
        } else if told.contains("0 passed; 1 failed") {
            Outcome::Failed
        } else if output.status.success() {
            Outcome::NotRun(format!("there is no test {}", test.path))
        } else {
            let told = String::from_utf8_lossy(&output.stderr);
            let error = told.lines().find(|line| line.starts_with("error")).unwrap_or("no error");
            Outcome::NotRun(format!("it does not compile: {error}"))
        })
    }
}

/// The manifest reduced to the copied crates as members.
fn shortened(manifest: &str) -> String {
    let other = ["members = ", "default-members = ", "exclude = "];
    let kept = manifest.lines().map(|line| match line {
        "[workspace]" => "[workspace]\nmembers = [\"crates/*\"]",
        line if other.iter().any(|start| line.starts_with(start)) => "",
        line => line,
    });
    kept.collect::<Vec<_>>().join("\n")
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a name")?);
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            std::fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Running the mutants takes minutes; this test checks at once that each can be applied.
    #[test]
    fn every_mistake_can_be_made_in_one_place() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
        let lost: Vec<String> =
            all().filter_map(|m| m.place(root).err()).map(|e| e.to_string()).collect();
        assert!(lost.is_empty(), "{lost:#?}");
        let names: BTreeSet<&str> = all().map(|mutant| mutant.name).collect();
        assert_eq!(names.len(), all().count());
    }
}
