//! What a session's data lack, of whom that is known, and which figures it makes partial.

use std::sync::Arc;

use fupan_fact::Basis;
use fupan_market::{
    Board, Calendar, Exchange, FindingKind, Group, GroupId, GroupKind, Grouped, Groups, ListedSpan,
    LostRows, MarketHistory, Membership, Rulebook, SessionDate,
};
use fupan_measure::{ExpectedRows, History, Keep, MarketSession, SegmentTurnover, SessionTurnover};

use crate::market::session;
use crate::{closing, code, facts, found, history, key, of_days};

fn back(sessions: u32) -> SessionDate {
    Calendar::builtin().back(session(), sessions).unwrap().unwrap()
}

/// A session so many before, in which so many shares of a board of the SSE traded.
fn traded(sessions: u32, board: Board, traded: u32) -> SessionTurnover {
    let mut turnover = SessionTurnover::new(back(sessions));
    let of = SegmentTurnover { fen: 100, traded, estimated: 0 };
    turnover.add_board(Exchange::Sse, board, &of);
    turnover
}

/// A hundred main-board shares of the SSE, one STAR share, and one of each other exchange.
fn hundred() -> MarketSession {
    let others = ["688001.SH", "000001.SZ", "920001.BJ"].map(str::to_owned);
    let symbols = (0..100).map(code).chain(others);
    of_days(symbols.map(|symbol| closing(&symbol, 1_010)).collect())
}

/// How many are missing of the SSE, as its finding says.
fn missing(market: &MarketSession) -> Option<u64> {
    let partial = |(kind, _, subject): &(FindingKind, u64, String)| {
        *kind == FindingKind::PartialSession && subject == "sse"
    };
    found(market).into_iter().find(partial).map(|(_, count, _)| count)
}

/// What a session lacks against its neighbours is missing if it is three, and more than two in a
/// hundred.
#[test]
fn fewer_than_in_one_of_the_twenty_sessions_before_are_missing() {
    let of = |past: Vec<SessionTurnover>| missing(&MarketSession { past, ..hundred() });
    assert_eq!(of(vec![traded(1, Board::Main, 102)]), None);
    assert_eq!(of(vec![traded(1, Board::Main, 103)]), Some(3));
    // The most of any session counts.
    let ones = |sessions: u32| (1..sessions).rev().map(|back| traded(back, Board::Main, 1));
    let before = |sessions: u32| {
        let first = traded(sessions, Board::Main, 105);
        std::iter::once(first).chain(ones(sessions)).collect()
    };
    assert_eq!(of(before(20)), Some(5));
    assert_eq!(of(before(21)), None);
    // Of each board by itself.
    assert_eq!(of(vec![traded(1, Board::Star, 4)]), Some(3));
    assert_eq!(of(vec![traded(1, Board::Star, 3)]), None);
}

/// Those that traded the session before and have no row are missing; where more are by another
/// reckoning, those are.
#[test]
fn the_most_of_three_reckonings_are_missing() {
    let of = |absent: usize, usual: u32, listed: u32, lost: u64| {
        let mut market = hundred();
        for day in market.days.iter_mut().filter(|day| day.board == Board::Main).take(absent) {
            day.traded = None;
            day.has_row = false;
        }
        market.past = vec![traded(1, Board::Main, usual)];
        market.expected = expected(listed, lost);
        missing(&market)
    };
    assert_eq!(of(2, 0, 0, 0), None);
    assert_eq!(of(5, 0, 0, 0), Some(5));
    assert_eq!(of(5, 100, 0, 0), Some(5));
    assert_eq!(of(5, 102, 0, 0), Some(7));
    assert_eq!(of(5, 102, 8, 0), Some(8));
    assert_eq!(of(5, 102, 8, 7), Some(8));
    assert_eq!(of(5, 102, 8, 9), Some(9));
    // One row that is known to be lost is one too many.
    assert_eq!(of(0, 0, 0, 1), Some(1));
    assert_eq!(of(0, 0, 1, 1), Some(1));
    assert_eq!(of(0, 0, 1, 0), None);
}

