//! Themes: which concepts led, which lagged, and the stocks that stand for them.

use std::collections::BTreeSet;

use fupan_fact::word::Operand::{Difference, Figure, Thousandths};
use fupan_fact::word::{FigureName, Term, at_most, less};
use fupan_fact::{Scope, ThemeList};
use fupan_market::{GroupId, Symbol};

use crate::document::{
    Align, Column, Grounds, Inline, Inlines, Picture, PictureKind, PictureMark, TableBlock,
    Takeaway,
};
use crate::format::Format::{Change, Plain};
use crate::predicate::{ZERO, judge};
use crate::section::ranked::{Ranked, figures_of, name, within};
use crate::section::rule::SWAY;
use crate::section::table::{Figures, figure};
use crate::text::Args;
use crate::view::View;

/// Themes at each end of the table and of the picture.
const OF_EACH_END: usize = 10;
const DRAWN_OF_EACH_END: usize = 5;

/// Themes at each end named in the text and in the takeaway.
const NAMED: usize = 3;
const TAKEN: usize = 2;

/// Stocks named for a theme.
const LEADERS: usize = 3;

const FIGURES: &Figures = &[
    ("equal", "equal_weight_return", Change),
    ("advances", "advances", Plain),
    ("declines", "declines", Plain),
    ("ups", "limit_up_count", Plain),
    ("downs", "limit_down_count", Plain),
    ("highs", "new_high_250", Plain),
    ("turnover-share", "turnover_share", Plain),
];

/// The themes by their equal-weighted return, each of those that share most members once.
///
/// A theme is read by what its usual member did: by weight, one large company that is in many
/// themes would decide all of them.
pub(crate) fn ranked<'a>(view: &View<'a>) -> Option<(&'a ThemeList, Ranked)> {
    let list = view.facts.themes.as_ref()?;
    let again: BTreeSet<&GroupId> = list.alike.values().flatten().collect();
    let shown = view.facts.groups.keys().filter(|id| list.has(id) && !again.contains(id));
    Some((list, Ranked::by(view, "equal_weight_return", shown)?))
}

/// The best and the worst, and the list they are from.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    let (list, ranked) = ranked(view)?;
    let (best, worst) = ranked.ends(NAMED);
    let (best, worst) = (ranked.moves(view, best), ranked.moves(view, worst.iter().rev()));
    let led =
        view.sentence_with("themes-equal", &[], |args| args.run("best", best).run("worst", worst));
    let (first, last) = list.seen_on;
    let days = match first == last {
        true => vec![Inline::Day(first)],
        false => {
            let args = Args::new(view.facts)
                .run("first", vec![Inline::Day(first)])
                .run("last", vec![Inline::Day(last)]);
            view.text.say("themes-days", &args)
        }
    };
    let when = if last > view.facts.session { "later" } else { "by-then" };
    let from =
        view.sentence_with("themes-list", &[], |args| args.run("days", days).choice("when", when));
    view.paragraph(vec![led, from])
}

/// A clause for the headline: the theme that led as the index rose, or fell furthest as it fell, with
/// what must hold. Only a theme that moved by two per cent is worth it.
pub(crate) fn headline(view: &View<'_>, lead: FigureName) -> Option<(Inlines, Vec<Term>)> {
    let (_, ranked) = ranked(view)?;
    let of = |id: &GroupId| {
        Figure(FigureName { measure: ranked.measure, scope: Scope::Group(id.clone()) })
    };
    let (best, worst) = (ranked.groups.first()?, ranked.groups.last()?);
    let ways = [
        (
            "headline-theme-up",
            best,
            [less(ZERO, Figure(lead.clone())), at_most(Thousandths(20), of(best))],
        ),
        (
            "headline-theme-down",
            worst,
            [less(Figure(lead), ZERO), at_most(of(worst), Thousandths(-20))],
        ),
    ];
    ways.into_iter().find_map(|(id, theme, terms)| {
        judge("headline_theme", &terms, view)?;
        let clause = view.sentence_with(id, &[], |args| args.run("theme", within(theme)))?;
        Some((clause, terms.to_vec()))
    })
}

