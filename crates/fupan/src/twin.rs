//! The second road: each figure again, in SQL over the stored tables.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int64Type};
use fupan_fact::{AsOf, Fact, FactKey, FactSet, Value};
use fupan_market::SessionDate;
use fupan_store::{SourceChoice, Store};

use crate::{Error, Market, instant, review, sample, series};

/// The stored bars of a session's window.
const WINDOW_BARS: (&str, &str) = ("window_bar", include_str!("sql/window_bar.sql"));

/// Those that a session's twins stand on, chosen in SQL by the rule of the store.
const CHOSEN_BARS: [(&str, &str); 4] = [
    ("share_bar", include_str!("sql/share_bar.sql")),
    ("source_tally", include_str!("sql/source_tally.sql")),
    ("chosen_source", include_str!("sql/chosen_source.sql")),
    ("daily_bar", include_str!("sql/chosen_bars.sql")),
];

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

/// What the twins of all figures of a session say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// The session.
    pub session: SessionDate,
    /// Figures that agree with their twin.
    pub agreed: usize,
    /// Figures without a twin.
    pub without_twin: usize,
    /// Figures that differ: the key, the figure's exact text, and the twin's.
    pub differences: Vec<(FactKey, String, String)>,
}

/// Compares every figure of a session with its SQL twin.
///
/// # Errors
/// As for [`review`]; and where a twin cannot be run.
pub fn audit(market: &Market, session: SessionDate) -> Result<Audit, Error> {
    let facts = review(market, Some(session))?;
    audit_facts(market, session, &facts)
}

/// Compares every figure of an instant of a session with its SQL twin.
///
/// # Errors
/// As for [`review_at`](crate::review_at); and where a twin cannot be run.
pub fn audit_at(market: &Market, session: SessionDate, second: u32) -> Result<Audit, Error> {
    let facts = crate::review_at(market, Some(session), second)?;
    audit_facts(market, session, &facts)
}

fn audit_facts(market: &Market, session: SessionDate, facts: &FactSet) -> Result<Audit, Error> {
    let asked: Vec<&Fact> =
        facts.facts.values().filter(|fact| fact.key.session == session).collect();
    let twins = ask(market, session, &asked)?;
    let mut audit = Audit { session, agreed: 0, without_twin: 0, differences: Vec::new() };
    for (fact, twin) in asked.into_iter().zip(twins) {
        match twin {
            Twin::None => audit.without_twin += 1,
            Twin::Agrees { .. } => audit.agreed += 1,
            Twin::Differs { got, .. } => {
                audit.differences.push((fact.key.clone(), series::exact(&fact.value), got));
            }
        }
    }
    Ok(audit)
}

/// What the twins of some facts of one session say, in the facts' order. Simulated data is put
/// into a store of its own for the purpose.
pub(crate) fn ask(
    market: &Market,
    session: SessionDate,
    facts: &[&Fact],
) -> Result<Vec<Twin>, Error> {
    match market {
        Market::Store { store, choice } => {
            let from = match facts.first().map(|fact| fact.key.as_of) {
                Some(AsOf::Instant(_)) => instant::history(market, session)?.history.from,
                _ => market.load(session)?.history.from,
            };
            ask_store(store, choice, from, session, facts)
        }
        Market::Sample(simulated) => {
            let folder = tempfile::tempdir().map_err(|source| Error::Io {
                action: "write",
                path: std::env::temp_dir().display().to_string(),
                source,
            })?;
            ask(&sample::stored(simulated, folder.path())?, session, facts)
        }
    }
}

fn ask_store(
    store: &Store,
    choice: &SourceChoice,
    from: SessionDate,
    session: SessionDate,
    facts: &[&Fact],
) -> Result<Vec<Twin>, Error> {
    let source = match choice {
        SourceChoice::Best => "true".to_owned(),
        SourceChoice::Named(name) => format!("source = '{}'", name.replace('\'', "''")),
    };
    let instant = facts.iter().find_map(|fact| match fact.key.as_of {
        AsOf::Instant(second) => Some(second),
        AsOf::Close => None,
    });
    let until = instant.map_or(0, |second| instant::reads_until(session, second));
    let placed = |sql: &str| {
        sql.replace(":session", &format!("DATE '{session}'"))
            .replace(":until", &until.to_string())
            .replace(":from", &format!("DATE '{from}'"))
            .replace(":source", &source)
    };
    let twins: Vec<Option<String>> =
        facts.iter().map(|fact| fupan_measure::sql::twin(&fact.key)).collect();
    let queries: Vec<String> = twins.iter().flatten().map(|sql| placed(sql)).collect();
    if queries.is_empty() {
        return Ok(vec![Twin::None; facts.len()]);
    }
    let steps: Vec<(&str, String)> = [WINDOW_BARS, fupan_measure::sql::LISTED_SHARE]
        .into_iter()
        .chain(CHOSEN_BARS)
        .chain(instant.iter().flat_map(|_| instant::SO_FAR))
        .chain(fupan_measure::sql::STEPS)
        .chain(instant.iter().flat_map(|_| fupan_measure::sql::INSTANT_STEPS))
        .map(|(name, sql)| (name, placed(sql)))
        .collect();
    let mut answers = store.sql_in(&steps, &queries)?.into_iter();
    Ok(facts
        .iter()
        .zip(twins)
        .map(|(fact, sql)| match sql {
            None => Twin::None,
            Some(sql) => compare(fact, sql, &answers.next().unwrap_or_default()),
        })
        .collect())
}

fn compare(fact: &Fact, sql: String, answer: &[RecordBatch]) -> Twin {
    let got = only_row(answer);
    let expected = match &fact.value {
        Value::Share { part, whole } => vec![Some(*part), Some(*whole)],
        Value::Unknown { .. } => Vec::new(),
        value => vec![series::exact(value).parse().ok()],
    };
    let unknown_to_both =
        expected.is_empty() && got.iter().any(|cell| matches!(cell, None | Some(0)));
    if got == expected || unknown_to_both {
        return Twin::Agrees { sql };
    }
    let shown = |cell: &Option<i64>| cell.map_or("null".to_owned(), |value| value.to_string());
    Twin::Differs { sql, got: got.iter().map(shown).collect::<Vec<_>>().join("/") }
}

/// The integers of an answer's only row; an unreadable cell or a missing row is a null.
fn only_row(batches: &[RecordBatch]) -> Vec<Option<i64>> {
    let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else { return vec![None] };
    batch
        .columns()
        .iter()
        .map(|column| {
            let cells = arrow::compute::cast(column, &DataType::Int64).ok()?;
            let cells = cells.as_primitive::<Int64Type>();
            cells.is_valid(0).then(|| cells.value(0))
        })
        .collect()
}
