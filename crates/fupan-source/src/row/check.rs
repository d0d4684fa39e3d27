//! What each table requires of a row.

use std::collections::HashMap;

use fupan_market::{
    Calendar, CalendarError, Place, SecurityKind, SessionDate, Symbol, WHOLE_INDEX,
};
use fupan_table::Table;

use crate::finding::topics::Checked;
use crate::finding::{At, Findings, Topic, fund_topics, topics};
use crate::row::cells::Cell;
use crate::row::units::{Extent, LOT, Row, Units, is_in_lots};

/// Vendors round an index's four prices separately. A high below the close by less than one part in
/// this many is rounding, not disorder.
const INDEX_ROUNDING: i64 = 5_000;

/// Days already looked up in the calendar.
#[derive(Debug)]
pub(crate) struct Sessions {
    pub calendar: &'static Calendar,
    known: HashMap<i32, Option<Topic>>,
    /// The first day seen of a year that the calendar does not know yet.
    unannounced: Option<SessionDate>,
}

/// Years after the calendar's last within which a date is a future session, not a mistyped digit.
const YEARS_AHEAD: i16 = 2;

impl Sessions {
    /// No day looked up yet.
    pub fn of(calendar: &'static Calendar) -> Sessions {
        Sessions { calendar, known: HashMap::new(), unannounced: None }
    }

    /// The error if the file has days of a year whose closures are not known yet.
    pub fn unannounced(&self) -> Option<CalendarError> {
        self.unannounced.and_then(|date| self.calendar.number(date).err())
    }

    /// Why a day is not a session of a symbol's exchange; `None` if it is one.
    pub fn fault(&mut self, day: i32, symbol: Option<Symbol>) -> Option<Topic> {
        let opens = symbol.and_then(|symbol| symbol.exchange().first_session());
        if opens.is_some_and(|first| day < first.epoch_days()) {
            return Some(topics::BEFORE_BSE);
        }
        let Sessions { calendar, known, unannounced } = self;
        *known.entry(day).or_insert_with(|| {
            let Some(date) = SessionDate::from_epoch_days(day) else {
                return Some(topics::OUT_OF_CALENDAR);
            };
            match calendar.number(date) {
                Ok(_) => None,
                Err(CalendarError::NotASession { .. }) => Some(topics::NOT_A_SESSION),
                Err(CalendarError::OutOfRange { last, .. }) => {
                    let years = date.date().year() - last.date().year();
                    if date > last && years <= YEARS_AHEAD {
                        *unannounced = unannounced.map(|first| first.min(date)).or(Some(date));
                    }
                    Some(topics::OUT_OF_CALENDAR)
                }
            }
        })
    }
}

/// Counts of values missing from the daily bars of a file, of shares or of funds.
#[derive(Debug, Default)]
pub(crate) struct Lacking {
    /// Rows with trade.
    pub traded: u64,
    /// Of them, rows without turnover.
    pub turnover: u64,
    /// Of them, rows without previous close.
    pub prev_close: u64,
}

/// Checks one row, whose cells are `cells[field][row]`, and clears the fields that a row without
/// trade must not hold.
pub(crate) fn row(table: Table, cells: &mut [Vec<Cell>], row: usize) -> Checked {
    match table {
        Table::DailyBar | Table::FundBar => daily_bar(cells, row),
        Table::IndexBar => index_bar(cells, row),
        Table::ShareCapital => share_capital(cells, row),
        Table::Quote => quote(cells, row),
        Table::IndexQuote => index_quote(cells, row),
        Table::IndexWeight => weight(cells[INDEX_WEIGHT][row]),
        Table::GroupMember => weight(cells[MEMBER_WEIGHT][row]),
        // Checked against the rows before it, by `Classification`.
        Table::Industry => Ok(()),
        // Definitions are read whole.
        Table::Security | Table::Margin | Table::CodeChange | Table::Definition => Ok(()),
    }
}

/// Indices of the columns of `daily_bar`, of `fund_bar` and, as far as they go, of `index_bar`.
const OPEN: usize = 2;
const HIGH: usize = 3;
const LOW: usize = 4;
const CLOSE: usize = 5;
const PREV_CLOSE: usize = 6;
pub(crate) const VOLUME: usize = 7;
const TURNOVER: usize = 8;

/// Whether a row on a day that is not a session claims trade on it.
pub(crate) fn has_trade(table: Table, cells: &[Vec<Cell>], row: usize) -> bool {
    let positive = |field: usize| cells[field][row].is_some_and(|value| value > 0);
    match table {
        Table::DailyBar | Table::FundBar => positive(VOLUME),
        Table::Quote => positive(QUOTED_VOLUME),
        Table::IndexBar | Table::IndexQuote | Table::Margin => true,
        Table::Security
        | Table::ShareCapital
        | Table::CodeChange
        | Table::Industry
        | Table::GroupMember
        | Table::IndexWeight
        | Table::Definition => false,
    }
}

