//! Which facts a session has beside its figures: turnover of the sessions before, names, members,
//! and what figures of share capital and of streaks say of themselves.

use std::sync::Arc;

use fupan_fact::{Basis, Coverage, FactKey, FactSet, InputRef, Name, Scope, Value};
use fupan_market::{
    Board, Calendar, Exchange, Fen, Group, GroupId, GroupKind, Grouped, Groups, Membership,
    Rulebook, SecurityDay, SecurityKind, SessionDate, Shares, Symbol, TRACKED_INDICES,
    TurnoverBasis,
};
use fupan_measure::{
    FigureHistory, MarketSession, SegmentTurnover, Selection, SessionTurnover, review,
};

use crate::market::{bar_day, session};
use crate::{closing, code, facts, key, of_days, of_shares, sound, value, with_indices};

fn back(sessions: u32) -> SessionDate {
    Calendar::builtin().back(session(), sessions).unwrap().unwrap()
}

/// Sessions before, the last one last: what was traded on the SSE and on the BSE, each as fen, a
/// number of shares, and how many of those are estimates.
fn before(sessions: &[[(i128, u32, u32); 2]]) -> Vec<SessionTurnover> {
    let count = sessions.len() as u32;
    let each = sessions.iter().zip((1..=count).rev());
    each.map(|(boards, ago)| {
        let mut past = SessionTurnover::new(back(ago));
        let places = [(Exchange::Sse, Board::Main), (Exchange::Bse, Board::Bse)];
        for ((fen, traded, estimated), (exchange, board)) in boards.iter().zip(places) {
            let of = SegmentTurnover { fen: *fen, traded: *traded, estimated: *estimated };
            past.add_board(exchange, board, &of);
        }
        past
    })
    .collect()
}

/// Turnover of the twenty sessions before is reported, of all shares and of the two big exchanges,
/// where there was any.
#[test]
fn turnover_of_the_twenty_sessions_before_is_reported() {
    let mut sessions = vec![[(100, 3, 0), (10, 3, 0)]; 22];
    sessions[3] = [(0, 0, 0), (10, 3, 0)];
    sessions[4] = [(100, 3, 1), (10, 3, 1)];
    let market = MarketSession { past: before(&sessions), ..sound() };
    let set = facts(&market);
    let reported = |ago: u32, scope: &str| {
        let text = format!("turnover/{scope}/{}/close", back(ago));
        let fact = set.get(&text.parse::<FactKey>().unwrap())?;
        let Coverage { judged, .. } = fact.provenance.coverage;
        let counts: Vec<u64> = fact.provenance.findings.iter().map(|f| f.count).collect();
        Some((fact.value.clone(), judged, fact.provenance.basis, counts))
    };
    let money = |fen| Value::Money { fen: Fen(fen) };
    assert_eq!(reported(1, "all-a"), Some((money(110), 6, Basis::Exact, vec![])));
    assert_eq!(reported(1, "sse-szse"), Some((money(100), 3, Basis::Exact, vec![])));
    assert_eq!(reported(1, "sse"), None);
    assert_eq!(reported(20, "all-a"), Some((money(110), 6, Basis::Exact, vec![])));
    assert_eq!(reported(21, "all-a"), None);
    assert_eq!(reported(19, "all-a"), Some((money(10), 3, Basis::Exact, vec![])));
    assert_eq!(reported(19, "sse-szse"), None);
    assert_eq!(reported(18, "all-a"), Some((money(110), 6, Basis::Estimated, vec![2])));
    assert_eq!(reported(18, "sse-szse"), Some((money(100), 3, Basis::Estimated, vec![1])));
    let keys = set.facts.keys().filter(|key| key.session != session());
    assert_eq!(keys.count(), 2 * 20 - 1);
}

