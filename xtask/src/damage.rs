//! `cargo xtask damage`: the test of damaged files over many seeds.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs the test with as many seeds as given, or 10,000.
pub fn run(arguments: &[String]) -> Result<()> {
    let seeds: u64 = match arguments {
        [] => 10_000,
        [flag, seeds] if flag == "--seeds" => {
            seeds.parse().context("--seeds takes a whole number")?
        }
        _ => bail!("cargo xtask damage [--seeds N]"),
    };
    let status = Command::new("cargo")
        .args(["test", "-p", "fupan-sim", "--test", "damage", "--", "--nocapture"])
        .env("FUPAN_DAMAGE_SEEDS", seeds.to_string())
        .status()
        .context("cargo cannot be run")?;
    if !status.success() {
        bail!("the law of damage does not hold");
    }
    Ok(())
}
