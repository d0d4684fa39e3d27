//! The derived tables hold what reviews emit, however they came to be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{AsArray as _, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Date32Type;
use fupan::fact_table::Filter;
use fupan::{
    Calendar, Fact, FactKey, FactSet, Market, Scope, SessionDate, SourceChoice, Store, Symbol,
    backfill, sample, sessions,
};
use fupan_sim::{MarketPlan, SimulatedMarket};
use fupan_store::{DerivedRows, Period};
use fupan_table::{Derived, Import, ImportId, Table};

fn open(folder: &Path) -> Store {
    Store::open(folder).unwrap()
}

fn fill(folder: &Path) -> fupan::Backfilled {
    backfill(open(folder), &mut |_, _| ()).unwrap()
}

/// The rows of a session in the table `fact`, as `key → value, judged, unjudged, basis`.
fn kept(store: &Store, session: SessionDate) -> BTreeMap<String, String> {
    let query = format!(
        "SELECT concat(measure, CASE WHEN parameter IS NULL THEN '' ELSE concat(':', parameter) \
         END, '/', scope, '/', session, '/', as_of) AS key, concat_ws(' ', \
         coalesce(CAST(value AS VARCHAR), unknown), whole, judged, unjudged, basis) AS told \
         FROM fact WHERE session = DATE '{session}'"
    );
    let rows = fupan::query(store, &query).unwrap();
    let cell = |row: &[Option<String>], i: usize| row[i].clone().unwrap();
    rows.rows.into_iter().map(|row| (cell(&row, 0), cell(&row, 1))).collect()
}

/// The same of a review, without figures of groups and those of a review alone, which are not kept.
fn told(set: &FactSet) -> BTreeMap<String, String> {
    // No figure of groups is kept, nor of the members of an index that are in none.
    let is_group = |fact: &Fact| {
        matches!(fact.key.scope, Scope::Group(_))
            || fact.key.measure.name() == "index_ungrouped_points"
    };
    let own = set.facts.values().filter(|fact| fact.key.session == set.session);
    let own = own.filter(|fact| !is_group(fact) && fupan::is_of_every_session(set, &fact.key));
    own.map(|fact| {
        let value = match &fact.value {
            fupan::Value::Unknown { reason } => reason.clone(),
            value => fupan::fact_table::exact(value).replace('/', " "),
        };
        let basis = fact.provenance.basis.id();
        let coverage = fact.provenance.coverage;
        let told = format!("{value} {} {} {basis}", coverage.judged, coverage.unjudged);
        (fact.key.to_string(), told)
    })
    .collect()
}

/// The files that the derived tables list. They are named by their content.
fn files(folder: &Path) -> BTreeSet<String> {
    let of_table = |table: &&str| {
        let log = folder.join("tables").join(table).join("_delta_log");
        let mut commits: Vec<_> =
            std::fs::read_dir(log).unwrap().map(|entry| entry.unwrap().path()).collect();
        commits.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        commits.sort();
        let mut live = BTreeSet::new();
        for commit in commits {
            for line in std::fs::read_to_string(commit).unwrap().lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                let path = |action: &str| line[action]["path"].as_str().map(str::to_owned);
                path("remove").iter().for_each(|path| assert!(live.remove(path), "{path}"));
                live.extend(path("add"));
            }
        }
        live
    };
    ["fact", "security_day", "away", "session_turnover"].iter().flat_map(of_table).collect()
}

