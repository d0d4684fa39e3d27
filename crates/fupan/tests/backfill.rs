//! The derived tables hold what reviews tell, however they came to be.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fupan::series::Filter;
use fupan::{
    Calendar, Fact, FactKey, FactSet, Market, SessionDate, SourceChoice, Store, backfill, past,
    sample,
};
use fupan_table::{Import, ImportId, Table};

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

/// The same of a review.
fn told(set: &FactSet) -> BTreeMap<String, String> {
    let own = set.facts.values().filter(|fact| fact.key.session == set.session);
    own.map(|fact| {
        let value = match &fact.value {
            fupan::Value::Unknown { reason } => reason.clone(),
            value => fupan::series::exact(value).replace('/', " "),
        };
        let basis = fact.provenance.basis.id();
        let coverage = fact.provenance.coverage;
        let told = format!("{value} {} {} {basis}", coverage.judged, coverage.unjudged);
        (fact.key.to_string(), told)
    })
    .collect()
}

/// The files of the derived tables. They are named by their content.
fn files(folder: &Path) -> BTreeSet<String> {
    ["fact", "security_day", "session_turnover"]
        .iter()
        .flat_map(|table| std::fs::read_dir(folder.join("tables").join(table)).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".parquet"))
        .collect()
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
    for table in ["fact", "security_day", "session_turnover"] {
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
        let mut tell = |set: FactSet| {
            sets.push(set);
            Ok(())
        };
        past::facts(&market, from, last, filter, &mut progress, &mut tell).unwrap();
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
