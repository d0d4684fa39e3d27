//! Turnover: how much, compared with when, and how concentrated.

use fupan_fact::Unit;

use crate::catalogue::breadth::TRADED;
use crate::measure::comparison::Comparison;
use crate::measure::statistic::Statistic;
use crate::measure::{Kind, Measure, Members, Needs, SharesMeasure, Sql, Text, text};
use crate::total::arithmetic::div_half_away;
use crate::total::cell::{Mark, Sum};
use crate::total::segment::Scopes;
use crate::total::sorted::Number;
use crate::total::value::{of_unit, share, unknown};

const SESSIONS: Text = text(
    "当日与此前各交易日中有成交的A股",
    "A-shares that traded, in the session and in earlier sessions",
);

/// How many earlier sessions have their turnover reported.
pub(crate) const PAST_SESSIONS: usize = 20;

/// The turnover of the session; that of earlier sessions is reported under the same name.
pub(crate) const TURNOVER: Measure = Measure {
    id: "turnover",
    label: text("成交额", "Turnover"),
    definition: text("成交金额之和", "The sum of the securities' turnover."),
    unit: Unit::Fen,
    version: 1,
    needs: Needs::TURNOVER,
    kind: Kind::Shares(SharesMeasure {
        population: TRADED,
        scopes: Scopes::Market,
        members: Members::Counted,
        statistic: Statistic::SumOf(Sum::Turnover),
        sql: Sql::Value("sum(turnover_or_estimate)"),
    }),
};

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    TURNOVER,
    Measure {
        id: "turnover_prev",
        label: text("前一交易日成交额", "Previous session's turnover"),
        definition: text(
            "同一范围在前一交易日的成交额",
            "The turnover of the same scope in the previous session.",
        ),
        unit: Unit::Fen,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Turnover {
            population: SESSIONS,
            comparison: Comparison::Previous,
            column: "prev",
        },
    },
    Measure {
        id: "turnover_change",
        label: text("成交额增减", "Turnover change"),
        definition: text(
            "成交额减去前一交易日成交额",
            "Turnover minus the previous session's turnover.",
        ),
        unit: Unit::Fen,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Turnover {
            population: SESSIONS,
            comparison: Comparison::Change,
            column: "change",
        },
    },
    Measure {
        id: "turnover_change_rate",
        label: text("成交额变动率", "Turnover change rate"),
        definition: text(
            "成交额除以前一交易日成交额再减一",
            "Turnover over the previous session's turnover, minus one.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Turnover {
            population: SESSIONS,
            comparison: Comparison::ChangeRate,
            column: "change_rate",
        },
    },
    Measure {
        id: "turnover_vs_ma5",
        label: text("成交额较五日均额", "Turnover against its five-session mean"),
        definition: text(
            "成交额除以此前五个交易日（不含当日）成交额均值再减一",
            "Turnover over the mean of the five sessions before (this one excluded), minus one.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Turnover {
            population: SESSIONS,
            comparison: Comparison::VersusMean(5),
            column: "vs_mean_5",
        },
    },
    Measure {
        id: "turnover_vs_ma20",
        label: text("成交额较二十日均额", "Turnover against its twenty-session mean"),
        definition: text(
            "成交额除以此前二十个交易日（不含当日）成交额均值再减一",
            "Turnover over the mean of the twenty sessions before (this one excluded), minus one.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Turnover {
            population: SESSIONS,
            comparison: Comparison::VersusMean(20),
            column: "vs_mean_20",
        },
    },
    Measure {
        id: "turnover_rank_in_window",
        label: text("成交额窗口内排名", "Turnover rank in the window"),
        definition: text(
            "成交额在数据窗口各交易日中由高到低的名次，一为最高",
            "The rank of the turnover among all sessions of the window; one is the highest.",
        ),
        unit: Unit::Sessions,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Turnover {
            population: SESSIONS,
            comparison: Comparison::Rank,
            column: "rank_in_window",
        },
    },
    Measure {
        id: "turnover_share",
        label: text("成交额占比", "Turnover share"),
        definition: text(
            "行业成交额占全部A股成交额的比重",
            "The turnover of an industry's shares as a share of the turnover of all A-shares.",
        ),
        unit: Unit::Share,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Groups,
            members: Members::Counted,
            statistic: Statistic::ShareOfMarket(Sum::Turnover),
            sql: Sql::Share("sum(turnover_or_estimate)", "max(market_turnover)"),
        }),
    },
    Measure {
        id: "top5_turnover_share",
        label: text("成交额前百分之五占比", "Turnover share of the top five percent"),
        definition: text(
            "成交额最高的百分之五股票（只数向上取整）占总成交额的比重",
            "The share of turnover in the five percent of securities with the highest turnover, \
             their number rounded up.",
        ),
        unit: Unit::Share,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::TopShareOf(Number::Turnover, 5),
            sql: Sql::Share(
                "sum(turnover_or_estimate) \
             FILTER (WHERE turnover_place <= (turnover_count * 5 + 99) / 100)",
                "sum(turnover_or_estimate)",
            ),
        }),
    },
    Measure {
        id: "ten_billion_turnover_count",
        label: text("成交额百亿元以上家数", "Securities that traded ten billion yuan or more"),
        definition: text(
            "当日成交额不少于一百亿元的股票只数",
            "How many securities had a turnover of at least ten billion yuan.",
        ),
        unit: Unit::Securities,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Market,
            members: Members::Listed,
            statistic: Statistic::CountWhere(Mark::TenBillionTraded),
            sql: Sql::Value("count(*) FILTER (WHERE turnover_or_estimate >= 1000000000000)"),
        }),
    },
    Measure {
        id: "ten_billion_turnover_share",
        label: text(
            "成交额百亿元以上个股占比",
            "Turnover share of securities that traded ten billion yuan or more",
        ),
        definition: text(
            "成交额不少于一百亿元的股票的成交额占总成交额的比重",
            "The share of turnover in the securities that had a turnover of at least ten billion \
             yuan.",
        ),
        unit: Unit::Share,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::Formula(|totals| {
                share(totals.sum(Sum::TenBillionTurnover), totals.sum(Sum::Turnover))
            }),
            sql: Sql::Share(
                "coalesce(sum(turnover_or_estimate) \
             FILTER (WHERE turnover_or_estimate >= 1000000000000), 0)",
                "sum(turnover_or_estimate)",
            ),
        }),
    },
    Measure {
        id: "billion_turnover_count",
        label: text("成交额十亿元以上家数", "Securities that traded a billion yuan or more"),
        definition: text(
            "当日成交额不少于十亿元的股票只数",
            "How many securities had a turnover of at least a billion yuan.",
        ),
        unit: Unit::Securities,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::CountWhere(Mark::BillionTraded),
            sql: Sql::Value("count(*) FILTER (WHERE turnover_or_estimate >= 100000000000)"),
        }),
    },
    Measure {
        id: "turnover_hhi",
        label: text("成交额赫芬达尔指数", "Turnover Herfindahl index"),
        definition: text(
            "各股票成交额占比的平方和",
            "The sum of the squares of the securities' shares of turnover.",
        ),
        unit: Unit::Ppm,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::Formula(|totals| {
                let (sum, squares) = (totals.sum(Sum::Turnover), totals.sum(Sum::TurnoverSquared));
                div_half_away(squares * 1_000_000, sum * sum)
                    .map_or(unknown("no_turnover"), |ppm| of_unit(Unit::Ppm, ppm))
            }),
            sql: Sql::Value(
                "CAST(round(1e6 * sum((turnover_or_estimate * 1e0) * turnover_or_estimate) \
             / nullif(sum((turnover_or_estimate * 1e0)) * sum((turnover_or_estimate * 1e0)), 0)) AS BIGINT)",
            ),
        }),
    },
    Measure {
        id: "turnover_effective_n",
        label: text("成交额等效股票数", "Effective number of securities by turnover"),
        definition: text(
            "成交额占比平方和的倒数：若成交平均分布，相当于多少只股票",
            "The reciprocal of the sum of squared turnover shares: how many securities with equal \
             turnover would be as concentrated.",
        ),
        unit: Unit::Ppm,
        version: 1,
        needs: Needs::TURNOVER,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::Formula(|totals| {
                let (sum, squares) = (totals.sum(Sum::Turnover), totals.sum(Sum::TurnoverSquared));
                div_half_away(sum * sum * 1_000_000, squares)
                    .map_or(unknown("no_turnover"), |ppm| of_unit(Unit::Ppm, ppm))
            }),
            sql: Sql::Value(
                "CAST(round(1e6 * sum((turnover_or_estimate * 1e0)) * sum((turnover_or_estimate * 1e0)) \
             / nullif(sum((turnover_or_estimate * 1e0) * turnover_or_estimate), 0)) AS BIGINT)",
            ),
        }),
    },
];
