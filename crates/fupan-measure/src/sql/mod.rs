//! SQL twins: the same figures computed a second time, as a cross-check.
//!
//! A twin is SQL over the stored tables in DataFusion's dialect, written independently of the Rust
//! code: `sql/limit_day.sql` states the exchange rules a second time, and streaks are gaps and
//! islands. A program that has both runs both and compares. Everything is set-based: a step returns
//! the rows of many sessions at once, and one query over them returns many figures of all those
//! sessions.
//!
//! The queries of [`LISTED_SHARE`], [`MARKET_STEPS`], [`SECURITY_STEPS`] and [`SESSION_STEPS`] run
//! first, in this order; each becomes a table with its name. Then come [`ACROSS_STEPS`] and, for one
//! session, [`group_steps`] and [`OWN_STEPS`], or for an instant [`INSTANT_STEPS`]. Those of `SECURITY_STEPS` look at one security at a time, so a
//! program may run them for some securities, then for the next, and put the rows of `security_day`
//! together.
//!
//! They read the stored tables, `calendar(session, number)`, and tables that the program makes:
//!
//! - `code_span(code, last_code, since, until, changed)`: the codes of securities that had several,
//!   each with the sessions from `since` to before `until` in which it was the code.
//! - `security`, `share_capital`, `industry`, `group_member` and `index_weight`, by last codes.
//! - `window_bar`: the stored daily bars up to the last requested session.
//! - `daily_bar`, made after `listed_share`: those of them that the review chose, with exchange and
//!   board.
//! - `lost_bar(symbol, session, number)`: sessions in which a security has no row, and an import
//!   may have lost it.
//!
//! Placeholders are dates: `:from`, before which nothing is read, and `:first` and `:last`, the
//! requested sessions; `:recent` is the first of the sessions that figures of groups, or of securities
//! over several sessions, look back on; `:since` is the day since whose close a return is asked for. `:source` is a condition on sources. `:part` is a condition on the symbol of
//! `b`: it limits a part of `SECURITY_STEPS` to some securities. `:rows` in `limit_day.sql` is
//! [`LIMITS_OF_SESSIONS`] or [`LIMITS_OF_THE_PAST`].

mod chain;
mod group;
mod index;
mod own_past;

use std::collections::BTreeSet;

use fupan_fact::{AsOf, BandClass, FactKey, Scope};
use fupan_market::{Board, Definitions, Exchange, GroupId, SessionDate};

use crate::catalogue::catalogue;
use crate::measure::figure::OwnFigure;
use crate::measure::statistic::{Contribution, Statistic};
use crate::measure::{Kind, Measure, Population, SharesMeasure, Sql};
use crate::total::cell::Mark;

/// The first step: every A-share with a row.
pub const LISTED_SHARE: (&str, &str) = ("listed_share", include_str!("listed_share.sql"));

/// The sessions that the data of an exchange lack. It runs once `daily_bar` holds the chosen bars;
/// for an instant, before the sums of its quotes replace them.
pub const HOLE_SESSION: (&str, &str) = ("hole_session", include_str!("hole_session.sql"));

/// What is known of the market as a whole, once `daily_bar` holds the chosen bars.
pub const MARKET_STEPS: [(&str, &str); 7] = [
    ("name_span", include_str!("name_span.sql")),
    ("group_span", include_str!("group_span.sql")),
    ("turnover_day", include_str!("turnover_day.sql")),
    ("turnover_series", include_str!("turnover_series.sql")),
    ("index_day", include_str!("index_day.sql")),
    ("fund_day", include_str!("fund_day.sql")),
    ("calendar_day", include_str!("calendar_day.sql")),
];

/// Securities' days, each from its security's own past. `:past` in `bar_day` is a placeholder for
/// [`PAST_OF_SESSION`] or [`PAST_OF_RANGE`].
pub const SECURITY_STEPS: [(&str, &str); 9] = [
    ("linked_day", include_str!("linked_day.sql")),
    ("level_day", include_str!("level_day.sql")),
    ("bar_day", include_str!("bar_day.sql")),
    ("limit_day", include_str!("limit_day.sql")),
    ("limit_past", include_str!("limit_day.sql")),
    ("limit_ever", include_str!("limit_ever.sql")),
    ("streak_run", include_str!("streak_run.sql")),
    ("seal_cluster", include_str!("seal_cluster.sql")),
    ("security_day", include_str!("security_day.sql")),
];

