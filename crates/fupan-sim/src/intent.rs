//! The intent behind each simulated session of a security.

/// What the simulator intends a security's session to be, decided before any price is drawn.
///
/// The prices are then made to fit. So a test can check a measure against the intent without using
/// [`SecurityFold`](fupan_market::SecurityFold), which the measures are built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// No trade.
    Suspended,
    /// Trade without a price limit.
    Unlimited,
    /// Trade that reaches neither limit.
    Inside,
    /// Open, high, low and last at the limit-up price.
    LimitUpOnePrice,
    /// Open and last at the limit-up price, low below it.
    LimitUpTShaped,
    /// Opens below the limit-up price and ends at it, above the limit-down price throughout.
    LimitUpClimb,
    /// Reaches the limit-up price and ends below it, above the limit-down price throughout.
    LimitUpBroken,
    /// Open, high, low and last at the limit-down price.
    LimitDownOnePrice,
    /// Opens above the limit-down price and ends at it, below the limit-up price throughout.
    LimitDownSlide,
    /// Reaches the limit-down price and ends above it, below the limit-up price throughout.
    LimitDownReopened,
    /// From the limit-down price to the limit-up price.
    FloorToCeiling,
    /// From the limit-up price to the limit-down price.
    CeilingToFloor,
}

impl Intent {
    /// All intents.
    pub const ALL: [Intent; 12] = [
        Intent::Suspended,
        Intent::Unlimited,
        Intent::Inside,
        Intent::LimitUpOnePrice,
        Intent::LimitUpTShaped,
        Intent::LimitUpClimb,
        Intent::LimitUpBroken,
        Intent::LimitDownOnePrice,
        Intent::LimitDownSlide,
        Intent::LimitDownReopened,
        Intent::FloorToCeiling,
        Intent::CeilingToFloor,
    ];

    /// Whether the last price is the limit-up price.
    pub const fn seals_up(self) -> bool {
        matches!(
            self,
            Intent::LimitUpOnePrice
                | Intent::LimitUpTShaped
                | Intent::LimitUpClimb
                | Intent::FloorToCeiling
        )
    }

    /// Whether the last price is the limit-down price.
    pub const fn seals_down(self) -> bool {
        matches!(self, Intent::LimitDownOnePrice | Intent::LimitDownSlide | Intent::CeilingToFloor)
    }

    /// Whether the limit-up price is reached and left.
    pub const fn breaks_up(self) -> bool {
        matches!(self, Intent::LimitUpBroken | Intent::CeilingToFloor)
    }

    /// Whether the limit-down price is reached and left.
    pub const fn breaks_down(self) -> bool {
        matches!(self, Intent::LimitDownReopened | Intent::FloorToCeiling)
    }
}
