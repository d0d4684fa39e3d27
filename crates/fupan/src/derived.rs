//! Facts and securities' days as rows of the derived tables, and back.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayAccessor as _, ArrayRef, AsArray as _, BooleanArray, BooleanBuilder,
    Date32Array, Date32Builder, Int32Array, Int32Builder, Int64Array, Int64Builder, RecordBatch,
    StringArray, StringBuilder, TypedDictionaryArray,
};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_fact::{Basis, Coverage, Fact, FactKey, MeasureId, Provenance, Scope, Unit, Value};
use fupan_market::{
    AdjustedPrice, Before, Board, Cluster, Exchange, Extreme, LastTraded, LimitBasis, Lookback,
    Price, PriceLimit, RulebookVersion, SecurityDay, SessionDate, Standing, Symbol, Touch,
};
use fupan_measure::{Figure, Past, SegmentTurnover, Series, SessionTurnover, risk_warned};
use fupan_store::ExchangeRead;
use fupan_table::Derived;

use crate::Error;

fn failed(error: arrow::error::ArrowError) -> Error {
    Error::Table(error.to_string())
}

/// A number as a column of a table holds it.
fn fits<T, N: TryFrom<T>>(number: T, of: &str) -> Result<N, Error> {
    N::try_from(number).map_err(|_| Error::Table(format!("{of} does not fit its column")))
}

/// Facts as rows of the table `fact`, in its order.
///
/// # Errors
/// Where the rows do not fit the schema.
pub(crate) fn fact_batch<'a>(
    facts: impl IntoIterator<Item = (&'a Fact, Unit)>,
) -> Result<RecordBatch, Error> {
    let mut rows: Vec<(String, &Fact, Unit)> =
        facts.into_iter().map(|(fact, unit)| (fact.key.scope.to_string(), fact, unit)).collect();
    rows.sort_by(|(a_scope, a, _), (b_scope, b, _)| {
        let key = |fact: &Fact| (fact.key.session, fact.key.as_of);
        (a_scope, &a.key.measure, key(a)).cmp(&(b_scope, &b.key.measure, key(b)))
    });
    let mut session = Date32Builder::new();
    let [mut measure, mut parameter, mut scope, mut as_of, mut unit, mut unknown, mut basis] =
        std::array::from_fn(|_| StringBuilder::new());
    let [mut value, mut whole, mut judged, mut unjudged] =
        std::array::from_fn(|_| Int64Builder::new());
    let mut version = Int32Builder::new();
    for (of, fact, in_unit) in rows {
        let provenance = &fact.provenance;
        let number = fact.value.integers();
        session.append_value(fact.key.session.epoch_days());
        measure.append_value(fact.key.measure.name());
        parameter.append_option(fact.key.measure.parameter());
        scope.append_value(of);
        as_of.append_value(fact.key.as_of.to_string());
        unit.append_value(in_unit.id());
        value.append_option(number.map(|(number, _)| number));
        whole.append_option(number.and_then(|(_, whole)| whole));
        unknown.append_option(match &fact.value {
            Value::Unknown { reason } => Some(reason),
            _ => None,
        });
        basis.append_value(provenance.basis.id());
        judged.append_value(fits(provenance.coverage.judged, "a count of those judged")?);
        unjudged.append_value(fits(provenance.coverage.unjudged, "a count of those not judged")?);
        version.append_value(fits(provenance.measure_version, "a measure's version")?);
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(session.finish()),
        Arc::new(measure.finish()),
        Arc::new(parameter.finish()),
        Arc::new(scope.finish()),
        Arc::new(as_of.finish()),
        Arc::new(unit.finish()),
        Arc::new(value.finish()),
        Arc::new(whole.finish()),
        Arc::new(unknown.finish()),
        Arc::new(basis.finish()),
        Arc::new(judged.finish()),
        Arc::new(unjudged.finish()),
        Arc::new(version.finish()),
    ];
    RecordBatch::try_new(Derived::Fact.schema(), columns).map_err(failed)
}

/// A column of texts that repeat.
type Texts<'a> = TypedDictionaryArray<'a, Int32Type, StringArray>;

/// The columns that [`figures`] reads.
pub(crate) const FACT_ROW: [&str; 8] =
    ["session", "measure", "parameter", "scope", "as_of", "value", "whole", "basis"];