/// The rows of `limit_day`: those of the requested sessions.
pub const LIMITS_OF_SESSIONS: &str = "session >= :first";

/// The rows of `limit_past`: earlier ones that may have been sealed or whose limit may not be
/// known.
pub const LIMITS_OF_THE_PAST: &str = "session < :first AND ((close = high AND close > prev_close)
    OR NOT coalesce(n.clear, false)
    OR prev_close IS NULL OR prev_close < 1000 OR (board = 'bse' AND session < listed_on)
    -- Rows that may lie outside every band.
    OR ((derived OR close * 100 >= prev_close * 103)
        AND (high * 100 > prev_close * 104 OR low * 100 < prev_close * 96)))";

/// Steps with one row per key: a query that joins one of them and reads none of its columns need
/// not run it.
pub const KEYS: [(&str, &[&str]); 2] =
    [("streak_run", &["symbol", "place"]), ("seal_cluster", &["symbol", "place"])];

/// Compares a security's row of one session with its earlier rows. The windows of a range would
/// slide over a year of rows just to reach the last one, which takes ten times as long.
pub const PAST_OF_SESSION: &str = include_str!("past_of_session.sql");

/// The same for the rows of many sessions.
pub const PAST_OF_RANGE: &str = include_str!("past_of_range.sql");

/// Steps over the days of all securities.
pub const SESSION_STEPS: [(&str, &str); 4] = [
    ("basket_day", include_str!("basket_day.sql")),
    ("member_session", include_str!("member_session.sql")),
    ("index_session", include_str!("index_session.sql")),
    ("contribution_day", include_str!("contribution_day.sql")),
];

/// Steps over the figures of all A-shares, session by session. The program makes
/// `session_figure(session, place, measure, value, whole)`: `place` counts sessions from zero,
/// `measure` includes the parameter, and `whole` is 1 for a figure that is not a share. Figures of
/// another scope that words rest on are named with it: `turnover_change_rate/sse-szse`.
pub const ACROSS_STEPS: [(&str, &str); 1] = [("across_day", include_str!("across_day.sql"))];

pub use group::{LIMITS_OF_RECENT, PERCENTILE_SESSIONS, RECENT_DAY, RECENT_SESSIONS, group_steps};
pub use own_past::{OWN_SESSIONS, OWN_STEPS};

/// Further steps for an instant, over `quote_row`: the session's quotes up to the instant, one row
/// each, numbered by `place`. For an instant the program also keeps the session's chosen bars as
/// `closing_bar`, and puts the sums of its quotes into `daily_bar`.
pub const INSTANT_STEPS: [(&str, &str); 3] = [
    ("seal_day", include_str!("seal_day.sql")),
    ("afternoon_day", include_str!("afternoon_day.sql")),
    ("quoted_day", include_str!("quoted_day.sql")),
];

/// The rows that figures are read from. Each has a session and a subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TwinRows {
    /// One row of aggregates per session over the securities of a scope; no row means nobody.
    Scope(Scope),
    /// The same, over sorted securities.
    Ranked(Scope),
    /// One row of aggregates per session and group of a classification in which a security traded.
    Group(String),
    /// One row per session and scope: turnover and its past.
    Turnover,
    /// One row per session and security that was at a limit or left one, or that is asked for.
    Security(Asked),
    /// One row per session and security that traded: its places among all.
    Rank,
    /// One row per security that traded in the session: what it did over several sessions.
    OwnPast,
    /// One row per session and fund that traded.
    Fund,
    /// One row per session and security in a group of a classification, next to the group's mean.
    OverGroup(String),
    /// One row per group that is told: its last sessions.
    GroupPast,
    /// One row: how the order of the themes changed.
    Themes,
    /// One row per session and index.
    Index,
    /// One row per session and index: compared with its close of an earlier session.
    IndexSince(SessionDate),
    /// One row per session and security that moved an index most, or that is asked for.
    Contribution(Asked),
    /// One row of aggregates per session and group of a classification with a member that traded of an
    /// index: over its rows of `group_points`, which are one an index.
    GroupPoints(String),
    /// One row of aggregates per session and index, over its rows of `group_points` of a
    /// classification, which are one a group and one of the members in none.
    IndexGroups(String),
    /// One row of aggregates per session over its rows of `across_day`.
    Across,
    /// The rows of one of [`INSTANT_STEPS`], one per security that has its figures.
    Intraday(&'static str),
    /// One row per session: where it lies in the calendar.
    Calendar,
    /// One row: how much of the market has quotes by an instant.
    Quoted,
}

