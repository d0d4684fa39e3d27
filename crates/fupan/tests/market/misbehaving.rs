//! Vendors that misbehave, each way by the whole road of an update: from the request over the answer
//! that is kept, the recipe and the store to the figures. Nothing that they do gives a figure that is
//! wrong, and what is lost is said.
//!
//! The vendors are a stub on loopback with a made-up market. The first source misbehaves in one way,
//! the second one does not.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use fupan::fetch::{Bounds, Fetcher, NoFetchProgress, Outside as _, Pace, Settings, Timeouts};
use fupan::{
    FactKey, FetchDone, FetchStep, InLanguage as _, Market, NoProgress, Partial, ReadOptions,
    Recipe, SourceChoice, Store, Update, Updated, Value, Wording, missing, query, review,
};
use jiff::Timestamp;

use crate::stub::{Stage, asked, serve};

mod connections;
mod lists;
mod plausible;
mod rows;
mod told;
mod vendors;

use told::{Sent, Told};
use vendors::Made;

/// Half past four in Shanghai on 2026-02-12.
const AT: &str = "2026-02-12T08:30:00Z";
const TOKEN: &str = "c0ffee5ec2e7token0123456789abcdef";
const SOURCES: [&str; 4] = ["eastmoney", "tencent", "sina", "tushare"];

/// Requests to a source in any minute.
const BUDGET: usize = 5;

/// What a way of misbehaving leads to.
#[derive(Clone, Copy, Debug)]
pub enum Leads {
    /// The next source is asked, and it is said why, in words that hold these.
    Next(&'static str, &'static str),
    /// To nothing: it is recovered from, or it does no harm.
    Nothing,
    /// The rows are whole, and a remark holds these words.
    Remark(&'static str, &'static str),
    /// All rows but those of some securities, and a finding holds these words.
    Without(&'static [&'static str], &'static str, &'static str),
}

/// What is missing, and what the store holds before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Days, of an empty store.
    FirstDays,
    /// Days, after a session that is there.
    Days,
    /// Indices, after a session that is there.
    Indices,
}

/// What is done to an answer.
type Does = fn(&mut Sent, &Told);

/// A way of misbehaving.
pub struct Way {
    pub name: &'static str,
    pub source: &'static str,
    pub missing: Missing,
    pub does: Does,
    pub leads: Leads,
}

/// A way of EastMoney's list of shares.
pub const fn of_list(name: &'static str, leads: Leads, does: Does) -> Way {
    Way { name, source: "eastmoney", missing: Missing::FirstDays, does, leads }
}

/// A way of another source, after a session that is there.
pub const fn of_days(source: &'static str, name: &'static str, leads: Leads, does: Does) -> Way {
    Way { name, source, missing: Missing::Days, does, leads }
}

/// The vendors on loopback, of which one may misbehave.
struct Vendors {
    stage: Arc<Stage>,
    settings: Settings,
    /// Whether the first source misbehaves, and how often it was asked since it began.
    misbehaves: Arc<AtomicBool>,
    sent: Arc<Mutex<Vec<(String, Timestamp)>>>,
}

impl Vendors {
    fn of(way: &'static Way) -> Vendors {
        let at: Timestamp = AT.parse().unwrap();
        let stage = Stage::at(at, |name| (name == "TUSHARE_TOKEN").then(|| TOKEN.to_owned()));
        let misbehaves = Arc::new(AtomicBool::new(true));
        let sent: Arc<Mutex<Vec<(String, Timestamp)>>> = Arc::default();
        let (clock, does, log) = (stage.clone(), misbehaves.clone(), sent.clone());
        let number = AtomicUsize::new(0);
        let url = serve(move |stream| {
            let Some(asked) = asked(stream) else { return };
            let source = match asked.target.as_str() {
                target if target.starts_with("/q=") => "tencent",
                target if target.starts_with("/list=") => "sina",
                target if target.starts_with("/api/qt/") => "eastmoney",
                _ => "tushare",
            };
            log.lock().unwrap().push((source.to_owned(), clock.now()));
            let told = |number| Told::of(&asked, number, Made(0));
            if source == way.source && does.load(Ordering::SeqCst) {
                let told = told(number.fetch_add(1, Ordering::SeqCst));
                let mut sent = Sent::right(source, &told);
                (way.does)(&mut sent, &told);
                return sent.send(stream);
            }
            Sent::right(source, &told(0)).send(stream);
        });
        let mirrors = SOURCES.map(|source| (source.to_owned(), url.clone())).into();
        let slow = way.name.starts_with("slow");
        let seconds = |slowly: u64| Duration::from_millis(if slow { slowly } else { 30_000 });
        let settings = Settings {
            mirrors,
            timeouts: Timeouts {
                connect: seconds(5_000),
                idle: seconds(500),
                whole: seconds(1_500),
            },
            bounds: Bounds { sent: 1 << 20, unpacked: 2 << 20, ..Settings::usual().bounds },
            pace: Pace { per_minute: NonZeroU32::new(BUDGET as u32).unwrap(), ..Pace::usual() },
            ..Settings::usual()
        };
        Vendors { stage, settings, misbehaves, sent }
    }

