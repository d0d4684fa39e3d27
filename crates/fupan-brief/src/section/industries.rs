//! Industries: which led, which lagged, and the figures of each.

use std::cmp::Reverse;

use fupan_fact::word::Operand::{Difference, Thousandths};
use fupan_fact::word::{FigureName, at_most};
use fupan_fact::{FactKey, Scope, Value};
use fupan_market::GroupId;

use crate::Format;
use crate::document::{
    Align, Column, Grounds, Inline, Inlines, Picture, PictureKind, PictureMark, Row, TableBlock,
    Takeaway,
};
use crate::format::Format::{Change, Plain};
use crate::predicate::judge;
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
    ("turnover", "turnover", Format::Column),
    ("turnover-share", "turnover_share", Plain),
];

/// The industries with a known return, best first, and the measure used: cap-weighted if every
/// industry has it, else equal-weighted.
struct Ranked {
    measure: &'static str,
    groups: Vec<GroupId>,
}

fn ranked(view: &View<'_>) -> Option<Ranked> {
    let ids: Vec<&GroupId> = view.facts.groups.keys().collect();
    let of =
        |measure: &'static str, id: &GroupId| match view.value(measure, Scope::Group(id.clone())) {
            Some(Value::Return { ppb }) => Some(ppb.0),
            _ => None,
        };
    let traded = |id: &GroupId| of("equal_weight_return", id).is_some();
    let traded: Vec<&GroupId> = ids.into_iter().filter(|id| traded(id)).collect();
    let weighted = traded.iter().all(|id| of("cap_weight_return", id).is_some());
    let measure = if weighted { "cap_weight_return" } else { "equal_weight_return" };
    let mut groups: Vec<GroupId> = traded.into_iter().cloned().collect();
    groups.sort_by_key(|id| (Reverse(of(measure, id)), id.clone()));
    // With one industry there is no best and worst.
    (groups.len() > 1).then_some(Ranked { measure, groups })
}

impl Ranked {
    fn key(&self, view: &View<'_>, id: &GroupId) -> FactKey {
        view.key(self.measure, Scope::Group(id.clone()))
    }

    /// The best and the worst `of_each`, without overlap.
    fn ends(&self, of_each: usize) -> (&[GroupId], &[GroupId]) {
        let of_each = of_each.min(self.groups.len() / 2);
        (&self.groups[..of_each], &self.groups[self.groups.len() - of_each..])
    }

    /// "Electronics +1.20 %, Steel +0.80 %".
    fn moves<'g>(&self, view: &View<'_>, groups: impl IntoIterator<Item = &'g GroupId>) -> Inlines {
        let moves = groups.into_iter().filter_map(|id| {
            let name = vec![Inline::Scope(Scope::Group(id.clone()))];
            view.sentence_with("industry-move", &[("move", self.key(view, id), Change)], |args| {
                args.run("industry", name)
            })
        });
        view.text.join(moves.collect(), "between-names", "before-last-name")
    }
}

/// The best and the worst.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    let ranked = ranked(view)?;
    let (best, worst) = ranked.ends(NAMED);
    let (best, worst) = (ranked.moves(view, best), ranked.moves(view, worst.iter().rev()));
    let id = match ranked.measure {
        "cap_weight_return" => "industries-weighted",
        _ => "industries-equal",
    };
    view.sentence_with(id, &[], |args| args.run("best", best).run("worst", worst))
}

/// A picture of the best and the worst.
pub(crate) fn picture(view: &View<'_>) -> Option<Picture> {
    let ranked = ranked(view)?;
    let (best, worst) = ranked.ends(DRAWN_OF_EACH_END);
    let marks = best.iter().chain(worst).map(|id| PictureMark {
        label: vec![Inline::Scope(Scope::Group(id.clone()))],
        key: ranked.key(view, id),
        format: Change,
    });
    figure(view, "industries", PictureKind::Diverging, marks.collect())
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
    let key = |measure: &str, id: &GroupId| view.key(measure, Scope::Group(id.clone()));
    let is_known = |(_, measure, _): &&(&str, &str, Format)| {
        shown.iter().any(|id| view.known(&key(measure, id)).is_some())
    };
    let figures: Vec<_> = FIGURES.iter().filter(is_known).collect();
    let row = |id: &&GroupId| Row {
        head: vec![Inline::Scope(Scope::Group((*id).clone()))],
        cells: figures
            .iter()
            .map(|(_, measure, format)| vec![Inline::Fact(key(measure, id), *format)])
            .collect(),
    };
    let column = |id: &str, align| Column { label: view.text.run(&format!("column-{id}")), align };
    let columns = figures.iter().map(|(id, measure, format)| {
        let figures = shown.iter().map(|group| (key(measure, group), *format));
        Column { label: view.heading(id, &figures.collect::<Vec<_>>()), align: Align::End }
    });
    let caption = if all { "table-industries" } else { "table-industries-ends" };
    Some(TableBlock {
        id: "table-industries".to_owned(),
        caption: view.text.run(caption),
        columns: std::iter::once(column("industry", Align::Start)).chain(columns).collect(),
        rows: shown.iter().map(row).collect(),
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
    let name = |id: &GroupId| vec![Inline::Scope(Scope::Group(id.clone()))];
    let figures = [("first", best_key.clone(), Change), ("last", worst_key, Change)];
    let text = view.sentence_with("takeaway-industries-apart", &figures, |args| {
        args.run("best", name(best)).run("worst", name(worst))
    });
    let text = view.paragraph(vec![text])?;
    let size = view.known(&best_key)?.value.to_f64()?.abs() / 0.05;
    let salience = 450 + (size.min(1.0) * SWAY) as u32;
    let basis = Grounds { predicate, keys: keys.to_vec() };
    Some(Takeaway { id: basis.predicate.id.clone(), text, salience, basis })
}
