//! The steps of the SQL cross-check over the stored tables. Each step reads those before it.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::compute::concat_batches;
use fupan_fact::{AsOf, Fact};
use fupan_market::{Calendar, Definitions, GroupId, Groups, SessionDate};
use fupan_measure::FigureHistory;
use fupan_measure::returns_since;
use fupan_measure::sql::{self, TwinRows};
use fupan_store::{Kept, SourceChoice, SqlStep, Store, Workbench};

use crate::audit::answers::{Answers, wanted};
use crate::audit::{code_span, lost_row, told_group};
use crate::data::WINDOW_SESSIONS;
use crate::kept::{fact_rows, group_rows};
use crate::{Error, Market, instant, own_past};

/// Steps that choose the stored bars and map rows about securities to their last codes. Twins read
/// them in place of the stored tables. The store's rule for choosing a source is repeated in SQL.
const BARS: [(&str, &str); 13] = [
    ("security", include_str!("sql/security.sql")),
    ("share_capital", include_str!("sql/share_capital.sql")),
    ("industry", include_str!("sql/industry.sql")),
    ("group_member", include_str!("sql/group_member.sql")),
    ("index_weight", include_str!("sql/index_weight.sql")),
    ("window_bar", include_str!("sql/window_bar.sql")),
    sql::LISTED_SHARE,
    ("share_bar", include_str!("sql/share_bar.sql")),
    ("source_tally", include_str!("sql/source_tally.sql")),
    ("tally_again", "SELECT * FROM source_tally WHERE imports > 1"),
    ("chosen_source", include_str!("sql/chosen_source.sql")),
    ("chosen_again", "SELECT * FROM chosen_source WHERE imports > 1"),
    ("daily_bar", include_str!("sql/chosen_bars.sql")),
];

/// Steps that are not kept: they have too many rows, or are cheap to recompute.
const READ_ANEW: [&str; 8] = [
    "security",
    "share_capital",
    "industry",
    "group_member",
    "index_weight",
    "window_bar",
    "share_bar",
    "fund_day",
];

/// Steps that are always kept. Two usually have no rows. The limits are expressions over expressions,
/// which double in size with each level if a planner puts them in place of their names; groups, and
/// securities over sessions, are read by each step of a recursion.
const ALWAYS_KEPT: [&str; 11] = [
    "tally_again",
    "chosen_again",
    "limit_day",
    "limit_past",
    "recent_day",
    "group_day",
    "group_level",
    "group_own",
    "own_span",
    "own_day",
    "own_level",
];

/// The bars that may have been lost.
const LOST_BARS: (&str, &str) = ("lost_bar", include_str!("sql/lost_bar.sql"));

/// Further steps for a session at an instant.
const SO_FAR: [(&str, &str); 3] = [
    ("quote_row", include_str!("sql/quote_row.sql")),
    ("closing_bar", include_str!("sql/closing_bar.sql")),
    ("daily_bar", include_str!("sql/instant_bar.sql")),
];

/// Most sessions whose securities' days are held in memory together. Beyond that, days are computed
/// for a tenth of the securities at a time and written to files.
pub(crate) const AT_ONCE_SESSIONS: usize = 400;

/// All securities, in ten parts by the last digit of their code.
pub(crate) const EVERY_SHARE: [&str; 10] = [
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

/// The sessions that a cross-check reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// First session read.
    pub from: SessionDate,
    /// First session whose figures are compared.
    pub first: SessionDate,
    /// Last session.
    pub last: SessionDate,
    /// The instant in the one session, in seconds after midnight.
    pub instant: Option<u32>,
    /// The first of the sessions that figures of groups, or of securities over sessions, look back
    /// on, if there are such figures.
    pub recent: Option<SessionDate>,
    /// The date from which on a return of a security is computed, if one is.
    pub since: Option<SessionDate>,
}

impl Span {
    /// The sessions that the facts of `session` depend on.
    pub(crate) fn of(market: &Market, facts: &[Fact], session: SessionDate) -> Result<Span, Error> {
        let instant = facts.iter().find_map(|fact| match fact.key.as_of {
            AsOf::Instant(second) => Some(second),
            AsOf::Close => None,
        });
        let from = market.past_from(session)?;
        let back = market.calendar().back(session, sql::RECENT_SESSIONS - 1)?;
        let mut recent: Option<SessionDate> = None;
        for fact in facts {
            let of_groups = told_group::looks_back(&fact.key).then(|| back.unwrap_or(from));
            let of_own = own_past::rests_on(market, &fact.key)?;
            recent = [recent, of_groups, of_own].into_iter().flatten().min();
        }
        let recent = recent.map(|recent| recent.max(from));
        let since = facts.iter().find_map(|fact| returns_since(&fact.key.measure));
        Ok(Span { from, first: session, last: session, instant, recent, since })
    }

    /// The same, reading no further back than a review's window.
    pub(crate) fn of_window(self, calendar: &Calendar) -> Result<Span, Error> {
        self.of_sessions(WINDOW_SESSIONS, calendar)
    }