/// A session of which much is missing is compared with, and the comparison is partial.
#[test]
fn turnover_of_a_thin_session_is_partial() {
    let of = |last: u32| {
        let sessions = [[(100, 10, 0), (1, 1, 0)], [(100, last, 0), (1, 1, 0)]];
        let mut market = MarketSession { past: before(&sessions), ..sound() };
        market.days.extend((1..8).map(|n| closing(&code(n), 1_010)));
        market.days.sort_by_key(|day| day.symbol);
        let set = facts(&market);
        let basis = |text: &str| set.get(&text.parse().unwrap()).unwrap().provenance.basis;
        let earlier = format!("turnover/sse-szse/{}/close", back(1));
        [basis(&earlier), basis(&format!("turnover_prev/sse/{}/close", session()))]
    };
    assert_eq!(of(5), [Basis::Exact; 2]);
    assert_eq!(of(4), [Basis::Partial; 2]);
}

/// Figures of share capital that is not of the session say so, and are estimates; others do not.
#[test]
fn figures_of_old_share_capital_are_estimates() {
    let of = |on: &str| {
        let mut market = sound();
        for day in &mut market.days {
            day.shares = Some(Shares { total: 9, float: 9, on: on.parse().unwrap() });
        }
        facts(&market)
    };
    let reported = |set: &FactSet, text: &str| {
        let provenance = &set.get(&key(text)).unwrap().provenance;
        let of_shares = |f: &&fupan_market::Finding| f.subject == "share_capital";
        (provenance.basis, provenance.findings.iter().filter(of_shares).count())
    };
    let (old, new) = (of("2026-01-05"), of("2026-02-12"));
    for figure in [
        "cap_weight_return/all-a",
        "cap_weight_return/sse",
        "index_member_points/000001.SH",
        "index_residual/000001.SH",
        "index_contribution:000001.SH/600000.SH",
    ] {
        assert_eq!(reported(&old, figure), (Basis::Estimated, 1), "{figure}");
        assert_eq!(reported(&new, figure), (Basis::Exact, 0), "{figure}");
    }
    for figure in ["advances/all-a", "limit_up_count/all-a", "index_breadth_gap/000300.SH"] {
        assert_eq!(reported(&old, figure), (Basis::Exact, 0), "{figure}");
    }
}

/// A lower bound of a streak is partial; the streak itself is known or not.
#[test]
fn a_streak_that_may_be_longer_is_partial() {
    let of = |streak: Option<u16>| {
        let prices = [1_050, 1_100, 1_040, 1_100];
        let mut days: Vec<SecurityDay> = sound().days;
        days[0] = bar_day("600000.SH", "平安", Some(1_000), Some(prices));
        (days[0].carried.streak, days[0].carried.streak_at_least) = (streak, 2);
        let set = facts(&of_days(days));
        ["limit_up_streak", "limit_up_streak_at_least", "security_return"].map(|figure| {
            let fact = set.get(&key(&format!("{figure}/600000.SH"))).unwrap();
            let Coverage { judged, unjudged } = fact.provenance.coverage;
            (fact.provenance.basis, [judged, unjudged])
        })
    };
    let exact = (Basis::Exact, [1, 0]);
    assert_eq!(of(Some(2)), [exact; 3]);
    assert_eq!(of(None), [(Basis::None, [0, 1]), (Basis::Partial, [1, 0]), exact]);
}

fn industry(source: &str, code: &str, symbol: &str) -> Grouped {
    let id = GroupId::of_level(source, 1, Some(code), code).unwrap();
    let (seen_on, symbol) = (session(), symbol.parse().unwrap());
    Grouped {
        kind: GroupKind::Industry,
        group: Group { id, name: format!("{code} by name").as_str().into() },
        members: vec![Membership { symbol, seen_on, since: None, until: None }],
    }
}

/// A share at its limit in an industry, one that rises in another.
fn of_industries() -> MarketSession {
    let mut market = sound();
    let prices = [1_050, 1_100, 1_040, 1_100];
    market.days[0] = bar_day("600000.SH", "平安", Some(1_000), Some(prices));
    market.groups = Arc::new(Groups::of([
        industry("sw", "1", "600000.SH"),
        industry("sw", "2", "000001.SZ"),
        industry("zx", "1", "600000.SH"),
        industry("zx", "2", "000001.SZ"),
    ]));
    market
}

