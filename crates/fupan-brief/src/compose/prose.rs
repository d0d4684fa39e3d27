//! The body's paragraphs. A sentence is written where every figure in it is known.

use fupan_fact::{FactKey, MeasureId, Scope, Value};
use fupan_market::{Calendar, Symbol};

use super::{PRESS, WATCHED, index_move, indices_on_board};
use crate::document::{Inline, Inlines};
use crate::format::Format::{Change, Judged, Magnitude, Plain};
use crate::observations;
use crate::view::View;

/// Under the headline: the main indices in one line, then turnover.
pub(super) fn deck(view: &View<'_>) -> Inlines {
    let moves: Vec<Inlines> =
        press(view).into_iter().filter_map(|symbol| index_move(view, symbol)).collect();
    let moves = view.text.join(moves, "between-moves", "before-last-move");
    let key = |measure| view.key(measure, Scope::SseSzse);
    let indices = (!moves.is_empty())
        .then(|| view.sentence_with("deck-indices", &[], |args| args.run("moves", moves)));
    let turnover = view
        .sentence(
            "deck-turnover",
            &[("turnover", key("turnover"), Plain), ("change", key("turnover_change"), Magnitude)],
        )
        .or_else(|| view.sentence("deck-turnover-alone", &[("turnover", key("turnover"), Plain)]));
    view.paragraph(vec![indices.flatten(), turnover]).unwrap_or_default()
}

fn press(view: &View<'_>) -> Vec<Symbol> {
    let listed = |symbol: &Symbol| PRESS.contains(&symbol.to_string().as_str());
    indices_on_board(view).into_iter().filter(listed).collect()
}

/// The main indices with their levels, and what stands out among them.
pub(super) fn main_indices(view: &View<'_>) -> Option<Inlines> {
    let mut sentences: Vec<Option<Inlines>> = Vec::new();
    let levels: Vec<Inlines> = press(view)
        .into_iter()
        .filter_map(|symbol| {
            let scope = || Scope::Security(symbol);
            let figures = [
                ("move", view.key("index_return", scope()), Magnitude),
                ("level", view.key("index_close", scope()), Plain),
            ];
            view.sentence_with("index-level", &figures, |args| {
                args.run("index", vec![Inline::Name(symbol)])
            })
            .or_else(|| index_move(view, symbol))
        })
        .collect();
    if levels.is_empty() {
        view.miss(&view.key(
            "index_return",
            Scope::Security(Symbol::new(fupan_market::Exchange::Sse, 1).ok()?),
        ));
    } else {
        let list = view.text.join(levels, "between-levels", "before-last-level");
        sentences.push(view.sentence_with("main-indices", &[], |args| args.run("moves", list)));
    }
    let listed = indices_on_board(view);
    sentences.push(longest_run(view, &listed).and_then(|symbol| run_of_sessions(view, symbol)));
    sentences.push(highest_closes(view, &listed));
    view.paragraph(sentences)
}

/// The index that has gone one way for longest; the first in board order of several.
fn longest_run(view: &View<'_>, symbols: &[Symbol]) -> Option<Symbol> {
    let length = |symbol: &&Symbol| {
        let streak = view.count("index_gain_streak", Scope::Security(**symbol));
        streak.unwrap_or(0).unsigned_abs()
    };
    symbols.iter().rev().max_by_key(length).copied()
}

/// "ChiNext has risen for four sessions": from three on.
fn run_of_sessions(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let scope = Scope::Security(symbol);
    let streak = view.count("index_gain_streak", scope.clone())?;
    (streak.unsigned_abs() >= 3).then_some(())?;
    let figures = [("streak", view.key("index_gain_streak", scope), Magnitude)];
    let name = vec![Inline::Name(symbol)];
    view.sentence_with("index-streak", &figures, |args| args.run("index", name))
}

/// Sessions from which on it is worth a word that an index has not closed higher.
const HIGH_SINCE_SESSIONS: i64 = 20;

/// Sessions of an index's past from which on its highest close is worth a word.
const RECORD_SESSIONS: u64 = 250;

/// Which of the watched indices closed at a high.
fn highest_closes(view: &View<'_>, symbols: &[Symbol]) -> Option<Inlines> {
    let watched = symbols.iter().filter(|symbol| WATCHED.contains(&symbol.to_string().as_str()));
    let highs: Vec<Inlines> = watched.filter_map(|symbol| high_since(view, *symbol)).collect();
    if highs.is_empty() {
        return None;
    }
    let list = view.text.join(highs, "between-levels", "before-last-level");
    view.sentence_with("highest-closes", &[], |args| args.run("highs", list))
}

