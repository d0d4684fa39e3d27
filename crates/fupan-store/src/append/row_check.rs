//! Validates rows before a commit.
//!
//! Sources check what they read; this is the last check, so that a fault in one of them stops at
//! the import instead of becoming a silent gap in a review.

use std::collections::BTreeMap;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type};
use arrow::util::display::array_value_to_string;
use fupan_market::{SessionDate, Wording};
use fupan_table::Table;

use crate::delta::scan;

/// Refuses invalid symbols, negative numbers, trade without prices, and amounts that no security
/// ever traded.
pub(crate) fn check(table: Table, batch: &RecordBatch) -> Result<(), Wording> {
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let least = match field.data_type() {
            DataType::Int32 => {
                arrow::compute::min(column.as_primitive::<Int32Type>()).map(i64::from)
            }
            DataType::Int64 => arrow::compute::min(column.as_primitive::<Int64Type>()),
            _ => None,
        };
        if let Some(least) = least.filter(|least| *least < 0) {
            let name = field.name();
            return Err(Wording::new(
                format!("column `{name}` has the value {least}; it cannot be negative"),
                format!("`{name}`列的值是{least}；此处不应有负数"),
            ));
        }
        if matches!(field.name().as_str(), "symbol" | "index_symbol") {
            let texts = column.as_string::<i32>();
            let mut last = "";
            for text in texts.iter().flatten() {
                let canonical = text.len() == 9 && text.as_bytes()[6] == b'.';
                if text != last && !(canonical && scan::symbol(text).is_some()) {
                    return Err(Wording::new(
                        format!("`{text}` is not a symbol such as 600519.SH"),
                        format!("`{text}`不是形如600519.SH的证券代码"),
                    ));
                }
                last = text;
            }
        }
    }
    match table {
        Table::DailyBar | Table::FundBar => {
            within_reason(batch)?;
            sessions_within_reason(batch)?;
            prices_with_trade(batch, ["open", "high", "low", "close"])
        }
        Table::Quote => {
            within_a_day(batch)?;
            within_reason(batch)?;
            prices_with_trade(batch, ["open", "high", "low", "last"])
        }
        Table::IndexQuote => within_a_day(batch),
        _ => Ok(()),
    }
}

/// Most shares that one security may trade in a session: three times as many as the largest company
/// has.
const VOLUME_MOST: i64 = 1_000_000_000_000;

/// Most turnover of one security in a session, in fen: a trillion yuan, eleven times the record.
const TURNOVER_MOST: i64 = 100_000_000_000_000;

/// Most turnover of all securities in a session, in fen: forty trillion yuan, eleven times the
/// record. Squares of the sum of three exchanges, in millionths, stay below 2^127.
const SESSION_MOST: i128 = 4_000_000_000_000_000;

/// Refuses volumes and turnovers that no security ever had; totals and their squares then do not
/// overflow.
fn within_reason(batch: &RecordBatch) -> Result<(), Wording> {
    let number = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let (Some(volume), Some(turnover)) = (number("volume"), number("turnover")) else {
        return Ok(());
    };
    let highs = batch.column_by_name("high").and_then(|c| c.as_primitive_opt::<Int32Type>());
    for row in 0..batch.num_rows() {
        if volume.value(row) > VOLUME_MOST {
            let volume = volume.value(row);
            let what =
                Wording::new(format!("a volume of {volume} shares"), format!("成交量为{volume}股"));
            let most = Wording::new("1,000,000,000,000 shares", "1万亿股");
            return Err(beyond(batch, row, &what, &most));
        }
        // A missing turnover is estimated, at most at the highest price.
        let worth = match highs.filter(|highs| turnover.is_null(row) && highs.is_valid(row)) {
            Some(highs) => i128::from(volume.value(row)) * i128::from(highs.value(row)) / 100,
            None if turnover.is_valid(row) => i128::from(turnover.value(row)),
            None => 0,
        };
        if worth > i128::from(TURNOVER_MOST) {
            let yuan = worth / 100;
            let what =
                Wording::new(format!("a turnover of {yuan} yuan"), format!("成交额为{yuan}元"));
            let most = Wording::new("1,000,000,000,000 yuan", "1万亿元");
            return Err(beyond(batch, row, &what, &most));
        }
    }
    Ok(())
}

