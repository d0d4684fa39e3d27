//! Steps of colour for the size of a return.

use fupan_fact::Value;
use fupan_market::Return;
use maud::{Markup, html};

use super::{Canvas, at};
use crate::Language;

/// Where each step but the first begins, in per cent: the same in every session, so that two
/// sessions' pictures can be compared.
const BOUNDS: [i64; 4] = [1, 2, 3, 5];

/// The class of a figure's colour: `up-3`, `flat`, or `none` if it is not known.
pub(super) fn class(value: Option<&Value>) -> String {
    let Some(Value::Return { ppb: Return(ppb) }) = value else { return "none".to_owned() };
    let per_cent = Return::PARTS / 100;
    let passed = BOUNDS.iter().filter(|bound| **bound * per_cent <= ppb.abs()).count();
    match ppb {
        0 => "flat".to_owned(),
        ppb if *ppb > 0 => format!("up-{}", passed + 1),
        _ => format!("down-{}", passed + 1),
    }
}

/// The steps from the greatest fall to the greatest rise with the bounds between them, on the right
/// under a picture. The first figure is where it ends.
pub(super) fn legend(canvas: Canvas<'_>, top: f64, width: f64) -> (f64, Markup) {
    const SWATCH: f64 = 30.0;
    const HEIGHT: f64 = 10.0;
    let steps = BOUNDS.len() + 1;
    let fall = (1..=steps).rev().map(|step| format!("down-{step}"));
    let rise = (1..=steps).map(|step| format!("up-{step}"));
    let classes: Vec<String> = fall.chain(rise).collect();
    let left = width - SWATCH * classes.len() as f64;
    let below = BOUNDS.iter().rev().map(|bound| format!("\u{2212}{bound}%"));
    let above = BOUNDS.iter().map(|bound| format!("+{bound}%"));
    let bounds = below.chain(["0".to_owned()]).chain(above);
    let named = match canvas.language {
        Language::Zh => "涨跌幅",
        Language::En => "Return",
    };
    let drawn = html! {
        text class="label" x=(at(left - 8.0)) y=(at(top + 9.5)) font-size="12" text-anchor="end" {
            (named)
        }
        @for (place, class) in classes.iter().enumerate() {
            g class={ "cell " (class) } {
                rect x=(at(left + SWATCH * place as f64)) y=(at(top)) width=(at(SWATCH))
                    height=(at(HEIGHT)) {}
            }
        }
        @for (place, bound) in bounds.enumerate() {
            text class="label" x=(at(left + SWATCH * (place as f64 + 1.0)))
                y=(at(top + HEIGHT + 14.0)) font-size="11" text-anchor="middle" { (bound) }
        }
    };
    (top + HEIGHT + 20.0, drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_colour_for_every_step() {
        assert_eq!(BOUNDS.len() + 1, crate::palette::STEPS);
        let style = include_str!("../../assets/brief.css");
        for step in 1..=crate::palette::STEPS {
            for side in ["up", "down"] {
                let fill = format!(".{side}-{step} rect{{fill:var(--{side}-{step})}}");
                let ink = format!(".{side}-{step} text{{fill:var(--on-{side}-{step})}}");
                assert!(style.contains(&fill) && style.contains(&ink), "{side}-{step}");
            }
        }
    }

    #[test]
    fn steps_begin_at_whole_per_cents() {
        let of = |ppb| class(Some(&Value::Return { ppb: Return(ppb) }));
        let per_cent = Return::PARTS / 100;
        assert_eq!(of(0), "flat");
        assert_eq!([of(1), of(-1)], ["up-1", "down-1"]);
        assert_eq!([of(per_cent - 1), of(per_cent)], ["up-1", "up-2"]);
        assert_eq!([of(1 - 3 * per_cent), of(-3 * per_cent)], ["down-3", "down-4"]);
        assert_eq!(of(9 * per_cent), "up-5");
        assert_eq!(class(None), "none");
        assert_eq!(class(Some(&Value::Unknown { reason: String::new() })), "none");
    }
}
