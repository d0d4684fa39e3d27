//! Fuzzing: runs the targets one after another.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// Seconds for each target by default.
const SECONDS: &str = "60";

/// Memory limit of a run, in MiB, and time limit for one input, in seconds.
const MEMORY_MIB: u32 = 2_048;
const INPUT_SECONDS: u32 = 20;

/// Takes `[--seconds N] [TARGET …]`; without targets, runs all.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut seconds = SECONDS;
    let mut named = Vec::new();
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--seconds" => seconds = words.next().context("--seconds wants a number")?,
            target => named.push(target.to_owned()),
        }
    }
    ensure!(seconds.parse::<u32>().is_ok(), "--seconds wants a whole number, not `{seconds}`");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.parent().context("xtask lies in the workspace")?.join("fuzz");
    let targets = targets(&folder)?;
    if let Some(unknown) = named.iter().find(|name| !targets.contains(name)) {
        bail!("there is no target `{unknown}`; there are {}", targets.join(", "));
    }
    let there = Command::new("cargo").env_remove("CARGO").args(["fuzz", "--version"]).output()?;
    ensure!(there.status.success(), "`cargo fuzz` is not there; `cargo install cargo-fuzz`");
    let chosen = if named.is_empty() { &targets } else { &named };
    let mut failed = Vec::new();
    for target in chosen {
        println!("== {target} ({seconds} s)");
        if !fuzz(&folder, target, seconds)? {
            failed.push(target.as_str());
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("{} failed: the inputs are in fuzz/artifacts", failed.join(", "));
}

fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder.join("fuzz_targets"))? {
        let path = entry?.path();
        let stem = path.file_stem().context("a target has a name")?;
        found.push(stem.to_string_lossy().into_owned());
    }
    found.sort();
    Ok(found)
}

/// Runs one target and returns whether it passed. New inputs go to `fuzz/found`, which is not under
/// version control.
fn fuzz(folder: &Path, target: &str, seconds: &str) -> Result<bool> {
    let found = folder.join("found").join(target);
    std::fs::create_dir_all(&found)?;
    let mut command = Command::new("cargo");
    command.current_dir(folder).env_remove("CARGO");
    command.args(["fuzz", "run", "--fuzz-dir", ".", "--sanitizer", "none", target]);
    command.arg(&found).arg(folder.join("corpus").join(target)).arg("--");
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-rss_limit_mb={MEMORY_MIB}"));
    command.arg(format!("-timeout={INPUT_SECONDS}"));
    let dictionary = folder.join("dict").join(format!("{target}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    let status = command.status().context("run `cargo install cargo-fuzz` first")?;
    Ok(status.success())
}
