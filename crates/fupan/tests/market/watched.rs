//! A session that is followed: a stub on loopback serves a simulated one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use fupan::fetch::{NoFetchProgress, Outside as _};
use fupan::{
    Error, Fact, FactKey, FactSet, FindingKind, Market, Replay, SessionDate, SourceChoice, Store,
    Value, Watch, review, review_at,
};
use fupan_fact::InputRef;
use fupan_market::{Fen, Quote, Symbol};

use crate::exchange::{Exchange, Faults, fetcher, last, moment, stage, stored_before};

const fn at(hour: u32, minute: u32) -> u32 {
    hour * 3600 + minute * 60
}

/// The times at which the session is asked for: every three seconds around the auctions and the
/// break, every two minutes in between.
fn times() -> Vec<u32> {
    let dense = [(at(9, 24), at(9, 32)), (at(11, 29), at(11, 31)), (at(13, 0), at(13, 1))];
    let close = [(at(14, 56), at(15, 1))];
    let dense = dense.into_iter().chain(close).flat_map(|(from, to)| (from..to).step_by(3));
    let wide = (at(9, 32)..at(11, 29)).step_by(120).chain((at(13, 1)..at(14, 56)).step_by(120));
    let all: BTreeSet<u32> = dense.chain(wide).collect();
    all.into_iter().collect()
}

/// What a figure says, with its inputs by table and source: a running session has no digests.
fn said(facts: &FactSet) -> BTreeMap<FactKey, Fact> {
    let bare = |fact: &Fact| {
        let mut fact = fact.clone();
        let inputs = fact.provenance.inputs.iter().cloned();
        let bare = inputs.map(|input| InputRef { digest: String::new(), ..input });
        fact.provenance.inputs = bare.collect::<BTreeSet<_>>().into_iter().collect();
        fact
    };
    facts.facts.iter().map(|(key, fact)| (key.clone(), bare(fact))).collect()
}

/// What a watch has shown of a session, by instant; and the instants that later quotes revised.
struct Shown {
    facts: BTreeMap<u32, FactSet>,
    revised: BTreeSet<u32>,
    failed: u64,
}

fn follow(market: &Market, session: SessionDate, exchange: &Exchange, sources: &[&str]) -> Shown {
    let stage = stage(session, at(9, 20));
    let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
    let mut watch = Watch::begin(market, session, &sources, stage.now()).unwrap();
    let fetcher = fetcher(&exchange.url, &watch.states_of_sources(), stage.clone());
    let mut shown = Shown { facts: BTreeMap::new(), revised: BTreeSet::new(), failed: 0 };
    for second in times() {
        exchange.at(second);
        stage.set(moment(session, second));
        let poll = watch.poll(&fetcher, &NoFetchProgress).unwrap();
        shown.failed += poll.failed.len() as u64;
        if let Some(first) = poll.revises {
            shown.revised.extend(shown.facts.range(first..).map(|(second, _)| *second));
        }
        match watch.second() {
            None => assert!(second < at(9, 25) || !poll.failed.is_empty(), "{second}: {poll:?}"),
            Some(at) => {
                shown.facts.insert(at, watch.facts().unwrap());
            }
        }
        if second == at(11, 30) + 57 {
            assert!(watch.settle(stage.now()).unwrap() > 0);
        }
    }
    assert!(watch.settle(stage.now()).unwrap() > 0);
    shown
}

/// At every instant the figures that were shown are those of the store afterwards.
fn compare(market: &Market, session: SessionDate, shown: &Shown) -> usize {
    let mut replay = Replay::open(market, Some(session)).unwrap();
    let mut compared = 0;
    while let Some(step) = replay.step().unwrap() {
        let Some(facts) = shown.facts.get(&step.second) else { continue };
        if shown.revised.contains(&step.second) {
            continue;
        }
        let replayed = replay.facts().unwrap();
        let (one, other) = (said(facts), said(&replayed));
        let differs = one.iter().find(|(key, fact)| other.get(*key) != Some(*fact));
        assert!(differs.is_none(), "{}: {differs:?}", step.second);
        assert_eq!(one.len(), other.len());
        assert_eq!(facts.members, replayed.members);
        compared += 1;
        if compared % 40 == 1 {
            let reviewed = review_at(market, Some(session), step.second).unwrap();
            assert_eq!(said(&reviewed), other, "{}", step.second);
        }
    }
    compared
}

