//! The live benchmark's peers: Polars and NumPy fold the same snapshots.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use fupan_market::{PriceLimit, Quote, SecurityDay, SessionFold};
use fupan_measure::{Mark, Sum};
use parquet::arrow::ArrowWriter;
use serde_json::Value;

use crate::live::{GeneratedMarket, TimedReplay};
use crate::peers::Environment;

const SCRIPTS: [(&str, &str, &str); 2] = [
    ("Polars", "one batch at the end", include_str!("../../peers/polars_live.py")),
    ("NumPy", "figures at every instant", include_str!("../../peers/numpy_live.py")),
];

/// How far sums may be from a peer's floats, relative to them.
const RELATIVE: f64 = 1e-9;

/// Runs the peers on a session and compares their results with a replay of it.
///
/// # Errors
/// If a peer fails or finds something else.
pub fn run(market: &GeneratedMarket, ours: &TimedReplay, told: &mut impl Write) -> Result<()> {
    let folder = scratch()?;
    let environment = Environment::make(&folder)?;
    let (quotes, securities) = (folder.join("quotes.parquet"), folder.join("securities.parquet"));
    write_quotes(market, &quotes)?;
    write_securities(market, &securities)?;
    let mut wrong = Vec::new();
    for (name, what, script) in SCRIPTS {
        let file = format!("{}_live.py", name.to_lowercase());
        let arguments = [quotes.as_path(), securities.as_path()];
        let found = environment.run_script(&file, script, &arguments)?;
        let seconds = found["seconds"].as_f64().context("seconds")?;
        let differ = differences(ours, &found);
        writeln!(
            told,
            "{name} {} ({what}; 7 counts and 7 sums): {seconds:.3} s, peak {} MB with its input; \
             fupan is {:.1} times as fast; {} of its figures differ",
            found["version"].as_str().unwrap_or_default(),
            found["peak_kib"].as_u64().unwrap_or(0) >> 10,
            seconds / ours.all.as_secs_f64(),
            differ.len()
        )?;
        for difference in &differ {
            writeln!(told, "  {difference}")?;
        }
        wrong.extend(differ);
    }
    std::fs::remove_file(&quotes)?;
    if !wrong.is_empty() {
        bail!("{} figures differ from a peer's", wrong.len());
    }
    Ok(())
}

/// A peer's figures that differ from ours. Counts are compared exactly, floats nearly.
fn differences(ours: &TimedReplay, found: &Value) -> Vec<String> {
    let counts = [
        ("traded", Mark::Traded),
        ("up", Mark::Up),
        ("down", Mark::Down),
        ("flat", Mark::Flat),
        ("sealed_up", Mark::SealedUp),
        ("broken_up", Mark::BrokenUp),
        ("sealed_down", Mark::SealedDown),
    ];
    let sums = [
        ("turnover", Sum::Turnover),
        ("volume_up", Sum::VolumeUp),
        ("volume_down", Sum::VolumeDown),
        ("ret", Sum::Return),
        ("ret_squared", Sum::ReturnSquared),
        ("cap", Sum::Cap),
        ("ret_by_cap", Sum::ReturnByCap),
    ];
    let figures = &found["figures"];
    let counts =
        counts.map(|(name, mark)| (name.to_owned(), i128::from(ours.count(mark)), &figures[name]));
    let sums = sums.map(|(name, sum)| (name.to_owned(), ours.sum(sum), &figures[name]));
    let mut compared: Vec<(String, i128, &Value)> = counts.into_iter().chain(sums).collect();
    if let Some(theirs) = found["of_instants"].as_array() {
        for (place, (ours, theirs)) in ours.of_instants.iter().zip(theirs).enumerate() {
            compared.push((format!("of_instants[{place}]"), *ours, theirs));
        }
    }
    compared
        .into_iter()
        .filter(|(_, ours, theirs)| !agree(*ours, theirs))
        .map(|(name, ours, theirs)| format!("{name}: {ours}, not {theirs}"))
        .collect()
}

fn agree(ours: i128, theirs: &Value) -> bool {
    if let Some(whole) = theirs.as_i64() {
        return i128::from(whole) == ours;
    }
    let ours = ours as f64;
    theirs.as_f64().is_some_and(|theirs| (ours - theirs).abs() <= RELATIVE * ours.abs())
}