/// Groups and indices have names, whether all of their facts are there or not.
#[test]
fn groups_and_indices_are_named() {
    let set = facts(&of_industries());
    let named: Vec<(String, String)> =
        set.groups.iter().map(|(id, name)| (id.to_string(), name.zh.clone())).collect();
    let expected = [("sw1.1", "1 by name"), ("sw1.2", "2 by name")];
    assert_eq!(named, expected.map(|(id, name)| (id.to_owned(), name.to_owned())));
    for index in TRACKED_INDICES {
        let Name { zh, en } = &set.names[&index.symbol()];
        assert_eq!((zh, en.as_ref()), (&index.name().zh, Some(&index.name().en)));
    }
    assert_eq!(set.names.len(), TRACKED_INDICES.len());
}

/// Members are listed of every set of shares and of industries; the rungs of a ladder for the
/// whole market.
#[test]
fn members_are_listed_of_every_set_of_shares() {
    let mut market = of_industries();
    market.days[0].carried.streak = Some(1);
    let set = facts(&market);
    let members = |text: &str| {
        let members = set.members.get(&key(text));
        members.map(|members| members.iter().map(Symbol::to_string).collect::<Vec<_>>())
    };
    let one = Some(vec!["600000.SH".to_owned()]);
    for scope in ["all-a", "main", "band-10", "sw1.1"] {
        assert_eq!(members(&format!("limit_up_count/{scope}")), one, "{scope}");
    }
    for scope in ["star", "chinext", "bse-board", "band-20", "sw1.2"] {
        assert_eq!(members(&format!("limit_up_count/{scope}")), None, "{scope}");
    }
    assert_eq!(members("limit_up_ladder:2/all-a"), one);
    assert_eq!(members("limit_up_ladder:2/main"), None);
    assert_eq!(members("limit_up_ladder:2/sw1.1"), None);
    assert_eq!(members("advances/all-a"), None);
}

/// Figures of groups of two classifications name the list of their own.
#[test]
fn groups_of_each_classification_name_its_list() {
    let days = [("600000.SH", true), ("000001.SZ", true)];
    let mut history = crate::held::shares(&days.map(|(symbol, _)| symbol));
    history.groups = of_industries().groups;
    let lists = ["sw", "zx"].map(|source| InputRef {
        table: "industry".into(),
        source: source.into(),
        digest: "d".into(),
    });
    let wanted = ["zx1.2", "sw1.1", "zx1.1", "sw1.9"].map(|id| id.parse().unwrap());
    let selection = Selection::review().with_groups(wanted.to_vec());
    let set = review(&history, &selection, Rulebook::builtin(), &lists);
    let turnovers = set.facts.values().filter(|fact| {
        fact.key.measure.name() == "turnover" && matches!(fact.key.scope, Scope::Group(_))
    });
    let reported: Vec<(String, Vec<String>)> = turnovers
        .map(|fact| {
            let sources = fact.provenance.inputs.iter().map(|input| input.source.clone());
            (fact.key.scope.to_string(), sources.collect())
        })
        .collect();
    let expected = [("sw1.1", "sw"), ("zx1.1", "zx"), ("zx1.2", "zx")];
    assert_eq!(reported, expected.map(|(id, source)| (id.to_owned(), vec![source.to_owned()])));
    // Nothing is found of the industries where groups are asked for.
    assert!(set.findings.iter().all(|finding| finding.subject != "industry"));
}

