//! Measures of indices.

use fupan_fact::{MeasureId, Unit, Value};
use fupan_market::{Return, SessionDate};

use crate::measure::{Kind, Measure, Needs, Text, text};
use crate::session::index::{Beyond, IndexView, ToDate};
use crate::total::arithmetic::div_half_away;
use crate::total::value::{of_unit, unknown};

/// The session since whose close a measure is the return of an index or a security; `None` of any
/// other.
pub fn returns_since(id: &MeasureId) -> Option<SessionDate> {
    let is_one = [INDEX_RETURN_SINCE, SECURITY_RETURN_SINCE].contains(&id.name());
    id.parameter().filter(|_| is_one)?.parse().ok()
}

fn known_or(unit: Unit, number: Option<i128>, reason: &str) -> Value {
    number.map_or(unknown(reason), |number| of_unit(unit, number))
}

const SESSIONS: Text =
    text("该指数数据起始以来的交易日", "the index's sessions since the start of its data");

/// The return of an index since a session that is asked for.
pub(crate) const INDEX_RETURN_SINCE: &str = "index_return_since";

/// The same of a security.
const SECURITY_RETURN_SINCE: &str = "security_return_since";

const SINCE_SESSION: Text =
    text("当日与此前某一交易日的该指数", "the index in the session and in an earlier one");

/// A figure of an index.
const fn of_index(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    column: &'static str,
    read: fn(&IndexView) -> Value,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit,
        version: 1,
        needs: Needs::INDICES,
        kind: Kind::Index { population: SESSIONS, read, column },
    }
}

/// The measures whose figures count from an earlier session that is named.
pub(crate) const SINCE: [(&str, Beyond); 4] = [
    ("index_high_since_sessions", Beyond::HigherClose),
    ("index_low_since_sessions", Beyond::LowerClose),
    ("index_intraday_high_since_sessions", Beyond::HigherHigh),
    ("index_intraday_low_since_sessions", Beyond::LowerLow),
];

/// Sessions since a level beyond the session's.
const fn since(
    id: &'static str,
    label: Text,
    definition: Text,
    column: &'static str,
    read: fn(&IndexView) -> Value,
) -> Measure {
    Measure { version: 2, ..of_index(id, label, definition, Unit::Sessions, column, read) }
}

/// A level of the session.
const fn level(
    id: &'static str,
    label: Text,
    definition: Text,
    column: &'static str,
    read: fn(&IndexView) -> Value,
) -> Measure {
    of_index(id, label, definition, Unit::Points, column, read)
}

fn known_since(index: &IndexView, beyond: Beyond, reason: &str) -> Value {
    known_or(Unit::Sessions, index.since(beyond).map(i128::from), reason)
}

