//! Whole sessions: who counts by size and as a mover, what is found, and what figures rest on.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod basis;
mod beside;
mod findings;
mod funds;
mod group_points;
mod held;
mod instant;
mod made;
#[path = "../market/mod.rs"]
mod market;
mod marks;
mod named;
mod provenance;
mod series;
mod themes;
mod walks;

use std::sync::Arc;

use fupan_fact::{Basis, FactKey, FactSet, Scope, Value};
use fupan_market::{
    Board, Calendar, DailyBar, Fen, Finding, FindingKind, GroupsPast, IndexBar, LimitBasis,
    Listing, MarketHistory, NameOn, PrevCloseBasis, PriceLimit, Return, RiskWarning, Rulebook,
    SecurityDay, SecurityFold, SecurityHistory, SessionDate, Shares, StatusBasis, Symbol,
    TRACKED_INDICES, TrackedIndex, Traded, Turnover, TurnoverBasis, Unknown, Unlimited,
};
use fupan_measure::{
    ExpectedRows, FigureHistory, IndexFold, MarketSession, PastCloses, SessionTurnover, across,
    evaluate, risk_warned,
};
use market::{bar_day, fen, session};

fn date(text: &str) -> SessionDate {
    text.parse().unwrap()
}

/// A share that closes at a price in fen after 10.00, and was not sealed before.
fn closing(symbol: &str, last: i64) -> SecurityDay {
    let prices = [last, last.max(1_000), last.min(1_000), last];
    let mut day = bar_day(symbol, "平安", Some(1_000), Some(prices));
    day.carried.streak = Some(0);
    day
}

fn of_shares(symbol: &str, last: i64, total: u64, float: u64) -> SecurityDay {
    SecurityDay { shares: Some(Shares { total, float, on: session() }), ..closing(symbol, last) }
}

/// Indices of the board, by their closes of the last sessions up to this one.
fn with_indices<const N: usize>(mut market: MarketSession, closes: [&str; N]) -> MarketSession {
    let calendar = Calendar::builtin();
    for symbol in TRACKED_INDICES.map(TrackedIndex::symbol) {
        let mut fold = IndexFold::new(symbol);
        for (back, close) in (0..N as u32).rev().zip(closes) {
            let session = calendar.back(market.session, back).unwrap().unwrap();
            let close = close.parse().unwrap();
            let (open, high, low) = (close, close, close);
            let bar = IndexBar { session, open, high, low, close, turnover: None };
            let view = fold.step(calendar.number(session).unwrap(), &bar);
            if session == market.session {
                market.indices.push(view);
            }
        }
    }
    market
}

fn of_days(mut days: Vec<SecurityDay>) -> MarketSession {
    days.sort_by_key(|day| day.symbol);
    MarketSession {
        session: session(),
        days,
        past: Vec::new(),
        indices: Vec::new(),
        past_closes: PastCloses::default(),
        expected: ExpectedRows::default(),
        groups: Arc::default(),
        baskets: Vec::new(),
        groups_past: GroupsPast::Unread,
        own_past: None,
        funds: Vec::new(),
    }
}

fn facts(market: &MarketSession) -> FactSet {
    evaluate(market, Rulebook::builtin(), &[])
}

fn key(text: &str) -> FactKey {
    format!("{text}/{}/close", session()).parse().unwrap()
}

fn value<'a>(set: &'a FactSet, text: &str) -> &'a Value {
    &set.get(&key(text)).unwrap_or_else(|| panic!("no {text}")).value
}

fn ppb(ppb: i64) -> Value {
    Value::Return { ppb: Return(ppb) }
}

fn unknown(reason: &str) -> Value {
    Value::Unknown { reason: reason.to_owned() }
}

fn code(code: usize) -> String {
    format!("60{code:04}.SH")
}

/// Every shares' closing price is 10.00, but for the one named.
fn flat_but(last: i64, odd: usize, total: impl Fn(usize) -> u64) -> Vec<SecurityDay> {
    let price = |n: usize| if n == odd { last } else { 1_000 };
    (0..401).map(|n| of_shares(&code(n), price(n), total(n), 10)).collect()
}

