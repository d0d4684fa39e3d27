//! Data that contradict themselves: names that disagree with each other or with prices, prices
//! outside every band, ex-rights days without reference prices, one security under two codes. Every
//! road says the same of them.

use std::collections::BTreeMap;

use fupan::{
    Calendar, FactKey, FactSet, Market, SessionDate, SourceChoice, Store, Value, backfill,
};
use fupan_market::{
    DailyBar, Fen, Finding, FindingKind, Price, Renamed, Symbol, Traded, Turnover, TurnoverBasis,
    Wording,
};
use fupan_table::{
    Import, ImportId, SecurityRow, ShareCapitalRow, Table, code_change_batch, daily_bar_batch,
    security_batch, share_capital_batch,
};

/// A sequence of numbers that look like chance and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % n
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

fn import(file: &str, table: Table, batch: arrow::array::RecordBatch) -> Import {
    let digest = blake3::hash(file.as_bytes()).to_hex().to_string();
    Import {
        id: ImportId(digest.clone()),
        source: format!("made of {file}"),
        recipe: "made".to_owned(),
        file: file.to_owned(),
        digest,
        rows_read: batch.num_rows() as u64,
        rows_left_out: 0,
        lost: Vec::new(),
        rows_not_covered: 0,
        layout: Wording::none(),
        batches: vec![(table, batch)],
        findings: Vec::new(),
    }
}

fn fen(fen: i64) -> Price {
    Price::from_fen(fen).unwrap()
}

fn traded(open: i64, high: i64, low: i64, last: i64) -> Traded {
    let turnover = Turnover { fen: Fen(last * 1_000), basis: TurnoverBasis::Reported };
    let [open, high, low, last] = [open, high, low, last].map(fen);
    Traded { open, high, low, last, volume: 1_000, turnover }
}

fn name_row(symbol: &str, on: SessionDate, name: &str, listed_on: Option<&str>) -> SecurityRow {
    SecurityRow {
        symbol: symbol.parse().unwrap(),
        observed_on: on,
        name: Some(name.to_owned()),
        listed_on: listed_on.map(|on| on.parse().unwrap()),
        delisted_on: None,
        issue_price: None,
        industry: None,
    }
}

/// Rows of a security that walks at random, now and then where no rule lets it.
fn walk(dice: &mut Dice, symbol: Symbol, sessions: &[SessionDate]) -> Vec<(Symbol, DailyBar)> {
    let mut last = 1_000 + dice.below(900) as i64;
    let mut rows = Vec::new();
    for session in sessions {
        let chance = dice.below(100);
        if chance < 4 {
            if chance < 2 {
                rows.push((symbol, DailyBar { session: *session, prev_close: None, traded: None }));
            }
            continue;
        }
        let ex_rights = dice.below(40) == 0;
        let reference = if ex_rights { last / 2 } else { last };
        let percent =
            dice.of(&[-30, -20, -10, -5, -2, -1, 0, 0, 1, 2, 5, 5, 5, 10, 10, 10, 12, 20, 30]);
        let close = ((reference * (100 + percent) + 50) / 100).max(50);
        let (above, below) = (dice.of(&[0, 0, 0, 3, 80]), dice.of(&[0, 0, 5, 60]));
        let traded = traded(close, close + above, (close - below).max(1), close);
        let stated = dice.below(3) > 0;
        let prev_close = stated.then(|| fen(reference));
        rows.push((symbol, DailyBar { session: *session, prev_close, traded: Some(traded) }));
        last = if close > 50_000 { 1_000 } else { close };
    }
    rows
}

/// Changes of codes in the middle of the data; the second comes in a list.
const CHANGES: [[&str; 3]; 3] = [
    ["300114.SZ", "302132.SZ", "2025-02-17"],
    ["830003.BJ", "920003.BJ", "2025-03-17"],
    ["600014.SH", "600015.SH", "2025-04-01"],
];

/// The old code of a security and the first session under the new one, where its code changes.
fn old_code(symbol: Symbol) -> Option<(Symbol, SessionDate)> {
    let change = CHANGES.into_iter().find(|[_, new, _]| *new == symbol.to_string())?;
    Some((change[0].parse().unwrap(), change[2].parse().unwrap()))
}

