//! Audits: every figure against its SQL twin, recomputed from the stored tables.

pub(crate) mod answers;
pub(crate) mod code_span;
mod kept_groups;
pub(crate) mod lost_row;
pub(crate) mod single;
pub(crate) mod sql_session;
pub(crate) mod told_group;

use std::collections::HashSet;

use fupan_fact::{Fact, FactKey, FactSet};
use fupan_market::SessionDate;
use fupan_measure::{FigureHistory, Selection};
use fupan_store::{SourceChoice, Store};

use crate::audit::answers::{Answer, Answers};
use crate::audit::sql_session::{
    AT_ONCE_SESSIONS, EVERY_SHARE, Span, SqlSession, temporary_folder, year_of,
};
use crate::kept::facts;
use crate::sessions::Walked;
use crate::{Error, Market, fact_table, review, review_at, sample, sessions};

/// How a figure compares with its SQL twin, an independent computation over the stored tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrossCheck {
    /// The measure has no SQL twin in this scope.
    None,
    /// The twin returns the same value.
    Agrees {
        /// The query, over the tables of [`fupan_measure::sql`].
        sql: String,
    },
    /// The twin returns another value.
    Differs {
        /// The query, over the tables of [`fupan_measure::sql`].
        sql: String,
        /// What it returned, as exact text.
        got: String,
    },
}

/// How all figures of some sessions compare with their twins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// The first session.
    pub from: SessionDate,
    /// The last session.
    pub to: SessionDate,
    /// Sessions with figures.
    pub sessions: usize,
    /// Figures that agree with their twin.
    pub agreed: usize,
    /// Figures without a twin.
    pub without_twin: usize,
    /// Figures that differ: the key, the figure's exact text, and the twin's. If either side has no
    /// such figure, its text says so.
    pub differences: Vec<(FactKey, String, String)>,
}

impl Audit {
    fn new(from: SessionDate, to: SessionDate) -> Audit {
        Audit { from, to, sessions: 0, agreed: 0, without_twin: 0, differences: Vec::new() }
    }

    /// Counts how all facts of some sessions compare with SQL, in both directions: figures that
    /// only SQL has are differences too.
    fn compare(&mut self, facts: &[Fact], answers: &Answers) {
        let keys: HashSet<&FactKey> = facts.iter().map(|fact| &fact.key).collect();
        let further = answers.said().filter(|(key, _)| {
            self.from <= key.session && key.session <= self.to && !keys.contains(key)
        });
        let no_figure = |(key, got)| (key, "no figure".to_owned(), got);
        self.differences.extend(further.map(no_figure));
        for fact in facts {
            match answers.of(fact) {
                Answer::Nothing => self.without_twin += 1,
                Answer::Same => self.agreed += 1,
                Answer::Other(got) => {
                    let told = fact_table::exact(&fact.value);
                    self.differences.push((fact.key.clone(), told, got));
                }
            }
        }
    }
}

/// Compares every figure of a session's [`review`] with its SQL twin.
///
/// # Errors
/// As for [`review`]; and if a twin cannot be run.
pub fn audit(market: &Market, session: SessionDate) -> Result<Audit, Error> {
    audit_set(market, review(market, Some(session))?)
}

/// Compares every figure of an instant of a session with its SQL twin.
///
/// # Errors
/// As for [`review_at`]; and if a twin cannot be run.
pub fn audit_at(market: &Market, session: SessionDate, second: u32) -> Result<Audit, Error> {
    audit_set(market, review_at(market, Some(session), second)?)
}

/// Compares every figure of a set with its SQL twin.
pub(crate) fn audit_set(market: &Market, set: FactSet) -> Result<Audit, Error> {
    let session = set.session;
    let mut audit = Audit { sessions: 1, ..Audit::new(session, session) };
    let past = figures_with(market, &set)?;
    let facts = own_facts(set);
    let span = Span::of(market, &facts, session)?;
    on_store(market, |store, choice| {
        let road =
            SqlSession::open(store, choice, span, &EVERY_SHARE, AT_ONCE_SESSIONS, &mut |_, _| ())?;
        audit.compare(&facts, &road.ask(&facts, &past)?);
        audit.differences.extend(kept_groups::differences(store, choice, &facts)?);
        Ok(())
    })?;
    Ok(audit)
}

/// The figures of the sessions before, if stored, followed by the session's own.
pub(crate) fn figures_with(market: &Market, set: &FactSet) -> Result<FigureHistory, Error> {
    let mut figures = facts::figures_before(market, set.session, facts::Reach::Whole)?
        .unwrap_or_else(|| FigureHistory::new(market.calendar()));
    figures.push_set(set);
    Ok(figures)
}

