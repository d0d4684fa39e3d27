//! How long folding 1.4 million days takes on one thread: `cargo run --example fold_timing`.
#![expect(clippy::print_stdout, reason = "an example prints its answer")]

use std::error::Error;
use std::time::Instant;

use fupan_market::{
    Board, Calendar, DailyBar, ExtremeBasis, Fen, Listing, Lookback, NameOn, Price, Rulebook,
    SecurityFold, Touch, Traded, Turnover, TurnoverBasis,
};

const SECURITIES: u32 = 5_500;
const SESSIONS: u32 = 255;

fn main() -> Result<(), Box<dyn Error>> {
    let calendar = Calendar::builtin();
    let rulebook = Rulebook::builtin();
    let from = "2025-01-02".parse()?;
    let first = calendar.number(from)?;
    let mut names = Vec::new();
    for on in ["2024-12-31", "2025-11-20", "2026-01-09"] {
        names.push(NameOn { on: on.parse()?, name: "平安银行".to_owned() });
    }
    let listing = Listing { names, ..Listing::unknown("000001.SZ".parse()?) };
    let bars = bars(first)?;
    let start = Instant::now();
    let (mut sealed, mut highs) = (0_u64, 0_u64);
    for security in 0..SECURITIES {
        let mut fold = SecurityFold::new(rulebook, &listing, Board::Main, from);
        for (number, bar) in (first..).zip(&bars[(security % 7) as usize]) {
            let day = fold.day(bar, number);
            sealed += u64::from(day.limit_up_touch() == Some(Touch::Sealed));
            highs +=
                u64::from(day.new_high(Lookback::Sessions250, ExtremeBasis::Closing) == Some(true));
            fold.close(&day);
        }
    }
    let (taken, days) = (start.elapsed(), SECURITIES * SESSIONS);
    println!("{days} days in {taken:?}: {} ns each", taken.as_nanos() / u128::from(days));
    println!("{sealed} sealed, {highs} new highs");
    Ok(())
}

/// Seven price paths that rise, fall, seal and go ex rights.
fn bars(first: u32) -> Result<Vec<Vec<DailyBar>>, Box<dyn Error>> {
    let mut paths = Vec::new();
    for path in 0..7_i64 {
        let mut last = 1_000 + 137 * path;
        let mut rows = Vec::new();
        for step in 0..i64::from(SESSIONS) {
            let session = Calendar::builtin().session(first + step as u32).ok_or("no session")?;
            let prev = if step % 97 == 96 { last * 9 / 10 } else { last };
            let percent = (step * (path + 3)) % 21 - 10;
            last = ((prev * (100 + percent) + 50) / 100).max(300);
            let at = |fen: i64| Price::from_fen(fen);
            let traded = Traded {
                open: at(prev)?,
                high: at(last.max(prev))?,
                low: at(last.min(prev))?,
                last: at(last)?,
                volume: 1_000,
                turnover: Turnover { fen: Fen(1_000_000), basis: TurnoverBasis::Reported },
            };
            rows.push(DailyBar { session, prev_close: Some(at(prev)?), traded: Some(traded) });
        }
        paths.push(rows);
    }
    Ok(paths)
}
