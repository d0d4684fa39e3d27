//! Benchmarks of the whole program: a release build, run as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs the benchmark named in the arguments.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((which, rest)) if matches!(which.as_str(), "history" | "update" | "watch") => {
            return of_program(which, rest);
        }
        Some((which, rest)) if which == "live" => return engines("live", rest),
        _ => {}
    }
    let option = |name: &str| {
        arguments.iter().position(|a| a == name).and_then(|i| arguments.get(i + 1)).cloned()
    };
    let binary = release_binary()?;
    match arguments.first().map(String::as_str) {
        Some("import") => {
            let data = option("--data").context("--data DIR: the folder with the yearly bars")?;
            let kept = tempfile::tempdir()?;
            let store = option("--store").map_or(kept.path().join("store"), PathBuf::from);
            import(&binary, Path::new(&data), &store)
        }
        Some("review") => {
            let store = option("--store").context("--store DIR: a store with the session")?;
            let date = option("--date").context("--date DATE: the session")?;
            let runs = option("--runs").map_or(Ok(10), |runs| runs.parse())?;
            review(&binary, Path::new(&store), &date, runs)
        }
        _ => bail!("which benchmark? history, update, watch, live, import or review"),
    }
}

/// Benchmarks the release build of the program: years of bars next to other engines, or updates.
fn of_program(which: &str, arguments: &[String]) -> Result<()> {
    let binary = release_binary()?.display().to_string();
    let arguments: Vec<String> =
        ["--fupan".to_owned(), binary].into_iter().chain(arguments.iter().cloned()).collect();
    engines(which, &arguments)
}

/// Runs a benchmark against other engines. They are in a crate of their own, which takes some
/// minutes to build.
fn engines(program: &str, arguments: &[String]) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["run", "--release", "--quiet", "-p", "fupan-bench", "--bin", program, "--"])
        .args(arguments);
    if program == "live" && std::env::var_os("RUSTFLAGS").is_none() {
        // The other engines choose their instructions for the processor at run time; this build
        // chooses them when it is compiled.
        cargo.env("RUSTFLAGS", "-C target-cpu=native");
    }
    if !cargo.status()?.success() {
        bail!("the benchmark failed");
    }
    Ok(())
}

fn release_binary() -> Result<PathBuf> {
    let status = Command::new("cargo").args(["build", "--release", "-p", "fupan-cli"]).status()?;
    if !status.success() {
        bail!("the release build failed");
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    Ok(target.join("release").join("fupan"))
}

fn import(binary: &Path, data: &Path, store: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(data)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|e| e == "parquet"));
    files.sort();
    let mut command = Command::new(binary);
    command.arg("--store").arg(store).args(["import", "--json", "daily-bars"]).args(&files);
    let run = timed(&mut command)?;
    let rows: u64 = run
        .output
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|told| told["rows_read"].as_u64())
        .sum();
    println!(
        "import: {rows} rows in {:.2} s, {:.2} M rows/s, peak memory {} MB",
        run.elapsed.as_secs_f64(),
        rows as f64 / run.elapsed.as_secs_f64() / 1e6,
        run.peak_kib / 1024
    );
    Ok(())
}

fn review(binary: &Path, store: &Path, date: &str, runs: u32) -> Result<()> {
    let page = tempfile::tempdir()?;
    let file = page.path().join("brief.html");
    let once = || {
        let mut command = Command::new(binary);
        command
            .arg("--store")
            .arg(store)
            .args(["review", date, "--lang", "zh", "--output"])
            .arg(&file);
        timed(&mut command)
    };
    let first = once()?;
    let mut times = Vec::new();
    let mut peak_kib = first.peak_kib;
    for _ in 0..runs {
        let run = once()?;
        peak_kib = peak_kib.max(run.peak_kib);
        times.push(run.elapsed.as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "review {date}: first {:.0} ms; then {runs} runs: median {:.0} ms, fastest {:.0} ms, \
         slowest {:.0} ms; peak memory {} MB",
        first.elapsed.as_secs_f64() * 1e3,
        times[times.len() / 2],
        times[0],
        times[times.len() - 1],
        peak_kib / 1024
    );
    Ok(())
}

struct Run {
    elapsed: Duration,
    peak_kib: u64,
    output: String,
}

/// Runs a command to its end and records its peak memory where the system reports it.
fn timed(command: &mut Command) -> Result<Run> {
    let started = Instant::now();
    let child = command.stdout(Stdio::piped()).spawn()?;
    let status_file = format!("/proc/{}/status", child.id());
    let watched = std::thread::spawn(move || {
        let mut peak_kib = 0;
        while let Ok(status) = std::fs::read_to_string(&status_file) {
            match peak(&status) {
                Some(kib) => peak_kib = kib,
                None if peak_kib > 0 => break,
                None => {}
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        peak_kib
    });
    let output = child.wait_with_output()?;
    let elapsed = started.elapsed();
    if !output.status.success() {
        bail!("{command:?} failed");
    }
    let peak_kib = watched.join().unwrap_or(0);
    Ok(Run { elapsed, peak_kib, output: String::from_utf8_lossy(&output.stdout).into_owned() })
}

/// `VmHWM`, the peak resident memory, in KiB.
fn peak(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
