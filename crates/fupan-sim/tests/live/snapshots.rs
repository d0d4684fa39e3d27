//! Every snapshot of a session is a sound one, and the last is the day's bar.

use std::collections::BTreeMap;

use fupan_market::{DailyBar, Price, Quote, QuoteWalk, SessionDate, Span, Symbol, Traded};
use fupan_sim::live::instants;
use fupan_sim::{Intent, LiveDay, SimulatedMarket};
use proptest::prelude::*;

use crate::*;

fn bars(market: &SimulatedMarket, day: &LiveDay) -> BTreeMap<Symbol, DailyBar> {
    let of_day = |bars: Vec<DailyBar>| bars.into_iter().find(|bar| bar.session == day.session());
    let securities = market.history(u32::MAX).securities.into_iter();
    securities.filter_map(|s| Some((s.listing.symbol, of_day(s.bars)?))).collect()
}

fn intents(market: &SimulatedMarket, day: &LiveDay) -> BTreeMap<Symbol, Intent> {
    let of_day = market.truth().filter(|(session, ..)| *session == day.session());
    of_day.map(|(_, symbol, truth)| (symbol, truth.intent)).collect()
}

fn fen(price: Price) -> i64 {
    price.fen().unwrap()
}

/// Checks that a snapshot with trade is one, and can come after the one before it.
fn check(symbol: Symbol, quote: &Quote, before: Option<&Traded>) {
    let Some(now) = quote.traded else {
        assert_eq!(before, None, "{symbol} {quote:?}");
        return;
    };
    let Traded { open, high, low, last, volume, turnover } = now;
    assert!(low <= open.min(last) && high >= open.max(last), "{symbol} {quote:?}");
    let whole = |price: Price| fen(price) * volume.cast_signed();
    let range = whole(low) - 1..=whole(high) + 1;
    assert!(volume >= 100 && range.contains(&turnover.fen.0), "{symbol} {quote:?}");
    let Some(before) = before else { return };
    assert_eq!(open, before.open, "{symbol} {quote:?}");
    let grown = volume >= before.volume && turnover.fen >= before.turnover.fen;
    assert!(grown && high >= before.high && low <= before.low, "{symbol} {before:?} {quote:?}");
    if volume == before.volume {
        assert_eq!(now, *before, "{symbol}: prices change by trades");
    }
}

/// Checks every snapshot of a share, and that the last is its bar.
fn check_share(day: &LiveDay, symbol: Symbol, bar: &DailyBar) {
    assert_eq!(day.prev_close(symbol), bar.prev_close);
    let (mut before, mut stamp): (Option<Quote>, u32) = (None, 0);
    for second in instants() {
        let quote = day.snapshot(symbol, second).unwrap();
        assert!(quote.time <= second && quote.time >= stamp, "{symbol} {second} {quote:?}");
        assert_eq!((quote.span, quote.sequence, quote.revision), (Span::SoFar, 0, 0));
        if quote.time == stamp {
            assert_eq!(Some(quote), before, "{symbol}: no change without a new stamp");
        }
        check(symbol, &quote, before.and_then(|quote| quote.traded).as_ref());
        (before, stamp) = (Some(quote), quote.time);
    }
    assert_eq!(before.unwrap().traded, bar.traded, "{symbol}");
    assert_eq!(day.snapshot(symbol, CLOSED), before);
    assert_eq!(day.snapshot(symbol, 86_399), before);
}

fn check_day(market: &SimulatedMarket, day: &LiveDay) {
    let bars = bars(market, day);
    assert!(day.symbols().eq(bars.keys().copied()));
    bars.iter().for_each(|(symbol, bar)| check_share(day, *symbol, bar));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_snapshot_is_sound_and_the_last_is_the_days_bar(seed in any::<u64>(), back in 0_usize..12) {
        let market = market(seed, 60, 12);
        let session = market.sessions()[11 - back];
        check_day(&market, &market.live(session));
    }
}

#[test]
fn snapshots_of_every_intent_are_sound() {
    let market = market(20_261_120, 900, 300);
    let mut some: BTreeMap<Intent, Vec<(SessionDate, Symbol)>> = BTreeMap::new();
    for (session, symbol, truth) in market.truth() {
        let of_intent = some.entry(truth.intent).or_default();
        if of_intent.len() < 12 && of_intent.last().is_none_or(|(_, last)| *last != symbol) {
            of_intent.push((session, symbol));
        }
    }
    assert!(some.keys().eq(&Intent::ALL), "{:?}", some.keys());
    let history = market.history(u32::MAX).securities;
    for (session, symbol) in some.into_values().flatten() {
        let security = history.iter().find(|s| s.listing.symbol == symbol).unwrap();
        let bar = security.bars.iter().find(|bar| bar.session == session).unwrap();
        check_share(&market.live(session), symbol, bar);
    }
}

