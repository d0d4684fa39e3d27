//! What the securities that are asked for did in the sessions before one.

use std::sync::Arc;

use fupan_fact::FactKey;
use fupan_market::{Holes, MarketHistory, OwnDay, OwnDays, OwnPast, Return, SessionDate};
use fupan_measure::{Kind, OwnFigure, Selection, catalogue, returns_since, sql};

use crate::closes::{ClosingDay, kept_closes};
use crate::data::WINDOW_SESSIONS;
use crate::kept::session::knows_before;
use crate::{Error, Market};

/// What the securities that a selection asks for did before the session that a window ends with; of
/// a date before the window from the derived tables, if they are up to date.
pub(crate) fn own_past(
    market: &Market,
    window: &MarketHistory,
    selection: &Selection,
) -> Result<Option<Arc<OwnPast>>, Error> {
    let Some(mut past) = fupan_measure::own_past(window, selection, market.rulebook()) else {
        return Ok(None);
    };
    if let Some(since) = selection.since().iter().min().filter(|since| **since < window.from) {
        add_earlier(market, (*since, window.from), &mut past)?;
    }
    Ok(Some(Arc::new(past)))
}

/// The bars that figures of securities over sessions rest on, once the derived tables hold each
/// security's state before them: far fewer than a review's window, as a year is young.
///
/// They begin as many sessions earlier as decide whether the data lack one.
pub(crate) fn window(market: &Market, session: SessionDate) -> Result<MarketHistory, Error> {
    let calendar = market.calendar();
    let first = first_of_spans(market, session)?.unwrap_or(session);
    let before = calendar.between(first, session).len() as u32 + Holes::NEIGHBOURS;
    Ok(market.load_back(session, before.min(WINDOW_SESSIONS))?.history)
}

/// The first day of the spans of sessions that end with a session, of those without a day of their own.
fn first_of_spans(market: &Market, session: SessionDate) -> Result<Option<SessionDate>, Error> {
    let back = market.calendar().back(session, sql::OWN_SESSIONS)?;
    let year = SessionDate::new(session.date().year(), 1, 1).ok();
    Ok([back, year].into_iter().flatten().min())
}

/// Adds the days from one date to before another.
fn add_earlier(
    market: &Market,
    (from, until): (SessionDate, SessionDate),
    past: &mut OwnPast,
) -> Result<(), Error> {
    let Market::Store { store, choice } = market else { return Ok(()) };
    if !knows_before(store, choice, until)? {
        return Ok(());
    }
    let (calendar, codes, (first, _)) = (market.calendar(), store.codes()?, market.sessions()?);
    let sessions = calendar.between(from.max(first), until);
    let sessions = &sessions[..sessions.partition_point(|session| *session < until)];
    let Some(begins) = sessions.first() else { return Ok(()) };
    past.from = calendar.number(*begins)?;
    let mut earlier = vec![OwnDays::default(); past.securities.len()];
    // A year holds more than a million rows, most of other securities.
    for year in sessions.chunk_by(|a, b| a.date().year() == b.date().year()) {
        let (Some(begins), Some(ends)) = (year.first(), year.last()) else { continue };
        let days = kept_closes(store, (*begins, *ends))?;
        for (symbol, earlier) in past.securities.keys().zip(&mut earlier) {
            let last_code = codes.last(*symbol);
            for day in days.iter().filter(|day| day.symbol == last_code) {
                let Some(own) = own_day(day, calendar.number(day.session)?) else { continue };
                if earlier.days.is_empty() {
                    earlier.traded_before = day.last_close.is_some();
                }
                earlier.days.push(own);
            }
        }
    }
    for (own, earlier) in past.securities.values_mut().zip(earlier) {
        if !earlier.days.is_empty() {
            let lately = std::mem::replace(own, earlier);
            own.days.extend(lately.days);
        }
    }
    Ok(())
}

