//! Figures that any A-share has if it is asked for.
//!
//! A session has thousands of securities, so these figures are not among those of every session: a
//! review has the few of [`Measure::is_of_named`], and all of them are computed for the securities
//! that a reader names (`docs/decisions/0030-any-security-on-request.md`).

use fupan_fact::{Unit, Value};
use fupan_market::{
    ExtremeBasis, Lookback, MovingAverage, Price, PriceLimit, Return, SecurityDay, Shares, Touch,
    Traded,
};

use crate::measure::{Kind, Measure, Needs, RankedBy, Reported, Sql, Text, text};
use crate::total::arithmetic::div_half_away;
use crate::total::value::{of_unit, share, unknown};

const TRADED: Text = text("当日有成交的A股", "A-shares that traded in the session");
const LIMITED: Text = text(
    "当日有成交且有涨跌幅限制的A股",
    "A-shares that traded in the session under a price limit",
);
const PRICED: Text =
    text("当日有成交且昨收价已知的A股", "A-shares that traded and have a previous close");
const VALUED: Text =
    text("当日有成交且股本已知的A股", "A-shares that traded and whose share capital is known");

/// A figure of the prices of any security that traded.
const fn asked(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    sql: &'static str,
    read: fn(&SecurityDay) -> Option<Value>,
) -> Measure {
    let (reported, sql) = (Reported::OnRequest, Sql::Value(sql));
    let kind = Kind::Security { population: TRADED, reported, read, sql };
    Measure { id, label, definition, unit, version: 1, needs: Needs::PRICES, kind }
}

impl Measure {
    /// The same figure, resting on other data too.
    const fn resting_on(self, needs: Needs) -> Measure {
        Measure { needs: self.needs.and(needs), ..self }
    }

    /// The same figure, of securities under a price limit only.
    const fn of_limited(self) -> Measure {
        let Kind::Security { reported, read, sql, .. } = self.kind else { return self };
        let kind = Kind::Security { population: LIMITED, reported, read, sql };
        Measure { needs: Needs::LIMITS, kind, ..self }
    }

    /// The same figure, as a share of a whole in SQL.
    const fn of_whole(self, part: &'static str, whole: &'static str) -> Measure {
        let Kind::Security { population, reported, read, .. } = self.kind else { return self };
        let kind = Kind::Security { population, reported, read, sql: Sql::Share(part, whole) };
        Measure { kind, ..self }
    }
}

const fn rank(
    id: &'static str,
    label: Text,
    definition: Text,
    (population, needs): (Text, Needs),
    by: RankedBy,
    column: &'static str,
) -> Measure {
    let kind = Kind::Rank { population, by, column };
    Measure { id, label, definition, unit: Unit::Rank, version: 1, needs, kind }
}

/// The change of a price against the previous close.
fn over_prev_close(day: &SecurityDay, price: fn(&Traded) -> Price) -> Option<Value> {
    let price = price(&day.traded?);
    let change = day.prev_close.and_then(|prev_close| Return::between(prev_close, price));
    Some(change.map_or(unknown("no_prev_close"), |ppb| Value::Return { ppb }))
}

fn price(day: &SecurityDay, price: fn(&Traded) -> Price) -> Option<Value> {
    Some(Value::Price { price: price(&day.traded?) })
}

/// One of the day's limits; none on a day without.
fn limit(day: &SecurityDay, of: fn(Price, Price) -> Price) -> Option<Value> {
    day.traded?;
    match day.limit {
        PriceLimit::Limited { up, down } => Some(Value::Price { price: of(up, down) }),
        PriceLimit::Unlimited(_) => None,
        PriceLimit::Unknown(_) => Some(unknown("undetermined_limit")),
    }
}

/// Whether a limit was reached; nothing on a day without a limit.
fn touched(day: &SecurityDay, touch: Option<Touch>) -> Option<Value> {
    day.traded?;
    match (day.limit, touch) {
        (PriceLimit::Unlimited(_), _) => None,
        (_, Some(touch)) => Some(Value::Flag { holds: touch != Touch::None }),
        (_, None) => Some(unknown("undetermined_limit")),
    }
}

