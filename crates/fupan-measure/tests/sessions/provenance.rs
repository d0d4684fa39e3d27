//! Of whom facts are told, and what is said of each.

use std::sync::Arc;

use fupan_fact::{AsOf, Basis, Coverage, Fact, FactKey, InputRef, Provenance, Scope, Unit, Value};
use fupan_market::{
    Board, Exchange, Fen, Finding, FindingKind, Group, GroupId, GroupKind, Grouped, Groups,
    ListedSpan, LostRows, MarketHistory, Membership, NameOn, Price, Rulebook, RulebookVersion,
    SecurityDay, SessionDate, Wording,
};
use fupan_measure::{
    FigureHistory, FigureValue, MarketSession, Members, Selection, SessionTurnover, Sql, across,
    across_kept, across_measures, catalogue, evaluate, evaluate_selected, review, sql,
};

use crate::market::{bar_day, session};
use crate::{
    Calendar, closing, code, estimate, facts, finding, found, history, key, of_days, past, ppb,
    sound, unknown, value, with_indices,
};

/// A share sealed at its limit-up price, after 10.00.
fn sealed(symbol: &str) -> SecurityDay {
    bar_day(symbol, "平安", Some(1_000), Some([1_050, 1_100, 1_040, 1_100]))
}

#[test]
fn figures_of_a_share_are_told_where_it_is_at_a_limit_and_say_what_they_rest_on() {
    let mut days = vec![sealed("600000.SH"), closing("600004.SH", 1_010), sealed("600006.SH")];
    estimate(&mut days[2]);
    days[2].prev_close = None;
    let market = of_days(days);
    let of = |selection| evaluate_selected(&market, &selection, Rulebook::builtin(), &[]);
    let reported = of(Selection::figures());
    let of_calm = key("security_return/600004.SH");
    assert!(reported.get(&of_calm).is_none(), "it is at no limit");
    let asked = of(Selection::figures().with_securities(vec!["600004.SH".parse().unwrap()]));
    assert!(asked.get(&of_calm).is_some() && asked.get(&key("prev_close/600004.SH")).is_some());
    assert!(asked.get(&key("prev_close/600000.SH")).is_none(), "it is not asked for");
    let every = of(Selection::figures().with_every_security());
    assert!(every.get(&key("prev_close/600000.SH")).is_some());
    let set = facts(&market);
    assert_eq!(value(&set, "security_return/600000.SH"), &ppb(100_000_000));
    let provenance = |text: &str| &set.get(&key(text)).unwrap().provenance;
    let Provenance { coverage, basis, .. } = provenance("security_return/600000.SH");
    assert_eq!((*coverage, *basis), (Coverage { judged: 1, unjudged: 0 }, Basis::Exact));
    assert_eq!(value(&set, "security_return/600006.SH"), &unknown("no_prev_close"));
    let Provenance { coverage, basis, .. } = provenance("security_return/600006.SH");
    assert_eq!((*coverage, *basis), (Coverage { judged: 0, unjudged: 1 }, Basis::None));
    assert_eq!(provenance("turnover_of/600000.SH").basis, Basis::Exact);
    assert_eq!(provenance("turnover_of/600006.SH").basis, Basis::Estimated);
    assert_eq!(provenance("turnover_of/600006.SH").findings.len(), 1);
}

fn industry(code: &str, symbols: &[&str]) -> Grouped {
    let id = GroupId::of_level("sw", 1, Some(code), code).unwrap();
    let seen_on = session();
    let member = |symbol: &&str| {
        let symbol = symbol.parse().unwrap();
        Membership { symbol, seen_on, since: None, until: None }
    };
    Grouped {
        kind: GroupKind::Industry,
        group: Group { id, name: code.into() },
        members: symbols.iter().map(member).collect(),
    }
}

/// A history of shares with bars, each of which traded in the session or did not.
fn history_of(shares: &[(&str, bool)]) -> MarketHistory {
    let bars = |(symbol, trades): &(&str, bool)| history(symbol, None, &[(1, true), (0, *trades)]);
    let from = Calendar::builtin().back(session(), 1).unwrap().unwrap();
    MarketHistory::of(session(), from, shares.iter().map(bars).collect())
}

