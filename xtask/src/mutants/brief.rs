//! Mistakes in what a brief says: whether, in which order and in which words.

use super::list::unit;
use super::{Mutant, Test};

const fn takeaway(path: &'static str) -> Test {
    Test { package: "fupan-brief", target: "takeaways", path }
}

const fn kind(path: &'static str) -> Test {
    Test { package: "fupan-brief", target: "kind", path }
}

const MONEY: Test =
    unit("fupan-brief", "format::money::tests::money_changes_its_unit_after_rounding");

/// One place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "breadth is narrow under forty per cent",
        file: "fupan-fact/src/word.rs",
        from: "less(Figure(all(\"advance_share\")), Thousandths(450))",
        to: "less(Figure(all(\"advance_share\")), Thousandths(400))",
        test: takeaway("breadth_is_told_by_the_advance_share"),
    },
    Mutant {
        name: "turnover shrinks below minus five per cent, not at it",
        file: "fupan-fact/src/word.rs",
        from: "at_most(Figure(two(\"turnover_change_rate\")), Thousandths(-50))",
        to: "less(Figure(two(\"turnover_change_rate\")), Thousandths(-50))",
        test: takeaway("turnover_is_told_by_its_change"),
    },
    Mutant {
        name: "seals are weak at sixty per cent",
        file: "fupan-fact/src/word.rs",
        from: "less(Figure(all(\"seal_rate\")), Thousandths(600))",
        to: "at_most(Figure(all(\"seal_rate\")), Thousandths(600))",
        test: takeaway("the_limit_board_is_told_by_counts_and_seals"),
    },
    Mutant {
        name: "the index that rose most leads, not the one that moved most",
        file: "fupan-brief/src/section/index_board.rs",
        from: ".unwrap_or(0.0).abs() * 1e9",
        to: ".unwrap_or(0.0) * 1e9",
        test: takeaway("the_index_that_moved_most_leads_on_a_rising_and_on_a_falling_day"),
    },
    Mutant {
        name: "new lows lead where new highs do",
        file: "fupan-fact/src/word.rs",
        from: "less(Times(2, all(\"new_high_250\")), Figure(all(\"new_low_250\")))",
        to: "less(Times(2, all(\"new_low_250\")), Figure(all(\"new_high_250\")))",
        test: takeaway("highs_lead_lows_or_lows_highs"),
    },
    Mutant {
        name: "a predicate takes fen for yuan",
        file: "fupan-fact/src/word.rs",
        from: "Value::Money { fen } => (fen.0, 100),",
        to: "Value::Money { fen } => (fen.0, 1),",
        test: unit(
            "fupan-fact",
            "word::tests::a_figure_of_any_kind_is_compared_in_its_natural_unit",
        ),
    },
    Mutant {
        name: "a formula loses the minus of a small threshold",
        file: "fupan-fact/src/word.rs",
        from: "if *n < 0 { \"-\" } else { \"\" }",
        to: "if *n <= -1000 { \"-\" } else { \"\" }",
        test: unit("fupan-fact", "word::tests::a_formula_is_printed_as_it_is_judged"),
    },
    Mutant {
        name: "one decimal up to 999, not to 1,000",
        file: "fupan-brief/src/format/money.rs",
        from: "Precision::Full if steps(fen, unit, 1) < 10_000 => 1,",
        to: "Precision::Full if steps(fen, unit, 1) < 9_990 => 1,",
        test: MONEY,
    },
    Mutant {
        name: "an amount that rounds to the next unit stays in its own",
        file: "fupan-brief/src/format/money.rs",
        from: ">= 10_i128.pow(next - power + decimals)",
        to: "> 10_i128.pow(next - power + decimals)",
        test: MONEY,
    },
    Mutant {
        name: "billions begin at ten",
        file: "fupan-brief/src/format/money.rs",
        from: "(\" billion yuan\", 9)",
        to: "(\" billion yuan\", 10)",
        test: MONEY,
    },
    Mutant {
        name: "who rose is said to have fallen",
        file: "fupan-brief/text/en/brief.ftl",
        from: "that traded, { $advances } rose, { $declines } fell",
        to: "that traded, { $declines } rose, { $advances } fell",
        test: takeaway("a_brief_is_read_in_both_languages"),
    },
    Mutant {
        name: "one that is not judged is several",
        file: "fupan-brief/text/en/brief.ftl",
        from: "and { $unjudged_n ->\n    [one] is",
        to: "and { $unjudged_n ->\n    [one] are",
        test: takeaway("sentences::one_is_singular_in_english"),
    },
    Mutant {
        name: "one limit-up is several stocks",
        file: "fupan-brief/text/en/brief.ftl",
        from: "limit-sealed = ST stocks included, { $ups } { $ups_n ->\n    [one] stock",
        to: "limit-sealed = ST stocks included, { $ups } { $ups_n ->\n    [one] stocks",
        test: takeaway("sentences::one_is_singular_in_english"),
    },
    Mutant {
        name: "the most traded leads a theme, whatever its run",
        file: "fupan-fact/src/set.rs",
        from: "(Reverse((streak, traded)), *symbol)",
        to: "(Reverse((traded, streak)), *symbol)",
        test: Test {
            package: "fupan-brief",
            target: "themes",
            path: "a_theme_is_told_by_its_limit_ups_and_shown_once_with_those_like_it",
        },
    },
    Mutant {
        name: "a session is ordinary in its highest fifth",
        file: "fupan-brief/src/section/kind.rs",
        from: "true => parts(200, all(\"percentile_250:turnover\"), 800),",
        to: "true => parts(200, all(\"percentile_250:turnover\"), 900),",
        test: kind("a_calm_day_reads_calm"),
    },
    Mutant {
        name: "an index whose move is not known held up",
        file: "fupan-brief/src/section/kind.rs",
        from: "(\"index_held_up\", vec![ahead(), not_rose()])",
        to: "(\"index_held_up\", vec![ahead()])",
        test: kind("large_companies_carry_hold_up_or_lag"),
    },
    Mutant {
        name: "one side alone makes a rotation",
        file: "fupan-brief/src/section/kind.rs",
        from: "at_most(worst, Thousandths(-far))",
        to: "at_most(worst, Thousandths(far))",
        test: kind("the_direction_is_told_by_breadth_and_the_index"),
    },
    Mutant {
        name: "a section says again what the kind of session told",
        file: "fupan-brief/src/compose/mod.rs",
        from: "    view.tell(&paragraph);\n",
        to: "",
        test: kind("facts::sections_do_not_repeat_what_the_kind_of_session_told"),
    },
    Mutant {
        name: "a session that lasts is of a kind",
        file: "fupan-brief/src/section/kind.rs",
        from: "if view.as_of != AsOf::Close {",
        to: "if false {",
        test: kind("facts::a_session_that_lasts_has_no_kind_yet"),
    },
    Mutant {
        name: "the session that drops out is a threshold of turnover",
        file: "fupan-brief/src/section/watch.rs",
        from: "checked_sub(SESSIONS)? + 1;",
        to: "checked_sub(SESSIONS)?;",
        test: kind("watch::conditions_are_figures_of_this_session_to_pass"),
    },
    Mutant {
        name: "a part of a session's turnover is a threshold",
        file: "fupan-brief/src/section/watch.rs",
        from: "provenance.basis < Basis::Partial",
        to: "provenance.basis <= Basis::Partial",
        test: kind("watch::conditions_are_figures_of_this_session_to_pass"),
    },
    Mutant {
        name: "a limit board is hot whatever its past",
        file: "fupan-brief/src/section/temper.rs",
        from: "if figures.iter().any(has_past) {",
        to: "if figures.iter().all(has_past) {",
        test: kind("without_a_past_a_session_is_judged_by_itself"),
    },
    Mutant {
        name: "a card of one board speaks of another exchange",
        file: "fupan-brief/src/export/html/cards.rs",
        from: "Scope::Board(Board::Star) => exchange == Exchange::Sse,",
        to: "Scope::Board(Board::Star) => true,",
        test: Test {
            package: "fupan-brief",
            target: "figures",
            path: "a_card_says_what_its_basis_is_about",
        },
    },
];
