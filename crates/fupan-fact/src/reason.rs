//! Texts for the reasons why a figure is unknown.

use fupan_market::Wording;

/// The reasons that measures return: identifier, English text, Chinese text.
const REASONS: [(&str, &str, &str); 37] = [
    ("empty_population", "nobody to count over", "没有可统计的证券"),
    ("highest_in_data", "higher than all before in the data", "高于数据中以往各日"),
    ("not_held_before", "no earlier session is known in which it held", "未见此前有成立的交易日"),
    ("index_unchanged", "the index did not change", "指数没有变动"),
    ("calendar_ends", "the calendar ends before", "交易日历尚未收录其后的日期"),
    ("no_advances", "no stock rose", "没有上涨的股票"),
    ("no_breadth", "no advances and declines are known", "涨跌家数不详"),
    ("no_close_then", "the data have no close of that day", "数据中没有那一天的收盘"),
    ("no_daily_bars", "no daily bars", "没有日线"),
    ("no_data", "no data", "没有数据"),
    ("no_data_in_window", "no data in the window", "区间内没有数据"),
    ("no_declines", "no stock fell", "没有下跌的股票"),
    ("no_figure", "no such figure", "没有该数字"),
    ("no_higher_close", "the data hold none higher", "数据中没有更高的"),
    ("no_higher_high", "the data hold none higher", "数据中没有更高的"),
    ("no_level_crossed", "it crossed none", "未越过整数关口"),
    ("no_lower_close", "the data hold none lower", "数据中没有更低的"),
    ("no_lower_low", "the data hold none lower", "数据中没有更低的"),
    ("no_prev_close", "no previous close", "缺前收盘价"),
    ("no_share_capital", "no share capital", "缺股本"),
    ("no_thrust", "there was none", "未曾出现"),
    ("no_weights", "too few weights are known", "已知的权重太少"),
    ("no_turnover", "no turnover", "缺成交额"),
    ("no_turnover_before", "no turnover of the previous session", "缺前一交易日成交额"),
    ("no_range", "no open, high and low", "缺开盘、最高与最低"),
    ("out_of_range", "out of range", "超出可表示的范围"),
    ("population_too_small", "too few to count over", "可统计的证券太少"),
    ("series_too_short", "too few sessions before it", "此前的交易日不足"),
    ("undetermined_limit", "the price limit is not known", "涨跌停价不详"),
    ("window_too_short", "the window is not full", "区间内的交易日不足"),
    ("nobody_judged", "nobody could be judged", "没有可判定的证券"),
    ("session_missing", "sessions it rests on are missing", "缺少所依据的交易日"),
    ("session_partial", "sessions it rests on are partial", "所依据的交易日数据不全"),
    ("cluster_may_be_longer", "it may have begun earlier", "可能开始得更早"),
    ("streak_may_be_longer", "it may be longer", "可能更长"),
    ("no_quotes", "no quotes", "没有盘中报价"),
    ("unknown_streak", "the streak is not known", "连板数不详"),
];

/// The text of a reason. An identifier without a text of its own is printed word by word.
pub fn reason(id: &str) -> Wording {
    match REASONS.iter().find(|(known, ..)| *known == id) {
        Some((_, en, zh)) => Wording::new(*en, *zh),
        None => Wording::new(id.replace('_', " "), format!("原因：{}", id.replace('_', " "))),
    }
}

/// Whether a reason has a text of its own.
pub fn is_worded(id: &str) -> bool {
    REASONS.iter().any(|(known, ..)| *known == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_in_its_own_words_or_word_by_word() {
        for (id, en, zh) in REASONS {
            assert_eq!(reason(id), Wording::new(en, zh));
            assert!(is_worded(id));
        }
        assert_eq!(reason("of_no_list"), Wording::new("of no list", "原因：of no list"));
        assert!(!is_worded("of_no_list"));
    }
}