#[test]
fn industries_are_told_where_somebody_traded_and_groups_where_they_are_asked_for() {
    let mut market = history_of(&[("600000.SH", true), ("600004.SH", true), ("600006.SH", false)]);
    market.groups = Arc::new(Groups::of([
        industry("1", &["600000.SH"]),
        industry("2", &["600004.SH"]),
        industry("3", &["600006.SH"]),
    ]));
    let told = |selection: &Selection| -> Vec<String> {
        let set = review(&market, selection, Rulebook::builtin(), &[]);
        let advances = set.facts.keys().filter(|key| key.measure.name() == "advances");
        let scopes = advances.map(|key| key.scope.to_string());
        scopes.filter(|scope| scope.starts_with("sw1.")).collect()
    };
    assert_eq!(told(&Selection::review()), ["sw1.1", "sw1.2"]);
    let only = |code: &str| Selection::review().with_groups(vec![code.parse().unwrap()]);
    assert_eq!(told(&only("sw1.2")), ["sw1.2"]);
    assert_eq!(told(&only("sw1.3")), Vec::<String>::new());
}

/// What lists name and has no row, and what an import lost, is missing from its own session and
/// exchange only.
#[test]
fn what_should_be_in_the_session_is_missed_there() {
    let codes: Vec<String> = (1..=3).map(|n| format!("60100{n}.SH")).collect();
    let before = |back: u32| Calendar::builtin().back(session(), back).unwrap().unwrap();
    let missed = |from: SessionDate, to: SessionDate| {
        let mut market = history_of(&[("600000.SH", true), ("000001.SZ", true)]);
        let span = |code: &String| ListedSpan { symbol: code.parse().unwrap(), from, to };
        market.listed = codes.iter().map(span).collect();
        missing_of(&market)
    };
    let sse = vec![(3, "sse".to_owned())];
    assert_eq!(missed(before(1), session()), sse);
    assert_eq!(missed(session(), session()), sse);
    assert_eq!(missed(before(2), before(1)), []);
    let after = "2026-03-02".parse().unwrap();
    assert_eq!(missed("2026-02-24".parse().unwrap(), after), []);

    let lost = |of: Option<SessionDate>, exchange: Option<Exchange>| {
        let mut market = history_of(&[("600000.SH", true), ("000001.SZ", true)]);
        market.lost = vec![LostRows { session: of, exchange, symbol: None, rows: 7 }];
        missing_of(&market)
    };
    let szse = (7, "szse".to_owned());
    assert_eq!(lost(Some(session()), Some(Exchange::Szse)), vec![szse.clone()]);
    assert_eq!(lost(Some(session()), None), [(7, "sse".to_owned()), szse]);
    assert_eq!(lost(Some(before(1)), Some(Exchange::Szse)), []);
}

/// How many rows are missing of which exchange.
fn missing_of(history: &MarketHistory) -> Vec<(u64, String)> {
    let market = MarketSession::fold(history, Rulebook::builtin()).unwrap();
    let partial =
        found(&market).into_iter().filter(|(kind, ..)| *kind == FindingKind::PartialSession);
    partial.map(|(_, count, subject)| (count, subject)).collect()
}

#[test]
fn beijing_shares_without_a_past_are_found_where_their_codes_changed_and_the_past_is_there() {
    let recoded: SessionDate = "2025-10-09".parse().unwrap();
    let of = |listed_on: Option<&str>, first_seen: SessionDate, held: &str| {
        let mut market = sound();
        market.past = past(false);
        let mut earlier = SessionTurnover::new(held.parse().unwrap());
        let day = &market.days[2];
        let traded = day.traded.unwrap();
        earlier.add(day.symbol, day.board, traded.turnover);
        market.past.insert(0, earlier);
        let day = &mut market.days[2];
        assert_eq!(day.symbol.to_string(), "920001.BJ");
        day.listed_on = listed_on.map(|on| on.parse().unwrap());
        day.carried.first_seen = Some(first_seen);
        found(&market).contains(&finding(FindingKind::MissingData, 1, "code_change"))
    };
    assert!(of(None, recoded, "2025-09-30"));
    assert!(!of(Some("2021-11-15"), recoded, "2025-09-30"), "when it was listed is known");
    assert!(!of(None, "2025-10-10".parse().unwrap(), "2025-09-30"), "it began on another day");
    assert!(!of(None, recoded, "2025-10-10"), "nothing of Beijing is there before");
    assert!(!of(None, recoded, "2025-10-09"), "the day itself is not before");
}

/// A session with half as many securities as now is compared with; with fewer it is not.
#[test]
fn turnover_is_compared_with_sessions_that_are_there_as_a_whole() {
    let of = |then: usize| {
        let mut market = of_days((0..4).map(|n| closing(&code(n), 1_010)).collect());
        let on = Calendar::builtin().back(session(), 1).unwrap().unwrap();
        let mut before = SessionTurnover::new(on);
        for day in &market.days[..then] {
            before.add(day.symbol, day.board, day.traded.unwrap().turnover);
        }
        market.past = vec![before];
        value(&facts(&market), "turnover_prev/all-a").clone()
    };
    assert_eq!(of(1), unknown("no_data_in_window"));
    assert_eq!(of(2), Value::Money { fen: Fen(2 * 1_010_000) });
}