/// The four hundred smallest by all their shares: a rise of 4 % in one of them is 0.01 %.
#[test]
fn micro_caps_are_the_smallest_by_total_capitalisation() {
    let grows = |n: usize| 1_000 + n as u64;
    let micro = |days| value(&facts(&of_days(days)), "micro_cap_return/all-a").clone();
    assert_eq!(micro(flat_but(1_040, 399, grows)), ppb(100_000));
    assert_eq!(micro(flat_but(1_040, 400, grows)), ppb(0));
    // Tradable shares do not matter.
    let mut days = flat_but(1_040, 400, grows);
    days[400].shares = Some(Shares { total: 1_400, float: 1, on: session() });
    assert_eq!(micro(days), ppb(0));
    // At the previous close: a price that falls below another's does not make a share smaller.
    let mut days = flat_but(960, 400, |n| if n == 400 { 1_001 } else { 1_000 });
    assert_eq!(micro(days.clone()), ppb(0));
    // Of equal sizes the first by symbol.
    days = flat_but(1_040, 400, |_| 1_000);
    assert_eq!(micro(days), ppb(0));
    assert_eq!(micro(flat_but(1_040, 399, |_| 1_000)), ppb(100_000));
    assert_eq!(micro(flat_but(1_040, 0, grows)[1..].to_vec()), ppb(0));
    assert_eq!(micro(flat_but(1_040, 0, grows)[2..].to_vec()), unknown("population_too_small"));
}

#[test]
fn shares_that_are_set_apart_are_no_micro_caps() {
    let micro = |change: fn(&mut SecurityDay)| {
        let mut days = flat_but(1_040, 0, |n| 1_000 + n as u64);
        days.push(of_shares("601999.SH", 1_000, 9_999, 10));
        change(&mut days[0]);
        value(&facts(&of_days(days)), "micro_cap_return/all-a").clone()
    };
    assert_eq!(micro(|_| {}), ppb(100_000));
    assert_eq!(micro(|day| day.status.delisting_since = Some(session())), ppb(0));
    assert_eq!(micro(|day| day.limit = PriceLimit::Unlimited(Unlimited::NewListing)), ppb(0));
    assert_eq!(micro(|day| day.status.risk_warning = RiskWarning::Yes), ppb(0));
}

#[test]
fn ten_members_are_told_that_lifted_the_index_and_ten_that_weighed_on_it() {
    let told = |days: Vec<SecurityDay>| -> Vec<String> {
        let set = facts(&with_indices(of_days(days), ["4000.00", "4000.00"]));
        let movers = set.facts.keys().filter(|key| key.measure.name() == "index_contribution");
        let mut symbols: Vec<String> = movers.map(|key| key.scope.to_string()).collect();
        symbols.sort();
        symbols
    };
    let days = |change: fn(usize) -> i64| -> Vec<SecurityDay> {
        (1..=24).map(|n| of_shares(&code(n), 1_000 + change(n), 100, 100)).collect()
    };
    // Twelve rise by 0.01 to 0.12 yuan, twelve fall by as much.
    let apart = told(days(|n| if n <= 12 { n as i64 } else { 12 - n as i64 }));
    let expected: Vec<String> = (3..=12).chain(15..=24).map(code).collect();
    assert_eq!(apart, expected);
    // Of equal ones the first by symbol.
    assert_eq!(told(days(|n| if n <= 12 { 5 } else { 0 })), (1..=10).map(code).collect::<Vec<_>>());
    assert_eq!(told(days(|_| 0)), Vec::<String>::new());
}

/// A share of each exchange, and every index.
fn sound() -> MarketSession {
    let days = ["600000.SH", "000001.SZ", "920001.BJ"].map(|symbol| of_shares(symbol, 1_010, 9, 9));
    with_indices(of_days(days.to_vec()), ["4000.00", "4040.00"])
}

fn found(market: &MarketSession) -> Vec<(FindingKind, u64, String)> {
    let findings = facts(market).findings;
    findings
        .into_iter()
        .map(|Finding { kind, count, subject, .. }| (kind, count, subject))
        .collect()
}

fn finding(kind: FindingKind, count: u64, subject: &str) -> (FindingKind, u64, String) {
    (kind, count, subject.to_owned())
}

#[test]
fn a_sound_session_has_no_finding() {
    assert_eq!(found(&sound()), []);
    for fact in facts(&sound()).facts.values() {
        assert_eq!(fact.provenance.findings, [], "{}", fact.key);
        let basis = match fact.value {
            Value::Unknown { .. } => Basis::None,
            _ => Basis::Exact,
        };
        assert_eq!(fact.provenance.basis, basis, "{}", fact.key);
    }
}