/// "the highest close since the eighth of October": from twenty sessions on.
fn high_since(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let key = view.key("index_high_since_sessions", Scope::Security(symbol));
    let fact = view.facts.get(&key)?;
    let name = vec![Inline::Name(symbol)];
    let (id, figure, date) = match &fact.value {
        Value::Count { count } if *count >= HIGH_SINCE_SESSIONS => {
            let back = u32::try_from(*count).ok()?;
            let date = Calendar::builtin().back(view.facts.session, back).ok()??;
            ("index-high", ("since", key, Plain), vec![Inline::Day(date)])
        }
        Value::Unknown { reason } if reason == "no_higher_close" => {
            (fact.provenance.coverage.judged >= RECORD_SESSIONS).then_some(())?;
            let close = view.key("index_close", Scope::Security(symbol));
            ("index-record", ("sessions", close, Judged), Inlines::new())
        }
        _ => return None,
    };
    view.sentence_with(id, &[figure], |args| args.run("index", name).run("date", date))
}

/// How much of the SSE Composite's move its members explain.
pub(super) fn contributions(view: &View<'_>) -> Option<Inlines> {
    let symbol = Symbol::new(fupan_market::Exchange::Sse, 1).ok()?;
    let key = |measure| view.key(measure, Scope::Security(symbol));
    // Where no index is at hand, that has been said.
    view.known(&key("index_member_points"))?;
    let figures = [
        ("points", key("index_points"), Change),
        ("members", key("index_member_count"), Plain),
        ("explained", key("index_member_points"), Change),
        ("residual", key("index_residual"), Change),
    ];
    view.sentence_with("contributions", &figures, |args| {
        args.run("index", vec![Inline::Name(symbol)])
    })
}

/// The indices the first paragraph did not name.
pub(super) fn other_indices(view: &View<'_>) -> Option<Inlines> {
    let others = indices_on_board(view);
    let others = others.into_iter().filter(|s| !PRESS.contains(&s.to_string().as_str()));
    let moves: Vec<Inlines> = others.filter_map(|symbol| index_move(view, symbol)).collect();
    if moves.is_empty() {
        return None;
    }
    let list = view.text.join(moves, "between-moves", "before-last-move");
    view.sentence_with("other-indices", &[], |args| args.run("moves", list))
}

/// How many rose and fell, and over what.
pub(super) fn breadth(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let some = |measure| view.count(measure, Scope::AllA).is_some_and(|count| count > 0);
    let counted = view.sentence(
        "breadth-counts",
        &[
            ("traded", key("traded"), Plain),
            ("advances", key("advances"), Plain),
            ("declines", key("declines"), Plain),
            ("unchanged", key("unchanged"), Plain),
        ],
    );
    let share = view.sentence("breadth-share", &[("share", key("advance_share"), Plain)]);
    let suspended = some("suspended")
        .then(|| view.sentence("breadth-suspended", &[("suspended", key("suspended"), Plain)]));
    let unjudged = some("unjudged_count")
        .then(|| view.sentence("breadth-unjudged", &[("unjudged", key("unjudged_count"), Plain)]));
    view.paragraph(vec![counted, share, suspended.flatten(), unjudged.flatten()])
}

/// The typical stock and the spread around it.
pub(super) fn returns(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let lead = observations::lead_index(view);
    let gap = lead.and_then(|symbol| {
        let figures = [("gap", view.key("index_breadth_gap", Scope::Security(symbol)), Magnitude)];
        view.sentence_with("returns-gap", &figures, |args| {
            args.run("index", vec![Inline::Name(symbol)])
        })
    });
    view.paragraph(vec![
        view.sentence("returns-median", &[("median", key("median_return"), Change)]),
        view.sentence(
            "returns-weights",
            &[
                ("equal", key("equal_weight_return"), Change),
                ("cap", key("cap_weight_return"), Change),
            ],
        ),
        gap,
        view.sentence(
            "returns-tails",
            &[("low", key("return_p10"), Change), ("high", key("return_p90"), Change)],
        ),
        view.sentence("returns-dispersion", &[("dispersion", key("return_dispersion"), Plain)]),
    ])
}

/// Turnover of the two exchanges against its past.
pub(super) fn turnover(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::SseSzse);
    let changed = view
        .sentence(
            "turnover-change",
            &[
                ("turnover", key("turnover"), Plain),
                ("change", key("turnover_change"), Magnitude),
                ("rate", key("turnover_change_rate"), Change),
            ],
        )
        .or_else(|| view.sentence("turnover-alone", &[("turnover", key("turnover"), Plain)]));
    let whole = view.sentence("turnover-all", &[("all", view.key("turnover", Scope::AllA), Plain)]);
    let averages = view.sentence(
        "turnover-averages",
        &[
            ("short", key("turnover_vs_ma5"), Magnitude),
            ("long", key("turnover_vs_ma20"), Magnitude),
        ],
    );
    let rank = view.sentence(
        "turnover-rank",
        &[
            ("rank", key("turnover_rank_in_window"), Plain),
            ("window", key("turnover_rank_in_window"), Judged),
        ],
    );
    view.paragraph(vec![changed, averages, rank, whole])
}