/// The stocks at their limit in the best and in the worst themes.
pub(crate) fn leaders(view: &View<'_>) -> Option<Inlines> {
    let (_, ranked) = ranked(view)?;
    let (best, worst) = ranked.ends(NAMED);
    let told = |id: &str, measure: &'static str, groups: Vec<&GroupId>| {
        let clauses: Vec<Inlines> = groups
            .into_iter()
            .filter_map(|group| {
                let names = at_limit(view, measure, group)?;
                view.sentence_with("themes-stocks", &[], |args| {
                    args.run("theme", within(group)).run("names", names)
                })
            })
            .collect();
        if clauses.is_empty() {
            return None;
        }
        let clauses = view.text.join(clauses, "between-clauses", "between-clauses");
        view.sentence_with(id, &[], |args| args.run("themes", clauses))
    };
    view.paragraph(vec![
        told("themes-limit-ups", "limit_up_count", best.iter().collect()),
        told("themes-limit-downs", "limit_down_count", worst.iter().rev().collect()),
    ])
}

/// A theme's stocks at their limit: the longest run of limit-ups first, then the most traded.
pub(crate) fn at_limit(view: &View<'_>, measure: &'static str, group: &GroupId) -> Option<Inlines> {
    let members = view.facts.leaders(&view.key(measure, Scope::Group(group.clone())));
    let streak = |symbol| view.count("limit_up_streak", Scope::Security(symbol)).unwrap_or(0);
    let one = |symbol: &Symbol| {
        let key = view.key("limit_up_streak", Scope::Security(*symbol));
        let named = vec![Inline::Name(*symbol)];
        match streak(*symbol) {
            0 | 1 => Some(named),
            _ => view.sentence_with("leader-streak", &[("streak", key, Plain)], |args| {
                args.run("name", named)
            }),
        }
    };
    let shown: Vec<Inlines> = members.iter().take(LEADERS).filter_map(one).collect();
    let mut names = view.text.join(shown, "between-names", "before-last-name");
    if members.len() > LEADERS {
        names.extend(view.text.run("and-others"));
    }
    (!members.is_empty()).then_some(names)
}

/// A picture of the best and the worst.
pub(crate) fn picture(view: &View<'_>) -> Option<Picture> {
    let (_, ranked) = ranked(view)?;
    let (best, worst) = ranked.ends(DRAWN_OF_EACH_END);
    let marks = best.iter().chain(worst).map(|id| PictureMark {
        label: name(id),
        key: ranked.key(view, id),
        format: Change,
    });
    figure(view, "themes", PictureKind::Diverging, marks.collect())
}

/// The best and the worst with their figures, the stocks at their limit, and the themes that share
/// most of their members.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    let (list, ranked) = ranked(view)?;
    let (best, worst) = ranked.ends(OF_EACH_END);
    let shown: Vec<&GroupId> = best.iter().chain(worst).collect();
    let (mut columns, mut rows) = figures_of(view, "column-theme", &shown, FIGURES);
    for (place, (row, id)) in rows.iter_mut().zip(&shown).enumerate() {
        if let Some(alike) = list.alike.get(id) {
            let names =
                view.text.join(alike.iter().map(name).collect(), "between-names", "between-names");
            row.head
                .extend(view.text.say("theme-also", &Args::new(view.facts).run("names", names)));
        }
        // Of what led, who rose to the limit counts; of what fell, who fell to it.
        let of = if place < best.len() { "limit_up_count" } else { "limit_down_count" };
        let names = at_limit(view, of, id);
        row.cells.push(names.unwrap_or_default());
    }
    columns.push(Column { label: view.text.run("column-at-limit"), align: Align::Start });
    Some(TableBlock {
        id: "table-themes".to_owned(),
        caption: view.text.run("table-themes"),
        columns,
        rows,
    })
}

/// A takeaway if themes moved far apart.
pub(crate) fn takeaway(view: &View<'_>) -> Option<Takeaway> {
    let (_, ranked) = ranked(view)?;
    let (best, worst) = ranked.ends(TAKEN);
    let [first, last] = [best.first()?, worst.last()?];
    let of = |id: &GroupId| FigureName { measure: ranked.measure, scope: Scope::Group(id.clone()) };
    let apart = at_most(Thousandths(30), Difference(of(first), of(last)));
    let (predicate, _) = judge("themes_apart", &[apart], view)?;
    let told: Vec<&GroupId> = best.iter().chain(worst.iter().rev()).collect();
    let text = view.sentence_with("takeaway-themes-apart", &[], |args| {
        args.run("best", ranked.moves(view, best))
            .run("worst", ranked.moves(view, worst.iter().rev()))
    });
    let text = view.paragraph(vec![text])?;
    let size = view.known(&ranked.key(view, first))?.value.to_f64()?.abs() / 0.05;
    let salience = 560 + (size.min(1.0) * SWAY) as u32;
    let keys = told.into_iter().map(|id| ranked.key(view, id)).collect();
    Some(Takeaway { id: predicate.id.clone(), text, salience, basis: Grounds { predicate, keys } })
}
