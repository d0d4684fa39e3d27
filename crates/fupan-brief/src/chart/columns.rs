//! Vertical bars.

use fupan_fact::{FactKey, MeasureId};
use maud::{Markup, html};

use super::letters::text_width;
use super::{Canvas, WIDTH, at};
use crate::document::PictureMark;
use crate::render;

const PLOT: f64 = 190.0;
const TOP: f64 = 24.0;
const BELOW: f64 = 30.0;

/// The distribution of returns: losses left, gains right. The ends and the middle are named, the
/// bounds between the bars are in per cent.
pub(super) fn distribution(canvas: Canvas<'_>) -> (f64, Markup) {
    let marks = &canvas.figure.marks;
    let step = WIDTH / marks.len().max(1) as f64;
    // A figure may be raised by a line.
    let scale = (PLOT - LINE) / canvas.greatest();
    let base = TOP + PLOT;
    let last = marks.len().saturating_sub(1);
    let height = |mark: &PictureMark| {
        let value = canvas.value(&mark.key).max(0.0);
        (value * scale).max(if value > 0.0 { 1.5 } else { 0.0 })
    };
    let figures = marks.iter().map(|mark| (text_width(&canvas.figure_text(mark)), height(mark)));
    let raised = raised(&figures.collect::<Vec<_>>(), step);
    let drawn = html! {
        @for (place, mark) in marks.iter().enumerate() {
            @let left = step * place as f64;
            @let middle = left + step / 2.0;
            @let tall = height(mark);
            (canvas.mark(mark, html! {
                rect class="hit" x=(at(left)) y="0" width=(at(step)) height=(at(base + BELOW)) {}
                rect class={ "bar " (side(mark)) (limit(mark)) } x=(at(left + 4.0))
                    y=(at(base - tall)) width=(at(step - 8.0)) height=(at(tall)) rx="2" {}
                text class="figure small" x=(at(middle)) y=(at(base - raised[place] - 7.0))
                    text-anchor="middle" { (canvas.figure_text(mark)) }
                @match bound(mark) {
                    Some((side, bound)) => {
                        @let x = if side == "up" { left + step } else { left };
                        text class={ "label small " (side) } x=(at(x)) y=(at(base + 19.0))
                            text-anchor="middle" { (bound) }
                    }
                    None if limit(mark).is_empty() && side(mark) != "flat" => {}
                    None => {
                        @let (x, anchor) = match place {
                            0 => (0.0, "start"),
                            place if place == last => (WIDTH, "end"),
                            _ => (middle, "middle"),
                        };
                        // Names stand below the bounds, which they would touch.
                        text class={ "label small " (side(mark)) } x=(at(x)) y=(at(base + 36.0))
                            text-anchor=(anchor) { (canvas.label(mark)) }
                    }
                }
            }))
        }
        line class="axis" x1="0" x2=(at(WIDTH)) y1=(at(base)) y2=(at(base)) {}
    };
    (base + BELOW + 14.0, drawn)
}

/// A line of type.
const LINE: f64 = 15.0;

/// How high above the axis each figure stands, given their widths and the heights of their bars:
/// on its bar, or a line above a figure beside it that it would touch.
fn raised(figures: &[(f64, f64)], step: f64) -> Vec<f64> {
    let mut places: Vec<usize> = (0..figures.len()).collect();
    places.sort_by(|a, b| figures[*a].1.total_cmp(&figures[*b].1));
    let mut heights: Vec<Option<f64>> = vec![None; figures.len()];
    for place in places {
        let (width, mut height) = figures[place];
        let beside = [place.checked_sub(1), Some(place + 1)].into_iter().flatten();
        let touching = beside.filter_map(|other| {
            let height = (*heights.get(other)?)?;
            ((width + figures[other].0) / 2.0 + 3.0 > step).then_some(height)
        });
        let mut touching: Vec<f64> = touching.collect();
        // Raised above the lower of two, it may come to the higher one.
        touching.sort_by(f64::total_cmp);
        for other in touching {
            if (other - height).abs() < LINE {
                height = other + LINE;
            }
        }
        heights[place] = Some(height);
    }
    heights.into_iter().map(Option::unwrap_or_default).collect()
}

/// The bound of a bin that is farther from zero, with its side; `None` if it has none.
fn bound(mark: &PictureMark) -> Option<(&'static str, String)> {
    let (side, bounds) = mark.key.measure.parameter()?.split_once('-')?;
    let (low, high) = bounds.split_once('-')?;
    low.parse::<u32>().ok()?;
    match side {
        "up" => Some(("up", format!("+{high}%"))),
        "down" => Some(("down", format!("\u{2212}{high}%"))),
        _ => None,
    }
}