/// Rows of a security whose code changes: under the old one before, mostly, and now and then under
/// both.
fn recoded(dice: &mut Dice, rows: Vec<(Symbol, DailyBar)>) -> Vec<(Symbol, DailyBar)> {
    let mut coded = Vec::new();
    for (symbol, bar) in rows {
        let Some((old, until)) = old_code(symbol) else {
            coded.push((symbol, bar));
            continue;
        };
        let [right, other] = if bar.session < until { [old, symbol] } else { [symbol, old] };
        let chance = dice.below(20);
        coded.push((if chance == 0 { other } else { right }, bar));
        if chance == 1 {
            coded.push((other, DailyBar { traded: None, ..bar }));
        } else if chance == 2 {
            coded.push((other, DailyBar { traded: Some(traded(900, 900, 900, 900)), ..bar }));
        }
    }
    coded
}

const NAMES: [&str; 12] = [
    "甲",
    "甲",
    "甲",
    "*ST甲",
    "ＳＴ 甲",
    "S甲",
    "S＊st甲",
    "STAR甲",
    "XD*ST甲",
    "退市甲",
    "N甲",
    "-",
];

/// A store of such rows, of sessions of a year in which main-board shares under risk warning
/// have a band of 5 %.
fn doubtful(folder: &std::path::Path) -> Market {
    let date = |text: &str| -> SessionDate { text.parse().unwrap() };
    let sessions = Calendar::builtin().between(date("2025-01-02"), date("2025-06-30"));
    let store = Store::open_or_create(folder).unwrap();
    let mut dice = Dice(20_260_212);
    let mut bars = Vec::new();
    let mut lists: [Vec<SecurityRow>; 2] = [Vec::new(), Vec::new()];
    let mut shares = Vec::new();
    let mut symbols: Vec<String> = (600_000..600_014).map(|code| format!("{code}.SH")).collect();
    symbols.push("600015.SH".to_owned());
    symbols.extend((1..9).map(|code| format!("{code:06}.SZ")));
    let others = [
        "300001.SZ",
        "300002.SZ",
        "300003.SZ",
        "300004.SZ",
        "302132.SZ",
        "688001.SH",
        "688002.SH",
        "920002.BJ",
        "920003.BJ",
    ];
    symbols.extend(others.map(str::to_owned));
    for text in &symbols {
        let symbol: Symbol = text.parse().unwrap();
        let from = dice.of(&[0, 0, 0, 0, 20, 50]);
        let mut rows = walk(&mut dice, symbol, &sessions[from..]);
        if dice.below(2) == 0
            && let Some((_, first)) = rows.first_mut()
        {
            first.prev_close = None;
        }
        let listed = (from > 0 && dice.below(2) == 0).then(|| rows[0].1.session.to_string());
        bars.extend(recoded(&mut dice, rows));
        let code_on = |date: SessionDate| match old_code(symbol) {
            Some((old, until)) if date < until => old.to_string(),
            _ => text.clone(),
        };
        let mut on = 0;
        loop {
            on += dice.below(30) as usize;
            let Some(date) = sessions.get(on) else { break };
            let row = name_row(&code_on(*date), *date, dice.of(&NAMES), listed.as_deref());
            // Two lists of one date, which may agree.
            if dice.below(4) == 0 {
                lists[1]
                    .push(SecurityRow { name: Some(dice.of(&NAMES).to_owned()), ..row.clone() });
            }
            lists[0].push(row);
            on += 1;
        }
        let code = if dice.below(2) == 0 { code_on(date("2024-12-31")) } else { text.clone() };
        shares.push(ShareCapitalRow {
            symbol: code.parse().unwrap(),
            observed_on: date("2024-12-31"),
            total_shares: 1_000_000 + dice.below(1_000_000),
            float_shares: 500_000 + dice.below(500_000),
        });
    }
    keep(&store, bars, lists, shares);
    Market::Store { store, choice: SourceChoice::Best }
}

/// Puts all of it into a store.
fn keep(
    store: &Store,
    bars: Vec<(Symbol, DailyBar)>,
    lists: [Vec<SecurityRow>; 2],
    shares: Vec<ShareCapitalRow>,
) {
    let bars = daily_bar_batch(bars).unwrap();
    store.append(&import("bars", Table::DailyBar, bars)).unwrap();
    for (place, list) in lists.into_iter().enumerate() {
        let batch = security_batch(list).unwrap();
        store.append(&import(&format!("names {place}"), Table::Security, batch)).unwrap();
    }
    let changes = CHANGES[1..].iter().map(|[old, new, on]| Renamed {
        on: on.parse().unwrap(),
        old: old.parse().unwrap(),
        new: new.parse().unwrap(),
    });
    let batch = code_change_batch(changes).unwrap();
    store.append(&import("changes", Table::CodeChange, batch)).unwrap();
    let batch = share_capital_batch(shares).unwrap();
    store.append(&import("shares", Table::ShareCapital, batch)).unwrap();
}