/// The close of the session; that of earlier sessions is reported under the same name.
pub(crate) const INDEX_CLOSE: Measure = of_index(
    "index_close",
    text("指数收盘", "Index close"),
    text("指数当日最后点位", "The index's last level of the session."),
    Unit::Points,
    "close",
    |index| of_unit(Unit::Points, i128::from(index.close.units())),
);

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    INDEX_CLOSE,
    of_index(
        "index_return",
        text("指数涨跌幅", "Index return"),
        text(
            "最后点位除以前一交易日收盘点位再减一",
            "The last level over the previous session's close, minus one.",
        ),
        Unit::Ppb,
        "ret",
        |index| known_or(Unit::Ppb, index.index_return().map(i128::from), "no_prev_close"),
    ),
    of_index(
        "index_points",
        text("指数涨跌点数", "Index change in points"),
        text(
            "最后点位减去前一交易日收盘点位",
            "The last level minus the previous session's close.",
        ),
        Unit::Points,
        "points",
        |index| {
            let units = index.prev_close.map(|prev| index.close.units() - prev.units());
            known_or(Unit::Points, units.map(i128::from), "no_prev_close")
        },
    ),
    of_index(
        "index_month_to_date",
        text("指数本月以来涨跌幅", "Index return, month to date"),
        text(
            "最后点位除以上月最后一个交易日的收盘点位再减一",
            "The last level over the close of the last session of the previous month, minus one.",
        ),
        Unit::Ppb,
        "month_to_date",
        |index| {
            let to_date = index.return_to_date(ToDate::Month);
            known_or(Unit::Ppb, to_date.map(i128::from), "no_close_before_period")
        },
    ),
    of_index(
        "index_year_to_date",
        text("指数今年以来涨跌幅", "Index return, year to date"),
        text(
            "最后点位除以上年最后一个交易日的收盘点位再减一",
            "The last level over the close of the last session of the previous year, minus one.",
        ),
        Unit::Ppb,
        "year_to_date",
        |index| {
            let to_date = index.return_to_date(ToDate::Year);
            known_or(Unit::Ppb, to_date.map(i128::from), "no_close_before_period")
        },
    ),
    of_index(
        "index_gain_streak",
        text("指数连涨连跌天数", "Index gain streak"),
        text(
            "截至当日连续上涨的交易日数；连续下跌记为负数，平盘为零",
            "Consecutive sessions with a gain, up to this one; consecutive losses count as \
             negative, an unchanged session as zero.",
        ),
        Unit::Sessions,
        "gain_streak",
        |index| known_or(Unit::Sessions, index.gain_streak.map(i128::from), "no_prev_close"),
    ),
    since(
        "index_high_since_sessions",
        text("指数创多少日新高", "Sessions since a higher index close"),
        text(
            "距上一次收盘点位严格高于当日的交易日数；数据内无更高收盘则不给出",
            "Sessions since the last strictly higher close; no value if the data have none.",
        ),
        "high_since",
        |index| known_since(index, Beyond::HigherClose, "no_higher_close"),
    ),
    since(
        "index_low_since_sessions",
        text("指数创多少日新低", "Sessions since a lower index close"),
        text(
            "距上一次收盘点位严格低于当日的交易日数；数据内无更低收盘则不给出",
            "Sessions since the last strictly lower close; no value if the data have none.",
        ),
        "low_since",
        |index| known_since(index, Beyond::LowerClose, "no_lower_close"),
    ),
    since(
        "index_intraday_high_since_sessions",
        text("指数盘中创多少日新高", "Sessions since a higher index high"),
        text(
            "距上一次最高点位严格高于当日最高的交易日数；数据内无更高则不给出",
            "Sessions since the last strictly higher high; no value if the data have none.",
        ),
        "top_since",
        |index| known_since(index, Beyond::HigherHigh, "no_higher_high"),
    ),
    since(
        "index_intraday_low_since_sessions",
        text("指数盘中创多少日新低", "Sessions since a lower index low"),
        text(
            "距上一次最低点位严格低于当日最低的交易日数；数据内无更低则不给出",
            "Sessions since the last strictly lower low; no value if the data have none.",
        ),
        "bottom_since",
        |index| known_since(index, Beyond::LowerLow, "no_lower_low"),
    ),
    level(
        "index_open",
        text("指数开盘", "Index open"),
        text("指数当日第一个点位", "The index's first level of the session."),
        "open",
        |index| of_unit(Unit::Points, index.open.units().into()),
    ),
    level(
        "index_high",
        text("指数最高", "Index high"),
        text("指数当日最高点位", "The index's highest level of the session."),
        "high",
        |index| of_unit(Unit::Points, index.high.units().into()),
    ),
    level(
        "index_low",
        text("指数最低", "Index low"),
        text("指数当日最低点位", "The index's lowest level of the session."),
        "low",
        |index| of_unit(Unit::Points, index.low.units().into()),
    ),
    of_index(
        "index_gap",
        text("指数开盘涨跌幅", "Index opening gap"),
        text(
            "开盘点位除以前一交易日收盘点位再减一",
            "The open over the previous session's close, minus one.",
        ),
        Unit::Ppb,
        "gap",
        |index| {
            let gap = index.over_prev_close(index.open);
            known_or(Unit::Ppb, gap.map(i128::from), "no_prev_close")
        },
    ),
    of_index(
        "index_amplitude",
        text("指数振幅", "Index amplitude"),
        text(
            "最高与最低点位之差除以前一交易日收盘点位",
            "The high minus the low, over the previous session's close.",
        ),
        Unit::Ppb,
        "amplitude",
        |index| {
            let range = i128::from(index.high.units() - index.low.units());
            let parts = index.prev_close.and_then(|prev| {
                div_half_away(range * i128::from(Return::PARTS), prev.units().into())
            });
            known_or(Unit::Ppb, parts, "no_prev_close")
        },
    ),
    Measure {
        id: INDEX_RETURN_SINCE,
        label: text("指数区间涨跌幅", "Index return since a session"),
        definition: text(
            "最后点位除以参数所指交易日的收盘点位再减一；点名查询时给出",
            "The last level over the close of the session that is the parameter, minus one. Reported \
             where asked for.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::INDICES,
        kind: Kind::IndexSince { population: SINCE_SESSION, column: "ret_since" },
    },
    Measure {
        id: "index_breadth_gap",
        label: text("指数与个股中位数之差", "Index-to-median gap"),
        definition: text(
            "指数涨跌幅减去全部A股涨跌幅中位数",
            "The index's return minus the median return of all A-shares.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::INDICES.and(Needs::PRICES),
        kind: Kind::Index {
            population: text(
                "指数；当日有成交且有昨收价的全部A股",
                "the index, and all A-shares that traded and have a previous close",
            ),
            read: |index| {
                let pair = index.index_return().zip(index.median_return);
                known_or(
                    Unit::Ppb,
                    pair.map(|(index, median)| i128::from(index - median)),
                    "no_prev_close",
                )
            },
            column: "breadth_gap",
        },
    },
];
