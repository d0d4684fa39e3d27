//! Securities' days and sessions' turnover, as rows of the derived tables and back.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, ArrowPrimitiveType, AsArray as _, BooleanArray, Date32Builder,
    Int32Array, Int64Builder, PrimitiveArray, RecordBatch, StringBuilder,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{
    AdjustedPrice, Before, Board, Cluster, Exchange, Extreme, LastTraded, LimitBasis, Lookback,
    PastComparison, Price, PriceLimit, SecurityDay, SessionDate, Symbol, Touch, Wording,
};
use fupan_measure::{SegmentTurnover, SessionTurnover, risk_warned};
use fupan_store::ExchangeRead;
use fupan_table::Derived;

use crate::Error;

pub(crate) fn failed(error: arrow::error::ArrowError) -> Error {
    Error::table(error)
}

/// A number converted to a column's type.
pub(crate) fn fits<T, N: TryFrom<T>>(number: T, (en, zh): (&str, &str)) -> Result<N, Error> {
    N::try_from(number).map_err(|_| {
        Error::Table(Wording::new(
            format!("{en} does not fit its column"),
            format!("{zh}超出所在列的范围"),
        ))
    })
}

/// Columns that [`before_rows`] also reads, if present: how a past session compared with its past,
/// in the order of [`PastComparison`].
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

/// A day's comparison with its past, as the columns of [`FLAGS`].
fn as_flags(stood: &PastComparison) -> impl Iterator<Item = Option<bool>> {
    stood.beyond.into_iter().flatten().flatten().chain(stood.above)
}

/// A day's comparison with its past, from the columns of [`FLAGS`].
fn from_flags(flags: [Option<bool>; 15]) -> PastComparison {
    let [a, b, c, d, e, f, g, h, i, j, k, l, above @ ..] = flags;
    PastComparison { beyond: [[[a, b], [c, d], [e, f]], [[g, h], [i, j], [k, l]]], above }
}

/// The securities' states at the start of a session, whose number is `number`. `None` if the
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
    let [missing, derived] = [int("missing_session")?, int("derived_session")?];
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
            let [missing, derived] =
                [missing, derived].map(|of| at(of, row).map(i32::cast_unsigned));
            let before = Before { last_traded, ever, first_seen, stood, missing, derived };
            Some((symbols.value(row).parse().ok()?, before))
        })
        .collect()
}

fn at(column: &Int32Array, row: usize) -> Option<i32> {
    column.is_valid(row).then(|| column.value(row))
}

/// The columns about the day on which each security last traded.
struct LastDays<'a> {
    gaps: &'a Int32Array,
    idle: &'a Int32Array,
    closes: &'a Int32Array,
    streaks: &'a Int32Array,
    at_least: &'a Int32Array,
    /// First session, last session and boards of the cluster.
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

    /// The last traded day in a row of session `number`: `Some(None)` if there was none, `None` if
    /// the row is not valid.
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

/// The columns of [`FLAGS`]; `None` if they were not read.
fn flags(batch: &RecordBatch) -> Option<[&BooleanArray; 15]> {
    let flag = |name: &str| batch.column_by_name(name)?.as_boolean_opt();
    let flags: Option<Vec<&BooleanArray>> = FLAGS.into_iter().map(flag).collect();
    flags?.try_into().ok()
}

/// Turnover of sessions and the sources of their rows, as rows of the table `session_turnover`.
/// Sessions must be in order.
///
/// # Errors
/// If the rows do not fit the schema.
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
            turnover.append_value(fits(sum.fen, ("a board's turnover", "板块的成交额"))?);
            traded.append_value(i64::from(sum.traded));
            estimated.append_value(i64::from(sum.estimated));
            import_ids.append_value(read.import_ids.join(" "));
            conflicts.append_value(fits(read.conflicts, ("a count of conflicts", "冲突的个数"))?);
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

/// Reads the rows of [`session_turnover_batch`] back, one session at a time. `None` if the columns
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