#[test]
fn kept_figures_are_those_of_reviews() {
    let folder = tempfile::tempdir().unwrap();
    sample::stored(&sample::small(), folder.path()).unwrap();
    let done = fill(folder.path());
    assert_eq!(done.sessions, 300);
    let store = open(folder.path());
    let (first, last) = store.sessions().unwrap().unwrap();
    let market = Market::Store { store: open(folder.path()), choice: SourceChoice::Best };
    let sessions = Calendar::builtin().between(first, last);
    let late = &sessions[sessions.len() - 3..];
    let mut figures = 0;
    for session in sessions.iter().step_by(23).chain(late) {
        let (kept, told) =
            (kept(&store, *session), told(&fupan::review(&market, Some(*session)).unwrap()));
        let differing: Vec<_> =
            told.iter().filter(|(key, told)| kept.get(*key) != Some(told)).collect();
        assert!(differing.is_empty(), "{session}: {:?}", &differing[..differing.len().min(4)]);
        assert_eq!(kept.len(), told.len(), "{session}");
        figures += told.len();
    }
    assert!(figures > 5_000, "{figures}");
    let key = format!("percentile_250:advances/all-a/{last}/close");
    assert!(kept(&store, last)[&key].contains(" 250 250 0"), "a percentile is told");
    assert_eq!(fill(folder.path()), fupan::Backfilled::default(), "nothing has changed since");
}

/// The review of a kept session, which reads no window, is the review that reads one: facts with
/// all they rest on, members, names and findings. Figures across sessions are further ones.
#[test]
fn a_kept_session_is_reviewed_as_its_window_is() {
    let folder = tempfile::tempdir().unwrap();
    sample::stored(&sample::small(), folder.path()).unwrap();
    let review = |session| {
        let market = Market::Store { store: open(folder.path()), choice: SourceChoice::Best };
        fupan::review(&market, Some(session)).unwrap()
    };
    let (first, last) = open(folder.path()).sessions().unwrap().unwrap();
    let sessions = Calendar::builtin().between(first, last);
    // The window of these reaches back to the beginning of the data.
    let sessions: Vec<SessionDate> = sessions[1..270].iter().step_by(19).copied().collect();
    let before: Vec<FactSet> = sessions.iter().map(|session| review(*session)).collect();
    fill(folder.path());
    for before in before {
        let after = review(before.session);
        let differs = |(key, fact): &(&FactKey, &Fact)| after.facts.get(*key) != Some(*fact);
        assert_eq!(before.facts.iter().find(differs), None);
        assert!(after.facts.len() > before.facts.len(), "{} was kept", before.session);
        assert_eq!(after.members, before.members);
        assert_eq!(after.findings, before.findings);
        assert_eq!(after.names, before.names);
    }
}

/// A derived table may be deleted at any time: no figure rests on what is gone, and a backfill
/// makes it again.
#[test]
fn a_deleted_table_is_not_taken_for_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    sample::stored(&sample::small(), folder.path()).unwrap();
    let review = || {
        let market = Market::Store { store: open(folder.path()), choice: SourceChoice::Best };
        fupan::review(&market, None).unwrap()
    };
    let before = review();
    fill(folder.path());
    let (kept, all) = (review(), files(folder.path()));
    assert!(kept.facts.len() > before.facts.len());
    for table in ["fact", "security_day", "away", "session_turnover"] {
        std::fs::remove_dir_all(folder.path().join("tables").join(table)).unwrap();
        assert_eq!(review(), before, "without {table}");
        assert!(fill(folder.path()).sessions > 0, "{table} is made again");
        assert_eq!(files(folder.path()), all);
        assert_eq!(review(), kept);
    }
}

/// The simulated market in three imports: some sessions with all lists, later ones, and some that
/// come late, from among the first.
fn in_three(mut whole: Import) -> [Import; 3] {
    let bars: Vec<_> =
        whole.batches.extract_if(.., |(table, _)| *table == Table::DailyBar).collect();
    let of = |id: &str, batches: Vec<_>| Import {
        id: ImportId(id.to_owned()),
        digest: id.to_owned(),
        batches,
        ..whole.clone()
    };
    let some = |places: &[usize]| -> Vec<_> { places.iter().map(|i| bars[*i].clone()).collect() };
    let first = [some(&[0, 2]), whole.batches.clone()].concat();
    [of("a", first), of("b", some(&[3, 4])), of("c", some(&[1]))]
}