/// What lists name without a row, and what an import lost, of the SSE.
fn expected(listed: u32, lost: u64) -> ExpectedRows {
    let mut market = shares(&["600000.SH", "000001.SZ"]);
    let span = |n| span(&format!("6010{n:02}.SH"));
    market.listed = (0..listed).map(span).collect();
    if lost > 0 {
        market.lost = vec![lost_rows(Some(session()), Some(Exchange::Sse), lost)];
    }
    MarketSession::fold(&market, Rulebook::builtin()).unwrap().expected
}

fn span(symbol: &str) -> ListedSpan {
    ListedSpan { symbol: symbol.parse().unwrap(), from: back(5), to: session() }
}

fn lost_rows(session: Option<SessionDate>, exchange: Option<Exchange>, rows: u64) -> LostRows {
    LostRows { session, exchange, symbol: None, rows }
}

/// Shares that traded in the session and in the five before.
pub fn shares(symbols: &[&str]) -> MarketHistory {
    let bars: Vec<(u32, bool)> = (0..=5).rev().map(|back| (back, true)).collect();
    let securities = symbols.iter().map(|symbol| history(symbol, None, &bars)).collect();
    MarketHistory::of(session(), back(5), securities)
}

/// The basis of advances in a scope, and how many more than were judged there should be.
fn advances(market: &MarketSession, scope: &str) -> (Basis, u64) {
    of_measure("advances", market, scope)
}

fn of_measure(measure: &str, market: &MarketSession, scope: &str) -> (Basis, u64) {
    let set = facts(market);
    let fact = set.get(&key(&format!("{measure}/{scope}"))).unwrap();
    (fact.provenance.basis, fact.provenance.coverage.unjudged)
}

/// Every figure of shares that some are missing of is partial, and counts those that are missing
/// of its own boards; of what class or industry they are is not known.
#[test]
fn figures_of_an_exchange_that_lacks_shares_are_partial() {
    let mut market = MarketSession { past: vec![traded(1, Board::Main, 103)], ..hundred() };
    let id = GroupId::of_level("sw", 1, Some("1"), "1").unwrap();
    let member = Membership {
        symbol: "000001.SZ".parse().unwrap(),
        seen_on: session(),
        since: None,
        until: None,
    };
    let others = (0..100).map(code).chain(["688001.SH", "920001.BJ"].map(str::to_owned));
    let others = others.map(|code| Membership { symbol: code.parse().unwrap(), ..member });
    let other = GroupId::of_level("sw", 1, Some("2"), "2").unwrap();
    market.groups = Arc::new(Groups::of([
        Grouped {
            kind: GroupKind::Industry,
            group: Group { id, name: "1".into() },
            members: vec![member],
        },
        Grouped {
            kind: GroupKind::Industry,
            group: Group { id: other, name: "2".into() },
            members: others.collect(),
        },
    ]));
    for (scope, expected) in [
        ("all-a", (Basis::Partial, 3)),
        ("sse-szse", (Basis::Partial, 3)),
        ("sse", (Basis::Partial, 3)),
        ("szse", (Basis::Exact, 0)),
        ("bse", (Basis::Exact, 0)),
        ("main", (Basis::Partial, 3)),
        ("star", (Basis::Partial, 0)),
        ("sw1.1", (Basis::Partial, 0)),
    ] {
        assert_eq!(advances(&market, scope), expected, "{scope}");
    }
    for (scope, expected) in [
        ("band-10", (Basis::Partial, 0)),
        ("band-20", (Basis::Partial, 0)),
        ("band-30", (Basis::Exact, 0)),
    ] {
        assert_eq!(of_measure("limit_up_count", &market, scope), expected, "{scope}");
    }
}

