//! The page's parts.

use maud::{Markup, html};
use rayon::prelude::*;

use super::inlines::{Arrow, inline, inline_with, run};
use super::{PageExtent, PageForm, Setting, picture};
use crate::document::{
    Align, Block, Grounds, HeroIndex, Inline, Inlines, Row, Section, TableBlock,
};
use crate::text::Args;
use crate::{Format, chart, render, subject};

pub(super) fn body(setting: Setting<'_>) -> Markup {
    let document = setting.document;
    let (overview, sections) = rayon::join(
        || overview(setting),
        || document.sections.par_iter().map(|part| section(setting, part)).collect::<Vec<_>>(),
    );
    html! {
        div class="page" {
            header class="masthead" {
                p class="kicker" { span { (run(setting, &document.kicker)) }
                    time datetime=(document.session) { (run(setting, &document.dateline)) } }
                h1 { (run(setting, &document.headline)) }
                @if !document.deck.is_empty() { p class="deck" { (run(setting, &document.deck)) } }
                @if !document.first.is_empty() {
                    p class="first" role="note" { (run(setting, &document.first)) }
                }
                @if let Some(basis) = &document.headline_basis {
                    (why(setting, "page-headline-basis", [basis]))
                }
            }
            main id="text" {
                (hero(setting))
                (tiles(setting))
                (takeaways(setting))
                (notes(setting))
                (overview)
                @for section in &sections { (section) }
            }
            (data_note(setting))
            footer {
                p class="disclaimer" { (run(setting, &document.disclaimer)) }
                @if setting.form == PageForm::Still(PageExtent::Overview) {
                    p { (setting.text.words("page-overview")) }
                } @else {
                    p { (run(setting, &document.footer)) }
                }
            }
        }
    }
}

fn notes(setting: Setting<'_>) -> Markup {
    let notes = &setting.document.notes;
    html! {
        @if !notes.is_empty() {
            aside aria-label=(setting.text.words("page-notes")) {
                details class="notes" {
                    summary { (run(setting, &setting.document.summary)) }
                    @for note in notes {
                        p class={ "note " (note.id) } { (run(setting, &note.text)) }
                    }
                }
            }
        }
    }
}

/// What justifies some words, folded: each predicate with its figures.
fn why<'a>(
    setting: Setting<'_>,
    label: &str,
    bases: impl IntoIterator<Item = &'a Grounds>,
) -> Markup {
    html! {
        details class="why" {
            summary { (setting.text.words(label)) }
            @for basis in bases {
                p class="of" { code { (basis.predicate.id) } " " code { (basis.predicate.formula) } }
                ul {
                    @for key in &basis.keys {
                        li {
                            (super::super::measure_label(key, setting.facts, setting.language)) " "
                            (inline(setting, &Inline::Fact(key.clone(), Format::Plain)))
                        }
                    }
                }
            }
        }
    }
}

fn hero(setting: Setting<'_>) -> Markup {
    let indices = &setting.document.hero;
    html! {
        @if !indices.is_empty() {
            ul class="hero" aria-label=(setting.text.words("page-indices-strip")) {
                @for index in indices { (hero_index(setting, index)) }
            }
        }
    }
}

fn hero_index(setting: Setting<'_>, index: &HeroIndex) -> Markup {
    html! {
        li {
            span class="hero-name" { (inline(setting, &Inline::Name(index.symbol))) }
            span class="hero-change" { (inline_with(setting, &index.change, Arrow::With)) }
            span class="hero-level" {
                @if let Some(level) = &index.level { (inline(setting, level)) }
                @if let Some(points) = &index.points {
                    (inline_with(setting, points, Arrow::With))
                }
            }
        }
    }
}