/// Shares of unlike wholes are compared as fractions, and pieces of a series keep their sessions.
#[test]
fn a_share_is_ranked_as_a_fraction_of_its_own_whole() {
    let sessions: Vec<SessionDate> = (1..=249)
        .rev()
        .map(|back| Calendar::builtin().back(session(), back).unwrap().unwrap())
        .collect();
    let of = |number, of| FigureValue { number, of, basis: Basis::Exact };
    let one = |at: usize, figure: FigureValue| (sessions[at], figure);
    let days = vec![closing("600000.SH", 1_010), closing("600004.SH", 990)];
    let rank = |pieces: Vec<Vec<(SessionDate, FigureValue)>>| {
        let mut series: Vec<_> =
            pieces.into_iter().map(|piece| ("advance_share".to_owned(), piece)).collect();
        series.push(("advances".to_owned(), sessions.iter().map(|on| (*on, of(1, 1))).collect()));
        let mut set = facts(&of_days(days.clone()));
        across(&mut set, &FigureHistory::of(series, Calendar::builtin()));
        value(&set, "percentile_250:advance_share/all-a").clone()
    };
    // Of now, one of two: 200 times a quarter, and 49 times three quarters.
    let quarters = |at: usize| one(at, of(if at < 200 { 1 } else { 3 }, 4));
    let whole = (0..249).map(quarters).collect();
    assert_eq!(rank(vec![whole]), Value::Share { part: 201, whole: 250 });
    // Five tenths are as much.
    let equal = (0..249).map(|at| one(at, of(5, 10))).collect();
    assert_eq!(rank(vec![equal]), Value::Share { part: 250, whole: 250 });
    // In pieces, the second one beginning inside the first one's gap.
    let first = (0..100).chain(230..249).map(quarters).collect();
    let second = (100..229).map(quarters).collect();
    assert_eq!(rank(vec![first, second]), Value::Share { part: 201, whole: 249 });
}

/// The SQL of a measure with a parameter has the parameter in its place.
#[test]
fn no_twin_has_a_parameter_left_open() {
    let mut with_parameter = 0;
    for measure in catalogue() {
        let names = match measure.sql().has_parameter() {
            true => vec![format!("{}:advances", measure.name()), format!("{}:1", measure.name())],
            false => vec![measure.id.to_owned()],
        };
        with_parameter += usize::from(measure.sql().has_parameter());
        for name in names {
            let Ok(id) = name.parse() else { continue };
            let key =
                FactKey { as_of: AsOf::Close, ..FactKey::at_close(id, Scope::AllA, session()) };
            let Some(twin) = sql::twin(&key) else { continue };
            for column in twin.columns {
                assert!(!column.contains(":parameter"), "{name}: {column}");
            }
        }
    }
    assert!(with_parameter > 0, "no measure has one");
}

/// In SQL too, a count is unknown if nobody could be judged and some could not be.
#[test]
fn the_twin_of_a_count_asks_whether_anybody_could_be_judged() {
    let mut asked = Vec::new();
    for measure in catalogue() {
        let Some(shares) = measure.shares() else { continue };
        let counts = matches!(shares.sql, Sql::Value(_)) && measure.unit == Unit::Securities;
        let of_open_streaks = measure.name() == "limit_up_ladder_at_least";
        if !counts || of_open_streaks || shares.population.unjudged.is_none() {
            continue;
        }
        let Ok(id) = measure.id.parse() else { continue };
        let twin = sql::twin(&FactKey::at_close(id, Scope::AllA, session())).unwrap();
        for column in twin.columns {
            assert!(column.starts_with("CASE WHEN count(*) FILTER (WHERE "), "{}", measure.id);
            asked.push(measure.id);
        }
    }
    for id in ["limit_up_count", "new_high_250", "new_low_52w", "new_high_all_time"] {
        assert!(asked.contains(&id), "{id} is not among {asked:?}");
    }
}