/// The states at the start of a session of securities that have no day in it, as rows of the table
/// `away`. They must be sorted by symbol.
///
/// # Errors
/// If the rows do not fit the schema.
pub(crate) fn away_batch(days: &[SecurityDay]) -> Result<RecordBatch, Error> {
    let whole = security_day_batch(days)?;
    let schema = Derived::Away.schema();
    let places = schema.fields().iter().map(|field| whole.schema().index_of(field.name()));
    let places: Vec<usize> = places.collect::<Result<_, _>>().map_err(Error::table)?;
    whole.project(&places).map_err(Error::table)
}

/// Securities' days as rows of the table `security_day`. They must be sorted by session and symbol.
///
/// # Errors
/// If the rows do not fit the schema.
pub(crate) fn security_day_batch(days: &[SecurityDay]) -> Result<RecordBatch, Error> {
    let mut columns = DayColumns::with_capacity(days.len());
    // Days are large: each is gone through once, not once a column.
    days.iter().try_for_each(|day| columns.push(day))?;
    RecordBatch::try_new(Derived::SecurityDay.schema(), columns.finish()).map_err(failed)
}

/// The columns of the table `security_day`, by type.
struct DayColumns {
    session: Date32Builder,
    symbol: StringBuilder,
    texts: [StringBuilder; 5],
    traded: Flags,
    risk_warned: Flags,
    cluster_known: Flags,
    ints: [Numbers<Int32Type>; 17],
    flags: [Flags; FLAGS.len()],
    ever: [Numbers<Int64Type>; 5],
    first_seen: Numbers<Date32Type>,
}

impl DayColumns {
    fn with_capacity(days: usize) -> DayColumns {
        DayColumns {
            session: Date32Builder::with_capacity(days),
            symbol: StringBuilder::with_capacity(days, 9 * days),
            texts: std::array::from_fn(|_| StringBuilder::with_capacity(days, 16 * days)),
            traded: Flags::with_capacity(days),
            risk_warned: Flags::with_capacity(days),
            cluster_known: Flags::with_capacity(days),
            ints: std::array::from_fn(|_| Numbers::with_capacity(days)),
            flags: std::array::from_fn(|_| Flags::with_capacity(days)),
            ever: std::array::from_fn(|_| Numbers::with_capacity(days)),
            first_seen: Numbers::with_capacity(days),
        }
    }

    fn push(&mut self, day: &SecurityDay) -> Result<(), Error> {
        let carried = &day.carried;
        let number = |number: u16| i32::from(number);
        let (up, down) = limits(day).unzip();
        let texts = [
            Some(day.board.id()),
            Some(limit_kind(day)),
            Some(limit_basis(day)),
            touch(day.limit_up_touch()),
            touch(day.limit_down_touch()),
        ];
        let ints = [
            day.prev_close.map(Price::raw),
            day.traded.map(|traded| traded.last.raw()),
            up.map(Price::raw),
            down.map(Price::raw),
            day.limit_up_streak().map(number),
            Some(number(day.limit_up_streak_at_least())),
            Some(number(carried.gap_sessions)),
            Some(number(carried.idle_sessions)),
            carried.missing.map(u32::cast_signed),
            carried.derived.map(u32::cast_signed),
            carried.last_close.map(Price::raw),
            carried.streak.map(number),
            Some(number(carried.streak_at_least)),
            carried.cluster.map(|cluster| cluster.first_session.cast_signed()),
            carried.cluster.map(|cluster| cluster.last_sealed_session.cast_signed()),
            carried.cluster.map(|cluster| number(cluster.boards)),
            Some(i32::from(carried.unsealed_days)),
        ];
        let ever = carried.past.extreme(Lookback::AllTime);
        let ever = match ever {
            Some(ever) => [
                Some(ever.high_close.billionths()),
                Some(ever.low_close.billionths()),
                Some(ever.high.billionths()),
                Some(ever.low.billionths()),
                Some(i64::from(ever.sessions_traded)),
            ],
            None => [None; 5],
        };
        self.session.append_value(day.session.epoch_days());
        write!(self.symbol, "{}", day.symbol).map_err(Error::table)?;
        self.symbol.append_value("");
        self.traded.push(Some(day.traded.is_some()));
        self.risk_warned.push(Some(risk_warned(day)));
        self.cluster_known.push(Some(carried.cluster_known));
        self.first_seen.push(carried.first_seen.map(SessionDate::epoch_days));
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.append_option(text));
        self.ints.iter_mut().zip(ints).for_each(|(column, int)| column.push(int));
        self.ever.iter_mut().zip(ever).for_each(|(column, int)| column.push(int));
        let stood = day.standing();
        let flags = as_flags(&stood);
        self.flags.iter_mut().zip(flags).for_each(|(column, flag)| column.push(flag));
        Ok(())
    }

    /// The columns in the order of the table.
    fn finish(mut self) -> Vec<ArrayRef> {
        let [board, limit_kind, limit_basis, up_touch, down_touch] =
            self.texts.map(|mut column| Arc::new(column.finish()) as ArrayRef);
        let [prev_close, close, up, down, streak, streak_at_least, ints @ ..] =
            self.ints.map(Numbers::finish);
        let [gap, idle, missing, derived, last_close, ints @ ..] = ints;
        let [carried_streak, carried_at_least, ints @ ..] = ints;
        let [cluster_first, cluster_last, cluster_boards, unsealed] = ints;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.session.finish()),
            Arc::new(self.symbol.finish()),
            board,
            self.traded.finish(),
            prev_close,
            close,
            limit_kind,
            limit_basis,
            up,
            down,
            up_touch,
            down_touch,
            self.risk_warned.finish(),
            streak,
            streak_at_least,
            gap,
            idle,
            missing,
            derived,
            last_close,
            carried_streak,
            carried_at_least,
            self.cluster_known.finish(),
            cluster_first,
            cluster_last,
            cluster_boards,
            unsealed,
        ];
        columns.extend(self.flags.map(Flags::finish));
        columns.extend(self.ever.map(Numbers::finish));
        columns.push(self.first_seen.finish());
        columns
    }
}

