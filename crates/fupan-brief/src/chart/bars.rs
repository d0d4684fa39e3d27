//! Horizontal bars, one a row.

use maud::{Markup, html};

use super::letters::{SIZE as TYPE, text_width, width_at, wrapped};
use super::{Canvas, WIDTH, at};

const ROW: f64 = 30.0;
const BAR: f64 = 16.0;
const TOP: f64 = 4.0;
/// The gap between a bar's end and its figure.
const GAP: f64 = 6.0;

/// The width that labels may take.
const LABEL: f64 = 200.0;

/// The type and the height of the lines of a label that has two.
const SMALL: f64 = 12.5;
const LINE: f64 = 13.5;

/// What stands beside each bar, in lines. Names of companies have their codes if all of them fit; a
/// label that does not fit without has two lines, and is cut only if it is longer than that.
fn labels(canvas: Canvas<'_>) -> Vec<Vec<String>> {
    let marks = &canvas.figure.marks;
    let whole: Vec<String> = marks.iter().map(|mark| canvas.label(mark)).collect();
    if whole.iter().all(|label| text_width(label) <= LABEL) {
        return whole.into_iter().map(|label| vec![label]).collect();
    }
    let lines = |label: String| match text_width(&label) <= LABEL {
        true => vec![label],
        false => wrapped(&label, SMALL, LABEL)
            .filter(|lines| lines.len() <= 2)
            .unwrap_or_else(|| vec![cut(label)]),
    };
    marks.iter().map(|mark| lines(canvas.short_label(mark))).collect()
}

/// A label within the width, with an ellipsis for what is left out.
fn cut(mut label: String) -> String {
    while label.pop().is_some() && text_width(&label) > LABEL - text_width("…") {}
    label.truncate(label.trim_end().len());
    label + "…"
}

fn label_width(labels: &[Vec<String>]) -> f64 {
    let width = |lines: &Vec<String>| {
        let size = if lines.len() > 1 { SMALL } else { TYPE };
        lines.iter().map(|line| width_at(line, size)).fold(0.0, f64::max)
    };
    labels.iter().map(width).fold(24.0, f64::max) + 12.0
}

fn drawn_label(lines: &[String], middle: f64) -> Markup {
    let class = if lines.len() > 1 { "label small" } else { "label" };
    let first = middle - LINE * (lines.len().saturating_sub(1) as f64) / 2.0;
    html! {
        @for (row, line) in lines.iter().enumerate() {
            text class=(class) x="0" y=(at(first + LINE * row as f64)) dy="0.36em" { (line) }
        }
    }
}

/// Width reserved for the figures at the ends of the bars on one side, so that nothing is drawn
/// over them and none leaves the picture, however long an estimate makes them.
fn gutter(canvas: Canvas<'_>, on_side: impl Fn(f64) -> bool) -> f64 {
    let marks = canvas.figure.marks.iter().filter(|mark| on_side(canvas.value(&mark.key)));
    let width = marks.map(|mark| text_width(&canvas.figure_text(mark)) + GAP);
    width.fold(0.0, f64::max)
}

/// Bars from a zero line to both sides. The data decide where the zero line is, so that a session
/// in which everything rose wastes no room on losses.
pub(super) fn diverging(canvas: Canvas<'_>) -> (f64, Markup) {
    let marks = &canvas.figure.marks;
    let labels = labels(canvas);
    let left = label_width(&labels);
    let highest = marks.iter().map(|mark| canvas.value(&mark.key)).fold(0.0, f64::max);
    let lowest = marks.iter().map(|mark| canvas.value(&mark.key)).fold(0.0, f64::min);
    let (below, above) =
        (gutter(canvas, |value| value < 0.0), gutter(canvas, |value| value >= 0.0));
    let room = WIDTH - left - below - above;
    let scale = room / (highest - lowest).max(f64::MIN_POSITIVE);
    let zero = left + below - lowest * scale;
    let height = TOP * 2.0 + ROW * marks.len() as f64;
    let drawn = html! {
        line class="axis" x1=(at(zero)) x2=(at(zero)) y1=(at(TOP)) y2=(at(height - TOP)) {}
        @for (row, (mark, label)) in marks.iter().zip(&labels).enumerate() {
            @let value = canvas.value(&mark.key);
            @let middle = TOP + ROW * (row as f64 + 0.5);
            @let length = (value.abs() * scale).max(1.0);
            @let (x, text_x, anchor) = if value < 0.0 {
                (zero - length, zero - length - GAP, "end")
            } else {
                (zero, zero + length + GAP, "start")
            };
            (canvas.mark(mark, html! {
                rect class="hit" x="0" y=(at(middle - ROW / 2.0)) width=(at(WIDTH)) height=(at(ROW)) {}
                (drawn_label(label, middle))
                rect class={ "bar " (canvas.tone(mark)) } x=(at(x)) y=(at(middle - BAR / 2.0))
                    width=(at(length)) height=(at(BAR)) rx="2" {}
                text class={ "figure " (canvas.tone(mark)) } x=(at(text_x)) y=(at(middle))
                    dy="0.36em" text-anchor=(anchor) { (canvas.figure_text(mark)) }
            }))
        }
    };
    (height, drawn)
}

