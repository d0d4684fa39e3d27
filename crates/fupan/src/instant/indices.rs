//! Indices inside a session: their levels up to an instant, and the turnover at the same moment of the
//! session before.

use std::cmp::Reverse;

use fupan_fact::{AsOf, InputRef};
use fupan_market::{Finding, FindingKind, IndexQuote, SessionDate, Symbol, TrackedIndex, Wording};
use fupan_measure::IndexMoment;
use fupan_store::{IndexQuotes, IndexSeries, SourceChoice, Store};

use crate::instant::gaps::traded_between;
use crate::instant::{input_of, reads_until, store};
use crate::{Error, Market};

/// A level counts for so many seconds of trading, or for so many times as long as it takes from one to
/// the next as a rule, up to a quarter of an hour; from then on the index is not known. Vendors state
/// levels every few seconds or every minute, and a watch may ask less often.
const LASTS: u32 = 180;
const TIMES_USUAL: u32 = 2;
const LASTS_MOST: u32 = 900;

/// The levels of the tracked indices in a session, as far as they are known.
#[derive(Debug)]
pub(crate) struct IndexLevels {
    session: SessionDate,
    series: Vec<IndexSeries>,
    /// The source that is preferred.
    named: Option<String>,
    /// The previous session, and its levels.
    before: Option<(SessionDate, IndexQuotes)>,
    inputs: Vec<InputRef>,
    findings: Vec<Finding>,
}

impl IndexLevels {
    /// Those of a session before its first level.
    pub fn none(session: SessionDate) -> IndexLevels {
        let (series, inputs, findings) = (Vec::new(), Vec::new(), Vec::new());
        IndexLevels { session, series, named: None, before: None, inputs, findings }
    }

    /// Those of a session that a store has, and those of the session before.
    pub fn of(market: &Market, session: SessionDate) -> Result<IndexLevels, Error> {
        let (store, choice) = store(market)?;
        let levels = IndexLevels::read(store, session, &|_| true)?;
        let named = match choice {
            SourceChoice::Named(name) => Some(name.clone()),
            SourceChoice::Best => None,
        };
        Ok(IndexLevels { named, ..levels })
    }

    /// Those of some sources alone.
    pub fn read(
        store: &Store,
        session: SessionDate,
        takes: &dyn Fn(&str) -> bool,
    ) -> Result<IndexLevels, Error> {
        let now = store.index_quotes(session)?;
        let before = match store.rulebook().calendar().back(session, 1)? {
            Some(before) => Some((before, store.index_quotes(before)?)),
            None => None,
        };
        let of_before = before.iter().flat_map(|(_, quotes)| quotes.inputs());
        let inputs = now.inputs().iter().chain(of_before).map(input_of);
        let inputs = inputs.filter(|input| takes(&input.source)).collect();
        let of_before = before.iter().filter_map(|(_, quotes)| quotes.findings());
        let findings = now.findings().into_iter().chain(of_before).collect();
        let is_tracked = |own: &&IndexSeries| TrackedIndex::of(own.symbol).is_some();
        let series = now.series().iter().filter(|own| takes(&own.source)).filter(is_tracked);
        let series = series.cloned().collect();
        Ok(IndexLevels { series, before, inputs, findings, ..IndexLevels::none(session) })
    }

    /// Takes a level of a source in; returns whether it says something new. Of two of one time, the
    /// one of more turnover is the later one.
    pub fn take(&mut self, source: &str, symbol: Symbol, quote: &IndexQuote) -> bool {
        if TrackedIndex::of(symbol).is_none() {
            return false;
        }
        let is_its = |own: &IndexSeries| own.symbol == symbol && own.source == source;
        let place = self.series.iter().position(is_its).unwrap_or_else(|| {
            let (source, quotes) = (source.to_owned(), Vec::new());
            self.series.push(IndexSeries { symbol, source, quotes });
            self.series.len() - 1
        });
        let quotes = &mut self.series[place].quotes;
        match quotes.binary_search_by_key(&quote.time, |known| known.time) {
            Ok(place) if quotes[place].turnover >= quote.turnover => return false,
            Ok(place) => quotes[place] = *quote,
            Err(place) => quotes.insert(place, *quote),
        }
        true
    }

    /// All that is known, in the order of times.
    pub fn rows(&self) -> Vec<(SessionDate, Symbol, IndexQuote)> {
        let of = |own: &IndexSeries| {
            let symbol = own.symbol;
            own.quotes.clone().into_iter().map(move |quote| (symbol, quote))
        };
        let rows = self.series.iter().flat_map(of);
        let mut rows: Vec<_> = rows.map(|(symbol, quote)| (self.session, symbol, quote)).collect();
        let text = |symbol: &Symbol| (symbol.code(), symbol.exchange().suffix());
        rows.sort_by_key(|(_, symbol, quote)| (quote.time, text(symbol)));
        rows
    }

    /// Whether nothing is known of the session.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// The indices at an instant. Turnover of the session before is that of the same source: publishers
    /// differ in whose turnover it is.
    pub fn moment(&self, second: u32) -> IndexMoment {
        let mut moment = IndexMoment::default();
        for (own, quote) in self.chosen(second) {
            moment.quotes.push((own.symbol, *quote));
            let of_before = self.before.as_ref().and_then(|(before, quotes)| {
                let is_same =
                    |one: &&IndexSeries| one.symbol == own.symbol && one.source == own.source;
                let series = quotes.series().iter().find(is_same)?;
                // At the time of this session's level, which may be earlier than the instant.
                let then = series.by(reads_until(*before, quote.time))?;
                let age = traded_between(then.time.min(quote.time), quote.time);
                then.turnover.filter(|_| age <= LASTS)
            });
            moment.turnover_before.extend(of_before.map(|fen| (own.symbol, fen)));
        }
        moment
    }

