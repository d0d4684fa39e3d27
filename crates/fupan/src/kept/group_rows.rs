//! What groups did in each session, as rows of the table `group_session`, and back.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanBuilder, Date32Builder, Int32Builder, Int64Builder,
    RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{GroupDay, GroupHistory, GroupId, SessionDate};
use fupan_measure::sql::PERCENTILE_SESSIONS;
use fupan_store::{DerivedRows, SourceChoice, Store};
use fupan_table::Derived;

use crate::kept::day_rows::{failed, fits};
use crate::kept::freshness;
use crate::{Error, Market};

/// A session's groups, as rows in the table's order.
///
/// # Errors
/// If the rows do not fit the schema.
pub(crate) fn batch(
    session: SessionDate,
    mut groups: Vec<(GroupId, GroupDay)>,
) -> Result<RecordBatch, Error> {
    groups.sort_by_cached_key(|(group, _)| group.to_string());
    let mut sessions = Date32Builder::new();
    let mut names = StringBuilder::new();
    let [mut priced, mut unpriced, mut estimated] = std::array::from_fn(|_| Int32Builder::new());
    let [mut returns, mut turnover] = std::array::from_fn(|_| Int64Builder::new());
    let mut restated = BooleanBuilder::new();
    let count = |number: u32| fits(number, ("a count of members", "成份股只数"));
    for (group, day) in groups {
        sessions.append_value(session.epoch_days());
        names.append_value(group.to_string());
        priced.append_value(count(day.priced)?);
        unpriced.append_value(count(day.unpriced)?);
        returns.append_value(day.returns);
        turnover.append_value(day.turnover);
        estimated.append_value(count(day.estimated)?);
        restated.append_value(day.is_of_later);
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(sessions.finish()),
        Arc::new(names.finish()),
        Arc::new(priced.finish()),
        Arc::new(unpriced.finish()),
        Arc::new(returns.finish()),
        Arc::new(turnover.finish()),
        Arc::new(estimated.finish()),
        Arc::new(restated.finish()),
    ];
    RecordBatch::try_new(Derived::GroupSession.schema(), columns).map_err(failed)
}

/// The days of all groups in some sessions that follow each other. `None` if the derived tables are
/// not in use or out of date for them.
pub(crate) fn history(
    market: &Market,
    sessions: Vec<SessionDate>,
) -> Result<Option<GroupHistory>, Error> {
    let Market::Store { store, choice } = market else { return Ok(None) };
    let (from, to) = (sessions.first().copied(), sessions.last().copied());
    let mut history = GroupHistory::new(sessions);
    let (Some(from), Some(to)) = (from, to) else { return Ok(Some(history)) };
    let Some(batches) = batches(store, choice, (from, to))? else { return Ok(None) };
    let (mut last, mut place) = (None, None);
    for batch in &batches {
        let unreadable = || Error::unreadable(Derived::GroupSession);
        let names = names(batch).ok_or_else(unreadable)?;
        let mut rows: Vec<Option<usize>> = vec![None; names.len()];
        let add = |session, key: usize, day| {
            if last != Some(session) {
                (last, place) = (Some(session), history.place(session));
            }
            let Some(place) = place else { return Some(()) };
            let row = match rows[key] {
                Some(row) => row,
                None => *rows[key].insert(history.row(names.value(key).parse().ok()?)),
            };
            history.set(row, place, day);
            Some(())
        };
        read(batch, add).ok_or_else(unreadable)?;
    }
    Ok(Some(history))
}

