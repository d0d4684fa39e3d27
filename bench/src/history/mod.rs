//! The history benchmark: what a user runs over years of daily bars, next to other engines on the
//! same store.
//!
//! A history is generated, or an existing store is used. The program imports, computes and keeps
//! every figure of every session, adds one more session, and computes some measures without keeping
//! anything. Each run is a process of its own. Polars and DuckDB read the Parquet files of the same
//! store and compute these measures; every cell that both have is compared.

mod compare;
pub mod generate;
mod program;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use fupan_sim::MarketPlan;

use crate::bandwidth;
use crate::peers::{Environment, PEERS};
pub use compare::{CellDifference, Figures};
use generate::{HistoryFiles, RecipeFiles};
pub use program::{Program, Took};

/// The measures that the peers compute too.
const MEASURES: [&str; 24] = [
    "traded",
    "advances",
    "declines",
    "unchanged",
    "limit_up_count",
    "limit_down_count",
    "limit_up_broken_count",
    "max_streak",
    "limit_up_ladder:2",
    "limit_up_ladder:3",
    "new_high_250",
    "new_low_250",
    "above_ma20",
    "above_ma50",
    "above_ma200",
    "turnover",
    "top5_turnover_share",
    "turnover_hhi",
    "equal_weight_return",
    "cap_weight_return",
    "median_return",
    "return_dispersion",
    "micro_cap_return",
    "prior_limit_up_return",
];

/// One in this many counts above an average may be a tie.
const CELLS_PER_TIE: usize = 1_000;

/// What to run.
#[derive(Clone, Debug)]
pub struct Benchmark {
    /// The program.
    pub fupan: PathBuf,
    /// A folder for generated files.
    pub scratch: PathBuf,
    /// The market to generate.
    pub plan: MarketPlan,
    /// An existing store to use instead of a generated history. It is not changed.
    pub store: Option<PathBuf>,
    /// How often each command runs; the fastest counts.
    pub runs: u32,
    /// Whether Polars and DuckDB run.
    pub peers: bool,
    /// Whether a store of half the years is computed too.
    pub growth: bool,
}

impl Benchmark {
    /// Runs the benchmark and writes what each step took.
    ///
    /// # Errors
    /// If a command fails, or a peer's cell differs.
    pub fn run(&self, out: &mut impl Write) -> Result<()> {
        writeln!(
            out,
            "{} cores, load {}, memory read at {:.1} GB/s",
            std::thread::available_parallelism()?,
            program::load(),
            bandwidth::read() / 1e9
        )?;
        std::fs::create_dir_all(&self.scratch)?;
        let store = self.scratch.join("store");
        remove(&store)?;
        let program = Program { binary: self.fupan.clone(), store: store.clone() };
        let history = match &self.store {
            Some(own) => {
                program::link_without_figures(own, &store)?;
                None
            }
            None => Some(self.import(&program, out)?),
        };
        let figures = self.scratch.join("figures.parquet");
        let alone = program.fastest(self.runs, &|program| program.facts(&MEASURES, &figures))?;
        say(out, "24 measures, nothing kept", &alone, None)?;
        let backfill = program.fastest(self.runs, &|program| {
            program::forget_figures(&program.store)?;
            program.run(&["backfill"])
        })?;
        say(out, "every figure, kept", &backfill, history.as_ref().map(|h| h.rows))?;
        let without_keeping = Figures::read(&figures)?;
        let looked_up =
            program.fastest(self.runs, &|program| program.facts(&MEASURES, &figures))?;
        say(out, "24 measures of those kept", &looked_up, None)?;
        let kept = Figures::read(&figures)?;
        if without_keeping != kept {
            bail!("figures that were kept differ from those worked out without keeping");
        }
        writeln!(out, "{} sessions have figures", kept.sessions("advances"))?;
        let mut differ = None;
        if self.peers {
            differ = self.peers(&store, &kept, [&alone, &backfill], out)?;
        }
        if let Some(history) = &history {
            if self.growth {
                self.growth(history, &backfill, out)?;
            }
            self.one_day_more(&program, history, out)?;
        }
        match differ {
            None => Ok(()),
            Some(peer) => bail!("cells differ from those of {peer}"),
        }
    }