    /// No minute has more requests to a source than its budget.
    fn hold_to_budget(&self, name: &str) {
        let sent = self.sent.lock().unwrap();
        for source in SOURCES {
            let of = sent.iter().filter(|(of, _)| of == source).map(|(_, at)| *at);
            let of: Vec<Timestamp> = of.collect();
            for minute in of.windows(BUDGET + 1) {
                let apart = minute[BUDGET].duration_since(minute[0]).as_secs();
                assert!(apart >= 60, "{name}: {BUDGET} requests and one to {source} in {apart} s");
            }
        }
    }
}

/// A store with what was there before.
fn store_before(missing: Missing, folder: &Path) -> Store {
    let store = Store::open_or_create(folder).unwrap();
    if missing == Missing::FirstDays {
        return store;
    }
    let before = Made(-1);
    let answers = tempfile::tempdir().unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let recipe = Recipe::named("em-list").unwrap();
    for page in 1..=3 {
        let path = answers.path().join(format!("spot-{page:04}.json"));
        std::fs::write(path, before.list(page, 100).to_string()).unwrap();
    }
    fupan::import(&store, &recipe, answers.path(), &options, &NoProgress).unwrap();
    let path = answers.path().join("indices.json");
    std::fs::write(&path, before.list_of_indices().to_string()).unwrap();
    fupan::import(&store, &recipe, &path, &options, &NoProgress).unwrap();
    store
}

/// Asks some sources for what is missing of the session.
fn updated(store: &Store, sources: &[&str], vendors: &Vendors, what: Missing) -> FetchDone {
    let (on, done) = updated_on(store, sources, vendors, what);
    assert_eq!(on, day());
    done
}

/// The same of the last session that is over, and which that is.
fn updated_on(
    store: &Store,
    sources: &[&str],
    vendors: &Vendors,
    what: Missing,
) -> (String, FetchDone) {
    let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
    let now = vendors.stage.now();
    let name = if what == Missing::Indices { "indices" } else { "days" };
    let steps = missing(store, &sources, None, now).unwrap();
    let of: Vec<&FetchStep> = steps.iter().filter(|step| step.what.en == name).collect();
    let [step] = of[..] else { panic!("{steps:?}") };
    assert_eq!(step.from, step.to);
    let mut update = Update::begin(store, SystemTime::from(now)).unwrap();
    let states = update.states_of_sources();
    let fetcher = Fetcher::new(vendors.settings.clone(), &states, vendors.stage.clone()).unwrap();
    (step.to.to_string(), update.fetch(step, &fetcher, &NoFetchProgress).unwrap())
}

fn day() -> String {
    "2026-02-12".to_owned()
}

/// The rows of the session, by source.
fn rows(store: &Store, what: Missing) -> BTreeMap<String, BTreeSet<String>> {
    let (table, columns) = match what {
        Missing::Indices => ("index_bar", "symbol, open, high, low, close, turnover"),
        _ => ("daily_bar", "symbol, open, high, low, close, prev_close, volume, turnover"),
    };
    let sql = format!("SELECT source, {columns} FROM {table} WHERE session = DATE '{}'", day());
    let mut rows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in query(store, &sql).unwrap().rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let source = cells.next().unwrap();
        let row = cells.collect::<Vec<_>>().join("|");
        assert!(rows.entry(source).or_default().insert(row), "a row is there twice");
    }
    rows
}

