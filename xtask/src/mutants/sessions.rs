//! Mistakes in whom a session counts, what it is compared with and what a file's rows say of it.

use super::list::{SPECIFIED, unit};
use super::{Mutant, Test};

const fn known(path: &'static str) -> Test {
    Test { package: "fupan-market", target: "known", path }
}

const fn session(path: &'static str) -> Test {
    Test { package: "fupan-measure", target: "sessions", path }
}

const fn units(path: &'static str) -> Test {
    Test { package: "fupan-source", target: "units", path }
}

const fn terminal(target: &'static str, path: &'static str) -> Test {
    Test { package: "fupan-source", target, path }
}

const fn funds(path: &'static str) -> Test {
    Test { package: "fupan-source", target: "funds", path }
}

/// In the order of the crates; one place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "names two years apart bracket a status",
        file: "fupan-market/src/listing.rs",
        from: "BRACKET_DAYS_MAX: i32 = 366;",
        to: "BRACKET_DAYS_MAX: i32 = 800;",
        test: known("names_bracket_a_year_at_most"),
    },
    Mutant {
        name: "an unchanged index goes on with its run",
        file: "fupan-measure/src/session/index.rs",
        from: "Some(Ordering::Equal) | None => 0,",
        to: "Some(Ordering::Equal) => self.gain_streak,\n            None => 0,",
        test: SPECIFIED,
    },
    Mutant {
        name: "a percentile counts lower figures only",
        file: "fupan-measure/src/evaluate/across/mod.rs",
        from: "            <= i128::from(other.number) * i128::from(self.of)",
        to: "            < i128::from(other.number) * i128::from(self.of)",
        test: SPECIFIED,
    },
    Mutant {
        name: "a percentile looks back a session too far",
        file: "fupan-measure/src/evaluate/across/view.rs",
        from: "(sessions - 1).saturating_sub(self.missing)",
        to: "sessions.saturating_sub(self.missing)",
        test: SPECIFIED,
    },
    Mutant {
        name: "first boards are no members of the ladder",
        file: "fupan-measure/src/measure/statistic.rs",
        from: "(cell.streak > 0).then_some(Some(cell.streak))",
        to: "(cell.streak > 1).then_some(Some(cell.streak))",
        test: SPECIFIED,
    },
    Mutant {
        name: "nine movers are told each way",
        file: "fupan-measure/src/evaluate/contribution.rs",
        from: "const TOLD: usize = 10;",
        to: "const TOLD: usize = 9;",
        test: session("ten_members_are_told_that_lifted_the_index_and_ten_that_weighed_on_it"),
    },
    Mutant {
        name: "nine tenths are not enough",
        file: "fupan-measure/src/total/value.rs",
        from: "judged * 10 >= (judged + unjudged) * 9",
        to: "judged * 10 > (judged + unjudged) * 9",
        test: SPECIFIED,
    },
    Mutant {
        name: "a share is suspended for two years",
        file: "fupan-measure/src/session/walk.rs",
        from: "const SUSPENDED_SESSIONS: u32 = 250;",
        to: "const SUSPENDED_SESSIONS: u32 = 500;",
        test: session("a_share_without_trade_for_250_sessions_is_not_counted_as_suspended"),
    },
    Mutant {
        name: "a share is gone on its last day",
        file: "fupan-measure/src/session/walk.rs",
        from: "|last_day| last_day < session",
        to: "|last_day| last_day <= session",
        test: session("a_share_is_listed_on_its_last_day_and_not_after_it"),
    },
    Mutant {
        name: "of equal movers the last by symbol are told",
        file: "fupan-measure/src/evaluate/contribution.rs",
        from: "|(change, symbol)| (Reverse(*change), *symbol)",
        to: "|(change, symbol)| (Reverse(*change), Reverse(*symbol))",
        test: session("ten_members_are_told_that_lifted_the_index_and_ten_that_weighed_on_it"),
    },
    Mutant {
        name: "of equal sizes the last by symbol is the smaller",
        file: "fupan-measure/src/total/sorted.rs",
        from: "sizes.sort_unstable();",
        to: "sizes.sort_unstable_by_key(|(cap, symbol, ..)| (*cap, std::cmp::Reverse(*symbol)));",
        test: session("micro_caps_are_the_smallest_by_total_capitalisation"),
    },
    Mutant {
        name: "an equal turnover pushes the rank down",
        file: "fupan-measure/src/measure/comparison.rs",
        from: "filter(|fen| **fen > today)",
        to: "filter(|fen| **fen >= today)",
        test: unit(
            "fupan-measure",
            "measure::comparison::tests::an_equal_turnover_shares_the_better_rank",
        ),
    },
    Mutant {
        name: "a word that no longer holds keeps its run",
        file: "fupan-measure/src/evaluate/across/view.rs",
        from: "if !holds || self.len() == 0 {",
        to: "if self.len() == 0 {",
        test: SPECIFIED,
    },
    Mutant {
        name: "a word that holds over a missing session begins anew",
        file: "fupan-measure/src/evaluate/across/view.rs",
        from: "None => self.of_all(unknown(\"session_missing\"), basis),",
        to: "None => self.of_all(of_unit(unit, 1), basis),",
        test: SPECIFIED,
    },
    Mutant {
        name: "a word held last on the day before, also in the middle of a run",
        file: "fupan-measure/src/evaluate/across/view.rs",
        from: "if !holds && run.number > 0 {",
        to: "if run.number > 0 {",
        test: SPECIFIED,
    },
    Mutant {
        name: "an average at the edge of the high ground has left it",
        file: "fupan-measure/src/evaluate/across/view.rs",
        from: "now.number > high)",
        to: "now.number >= high)",
        test: SPECIFIED,
    },
    Mutant {
        name: "a share stays in the industry on the day it leaves",
        file: "fupan-market/src/group.rs",
        from: "session < until",
        to: "session <= until",
        test: unit(
            "fupan-market",
            "group::tests::a_security_is_in_a_group_from_its_first_day_to_before_its_last",
        ),
    },
    Mutant {
        name: "the finest industries are those of a review",
        file: "fupan-market/src/groups.rs",
        from: "wide.min_by_key(|list| list.groups.len())",
        to: "wide.max_by_key(|list| list.groups.len())",
        test: unit(
            "fupan-market",
            "group::tests::industries_are_the_coarsest_that_name_nearly_all",
        ),
    },
    Mutant {
        name: "a list of the session's own day is not believed",
        file: "fupan-market/src/group.rs",
        from: "match on <= session {",
        to: "match on < session {",
        test: unit(
            "fupan-market",
            "group::tests::what_is_seen_of_a_security_holds_until_the_next_and_the_first_before_itself",
        ),
    },
    Mutant {
        name: "the BSE is not missed on its first session",
        file: "fupan-measure/src/measure/comparison.rs",
        from: "!Exchange::Bse.is_open_in(past.session)",
        to: "Exchange::Bse.first_session() >= Some(past.session)",
        test: unit(
            "fupan-measure",
            "measure::comparison::tests::the_bse_is_missed_from_its_opening_on",
        ),
    },
    Mutant {
        name: "an index may be rounded ten times as far",
        file: "fupan-source/src/row/check.rs",
        from: "const INDEX_ROUNDING: i64 = 5_000;",
        to: "const INDEX_ROUNDING: i64 = 500;",
        test: units("prices_of_an_index_may_be_rounded_apart"),
    },
    Mutant {
        name: "only a threefold change is a jump",
        file: "fupan-source/src/row/units.rs",
        from: "row.close * 2 > prev * 3 || row.close * 3 < prev * 2",
        to: "row.close > prev * 3 || row.close * 3 < prev",
        test: units("a_close_more_than_half_away_from_the_previous_one_is_a_jump"),
    },
    Mutant {
        name: "shares of Beijing weigh on the middle one",
        file: "fupan-source/src/row/units.rs",
        from: "row.day >= MIDDLE_SINCE && row.symbol.exchange() != Exchange::Bse",
        to: "row.day >= MIDDLE_SINCE",
        test: units("shares_of_beijing_say_nothing_of_the_middle_one"),
    },
    Mutant {
        name: "only sessions of less trade are in other units",
        file: "fupan-source/src/row/units/traded.rs",
        from: "&& (middle - other).abs() >= APART_POWERS",
        to: "&& middle - other <= -APART_POWERS",
        test: unit(
            "fupan-source",
            "row::units::traded::tests::a_session_is_apart_from_thirty_two_times_the_one_before_on",
        ),
    },
    Mutant {
        name: "an event between two days with trade is lost",
        file: "fupan-source/src/format/ex_rights.rs",
        from: "events.next_if(|event| event.date <= date)",
        to: "events.next_if(|event| event.date == date)",
        test: terminal("tdx_folder", "an_event_applies_on_the_next_day_with_trade"),
    },
    Mutant {
        name: "a reference price that the day rules out is stated",
        file: "fupan-source/src/format/ex_rights.rs",
        from: "holds || self.date[row] < LIMITS_FROM",
        to: "holds || self.date[row] > LIMITS_FROM",
        test: terminal("tdx_folder", "what_the_days_prices_rule_out_is_not_stated"),
    },
    Mutant {
        name: "bonus shares of ten are those of one",
        file: "fupan-source/src/format/ex_rights.rs",
        from: "const TEN: i128 = 10_000_000;",
        to: "const TEN: i128 = 1_000_000;",
        test: terminal("tdx_folder", "an_ex_rights_day_has_its_reference_price"),
    },
    Mutant {
        name: "shares in ten thousands are shares",
        file: "fupan-source/recipes/tdx-base.toml",
        from: "{ column = \"total\", unit = \"ten-thousand-shares\" }",
        to: "{ column = \"total\", unit = \"shares\" }",
        test: terminal("tdx_files", "share_capital_is_in_ten_thousands"),
    },
    Mutant {
        name: "the last bar of the morning ends at one",
        file: "fupan-source/src/format/tdx_minutes.rs",
        from: "of_day.contains(&AFTER_NOON) && !of_day.contains(&NOON)",
        to: "of_day.contains(&AFTER_NOON) && of_day.contains(&NOON)",
        test: terminal("tdx_files", "the_last_bar_of_the_morning_may_be_stamped_thirteen"),
    },
    Mutant {
        name: "nine that traded are a theme",
        file: "fupan-fact/src/set.rs",
        from: "MEMBERS_MIN: u64 = 10;",
        to: "MEMBERS_MIN: u64 = 9;",
        test: session("themes::few_members_and_what_is_no_theme_are_left_out_and_counted"),
    },
    Mutant {
        name: "margin eligibility is a theme",
        file: "fupan-measure/src/evaluate/groups.rs",
        from: "!names.get(id).is_some_and(|name| excluded.has(name))",
        to: "names.contains_key(id) || excluded.has(\"\")",
        test: session("themes::few_members_and_what_is_no_theme_are_left_out_and_counted"),
    },
    Mutant {
        name: "four in five members in common are not alike",
        file: "fupan-measure/src/evaluate/groups.rs",
        from: "both * 5 >= (of.cells.len()",
        to: "both * 5 > (of.cells.len()",
        test: session("themes::groups_that_share_most_members_are_shown_once"),
    },
    Mutant {
        name: "a list of a later day is taken for one of the day",
        file: "fupan-market/src/group.rs",
        from: "self.seen_on > session",
        to: "self.seen_on < session",
        test: session("themes::a_list_of_a_later_day_is_restated"),
    },
    Mutant {
        name: "a segment holds what it leaves out",
        file: "fupan-market/src/chain/resolve.rs",
        from: "if self.except.iter().any(|name| in_group(name).is_some()) {",
        to: "if self.except.iter().any(|name| in_group(name).is_none()) {",
        test: session("themes::segments_of_a_chain_are_groups_of_the_list_of_themes"),
    },
    Mutant {
        name: "a fund's return jumps a session that its data lack",
        file: "fupan-measure/src/session/fund.rs",
        from: "if number + 1 != follows {",
        to: "if number >= follows {",
        test: SPECIFIED,
    },
    Mutant {
        name: "a fund's split is a fall",
        file: "fupan-measure/src/session/fund.rs",
        from: " && (low + HALF_A_TICK) * 5 >= close * 4",
        to: " && low <= close * 4",
        test: SPECIFIED,
    },
    Mutant {
        name: "a lost row of a fund is one of a share",
        file: "fupan-source/src/lib.rs",
        from: "&& !fillers.iter().any(|filler| filler.holds_fund(row))",
        to: "",
        test: funds("a_lost_row_of_a_fund_is_not_one_of_a_share"),
    },
    Mutant {
        name: "a fund's volume in lots is taken for shares",
        file: "fupan-source/src/row/units.rs",
        from: "!fits(volume, 0) && fits(volume * lot, lot)",
        to: "!fits(volume, 0) && fits(volume * lot, lot) && volume < 0",
        test: funds("a_terminals_folder_holds_funds_in_thousandths"),
    },
];
