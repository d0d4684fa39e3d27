//! Polars and DuckDB on the same data, pinned versions in an environment of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

const REQUIREMENTS: &str = include_str!("../peers/requirements.txt");

/// Shared by the scripts: finds the files of a store's table.
const STORE: &str = include_str!("../peers/store.py");

/// Another engine, and its script for the history benchmark.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its name.
    pub name: &'static str,
    script: &'static str,
}

/// The peers.
pub const PEERS: [Peer; 2] = [
    Peer { name: "Polars", script: include_str!("../peers/polars_history.py") },
    Peer { name: "DuckDB", script: include_str!("../peers/duckdb_history.py") },
];

/// The result of a peer's run.
#[derive(Clone, Debug)]
pub struct PeerRun {
    /// The version that ran.
    pub version: String,
    /// Seconds from the store's Parquet files to the finished table, without the interpreter's
    /// start and imports.
    pub seconds: f64,
    /// Peak resident memory of the whole process in KiB.
    pub peak_kib: u64,
    /// The path of its table of sessions.
    pub sessions: PathBuf,
}

/// A Python environment with the pinned peers.
#[derive(Clone, Debug)]
pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes the environment in a folder, or uses the one already there.
    ///
    /// # Errors
    /// If Python or its packages are not available.
    pub fn make(folder: &Path) -> Result<Environment> {
        let environment = Environment { folder: folder.to_owned() };
        let marker = folder.join("installed.txt");
        if std::fs::read_to_string(&marker).is_ok_and(|installed| installed == REQUIREMENTS) {
            return Ok(environment);
        }
        std::fs::create_dir_all(folder)?;
        let listed = folder.join("requirements.txt");
        std::fs::write(&listed, REQUIREMENTS)?;
        finished(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        let install = ["-m", "pip", "install", "--quiet", "--requirement"];
        finished(Command::new(environment.python()).args(install).arg(&listed))?;
        std::fs::write(&marker, REQUIREMENTS)?;
        Ok(environment)
    }

    fn python(&self) -> PathBuf {
        self.folder.join("venv").join("bin").join("python")
    }

    /// Runs a peer on a store.
    ///
    /// # Errors
    /// If it fails, with its output.
    pub fn run(&self, peer: Peer, store: &Path) -> Result<PeerRun> {
        let named = peer.name.to_lowercase();
        let script = self.folder.join(format!("{named}_history.py"));
        std::fs::write(&script, peer.script)?;
        let sessions = self.folder.join(format!("{named}.parquet"));
        let mut command = Command::new(self.python());
        std::fs::write(self.folder.join("store.py"), STORE)?;
        command.arg(&script).arg(store).arg(&sessions).arg(&self.folder);
        let told = finished(&mut command)?;
        let told: serde_json::Value = serde_json::from_str(&told).context("what a peer told")?;
        Ok(PeerRun {
            version: told["version"].as_str().context("version")?.to_owned(),
            seconds: told["seconds"].as_f64().context("seconds")?,
            peak_kib: told["peak_kib"].as_u64().context("peak_kib")?,
            sessions,
        })
    }
}

impl Environment {
    /// Runs another script with arguments; returns its output, parsed as JSON.
    ///
    /// # Errors
    /// If it fails, with its output.
    pub fn run_script(
        &self,
        file: &str,
        text: &str,
        arguments: &[&Path],
    ) -> Result<serde_json::Value> {
        let script = self.folder.join(file);
        std::fs::write(&script, text)?;
        let told = finished(Command::new(self.python()).arg(&script).args(arguments))?;
        serde_json::from_str(&told).with_context(|| format!("what {file} told"))
    }
}

/// Runs a command to its end; returns its output.
pub fn finished(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
