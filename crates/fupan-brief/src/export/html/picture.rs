//! Pictures with their captions and their figures as a table.

use maud::{Markup, html};

use super::Setting;
use super::inlines::{inline, run};
use crate::chart;
use crate::document::{CellArea, Inline, Inlines, Picture, PictureFlow, PictureKind, PictureLayer};

/// A picture; the table of its figures unfolds.
pub(super) fn figure(setting: Setting<'_>, figure: &Picture) -> Markup {
    let class = chart::is_wide(figure).then_some("wide");
    html! {
        figure id=(figure.id) class=[class] {
            figcaption { (run(setting, &figure.caption)) }
            (chart::svg(figure, setting.facts, setting.language))
            details class="figure-data" {
                summary { (setting.text.words("page-figure-data")) }
                @match &figure.kind {
                    PictureKind::Layers { layers, flows } => (layers_table(setting, figure, layers, flows)),
                    PictureKind::Treemap { areas } => (marks_table(setting, figure, areas)),
                    _ => (marks_table(setting, figure, &[])),
                }
            }
        }
    }
}

fn head(setting: Setting<'_>, id: &str, class: Option<&str>) -> Markup {
    html! { th scope="col" class=[class] { (setting.text.words(id)) } }
}

fn marks_table(setting: Setting<'_>, figure: &Picture, areas: &[CellArea]) -> Markup {
    let cell = |key, format| inline(setting, &Inline::Fact(key, format));
    html! {
        table {
            thead { tr {
                (head(setting, "column-mark", None))
                (head(setting, "column-value", Some("end")))
                @if !areas.is_empty() { (head(setting, "column-area", Some("end"))) }
            } }
            tbody {
                @for (place, mark) in figure.marks.iter().enumerate() {
                    tr {
                        th scope="row" { (run(setting, &mark.label)) }
                        td class="end" { (cell(mark.key.clone(), mark.format)) }
                        @if let Some(area) = areas.get(place) {
                            td class="end" { (cell(area.key.clone(), area.format)) }
                        }
                    }
                }
            }
        }
    }
}

/// Each segment under its layer, and where what it makes goes to.
fn layers_table(
    setting: Setting<'_>,
    figure: &Picture,
    layers: &[PictureLayer],
    flows: &[PictureFlow],
) -> Markup {
    let mut places = 0..figure.marks.len();
    html! {
        div class="scroll" role="region" aria-label=(setting.text.words("page-figure-data")) tabindex="0" {
            table {
                thead { tr {
                    (head(setting, "column-segment", None))
                    (head(setting, "column-value", Some("end")))
                    (head(setting, "column-flows-to", None))
                } }
                @for layer in layers {
                    tbody {
                        tr class="group" { th scope="rowgroup" colspan="3" { (run(setting, &layer.name)) } }
                        @for place in places.by_ref().take(layer.marks) {
                            @let mark = &figure.marks[place];
                            tr {
                                th scope="row" { (run(setting, &mark.label)) }
                                td class="end" {
                                    (inline(setting, &Inline::Fact(mark.key.clone(), mark.format)))
                                }
                                td { (run(setting, &targets(setting, figure, flows, place))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The names of the marks that something flows to from a mark.
fn targets(setting: Setting<'_>, figure: &Picture, flows: &[PictureFlow], from: usize) -> Inlines {
    let of = flows.iter().filter(|flow| flow.from == from);
    let names = of.map(|flow| figure.marks[flow.to].label.clone()).collect();
    setting.text.join(names, "between-names", "before-last-name")
}
