//! The indices that a review follows.

use jiff::civil::{Date, date};

use crate::{Exchange, SessionDate, Symbol, Wording};

/// An index that a review follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackedIndex {
    exchange: Exchange,
    code: u32,
    names: [&'static str; 2],
    /// The base date of an index that is younger than the data may be, from its publisher's
    /// methodology.
    based_on: Option<Date>,
}

/// The indices that a review follows, in the order they are shown.
pub const TRACKED_INDICES: [TrackedIndex; 9] = [
    index(Exchange::Sse, 1, ["SSE Composite", "上证指数"], None),
    index(Exchange::Szse, 399_001, ["SZSE Component", "深证成指"], None),
    index(Exchange::Szse, 399_006, ["ChiNext", "创业板指"], None),
    index(Exchange::Sse, 688, ["STAR 50", "科创50"], Some(date(2019, 12, 31))),
    index(Exchange::Sse, 680, ["STAR Composite", "科创综指"], Some(date(2019, 12, 31))),
    index(Exchange::Sse, 300, ["CSI 300", "沪深300"], None),
    index(Exchange::Sse, 905, ["CSI 500", "中证500"], None),
    index(Exchange::Sse, 852, ["CSI 1000", "中证1000"], None),
    index(Exchange::Bse, 899_050, ["BSE 50", "北证50"], Some(date(2022, 4, 29))),
];

/// Codes of Shenzhen and of Shanghai under which one index is published.
const TWICE_PUBLISHED: [(u32, u32); 6] = [
    (399_300, 300),
    (399_852, 852),
    (399_903, 903),
    (399_904, 904),
    (399_905, 905),
    (399_906, 906),
];

/// The Shanghai code of an index of China Securities Index that Shenzhen publishes under a code of its
/// own: `000300.SH` for `399300.SZ`, the CSI 300. `None` for every other symbol.
pub fn shanghai_code(symbol: Symbol) -> Option<Symbol> {
    let of_both =
        |(szse, _): &(u32, u32)| (symbol.exchange(), symbol.code()) == (Exchange::Szse, *szse);
    let (_, sse) = TWICE_PUBLISHED.into_iter().find(of_both)?;
    Symbol::new(Exchange::Sse, sse).ok()
}

const fn index(
    exchange: Exchange,
    code: u32,
    names: [&'static str; 2],
    based_on: Option<Date>,
) -> TrackedIndex {
    TrackedIndex { exchange, code, names, based_on }
}

impl TrackedIndex {
    /// The tracked index with a symbol.
    pub fn of(symbol: Symbol) -> Option<TrackedIndex> {
        TRACKED_INDICES.into_iter().find(|index| index.is(symbol))
    }

    /// Whether a symbol is this index's.
    pub fn is(self, symbol: Symbol) -> bool {
        (symbol.exchange(), symbol.code()) == (self.exchange, self.code)
    }

    /// Its symbol.
    pub fn symbol(self) -> Symbol {
        // The codes are constants, and a test parses each.
        Symbol::new(self.exchange, self.code)
            .unwrap_or_else(|error| unreachable!("a code of an index: {error}"))
    }

    /// Whether it has bars in a session: none are expected up to its base date.
    pub fn has_bar_in(self, session: SessionDate) -> bool {
        self.based_on.is_none_or(|base| SessionDate::from(base) < session)
    }

    /// Its name, for readers.
    pub fn name(self) -> Wording {
        let [en, zh] = self.names;
        Wording::new(en, zh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecurityKind;

    #[test]
    fn each_is_an_index_and_is_found_by_its_symbol() {
        for index in TRACKED_INDICES {
            let symbol = index.symbol();
            assert_eq!(symbol.kind(), SecurityKind::Index, "{symbol}");
            assert_eq!(TrackedIndex::of(symbol), Some(index));
        }
        assert_eq!(TrackedIndex::of("000016.SH".parse().unwrap()), None);
        // The same digits on another exchange are a stock.
        assert_eq!(TrackedIndex::of("000001.SZ".parse().unwrap()), None);
        assert_eq!(TRACKED_INDICES[3].name(), Wording::new("STAR 50", "科创50"));
    }

    #[test]
    fn an_index_has_bars_after_its_base_date() {
        let has = |symbol: &str, date: &str| {
            let index = TrackedIndex::of(symbol.parse().unwrap()).unwrap();
            index.has_bar_in(date.parse().unwrap())
        };
        assert!(!has("000688.SH", "2019-12-30") && !has("000688.SH", "2019-12-31"));
        assert!(has("000688.SH", "2020-01-02"));
        assert!(!has("899050.BJ", "2022-04-29") && has("899050.BJ", "2022-05-05"));
        assert!(has("000001.SH", "1990-12-19"));
    }

    #[test]
    fn an_index_of_both_exchanges_has_one_code() {
        let of = |text: &str| shanghai_code(text.parse().unwrap()).map(|code| code.to_string());
        assert_eq!(of("399300.SZ").as_deref(), Some("000300.SH"));
        assert_eq!(of("399905.SZ").as_deref(), Some("000905.SH"));
        for other in ["000300.SH", "399001.SZ", "399006.SZ", "000300.SZ", "600519.SH"] {
            assert_eq!(of(other), None, "{other}");
        }
        for (_, code) in TWICE_PUBLISHED {
            assert!(Symbol::new(Exchange::Sse, code).is_ok(), "{code}");
        }
    }
}