/// The figures of one scope at the close, of the measures wanted; `None` where the columns are
/// not those of the table.
pub(crate) fn figures(
    batch: &RecordBatch,
    scope: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> Option<Vec<Series>> {
    let text = |name: &str| -> Option<Texts<'_>> {
        batch.column_by_name(name)?.as_dictionary_opt::<Int32Type>()?.downcast_dict()
    };
    let number = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let [measures, parameters, scopes, as_ofs, bases] =
        [text("measure")?, text("parameter")?, text("scope")?, text("as_of")?, text("basis")?];
    let [values, wholes] = [number("value")?, number("whole")?];
    let said = |column: &Texts<'_>, is: &str| -> Vec<bool> {
        column.values().iter().map(|text| text == Some(is)).collect()
    };
    let holds = |said: &[bool], column: &Texts<'_>, row| {
        column.keys().is_valid(row) && said[column.keys().value(row) as usize]
    };
    let (of_scope, at_close) = (said(&scopes, scope), said(&as_ofs, "close"));
    let based = Basis::ALL.map(|basis| (basis, said(&bases, basis.id())));
    // Rows lie in the order of measures: what was said of one measure holds for the next rows.
    let mut last: Option<[Option<i32>; 2]> = None;
    let mut is_wanted = false;
    let mut figures: Vec<Series> = Vec::new();
    for row in 0..batch.num_rows() {
        if values.is_null(row) || !holds(&of_scope, &scopes, row) || !holds(&at_close, &as_ofs, row)
        {
            continue;
        }
        let key = |text: &Texts<'_>| text.keys().is_valid(row).then(|| text.keys().value(row));
        let here = [key(&measures), key(&parameters)];
        if last != Some(here) {
            last = Some(here);
            let id = match parameters.keys().is_null(row) {
                true => measures.value(row).to_owned(),
                false => format!("{}:{}", measures.value(row), parameters.value(row)),
            };
            is_wanted = wanted(&id);
            if is_wanted {
                figures.push((id, Vec::new()));
            }
        }
        let Some((_, series)) = figures.last_mut().filter(|_| is_wanted) else { continue };
        let figure = Figure {
            number: values.value(row),
            of: if wholes.is_valid(row) { wholes.value(row) } else { 1 },
            basis: based.iter().find(|(_, said)| holds(said, &bases, row))?.0,
        };
        series.push((SessionDate::from_epoch_days(sessions.value(row))?, figure));
    }
    Some(figures)
}

/// Facts out of rows of the table `fact`, those that are admitted; without inputs and findings,
/// for the table keeps none. `None` where the columns are not those of the table.
pub(crate) fn facts(
    batch: &RecordBatch,
    rulebook: &RulebookVersion,
    admits: &dyn Fn(&MeasureId, &Scope) -> bool,
) -> Option<Vec<Fact>> {
    let text = |name: &str| -> Option<Texts<'_>> {
        batch.column_by_name(name)?.as_dictionary_opt::<Int32Type>()?.downcast_dict()
    };
    let number = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let versions = batch.column_by_name("measure_version")?.as_primitive_opt::<Int32Type>()?;
    let [measures, parameters, scopes, as_ofs] =
        [text("measure")?, text("parameter")?, text("scope")?, text("as_of")?];
    let [units, reasons, bases] = [text("unit")?, text("unknown")?, text("basis")?];
    let [values, wholes, judged, unjudged] =
        [number("value")?, number("whole")?, number("judged")?, number("unjudged")?];
    let key = |text: &Texts<'_>, row| text.keys().is_valid(row).then(|| text.keys().value(row));
    let told = |numbers: &Int64Array, row| numbers.is_valid(row).then(|| numbers.value(row));
    // Rows lie in the order of scopes, then measures: what was read of one row holds for the next.
    let mut last: Option<[Option<i32>; 3]> = None;
    let mut of: Option<(MeasureId, Scope)> = None;
    let (mut facts, no_inputs) = (Vec::new(), Arc::from([]));
    for row in 0..batch.num_rows() {
        let here = [key(&measures, row), key(&parameters, row), key(&scopes, row)];
        if last != Some(here) {
            last = Some(here);
            let name = measures.value(row);
            let measure = match parameters.keys().is_valid(row) {
                true => MeasureId::with(name.to_owned(), parameters.value(row)),
                false => MeasureId::new(name.to_owned()),
            };
            let scope: Scope = scopes.value(row).parse().ok()?;
            of = admits(&measure, &scope).then_some((measure, scope));
        }
        let Some((measure, scope)) = &of else { continue };
        let unit = Unit::ALL.into_iter().find(|unit| unit.id() == units.value(row))?;
        facts.push(Fact {
            key: FactKey {
                measure: measure.clone(),
                scope: scope.clone(),
                session: SessionDate::from_epoch_days(sessions.value(row))?,
                as_of: as_ofs.value(row).parse().ok()?,
            },
            value: match told(values, row) {
                Some(number) => Value::of_integers(unit, number, told(wholes, row))?,
                None => Value::Unknown { reason: reasons.value(row).to_owned() },
            },
            provenance: Provenance {
                inputs: Arc::clone(&no_inputs),
                coverage: Coverage {
                    judged: u64::try_from(judged.value(row)).ok()?,
                    unjudged: u64::try_from(unjudged.value(row)).ok()?,
                },
                basis: Basis::of_id(bases.value(row))?,
                rulebook: rulebook.clone(),
                measure_version: u32::try_from(versions.value(row)).ok()?,
                findings: Vec::new(),
            },
        });
    }
    Some(facts)
}

