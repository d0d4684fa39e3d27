//! Mistakes in judging what vendors answer.

use super::{Mutant, Test};

const fn vendors(path: &'static str) -> Test {
    Test { package: "fupan-source", target: "vendors", path }
}

/// One place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "vendors: a page that is cut short ends the list",
        file: "fupan-source/src/vendor/eastmoney/paging.rs",
        from: "if came != expected || came == 0 {",
        to: "if came > expected {",
        test: vendors(
            "eastmoney::a_page_that_is_short_doubled_or_of_another_list_is_asked_for_again",
        ),
    },
    Mutant {
        name: "vendors: a list that changed while it was read is whole",
        file: "fupan-source/src/vendor/eastmoney/paging.rs",
        from: "filter(|first| *first != total)",
        to: "filter(|_| false)",
        test: vendors(
            "eastmoney::a_page_that_is_short_doubled_or_of_another_list_is_asked_for_again",
        ),
    },
    Mutant {
        name: "vendors: a page that comes twice counts twice",
        file: "fupan-source/src/vendor/eastmoney/paging.rs",
        from: "if self.seen.contains(key) || !own.insert(key) {",
        to: "if !own.insert(key) {",
        test: vendors(
            "eastmoney::a_page_that_is_short_doubled_or_of_another_list_is_asked_for_again",
        ),
    },
    Mutant {
        name: "vendors: one short page is the size of all",
        file: "fupan-source/src/vendor/eastmoney/paging.rs",
        from: "short && self.doubted == Some(came)",
        to: "short",
        test: vendors("eastmoney::fewer_rows_a_page_than_are_asked_for_are_noticed_and_read_on"),
    },
    Mutant {
        name: "vendors: a silent cap is the size that was asked for",
        file: "fupan-source/src/vendor/eastmoney/paging.rs",
        from: "match short && self.doubted == Some(came) {",
        to: "match false && short && self.doubted == Some(came) {",
        test: vendors("eastmoney::fewer_rows_a_page_than_are_asked_for_are_noticed_and_read_on"),
    },
    Mutant {
        name: "vendors: yesterday's list is today's",
        file: "fupan-source/src/vendor/page.rs",
        from: "if day != session.epoch_days() {",
        to: "if day > session.epoch_days() {",
        test: vendors("eastmoney::another_day_than_the_one_asked_for_is_refused"),
    },
    Mutant {
        name: "vendors: a running session is a day where it is asked for",
        file: "fupan-source/src/vendor/page.rs",
        from: "(Moment::Close, Some(second)) if second < CLOSE =>",
        to: "(Moment::Close, Some(second)) if second < 0 =>",
        test: vendors("eastmoney::a_session_that_is_still_running_is_no_day"),
    },
    Mutant {
        name: "vendors: a running session is a day where it is imported",
        file: "fupan-source/src/format/answers.rs",
        from: "Some(second) if *second >= CLOSE => {}",
        to: "Some(second) if *second >= 0 => {}",
        test: vendors("eastmoney::a_session_that_is_still_running_is_no_day"),
    },
    Mutant {
        name: "vendors: a day whose date and time differ is that of its time",
        file: "fupan-source/src/vendor/eastmoney/list.rs",
        from: "(Some(day), Some(at)) => (at.day == day).then_some(at),",
        to: "(Some(_), Some(at)) => Some(at),",
        test: vendors("eastmoney::another_day_than_the_one_asked_for_is_refused"),
    },
    Mutant {
        name: "vendors: an old code of Beijing is a share",
        file: "fupan-source/src/vendor/page.rs",
        from: "symbol.code() / 10_000 != 92",
        to: "symbol.code() == 0",
        test: vendors("eastmoney::rows_that_are_not_of_the_session_are_left_out_and_told"),
    },
    Mutant {
        name: "vendors: rows of an earlier day with trade hold nothing",
        file: "fupan-source/src/format/answers.rs",
        from: "Some(_) if row.traded => Some(answer_topics::OTHER_DAY),",
        to: "Some(_) if row.traded => Some(answer_topics::STILL),",
        test: vendors("eastmoney::rows_that_are_not_of_the_session_are_left_out_and_told"),
    },
    Mutant {
        name: "vendors: a gap among the pages is nothing",
        file: "fupan-source/src/format/answers.rs",
        from: "find(|(expected, number)| expected != *number)",
        to: "find(|_| false)",
        test: vendors("eastmoney::a_page_that_is_missing_among_the_files_is_noticed"),
    },
    Mutant {
        name: "vendors: rows that the vendor counts and that did not come are nothing",
        file: "fupan-source/src/format/answers.rs",
        from: "(missing > 0).then(||",
        to: "(missing > u64::MAX / 2).then(||",
        test: vendors("eastmoney::a_page_that_was_capped_is_no_market"),
    },
    Mutant {
        name: "vendors: pages of two days are one session",
        file: "fupan-source/src/format/answers.rs",
        from: "find(|(_, of_page, _)| *of_page != Some(day))",
        to: "find(|_| false)",
        test: vendors("eastmoney::pages_of_two_days_are_not_one_session"),
    },
    Mutant {
        name: "vendors: a code without its market is one of Shenzhen",
        file: "fupan-source/src/vendor/eastmoney/list.rs",
        from: "let named = present(\"f12\") && present(\"f13\");",
        to: "let named = present(\"f12\");",
        test: vendors("eastmoney::a_code_without_its_market_is_refused"),
    },
    Mutant {
        name: "vendors: a page of the web is an answer",
        file: "fupan-source/src/vendor/answered.rs",
        from: "[b'<', ..] => return Err(page(bytes)),",
        to: "[b'<', b'!', b'-', ..] => return Err(page(bytes)),",
        test: vendors("eastmoney::what_is_no_answer_is_told_apart"),
    },
    Mutant {
        name: "vendors: a vendor that blocks is asked again at once",
        file: "fupan-source/src/vendor/answered.rs",
        from: "if wants(&utf8) || wants(&gbk) {",
        to: "if false && (wants(&utf8) || wants(&gbk)) {",
        test: vendors("eastmoney::what_is_no_answer_is_told_apart"),
    },
    Mutant {
        name: "vendors: an answer may have any size",
        file: "fupan-source/src/vendor/answered.rs",
        from: "if bytes.len() > BYTES_MAX {",
        to: "if bytes.len() > 2 * BYTES_MAX {",
        test: vendors("eastmoney::what_is_no_answer_is_told_apart"),
    },
    Mutant {
        name: "vendors: a security that was not asked for is taken",
        file: "fupan-source/src/vendor/page.rs",
        from: "if !wanted.contains(&row.key) {",
        to: "if row.key.is_empty() {",
        test: vendors("quotes::securities_that_are_missing_or_were_not_asked_for_are_noticed"),
    },
    Mutant {
        name: "vendors: what a batch lacks is believed at once",
        file: "fupan-source/src/vendor/quotes.rs",
        from: "if !missing.is_empty() && missing != self.doubted {",
        to: "if missing.len() > 60 && missing != self.doubted {",
        test: vendors("quotes::securities_that_are_missing_or_were_not_asked_for_are_noticed"),
    },
    Mutant {
        name: "vendors: a stock under the code of another is taken",
        file: "fupan-source/src/vendor/tencent.rs",
        from: "if name.get(2..) != Some(parts[2]) {",
        to: "if parts[2].is_empty() {",
        test: vendors("quotes::a_stock_under_the_code_of_another_is_refused"),
    },
    Mutant {
        name: "vendors: STAR stocks of Tencent are in lots",
        file: "fupan-source/recipes/tencent.toml",
        from: "unit = \"lots-star-shares\"",
        to: "unit = \"lots\"",
        test: vendors("quotes::star_stocks_have_their_volume_in_shares"),
    },
    Mutant {
        name: "vendors: a text of GBK with a torn byte is read",
        file: "fupan-source/src/vendor/answered.rs",
        from: "            .ok_or_else(unreadable),\n        (Written::Utf8, Ok",
        to: "            .or(Some(Cow::Borrowed(\"\")))\n            .ok_or_else(unreadable),\n        (Written::Utf8, Ok",
        test: vendors("quotes::what_is_no_text_of_quotes_is_told_apart"),
    },
    Mutant {
        name: "vendors: without a word there are no more rows",
        file: "fupan-source/src/vendor/tushare/mod.rs",
        from: "page.more.unwrap_or(true) && came > 0",
        to: "page.more.unwrap_or(false) && came > 0",
        test: vendors(
            "tushare::where_no_answer_says_whether_there_is_more_only_an_empty_page_does",
        ),
    },
    Mutant {
        name: "vendors: an offset that is not heeded is",
        file: "fupan-source/src/vendor/tushare/mod.rs",
        from: "if self.seen.contains(&key) || !own.insert(key.clone()) {",
        to: "if !own.insert(key.clone()) {",
        test: vendors(
            "tushare::where_no_answer_says_whether_there_is_more_only_an_empty_page_does",
        ),
    },
    Mutant {
        name: "vendors: a session without rows is one",
        file: "fupan-source/src/vendor/tushare/mod.rs",
        from: "if one_day && part.of.is_none() {",
        to: "if !one_day && part.of.is_none() {",
        test: vendors("tushare::an_answer_without_rows_is_no_session"),
    },
    Mutant {
        name: "vendors: rows of another day than asked for are Tushare's",
        file: "fupan-source/src/vendor/tushare/mod.rs",
        from: "(from..=to).contains(day)",
        to: "*day >= from || *day <= to",
        test: vendors("tushare::rows_of_another_day_are_refused"),
    },
    Mutant {
        name: "vendors: a quota of the day is waited for",
        file: "fupan-source/src/vendor/tushare/answer.rs",
        from: "_ if has(\"每天\") =>",
        to: "_ if has(\"每夜\") =>",
        test: vendors("tushare::a_refusal_says_whether_to_wait_or_what_to_do"),
    },
    Mutant {
        name: "vendors: a last page that says there is more is the last",
        file: "fupan-source/src/format/answers.rs",
        from: "            if *more {",
        to: "            if *more && series.is_empty() {",
        test: vendors("tushare::pages_of_rows_become_the_days_of_a_session"),
    },
    Mutant {
        name: "vendors: an index may lack a session",
        file: "fupan-source/src/vendor/eastmoney/bars.rs",
        from: "match lacking.filter(|_| symbol.kind() == SecurityKind::Index) {",
        to: "match lacking.filter(|_| symbol.kind() == SecurityKind::BShare) {",
        test: vendors("eastmoney_series::bars_of_another_security_or_of_other_days_are_refused"),
    },
    Mutant {
        name: "vendors: bars after the range are taken",
        file: "fupan-source/src/vendor/page.rs",
        from: "if day < from || day > to {",
        to: "if day < from {",
        test: vendors("eastmoney_series::bars_of_another_security_or_of_other_days_are_refused"),
    },
];