/// Only those that are mentioned are named, by their names of the day.
#[test]
fn securities_that_are_mentioned_are_named() {
    let mut history = crate::held::shares(&["600000.SH", "600004.SH", "600006.SH"]);
    for (place, security) in history.securities.iter_mut().enumerate() {
        let name = |on: SessionDate, name: &str| fupan_market::NameOn { on, name: name.into() };
        security.listing.names =
            vec![name(back(3), "旧名"), name(session(), &format!("新名{place}"))];
    }
    // The first has a fact of its own, the second is a member of a count.
    let bar = history.securities[0].bars.last_mut().unwrap();
    let traded = bar.traded.as_mut().unwrap();
    (traded.last, traded.high) = (crate::fen(1_100), crate::fen(1_100));
    // Before it was ever traded it had no close, and prices beyond every limit prove nothing.
    history.securities[1].bars.drain(..5);
    history.securities[1].bars[0].prev_close = None;
    // The third did not trade, so a review names it in no list.
    history.securities[2].bars.last_mut().unwrap().traded = None;
    let set = review(&history, &Selection::review(), Rulebook::builtin(), &[]);
    assert_eq!(set.members[&key("unjudged_count/all-a")], ["600004.SH".parse().unwrap()]);
    let named = |code: &str| set.names.get(&code.parse().unwrap()).map(|name| name.zh.as_str());
    assert_eq!(named("600000.SH"), Some("新名0"));
    assert_eq!(named("600004.SH"), Some("新名1"));
    assert_eq!(named("600006.SH"), None);
}

/// Contributions say of how many members they are, and of how many they are not.
#[test]
fn contributions_cover_the_members_with_share_capital() {
    let mut days: Vec<SecurityDay> = (0..20).map(|n| of_shares(&code(n), 1_010, 9, 9)).collect();
    days[3].shares = None;
    days[5].shares = None;
    let set = facts(&with_indices(of_days(days), ["4000.00", "4040.00"]));
    for figure in [
        "index_member_count/000001.SH",
        "index_member_points/000001.SH",
        "index_contribution:000001.SH/600000.SH",
    ] {
        let coverage = set.get(&key(figure)).unwrap().provenance.coverage;
        assert_eq!(coverage, Coverage { judged: 18, unjudged: 2 }, "{figure}");
    }
    assert_eq!(value(&set, "index_member_points/000001.SH"), &Value::Points { units: 400_000 });
    assert_eq!(value(&set, "index_residual/000001.SH"), &Value::Points { units: 0 });
    let close = set.get(&key("index_close/000001.SH")).unwrap();
    assert_eq!(close.provenance.coverage, Coverage { judged: 2, unjudged: 0 });
}

/// A walk and a review compute what they are asked for, with what that is read off.
#[test]
fn a_selection_knows_what_it_needs() {
    let of = |name: &'static str| Selection::of(move |m| m.name() == name, |_| true);
    for (name, looks_back, needs_days) in [
        ("advances", false, false),
        ("median_return", false, false),
        ("advance_decline_line", true, false),
        ("last_price", false, true),
        ("index_residual", false, true),
    ] {
        assert_eq!(of(name).looks_back(), looks_back, "{name}");
        assert_eq!(of(name).needs_days(), needs_days, "{name}");
    }
    assert!(Selection::figures().needs_days() && Selection::figures().looks_back());
    // A review needs them for what it finds.
    let review = Selection::review();
    assert!(review.needs_days() && review != Selection::figures().with_review_groups());
}

/// A count of nobody is none where there are shares, and unknown where there are none.
#[test]
fn a_count_of_nobody_is_known_where_somebody_is_listed() {
    let suspended = SecurityDay { traded: None, ..closing("300001.SZ", 1_000) };
    let set = facts(&of_days(vec![closing("600000.SH", 1_010), suspended]));
    let of = |set: &FactSet, scope: &str| value(set, &format!("limit_up_count/{scope}")).clone();
    let unknown = |reason: &str| Value::Unknown { reason: reason.to_owned() };
    for scope in ["all-a", "main", "chinext", "band-10", "band-20"] {
        assert_eq!(of(&set, scope), Value::Count { count: 0 }, "{scope}");
    }
    for scope in ["star", "bse-board"] {
        assert_eq!(of(&set, scope), unknown("no_data"), "{scope}");
    }
    for scope in ["band-30", "band-st"] {
        assert_eq!(of(&set, scope), unknown("empty_population"), "{scope}");
    }
    let nobody = facts(&of_days(Vec::new()));
    for scope in ["all-a", "main", "band-10", "band-st"] {
        assert_eq!(of(&nobody, scope), unknown("no_data"), "{scope}");
    }
}

