//! Lying bars, one a row.

use maud::{Markup, html};

use super::{Canvas, WIDTH, at};

const ROW: f64 = 30.0;
const BAR: f64 = 16.0;
const TOP: f64 = 4.0;
/// Room for a figure at a bar's end.
const FIGURE: f64 = 66.0;

/// Width that `text` takes at the charts' type size: a Han character is twice a Latin one.
fn text_width(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) >= 0x2E80 { 14.5 } else { 8.5 }).sum()
}

fn label_width(canvas: Canvas<'_>) -> f64 {
    let widths = canvas.figure.marks.iter().map(|mark| text_width(&canvas.label(mark)));
    widths.fold(24.0, f64::max).min(170.0) + 10.0
}

/// Bars from a zero line to both sides. The zero line stands where the data asks for it, so
/// that a session in which everything rose wastes no room on losses.
pub(super) fn diverging(canvas: Canvas<'_>) -> (f64, Markup) {
    let marks = &canvas.figure.marks;
    let left = label_width(canvas);
    let highest = marks.iter().map(|mark| canvas.value(&mark.key)).fold(0.0, f64::max);
    let lowest = marks.iter().map(|mark| canvas.value(&mark.key)).fold(0.0, f64::min);
    let room = WIDTH - left - FIGURE - if lowest < 0.0 { FIGURE } else { 0.0 };
    let scale = room / (highest - lowest).max(f64::MIN_POSITIVE);
    let zero = left + if lowest < 0.0 { FIGURE - lowest * scale } else { 0.0 };
    let height = TOP * 2.0 + ROW * marks.len() as f64;
    let drawn = html! {
        line class="axis" x1=(at(zero)) x2=(at(zero)) y1=(at(TOP)) y2=(at(height - TOP)) {}
        @for (row, mark) in marks.iter().enumerate() {
            @let value = canvas.value(&mark.key);
            @let middle = TOP + ROW * (row as f64 + 0.5);
            @let length = (value.abs() * scale).max(1.0);
            @let (x, text_x, anchor) = if value < 0.0 {
                (zero - length, zero - length - 6.0, "end")
            } else {
                (zero, zero + length + 6.0, "start")
            };
            (canvas.mark(mark, html! {
                rect class="hit" x="0" y=(at(middle - ROW / 2.0)) width=(at(WIDTH)) height=(at(ROW)) {}
                text class="label" x="0" y=(at(middle)) dy="0.36em" { (canvas.label(mark)) }
                rect class={ "bar " (canvas.tone(mark)) } x=(at(x)) y=(at(middle - BAR / 2.0))
                    width=(at(length)) height=(at(BAR)) rx="2" {}
                text class={ "figure " (canvas.tone(mark)) } x=(at(text_x)) y=(at(middle))
                    dy="0.36em" text-anchor=(anchor) { (canvas.figure_text(mark)) }
            }))
        }
    };
    (height, drawn)
}

/// Rungs of the limit-up ladder: the longer the bar, the more securities stand on it.
pub(super) fn ladder(canvas: Canvas<'_>) -> (f64, Markup) {
    let marks = &canvas.figure.marks;
    let left = label_width(canvas);
    let scale = (WIDTH - left - FIGURE) / canvas.greatest();
    let height = TOP * 2.0 + ROW * marks.len() as f64;
    let drawn = html! {
        @for (row, mark) in marks.iter().enumerate() {
            @let middle = TOP + ROW * (row as f64 + 0.5);
            @let length = (canvas.value(&mark.key).abs() * scale).max(2.0);
            (canvas.mark(mark, html! {
                rect class="hit" x="0" y=(at(middle - ROW / 2.0)) width=(at(WIDTH)) height=(at(ROW)) {}
                text class="label" x="0" y=(at(middle)) dy="0.36em" { (canvas.label(mark)) }
                rect class="bar up" x=(at(left)) y=(at(middle - BAR / 2.0)) width=(at(length))
                    height=(at(BAR)) rx="2" {}
                text class="figure" x=(at(left + length + 6.0)) y=(at(middle)) dy="0.36em" {
                    (canvas.figure_text(mark))
                }
            }))
        }
    };
    (height, drawn)
}
