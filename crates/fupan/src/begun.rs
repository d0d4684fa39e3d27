//! Where a walk through the sessions may begin: not with the first session of the data, but where
//! the derived tables know what every security brought into it.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::Date32Type;
use fupan_market::{Before, Calendar, Exchange, SessionDate, Symbol};
use fupan_store::{DerivedRows, Store};
use fupan_table::Derived;

use crate::market::{WINDOW_SESSIONS, brought_into, knows_before};
use crate::{Error, Market, derived};

/// Where a walk may begin.
pub(crate) struct Begun {
    /// The session.
    pub from: SessionDate,
    /// What securities brought into it, by their last codes.
    pub brought: BTreeMap<Symbol, Before>,
}

/// Sessions before a window that are looked at for one into which all exchanges brought something.
const BEGIN_SESSIONS: u32 = 10;

/// Sessions ahead of which the securities are known, at most. A longer walk is about to read most of
/// the data anyway.
const AHEAD_SESSIONS: usize = 60;

impl Market {
    /// Where a walk to the sessions from one to another may begin, later than with the first session
    /// of the data: a window before them or, where a security comes back that was away for longer,
    /// where it left. `None` where the derived tables do not know.
    pub(crate) fn begun_before(
        &self,
        session: SessionDate,
        to: SessionDate,
    ) -> Result<Option<Begun>, Error> {
        let Market::Store { store, choice } = self else { return Ok(None) };
        let (calendar, (first, _)) = (Calendar::builtin(), self.sessions()?);
        let ahead = calendar.between(session, to);
        let (Some(next), Some(last), true) =
            (ahead.first(), ahead.last(), ahead.len() <= AHEAD_SESSIONS)
        else {
            return Ok(None);
        };
        let mut from = match calendar.back(*next, WINDOW_SESSIONS)? {
            Some(from) if from > first && knows_before(store, choice, from)? => from,
            _ => return Ok(None),
        };
        let ahead = store.stretch(*next, *last, *next, choice)?.history;
        let listed = ahead.securities.iter().map(|s| (s.listing.symbol, s.listing.listed_on));
        let listed: BTreeMap<Symbol, Option<SessionDate>> = listed.collect();
        // Each turn goes further back.
        loop {
            let Some(begun) = begun_at(store, from, first)? else { return Ok(None) };
            from = begun.from;
            let seen = seen_between(store, from, *next)?;
            let is_new = |symbol: &Symbol| match (seen.get(symbol), listed.get(symbol)) {
                (Some(seen), _) => *seen == Seen::First,
                (None, Some(listed_on)) => listed_on.is_some_and(|on| on >= from),
                (None, None) => true,
            };
            let met: BTreeSet<&Symbol> = seen.keys().chain(listed.keys()).collect();
            let back: BTreeSet<Symbol> = met
                .into_iter()
                .filter(|symbol| !begun.brought.contains_key(symbol) && !is_new(symbol))
                .copied()
                .collect();
            match last_seen(store, back, first, from)? {
                None => return Ok(Some(begun)),
                Some(left) if left <= first => return Ok(None),
                Some(left) => from = left,
            }
        }
    }
}

/// The last of some sessions up to one into which every exchange that had traded by then brought
/// something; `None` where there is none after the first of the data.
fn begun_at(
    store: &Store,
    session: SessionDate,
    first: SessionDate,
) -> Result<Option<Begun>, Error> {
    let calendar = Calendar::builtin();
    let back = calendar.back(session, BEGIN_SESSIONS)?.map_or(first, |back| back.max(first));
    let traded = traded_until(store, session)?;
    for from in calendar.between(back, session).iter().rev().filter(|from| **from > first) {
        let brought = brought_into(store, *from)?;
        let seen = |exchange: Exchange| brought.keys().any(|s| s.exchange() == exchange);
        if Exchange::ALL.into_iter().zip(traded).all(|(exchange, on)| !on || seen(exchange)) {
            return Ok(Some(Begun { from: *from, brought }));
        }
    }
    Ok(None)
}

