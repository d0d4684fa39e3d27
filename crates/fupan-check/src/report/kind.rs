//! Kinds of claims.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$about:meta])+ $name:ident = $id:literal, $en:literal, $zh:literal;)+) => {
        /// What a claim is about.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum ClaimKind {
            $($(#[$about])+ $name,)+
        }

        impl ClaimKind {
            /// Every kind.
            pub const ALL: &'static [ClaimKind] = &[$(ClaimKind::$name),+];

            /// The identifier, as in JSON.
            pub const fn id(self) -> &'static str {
                match self { $(ClaimKind::$name => $id,)+ }
            }

            /// The kind in words.
            pub fn wording(self) -> fupan_market::Wording {
                match self { $(ClaimKind::$name => fupan_market::Wording::new($en, $zh),)+ }
            }
        }
    };
}

kinds! {
    /// An index's return of the session.
    IndexReturn = "index_return", "index return", "指数涨跌幅";
    /// An index's change in points.
    IndexPoints = "index_points", "index change in points", "指数涨跌点数";
    /// An index's level.
    IndexLevel = "index_level", "index level", "指数点位";
    /// How an index opened.
    IndexOpen = "index_open", "index open", "指数开盘";
    /// An index's highest level of the session.
    IndexHigh = "index_high", "index high", "指数最高";
    /// An index's lowest level of the session.
    IndexLow = "index_low", "index low", "指数最低";
    /// An index that rose or fell for several sessions.
    IndexRun = "index_run", "index run", "指数连涨连跌";
    /// An index's return over a week, month, year or number of sessions.
    IndexPeriodReturn = "index_period_return", "index return over a period", "指数区间涨跌幅";
    /// An index's highest or lowest since a day or in a time.
    IndexExtreme = "index_extreme", "index extreme", "指数新高新低";
    /// A level that an index crossed, held or lost.
    IndexCrossing = "index_crossing", "level crossed by an index", "指数突破或失守";
    /// A security's return of the session.
    SecurityReturn = "security_return", "security return", "个股涨跌幅";
    /// A security's price.
    SecurityPrice = "security_price", "security price", "个股价格";
    /// A security at its price limit.
    SecurityLimit = "security_limit", "security at its limit", "个股涨跌停";
    /// A security's consecutive limit-ups or limit-downs.
    SecurityStreak = "security_streak", "security's limit streak", "个股连板";
    /// A security's turnover or turnover rate.
    SecurityTurnover = "security_turnover", "security turnover", "个股成交";
    /// A security's market value.
    SecurityMarketValue = "security_market_value", "security market value", "个股市值";
    /// A security's highest or lowest price since a day or in a time.
    SecurityExtreme = "security_extreme", "security extreme", "个股新高新低";
    /// A security's return over several sessions.
    SecurityPeriodReturn = "security_period_return", "security return over a period", "个股区间涨跌幅";
    /// How many shares rose, fell or did not move.
    Breadth = "breadth", "advances and declines", "涨跌家数";
    /// How many shares closed at their limit.
    LimitCount = "limit_count", "limit-ups and limit-downs", "涨跌停家数";
    /// How many shares touched their limit and did not close at it.
    BrokenLimitCount = "broken_limit_count", "broken limit-ups", "炸板家数";
    /// The share of touched limits that held.
    SealRate = "seal_rate", "seal rate", "封板率";
    /// The longest streak of limit-ups in the market.
    HighestStreak = "highest_streak", "highest streak", "连板高度";
    /// The market's turnover.
    MarketTurnover = "market_turnover", "market turnover", "市场成交额";
    /// The market's turnover against another session.
    TurnoverChange = "turnover_change", "change of turnover", "成交额变化";
    /// For how many sessions turnover has been above or below a line, or rose or fell.
    TurnoverRun = "turnover_run", "run of turnover", "成交额持续";
    /// The highest or lowest turnover since a day or in a time.
    TurnoverExtreme = "turnover_extreme", "turnover extreme", "成交额新高新低";
    /// The mean or median return of the market.
    MarketReturn = "market_return", "market return", "市场涨跌幅";
    /// How many shares were at a new high or low.
    NewHighCount = "new_high_count", "new highs and lows", "新高新低家数";
    /// How much of turnover or of a move is with few.
    Concentration = "concentration", "concentration", "集中度";
    /// One subject against another.
    Comparison = "comparison", "comparison", "比较";
    /// What an industry or a theme did.
    GroupMove = "group_move", "move of an industry or theme", "板块涨跌";
    /// How many industries or themes, or how many shares of one, did something.
    GroupCount = "group_count", "count in industries or themes", "板块家数";
    /// A word with a defined meaning, such as narrow.
    Word = "word", "word with a defined meaning", "有定义的说法";
    /// Where a session lies in the calendar.
    Calendar = "calendar", "calendar", "日历";
    /// A multiple of earnings or book, or a yield.
    Valuation = "valuation", "valuation", "估值";
    /// Margin financing and lending.
    Margin = "margin", "margin financing", "融资融券";
    /// A fund's price or size.
    Fund = "fund", "fund", "基金";
    /// A market other than A-shares.
    OtherMarket = "other_market", "another market", "其他市场";
    /// Money that is said to come or go.
    Flow = "flow", "flow of money", "资金流向";
    /// An exchange rate.
    Currency = "currency", "currency", "汇率";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_as_its_identifier() {
        for kind in ClaimKind::ALL {
            let written = serde_json::to_string(kind).expect("a word");
            assert_eq!(written, format!("\"{}\"", kind.id()));
            assert!(!kind.wording().is_empty());
        }
        assert_eq!(ClaimKind::ALL.len(), 41);
    }
}
