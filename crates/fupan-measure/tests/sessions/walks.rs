//! A walk through history gives for each session the facts that a review of it alone gives, from
//! whichever session it sets out and in whatever ranges it goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fupan_fact::{FactKey, FactSet, MeasureId, Scope, Value};
use fupan_market::{
    Calendar, Exchange, Groups, MarketHistory, OwnDay, Rulebook, SecurityDay, SecurityHistory,
    SessionDate, Shares, Symbol,
};
use fupan_measure::{
    GroupSums, History, Keep, MarketSession, Selection, SessionTurnover, WalkedSession, evaluate,
    own_past, review, review_kept,
};

use crate::{made, suspended};

/// How many earlier sessions' turnover a session sees.
const WINDOW: usize = 30;

/// The bars of some sessions.
fn between(market: &MarketHistory, from: SessionDate, to: SessionDate) -> MarketHistory {
    let mut range = MarketHistory { session: to, from, ..market.clone() };
    for security in &mut range.securities {
        security.bars.retain(|bar| from <= bar.session && bar.session <= to);
    }
    range.indices.iter_mut().for_each(|index| index.bars.retain(|bar| bar.session <= to));
    range
}

/// What the review of a session is made of, with as much past as a walk sees.
fn reviewed(market: &MarketHistory, session: SessionDate) -> MarketSession {
    let until = between(market, market.from, session);
    let mut reviewed = MarketSession::fold(&until, Rulebook::builtin()).unwrap();
    let outside = reviewed.past.len().saturating_sub(WINDOW);
    reviewed.past.drain(..outside);
    reviewed
}

fn history(from: SessionDate) -> History<'static> {
    History::new(Rulebook::builtin(), from, WINDOW as u32)
}

/// Walks the sessions from a place on, those before a second one without building their days.
fn walk(market: &MarketHistory, history: &mut History, places: [usize; 2]) -> Vec<WalkedSession> {
    let ([from, first], sessions) = (places, made::sessions());
    let mut walked = Vec::new();
    for range in sessions[from..first].chunks(70) {
        let [from, to] = [range[0], range[range.len() - 1]];
        history.pass(&between(market, from, to), from, to);
    }
    let (mut start, mut lengths) = (first, [17, 1, 60].into_iter().cycle());
    while start < sessions.len() {
        let end = sessions.len().min(start + lengths.next().unwrap());
        let [from, to] = [sessions[start], sessions[end - 1]];
        // Bars of other sessions do no harm, nor do sessions that are walked already.
        let (range, from) = match (end - start, start > first) {
            (1, _) => (market.clone(), from),
            (_, true) => (between(market, from, to), sessions[start - 1]),
            (_, false) => (between(market, from, to), from),
        };
        walked.extend(history.walk(&range, from, to, Keep::Days));
        start = end;
    }
    walked
}

fn facts_of(walked: &WalkedSession) -> FactSet {
    walked.facts(&Selection::review(), Rulebook::builtin(), &[])
}

#[test]
fn a_walk_has_the_facts_of_reviews() {
    let market = made::market();
    let sessions = made::sessions();
    let first = 200;
    let mut history = history(market.from);
    let walked = walk(&market, &mut history, [0, first]);
    let days: BTreeSet<SessionDate> = walked.iter().map(|walked| walked.market.session).collect();
    let untraded: Vec<usize> =
        (first..sessions.len()).filter(|place| !days.contains(&sessions[*place])).collect();
    assert_eq!(untraded, [290], "sessions without a trade are left out");
    assert_eq!(walked.len(), sessions.len() - first - 1);
    for walked in walked.iter().step_by(5).chain(near_holes(&walked)) {
        let (session, review) = (walked.market.session, reviewed(&market, walked.market.session));
        assert_eq!(walked.market.days, review.days, "{session}");
        assert_eq!(walked.market.past, review.past, "{session}");
        assert_eq!(walked.market.indices, review.indices, "{session}");
        assert_eq!(walked.market.expected, review.expected, "{session}");
        assert!(facts_of(walked) == evaluate(&review, Rulebook::builtin(), &[]), "{session}");
    }
}