#[cfg(test)]
mod tests {
    use fupan_fact::{
        AsOf, Basis, Coverage, Fact, FactKey, FactSet, MeasureId, Name, Provenance, Scope, Value,
    };
    use fupan_market::{Return, RulebookVersion};

    use super::*;
    use crate::document::{Inline, Picture, PictureKind, PictureMark};
    use crate::{Format, Language};

    /// A picture of groups' returns, as bars to both sides.
    fn picture(returns: &[i64], basis: Basis) -> (Picture, FactSet) {
        let session = "2026-02-12".parse().unwrap();
        let (mut facts, mut marks) = (FactSet::new(session), Vec::new());
        for (group, ppb) in returns.iter().enumerate() {
            let measure = MeasureId::with("size_decile_return", group + 1);
            let key = FactKey { measure, scope: Scope::AllA, session, as_of: AsOf::Close };
            facts.insert(Fact {
                key: key.clone(),
                value: Value::Return { ppb: Return(*ppb) },
                provenance: Provenance {
                    inputs: [].into(),
                    coverage: Coverage { judged: 1, unjudged: 0 },
                    basis,
                    rulebook: RulebookVersion("test".into()),
                    measure_version: 1,
                    findings: Vec::new(),
                },
            });
            let label = vec![Inline::Text("Group ".to_owned()), Inline::Parameter(key.clone())];
            marks.push(PictureMark { label, key, format: Format::Change });
        }
        let figure = Picture {
            id: "size".to_owned(),
            kind: PictureKind::Diverging,
            caption: Vec::new(),
            marks,
        };
        (figure, facts)
    }

    /// No figure overlaps the labels or leaves the picture, estimated or not.
    #[test]
    fn figures_stay_between_the_labels_and_the_edge() {
        for returns in [
            &[-7_700_000, -7_600_000, -1][..],
            &[1, 7_700_000, 120_000_000],
            &[-77_000_000, 3, 0, 77_000_000],
        ] {
            for basis in [Basis::Exact, Basis::Estimated] {
                for language in [Language::Zh, Language::En] {
                    let (figure, facts) = picture(returns, basis);
                    let canvas = Canvas { figure: &figure, facts: &facts, language };
                    let svg = diverging(canvas).1.into_string();
                    let left = label_width(&labels(canvas));
                    for (text, mark) in svg.split("<text class=\"figure").skip(1).zip(&figure.marks)
                    {
                        let x: f64 = text.split('"').nth(2).unwrap().parse().unwrap();
                        let width = text_width(&canvas.figure_text(mark));
                        let (from, to) = match text.contains("text-anchor=\"end\"") {
                            true => (x - width, x),
                            false => (x, x + width),
                        };
                        assert!(from >= left - 1.1 && to <= WIDTH + 1.1, "{from} to {to}: {text}");
                    }
                }
            }
        }
    }

    /// Codes stand beside the names if all of them fit; otherwise names alone, however long.
    #[test]
    fn labels_fit() {
        let of = |names: [&str; 2]| {
            let (mut figure, mut facts) = picture(&[1, -1], Basis::Exact);
            for (place, (en, mark)) in names.into_iter().zip(&mut figure.marks).enumerate() {
                let symbol = format!("60000{place}.SH").parse().unwrap();
                facts.names.insert(symbol, Name { zh: String::new(), en: Some(en.to_owned()) });
                let bracket = |text: &str| Inline::Text(text.to_owned());
                mark.label =
                    vec![Inline::Name(symbol), bracket(" ("), Inline::Code(symbol), bracket(")")];
            }
            let canvas = Canvas { figure: &figure, facts: &facts, language: Language::En };
            assert!(canvas.description().contains("(600001.SH)"), "readers aloud have the code");
            let labels = labels(canvas);
            assert!(label_width(&labels) <= LABEL + 12.0);
            labels.iter().map(|lines| lines.join("|")).collect::<Vec<_>>()
        };
        assert_eq!(of(["ICBC", "CATL"]), ["ICBC (600000.SH)", "CATL (600001.SH)"]);
        let long = "Agricultural Bank of China";
        assert_eq!(of(["ICBC", long]), ["ICBC", long]);
        let longer = "COSCO Shipping Specialized Carriers";
        assert_eq!(of(["ICBC", longer]), ["ICBC", "COSCO Shipping|Specialized Carriers"]);
        let longest = "Llanfairpwllgwyngyllgogerychwyrndrobwll";
        assert_eq!(of(["ICBC", longest]), ["ICBC", "Llanfairpwllgwyngyllgog…"]);
    }
}