/// The names that the session's lists have.
fn names(store: &Store) -> BTreeSet<(String, String)> {
    let sql = format!("SELECT symbol, name FROM security WHERE observed_on = DATE '{}'", day());
    let rows = query(store, &sql).unwrap().rows;
    let text = |cell: Option<String>| cell.unwrap_or_default();
    let pair = |row: Vec<Option<String>>| {
        let mut cells = row.into_iter().map(text);
        (cells.next().unwrap(), cells.next().unwrap())
    };
    rows.into_iter().map(pair).collect()
}

/// The rows that a source has if nothing is wrong.
fn truth(what: Missing, source: &str) -> BTreeSet<String> {
    let bars = if what == Missing::Indices { Made(0).indices() } else { Made(0).shares() };
    // Tushare has no row of a share without trade.
    let bars = bars.iter().filter(|bar| bar.traded() || source != "tushare");
    let row = |bar: &vendors::Bar| match what {
        Missing::Indices => bar.stored_level(),
        _ => bar.stored(),
    };
    bars.map(row).collect()
}

/// The figures of the session.
fn figures(store: Store) -> BTreeMap<FactKey, Value> {
    let market = Market::Store { store, choice: SourceChoice::Best };
    let facts = review(&market, Some(day().parse().unwrap())).unwrap();
    facts.facts.into_iter().map(|(key, fact)| (key, fact.value)).collect()
}

type Figures = Arc<BTreeMap<FactKey, Value>>;
static TRUE_FIGURES: Mutex<BTreeMap<String, Figures>> = Mutex::new(BTreeMap::new());
static WELL: Way = of_list("well", Leads::Nothing, |_, _| {});

/// The figures of the session where a source does not misbehave; counts are held to the market.
fn true_figures(what: Missing, source: &str) -> Figures {
    let key = format!("{what:?} {source}");
    let mut known = TRUE_FIGURES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let figures = known.entry(key).or_insert_with(|| {
        let (vendors, folder) = (Vendors::of(&WELL), tempfile::tempdir().unwrap());
        let store = store_before(what, folder.path());
        let done = updated(&store, &[source], &vendors, what);
        assert_eq!(done.used.map(|dataset| dataset.source), Some(source), "{done:?}");
        assert_eq!(rows(&store, what)[source], truth(what, source));
        Arc::new(figures(store))
    });
    if what != Missing::Indices {
        let shares = Made(0).shares();
        let count = |of: fn(&vendors::Bar) -> bool| {
            shares.iter().filter(|bar| bar.traded() && of(bar)).count() as i64
        };
        let key = |measure: &str| format!("{measure}/all-a/{}/close", day()).parse().unwrap();
        for (measure, is) in [
            ("advances", count(|bar| bar.close > bar.prev)),
            ("declines", count(|bar| bar.close < bar.prev)),
            ("unchanged", count(|bar| bar.close == bar.prev)),
        ] {
            let told = &figures[&key(measure)];
            assert!(matches!(told, Value::Count { count, .. } if *count == is), "{told:?} {is}");
        }
    }
    Arc::clone(figures)
}

/// Nothing in a text is the token.
fn hold_secret(name: &str, text: &str) {
    assert!(!text.to_lowercase().contains(TOKEN), "{name}: the token is in {text}");
}

/// No file of the store holds the token.
fn hold_files(name: &str, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => hold_files(name, &path),
            false => hold_secret(name, &String::from_utf8_lossy(&std::fs::read(&path).unwrap())),
        }
    }
}

fn says(name: &str, told: &[&Wording], en: &str, zh: &str) {
    let both = told.iter().any(|told| told.en.contains(en) && told.zh.contains(zh));
    assert!(both, "{name}: no “{en}”/“{zh}” in {told:#?}");
}

/// What an update says of the rows it took.
fn findings(done: &FetchDone) -> Vec<Wording> {
    let Updated::Imported { imported, .. } = &done.updated else { return Vec::new() };
    imported.findings.iter().map(|finding| finding.detail.clone()).collect()
}

