//! Market colours.

use serde::{Deserialize, Serialize};

/// Which colours mean up and down. A sign or an arrow is always next to the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketColours {
    /// Red is up, green is down: mainland China's convention.
    RedUp,
    /// Green is up, red is down.
    GreenUp,
    /// Orange is up, blue is down: distinct with any colour vision.
    ColourBlind,
}

/// How many steps of a colour show the size of a move.
pub(crate) const STEPS: usize = 5;

/// One colour in the light and in the dark scheme.
pub(crate) struct Shade {
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
}

const RED: Shade = Shade { light: "#b4232a", dark: "#ff7b72" };
const GREEN: Shade = Shade { light: "#1a7a4c", dark: "#56c98d" };
const ORANGE: Shade = Shade { light: "#a84f00", dark: "#ffa657" };
const BLUE: Shade = Shade { light: "#0b62a4", dark: "#6cb6ff" };

impl MarketColours {
    /// The identifier of the line that tells the colours.
    pub(crate) const fn legend(self) -> &'static str {
        match self {
            MarketColours::RedUp => "legend-red-up",
            MarketColours::GreenUp => "legend-green-up",
            MarketColours::ColourBlind => "legend-colour-blind",
        }
    }

    /// Up and down.
    pub(crate) const fn shades(self) -> (Shade, Shade) {
        match self {
            MarketColours::RedUp => (RED, GREEN),
            MarketColours::GreenUp => (GREEN, RED),
            MarketColours::ColourBlind => (ORANGE, BLUE),
        }
    }
}

/// A colour of a scheme in steps towards its full strength, each with the ink of text on it: the
/// colour mixed with the paper.
pub(crate) fn steps(colour: &str, scheme: Scheme) -> [(String, &'static str); STEPS] {
    let (paper, mixed, inks) = match scheme {
        Scheme::Light => (LIGHT_PAPER, [13, 28, 46, 68, 100], [DARK_INK, LIGHT_INK]),
        Scheme::Dark => (DARK_PAPER, [18, 30, 42, 56, 100], [DARK_INK, LIGHT_INK]),
    };
    mixed.map(|parts| {
        let mix = |at: usize| {
            let (of, with) = (channel(colour, at), channel(paper, at));
            (of * parts + with * (100 - parts) + 50) / 100
        };
        let fill = format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2));
        let [dark, light] = inks;
        let ink = if contrast(&fill, dark) >= contrast(&fill, light) { dark } else { light };
        (fill, ink)
    })
}

/// Whether a page is read on light or on dark paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// The papers and inks of the page's style.
const LIGHT_PAPER: &str = "#fbfaf7";
const DARK_PAPER: &str = "#16181b";
const DARK_INK: &str = "#1d1c1a";
const LIGHT_INK: &str = "#fbfaf7";

/// Red, green or blue of `#rrggbb`, 0 to 255.
fn channel(colour: &str, at: usize) -> u32 {
    let digits = colour.get(1 + 2 * at..3 + 2 * at).unwrap_or_default();
    u32::from_str_radix(digits, 16).unwrap_or(0)
}

/// How much two colours differ in lightness, 1 to 21: text needs 4.5.
fn contrast(one: &str, other: &str) -> f64 {
    let linear = |at: usize, colour: &str| {
        let part = f64::from(channel(colour, at)) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let light = |colour: &str| {
        0.2126 * linear(0, colour) + 0.7152 * linear(1, colour) + 0.0722 * linear(2, colour)
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_every_step_of_every_colour_is_legible_and_no_two_steps_are_alike() {
        for shade in [RED, GREEN, ORANGE, BLUE] {
            for (colour, scheme) in [(shade.light, Scheme::Light), (shade.dark, Scheme::Dark)] {
                let steps = steps(colour, scheme);
                for (fill, ink) in &steps {
                    let contrast = contrast(fill, ink);
                    assert!(contrast >= 4.5, "{ink} on {fill} of {colour}: {contrast:.2}");
                }
                for two in steps.windows(2) {
                    let contrast = contrast(&two[0].0, &two[1].0);
                    assert!(contrast >= 1.15, "{two:?}: {contrast:.2}");
                }
                assert_eq!(steps[STEPS - 1].0, colour);
            }
        }
    }

    /// The steps are mixed with the papers that the page has.
    #[test]
    fn papers_are_those_of_the_style() {
        let style = include_str!("../assets/brief.css");
        for (paper, ink) in [(LIGHT_PAPER, DARK_INK), (DARK_PAPER, "#e9e6df")] {
            assert!(style.contains(&format!("--paper:{paper};")), "{paper}");
            assert!(style.contains(&format!("--ink:{ink};")), "{ink}");
        }
    }
}
