//! What is known of a day only by other means than its own row: a status by names of other dates,
//! a turnover by prices and volume, share capital by dates nearby, a cluster by earlier days.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use fupan_market::{
    Board, Calendar, DailyBar, Fen, Listing, NameOn, Price, RiskWarning, Rulebook, SecurityFold,
    SessionDate, Shares, StatusBasis, Traded, Turnover, TurnoverBasis,
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
    let wide = estimate(500_000_000_000, [100_000, 300_000, 100_000, 300_000]);
    assert_eq!(wide, 500_000_000_000 * 200_000);
}

fn listed(name: &str) -> Listing {
    let names = vec![NameOn { on: on("2026-02-02"), name: name.to_owned() }];
    let listed_on = Some(on("2015-01-05"));
    Listing { names, listed_on, ..Listing::unknown("600589.SH".parse().unwrap()) }
}

fn bar(session: SessionDate, prev_close: i64, last: i64) -> DailyBar {
    let (price, fen) = (fen(last), Fen(last * 100));
    let turnover = Turnover { fen, basis: TurnoverBasis::Reported };
    let traded =
        Traded { open: price, high: price, low: price, last: price, volume: 100, turnover };
    let prev_close = Some(Price::from_fen(prev_close).unwrap());
    DailyBar { session, prev_close, traded: Some(traded) }
}

/// Share capital is that of the last date up to the session, else of the first after it.
#[test]
fn share_capital_is_of_the_last_date_on_or_before_the_session() {
    let listing = listed("甲");
    let first = on("2026-02-02");
    let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, first);
    let dates = ["2026-02-04", "2026-02-06", "2026-02-09"];
    let observed: Vec<Shares> = (1..)
        .zip(dates)
        .map(|(n, date)| Shares { total: 100 * n, float: 10 * n, on: on(date) })
        .collect();
    fold.know_shares(&observed);
    let calendar = Calendar::builtin();
    for (date, expected) in [
        ("2026-02-03", 0),
        ("2026-02-04", 0),
        ("2026-02-05", 0),
        ("2026-02-06", 1),
        ("2026-02-09", 2),
        ("2026-02-10", 2),
    ] {
        let day = fold.day(&bar(on(date), 1_000, 1_000), calendar.number(on(date)).unwrap());
        assert_eq!(day.shares, Some(observed[expected]), "{date}");
    }
}

/// A cluster runs from its first board, however many boards follow.
#[test]
fn a_cluster_is_counted_from_its_first_board() {
    let listing = listed("甲");
    let calendar = Calendar::builtin();
    let first = calendar.number(on("2026-02-02")).unwrap();
    let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, on("2026-02-02"));
    // What ran before the data begin is over after four days that are not sealed; then sealed, not
    // sealed, sealed, not sealed, sealed.
    let closes = [1_000, 1_000, 1_000, 1_000, 1_000, 1_100, 1_110, 1_221, 1_222, 1_344];
    let mut found = Vec::new();
    for (number, two) in (first..).zip(closes.windows(2)) {
        let day = fold.day(&bar(calendar.session(number).unwrap(), two[0], two[1]), number);
        if number < first + 4 {
            fold.close(&day);
            continue;
        }
        let cluster = day.limit_up_cluster().unwrap();
        let days = number + 1 - cluster.first_session;
        found.push((days, cluster.boards, number - cluster.last_sealed_session));
        fold.close(&day);
    }
    assert_eq!(found, [(1, 1, 0), (2, 1, 1), (3, 2, 0), (4, 2, 1), (5, 3, 0)]);
}