/// Compares every figure of each session in `from..=to`, as [`sessions::walk`] emits them, with its
/// SQL twin.
///
/// Calls `progress(done, total)` as the work goes on.
///
/// # Errors
/// As for [`sessions::walk`]; and if a twin cannot be run.
pub fn audit_sessions(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Audit, Error> {
    audit_holding(market, from, to, AT_ONCE_SESSIONS, progress)
}

/// [`audit_sessions`], holding the days of at most `at_once` sessions in memory.
fn audit_holding(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    at_once: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Audit, Error> {
    let (begin, _) = market.sessions()?;
    let walked = market.calendar().between(begin, to).len();
    let mut audit = Audit::new(from, to);
    on_store(market, |store, choice| {
        let span =
            Span { from: begin, first: from, last: to, instant: None, recent: None, since: None };
        let road =
            SqlSession::open(store, choice, span, &EVERY_SHARE, at_once, &mut |part, parts| {
                progress(part * walked / parts, 2 * walked);
            })?;
        let mut year: Vec<Fact> = Vec::new();
        let mut passed = 0;
        let before = facts::figures_before(market, from, facts::Reach::Whole)?;
        let mut figures = before.clone().unwrap_or_else(|| FigureHistory::new(market.calendar()));
        let selection = Selection::figures().with_review_groups();
        sessions::walk_days(market, (from, to), &selection, before, &|_| (), &mut |step| {
            match step {
                Walked::Read(_) => {}
                Walked::Session((), set) => {
                    let other = |fact: &Fact| year_of(fact.key.session) != year_of(set.session);
                    if year.last().is_some_and(other) {
                        audit.compare(&year, &road.ask(&year, &figures)?);
                        audit.differences.extend(kept_groups::differences(store, choice, &year)?);
                        year.clear();
                    }
                    audit.sessions += 1;
                    figures.push_set(&set);
                    year.extend(own_facts(set));
                }
                Walked::Passed(sessions) => {
                    passed += sessions;
                    progress(walked + passed, 2 * walked);
                }
            }
            Ok(())
        })?;
        audit.compare(&year, &road.ask(&year, &figures)?);
        audit.differences.extend(kept_groups::differences(store, choice, &year)?);
        Ok(())
    })?;
    Ok(audit)
}

/// A session's own facts, without the turnover of the sessions before it.
fn own_facts(set: FactSet) -> Vec<Fact> {
    let session = set.session;
    set.facts.into_values().filter(|fact| fact.key.session == session).collect()
}

/// Runs `work` on the market's store. Simulated data is first put into a temporary store.
pub(crate) fn on_store(
    market: &Market,
    work: impl FnOnce(&Store, &SourceChoice) -> Result<(), Error>,
) -> Result<(), Error> {
    match market {
        Market::Store { store, choice } => work(store, choice),
        Market::Sample(simulated) => {
            let folder = temporary_folder()?;
            match sample::stored(simulated, folder.path())? {
                Market::Store { store, choice } => work(&store, &choice),
                Market::Sample(_) => unreachable!("it was put into a store"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> (tempfile::TempDir, Market) {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        (folder, market)
    }

    #[test]
    fn days_put_down_in_files_give_the_same_figures() {
        let (_folder, market) = stored();
        let (first, last) = market.sessions().unwrap();
        let mut steps = Vec::new();
        let audit = audit_holding(&market, first, last, 0, &mut |done, of| steps.push((done, of)));
        let audit = audit.unwrap();
        assert_eq!(audit.differences, []);
        assert!(audit.agreed > 100 * audit.sessions, "{} figures have twins", audit.agreed);
        let (done, of) = *steps.last().unwrap();
        assert_eq!(done, of);
        assert!(steps.is_sorted(), "{steps:?}");
    }

    /// An SQL session that lost one security's days is reported as different.
    #[test]
    fn a_wrong_twin_is_reported() {
        let (_folder, market) = stored();
        let (_, last) = market.sessions().unwrap();
        let set = review(&market, Some(last)).unwrap();
        let past = figures_with(&market, &set).unwrap();
        let facts = own_facts(set);
        let Market::Store { store, choice } = &market else { panic!("a store") };
        let span = Span::of(&market, &facts, last).unwrap();
        let road =
            SqlSession::open(store, choice, span, &EVERY_SHARE, AT_ONCE_SESSIONS, &mut |_, _| ())
                .unwrap();
        let mut right = Audit::new(last, last);
        right.compare(&facts, &road.ask(&facts, &past).unwrap());
        assert_eq!(right.differences, []);

        let lost = "SELECT * FROM security_day WHERE symbol <> (\
                    SELECT max(symbol) FROM security_day WHERE close = limit_up)";
        road.bench.make("security_day", lost).unwrap();
        let mut wrong = Audit::new(last, last);
        let answers = road.ask(&facts, &past).unwrap();
        wrong.compare(&facts, &answers);
        let differs = |key: &str| {
            let of_key = |(other, ..): &&(FactKey, String, String)| other.to_string() == key;
            wrong
                .differences
                .iter()
                .find(of_key)
                .map(|(_, fact, twin)| (fact.clone(), twin.clone()))
        };
        let (fact, twin) = differs(&format!("traded/all-a/{last}/close")).unwrap();
        let [fact, twin] = [fact, twin].map(|count| count.parse::<i64>().unwrap());
        assert_eq!(twin, fact - 1);
        let of_security = |(key, _, twin): &(FactKey, String, String)| {
            key.measure.name() == "last_price" && twin == "no row"
        };
        assert_eq!(wrong.differences.iter().filter(|other| of_security(other)).count(), 1);

        // A figure that only SQL has: the same session with one fact removed.
        let is_it = |fact: &Fact| fact.key.measure.name() == "limit_up_streak";
        let lost = facts.iter().position(is_it).unwrap();
        let mut facts = facts;
        let key = facts.remove(lost).key;
        let mut less = Audit::new(last, last);
        less.compare(&facts, &answers);
        let only_sql =
            |(other, fact, _): &&(FactKey, String, String)| *other == key && fact == "no figure";
        assert_eq!(less.differences.iter().filter(only_sql).count(), 1);
    }
}