/// The market in figures, and what the colours mean.
fn tiles(setting: Setting<'_>) -> Markup {
    let (tiles, legend) = (&setting.document.tiles, setting.text.words(setting.colours.legend()));
    let coloured = !tiles.is_empty() || !setting.document.hero.is_empty();
    html! {
        @if !tiles.is_empty() {
            ul class="hero tiles" aria-label=(setting.text.words("page-tiles")) {
                @for tile in tiles {
                    li {
                        span class="hero-name" { (run(setting, &tile.label)) }
                        span class="tile-figures" { (run(setting, &tile.text)) }
                        @if !tile.more.is_empty() {
                            span class="hero-level" { span { (run(setting, &tile.more)) } }
                        }
                    }
                }
            }
        }
        @if coloured && !legend.is_empty() { p class="legend" { (legend) } }
    }
}

fn takeaways(setting: Setting<'_>) -> Markup {
    let takeaways = &setting.document.takeaways;
    html! {
        @if !takeaways.is_empty() {
            section class="takeaways" aria-labelledby="takeaways" {
                h2 id="takeaways" { (setting.text.words("page-takeaways")) }
                ol {
                    @for takeaway in takeaways {
                        li { p { (run(setting, &takeaway.text)) } }
                    }
                }
                (why(setting, "page-why", takeaways.iter().map(|takeaway| &takeaway.basis)))
            }
        }
    }
}

fn section(setting: Setting<'_>, section: &Section) -> Markup {
    let is_text = |block: &&Block| matches!(block, Block::Paragraph(_) | Block::List(_));
    let text = section.blocks.iter().filter(is_text);
    let pictures = |wide: bool| {
        let is_it = move |block: &&Block| matches!(block, Block::Figure(picture) if chart::is_wide(picture) == wide);
        section.blocks.iter().filter(is_it)
    };
    let tables = section.blocks.iter().filter(|block| matches!(block, Block::Table(_)));
    let heading = format!("h-{}", section.id);
    html! {
        section class="part" id=(section.id) aria-labelledby=(heading) {
            h2 id=(heading) { (run(setting, &section.heading)) }
            div class="spread" {
                div class="prose" {
                    @for block in text { (self::block(setting, block)) }
                    @if !section.grounds.is_empty() {
                        (why(setting, "page-words", &section.grounds))
                    }
                }
                @for block in pictures(false) { (self::block(setting, block)) }
            }
            @for block in pictures(true) { (self::block(setting, block)) }
            @for block in tables { (self::block(setting, block)) }
        }
    }
}

fn block(setting: Setting<'_>, block: &Block) -> Markup {
    match block {
        Block::Paragraph(text) => html! { p { (run(setting, text)) } },
        Block::List(items) => html! {
            ul { @for item in items { li { (run(setting, item)) } } }
        },
        Block::Table(table) => self::table(setting, table),
        Block::Figure(figure) => picture::figure(setting, figure),
    }
}

/// Pictures of the whole market.
fn overview(setting: Setting<'_>) -> Markup {
    html! { @for picture in &setting.document.overview { (picture::figure(setting, picture)) } }
}

/// Rows of a table that fit a printed page; a longer one is broken wherever it begins.
const PAGE_ROWS: usize = 34;

