//! The simulated market in a TDX terminal's layout is read back as what it is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fupan_market::{DailyBar, SessionDate, Symbol};
use fupan_sim::{MarketPlan, SimulatedMarket};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, Taken, read, read_grown};
use fupan_table::{Import, Table, daily_bar_rows, security_rows};

fn market() -> SimulatedMarket {
    let plan = MarketPlan { securities: 300, sessions: 280, ..MarketPlan::default() };
    SimulatedMarket::generate(&plan)
}

fn write(market: &SimulatedMarket, folder: &Path, last: SessionDate) {
    for (name, bytes) in market.tdx_folder(last) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn bars(import: &Import) -> Vec<(Symbol, DailyBar)> {
    let batches = import.batches.iter().filter(|(table, _)| *table == Table::DailyBar);
    batches.flat_map(|(_, batch)| daily_bar_rows(batch).unwrap()).collect()
}

/// The traded bars of the market up to a session, with the previous close where a terminal can know
/// it: on ex-rights days.
fn expected(
    market: &SimulatedMarket,
    last: SessionDate,
) -> BTreeMap<(Symbol, SessionDate), DailyBar> {
    let mut bars = BTreeMap::new();
    for security in market.history(u32::MAX).securities {
        let mut close = None;
        for bar in security.bars.iter().filter(|bar| bar.session <= last) {
            let Some(traded) = bar.traded else { continue };
            let is_ex_rights = close.is_some() && bar.prev_close != close;
            let prev_close = if is_ex_rights { bar.prev_close } else { None };
            bars.insert((security.listing.symbol, bar.session), DailyBar { prev_close, ..*bar });
            close = Some(traded.last);
        }
    }
    bars
}

#[test]
fn the_folder_of_a_terminal_holds_the_market() {
    let market = market();
    let folder = tempfile::tempdir().unwrap();
    let last = *market.sessions().last().unwrap();
    write(&market, folder.path(), last);
    let grown = |taken: &Taken| {
        let recipe = Recipe::builtin("tdx-day").unwrap();
        read_grown(&recipe, &folder.path().join("vipdoc"), taken, &NoProgress).unwrap()
    };
    let all = grown(&Taken::default());
    let import = all.import.as_ref().unwrap();
    assert_eq!(import.rows_left_out, 0, "{:?}", import.findings);
    let expected = expected(&market, last);
    let found = bars(import);
    assert_eq!(found.len(), expected.len());
    let mut ex_rights = 0;
    for (symbol, bar) in &found {
        let whole = expected[&(*symbol, bar.session)];
        let (own, of) = (bar.traded.unwrap(), whole.traded.unwrap());
        assert_eq!((bar.prev_close, own.open, own.high), (whole.prev_close, of.open, of.high));
        assert_eq!((own.low, own.last, own.volume), (of.low, of.last, of.volume));
        // A float of 24 bits.
        let (a, b) = (own.turnover.fen.0, of.turnover.fen.0);
        assert!((a - b).abs() <= b / 8_000_000 + 1, "{symbol} {}: {a} {b}", bar.session);
        ex_rights += usize::from(bar.prev_close.is_some());
    }
    assert!(ex_rights > 100, "{ex_rights}");

    // A day more is a day of each share, and no more.
    let folder = tempfile::tempdir().unwrap();
    let before = market.sessions()[market.sessions().len() - 2];
    write(&market, folder.path(), before);
    let read_again = |taken: &Taken| {
        let recipe = Recipe::builtin("tdx-day").unwrap();
        read_grown(&recipe, &folder.path().join("vipdoc"), taken, &NoProgress).unwrap()
    };
    let first = read_again(&Taken::default());
    write(&market, folder.path(), last);
    let tail = read_again(&first.taken);
    assert_eq!(tail.rewritten, Vec::<String>::new());
    let tail = bars(tail.import.as_ref().unwrap());
    let of_last = expected.keys().filter(|(_, session)| *session == last).count();
    assert_eq!(tail.len(), of_last);
    let (mut joined, mut whole) = (bars(first.import.as_ref().unwrap()), found);
    joined.extend(tail);
    joined.sort_by_key(|(symbol, bar)| (bar.session, *symbol));
    whole.sort_by_key(|(symbol, bar)| (bar.session, *symbol));
    assert_eq!(joined, whole);

    let names = folder.path().join("T0002/hq_cache/szm.tnf");
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let names =
        read(&Recipe::builtin("tdx-names").unwrap(), &names, &options, &NoProgress).unwrap();
    let (_, batch) = &names.batches[0];
    let names = security_rows(batch).unwrap();
    assert!(names.len() > 100 && names.iter().all(|row| row.observed_on == last));
}