/// Figures of one session after the other, as the SQL twins across sessions read them.
///
/// # Errors
/// Where the rows do not fit.
pub(crate) fn figure_batch(past: &Past) -> Result<RecordBatch, Error> {
    let mut session = Date32Builder::new();
    let mut measure = StringBuilder::new();
    let mut partial = BooleanBuilder::new();
    let [mut place, mut value, mut whole] = std::array::from_fn(|_| Int64Builder::new());
    for (at, on, of, figure) in past.figures() {
        partial.append_value(figure.is_partial());
        session.append_value(on.epoch_days());
        place.append_value(fits(at, "a place among sessions")?);
        measure.append_value(of);
        value.append_value(figure.number);
        whole.append_value(figure.of);
    }
    let columns: [(&str, ArrayRef); 6] = [
        ("session", Arc::new(session.finish())),
        ("partial", Arc::new(partial.finish())),
        ("place", Arc::new(place.finish())),
        ("measure", Arc::new(measure.finish())),
        ("value", Arc::new(value.finish())),
        ("whole", Arc::new(whole.finish())),
    ];
    RecordBatch::try_from_iter(columns).map_err(failed)
}

/// The columns that [`before_rows`] reads.
pub(crate) const BEFORE: [&str; 19] = [
    "session",
    "symbol",
    "gap_sessions",
    "idle_sessions",
    "missing_session",
    "last_close",
    "carried_streak",
    "carried_at_least",
    "cluster_known",
    "cluster_first",
    "cluster_last",
    "cluster_boards",
    "unsealed_days",
    "high_close_ever",
    "low_close_ever",
    "high_ever",
    "low_ever",
    "days_traded_ever",
    "first_seen",
];

/// The further columns with which [`before_rows`] also tells how a session that is over stood, in
/// the order of [`Standing`].
pub(crate) const FLAGS: [&str; 15] = [
    "new_high_250",
    "new_low_250",
    "new_high_52w",
    "new_low_52w",
    "new_high_all_time",
    "new_low_all_time",
    "intraday_new_high_250",
    "intraday_new_low_250",
    "intraday_new_high_52w",
    "intraday_new_low_52w",
    "intraday_new_high_all_time",
    "intraday_new_low_all_time",
    "above_ma20",
    "above_ma50",
    "above_ma200",
];

/// How a day stood, as the columns of [`FLAGS`].
fn as_flags(stood: &Standing) -> impl Iterator<Item = Option<bool>> {
    stood.beyond.into_iter().flatten().flatten().chain(stood.above)
}

/// How a day stood, from the columns of [`FLAGS`].
fn from_flags(flags: [Option<bool>; 15]) -> Standing {
    let [a, b, c, d, e, f, g, h, i, j, k, l, above @ ..] = flags;
    Standing { beyond: [[[a, b], [c, d], [e, f]], [[g, h], [i, j], [k, l]]], above }
}