/// Whether rows are of the securities that every session reports, or of all: any may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// Those that every session reports.
    No,
    /// All of them.
    Yes,
}

/// A fact's twin: the rows it is read from, and the expressions for its value as an integer, or for
/// its part and its whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// The rows it is read from.
    pub rows: TwinRows,
    /// One expression, or two for a share.
    pub columns: Vec<String>,
}

/// How far back a twin looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LooksBack {
    /// The sessions just before, or as far as a streak or a suspension reaches.
    Lately,
    /// A window of sessions.
    Window,
    /// The whole past. A security can count only if this condition on `bar_day`, which looks back
    /// on a window, is not false for it.
    Ever(String),
}

impl Twin {
    /// The same, read from the rows of all securities.
    pub fn asked(self) -> Twin {
        let rows = match self.rows {
            TwinRows::Security(_) => TwinRows::Security(Asked::Yes),
            TwinRows::Contribution(_) => TwinRows::Contribution(Asked::Yes),
            rows => rows,
        };
        Twin { rows, ..self }
    }

    /// How far back its columns look.
    pub fn looks_back(&self) -> LooksBack {
        /// `OF_WINDOW`: how the names of `security_day` columns begin that look back on a window.
        /// `OF_ALL`: how those of them end that look back on the whole past.
        const OF_WINDOW: [&str; 5] = ["new_", "intraday_", "above_", "rank_in_window", "own_"];
        const OF_ALL: &str = "_ever";
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let names = || self.columns.iter().flat_map(|sql| sql.split(|c: char| !is_name(c)));
        let ever: BTreeSet<&str> = names().filter_map(|name| name.strip_suffix(OF_ALL)).collect();
        if !ever.is_empty() {
            let told = ever.iter().map(|name| format!("{name} IS DISTINCT FROM false"));
            return LooksBack::Ever(told.collect::<Vec<_>>().join(" OR "));
        }
        let of_window = |name: &str| OF_WINDOW.iter().any(|start| name.starts_with(start));
        let is_of_window = matches!(self.rows, TwinRows::Turnover | TwinRows::OwnPast);
        match is_of_window || names().any(of_window) {
            true => LooksBack::Window,
            false => LooksBack::Lately,
        }
    }
}

/// A fact's twin; `None` if the measure or scope has none.
pub fn twin(key: &FactKey) -> Option<Twin> {
    let name = key.measure.name();
    let fixed = |id: &str| id.split_once(':').map(|(_, fixed)| fixed.to_owned());
    let of_name = |id: &str| id.split(':').next() == Some(name);
    let measure = catalogue().iter().find(|measure| {
        of_name(measure.id)
            && fixed(measure.id).is_none_or(|fixed| Some(&*fixed) == key.measure.parameter())
    })?;
    let rows = rows_of(measure, key)?;
    // At an instant, past turnover is that of the same instant, which no table of bars holds.
    let of_whole_sessions = matches!(
        rows,
        TwinRows::Turnover
            | TwinRows::Index
            | TwinRows::IndexSince(_)
            | TwinRows::Contribution(_)
            | TwinRows::GroupPoints(_)
            | TwinRows::IndexGroups(_)
            | TwinRows::Across
            | TwinRows::GroupPast
            | TwinRows::OwnPast
            | TwinRows::Fund
            | TwinRows::Themes
    );
    if key.as_of != AsOf::Close && of_whole_sessions {
        return None;
    }
    match &rows {
        TwinRows::Scope(scope) | TwinRows::Ranked(scope) => {
            scope_condition(scope)?;
        }
        TwinRows::Group(_) if !measure.is_of_groups() => return None,
        _ => {}
    }
    let parameter = key.measure.parameter().unwrap_or_default();
    let column = |sql: &str| of_somebody(measure, &rows, sql.replace(":parameter", parameter));
    let columns = measure.sql().expressions().into_iter().map(column).collect();
    Some(Twin { rows, columns })
}