#[test]
fn a_backfill_in_steps_keeps_what_one_at_the_end_keeps() {
    let whole = sample::small().imports().unwrap().remove(0);
    let imports = in_three(whole);
    let (stepwise, at_once) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut anew = Vec::new();
    for import in &imports {
        Store::open_or_create(stepwise.path()).unwrap().append(import).unwrap();
        anew.push(fill(stepwise.path()).sessions);
    }
    for import in imports.iter().rev() {
        Store::open_or_create(at_once.path()).unwrap().append(import).unwrap();
    }
    let all = fill(at_once.path()).sessions;
    assert_eq!(files(stepwise.path()), files(at_once.path()));
    assert_eq!(all, 300);
    assert!(anew[1] < 200, "later sessions leave earlier years alone: {anew:?}");
}

/// An import with the daily bars that are kept, by symbol and place among the sessions.
fn bars_of(
    whole: &Import,
    id: &str,
    sessions: &[SessionDate],
    keeps: impl Fn(&str, usize) -> bool,
) -> Import {
    let some = |batch: &RecordBatch| {
        let symbols = batch.column_by_name("symbol").unwrap().as_string::<i32>();
        let days = batch.column_by_name("session").unwrap().as_primitive::<Date32Type>();
        let keeps = |row: usize| {
            let session = SessionDate::from_epoch_days(days.value(row)).unwrap();
            keeps(symbols.value(row), sessions.binary_search(&session).unwrap())
        };
        let kept: BooleanArray = (0..batch.num_rows()).map(|row| Some(keeps(row))).collect();
        filter_record_batch(batch, &kept).unwrap()
    };
    let batches = whole.batches.iter().filter_map(|(table, batch)| match table {
        Table::DailyBar => Some((*table, some(batch))),
        _ => (id == "first").then(|| (*table, batch.clone())),
    });
    let digest = id.to_owned();
    Import { id: ImportId(digest.clone()), digest, batches: batches.collect(), ..whole.clone() }
}

/// The place of the session in which a walk to the month of another begins: the first of a month, a
/// window before it.
fn begins(sessions: &[SessionDate], place: usize) -> usize {
    let month = |place: usize| sessions[place].date().month();
    let first = |place: usize| (0..=place).rev().find(|i| month(i - 1) != month(*i)).unwrap();
    let until = first(place);
    first(until - 270 - usize::from(sessions[until].date().day() > 1))
}

/// A day's update begins a window before its month. What was away for longer than that window brings
/// its past along all the same, whether it came back in the window or in the month.
#[test]
fn an_update_knows_the_past_of_what_was_away_for_long() {
    let plan = MarketPlan { securities: 60, sessions: 900, ..MarketPlan::default() };
    let market = SimulatedMarket::generate(&plan);
    let (whole, sessions) = (market.imports().unwrap().remove(0), market.sessions());
    let shares: BTreeSet<Symbol> =
        market.history(u32::MAX).securities.iter().map(|s| s.listing.symbol).collect();
    let away: BTreeMap<String, std::ops::Range<usize>> = shares
        .iter()
        .map(Symbol::to_string)
        .step_by(7)
        .zip([300..620, 400..885, 500..888])
        .collect();
    // Where the walk of the later parts begins, most shares have no row: the session is a hole.
    let begin = begins(sessions, 880);
    let symbols = shares.iter().map(Symbol::to_string);
    let thinned: BTreeSet<String> =
        symbols.enumerate().filter(|(i, _)| i % 4 > 0).map(|(_, symbol)| symbol).collect();
    let there = |symbol: &str, place: usize| {
        let is_away = away.get(symbol).is_some_and(|of| of.contains(&place));
        let is_thinned = place == begin && thinned.contains(symbol);
        !is_away && !is_thinned
    };
    let parts = [("first", 0..880), ("second", 880..886), ("third", 886..900)];
    let imports = parts.map(|(id, of)| {
        bars_of(&whole, id, sessions, |symbol, place| of.contains(&place) && there(symbol, place))
    });
    let (stepwise, at_once) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut steps = Vec::new();
    for import in &imports {
        Store::open_or_create(stepwise.path()).unwrap().append(import).unwrap();
        steps.push(fill(stepwise.path()).sessions);
        Store::open_or_create(at_once.path()).unwrap().append(import).unwrap();
    }
    assert_eq!(fill(at_once.path()).sessions, 900);
    assert!(steps[1] < 40 && steps[2] < 40, "{steps:?}");
    assert_eq!(files(stepwise.path()), files(at_once.path()));
}