/// What the securities of a session, which has a number, brought into it; `None` where the
/// columns are not those of the table.
pub(crate) fn before_rows(
    batch: &RecordBatch,
    session: SessionDate,
    number: u32,
) -> Option<Vec<(Symbol, Before)>> {
    let int = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int32Type>();
    let long = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let symbols = batch.column_by_name("symbol")?.as_string_opt::<i32>()?;
    let last_days = LastDays::of(batch)?;
    let extremes =
        [long("high_close_ever")?, long("low_close_ever")?, long("high_ever")?, long("low_ever")?];
    let missing = int("missing_session")?;
    let days = long("days_traded_ever")?;
    let first_seen = batch.column_by_name("first_seen")?.as_primitive_opt::<Date32Type>()?;
    let flags = flags(batch);
    (0..batch.num_rows())
        .filter(|row| sessions.value(*row) == session.epoch_days())
        .map(|row| {
            let last_traded = last_days.row(row, number)?;
            let ever = match days.is_valid(row) {
                true => Some(extreme(extremes.map(|of| of.value(row)), days.value(row))?),
                false => None,
            };
            let first_seen = match first_seen.is_valid(row) {
                true => Some(SessionDate::from_epoch_days(first_seen.value(row))?),
                false => None,
            };
            let stood = flags.as_ref().map(|flags| {
                from_flags(flags.map(|flag| flag.is_valid(row).then(|| flag.value(row))))
            });
            let missing = at(missing, row).map(i32::cast_unsigned);
            let before = Before { last_traded, ever, first_seen, stood, missing };
            Some((symbols.value(row).parse().ok()?, before))
        })
        .collect()
}

fn at(column: &Int32Array, row: usize) -> Option<i32> {
    column.is_valid(row).then(|| column.value(row))
}

/// The columns that tell of the days on which securities were last traded.
struct LastDays<'a> {
    gaps: &'a Int32Array,
    idle: &'a Int32Array,
    closes: &'a Int32Array,
    streaks: &'a Int32Array,
    at_least: &'a Int32Array,
    /// First and last session of the cluster, and its boards.
    cluster: [&'a Int32Array; 3],
    cluster_known: &'a BooleanArray,
    unsealed: &'a Int32Array,
}