fn own(set: &FactSet) -> BTreeMap<String, Value> {
    let facts = set.facts.values().filter(|fact| fact.key.session == set.session);
    facts.map(|fact| (fact.key.to_string(), fact.value.clone())).collect()
}

#[test]
fn every_road_says_the_same_of_data_that_contradict_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let market = doubtful(folder.path());
    let (first, last) = market.sessions().unwrap();
    let audit = fupan::audit_sessions(&market, first, last, &mut |_, _| ()).unwrap();
    // SQL takes the square root in floating point, so that a tie may round the other way.
    let near = |a: &str, b: &str| {
        let (a, b) = (a.parse::<i64>(), b.parse::<i64>());
        matches!((a, b), (Ok(a), Ok(b)) if a.abs_diff(b) <= 1)
    };
    let differs = audit
        .differences
        .iter()
        .filter(|(key, one, other)| key.measure.name() != "return_dispersion" || !near(one, other));
    assert_eq!(differs.collect::<Vec<_>>(), Vec::<&(FactKey, String, String)>::new());
    assert_eq!(audit.without_twin, 0);
    // The data have what they were made for.
    let (mut kinds, mut unjudged) = (BTreeMap::new(), 0);
    for session in Calendar::builtin().between(first, last).iter().step_by(3) {
        let set = fupan::review(&market, Some(*session)).unwrap();
        for finding in &set.findings {
            *kinds.entry((finding.kind, finding.subject.clone())).or_insert(0) += finding.count;
        }
        let key = format!("unjudged_count/all-a/{session}/close").parse().unwrap();
        if let Some(Value::Count { count }) = set.get(&key).map(|fact| &fact.value) {
            unjudged += count;
        }
    }
    for (kind, subject) in [
        (FindingKind::StatusConflict, "names"),
        (FindingKind::StatusConflict, "prices"),
        (FindingKind::LimitBreach, ""),
        (FindingKind::DerivedPrevClose, "ruled_out"),
        (FindingKind::UnknownLimit, "new_listing"),
        (FindingKind::SourceConflict, "code_change"),
    ] {
        assert!(kinds.contains_key(&(kind, subject.to_owned())), "{kind:?} {subject}: {kinds:?}");
    }
    assert!(unjudged > 10, "{unjudged}");
    // One session alone, and kept figures, say what the whole history says.
    let sessions = Calendar::builtin().between(first, last);
    let asked = [sessions[40], sessions[90], last];
    let reviews: Vec<_> =
        asked.iter().map(|on| own(&fupan::review(&market, Some(*on)).unwrap())).collect();
    backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
    for (on, before) in asked.iter().zip(&reviews) {
        let kept = own(&fupan::review(&market, Some(*on)).unwrap());
        let differing: Vec<_> = before
            .iter()
            .filter(|(key, value)| !key.contains("_all_time") && kept.get(*key) != Some(value))
            .take(3)
            .collect();
        assert!(differing.is_empty(), "{on}: {differing:?}");
    }
}

/// Sealed on five sessions in a row, from the second of the rows on, under an old code until a
/// date.
fn sealed_across(old: &str, new: &str, from: &str, on: &str) -> Vec<(Symbol, DailyBar)> {
    let (from, on): (SessionDate, SessionDate) = (from.parse().unwrap(), on.parse().unwrap());
    let calendar = Calendar::builtin();
    let first = calendar.number(from).unwrap();
    let mut last = 1_000;
    (0..6)
        .map(|day| {
            let session = calendar.session(first + day).unwrap();
            let percent = match (day, old.ends_with("BJ"), old.starts_with('3')) {
                (0, ..) => 0,
                (_, true, _) => 30,
                (_, _, true) => 20,
                _ => 10,
            };
            let close = match percent {
                30 => last * 130 / 100,
                percent => (last * (100 + percent) + 50) / 100,
            };
            let prev_close = Some(fen(last));
            last = close;
            let code = if session < on { old } else { new };
            let bar =
                DailyBar { session, prev_close, traded: Some(traded(close, close, close, close)) };
            (code.parse().unwrap(), bar)
        })
        .collect()
}

