//! Measures across sessions: lines that continue from day to day, and the rank of a figure in its
//! own past.

use fupan_fact::Unit;
use fupan_market::Fen;

use crate::measure::statistic::Across;
use crate::measure::{Kind, Measure, Needs, Sql, Text, text};

/// The longest lookback of a percentile, in sessions.
const PERCENTILE_SESSIONS: usize = 1250;

/// The figures that have percentiles.
pub const RANKED: [&str; 44] = [
    "advances",
    "declines",
    "advance_share",
    "up_volume_share",
    "trin",
    "median_return",
    "equal_weight_return",
    "cap_weight_return",
    "return_dispersion",
    "return_p10",
    "return_p90",
    "turnover",
    "turnover_change_rate",
    "turnover_vs_ma5",
    "turnover_vs_ma20",
    "top5_turnover_share",
    "turnover_hhi",
    "turnover_effective_n",
    "micro_cap_return",
    "limit_up_count",
    "limit_down_count",
    "limit_up_broken_count",
    "seal_rate",
    "one_price_limit_up_count",
    "max_streak",
    "promotion_rate:all",
    "prior_limit_up_return",
    "prior_limit_up_open_premium",
    "prior_limit_up_positive_share",
    "new_high_250",
    "new_low_250",
    "new_high_52w",
    "new_low_52w",
    "new_high_all_time",
    "new_low_all_time",
    "intraday_new_high_250",
    "intraday_new_low_250",
    "intraday_new_high_52w",
    "intraday_new_low_52w",
    "intraday_new_high_all_time",
    "intraday_new_low_all_time",
    "above_ma20",
    "above_ma50",
    "above_ma200",
];

const SESSIONS: Text = text(
    "数据起始以来各交易日的全部A股",
    "all A-shares, in every session since the start of the data",
);

const WORDS: Text = text(
    "数据起始以来各交易日的行情用语",
    "the words of every session since the start of the data",
);

/// The measure of how long words have held.
pub(crate) const WORD_SESSIONS: &str = "word_sessions";

/// The measure of when words last held.
pub(crate) const WORD_LAST_HELD: &str = "word_last_held";

/// The measure of how long turnover has been at a level or above.
pub(crate) const TURNOVER_ABOVE: &str = "turnover_above_sessions";

/// Its levels: trillions of yuan.
pub(crate) const TRILLIONS: [(&str, Fen); 3] = [
    ("1", Fen(100_000_000_000_000)),
    ("2", Fen(200_000_000_000_000)),
    ("3", Fen(300_000_000_000_000)),
];

/// A figure across sessions.
const fn measure(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    across: Across,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit,
        version: 2,
        needs: Needs::PRICES,
        kind: Kind::Across { population: SESSIONS, across, sql },
    }
}

