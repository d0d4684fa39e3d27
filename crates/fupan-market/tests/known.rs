//! What is known of a day only by other means than its own row: a status by names of other dates,
//! a turnover by prices and volume.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use fupan_market::{
    Listing, NameOn, Price, RiskWarning, SessionDate, StatusBasis, Turnover, TurnoverBasis,
};

fn on(date: &str) -> SessionDate {
    date.parse().unwrap()
}

fn fen(fen: i64) -> Price {
    Price::from_fen(fen).unwrap()
}

/// Names bracket the dates between them where they are a year apart, and not from a day more on.
#[test]
fn names_bracket_a_year_at_most() {
    for (last, basis) in [
        ("2025-02-12", StatusBasis::Bracketed),
        ("2025-02-13", StatusBasis::NearestName),
        ("2026-02-12", StatusBasis::NearestName),
    ] {
        let names =
            ["2024-02-12", last].map(|date| NameOn { on: on(date), name: "ST甲".to_owned() });
        let listing =
            Listing { names: names.to_vec(), ..Listing::unknown("600589.SH".parse().unwrap()) };
        let status = listing.status_on(on("2024-08-12"));
        assert_eq!(status.basis, basis, "{last}");
        let known = basis == StatusBasis::Bracketed;
        let warning = if known { RiskWarning::Yes } else { RiskWarning::Unknown };
        assert_eq!((status.risk_warning, status.nearest_risk_warning), (warning, RiskWarning::Yes));
    }
}

/// Volume times the mean of all four prices, rounded down to the fen.
#[test]
fn an_estimate_takes_each_of_the_four_prices() {
    let estimate = |volume, [open, high, low, last]: [i64; 4]| {
        let turnover = Turnover::estimated(volume, fen(open), fen(high), fen(low), fen(last));
        assert_eq!(turnover.basis, TurnoverBasis::Estimated);
        turnover.fen.0
    };
    assert_eq!(estimate(100, [1_000, 1_100, 900, 1_040]), 101_000);
    // Each price by itself moves it by a quarter.
    assert_eq!(estimate(100, [1_004, 1_100, 900, 1_040]), 101_100);
    assert_eq!(estimate(100, [1_000, 1_104, 900, 1_040]), 101_100);
    assert_eq!(estimate(100, [1_000, 1_100, 904, 1_040]), 101_100);
    assert_eq!(estimate(100, [1_000, 1_100, 900, 1_044]), 101_100);
    assert_eq!(estimate(1, [1_000, 1_003, 1_000, 1_000]), 1_000, "rounded down");
    // Also where volume times the sum of prices needs more than 64 bits.
    let wide = estimate(50_000_000_000, [100_000, 300_000, 100_000, 300_000]);
    assert_eq!(wide, 50_000_000_000 * 200_000);
}