/// Puts one security that changes its code into a store, with its lists.
fn keep_case(store: &Store, [old, new, from, on]: [&str; 4]) {
    let mut rows = sealed_across(old, new, from, on);
    // Others trade too, so that no exchange is without them.
    let other = match &old[7..] {
        "SZ" => "300001.SZ",
        "SH" => "600001.SH",
        _ => "920001.BJ",
    };
    let others: Vec<_> = rows
        .iter()
        .map(|(_, bar)| {
            let flat = Some(traded(1_000, 1_000, 1_000, 1_000));
            let bar = DailyBar { prev_close: Some(fen(1_000)), traded: flat, ..*bar };
            (other.parse::<Symbol>().unwrap(), bar)
        })
        .collect();
    rows.extend(others);
    let batch = daily_bar_batch(rows).unwrap();
    store.append(&import(old, Table::DailyBar, batch)).unwrap();
    // One list names the old code, the other gives the new one's shares.
    let list = [name_row(old, from.parse().unwrap(), "甲", Some("2016-01-04"))];
    let batch = security_batch(list).unwrap();
    store.append(&import(&format!("{old} name"), Table::Security, batch)).unwrap();
    // A list that dates a listing by its new code would be believed.
    let listed = if new.ends_with("BJ") { None } else { Some(on) };
    let list = [name_row(new, on.parse().unwrap(), "甲", listed)];
    let batch = security_batch(list).unwrap();
    store.append(&import(&format!("{new} name"), Table::Security, batch)).unwrap();
}

#[test]
fn a_security_goes_on_under_a_new_code() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(folder.path()).unwrap();
    // Of three changes the rules know two; the Beijing exchange's come in a list.
    let cases = [
        ["300114.SZ", "302132.SZ", "2025-02-11", "2025-02-17"],
        ["601313.SH", "601360.SH", "2018-02-22", "2018-02-28"],
        ["830301.BJ", "920301.BJ", "2025-09-25", "2025-10-09"],
    ];
    for case in cases {
        keep_case(&store, case);
    }
    let market = Market::Store { store, choice: SourceChoice::Best };
    let streak = |code: &str, session: SessionDate| {
        let set = fupan::review(&market, Some(session)).unwrap();
        let key = format!("limit_up_streak/{code}/{session}/close").parse().unwrap();
        let value = set.get(&key).map(|fact| fact.value.clone());
        let listed = format!("traded/all-a/{session}/close").parse().unwrap();
        assert_eq!(set.get(&listed).unwrap().value, Value::Count { count: 2 }, "{session}");
        let name = set.names.get(&code.parse().unwrap()).map(|name| name.zh.clone());
        value.map(|value| (value, name))
    };
    let five = |name: &str| Some((Value::Count { count: 5 }, Some(name.to_owned())));
    let calendar = Calendar::builtin();
    let before_and_after = |on: &str| {
        let on = calendar.number(on.parse().unwrap()).unwrap();
        [on - 1, on + 1].map(|number| calendar.session(number).unwrap())
    };
    let [before, after] = before_and_after("2025-02-17");
    assert_eq!(streak("302132.SZ", after), five("甲"));
    assert_eq!(streak("300114.SZ", before).unwrap().0, Value::Count { count: 3 });
    assert_eq!(streak("302132.SZ", before), None);
    let [_, after] = before_and_after("2018-02-28");
    assert_eq!(streak("601360.SH", after), five("甲"));
    let [before, after] = before_and_after("2025-10-09");
    // Without the list nothing is known of the Beijing share's past, and that is said.
    let alone = streak("920301.BJ", after).unwrap().0;
    assert!(matches!(alone, Value::Unknown { .. }), "{alone:?}");
    let findings = fupan::review(&market, Some(after)).unwrap().findings;
    let missing = |finding: &&Finding| finding.subject == "code_change";
    let found = findings.iter().find(missing).unwrap();
    assert_eq!((found.kind, found.count), (FindingKind::MissingData, 1));
    let Market::Store { store, .. } = &market else { panic!("a store") };
    let mapping = Renamed {
        on: "2025-10-09".parse().unwrap(),
        old: "830301.BJ".parse().unwrap(),
        new: "920301.BJ".parse().unwrap(),
    };
    let batch = code_change_batch([mapping]).unwrap();
    store.append(&import("mapping", Table::CodeChange, batch)).unwrap();
    assert_eq!(streak("920301.BJ", after), five("甲"));
    assert_eq!(streak("830301.BJ", before).unwrap().0, Value::Count { count: 3 });
    let findings = fupan::review(&market, Some(after)).unwrap().findings;
    assert_eq!(findings.iter().find(missing), None);
    // The other road, and what is kept.
    for (code, session) in [("920301.BJ", after), ("830301.BJ", before)] {
        let key = format!("limit_up_streak/{code}/{session}/close").parse().unwrap();
        let explained = fupan::explain(&market, &key).unwrap();
        let twin = fupan::cross_check(&market, &explained).unwrap();
        assert!(matches!(twin, fupan::CrossCheck::Agrees { .. }), "{twin:?}");
    }
    backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
    assert_eq!(streak("920301.BJ", after), five("甲"));
    assert_eq!(streak("830301.BJ", before).unwrap().0, Value::Count { count: 3 });
}