#[test]
fn an_exchange_or_an_index_that_is_missing_is_found() {
    for (missing, subject) in [("600000.SH", "sse"), ("000001.SZ", "szse"), ("920001.BJ", "bse")] {
        let mut market = sound();
        market.days.retain(|day| day.symbol.to_string() != missing);
        assert_eq!(found(&market), [finding(FindingKind::MissingData, 1, subject)]);
    }
    let mut market = sound();
    market.indices.retain(|index| index.symbol.to_string() != "399006.SZ");
    assert_eq!(found(&market), [finding(FindingKind::MissingData, 1, "399006.SZ")]);
}

#[test]
fn what_prices_and_turnovers_rest_on_is_found() {
    let mut market = sound();
    market.days.push(closing("600004.SH", 1_000));
    market.days.sort_by_key(|day| day.symbol);
    let of_sse = |day: &&mut SecurityDay| day.symbol.to_string().ends_with("SH");
    market.days.iter_mut().filter(of_sse).for_each(|day| {
        day.prev_close_basis = PrevCloseBasis::Derived;
    });
    assert_eq!(found(&market), [finding(FindingKind::DerivedPrevClose, 2, "sse")]);
    // Neither where it did not trade, nor where there is no previous close at all.
    market.days.iter_mut().filter(of_sse).for_each(|day| day.traded = None);
    let derived = |market: &MarketSession| {
        found(market).iter().any(|(kind, ..)| *kind == FindingKind::DerivedPrevClose)
    };
    assert!(!derived(&market));

    let mut market = sound();
    estimate(&mut market.days[0]);
    estimate(&mut market.days[2]);
    assert_eq!(found(&market), [finding(FindingKind::EstimatedTurnover, 2, "")]);
}

fn estimate(day: &mut SecurityDay) {
    if let Some(traded) = &mut day.traded {
        traded.turnover.basis = TurnoverBasis::Estimated;
    }
}

#[test]
fn share_capital_of_other_dates_is_found() {
    let on = |date: &str| {
        let mut market = sound();
        let on = date.parse().unwrap();
        market.days[1].shares = Some(Shares { total: 9, float: 9, on });
        found(&market)
    };
    assert_eq!(on("2026-02-11"), []);
    for date in ["2026-02-10", "2026-02-13"] {
        assert_eq!(on(date), [finding(FindingKind::MissingData, 1, "share_capital")], "{date}");
    }
}

/// Outside every band that the security could have, and only then.
#[test]
fn prices_outside_every_band_are_found() {
    let under = |limit: PriceLimit| {
        let mut market = sound();
        market.days[0].limit = limit;
        found(&market)
    };
    assert_eq!(under(sound().days[0].limit), []);
    let breach = finding(FindingKind::LimitBreach, 1, "");
    assert_eq!(under(PriceLimit::Unknown(Unknown::OutsideEveryBand)), [breach]);
}

#[test]
fn new_listings_without_a_limit_are_found() {
    let mut market = sound();
    market.days[0].limit = PriceLimit::Unlimited(Unlimited::NewListing);
    assert_eq!(found(&market), [finding(FindingKind::UnknownLimit, 1, "new_listing")]);
}

/// A day of unknown status whose limit is known by so much.
fn of_basis(symbol: &str, basis: LimitBasis) -> SecurityDay {
    let mut day = closing(symbol, 1_010);
    day.shares = Some(Shares { total: 9, float: 9, on: session() });
    day.status.risk_warning = RiskWarning::Unknown;
    day.status.basis = StatusBasis::NearestName;
    day.limit_basis = basis;
    if basis == LimitBasis::Undetermined {
        day.limit = PriceLimit::Unknown(Unknown::NoStatus);
    }
    day
}