/// The rows that a measure's figure of a key is read from; `None` if the scope has none.
fn rows_of(measure: &Measure, key: &FactKey) -> Option<TwinRows> {
    let scope = key.scope.clone();
    Some(match &measure.kind {
        Kind::Shares(SharesMeasure { statistic, .. }) => match scope {
            scope if statistic.is_of_order() => TwinRows::Ranked(scope),
            Scope::Group(group) => TwinRows::Group(group.scheme().to_owned()),
            scope => TwinRows::Scope(scope),
        },
        Kind::Turnover { .. } => TwinRows::Turnover,
        Kind::Across { .. } => TwinRows::Across,
        Kind::Rotation { rotation, .. } => match (rotation.is_of_groups(), &scope) {
            (true, Scope::Group(_)) => TwinRows::GroupPast,
            (false, Scope::AllA) => TwinRows::Themes,
            _ => return None,
        },
        Kind::Contribution { contribution: Contribution::Member, .. } => {
            TwinRows::Contribution(Asked::No)
        }
        Kind::Contribution { contribution: Contribution::OfGroup(_), .. } => match &scope {
            Scope::Group(group) => TwinRows::GroupPoints(group.scheme().to_owned()),
            _ => return None,
        },
        Kind::Contribution { contribution: Contribution::Ungrouped, .. } => {
            TwinRows::IndexGroups(key.measure.parameter()?.to_owned())
        }
        Kind::Index { .. } | Kind::Contribution { .. } => TwinRows::Index,
        Kind::IndexSince { .. } => TwinRows::IndexSince(key.measure.parameter()?.parse().ok()?),
        Kind::Security { .. } => TwinRows::Security(match measure.is_on_request() {
            true => Asked::Yes,
            false => Asked::No,
        }),
        Kind::Rank { .. } => TwinRows::Rank,
        Kind::OwnPast { figure: OwnFigure::OverIndustry, .. } => {
            let group = key.measure.parameter()?.parse::<GroupId>().ok()?;
            TwinRows::OverGroup(group.scheme().to_owned())
        }
        Kind::OwnPast { .. } => TwinRows::OwnPast,
        Kind::Fund { .. } => TwinRows::Fund,
        Kind::Intraday { step, .. } => TwinRows::Intraday(step),
        Kind::Calendar { .. } => TwinRows::Calendar,
        Kind::Coverage { .. } => TwinRows::Quoted,
    })
}

/// Makes an aggregate null if nobody of a population could be judged and some could not be.
fn of_somebody(measure: &Measure, rows: &TwinRows, sql: String) -> String {
    let Kind::Shares(SharesMeasure { population, statistic, sql: Sql::Value(_), .. }) =
        &measure.kind
    else {
        return sql;
    };
    let of_open_streaks = matches!(statistic, Statistic::OpenLadder);
    if of_open_streaks || !matches!(rows, TwinRows::Scope(_) | TwinRows::Group(_)) {
        return sql;
    }
    let Population { judged, unjudged, .. } = *population;
    match (condition(judged), unjudged.and_then(condition)) {
        (Some(judged), Some(unjudged)) => format!(
            "CASE WHEN count(*) FILTER (WHERE {judged}) > 0 OR \
             count(*) FILTER (WHERE {unjudged}) = 0 THEN {sql} END"
        ),
        _ => sql,
    }
}