impl<'a> LastDays<'a> {
    fn of(batch: &'a RecordBatch) -> Option<LastDays<'a>> {
        let int = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int32Type>();
        Some(LastDays {
            gaps: int("gap_sessions")?,
            idle: int("idle_sessions")?,
            closes: int("last_close")?,
            streaks: int("carried_streak")?,
            at_least: int("carried_at_least")?,
            cluster: [int("cluster_first")?, int("cluster_last")?, int("cluster_boards")?],
            cluster_known: batch.column_by_name("cluster_known")?.as_boolean_opt()?,
            unsealed: int("unsealed_days")?,
        })
    }

    /// The day of a row of the session with a number, if there was one; `None` where the row does
    /// not make sense.
    fn row(&self, row: usize, number: u32) -> Option<Option<LastTraded>> {
        let Some(close) = at(self.closes, row).and_then(Price::from_raw) else {
            return Some(None);
        };
        let cluster = match self.cluster.map(|column| at(column, row)) {
            [Some(first), Some(last), Some(boards)] => Some(Cluster {
                first_session: first.cast_unsigned(),
                last_sealed_session: last.cast_unsigned(),
                boards: u16::try_from(boards).ok()?,
            }),
            _ => None,
        };
        let streak = match at(self.streaks, row) {
            Some(streak) => Some(u16::try_from(streak).ok()?),
            None => None,
        };
        let gap = u32::try_from(self.gaps.value(row)).ok()?;
        Some(Some(LastTraded {
            session_number: number.checked_sub(gap + 1)?,
            close,
            streak,
            streak_at_least: u16::try_from(at(self.at_least, row)?).ok()?,
            cluster,
            cluster_known: self.cluster_known.value(row),
            idle_sessions: u16::try_from(at(self.idle, row)?).ok()?,
            unsealed_days: u8::try_from(at(self.unsealed, row)?).ok()?,
        }))
    }
}

fn extreme(prices: [i64; 4], days: i64) -> Option<Extreme> {
    let [high_close, low_close, high, low] = prices.map(AdjustedPrice::from_billionths);
    let sessions_traded = u32::try_from(days).ok()?;
    Some(Extreme { high_close, low_close, high, low, sessions_traded })
}

/// The columns that tell how sessions stood; `None` where they were not read.
fn flags(batch: &RecordBatch) -> Option<[&BooleanArray; 15]> {
    let flag = |name: &str| batch.column_by_name(name)?.as_boolean_opt();
    let flags: Option<Vec<&BooleanArray>> = FLAGS.into_iter().map(flag).collect();
    flags?.try_into().ok()
}

/// Turnover of sessions, and where their rows come from, as rows of the table `session_turnover`.
/// They must come by session.
///
/// # Errors
/// Where the rows do not fit the schema.
pub(crate) fn session_turnover_batch(
    sessions: &[(SessionTurnover, Vec<ExchangeRead>)],
) -> Result<RecordBatch, Error> {
    let mut session = Date32Builder::new();
    let [mut exchange, mut board, mut import_ids] = std::array::from_fn(|_| StringBuilder::new());
    let [mut turnover, mut traded, mut estimated, mut conflicts] =
        std::array::from_fn(|_| Int64Builder::new());
    for (sums, reads) in sessions {
        for (of, part, sum) in sums.boards() {
            let Some(read) = reads.iter().find(|read| read.exchange == of) else { continue };
            session.append_value(sums.session.epoch_days());
            exchange.append_value(of.mic());
            board.append_value(part.id());
            turnover.append_value(fits(sum.fen, "a board's turnover")?);
            traded.append_value(i64::from(sum.traded));
            estimated.append_value(i64::from(sum.estimated));
            import_ids.append_value(read.import_ids.join(" "));
            conflicts.append_value(fits(read.conflicts, "a count of conflicts")?);
        }
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(session.finish()),
        Arc::new(exchange.finish()),
        Arc::new(board.finish()),
        Arc::new(turnover.finish()),
        Arc::new(traded.finish()),
        Arc::new(estimated.finish()),
        Arc::new(import_ids.finish()),
        Arc::new(conflicts.finish()),
    ];
    RecordBatch::try_new(Derived::SessionTurnover.schema(), columns).map_err(failed)
}

/// The rows of [`session_turnover_batch`] read back, session by session; `None` where the columns
/// are not those of the table.
pub(crate) fn session_turnovers(
    batch: &RecordBatch,
) -> Option<Vec<(SessionTurnover, Vec<ExchangeRead>)>> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let number = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let days = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let [exchanges, boards, import_ids] = [text("exchange")?, text("board")?, text("import_ids")?];
    let [turnovers, traded, estimated, conflicts] =
        [number("turnover")?, number("traded")?, number("estimated")?, number("conflicts")?];
    let mut sessions: Vec<(SessionTurnover, Vec<ExchangeRead>)> = Vec::new();
    for row in 0..batch.num_rows() {
        let session = SessionDate::from_epoch_days(days.value(row))?;
        let exchange = Exchange::ALL.into_iter().find(|e| e.mic() == exchanges.value(row))?;
        let board = Board::ALL.into_iter().find(|board| board.id() == boards.value(row))?;
        let sum = SegmentTurnover {
            fen: turnovers.value(row).into(),
            traded: u32::try_from(traded.value(row)).ok()?,
            estimated: u32::try_from(estimated.value(row)).ok()?,
        };
        if sessions.last().is_none_or(|(last, _)| last.session != session) {
            sessions.push((SessionTurnover::new(session), Vec::new()));
        }
        let (sums, reads) = sessions.last_mut()?;
        sums.add_board(exchange, board, &sum);
        if reads.iter().all(|read| read.exchange != exchange) {
            reads.push(ExchangeRead {
                session,
                exchange,
                import_ids: import_ids.value(row).split_whitespace().map(str::to_owned).collect(),
                conflicts: u64::try_from(conflicts.value(row)).ok()?,
            });
        }
    }
    Some(sessions)
}

