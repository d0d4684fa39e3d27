//! The members that moved the SSE Composite most.

use fupan_fact::word::Operand::Figure;
use fupan_fact::word::{FigureName, at_most, less};
use fupan_fact::{Fact, FactKey, Scope, Value};
use fupan_market::Symbol;

use crate::document::{
    Grounds, Inline, Inlines, Picture, PictureKind, PictureMark, TableBlock, Takeaway,
};
use crate::format::Format::{Change, Magnitude};
use crate::predicate::{ZERO, judge};
use crate::section::index_board::{composite, named};
use crate::section::named::{RETURN, StockColumn, TURNOVER, stocks_table};
use crate::section::table::figure;
use crate::view::View;

/// Members shown at each end: those that lifted the index most, and those that weighed on it most.
const DRAWN: usize = 5;

/// Members that the takeaway names as having weighed on a rising index, or lifted a falling one.
const AGAINST: usize = 2;

/// The measure of what a stock did to the SSE Composite.
const CONTRIBUTION: &str = "index_contribution:000001.SH";

/// The contributions known of a session: those that lifted the index, the largest first, and the
/// others, the heaviest first.
fn contributions<'a>(view: &View<'a>) -> [Vec<&'a Fact>; 2] {
    let points = |fact: &&Fact| match fact.value {
        Value::Points { units } => units,
        _ => 0,
    };
    let of_session = view.facts.facts.values().filter(|fact| {
        let same = (fact.key.session, fact.key.as_of) == (view.facts.session, view.as_of);
        same && fact.key.measure.to_string() == CONTRIBUTION
    });
    let (mut up, mut down): (Vec<&Fact>, Vec<&Fact>) = of_session.partition(|f| points(f) > 0);
    up.sort_by_key(|fact| std::cmp::Reverse(points(fact)));
    down.sort_by_key(points);
    [up, down]
}

fn member(fact: &Fact) -> Option<Symbol> {
    match fact.key.scope {
        Scope::Security(symbol) => Some(symbol),
        _ => None,
    }
}

/// The members that moved the SSE Composite most, the largest gain first.
fn drawn<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Fact> {
    let [mut up, mut down] = contributions(view);
    up.truncate(DRAWN);
    down.truncate(DRAWN);
    up.into_iter().chain(down.into_iter().rev())
}

/// The members that moved the SSE Composite in a picture.
pub(crate) fn picture(view: &View<'_>) -> Option<Picture> {
    let marks = drawn(view).filter_map(|fact| {
        let label = vec![Inline::Name(member(fact)?)];
        Some(PictureMark { label, key: fact.key.clone(), format: Change })
    });
    figure(view, "contributions", PictureKind::Diverging, marks.collect())
}

/// The same members with their returns, which say how much is the price and how much the weight.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    const POINTS: StockColumn = ("points", CONTRIBUTION, Change);
    let members: Vec<Symbol> = drawn(view).filter_map(member).collect();
    stocks_table(view, "contributions", &members, &[POINTS, RETURN, TURNOVER])
}

/// How much of the SSE Composite's move its members explain.
pub(crate) fn explained(view: &View<'_>) -> Option<Inlines> {
    let symbol = composite()?;
    let key = |measure| view.key(measure, Scope::Security(symbol));
    // If no index is known, another note has said so.
    view.known(&key("index_member_points"))?;
    let figures = [
        ("points", key("index_points"), Change),
        ("explained", key("index_member_points"), Change),
    ];
    let told = view
        .sentence_with("contributions", &figures, |args| args.run("index", named(view, symbol)));
    view.paragraph(vec![told])
}

/// "A (2.10 points) and B (1.30)": members with the sizes of what they did to the index.
fn list(view: &View<'_>, facts: &[&Fact]) -> Inlines {
    let runs = facts.iter().filter_map(|fact| {
        let name = vec![Inline::Name(member(fact)?)];
        let figures = [("points", fact.key.clone(), Magnitude)];
        view.sentence_with("mover", &figures, |args| args.run("name", name))
    });
    view.text.join(runs.collect(), "between-names", "before-last-name")
}

/// A takeaway if some members pulled the index one way and others the other: more salient if one
/// alone moved it as far as it went.
pub(crate) fn takeaway(view: &View<'_>) -> Option<Takeaway> {
    let symbol = composite()?;
    let points = FigureName { measure: "index_points", scope: Scope::Security(symbol) };
    let index = view.known(&view.key("index_points", Scope::Security(symbol)))?;
    let rose = matches!(index.value, Value::Points { units } if units >= 0);
    let [up, down] = contributions(view);
    let (with, against) = if rose { (up, down) } else { (down, up) };
    let (lead, against) = (*with.first()?, &against[..against.len().min(AGAINST)]);
    let of =
        |fact: &Fact| Figure(FigureName { measure: CONTRIBUTION, scope: fact.key.scope.clone() });
    let opposed = against.first().map(|fact| match rose {
        true => less(of(fact), ZERO),
        false => less(ZERO, of(fact)),
    })?;
    let alone = match rose {
        true => at_most(Figure(points), of(lead)),
        false => at_most(of(lead), Figure(points)),
    };
    let rules = [
        ("one_member", 760, vec![alone, opposed.clone()]),
        ("members_opposed", 550, vec![opposed]),
    ];
    let (salience, predicate, mut keys) = rules.into_iter().find_map(|(id, salience, terms)| {
        let (predicate, keys) = judge(id, &terms, view)?;
        Some((salience, predicate, keys))
    })?;
    let figures = [("points", index.key.clone(), Magnitude), ("lead", lead.key.clone(), Magnitude)];
    let name = vec![Inline::Name(member(lead)?)];
    let (rest, template) = (
        list(view, against),
        if rose { "takeaway-members-lifted" } else { "takeaway-members-fell" },
    );
    let text = view.sentence_with(template, &figures, |args| {
        args.run("index", named(view, symbol)).run("name", name).run("rest", rest)
    })?;
    let told = figures.iter().map(|(_, key, _)| key.clone());
    let against = against.iter().map(|fact| fact.key.clone());
    let more: Vec<FactKey> = told.chain(against).filter(|key| !keys.contains(key)).collect();
    keys.extend(more);
    let text = view.paragraph(vec![Some(text)])?;
    let basis = Grounds { predicate, keys };
    Some(Takeaway { id: basis.predicate.id.clone(), text, salience, basis })
}