#[test]
fn unknown_statuses_are_counted_by_what_decided_the_limit() {
    use LimitBasis::{NearestName, Rules, ShownByPrices, Undetermined};
    let mut market = sound();
    for (basis, symbols) in [
        (Rules, &["600010.SH"][..]),
        (ShownByPrices, &["600011.SH", "600012.SH"]),
        (NearestName, &["600015.SH", "600016.SH", "600017.SH"]),
        (Undetermined, &["600018.SH", "600019.SH", "600020.SH", "600021.SH"]),
    ] {
        market.days.extend(symbols.iter().map(|symbol| of_basis(symbol, basis)));
    }
    market.days.push(SecurityDay { traded: None, ..of_basis("600022.SH", NearestName) });
    market.days.sort_by_key(|day| day.symbol);
    let kind = FindingKind::UnknownStatus;
    assert_eq!(
        found(&market),
        [
            finding(kind, 10, "risk_warning"),
            finding(kind, 3, "nearest_name"),
            finding(kind, 4, "undetermined"),
        ]
    );
    let whole = &facts(&market).findings[0].detail;
    for text in [
        "for 1 the limit is the same either way",
        "for 2 the day's prices show",
        "3 are judged by the name of the nearest date (600015.SH, 600016.SH, 600017.SH)",
        "4 are undetermined (600018.SH, 600019.SH, 600020.SH, 600021.SH)",
    ] {
        assert!(whole.en.contains(text), "{text}: {}", whole.en);
    }
    for text in ["1只按规则", "2只由当日", "3只按日期最近的简称判断（600015.SH、", "4只无法确定"]
    {
        assert!(whole.zh.contains(text), "{text}: {}", whole.zh);
    }
}

/// What one figure says of limits that rest on a name, and of those it could not judge.
fn uncertain(set: &FactSet, text: &str) -> [u64; 2] {
    let findings = &set.get(&key(text)).unwrap().provenance.findings;
    let of = |kind: FindingKind| {
        findings.iter().filter(|finding| finding.kind == kind).map(|finding| finding.count).sum()
    };
    [of(FindingKind::UnknownStatus), of(FindingKind::UnknownLimit)]
}

/// Of four shares of unknown status two were sealed before; one of those, and one other, have a
/// limit by their names.
#[test]
fn figures_say_how_many_limits_rest_on_a_name() {
    let sealed_before = |mut day: SecurityDay| {
        day.carried.streak = Some(1);
        day
    };
    let market = of_days(vec![
        sealed_before(of_basis("600015.SH", LimitBasis::NearestName)),
        sealed_before(of_basis("600016.SH", LimitBasis::Rules)),
        of_basis("600017.SH", LimitBasis::NearestName),
        of_basis("600018.SH", LimitBasis::Undetermined),
    ]);
    let set = facts(&market);
    for (figure, expected) in [
        ("promotion_rate:all/all-a", [1, 0]),
        ("prior_limit_up_return/all-a", [1, 0]),
        ("promotion_suspended:all/all-a", [1, 0]),
        ("limit_up_count/all-a", [2, 1]),
        ("return_bin:flat/all-a", [2, 0]),
        ("advances/all-a", [0, 0]),
    ] {
        assert_eq!(uncertain(&set, figure), expected, "{figure}");
    }
}

/// Turnover of sessions before, the last of them on an estimate where it is asked for.
fn past(estimated: bool) -> Vec<SessionTurnover> {
    let calendar = Calendar::builtin();
    (1..=5)
        .rev()
        .map(|back| {
            let mut past = SessionTurnover::new(calendar.back(session(), back).unwrap().unwrap());
            let basis = match estimated && back == 1 {
                true => TurnoverBasis::Estimated,
                false => TurnoverBasis::Reported,
            };
            let turnover = Turnover { fen: Fen(500_000), basis };
            past.add("600000.SH".parse().unwrap(), Board::Main, turnover);
            let turnover = Turnover { basis: TurnoverBasis::Reported, ..turnover };
            past.add("000001.SZ".parse().unwrap(), Board::Main, turnover);
            past.add("920001.BJ".parse().unwrap(), Board::Bse, turnover);
            past
        })
        .collect()
}

#[test]
fn a_comparison_with_an_estimated_past_is_an_estimate() {
    let of = |estimated: bool| {
        let market = MarketSession { past: past(estimated), ..sound() };
        facts(&market)
    };
    for figure in [
        "turnover_prev",
        "turnover_change",
        "turnover_change_rate",
        "turnover_vs_ma5",
        "turnover_rank_in_window",
    ] {
        let text = format!("{figure}/all-a");
        for (estimated, basis) in [(false, Basis::Exact), (true, Basis::Estimated)] {
            let set = of(estimated);
            let fact = set.get(&key(&text)).unwrap();
            assert_eq!(fact.provenance.basis, basis, "{figure}");
            let counted: Vec<u64> = fact.provenance.findings.iter().map(|f| f.count).collect();
            assert_eq!(counted, if estimated { vec![1] } else { vec![] }, "{figure}");
        }
    }
    // The session's own turnover is what it was; that of the session before is marked.
    let set = of(true);
    assert_eq!(set.get(&key("turnover/all-a")).unwrap().provenance.basis, Basis::Exact);
    let before: FactKey = "turnover/all-a/2026-02-11/close".parse().unwrap();
    assert_eq!(set.get(&before).unwrap().provenance.basis, Basis::Estimated);
}

