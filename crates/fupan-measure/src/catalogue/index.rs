//! Measures of indices.

use fupan_fact::{MeasureId, Unit, Value};
use fupan_market::{LevelRange, Price, Return, SessionDate};

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

/// A level of the range that an index moved in.
fn in_range(index: &IndexView, level: fn(LevelRange) -> Price) -> Value {
    let units = index.range.map(|range| level(range).units());
    known_or(Unit::Points, units.map(i128::from), "no_range")
}

/// Turnover now and in the previous session.
fn turnovers(index: &IndexView) -> Result<[i128; 2], Value> {
    let Some(now) = index.turnover else { return Err(unknown("no_turnover")) };
    let Some(before) = index.prev_turnover else { return Err(unknown("no_turnover_before")) };
    Ok([now, before].map(|fen| i128::from(fen.0)))
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
        |index| match index.range {
            Some(_) => known_since(index, Beyond::HigherHigh, "no_higher_high"),
            None => unknown("no_range"),
        },
    ),
    since(
        "index_intraday_low_since_sessions",
        text("指数盘中创多少日新低", "Sessions since a lower index low"),
        text(
            "距上一次最低点位严格低于当日最低的交易日数；数据内无更低则不给出",
            "Sessions since the last strictly lower low; no value if the data have none.",
        ),
        "bottom_since",
        |index| match index.range {
            Some(_) => known_since(index, Beyond::LowerLow, "no_lower_low"),
            None => unknown("no_range"),
        },
    ),
    level(
        "index_open",
        text("指数开盘", "Index open"),
        text("指数当日第一个点位", "The index's first level of the session."),
        "open",
        |index| in_range(index, |range| range.open),
    ),
    level(
        "index_high",
        text("指数最高", "Index high"),
        text("指数当日最高点位", "The index's highest level of the session."),
        "high",
        |index| in_range(index, |range| range.high),
    ),
    level(
        "index_low",
        text("指数最低", "Index low"),
        text("指数当日最低点位", "The index's lowest level of the session."),
        "low",
        |index| in_range(index, |range| range.low),
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
            let Some(range) = index.range else { return unknown("no_range") };
            let gap = index.over_prev_close(range.open);
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
            let Some(range) = index.range else { return unknown("no_range") };
            let range = i128::from(range.high.units() - range.low.units());
            let parts = index.prev_close.and_then(|prev| {
                div_half_away(range * i128::from(Return::PARTS), prev.units().into())
            });
            known_or(Unit::Ppb, parts, "no_prev_close")
        },
    ),
    of_index(
        "index_turnover",
        text("指数成交额", "Index turnover"),
        text(
            "发布方给出的指数成交额，盘中为当日累计；深证成指的数字可能是全所成交额，以来源为准",
            "The index's turnover as its publisher states it, inside a session that of the session so \
             far. For the SZSE Component some publishers state the turnover of the whole exchange.",
        ),
        Unit::Fen,
        "turnover",
        |index| known_or(Unit::Fen, index.turnover.map(|fen| fen.0.into()), "no_turnover"),
    ),
    of_index(
        "index_turnover_prev",
        text("指数前一交易日成交额", "Index turnover of the previous session"),
        text(
            "同一指数前一交易日的成交额，盘中为其同一时刻的累计",
            "The same index's turnover in the previous session, inside a session up to the same time.",
        ),
        Unit::Fen,
        "prev_turnover",
        |index| {
            let fen = index.prev_turnover.map(|fen| fen.0.into());
            known_or(Unit::Fen, fen, "no_turnover_before")
        },
    ),
    of_index(
        "index_turnover_change",
        text("指数成交额增减", "Index turnover change"),
        text(
            "指数成交额减去前一交易日成交额，盘中与其同一时刻相比",
            "The index's turnover minus that of the previous session, inside a session up to the same \
             time.",
        ),
        Unit::Fen,
        "turnover_change",
        |index| match turnovers(index) {
            Ok([now, before]) => of_unit(Unit::Fen, now - before),
            Err(unknown) => unknown,
        },
    ),
    of_index(
        "index_turnover_change_rate",
        text("指数成交额变动率", "Index turnover change rate"),
        text(
            "指数成交额除以前一交易日成交额再减一，盘中与其同一时刻相比",
            "The index's turnover over that of the previous session, minus one, inside a session up to \
             the same time.",
        ),
        Unit::Ppb,
        "turnover_change_rate",
        |index| match turnovers(index) {
            Ok([now, before]) => known_or(
                Unit::Ppb,
                div_half_away((now - before) * i128::from(Return::PARTS), before),
                "no_turnover_before",
            ),
            Err(unknown) => unknown,
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
