//! Figures of single securities that every session has for those at a limit.

use fupan_fact::{Unit, Value};
use fupan_market::{Cluster, SecurityDay, Touch};

use crate::measure::statistic::STREAK_OPEN;
use crate::measure::{Kind, Measure, Needs, Reported, Sql, Text, text};
use crate::total::value::{of_unit, unknown};

const AT_LIMIT: Text = text(
    "当日涨停、跌停或炸板的股票；其余股票逐只查询",
    "securities sealed at a limit in the session, or that broke from limit-up; any other if asked \
     for",
);
const SEALED: Text = text("当日涨停的股票", "securities sealed at their limit-up price");

/// A figure of the cluster that a sealed day belongs to, as its last day so far.
fn cluster(day: &SecurityDay, read: fn(&SecurityDay, Cluster) -> i128) -> Option<Value> {
    let sealed = day.limit_up_touch() == Some(Touch::Sealed);
    sealed.then(|| match day.limit_up_cluster() {
        Some(cluster) => of_unit(Unit::Sessions, read(day, cluster)),
        None => unknown("cluster_may_be_longer"),
    })
}

/// A figure of one security.
const fn of_security(
    id: &'static str,
    label: Text,
    definition: Text,
    reported: Reported,
    unit: Unit,
    column: &'static str,
    read: fn(&SecurityDay) -> Option<Value>,
) -> Measure {
    let population = match reported {
        Reported::Sealed => SEALED,
        _ => AT_LIMIT,
    };
    Measure {
        id,
        label,
        definition,
        unit,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Security { population, reported, read, sql: Sql::Value(column) },
    }
}

/// The measure that is a lower bound if the streak is unknown.
pub(crate) const STREAK_AT_LEAST: &str = "limit_up_streak_at_least";

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        needs: Needs::LIMITS,
        version: 2,
        ..of_security(
            "limit_up_streak",
            text("连板数", "Limit-up streak"),
            text(
                "按个股自身交易日计的连续涨停板数，含当日；停牌不中断，当日未涨停记零",
                "Consecutive limit-ups over the security's own traded days, including this one; a \
                 suspension does not end the streak, and it is zero if this day is not sealed.",
            ),
            Reported::AtLimit,
            Unit::Sessions,
            "streak",
            |day| {
                day.traded?;
                Some(match day.limit_up_streak() {
                    Some(streak) => of_unit(Unit::Sessions, i128::from(streak)),
                    None => unknown(STREAK_OPEN),
                })
            },
        )
    },
    Measure {
        needs: Needs::LIMITS,
        ..of_security(
            STREAK_AT_LEAST,
            text("至少连板数", "Limit-up streak, at least"),
            text(
                "可以确定的最少连续涨停板数，含当日；连板数已知者即为该数",
                "The number of consecutive limit-ups that are certain, including this one; the \
                 streak itself if that is known.",
            ),
            Reported::Sealed,
            Unit::Sessions,
            "CASE WHEN sealed THEN streak_at_least END",
            |day| {
                let sealed = day.limit_up_touch() == Some(Touch::Sealed);
                let streak = i128::from(day.limit_up_streak_at_least());
                sealed.then(|| of_unit(Unit::Sessions, streak))
            },
        )
    },
    Measure {
        needs: Needs::LIMITS,
        version: 2,
        ..of_security(
            "limit_up_cluster_days",
            text("涨停簇天数", "Days of the limit-up cluster"),
            text(
                "自本轮首个涨停日起至当日的交易日数；个股连续四个有成交的交易日未涨停则一轮结束",
                "Sessions from the first limit-up of the current cluster to this one; four \
                 consecutive traded days of the security without a limit-up end a cluster.",
            ),
            Reported::Sealed,
            Unit::Sessions,
            "cluster_days",
            |day| {
                cluster(day, |day, cluster| {
                    i128::from(day.session_number - cluster.first_session + 1)
                })
            },
        )
    },
    Measure {
        needs: Needs::LIMITS,
        version: 2,
        ..of_security(
            "limit_up_cluster_boards",
            text("涨停簇板数", "Boards of the limit-up cluster"),
            text(
                "本轮内涨停的交易日数，含当日；与天数合称几天几板",
                "Limit-up days in the current cluster, including this one; with the days of the \
                 cluster, what desks quote as M boards in N days.",
            ),
            Reported::Sealed,
            Unit::Sessions,
            "cluster_boards",
            |day| cluster(day, |_, cluster| i128::from(cluster.boards)),
        )
    },
    of_security(
        "last_price",
        text("最新价", "Last price"),
        text("当日最后成交价，收盘后即收盘价", "The last price; after the close, the close."),
        Reported::AtLimit,
        Unit::Yuan,
        "close",
        |day| {
            let price = day.traded?.last;
            Some(Value::Price { price })
        },
    ),
    of_security(
        "security_return",
        text("涨跌幅", "Return"),
        text("最新价除以昨收价再减一", "The last price over the previous close, minus one."),
        Reported::AtLimit,
        Unit::Ppb,
        "ret",
        |day| {
            day.traded?;
            Some(day.day_return().map_or(unknown("no_prev_close"), |ppb| Value::Return { ppb }))
        },
    ),
    Measure {
        needs: Needs::TURNOVER,
        ..of_security(
            "turnover_of",
            text("个股成交额", "Security's turnover"),
            text("该股票当日成交金额", "The security's turnover in the session."),
            Reported::AtLimit,
            Unit::Fen,
            "turnover_or_estimate",
            |day| {
                let fen = day.traded?.turnover.fen;
                Some(Value::Money { fen })
            },
        )
    },
];