/// What became of an update, in short.
fn in_short(done: &FetchDone) -> String {
    let used = done.used.map(|dataset| dataset.name);
    let failed: Vec<String> = done.failed.iter().map(|(_, error)| error.to_string()).collect();
    let remarks: Vec<&String> = done.remarks.iter().map(|remark| &remark.en).collect();
    let found: Vec<String> = findings(done).into_iter().map(|found| found.en).collect();
    format!("used {used:?}, failed {failed:#?}, remarks {remarks:#?}, findings {found:#?}")
}

/// Lets a source misbehave before another one.
fn misbehave(way: &'static Way) {
    let (name, first) = (way.name, way.source);
    let second = if first == "tushare" { "eastmoney" } else { "tushare" };
    let vendors = Vendors::of(way);
    let folder = tempfile::tempdir().unwrap();
    let store = store_before(way.missing, folder.path());
    let done = updated(&store, &[first, second], &vendors, way.missing);
    vendors.hold_to_budget(name);
    hold_secret(name, &format!("{done:?}"));
    hold_files(name, &folder.path().join("evidence"));

    let used = done.used.map(|dataset| dataset.source);
    let mut expected = truth(way.missing, first);
    let findings = findings(&done);
    let told: Vec<&Wording> = done.remarks.iter().chain(&findings).collect();
    match way.leads {
        Leads::Next(en, zh) => {
            assert_eq!(used, Some(second), "{name}: {}", in_short(&done));
            let [(failed, error)] = &done.failed[..] else { panic!("{name}: {}", in_short(&done)) };
            assert_eq!(failed.source, first, "{name}");
            let error = error.wording();
            hold_secret(name, &format!("{error:?}"));
            says(name, &[&error], en, zh);
            expected = truth(way.missing, second);
        }
        Leads::Nothing => {
            assert_eq!(used, Some(first), "{name}: {}", in_short(&done));
            assert!(
                done.failed.is_empty() && done.remarks.is_empty(),
                "{name}: {}",
                in_short(&done)
            );
        }
        Leads::Remark(en, zh) => {
            assert_eq!(used, Some(first), "{name}: {}", in_short(&done));
            says(name, &told, en, zh);
        }
        Leads::Without(without, en, zh) => {
            assert_eq!(used, Some(first), "{name}: {}", in_short(&done));
            says(name, &told, en, zh);
            let before = expected.len();
            expected.retain(|row| !without.iter().any(|one| row.starts_with(one)));
            assert_eq!(expected.len() + without.len(), before, "{name}");
        }
    }
    let used = used.unwrap();
    let rows = rows(&store, way.missing);
    assert_eq!(rows.keys().collect::<Vec<_>>(), [used], "{name}");
    let (wrong, lost) = (&rows[used] - &expected, &expected - &rows[used]);
    assert!(wrong.is_empty() && lost.is_empty(), "{name}: {wrong:#?} and without {lost:#?}");
    if way.missing != Missing::Indices {
        let shares = Made(0).shares();
        let real = shares.iter().map(|bar| (bar.symbol.to_string(), bar.name()));
        let other: Vec<_> = names(&store).difference(&real.collect()).cloned().collect();
        assert!(other.is_empty(), "{name}: {other:?}");
    }
    if !matches!(way.leads, Leads::Without(..)) && way.missing != Missing::Indices {
        let (told, real) = (figures(store), true_figures(way.missing, used));
        let other: Vec<_> =
            told.iter().filter(|(key, value)| real.get(key) != Some(value)).collect();
        assert!(other.is_empty() && told.len() == real.len(), "{name}: {other:?}");
    }
    if let Leads::Next(..) = way.leads {
        alone(way, &vendors);
    }
}

