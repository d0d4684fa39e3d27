//! Mistakes in following a session: what is shown before it is kept, counted twice or said by nobody.

use super::{Mutant, Test};

const fn market(path: &'static str) -> Test {
    Test { package: "fupan", target: "market", path }
}

const SHOWN: Test =
    market("watched::a_watch_shows_at_every_instant_what_the_store_says_afterwards");
const FAULTS: Test =
    market("watched::lost_late_doubled_and_corrupt_answers_change_no_figure_in_silence");
const KILLED: Test = market("watched::killed_at_any_moment_nothing_that_was_acknowledged_is_lost");
const LEFT_ALONE: Test = market("watched::a_file_whose_quotes_are_in_the_store_is_left_alone");
const NEXT: Test = market("watched::another_source_goes_on_where_one_fails");
const AGREED: Test = market("agreed::what_two_sources_have_differently_is_named");
const INDICES: Test = market("instants::indices_of_an_instant_are_those_of_its_last_minutes");
const LEVELS: Test = Test {
    package: "fupan-store",
    target: "store",
    path: "index_quotes::of_several_imports_one_level_counts",
};
const MIDDAY: Test = market(
    "midday::the_main_board_at_the_break_and_at_the_close_is_as_others_count_it_but_for_three",
);

/// One place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a sweep is shown and not kept",
        file: "fupan/src/watch/mod.rs",
        from: "        log.append(sweep)?;\n",
        to: "        let _ = log;\n",
        test: SHOWN,
    },
    Mutant {
        name: "what an earlier watch has left is not moved into the store",
        file: "fupan/src/watch/mod.rs",
        from: "            self.fold(&path, &before, at)?;\n        }\n        Ok(())",
        to: "            let _ = (&path, &before, at);\n        }\n        Ok(())",
        test: KILLED,
    },
    Mutant {
        name: "a quote that is older than the last takes its place",
        file: "fupan/src/watch/sweep.rs",
        from: "if quote.time < last.time || !grows(quote.time == last.time) {",
        to: "if !grows(quote.time == last.time) {",
        test: FAULTS,
    },
    Mutant {
        name: "an index whose levels have ended stands where it was",
        file: "fupan/src/instant/indices.rs",
        from: "            .filter(|(own, quote)| is_fresh(own, quote, second))\n",
        to: "",
        test: INDICES,
    },
    Mutant {
        name: "turnover of indices is compared with another time of the session before",
        file: "fupan/src/instant/indices.rs",
        from: "then.turnover.filter(|_| age <= LASTS)",
        to: "then.turnover.filter(|_| age < u32::MAX)",
        test: INDICES,
    },
    Mutant {
        name: "levels of indices are shown and not kept",
        file: "fupan/src/watch/fold.rs",
        from: "levels => Some((Table::IndexQuote, index_quote_batch(levels)?)),",
        to: "_ => None,",
        test: SHOWN,
    },
    Mutant {
        name: "of two levels of one time the first counts",
        file: "fupan-store/src/read/index_quotes.rs",
        from: "(row.quote.time, std::cmp::Reverse(row.quote.turnover), row.file)",
        to: "(row.quote.time, row.quote.turnover, row.file)",
        test: LEVELS,
    },
    Mutant {
        name: "quotes that come late revise nothing",
        file: "fupan/src/watch/mod.rs",
        from: "taken.revises = of_earlier.min();",
        to: "taken.revises = of_earlier.min().filter(|time| *time == 0);",
        test: FAULTS,
    },
    Mutant {
        name: "no other source is asked where one fails",
        file: "fupan/src/watch/mod.rs",
        from: "Err(error) => poll.failed.push((shares, error)),",
        to: "Err(error) => {\n                    poll.failed.push((shares, error));\n                    break;\n                }",
        test: NEXT,
    },
    Mutant {
        name: "who the vendor does not know is asked for each round",
        file: "fupan/src/watch/mod.rs",
        from: ".filter(|symbol| !unknown.contains(symbol))",
        to: ".filter(|symbol| !unknown.contains(symbol) || symbol.code() > 0)",
        test: LEFT_ALONE,
    },
    Mutant {
        name: "a file whose quotes are in the store is taken once more",
        file: "fupan/src/watch/mod.rs",
        from: "if fold::is_folded(self.store, session, &path)? {",
        to: "if fold::is_folded(self.store, session, &path)? && path.is_dir() {",
        test: LEFT_ALONE,
    },
    Mutant {
        name: "a time without quotes is said by nobody",
        file: "fupan/src/instant/gaps.rs",
        from: "let least = (usual * TIMES_USUAL).max(SHORTEST);",
        to: "let least = (usual * TIMES_USUAL).max(SHORTEST * 100);",
        test: KILLED,
    },
    Mutant {
        name: "shares of another volume agree",
        file: "fupan/src/agreement.rs",
        from: "a.volume.abs_diff(b.volume) >= LOT",
        to: "a.volume.abs_diff(b.volume) > LOT",
        test: AGREED,
    },
    Mutant {
        name: "a share that one source lacks is not named",
        file: "fupan/src/agreement.rs",
        from: "traded(of, symbol).is_some() && traded(other, symbol).is_none()",
        to: "traded(of, symbol).is_none() && traded(other, symbol).is_none()",
        test: AGREED,
    },
    Mutant {
        name: "what is stamped after the close counts at the close",
        file: "fupan/src/instant/mod.rs",
        from: "if standing == second && standing == MORNING_ENDS => BREAK_ENDS - 1,",
        to: "if standing == second && standing != MORNING_ENDS => BREAK_ENDS - 1,",
        test: MIDDAY,
    },
];