    /// The same, reading at most `sessions` back.
    pub(crate) fn of_sessions(self, sessions: u32, calendar: &Calendar) -> Result<Span, Error> {
        let back = calendar.back(self.first, sessions)?;
        Ok(Span { from: back.map_or(self.from, |back| back.max(self.from)), ..self })
    }
}

/// The steps' SQL, with dates and sources filled in.
pub(crate) struct Steps {
    span: Span,
    source: String,
    codes: String,
    groups: Arc<Groups>,
}

impl Steps {
    pub(crate) fn new(store: &Store, choice: &SourceChoice, span: Span) -> Result<Steps, Error> {
        let source = match choice {
            SourceChoice::Best => "true".to_owned(),
            SourceChoice::Named(name) => format!("source = '{}'", name.replace('\'', "''")),
        };
        Ok(Steps { span, source, codes: code_span::of(&store.codes()?), groups: store.groups()? })
    }

    /// The chains of the store.
    pub(crate) fn definitions(&self) -> &Definitions {
        self.groups.definitions()
    }

    fn placed(&self, (name, sql): (&'static str, &str)) -> SqlStep {
        let Span { from, first, last, instant, recent, since } = self.span;
        let until = instant.map_or(0, |second| instant::reads_until(last, second));
        let past = match first == last {
            true => sql::PAST_OF_SESSION,
            false => sql::PAST_OF_RANGE,
        };
        let limits = match name {
            "limit_past" => sql::LIMITS_OF_THE_PAST,
            "recent_day" => sql::LIMITS_OF_RECENT,
            _ => sql::LIMITS_OF_SESSIONS,
        };
        let query = sql
            .replace(":past", past)
            .replace(":rows", limits)
            .replace(":until", &until.to_string())
            .replace(":recent", &format!("DATE '{}'", recent.unwrap_or(first)))
            .replace(
                ":since",
                &since.map_or("CAST(NULL AS DATE)".to_owned(), |on| format!("DATE '{on}'")),
            )
            .replace(":first", &format!("DATE '{first}'"))
            .replace(":last", &format!("DATE '{last}'"))
            .replace(":from", &format!("DATE '{from}'"))
            .replace(":source", &self.source);
        let kept = match name {
            _ if READ_ANEW.contains(&name) => Kept::Never,
            _ if ALWAYS_KEPT.contains(&name) => Kept::Always,
            _ => Kept::WhereShared,
        };
        let key = sql::KEYS.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, key)| key);
        SqlStep { name, query, kept, key }
    }

    /// Steps over the market as a whole. They also read the table `lost_row`.
    pub(crate) fn of_market(&self) -> Vec<SqlStep> {
        let codes = ("code_span", self.codes.as_str());
        let so_far = SO_FAR.into_iter().filter(|_| self.span.instant.is_some());
        let steps = [codes].into_iter().chain(BARS).chain([sql::HOLE_SESSION, LOST_BARS]);
        let steps = steps.chain(so_far).chain(sql::MARKET_STEPS);
        steps.map(|step| self.placed(step)).collect()
    }

    /// Steps for the days of the securities selected by `part`, a condition on the symbol of `b`.
    pub(crate) fn of_securities(&self, part: &str) -> [SqlStep; sql::SECURITY_STEPS.len()] {
        sql::SECURITY_STEPS.map(|step| {
            let step = self.placed(step);
            SqlStep { query: step.query.replace(":part", part), ..step }
        })
    }

    /// The step that follows the days of some securities if figures of groups look back.
    pub(crate) fn recent(&self) -> Option<SqlStep> {
        self.span.recent.map(|_| self.placed(sql::RECENT_DAY))
    }

    /// Steps for figures of groups over sessions, of the groups that are told. They read the table
    /// `told_group`.
    pub(crate) fn of_groups(&self, told: &[GroupId]) -> Vec<SqlStep> {
        let steps = sql::group_steps(told, self.definitions());
        steps.iter().map(|(name, query)| self.placed((*name, query))).collect()
    }

    /// Steps for figures of securities over sessions.
    pub(crate) fn of_own_past(&self) -> [SqlStep; sql::OWN_STEPS.len()] {
        sql::OWN_STEPS.map(|step| self.placed(step))
    }

    /// Steps for figures across sessions. They read the table `session_figure`.
    pub(crate) fn across(&self) -> Vec<SqlStep> {
        sql::ACROSS_STEPS.into_iter().map(|step| self.placed(step)).collect()
    }

    /// Steps that read all securities' days.
    pub(crate) fn of_session(&self) -> Vec<SqlStep> {
        let seals = sql::INSTANT_STEPS.into_iter().filter(|_| self.span.instant.is_some());
        sql::SESSION_STEPS.into_iter().chain(seals).map(|step| self.placed(step)).collect()
    }
}

/// An SQL session with all intermediate views created.
pub(crate) struct SqlSession<'a> {
    pub(crate) bench: Workbench<'a>,
    steps: Steps,
    /// Securities' days in files by year, if there are too many to hold in memory.
    days: Option<tempfile::TempDir>,
}