/// The value if one is stated: vendors write zero for a missing value.
fn stated(cell: Cell) -> Cell {
    cell.filter(|value| *value > 0)
}

/// Whether a row without volume is one without trade: vendors repeat the last close on such days,
/// or write zeros. Turnover contradicts it, as do prices that differ from each other or from the
/// previous close.
fn untraded(prices: [Cell; 4], prev_close: Cell, turnover: Cell) -> bool {
    let said: Vec<i64> = prices.iter().copied().filter_map(stated).collect();
    let flat = said.windows(2).all(|pair| pair[0] == pair[1]);
    let moved = said.len() == prices.len() && stated(prev_close).is_some_and(|p| p != said[0]);
    stated(turnover).is_none() && flat && !moved
}

fn daily_bar(cells: &mut [Vec<Cell>], row: usize) -> Checked {
    cells[PREV_CLOSE][row] = stated(cells[PREV_CLOSE][row]);
    let Some(volume) = stated(cells[VOLUME][row]) else {
        let prices = [OPEN, HIGH, LOW, CLOSE].map(|field| cells[field][row]);
        if !untraded(prices, cells[PREV_CLOSE][row], cells[TURNOVER][row]) {
            return Err((topics::CONTRADICTED, "volume"));
        }
        for field in [OPEN, HIGH, LOW, CLOSE, TURNOVER] {
            cells[field][row] = None;
        }
        cells[VOLUME][row] = Some(0);
        return Ok(());
    };
    cells[VOLUME][row] = Some(volume);
    cells[TURNOVER][row] = stated(cells[TURNOVER][row]);
    let prices = [OPEN, HIGH, LOW, CLOSE].map(|field| stated(cells[field][row]));
    let [Some(open), Some(high), Some(low), Some(close)] = prices else {
        return Err((topics::NO_PRICE, "close"));
    };
    if open.max(high).max(low).max(close) >= SENTINEL {
        return Err((topics::SENTINEL, "close"));
    }
    ordered([open, high, low, close])
}

/// Refuses a row whose high is below, or whose low is above, another of its prices.
fn ordered([open, high, low, last]: [i64; 4]) -> Checked {
    if high < open.max(last).max(low) {
        return Err((topics::DISORDERED, "high"));
    }
    if low > open.min(last) {
        return Err((topics::DISORDERED, "low"));
    }
    Ok(())
}

/// Indices of the columns of `quote`.
const TIME: usize = 2;
const SPAN: usize = 3;
const QUOTED: [usize; 4] = [6, 7, 8, 9];
const QUOTED_VOLUME: usize = 10;
const QUOTED_TURNOVER: usize = 11;

/// The least price, in 0.0001 yuan, that vendors write for a missing price: no A-share has cost a
/// tenth of it.
const SENTINEL: i64 = 99_999 * 10_000;

fn quote(cells: &mut [Vec<Cell>], row: usize) -> Checked {
    let Some(volume) = stated(cells[QUOTED_VOLUME][row]) else {
        // Before the first trade a quote's last price is the previous close, the only price it has.
        let [open, high, low, _] = QUOTED.map(|field| cells[field][row]);
        if !untraded([open, high, low, None], None, cells[QUOTED_TURNOVER][row]) {
            return Err((topics::CONTRADICTED, "volume"));
        }
        for field in QUOTED.into_iter().chain([QUOTED_TURNOVER]) {
            cells[field][row] = None;
        }
        cells[QUOTED_VOLUME][row] = Some(0);
        return Ok(());
    };
    cells[QUOTED_VOLUME][row] = Some(volume);
    cells[QUOTED_TURNOVER][row] = stated(cells[QUOTED_TURNOVER][row]);
    let prices = QUOTED.map(|field| stated(cells[field][row]));
    let [Some(open), Some(high), Some(low), Some(last)] = prices else {
        return Err((topics::NO_PRICE, "last"));
    };
    if open.max(high).max(low).max(last) >= SENTINEL {
        return Err((topics::SENTINEL, "last"));
    }
    ordered([open, high, low, last])
}

/// When the opening auction begins, in seconds after midnight.
const OPENING_AUCTION: u32 = 9 * 3_600 + 15 * 60;

