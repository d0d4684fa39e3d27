//! Industries: which led, which lagged, and the figures of each.

use fupan_fact::Scope;
use fupan_fact::word::Operand::{Difference, Thousandths};
use fupan_fact::word::{FigureName, at_most};
use fupan_market::GroupId;

use crate::document::{
    CellArea, Grounds, Inlines, Picture, PictureKind, PictureMark, TableBlock, Takeaway,
};
use crate::format::Format::{Change, Column, Plain};
use crate::predicate::judge;
use crate::section::ranked::{Ranked, figures_of, name, within};
use crate::section::rule::SWAY;
use crate::section::table::{Figures, figure};
use crate::view::View;

/// Most industries that a table lists in full. If there are more, it lists the best and the worst.
const ALL_OF: usize = 40;

/// Industries at each end of a shortened table, and of the picture.
const OF_EACH_END: usize = 10;
const DRAWN_OF_EACH_END: usize = 5;

/// Industries at each end named in the text.
const NAMED: usize = 3;

const FIGURES: &Figures = &[
    ("cap", "cap_weight_return", Change),
    ("equal", "equal_weight_return", Change),
    ("advances", "advances", Plain),
    ("declines", "declines", Plain),
    ("ups", "limit_up_count", Plain),
    ("highs", "new_high_250", Plain),
    ("turnover", "turnover", Column),
    ("turnover-share", "turnover_share", Plain),
];

/// The industries by their return.
pub(crate) fn ranked(view: &View<'_>) -> Option<Ranked> {
    Ranked::by_cap(view, all(view))
}

/// The industries: the groups that are neither concepts nor segments of a chain.
pub(crate) fn all<'v>(view: &View<'v>) -> impl Iterator<Item = &'v GroupId> {
    let is_industry = |id: &&GroupId| !id.is_concept() && !id.is_chain();
    view.facts.groups.keys().filter(is_industry)
}

/// The best and the worst, of those in which most stocks went that way.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    let ranked = ranked(view)?;
    let (best, worst) = ranked.ends(ranked.groups.len() / 2);
    let best = best.iter().filter(|id| is_led(view, id, "advances", "declines")).take(NAMED);
    let worst = worst.iter().rev().filter(|id| is_led(view, id, "declines", "advances"));
    let (best, worst): (Vec<_>, Vec<_>) = (best.collect(), worst.take(NAMED).collect());
    if best.is_empty() || worst.is_empty() {
        return None;
    }
    let (best, worst) = (ranked.moves(view, best), ranked.moves(view, worst));
    let id = match ranked.measure {
        "cap_weight_return" => "industries-weighted",
        _ => "industries-equal",
    };
    view.sentence_with(id, &[], |args| args.run("best", best).run("worst", worst))
}

/// Whether more stocks of an industry went one way than the other. A few large stocks can carry the
/// weighted return of an industry against most of its own.
fn is_led(view: &View<'_>, id: &GroupId, way: &'static str, other: &'static str) -> bool {
    let count = |measure| view.count(measure, Scope::Group(id.clone()));
    count(way).zip(count(other)).is_some_and(|(way, other)| way > other)
}

/// A picture of the best and the worst.
pub(crate) fn picture(view: &View<'_>) -> Option<Picture> {
    let ranked = ranked(view)?;
    let (best, worst) = ranked.ends(DRAWN_OF_EACH_END);
    let marks = best.iter().chain(worst).map(|id| PictureMark {
        label: name(id),
        key: ranked.key(view, id),
        format: Change,
    });
    figure(view, "industries", PictureKind::Diverging, marks.collect())
}

/// All industries as cells: the size is turnover, the colour the return.
pub(crate) fn treemap(view: &View<'_>) -> Option<Picture> {
    let ranked = ranked(view)?;
    let key = |measure, id: &GroupId| view.key(measure, Scope::Group(id.clone()));
    let has = |measure| ranked.groups.iter().any(|id| view.known(&key(measure, id)).is_some());
    let size = ["turnover_share", "turnover"].into_iter().find(|measure| has(measure))?;
    let (drawn, unknown): (Vec<&GroupId>, Vec<&GroupId>) =
        ranked.groups.iter().partition(|id| view.known(&key(size, id)).is_some());
    unknown.into_iter().for_each(|id| view.miss(&key(size, id)));
    let marks = drawn.iter().map(|id| PictureMark {
        label: name(id),
        key: ranked.key(view, id),
        format: Change,
    });
    let areas = drawn.iter().map(|id| CellArea { key: key(size, id), format: Plain }).collect();
    let id = match ranked.measure {
        "cap_weight_return" => "treemap-weighted",
        _ => "treemap-equal",
    };
    let picture = figure(view, id, PictureKind::Treemap { areas }, marks.collect())?;
    Some(Picture { id: "figure-treemap".to_owned(), ..picture })
}

/// Every industry, best first; if there are very many, only the best and the worst.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    let ranked = ranked(view)?;
    let all = ranked.groups.len() <= ALL_OF;
    let shown: Vec<&GroupId> = match all {
        true => ranked.groups.iter().collect(),
        false => {
            let (best, worst) = ranked.ends(OF_EACH_END);
            best.iter().chain(worst).collect()
        }
    };
    let (columns, rows) = figures_of(view, "column-industry", &shown, FIGURES);
    let caption = if all { "table-industries" } else { "table-industries-ends" };
    Some(TableBlock {
        id: "table-industries".to_owned(),
        caption: view.text.run(caption),
        columns,
        rows,
    })
}

/// A takeaway if industries moved far apart.
pub(crate) fn takeaway(view: &View<'_>) -> Option<Takeaway> {
    let ranked = ranked(view)?;
    let (best, worst) = (ranked.groups.first()?, ranked.groups.last()?);
    let keys = [best, worst].map(|id| ranked.key(view, id));
    let [best_key, worst_key] = keys.clone();
    let of = |id: &GroupId| FigureName { measure: ranked.measure, scope: Scope::Group(id.clone()) };
    let apart = at_most(Thousandths(30), Difference(of(best), of(worst)));
    let (predicate, _) = judge("industries_apart", &[apart], view)?;
    let figures = [("first", best_key.clone(), Change), ("last", worst_key, Change)];
    let text = view.sentence_with("takeaway-industries-apart", &figures, |args| {
        args.run("best", within(best)).run("worst", within(worst))
    });
    let text = view.paragraph(vec![text])?;
    let size = view.known(&best_key)?.value.to_f64()?.abs() / 0.05;
    let salience = 450 + (size.min(1.0) * SWAY) as u32;
    let basis = Grounds { predicate, keys: keys.to_vec() };
    Some(Takeaway { id: basis.predicate.id.clone(), text, salience, basis })
}
