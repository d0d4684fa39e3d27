//! The market in figures: a row of tiles under the indices.

use fupan_fact::Scope;

use crate::document::{Inlines, Tile};
use crate::format::Format::{Magnitude, Plain, RateChange};
use crate::section::limit_board::longest_unwarned;
use crate::view;
use crate::view::View;

/// The tiles whose figures are known.
pub(crate) fn tiles(view: &View<'_>) -> Vec<Tile> {
    let all = |measure| view.key(measure, Scope::AllA);
    let two = |measure| view.key(measure, Scope::SseSzse);
    let tile = |id: &str, figures: &[view::Figure], more: Option<Inlines>| {
        let shown: Vec<_> = figures.iter().map(|(_, key, format)| (key.clone(), *format)).collect();
        let label = view.caption(&format!("tile-{id}"), &shown);
        let text = told(view, &format!("tile-{id}-figures"), figures)?;
        Some(Tile { id: id.to_owned(), label, text, more: more.unwrap_or_default() })
    };
    let change = [("rate", two("turnover_change_rate"), RateChange)];
    let broken = [("broken", all("limit_up_broken_count"), Plain)];
    let tiles = [
        tile(
            "breadth",
            &[("advances", all("advances"), Plain), ("declines", all("declines"), Plain)],
            told(view, "tile-breadth-more", &[("median", all("median_return"), Magnitude)]),
        ),
        tile(
            "turnover",
            &[("turnover", two("turnover"), Plain)],
            told(view, "tile-turnover-more", &change),
        ),
        tile(
            "limits",
            &[("ups", all("limit_up_count"), Plain), ("downs", all("limit_down_count"), Plain)],
            told(view, "tile-limits-more", &broken),
        ),
        tile("held", &[("seal", all("seal_rate"), Plain)], None),
        streak(view),
    ];
    tiles.into_iter().flatten().collect()
}

/// The longest run of limit-ups: outside risk warning where that is known and shorter, with the
/// other under it.
fn streak(view: &View<'_>) -> Option<Tile> {
    let all = view.count("max_streak", Scope::AllA).filter(|streak| *streak > 0)?;
    let key = view.key("max_streak", Scope::AllA);
    let outside = longest_unwarned(view).filter(|(_, run)| (1..all).contains(run));
    let (label, shown, more) = match outside {
        Some((outside, _)) => {
            let more = told(view, "tile-streak-more", &[("streak", key, Plain)]);
            ("tile-streak-apart", outside, more)
        }
        None => ("tile-streak", key, None),
    };
    let text = told(view, "tile-streak-figures", &[("streak", shown, Plain)])?;
    let (label, more) = (view.text.run(label), more.unwrap_or_default());
    Some(Tile { id: "streak".to_owned(), label, text, more })
}

/// Figures in the words of a tile; `None`, and nothing missed, if one is not known.
fn told(view: &View<'_>, id: &str, figures: &[view::Figure]) -> Option<Inlines> {
    let known = figures.iter().all(|(_, key, _)| view.known(key).is_some());
    known.then(|| view.sentence(id, figures)).flatten()
}
