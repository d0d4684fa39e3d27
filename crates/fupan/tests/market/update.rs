//! An update from a TDX terminal's folder, as the sample market fills it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use fupan::{
    Error, FactKey, Market, NoProgress, Scope, SourceChoice, Store, TdxFolder, Update, Updated,
    Value, backfill, review, sample,
};

/// What an update did, by what the step is called.
fn update(store: &Path, terminal: &Path) -> BTreeMap<String, String> {
    let store = Store::open_or_create(store).unwrap();
    let mut update = Update::begin(&store, SystemTime::now()).unwrap();
    let steps = TdxFolder::find(terminal).unwrap().steps(false);
    let done = steps.iter().map(|step| {
        let told = match update.take(step, &NoProgress).unwrap().updated {
            Updated::Imported { imported, .. } => {
                let rows = imported.rows_read - imported.rows_left_out;
                format!("{rows} of {}", imported.rows_read)
            }
            Updated::Unchanged => "unchanged".to_owned(),
            Updated::NoRow(reason) => format!("no row: {}", reason.en),
            Updated::Waits(on) => format!("waits until {on}"),
        };
        (step.what.en.clone(), told)
    });
    done.collect()
}

fn open(folder: &Path) -> Market {
    Market::Store { store: Store::open(folder).unwrap(), choice: SourceChoice::Best }
}

/// The figures of the last session that rest on prices and names alone. A terminal's lists lack the
/// days of listing, on which all-time highs rest.
fn of_prices(market: &Market) -> BTreeMap<FactKey, Value> {
    const MEASURES: [&str; 7] = [
        "advances",
        "declines",
        "unchanged",
        "median_return",
        "limit_up_count",
        "limit_down_count",
        "limit_up_streak",
    ];
    let facts = review(market, None).unwrap().facts;
    let is_one = |key: &FactKey| {
        MEASURES.contains(&key.measure.name()) && !matches!(key.scope, Scope::Group(_))
    };
    let of_prices = facts.into_iter().filter(|(key, _)| is_one(key));
    of_prices.map(|(key, fact)| (key, fact.value)).collect()
}

#[test]
fn a_terminal_s_folder_gives_the_figures_of_the_market() {
    let market = sample::small();
    let (terminal, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let [.., before, last] = market.sessions() else { panic!("the sample has sessions") };
    sample::write_tdx(&market, terminal.path(), *before).unwrap();
    let first = update(folder.path(), terminal.path());
    assert!(first["days, Shanghai"].starts_with(|c: char| c.is_ascii_digit()), "{first:?}");
    let again = update(folder.path(), terminal.path());
    assert!(again.values().all(|told| told == "unchanged"), "{again:?}");

    // A day later there is one more record of every share, and few names are others.
    sample::write_tdx(&market, terminal.path(), *last).unwrap();
    let day = update(folder.path(), terminal.path());
    let rows = |what: &str| -> u64 { day[what].split(' ').next().unwrap().parse().unwrap() };
    let traded = market.history(0).securities.iter().filter(|s| s.bars[0].traded.is_some()).count();
    let of_days = rows("days, Shanghai") + rows("days, Shenzhen") + rows("days, Beijing");
    let indices = market.history(0).indices.len() as u64;
    assert_eq!(of_days, traded as u64 + indices, "{day:?}");
    let again = update(folder.path(), terminal.path());
    assert!(again.values().all(|told| told == "unchanged"), "{again:?}");
    backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();

    let whole = tempfile::tempdir().unwrap();
    sample::stored(&market, whole.path()).unwrap();
    let (found, expected) = (of_prices(&open(folder.path())), of_prices(&open(whole.path())));
    assert!(expected.len() > 50, "{}", expected.len());
    let differing: Vec<_> = expected
        .iter()
        .filter(|(key, value)| found.get(key) != Some(value))
        .map(|(key, value)| (key.to_string(), value, found.get(key)))
        .collect();
    assert!(differing.is_empty(), "{} of {}: {differing:#?}", differing.len(), expected.len());
}

#[test]
fn what_was_dropped_comes_back_and_two_updates_do_not_meet() {
    let market = sample::small();
    let (terminal, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    sample::write_tdx(&market, terminal.path(), *market.sessions().last().unwrap()).unwrap();
    let first = update(folder.path(), terminal.path());
    let store = Store::open(folder.path()).unwrap();
    for import in store.imports().unwrap() {
        store.drop_imports(&[import.id]).unwrap();
    }
    let again = update(folder.path(), terminal.path());
    assert_eq!(again, first);

    let running = Update::begin(&store, SystemTime::now()).unwrap();
    let second = Update::begin(&store, SystemTime::now());
    assert!(matches!(second, Err(Error::Updating { .. })));
    drop(running);
    assert!(Update::begin(&store, SystemTime::now()).is_ok());

    // A process that died before it wrote down what it took finds the same imports.
    let before = store.imports().unwrap().len();
    fs::remove_file(folder.path().join("fupan-update.json")).unwrap();
    let again = update(folder.path(), terminal.path());
    assert!(again.values().all(|told| told == "unchanged"), "{again:?}");
    assert_eq!(store.imports().unwrap().len(), before);

    // What the terminal corrects is taken again, and what is left of earlier imports is known: the
    // other exchanges are not read anew, nor is the rest of this one.
    let file = terminal.path().join("vipdoc/sh/lday/sh600000.day");
    let mut bytes = fs::read(&file).unwrap();
    let first_close = bytes[16..20].to_vec();
    bytes[8..12].copy_from_slice(&first_close);
    bytes[4..8].copy_from_slice(&first_close);
    bytes[12..16].copy_from_slice(&first_close);
    fs::write(&file, &bytes).unwrap();
    let mended = update(folder.path(), terminal.path());
    let expected = format!("{0} of {0}", bytes.len() / 32);
    assert_eq!(mended["days, Shanghai"], expected);
    let rest = mended.iter().filter(|(what, _)| *what != "days, Shanghai");
    assert!(rest.clone().all(|(_, told)| told == "unchanged"), "{mended:?}");
    let again = update(folder.path(), terminal.path());
    assert!(again.values().all(|told| told == "unchanged"), "{again:?}");
    bytes.extend([0xff; 32]);
    fs::write(&file, &bytes).unwrap();
    let none = update(folder.path(), terminal.path());
    assert!(none["days, Shanghai"].starts_with("no row: "), "{none:?}");
    bytes.truncate(bytes.len() - 32);
    fs::write(&file, &bytes).unwrap();
    update(folder.path(), terminal.path());

    fs::write(folder.path().join("fupan-update.json"), "{").unwrap();
    let damaged = Update::begin(&store, SystemTime::now()).unwrap_err();
    assert!(damaged.to_string().contains("everything is read anew"), "{damaged}");
}
