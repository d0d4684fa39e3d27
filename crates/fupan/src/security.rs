//! All that a session says about one security.

use fupan_fact::{FactSet, Scope};
use fupan_market::{
    Price, SecurityKind, SessionDate, Symbol, TRACKED_INDICES, TrackedIndex, Wording, shown_name,
};
use fupan_measure::Selection;

use crate::closes::kept_closes;
use crate::kept::session::knows_before;
use crate::query::query;
use crate::review::review_selected;
use crate::{Error, Market};

/// All that a session says about one security.
#[derive(Clone, Debug)]
pub struct SecurityReview {
    /// The security, by its code of the session.
    pub symbol: Symbol,
    /// Its figures, those of the groups that it is in, and the indices' returns.
    pub facts: FactSet,
    /// Its last closes up to the session, each with the previous close of its day, the earliest
    /// first; empty for a share where the derived tables are not up to date.
    pub lately: Vec<(SessionDate, Option<Price>, Price)>,
}

/// Sessions whose closes are listed.
pub(crate) const LATELY_SESSIONS: u32 = 20;

/// All that a session says about a security, which is given by any of its codes: the session asked
/// for, or the last complete one of the data. With a date in `since` there is its return since
/// the close of that day, too.
/// There are no facts of it if it did not trade. Of a fund see [`review_fund`](crate::review_fund).
///
/// # Errors
/// As for [`review`](crate::review).
pub fn review_security(
    market: &Market,
    session: Option<SessionDate>,
    symbol: Symbol,
    since: Option<SessionDate>,
) -> Result<SecurityReview, Error> {
    let on = market.session(session)?;
    let symbol = market.codes_on(&[symbol], on)?.first().copied().unwrap_or(symbol);
    let selection = Selection::of_security(symbol).with_returns_since(since.into_iter().collect());
    let mut facts = review_selected(market, session, &selection)?;
    facts.facts.retain(|key, _| {
        key.session == on
            && match &key.scope {
                Scope::Security(of) => *of == symbol || of.kind() == SecurityKind::Index,
                Scope::Group(_) | Scope::AllA => true,
                _ => false,
            }
    });
    let lately = lately(market, on, symbol)?;
    Ok(SecurityReview { symbol, facts, lately })
}

/// Which members of an index have what they did to it reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexMembers {
    /// Those that moved it most.
    Movers,
    /// All.
    All,
}

/// All that a session says about an index: its own figures, its last closes, its return from the close
/// of an earlier session on, and what its members and the industries did to it. The session is the one
/// asked for, or the last complete one of the data. There are no facts of an index that a review does
/// not follow.
///
/// # Errors
/// As for [`review`](crate::review).
pub fn review_index(
    market: &Market,
    session: Option<SessionDate>,
    index: Symbol,
    since: Option<SessionDate>,
    members: IndexMembers,
) -> Result<FactSet, Error> {
    let selection = Selection::of_index(index).with_returns_since(since.into_iter().collect());
    let selection = match members {
        IndexMembers::Movers => selection,
        IndexMembers::All => selection.with_every_security(),
    };
    let mut facts = review_selected(market, session, &selection)?;
    let of = index.to_string();
    facts.facts.retain(|key, _| match &key.scope {
        Scope::Security(symbol) if symbol.kind() == SecurityKind::Index => *symbol == index,
        Scope::Security(_) => key.session == facts.session,
        Scope::Group(_) => key.measure.parameter() == Some(&*of),
        _ => false,
    });
    Ok(facts)
}

/// The index that a review follows with a Chinese or an English name; spaces and capitals do not count.
pub fn index_named(name: &str) -> Option<Symbol> {
    let plain = |name: &str| name.replace(' ', "").to_lowercase();
    let has_it = |index: &&TrackedIndex| {
        let Wording { en, zh } = index.name();
        [en, zh].iter().any(|of| plain(of) == plain(name))
    };
    TRACKED_INDICES.iter().find(has_it).map(|index| index.symbol())
}

/// The security with a Chinese name, as the lists of the data have it; spaces do not count.
///
/// # Errors
/// [`Error::NotOneNamed`] if none or more than one has it.
pub fn symbol_named(market: &Market, name: &str) -> Result<Symbol, Error> {
    let plain = |name: &str| shown_name(name).replace(' ', "");
    let wanted = plain(name);
    let mut found: Vec<Symbol> = match market {
        Market::Store { store, .. } => {
            let rows = query(store, "SELECT DISTINCT symbol, name FROM security")?.rows;
            let is_it = |name: &Option<String>| name.as_deref().map(plain) == Some(wanted.clone());
            let symbols = rows.iter().filter_map(|row| match &row[..] {
                [Some(symbol), name] if is_it(name) => symbol.parse().ok(),
                _ => None,
            });
            symbols.collect()
        }
        Market::Sample(market) => {
            let history = market.history(1);
            let named = history.securities.iter().filter(|security| {
                let name = security.listing.name_on(history.session);
                name.map(plain).as_deref() == Some(&*wanted)
            });
            named.map(|security| security.listing.symbol).collect()
        }
    };
    found.sort_unstable();
    found.dedup();
    match &found[..] {
        [one] => Ok(*one),
        _ => Err(Error::NotOneNamed { name: name.to_owned(), found }),
    }
}

fn lately(
    market: &Market,
    session: SessionDate,
    symbol: Symbol,
) -> Result<Vec<(SessionDate, Option<Price>, Price)>, Error> {
    let Market::Store { store, choice } = market else { return Ok(Vec::new()) };
    let (first, _) = market.sessions()?;
    let back = market.calendar().back(session, LATELY_SESSIONS - 1)?;
    let from = back.map_or(first, |back| back.max(first));
    if !knows_before(store, choice, session)? {
        return Ok(Vec::new());
    }
    let last = store.codes()?.last(symbol);
    let own = kept_closes(store, (from, session))?.into_iter();
    let own = own.filter(|day| day.symbol == last);
    Ok(own.filter_map(|day| Some((day.session, day.prev_close, day.close?))).collect())
}