/// The figures of the close are those of the day that is imported.
fn compare_close(market: &Market, session: SessionDate, shown: &Shown) {
    let Market::Store { store, .. } = market else { panic!("a store") };
    let (simulated, _) = last();
    let mut import = simulated.imports().unwrap().remove(0);
    let of_day = [fupan::Table::DailyBar, fupan::Table::IndexBar];
    import.batches.retain(|(table, _)| of_day.contains(table));
    import.source = "whole".to_owned();
    store.append(&import).unwrap();
    let close = review(market, Some(session)).unwrap();
    let (_, at_close) = shown.facts.last_key_value().unwrap();
    let mut compared = 0;
    for measure in [
        "advances",
        "declines",
        "unchanged",
        "limit_up_count",
        "limit_down_count",
        "turnover",
        "limit_up_broken_count",
        "index_close",
        "index_high",
        "index_low",
        "index_gain_streak",
        "index_high_since_sessions",
        "index_turnover",
    ] {
        for fact in close.facts.values().filter(|fact| fact.key.measure.name() == measure) {
            let key = FactKey { as_of: fupan::AsOf::Instant(at(15, 0)), ..fact.key.clone() };
            let Some(own) = at_close.get(&key) else { continue };
            // Vendors write levels in hundredths of a point, and turnover of indices in yuan.
            let apart = match (&own.value, &fact.value) {
                (Value::Points { units: one }, Value::Points { units: other }) => {
                    ((one - other).abs() - 50).max(0)
                }
                (Value::Money { fen: Fen(one) }, Value::Money { fen: Fen(other) })
                    if measure == "index_turnover" =>
                {
                    ((one - other).abs() - 100).max(0)
                }
                (one, other) => i64::from(one != other),
            };
            assert_eq!(apart, 0, "{key}: {:?} and {:?}", own.value, fact.value);
            compared += 1;
        }
    }
    assert!(compared > 90, "only {compared}");
}

#[test]
fn a_watch_shows_at_every_instant_what_the_store_says_afterwards() {
    let (simulated, session) = last();
    for (source, least) in [("tencent", 200), ("eastmoney", 200)] {
        let folder = tempfile::tempdir().unwrap();
        let market = stored_before(&simulated, session, folder.path());
        let exchange = Exchange::open(simulated.live(session), Faults { one_in: 0 });
        let shown = follow(&market, session, &exchange, &[source]);
        assert_eq!((shown.failed, shown.revised.len()), (0, 0));
        let compared = compare(&market, session, &shown);
        assert!(compared > least, "{source}: only {compared} instants");
        compare_close(&market, session, &shown);
        let Market::Store { store, .. } = &market else { panic!("a store") };
        let files = store.imports().unwrap().iter().filter(|of| of.source == "watch").count();
        assert_eq!(files, 2, "one for the morning, one for the afternoon");
    }
}

#[test]
fn lost_late_doubled_and_corrupt_answers_change_no_figure_in_silence() {
    let (simulated, session) = last();
    let folder = tempfile::tempdir().unwrap();
    let market = stored_before(&simulated, session, folder.path());
    let exchange = Exchange::open(simulated.live(session), Faults { one_in: 60 });
    let shown = follow(&market, session, &exchange, &["tencent", "sina"]);
    let done = *exchange.done.lock().unwrap();
    assert!([done.lost, done.late, done.doubled, done.corrupt].iter().all(|n| *n > 3), "{done:?}");
    let compared = compare(&market, session, &shown);
    assert!(compared > 200, "only {compared} instants; {} revised", shown.revised.len());
    compare_close(&market, session, &shown);
}