/// A streak that may be longer is counted at what it is at least, and says of how many.
#[test]
fn a_rung_of_open_streaks_covers_its_own_members() {
    let open = |symbol: &str, at_least: u16| {
        let mut day = sealed(symbol);
        (day.carried.streak, day.carried.streak_at_least) = (None, at_least);
        day
    };
    let days = vec![open("600000.SH", 1), open("600004.SH", 1), open("600006.SH", 4)];
    let set = facts(&of_days(days));
    for (rung, of) in [("2", 2), ("5", 1)] {
        let fact = set.get(&key(&format!("limit_up_ladder_at_least:{rung}/all-a"))).unwrap();
        assert_eq!(fact.value, Value::Count { count: of });
        let Provenance { coverage, basis, .. } = &fact.provenance;
        assert_eq!((coverage.judged, *basis), (of as u64, Basis::Partial), "{rung}");
    }
}

/// Figures across sessions that were kept get the session's inputs and rules, and keep their own
/// version and coverage; findings of the session's advances are not theirs.
#[test]
fn kept_figures_across_sessions_are_those_worked_out() {
    let days = vec![closing("600000.SH", 1_010), closing("600004.SH", 990)];
    let input = InputRef { table: "daily_bar".into(), source: "s".into(), digest: "d".into() };
    let mut set = evaluate(&of_days(days), Rulebook::builtin(), &[input]);
    let advances = set.facts.get_mut(&key("advances/all-a")).unwrap();
    advances.provenance.measure_version = 900;
    let nothing = || Wording::new("-", "-");
    advances.provenance.findings = vec![Finding {
        kind: FindingKind::MissingData,
        count: 1,
        subject: String::new(),
        detail: nothing(),
        hint: nothing(),
        place: None,
    }];
    let without = set.clone();
    across(&mut set, &FigureHistory::new(Calendar::builtin()));
    let is_across = |key: &FactKey| across_measures().any(|name| name == key.measure.name());
    let mut kept: Vec<Fact> =
        set.facts.values().filter(|fact| is_across(&fact.key)).cloned().collect();
    assert!(kept.len() > 10);
    for fact in &mut kept {
        let Provenance { measure_version, findings, inputs, .. } = &mut fact.provenance;
        assert_ne!(*measure_version, 900, "{}", fact.key);
        assert!(findings.is_empty() && !inputs.is_empty(), "{}", fact.key);
        fact.provenance.inputs = Arc::from([]);
        fact.provenance.rulebook = RulebookVersion("".into());
    }
    let mut again = without;
    across_kept(&mut again, kept).unwrap();
    assert_eq!(again, set);
}

/// Members are listed of the measures that say so.
#[test]
fn members_are_listed_where_a_measure_says_so() {
    let set = facts(&of_days(vec![sealed("600000.SH"), closing("600004.SH", 1_010)]));
    let listed = |key: &FactKey| {
        let measure = catalogue().iter().find(|m| m.name() == key.measure.name()).unwrap();
        measure.shares().is_some_and(|shares| shares.members == Members::Listed)
    };
    assert!(set.members.keys().all(listed), "{:?}", set.members);
    assert_eq!(set.members[&key("limit_up_count/all-a")], ["600000.SH".parse().unwrap()]);
}

/// A code is not passed off as a name.
#[test]
fn a_share_without_a_name_is_given_none() {
    let mut history = history_of(&[("600000.SH", true), ("600004.SH", true)]);
    let [one, other] = &mut history.securities[..] else { panic!("two shares") };
    one.listing.names = vec![NameOn { on: session(), name: "平安".to_owned() }];
    other.listing.names = Vec::new();
    for share in [one, other] {
        let limit_up = Price::from_fen(1_100).unwrap();
        let bar = share.bars.last_mut().unwrap();
        bar.prev_close = Price::from_fen(1_000).ok();
        let traded = bar.traded.as_mut().unwrap();
        (traded.high, traded.last) = (limit_up, limit_up);
        traded.low = traded.low.min(limit_up);
    }
    let set = review(&history, &Selection::review(), Rulebook::builtin(), &[]);
    let named = |code: &str| set.names.get(&code.parse().unwrap()).map(|name| name.zh.as_str());
    assert_eq!((named("600000.SH"), named("600004.SH")), (Some("平安"), None));
    let securities = set.facts.keys().filter(|key| matches!(key.scope, Scope::Security(_)));
    assert!(securities.count() > 1);
}