/// A table of facts is the same whether it is read from what is kept or worked out, but for
/// figures across sessions, which are kept only.
#[test]
fn kept_facts_are_those_worked_out() {
    let folder = tempfile::tempdir().unwrap();
    sample::stored(&sample::small(), folder.path()).unwrap();
    let (first, last) = open(folder.path()).sessions().unwrap().unwrap();
    let from = Calendar::builtin().back(last, 40).unwrap().unwrap();
    let facts = |filter: &Filter, from: SessionDate| {
        let market = Market::Store { store: open(folder.path()), choice: SourceChoice::Best };
        let (mut sets, mut steps) = (Vec::new(), Vec::new());
        let mut progress = |behind, of| steps.push((behind, of));
        let mut emit = |set: FactSet| {
            sets.push(set);
            Ok(())
        };
        sessions::facts(&market, from, last, filter, &mut progress, &mut emit).unwrap();
        assert!(steps.is_sorted() && steps.last().is_some_and(|(a, b)| a == b), "{steps:?}");
        sets
    };
    let list = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let everything = Filter::default();
    let flat = Filter { measures: list(&["return_bin:flat"]), scopes: list(&["all-a"]) };
    let two = Filter { measures: list(&["advances", "trin"]), scopes: list(&["sse", "star"]) };
    let worked_out = [&everything, &flat, &two].map(|filter| facts(filter, from));
    fill(folder.path());
    let kept = [&everything, &flat, &two].map(|filter| facts(filter, from));
    assert_eq!(worked_out[1..], kept[1..]);
    assert_eq!((kept[1].len(), kept[1][0].facts.len()), (41, 1));
    assert_eq!((kept[2].len(), kept[2][0].facts.len()), (41, 4));
    for (worked_out, kept) in worked_out[0].iter().zip(&kept[0]) {
        let known = |fact: &&Fact| worked_out.facts.contains_key(&fact.key);
        let same: Vec<&Fact> = kept.facts.values().filter(known).collect();
        assert_eq!(worked_out.facts.values().collect::<Vec<_>>(), same);
        assert!(kept.facts.len() > worked_out.facts.len(), "figures across sessions");
    }
    assert_eq!(facts(&flat, first).len(), 300);
}

/// Taking an import out again leaves what a store holds that never had it.
#[test]
fn a_dropped_import_leaves_no_figure() {
    let whole = sample::small().imports().unwrap().remove(0);
    let [first, later, missing] = in_three(whole);
    let (mended, never) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for import in [&first, &missing, &later] {
        Store::open_or_create(mended.path()).unwrap().append(import).unwrap();
    }
    fill(mended.path());
    open(mended.path()).drop_imports(std::slice::from_ref(&later.id)).unwrap();
    let last = open(mended.path()).sessions().unwrap().unwrap().1;
    assert!(fill(mended.path()).sessions > 0);
    for import in [&first, &missing] {
        Store::open_or_create(never.path()).unwrap().append(import).unwrap();
    }
    fill(never.path());
    assert_eq!(files(mended.path()), files(never.path()));
    let after = |folder: &Path| {
        let query = format!("SELECT count(*) FROM fact WHERE session > DATE '{last}'");
        fupan::query(&open(folder), &query).unwrap().rows[0][0].clone().unwrap()
    };
    assert_eq!(after(mended.path()), "0");
}

