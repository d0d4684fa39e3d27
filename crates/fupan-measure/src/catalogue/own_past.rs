//! What a security did over several sessions, and against its industry, if it is asked for.
//!
//! The figures over sessions exist in a review only, as those of groups do
//! (`docs/decisions/0035-a-share-over-sessions.md`). They are computed in `evaluate/own_past.rs`.

use fupan_fact::Unit;

use crate::measure::figure::{OwnFigure, OwnSpan};
use crate::measure::{Kind, Measure, Needs, Text, text};

/// The most sessions that a figure looks back on other than the year's, the session included.
pub(crate) const SESSIONS: u32 = 60;

const OVER: Text = text(
    "当日有成交的A股，在各交易日中有成交的日子",
    "A-shares that traded in the session, on the days on which they traded",
);
const IN_INDUSTRY: Text = text(
    "当日有成交、昨收价已知且有行业的A股",
    "A-shares that traded, have a previous close and are in an industry",
);

const fn measure(
    id: &'static str,
    (label, definition): (Text, Text),
    needs: Needs,
    figure: OwnFigure,
    column: &'static str,
) -> Measure {
    let kind = Kind::OwnPast { population: OVER, figure, column };
    Measure { id, label, definition, unit: Unit::Ppb, version: 1, needs, kind }
}

/// The return over a span of sessions.
macro_rules! returned {
    ($id:literal, $span:expr, $column:literal, $zh:literal, $of_zh:literal, $en:literal, $of_en:literal) => {
        measure(
            $id,
            (
                text(concat!($zh, "涨跌幅"), concat!("Return ", $en)),
                text(
                    concat!(
                        $of_zh,
                        "各日涨跌幅的连乘：以1起算，有成交的每日加上前一值与当日涨跌幅（最新价除以昨收价再减一）之积，",
                        "四舍五入（远离零）到十亿分之一，末值减1；停牌日视为不变。此前未有成交、其间缺少行情或有一日昨收价不详，",
                        "则不给出"
                    ),
                    concat!(
                        "The returns of the days on which it traded in ",
                        $of_en,
                        ", one upon another: from 1, each day adds the value before it times the \
                         day's return (the last price over the previous close, minus one), rounded \
                         half away from zero to a part per billion, and 1 is taken off the last; a \
                         suspension changes nothing. No value if it did not trade before, if \
                         sessions are missing, or without a previous close on one of the days."
                    ),
                ),
            ),
            Needs::PRICES,
            OwnFigure::Return($span),
            $column,
        )
    };
}

/// Turnover against the mean of the days before.
macro_rules! turnover {
    ($id:literal, $days:literal, $zh:literal, $column:literal) => {
        measure(
            $id,
            (
                text(
                    concat!("个股成交额较", $zh, "日均额"),
                    concat!("Security's turnover against its ", $days, "-day mean"),
                ),
                text(
                    concat!(
                        "成交额除以该股此前", $zh,
                        "个有成交的交易日（不含当日）成交额均值再减一；这些日子须在此前六十个交易日之内，",
                        "且其间不缺行情"
                    ),
                    concat!(
                        "Turnover over the mean of the security's last ", $days,
                        " traded days before this one, minus one; the days must be within the 60 \
                         sessions before, with no session missing since the first of them."
                    ),
                ),
            ),
            Needs::TURNOVER,
            OwnFigure::TurnoverVersusMean($days),
            $column,
        )
    };
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    returned!(
        "security_return_5",
        OwnSpan::Sessions(5),
        "return_5",
        "近五日",
        "含当日在内近五个交易日",
        "over 5 sessions",
        "the last 5 sessions, this one included"
    ),
    returned!(
        "security_return_20",
        OwnSpan::Sessions(20),
        "return_20",
        "近二十日",
        "含当日在内近二十个交易日",
        "over 20 sessions",
        "the last 20 sessions, this one included"
    ),
    returned!(
        "security_return_60",
        OwnSpan::Sessions(SESSIONS),
        "return_60",
        "近六十日",
        "含当日在内近六十个交易日",
        "over 60 sessions",
        "the last 60 sessions, this one included"
    ),
    returned!(
        "security_return_month",
        OwnSpan::Month,
        "return_month",
        "本月以来",
        "本月首个交易日至当日",
        "month to date",
        "the month up to this session"
    ),
    returned!(
        "security_return_year",
        OwnSpan::Year,
        "return_year",
        "今年以来",
        "本年首个交易日至当日",
        "year to date",
        "the year up to this session"
    ),
    returned!(
        "security_return_since",
        OwnSpan::Since,
        "return_since",
        "自某日收盘起",
        "所给交易日之后首个交易日至当日",
        "since a session",
        "the sessions after the given one up to this one"
    ),
    turnover!("security_turnover_vs_ma5", 5, "五", "vs_mean_5"),
    turnover!("security_turnover_vs_ma20", 20, "二十", "vs_mean_20"),
    Measure {
        kind: Kind::OwnPast {
            population: IN_INDUSTRY,
            figure: OwnFigure::OverIndustry,
            column: "d.ret - m.ret",
        },
        ..measure(
            "return_over_industry",
            (
                text("涨跌幅与所属行业之差", "Return minus its industry's"),
                text(
                    "涨跌幅减去所属行业当日等权平均涨跌幅，以百分点计；该行业含此股",
                    "The return minus the equal-weight return of its industry, of which it is a \
                     member, in percentage points.",
                ),
            ),
            Needs::PRICES,
            OwnFigure::OverIndustry,
            "",
        )
    },
];