/// What a security did in the sessions before one is what the walk says of each of them, over
/// suspensions, holes and changes of codes.
#[test]
fn a_security_has_the_past_that_a_walk_gives_it() {
    let market = made::market();
    let number = |session| Calendar::builtin().number(session).unwrap();
    let (mut history, mut walked) = (history(market.from), BTreeMap::new());
    for walked_session in walk(&market, &mut history, [0, 0]) {
        for day in walked_session.market.days.iter().filter(|day| day.traded.is_some()) {
            let own = OwnDay {
                number: number(day.session),
                returned: day.day_return(),
                turnover: day.traded.map(|traded| traded.turnover),
            };
            let last_code = last_code(&market, day.symbol, day.session);
            walked.entry(last_code).or_insert_with(Vec::new).push(own);
        }
    }
    for place in [120, 291, 331, made::sessions().len() - 1] {
        let session = made::sessions()[place];
        let until = between(&market, market.from, session);
        let every = Selection::review().with_every_security();
        let past = own_past(&until, &every, Rulebook::builtin()).unwrap();
        assert_eq!(past.from, number(market.from));
        let mut days = 0;
        for (symbol, own) in &past.securities {
            let all = walked.get(&last_code(&market, *symbol, session)).cloned();
            let mut all = all.unwrap_or_default();
            all.retain(|day| day.number < number(session));
            assert_eq!(own.days, all, "{symbol} before {session}");
            assert!(!own.traded_before, "{symbol}: the data begin with its first day");
            days += all.len();
        }
        assert!(days > 9 * place, "{days} days before {session}");
    }
    let one = Selection::review().with_securities(vec!["600003.SH".parse().unwrap()]);
    let past = own_past(&market, &one, Rulebook::builtin()).unwrap();
    assert_eq!(past.securities.len(), 1);
}

/// The last code of a security that has a code in a session.
fn last_code(market: &MarketHistory, symbol: Symbol, session: SessionDate) -> Symbol {
    let listings = market.securities.iter().map(|security| &security.listing);
    let mut of = listings.filter(|listing| listing.symbol_on(session) == symbol);
    of.next().map_or(symbol, |listing| listing.symbol)
}

/// The sessions at and after those that lack rows.
fn near_holes(walked: &[WalkedSession]) -> impl Iterator<Item = &WalkedSession> {
    let places = [250, 251, 289, 291, 310, 311, 330, 331, 340, 360, 361, 400, 401];
    let near = places.map(|place| made::sessions()[place]);
    walked.iter().filter(move |walked| near.contains(&walked.market.session))
}

/// Sessions of which every exchange has its rows are no holes: whoever traded long enough is judged.
#[test]
fn data_that_lack_nothing_have_no_holes() {
    let session = reviewed(&made::market(), made::sessions()[249]);
    let facts = evaluate(&session, Rulebook::builtin(), &[]);
    let key = FactKey::at_close(MeasureId::new("new_high_250"), Scope::AllA, session.session);
    let coverage = facts.get(&key).unwrap().provenance.coverage;
    assert!(coverage.judged > 5, "{coverage:?}");
}

/// Who was seen before and has no day in a month's first session is away, and nobody else.
#[test]
fn who_has_no_day_in_a_months_first_session_is_away() {
    let market = made::market();
    let walked = walk(&market, &mut history(market.from), [0, 200]);
    let mut away = 0;
    for pair in walked.windows(2) {
        let [month, next] = [&pair[0], &pair[1]].map(|walked| walked.market.session.date().month());
        let WalkedSession { market: MarketSession { days, session, .. }, away: gone, .. } =
            &pair[1];
        if month == next {
            assert!(gone.is_empty(), "{session}");
            continue;
        }
        away += gone.len();
        let mut known: Vec<Symbol> = days.iter().chain(gone).map(|day| day.symbol).collect();
        known.sort_unstable();
        let mut seen: Vec<Symbol> = seen_by(&market, *session);
        // Those whose first row is in the session, or that a list of one expects.
        seen.extend(days.iter().map(|day| day.symbol));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(known, seen, "{session}");
        // A row is left out if its exchange has no trade at all.
        let is_left_out = |gone: &SecurityDay| {
            let exchange = gone.symbol.exchange();
            gone.has_row && days.iter().all(|day| day.symbol.exchange() != exchange)
        };
        let is_away = |day: &SecurityDay| !day.has_row || is_left_out(day);
        assert!(gone.iter().all(|day| is_away(day) && day.traded.is_none()), "{session}");
        assert!(gone.is_sorted_by_key(|day| day.symbol), "{session}");
    }
    assert!(away > 10, "{away}");
}

