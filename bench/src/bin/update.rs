//! The update benchmark's command.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use fupan_bench::history::generate::write_terminal;
use fupan_bench::history::{Program, Took};
use fupan_market::SessionDate;
use fupan_sim::{MarketPlan, SimulatedMarket};

#[derive(Parser)]
#[command(about = "A TDX terminal's folder of years, and a day later")]
struct Arguments {
    /// The program, in a release build
    #[arg(long)]
    fupan: PathBuf,
    /// A-shares to generate
    #[arg(long, default_value_t = 5500)]
    securities: u32,
    /// Sessions to generate; 15 years by default
    #[arg(long, default_value_t = 3650)]
    sessions: u32,
    /// The last session to generate
    #[arg(long, default_value = "2025-12-31")]
    until: SessionDate,
    /// The seed of what is generated
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for the terminal and the store, which must not exist [default: a temporary one]
    #[arg(long)]
    scratch: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let plan = MarketPlan {
        seed: arguments.seed,
        securities: arguments.securities,
        sessions: arguments.sessions,
        last_session: arguments.until,
        ..MarketPlan::default()
    };
    let temporary = tempfile::tempdir()?;
    let scratch = arguments.scratch.unwrap_or_else(|| temporary.path().join("update"));
    let (terminal, store) = (scratch.join("terminal"), scratch.join("store"));
    let market = SimulatedMarket::generate(&plan);
    let [.., before, last] = market.sessions() else {
        anyhow::bail!("an update needs two sessions");
    };
    let program = Program { binary: arguments.fupan, store };
    let folder = terminal.to_str().context("the folder's name is no text")?;
    let update = |what: &str| -> Result<()> {
        let Took { seconds, peak_kib } = program.run(&["update", "--tdx", folder])?;
        let memory = peak_kib / 1024;
        Ok(writeln!(std::io::stdout(), "{what}: {seconds:.1} s, {memory} MB")?)
    };
    write_terminal(&market, &terminal, *before)?;
    update(&format!("{} sessions", market.sessions().len() - 1))?;
    update("the same again")?;
    write_terminal(&market, &terminal, *last)?;
    update("a session more")?;
    update("the same again")
}
