//! One figure, explained and recomputed.

use fupan_fact::{AsOf, Fact, FactKey, FactSet, MeasureText, Name, Scope, Word};
use fupan_market::{SecurityKind, SessionDate, Symbol};
use fupan_measure::{Kind, Rotation, catalogue, returns_since};

use crate::audit::{CrossCheck, single};
use crate::review::review_asked;
use crate::{Error, Market, absence, review, review_at, review_fund};

/// A figure with its definition and members. [`cross_check`] recomputes it in SQL.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The figure.
    pub fact: Fact,
    /// Its label and definition.
    pub text: Option<MeasureText>,
    /// The word it is about, if it is about one.
    pub word: Option<&'static Word>,
    /// The name of its group, if it is of one.
    pub group: Option<Name>,
    /// The securities it counts, with names, if its members are listed.
    pub members: Vec<(Symbol, String)>,
    /// All figures of its session: the cross-check of a figure across sessions reads them.
    figures: FactSet,
}

/// Explains a figure: recomputes the session and lists the securities counted. A security may be
/// named by any of its codes.
///
/// # Errors
/// [`Error::NoFact`] with the reason if no figure has this key; otherwise as [`review`].
pub fn explain(market: &Market, key: &FactKey) -> Result<Explanation, Error> {
    let key = &as_kept(market, key)?;
    let since: Vec<SessionDate> = returns_since(&key.measure).into_iter().collect();
    let facts = match (&key.scope, key.as_of) {
        // A place is one among all groups of a review.
        (Scope::Group(id), AsOf::Close) if !is_of_peers(key) => {
            review_asked(market, Some(key.session), std::slice::from_ref(id), &[], &[])?
        }
        (Scope::Security(symbol), AsOf::Close) if symbol.kind() == SecurityKind::Fund => {
            review_fund(market, Some(key.session), *symbol)?.facts
        }
        (Scope::Security(symbol), AsOf::Close) => {
            review_asked(market, Some(key.session), &[], &[*symbol], &since)?
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
    let word = fupan_measure::word_of(&key.measure);
    Ok(Explanation { fact, text, word, group, members, figures: facts })
}

/// Recomputes an explained figure in SQL over the stored tables and compares the two.
///
/// # Errors
/// If the twin cannot be run.
pub fn cross_check(market: &Market, explanation: &Explanation) -> Result<CrossCheck, Error> {
    single::ask(market, &explanation.figures, &explanation.fact)
}

/// Whether a figure of a group compares it with the others of a review.
fn is_of_peers(key: &FactKey) -> bool {
    let measure = catalogue().iter().find(|measure| measure.name() == key.measure.name());
    measure.is_some_and(|measure| match measure.kind {
        Kind::Rotation { rotation, .. } => !matches!(rotation, Rotation::Return(_)),
        _ => false,
    })
}

/// The key under which the figure is stored: with the code that its security had in the session, or
/// with the code of its group.
fn as_kept(market: &Market, key: &FactKey) -> Result<FactKey, Error> {
    let scope = match &key.scope {
        Scope::Security(symbol) => {
            let codes = market.codes_on(&[*symbol], key.session)?;
            Scope::Security(codes.first().copied().unwrap_or(*symbol))
        }
        Scope::Group(id) => {
            let named = market.named_groups(std::slice::from_ref(id))?;
            Scope::Group(named.into_iter().next().unwrap_or_else(|| id.clone()))
        }
        scope => scope.clone(),
    };
    Ok(FactKey { scope, ..key.clone() })
}
