//! The second road: each figure again, in SQL over the stored tables.

use std::collections::{BTreeSet, HashSet};

use fupan_fact::{AsOf, Fact, FactKey, FactSet, Scope};
use fupan_market::{Calendar, SessionDate};
use fupan_measure::sql::{self, Rows};
use fupan_measure::{Past, Selection};
use fupan_store::{SourceChoice, Store, Workbench};

use crate::answers::{Answers, Told, wanted};
use crate::market::WINDOW_SESSIONS;
use crate::past::Walked;
use crate::{
    Error, Market, code_span, fact_rows, instant, lost_row, past, review, review_at, sample, series,
};

/// The stored bars that are looked at.
const WINDOW_BARS: (&str, &str) = ("window_bar", include_str!("sql/window_bar.sql"));

/// What is said of securities, by their last codes: in place of the stored tables.
const BY_LAST_CODE: [(&str, &str); 2] = [
    ("security", include_str!("sql/security.sql")),
    ("share_capital", include_str!("sql/share_capital.sql")),
];

/// Those of A-shares.
const SHARE_BARS: (&str, &str) = ("share_bar", include_str!("sql/share_bar.sql"));

/// Those that twins stand on, chosen in SQL by the rule of the store.
const CHOSEN_BARS: [(&str, &str); 3] = [
    ("source_tally", include_str!("sql/source_tally.sql")),
    ("chosen_source", include_str!("sql/chosen_source.sql")),
    ("daily_bar", include_str!("sql/chosen_bars.sql")),
];

/// The bars that may have been lost.
const LOST_BARS: (&str, &str) = ("lost_bar", include_str!("sql/lost_bar.sql"));

/// Sessions of which the securities' days are held in memory all at once. Those of more are
/// worked out for a tenth of the securities at a time, and put down in files.
const AT_ONCE_SESSIONS: usize = 400;

/// What the SQL twin, an independent computation over the stored tables, says of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Twin {
    /// The measure has no SQL twin in this scope.
    None,
    /// The twin gives the same value.
    Agrees {
        /// The query, over the tables of [`fupan_measure::sql`].
        sql: String,
    },
    /// The twin gives another value.
    Differs {
        /// The query, over the tables of [`fupan_measure::sql`].
        sql: String,
        /// What it gave, as exact text.
        got: String,
    },
}

/// What the twins of all figures of some sessions say.
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
    /// Figures that differ: the key, the figure's exact text, and the twin's. Where one of them has
    /// no such figure, its text says so.
    pub differences: Vec<(FactKey, String, String)>,
}

impl Audit {
    fn new(from: SessionDate, to: SessionDate) -> Audit {
        Audit { from, to, sessions: 0, agreed: 0, without_twin: 0, differences: Vec::new() }
    }

    /// Counts what the twins of all facts of some sessions say, and what SQL says that no fact
    /// does.
    fn compare(&mut self, facts: &[Fact], answers: &Answers) {
        let keys: HashSet<&FactKey> = facts.iter().map(|fact| &fact.key).collect();
        let further = answers.said().filter(|(key, _)| {
            self.from <= key.session && key.session <= self.to && !keys.contains(key)
        });
        let no_figure = |(key, got)| (key, "no figure".to_owned(), got);
        self.differences.extend(further.map(no_figure));
        for fact in facts {
            match answers.of(fact) {
                Told::Nothing => self.without_twin += 1,
                Told::Same => self.agreed += 1,
                Told::Other(got) => {
                    let told = series::exact(&fact.value);
                    self.differences.push((fact.key.clone(), told, got));
                }
            }
        }
    }
}

/// Compares every figure of a session's [`review`] with its SQL twin.
///
/// # Errors
/// As for [`review`]; and where a twin cannot be run.
pub fn audit(market: &Market, session: SessionDate) -> Result<Audit, Error> {
    audit_set(market, review(market, Some(session))?)
}

/// Compares every figure of an instant of a session with its SQL twin.
///
/// # Errors
/// As for [`review_at`]; and where a twin cannot be run.
pub fn audit_at(market: &Market, session: SessionDate, second: u32) -> Result<Audit, Error> {
    audit_set(market, review_at(market, Some(session), second)?)
}