/// A source that fails is said, and the next one goes on with the same session.
#[test]
fn another_source_goes_on_where_one_fails() {
    let (simulated, session) = last();
    let folder = tempfile::tempdir().unwrap();
    let market = stored_before(&simulated, session, folder.path());
    let exchange = Exchange::open(simulated.live(session), Faults { one_in: 0 });
    let stage = stage(session, at(10, 0));
    let sources = ["tencent".to_owned(), "sina".to_owned()];
    let mut watch = Watch::begin(&market, session, &sources, stage.now()).unwrap();
    let fetcher = fetcher(&exchange.url, &watch.states_of_sources(), stage.clone());
    let mut used = Vec::new();
    for second in [at(10, 0), at(10, 1), at(10, 2), at(10, 3), at(10, 4)] {
        let dead = if second > at(10, 1) && second < at(10, 4) { vec!["/q="] } else { Vec::new() };
        *exchange.dead.lock().unwrap() = dead;
        exchange.at(second);
        stage.set(moment(session, second));
        let poll = watch.poll(&fetcher, &NoFetchProgress).unwrap();
        assert_eq!(watch.second(), Some(second));
        used.push((poll.used.unwrap().source, poll.failed.len()));
    }
    let expected = [("tencent", 0), ("tencent", 0), ("sina", 1), ("sina", 1)];
    assert_eq!(used[..4], expected);
    // It is asked again when its rest is over, and until then that is said.
    assert!(matches!(used[4], ("tencent", 0) | ("sina", 1)), "{used:?}");
    let facts = watch.facts().unwrap();
    let returns = facts.facts.values().filter(|fact| fact.key.measure.name() == "index_return");
    let known = returns.filter(|fact| matches!(fact.value, Value::Return { .. }));
    assert!(known.count() > 2, "levels of indices come with the shares");
    let error = Watch::begin(&market, session, &sources, stage.now()).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Watching { .. }), "{error}");
    let other = ["tushare".to_owned()];
    drop(watch);
    let error = Watch::begin(&market, session, &other, stage.now()).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::NotFollowed { .. }), "{error}");
}

/// A process that dies after the quotes are in the store and before their file has its other name:
/// nothing is taken twice.
#[test]
fn a_file_whose_quotes_are_in_the_store_is_left_alone() {
    let (simulated, session) = last();
    let folder = tempfile::tempdir().unwrap();
    let market = stored_before(&simulated, session, folder.path());
    let exchange = Exchange::open(simulated.live(session), Faults { one_in: 0 });
    let stage = stage(session, at(10, 0));
    let sources = ["sina".to_owned()];
    let begin = || Watch::begin(&market, session, &sources, stage.now()).unwrap();
    let mut watch = begin();
    let fetcher = fetcher(&exchange.url, &watch.states_of_sources(), stage.clone());
    let asked = |watch: &mut Watch<'_>| {
        let before = exchange.asked.load(std::sync::atomic::Ordering::SeqCst);
        watch.poll(&fetcher, &NoFetchProgress).unwrap();
        exchange.asked.load(std::sync::atomic::Ordering::SeqCst) - before
    };
    exchange.at(at(10, 0));
    // Who the vendor does not know is asked for twice, and then no more; and that is said.
    let stranger = exchange.day.symbols().find(|one| one.exchange() == fupan::Exchange::Szse);
    *exchange.strangers.lock().unwrap() = vec![format!("sz{:06},", stranger.unwrap().code())];
    let first = asked(&mut watch);
    exchange.at(at(10, 1));
    let second = asked(&mut watch);
    assert_eq!(second + 1, first);
    let facts = watch.facts().unwrap();
    let unknown = |finding: &&fupan::Finding| finding.detail.en.starts_with("1 listed securities");
    assert_eq!(facts.findings.iter().filter(unknown).count(), 1, "{:?}", facts.findings);
    let shown = said(&facts);
    watch.settle(stage.now()).unwrap();
    assert_eq!(asked(&mut watch), first, "after the break it is asked for again");
    drop(watch);
    let Market::Store { store, .. } = &market else { panic!("a store") };
    let imports = store.import_ids().unwrap();
    let of_session = folder.path().join("watch").join(session.to_string());
    let rename = |from: &str, to: &str| {
        std::fs::rename(of_session.join(from), of_session.join(to)).unwrap();
    };
    rename("0002.open.zst", "0002.lost");
    rename("0001.folded.zst", "0001.open.zst");
    let mut watch = begin();
    let facts = watch.facts().unwrap();
    assert_eq!(said(&facts), shown);
    assert!(!facts.findings.iter().any(|finding| finding.detail.en.contains("older")));
    assert_eq!(store.import_ids().unwrap(), imports);
    rename("0001.folded.zst", "0001.seen");
}

const URL: &str = "FUPAN_WATCH_TEST_URL";
const FOLDER: &str = "FUPAN_WATCH_TEST_FOLDER";
const SESSION: &str = "FUPAN_WATCH_TEST_SESSION";