fn table(setting: Setting<'_>, table: &TableBlock) -> Markup {
    let caption_id = format!("c-{}", table.id);
    let side = |place: usize| match table.columns.get(place).map(|column| column.align) {
        Some(Align::End) => "end",
        _ => "start",
    };
    html! {
        div class="scroll" role="region" aria-labelledby=(caption_id) tabindex="0" {
            table id=(table.id) class=[(table.rows.len() > PAGE_ROWS).then_some("long")] {
                caption id=(caption_id) { (run(setting, &table.caption)) }
                thead { tr {
                    @for (place, column) in table.columns.iter().enumerate() {
                        th scope="col" class=(side(place)) { (run(setting, &column.label)) }
                    }
                } }
                tbody {
                    @for Row { head, cells } in &table.rows {
                        @if cells.iter().all(Vec::is_empty) {
                            // The name of the group that the rows below are in.
                            tr class="group" {
                                th scope="rowgroup" colspan=(table.columns.len()) { (run(setting, head)) }
                            }
                        } @else { tr {
                            th scope="row" { (run(setting, head)) }
                            @for (place, cell) in cells.iter().enumerate() {
                                td class=(side(place + 1)) { (self::cell(setting, cell)) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// Names in a cell that are shown before the rest is folded.
const NAMES_SHOWN: usize = 10;

/// A cell; a long list of names unfolds.
fn cell(setting: Setting<'_>, inlines: &Inlines) -> Markup {
    let is_name = |inline: &Inline| matches!(inline, Inline::Name(_));
    let names = inlines.iter().enumerate().filter(|(_, inline)| is_name(inline));
    let places: Vec<usize> = names.map(|(place, _)| place).collect();
    let Some(rest) = places.get(NAMES_SHOWN) else { return run(setting, inlines) };
    // The separator before the rest is folded with it, and so is what the rest is headed by.
    let separator = Inline::Text(setting.text.words("between-clauses"));
    let heads = inlines[..*rest].iter().rev().take(3).position(|inline| *inline == separator);
    let (shown, rest) = inlines.split_at(rest.saturating_sub(heads.unwrap_or(0) + 1));
    html! {
        (run(setting, shown))
        details class="names" {
            summary { (setting.text.words("page-rest")) }
            (run(setting, rest))
        }
    }
}

fn data_note(setting: Setting<'_>) -> Markup {
    let note = &setting.document.data_note;
    html! {
        section class="data-note" id="data" aria-labelledby="h-data" {
            h2 id="h-data" { (run(setting, &note.heading)) }
            @for paragraph in &note.paragraphs { p { (run(setting, paragraph)) } }
            @if setting.form == PageForm::Screen {
                p class="hover" { (setting.text.words("page-hover")) }
            }
            @if !note.findings.is_empty() {
                h3 { (setting.text.words("page-findings")) }
                ul class="findings" {
                    @for finding in &note.findings {
                        li {
                            (run(setting, &finding.text))
                            @if !finding.detail.is_empty() {
                                p class="detail" { (render::visible(&finding.detail)) }
                            }
                        }
                    }
                }
            }
            (unknown(setting))
            @if let Some(coverage) = &note.coverage { (table(setting, coverage)) }
            (sources(setting))
        }
    }
}

fn unknown(setting: Setting<'_>) -> Markup {
    let unknown = &setting.document.data_note.unknown;
    html! {
        @if !unknown.is_empty() {
            details class="unknown" {
                summary { (setting.text.words("page-unknown")) }
                ul {
                    @for figure in unknown {
                        li {
                            (render::visible(&figure.label)) " "
                            code { (figure.key) }
                            @if let Some(reason) = &figure.reason {
                                " · " (fupan_fact::reason(reason).in_language(setting.language))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sources(setting: Setting<'_>) -> Markup {
    let sources = &setting.document.data_note.sources;
    let words = |id: &str| setting.text.words(id);
    let args = Args::new(setting.facts)
        .run("count", vec![Inline::Quoted(sources.len().to_string())])
        .number("count_n", sources.len());
    let counted = setting.text.say("page-sources-counted", &args);
    html! {
        @if !sources.is_empty() {
            details class="unknown" {
                summary { (run(setting, &counted)) }
                div class="scroll" role="region" aria-label=(words("page-sources")) tabindex="0" {
                table id="sources" {
                    thead { tr {
                        th scope="col" { (words("column-table")) }
                        th scope="col" { (words("column-source")) }
                        th scope="col" { (words("column-digest")) }
                    } }
                    tbody {
                        @for source in sources {
                            tr {
                                th scope="row" { (subject::table(setting.text, &source.table)) }
                                td { (render::visible(&source.source)) }
                                td { code class="digest" { (source.digest) } }
                            }
                        }
                    }
                } }
            }
        }
    }
}
