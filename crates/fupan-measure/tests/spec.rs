//! Runs the specifications in `spec/`: tables of securities and the facts they must give.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod market;
mod past;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use fupan_fact::{Basis, FactKey, FactSet, Value};
use fupan_market::{
    AdjustedPrice, BasketShares, Calendar, Cluster, DailyBar, Extreme, Fen, Group, GroupId,
    GroupKind, Grouped, Groups, GroupsPast, IndexBar, IndexBasket, IndexHistory, MORNING_ENDS,
    Membership, PastPrices, Price, PriceLimit, Quote, Rulebook, SecurityDay, SecurityFold,
    SessionDate, SessionFold, Shares, Span, Symbol, Traded, Turnover, TurnoverBasis, Unknown,
    Unlimited,
};
use fupan_measure::{
    Cell, ExpectedRows, FigureHistory, FigureValue, IndexFold, IndexView, Instant, MarketSession,
    PastCloses, QuoteCoverage, Selection, SessionTurnover, Totals, across, catalogue, evaluate_at,
    evaluate_selected,
};
use market::{bar_day, session};
use past::{funds, group_history, own_past, past_returns, turnover};

type Row = BTreeMap<String, String>;

#[derive(Default)]
struct Case {
    place: String,
    tables: Vec<Vec<Row>>,
    expected: Vec<String>,
    /// The instant, where the case is of one: `10:30`.
    at: Option<String>,
    /// The securities all of whose figures are asked for.
    asked: Vec<Symbol>,
    /// The session, where it is another one.
    on: Option<SessionDate>,
}

fn spec_files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "README"))
        .collect();
    files.sort();
    files
}

fn cells(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for file in spec_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut header: Option<Vec<String>> = None;
        for (number, line) in text.lines().enumerate() {
            let place = format!("{}:{}", file.file_name().unwrap().to_string_lossy(), number + 1);
            if let Some(title) = line.strip_prefix("## ") {
                cases.push(Case { place: format!("{place} {title}"), ..Case::default() });
            }
            let Some(case) = cases.last_mut() else { continue };
            if !line.starts_with('|') {
                header = None;
                if let Some(instant) = line.strip_prefix("- at = ") {
                    case.at = Some(instant.to_owned());
                } else if let Some(symbols) = line.strip_prefix("- asked = ") {
                    case.asked = symbols.split(' ').map(|symbol| symbol.parse().unwrap()).collect();
                } else if let Some(on) = line.strip_prefix("- on = ") {
                    case.on = Some(date(on));
                } else if let Some(item) = line.strip_prefix("- ") {
                    case.expected.push(item.to_owned());
                }
            } else if let Some(columns) = &header {
                if !line.contains("---") {
                    let row = columns.iter().cloned().zip(cells(line)).collect();
                    case.tables.last_mut().unwrap().push(row);
                }
            } else {
                header = Some(cells(line));
                case.tables.push(Vec::new());
            }
        }
    }
    cases
}

/// A cell that says something.
fn said<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    row.get(column).map(String::as_str).filter(|cell| *cell != "-")
}

/// A decimal number in units of which `per_one` make one.
fn scaled(text: &str, decimals: u32) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let padded = format!("{rest:0<width$}", width = decimals as usize);
    assert!(padded.len() == decimals as usize, "{text} has too many decimals");
    let rest: i64 = if padded.is_empty() { 0 } else { padded.parse().unwrap() };
    sign * (whole.parse::<i64>().unwrap() * 10_i64.pow(decimals) + rest)
}