fn audit_set(market: &Market, set: FactSet) -> Result<Audit, Error> {
    let session = set.session;
    let mut audit = Audit { sessions: 1, ..Audit::new(session, session) };
    let past = figures_with(market, &set)?;
    let facts = own_facts(set);
    let span = Span::of(market, &facts, session)?;
    on_store(market, |store, choice| {
        let road = Road::open(store, choice, span, &EVERY_SHARE, AT_ONCE_SESSIONS, &mut |_, _| ())?;
        audit.compare(&facts, &road.ask(&facts, &past)?);
        Ok(())
    })?;
    Ok(audit)
}

/// The figures of the sessions before, as far as they are kept, and a session's own.
fn figures_with(market: &Market, set: &FactSet) -> Result<Past, Error> {
    let mut figures =
        past::figures_before(market, set.session, past::Reach::Whole)?.unwrap_or_default();
    figures.push_set(set);
    Ok(figures)
}

/// Compares every figure of each session from one to another, as [`past::walk`] tells them, with
/// its SQL twin.
///
/// `progress` is told how much of the work is done, and of how much.
///
/// # Errors
/// As for [`past::walk`]; and where a twin cannot be run.
pub fn audit_sessions(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Audit, Error> {
    audit_holding(market, from, to, AT_ONCE_SESSIONS, progress)
}

/// [`audit_sessions`], with the days of as many sessions in memory all at once.
fn audit_holding(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    at_once: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Audit, Error> {
    let (begin, _) = market.sessions()?;
    let walked = Calendar::builtin().between(begin, to).len();
    let mut audit = Audit::new(from, to);
    on_store(market, |store, choice| {
        let span = Span { from: begin, first: from, last: to, instant: None };
        let road = Road::open(store, choice, span, &EVERY_SHARE, at_once, &mut |part, parts| {
            progress(part * walked / parts, 2 * walked);
        })?;
        let mut year: Vec<Fact> = Vec::new();
        let mut passed = 0;
        let before = past::figures_before(market, from, past::Reach::Whole)?;
        let mut figures = before.clone().unwrap_or_default();
        past::walk_days(market, (from, to), &Selection::figures(), before, &|_| (), &mut |step| {
            match step {
                Walked::Read(_) => {}
                Walked::Session((), set) => {
                    let other = |fact: &Fact| year_of(fact.key.session) != year_of(set.session);
                    if year.last().is_some_and(other) {
                        audit.compare(&year, &road.ask(&year, &figures)?);
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
        Ok(())
    })?;
    Ok(audit)
}

/// What the twin of one fact of a set says.
pub(crate) fn ask(market: &Market, set: &FactSet, fact: &Fact) -> Result<Twin, Error> {
    let Some(twin) = sql::twin(&fact.key) else { return Ok(Twin::None) };
    let query = twin.rows.query(&twin.columns);
    // One security's days stand on its own rows.
    let part = match (&twin.rows, &fact.key.scope) {
        (Rows::Security, Scope::Security(symbol)) => {
            let last = match market {
                Market::Store { store, .. } => store.codes()?.last(*symbol),
                Market::Sample(_) => *symbol,
            };
            vec![format!("b.symbol = '{last}'")]
        }
        _ => EVERY_SHARE.map(str::to_owned).to_vec(),
    };
    let parts: Vec<&str> = part.iter().map(String::as_str).collect();
    let facts = [fact.clone()];
    let past = figures_with(market, set)?;
    let whole = Span::of(market, &facts, fact.key.session)?;
    let mut told = Told::Nothing;
    on_store(market, |store, choice| {
        // Most figures stand on the last year's rows; a few on all that came before.
        let window = whole.of_window()?;
        let beyond = (window.from > whole.from).then_some(whole);
        for span in [window].into_iter().chain(beyond) {
            let road = Road::open(store, choice, span, &parts, AT_ONCE_SESSIONS, &mut |_, _| ())?;
            told = road.ask(&facts, &past)?.of(fact);
            if matches!(told, Told::Same) {
                break;
            }
        }
        Ok(())
    })?;
    Ok(match told {
        Told::Nothing => Twin::None,
        Told::Same => Twin::Agrees { sql: query },
        Told::Other(got) => Twin::Differs { sql: query, got },
    })
}

/// A session's facts; turnover of the sessions before belongs to themselves.
fn own_facts(set: FactSet) -> Vec<Fact> {
    let session = set.session;
    set.facts.into_values().filter(|fact| fact.key.session == session).collect()
}

fn year_of(session: SessionDate) -> i16 {
    session.date().year()
}

/// Works on the market's store; simulated data is put into a store of its own for the purpose.
fn on_store(
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

fn temporary_folder() -> Result<tempfile::TempDir, Error> {
    tempfile::tempdir().map_err(|source| Error::Io {
        action: "write",
        path: std::env::temp_dir().display().to_string(),
        source,
    })
}

/// All securities, in parts by the last digit of their code.
const EVERY_SHARE: [&str; 10] = [
    "substr(b.symbol, 6, 1) = '0'",
    "substr(b.symbol, 6, 1) = '1'",
    "substr(b.symbol, 6, 1) = '2'",
    "substr(b.symbol, 6, 1) = '3'",
    "substr(b.symbol, 6, 1) = '4'",
    "substr(b.symbol, 6, 1) = '5'",
    "substr(b.symbol, 6, 1) = '6'",
    "substr(b.symbol, 6, 1) = '7'",
    "substr(b.symbol, 6, 1) = '8'",
    "substr(b.symbol, 6, 1) = '9'",
];

/// Which sessions are looked at.
#[derive(Clone, Copy)]
struct Span {
    /// Nothing before it is.
    from: SessionDate,
    /// The first whose figures are asked for.
    first: SessionDate,
    /// The last.
    last: SessionDate,
    /// The second of an instant of that one session.
    instant: Option<u32>,
}

impl Span {
    /// What the facts of a session stand on.
    fn of(market: &Market, facts: &[Fact], session: SessionDate) -> Result<Span, Error> {
        let instant = facts.iter().find_map(|fact| match fact.key.as_of {
            AsOf::Instant(second) => Some(second),
            AsOf::Close => None,
        });
        let from = market.past_from(session)?;
        Ok(Span { from, first: session, last: session, instant })
    }

    /// No more of the past than a window.
    fn of_window(self) -> Result<Span, Error> {
        let back = Calendar::builtin().back(self.first, WINDOW_SESSIONS)?;
        Ok(Span { from: back.map_or(self.from, |back| back.max(self.from)), ..self })
    }
}

/// The steps of the second road, taken.
struct Road<'a> {
    bench: Workbench<'a>,
    /// Securities' days by year, where there are too many to hold.
    days: Option<tempfile::TempDir>,
}

impl<'a> Road<'a> {
    fn open(
        store: &'a Store,
        choice: &SourceChoice,
        span: Span,
        parts: &[&str],
        at_once: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Road<'a>, Error> {
        let source = match choice {
            SourceChoice::Best => "true".to_owned(),
            SourceChoice::Named(name) => format!("source = '{}'", name.replace('\'', "''")),
        };
        let until = span.instant.map_or(0, |second| instant::reads_until(span.last, second));
        let past = match span.first == span.last {
            true => sql::PAST_OF_SESSION,
            false => sql::PAST_OF_STRETCH,
        };
        let placed = |sql: &str| {
            sql.replace(":past", past)
                .replace(":until", &until.to_string())
                .replace(":first", &format!("DATE '{}'", span.first))
                .replace(":last", &format!("DATE '{}'", span.last))
                .replace(":from", &format!("DATE '{}'", span.from))
                .replace(":source", &source)
        };
        let bench = store.workbench()?;
        let make = |(name, sql): (&str, &str)| bench.make(name, &placed(sql));
        bench.make("code_span", &code_span::of(&store.codes()?))?;
        for (name, sql) in BY_LAST_CODE {
            bench.view(name, sql)?;
        }
        bench.view(WINDOW_BARS.0, &placed(WINDOW_BARS.1))?;
        make(sql::LISTED_SHARE)?;
        bench.view(SHARE_BARS.0, &placed(SHARE_BARS.1))?;
        CHOSEN_BARS.into_iter().try_for_each(make)?;
        make(sql::HOLE_SESSION)?;
        bench.hold("lost_row", lost_row::of(&store.imports()?)?)?;
        make(LOST_BARS)?;
        if span.instant.is_some() {
            instant::SO_FAR.into_iter().try_for_each(make)?;
        }
        sql::MARKET_STEPS.into_iter().try_for_each(make)?;
        let held = Calendar::builtin().between(span.from, span.last).len();
        if parts.len() == 1 || held <= at_once {
            let part = format!("({})", parts.join(" OR "));
            for (name, sql) in sql::SECURITY_STEPS {
                bench.make(name, &placed(sql).replace(":part", &part))?;
            }
            if span.instant.is_some() {
                sql::INSTANT_STEPS.into_iter().try_for_each(make)?;
            }
            return Ok(Road { bench, days: None });
        }
        let days = temporary_folder()?;
        for (done, part) in parts.iter().enumerate() {
            progress(done, parts.len());
            let steps = sql::SECURITY_STEPS.map(|(name, sql)| (name, placed(sql)));
            let [level_day, bar_day, limit_day, (_, security_day)] = steps;
            for (name, sql) in [level_day, bar_day, limit_day] {
                bench.make(name, &sql.replace(":part", part))?;
            }
            let by_year = format!(
                "SELECT *, CAST(date_part('year', session) AS INT) AS year FROM ({}) d",
                security_day.replace(":part", part)
            );
            bench.spill(&by_year, days.path(), "year")?;
        }
        Ok(Road { bench, days: Some(days) })
    }

    /// What SQL says of some facts, which are of one year where there are many. `figures` are those
    /// of the sessions up to them.
    fn ask(&self, facts: &[Fact], figures: &Past) -> Result<Answers, Error> {
        let wanted = wanted(facts);
        if let (Some(days), Some(fact)) = (&self.days, facts.first()) {
            let year = days.path().join(format!("year={}", year_of(fact.key.session)));
            self.bench.show("shown_day", &year)?;
            self.bench.make("security_day", "SELECT * FROM shown_day")?;
        }
        for (name, sql) in sql::SESSION_STEPS {
            self.bench.make(name, sql)?;
        }
        if wanted.contains_key(&Rows::Across) {
            self.bench.hold("session_figure", fact_rows::figure_batch(figures)?)?;
            for (name, sql) in sql::ACROSS_STEPS {
                let first = facts.iter().map(|fact| fact.key.session).min();
                let first = first.map_or("NULL".to_owned(), |first| format!("DATE '{first}'"));
                self.bench.make(name, &sql.replace(":first", &first))?;
            }
        }
        let mut answers = Answers::to(facts);
        for (rows, measures) in wanted {
            let columns: BTreeSet<&String> = measures.values().flatten().collect();
            let columns: Vec<String> = columns.into_iter().cloned().collect();
            let named: Vec<String> =
                columns.iter().enumerate().map(|(i, sql)| format!("{sql} AS c{i}")).collect();
            let batches = self.bench.ask(&rows.query(&named))?;
            answers.add(rows, measures, columns, &batches)?;
        }
        Ok(answers)
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

    /// A second road on which one security's days are lost is found to be wrong.
    #[test]
    fn a_wrong_twin_is_reported() {
        let (_folder, market) = stored();
        let (_, last) = market.sessions().unwrap();
        let set = review(&market, Some(last)).unwrap();
        let past = figures_with(&market, &set).unwrap();
        let facts = own_facts(set);
        let Market::Store { store, choice } = &market else { panic!("a store") };
        let span = Span::of(&market, &facts, last).unwrap();
        let road = Road::open(store, choice, span, &EVERY_SHARE, AT_ONCE_SESSIONS, &mut |_, _| ())
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

        // What only SQL finds: the same with one figure lost on the first road.
        let lost = facts.iter().position(|fact| fact.key.measure.name() == "last_price").unwrap();
        let mut facts = facts;
        let key = facts.remove(lost).key;
        let mut less = Audit::new(last, last);
        less.compare(&facts, &answers);
        let only_sql =
            |(other, fact, _): &&(FactKey, String, String)| *other == key && fact == "no figure";
        assert_eq!(less.differences.iter().filter(only_sql).count(), 1);
    }
}
