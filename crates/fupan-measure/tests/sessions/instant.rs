//! A session at an instant inside it: what quotes cover, a security's day so far, and a live
//! market.

use std::collections::BTreeMap;

use fupan_fact::{AsOf, FactKey, FactSet, Scope, Value};
use fupan_market::{
    Arrival, Calendar, Fen, IndexBar, IndexHistory, IndexQuote, LevelRange, MarketHistory, NameOn,
    Quote, Return, Rulebook, SecurityDay, SessionFold, Shares, Span, Symbol, Traded, Turnover,
    TurnoverBasis,
};
use fupan_measure::{
    Cell, IndexMoment, Live, Mark, MarketSession, PreOpen, QuoteCoverage, SessionTurnover, Totals,
    evaluate,
};

use crate::code;
use crate::held::shares;
use crate::market::{fen, session};

const SHARES: [&str; 4] = ["600000.SH", "600004.SH", "600006.SH", "000001.SZ"];

/// Four shares; in the session one had a turnover of 3,000 fen, one of 500, one had no trade and
/// one no row.
fn market() -> MarketHistory {
    let mut market = shares(&SHARES);
    for (security, fen) in market.securities.iter_mut().zip([3_000, 500]) {
        let traded = security.bars.last_mut().unwrap().traded.as_mut().unwrap();
        traded.turnover.fen = Fen(fen);
    }
    market.securities[2].bars.last_mut().unwrap().traded = None;
    market.securities[3].bars.pop();
    market
}

fn opening(market: &MarketHistory) -> PreOpen {
    PreOpen::of(market, Rulebook::builtin()).unwrap()
}

fn symbol(text: &str) -> Symbol {
    text.parse().unwrap()
}

/// A snapshot of the session so far at a second after ten, opened at 10.00.
fn snapshot(second: u32, last: i64) -> Quote {
    let turnover =
        Turnover { fen: Fen(last * i64::from(second + 1)), basis: TurnoverBasis::Reported };
    let traded = Traded {
        open: fen(1_000),
        high: fen(last.max(1_000)),
        low: fen(last.min(1_000)),
        last: fen(last),
        volume: u64::from(second + 1),
        turnover,
    };
    let (time, span) = (36_000 + second, Span::SoFar);
    Quote { time, span, sequence: 0, revision: 0, traded: Some(traded) }
}

fn days(opening: &PreOpen, symbols: &[&str]) -> Vec<SecurityDay> {
    let quoted = symbols.iter().map(|text| (symbol(text), vec![snapshot(0, 1_010)]));
    opening.days(&quoted.collect::<Vec<_>>())
}

/// Covered are those with quotes; of all that traded by the session's bars, and their turnover.
#[test]
fn quotes_cover_a_part_of_the_sessions_turnover() {
    let of = |market: &MarketHistory, symbols: &[&str]| {
        let opening = opening(market);
        opening.coverage(&days(&opening, symbols))
    };
    let covered = |securities, of, turnover| QuoteCoverage {
        securities,
        of: Some(of),
        turnover: Some(turnover),
        estimated: false,
    };
    assert_eq!(of(&market(), &[]), covered(0, 2, [0, 3_500]));
    assert_eq!(of(&market(), &["600000.SH"]), covered(1, 2, [3_000, 3_500]));
    assert_eq!(of(&market(), &["600004.SH"]), covered(1, 2, [500, 3_500]));
    assert_eq!(of(&market(), &SHARES), covered(4, 4, [3_500, 3_500]));
    assert_eq!(of(&market(), &SHARES[2..]), covered(2, 4, [0, 3_500]));
    // One estimate is enough, whether it is covered or not.
    let mut estimated = market();
    let traded = estimated.securities[1].bars.last_mut().unwrap().traded.as_mut().unwrap();
    traded.turnover.basis = TurnoverBasis::Estimated;
    for symbols in [&SHARES[..1], &SHARES[1..2]] {
        assert!(of(&estimated, symbols).estimated);
    }
    // Before the session is imported nobody knows.
    let mut before = market();
    before.securities.iter_mut().for_each(|security| security.bars.truncate(5));
    let unknown = QuoteCoverage { securities: 1, of: None, turnover: None, estimated: false };
    assert_eq!(of(&before, &["600000.SH"]), unknown);
}