/// Gives a day the past prices and the cluster of its row.
fn remember(row: &Row, day: &mut SecurityDay) {
    let in_fen = |column: &str| said(row, column).map(|text| scaled(text, 2));
    let adjusted = |column: &str| in_fen(column).map(|f| AdjustedPrice::today(market::fen(f)));
    // Highs and lows are the closes' where the row does not tell of them.
    let extreme = |of: &str| {
        let [high_close, low_close] =
            [adjusted(&format!("high_{of}"))?, adjusted(&format!("low_{of}"))?];
        Some(Extreme {
            high_close,
            low_close,
            high: adjusted(&format!("top_{of}")).unwrap_or(high_close),
            low: adjusted(&format!("bottom_{of}")).unwrap_or(low_close),
            sessions_traded: 250,
        })
    };
    day.carried.past = PastPrices {
        extremes: ["250", "52w", "ever"].map(extreme),
        sums: ["mean_19", "mean_49", "mean_199"].map(|column| {
            let days: i64 = column.rsplit('_').next().unwrap().parse().unwrap();
            adjusted(column).map(|mean| mean.billionths() * days)
        }),
    };
    day.carried.cluster_known = said(row, "cluster") != Some("unknown");
    let cluster = said(row, "cluster").filter(|text| *text != "unknown");
    day.carried.cluster = cluster.map(|text| {
        let (boards, since) = text.split_once(" since ").unwrap();
        let first_session = Calendar::builtin().number(date(since)).unwrap();
        let boards = boards.parse().unwrap();
        Cluster { first_session, last_sealed_session: first_session, boards }
    });
}

fn security(row: &Row) -> SecurityDay {
    let in_fen = |column: &str| said(row, column).map(|text| scaled(text, 2));
    let prices = in_fen("open").map(|open| {
        [open, in_fen("high").unwrap(), in_fen("low").unwrap(), in_fen("last").unwrap()]
    });
    let name = said(row, "name").unwrap_or("甲");
    let mut day = match in_fen("last_close") {
        Some(last_close) => day_after(&row["symbol"], name, last_close, in_fen("prev"), prices),
        None => bar_day(&row["symbol"], name, in_fen("prev"), prices),
    };
    if let Some(traded) = &mut day.traded {
        traded.volume = said(row, "volume").unwrap().parse().unwrap();
        traded.turnover = turnover(said(row, "turnover").unwrap_or("11000.00"));
    }
    match said(row, "limit") {
        Some("none") => day.limit = PriceLimit::Unlimited(Unlimited::NewListing),
        Some("unknown") => day.limit = PriceLimit::Unknown(Unknown::NoStatus),
        _ => {}
    }
    day.carried.streak = match said(row, "streak") {
        Some("unknown") => None,
        Some(streak) => Some(streak.parse().unwrap()),
        None => Some(0),
    };
    day.carried.streak_at_least = match said(row, "at_least") {
        Some(streak) => streak.parse().unwrap(),
        None => day.carried.streak.unwrap_or(0),
    };
    if said(row, "before") == Some("missing") {
        day.carried.missing = Some(day.session_number - 1);
    }
    day.carried.gap_sessions = said(row, "gap").map_or(0, |gap| gap.parse().unwrap());
    remember(row, &mut day);
    day.shares = said(row, "shares").map(|total| Shares {
        total: total.parse().unwrap(),
        float: said(row, "float").unwrap().parse().unwrap(),
        on: session(),
    });
    day.has_row = said(row, "row") != Some("none");
    if let Some(listed_on) = said(row, "listed") {
        day.listed_on = Some(date(listed_on));
    }
    day
}

/// The day of a security that closed the session before at a price in fen.
fn day_after(
    symbol: &str,
    name: &str,
    last_close: i64,
    prev_fen: Option<i64>,
    prices: Option<[i64; 4]>,
) -> SecurityDay {
    let listing = market::listing(symbol, name);
    let (board, number) = (listing.symbol.board().unwrap(), market::session_number());
    let before = Calendar::builtin().session(number - 1).unwrap();
    let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, board, before);
    let flat = Some(market::traded([last_close; 4]));
    let bar = DailyBar { session: before, prev_close: Some(market::fen(last_close)), traded: flat };
    fold.advance(&bar, number - 1);
    let bar = DailyBar {
        session: session(),
        prev_close: prev_fen.map(market::fen),
        traded: prices.map(market::traded),
    };
    fold.day(&bar, number)
}

