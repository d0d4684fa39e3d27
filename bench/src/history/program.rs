//! The program, run as its users run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use super::generate::RecipeFiles;

/// The derived tables, and the file that vouches for them.
const DERIVED: [&str; 5] = [
    "tables/fact",
    "tables/security_day",
    "tables/away",
    "tables/session_turnover",
    "fupan-derived.json",
];

/// The program and the store that it works on.
#[derive(Clone, Debug)]
pub struct Program {
    /// The binary.
    pub binary: PathBuf,
    /// The store's folder.
    pub store: PathBuf,
}

/// Time and memory of a run.
#[derive(Clone, Debug, Default)]
pub struct Took {
    /// From the process's start to its end.
    pub seconds: f64,
    /// Peak resident memory in KiB, if the system reports it.
    pub peak_kib: u64,
}

impl Took {
    /// Adds a later run.
    pub fn add(&mut self, later: &Took) {
        self.seconds += later.seconds;
        self.peak_kib = self.peak_kib.max(later.peak_kib);
    }
}

impl Program {
    /// Runs a command of the program.
    ///
    /// # Errors
    /// If it fails, with its output.
    pub fn run(&self, arguments: &[&str]) -> Result<Took> {
        Ok(self.output(arguments)?.0)
    }

    /// Imports files by their recipe. No row may be left out.
    ///
    /// # Errors
    /// As for [`Program::run`], and if rows are left out.
    pub fn import(&self, delivery: &RecipeFiles) -> Result<Took> {
        let paths: Vec<String> = std::iter::once(&delivery.recipe)
            .chain(&delivery.files)
            .map(|path| path.display().to_string())
            .collect();
        let arguments: Vec<&str> =
            ["import", "--json"].into_iter().chain(paths.iter().map(String::as_str)).collect();
        let (took, output) = self.output(&arguments)?;
        for line in output.lines() {
            let imported: serde_json::Value = serde_json::from_str(line)?;
            ensure!(imported["rows_left_out"] == 0, "rows were left out: {line}");
        }
        Ok(took)
    }

    /// Imports files by their recipe; returns how many daily bars the store then has.
    ///
    /// # Errors
    /// As for [`Program::run`].
    pub fn rows(&self, delivery: &RecipeFiles) -> Result<usize> {
        self.import(delivery)?;
        let (_, output) = self.output(&["sql", "SELECT count(*) AS rows FROM daily_bar"])?;
        let digits: String = output.chars().filter(char::is_ascii_digit).collect();
        Ok(digits.parse()?)
    }

    /// Writes measures of all A-shares of every session to a Parquet file.
    ///
    /// # Errors
    /// As for [`Program::run`].
    pub fn facts(&self, measures: &[&str], file: &Path) -> Result<Took> {
        let file = file.display().to_string();
        let mut arguments = vec!["facts", "--from", "1990-12-19", "--scope", "all-a"];
        arguments.extend(["--format", "parquet", "--output", &file]);
        for measure in measures {
            arguments.extend(["--measure", measure]);
        }
        self.run(&arguments)
    }

    /// The fastest of several runs.
    ///
    /// # Errors
    /// If one fails.
    pub fn fastest(&self, runs: u32, once: &dyn Fn(&Program) -> Result<Took>) -> Result<Took> {
        let mut fastest = once(self)?;
        for _ in 1..runs {
            let took = once(self)?;
            if took.seconds < fastest.seconds {
                fastest = took;
            }
        }
        Ok(fastest)
    }

    fn output(&self, arguments: &[&str]) -> Result<(Took, String)> {
        let mut command = Command::new(&self.binary);
        command.arg("--store").arg(&self.store).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = Instant::now();
        let child = command.spawn()?;
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let watched = std::thread::spawn(move || peak_kib(&status));
        let output = child.wait_with_output()?;
        let seconds = started.elapsed().as_secs_f64();
        if !output.status.success() {
            bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        let peak_kib = watched.join().unwrap_or_default();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok((Took { seconds, peak_kib }, text))
    }
}

/// Watches a process to its end; returns its peak resident memory in KiB.
fn peak_kib(status: &Path) -> u64 {
    let mut peak = 0;
    while let Ok(text) = std::fs::read_to_string(status) {
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        match line.and_then(|line| line.split_whitespace().next()?.parse().ok()) {
            Some(kib) => peak = kib,
            None if peak > 0 => break,
            None => {}
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

/// Removes the figures from a store, as if no backfill had been run.
///
/// # Errors
/// If a file cannot be removed.
pub fn forget_figures(store: &Path) -> Result<()> {
    for name in DERIVED {
        let path = store.join(name);
        if path.is_dir() {
            std::fs::remove_dir_all(path)?;
        } else if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Links a store's files into another folder, without the figures.
///
/// # Errors
/// If a file can be neither linked nor copied.
pub fn link_without_figures(store: &Path, into: &Path) -> Result<()> {
    link(store, into, Path::new(""))
}

fn link(store: &Path, into: &Path, inside: &Path) -> Result<()> {
    std::fs::create_dir_all(into.join(inside))?;
    for entry in std::fs::read_dir(store.join(inside))? {
        let entry = entry?;
        let inside = inside.join(entry.file_name());
        if DERIVED.iter().any(|derived| inside == Path::new(derived)) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            link(store, into, &inside)?;
        } else {
            // Parquet files never change; files that may change are copied.
            let is_parquet = inside.extension().is_some_and(|extension| extension == "parquet");
            let to = into.join(&inside);
            if !is_parquet || std::fs::hard_link(entry.path(), &to).is_err() {
                std::fs::copy(entry.path(), &to)?;
            }
        }
    }
    Ok(())
}

/// The load averages of the machine; empty if not available.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}
