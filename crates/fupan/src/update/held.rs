//! What vendors answer, held to the session before in the store. Rows that are well in themselves may
//! be those of another day under this one's date, or half of a market.

use std::collections::{BTreeMap, BTreeSet};

use fupan_market::{DailyBar, IndexBar, SecurityKind, SessionDate, Symbol, Wording};
use fupan_store::Store;
use fupan_table::{Import, Table, daily_bar_rows, index_bar_rows};

use crate::Error;
use crate::query::query;

/// Fewest shares from which anything follows.
const SHARES_MIN: usize = 50;

/// Previous closes differ from the closes before on ex-rights days: of one share in fifteen on the
/// busiest days of summer. From one in so many on the rows are of another session.
const BREAKS_ONE_IN: usize = 5;

/// If one in so many of the shares that traded in the session before has no row, the answers are not
/// the market. On the worst day of 2015 one in five was newly suspended.
const ABSENT_ONE_IN: usize = 4;

/// The session before, as the store has it from any source.
#[derive(Debug)]
struct Before {
    session: SessionDate,
    /// Closes in ten-thousandths, of every source; none of a share that did not trade.
    closes: BTreeMap<Symbol, BTreeSet<i64>>,
}

impl Before {
    /// The rows of a table in a session.
    fn of(store: &Store, table: Table, session: SessionDate) -> Result<Before, Error> {
        let name = table.name();
        let sql = format!(
            "SELECT DISTINCT symbol, CAST(close AS BIGINT) FROM {name} \
             WHERE session = DATE '{session}' AND close IS NOT NULL"
        );
        let mut closes: BTreeMap<Symbol, BTreeSet<i64>> = BTreeMap::new();
        for row in query(store, &sql)?.rows {
            let [Some(symbol), Some(close)] = &row[..] else { continue };
            let (Ok(symbol), Ok(close)) = (symbol.parse(), close.parse()) else { continue };
            closes.entry(symbol).or_default().insert(close);
        }
        Ok(Before { session, closes })
    }

    /// What is to be said of a session's rows of shares.
    ///
    /// # Errors
    /// Why they cannot be those of the session after this one.
    fn hold_shares(&self, rows: &[(Symbol, DailyBar)]) -> Result<Option<Wording>, Wording> {
        let on = self.session;
        let pair = |(symbol, bar): &(Symbol, DailyBar)| {
            bar.traded.and(bar.prev_close).zip(self.closes.get(symbol))
        };
        let pairs: Vec<_> = rows.iter().filter_map(pair).collect();
        let breaks = pairs.iter().filter(|(prev, closes)| !closes.contains(&prev.units())).count();
        if pairs.len() >= SHARES_MIN && breaks * BREAKS_ONE_IN > pairs.len() {
            let of = pairs.len();
            return Err(Wording::new(
                format!(
                    "the previous close of {breaks} of {of} shares is not their close of {on} in the \
                     store: the rows are of another session, or those of {on} are wrong"
                ),
                format!(
                    "{of}只股票中有{breaks}只的前收盘价不是库中{on}的收盘价：这些行属于另一个交易日，或\
                     {on}的数据有误"
                ),
            ));
        }
        let is_share = |symbol: &&Symbol| matches!(symbol.kind(), SecurityKind::Stock(_));
        let came: BTreeSet<Symbol> = rows.iter().map(|(symbol, _)| *symbol).collect();
        let traded: Vec<&Symbol> = self.closes.keys().filter(is_share).collect();
        let absent: Vec<&Symbol> =
            traded.iter().copied().filter(|symbol| !came.contains(symbol)).collect();
        let (Some(first), count, of) = (absent.first(), absent.len(), traded.len()) else {
            return Ok(None);
        };
        let said = Wording::new(
            format!(
                "{count} of {of} shares that traded in the session before ({on}) have no row, such \
                 as {first}"
            ),
            format!("上一交易日（{on}）有成交的{of}只股票中，{count}只没有数据，如{first}"),
        );
        match of >= SHARES_MIN && count * ABSENT_ONE_IN > of {
            true => Err(said),
            false => Ok(Some(said)),
        }
    }

