//! One figure, taken apart and computed again.

use fupan_fact::{AsOf, Fact, FactKey, MeasureText, Scope};
use fupan_market::Symbol;

use crate::absence;
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

/// Explains a figure: computes the session again, lists who is counted, and asks the SQL twin. A
/// security may be named by any of its codes.
///
/// # Errors
/// [`Error::NoFact`] with the reason where no figure has this key; otherwise as [`review`].
pub fn explain(market: &Market, key: &FactKey) -> Result<Explanation, Error> {
    let key = &by_code_of_session(market, key)?;
    let facts = match key.as_of {
        AsOf::Close => review(market, Some(key.session))?,
        AsOf::Instant(second) => review_at(market, Some(key.session), second)?,
    };
    let fact = facts.get(key).cloned().ok_or_else(|| Error::NoFact {
        key: Box::new(key.clone()),
        because: Box::new(absence::because(&facts, key)),
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

/// The key with the code that its security had in the session.
fn by_code_of_session(market: &Market, key: &FactKey) -> Result<FactKey, Error> {
    let scope = match (market, &key.scope) {
        (Market::Store { store, .. }, Scope::Security(symbol)) => {
            Scope::Security(store.codes()?.on(*symbol, key.session))
        }
        (_, scope) => scope.clone(),
    };
    Ok(FactKey { scope, ..key.clone() })
}