/// The exchanges that have traded up to a session, as far as the derived tables know.
fn traded_until(store: &Store, session: SessionDate) -> Result<[bool; 3], Error> {
    let (from, to) = (Calendar::builtin().first(), session);
    let rows = DerivedRows { from, to, scope: None, measures: &[], columns: &[] };
    let mut traded = [false; 3];
    for batch in store.read_derived(Derived::SessionTurnover, &rows)? {
        let sessions = derived::session_turnovers(&batch)
            .ok_or_else(|| Error::unreadable(Derived::SessionTurnover))?;
        for (sum, _) in sessions.iter().filter(|(sum, _)| sum.session <= session) {
            for (exchange, _, of) in sum.boards() {
                traded[exchange as usize] |= of.traded > 0;
            }
        }
    }
    Ok(traded)
}

/// How a security is first seen in some sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// For the first time of all.
    First,
    /// With a past.
    Again,
}

/// The securities, by their last codes, that the derived tables have in the sessions from one to
/// before another.
fn seen_between(
    store: &Store,
    from: SessionDate,
    until: SessionDate,
) -> Result<BTreeMap<Symbol, Seen>, Error> {
    let mut seen: BTreeMap<Symbol, (SessionDate, Seen)> = BTreeMap::new();
    let codes = store.codes()?;
    each_day(store, (from, until), &["first_seen"], &mut |batch, row, session, code| {
        let first_seen = batch.column_by_name("first_seen")?;
        let how = if first_seen.is_null(row) { Seen::First } else { Seen::Again };
        let kept = seen.entry(codes.last(code)).or_insert((session, how));
        *kept = if session < kept.0 { (session, how) } else { *kept };
        Some(())
    })?;
    Ok(seen.into_iter().map(|(symbol, (_, how))| (symbol, how)).collect())
}

/// The first of the sessions in which the derived tables have some securities for the last time
/// before a session; `None` where they have none of them.
fn last_seen(
    store: &Store,
    mut symbols: BTreeSet<Symbol>,
    first: SessionDate,
    before: SessionDate,
) -> Result<Option<SessionDate>, Error> {
    let codes = store.codes()?;
    let mut left: Option<SessionDate> = None;
    let mut until = before;
    // Most have not been away for long: the years are looked at one by one.
    while let Some(session) =
        Calendar::builtin().between(first, until).iter().rfind(|s| **s < until)
        && !symbols.is_empty()
    {
        let january = SessionDate::new(session.date().year(), 1, 1);
        let year = january.map_or(first, |january| january.max(first));
        let mut last: BTreeMap<Symbol, SessionDate> = BTreeMap::new();
        each_day(store, (year, until), &[], &mut |_, _, session, code| {
            let symbol = codes.last(code);
            if symbols.contains(&symbol) {
                let seen = last.entry(symbol).or_insert(session);
                *seen = session.max(*seen);
            }
            Some(())
        })?;
        symbols.retain(|symbol| !last.contains_key(symbol));
        left = left.into_iter().chain(last.into_values()).min();
        until = year;
    }
    Ok(left)
}

/// Takes each security's day, from one session to before another, with some of its columns.
fn each_day(
    store: &Store,
    (from, until): (SessionDate, SessionDate),
    columns: &[&str],
    take: &mut dyn FnMut(&RecordBatch, usize, SessionDate, Symbol) -> Option<()>,
) -> Result<(), Error> {
    let columns = [&["session", "symbol"], columns].concat();
    let rows = DerivedRows { from, to: until, scope: None, measures: &[], columns: &columns };
    let unreadable = || Error::unreadable(Derived::SecurityDay);
    for batch in store.read_derived(Derived::SecurityDay, &rows)? {
        let column = |name: &str| batch.column_by_name(name);
        let sessions = column("session").and_then(|of| of.as_primitive_opt::<Date32Type>());
        let symbols = column("symbol").and_then(|of| of.as_string_opt::<i32>());
        let (sessions, symbols) = sessions.zip(symbols).ok_or_else(unreadable)?;
        for row in 0..batch.num_rows() {
            let session = SessionDate::from_epoch_days(sessions.value(row));
            let session = session.ok_or_else(unreadable)?;
            if session < from || session >= until {
                continue;
            }
            let symbol = symbols.value(row).parse().map_err(|_| unreadable())?;
            take(&batch, row, session, symbol).ok_or_else(unreadable)?;
        }
    }
    Ok(())
}
