//! Indices inside a session: their levels up to an instant, and the turnover at the same moment of the
//! session before.

use std::collections::BTreeMap;

use fupan_fact::{AsOf, InputRef};
use fupan_market::{
    Finding, FindingKind, IndexQuote, SessionDate, Symbol, TRACKED_INDICES, Wording,
};
use fupan_measure::IndexMoment;
use fupan_store::{IndexQuotes, SourceChoice, Store};

use crate::instant::gaps::traded_between;
use crate::instant::{input_of, reads_until, store};
use crate::{Error, Market};

/// A level counts for so many seconds of trading; from then on the index is not known. Vendors state
/// levels every few seconds or every minute.
const LASTS: u32 = 180;

/// The levels of the tracked indices in a session, as far as they are known.
#[derive(Debug)]
pub(crate) struct IndexLevels {
    session: SessionDate,
    /// By index, the earliest first.
    quotes: BTreeMap<Symbol, Vec<IndexQuote>>,
    /// The previous session, and its levels.
    before: Option<(SessionDate, IndexQuotes)>,
    inputs: Vec<InputRef>,
    findings: Vec<Finding>,
}

impl IndexLevels {
    /// Those of a session that a store has, and those of the session before.
    pub fn of(market: &Market, session: SessionDate) -> Result<IndexLevels, Error> {
        let (store, choice) = store(market)?;
        IndexLevels::read(store, session, choice)
    }

    /// Those of one session before its first level.
    pub fn none(session: SessionDate) -> IndexLevels {
        let (quotes, inputs) = (BTreeMap::new(), Vec::new());
        IndexLevels { session, quotes, before: None, inputs, findings: Vec::new() }
    }

    /// The same by a choice of the session's own source.
    pub fn read(
        store: &Store,
        session: SessionDate,
        choice: &SourceChoice,
    ) -> Result<IndexLevels, Error> {
        let now = store.index_quotes(session, choice)?;
        let before = match store.rulebook().calendar().back(session, 1)? {
            Some(before) => Some((before, store.index_quotes(before, &SourceChoice::Best)?)),
            None => None,
        };
        let of_before = before.iter().flat_map(|(_, quotes)| quotes.inputs());
        let inputs = now.inputs().iter().chain(of_before).map(input_of).collect();
        let of_before = before.iter().filter_map(|(_, quotes)| quotes.findings());
        let findings = now.findings().into_iter().chain(of_before).collect();
        let mut levels = IndexLevels { before, inputs, findings, ..IndexLevels::none(session) };
        for (symbol, quotes) in now.all() {
            quotes.iter().for_each(|quote| _ = levels.take(symbol, quote));
        }
        Ok(levels)
    }

    /// Takes a level in; returns whether it says something new. Of two of one time, the one of more
    /// turnover is the later one.
    pub fn take(&mut self, symbol: Symbol, quote: &IndexQuote) -> bool {
        if !TRACKED_INDICES.iter().any(|index| index.is(symbol)) {
            return false;
        }
        let quotes = self.quotes.entry(symbol).or_default();
        match quotes.binary_search_by_key(&quote.time, |known| known.time) {
            Ok(place) if quotes[place].turnover >= quote.turnover => return false,
            Ok(place) => quotes[place] = *quote,
            Err(place) => quotes.insert(place, *quote),
        }
        true
    }

    /// All that is known, in the order of times.
    pub fn rows(&self) -> Vec<(SessionDate, Symbol, IndexQuote)> {
        let mut rows: Vec<_> = (self.quotes.iter())
            .flat_map(|(symbol, quotes)| quotes.iter().map(|q| (self.session, *symbol, *q)))
            .collect();
        rows.sort_by_key(|(_, symbol, quote)| {
            (quote.time, symbol.code(), symbol.exchange().suffix())
        });
        rows
    }

    /// The indices at an instant.
    pub fn moment(&self, second: u32) -> IndexMoment {
        let until = reads_until(self.session, second);
        let known = self.last_by(until).filter(|(_, quote)| is_fresh(quote, second)).collect();
        let turnover_before = match &self.before {
            Some((before, quotes)) => {
                let then = quotes.at(reads_until(*before, second));
                let fresh = then.filter(|(_, quote)| is_fresh(quote, second));
                fresh.filter_map(|(symbol, quote)| Some((symbol, quote.turnover?))).collect()
            }
            None => BTreeMap::new(),
        };
        IndexMoment { quotes: known, turnover_before }
    }