/// A folder for the benchmark's files, next to the builds; shared with the other peers.
fn scratch() -> Result<PathBuf> {
    let binary = std::env::current_exe()?;
    let target = binary.ancestors().nth(2).context("the program lies in no target folder")?;
    let folder = target.join("bench-history");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Writes the arrivals in order; prices in ten-thousandths of a yuan, zero if nothing traded.
fn write_quotes(market: &GeneratedMarket, path: &Path) -> Result<()> {
    let mut writer: Option<ArrowWriter<File>> = None;
    let mut from = 0;
    // A few instants at a time, so that few rows are held twice.
    for (chunk, ends) in market.session.instants.chunks(100).enumerate() {
        let mut columns: [Vec<i64>; 9] = Default::default();
        for (number, (_, end)) in ends.iter().enumerate() {
            for (place, quote) in &market.session.arrivals[from..*end] {
                let row = row((100 * chunk + number) as i64, *place, quote);
                columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
            }
            from = *end;
        }
        let names =
            ["instant", "place", "time", "revision", "high", "low", "last", "volume", "turnover"];
        write_batch(&mut writer, path, batch(&names, columns)?)?;
    }
    finish(writer)
}

fn row(instant: i64, place: u32, quote: &Quote) -> [i64; 9] {
    let quote_of = [instant, i64::from(place), quote.time.into(), quote.revision.into()];
    let traded = quote.traded.map_or([0; 5], |t| {
        let prices = [t.high, t.low, t.last].map(fupan_market::Price::units);
        [prices[0], prices[1], prices[2], t.volume.cast_signed(), t.turnover.fen.0]
    });
    let [a, b, c, d] = quote_of;
    let [e, f, g, h, i] = traded;
    [a, b, c, d, e, f, g, h, i]
}

/// Writes what is fixed for the session, with limits as of its end. Zero and −1 mean unknown.
fn write_securities(market: &GeneratedMarket, path: &Path) -> Result<()> {
    let mut quotes = vec![Vec::new(); market.session.symbols.len()];
    for (place, quote) in &market.session.arrivals {
        quotes[*place as usize].push(*quote);
    }
    let mut columns: [Vec<i64>; 5] = Default::default();
    for (place, (symbol, quotes)) in market.session.symbols.iter().zip(quotes).enumerate() {
        let day = market.opening.day(*symbol, &mut SessionFold::of(quotes));
        let fixed = fixed(place as i64, day.as_ref());
        columns.iter_mut().zip(fixed).for_each(|(column, value)| column.push(value));
    }
    let mut writer = None;
    let names = ["place", "prev_close", "up", "down", "float_shares"];
    write_batch(&mut writer, path, batch(&names, columns)?)?;
    finish(writer)
}

fn fixed(place: i64, day: Option<&SecurityDay>) -> [i64; 5] {
    let prev = day.and_then(|day| day.prev_close).map_or(0, fupan_market::Price::units);
    let (up, down) = match day.map(|day| day.limit) {
        Some(PriceLimit::Limited { up, down }) => (up.units(), down.units()),
        _ => (-1, -1),
    };
    let float = day.and_then(|day| day.shares).map_or(-1, |shares| shares.float.cast_signed());
    [place, prev, up, down, float]
}

fn batch<const N: usize>(names: &[&str; N], columns: [Vec<i64>; N]) -> Result<RecordBatch> {
    let arrays = columns.map(|column| Arc::new(Int64Array::from(column)) as ArrayRef);
    Ok(RecordBatch::try_from_iter(names.iter().copied().zip(arrays))?)
}

fn write_batch(
    writer: &mut Option<ArrowWriter<File>>,
    path: &Path,
    batch: RecordBatch,
) -> Result<()> {
    let open = match writer {
        Some(open) => open,
        None => writer.insert(ArrowWriter::try_new(File::create(path)?, batch.schema(), None)?),
    };
    Ok(open.write(&batch)?)
}

fn finish(writer: Option<ArrowWriter<File>>) -> Result<()> {
    writer.context("nothing to write")?.close()?;
    Ok(())
}
