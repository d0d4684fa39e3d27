//! What findings say: how many and who, of which dates, and which are found at an instant too.

use std::sync::Arc;

use fupan_fact::{AsOf, Basis, FactSet, Value};
use fupan_market::{
    Board, Calendar, Exchange, FindingKind, Group, GroupId, GroupKind, Grouped, Groups, Membership,
    PrevCloseBasis, PriceLimit, Return, Rulebook, SecurityDay, SessionDate, Shares, StatusBasis,
    TrackedIndex, Unknown, Unlimited, Wording,
};
use fupan_measure::{
    Cell, Instant, MarketSession, QuoteCoverage, SegmentTurnover, Selection, SessionTurnover,
    Totals, evaluate_at, evaluate_totals, review,
};

use crate::market::session;
use crate::{closing, code, estimate, facts, finding, found, of_days, of_shares, sound};

/// What a session's finding of a kind and subject says.
fn detail(market: &MarketSession, kind: FindingKind, subject: &str) -> Wording {
    let findings = facts(market).findings;
    let of_it = findings.into_iter().find(|f| f.kind == kind && f.subject == subject);
    of_it.unwrap_or_else(|| panic!("no {kind:?} of {subject:?}")).detail
}

fn changed(change: fn(&mut SecurityDay)) -> MarketSession {
    let mut market = sound();
    change(&mut market.days[0]);
    market
}

/// Forty securities are named; of more, the first forty.
#[test]
fn at_most_forty_securities_are_named() {
    let named = |count: usize| {
        let mut days: Vec<SecurityDay> = (0..count).map(|n| closing(&code(n), 1_010)).collect();
        days.iter_mut().for_each(|day| day.limit = PriceLimit::Unlimited(Unlimited::NewListing));
        detail(&of_days(days), FindingKind::UnknownLimit, "new_listing")
    };
    let Wording { en, zh } = named(40);
    assert!(en.contains("600038.SH, 600039.SH):") || en.contains("600038.SH, 600039.SH);"), "{en}");
    assert!(zh.contains("600038.SH、600039.SH）"), "{zh}");
    let Wording { en, zh } = named(41);
    assert!(en.contains("600039.SH, …)") && !en.contains("600040.SH"), "{en}");
    assert!(zh.contains("600039.SH等）") && !zh.contains("600040.SH"), "{zh}");
}

#[test]
fn names_that_disagree_and_names_that_prices_disprove_are_found() {
    let kind = FindingKind::StatusConflict;
    let conflict = changed(|day| day.status.basis = StatusBasis::Conflict);
    assert_eq!(found(&conflict), [finding(kind, 1, "names")]);
    assert!(detail(&conflict, kind, "names").en.contains("(600000.SH)"));
    let disproved = changed(|day| day.status.basis = StatusBasis::Disproved);
    assert_eq!(found(&disproved), [finding(kind, 1, "prices")]);
    assert!(detail(&disproved, kind, "prices").zh.contains("（600000.SH）"));
    // Of one that did not trade nothing hangs on it.
    for basis in [StatusBasis::Conflict, StatusBasis::Disproved] {
        let mut market = changed(|day| day.traded = None);
        market.days.push(of_shares("600004.SH", 1_010, 9, 9));
        market.days[0].status.basis = basis;
        market.days.sort_by_key(|day| day.symbol);
        assert_eq!(found(&market), []);
    }
}

/// Outside every band around a close that only stands in for the previous close, the close is
/// doubtful and not the prices.
#[test]
fn a_previous_close_that_prices_rule_out_is_found_as_such() {
    let outside = |day: &mut SecurityDay| {
        day.limit = PriceLimit::Unknown(Unknown::OutsideEveryBand);
        day.prev_close_basis = PrevCloseBasis::Derived;
        day.prev_close = None;
    };
    let market = changed(outside);
    assert_eq!(found(&market), [finding(FindingKind::DerivedPrevClose, 1, "ruled_out")]);
    assert_eq!(found(&changed(|day| day.limit = PriceLimit::Unknown(Unknown::NoStatus))), []);
}