/// Bits, in words of 64. Hundreds of millions are appended in a backfill: Arrow's builders, which
/// look up the byte of each, take three times as long.
struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    fn with_capacity(bits: usize) -> Bits {
        Bits { words: Vec::with_capacity(bits.div_ceil(64)), len: 0 }
    }

    fn push(&mut self, bit: bool) {
        let bit = u64::from(bit) << (self.len % 64);
        match self.words.last_mut() {
            Some(word) if self.len % 64 > 0 => *word |= bit,
            _ => self.words.push(bit),
        }
        self.len += 1;
    }

    fn finish(self) -> BooleanBuffer {
        // Arrow's bits begin at the lowest of the first byte.
        let bytes: Vec<u8> = self.words.into_iter().flat_map(u64::to_le_bytes).collect();
        BooleanBuffer::new(Buffer::from_vec(bytes), 0, self.len)
    }
}

/// A column of numbers, some of them null.
struct Numbers<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    valid: Bits,
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    fn with_capacity(rows: usize) -> Numbers<T> {
        Numbers { values: Vec::with_capacity(rows), valid: Bits::with_capacity(rows) }
    }

    fn push(&mut self, value: Option<T::Native>) {
        self.values.push(value.unwrap_or_default());
        self.valid.push(value.is_some());
    }

    fn finish(self) -> ArrayRef {
        let nulls = NullBuffer::new(self.valid.finish());
        let nulls = Some(nulls).filter(|nulls| nulls.null_count() > 0);
        Arc::new(PrimitiveArray::<T>::new(self.values.into(), nulls))
    }
}

/// A column of flags, some of them null.
struct Flags {
    values: Bits,
    valid: Bits,
}

impl Flags {
    fn with_capacity(rows: usize) -> Flags {
        Flags { values: Bits::with_capacity(rows), valid: Bits::with_capacity(rows) }
    }

    fn push(&mut self, flag: Option<bool>) {
        self.values.push(flag == Some(true));
        self.valid.push(flag.is_some());
    }

    fn finish(self) -> ArrayRef {
        let nulls = NullBuffer::new(self.valid.finish());
        let nulls = Some(nulls).filter(|nulls| nulls.null_count() > 0);
        Arc::new(BooleanArray::new(self.values.finish(), nulls))
    }
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