/// Lost rows that no board is known of count with the main board, those of known boards with them.
#[test]
fn lost_rows_of_no_known_board_count_with_the_first() {
    let mut market = hundred();
    market.expected = expected(4, 9);
    for (scope, unjudged) in [("sse", 9), ("main", 9), ("star", 0)] {
        assert_eq!(advances(&market, scope), (Basis::Partial, unjudged), "{scope}");
    }
    let star = |n: u32| span(&format!("6889{n:02}.SH"));
    let mut lists = shares(&["600000.SH", "000001.SZ"]);
    lists.listed = (0..4).map(star).collect();
    lists.lost = vec![lost_rows(Some(session()), Some(Exchange::Sse), 9)];
    market.expected = MarketSession::fold(&lists, Rulebook::builtin()).unwrap().expected;
    for (scope, unjudged) in [("sse", 9), ("main", 5), ("star", 4)] {
        assert_eq!(advances(&market, scope), (Basis::Partial, unjudged), "{scope}");
    }
}

/// A comparison with a session that an import lost rows of is partial; one with others is not.
#[test]
fn turnover_of_a_session_with_lost_rows_is_partial() {
    let of = |lost: Option<SessionDate>| {
        let mut market = shares(&["600000.SH", "000001.SZ"]);
        market.lost = vec![lost_rows(lost, Some(Exchange::Szse), 1)];
        // Lists know of nobody else, so that the session itself lacks nobody.
        market.listed = ["600000.SH", "000001.SZ"].map(span).to_vec();
        let market = MarketSession::fold(&market, Rulebook::builtin()).unwrap();
        ["turnover", "turnover_prev", "turnover_vs_ma5"]
            .map(|measure| of_measure(measure, &market, "sse-szse").0)
    };
    use Basis::{Exact, Partial};
    assert_eq!(of(Some(session())), [Exact; 3]);
    assert_eq!(of(Some(back(1))), [Exact, Partial, Partial]);
    assert_eq!(of(Some(back(2))), [Exact, Exact, Partial]);
    assert_eq!(of(Some(back(5))), [Exact, Exact, Partial]);
    assert_eq!(of(Some(back(6))), [Exact; 3]);
    // Rows of no known session may be of any.
    assert_eq!(of(None), [Exact, Partial, Partial]);
}

/// Lists that name everybody who is there, and nobody else, show that a lost row came from
/// elsewhere: of the exchange that they name.
#[test]
fn a_lost_row_is_none_of_a_session_that_lists_show_to_be_whole() {
    let of = |change: fn(&mut MarketHistory)| {
        let mut market = shares(&["600000.SH", "600004.SH", "000001.SZ"]);
        market.lost = vec![lost_rows(Some(session()), Some(Exchange::Sse), 1)];
        change(&mut market);
        let review = MarketSession::fold(&market, Rulebook::builtin()).unwrap();
        let mut walk = History::new(Rulebook::builtin(), market.from, 30);
        walk.pass(&market, market.from, back(1));
        let walked = walk.walk(&market, session(), session(), Keep::Totals);
        assert_eq!(walked[0].market.expected, review.expected);
        missing(&review)
    };
    let none: fn(&mut MarketHistory) = |_| ();
    assert_eq!(of(none), Some(1), "no list");
    assert_eq!(of(|market| market.listed = vec![span("000001.SZ")]), Some(1), "of another");
    assert_eq!(of(|market| market.listed = vec![span("600000.SH")]), None);
    assert_eq!(of(|market| market.listed = vec![span("601001.SH")]), Some(1), "has no row");
    let gone = |market: &mut MarketHistory| {
        market.listed = vec![ListedSpan { to: back(1), ..span("600000.SH") }];
    };
    assert_eq!(of(gone), Some(1), "lists of other days");
    let rowless = |market: &mut MarketHistory| {
        market.listed = vec![span("600000.SH")];
        market.securities[1].bars.pop();
    };
    assert_eq!(of(rowless), Some(1), "a share without a row");
    // A row without trade of a share that is not counted any more is a row.
    let idle = |market: &mut MarketHistory| {
        market.listed = vec![span("600004.SH")];
        market.securities[1].bars.iter_mut().for_each(|bar| bar.traded = None);
    };
    assert_eq!(of(idle), None);
}