/// Whether the security can have traded in the time that a row of `quote` covers. A snapshot covers
/// the session so far, at any hour; before the opening auction it would belong to another session.
pub(crate) fn trading_hours(cells: &[Vec<Cell>], row: usize, symbol: Symbol) -> Checked {
    let second = |field: usize| cells[field][row].and_then(|second| u32::try_from(second).ok());
    let day = cells[0][row].and_then(|day| i32::try_from(day).ok());
    let date = day.and_then(SessionDate::from_epoch_days);
    let (Some(time), Some(date), Some(board)) = (second(TIME), date, symbol.board()) else {
        return Err((topics::EMPTY, "time"));
    };
    let holds = match second(SPAN) {
        Some(span) => fupan_market::can_trade(symbol.exchange(), board, date, time, span),
        None => time >= OPENING_AUCTION,
    };
    if holds { Ok(()) } else { Err((topics::NO_TRADING, "time")) }
}

fn index_bar(cells: &mut [Vec<Cell>], row: usize) -> Checked {
    let prices = [OPEN, HIGH, LOW, CLOSE].map(|field| stated(cells[field][row]));
    let [Some(open), Some(high), Some(low), Some(close)] = prices else {
        return Err((topics::NO_PRICE, "close"));
    };
    if open.max(high).max(low).max(close) >= SENTINEL {
        return Err((topics::SENTINEL, "close"));
    }
    // Zero means that the vendor has no turnover.
    cells[PREV_CLOSE][row] = stated(cells[PREV_CLOSE][row]);
    levels_ordered([open, high, low, close])
}

/// [`ordered`] for levels of an index, which vendors round each by itself.
fn levels_ordered([open, high, low, last]: [i64; 4]) -> Checked {
    if high + high / INDEX_ROUNDING < open.max(last).max(low) {
        return Err((topics::DISORDERED, "high"));
    }
    if low - low / INDEX_ROUNDING > open.min(last) {
        return Err((topics::DISORDERED, "low"));
    }
    Ok(())
}

/// Indices of the columns of `index_quote`; the time is where that of a quote is.
const LEVEL_RANGE: [usize; 3] = [3, 4, 5];
const LEVEL: usize = 6;
const LEVEL_TURNOVER: usize = 7;

fn index_quote(cells: &mut [Vec<Cell>], row: usize) -> Checked {
    // Before the opening auction a level would belong to another session.
    if cells[TIME][row].is_some_and(|time| time < i64::from(OPENING_AUCTION)) {
        return Err((topics::NO_TRADING, "time"));
    }
    // Before the first level the last one is the close before, the only level there is.
    if LEVEL_RANGE.into_iter().all(|field| cells[field][row] == Some(0)) {
        return Err((topics::NO_LEVEL_YET, "last"));
    }
    let Some(last) = stated(cells[LEVEL][row]) else { return Err((topics::NO_LEVEL, "last")) };
    cells[LEVEL_TURNOVER][row] = stated(cells[LEVEL_TURNOVER][row]);
    let range = LEVEL_RANGE.map(|field| stated(cells[field][row]));
    if range.into_iter().flatten().chain([last]).max() >= Some(SENTINEL) {
        return Err((topics::SENTINEL, "last"));
    }
    let [Some(open), Some(high), Some(low)] = range else {
        LEVEL_RANGE.into_iter().for_each(|field| cells[field][row] = None);
        return Ok(());
    };
    levels_ordered([open, high, low, last])
}

/// Turns a fund's volume in lots into one in shares where only that fits the row's turnover, and says
/// so. Where neither fits, the volume stays as it is, and the evidence on units refuses the row.
pub(crate) fn in_shares(cells: &mut [Vec<Cell>], row: usize, in_lots: impl FnOnce()) -> Checked {
    let (Some(high), Some(low)) = (cells[HIGH][row], cells[LOW][row]) else { return Ok(()) };
    let Some(volume) = stated(cells[VOLUME][row]) else { return Ok(()) };
    let Some(turnover) = cells[TURNOVER][row] else {
        return Err((fund_topics::VOLUME_UNKNOWN, "turnover"));
    };
    if is_in_lots(volume, (low, high), turnover) {
        cells[VOLUME][row] = Some(volume * LOT);
        in_lots();
    }
    Ok(())
}

fn share_capital(cells: &mut [Vec<Cell>], row: usize) -> Checked {
    const TOTAL: usize = 2;
    const FLOAT: usize = 3;
    match (cells[TOTAL][row], cells[FLOAT][row]) {
        (Some(0), _) | (_, Some(0)) => Err((topics::NO_SHARES, "total_shares")),
        (Some(total), Some(float)) if float > total => {
            Err((topics::FLOAT_ABOVE_TOTAL, "float_shares"))
        }
        _ => Ok(()),
    }
}

