//! The ways out of a simulated market agree with one another, and broken deliveries are broken
//! exactly as they say.

use std::collections::{BTreeMap, BTreeSet};

use fupan_market::{Calendar, DailyBar, Price, SessionDate, Shares, Symbol};
use fupan_sim::faults::{self, FaultKind};
use fupan_sim::{MarketPlan, SimulatedMarket};
use fupan_table::{Table, daily_bar_rows, index_bar_rows, security_rows, share_capital_rows};

fn market() -> SimulatedMarket {
    let plan = MarketPlan { securities: 400, sessions: 150, ..MarketPlan::default() };
    SimulatedMarket::generate(&plan)
}

#[test]
fn an_import_holds_the_rows_of_the_history() {
    let market = market();
    let history = market.history(149);
    let imports = market.imports().unwrap();
    let [import] = imports.as_slice() else { panic!("one import") };
    assert_eq!((import.source.as_str(), import.file.as_str()), ("simulated", "simulated-market"));
    assert_eq!(import.digest, market.digest());
    let batches = |table| import.batches.iter().filter(move |(t, _)| *t == table).map(|(_, b)| b);
    let bars: Vec<(Symbol, DailyBar)> =
        batches(Table::DailyBar).flat_map(|batch| daily_bar_rows(batch).unwrap()).collect();
    assert!(bars.is_sorted_by_key(|(symbol, bar)| (bar.session, *symbol)));
    let mut by_symbol: BTreeMap<Symbol, Vec<DailyBar>> = BTreeMap::new();
    for (symbol, bar) in bars {
        by_symbol.entry(symbol).or_default().push(bar);
    }
    let levels: Vec<_> =
        batches(Table::IndexBar).flat_map(|batch| index_bar_rows(batch).unwrap()).collect();
    let names: Vec<_> =
        batches(Table::Security).flat_map(|batch| security_rows(batch).unwrap()).collect();
    let capital: Vec<_> =
        batches(Table::ShareCapital).flat_map(|b| share_capital_rows(b).unwrap()).collect();

    assert_eq!(by_symbol.len(), history.securities.len());
    for security in &history.securities {
        let symbol = security.listing.symbol;
        assert_eq!(by_symbol[&symbol], security.bars, "{symbol}");
        let rows: Vec<_> = names.iter().filter(|row| row.symbol == symbol).collect();
        assert_eq!(rows.len(), security.listing.names.len());
        for (row, name) in rows.iter().zip(&security.listing.names) {
            assert_eq!((row.observed_on, row.name.as_deref()), (name.on, Some(&*name.name)));
            assert_eq!(row.listed_on, security.listing.listed_on);
            assert_eq!(row.delisted_on, security.listing.delisted_on);
            assert_eq!(row.issue_price, security.listing.issue_price);
        }
        let last = capital.iter().rfind(|row| row.symbol == symbol);
        assert_eq!(last.map(|row| Shares::from(*row)), security.shares.last().copied());
    }
    for index in &history.indices {
        let bars: Vec<_> =
            levels.iter().filter(|(s, _)| *s == index.symbol).map(|(_, bar)| *bar).collect();
        assert_eq!(bars, index.bars, "{}", index.symbol);
    }
}

#[test]
fn a_shorter_history_is_the_end_of_a_longer_one() {
    let market = market();
    let (long, short) = (market.history(149), market.history(9));
    assert_eq!(short.session, long.session);
    assert_eq!(short.from, market.sessions()[140]);
    for security in &short.securities {
        let same = |s: &&fupan_market::SecurityHistory| s.listing == security.listing;
        let whole = long.securities.iter().find(same).unwrap();
        assert!(whole.bars.ends_with(&security.bars));
        assert!(security.bars.iter().all(|bar| bar.session >= short.from));
    }
}