/// What the process does that is killed. By itself it is no test: without the variables there is
/// nothing to follow.
#[test]
fn watching_child() {
    let (Ok(url), Ok(folder), Ok(session)) =
        (std::env::var(URL), std::env::var(FOLDER), std::env::var(SESSION))
    else {
        return;
    };
    let session: SessionDate = session.parse().unwrap();
    let store = Store::open(folder.as_ref()).unwrap();
    let market = Market::Store { store, choice: SourceChoice::Best };
    let stage = stage(session, at(10, 0));
    let sources = ["tencent".to_owned()];
    let mut watch = Watch::begin(&market, session, &sources, stage.now()).unwrap();
    let fetcher = fetcher(&url, &watch.states_of_sources(), stage.clone());
    let mut out = std::io::stdout().lock();
    for number in 1.. {
        let poll = watch.poll(&fetcher, &NoFetchProgress).unwrap();
        assert!(poll.used.is_some());
        writeln!(out, "kept {}", watch.second().unwrap()).unwrap();
        out.flush().unwrap();
        if number % 25 == 0 {
            watch.settle(stage.now()).unwrap();
        }
    }
}

fn kept(said: &std::path::Path) -> Vec<u32> {
    let text = std::fs::read_to_string(said).unwrap();
    let lines = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    let kept = lines.filter_map(|line| line.split_once("kept ")?.1.parse().ok());
    kept.collect()
}

#[test]
fn killed_at_any_moment_nothing_that_was_acknowledged_is_lost() {
    const KILLS: u64 = 50;
    let (simulated, session) = last();
    let folder = tempfile::tempdir().unwrap();
    let market = stored_before(&simulated, session, folder.path());
    let exchange = Exchange::open(simulated.live(session), Faults { one_in: 0 });
    exchange.at(at(10, 0));
    exchange.ticks.store(true, std::sync::atomic::Ordering::SeqCst);
    let said = tempfile::tempdir().unwrap();
    let said = said.path().join("said");
    let mut acknowledged = BTreeSet::new();
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "watched::watching_child", "--nocapture"])
            .env(URL, &exchange.url)
            .env(FOLDER, folder.path())
            .env(SESSION, session.to_string())
            .stdout(std::fs::File::create(&said).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let chance = (kill + 7).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        let polls = usize::try_from(chance % 11).unwrap();
        while kept(&said).len() < polls && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(300));
        }
        std::thread::sleep(Duration::from_micros(chance % 6_000));
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it was killed before its end");
        acknowledged.extend(kept(&said));
        if kill == KILLS / 2 {
            exchange.at(exchange.second() + 600);
        }
    }
    assert!(acknowledged.len() > 150, "only {} sweeps", acknowledged.len());
    let stage = stage(session, exchange.second());
    let sources = ["tencent".to_owned()];
    let mut watch = Watch::begin(&market, session, &sources, stage.now()).unwrap();
    assert!(watch.second() >= acknowledged.last().copied());
    watch.settle(stage.now()).unwrap();

    let Market::Store { store, .. } = &market else { panic!("a store") };
    let mut quotes = store.quotes(session, u32::MAX, &SourceChoice::Best).unwrap();
    // A quote of which the stamp alone moves on is none.
    let mut stored: BTreeSet<(Symbol, u64)> = BTreeSet::new();
    // The vendor tells whole lots.
    let volume = |quote: &Quote| quote.traded.map_or(0, |traded| traded.volume / 100);
    while quotes.peek().unwrap().is_some() {
        let rows = quotes.next_second().unwrap();
        stored.extend(rows.iter().map(|(symbol, quote)| (*symbol, volume(quote))));
    }
    let mut missing = Vec::new();
    for second in &acknowledged {
        for (symbol, quote) in exchange.day.snapshots(*second) {
            let Some(traded) = quote.traded else { continue };
            let told = (symbol, traded.volume / 100);
            if !stored.contains(&told) {
                missing.push(told);
            }
        }
    }
    assert_eq!(missing.first(), None, "{} of {} quotes", missing.len(), stored.len());
    let facts = review_at(&market, Some(session), exchange.second()).unwrap();
    let gap = facts.findings.iter().find(|finding| {
        finding.kind == FindingKind::MissingData && finding.detail.en.contains("no quotes between")
    });
    assert_eq!(gap.map(|gap| gap.count), Some(1), "{:?}", facts.findings);
}