/// Figures of words are named with their scope where that is not the whole market.
#[test]
fn figures_of_words_are_named_with_their_scope() {
    let past = before(&[[(1_000_000, 1, 0), (1_000_000, 1, 0)]]);
    let mut past = past;
    let of = SegmentTurnover { fen: 1_000_000, traded: 1, estimated: 0 };
    past[0].add_board(Exchange::Szse, Board::Main, &of);
    let set = facts(&MarketSession { past, ..sound() });
    let mut history = FigureHistory::new(Calendar::builtin());
    history.push_set(&set);
    let names: Vec<&str> = history.figures().map(|(_, _, name, _)| name).collect();
    assert!(names.contains(&"turnover_change_rate/sse-szse"), "{names:?}");
    assert!(names.contains(&"turnover_change_rate") && names.contains(&"advances"));
    assert!(names.iter().all(|name| !name.ends_with("/all-a")), "{names:?}");
}

/// Figures alone come without members, and without what a review finds of them.
#[test]
fn figures_alone_come_without_members_and_findings() {
    // Neither names nor share capital of the day, and an estimate.
    let mut history = crate::held::shares(&["600000.SH", "600004.SH", "000001.SZ"]);
    for security in &mut history.securities {
        let on = back(5);
        security.shares = vec![Shares { total: 9, float: 9, on }];
        let traded = security.bars.last_mut().unwrap().traded.as_mut().unwrap();
        traded.turnover.basis = TurnoverBasis::Estimated;
        (traded.last, traded.high) = (crate::fen(1_050), crate::fen(1_050));
    }
    let of = |selection: &Selection| review(&history, selection, Rulebook::builtin(), &[]);
    let (figures, review) = (of(&Selection::figures()), of(&Selection::review()));
    let found = |set: &FactSet, text: &str| set.get(&key(text)).unwrap().provenance.findings.len();
    for figure in ["turnover/all-a", "cap_weight_return/all-a", "limit_up_count/all-a"] {
        assert_eq!([found(&review, figure), found(&figures, figure)], [1, 0], "{figure}");
    }
    assert!(figures.facts.values().all(|fact| fact.provenance.findings.is_empty()));
    assert!(figures.findings.is_empty() && figures.members.is_empty());
    assert!(!review.findings.is_empty() && !review.members.is_empty());
    // Else they are the same, but for the securities that only a review names.
    let is_named = |key: &FactKey| match key.scope {
        Scope::Security(symbol) => matches!(symbol.kind(), SecurityKind::Stock(_)),
        _ => false,
    };
    let named = review.facts.keys().filter(|key| is_named(key));
    assert_eq!(named.count(), 3 * 5);
    let own = review.facts.iter().filter(|(key, _)| key.session == session() && !is_named(key));
    for (key, fact) in own {
        assert_eq!(figures.get(key).map(|fact| &fact.value), Some(&fact.value), "{key}");
    }
}

/// A few figures are reported for industries too.
#[test]
fn some_measures_are_reported_for_industries() {
    let set = facts(&of_industries());
    let of_groups = set.facts.keys().filter(|key| matches!(key.scope, Scope::Group(_)));
    let mut names: Vec<&str> = of_groups.map(|key| key.measure.name()).collect();
    names.sort_unstable();
    names.dedup();
    let expected = [
        "advances",
        "cap_weight_return",
        "declines",
        "equal_weight_return",
        "limit_down_count",
        "limit_up_count",
        "new_high_250",
        "turnover",
        "turnover_share",
        "unchanged",
    ];
    assert_eq!(names, expected);
}

/// So many absent that they are missing, and not suspended: three, and more than two in a hundred
/// of all that are listed.
#[test]
fn suspensions_are_counted_where_few_are_absent() {
    let of = |listed: usize| {
        let mut days: Vec<SecurityDay> = (0..listed).map(|n| closing(&code(n), 1_010)).collect();
        for day in days.iter_mut().take(3) {
            (day.traded, day.has_row) = (None, false);
        }
        value(&facts(&of_days(days)), "suspended/sse").clone()
    };
    assert_eq!(of(150), Value::Count { count: 3 });
    assert_eq!(of(149), Value::Unknown { reason: "session_partial".to_owned() });
}