/// Each security's latest name before a day, as a list of that day.
fn list_of(whole: &Import, on: SessionDate) -> Import {
    let (_, batch) = whole.batches.iter().find(|(table, _)| *table == Table::Security).unwrap();
    let mut names = BTreeMap::new();
    for row in fupan_table::security_rows(batch).unwrap() {
        if row.observed_on < on {
            names.insert(row.symbol, fupan_table::SecurityRow { observed_on: on, ..row });
        }
    }
    assert!(names.len() > 100);
    let id = format!("list {on}");
    Import {
        id: ImportId(id.clone()),
        digest: id,
        source: "list".to_owned(),
        batches: vec![(Table::Security, fupan_table::security_batch(names.into_values()).unwrap())],
        ..whole.clone()
    }
}

/// A list imported on its day, after one of the day before, leaves earlier years alone; and what is
/// kept is what working out everything keeps.
#[test]
fn a_list_of_the_day_does_not_redo_history() {
    let whole = sample::small().imports().unwrap().remove(0);
    let (stepwise, at_once) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    Store::open_or_create(stepwise.path()).unwrap().append(&whole).unwrap();
    let (first, last) = open(stepwise.path()).sessions().unwrap().unwrap();
    assert!(first.date().year() < last.date().year(), "the sample spans two years");
    let before = Calendar::builtin().back(last, 1).unwrap().unwrap();
    let lists = [list_of(&whole, before), list_of(&whole, last)];
    fill(stepwise.path());
    open(stepwise.path()).append(&lists[0]).unwrap();
    fill(stepwise.path());
    open(stepwise.path()).append(&lists[1]).unwrap();
    let done = fill(stepwise.path());
    let month = SessionDate::new(last.date().year(), last.date().month(), 1);
    assert_eq!(done.from, Some(month.unwrap()));
    for import in [&lists[1], &whole, &lists[0]] {
        Store::open_or_create(at_once.path()).unwrap().append(import).unwrap();
    }
    fill(at_once.path());
    assert_eq!(files(stepwise.path()), files(at_once.path()));
}

/// An import that was taken out and comes back has a file in the table's past that is no more.
#[test]
fn a_list_that_went_comes_back() {
    let whole = sample::small().imports().unwrap().remove(0);
    let (there_and_back, once) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    Store::open_or_create(there_and_back.path()).unwrap().append(&whole).unwrap();
    let (_, last) = open(there_and_back.path()).sessions().unwrap().unwrap();
    let list = list_of(&whole, last);
    open(there_and_back.path()).append(&list).unwrap();
    fill(there_and_back.path());
    open(there_and_back.path()).drop_imports(std::slice::from_ref(&list.id)).unwrap();
    fill(there_and_back.path());
    open(there_and_back.path()).append(&list).unwrap();
    fill(there_and_back.path());
    for import in [&whole, &list] {
        Store::open_or_create(once.path()).unwrap().append(import).unwrap();
    }
    fill(once.path());
    assert_eq!(files(there_and_back.path()), files(once.path()));
}