/// The industries of a row, of a list of the day before unless it says when it was seen.
fn industries(row: &Row) -> Vec<Grouped> {
    let mut found = Vec::new();
    for text in said(row, "industry").into_iter().flat_map(|text| text.split(", ")) {
        let mut words = text.split(' ');
        let code = words.next().unwrap();
        let group =
            Group { id: GroupId::of_level("sw", 1, Some(code), code).unwrap(), name: code.into() };
        let (seen_on, symbol) = (date("2026-02-11"), row["symbol"].parse().unwrap());
        let mut one = Membership { symbol, seen_on, since: None, until: None };
        while let (Some(what), Some(day)) = (words.next(), words.next()) {
            match what {
                "seen" => one.seen_on = date(day),
                "since" => one.since = Some(date(day)),
                "until" => one.until = Some(date(day)),
                other => panic!("{other} is said of no industry"),
            }
        }
        found.push(Grouped { kind: GroupKind::Industry, group, members: vec![one] });
    }
    found
}

/// A row for each of the securities that it stands for, whose codes follow each other.
fn repeated(row: &Row) -> Vec<Row> {
    let times = said(row, "times").map_or(1, |times| times.parse().unwrap());
    let symbols = codes_from(&row["symbol"], times);
    let with = |symbol: Symbol| {
        let mut row = row.clone();
        row.insert("symbol".to_owned(), symbol.to_string());
        row
    };
    symbols.into_iter().map(with).collect()
}

/// So many codes from one on.
fn codes_from(first: &str, times: u32) -> Vec<Symbol> {
    let first: Symbol = first.parse().unwrap();
    (0..times).map(|n| Symbol::new(first.exchange(), first.code() + n).unwrap()).collect()
}

/// The theme of a row, of a list of the day before.
fn theme(row: &Row) -> Option<Grouped> {
    let name = said(row, "theme")?;
    let id = GroupId::of_kind("ths", GroupKind::Concept, None, name).unwrap();
    let (seen_on, symbol) = (date("2026-02-11"), row["symbol"].parse().unwrap());
    let members = vec![Membership { symbol, seen_on, since: None, until: None }];
    Some(Grouped { kind: GroupKind::Concept, group: Group { id, name: name.into() }, members })
}

/// The CSI 300 made of the members with a weight in percent of the close before.
fn basket(rows: &[Row]) -> Option<IndexBasket> {
    let shares = rows.iter().filter_map(|row| {
        let weight = u32::try_from(scaled(said(row, "weight")?, 4)).unwrap();
        let close = market::fen(scaled(said(row, "last_close").unwrap(), 2));
        Some((row["symbol"].parse().unwrap(), BasketShares::of_weight(weight, close).unwrap()))
    });
    let mut shares: Vec<(Symbol, BasketShares)> = shares.collect();
    shares.sort_unstable();
    let unknown = Vec::new();
    let (index, observed_on) = ("000300.SH".parse().unwrap(), date("2026-01-30"));
    (!shares.is_empty()).then_some(IndexBasket { index, observed_on, shares, unknown })
}

fn date(text: &str) -> SessionDate {
    text.parse().unwrap()
}

fn past(row: &Row) -> SessionTurnover {
    let mut past = SessionTurnover::new(date(&row["session"]));
    let symbol: Symbol = "600000.SH".parse().unwrap();
    let fen = Fen(scaled(&row["turnover"], 2));
    let turnover = Turnover { fen, basis: TurnoverBasis::Reported };
    past.add(symbol, symbol.board().unwrap(), turnover);
    past
}

fn closes(rows: &[Row]) -> PastCloses {
    let mut histories: BTreeMap<Symbol, IndexHistory> = BTreeMap::new();
    for row in rows {
        let symbol = row["index"].parse().unwrap();
        let new = IndexHistory { symbol, bars: Vec::new() };
        histories.entry(symbol).or_insert(new).bars.push(index_bar(row));
    }
    PastCloses::of(histories.values(), Calendar::builtin())
}

fn index_bar(row: &Row) -> IndexBar {
    let close: Price = row["close"].parse().unwrap();
    let level = |name: &str| said(row, name).map_or(close, |text| text.parse().unwrap());
    let (open, high, low) = (level("open"), level("high"), level("low"));
    let turnover = said(row, "turnover").map(|yuan| Fen(scaled(yuan, 2)));
    IndexBar { session: date(&row["session"]), open, high, low, close, turnover }
}