/// A stored day, if the security traded on it.
fn own_day(day: &ClosingDay, number: u32) -> Option<OwnDay> {
    let close = day.close?;
    let returned = day.prev_close.and_then(|prev| Return::between(prev, close));
    Some(OwnDay { number, returned, turnover: None })
}

/// The figure of a security over sessions that a key names, if it names one.
fn figure(key: &FactKey) -> Option<OwnFigure> {
    let name = key.measure.name();
    catalogue().iter().find_map(|measure| match measure.kind {
        Kind::OwnPast { figure, .. } if measure.name() == name => Some(figure),
        _ => None,
    })
}

/// The first session that a figure of a security over sessions rests on or needs to be judged;
/// `None` for any other figure.
pub(crate) fn rests_on(market: &Market, key: &FactKey) -> Result<Option<SessionDate>, Error> {
    match figure(key) {
        None | Some(OwnFigure::OverIndustry) => return Ok(None),
        Some(_) => {}
    }
    let first = first_of_spans(market, key.session)?;
    Ok(first.into_iter().chain(returns_since(&key.measure)).min())
}

#[cfg(test)]
mod tests {
    use fupan_fact::{FactSet, Scope, Value};
    use fupan_market::Symbol;
    use fupan_store::{SourceChoice, Store};

    use super::*;
    use crate::audit::{CrossCheck, single};
    use crate::review::review_asked;
    use crate::{backfill, sample};

    /// The figures of a security over sessions.
    fn own(set: &FactSet, symbol: Symbol) -> Vec<(String, Value)> {
        let of = |key: &FactKey| key.scope == Scope::Security(symbol) && figure(key).is_some();
        let facts = set.facts.values().filter(|fact| of(&fact.key));
        facts.map(|fact| (fact.key.measure.to_string(), fact.value.clone())).collect()
    }

    /// A store with derived tables and one without give the same figures, except of a date before the
    /// window, of which only the derived tables know; and SQL agrees.
    #[test]
    fn what_a_security_did_is_the_same_from_both_roads() {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        let (first, last) = market.sessions().unwrap();
        let since = market.calendar().between(first, last)[9];
        let symbols: Vec<Symbol> = ["600000.SH", "000001.SZ", "300001.SZ"]
            .into_iter()
            .map(|code| code.parse().unwrap())
            .collect();
        let told = |market: &Market, since| {
            review_asked(market, Some(last), &[], &symbols, &[since]).unwrap()
        };
        let (walked, walked_lately) = (told(&market, since), told(&market, last));
        backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
        let market = Market::Store {
            store: Store::open(folder.path()).unwrap(),
            choice: SourceChoice::Best,
        };
        let (kept, kept_lately) = (told(&market, since), told(&market, last));
        let since_measure = format!("security_return_since:{since}");
        for symbol in symbols.iter().copied() {
            assert_eq!(own(&walked_lately, symbol), own(&kept_lately, symbol), "{symbol}");
            let figures = own(&kept, symbol);
            if figures.is_empty() {
                continue;
            }
            assert!(figures.len() >= 8, "{figures:?}");
            let without = |(measure, _): &(String, Value)| *measure != since_measure;
            let [a, b] = [&walked, &kept].map(|set| {
                own(set, symbol).into_iter().filter(without).collect::<Vec<(String, Value)>>()
            });
            assert_eq!(a, b, "{symbol}");
            let key: FactKey = format!("{since_measure}/{symbol}/{last}/close").parse().unwrap();
            let unknown = Value::Unknown { reason: "window_too_short".to_owned() };
            assert_eq!(walked.get(&key).unwrap().value, unknown);
            let fact = kept.get(&key).unwrap();
            assert!(matches!(fact.value, Value::Return { .. }), "{:?}", fact.value);
            let check = single::ask(&market, &kept, fact).unwrap();
            assert!(matches!(check, CrossCheck::Agrees { .. }), "{check:?}");
        }
        let any = symbols.iter().filter(|symbol| !own(&kept, **symbol).is_empty()).count();
        assert!(any > 0, "none of the securities traded");
    }
}
