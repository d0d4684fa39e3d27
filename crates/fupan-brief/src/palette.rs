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