/// A day so far is the same from quotes that are kept and from a walk over them; there is none of
/// a security that nothing is known of.
#[test]
fn a_day_so_far_is_the_same_from_a_walk() {
    let market = market();
    let opening = opening(&market);
    assert_eq!(opening.session(), session());
    assert!(opening.knows(symbol("000001.SZ")) && !opening.knows(symbol("000002.SZ")));
    // It reaches its limit, leaves it and comes back.
    let mut quotes = [(0, 1_010), (3, 1_100), (6, 1_090), (9, 1_100)].map(|(s, p)| snapshot(s, p));
    quotes[2].traded.as_mut().unwrap().high = fen(1_100);
    let known = symbol("600000.SH");
    let mut walk = opening.walk(known).unwrap();
    for (place, quote) in quotes.iter().enumerate() {
        walk.take(quote);
        let day = opening.day_of(known, &walk).unwrap();
        let mut fold = SessionFold::of(quotes[..=place].to_vec());
        assert_eq!(Some(day), opening.day(known, &mut fold));
        assert_eq!(day.seals.is_some(), place > 0, "{place}");
    }
    let unknown = symbol("000002.SZ");
    assert!(opening.walk(unknown).is_none() && opening.day_of(unknown, &walk).is_none());
    assert!(opening.day(unknown, &mut SessionFold::of(quotes.to_vec())).is_none());
    assert!(opening.days(&[(unknown, quotes.to_vec())]).is_empty());
}

fn value(set: &FactSet, text: &str) -> Value {
    let key: FactKey = format!("{text}/{}/10:30", session()).parse().unwrap();
    set.get(&key).unwrap_or_else(|| panic!("no {text}")).value.clone()
}

/// Facts of an instant: with totals that are there already or without, in whatever order days come,
/// compared with the session before at that instant, and with the names that shares have.
#[test]
fn facts_of_an_instant_need_no_order_and_no_totals() {
    let mut market = market();
    market.securities[0].listing.names = vec![NameOn { on: session(), name: "平安".to_owned() }];
    let opening = opening(&market);
    let mut days = days(&opening, &SHARES);
    let quote = (symbol("600000.SH"), vec![snapshot(0, 1_100)]);
    days[0] = opening.days(&[quote]).remove(0);
    assert_eq!(days[0].symbol, symbol("600000.SH"));
    let calendar = Calendar::builtin();
    let mut before = SessionTurnover::new(calendar.back(session(), 1).unwrap().unwrap());
    for day in &days {
        before.add(day.symbol, day.board, day.traded.unwrap().turnover);
    }
    let facts = |days: &[SecurityDay], totals: Option<&Totals>| {
        let (before, at) = (Some(before.clone()), (37_800, &IndexMoment::default()));
        opening.facts(&market, days.to_vec(), totals, before, at, &[])
    };
    let totals = Totals::of(&days.iter().map(Cell::of).collect::<Vec<_>>());
    let set = facts(&days, None);
    assert_eq!(set, facts(&days, Some(&totals)));
    days.reverse();
    assert_eq!(set, facts(&days, None));
    assert_eq!(value(&set, "quoted_count/all-a"), Value::Count { count: 4 });
    let share = Value::Share { part: 3_500, whole: 3_500 };
    assert_eq!(value(&set, "quoted_turnover_share/all-a"), share);
    assert_eq!(value(&set, "turnover_prev/all-a"), value(&set, "turnover/all-a"));
    let too_short = Value::Unknown { reason: "window_too_short".to_owned() };
    assert_eq!(value(&set, "turnover_rank_in_window/all-a"), too_short);
    assert_eq!(set.names[&symbol("600000.SH")].zh, "平安");
    let compared = SessionTurnover::of_days(session(), &days);
    assert_eq!(compared, SessionTurnover::of_totals(session(), &totals));
}