    fn import(&self, program: &Program, out: &mut impl Write) -> Result<HistoryFiles> {
        let folder = self.scratch.join("files");
        remove(&folder)?;
        let history = generate::write(&self.plan, &folder)?;
        writeln!(
            out,
            "generated {} rows of {} A-shares in {} sessions",
            history.rows, self.plan.securities, history.sessions
        )?;
        let bars = program.import(&history.years)?;
        say(out, "import of the bars", &bars, Some(history.rows))?;
        let mut lists = Took::default();
        for list in &history.lists {
            lists.add(&program.import(list)?);
        }
        say(out, "import of names, shares and indices", &lists, None)?;
        Ok(history)
    }

    fn one_day_more(
        &self,
        program: &Program,
        history: &HistoryFiles,
        out: &mut impl Write,
    ) -> Result<()> {
        let mut day = Took::default();
        for delivery in &history.last_day {
            day.add(&program.import(delivery)?);
        }
        say(out, "import of one session more, its list, shares and indices", &day, None)?;
        let backfill = program.run(&["backfill"])?;
        say(out, "its figures, kept", &backfill, None)
    }

    /// Computes the first half of the years, in a store of their own.
    fn growth(&self, history: &HistoryFiles, whole: &Took, out: &mut impl Write) -> Result<()> {
        let store = self.scratch.join("half");
        remove(&store)?;
        let program = Program { binary: self.fupan.clone(), store: store.clone() };
        let files = history.years.files[..history.years.files.len() / 2].to_vec();
        let rows = program.rows(&RecipeFiles { files, ..history.years.clone() })?;
        for list in &history.lists {
            program.import(list)?;
        }
        let half = program.fastest(self.runs, &|program| {
            program::forget_figures(&program.store)?;
            program.run(&["backfill"])
        })?;
        say(out, "every figure of half the years, kept", &half, Some(rows))?;
        writeln!(
            out,
            "{:.2} times the rows take {:.2} times as long",
            history.rows as f64 / rows as f64,
            whole.seconds / half.seconds
        )?;
        remove(&store)
    }

    fn peers(
        &self,
        store: &Path,
        figures: &Figures,
        [alone, backfill]: [&Took; 2],
        out: &mut impl Write,
    ) -> Result<Option<&'static str>> {
        let environment = Environment::make(&self.scratch)?;
        let mut differ = None;
        for peer in PEERS {
            let mut run = environment.run(peer, store)?;
            for _ in 1..self.runs {
                let again = environment.run(peer, store)?;
                if again.seconds < run.seconds {
                    run = again;
                }
            }
            let difference = figures.compare(&run.sessions)?;
            writeln!(
                out,
                "{} {}: 24 measures in {:.2} s, peak {} MB; fupan works them out {:.1} times as \
                 fast, and keeps every figure {:.1} times as fast; of {} cells {} differ, and {} by a \
                 tie; {} are fupan's alone, {} the peer's",
                peer.name,
                run.version,
                run.seconds,
                run.peak_kib >> 10,
                run.seconds / alone.seconds,
                run.seconds / backfill.seconds,
                difference.cells,
                difference.wrong.len(),
                difference.ties,
                difference.alone[0],
                difference.alone[1],
            )?;
            for cell in difference.wrong.iter().take(10) {
                writeln!(out, "  {cell}")?;
            }
            let ties_are_rare = difference.ties * CELLS_PER_TIE <= difference.cells;
            if !difference.wrong.is_empty() || !ties_are_rare {
                differ = Some(peer.name);
            }
        }
        Ok(differ)
    }
}

fn say(out: &mut impl Write, what: &str, took: &Took, rows: Option<usize>) -> Result<()> {
    let speed = rows.map_or_else(String::new, |rows| {
        format!(", {:.2} M rows/s", rows as f64 / took.seconds / 1e6)
    });
    let (seconds, peak) = (took.seconds, took.peak_kib >> 10);
    writeln!(out, "{what}: {seconds:.2} s{speed}, peak {peak} MB").context("output")
}

/// Removes a folder of an earlier run.
fn remove(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
