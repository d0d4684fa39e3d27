//! Compares the daily bars of sources.

use std::collections::BTreeMap;

use fupan_market::{Codes, DailyBar, SessionDate, Symbol, Turnover, TurnoverBasis, Wording};

use crate::delta::log::DataFile;
use crate::read::daily_bars;
use crate::read::daily_bars::Window;
use crate::{SourceChoice, StoreError};

/// Calendar days compared, back from the last day that two sources share.
const COMPARED_DAYS: i32 = 30;

/// Some vendors state volumes in lots: equal volumes may differ by a lot.
const LOT: u64 = 100;

/// Vendors state turnover in units of up to ten thousand yuan; here in fen.
const ROUNDED_FEN: u64 = 1_000_000;

/// How two sources differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Disagreement {
    pub sources: [String; 2],
    pub from: SessionDate,
    pub to: SessionDate,
    /// Bars whose prices differ.
    pub prices: u64,
    /// Bars whose prices agree but whose volume or turnover differ by more than rounding.
    pub amounts: u64,
    /// The first bar that differs.
    pub first: (Symbol, SessionDate),
}

impl Disagreement {
    pub(crate) fn detail(&self) -> Wording {
        let Disagreement { sources: [a, b], from, to, prices, amounts, first } = self;
        Wording::new(
            format!(
                "`{a}` and `{b}` disagree between {from} and {to}: {prices} daily bars in prices, \
                 {amounts} in volume or turnover by more than rounding; the first is {} on {}.",
                first.0, first.1
            ),
            format!(
                "{from}至{to}之间，`{a}`与`{b}`有出入：{prices}条日线价格不同，{amounts}条成交量或\
                 成交额之差超出舍入；第一条是{1}的{0}。",
                first.0, first.1
            ),
        )
    }
}

/// Compares each pair of sources over the last days that both hold.
pub(crate) fn sources(files: &[DataFile], codes: &Codes) -> Result<Vec<Disagreement>, StoreError> {
    let by_source: Vec<&[DataFile]> = files.chunk_by(|a, b| a.source == b.source).collect();
    let mut found = Vec::new();
    for (index, own) in by_source.iter().enumerate() {
        for others in &by_source[index + 1..] {
            let Some((first, last)) = common(span(own), span(others)) else { continue };
            let first = first.max(last - COMPARED_DAYS);
            let dates = SessionDate::from_epoch_days(first).zip(SessionDate::from_epoch_days(last));
            let Some((from, to)) = dates else { continue };
            let window = Window::new(from, to);
            let (a, b) = (read(own, &window, codes)?, read(others, &window, codes)?);
            let pairs = a.iter().filter_map(|(key, a)| Some((*key, a, b.get(key)?)));
            let (mut prices, mut amounts, mut first) = (0, 0, None);
            for (key, a, b) in pairs {
                let (differ_in_prices, differ_in_amounts) = differ(a, b);
                prices += u64::from(differ_in_prices);
                amounts += u64::from(!differ_in_prices && differ_in_amounts);
                if first.is_none() && (differ_in_prices || differ_in_amounts) {
                    first = Some(key);
                }
            }
            if let Some(first) = first {
                let sources = [own[0].source.clone(), others[0].source.clone()];
                found.push(Disagreement { sources, from, to, prices, amounts, first });
            }
        }
    }
    Ok(found)
}

/// Whether two sources' bars differ in prices, and whether in volume or turnover. A reference price
/// or a turnover that only one of them has is not a difference.
fn differ(a: &DailyBar, b: &DailyBar) -> (bool, bool) {
    let prices = |bar: &DailyBar| bar.traded.map(|t| (t.open, t.high, t.low, t.last));
    let references = a.prev_close.zip(b.prev_close).is_some_and(|(a, b)| a != b);
    let amounts = a.traded.zip(b.traded).is_some_and(|(a, b)| {
        a.volume.abs_diff(b.volume) > LOT || !same_turnover(a.turnover, b.turnover)
    });
    (references || prices(a) != prices(b), amounts)
}

/// Whether two turnovers agree: within a thousandth, or within the rounding of small ones.
fn same_turnover(a: Turnover, b: Turnover) -> bool {
    if a.basis != TurnoverBasis::Reported || b.basis != TurnoverBasis::Reported {
        return true;
    }
    let apart = a.fen.0.abs_diff(b.fen.0);
    apart <= ROUNDED_FEN || apart <= a.fen.0.max(b.fen.0).unsigned_abs() / 1000
}

fn read(
    files: &[DataFile],
    window: &Window,
    codes: &Codes,
) -> Result<BTreeMap<(Symbol, SessionDate), DailyBar>, StoreError> {
    let bars = daily_bars::read(files, window, &SourceChoice::Best, codes)?;
    let securities = bars.securities.into_iter();
    Ok(securities
        .flat_map(|(symbol, bars)| bars.into_iter().map(move |bar| ((symbol, bar.session), bar)))
        .collect())
}

fn span(files: &[DataFile]) -> Option<(i32, i32)> {
    let ranges = || files.iter().filter_map(|file| file.sessions);
    ranges().map(|(first, _)| first).min().zip(ranges().map(|(_, last)| last).max())
}

fn common(a: Option<(i32, i32)>, b: Option<(i32, i32)>) -> Option<(i32, i32)> {
    let ((first, last), (from, to)) = (a?, b?);
    let range = (first.max(from), last.min(to));
    (range.0 <= range.1).then_some(range)
}

#[cfg(test)]
mod tests {
    use fupan_market::{Fen, Price, Traded};

    use super::*;

    fn bar(close: i64, volume: u64, fen: i64) -> DailyBar {
        let price = |fen| Price::from_fen(fen).unwrap();
        let turnover = Turnover { fen: Fen(fen), basis: TurnoverBasis::Reported };
        let (open, high, low, last) = (price(1000), price(1100), price(990), price(close));
        DailyBar {
            session: "2026-02-12".parse().unwrap(),
            prev_close: Some(price(1000)),
            traded: Some(Traded { open, high, low, last, volume, turnover }),
        }
    }

    #[test]
    fn rounding_is_no_disagreement_and_a_price_is() {
        let one = bar(1050, 1_000_016, 105_000_000_000);
        assert_eq!(differ(&one, &bar(1050, 1_000_000, 105_000_000_000)), (false, false));
        assert_eq!(differ(&one, &bar(1050, 1_000_000, 105_000_900_000)), (false, false));
        assert_eq!(differ(&one, &bar(1051, 1_000_016, 105_000_000_000)), (true, false));
        assert_eq!(differ(&one, &bar(1050, 1_000_117, 105_000_000_000)), (false, true));
        assert_eq!(differ(&one, &bar(1050, 1_000_016, 106_000_000_000)), (false, true));
        let without = DailyBar { prev_close: None, ..one };
        assert_eq!(differ(&one, &without), (false, false));
        let quiet = DailyBar { traded: None, ..one };
        assert_eq!(differ(&one, &quiet), (true, false));
    }
}