/// The mark of a population as a condition on `security_day`.
const fn condition(mark: Mark) -> Option<&'static str> {
    Some(match mark {
        Mark::Priced => "ret IS NOT NULL",
        Mark::Unpriced => "volume > 0 AND ret IS NULL",
        Mark::Limited => "limit_kind = 'limited'",
        Mark::LimitKnown => "limit_kind <> 'unknown'",
        Mark::LimitUnknown => "limit_kind = 'unknown'",
        Mark::StreakKnown => "limit_kind = 'limited' AND (NOT sealed OR streak IS NOT NULL)",
        Mark::StreakUnknown => "limit_kind = 'unknown' OR (sealed AND streak IS NULL)",
        Mark::WindowKnown => "new_high IS NOT NULL",
        Mark::WindowUnknown => "volume > 0 AND new_high IS NULL",
        Mark::YearKnown => "new_high_52w IS NOT NULL",
        Mark::YearUnknown => "volume > 0 AND new_high_52w IS NULL",
        Mark::EverKnown => "new_high_ever IS NOT NULL",
        Mark::EverUnknown => "volume > 0 AND new_high_ever IS NULL",
        Mark::Cohort => "carried_at_least > 0 AND gap_sessions = 0",
        Mark::CohortUnknown => {
            "prev_missing OR \
             (gap_sessions = 0 AND carried_streak IS NULL AND carried_at_least = 0)"
        }
        _ => return None,
    })
}

/// The sessions and groups of each security of some days in the lists that a condition on
/// `group_span` admits. A security that a list names under two of its codes counts once in a group.
fn members(days: &str, admits: &str) -> String {
    format!(
        "SELECT DISTINCT s.session, s.symbol, p.subject \
         FROM {days} s \
         LEFT JOIN code_span c ON c.code = s.symbol \
         JOIN group_span p ON p.symbol = coalesce(c.last_code, s.symbol) \
           AND s.session >= p.from_day AND s.session < p.until_day \
         WHERE {admits}"
    )
}

/// [`members`] of the list or the chain with a scheme.
fn members_of(scheme: &str, days: &str, definitions: &Definitions) -> String {
    match definitions.chain(scheme) {
        Some(chain) => chain::members(chain, days),
        None => members(days, &format!("p.scheme = '{}'", scheme.replace('\'', "''"))),
    }
}

/// The query for columns of a step with a row per session and security.
fn of_each(columns: &str, step: &str) -> String {
    format!("SELECT session, symbol AS subject, {columns} FROM {step}")
}

/// A query of a table with one row a session, about all A-shares.
fn of_the_market(columns: &str, table: &str) -> String {
    format!("SELECT session, '{}' AS subject, {columns} FROM {table}", Scope::AllA)
}