/// The securities of which a row counts before a session, by their codes in it.
fn seen_by(market: &MarketHistory, session: SessionDate) -> Vec<Symbol> {
    let seen = market.securities.iter().filter(|security| {
        let exchange = security.listing.symbol.exchange();
        let listed_on = security.listing.listed_on.filter(|_| exchange.first_session().is_some());
        security.bars.iter().any(|bar| {
            let counts = exchange.is_open_in(bar.session) && listed_on <= Some(bar.session);
            bar.session < session && counts
        })
    });
    seen.map(|security| security.listing.symbol_on(session)).collect()
}

/// A security with what it brought into a session.
fn bringing(market: &MarketHistory, days: &[SecurityDay]) -> Vec<SecurityHistory> {
    let with = |security: &SecurityHistory| {
        let day = days.iter().find(|day| security.listing.symbol_on(day.session) == day.symbol)?;
        Some(SecurityHistory { before: Some(day.brought()), ..security.clone() })
    };
    market.securities.iter().filter_map(with).collect()
}

/// A walk may set out from the first session of a month, if it knows what securities bring.
#[test]
fn a_walk_from_what_is_kept_has_the_facts_of_the_whole_walk() {
    let market = made::market();
    let sessions = made::sessions();
    // As many sessions later as averages and extremes look back on.
    let (start, compared) = (place_of("2021-09-01"), place_of("2021-09-01") + 251);
    let whole = walk(&market, &mut history(market.from), [0, start]);
    let (from, first) = (sessions[start], &whole[0]);
    assert_eq!(first.market.session, from);
    let mut days = [&first.market.days[..], &first.away].concat();
    days.sort_unstable_by_key(|day| day.symbol);
    let securities: Vec<SecurityHistory> = bringing(&market, &days)
        .into_iter()
        .map(|mut security| {
            security.bars.clear();
            // How the session compared with the past is kept for that session only.
            security.before.as_mut().unwrap().stood = None;
            security
        })
        .collect();
    let mut history = history(from);
    history.know(&securities, &between(&market, sessions[start - 20], sessions[start - 1]));
    let again = walk(&market, &mut history, [start, compared]);
    let rest = whole.iter().filter(|walked| walked.market.session >= sessions[compared]);
    let rest: Vec<&WalkedSession> = rest.collect();
    assert_eq!(again.len(), rest.len());
    for (again, whole) in again.iter().zip(rest).step_by(3) {
        let session = whole.market.session;
        assert_eq!(again.market.past, whole.market.past, "{session}");
        assert!(facts_of(again) == facts_of(whole), "{session}");
    }
}

fn place_of(session: &str) -> usize {
    made::sessions().binary_search(&session.parse().unwrap()).unwrap()
}

/// A walk that keeps no days has the same figures, but for those of single securities.
#[test]
fn a_walk_without_days_has_the_figures_of_totals() {
    let market = made::market();
    let sessions = made::sessions();
    let (from, to) = (sessions[300], sessions[320]);
    let of = |keep: Keep| {
        let mut history = history(market.from);
        history.pass(&market, sessions[0], sessions[299]);
        history.walk(&market, from, to, keep)
    };
    let selection = Selection::of(|measure| !measure.is_of_days(), |_| true).with_review_groups();
    assert!(!selection.needs_days());
    let [with, without] = [Keep::Days, Keep::Totals].map(of);
    assert_eq!(with.len(), 21);
    for (with, without) in with.iter().zip(&without) {
        assert!(without.market.days.is_empty() && without.away.is_empty());
        let [one, other] = [with, without].map(|w| w.facts(&selection, Rulebook::builtin(), &[]));
        assert!(one == other && !one.facts.is_empty(), "{}", with.market.session);
    }
}