/// How long a word has held, or when it last held.
const fn of_words(
    id: &'static str,
    label: Text,
    definition: Text,
    across: Across,
    sql: &'static str,
) -> Measure {
    let kind = Kind::Across { population: WORDS, across, sql: Sql::Value(sql) };
    Measure { id, label, definition, unit: Unit::Sessions, version: 1, needs: Needs::PRICES, kind }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    measure(
        "advance_decline_line",
        text("腾落线", "Advance-decline line"),
        text(
            "数据起始以来各交易日上涨家数减下跌家数的累计",
            "The running total of advances minus declines since the start of the data.",
        ),
        Unit::Securities,
        Across::AdvanceDeclineLine,
        Sql::Value("max(value) FILTER (WHERE measure = 'advance_decline_line')"),
    ),
    measure(
        "net_advances_ema19",
        text("净上涨比率十九日指数均线", "19-day average of net advances"),
        text(
            "上涨减下跌除以两者之和再乘一千，按十九日指数平均（权重十分之一）逐日递推",
            "Advances minus declines over their sum, times a thousand, as a nineteen-day \
             exponential moving average (weight one tenth).",
        ),
        Unit::Ppm,
        Across::NetAdvancesAverage(19),
        Sql::Value("max(value) FILTER (WHERE measure = 'net_advances_ema19')"),
    ),
    measure(
        "net_advances_ema39",
        text("净上涨比率三十九日指数均线", "39-day average of net advances"),
        text(
            "上涨减下跌除以两者之和再乘一千，按三十九日指数平均（权重二十分之一）逐日递推",
            "Advances minus declines over their sum, times a thousand, as a thirty-nine-day \
             exponential moving average (weight one twentieth).",
        ),
        Unit::Ppm,
        Across::NetAdvancesAverage(39),
        Sql::Value("max(value) FILTER (WHERE measure = 'net_advances_ema39')"),
    ),
    measure(
        "mcclellan_oscillator",
        text("麦克莱伦振荡指标", "McClellan oscillator"),
        text(
            "净上涨比率的十九日指数均线减三十九日指数均线",
            "The 19-day exponential average of ratio-adjusted net advances minus the 39-day one.",
        ),
        Unit::Ppm,
        Across::McClellanOscillator,
        Sql::Value("max(value) FILTER (WHERE measure = 'mcclellan_oscillator')"),
    ),
    measure(
        "mcclellan_summation",
        text("麦克莱伦累计指标", "McClellan summation"),
        text(
            "麦克莱伦振荡指标自数据起始以来的累计",
            "The running total of the McClellan oscillator since the start of the data.",
        ),
        Unit::Ppm,
        Across::McClellanSummation,
        Sql::Value("max(value) FILTER (WHERE measure = 'mcclellan_summation')"),
    ),
    measure(
        "advance_share_ema10",
        text("上涨占比十日指数均线", "10-day average of the advance share"),
        text(
            "上涨占比的十日指数平均（权重十一分之二）",
            "The ten-day exponential moving average of the advance share (weight two elevenths).",
        ),
        Unit::Ppm,
        Across::AdvanceShareAverage,
        Sql::Value("max(value) FILTER (WHERE measure = 'advance_share_ema10')"),
    ),
    measure(
        "breadth_thrust_sessions",
        text("广度冲击用时", "Sessions of a breadth thrust"),
        text(
            "上涨占比十日指数均线由低于四成升至高于六成一五所用的交易日数，至多十日；当日未形成则不给出",
            "Sessions, ten at most, that the 10-day average of the advance share took to rise from \
             below 0.40 to above 0.615; no value unless the thrust completes in this session.",
        ),
        Unit::Sessions,
        Across::BreadthThrust,
        Sql::Value("max(value) FILTER (WHERE measure = 'breadth_thrust_sessions')"),
    ),
    Measure {
        needs: Needs::TURNOVER,
        ..measure(
            "turnover_high_since_sessions",
            text("成交额创多少日新高", "Sessions since a higher turnover"),
            text(
                "距上一次成交额严格高于当日的交易日数；数据内无更高成交额则不给出",
                "Sessions since the last strictly higher turnover; no value if the data have none.",
            ),
            Unit::Sessions,
            Across::TurnoverHighSince,
            Sql::Value("max(value) FILTER (WHERE measure = 'turnover_high_since_sessions')"),
        )
    },
    Measure {
        version: 1,
        needs: Needs::TURNOVER,
        ..measure(
            TURNOVER_ABOVE,
            text(
                "沪深两市成交额连续不低于某一水平的交易日数",
                "Sessions in a row with a turnover of Shanghai and Shenzhen",
            ),
            text(
                "到当日为止沪深两市成交额连续不低于若干万亿元的交易日数，参数为万亿元数；当日低于则为零；\
                 当日成交额不详，或此前一日缺失而无从得知连续几日，则不给出",
                "For how many sessions in a row, this one included, the turnover of Shanghai and Shenzhen \
                 has been so many trillion yuan or more, which is the parameter; zero if it is less. No \
                 value if it is not known, or if it is reached and the session before is missing.",
            ),
            Unit::Sessions,
            Across::TurnoverAbove,
            Sql::Value("max(value) FILTER (WHERE measure = 'turnover_above_sessions::parameter')"),
        )
    },
    measure(
        "percentile_250",
        text("近二百五十日百分位", "Percentile in 250 sessions"),
        text(
            "最近二百五十个交易日（含当日）中该指标不高于当日值的交易日占比；已知者不足八成则不给出",
            "The share of the last 250 sessions, including this one, with a figure no higher than \
             this session's; no value if the figure is known in less than 80% of them.",
        ),
        Unit::Share,
        Across::Percentile(250),
        Sql::Share(
            "max(part_250) FILTER (WHERE measure = ':parameter')",
            "max(whole_250) FILTER (WHERE measure = ':parameter')",
        ),
    ),
    measure(
        "percentile_1250",
        text("近一千二百五十日百分位", "Percentile in 1,250 sessions"),
        text(
            "最近一千二百五十个交易日（含当日）中该指标不高于当日值的交易日占比；已知者不足八成则不给出",
            "The share of the last 1,250 sessions, including this one, with a figure no higher \
             than this session's; no value if the figure is known in less than 80% of them.",
        ),
        Unit::Share,
        Across::Percentile(PERCENTILE_SESSIONS),
        Sql::Share(
            "max(part_1250) FILTER (WHERE measure = ':parameter')",
            "max(whole_1250) FILTER (WHERE measure = ':parameter')",
        ),
    ),
    of_words(
        WORD_SESSIONS,
        text("行情用语连续成立的交易日数", "Sessions a word has held"),
        text(
            "某一行情用语（如“放量”）到当日为止连续成立的交易日数，当日不成立则为零；所依据的数字不详，\
                 或此前一日缺失而无从得知连续几日，则不给出",
            "For how many sessions in a row, this one included, a word such as `narrow` has \
                 held; zero if it does not hold. No value if a figure it rests on is not known, or \
                 if it holds and the session before is missing.",
        ),
        Across::WordSessions,
        "max(value) FILTER (WHERE measure = 'word_sessions::parameter')",
    ),
    of_words(
        WORD_LAST_HELD,
        text("行情用语上一次成立", "Sessions since a word last held"),
        text(
            "距某一行情用语上一次成立的交易日数；当日成立的，从连续成立的首日之前算起；此后有交易日缺失，\
                 或数据内未见成立，则不给出",
            "Sessions since a word last held; if it holds, since it last held before its \
                 present run. No value if a session since is missing, or if it has not held in \
                 the data.",
        ),
        Across::WordLastHeld,
        "max(value) FILTER (WHERE measure = 'word_last_held::parameter')",
    ),
];