/// Where the money went.
pub(super) fn concentration(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    view.paragraph(vec![
        view.sentence("turnover-top", &[("share", key("top5_turnover_share"), Plain)]),
        view.sentence("turnover-effective", &[("names", key("turnover_effective_n"), Plain)]),
        view.sentence("turnover-up-volume", &[("share", key("up_volume_share"), Plain)]),
        view.sentence("turnover-trin", &[("trin", key("trin"), Plain)]),
    ])
}

/// The limit board in numbers.
pub(super) fn limit_board(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let some = |measure| view.count(measure, Scope::AllA).is_some_and(|count| count > 0);
    let when = |measure: &'static str, id: &str| {
        some(measure).then(|| view.sentence(id, &[("count", key(measure), Plain)])).flatten()
    };
    let sealed = view.sentence(
        "limit-sealed",
        &[
            ("ups", key("limit_up_count"), Plain),
            ("broken", key("limit_up_broken_count"), Plain),
            ("seal", key("seal_rate"), Plain),
        ],
    );
    // Without any touch of a limit there is no seal rate, and the count alone says so.
    let sealed = sealed
        .or_else(|| view.sentence("limit-sealed-alone", &[("ups", key("limit_up_count"), Plain)]));
    let shapes = (some("one_price_limit_up_count") || some("t_shaped_limit_up_count")).then(|| {
        view.sentence(
            "limit-shapes",
            &[
                ("one", key("one_price_limit_up_count"), Plain),
                ("tee", key("t_shaped_limit_up_count"), Plain),
            ],
        )
    });
    let down = view.sentence(
        "limit-down",
        &[
            ("downs", key("limit_down_count"), Plain),
            ("reopened", key("limit_down_reopened_count"), Plain),
        ],
    );
    view.paragraph(vec![
        sealed,
        shapes.flatten(),
        down,
        when("floor_to_ceiling_count", "limit-floor-to-ceiling"),
        when("ceiling_to_floor_count", "limit-ceiling-to-floor"),
        when("limit_undetermined_count", "limit-undetermined"),
    ])
}

/// The ladder: its top, and how many climbed.
pub(super) fn streaks(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let names = observations::highest_rung(view);
    let long = view.count("max_streak", Scope::AllA).is_some_and(|streak| streak >= 2);
    let top = (long && !names.is_empty()).then(|| {
        let run = view.names(&names);
        view.sentence_with("streak-top", &[("streak", key("max_streak"), Plain)], |args| {
            args.run("names", run).number("names_n", names.len())
        })
    });
    let rate = |parameter: &str| -> FactKey {
        view.key_of(MeasureId::with("promotion_rate", parameter), Scope::AllA)
    };
    let sealed_before = view.known(&rate("all")).is_some();
    let all = sealed_before.then(|| {
        view.sentence(
            "streak-promotion",
            &[("rate", rate("all"), Plain), ("cohort", rate("all"), Judged)],
        )
    });
    let first = view
        .known(&rate("1"))
        .and_then(|_| view.sentence("streak-promotion-first", &[("rate", rate("1"), Plain)]));
    let further = view.known(&rate("from-2")).and_then(|_| {
        view.sentence(
            "streak-promotion-further",
            &[("rate", rate("from-2"), Plain), ("cohort", rate("from-2"), Judged)],
        )
    });
    view.paragraph(vec![top.flatten(), all.flatten(), first, further])
}

/// How the previous session's limit-ups fared.
pub(super) fn prior_limit_ups(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    view.paragraph(vec![
        view.sentence(
            "prior-return",
            &[
                ("mean", key("prior_limit_up_return"), Change),
                ("positive", key("prior_limit_up_positive_share"), Plain),
            ],
        ),
        view.sentence("prior-open", &[("open", key("prior_limit_up_open_premium"), Change)]),
    ])
}

/// New highs and lows.
pub(super) fn highs(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let closing = [
        ("highs", key("new_high_250"), Plain),
        ("lows", key("new_low_250"), Plain),
        ("judged", key("new_high_250"), Judged),
    ];
    let intraday = [
        ("highs", key("intraday_new_high_250"), Plain),
        ("lows", key("intraday_new_low_250"), Plain),
    ];
    view.paragraph(vec![
        view.sentence("highs-lows", &closing),
        view.sentence("highs-lows-intraday", &intraday),
    ])
}

/// Small against large.
pub(super) fn size(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let decile = |n: u8| view.key_of(MeasureId::with("size_decile_return", n), Scope::AllA);
    view.paragraph(vec![
        view.sentence("size-micro", &[("micro", key("micro_cap_return"), Change)]),
        view.sentence(
            "size-deciles",
            &[("small", decile(1), Change), ("large", decile(10), Change)],
        ),
    ])
}
