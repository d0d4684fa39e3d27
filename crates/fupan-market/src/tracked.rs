//! The indices that a review follows.

use jiff::civil::{Date, date};

use crate::{Exchange, SessionDate, Symbol, Wording};

/// An index that a review follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackedIndex {
    exchange: Exchange,
    code: u32,
    names: [&'static str; 2],
    /// The base date of one that is younger than the data can be, from its publisher's methodology.
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

const fn index(
    exchange: Exchange,
    code: u32,
    names: [&'static str; 2],
    based_on: Option<Date>,
) -> TrackedIndex {
    TrackedIndex { exchange, code, names, based_on }
}

impl TrackedIndex {
    /// The one with a symbol.
    pub fn of(symbol: Symbol) -> Option<TrackedIndex> {
        TRACKED_INDICES.into_iter().find(|index| index.is(symbol))
    }

    /// Whether a symbol is its.
    pub fn is(self, symbol: Symbol) -> bool {
        (symbol.exchange(), symbol.code()) == (self.exchange, self.code)
    }

    /// Its symbol.
    pub fn symbol(self) -> Symbol {
        // Codes are written here, and a test reads each.
        Symbol::new(self.exchange, self.code)
            .unwrap_or_else(|error| unreachable!("a code of an index: {error}"))
    }

    /// Whether it has bars in a session: up to its base date there is nothing to miss.
    pub fn has_bar_in(self, session: SessionDate) -> bool {
        self.based_on.is_none_or(|base| SessionDate::from(base) < session)
    }

    /// What people call it.
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
    }
}