/// Which side of zero a bin is on.
fn side(mark: &PictureMark) -> &'static str {
    match mark.key.measure.parameter().and_then(|bin| bin.split('-').next()) {
        Some("up") => "up",
        Some("down") => "down",
        _ => "flat",
    }
}

fn limit(mark: &PictureMark) -> &'static str {
    let bin = mark.key.measure.parameter().unwrap_or_default();
    if bin.ends_with("-limit") { " strong" } else { "" }
}

/// A figure session by session; the last bar is the session reviewed.
pub(super) fn history(canvas: Canvas<'_>) -> (f64, Markup) {
    let marks = &canvas.figure.marks;
    let step = WIDTH / marks.len().max(1) as f64;
    let scale = PLOT / canvas.greatest();
    let base = TOP + PLOT;
    let last = marks.len().saturating_sub(1);
    let drawn = html! {
        @for (place, mark) in marks.iter().enumerate() {
            @let left = step * place as f64;
            @let tall = (canvas.value(&mark.key).max(0.0) * scale).max(1.0);
            @let kind = if place == last { "now" } else { "before" };
            (canvas.mark(mark, html! {
                rect class="hit" x=(at(left)) y="0" width=(at(step)) height=(at(base + BELOW)) {}
                rect class={ "bar " (kind) } x=(at(left + 2.0)) y=(at(base - tall))
                    width=(at(step - 4.0)) height=(at(tall)) rx="2" {}
                @if place == last {
                    text class="figure" x=(at(WIDTH)) y="13" text-anchor="end" {
                        (canvas.figure_text(mark))
                    }
                }
                @if place == 0 {
                    text class="figure small over" x="0" y=(at(base - tall - 7.0)) {
                        (canvas.figure_text(mark))
                    }
                    text class="label small" x="0" y=(at(base + 19.0)) { (canvas.label(mark)) }
                } @else if place == last {
                    text class="label small" x=(at(WIDTH)) y=(at(base + 19.0)) text-anchor="end" {
                        (canvas.label(mark))
                    }
                } @else if place == last / 2 {
                    text class="label small" x=(at(left + step / 2.0)) y=(at(base + 19.0))
                        text-anchor="middle" { (canvas.label(mark)) }
                }
            }))
        }
        @if let Some((mean, label)) = mean(canvas) {
            @let y = base - mean * scale;
            line class="mean" x1="0" x2=(at(WIDTH)) y1=(at(y)) y2=(at(y)) {}
            text class="label small over" x=(at(WIDTH)) y=(at(y - 5.0)) text-anchor="end" { (label) }
        }
        line class="axis" x1="0" x2=(at(WIDTH)) y1=(at(base)) y2=(at(base)) {}
    };
    (base + BELOW, drawn)
}

/// The mean that the last figure is compared with, with its name: the figure, less how far it is
/// above the mean.
fn mean(canvas: Canvas<'_>) -> Option<(f64, String)> {
    let last = &canvas.figure.marks.last()?.key;
    let key = FactKey { measure: MeasureId::new("turnover_vs_ma20"), ..last.clone() };
    let above = canvas.facts.get(&key)?.value.to_f64()?;
    let mean = canvas.value(last) / (1.0 + above);
    // Beyond the bars there is no room for it.
    (mean.is_finite() && (0.0..=canvas.greatest()).contains(&mean))
        .then(|| (mean, render::mean_label(&key, canvas.language)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_above_one_that_it_would_touch() {
        let step = 30.0;
        assert_eq!(
            raised(&[(40.0, 100.0), (40.0, 104.0), (40.0, 60.0)], step),
            [100.0, 115.0, 60.0]
        );
        // Of three alike, the one between is raised or those beside it are.
        let three = raised(&[(40.0, 100.0), (40.0, 101.0), (40.0, 102.0)], step);
        assert!(three.windows(2).all(|pair| (pair[0] - pair[1]).abs() >= LINE), "{three:?}");
        let between = raised(&[(40.0, 100.0), (40.0, 110.0), (40.0, 102.0)], step);
        assert_eq!(between, [100.0, 117.0, 102.0]);
        // Narrow ones stand side by side.
        assert_eq!(raised(&[(20.0, 100.0), (20.0, 100.0)], step), [100.0, 100.0]);
        assert!(raised(&[], step).is_empty());
    }
}