/// Without another source nothing is stored; and what is kept of a bad day stands in nobody's way once
/// the vendor is itself again.
fn alone(way: &'static Way, vendors: &Vendors) {
    let (name, first) = (way.name, way.source);
    // Another store has another budget.
    vendors.sent.lock().unwrap().clear();
    let folder = tempfile::tempdir().unwrap();
    let store = store_before(way.missing, folder.path());
    let done = updated(&store, &[first], vendors, way.missing);
    assert!(done.used.is_none() && done.failed.len() == 1, "{name}: {}", in_short(&done));
    assert!(rows(&store, way.missing).is_empty(), "{name}");
    vendors.misbehaves.store(false, Ordering::SeqCst);
    let later = vendors.stage.now() + Duration::from_secs(2 * 3_600);
    vendors.stage.set(later);
    let done = updated(&store, &[first], vendors, way.missing);
    assert_eq!(done.used.map(|dataset| dataset.source), Some(first), "{name}: {}", in_short(&done));
    let rows = rows(&store, way.missing);
    assert_eq!(rows[first], truth(way.missing, first), "{name}");
    vendors.hold_to_budget(name);
}

/// Every way of a table, each of its own name; what fails is said at the end, all of it.
fn misbehave_in(ways: &'static [Way]) {
    let mut failed = Vec::new();
    for way in ways {
        let done = std::panic::catch_unwind(|| misbehave(way));
        if done.is_err() {
            failed.push(way.name);
        }
    }
    assert!(failed.is_empty(), "{} of {} ways: {failed:#?}", failed.len(), ways.len());
}

#[test]
fn ways_to_answer_nothing_that_is_one() {
    misbehave_in(connections::WAYS);
}

#[test]
fn ways_to_send_a_list_that_is_not_whole() {
    misbehave_in(lists::WAYS);
}

#[test]
fn ways_to_send_rows_that_are_not_so() {
    misbehave_in(rows::WAYS);
}

#[test]
fn ways_to_be_plausible_and_wrong() {
    misbehave_in(plausible::WAYS);
}

#[test]
fn where_nobody_listens_the_next_source_is_asked() {
    let (mut vendors, folder) = (Vendors::of(&WELL), tempfile::tempdir().unwrap());
    let store = Store::open_or_create(folder.path()).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    vendors.settings.mirrors.insert("eastmoney".to_owned(), dead);
    let done = updated(&store, &["eastmoney", "tushare"], &vendors, Missing::FirstDays);
    let told = done.failed[0].1.wording();
    says("nobody", &[&told], "no connection", "无法建立连接");
    assert_eq!(rows(&store, Missing::FirstDays)["tushare"], truth(Missing::FirstDays, "tushare"));
}

/// On a Saturday Friday is what is asked for, and on the next session it is not.
#[test]
fn a_saturday_has_the_session_of_friday() {
    static FRIDAY: Way = of_list("Friday", Leads::Nothing, |sent, told| {
        let (page, size) = told.page();
        sent.text = Made(1).list(page, size).to_string();
    });
    let (vendors, folder) = (Vendors::of(&FRIDAY), tempfile::tempdir().unwrap());
    let store = Store::open_or_create(folder.path()).unwrap();
    let asked = |at: &str| {
        vendors.stage.set(at.parse().unwrap());
        updated_on(&store, &["eastmoney"], &vendors, Missing::FirstDays)
    };
    let (on, done) = asked("2026-02-14T02:00:00Z");
    assert_eq!((on.as_str(), done.used.is_some()), ("2026-02-13", true), "{}", in_short(&done));
    let days = query(&store, "SELECT DISTINCT CAST(session AS VARCHAR) FROM daily_bar").unwrap();
    assert_eq!(days.rows, [[Some("2026-02-13".to_owned())]]);
    // The market is shut for nine days.
    let (on, done) = asked("2026-02-24T08:30:00Z");
    assert_eq!((on.as_str(), done.used.is_some()), ("2026-02-24", false));
    let told = done.failed[0].1.wording();
    says("Friday", &[&told], "the session of 2026-02-13, not of 2026-02-24", "不是2026-02-24的");
}

#[test]
fn there_are_many_ways_and_each_has_its_name() {
    let all = [connections::WAYS, lists::WAYS, rows::WAYS, plausible::WAYS];
    let names: BTreeSet<(&str, &str)> =
        all.into_iter().flatten().map(|way| (way.source, way.name)).collect();
    assert_eq!(names.len(), all.iter().map(|ways| ways.len()).sum::<usize>());
    assert!(names.len() >= 30, "only {}", names.len());
}
