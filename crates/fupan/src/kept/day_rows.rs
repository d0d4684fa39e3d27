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
fn as_flags(stood: &PastComparison) -> [Option<bool>; FLAGS.len()] {
    let [[[a, b], [c, d], [e, f]], [[g, h], [i, j], [k, l]]] = stood.beyond;
    let [short, middle, long] = stood.above;
    [a, b, c, d, e, f, g, h, i, j, k, l, short, middle, long]
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
    // Days are large: some at a time stay in a core's own cache while each column takes its values.
    days.chunks(BLOCK).try_for_each(|block| columns.push(block))?;
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

    /// Appends at most [`BLOCK`] days.
    fn push(&mut self, block: &[SecurityDay]) -> Result<(), Error> {
        for day in block {
            self.session.append_value(day.session.epoch_days());
            write!(self.symbol, "{}", day.symbol).map_err(Error::table)?;
            self.symbol.append_value("");
        }
        self.push_texts(block);
        self.push_numbers(block);
        self.traded.push(block, |day| Some(day.traded.is_some()));
        self.risk_warned.push(block, |day| Some(risk_warned(day)));
        self.cluster_known.push(block, |day| Some(day.carried.cluster_known));
        self.first_seen.push(block, |day| day.carried.first_seen.map(SessionDate::epoch_days));
        let stood: Vec<[Option<bool>; FLAGS.len()]> =
            block.iter().map(|day| as_flags(&day.standing())).collect();
        for (place, column) in self.flags.iter_mut().enumerate() {
            column.push(&stood, |flags| flags[place]);
        }
        Ok(())
    }

    fn push_texts(&mut self, block: &[SecurityDay]) {
        let [board, kind, basis, up, down] = &mut self.texts;
        block.iter().for_each(|day| board.append_value(day.board.id()));
        block.iter().for_each(|day| kind.append_value(limit_kind(day)));
        block.iter().for_each(|day| basis.append_value(limit_basis(day)));
        block.iter().for_each(|day| up.append_option(touch(day.limit_up_touch())));
        block.iter().for_each(|day| down.append_option(touch(day.limit_down_touch())));
    }

    fn push_numbers(&mut self, block: &[SecurityDay]) {
        let [prev_close, close, up, down, streak, streak_at_least, ints @ ..] = &mut self.ints;
        let [gap, idle, missing, derived, last_close, ints @ ..] = ints;
        let [carried_streak, carried_at_least, ints @ ..] = ints;
        let [cluster_first, cluster_last, cluster_boards, unsealed] = ints;
        let number = |number: u16| i32::from(number);
        prev_close.push(block, |day| day.prev_close.map(Price::raw));
        close.push(block, |day| day.traded.map(|traded| traded.last.raw()));
        up.push(block, |day| limits(day).map(|(up, _)| up.raw()));
        down.push(block, |day| limits(day).map(|(_, down)| down.raw()));
        streak.push(block, |day| day.limit_up_streak().map(number));
        streak_at_least.push(block, |day| Some(number(day.limit_up_streak_at_least())));
        gap.push(block, |day| Some(number(day.carried.gap_sessions)));
        idle.push(block, |day| Some(number(day.carried.idle_sessions)));
        missing.push(block, |day| day.carried.missing.map(u32::cast_signed));
        derived.push(block, |day| day.carried.derived.map(u32::cast_signed));
        last_close.push(block, |day| day.carried.last_close.map(Price::raw));
        carried_streak.push(block, |day| day.carried.streak.map(number));
        carried_at_least.push(block, |day| Some(number(day.carried.streak_at_least)));
        let cluster = |day: &SecurityDay| day.carried.cluster;
        cluster_first.push(block, |day| cluster(day).map(|of| of.first_session.cast_signed()));
        cluster_last.push(block, |day| cluster(day).map(|of| of.last_sealed_session.cast_signed()));
        cluster_boards.push(block, |day| cluster(day).map(|of| number(of.boards)));
        unsealed.push(block, |day| Some(i32::from(day.carried.unsealed_days)));
        let [high_close, low_close, high, low, days] = &mut self.ever;
        let ever = |day: &SecurityDay| day.carried.past.extreme(Lookback::AllTime);
        high_close.push(block, |day| ever(day).map(|ever| ever.high_close.billionths()));
        low_close.push(block, |day| ever(day).map(|ever| ever.low_close.billionths()));
        high.push(block, |day| ever(day).map(|ever| ever.high.billionths()));
        low.push(block, |day| ever(day).map(|ever| ever.low.billionths()));
        days.push(block, |day| ever(day).map(|ever| i64::from(ever.sessions_traded)));
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

/// Rows that are appended to a column at a time: their nulls are the bits of one word.
const BLOCK: usize = 64;

/// Bits, in words of [`BLOCK`]; only the last word may be partly filled.
struct Bits(Vec<u64>);

impl Bits {
    fn with_capacity(bits: usize) -> Bits {
        Bits(Vec::with_capacity(bits.div_ceil(BLOCK)))
    }

    fn finish(self, len: usize) -> BooleanBuffer {
        // Arrow's bits begin at the lowest of the first byte.
        let bytes: Vec<u8> = self.0.into_iter().flat_map(u64::to_le_bytes).collect();
        BooleanBuffer::new(Buffer::from_vec(bytes), 0, len)
    }

    fn finish_nulls(self, len: usize) -> Option<NullBuffer> {
        let nulls = NullBuffer::new(self.finish(len));
        Some(nulls).filter(|nulls| nulls.null_count() > 0)
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

    /// Appends the numbers of at most [`BLOCK`] rows; all blocks but the last are full.
    fn push<R>(&mut self, block: &[R], of: impl Fn(&R) -> Option<T::Native>) {
        let (mut values, mut valid) = ([T::Native::default(); BLOCK], 0);
        for (at, (value, row)) in values.iter_mut().zip(block).enumerate() {
            let number = of(row);
            *value = number.unwrap_or_default();
            valid |= u64::from(number.is_some()) << at;
        }
        self.values.extend_from_slice(&values[..block.len()]);
        self.valid.0.push(valid);
    }

    fn finish(self) -> ArrayRef {
        let nulls = self.valid.finish_nulls(self.values.len());
        Arc::new(PrimitiveArray::<T>::new(self.values.into(), nulls))
    }
}

/// A column of flags, some of them null.
struct Flags {
    rows: usize,
    values: Bits,
    valid: Bits,
}

impl Flags {
    fn with_capacity(rows: usize) -> Flags {
        Flags { rows: 0, values: Bits::with_capacity(rows), valid: Bits::with_capacity(rows) }
    }

    /// Appends the flags of at most [`BLOCK`] rows; all blocks but the last are full.
    fn push<R>(&mut self, block: &[R], of: impl Fn(&R) -> Option<bool>) {
        let (mut values, mut valid) = (0, 0);
        for (at, row) in block.iter().enumerate() {
            let flag = of(row);
            values |= u64::from(flag == Some(true)) << at;
            valid |= u64::from(flag.is_some()) << at;
        }
        self.rows += block.len();
        self.values.0.push(values);
        self.valid.0.push(valid);
    }

    fn finish(self) -> ArrayRef {
        let nulls = self.valid.finish_nulls(self.rows);
        Arc::new(BooleanArray::new(self.values.finish(self.rows), nulls))
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