impl<'a> SqlSession<'a> {
    pub(crate) fn open(
        store: &'a Store,
        choice: &SourceChoice,
        span: Span,
        parts: &[&str],
        at_once: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<SqlSession<'a>, Error> {
        let steps = Steps::new(store, choice, span)?;
        let bench = store.workbench()?;
        bench.hold("lost_row", lost_row::of(&store.imports()?, span.from, span.last)?)?;
        if span.recent.is_some() {
            bench.hold("group_figure", group_rows::figure_batch(store, choice, span.last)?)?;
        }
        for step in steps.of_market() {
            take(&bench, &step)?;
        }
        let held = store.rulebook().calendar().between(span.from, span.last).len();
        if parts.len() == 1 || held <= at_once {
            let part = format!("({})", parts.join(" OR "));
            for step in steps.of_securities(&part).into_iter().chain(steps.recent()) {
                take(&bench, &step)?;
            }
            return Ok(SqlSession { bench, steps, days: None });
        }
        let days = temporary_folder()?;
        let (mut limits, mut recent) = (Vec::new(), Vec::new());
        for (done, part) in parts.iter().enumerate() {
            progress(done, parts.len());
            let [before @ .., security_day] = steps.of_securities(part);
            for step in before {
                take(&bench, &step)?;
            }
            if span.instant.is_some() {
                let of_session = format!("session = DATE '{}'", span.last);
                limits.extend(bench.ask(&format!("SELECT * FROM limit_day WHERE {of_session}"))?);
            }
            if let Some(step) = steps.recent() {
                let returns = format!(
                    "SELECT session, number, symbol, ret, missing, first_seen, turnover_or_estimate FROM ({}) r",
                    step.query
                );
                recent.extend(bench.ask(&returns)?);
            }
            let by_year = format!(
                "SELECT *, CAST(date_part('year', session) AS INT) AS year FROM ({}) d",
                security_day.query
            );
            bench.spill(&by_year, days.path(), "year")?;
        }
        for (name, batches) in [("limit_day", limits), ("recent_day", recent)] {
            if let Some(first) = batches.first() {
                let all = concat_batches(&first.schema(), &batches).map_err(Error::table)?;
                bench.hold(name, all)?;
            }
        }
        Ok(SqlSession { bench, steps, days: Some(days) })
    }

    /// Runs the twins of `facts` and returns their answers. If days are in files, all facts must be
    /// of one year. `figures` holds the figures of the sessions up to them.
    pub(crate) fn ask(&self, facts: &[Fact], figures: &FigureHistory) -> Result<Answers, Error> {
        let wanted = wanted(facts);
        if let (Some(days), Some(fact)) = (&self.days, facts.first()) {
            let year = days.path().join(format!("year={}", year_of(fact.key.session)));
            self.bench.show("shown_day", &year)?;
            self.bench.make("security_day", "SELECT * FROM shown_day")?;
        }
        for step in self.steps.of_session() {
            take(&self.bench, &step)?;
        }
        if wanted.contains_key(&TwinRows::Across) {
            self.bench.hold("session_figure", fact_rows::figure_batch(figures)?)?;
            for (name, sql) in sql::ACROSS_STEPS {
                let first = facts.iter().map(|fact| fact.key.session).min();
                let first = first.map_or("NULL".to_owned(), |first| format!("DATE '{first}'"));
                self.bench.make(name, &sql.replace(":first", &first))?;
            }
        }
        if wanted.contains_key(&TwinRows::GroupPast) || wanted.contains_key(&TwinRows::Themes) {
            let told = told_group::of(facts);
            self.bench.hold("told_group", told_group::batch(&told)?)?;
            for step in self.steps.of_groups(&told_group::ids(&told)) {
                take(&self.bench, &step)?;
            }
        }
        if wanted.contains_key(&TwinRows::OwnPast) {
            for step in self.steps.of_own_past() {
                take(&self.bench, &step)?;
            }
        }
        let mut answers = Answers::to(facts);
        for (rows, measures) in wanted {
            let columns: BTreeSet<&String> = measures.values().flatten().collect();
            let columns: Vec<String> = columns.into_iter().cloned().collect();
            let named: Vec<String> =
                columns.iter().enumerate().map(|(i, sql)| format!("{sql} AS c{i}")).collect();
            let batches = self.bench.ask(&rows.query(&named, self.steps.definitions()))?;
            answers.add(rows, measures, columns, &batches)?;
        }
        Ok(answers)
    }
}

/// Creates a step's view or table, for all of its rows.
fn take(bench: &Workbench<'_>, step: &SqlStep) -> Result<(), Error> {
    match step.kept {
        Kept::Never => bench.view(step.name, &step.query)?,
        Kept::WhereShared | Kept::Always => bench.make(step.name, &step.query)?,
    }
    Ok(())
}

pub(crate) fn year_of(session: SessionDate) -> i16 {
    session.date().year()
}

pub(crate) fn temporary_folder() -> Result<tempfile::TempDir, Error> {
    tempfile::tempdir().map_err(|source| Error::Io {
        action: "write",
        path: std::env::temp_dir().display().to_string(),
        source,
    })
}
