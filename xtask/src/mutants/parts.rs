//! Mistakes in figures of a session's parts: groups over sessions and in an index, shares over
//! sessions, weights carried forward, and the afternoon.

use super::list::{SPECIFIED, unit};
use super::{Mutant, Test};

const fn group_points(path: &'static str) -> Test {
    Test { package: "fupan-measure", target: "sessions", path }
}

/// In the order of the crates; one place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "an ex-rights day leaves a member's shares as they were",
        file: "fupan-market/src/index_basket.rs",
        from: "Some(BasketShares(rounded(self.0.checked_mul(last)?, prev)))",
        to: "Some(self)",
        test: unit(
            "fupan-market",
            "index_basket::tests::an_ex_rights_day_changes_the_shares_and_not_their_worth",
        ),
    },
    Mutant {
        name: "a price after a lost session is that of an ex-rights day",
        file: "fupan-market/src/index_basket.rs",
        from: "false if prev == 0 || !gap_is_stated => None,",
        to: "false if prev == 0 => None,",
        test: unit(
            "fupan-market",
            "index_basket::tests::an_ex_rights_day_changes_the_shares_and_not_their_worth",
        ),
    },
    Mutant {
        name: "groups of an index are rounded one by one",
        file: "fupan-measure/src/evaluate/group_points.rs",
        from: "let points = contributions.points_of(reached).ok()?;\n        let of_group = points - before;",
        to: "let points = contributions.points_of(sum).ok()?;\n        let of_group = points + before - before;",
        test: group_points("group_points::industries_add_up_to_the_points_of_all_members"),
    },
    Mutant {
        name: "a member without a price is forgotten in its industry",
        file: "fupan-measure/src/evaluate/group_points.rs",
        from: "parts.entry(place(*symbol)).or_default().2 += 1;",
        to: "parts.entry(place(*symbol)).or_default().2 += 0;",
        test: SPECIFIED,
    },
    Mutant {
        name: "a group is ranked among its past and itself twice",
        file: "fupan-measure/src/evaluate/rotation/kept.rs",
        from: "(first.unwrap_or(0)..last)",
        to: "(first.unwrap_or(0)..=last)",
        test: SPECIFIED,
    },
    Mutant {
        name: "a share of turnover that grew has shrunk",
        file: "fupan-measure/src/evaluate/rotation/kept.rs",
        from: "Ok(rounded(last)? - rounded(before)?)",
        to: "Ok(rounded(before)? - rounded(last)?)",
        test: SPECIFIED,
    },
    Mutant {
        name: "a return over sessions stops after the fourth",
        file: "fupan-measure/src/evaluate/own_past.rs",
        from: "days.chain([self.day.day_return()])",
        to: "days.chain([self.day.day_return()]).take(4)",
        test: SPECIFIED,
    },
    Mutant {
        name: "a share that is new returned something over sixty sessions",
        file: "fupan-measure/src/evaluate/own_past.rs",
        from: "if first < self.from || !self.past.traded_before(first) {",
        to: "if first < self.from {",
        test: SPECIFIED,
    },
    Mutant {
        name: "a mean of turnover includes the session",
        file: "fupan-measure/src/evaluate/own_past.rs",
        from: "let change = i128::from(today) * days as i128 - before;",
        to: "let change = i128::from(today) * (days as i128 - 1) - before;",
        test: SPECIFIED,
    },
    Mutant {
        name: "a move of five percent since the break is none",
        file: "fupan-measure/src/catalogue/intraday.rs",
        from: "(ppb.0.abs() >= SURGE)",
        to: "(ppb.0.abs() > SURGE)",
        test: SPECIFIED,
    },
    Mutant {
        name: "the afternoon is measured from the previous close",
        file: "fupan-market/src/day.rs",
        from: "Return::between(self.morning?, self.traded?.last)",
        to: "Return::between(self.morning.and(self.prev_close)?, self.traded?.last)",
        test: SPECIFIED,
    },
];
