//! Industry chains: the segments from upstream to downstream, which of them led and which lagged.

use fupan_fact::Scope;
use fupan_market::{Chain, ChainSegment, GroupId, Language, Wording, group_name_in_sentence};

use crate::document::{
    Align, Column, Inline, Inlines, Picture, PictureFlow, PictureKind, PictureLayer, PictureMark,
    Row, TableBlock,
};
use crate::format::Format::{Change, Plain};
use crate::section::ranked::{Ranked, figures_of};
use crate::section::table::Figures;
use crate::section::themes::at_limit;
use crate::text::Args;
use crate::view::View;

/// Segments at each end named in the text.
const NAMED: usize = 2;

/// Fewest stocks that moved or stood still for a segment to be named in the text.
const OF_MEMBERS: i64 = 5;

/// Before the name of a segment, which stands under its layer.
const INDENT: &str = "\u{2003}";

const FIGURES: &Figures = &[
    ("equal", "equal_weight_return", Change),
    ("advances", "advances", Plain),
    ("declines", "declines", Plain),
    ("ups", "limit_up_count", Plain),
    ("highs", "new_high_250", Plain),
];

/// The chains of which at least two segments have a return.
fn chains<'v>(view: &View<'v>) -> Vec<(&'v Chain, Ranked)> {
    let ranked = |chain: &'v Chain| {
        let segments = chain.segments().iter().map(|segment| &segment.group);
        Some((chain, Ranked::by(view, "equal_weight_return", segments)?))
    };
    view.facts.chains().filter_map(ranked).collect()
}

/// A sentence on each chain: the segments that led and those that lagged.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    let has_many = |id: &GroupId| {
        let of = |measure| view.count(measure, Scope::Group(id.clone())).unwrap_or(0);
        ["advances", "declines", "unchanged"].map(of).iter().sum::<i64>() >= OF_MEMBERS
    };
    let sentence = |(chain, mut ranked): (&Chain, Ranked)| {
        ranked.groups.retain(has_many);
        if ranked.groups.len() < 2 {
            return None;
        }
        let (best, worst) = ranked.ends(NAMED);
        let (best, worst) = (ranked.moves(view, best), ranked.moves(view, worst.iter().rev()));
        let named = match view.language {
            Language::En => group_name_in_sentence(&chain.name().en),
            Language::Zh => chain.name().zh.clone(),
        };
        view.sentence_with("chain-led", &[], |args| {
            args.run("chain", vec![Inline::Quoted(named)]).run("best", best).run("worst", worst)
        })
    };
    view.paragraph(chains(view).into_iter().map(sentence).collect())
}

/// A picture of each chain: every segment in its layer, and what flows between them.
pub(crate) fn pictures(view: &View<'_>) -> Vec<Picture> {
    chains(view).into_iter().map(|(chain, ranked)| picture(view, chain, ranked.measure)).collect()
}

fn picture(view: &View<'_>, chain: &Chain, measure: &'static str) -> Picture {
    let told =
        |wording: &Wording| vec![Inline::Quoted(wording.in_language(view.language).to_owned())];
    let marks = chain.segments().iter().map(|segment| PictureMark {
        label: told(&segment.name),
        key: view.key(measure, Scope::Group(segment.group.clone())),
        format: Change,
    });
    let marks: Vec<PictureMark> = marks.collect();
    let layers = chain.layers().iter().map(|layer| {
        let marks = chain.segments().iter().filter(|segment| segment.layer == layer.number);
        PictureLayer { name: told(&layer.name), marks: marks.count() }
    });
    let flows = chain.edges().iter().map(|edge| PictureFlow {
        from: edge.from,
        to: edge.to,
        what: told(&edge.evidence),
    });
    let args = Args::new(view.facts).run("chain", told(chain.name()));
    let mut caption = view.text.say("figure-chain", &args);
    if marks.iter().any(|mark| view.is_estimate(&mark.key, mark.format)) {
        caption.extend(view.text.run("caption-estimated"));
    }
    Picture {
        id: format!("figure-chain-{}", chain.id()),
        kind: PictureKind::Layers { layers: layers.collect(), flows: flows.collect() },
        caption,
        marks,
    }
}

/// A table of each chain, from upstream to downstream.
pub(crate) fn tables(view: &View<'_>) -> Vec<TableBlock> {
    chains(view).into_iter().map(|(chain, ranked)| table(view, chain, &ranked)).collect()
}

fn table(view: &View<'_>, chain: &Chain, ranked: &Ranked) -> TableBlock {
    let mut segments: Vec<&ChainSegment> = chain.segments().iter().collect();
    segments.retain(|segment| ranked.groups.contains(&segment.group));
    let shown: Vec<&GroupId> = segments.iter().map(|segment| &segment.group).collect();
    let (mut columns, figures) = figures_of(view, "column-segment", &shown, FIGURES);
    columns.push(Column { label: view.text.run("column-at-limit"), align: Align::Start });
    let mut rows = Vec::new();
    let mut last = None;
    for (mut row, segment) in figures.into_iter().zip(&segments) {
        let layer = chain.layers().iter().find(|layer| layer.number == segment.layer);
        if let Some(layer) = layer.filter(|_| last != Some(segment.layer)) {
            let head = vec![Inline::Quoted(layer.name.in_language(view.language).to_owned())];
            rows.push(Row { head, cells: vec![Inlines::new(); columns.len() - 1] });
        }
        last = Some(segment.layer);
        row.head.insert(0, Inline::Text(INDENT.to_owned()));
        let names = at_limit(view, "limit_up_count", &segment.group).unwrap_or_default();
        row.cells.push(names);
        rows.push(row);
    }
    let named = vec![Inline::Quoted(chain.name().in_language(view.language).to_owned())];
    TableBlock {
        id: format!("table-chain-{}", chain.id()),
        caption: view.text.say("table-chain", &Args::new(view.facts).run("chain", named)),
        columns,
        rows,
    }
}