/// The days of all groups in the sessions that the figures of `session` look back on, in the form
/// that their SQL twins read; no rows if they were not kept.
pub(crate) fn figure_batch(
    store: &Store,
    choice: &SourceChoice,
    session: SessionDate,
) -> Result<RecordBatch, Error> {
    let calendar = store.rulebook().calendar();
    let from = calendar.back(session, PERCENTILE_SESSIONS - 1)?.unwrap_or(calendar.first());
    let to = calendar.back(session, 1)?.unwrap_or(from);
    let mut subjects = StringBuilder::new();
    let [mut numbers, mut priced, mut returns, mut turnover] =
        std::array::from_fn(|_| Int64Builder::new());
    for batch in &batches(store, choice, (from, to))?.unwrap_or_default() {
        let names = names(batch).ok_or_else(|| Error::unreadable(Derived::GroupSession))?;
        let add = |on, key: usize, day: GroupDay| {
            if from <= on && on <= to {
                subjects.append_value(names.value(key));
                numbers.append_value(i64::from(calendar.number(on).ok()?));
                priced.append_value(i64::from(day.priced));
                returns.append_value(day.returns);
                turnover.append_value(day.turnover);
            }
            Some(())
        };
        read(batch, add).ok_or_else(|| Error::unreadable(Derived::GroupSession))?;
    }
    let columns: [(&str, ArrayRef); 5] = [
        ("subject", Arc::new(subjects.finish())),
        ("number", Arc::new(numbers.finish())),
        ("priced", Arc::new(priced.finish())),
        ("returns", Arc::new(returns.finish())),
        ("turnover", Arc::new(turnover.finish())),
    ];
    RecordBatch::try_from_iter(columns).map_err(failed)
}

/// What groups did, by session and group.
pub(crate) type DaysByGroup = HashMap<(SessionDate, GroupId), GroupDay>;

/// The days of all groups in the sessions `from..=to`; `None` as for
/// [`history`].
pub(crate) fn days(
    store: &Store,
    choice: &SourceChoice,
    span: (SessionDate, SessionDate),
) -> Result<Option<DaysByGroup>, Error> {
    let Some(batches) = batches(store, choice, span)? else { return Ok(None) };
    let mut days = HashMap::new();
    for batch in &batches {
        let names = names(batch).ok_or_else(|| Error::unreadable(Derived::GroupSession))?;
        let add = |session, key: usize, day| {
            days.insert((session, names.value(key).parse().ok()?), day);
            Some(())
        };
        read(batch, add).ok_or_else(|| Error::unreadable(Derived::GroupSession))?;
    }
    Ok(Some(days))
}

/// The rows of the sessions `from..=to`, and maybe of others; `None` if the derived tables are not in
/// use or out of date for them.
fn batches(
    store: &Store,
    choice: &SourceChoice,
    (from, to): (SessionDate, SessionDate),
) -> Result<Option<Vec<RecordBatch>>, Error> {
    let stale = store.stale_from(&freshness::made_by(store.rulebook()))?;
    if *choice != SourceChoice::Best || stale.is_some_and(|stale| stale <= to) {
        return Ok(None);
    }
    let rows = DerivedRows { from, to, scope: None, measures: &[], columns: &[] };
    Ok(Some(store.read_derived(Derived::GroupSession, &rows)?))
}

/// The names of the groups in a batch, by key.
fn names(batch: &RecordBatch) -> Option<&StringArray> {
    let names = batch.column_by_name("group")?.as_dictionary_opt::<Int32Type>()?;
    names.values().as_string_opt()
}

/// Calls `add` with each row of a batch: its session, the key of its group's name and the group's
/// day. `None` if the batch is not of the table, or `add` refuses a row.
fn read(
    batch: &RecordBatch,
    mut add: impl FnMut(SessionDate, usize, GroupDay) -> Option<()>,
) -> Option<()> {
    let int = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int32Type>();
    let long = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let names = batch.column_by_name("group")?.as_dictionary_opt::<Int32Type>()?;
    let [priced, unpriced, estimated] = [int("priced")?, int("unpriced")?, int("estimated")?];
    let [returns, turnover] = [long("returns")?, long("turnover")?];
    let restated = batch.column_by_name("restated")?.as_boolean_opt()?;
    for row in 0..batch.num_rows() {
        let day = GroupDay {
            returns: returns.value(row),
            priced: priced.value(row).try_into().ok()?,
            unpriced: unpriced.value(row).try_into().ok()?,
            turnover: turnover.value(row),
            estimated: estimated.value(row).try_into().ok()?,
            is_of_later: restated.value(row),
        };
        add(SessionDate::from_epoch_days(sessions.value(row))?, names.key(row)?, day)?;
    }
    Some(())
}