#[test]
#[should_panic(expected = "days that a figure needs are kept")]
fn figures_of_days_that_are_not_kept_are_refused() {
    let market = made::market();
    let (from, to) = (made::sessions()[0], made::sessions()[1]);
    let walked = history(from).walk(&market, from, to, Keep::Totals);
    let of_days = Selection::of(|measure| measure.name() == "last_price", |_| true);
    walked[1].facts(&of_days, Rulebook::builtin(), &[]);
}

/// The review of a session from its own bars and what securities brought into it is its review
/// from all bars.
#[test]
fn a_review_from_what_is_kept_is_the_review() {
    let market = made::market();
    let (sessions, rulebook) = (made::sessions(), Rulebook::builtin());
    for place in [120, 260, 291, 311, 331, 345, 401, 430] {
        let session = sessions[place];
        let until = between(&market, market.from, session);
        let whole = MarketSession::fold(&until, rulebook).unwrap();
        let mut kept = between(&market, session, session);
        kept.securities = bringing(&kept, &whole.days);
        let again =
            review_kept(&kept, market.from, whole.past, &Selection::review(), rulebook, &[]);
        let review = review(&until, &Selection::review(), rulebook, &[]);
        assert!(again == review, "{session}");
    }
}

/// A share without rows is counted as suspended for twenty sessions, or as long as its delisting
/// is to come.
#[test]
fn a_share_without_a_row_for_twenty_sessions_is_not_counted_as_suspended() {
    let of = |since: u32, delisted_on: Option<SessionDate>| {
        suspended(vec![crate::history("600004.SH", delisted_on, &[(since, true)])]).len()
    };
    assert_eq!([1, 20, 21].map(|since| of(since, None)), [1, 1, 0]);
    let to_come = Some("2026-03-02".parse().unwrap());
    assert_eq!([21, 250, 251].map(|since| of(since, to_come)), [1, 1, 0]);
    // A row without trade is a row.
    let idle = vec![crate::history("600004.SH", None, &[(40, true), (20, false)])];
    assert_eq!(suspended(idle).len(), 1);
    let idle = vec![crate::history("600004.SH", None, &[(40, true), (21, false)])];
    assert_eq!(suspended(idle).len(), 0);
}

/// The turnover of a session by boards is the session's.
#[test]
fn turnover_by_boards_adds_up_to_the_session() {
    let market = made::market();
    let session = made::sessions()[420];
    let days = reviewed(&market, session).days;
    let turnover = SessionTurnover::of_days(session, &days);
    let mut again = SessionTurnover::new(session);
    for (exchange, board, of) in turnover.boards() {
        again.add_board(exchange, board, &of);
    }
    assert_eq!(again, turnover);
    let parts: Vec<_> = turnover.boards().filter(|(.., of)| of.traded > 0).collect();
    assert!(parts.len() > 2, "{parts:?}");
    let whole = turnover.of(&Scope::AllA);
    let traded = days.iter().filter_map(|day| day.traded);
    let fen: i128 = traded.clone().map(|traded| i128::from(traded.turnover.fen.0)).sum();
    assert_eq!((whole.fen, whole.traded as usize), (fen, traded.count()));
    assert_eq!(parts.iter().map(|(.., of)| of.fen).sum::<i128>(), fen);
}

/// Share capital is that of the range walked, also of securities that were met before.
#[test]
fn each_range_brings_its_share_capital() {
    let sessions = made::sessions();
    let mut market = crate::held::shares(&["600000.SH"]);
    let bars = market.securities[0].bars.clone();
    let mut history = history(market.from);
    let mut floats = Vec::new();
    for (place, bar) in bars.iter().enumerate() {
        let on = sessions[0];
        let float = place as u64;
        market.securities[0].shares = vec![Shares { total: 100, float, on }];
        let walked = if place == 2 {
            history.pass(&market, bar.session, bar.session);
            Vec::new()
        } else {
            history.walk(&market, bar.session, bar.session, Keep::Days)
        };
        floats.extend(walked.iter().map(|walked| walked.market.days[0].shares.unwrap().float));
    }
    assert_eq!(floats, [0, 1, 3, 4, 5]);
}

