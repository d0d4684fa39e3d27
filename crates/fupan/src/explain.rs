//! One figure, taken apart and computed again.

use fupan_fact::{AsOf, Fact, FactKey, FactSet, MeasureText, Name, Scope};
use fupan_market::Symbol;

use crate::audit::{Twin, single};
use crate::review::review_groups;
use crate::{Error, Market, absence, review, review_at};

/// Everything that one road says about a figure; [`cross_check`] asks the other.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The figure.
    pub fact: Fact,
    /// What it is called and how it is defined.
    pub text: Option<MeasureText>,
    /// What the group is called that it is of.
    pub group: Option<Name>,
    /// Whom it counts, where it is a count whose members are listed, with names.
    pub members: Vec<(Symbol, String)>,
    /// All figures of its session: those across sessions stand on others.
    figures: FactSet,
}

/// Explains a figure: computes the session again, and lists who is counted. A security may be named
/// by any of its codes.
///
/// # Errors
/// [`Error::NoFact`] with the reason where no figure has this key; otherwise as [`review`].
pub fn explain(market: &Market, key: &FactKey) -> Result<Explanation, Error> {
    let key = &as_kept(market, key)?;
    let facts = match (&key.scope, key.as_of) {
        (Scope::Group(id), AsOf::Close) => {
            review_groups(market, Some(key.session), std::slice::from_ref(id))?
        }
        (_, AsOf::Close) => review(market, Some(key.session))?,
        (_, AsOf::Instant(second)) => review_at(market, Some(key.session), second)?,
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
    let text = facts.measures.get(key.measure.name()).cloned();
    let group = match &key.scope {
        Scope::Group(id) => facts.groups.get(id).cloned(),
        _ => None,
    };
    Ok(Explanation { fact, text, group, members, figures: facts })
}

/// Computes a figure that was explained by another road: in SQL, over the stored tables.
///
/// # Errors
/// Where the twin cannot be run.
pub fn cross_check(market: &Market, explanation: &Explanation) -> Result<Twin, Error> {
    single::ask(market, &explanation.figures, &explanation.fact)
}

/// The key with the code that its security had in the session, or with the code of its group.
fn as_kept(market: &Market, key: &FactKey) -> Result<FactKey, Error> {
    let scope = match (market, &key.scope) {
        (Market::Store { store, .. }, Scope::Security(symbol)) => {
            Scope::Security(store.codes()?.on(*symbol, key.session))
        }
        (_, Scope::Group(id)) => {
            let named = market.named_groups(std::slice::from_ref(id))?;
            Scope::Group(named.into_iter().next().unwrap_or_else(|| id.clone()))
        }
        (_, scope) => scope.clone(),
    };
    Ok(FactKey { scope, ..key.clone() })
}