    fn last_by(&self, second: u32) -> impl Iterator<Item = (Symbol, IndexQuote)> + '_ {
        self.quotes.iter().filter_map(move |(symbol, quotes)| {
            let past = quotes.partition_point(|quote| quote.time <= second);
            Some((*symbol, *quotes[..past].last()?))
        })
    }

    /// The files that levels are taken from; none if nothing is known of the session.
    pub fn inputs(&self) -> impl Iterator<Item = InputRef> + '_ {
        self.inputs.iter().filter(|_| !self.quotes.is_empty()).cloned()
    }

    /// What a reader must know of the levels at an instant.
    pub fn findings(&self, second: u32) -> Vec<Finding> {
        let until = reads_until(self.session, second);
        let old: Vec<_> =
            self.last_by(until).filter(|(_, quote)| !is_fresh(quote, second)).collect();
        let mut findings = self.findings.clone();
        if let Some((symbol, quote)) = old.first() {
            let (count, last) = (old.len(), AsOf::Instant(quote.time));
            findings.push(Finding {
                kind: FindingKind::MissingData,
                count: count as u64,
                subject: "index_quote".to_owned(),
                detail: Wording::new(
                    format!(
                        "{count} indices have no level of the last minutes, for example {symbol}, \
                         whose last one is of {last}; no figure is given of them."
                    ),
                    format!(
                        "{count}只指数缺最近几分钟的点位（如{symbol}，止于{last}），不给出其数字。"
                    ),
                ),
                hint: Wording::new(
                    "Import levels of that time from another source, if there are any.",
                    "如有其他来源的这段指数点位，请导入。",
                ),
                place: None,
            });
        }
        findings
    }
}

/// Whether a level says how an index stands at an instant.
fn is_fresh(quote: &IndexQuote, second: u32) -> bool {
    traded_between(quote.time.min(second), second) <= LASTS
}

#[cfg(test)]
mod tests {
    use fupan_market::{Fen, Price};

    use super::*;

    const TEN: u32 = 36_000;

    fn quote(time: u32, fen: i64) -> IndexQuote {
        let last = Price::from_fen(300_000 + fen).unwrap();
        IndexQuote { time, last, range: None, turnover: Some(Fen(fen)) }
    }

    fn levels(quotes: &[(&str, IndexQuote)]) -> IndexLevels {
        let mut levels = IndexLevels::none("2026-02-12".parse().unwrap());
        quotes.iter().for_each(|(symbol, quote)| _ = levels.take(symbol.parse().unwrap(), quote));
        levels
    }

    /// In whatever order levels come, the last by an instant counts, and of one time that of the
    /// largest turnover.
    #[test]
    fn the_last_level_by_an_instant_counts() {
        let quotes = [quote(TEN, 5), quote(TEN + 60, 7), quote(TEN + 60, 9), quote(TEN + 120, 11)];
        let forwards = quotes.map(|quote| ("000001.SH", quote));
        let mut backwards = forwards;
        backwards.reverse();
        for order in [forwards, backwards] {
            let levels = levels(&order);
            let at = |second: u32| levels.moment(second).quotes.first().map(|(_, quote)| *quote);
            assert_eq!(at(TEN - 1), None);
            assert_eq!(at(TEN), Some(quotes[0]));
            assert_eq!(at(TEN + 119), Some(quotes[2]));
            assert_eq!(levels.rows().len(), 3);
        }
    }

    /// An index whose levels have ended is not known, and that is said.
    #[test]
    fn an_old_level_is_none() {
        let noon = 11 * 3600 + 1800;
        let levels = levels(&[
            ("000001.SH", quote(noon, 5)),
            ("399001.SZ", quote(noon - 181, 5)),
            ("000016.SH", quote(noon, 5)),
        ]);
        let known = |second: u32| {
            let quotes = levels.moment(second).quotes;
            quotes.into_iter().map(|(symbol, _)| symbol.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(known(noon), ["000001.SH"]);
        assert_eq!(known(13 * 3600 + 180), ["000001.SH"]);
        assert_eq!(known(13 * 3600 + 181), [""; 0]);
        let said = |second: u32| levels.findings(second).first().map(|finding| finding.count);
        assert_eq!([said(noon - 181), said(noon), said(13 * 3600 + 181)], [None, Some(1), Some(2)]);
    }
}
