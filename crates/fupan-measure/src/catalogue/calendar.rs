//! Where a session lies in the exchanges' calendar.

use fupan_fact::Unit;

use crate::measure::figure::CalendarFigure;
use crate::measure::{Kind, Measure, Needs, Sql, Text, text};

/// How many sessions before a long closure say that it comes.
pub(crate) const BEFORE_BREAK: u32 = 3;

const CALENDAR: Text = text("沪深北交易所的交易日历", "the exchanges' calendar");

const fn measure(
    id: &'static str,
    (label, definition): (Text, Text),
    unit: Unit,
    figure: CalendarFigure,
    sql: &'static str,
) -> Measure {
    let kind = Kind::Calendar { population: CALENDAR, figure, sql: Sql::Value(sql) };
    Measure { id, label, definition, unit, version: 1, needs: Needs::NOTHING, kind }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    measure(
        "first_session_of",
        (
            text(
                "是否为周、月、季、年首个交易日",
                "First session of its week, month, quarter or year",
            ),
            text(
                "当日是否为所在周、月、季度或年度的首个交易日；日历首日不给出",
                "Whether it is the first session of its week, month, quarter or year; unknown for \
                 the first of the calendar.",
            ),
        ),
        Unit::Flag,
        CalendarFigure::FirstOf,
        "CAST(first_of_:parameter AS BIGINT)",
    ),
    measure(
        "last_session_of",
        (
            text(
                "是否为周、月、季、年末个交易日",
                "Last session of its week, month, quarter or year",
            ),
            text(
                "当日是否为所在周、月、季度或年度的最后一个交易日；日历尚未收录其后的日期时不给出",
                "Whether it is the last session of its week, month, quarter or year; unknown where \
                 the calendar ends before that is decided.",
            ),
        ),
        Unit::Flag,
        CalendarFigure::LastOf,
        "CAST(last_of_:parameter AS BIGINT)",
    ),
    measure(
        "sessions_before_break",
        (
            text("长假前剩余交易日数", "Sessions left before a long closure"),
            text(
                "含当日在内，至下一次连休三个以上工作日之前的交易日数，三日以内才给出；假期由其所含日期判定",
                "The sessions up to the next closure of at least three weekdays, this one included, \
                 where there are at most three; the days of the closure tell its holiday.",
            ),
        ),
        Unit::Sessions,
        CalendarFigure::SessionsBeforeBreak,
        "CASE WHEN break_ahead = ':parameter' THEN sessions_before_break END",
    ),
    measure(
        "first_after_break",
        (
            text("是否为长假后首个交易日", "First session after a long closure"),
            text(
                "前一交易日之后连休三个以上工作日的，当日为长假后首个交易日，其余日子不给出；假期由其所含日期判定",
                "That a closure of at least three weekdays lies between it and the session before; \
                 there is no such figure of other sessions. The days of the closure tell its holiday.",
            ),
        ),
        Unit::Flag,
        CalendarFigure::FirstAfterBreak,
        "CASE WHEN break_behind = ':parameter' THEN 1 END",
    ),
];