/// What is missing of an exchange, in numbers.
#[test]
fn a_partial_session_says_how_many_there_are_and_should_be() {
    let mut market = of_days((0..100).map(|n| of_shares(&code(n), 1_010, 9, 9)).collect());
    let before = Calendar::builtin().back(session(), 1).unwrap().unwrap();
    let mut past = SessionTurnover::new(before);
    let of = SegmentTurnover { fen: 1, traded: 107, estimated: 0 };
    past.add_board(Exchange::Sse, Board::Main, &of);
    market.past = vec![past];
    let Wording { en, zh } = detail(&market, FindingKind::PartialSession, "sse");
    assert!(en.starts_with("Of about 107 shares of ") && en.contains(", 100 have a row"), "{en}");
    assert!(en.contains("the other 7 are listed"), "{en}");
    assert!(zh.contains("约107只") && zh.contains("100只；其余7只"), "{zh}");
}

/// Share capital of one date, and of several: from the first to the last.
#[test]
fn share_capital_says_its_dates() {
    let of = |dates: &[&str]| {
        let mut days = sound().days;
        for (day, on) in days.iter_mut().zip(dates) {
            day.shares = Some(Shares { total: 9, float: 9, on: on.parse().unwrap() });
        }
        detail(&of_days(days), FindingKind::MissingData, "share_capital")
    };
    let Wording { en, zh } = of(&["2026-02-01"]);
    assert!(en.starts_with("Share capital of 1 securities is dated 2026-02-01, not "), "{en}");
    assert!(zh.contains("1只证券的股本取自2026-02-01，"), "{zh}");
    let Wording { en, zh } = of(&["2026-02-03", "2026-02-01", "2026-02-20"]);
    assert!(en.contains("3 securities is dated 2026-02-01 to 2026-02-20,"), "{en}");
    assert!(zh.contains("2026-02-01至2026-02-20，"), "{zh}");
}

/// Industries that were seen only later say when; of shares that traded.
#[test]
fn industries_of_later_lists_say_their_dates() {
    let mut market = sound();
    market.days.push(SecurityDay { traded: None, ..of_shares("600004.SH", 1_010, 9, 9) });
    market.days.sort_by_key(|day| day.symbol);
    let id = |code: &str| GroupId::of_level("sw", 1, Some(code), code).unwrap();
    let member = |symbol: &str, seen_on: &str| Membership {
        symbol: symbol.parse().unwrap(),
        seen_on: seen_on.parse().unwrap(),
        since: None,
        until: None,
    };
    let row = |code: &str, symbol: &str, seen_on: &str| Grouped {
        kind: GroupKind::Industry,
        group: Group { id: id(code), name: "a name".into() },
        members: vec![member(symbol, seen_on)],
    };
    market.groups = Arc::new(Groups::of([
        row("1", "600000.SH", "2026-03-04"),
        row("1", "000001.SZ", "2026-03-02"),
        row("2", "920001.BJ", "2026-03-06"),
        row("2", "600004.SH", "2026-03-09"),
    ]));
    assert_eq!(found(&market), [finding(FindingKind::MissingData, 3, "industry")]);
    let Wording { en, zh } = detail(&market, FindingKind::MissingData, "industry");
    assert!(en.contains("3 securities") && en.contains("of 2026-03-02 to 2026-03-06,"), "{en}");
    assert!(zh.contains("按2026-03-02至2026-03-06"), "{zh}");
    // Of the session itself they are not later.
    market.groups = Arc::new(Groups::of([
        row("1", "600000.SH", "2026-02-12"),
        row("1", "000001.SZ", "2026-02-12"),
        row("2", "920001.BJ", "2026-02-12"),
    ]));
    assert_eq!(found(&market), []);
}

#[test]
fn a_day_without_a_session_has_one_finding_and_no_fact() {
    let sunday = "2026-02-08".parse().unwrap();
    let mut history = crate::held::shares(&["600000.SH"]);
    history.session = sunday;
    let set = review(&history, &Selection::review(), Rulebook::builtin(), &[]);
    let findings: Vec<_> = set.findings.iter().map(|f| (f.kind, f.subject.as_str())).collect();
    assert_eq!(findings, [(FindingKind::NotASession, "2026-02-08")]);
    assert!(set.facts.is_empty() && set.session == sunday);
}

fn at_instant(market: &MarketSession, estimated: bool) -> FactSet {
    let coverage = QuoteCoverage { securities: 3, of: Some(4), turnover: Some([3, 4]), estimated };
    let instant = Instant { second: 37_800, coverage };
    let cells: Vec<Cell> = market.days.iter().map(Cell::of).collect();
    evaluate_at(market, &instant, &cells, &Totals::of(&cells), Rulebook::builtin(), &[])
}