/// The facts of a session so many before the last, of whose shares so many rise.
fn reviewed(back: u32, rising: usize, past: &FigureHistory) -> FactSet {
    let on = Calendar::builtin().back(session(), back).unwrap().unwrap();
    let last = |n: usize| if n < rising { 1_010 } else { 990 };
    let mut days: Vec<SecurityDay> = (0..4).map(|n| closing(&code(n), last(n))).collect();
    days.iter_mut().for_each(|day| day.session = on);
    let market = MarketSession { session: on, ..of_days(days) };
    let mut set = facts(&market);
    across(&mut set, past);
    set
}

/// Every line goes on from the session before, over three sessions put one behind the other.
#[test]
fn lines_go_on_from_reviewed_session_to_reviewed_session() {
    let mut past = FigureHistory::new(Calendar::builtin());
    let mut lines = Vec::new();
    for (back, rising) in [(2, 4), (1, 1), (0, 3)] {
        let set = reviewed(back, rising, &past);
        let of = |name: &str| {
            let key = FactKey::at_close(name.parse().unwrap(), Scope::AllA, set.session);
            set.get(&key).unwrap().value.integers().map(|(number, _)| number)
        };
        lines.push([
            of("advance_decline_line"),
            of("net_advances_ema19"),
            of("net_advances_ema39"),
            of("advance_share_ema10"),
        ]);
        past.push_set(&set);
    }
    let expected = [
        // Net advances of 1,000, −500 and 500, in millionths; shares of 1, 1/4 and 3/4.
        [4, 1_000_000_000, 1_000_000_000, 1_000_000],
        [2, 850_000_000, 925_000_000, 863_636],
        [4, 815_000_000, 903_750_000, 842_975],
    ];
    assert_eq!(lines, expected.map(|line| line.map(Some)));
    // Turnover is looked back on too, and each session once.
    let turnovers = past.figures().filter(|(_, _, measure, _)| *measure == "turnover");
    assert_eq!(turnovers.map(|(place, ..)| place).collect::<Vec<_>>(), [0, 1, 2]);
}

/// The facts of a session so many before the last, one of whose shares may have an estimate.
fn traded(back: u32, estimated: bool) -> FactSet {
    let on = Calendar::builtin().back(session(), back).unwrap().unwrap();
    let mut market = MarketSession { session: on, indices: Vec::new(), ..sound() };
    market.days.iter_mut().for_each(|day| day.session = on);
    if estimated {
        estimate(&mut market.days[0]);
    }
    facts(&market)
}

#[test]
fn a_percentile_over_an_estimate_is_one() {
    let basis = |estimated: Option<u32>| {
        let mut past = FigureHistory::new(Calendar::builtin());
        for back in (1..=260).rev() {
            past.push_set(&traded(back, estimated == Some(back)));
        }
        let mut set = traded(0, estimated == Some(0));
        across(&mut set, &past);
        let fact = set.get(&key("percentile_250:turnover/all-a")).unwrap();
        assert_eq!(fact.value, Value::Share { part: 250, whole: 250 });
        fact.provenance.basis
    };
    assert_eq!(basis(None), Basis::Exact);
    for (back, expected) in [
        (0, Basis::Estimated),
        (1, Basis::Estimated),
        (249, Basis::Estimated),
        // Before the window.
        (250, Basis::Exact),
    ] {
        assert_eq!(basis(Some(back)), expected, "{back}");
    }
}

#[test]
fn a_measure_is_told_of_where_it_has_a_fact() {
    let set = facts(&sound());
    let mut named: Vec<&str> = set.facts.keys().map(|key| key.measure.name()).collect();
    named.sort_unstable();
    named.dedup();
    let told: Vec<&str> = set.measures.keys().map(String::as_str).collect();
    assert_eq!(told, named);
}