/// The session of an index's last higher close is named.
#[test]
fn a_high_of_an_index_names_the_session_that_it_counts_from() {
    let high = key("index_high_since_sessions/000001.SH");
    let of = |closes: [&str; 4]| {
        let day = closing("600000.SH", 1_010);
        let set = facts(&with_indices(of_days(vec![day]), closes));
        (set.get(&high).unwrap().value.clone(), set.since.get(&high).copied())
    };
    let on = |back: u32| Calendar::builtin().back(session(), back).unwrap();
    assert_eq!(of(["9", "7", "6", "8"]), (Value::Count { count: 3 }, on(3)));
    assert_eq!(of(["9", "8.01", "6", "8"]), (Value::Count { count: 2 }, on(2)));
    assert_eq!(of(["9", "7", "8.5", "8"]), (Value::Count { count: 1 }, on(1)));
    let (value, since) = of(["7", "8", "6", "8"]);
    assert!(matches!(value, Value::Unknown { .. }) && since.is_none(), "{value:?} {since:?}");
}

/// A figure names the tables that it rests on; one of an industry also the list of it, by the
/// source that its classification is of.
#[test]
fn a_figure_names_the_tables_that_it_rests_on() {
    let tables = ["daily_bar", "index_bar", "industry", "quote", "security", "share_capital"];
    let input = |table: &str, source: &str| InputRef {
        table: table.into(),
        source: source.into(),
        digest: "d".into(),
    };
    let mut inputs: Vec<InputRef> = tables.iter().map(|table| input(table, "other")).collect();
    inputs.push(input("industry", "sw"));
    inputs.push(input("daily_bar", "other"));
    inputs.reverse();
    let mut market = sound();
    let industries = [industry("1", &["600000.SH"]), industry("2", &["000001.SZ"])];
    market.groups = Arc::new(Groups::of(industries));
    market.days[0] = sealed("600000.SH");
    let set = evaluate(&market, Rulebook::builtin(), &inputs);
    let of = |text: &str| -> Vec<String> {
        let inputs = &set.get(&key(text)).unwrap_or_else(|| panic!("no {text}")).provenance.inputs;
        inputs.iter().map(|input| format!("{} {}", input.table, input.source)).collect()
    };
    let with = |tables: &[&str]| -> Vec<String> {
        tables.iter().map(|table| format!("{table} other")).collect()
    };
    let prices = ["daily_bar", "quote"];
    assert_eq!(of("advances/all-a"), with(&prices));
    assert_eq!(of("turnover/all-a"), with(&prices));
    assert_eq!(of("limit_up_count/all-a"), with(&["daily_bar", "quote", "security"]));
    let shares = ["daily_bar", "quote", "security", "share_capital"];
    assert_eq!(of("cap_weight_return/all-a"), with(&shares));
    assert_eq!(of("index_return/000300.SH"), with(&["index_bar"]));
    assert_eq!(of("index_breadth_gap/000300.SH"), with(&["daily_bar", "index_bar", "quote"]));
    let all = ["daily_bar", "index_bar", "quote", "security", "share_capital"];
    assert_eq!(of("index_member_count/000001.SH"), with(&all));
    let listed = ["daily_bar other", "industry sw", "quote other"].map(str::to_owned);
    assert_eq!(of("advances/sw1.1"), listed);
}

/// A share that a list names twice counts once in its industry, and in each of two industries that
/// a list puts it in.
#[test]
fn a_share_counts_once_in_an_industry() {
    let mut market = sound();
    let twice = |code: &str| {
        let mut row = industry(code, &["600000.SH", "600000.SH"]);
        row.members[0].since = Some("2020-01-02".parse().unwrap());
        row
    };
    market.groups =
        Arc::new(Groups::of([twice("1"), twice("2"), industry("3", &["000001.SZ", "920001.BJ"])]));
    let set = facts(&market);
    for (code, count) in [("1", 1), ("2", 1), ("3", 2)] {
        let advances = value(&set, &format!("advances/sw1.{code}"));
        assert_eq!(advances, &Value::Count { count }, "{code}");
    }
    assert_eq!(found(&market), []);
}

/// Only Beijing's codes changed, and only rows of Beijing from before show that they are missed.
#[test]
fn no_other_shares_are_missed_where_the_codes_of_beijing_changed() {
    let recoded: SessionDate = "2025-10-09".parse().unwrap();
    let of = |begun: usize, earlier_of: usize| {
        let mut market = sound();
        for day in &mut market.days {
            day.listed_on = None;
        }
        market.days[begun].carried.first_seen = Some(recoded);
        let mut earlier = SessionTurnover::new("2025-09-30".parse().unwrap());
        let day = &market.days[earlier_of];
        earlier.add(day.symbol, day.board, day.traded.unwrap().turnover);
        market.past = vec![earlier];
        found(&market).iter().filter(|(.., subject)| subject == "code_change").count()
    };
    let bse = sound().days.iter().position(|day| day.board == Board::Bse).unwrap();
    assert_eq!((of(bse, bse), of(bse, 0), of(0, bse)), (1, 0, 0));
}
