//! One figure, taken apart and computed again.

use fupan_fact::{AsOf, Fact, FactKey, FactSet, MeasureText};
use fupan_market::Symbol;

use crate::twin::{self, Twin};
use crate::{Error, Market, review, review_at};

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

/// Explains a figure: computes the session again, lists who is counted, and asks the SQL twin.
///
/// # Errors
/// [`Error::NoFact`] with the nearest key where no figure has this one; otherwise as
/// [`review`].
pub fn explain(market: &Market, key: &FactKey) -> Result<Explanation, Error> {
    let facts = match key.as_of {
        AsOf::Close => review(market, Some(key.session))?,
        AsOf::Instant(second) => review_at(market, Some(key.session), second)?,
    };
    let fact = facts.get(key).cloned().ok_or_else(|| Error::NoFact {
        key: Box::new(key.clone()),
        nearest: nearest(&facts, key).map(Box::new),
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
    let twin = twin::ask(market, &facts, &fact)?;
    let text = facts.measures.get(key.measure.name()).cloned();
    Ok(Explanation { fact, text, members, twin })
}

/// The key that a reader most likely meant: the same measure with another scope, or the measure
/// with the nearest name.
fn nearest(facts: &FactSet, key: &FactKey) -> Option<FactKey> {
    let distance = |other: &FactKey| {
        let measure = edit_distance(other.measure.name(), key.measure.name()) * 4;
        let scope = usize::from(other.scope != key.scope || other.as_of != key.as_of) * 2;
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