/// The places of the weight in `index_weight` and in `group_member`.
const INDEX_WEIGHT: usize = 3;
const MEMBER_WEIGHT: usize = 7;

fn weight(weight: Cell) -> Checked {
    match weight {
        Some(weight) if weight > i64::from(WHOLE_INDEX) => Err((topics::ABOVE_WHOLE, "weight")),
        _ => Ok(()),
    }
}

/// Adds a kept row of `quote` to the evidence on units. The turnover of a few seconds is no
/// evidence.
pub(crate) fn weigh_quote(
    cells: &[Vec<Cell>],
    row: usize,
    symbol: Symbol,
    units: &mut Units,
    at: At<'_>,
) -> Checked {
    let [_, high, low, last] = QUOTED.map(|field| cells[field][row]);
    let (Some(high), Some(low), Some(close)) = (high, low, last) else { return Ok(()) };
    let row = Row {
        symbol,
        day: cells[0][row].and_then(|day| i32::try_from(day).ok()).unwrap_or(0),
        high,
        low,
        close,
        prev_close: None,
        volume: cells[QUOTED_VOLUME][row].unwrap_or(0),
        turnover_fen: cells[QUOTED_TURNOVER][row],
        extent: Extent::Part,
    };
    units.weigh(row, || place(at))
}

fn place(at: At<'_>) -> Place {
    Place { file: at.file.to_owned(), row: Some(at.row), column: at.column.map(str::to_owned) }
}

/// Adds a kept row of `daily_bar` or `fund_bar` to the evidence on units, and counts its missing
/// values.
pub(crate) fn weigh(
    cells: &[Vec<Cell>],
    row: usize,
    symbol: Symbol,
    units: &mut Units,
    lacking: &mut Lacking,
    at: At<'_>,
) -> Checked {
    let (Some(high), Some(low), Some(close)) =
        (cells[HIGH][row], cells[LOW][row], cells[CLOSE][row])
    else {
        return Ok(());
    };
    lacking.traded += 1;
    lacking.turnover += u64::from(cells[TURNOVER][row].is_none());
    lacking.prev_close += u64::from(cells[PREV_CLOSE][row].is_none());
    let is_fund = symbol.kind() == SecurityKind::Fund;
    let row = Row {
        symbol,
        day: cells[0][row].and_then(|day| i32::try_from(day).ok()).unwrap_or(0),
        high,
        low,
        close,
        prev_close: cells[PREV_CLOSE][row],
        volume: cells[VOLUME][row].unwrap_or(0),
        turnover_fen: cells[TURNOVER][row],
        extent: Extent::Session,
    };
    match is_fund {
        true => units.weigh_fund(row, || place(at)),
        false => units.weigh(row, || place(at)),
    }
}

/// Adds findings for the values missing from the daily bars of a file that fill a table.
pub(crate) fn note_lacking(table: Table, lacking: &Lacking, file: &str, findings: &mut Findings) {
    use fupan_market::{Finding, FindingKind, Wording};
    let mut add = |kind, count: u64, en: &str, zh: &str| {
        if count > 0 {
            findings.add(Finding {
                kind,
                count,
                subject: table.name().to_owned(),
                detail: Wording::new(en, zh),
                hint: Wording::none(),
                place: Some(Place { file: file.to_owned(), row: None, column: None }),
            });
        }
    };
    add(
        FindingKind::EstimatedTurnover,
        lacking.turnover,
        "Rows with trades have no turnover; it is estimated as volume × (open + high + low + \
         close) / 4",
        "有成交的行没有成交额；按成交量×（开盘价＋最高价＋最低价＋收盘价）÷4估算",
    );
    let (en, zh) = match table {
        Table::FundBar => (
            "Rows of funds with trades have no previous close; the last traded close is used \
             instead, so days on which a fund paid out or split are not visible",
            "有成交的基金行没有前收盘价；以上一个成交日的收盘价代替，基金分红、拆分因此看不出来",
        ),
        _ if lacking.prev_close < lacking.traded => (
            "Rows with trades have no previous close; the last traded close is used instead, so \
             that further ex-rights days among them are not visible",
            "有成交的行没有前收盘价；以上一个成交日的收盘价代替，其中若另有除权除息日，则看不出来",
        ),
        _ => (
            "Rows with trades have no previous close; the last traded close is used instead, so \
             ex-rights days are not visible",
            "有成交的行没有前收盘价；以上一个成交日的收盘价代替，除权除息日因此看不出来",
        ),
    };
    add(FindingKind::DerivedPrevClose, lacking.prev_close, en, zh);
}

#[cfg(test)]
mod tests;
