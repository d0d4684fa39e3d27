//! The top of a brief: the headline, the line under it and the strip of indices.

use fupan_fact::Scope;
use fupan_fact::word::Operand::{Figure, Thousandths, Times};
use fupan_fact::word::{FigureName, Term, at_most, less};

use crate::Format;
use crate::document::{Grounds, HeroIndex, Inline, Inlines};
use crate::format::Format::{Magnitude, Plain};
use crate::predicate::{ZERO, judge};
use crate::section::index_board::{WATCHED, index_move, indices_on_board, lead_index, press};
use crate::view;
use crate::view::View;

/// The headline, with the predicate that justifies it.
pub(crate) fn headline(view: &View<'_>) -> Option<(Inlines, Grounds)> {
    let lead = lead_index(view)?;
    let index_return = view.key("index_return", Scope::Security(lead));
    let figures = |way: &'static str| {
        vec![("move", index_return.clone(), Magnitude), (way, view.key(way, Scope::AllA), Plain)]
    };
    let of_lead = || FigureName { measure: "index_return", scope: Scope::Security(lead) };
    let of_all = |measure| Figure(FigureName { measure, scope: Scope::AllA });
    let (up, down) = (|| less(ZERO, Figure(of_lead())), || less(Figure(of_lead()), ZERO));
    let (median, share) = (|| of_all("median_return"), || of_all("advance_share"));
    let both = || {
        let mut all = figures("advances");
        all.push(("declines", view.key("declines", Scope::AllA), Plain));
        all
    };
    let rules: [(&str, Vec<Term>, Vec<view::Figure>); 8] = [
        ("divergence_up", vec![up(), less(median(), ZERO)], figures("declines")),
        ("divergence_down", vec![down(), less(ZERO, median())], figures("advances")),
        ("broad_advance", vec![up(), at_most(Thousandths(700), share())], figures("advances")),
        ("broad_decline", vec![down(), at_most(share(), Thousandths(300))], figures("declines")),
        ("leaning_up", vec![up(), less(Thousandths(550), share())], both()),
        ("leaning_down", vec![down(), less(share(), Thousandths(450))], both()),
        ("mixed", vec![at_most(ZERO, share())], both()),
        (
            "index_only",
            vec![at_most(ZERO, Times(0, of_lead()))],
            vec![("move", index_return.clone(), Magnitude)],
        ),
    ];
    rules.into_iter().find_map(|(id, terms, figures)| {
        let (predicate, mut keys) = judge(id, &terms, view)?;
        if figures.iter().any(|(_, key, _)| view.known(key).is_none()) {
            return None;
        }
        let template = format!("headline-{}", id.replace('_', "-"));
        let name = vec![crate::document::Inline::Name(lead)];
        let text = view.sentence_with(&template, &figures, |args| args.run("index", name))?;
        keys.extend(figures.into_iter().map(|(_, key, _)| key));
        keys.dedup();
        Some((text, Grounds { predicate, keys }))
    })
}

/// A headline without an index: breadth alone, or a statement that nothing is known.
pub(crate) fn plain_headline(view: &View<'_>) -> Inlines {
    let key = |measure| view.key(measure, Scope::AllA);
    let breadth = [
        ("advances", key("advances"), Format::Plain),
        ("declines", key("declines"), Format::Plain),
    ];
    view.sentence("headline-breadth-only", &breadth)
        .unwrap_or_else(|| view.text.run("headline-nothing"))
}

/// The line under the headline: the main indices, then turnover.
pub(crate) fn deck(view: &View<'_>) -> Inlines {
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

pub(crate) fn hero(view: &View<'_>) -> Vec<HeroIndex> {
    let shown = |measure, symbol, format| {
        let key = view.key(measure, Scope::Security(symbol));
        view.known(&key).map(|_| Inline::Fact(key, format))
    };
    let watched = indices_on_board(view);
    let watched = watched.into_iter().filter(|s| WATCHED.contains(&s.to_string().as_str()));
    watched
        .filter_map(|symbol| {
            Some(HeroIndex {
                symbol,
                level: shown("index_close", symbol, Format::Plain),
                change: shown("index_return", symbol, Format::Change)?,
                points: shown("index_points", symbol, Format::Change),
            })
        })
        .collect()
}
