//! One figure, taken apart and computed again.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int64Type};
use fupan_fact::{Fact, FactKey, FactSet, MeasureText, Value};
use fupan_market::Symbol;
use fupan_store::Store;

use crate::{Error, Market, review, sample, series};

/// Everything that can be said about one figure.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The figure.
    pub fact: Fact,
    /// What it is called and how it is defined.
    pub text: Option<MeasureText>,
    /// Whom it counts, where it is a count whose members are listed, with names.
    pub members: Vec<(Symbol, String)>,
    /// The same figure by another road.
    pub twin: Twin,
}

/// What the SQL twin, an independent computation over the stored tables, says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Twin {
    /// The measure has no SQL twin, or the figure is unknown to both.
    None,
    /// The twin gives the same value.
    Agrees {
        /// The query.
        sql: String,
    },
    /// The twin gives another value.
    Differs {
        /// The query.
        sql: String,
        /// What it gave, as exact text.
        got: String,
    },
}

/// Explains a figure: computes the session again, lists who is counted, and asks the SQL twin.
///
/// # Errors
/// [`Error::NoFact`] with the nearest key where no figure has this one; otherwise as
/// [`review`].
pub fn explain(market: &Market, key: &FactKey) -> Result<Explanation, Error> {
    let facts = review(market, Some(key.session))?;
    let fact = facts.get(key).cloned().ok_or_else(|| Error::NoFact {
        key: key.clone(),
        nearest: nearest(&facts, key),
    })?;
    let members = facts
        .members
        .get(key)
        .into_iter()
        .flatten()
        .map(|symbol| {
            let name = facts.names.get(symbol).map(|name| name.zh.clone()).unwrap_or_default();
            (*symbol, name)
        })
        .collect();
    let twin = ask_twin(market, &fact)?;
    let text = facts.measures.get(key.measure.name()).cloned();
    Ok(Explanation { fact, text, members, twin })
}

/// Runs a fact's SQL twin. Simulated data is put into a store of its own for the purpose.
fn ask_twin(market: &Market, fact: &Fact) -> Result<Twin, Error> {
    let Some(sql) = fupan_measure::sql::twin(&fact.key) else { return Ok(Twin::None) };
    match market {
        Market::Store { store, .. } => compare(store, fact, sql),
        Market::Sample(simulated) => {
            let folder = tempfile::tempdir().map_err(|source| Error::Io {
                action: "write",
                path: std::env::temp_dir().display().to_string(),
                source,
            })?;
            match sample::stored(simulated, folder.path())? {
                Market::Store { store, .. } => compare(&store, fact, sql),
                Market::Sample(_) => Ok(Twin::None),
            }
        }
    }
}

fn compare(store: &Store, fact: &Fact, sql: String) -> Result<Twin, Error> {
    let got = only_row(&store.sql(&sql)?);
    let expected = match &fact.value {
        Value::Share { part, whole } => vec![Some(*part), Some(*whole)],
        Value::Unknown { .. } => vec![None],
        value => vec![series::exact(value).parse().ok()],
    };
    if got == expected {
        return Ok(Twin::Agrees { sql });
    }
    let shown = |cell: &Option<i64>| cell.map_or("null".to_owned(), |value| value.to_string());
    let got = got.iter().map(shown).collect::<Vec<_>>().join("/");
    Ok(Twin::Differs { sql, got })
}

/// The integers of a result's only row; an unreadable or missing row is a row of one null.
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

/// The key that a reader most likely meant: the same measure with another scope, or the measure
/// with the nearest name.
fn nearest(facts: &FactSet, key: &FactKey) -> Option<FactKey> {
    let distance = |other: &FactKey| {
        let measure = edit_distance(other.measure.name(), key.measure.name()) * 4;
        let scope = usize::from(other.scope != key.scope) * 2;
        let parameter = usize::from(other.measure.parameter() != key.measure.parameter());
        measure + scope + parameter
    };
    facts.facts.keys().min_by_key(|other| distance(other)).cloned()
}

/// Levenshtein distance in bytes; identifiers are ASCII.
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn edit_distance_counts_changes() {
        assert_eq!(edit_distance("advances", "advance"), 1);
        assert_eq!(edit_distance("limit_up_count", "limit_up_count"), 0);
        assert_eq!(edit_distance("", "abc"), 3);
    }
}
