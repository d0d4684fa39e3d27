//! How exact figures are called.

use std::sync::Arc;

use fupan_fact::{Basis, FactKey, Scope, Value};
use fupan_market::{
    Calendar, Group, GroupId, GroupKind, Grouped, Groups, Membership, PastComparison,
    PrevCloseBasis, SecurityDay,
};
use fupan_measure::{FigureHistory, MarketSession, across};

use crate::market::session;
use crate::{code, facts, found, key, of_days, of_shares, with_indices};

fn basis(market: &MarketSession, text: &str) -> Basis {
    facts(market).get(&key(text)).unwrap_or_else(|| panic!("no {text}")).provenance.basis
}

/// Two in a hundred of those that traded, and three at least.
#[test]
fn a_figure_of_which_many_cannot_be_judged_is_partial() {
    let of = |shares: usize, unpriced: usize| {
        let mut days: Vec<SecurityDay> =
            (0..shares).map(|n| of_shares(&code(n), 1_010, 9, 9)).collect();
        days.iter_mut().take(unpriced).for_each(|day| day.prev_close = None);
        days.extend(["000001.SZ", "920001.BJ"].map(|symbol| of_shares(symbol, 1_010, 9, 9)));
        with_indices(of_days(days), ["4000.00", "4040.00"])
    };
    for (shares, unpriced, expected) in [
        (90, 0, Basis::Exact),
        (90, 2, Basis::Exact),
        (90, 3, Basis::Partial),
        (150, 3, Basis::Exact),
        (147, 3, Basis::Partial),
    ] {
        let market = of(shares, unpriced);
        for figure in ["advances/sse", "median_return/sse", "index_breadth_gap/000688.SH"] {
            assert_eq!(basis(&market, figure), expected, "{figure} {shares} {unpriced}");
        }
        assert_eq!(basis(&market, "turnover/sse"), Basis::Exact);
    }
}

/// One is enough where the session before is missing.
#[test]
fn a_figure_across_a_missing_session_is_partial_where_one_cannot_be_judged() {
    let number = Calendar::builtin().number(session()).unwrap();
    let of = |unpriced: usize, missing: u32| {
        let mut days: Vec<SecurityDay> =
            (0..100).map(|n| of_shares(&code(n), 1_010, 9, 9)).collect();
        days.iter_mut().take(unpriced).for_each(|day| day.prev_close = None);
        days.iter_mut().for_each(|day| day.carried.missing = Some(missing));
        basis(&of_days(days), "advances/sse")
    };
    assert_eq!(of(1, number - 1), Basis::Partial);
    assert_eq!(of(0, number - 1), Basis::Exact);
    assert_eq!(of(1, number - 2), Basis::Exact);
}

/// A security that is too young for an average is no gap in the data; one of which a session is
/// missing is.
#[test]
fn too_few_days_to_look_back_on_are_no_gap_unless_one_is_missing() {
    let of = |missing: Option<u32>| {
        let mut days: Vec<SecurityDay> =
            (0..100).map(|n| of_shares(&code(n), 1_010, 9, 9)).collect();
        for (place, day) in days.iter_mut().enumerate() {
            day.carried.missing = missing.filter(|_| place < 5);
            if place >= 5 {
                day.carried.stood =
                    Some(PastComparison { beyond: [[[None; 2]; 3]; 2], above: [Some(true); 3] });
            }
        }
        basis(&of_days(days), "above_ma20/sse")
    };
    let number = Calendar::builtin().number(session()).unwrap();
    assert_eq!(of(None), Basis::Exact);
    assert_eq!(of(Some(number - 1)), Basis::Partial);
    assert_eq!(of(Some(number - 250)), Basis::Partial);
    assert_eq!(of(Some(number - 251)), Basis::Exact);
}

/// Figures across sessions included: what has no value is not called exact.
#[test]
fn only_what_has_a_value_has_a_basis() {
    let days = ["600000.SH", "000001.SZ", "920001.BJ"].map(|who| of_shares(who, 1_010, 9, 9));
    let mut set = facts(&with_indices(of_days(days.to_vec()), ["4000.00", "4040.00"]));
    across(&mut set, &FigureHistory::new(Calendar::builtin()));
    assert!(set.get(&key("breadth_thrust_sessions/all-a")).is_some(), "no figure across sessions");
    for fact in set.facts.values() {
        let unknown = matches!(fact.value, Value::Unknown { .. });
        assert_eq!(fact.provenance.basis == Basis::None, unknown, "{}", fact.key);
    }
}

