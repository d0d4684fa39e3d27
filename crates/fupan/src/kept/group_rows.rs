//! What groups did in each session, as rows of the table `group_session`, and back.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray as _, BooleanBuilder, Date32Builder, Int32Builder, Int64Builder, RecordBatch,
    StringBuilder,
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
    let Some(days) = days_of(store, choice, &sessions)? else { return Ok(None) };
    let mut history = GroupHistory::new(sessions);
    for (session, group, day) in days {
        let row = history.row(group);
        history.set(row, session, day);
    }
    Ok(Some(history))
}

/// The rows from the first of some sessions to the last; `None` if they are not in use or out of date.
pub(crate) fn days_of(
    store: &Store,
    choice: &SourceChoice,
    sessions: &[SessionDate],
) -> Result<Option<Vec<KeptDay>>, Error> {
    let (Some(from), Some(to)) = (sessions.first(), sessions.last()) else {
        return Ok(Some(Vec::new()));
    };
    let stale = store.stale_from(&freshness::made_by(store.rulebook()))?;
    match *choice == SourceChoice::Best && stale.is_none_or(|stale| stale > *to) {
        true => days(store, (*from, *to)).map(Some),
        false => Ok(None),
    }
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
    let sessions = calendar.between(from, session);
    let before = sessions.strip_suffix(&[session]).unwrap_or(sessions);
    let days = days_of(store, choice, before)?.unwrap_or_default();
    let mut subjects = StringBuilder::new();
    let [mut numbers, mut priced, mut returns, mut turnover] =
        std::array::from_fn(|_| Int64Builder::new());
    for (on, group, day) in days {
        subjects.append_value(group.to_string());
        numbers.append_value(i64::from(calendar.number(on)?));
        priced.append_value(i64::from(day.priced));
        returns.append_value(day.returns);
        turnover.append_value(day.turnover);
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

/// A session, a group, and what the group's members did in the session.
pub(crate) type KeptDay = (SessionDate, GroupId, GroupDay);

/// The rows of the sessions `from..=to`.
fn days(store: &Store, (from, to): (SessionDate, SessionDate)) -> Result<Vec<KeptDay>, Error> {
    let rows = DerivedRows { from, to, scope: None, measures: &[], columns: &[] };
    let batches = store.read_derived(Derived::GroupSession, &rows)?;
    let mut known = HashMap::new();
    let mut days = Vec::new();
    for batch in &batches {
        read(batch, &mut known, &mut days)
            .ok_or_else(|| Error::unreadable(Derived::GroupSession))?;
    }
    days.retain(|(session, ..)| from <= *session && *session <= to);
    Ok(days)
}

/// Adds the rows of a batch; `None` if it is not of the table. `known` holds the groups read so far:
/// the same come back session after session.
fn read<'b>(
    batch: &'b RecordBatch,
    known: &mut HashMap<&'b str, GroupId>,
    days: &mut Vec<KeptDay>,
) -> Option<()> {
    let int = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int32Type>();
    let long = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let names = batch.column_by_name("group")?.as_string_opt::<i32>()?;
    let [priced, unpriced, estimated] = [int("priced")?, int("unpriced")?, int("estimated")?];
    let [returns, turnover] = [long("returns")?, long("turnover")?];
    let restated = batch.column_by_name("restated")?.as_boolean_opt()?;
    for row in 0..batch.num_rows() {
        let name = names.value(row);
        let group = match known.get(name) {
            Some(group) => group.clone(),
            None => {
                let group: GroupId = name.parse().ok()?;
                known.insert(name, group.clone());
                group
            }
        };
        let day = GroupDay {
            returns: returns.value(row),
            priced: priced.value(row).try_into().ok()?,
            unpriced: unpriced.value(row).try_into().ok()?,
            turnover: turnover.value(row),
            estimated: estimated.value(row).try_into().ok()?,
            is_of_later: restated.value(row),
        };
        days.push((SessionDate::from_epoch_days(sessions.value(row))?, group, day));
    }
    Some(())
}