/// An estimate of the whole session's turnover makes the covered share of it one, and no count.
#[test]
fn figures_of_an_instant_are_of_it() {
    let market = sound();
    for (estimated, expected) in [(false, Basis::Exact), (true, Basis::Estimated)] {
        let set = at_instant(&market, estimated);
        let fact = |text: &str| set.get(&format!("{text}/2026-02-12/10:30").parse().unwrap());
        let basis = |text: &str| fact(text).unwrap().provenance.basis;
        assert_eq!(basis("quoted_turnover_share/all-a"), expected);
        assert_eq!(basis("quoted_count/all-a"), Basis::Exact);
        // The median is that of the instant.
        let gap = &fact("index_breadth_gap/000300.SH").unwrap().value;
        assert_eq!(*gap, Value::Return { ppb: Return(0) });
        assert!(set.facts.keys().all(|key| key.as_of == AsOf::Instant(37_800)));
    }
}

/// What makes a sound day one of which something is found.
type Change = fn(&mut SecurityDay);

/// At an instant quotes cover what they cover: no exchange, index or row is missed. What figures
/// rest on is found as at the close.
#[test]
fn at_an_instant_nothing_is_missed_and_the_rest_is_found() {
    let kinds = |market: &MarketSession| -> Vec<(FindingKind, String)> {
        at_instant(market, false).findings.into_iter().map(|f| (f.kind, f.subject)).collect()
    };
    let mut market = sound();
    market.days.retain(|day| day.symbol.exchange() == Exchange::Sse);
    market.indices.clear();
    assert_eq!(kinds(&market), []);
    let changes: [(Change, FindingKind, &str); 7] = [
        (
            |day| day.prev_close_basis = PrevCloseBasis::Derived,
            FindingKind::DerivedPrevClose,
            "sse",
        ),
        (estimate, FindingKind::EstimatedTurnover, ""),
        (|day| day.status.basis = StatusBasis::Conflict, FindingKind::StatusConflict, "names"),
        (
            |day| {
                day.shares = Some(Shares { total: 9, float: 9, on: "2026-01-05".parse().unwrap() })
            },
            FindingKind::MissingData,
            "share_capital",
        ),
        (
            |day| day.limit = PriceLimit::Unknown(Unknown::OutsideEveryBand),
            FindingKind::LimitBreach,
            "",
        ),
        (
            |day| day.limit = PriceLimit::Unlimited(Unlimited::NewListing),
            FindingKind::UnknownLimit,
            "new_listing",
        ),
        (
            |day| {
                day.status.risk_warning = fupan_market::RiskWarning::Unknown;
                day.limit_basis = fupan_market::LimitBasis::Rules;
            },
            FindingKind::UnknownStatus,
            "risk_warning",
        ),
    ];
    for (change, kind, subject) in changes {
        let mut market = market.clone();
        change(&mut market.days[0]);
        assert_eq!(kinds(&market), [(kind, subject.to_owned())]);
    }
}

/// Cells and totals that are there already are the session's.
#[test]
fn facts_of_existing_totals_are_those_of_days() {
    let market = sound();
    let cells: Vec<Cell> = market.days.iter().map(Cell::of).collect();
    let (totals, rulebook) = (Totals::of(&cells), Rulebook::builtin());
    assert_eq!(evaluate_totals(&market, &cells, &totals, rulebook, &[]), facts(&market));
    assert_eq!(Totals::of_days(&market.days), totals);
}

/// Exchanges and indices are missed from the day on that they exist.
#[test]
fn nothing_is_missed_before_it_exists() {
    let of = |on: &str, change: fn(&mut MarketSession)| {
        let on: SessionDate = on.parse().unwrap();
        let mut market = sound();
        market.session = on;
        market.indices.retain(|index| TrackedIndex::of(index.symbol).unwrap().has_bar_in(on));
        market.days.retain(|day| day.symbol.exchange().is_open_in(on));
        for day in &mut market.days {
            (day.session, day.shares) = (on, None);
        }
        change(&mut market);
        found(&market)
    };
    for (on, indices) in [("2019-12-30", 6), ("2022-04-28", 8), ("2022-05-05", 9)] {
        assert_eq!(of(on, |_| ()), [], "{on}");
        let missing = of(on, |market| market.indices.clear());
        assert_eq!(missing.len(), indices, "{on}");
    }
    let none: fn(&mut MarketSession) = |market| market.days.clear();
    assert_eq!(of("2021-11-12", none).len(), 2);
    assert_eq!(of("2021-11-15", none).len(), 3);
}
