//! What no row of the store may hold.
//!
//! Sources check what they read; this is the last gate, so that a fault in one of them stops at
//! the import and does not surface as a silent gap in a review.

use std::collections::BTreeMap;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type};
use arrow::util::display::array_value_to_string;
use fupan_market::SessionDate;
use fupan_table::Table;

use crate::scan;

/// Refuses symbols that are none, negative numbers, trade without prices, and amounts that no
/// security ever traded.
pub(crate) fn check(table: Table, batch: &RecordBatch) -> Result<(), String> {
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let least = match field.data_type() {
            DataType::Int32 => {
                arrow::compute::min(column.as_primitive::<Int32Type>()).map(i64::from)
            }
            DataType::Int64 => arrow::compute::min(column.as_primitive::<Int64Type>()),
            _ => None,
        };
        if let Some(least) = least.filter(|least| *least < 0) {
            return Err(format!(
                "column `{}` holds {least}; nothing here is negative",
                field.name()
            ));
        }
        if field.name() == "symbol" {
            let texts = column.as_string::<i32>();
            let mut last = "";
            for text in texts.iter().flatten() {
                let canonical = text.len() == 9 && text.as_bytes()[6] == b'.';
                if text != last && !(canonical && scan::symbol(text).is_some()) {
                    return Err(format!("`{text}` is not a symbol such as 600519.SH"));
                }
                last = text;
            }
        }
    }
    match table {
        Table::DailyBar => {
            within_reason(batch)?;
            sessions_within_reason(batch)?;
            prices_with_trade(batch, ["open", "high", "low", "close"])
        }
        Table::Quote => {
            within_a_day(batch)?;
            within_reason(batch)?;
            prices_with_trade(batch, ["open", "high", "low", "last"])
        }
        _ => Ok(()),
    }
}

/// Shares that one security may trade in a session: thrice as many as the largest company has.
const VOLUME_MOST: i64 = 1_000_000_000_000;

/// What they may be worth, in fen: a trillion yuan, eleven times the most that ever was.
const TURNOVER_MOST: i64 = 100_000_000_000_000;

/// What all securities of a session may be worth, in fen: forty trillion yuan, eleven times the
/// most that ever was. Squares of the sum of three exchanges, in millionths, stay below 2^127.
const SESSION_MOST: i128 = 4_000_000_000_000_000;

/// Refuses volumes and turnovers that no security ever had; totals and their squares then fit.
fn within_reason(batch: &RecordBatch) -> Result<(), String> {
    let number = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let (Some(volume), Some(turnover)) = (number("volume"), number("turnover")) else {
        return Ok(());
    };
    let highs = batch.column_by_name("high").and_then(|c| c.as_primitive_opt::<Int32Type>());
    for row in 0..batch.num_rows() {
        if volume.value(row) > VOLUME_MOST {
            let what = format!("a volume of {} shares", volume.value(row));
            return Err(beyond(batch, row, &what, "1,000,000,000,000 shares"));
        }
        // Where no turnover is given it is estimated, at most at the highest price.
        let worth = match highs.filter(|highs| turnover.is_null(row) && highs.is_valid(row)) {
            Some(highs) => i128::from(volume.value(row)) * i128::from(highs.value(row)) / 100,
            None if turnover.is_valid(row) => i128::from(turnover.value(row)),
            None => 0,
        };
        if worth > i128::from(TURNOVER_MOST) {
            let what = format!("a turnover of {} yuan", worth / 100);
            return Err(beyond(batch, row, &what, "1,000,000,000,000 yuan"));
        }
    }
    Ok(())
}

/// Refuses sessions whose turnover is beyond reason as a whole.
fn sessions_within_reason(batch: &RecordBatch) -> Result<(), String> {
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
            Err(format!(
                "the turnover of {session} adds up to {} yuan; a session never had a tenth of \
                 40,000,000,000,000, so the units are wrong",
                sum / 100
            ))
        }
    }
}

fn beyond(batch: &RecordBatch, row: usize, what: &str, most: &str) -> String {
    let shown = |name: &str| {
        let column = batch.column_by_name(name);
        column.and_then(|column| array_value_to_string(column, row).ok()).unwrap_or_default()
    };
    format!(
        "row {row} ({} on {}) has {what}; no security ever had a tenth of {most}, so the units are \
         wrong",
        shown("symbol"),
        shown("session")
    )
}

/// Refuses times that are none. Spans, numbers and revisions are bounded by their columns.
fn within_a_day(batch: &RecordBatch) -> Result<(), String> {
    let Some(times) = batch.column_by_name("time") else { return Ok(()) };
    match arrow::compute::max(times.as_primitive::<Int32Type>()) {
        Some(latest) if latest >= 86_400 => {
            Err(format!("column `time` holds {latest}; a day has 86400 seconds"))
        }
        _ => Ok(()),
    }
}

fn prices_with_trade(batch: &RecordBatch, prices: [&str; 4]) -> Result<(), String> {
    let Some(volume) = batch.column_by_name("volume") else { return Ok(()) };
    let volume = volume.as_primitive::<Int64Type>();
    for name in prices {
        let Some(prices) = batch.column_by_name(name).filter(|prices| prices.null_count() > 0)
        else {
            continue;
        };
        let row = (0..batch.num_rows()).find(|row| prices.is_null(*row) && volume.value(*row) > 0);
        if let Some(row) = row {
            return Err(format!("row {row} has volume and no `{name}`"));
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

    /// A session of as many securities, each with this turnover.
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
        assert!(error.contains("2026-02-12") && error.contains("units"), "{error}");
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