/// An industry's figure is restated where a member is known from a later list only, and partial
/// where more than two in a hundred are in no industry: some may be its own.
#[test]
fn an_industry_is_as_sure_as_the_list_is() {
    let of = |ungrouped: usize, later: usize| {
        // One of each other exchange, which would be missing else, before those of Shanghai.
        let mut symbols = vec!["000001.SZ".to_owned(), "920001.BJ".to_owned()];
        symbols.extend((2..100).map(code));
        let days = symbols.iter().map(|symbol| of_shares(symbol, 1_010, 9, 9)).collect();
        let mut market = of_days(days);
        let row = |n: usize| Grouped {
            kind: GroupKind::Industry,
            group: Group {
                id: GroupId::of_level("sw", 1, None, ["even", "odd"][n % 2]).unwrap(),
                name: "a name".into(),
            },
            members: vec![Membership {
                symbol: symbols[n].parse().unwrap(),
                seen_on: if n < later { "2026-03-02" } else { "2026-02-12" }.parse().unwrap(),
                since: None,
                until: None,
            }],
        };
        market.groups = Arc::new(Groups::of((0..100 - ungrouped).map(row)));
        let findings = found(&market).into_iter().filter(|(.., subject)| subject == "industry");
        let counts: Vec<u64> = findings.map(|(_, count, _)| count).collect();
        let figures = ["advances/sw1.even", "advances/sw1.odd", "turnover_share/sw1.even"];
        (figures.map(|figure| basis(&market, figure)), counts)
    };
    use Basis::{Exact, Partial, Restated};
    assert_eq!(of(0, 0), ([Exact; 3], vec![]));
    assert_eq!(of(2, 0), ([Exact; 3], vec![2]));
    assert_eq!(of(3, 0), ([Partial; 3], vec![3]));
    assert_eq!(of(0, 1), ([Restated, Exact, Restated], vec![1]));
    assert_eq!(of(3, 2), ([Partial; 3], vec![2, 3]));
}

/// A line that continues over a session without figures is partial; one that continues from the
/// session before is as exact as that.
#[test]
fn a_line_over_a_hole_is_partial() {
    let reviewed = |back: u32, past: &FigureHistory| {
        let on = Calendar::builtin().back(session(), back).unwrap().unwrap();
        let days = ["600000.SH", "000001.SZ", "920001.BJ"]
            .map(|who| SecurityDay { session: on, ..of_shares(who, 1_010, 9, 9) });
        let mut set = facts(&MarketSession { session: on, ..of_days(days.to_vec()) });
        across(&mut set, past);
        set
    };
    let line = |back: u32| {
        let mut past = FigureHistory::new(Calendar::builtin());
        past.push_set(&reviewed(2, &past));
        let set = reviewed(back, &past);
        let line = "advance_decline_line".parse().unwrap();
        let key = FactKey::at_close(line, Scope::AllA, set.session);
        set.get(&key).unwrap().provenance.basis
    };
    assert_eq!((line(1), line(0)), (Basis::Exact, Basis::Partial));
}

/// A figure that rests on a past in which reference prices were not reported is derived: as far
/// back as it looks.
#[test]
fn a_figure_of_a_past_without_reference_prices_is_derived() {
    let number = Calendar::builtin().number(session()).unwrap();
    let of = |back: u32| {
        let symbols = ["600000.SH", "000001.SZ", "920001.BJ"];
        let mut days = symbols.map(|who| of_shares(who, 1_100, 9, 9));
        days[0].carried.streak = Some(1);
        days[0].carried.derived = Some(number - back);
        for day in &mut days {
            let beyond = [[[Some(false); 2]; 3]; 2];
            day.carried.stood = Some(PastComparison { beyond, above: [Some(true); 3] });
        }
        let set = facts(&of_days(days.to_vec()));
        move |figure: &str| set.get(&key(&format!("{figure}/all-a"))).unwrap().provenance.basis
    };
    let of_window = [
        "new_high_250",
        "intraday_new_low_250",
        "new_low_52w",
        "above_ma20",
        "above_ma50",
        "above_ma200",
    ];
    let of_all = ["new_high_all_time", "intraday_new_low_all_time"];
    let of_last = [
        "max_streak",
        "promotion_rate:all",
        "promotion_suspended:all",
        "prior_limit_up_return",
        "limit_up_ladder:1",
    ];
    let of_none = ["advances", "limit_up_count", "turnover", "cap_weight_return", "median_return"];
    for (back, derived) in [
        (1, [true, true, true]),
        (2, [true, true, false]),
        (250, [true, true, false]),
        (251, [false, true, false]),
    ] {
        let basis = of(back);
        let figures = [&of_window[..], &of_all, &of_last].into_iter().zip(derived);
        for (figure, derived) in
            figures.flat_map(|(f, derived)| f.iter().map(move |f| (f, derived)))
        {
            let expected = if derived { Basis::Derived } else { Basis::Exact };
            assert_eq!(basis(figure), expected, "{figure} {back}");
        }
        of_none.iter().for_each(|figure| assert_eq!(basis(figure), Basis::Exact, "{figure}"));
    }
}

/// A previous close that stands in for the reference price makes derived what is read off it, and
/// nothing else.
#[test]
fn a_figure_of_derived_previous_closes_is_derived() {
    let mut days =
        ["600000.SH", "000001.SZ", "920001.BJ"].map(|who| of_shares(who, 1_100, 9, 9)).to_vec();
    days[0].prev_close_basis = PrevCloseBasis::Derived;
    let market = with_indices(of_days(days), ["4000.00", "4040.00"]);
    for figure in [
        "advances/all-a",
        "advances/sse",
        "limit_up_count/main",
        "median_return/all-a",
        "cap_weight_return/all-a",
        "index_breadth_gap/000300.SH",
        "index_member_points/000001.SH",
        "index_contribution:000001.SH/600000.SH",
        "security_return/600000.SH",
        "limit_up_streak/600000.SH",
    ] {
        assert_eq!(basis(&market, figure), Basis::Derived, "{figure}");
    }
    for figure in [
        "advances/szse",
        "turnover/all-a",
        "traded/all-a",
        "suspended/all-a",
        "index_return/000300.SH",
        "last_price/600000.SH",
        "turnover_of/600000.SH",
        "security_return/000001.SZ",
    ] {
        assert_eq!(basis(&market, figure), Basis::Exact, "{figure}");
    }
}