/// A main-board day of 2024 of a share that is called ST two years later, in fen from 10.00.
fn named_later(prices: [i64; 4]) -> SecurityDay {
    let symbol: Symbol = "600589.SH".parse().unwrap();
    let names = vec![NameOn { on: date("2026-05-28"), name: "ST大位".to_owned() }];
    let listing =
        Listing { listed_on: Some(date("2015-01-05")), names, ..Listing::unknown(symbol) };
    let on = date("2024-03-05");
    let fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, on);
    let [open, high, low, last] = prices.map(fen);
    let turnover = Turnover { fen: Fen(1_000_000), basis: TurnoverBasis::Reported };
    let traded = Some(Traded { open, high, low, last, volume: 1_000, turnover });
    let bar = DailyBar { session: on, prev_close: Some(fen(1_000)), traded };
    fold.day(&bar, Calendar::builtin().number(on).unwrap())
}

/// A share that stood at a limit of ten per cent was under no risk warning that day, whatever it
/// is called later; one that stood at five counts as its name says.
#[test]
fn a_limit_that_only_plain_shares_have_shows_that_a_share_is_plain() {
    for (prices, warned, band) in [
        ([1_000, 1_100, 1_000, 1_100], false, "band-10"),
        ([1_000, 1_100, 1_000, 1_040], false, "band-10"),
        ([1_000, 1_000, 900, 900], false, "band-10"),
        ([1_000, 1_000, 900, 960], false, "band-10"),
        ([1_000, 1_050, 1_000, 1_050], true, "band-st"),
        ([1_000, 1_000, 950, 950], true, "band-st"),
    ] {
        let day = named_later(prices);
        assert_eq!(day.status.nearest_risk_warning, RiskWarning::Yes);
        assert_eq!(risk_warned(&day), warned, "{prices:?}");
        let set = evaluate(&of_days(vec![day]), Rulebook::builtin(), &[]);
        let limited = set.get(&key(&format!("limited_count/{band}"))).unwrap();
        assert_eq!(limited.value, Value::Count { count: 1 }, "{prices:?}");
    }
}

/// A share's bars: so many sessions before the session, and whether it traded.
fn history(
    symbol: &str,
    delisted_on: Option<SessionDate>,
    bars: &[(u32, bool)],
) -> SecurityHistory {
    let symbol: Symbol = symbol.parse().unwrap();
    let listed_on = Some(date("2010-01-04"));
    let listing = Listing { listed_on, delisted_on, ..Listing::unknown(symbol) };
    let (price, turnover) =
        (fen(1_000), Turnover { fen: Fen(100_000), basis: TurnoverBasis::Reported });
    let traded =
        Traded { open: price, high: price, low: price, last: price, volume: 100, turnover };
    let bar = |(back, trades): &(u32, bool)| DailyBar {
        session: Calendar::builtin().back(session(), *back).unwrap().unwrap(),
        prev_close: Some(price),
        traded: trades.then_some(traded),
    };
    let bars = bars.iter().map(bar).collect();
    SecurityHistory { listing, board: Board::Main, shares: Vec::new(), before: None, bars }
}

/// Who counts as suspended, beside a share that trades every session.
fn suspended(securities: Vec<SecurityHistory>) -> Vec<String> {
    let always: Vec<(u32, bool)> = (0..=300).rev().map(|back| (back, true)).collect();
    let mut securities = securities;
    securities.insert(0, history("600000.SH", None, &always));
    let from = Calendar::builtin().back(session(), 300).unwrap().unwrap();
    let history = MarketHistory::of(session(), from, securities);
    let market = MarketSession::fold(&history, Rulebook::builtin()).unwrap();
    let untraded = market.days.iter().filter(|day| day.traded.is_none());
    untraded.map(|day| day.symbol.to_string()).collect()
}

#[test]
fn a_share_without_trade_for_250_sessions_is_not_counted_as_suspended() {
    // Its rows go on, without trade.
    let idle = |since: u32| -> Vec<(u32, bool)> {
        (0..=since).rev().map(|back| (back, back == since)).collect()
    };
    let of = |since: u32| suspended(vec![history("600004.SH", None, &idle(since))]);
    assert_eq!(of(1), ["600004.SH"]);
    assert_eq!(of(250), ["600004.SH"]);
    assert_eq!(of(251), Vec::<String>::new());
}

#[test]
fn a_share_is_listed_on_its_last_day_and_not_after_it() {
    let calendar = Calendar::builtin();
    let of = |back: u32| {
        let last_day = calendar.back(session(), back).unwrap().unwrap();
        suspended(vec![history("600004.SH", Some(last_day), &[(5, true), (0, false)])])
    };
    assert_eq!(of(0), ["600004.SH"]);
    assert_eq!(of(1), Vec::<String>::new());
}