#[test]
fn index_levels_follow_the_members() {
    let market = market();
    let history = market.history(149);
    assert_eq!(history.indices.len(), 9);
    for index in &history.indices {
        assert_eq!(index.bars.len(), 150, "{}", index.symbol);
        assert!(index.bars.iter().all(|bar| {
            bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close)
        }));
    }
    // The STAR Composite weighs every STAR security by all its shares: computed here from the
    // bars alone, on a session without ex-rights days among them.
    let composite: Symbol = "000680.SH".parse().unwrap();
    let star: Vec<_> =
        history.securities.iter().filter(|s| s.board == fupan_market::Board::Star).collect();
    let [.., before, last] =
        history.indices.iter().find(|i| i.symbol == composite).unwrap().bars.as_slice()
    else {
        panic!("two sessions")
    };
    let worth = |pick: fn(&DailyBar) -> Option<Price>| -> i128 {
        star.iter()
            .filter(|s| s.bars.len() == 150)
            .map(|s| {
                let bar = s.bars.last().unwrap();
                let price = pick(bar).or(bar.prev_close).unwrap();
                i128::from(price.units()) * i128::from(s.shares.last().unwrap().total)
            })
            .sum()
    };
    let (now, then) = (worth(|b| b.traded.map(|t| t.last)), worth(|b| b.prev_close));
    let expected = i128::from(before.close.units()) * now / then;
    assert!((expected - i128::from(last.close.units())).abs() <= 1, "{expected} {last:?}");
}

/// The first row of a symbol and session in the right rows.
fn right_rows(market: &SimulatedMarket) -> BTreeMap<(SessionDate, Symbol), DailyBar> {
    let history = market.history(9);
    let rows = history
        .securities
        .iter()
        .flat_map(|s| s.bars.iter().map(|bar| ((bar.session, s.listing.symbol), *bar)));
    rows.collect()
}

#[test]
fn a_delivery_is_broken_exactly_where_it_says() {
    let market = market();
    let delivery = faults::inject(&market, 10, 5, 42);
    assert_eq!(delivery, faults::inject(&market, 10, 5, 42));
    assert_ne!(delivery, faults::inject(&market, 10, 5, 43));
    assert_eq!(delivery.faults.len(), 5 * FaultKind::ALL.len());
    let named: BTreeSet<_> = delivery.faults.iter().map(|f| (f.session, f.symbol)).collect();
    assert_eq!(named.len(), delivery.faults.len(), "one fault for a row");

    let right = right_rows(&market);
    let mut delivered: BTreeMap<(SessionDate, Symbol), Vec<DailyBar>> = BTreeMap::new();
    for (symbol, bar) in &delivery.rows {
        delivered.entry((bar.session, *symbol)).or_default().push(*bar);
    }
    for (key, bar) in &right {
        if !named.contains(key) {
            assert_eq!(delivered[key], [*bar], "{key:?} is not broken");
        }
    }
    for fault in &delivery.faults {
        let key = (fault.session, fault.symbol);
        let (right, rows) = (right[&key], delivered.get(&key).map_or(&[][..], Vec::as_slice));
        let fits = match fault.kind {
            FaultKind::Missing | FaultKind::NotASession => rows.is_empty(),
            FaultKind::Late => {
                rows == [right]
                    && delivery.rows.iter().rposition(|(s, b)| (*s, *b) == (fault.symbol, right))
                        >= Some(delivery.rows.len() - 15)
            }
            FaultKind::Duplicate => rows == [right, right],
            FaultKind::Corrected => rows.len() == 2 && rows[0] != right && rows[1] == right,
            _ => rows.len() == 1 && rows[0] != right,
        };
        assert!(fits, "{fault:?}: {rows:?}");
    }
    let closed = |(_, bar): &&(Symbol, DailyBar)| Calendar::builtin().number(bar.session).is_err();
    assert_eq!(delivery.rows.iter().filter(closed).count(), 5);
}

#[test]
fn a_table_of_rows_reads_like_a_vendors() {
    let market = market();
    let text = faults::csv(&faults::inject(&market, 1, 0, 1).rows);
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    assert_eq!(header, "date,symbol,open,high,low,close,prev_close,volume,turnover");
    assert!(lines.clone().count() >= 380);
    assert!(lines.all(|line| line.starts_with("2026-11-20,") && line.split(',').count() == 9));
}