/// Securities' days as rows of the table `security_day`. They must come by session and symbol.
///
/// # Errors
/// Where the rows do not fit the schema.
pub(crate) fn security_day_batch(days: &[SecurityDay]) -> Result<RecordBatch, Error> {
    let text = |of: &dyn Fn(&SecurityDay) -> Option<&'static str>| -> ArrayRef {
        Arc::new(days.iter().map(of).collect::<StringArray>())
    };
    let int = |of: &dyn Fn(&SecurityDay) -> Option<i32>| -> ArrayRef {
        Arc::new(days.iter().map(of).collect::<Int32Array>())
    };
    let ever = |of: &dyn Fn(&Extreme) -> i64| -> ArrayRef {
        let ever = |day: &SecurityDay| day.carried.past.extreme(Lookback::AllTime);
        Arc::new(days.iter().map(|day| ever(day).as_ref().map(of)).collect::<Int64Array>())
    };
    let mut traded = BooleanBuilder::with_capacity(days.len());
    days.iter().for_each(|day| traded.append_value(day.traded.is_some()));
    let sessions = days.iter().map(|day| day.session.epoch_days()).collect::<Vec<i32>>();
    let symbols: StringArray = days.iter().map(|day| Some(day.symbol.to_string())).collect();
    let price = |price: Price| price.raw();
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from(sessions)),
        Arc::new(symbols),
        text(&|day| Some(day.board.id())),
        Arc::new(traded.finish()),
        int(&|day| day.prev_close.map(price)),
        int(&|day| day.traded.map(|traded| price(traded.last))),
        text(&|day| Some(limit_kind(day))),
        text(&|day| Some(limit_basis(day))),
        int(&|day| limits(day).map(|(up, _)| price(up))),
        int(&|day| limits(day).map(|(_, down)| price(down))),
        text(&|day| touch(day.limit_up_touch())),
        text(&|day| touch(day.limit_down_touch())),
        Arc::new(days.iter().map(|day| Some(risk_warned(day))).collect::<BooleanArray>()),
        int(&|day| day.limit_up_streak().map(i32::from)),
        int(&|day| Some(i32::from(day.limit_up_streak_at_least()))),
        int(&|day| Some(i32::from(day.carried.gap_sessions))),
        int(&|day| Some(i32::from(day.carried.idle_sessions))),
        int(&|day| day.carried.missing.map(u32::cast_signed)),
        int(&|day| day.carried.last_close.map(price)),
        int(&|day| day.carried.streak.map(i32::from)),
        int(&|day| Some(i32::from(day.carried.streak_at_least))),
        Arc::new(days.iter().map(|day| Some(day.carried.cluster_known)).collect::<BooleanArray>()),
        int(&|day| day.carried.cluster.map(|cluster| cluster.first_session.cast_signed())),
        int(&|day| day.carried.cluster.map(|cluster| cluster.last_sealed_session.cast_signed())),
        int(&|day| day.carried.cluster.map(|cluster| i32::from(cluster.boards))),
        int(&|day| Some(i32::from(day.carried.unsealed_days))),
    ];
    columns.extend(flag_columns(days));
    columns.extend([
        ever(&|ever| ever.high_close.billionths()),
        ever(&|ever| ever.low_close.billionths()),
        ever(&|ever| ever.high.billionths()),
        ever(&|ever| ever.low.billionths()),
        ever(&|ever| i64::from(ever.sessions_traded)),
        Arc::new(
            days.iter()
                .map(|day| day.carried.first_seen.map(SessionDate::epoch_days))
                .collect::<Date32Array>(),
        ),
    ]);
    RecordBatch::try_new(Derived::SecurityDay.schema(), columns).map_err(failed)
}

/// The columns of [`FLAGS`].
fn flag_columns(days: &[SecurityDay]) -> impl Iterator<Item = ArrayRef> {
    let mut columns = FLAGS.map(|_| BooleanBuilder::with_capacity(days.len()));
    for day in days {
        for (column, flag) in columns.iter_mut().zip(as_flags(&day.standing())) {
            column.append_option(flag);
        }
    }
    columns.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef)
}

fn limits(day: &SecurityDay) -> Option<(Price, Price)> {
    match day.limit {
        PriceLimit::Limited { up, down } => Some((up, down)),
        _ => None,
    }
}

fn limit_kind(day: &SecurityDay) -> &'static str {
    match day.limit {
        PriceLimit::Limited { .. } => "limited",
        PriceLimit::Unlimited(_) => "unlimited",
        PriceLimit::Unknown(_) => "unknown",
    }
}

fn limit_basis(day: &SecurityDay) -> &'static str {
    match day.limit_basis {
        LimitBasis::Rules => "rules",
        LimitBasis::ShownByPrices => "shown_by_prices",
        LimitBasis::NearestName => "nearest_name",
        LimitBasis::Undetermined => "undetermined",
    }
}

fn touch(touch: Option<Touch>) -> Option<&'static str> {
    touch.map(|touch| match touch {
        Touch::None => "none",
        Touch::Broken => "broken",
        Touch::Sealed => "sealed",
    })
}

#[cfg(test)]
mod tests;