#[test]
fn before_the_opening_auction_nothing_is_traded() {
    let market = market(1, 400, 120);
    let day = last_day(&market);
    assert_eq!(day.snapshots(9 * 3_600 - 1).count(), 0);
    for (symbol, quote) in day.snapshots(OPENING - 1) {
        assert_eq!((quote.time, quote.traded), (9 * 3_600, None), "{symbol}");
    }
    for (symbol, quote) in day.snapshots(OPENING) {
        let Some(Traded { open, high, low, last, .. }) = quote.traded else { continue };
        assert_eq!((high, low, last, quote.time), (open, open, open, OPENING), "{symbol}");
    }
    let traded = |second| day.snapshots(second).filter(|(_, q)| q.traded.is_some()).count();
    let of_day = traded(CLOSED);
    assert!(of_day > 300 && of_day <= day.symbols().len());
    assert!(traded(OPENING) < of_day && traded(OPENING) > of_day * 8 / 10);
    assert!(traded(MORNING) >= of_day - 1);
}

#[test]
fn suspended_shares_have_no_trade() {
    let market = market(2, 900, 120);
    let halted = market.truth().filter(|(.., truth)| truth.intent == Intent::Suspended);
    let day = market.live(halted.map(|(session, ..)| session).max().unwrap());
    let intents = intents(&market, &day);
    let suspended: Vec<_> = intents.iter().filter(|(_, i)| **i == Intent::Suspended).collect();
    assert!(!suspended.is_empty());
    for (symbol, _) in suspended {
        let quote = day.snapshot(*symbol, CLOSED).unwrap();
        assert_eq!((quote.time, quote.traded), (9 * 3_600, None), "{symbol}");
    }
}

/// Sealed prices hold from some instant on; some were left before, and broken ones are not sealed at
/// the end.
#[test]
fn seals_are_seen() {
    let market = market(3, 2_000, 25);
    let (mut held, mut reopened, mut broken) = (0, 0, 0);
    for session in &market.sessions()[15..] {
        let day = market.live(*session);
        let bars = bars(&market, &day);
        for (symbol, intent) in intents(&market, &day) {
            let at_limit = intent.seals_up() || intent.breaks_up();
            let Some(bar) = bars[&symbol].traded.filter(|_| at_limit) else { continue };
            let mut walk = QuoteWalk::watching([bar.high]);
            instants().for_each(|second| walk.take(&day.snapshot(symbol, second).unwrap()));
            let seals = walk.seals(bar.high);
            if intent.seals_up() {
                let seals = seals.unwrap();
                assert!(seals.last <= 15 * 3_600 && seals.first <= seals.last);
                held += u32::from(seals.last < LAST_TRADES);
                reopened += u32::from(seals.opened > 0);
            } else if intent.breaks_up() {
                let opened = seals.map_or(0, |seals| seals.opened);
                broken += u32::from(opened > 0);
            }
            if intent == Intent::LimitUpOnePrice {
                assert_eq!(seals.map(|seals| seals.opened), Some(0));
            }
        }
    }
    println!("held {held}, reopened {reopened}, broken {broken}");
    assert!(held > 100 && reopened > 20 && reopened < held && broken > 50);
}

#[test]
fn busy_shares_change_at_nearly_every_instant_and_others_seldom() {
    let market = market(4, 300, 20);
    let day = last_day(&market);
    let changes = |symbol| {
        let mut stamps: Vec<u32> =
            instants().map(|second| day.snapshot(symbol, second).unwrap().time).collect();
        stamps.dedup();
        stamps.len()
    };
    let mut by_turnover: Vec<(i64, usize)> = day
        .snapshots(CLOSED)
        .filter_map(|(symbol, quote)| Some((quote.traded?.turnover.fen.0, changes(symbol))))
        .collect();
    by_turnover.sort_unstable();
    let (least, most) = (by_turnover.first().unwrap(), by_turnover.last().unwrap());
    assert!(most.1 > 4_200, "{most:?}");
    assert!(least.1 < 2_500, "{least:?}");
}

#[test]
fn a_day_is_the_same_each_time_and_no_other() {
    let (one, same, other) = (market(5, 80, 10), market(5, 80, 10), market(6, 80, 10));
    let symbols: Vec<Symbol> = last_day(&one).symbols().collect();
    for second in [OPENING, MORNING, NOON, LAST_TRADES, CLOSED] {
        let answer = last_day(&one).tencent(&symbols, second);
        assert_eq!(answer, last_day(&same).tencent(&symbols, second));
        assert_ne!(answer, last_day(&other).tencent(&symbols, second));
        assert_ne!(answer, one.live(one.sessions()[8]).tencent(&symbols, second));
    }
    let closed = "2026-11-21".parse().unwrap();
    assert_eq!(one.live(closed).symbols().len(), 0);
}