/// Refuses sessions whose total turnover is beyond reason.
fn sessions_within_reason(batch: &RecordBatch) -> Result<(), Wording> {
    let turnover = batch.column_by_name("turnover").and_then(|c| c.as_primitive_opt::<Int64Type>());
    let sessions = batch.column_by_name("session").and_then(|c| c.as_primitive_opt::<Date32Type>());
    let (Some(turnover), Some(sessions)) = (turnover, sessions) else { return Ok(()) };
    let mut sums: BTreeMap<i32, i128> = BTreeMap::new();
    for row in (0..batch.num_rows()).filter(|row| turnover.is_valid(*row)) {
        *sums.entry(sessions.value(row)).or_default() += i128::from(turnover.value(row));
    }
    match sums.into_iter().find(|(_, sum)| *sum > SESSION_MOST) {
        None => Ok(()),
        Some((session, sum)) => {
            let session = SessionDate::from_epoch_days(session)
                .map_or_else(|| session.to_string(), |session| session.to_string());
            let yuan = sum / 100;
            Err(Wording::new(
                format!(
                    "the turnover of {session} adds up to {yuan} yuan; no session ever reached a \
                     tenth of 40,000,000,000,000, so the units are wrong"
                ),
                format!(
                    "{session}的成交额合计{yuan}元；单日从未达到40万亿元的十分之一，可见单位有误"
                ),
            ))
        }
    }
}

fn beyond(batch: &RecordBatch, row: usize, what: &Wording, most: &Wording) -> Wording {
    let shown = |name: &str| {
        let column = batch.column_by_name(name);
        column.and_then(|column| array_value_to_string(column, row).ok()).unwrap_or_default()
    };
    let (symbol, session) = (shown("symbol"), shown("session"));
    Wording::new(
        format!(
            "row {row} ({symbol} on {session}) has {}; no security ever reached a tenth of {}, so \
             the units are wrong",
            what.en, most.en
        ),
        format!(
            "第{row}行（{session}的{symbol}）{}；从未有证券达到{}的十分之一，可见单位有误",
            what.zh, most.zh
        ),
    )
}

/// Refuses times outside a day. Spans, numbers and revisions are bounded by their column types.
fn within_a_day(batch: &RecordBatch) -> Result<(), Wording> {
    let Some(times) = batch.column_by_name("time") else { return Ok(()) };
    match arrow::compute::max(times.as_primitive::<Int32Type>()) {
        Some(latest) if latest >= 86_400 => Err(Wording::new(
            format!("column `time` has the value {latest}; a day has 86400 seconds"),
            format!("`time`列的值是{latest}；一天只有86400秒"),
        )),
        _ => Ok(()),
    }
}

fn prices_with_trade(batch: &RecordBatch, prices: [&str; 4]) -> Result<(), Wording> {
    let Some(volume) = batch.column_by_name("volume") else { return Ok(()) };
    let volume = volume.as_primitive::<Int64Type>();
    for name in prices {
        let Some(prices) = batch.column_by_name(name).filter(|prices| prices.null_count() > 0)
        else {
            continue;
        };
        let row = (0..batch.num_rows()).find(|row| prices.is_null(*row) && volume.value(*row) > 0);
        if let Some(row) = row {
            return Err(Wording::new(
                format!("row {row} has volume but no `{name}`"),
                format!("第{row}行有成交量而没有`{name}`"),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use fupan_market::{
        DailyBar, Fen, Price, SessionDate, Symbol, Traded, Turnover, TurnoverBasis,
    };
    use fupan_table::daily_bar_batch;

    use super::*;

    /// A session of the given number of securities, each with this turnover.
    fn session(securities: u32, fen: i64) -> RecordBatch {
        let price = Price::from_fen(1000).unwrap();
        let turnover = Turnover { fen: Fen(fen), basis: TurnoverBasis::Reported };
        let (open, high, low, last) = (price, price, price, price);
        let traded = Some(Traded { open, high, low, last, volume: 1000, turnover });
        let on: SessionDate = "2026-02-12".parse().unwrap();
        let row = |code| {
            let symbol: Symbol = format!("{:06}.SH", 600_000 + code).parse().unwrap();
            (symbol, DailyBar { session: on, prev_close: None, traded })
        };
        daily_bar_batch((0..securities).map(row)).unwrap()
    }

    #[test]
    fn a_session_beyond_reason_is_refused() {
        assert_eq!(check(Table::DailyBar, &session(40, TURNOVER_MOST)), Ok(()));
        let error = check(Table::DailyBar, &session(41, TURNOVER_MOST)).unwrap_err();
        assert!(error.en.contains("2026-02-12") && error.en.contains("units"), "{error:?}");
        assert!(check(Table::DailyBar, &session(1, TURNOVER_MOST + 1)).is_err());
    }

    #[test]
    fn the_bounds_keep_squares_within_their_type() {
        let market = SESSION_MOST * 3;
        assert!(
            market.checked_mul(market).and_then(|square| square.checked_mul(1_000_000)).is_some()
        );
    }
}