/// Bars of an index in the last five sessions, whose closes are their turnover in yuan.
fn index_bars() -> Vec<IndexBar> {
    let calendar = Calendar::builtin();
    let bar = |(back, points): (u32, i64)| {
        let [open, high, low, close] = [0, 9, -9, 1].map(|by| fen((points + by) * 100));
        let session = calendar.back(session(), back).unwrap().unwrap();
        IndexBar { session, open, high, low, close, turnover: Some(Fen(points * 100)) }
    };
    [(4, 3_000), (3, 3_200), (2, 3_020), (1, 3_050), (0, 3_110)].map(bar).to_vec()
}

/// An index of which a quote says all that its bar says has the figures of the close. Of one that has
/// a level alone, those are not known that rest on more.
#[test]
fn an_index_inside_a_session_is_compared_with_its_past() {
    let mut market = market();
    let index = symbol("000001.SH");
    market.indices = vec![IndexHistory { symbol: index, bars: index_bars() }];
    let whole = MarketSession::fold(&market, Rulebook::builtin()).unwrap();
    let closing = evaluate(&whole, Rulebook::builtin(), &[]);
    let opening = opening(&market);
    let IndexBar { open, high, low, close, turnover, .. } = *index_bars().last().unwrap();
    let inside = |range: Option<LevelRange>, before: Option<Fen>| {
        let quote = IndexQuote { time: 37_000, last: close, range, turnover };
        let moment = IndexMoment {
            quotes: vec![(index, quote), (symbol("000016.SH"), quote)],
            turnover_before: before.into_iter().map(|fen| (index, fen)).collect(),
        };
        let days = days(&opening, &SHARES);
        let set = opening.facts(&market, days, None, None, (37_800, &moment), &[]);
        assert!(set.facts.keys().all(|key| key.scope != Scope::Security(symbol("000016.SH"))));
        set
    };
    let levels_alone = inside(None, None);
    let told = inside(Some(LevelRange { open, high, low }), Some(Fen(305_000)));
    let of_index = |set: &FactSet, at: AsOf| {
        let own = set.facts.values().filter(|fact| {
            let measure = fact.key.measure.name();
            // Others are of shares too, of which quotes show some.
            let of_shares = [
                "index_breadth_gap",
                "index_member_count",
                "index_member_points",
                "index_residual",
            ];
            fact.key.scope == Scope::Security(index)
                && measure.starts_with("index_")
                && !of_shares.contains(&measure)
                && fact.key.as_of == at
        });
        own.map(|fact| (fact.key.measure.to_string(), fact.value.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let at = AsOf::Instant(37_800);
    let of_close = of_index(&closing, AsOf::Close);
    assert!(of_close.len() >= 26, "{}", of_close.len());
    assert_eq!(of_index(&told, at), of_close);
    let unknown = |reason: &str| Value::Unknown { reason: reason.to_owned() };
    let mut lacking = of_close;
    for (measure, value) in &mut lacking {
        let ranged = ["index_open", "index_high", "index_low", "index_gap", "index_amplitude"];
        if ranged.contains(&measure.as_str()) || measure.starts_with("index_intraday") {
            *value = unknown("no_range");
        } else if measure.starts_with("index_turnover_") {
            *value = unknown("no_turnover_before");
        }
    }
    assert_eq!(of_index(&levels_alone, at), lacking);
    assert_eq!(value(&told, "index_return/000001.SH"), Value::Return { ppb: Return(19_665_683) });
}

/// Many quotes at once do what they do one by one.
#[test]
fn quotes_arrive_together_as_they_do_one_by_one() {
    let mut market = market();
    // One was sealed in the session before, and each has share capital.
    for (place, security) in market.securities.iter_mut().enumerate() {
        security.listing.names = vec![NameOn { on: session(), name: "平安".to_owned() }];
        security.shares = vec![Shares { total: 7, float: 3 + place as u64, on: session() }];
    }
    let sealed = market.securities[0].bars[4].traded.as_mut().unwrap();
    (sealed.high, sealed.last) = (fen(1_100), fen(1_100));
    let opening = opening(&market);
    let (mut together, mut single) = (Live::new(&opening), Live::new(&opening));
    assert_eq!(together.place(symbol("000002.SZ")), None);
    let places = SHARES.map(|text| together.place(symbol(text)).unwrap());
    let quotes: Vec<(u32, Quote)> = (0..60)
        .map(|n| (places[n as usize % 4] as u32, snapshot(n, 951 + i64::from(n * 7 % 60))))
        .collect();
    together.arrive_all(&quotes);
    assert_eq!(single.day(places[0]), None, "before its first quote");
    for (place, quote) in &quotes {
        assert_eq!(single.arrive(*place as usize, quote), Arrival::Added);
    }
    assert_eq!(together.days().len(), 4);
    assert_eq!(together.days(), single.days());
    assert!(together.totals() == single.totals() && *single.totals() != Totals::default());
    assert!(*single.totals() == Totals::of(&single.cells()), "numbers are shifted");
    assert!(single.cells().iter().any(|cell| cell.marks.has(Mark::FollowKnown)));
    assert_eq!(single.cells(), single.days().iter().map(Cell::of).collect::<Vec<_>>());
    assert_eq!(together.figures(), single.figures());
}

/// Quotes from before the rotation before the last one are forgotten; corrections of later ones
/// are heeded.
#[test]
fn a_live_market_forgets_by_rotations() {
    let opening = opening(&market());
    let late = |rotations: usize| {
        let mut live = Live::new(&opening);
        let place = live.place(symbol("600000.SH")).unwrap();
        live.arrive(place, &snapshot(3, 1_010));
        live.arrive(place, &snapshot(6, 1_020));
        (0..rotations).for_each(|_| live.rotate());
        live.arrive(place, &Quote { revision: 1, ..snapshot(3, 1_030) })
    };
    assert_eq!([0, 1, 2].map(late), [Arrival::Corrected, Arrival::Corrected, Arrival::TooLate]);
}

/// Returns by size, which a market as small as those of the laws has not.
#[test]
fn live_figures_by_size_are_those_of_a_review() {
    let codes: Vec<String> = (0..24).map(code).collect();
    let mut market = shares(&codes.iter().map(String::as_str).collect::<Vec<_>>());
    for (place, security) in market.securities.iter_mut().enumerate() {
        // Neither in the order of symbols nor all different.
        let total = 10 + (place as u64 * 7 % 24) / 2;
        security.shares = vec![Shares { total, float: 1, on: session() }];
        security.listing.names = vec![NameOn { on: session(), name: "平安".to_owned() }];
    }
    let opening = opening(&market);
    let mut live = Live::new(&opening);
    let mut tenths = Vec::new();
    for second in 0..3 {
        for (n, text) in codes.iter().enumerate() {
            let last = 1_000 + n as i64 * i64::from(second * second) - 20;
            live.arrive(live.place(symbol(text)).unwrap(), &snapshot(second, last));
        }
        let at = (37_800, &IndexMoment::default());
        let set = opening.facts(&market, live.days(), None, None, at, &[]);
        let figures = live.figures();
        for figure in figures.iter().filter(|figure| figure.id == "size_decile_return") {
            let parameter = figure.parameter.as_deref().unwrap();
            let reviewed = value(&set, &format!("size_decile_return:{parameter}/all-a"));
            assert_eq!(figure.value, reviewed, "{second} {parameter}");
            tenths.push(reviewed);
        }
    }
    let is_known = |value: &Value| !matches!(value, Value::Unknown { .. });
    tenths.dedup();
    assert!(tenths.len() > 15 && tenths.iter().all(is_known), "{tenths:?}");
}

/// A share that nothing was known of before counts from its first trade on, whatever the session's
/// bar says; a row without trade alone is no trade.
#[test]
fn a_share_without_a_past_is_there_once_it_trades() {
    let mut market = market();
    market.securities[0].bars.drain(..5);
    let opening = opening(&market);
    let of = |traded: Option<Traded>| {
        let quote = Quote { traded, ..snapshot(0, 1_010) };
        opening.days(&[(symbol("600000.SH"), vec![quote])]).len()
    };
    assert_eq!([of(snapshot(0, 1_010).traded), of(None)], [1, 0]);
    let idle =
        opening.days(&[(symbol("600004.SH"), vec![Quote { traded: None, ..snapshot(0, 1) }])]);
    assert_eq!(idle.len(), 1);
}