    /// Refuses a session's levels of indices that cannot follow on those of this one.
    fn hold_indices(&self, rows: &[(Symbol, IndexBar)]) -> Result<(), Wording> {
        // No share may move further in a session than by three tenths, but for its first ones.
        let follows = |close: i64, before: &i64| close * 3 >= before * 2 && close * 2 <= before * 3;
        for (symbol, bar) in rows {
            let Some(closes) = self.closes.get(symbol) else { continue };
            let close = bar.close.units();
            if !closes.iter().any(|before| follows(close, before)) {
                let on = self.session;
                return Err(Wording::new(
                    format!(
                        "the level of {symbol} is more than half away from its level of {on} in the \
                         store: it is in another unit, or of another index"
                    ),
                    format!(
                        "{symbol}的点位与库中{on}的点位相差一半以上：单位不同，或属于另一个指数"
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// Holds the rows of a session to those of the session before, if the store has it. Returns what is to
/// be said of them.
///
/// # Errors
/// [`Error::NotCredible`] if they cannot follow on it; if the store cannot be read.
pub(super) fn hold_to_before(
    store: &Store,
    import: &Import,
    dataset: &'static str,
    session: SessionDate,
) -> Result<Option<Wording>, Error> {
    let Ok(Some(before)) = store.rulebook().calendar().back(session, 1) else { return Ok(None) };
    let refused = |reason| Error::NotCredible { dataset, reason };
    let mut said = None;
    for (table, batch) in &import.batches {
        match table {
            Table::DailyBar => {
                let mut rows = daily_bar_rows(batch)?;
                rows.retain(|(_, bar)| bar.session == session);
                let before = Before::of(store, *table, before)?;
                said = before.hold_shares(&rows).map_err(refused)?;
            }
            Table::IndexBar => {
                let mut rows = index_bar_rows(batch)?;
                rows.retain(|(_, bar)| bar.session == session);
                Before::of(store, *table, before)?.hold_indices(&rows).map_err(refused)?;
            }
            _ => {}
        }
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use fupan_market::{Exchange, Fen, Price, Traded, Turnover, TurnoverBasis};

    use super::*;

    fn on(day: &str) -> SessionDate {
        day.parse().unwrap()
    }

    fn share(number: usize) -> Symbol {
        Symbol::new(Exchange::Sse, 600_000 + u32::try_from(number).unwrap()).unwrap()
    }

    fn price(units: i64) -> Price {
        Price::from_units(units).unwrap()
    }

    fn bar(number: usize, prev: i64) -> (Symbol, DailyBar) {
        let [open, high, low, last] = [price(prev); 4];
        let turnover = Turnover { fen: Fen(1), basis: TurnoverBasis::Reported };
        let traded = Traded { open, high, low, last, volume: 100, turnover };
        let (session, prev_close) = (on("2026-02-12"), Some(price(prev)));
        (share(number), DailyBar { session, prev_close, traded: Some(traded) })
    }

    fn before(shares: usize) -> Before {
        let close = |number| (share(number), BTreeSet::from([100_000, 100_100]));
        Before { session: on("2026-02-11"), closes: (0..shares).map(close).collect() }
    }

    #[test]
    fn one_previous_close_in_five_may_be_another() {
        for (shares, breaks, refused) in [(49, 49, false), (50, 10, false), (50, 11, true)] {
            let prev = |number| if number < breaks { 99_900 } else { 100_100 };
            let rows: Vec<_> = (0..shares).map(|number| bar(number, prev(number))).collect();
            let told = before(shares).hold_shares(&rows);
            assert_eq!(told.is_err(), refused, "{shares} {breaks}: {told:?}");
            if let Err(told) = told {
                assert!(told.en.contains("11 of 50 shares"), "{told:?}");
            }
        }
        let mut still: Vec<_> = (0..60).map(|number| bar(number, 99_900)).collect();
        still.iter_mut().for_each(|(_, bar)| bar.traded = None);
        assert_eq!(before(60).hold_shares(&still), Ok(None));
    }

    #[test]
    fn one_share_in_four_may_be_absent_and_that_is_said() {
        for (came, told) in [(60, None), (59, Some(false)), (45, Some(false)), (44, Some(true))] {
            let rows: Vec<_> = (0..came).map(|number| bar(number, 100_000)).collect();
            let (refused, said) = match before(60).hold_shares(&rows) {
                Ok(said) => (false, said),
                Err(said) => (true, Some(said)),
            };
            assert_eq!(said.as_ref().map(|_| refused), told, "{came}: {said:?}");
            let first = share(came).to_string();
            assert!(said.is_none_or(|said| said.en.contains(&first) && said.zh.contains(&first)));
        }
        // Of a few shares nothing follows.
        assert!(before(49).hold_shares(&[bar(1, 100_000)]).unwrap().is_some());
    }

    #[test]
    fn an_index_moves_by_less_than_half() {
        let index = Symbol::new(Exchange::Sse, 1).unwrap();
        let session = on("2026-02-12");
        let before = Before {
            session: on("2026-02-11"),
            closes: BTreeMap::from([(index, BTreeSet::from([30_000_000]))]),
        };
        for (units, refused) in
            [(20_000_000, false), (19_999_999, true), (45_000_000, false), (45_000_001, true)]
        {
            let [open, high, low, close] = [price(units); 4];
            let bar = IndexBar { session, open, high, low, close, turnover: Some(Fen(1)) };
            assert_eq!(before.hold_indices(&[(index, bar)]).is_err(), refused, "{units}");
            let other = Symbol::new(Exchange::Szse, 399_001).unwrap();
            assert_eq!(before.hold_indices(&[(other, bar)]), Ok(()));
        }
    }
}
