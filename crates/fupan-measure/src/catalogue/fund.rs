//! Figures of a fund that is asked for: ETFs, LOFs and REITs, which no figure of A-shares counts
//! (`docs/decisions/0038-funds.md`).

use fupan_fact::{Unit, Value};
use fupan_market::{Price, Return, Traded};

use crate::measure::{Kind, Measure, Needs, Text, text};
use crate::session::fund::FundView;
use crate::total::arithmetic::div_half_away;
use crate::total::value::{of_unit, unknown};

const TRADED: Text = text(
    "当日有成交的场内基金（ETF、LOF、REITs）",
    "funds traded on an exchange (ETFs, LOFs, REITs) that traded in the session",
);

/// A figure of a fund that traded.
const fn of_fund(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    column: &'static str,
    read: fn(&FundView) -> Value,
) -> Measure {
    let kind = Kind::Fund { population: TRADED, read, column };
    Measure { id, label, definition, unit, version: 1, needs: Needs::FUNDS, kind }
}

/// The change of a price against the reference price.
fn change(fund: &FundView, price: fn(&Traded) -> Price) -> Value {
    match fund.reference.known() {
        Ok(reference) => Return::between(reference, price(&fund.traded))
            .map_or_else(|| unknown("out_of_range"), |ppb| Value::Return { ppb }),
        Err(reason) => unknown(reason),
    }
}

/// The previous close, whose figure may be derived as those that rest on it are.
pub(crate) const FUND_PREV_CLOSE: &str = "fund_prev_close";

/// The close: every fund that traded has one.
pub(crate) const FUND_CLOSE: &str = "fund_close";

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    of_fund(
        FUND_CLOSE,
        text("基金收盘价", "Fund's close"),
        text("基金当日最后成交价", "The fund's last price of the session."),
        Unit::Yuan,
        "close",
        |fund| Value::Price { price: fund.traded.last },
    ),
    of_fund(
        "fund_return",
        text("基金涨跌幅", "Fund's return"),
        text(
            "最后成交价除以昨收价再减一；昨收价见“基金昨收价”",
            "The last price over the previous close, minus one; of the previous close see \
             fund_prev_close.",
        ),
        Unit::Ppb,
        "ret",
        |fund| change(fund, |traded| traded.last),
    ),
    of_fund(
        "fund_open",
        text("基金开盘价", "Fund's open"),
        text("基金当日第一笔成交价", "The fund's first price of the session."),
        Unit::Yuan,
        "open",
        |fund| Value::Price { price: fund.traded.open },
    ),
    of_fund(
        "fund_high",
        text("基金最高价", "Fund's high"),
        text("基金当日最高成交价", "The fund's highest price of the session."),
        Unit::Yuan,
        "high",
        |fund| Value::Price { price: fund.traded.high },
    ),
    of_fund(
        "fund_low",
        text("基金最低价", "Fund's low"),
        text("基金当日最低成交价", "The fund's lowest price of the session."),
        Unit::Yuan,
        "low",
        |fund| Value::Price { price: fund.traded.low },
    ),
    of_fund(
        FUND_PREV_CLOSE,
        text("基金昨收价", "Fund's previous close"),
        text(
            "来源所给的前收盘价；来源没有时为此前六十个交易日内最近一次成交的收盘价，其间每个交易日须有行情，\
             且当日价格未超出其上下两成；如此推得的昨收价看不出基金分红、拆分",
            "The previous close that the source states; without one the last traded close of the 60 \
             sessions before, if the fund has a bar in each session since and the day's prices lie \
             within a fifth of it. Such a one does not show that a fund paid out or split.",
        ),
        Unit::Yuan,
        "prev_close",
        |fund| match fund.reference.known() {
            Ok(price) => Value::Price { price },
            Err(reason) => unknown(reason),
        },
    ),
    of_fund(
        "fund_open_return",
        text("基金开盘涨跌幅", "Fund's opening gap"),
        text("开盘价除以昨收价再减一", "The open over the previous close, minus one."),
        Unit::Ppb,
        "open_ret",
        |fund| change(fund, |traded| traded.open),
    ),
    of_fund(
        "fund_amplitude",
        text("基金振幅", "Fund's amplitude"),
        text("最高价与最低价之差除以昨收价", "The high minus the low, over the previous close."),
        Unit::Ppb,
        "amplitude",
        |fund| {
            let range = i128::from(fund.traded.high.units() - fund.traded.low.units());
            match fund.reference.known() {
                Ok(reference) => {
                    let parts = range * i128::from(Return::PARTS);
                    let parts = div_half_away(parts, reference.units().into());
                    parts.map_or_else(|| unknown("no_prev_close"), |ppb| of_unit(Unit::Ppb, ppb))
                }
                Err(reason) => unknown(reason),
            }
        },
    ),
    of_fund(
        "fund_turnover",
        text("基金成交额", "Fund's turnover"),
        text("基金当日成交额", "The fund's turnover in the session."),
        Unit::Fen,
        "turnover",
        |fund| of_unit(Unit::Fen, fund.traded.turnover.fen.0.into()),
    ),
    of_fund(
        "fund_volume",
        text("基金成交量", "Fund's volume"),
        text("基金当日成交份数", "The fund's shares traded in the session."),
        Unit::Shares,
        "volume",
        |fund| of_unit(Unit::Shares, fund.traded.volume.into()),
    ),
];
