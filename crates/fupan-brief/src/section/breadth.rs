//! Breadth: how many rose and fell, and by how much.

use fupan_fact::word::Operand::{Difference, Thousandths};
use fupan_fact::word::{FigureName, at_most};
use fupan_fact::{FactKey, MeasureId, Scope, Value};
use fupan_market::Board;

use crate::Format;
use crate::document::{
    Grounds, Inline, Inlines, Picture, PictureKind, PictureMark, TableBlock, Takeaway,
};
use crate::format::Format::{Change, Gap, Magnitude, Plain, Tenths};
use crate::predicate::judge;
use crate::section::index_board::{lead_index, named};
use crate::section::rule::Rule;
use crate::section::table::{MARKETS, by_scope, figure};
use crate::view::View;

/// How many rose and fell, and of how many.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
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
pub(crate) fn returns(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let lead = lead_index(view);
    let gap = lead.and_then(|symbol| {
        let figures = [("gap", view.key("index_breadth_gap", Scope::Security(symbol)), Gap)];
        view.sentence_with("returns-gap", &figures, |args| args.run("index", named(view, symbol)))
    });
    view.paragraph(vec![
        view.sentence("returns-median", &[("median", key("median_return"), Magnitude)]),
        view.sentence(
            "returns-weights",
            &[
                ("equal", key("equal_weight_return"), Magnitude),
                ("cap", key("cap_weight_return"), Magnitude),
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

/// The bins of the return distribution, from limit-down to limit-up.
const BINS: [&str; 13] = [
    "down-limit",
    "down-over-7",
    "down-5-7",
    "down-3-5",
    "down-1-3",
    "down-0-1",
    "flat",
    "up-0-1",
    "up-1-3",
    "up-3-5",
    "up-5-7",
    "up-over-7",
    "up-limit",
];

/// The distribution of returns.
pub(crate) fn distribution(view: &View<'_>) -> Option<Picture> {
    let keys = BINS.map(|bin| view.key_of(MeasureId::with("return_bin", bin), Scope::AllA));
    let unknown: Vec<&FactKey> = keys.iter().filter(|key| view.known(key).is_none()).collect();
    if !unknown.is_empty() {
        unknown.into_iter().for_each(|key| view.miss(key));
        return None;
    }
    let marks = keys.into_iter().map(|key| PictureMark {
        label: vec![Inline::Parameter(key.clone())],
        key,
        format: Format::Plain,
    });
    figure(view, "distribution", PictureKind::Distribution, marks.collect())
}

/// Breadth by market.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    by_scope(
        view,
        ("breadth", "column-market"),
        &MARKETS,
        &[
            ("advances", "advances", Plain),
            ("declines", "declines", Plain),
            ("unchanged", "unchanged", Plain),
            ("share", "advance_share", Plain),
            ("median", "median_return", Change),
            ("equal", "equal_weight_return", Change),
        ],
    )
}

/// The boards whose advance shares are set against one another.
const BOARDS: [Board; 3] = [Board::Main, Board::ChiNext, Board::Star];

/// A takeaway if some boards' shares rose far more often than others'.
pub(crate) fn boards_takeaway(view: &View<'_>) -> Option<Takeaway> {
    let share = |board: &Board| match view.value("advance_share", Scope::Board(*board)) {
        Some(Value::Share { part, whole }) if *whole > 0 => Some((*part, *whole)),
        _ => None,
    };
    let mut boards: Vec<Board> =
        BOARDS.into_iter().filter(|board| share(board).is_some()).collect();
    boards.sort_by(|a, b| {
        let [a, b] = [a, b].map(|board| share(board).unwrap_or((0, 1)));
        (i128::from(b.0) * i128::from(a.1)).cmp(&(i128::from(a.0) * i128::from(b.1)))
    });
    let of = |board: Board| FigureName { measure: "advance_share", scope: Scope::Board(board) };
    let spread = Difference(of(*boards.first()?), of(*boards.last()?));
    let (predicate, _) = judge("boards_apart", &[at_most(Thousandths(150), spread)], view)?;
    let key = |board: Board| view.key("advance_share", Scope::Board(board));
    let runs = boards.iter().enumerate().filter_map(|(place, board)| {
        let id = if place == 0 { "board-first" } else { "board-next" };
        let name = vec![Inline::Scope(Scope::Board(*board))];
        let of = if *board == Board::Main { "main" } else { "other" };
        view.sentence_with(id, &[("share", key(*board), Tenths)], |args| {
            args.run("board", name).choice("of", of)
        })
    });
    let list = view.text.join(runs.collect(), "between-moves", "before-last-board");
    let text = view.sentence_with("takeaway-boards-apart", &[], |args| args.run("boards", list));
    let text = view.paragraph(vec![text])?;
    let basis = Grounds { predicate, keys: boards.into_iter().map(key).collect() };
    Some(Takeaway { id: basis.predicate.id.clone(), text, salience: 680, basis })
}

pub(crate) fn takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let figures = || {
        vec![
            ("advances", key("advances"), Plain),
            ("declines", key("declines"), Plain),
            ("share", key("advance_share"), Plain),
            ("median", key("median_return"), Magnitude),
        ]
    };
    let rule = |id, base| {
        let sway = Some((key("median_return"), 0.02));
        Rule { id, figures: figures(), runs: Vec::new(), base, sway }
    };
    vec![
        rule("broad_advance", 700),
        rule("broad_decline", 700),
        rule("narrow", 690),
        rule("wide", 650),
        rule("mixed", 600),
    ]
}