impl TwinRows {
    /// The query for some columns of these rows, after `session` and `subject`, the text of a key's
    /// scope. It returns the requested sessions, and maybe others. `definitions` are those of the
    /// store.
    pub fn query(&self, columns: &[String], definitions: &Definitions) -> String {
        let columns = columns.join(", ");
        match self {
            TwinRows::Scope(scope) => format!(
                "SELECT session, '{scope}' AS subject, {columns} FROM security_day \
                 WHERE {} GROUP BY session",
                scope_condition(scope).unwrap_or("false")
            ),
            TwinRows::Ranked(scope) => format!(
                "SELECT session, '{scope}' AS subject, {columns} FROM ({}) r GROUP BY session",
                RANKED_DAY.trim_end().replace(":scope", scope_condition(scope).unwrap_or("false"))
            ),
            TwinRows::Group(scheme) => format!(
                "SELECT d.session, g.subject, {columns} FROM (\
                   SELECT *, sum(turnover_or_estimate) OVER (PARTITION BY session) \
                     AS market_turnover \
                   FROM security_day) d \
                 JOIN ({}) g ON g.session = d.session AND g.symbol = d.symbol \
                 GROUP BY d.session, g.subject \
                 HAVING bool_or(d.volume > 0)",
                members_of(scheme, "security_day", definitions)
            ),
            TwinRows::Turnover => {
                format!("SELECT session, scope AS subject, {columns} FROM turnover_series")
            }
            TwinRows::Security(asked) => format!(
                "SELECT session, symbol AS subject, {columns} FROM security_day{}",
                match asked {
                    Asked::No => " WHERE high = limit_up OR close = limit_up OR close = limit_down",
                    Asked::Yes => "",
                }
            ),
            TwinRows::Rank => {
                format!("SELECT session, symbol AS subject, {columns} FROM ({PLACED_DAY}) p")
            }
            TwinRows::OwnPast => of_each(&columns, "own_past"),
            TwinRows::Fund => of_each(&columns, "fund_day"),
            TwinRows::OverGroup(scheme) => own_past::over_group(scheme, &columns),
            TwinRows::GroupPast => format!("SELECT session, subject, {columns} FROM group_past"),
            TwinRows::Themes => of_the_market(&columns, "theme_session"),
            TwinRows::Index => of_each(&columns, "index_session"),
            TwinRows::IndexSince(since) => index::since(*since, &columns),
            TwinRows::Contribution(asked) => format!(
                "SELECT session, symbol AS subject, {columns} FROM contribution_day{} \
                 GROUP BY session, symbol",
                match asked {
                    Asked::No => " WHERE moved_most",
                    Asked::Yes => "",
                }
            ),
            TwinRows::GroupPoints(scheme) => index::of_groups(scheme, &columns),
            TwinRows::IndexGroups(scheme) => index::of_indices(scheme, &columns),
            TwinRows::Across => {
                let subject = Scope::AllA;
                format!(
                    "SELECT session, '{subject}' AS subject, {columns} FROM across_day \
                     GROUP BY session"
                )
            }
            TwinRows::Intraday(step) => of_each(&columns, step),
            TwinRows::Calendar => of_the_market(&columns, "calendar_day"),
            TwinRows::Quoted => of_the_market(&columns, "quoted_day"),
        }
    }

    /// Whether each row is of a security that is asked for, or of another one.
    pub fn are_of_asked(&self) -> bool {
        matches!(
            self,
            TwinRows::Security(Asked::Yes)
                | TwinRows::Contribution(Asked::Yes)
                | TwinRows::Rank
                | TwinRows::OwnPast
                | TwinRows::Fund
                | TwinRows::OverGroup(_)
        )
    }

    /// Whether each row is of one security or index, and each of those with a figure has a row.
    pub fn are_of_subjects(&self) -> bool {
        matches!(
            self,
            TwinRows::Security(Asked::No)
                | TwinRows::Index
                | TwinRows::Contribution(Asked::No)
                | TwinRows::Intraday(_)
        )
    }

    /// Whether a session without a row means that the scope has nobody in it.
    pub fn are_of_populations(&self) -> bool {
        matches!(self, TwinRows::Scope(_) | TwinRows::Ranked(_))
    }
}

const PLACED_DAY: &str = include_str!("placed_day.sql");

const RANKED_DAY: &str = include_str!("ranked_day.sql");

/// A set of shares as a condition on `security_day`.
fn scope_condition(scope: &Scope) -> Option<&'static str> {
    Some(match scope {
        Scope::AllA => "true",
        Scope::SseSzse => "exchange <> 'BJ'",
        Scope::Exchange(Exchange::Sse) => "exchange = 'SH'",
        Scope::Exchange(Exchange::Szse) => "exchange = 'SZ'",
        Scope::Exchange(Exchange::Bse) | Scope::Board(Board::Bse) => "board = 'bse'",
        Scope::Board(Board::Main) => "board = 'main'",
        Scope::Board(Board::ChiNext) => "board = 'chinext'",
        Scope::Board(Board::Star) => "board = 'star'",
        Scope::Band(BandClass::Ten) => "band = '10'",
        Scope::Band(BandClass::Twenty) => "band = '20'",
        Scope::Band(BandClass::Thirty) => "band = '30'",
        Scope::Band(BandClass::RiskWarning) => "band = 'st'",
        Scope::Group(_) | Scope::Security(_) => return None,
    })
}

#[cfg(test)]
mod tests;