/// Some of the company's shares at the last price, in fen.
fn value_of(day: &SecurityDay, shares: fn(Shares) -> u64) -> Option<Value> {
    let last = i128::from(day.traded?.last.units());
    let Some(stated) = day.shares else { return Some(unknown("no_share_capital")) };
    let value = div_half_away(i128::from(shares(stated)) * last, Price::UNITS_PER_FEN.into());
    Some(value.map_or_else(|| unknown("out_of_range"), |fen| of_unit(Unit::Fen, fen)))
}

fn flag(day: &SecurityDay, holds: Option<bool>) -> Option<Value> {
    day.traded?;
    Some(holds.map_or_else(|| unknown("window_too_short"), |holds| Value::Flag { holds }))
}

/// Whether a price is beyond the security's own past prices of a look back.
macro_rules! own_extreme {
    (
        $id:literal, $of:ident $lookback:ident $basis:ident, $column:literal,
        $price_zh:literal $extreme_zh:literal $past_zh:literal,
        $price_en:literal $extreme_en:literal $past_en:literal $beyond_en:literal
    ) => {
        asked(
            $id,
            text(
                concat!($price_zh, "创", $past_zh, $extreme_zh),
                concat!("New ", $past_en, " ", $extreme_en, " (", $price_en, ")"),
            ),
            text(
                concat!($price_zh, "是否严格超出此前（", $past_zh, "）各日复权后的", $price_zh),
                concat!(
                    "Whether the day's ", $price_en, " is strictly ", $beyond_en,
                    " every adjusted ", $price_en, " of the past (", $past_en, ").",
                ),
            ),
            Unit::Flag,
            concat!("CAST(", $column, " AS BIGINT)"),
            |day| flag(day, day.$of(Lookback::$lookback, ExtremeBasis::$basis)),
        )
    };
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    asked(
        "open_price",
        text("开盘价", "Open"),
        text("当日第一笔成交价", "The first price of the session."),
        Unit::Yuan,
        "open",
        |day| price(day, |traded| traded.open),
    ),
    asked(
        "high_price",
        text("最高价", "High"),
        text("当日最高成交价", "The highest price of the session."),
        Unit::Yuan,
        "high",
        |day| price(day, |traded| traded.high),
    ),
    asked(
        "low_price",
        text("最低价", "Low"),
        text("当日最低成交价", "The lowest price of the session."),
        Unit::Yuan,
        "low",
        |day| price(day, |traded| traded.low),
    ),
    asked(
        "prev_close",
        text("昨收价", "Previous close"),
        text(
            "涨跌幅所依据的前收盘价，除权除息日为除权除息参考价",
            "The reference price of the day's change; on an ex-rights day the adjusted one.",
        ),
        Unit::Yuan,
        "CASE WHEN volume > 0 THEN prev_close END",
        |day| {
            day.traded?;
            let price = day.prev_close;
            Some(price.map_or_else(|| unknown("no_prev_close"), |price| Value::Price { price }))
        },
    ),
    asked(
        "open_return",
        text("开盘涨跌幅", "Opening gap"),
        text("开盘价除以昨收价再减一", "The open over the previous close, minus one."),
        Unit::Ppb,
        "open_ret",
        |day| over_prev_close(day, |traded| traded.open),
    ),
    asked(
        "high_return",
        text("最高涨跌幅", "Return at the high"),
        text("最高价除以昨收价再减一", "The high over the previous close, minus one."),
        Unit::Ppb,
        "CASE WHEN prev_close > 0 THEN CAST(round((high - prev_close) * 1e9 / prev_close) AS BIGINT) END",
        |day| over_prev_close(day, |traded| traded.high),
    ),
    asked(
        "low_return",
        text("最低涨跌幅", "Return at the low"),
        text("最低价除以昨收价再减一", "The low over the previous close, minus one."),
        Unit::Ppb,
        "CASE WHEN prev_close > 0 THEN CAST(round((low - prev_close) * 1e9 / prev_close) AS BIGINT) END",
        |day| over_prev_close(day, |traded| traded.low),
    ),
    asked(
        "amplitude",
        text("振幅", "Amplitude"),
        text("最高价与最低价之差除以昨收价", "The high minus the low, over the previous close."),
        Unit::Ppb,
        "CASE WHEN prev_close > 0 THEN CAST(round((high - low) * 1e9 / prev_close) AS BIGINT) END",
        |day| {
            let traded = day.traded?;
            let parts = day.prev_close.and_then(|prev_close| {
                let range = i128::from(traded.high.units() - traded.low.units());
                div_half_away(range * i128::from(Return::PARTS), prev_close.units().into())
            });
            Some(parts.map_or_else(|| unknown("no_prev_close"), |ppb| of_unit(Unit::Ppb, ppb)))
        },
    ),
    asked(
        "volume_of",
        text("成交量", "Volume"),
        text("当日成交股数", "Shares traded in the session."),
        Unit::Shares,
        "CASE WHEN volume > 0 THEN volume END",
        |day| Some(of_unit(Unit::Shares, day.traded?.volume.into())),
    ),
    asked(
        "turnover_rate",
        text("换手率", "Turnover rate"),
        text("当日成交股数占流通股本的比例", "Shares traded in the session, of the tradable ones."),
        Unit::Share,
        "",
        |day| {
            let volume = day.traded?.volume;
            Some(match day.shares {
                Some(stated) => share(volume.into(), stated.float.into()),
                None => unknown("no_share_capital"),
            })
        },
    )
    .of_whole("CASE WHEN volume > 0 THEN volume END", "float_shares")
    .resting_on(Needs::SHARES),
    asked(
        "market_value",
        text("总市值", "Market value"),
        text("总股本乘以最新价", "All shares at the last price."),
        Unit::Fen,
        "total_shares / 100 * close + (total_shares % 100 * close + 50) / 100",
        |day| value_of(day, |shares| shares.total),
    )
    .resting_on(Needs::SHARES),
    asked(
        "float_market_value",
        text("流通市值", "Tradable market value"),
        text("流通股本乘以最新价", "The tradable shares at the last price."),
        Unit::Fen,
        "float_shares / 100 * close + (float_shares % 100 * close + 50) / 100",
        |day| value_of(day, |shares| shares.float),
    )
    .resting_on(Needs::SHARES),
    asked(
        "limit_up_price",
        text("涨停价", "Limit-up price"),
        text("当日交易规则允许的最高价", "The highest price that the rules of the day allow."),
        Unit::Yuan,
        "CASE WHEN volume > 0 THEN limit_up END",
        |day| limit(day, |up, _| up),
    )
    .of_limited(),
    asked(
        "limit_down_price",
        text("跌停价", "Limit-down price"),
        text("当日交易规则允许的最低价", "The lowest price that the rules of the day allow."),
        Unit::Yuan,
        "CASE WHEN volume > 0 THEN limit_down END",
        |day| limit(day, |_, down| down),
    )
    .of_limited(),
    asked(
        "limit_up_touched",
        text("曾触及涨停", "Touched limit-up"),
        text("最高价是否等于涨停价", "Whether the high is the limit-up price."),
        Unit::Flag,
        "CASE WHEN limit_kind = 'limited' THEN CAST(high = limit_up AS BIGINT) END",
        |day| touched(day, day.limit_up_touch()),
    )
    .of_limited(),
    asked(
        "limit_down_touched",
        text("曾触及跌停", "Touched limit-down"),
        text("最低价是否等于跌停价", "Whether the low is the limit-down price."),
        Unit::Flag,
        "CASE WHEN limit_kind = 'limited' THEN CAST(low = limit_down AS BIGINT) END",
        |day| touched(day, day.limit_down_touch()),
    )
    .of_limited(),
    own_extreme!(
        "security_new_high_250", new_high Sessions250 Closing, "new_high",
        "收盘价" "新高" "二百五十日", "close" "high" "250-session" "above"
    ),
    own_extreme!(
        "security_intraday_high_250", new_high Sessions250 Intraday, "intraday_high",
        "最高价" "新高" "二百五十日", "high" "high" "250-session" "above"
    ),
    own_extreme!(
        "security_new_high_52w", new_high Weeks52 Closing, "new_high_52w",
        "收盘价" "新高" "五十二周", "close" "high" "52-week" "above"
    ),
    own_extreme!(
        "security_intraday_high_52w", new_high Weeks52 Intraday, "intraday_high_52w",
        "最高价" "新高" "五十二周", "high" "high" "52-week" "above"
    ),
    own_extreme!(
        "security_new_high_all_time", new_high AllTime Closing, "new_high_ever",
        "收盘价" "新高" "上市以来", "close" "high" "all-time" "above"
    ),
    own_extreme!(
        "security_intraday_high_all_time", new_high AllTime Intraday, "intraday_high_ever",
        "最高价" "新高" "上市以来", "high" "high" "all-time" "above"
    ),
    own_extreme!(
        "security_new_low_250", new_low Sessions250 Closing, "new_low",
        "收盘价" "新低" "二百五十日", "close" "low" "250-session" "below"
    ),
    own_extreme!(
        "security_intraday_low_250", new_low Sessions250 Intraday, "intraday_low",
        "最低价" "新低" "二百五十日", "low" "low" "250-session" "below"
    ),
    own_extreme!(
        "security_new_low_52w", new_low Weeks52 Closing, "new_low_52w",
        "收盘价" "新低" "五十二周", "close" "low" "52-week" "below"
    ),
    own_extreme!(
        "security_intraday_low_52w", new_low Weeks52 Intraday, "intraday_low_52w",
        "最低价" "新低" "五十二周", "low" "low" "52-week" "below"
    ),
    own_extreme!(
        "security_new_low_all_time", new_low AllTime Closing, "new_low_ever",
        "收盘价" "新低" "上市以来", "close" "low" "all-time" "below"
    ),
    own_extreme!(
        "security_intraday_low_all_time", new_low AllTime Intraday, "intraday_low_ever",
        "最低价" "新低" "上市以来", "low" "low" "all-time" "below"
    ),
    asked(
        "security_above_ma20",
        text("站上20日均线", "Above the 20-day average"),
        text(
            "最新价是否严格高于该股最近二十个有成交交易日的复权均价，当日在内",
            "Whether the last price is strictly above the mean adjusted close of the security's last \
             20 traded days, this one included.",
        ),
        Unit::Flag,
        "CAST(above_ma20 AS BIGINT)",
        |day| flag(day, day.above_average(MovingAverage::Of20)),
    ),
    asked(
        "security_above_ma50",
        text("站上50日均线", "Above the 50-day average"),
        text(
            "最新价是否严格高于该股最近五十个有成交交易日的复权均价，当日在内",
            "Whether the last price is strictly above the mean adjusted close of the security's last \
             50 traded days, this one included.",
        ),
        Unit::Flag,
        "CAST(above_ma50 AS BIGINT)",
        |day| flag(day, day.above_average(MovingAverage::Of50)),
    ),
    asked(
        "security_above_ma200",
        text("站上200日均线", "Above the 200-day average"),
        text(
            "最新价是否严格高于该股最近二百个有成交交易日的复权均价，当日在内",
            "Whether the last price is strictly above the mean adjusted close of the security's last \
             200 traded days, this one included.",
        ),
        Unit::Flag,
        "CAST(above_ma200 AS BIGINT)",
        |day| flag(day, day.above_average(MovingAverage::Of200)),
    ),
    rank(
        "turnover_rank_of",
        text("成交额排名", "Rank by turnover"),
        text(
            "按当日成交额由大到小的位次，成交额相同者同位",
            "Its place by turnover in the session, the largest first; equal ones share a place.",
        ),
        (TRADED, Needs::TURNOVER),
        RankedBy::Turnover,
        "turnover_rank",
    ),
    rank(
        "return_rank_of",
        text("涨跌幅排名", "Rank by return"),
        text(
            "按当日涨跌幅由大到小的位次，涨跌幅相同者同位",
            "Its place by the day's return, the best first; equal ones share a place.",
        ),
        (PRICED, Needs::PRICES),
        RankedBy::Return,
        "return_rank",
    ),
    rank(
        "market_value_rank_of",
        text("总市值排名", "Rank by market value"),
        text(
            "按总市值由大到小的位次，市值相同者同位；股本已知者不足九成则不给出",
            "Its place by market value, the largest first; equal ones share a place. Unknown if \
             share capital is known for less than 90% of the securities that traded.",
        ),
        (VALUED, Needs::PRICES.and(Needs::SHARES)),
        RankedBy::MarketValue,
        "value_rank",
    ),
];