/// A share whose rows without trade went on longer than it would be waited for without rows is
/// still listed where its state was kept.
#[test]
fn a_share_that_was_listed_when_it_was_kept_is_listed() {
    let idle: Vec<(u32, bool)> = (1..=40).rev().map(|back| (back, back == 40)).collect();
    let always: Vec<(u32, bool)> = (0..=40).rev().map(|back| (back, true)).collect();
    let mut market = crate::held::shares(&["600000.SH", "600004.SH"]);
    market.from = Calendar::builtin().back(market.session, 40).unwrap().unwrap();
    for (security, bars) in market.securities.iter_mut().zip([always, idle]) {
        security.bars = crate::history("600000.SH", None, &bars).bars;
    }
    let rulebook = Rulebook::builtin();
    let whole = MarketSession::fold(&market, rulebook).unwrap();
    assert_eq!(whole.days.len(), 2);
    let mut kept = between(&market, market.session, market.session);
    kept.securities = bringing(&kept, &whole.days);
    let again = MarketSession::of_kept(&kept, market.from, whole.past.clone(), rulebook).unwrap();
    let facts_of = |market: &MarketSession| evaluate(market, rulebook, &[]);
    assert_eq!(facts_of(&again), facts_of(&whole));
    assert!(!again.days[1].has_row);
}

/// A session of which an exchange has no rows is missing from its shares, and from no others.
#[test]
fn a_session_that_an_exchange_lacks_is_missing_from_its_shares() {
    let sessions = made::sessions();
    let review = reviewed(&made::market(), sessions[251]);
    let lacking = Calendar::builtin().number(sessions[250]).unwrap();
    let missed = |exchange: Exchange| {
        let days = review.days.iter().filter(move |day| day.symbol.exchange() == exchange);
        days.map(|day| day.carried.missing == Some(lacking)).collect::<Vec<bool>>()
    };
    let [sse, szse] = [Exchange::Sse, Exchange::Szse].map(missed);
    assert!(szse.len() > 2 && szse.iter().all(|missed| *missed), "{szse:?}");
    assert!(sse.len() > 2 && sse.iter().all(|missed| !missed), "{sse:?}");
}

/// What is kept of groups for later sessions is what the figures of their own session say, while the
/// lists change from session to session.
#[test]
fn what_is_kept_of_groups_is_what_their_own_session_says() {
    // Every twenty sessions the two halves of the market change places.
    let lists = (0..5).flat_map(|n| {
        let place = 260 + 20 * n;
        [made::industry("1", n % 2, place), made::industry("2", 1 - n % 2, place)]
    });
    let market = MarketHistory { groups: Arc::new(Groups::of(lists)), ..made::market() };
    let sums = GroupSums::default();
    let selection = Selection::figures().with_review_groups();
    let (mut compared, mut restated) = (0, BTreeSet::new());
    let walked = walk(&market, &mut history(made::sessions()[0]), [0, 250]);
    // Sessions are summed up side by side, so that an earlier one may come after a later one.
    for walked in walked.iter().chain(walked.iter().rev()) {
        let kept: BTreeMap<_, _> = sums.days(walked).into_iter().collect();
        let set = walked.facts(&selection, Rulebook::builtin(), &[]);
        for fact in set.facts.values() {
            let Scope::Group(group) = &fact.key.scope else { continue };
            let name = fact.key.measure.name();
            let day = kept.get(group).unwrap_or_else(|| panic!("nothing is kept of {group}"));
            let (said, coverage) = (fact.value.integers(), fact.provenance.coverage);
            match name {
                "equal_weight_return" => {
                    let mean = day.returns as f64 / f64::from(day.priced);
                    let mean = (day.priced > 0).then(|| (mean.round() as i64, None));
                    assert_eq!(said, mean, "{}", fact.key);
                    let counts = [coverage.judged, coverage.unjudged];
                    assert_eq!(counts, [day.priced, day.unpriced].map(u64::from), "{}", fact.key);
                }
                "turnover_share" => {
                    let part = match fact.value {
                        Value::Share { part, .. } => part,
                        _ => 0,
                    };
                    assert_eq!(part, day.turnover, "{}", fact.key);
                }
                _ => continue,
            }
            restated.insert(day.is_of_later);
            compared += 1;
        }
    }
    assert!(compared > 200 && restated.len() == 2, "{compared} {restated:?}");
}