/// The sessions since which the expected facts are.
fn since(case: &Case) -> Vec<SessionDate> {
    let of = |line: &String| {
        let (_, rest) = line.split_once("_return_since:")?;
        rest.split('/').next()?.parse().ok()
    };
    case.expected.iter().filter_map(of).collect::<BTreeSet<_>>().into_iter().collect()
}

fn indices(rows: &[Row]) -> Vec<IndexView> {
    let mut views: BTreeMap<Symbol, (IndexFold, Option<IndexView>)> = BTreeMap::new();
    for row in rows {
        let bar = index_bar(row);
        let on = bar.session;
        let number = Calendar::builtin().number(on).unwrap();
        let symbol = row["index"].parse().unwrap();
        let (fold, last) = views.entry(symbol).or_insert((IndexFold::new(symbol), None));
        *last = Some(fold.step(number, &bar)).filter(|_| on == session());
    }
    views.into_values().filter_map(|(_, view)| view).collect()
}

/// A session of which nothing is known.
fn empty(session: SessionDate) -> MarketSession {
    MarketSession {
        session,
        days: Vec::new(),
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

fn facts(case: &Case) -> FactSet {
    let mut earlier = None;
    let mut market = empty(case.on.unwrap_or(session()));
    let mut quotes: BTreeMap<Symbol, Vec<Quote>> = BTreeMap::new();
    for table in &case.tables {
        let column = |name: &str| table.first().is_some_and(|row| row.contains_key(name));
        if column("time") {
            for row in table {
                quotes.entry(row["symbol"].parse().unwrap()).or_default().push(quote(row));
            }
        } else if column("back") && column("group") {
            let (history, past) = group_history(table);
            market.groups_past = GroupsPast::Kept(Arc::new(history));
            market.past = past;
        } else if column("back") {
            market.groups_past = GroupsPast::Returns(Arc::new(past_returns(table)));
            market.own_past = Some(Arc::new(own_past(table)));
        } else if column("fund") {
            market.funds = funds(table);
        } else if column("symbol") {
            let table: &Vec<Row> = &table.iter().flat_map(repeated).collect();
            market.days = table.iter().map(security).collect();
            market.days.sort_by_key(|day| day.symbol);
            market.baskets = basket(table).into_iter().collect();
            let groups = table.iter().flat_map(|row| industries(row).into_iter().chain(theme(row)));
            market.groups = Arc::new(Groups::of(groups));
        } else if column("measure") {
            earlier = Some(figures(table));
        } else if column("index") {
            market.indices = indices(table);
            market.past_closes = closes(table);
        } else {
            market.past = table.iter().map(past).collect();
        }
    }
    let rulebook = Rulebook::builtin();
    let Some(at) = &case.at else {
        let selection = match case.asked.is_empty() {
            true => Selection::review(),
            false => Selection::figures().with_review_groups().with_securities(case.asked.clone()),
        };
        let selection = selection.with_returns_since(since(case));
        let mut facts = evaluate_selected(&market, &selection, rulebook, &[]);
        if let Some(past) = earlier {
            across(&mut facts, &past);
        }
        return facts;
    };
    let instant = Instant { second: clock(at), coverage: coverage(&market.days, &quotes) };
    market.days.retain(|day| quotes.contains_key(&day.symbol));
    for day in &mut market.days {
        let mut fold = quotes_of(&quotes, day.symbol, clock(at));
        day.traded = fold.traded();
        if let PriceLimit::Limited { up, .. } = day.limit {
            day.seals = fold.seals(up);
        }
        if clock(at) > MORNING_ENDS {
            let mut morning = quotes_of(&quotes, day.symbol, MORNING_ENDS);
            day.morning = morning.traded().map(|traded| traded.last);
        }
    }
    let cells: Vec<Cell> = market.days.iter().map(Cell::of).collect();
    evaluate_at(&market, &instant, &cells, &Totals::of(&cells), rulebook, &[])
}

/// A security's session up to a second.
fn quotes_of(quotes: &BTreeMap<Symbol, Vec<Quote>>, of: Symbol, until: u32) -> SessionFold {
    SessionFold::of(quotes[&of].iter().filter(|quote| quote.time <= until).copied().collect())
}

/// Figures of earlier sessions: `value` on a row, repeated `times`, one row after another.
fn figures(rows: &[Row]) -> FigureHistory {
    let mut series: BTreeMap<&str, Vec<Option<i64>>> = BTreeMap::new();
    for row in rows {
        let times = said(row, "times").map_or(1, |times| times.parse().unwrap());
        let value = said(row, "value").map(|value| value.parse().unwrap());
        series.entry(&row["measure"]).or_default().extend(std::iter::repeat_n(value, times));
    }
    let longest = series.values().map(Vec::len).max().unwrap();
    let mut past = FigureHistory::new(Calendar::builtin());
    for i in 0..longest {
        let back = (longest - i) as u32;
        let on = Calendar::builtin().back(session(), back).unwrap().unwrap();
        let known = series.iter().filter_map(|(measure, values)| {
            let number = (*values.get((i + values.len()).checked_sub(longest)?)?)?;
            Some(((*measure).to_owned(), FigureValue { number, of: 1, basis: Basis::Exact }))
        });
        // A session without figures is one that the data lack.
        let known: Vec<(String, FigureValue)> = known.collect();
        if !known.is_empty() || rows.iter().all(|row| said(row, "value").is_some()) {
            past.push(on, known);
        }
    }
    past
}

/// `10:30` in seconds after midnight.
fn clock(text: &str) -> u32 {
    let (hour, minute) = text.split_once(':').unwrap();
    hour.parse::<u32>().unwrap() * 3600 + minute.parse::<u32>().unwrap() * 60
}

/// A quote; without a span in minutes it is a snapshot.
fn quote(row: &Row) -> Quote {
    let prices = ["open", "high", "low", "last"].map(|name| said(row, name).map(|p| scaled(p, 2)));
    let minutes = said(row, "minutes").map(|minutes| minutes.parse::<u32>().unwrap() * 60);
    let traded = prices[0].map(|_| {
        let [open, high, low, last] = prices.map(|price| market::fen(price.unwrap()));
        let volume = said(row, "volume").unwrap().parse().unwrap();
        let fen = Fen(scaled(said(row, "turnover").unwrap_or("11000.00"), 2));
        let turnover = Turnover { fen, basis: TurnoverBasis::Reported };
        Traded { open, high, low, last, volume, turnover }
    });
    let span = minutes.map_or(Span::SoFar, Span::Seconds);
    Quote { time: clock(&row["time"]), span, sequence: 0, revision: 0, traded }
}

/// What the securities with quotes are of those whose whole day the other table holds.
fn coverage(days: &[SecurityDay], quotes: &BTreeMap<Symbol, Vec<Quote>>) -> QuoteCoverage {
    let traded: Vec<&SecurityDay> = days.iter().filter(|day| day.traded.is_some()).collect();
    let fen = |day: &SecurityDay| day.traded.map_or(0, |t| i128::from(t.turnover.fen.0));
    let quoted = |day: &&&SecurityDay| quotes.contains_key(&day.symbol);
    let part = traded.iter().filter(quoted).map(|day| fen(day)).sum();
    let others = traded.iter().filter(|day| !quotes.contains_key(&day.symbol)).count();
    let known = !traded.is_empty();
    QuoteCoverage {
        securities: quotes.len() as u64,
        of: known.then_some((quotes.len() + others) as u64),
        turnover: known.then(|| [part, traded.iter().map(|day| fen(day)).sum()]),
        estimated: false,
    }
}

fn key(text: &str, at: Option<&str>) -> FactKey {
    format!("{text}/{}/{}", session(), at.unwrap_or("close")).parse().unwrap()
}

/// A number of parts at the decimals that a text has: `6.33 %` of 63,333,333 is 6.33.
fn rounded_as(parts: i64, per_one: i64, text: &str) -> bool {
    let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len() as u32);
    let scale = 10_i128.pow(decimals);
    let wanted = i128::from(scaled(text, decimals)) * i128::from(per_one);
    let had = i128::from(parts) * scale;
    2 * (had - wanted).abs() <= i128::from(per_one)
}

fn agrees(value: &Value, expected: &str) -> bool {
    match value {
        Value::Count { count } => expected.parse() == Ok(*count),
        Value::Money { fen } => {
            expected.strip_suffix(" yuan").is_some_and(|text| scaled(text, 2) == fen.0)
        }
        Value::Return { ppb } => {
            expected.strip_suffix(" %").is_some_and(|text| rounded_as(ppb.0, 10_000_000, text))
        }
        Value::Share { part, whole } => expected == format!("{part}/{whole}"),
        Value::Price { price } => {
            expected.strip_suffix(" yuan").is_some_and(|text| scaled(text, 4) == price.units())
        }
        Value::Points { units } => {
            expected.strip_suffix(" points").is_some_and(|text| scaled(text, 4) == *units)
        }
        Value::Ratio { ppm } => {
            !expected.contains(['%', ' ']) && rounded_as(*ppm, 1_000_000, expected)
        }
        Value::Time { second } => expected.contains(':') && clock(expected) == *second,
        Value::Flag { holds } => expected == if *holds { "yes" } else { "no" },
        Value::Unknown { reason } => expected == format!("unknown ({reason})"),
    }
}

/// What an expected line says against the facts; `Err` with what is the case instead.
fn check(facts: &FactSet, line: &str, at: Option<&str>) -> Result<(), String> {
    let (left, expected) = line.rsplit_once(" = ").ok_or("no ` = `")?;
    let (what, of) = left.split_once(' ').unwrap_or(("value", left));
    let key = FactKey { session: facts.session, ..key(of, at) };
    if what == "members" {
        let members = facts.members.get(&key).cloned().unwrap_or_default();
        let members: Vec<String> = members.iter().map(Symbol::to_string).collect();
        let members = members.join(" ");
        return if members == expected { Ok(()) } else { Err(members) };
    }
    if expected == "none" {
        return facts.get(&key).map_or(Ok(()), |fact| Err(format!("{:?}", fact.value)));
    }
    let fact = facts.get(&key).ok_or("no such fact")?;
    let coverage = fact.provenance.coverage;
    let basis = fact.provenance.basis.id();
    match what {
        "judged" if expected == format!("{} + {}", coverage.judged, coverage.unjudged) => Ok(()),
        "judged" => Err(format!("{coverage:?}")),
        "basis" if expected == basis => Ok(()),
        "basis" => Err(basis.to_owned()),
        _ if agrees(&fact.value, expected) => Ok(()),
        _ => Err(format!("{:?}", fact.value)),
    }
}

#[test]
fn every_specification_holds() {
    let mut wrong = Vec::new();
    for case in cases() {
        assert!(!case.expected.is_empty(), "{} expects nothing", case.place);
        let facts = facts(&case);
        for line in &case.expected {
            if let Err(had) = check(&facts, line, case.at.as_deref()) {
                wrong.push(format!("{}: `{line}`, but it is {had}", case.place));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_measure_is_specified() {
    let specified: BTreeSet<String> = cases()
        .iter()
        .flat_map(|case| &case.expected)
        .filter_map(|line| line.rsplit_once(" = "))
        .map(|(left, _)| key(left.rsplit(' ').next().unwrap(), None).measure.name().to_owned())
        .collect();
    let missing: Vec<&str> =
        catalogue().iter().map(|m| m.name()).filter(|name| !specified.contains(*name)).collect();
    assert!(missing.is_empty(), "no specification in spec/ for {missing:?}");
}

#[test]
fn a_wrong_expectation_is_seen() {
    let cases = cases();
    let case = cases.iter().find(|case| case.place.starts_with("breadth.md")).unwrap();
    let facts = facts(case);
    for line in ["advances/all-a = 3", "members unjudged_count/all-a = 600000.SH"] {
        assert!(check(&facts, line, None).is_err(), "{line}");
    }
}
