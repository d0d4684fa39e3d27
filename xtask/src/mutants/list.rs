//! The mistakes.

use super::{Mutant, Test};

const fn market(path: &'static str) -> Test {
    Test { package: "fupan-market", target: "mistakes", path }
}

const fn measure(path: &'static str) -> Test {
    Test { package: "fupan-measure", target: "mistakes", path }
}

const fn agreement(path: &'static str) -> Test {
    Test { package: "fupan-sim", target: "agreement", path }
}

/// The specifications in `spec/`.
pub(super) const SPECIFIED: Test =
    Test { package: "fupan-measure", target: "spec", path: "every_specification_holds" };

pub(super) const fn unit(package: &'static str, path: &'static str) -> Test {
    Test { package, target: "--lib", path }
}

/// In the order of the crates; one place each.
pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a session without rows is a suspension",
        file: "fupan-market/src/holes.rs",
        from: "if rows[place] == 0 || is_thin(",
        to: "if is_thin(",
        test: unit(
            "fupan-market",
            "holes::tests::a_session_without_rows_or_with_far_fewer_is_a_hole",
        ),
    },
    Mutant {
        name: "a stray row makes a session whole",
        file: "fupan-market/src/holes.rs",
        from: "(rows as u64) * 2 < usual as u64",
        to: "rows == 0 && usual > 0",
        test: unit(
            "fupan-market",
            "holes::tests::a_session_without_rows_or_with_far_fewer_is_a_hole",
        ),
    },
    Mutant {
        name: "a streak goes on over a hole",
        file: "fupan-market/src/fold.rs",
        from: "(self.streak, self.streak_at_least) = (None, 0);",
        to: "",
        test: unit(
            "fupan-market",
            "fold::tests::missing::a_streak_seen_after_a_hole_is_a_lower_bound",
        ),
    },
    Mutant {
        name: "highs are taken across a hole",
        file: "fupan-market/src/fold.rs",
        from: "self.past.forget(number);",
        to: "",
        test: unit("fupan-market", "fold::tests::missing::nothing_is_said_of_prices_across_a_hole"),
    },
    Mutant {
        name: "a reference price proves nothing",
        file: "fupan-market/src/fold.rs",
        from: "&& reported != last.close",
        to: "&& false",
        test: unit(
            "fupan-market",
            "fold::tests::missing::a_reference_price_that_is_not_the_last_close_speaks_for_a_missing_bar",
        ),
    },
    Mutant {
        name: "a count over nobody is zero",
        file: "fupan-measure/src/evaluate/scopes.rs",
        from: "let nobody = judged == 0 && unjudged > 0;",
        to: "let nobody = false;",
        test: SPECIFIED,
    },
    Mutant {
        name: "the longest streak is that of those known",
        file: "fupan-measure/src/measure/statistic.rs",
        from: "Statistic::LongestStreak if totals.open_ladder().next().is_some()",
        to: "Statistic::LongestStreak if false",
        test: SPECIFIED,
    },
    Mutant {
        name: "a line across a missing session is exact",
        file: "fupan-measure/src/evaluate/across/view.rs",
        from: "if back > 1 { Basis::Partial }",
        to: "if back > 9_999 { Basis::Partial }",
        test: Test {
            package: "fupan-measure",
            target: "sessions",
            path: "basis::a_line_over_a_hole_is_partial",
        },
    },
    Mutant {
        name: "many without a row are suspended",
        file: "fupan-measure/src/session/held.rs",
        from: "missing >= 3 && missing * 50",
        to: "missing > 9_999 && missing * 50",
        test: SPECIFIED,
    },
    Mutant {
        name: "limits are cut to the tick",
        file: "fupan-market/src/rulebook.rs",
        from: "(exact + PER_TICK / 2) / PER_TICK;",
        to: "exact / PER_TICK;",
        test: market("limits_are_rounded_half_up_not_cut"),
    },
    Mutant {
        name: "limits in Beijing are rounded",
        file: "fupan-market/src/rulebook.rs",
        from: "Rounding::Inward => (up / PER_TICK, (down",
        to: "Rounding::Inward => ((up + PER_TICK / 2) / PER_TICK, (down",
        test: market("limits_in_beijing_are_cut_not_rounded"),
    },
    Mutant {
        name: "a limit may be the previous close",
        file: "fupan-market/src/rulebook.rs",
        from: "half_up(up).max(next_up)",
        to: "half_up(up).max(next_up - 1)",
        test: market("a_limit_lies_a_tick_away_at_least"),
    },
    Mutant {
        name: "a risk warning does not narrow the band",
        file: "fupan-market/src/rulebook.rs",
        from: "(false, true) => of(Treatment::RiskWarning)",
        to: "(false, true) => of(Treatment::Plain)",
        test: market("a_risk_warning_has_its_own_band"),
    },
    Mutant {
        name: "the first sessions are one too few",
        file: "fupan-market/src/rulebook.rs",
        from: "<= rule.sessions)",
        to: "< rule.sessions)",
        test: market("the_last_of_the_first_sessions_has_no_limit_and_the_next_has_one"),
    },
    Mutant {
        name: "a changed code is another security",
        file: "fupan-market/src/codes.rs",
        from: "self.last.get(&symbol).copied().unwrap_or(symbol)",
        to: "symbol",
        test: market("a_changed_code_is_one_security"),
    },
    Mutant {
        name: "a day without a limit goes on with a streak",
        file: "fupan-market/src/day.rs",
        from: "(PriceLimit::Unlimited(_), _) => Some(0),",
        to: "(PriceLimit::Unlimited(_), _) => self.carried.streak.map(|n| n + 1),",
        test: market("days_without_a_limit_are_no_limit_ups"),
    },
    Mutant {
        name: "a touch is a seal",
        file: "fupan-market/src/day.rs",
        from: "Some(if traded.last == up {",
        to: "Some(if traded.high == up {",
        test: market("a_touch_is_no_seal"),
    },
    Mutant {
        name: "a suspension resets a streak",
        file: "fupan-market/src/fold.rs",
        from: "let Some(traded) = day.traded else { return self.idle() };",
        to: "let Some(traded) = day.traded else { self.streak = Some(0); return };",
        test: market("a_suspension_does_not_reset_a_streak"),
    },
    Mutant {
        name: "an unsealed day leaves a streak as it was",
        file: "fupan-market/src/day.rs",
        from: "(_, Some(_)) => Some(0),",
        to: "(_, Some(_)) => self.carried.streak,",
        test: market("an_unsealed_day_does_reset_a_streak"),
    },
    Mutant {
        name: "earlier closes are not adjusted on the ex-rights day",
        file: "fupan-market/src/fold.rs",
        from: "(Some(level), Some(prev_close)) => Rebase::between(level, prev_close),",
        to: "(Some(_), Some(_)) => Rebase::NONE,",
        test: market("highs_are_over_adjusted_closes"),
    },
    Mutant {
        name: "earlier closes are not adjusted after the ex-rights day",
        file: "fupan-market/src/fold.rs",
        from: "self.past.rebase(Rebase::between(level, prev_close));",
        to: "let _ = level;",
        test: market("highs_are_over_adjusted_closes"),
    },
    Mutant {
        name: "the window of highs is a session too long",
        file: "fupan-market/src/past.rs",
        from: "WINDOW_SESSIONS: usize = 250;",
        to: "WINDOW_SESSIONS: usize = 251;",
        test: market("highs_are_over_sessions_and_no_more_than_250"),
    },
    Mutant {
        name: "intraday highs are held against closes",
        file: "fupan-market/src/past.rs",
        from: "today(traded.high) > self.high,",
        to: "today(traded.high) > self.high_close,",
        test: market("an_intraday_high_is_above_highs_not_closes"),
    },
    Mutant {
        name: "live, a new intraday high passes unnoticed",
        file: "fupan-measure/src/live/stable_range.rs",
        from: "high: with_limits(steps.new_highs(intraday).collect()),",
        to: "high: with_limits(Vec::new()),",
        test: unit("fupan-measure", "live::stable_range::tests::marks_change_at_breaks"),
    },
    Mutant {
        name: "returns are cut",
        file: "fupan-market/src/price.rs",
        from: "if parts >= 0 { (parts + half) / prev }",
        to: "if parts >= 0 { parts / prev }",
        test: market("returns_are_rounded_not_cut"),
    },
    Mutant {
        name: "a duplicate is counted twice in batch",
        file: "fupan-market/src/quote.rs",
        from: "quotes.dedup_by_key(|quote| quote.place());",
        to: "",
        test: market("a_quote_that_arrives_twice_is_not_counted_twice"),
    },
    Mutant {
        name: "a duplicate is counted twice live",
        file: "fupan-market/src/tape.rs",
        from: "if taped.latest >= latest {",
        to: "if taped.latest > latest {",
        test: market("a_quote_that_arrives_twice_is_not_counted_twice"),
    },
    Mutant {
        name: "a correction is ignored",
        file: "fupan-market/src/tape.rs",
        from: "if versions().any(|known| known.rank() >= quote.rank()) {",
        to: "if versions().next().is_some() {",
        test: market("a_correction_is_not_ignored"),
    },
    Mutant {
        name: "a late quote is left out",
        file: "fupan-market/src/tape.rs",
        from: "return self.arrive_late(place, quote);",
        to: "return Arrival::TooLate;",
        test: market("a_late_quote_is_not_left_out_nor_the_last_price"),
    },
    Mutant {
        name: "bars over each other are counted twice",
        file: "fupan-market/src/quote.rs",
        from: "quote.begins() >= self.covered;",
        to: "quote.time >= self.covered;",
        test: market("bars_over_each_other_are_not_counted_twice"),
    },
    Mutant {
        name: "snapshots are added up",
        file: "fupan-market/src/quote.rs",
        from: "Some(known) if !so_far => *known",
        to: "Some(known) => *known",
        test: market("a_snapshot_is_not_added_to_what_is_known"),
    },
    Mutant {
        name: "a broken limit-up is counted as sealed",
        file: "fupan-measure/src/total/cell.rs",
        from: "marks.set(Mark::SealedUp, sealed);",
        to: "marks.set(Mark::SealedUp, touched);",
        test: measure("a_broken_limit_up_is_not_counted_as_sealed"),
    },
    Mutant {
        name: "a day without a limit is counted as limited",
        file: "fupan-measure/src/total/cell.rs",
        from: "marks.set(Mark::Unlimited, true);",
        to: "marks.set(Mark::Unlimited, true);\n                marks.set(Mark::Limited, true);",
        test: measure("a_day_without_a_limit_is_not_counted_as_limited"),
    },
    Mutant {
        name: "a suspended share is counted as unchanged",
        file: "fupan-measure/src/total/cell.rs",
        from: "cell.marks.set(Mark::Suspended, day.traded.is_none());",
        to: "cell.marks.set(Mark::Suspended, day.traded.is_none());\n        \
             cell.marks.set(Mark::Flat, day.traded.is_none());",
        test: measure("a_suspended_share_is_not_counted_as_unchanged"),
    },
    Mutant {
        name: "the sign of a change is that of the rounded return",
        file: "fupan-measure/src/total/cell.rs",
        from: "let change = day.prev_close.map_or(0, |prev| traded.last.units() - prev.units());",
        to: "let change = ret;",
        test: measure("a_rise_of_less_than_a_part_is_still_a_rise"),
    },
    Mutant {
        name: "a cohort spans a suspension",
        file: "fupan-measure/src/total/cell.rs",
        from: "if !missed && (gap_sessions > 0 || streak == Some(0)) {",
        to: "if !missed && streak == Some(0) {",
        test: measure("a_cohort_is_of_the_session_before_not_of_the_last_traded_day"),
    },
    Mutant {
        name: "turnover is taken for volume",
        file: "fupan-measure/src/total/cell.rs",
        from: "self.turnover = traded.turnover.fen.0;",
        to: "self.turnover = traded.volume.cast_signed();",
        test: measure("turnover_is_summed_once_each"),
    },
    Mutant {
        name: "a replaced cell stays in its segment's totals",
        file: "fupan-measure/src/total/totals.rs",
        from: "self.parts[new.segment.place()].replace(old, new);",
        to: "self.parts[new.segment.place()].insert(new);",
        test: measure("what_is_replaced_is_not_counted_any_more"),
    },
    Mutant {
        name: "a cell that changes its segment stays in the old one",
        file: "fupan-measure/src/total/totals.rs",
        from: "            self.remove(old);\n            self.insert(new);",
        to: "            self.insert(new);",
        test: measure("a_risk_warning_that_comes_moves_a_share_to_its_own_segment"),
    },
    Mutant {
        name: "a merge forgets the ladder",
        file: "fupan-measure/src/total/totals.rs",
        from: "*mine.entry(*streak).or_default() += count;",
        to: "mine.entry(*streak).or_insert(*count);",
        test: measure("merged_parts_keep_their_ladders"),
    },
    Mutant {
        name: "a walk forgets when a security last traded",
        file: "fupan-measure/src/session/walk.rs",
        from: "            if bar.traded.is_some() {\n                self.last_trade = Some(number);",
        to: "            if bar.prev_close.is_none() {\n                self.last_trade = Some(number);",
        test: agreement("past::history_is_batch_for_every_session"),
    },
    Mutant {
        name: "history judges a share by the capital it first saw",
        file: "fupan-measure/src/session/history.rs",
        from: "walk.know_shares(&security.shares);",
        to: "walk.know_shares(&security.shares[..1.min(security.shares.len())]);",
        test: agreement("past::history_is_batch_on_the_days_that_are_hard"),
    },
    Mutant {
        name: "an unsealed day is not counted",
        file: "fupan-market/src/fold.rs",
        from: "self.unsealed_days = self.unsealed_days.saturating_add(1);",
        to: "",
        test: unit(
            "fupan-market",
            "fold::tests::a_cluster_spans_unsealed_days_and_suspensions_and_ends_after_four_unsealed_days",
        ),
    },
    Mutant {
        name: "a merge forgets the counts",
        file: "fupan-measure/src/total/totals.rs",
        from: "for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {",
        to: "for (mine, theirs) in self.counts.iter_mut().zip(other.counts).skip(1) {",
        test: agreement("any_merge_order_gives_the_same_totals"),
    },
    Mutant {
        name: "late quotes are taken as if they came last",
        file: "fupan-market/src/tape.rs",
        from: "if taped.latest >= latest {",
        to: "if taped.latest == latest {",
        test: agreement("live_is_batch_after_every_event"),
    },
    Mutant {
        name: "a live cell that was replaced stays in the totals",
        file: "fupan-measure/src/live/mod.rs",
        from: "(Some(old), Some(new)) => totals.replace(old, new),",
        to: "(Some(_), Some(new)) => totals.insert(new),",
        test: agreement("a_replayed_prefix_is_the_review_at_its_instant"),
    },
    Mutant {
        name: "a vendor's mark for no price is a price",
        file: "fupan-source/src/row/check.rs",
        from: "const SENTINEL: i64 = 99_999 * 10_000;",
        to: "const SENTINEL: i64 = 100_000 * 10_000;",
        test: Test {
            package: "fupan-source",
            target: "unsound",
            path: "a_mark_for_no_price_is_no_price",
        },
    },
    Mutant {
        name: "the session's own bar is part of its opening",
        file: "fupan-measure/src/session/pre_open.rs",
        from: "                        today = Some(bar);\n                        break;",
        to: "                        today = Some(bar);",
        test: agreement("live_is_not_ahead_of_its_quotes"),
    },
    Mutant {
        name: "a new listing is in the index at once",
        file: "fupan-market/src/rulebook.rs",
        from: "entry.is_ok_and(|entry| self.date.date() >= entry)",
        to: "entry.is_ok_and(|_| self.date >= listed_on)",
        test: unit("fupan-market", "rulebook::tests::the_sse_composite_has_dated_members"),
    },
    Mutant {
        name: "a suspended member has no weight",
        file: "fupan-measure/src/evaluate/contribution.rs",
        from: "(float * prev_close, float * (last - prev_close))",
        to: "(float * day.traded.map_or(0, |_| prev_close), float * (last - prev_close))",
        test: SPECIFIED,
    },
    Mutant {
        name: "an equal close of an index is a higher one",
        file: "fupan-measure/src/session/index.rs",
        from: "|(_, peak)| *peak <= level)",
        to: "|(_, peak)| *peak < level)",
        test: SPECIFIED,
    },
    Mutant {
        name: "a session that is passed leaves no turnover",
        file: "fupan-measure/src/session/history.rs",
        from: "self.turnovers.extend(turnovers);",
        to: "drop(turnovers);",
        test: agreement("past::history_is_batch_for_every_session"),
    },
    Mutant {
        name: "of two names of a date the first counts",
        file: "fupan-market/src/listing.rs",
        from: "if same_date && later.1 != kept.1 {",
        to: "if same_date && kept.1.is_none() {",
        test: unit(
            "fupan-market",
            "listing::tests::names_of_one_date_that_disagree_leave_the_status_unknown",
        ),
    },
    Mutant {
        name: "names that disagree bracket the dates beside them",
        file: "fupan-market/src/listing.rs",
        from: "    before.1.is_some()\n        && before.1 == after.1\n",
        to: "    (before.1 == after.1 || after.1.is_none())\n",
        test: unit(
            "fupan-market",
            "listing::tests::names_of_one_date_that_disagree_leave_the_status_unknown",
        ),
    },
    Mutant {
        name: "full-width letters are no marks",
        file: "fupan-market/src/name_marks.rs",
        from: "char::from_u32(letter as u32 - WIDTH).unwrap_or(letter)",
        to: "letter",
        test: unit("fupan-market", "name_marks::tests::marks_are_read_in_any_letter_form"),
    },
    Mutant {
        name: "a Latin name that begins with ST is a warning",
        file: "fupan-market/src/name_marks.rs",
        from: "return (!is_latin(rest)).then_some(true);",
        to: "return Some(!rest.is_empty());",
        test: unit("fupan-market", "name_marks::tests::latin_names_are_not_taken_for_marks"),
    },
    Mutant {
        name: "a name beats a price beyond its band",
        file: "fupan-market/src/day_builder.rs",
        from: "traded.is_some_and(|traded| left(narrow, traded) && !left(wide, traded))",
        to: "traded.is_some_and(|traded| left(narrow, traded) && left(wide, traded))",
        test: unit("fupan-market", "fold::tests::prices_overrule_a_name"),
    },
    Mutant {
        name: "a status that prices rule out stays",
        file: "fupan-market/src/day_builder.rs",
        from: "            day.status = without_warning(&day.status);\n",
        to: "",
        test: SPECIFIED,
    },
    Mutant {
        name: "a limit that a day went beyond stays",
        file: "fupan-market/src/day_builder.rs",
        from: "if Reach::of(traded, up, down) == Reach::Beyond =>",
        to: "if up == down && Reach::of(traded, up, down) == Reach::Beyond =>",
        test: unit("fupan-market", "fold::tests::a_day_outside_every_band_has_no_known_limit"),
    },
    Mutant {
        name: "a previous close that prices rule out stays",
        file: "fupan-market/src/day_builder.rs",
        from: "            day.prev_close = None;\n",
        to: "",
        test: SPECIFIED,
    },
    Mutant {
        name: "a stated previous close is ruled out",
        file: "fupan-market/src/day_builder.rs",
        from: "            && day.prev_close_basis == PrevCloseBasis::Derived\n",
        to: "",
        test: SPECIFIED,
    },
    Mutant {
        name: "a day is passed over by a previous close that it rules out",
        file: "fupan-market/src/fold.rs",
        from: "(bar.prev_close.is_some() || inside_any_band(prev_close, &traded))",
        to: "(bar.prev_close.is_some() || prev_close.units() > 0)",
        test: unit(
            "fupan-market",
            "fold::tests::a_previous_close_that_no_source_gives_may_be_ruled_out",
        ),
    },
    Mutant {
        name: "a first day waits for a reference price",
        file: "fupan-market/src/rulebook.rs",
        from: "self.first_sessions(rules, listed_on, session)?;",
        to: "self.first_sessions(rules, listed_on, session).filter(|_| prev_close.is_some())?;",
        test: unit(
            "fupan-market",
            "fold::tests::first_days_without_limits_need_no_reference_price",
        ),
    },
    Mutant {
        name: "a code ends before its last session",
        file: "fupan-market/src/codes.rs",
        from: "former.iter().find(|code| date < code.until)",
        to: "former.iter().find(|code| date <= code.until)",
        test: unit("fupan-market", "fold::tests::a_streak_goes_on_under_a_new_code"),
    },
    Mutant {
        name: "a list may take a code from the rules",
        file: "fupan-market/src/codes.rs",
        from: "listed.iter().filter(|c| !taken(c.old) && !taken(c.new) && agree(c));",
        to: "listed.iter().filter(|c| agree(c));",
        test: unit("fupan-market", "codes::tests::lists_are_believed_where_they_agree"),
    },
    Mutant {
        name: "an old code leads to the next one only",
        file: "fupan-market/src/codes.rs",
        from: "            for code in &earlier {\n",
        to: "            for code in earlier.iter().rev().take(1) {\n",
        test: unit("fupan-market", "codes::tests::codes_change_one_after_the_other"),
    },
    Mutant {
        name: "a move between boards is a change of code",
        file: "fupan-source/src/row/read.rs",
        from: "if old == new || old.board() != new.board() {",
        to: "if old == new {",
        test: Test {
            package: "fupan-source",
            target: "fixtures",
            path: "a_list_of_code_changes_is_read",
        },
    },
    Mutant {
        name: "a finer industry may lie in two coarser ones",
        file: "fupan-source/src/row/classification.rs",
        from: "entry((level, industry)).or_insert(coarser) != coarser",
        to: "entry((level, industry)).or_insert(coarser) == i64::MIN",
        test: Test {
            package: "fupan-source",
            target: "industries",
            path: "a_list_with_two_levels_exchanged_is_refused",
        },
    },
];