    /// The level of each index that says how it stands at an instant. Of several sources the one that
    /// is preferred counts, then the one with the latest level, then one with turnover, then the first
    /// by name.
    fn chosen(&self, second: u32) -> Vec<(&IndexSeries, &IndexQuote)> {
        let until = reads_until(self.session, second);
        let mut known: Vec<_> = (self.series.iter())
            .filter_map(|own| Some((own, own.by(until)?)))
            .filter(|(own, quote)| is_fresh(own, quote, second))
            .collect();
        known.sort_by_key(|(own, quote)| {
            let is_named = self.named.as_ref() == Some(&own.source);
            let rank = (!is_named, Reverse(quote.time), quote.turnover.is_none());
            (own.symbol, rank, own.source.as_str())
        });
        known.dedup_by_key(|(own, _)| own.symbol);
        known
    }

    /// The files that levels are taken from; none if nothing is known of the session.
    pub fn inputs(&self) -> impl Iterator<Item = InputRef> + '_ {
        self.inputs.iter().filter(|_| !self.is_empty()).cloned()
    }

    /// What a reader must know of the levels at an instant.
    pub fn findings(&self, second: u32) -> Vec<Finding> {
        let until = reads_until(self.session, second);
        let chosen = self.chosen(second);
        let is_known = |own: &IndexSeries| chosen.iter().any(|(one, _)| one.symbol == own.symbol);
        let mut old: Vec<_> = (self.series.iter())
            .filter(|own| !is_known(own))
            .filter_map(|own| Some((own.symbol, own.by(until)?.time)))
            .collect();
        old.sort_by_key(|(symbol, time)| (*symbol, Reverse(*time)));
        old.dedup_by_key(|(symbol, _)| *symbol);
        let mut findings = self.findings.clone();
        if let Some((symbol, time)) = old.first() {
            let (count, last) = (old.len(), AsOf::Instant(*time));
            findings.push(Finding {
                kind: FindingKind::MissingData,
                count: count as u64,
                subject: "index_quote".to_owned(),
                detail: Wording::new(
                    format!(
                        "Indices without a level of the last minutes: {count}, for example {symbol}, \
                         whose last one is of {last}; no figure is given of them."
                    ),
                    format!("{count}只指数缺最近几分钟的点位（如{symbol}，止于{last}），不给出其数字。"),
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
fn is_fresh(of: &IndexSeries, quote: &IndexQuote, second: u32) -> bool {
    let age = traded_between(quote.time.min(second), second);
    if age <= LASTS {
        return true;
    }
    // How far levels are apart as a rule, up to this one.
    let until = of.quotes.partition_point(|known| known.time <= quote.time);
    let pairs = of.quotes[..until].windows(2);
    let mut steps: Vec<u32> = pairs.map(|two| traded_between(two[0].time, two[1].time)).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len() / 2).copied().unwrap_or(0);
    age <= usual.saturating_mul(TIMES_USUAL).min(LASTS_MOST)
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
        for (symbol, quote) in quotes {
            levels.take("made", symbol.parse().unwrap(), quote);
        }
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

    /// Of several sources the latest level counts, however their names are sorted; one that is asked
    /// for comes first as long as it is not old.
    #[test]
    fn a_source_that_ended_gives_way_to_one_that_goes_on() {
        let index: Symbol = "000001.SH".parse().unwrap();
        let mut levels = levels(&[("000001.SH", quote(TEN, 5))]);
        levels.take("watch", index, &quote(TEN - 3, 4));
        levels.take("watch", index, &quote(TEN + 600, 9));
        let fen = |levels: &IndexLevels, second: u32| {
            let quotes = levels.moment(second).quotes;
            quotes.first().and_then(|(_, quote)| quote.turnover).map(|fen| fen.0)
        };
        assert_eq!([TEN, TEN + 600].map(|second| fen(&levels, second)), [Some(5), Some(9)]);
        assert_eq!(levels.findings(TEN + 600), []);
        levels.named = Some("watch".to_owned());
        assert_eq!([TEN, TEN + 600].map(|second| fen(&levels, second)), [Some(4), Some(9)]);
    }

    /// Where levels come every five minutes, one lasts longer; between the opening auction and the
    /// first trades nothing grows old.
    #[test]
    fn a_level_lasts_by_the_pace_at_which_levels_come() {
        let apart: Vec<_> = (0..5).map(|n| ("000001.SH", quote(TEN + n * 300, 5))).collect();
        let levels_apart = levels(&apart);
        let known = |levels: &IndexLevels, second: u32| levels.moment(second).quotes.len();
        assert_eq!([600, 601].map(|age| known(&levels_apart, TEN + 1_200 + age)), [1, 0]);
        let auction = levels(&[("000001.SH", quote(9 * 3600 + 25 * 60, 5))]);
        assert_eq!([9 * 3600 + 1_980, 9 * 3600 + 1_981].map(|at| known(&auction, at)), [1, 0]);
    }
}