/// Writes the derived tables of a store again, one of them with other rows.
fn spoil(folder: &Path, table: Derived, spoiled: &dyn Fn(&RecordBatch) -> RecordBatch) {
    let store = open(folder);
    let (first, last) = store.sessions().unwrap().unwrap();
    let state = std::fs::read_to_string(folder.join("fupan-derived.json")).unwrap();
    let state: serde_json::Value = serde_json::from_str(&state).unwrap();
    let years = first.date().year()..=last.date().year();
    let rows_of = |of: Derived, year: i16| {
        let day = |month, day| SessionDate::new(year, month, day).unwrap();
        let (from, to) = (day(1, 1), day(12, 31));
        let rows = DerivedRows { from, to, scope: None, measures: &[], columns: &[] };
        let plain = |batch: &RecordBatch| {
            let fields = of.schema();
            let columns = fields.fields().iter().zip(batch.columns());
            let columns = columns
                .map(|(field, column)| arrow::compute::cast(column, field.data_type()).unwrap());
            RecordBatch::try_new(of.schema(), columns.collect()).unwrap()
        };
        store.read_derived(of, &rows).unwrap().iter().map(plain).collect::<Vec<_>>()
    };
    let all: Vec<(Derived, i16, Vec<RecordBatch>)> = Derived::ALL
        .into_iter()
        .flat_map(|of| years.clone().map(move |year| (of, year)))
        .map(|(of, year)| (of, year, rows_of(of, year)))
        .collect();
    // What is missing is stale, and what is stale may be written.
    std::fs::remove_dir_all(folder.join("tables/session_turnover")).unwrap();
    let store = open(folder);
    let mut deriving = store.derive(state["made_by"].as_str().unwrap()).unwrap().unwrap();
    for (of, year, batches) in all {
        let batches: Vec<RecordBatch> = match of == table {
            true => batches.iter().map(spoiled).collect(),
            false => batches,
        };
        deriving.replace(of, Period::year(year), &batches).unwrap();
    }
    deriving.finish(last).unwrap();
}

/// A column of a batch, replaced.
fn with(batch: &RecordBatch, name: &str, column: arrow::array::ArrayRef) -> RecordBatch {
    let mut columns = batch.columns().to_vec();
    columns[batch.schema().index_of(name).unwrap()] = column;
    RecordBatch::try_new(batch.schema(), columns).unwrap()
}

/// Derived rows that no backfill wrote are an error that says what to do; they are not read as
/// empty, as exact, or twice.
#[test]
fn damaged_derived_rows_are_an_error_in_words() {
    let no_symbols = |batch: &RecordBatch| {
        let rows = batch.num_rows();
        with(batch, "symbol", Arc::new(StringArray::from(vec!["nobody"; rows])))
    };
    let no_boards = |batch: &RecordBatch| {
        let rows = batch.num_rows();
        with(batch, "board", Arc::new(StringArray::from(vec!["nowhere"; rows])))
    };
    let twice = |batch: &RecordBatch| {
        arrow::compute::concat_batches(&batch.schema(), [batch, batch]).unwrap()
    };
    let no_basis = |batch: &RecordBatch| {
        let rows = batch.num_rows();
        with(batch, "basis", Arc::new(StringArray::from(vec!["perhaps"; rows])))
    };
    type Damage<'a> = &'a dyn Fn(&RecordBatch) -> RecordBatch;
    let cases: [(Derived, Damage<'_>); 4] = [
        (Derived::SecurityDay, &no_symbols),
        (Derived::SessionTurnover, &no_boards),
        (Derived::Fact, &twice),
        (Derived::Fact, &no_basis),
    ];
    let folder = tempfile::tempdir().unwrap();
    sample::stored(&sample::small(), folder.path()).unwrap();
    for (table, spoiled) in cases {
        std::fs::remove_dir_all(folder.path().join("tables/fact")).ok();
        fill(folder.path());
        spoil(folder.path(), table, spoiled);
        let market = Market::Store { store: open(folder.path()), choice: SourceChoice::Best };
        let (_, last) = market.sessions().unwrap();
        let error = match table {
            Derived::Fact => sessions::facts(
                &market,
                last,
                last,
                &Filter::default(),
                &mut |_, _| (),
                &mut |_| Ok(()),
            )
            .unwrap_err(),
            _ => fupan::review(&market, Some(last)).unwrap_err(),
        };
        assert!(matches!(error, fupan::Error::DerivedDamaged { .. }), "{error:?}");
        let told = error.to_string();
        assert!(told.contains(table.name()) && told.contains("fupan backfill"), "{told}");
        assert_eq!(error.kind(), fupan::ErrorKind::Data);
    }
}
