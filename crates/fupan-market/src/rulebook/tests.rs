//! Dated test vectors and the law of rounding.

use super::*;
use crate::StatusBasis;

fn on(date: &str) -> SessionDate {
    date.parse().unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn plain() -> Status {
    Status {
        risk_warning: RiskWarning::No,
        nearest_risk_warning: RiskWarning::No,
        s_share: false,
        delisting_since: None,
        basis: StatusBasis::Observed,
    }
}

fn warned() -> Status {
    Status { risk_warning: RiskWarning::Yes, nearest_risk_warning: RiskWarning::Yes, ..plain() }
}

fn s_share() -> Status {
    Status { s_share: true, ..plain() }
}

fn delisting(since: &str) -> Status {
    Status { delisting_since: Some(on(since)), ..plain() }
}

/// The limit of a security listed long ago or on `listed_on`.
fn limit(
    board: Board,
    listed_on: Option<&str>,
    status: &Status,
    session: &str,
    prev: &str,
) -> PriceLimit {
    let listed_on = listed_on.map(on);
    let rules = Rulebook::builtin();
    rules.price_limit(None, board, listed_on, status, on(session), Some(price(prev)))
}

fn between(up: &str, down: &str) -> PriceLimit {
    PriceLimit::Limited { up: price(up), down: price(down) }
}

const NEW: PriceLimit = PriceLimit::Unlimited(Unlimited::NewListing);
const DELISTING: PriceLimit = PriceLimit::Unlimited(Unlimited::DelistingPeriod);
const NOT_MODELLED: PriceLimit = PriceLimit::Unknown(Unknown::NotModelled);

#[test]
fn builtin_is_well_formed() {
    let version = Rulebook::builtin().version().0;
    assert!(version.starts_with("2026-11-21-"), "{version}");
}

#[test]
fn the_version_changes_with_the_text() {
    let text = include_str!("../rules.toml");
    let ours = load::rulebook(text).unwrap().version;
    assert_eq!(ours, Rulebook::builtin().version().0);
    let changed = text.replacen("percent = 10", "percent = 11", 1);
    assert_ne!(load::rulebook(&changed).unwrap().version, ours);
}

#[test]
fn contradicting_or_unreadable_rules_are_refused() {
    let text = include_str!("../rules.toml");
    for (good, bad) in [
        ("until = \"2026-07-05\"\n", "until = \"2026-07-06\"\n"),
        ("until = \"2026-07-05\"\n", "\n"),
        ("until = \"1996-12-15\"", "until = \"1992-05-20\""),
        ("confidence = \"high\"", ""),
        ("confidence = \"high\"", "confidence = \"hearsay\""),
        ("statuses = [\"plain\", \"delisting\"]", "statuses = [\"plian\"]"),
    ] {
        assert!(text.contains(good), "{good}");
        assert!(load::rulebook(&text.replacen(good, bad, 1)).is_err(), "{bad}");
    }
}

/// The built-in rules with one place of their text changed.
fn changed(from: &str, to: &str) -> Result<Rulebook, String> {
    let text = include_str!("../rules.toml");
    assert!(text.contains(from), "{from}");
    Rulebook::from_toml(&text.replacen(from, to, 1))
}

#[test]
fn a_band_lies_between_nothing_and_the_whole_price() {
    for percent in ["percent = 0", "percent = 100", "percent = 255"] {
        let error = changed("percent = 10", percent).unwrap_err();
        assert!(error.contains("is none"), "{error}");
    }
    changed("percent = 10", "percent = 99").unwrap();
}

#[test]
fn any_number_of_first_sessions_has_an_answer() {
    for sessions in [0, 1 << 30, i32::MAX as u32, u32::MAX] {
        let rules = changed("sessions = 5", &format!("sessions = {sessions}")).unwrap();
        let (listed_on, session) = (Some(on("2023-04-10")), on("2026-11-20"));
        let limit = rules.price_limit(
            None,
            Board::Main,
            listed_on,
            &plain(),
            session,
            Some(price("10.00")),
        );
        assert_eq!(limit == NEW, sessions > 1_000, "{sessions}");
    }
}

#[test]
fn bands_by_board_status_and_date() {
    use Board::*;
    let (plain, warned, s_share) = (plain(), warned(), s_share());
    let both = Status { s_share: true, ..warned };
    for (board, status, session, up, down) in [
        (Main, plain, "1996-12-16", "11.00", "9.00"),
        (Main, plain, "2026-08-21", "11.00", "9.00"),
        (Main, warned, "1998-04-21", "11.00", "9.00"),
        (Main, warned, "1998-04-22", "10.50", "9.50"),
        (Main, warned, "2026-07-03", "10.50", "9.50"),
        (Main, warned, "2026-07-06", "11.00", "9.00"),
        (Main, s_share, "2007-01-05", "11.00", "9.00"),
        (Main, s_share, "2007-01-08", "10.50", "9.50"),
        (Main, s_share, "2026-07-10", "10.50", "9.50"),
        (Main, both, "2006-12-29", "10.50", "9.50"),
        (Main, both, "2026-07-10", "10.50", "9.50"),
        (ChiNext, plain, "2020-08-21", "11.00", "9.00"),
        (ChiNext, plain, "2020-08-24", "12.00", "8.00"),
        (ChiNext, warned, "2020-08-21", "11.00", "9.00"),
        (ChiNext, warned, "2020-08-24", "12.00", "8.00"),
        (Star, plain, "2019-07-29", "12.00", "8.00"),
        (Star, warned, "2026-07-03", "12.00", "8.00"),
        (Board::Bse, plain, "2021-11-15", "13.00", "7.00"),
        (Board::Bse, warned, "2026-07-06", "13.00", "7.00"),
    ] {
        let limit = limit(board, None, &status, session, "10.00");
        assert_eq!(limit, between(up, down), "{board:?} {session} {status:?}");
    }
}

#[test]
fn before_the_rules_nothing_is_guessed() {
    let plain = plain();
    let before = PriceLimit::Unlimited(Unlimited::BeforeLimits);
    for (board, session, expected) in [
        (Board::Main, "1992-05-20", NOT_MODELLED),
        (Board::Main, "1992-05-21", before),
        (Board::Main, "1996-12-13", before),
        (Board::ChiNext, "2009-10-29", NOT_MODELLED),
        (Board::Star, "2019-07-19", NOT_MODELLED),
        (Board::Bse, "2021-11-12", NOT_MODELLED),
    ] {
        assert_eq!(limit(board, None, &plain, session, "10.00"), expected, "{board:?} {session}");
    }
}

#[test]
fn an_unknown_risk_warning_matters_only_where_the_bands_differ() {
    let unknown = Status { risk_warning: RiskWarning::Unknown, ..plain() };
    let no_status = PriceLimit::Unknown(Unknown::NoStatus);
    assert_eq!(limit(Board::Main, None, &unknown, "2026-07-03", "10.00"), no_status);
    assert_eq!(limit(Board::Main, None, &unknown, "2026-07-06", "10.00"), between("11.00", "9.00"));
    assert_eq!(limit(Board::Star, None, &unknown, "2026-07-03", "10.00"), between("12.00", "8.00"));
    let s_share = Status { s_share: true, ..unknown };
    assert_eq!(limit(Board::Main, None, &s_share, "2026-07-03", "10.00"), between("10.50", "9.50"));
}

#[test]
fn a_missing_reference_price_is_unknown_where_a_limit_would_rest_on_it() {
    let first = limit(Board::Star, Some("2026-02-12"), &plain(), "2026-02-12", "0.00");
    assert_eq!(first, NEW);
    let later = limit(Board::Star, Some("2026-01-12"), &plain(), "2026-02-12", "0.00");
    assert_eq!(later, PriceLimit::Unknown(Unknown::NoPrevClose));
    let issued = limit(Board::Main, Some("2017-03-01"), &plain(), "2017-03-01", "0.00");
    assert_eq!(issued, PriceLimit::Unknown(Unknown::NoIssuePrice));
}

#[test]
fn first_sessions_are_counted_by_the_calendar() {
    use Board::*;
    // 2023-04-10 is a Monday; 2026-02-12 lies two sessions before the spring festival.
    for (board, listed_on, session, expected) in [
        (Main, "2013-12-31", "2013-12-31", NEW),
        (Main, "2014-01-17", "2014-01-17", between("14.40", "6.40")),
        (Main, "2014-01-17", "2014-01-20", between("11.00", "9.00")),
        (Main, "2023-04-07", "2023-04-07", between("14.40", "6.40")),
        (Main, "2023-04-07", "2023-04-10", between("11.00", "9.00")),
        (Main, "2023-04-10", "2023-04-10", NEW),
        (Main, "2023-04-10", "2023-04-14", NEW),
        (Main, "2023-04-10", "2023-04-17", between("11.00", "9.00")),
        (Main, "2026-02-12", "2026-02-26", NEW),
        (Main, "2026-02-12", "2026-02-27", between("11.00", "9.00")),
        (ChiNext, "2020-08-21", "2020-08-21", between("14.40", "6.40")),
        (ChiNext, "2020-08-21", "2020-08-24", between("12.00", "8.00")),
        (ChiNext, "2020-08-24", "2020-08-28", NEW),
        (ChiNext, "2020-08-24", "2020-08-31", between("12.00", "8.00")),
        (ChiNext, "2009-10-30", "2009-10-30", NEW),
        (ChiNext, "2009-10-30", "2009-11-02", between("11.00", "9.00")),
        (Star, "2019-07-22", "2019-07-26", NEW),
        (Star, "2019-07-22", "2019-07-29", between("12.00", "8.00")),
        (Board::Bse, "2021-11-15", "2021-11-15", NEW),
        (Board::Bse, "2021-11-15", "2021-11-16", between("13.00", "7.00")),
        (Board::Bse, "2022-03-01", "2022-02-28", NOT_MODELLED),
        (Main, "2023-04-08", "2023-04-14", between("11.00", "9.00")),
    ] {
        let limit = limit(board, Some(listed_on), &plain(), session, "10.00");
        assert_eq!(limit, expected, "{board:?} listed {listed_on} on {session}");
    }
}

#[test]
fn the_first_day_hangs_on_the_issue_price() {
    let rules = Rulebook::builtin();
    let day = on("2015-06-26");
    let limit = |issue_price: &str| {
        let (issued, prev) = (Some(price(issue_price)), price("20.00"));
        rules.price_limit(issued, Board::Main, Some(day), &plain(), day, Some(prev))
    };
    assert_eq!(limit("15.53"), between("22.36", "9.94"));
    assert_eq!(limit("0.00"), PriceLimit::Unknown(Unknown::NoIssuePrice));
}

#[test]
fn a_delisting_period_begins_without_a_limit_and_never_has_five_percent() {
    use Board::*;
    for (board, since, session, expected) in [
        (Main, "2021-01-04", "2021-01-04", DELISTING),
        (Main, "2021-01-04", "2021-01-05", between("11.00", "9.00")),
        (ChiNext, "2026-03-16", "2026-03-16", DELISTING),
        (ChiNext, "2026-03-16", "2026-03-17", between("12.00", "8.00")),
        (Star, "2026-03-16", "2026-03-17", between("12.00", "8.00")),
        (Board::Bse, "2026-03-16", "2026-03-17", between("13.00", "7.00")),
        (Main, "2020-12-30", "2020-12-30", between("11.00", "9.00")),
    ] {
        for risk_warning in [RiskWarning::No, RiskWarning::Yes, RiskWarning::Unknown] {
            let status = Status { risk_warning, ..delisting(since) };
            let limit = limit(board, None, &status, session, "10.00");
            assert_eq!(limit, expected, "{board:?} since {since} on {session}");
        }
    }
}

#[test]
fn the_first_day_of_delisting_precedes_everything() {
    let status = Status { s_share: true, ..delisting("2026-03-16") };
    let day = Some("2026-03-16");
    assert_eq!(limit(Board::Main, day, &status, "2026-03-16", "10.00"), DELISTING);
    assert_eq!(limit(Board::Main, day, &status, "2026-03-16", "0.00"), DELISTING);
}

#[test]
fn own_vectors() {
    for (percent, rounding, prev, up, down) in [
        (10, Rounding::HalfUp, "10.05", "11.06", "9.05"),
        (10, Rounding::HalfUp, "4.35", "4.79", "3.92"),
        (10, Rounding::HalfUp, "1.15", "1.27", "1.04"),
        (10, Rounding::HalfUp, "0.17", "0.19", "0.15"),
        (10, Rounding::HalfUp, "0.05", "0.06", "0.04"),
        (10, Rounding::HalfUp, "0.04", "0.05", "0.03"),
        (10, Rounding::HalfUp, "0.01", "0.02", "0.01"),
        (5, Rounding::HalfUp, "0.30", "0.32", "0.29"),
        (5, Rounding::HalfUp, "0.09", "0.10", "0.08"),
        (5, Rounding::HalfUp, "1.70", "1.79", "1.62"),
        (20, Rounding::HalfUp, "10.05", "12.06", "8.04"),
        (30, Rounding::Inward, "1.82", "2.36", "1.28"),
        (30, Rounding::Inward, "0.70", "0.91", "0.49"),
        (30, Rounding::Inward, "84.63", "110.01", "59.25"),
        (30, Rounding::Inward, "0.01", "0.01", "0.01"),
        (10, Rounding::HalfUp, "1900.00", "2090.00", "1710.00"),
    ] {
        let band = Band { percent, rounding };
        assert_eq!(band.limit(price(prev)), between(up, down), "{percent} % of {prev}");
    }
    let band = Band { percent: 30, rounding: Rounding::Inward };
    assert_eq!(band.limit(price("200000.00")), NOT_MODELLED);
}

#[test]
fn shared_vectors() {
    let Some(path) = crate::test_support::shared("rules/limit_vectors.csv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut checked = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.splitn(7, ',').collect();
        let [board, date, prev, percent, up, down, _] = fields.as_slice() else { panic!("{line}") };
        let (board, status) = match *board {
            "main" => (Board::Main, plain()),
            "main_st" => (Board::Main, warned()),
            "s_share" => (Board::Main, s_share()),
            "star_st" => (Board::Star, warned()),
            "chinext" => (Board::ChiNext, plain()),
            "chinext_st" => (Board::ChiNext, warned()),
            "bse" => (Board::Bse, plain()),
            other => panic!("{other}"),
        };
        let percent: u8 = percent.trim_start_matches('.').parse().unwrap();
        let expected = between(up, down);
        let rounding = match board {
            Board::Bse => Rounding::Inward,
            _ => Rounding::HalfUp,
        };
        assert_eq!(Band { percent, rounding }.limit(price(prev)), expected, "{line}");
        let dated = match date.len() {
            10 => (*date).to_owned(),
            7 => format!("{date}-01"),
            _ => String::new(),
        };
        if !dated.is_empty() {
            assert_eq!(limit(board, None, &status, &dated, prev), expected, "{line}");
        }
        checked += 1;
    }
    assert_eq!(checked, 26);
}

/// The law, written independently of the code. Among whole ticks `p`, up is the one nearest to
/// `prev × (100 + percent) / 100`, the higher of two equally near, and above `prev`. Down is the
/// one nearest to `prev × (100 − percent) / 100`, the higher of two, below `prev`, and at least
/// one. In Beijing up is the largest and down the smallest tick inside the band.
#[test]
fn limits_of_every_previous_close_obey_the_law() {
    for percent in [5_u8, 10, 20, 30] {
        for prev in 1_i64..=30_000 {
            let wide = i128::from(percent);
            let (c, hundred) = (i128::from(prev), 100_i128);
            let nearest = |exact: i128| {
                let around = exact / hundred - 1..=exact / hundred + 2;
                around.rev().min_by_key(|p| (hundred * p - exact).abs()).unwrap()
            };
            let up = nearest(c * (hundred + wide)).max(c + 1);
            let down = nearest(c * (hundred - wide)).min(c - 1).max(1);
            let reference = Price::from_fen(prev).unwrap();
            let fen = |limit| match limit {
                PriceLimit::Limited { up, down } => (up.fen().unwrap(), down.fen().unwrap()),
                other => panic!("{other:?}"),
            };
            let found = fen(Band { percent, rounding: Rounding::HalfUp }.limit(reference));
            assert_eq!((i128::from(found.0), i128::from(found.1)), (up, down), "{percent} {prev}");
            let (up, down) = fen(Band { percent, rounding: Rounding::Inward }.limit(reference));
            let inside = |p: i64| (hundred * i128::from(p) - hundred * c).abs() <= wide * c;
            assert!(inside(up) && !inside(up + 1), "{percent} {prev}: {up}");
            assert!(inside(down) && (down == 1 || !inside(down - 1)), "{percent} {prev}: {down}");
        }
    }
}

#[test]
fn bands_can_be_asked_for_by_date() {
    let rules = Rulebook::builtin();
    let percent = |board, status: &Status, date| {
        rules.on(on(date)).band(board, status).map(|band| band.percent)
    };
    assert_eq!(percent(Board::Main, &warned(), "2026-07-03"), Some(5));
    assert_eq!(percent(Board::Main, &warned(), "2026-07-06"), Some(10));
    assert_eq!(percent(Board::Bse, &plain(), "2026-07-06"), Some(30));
    assert_eq!(percent(Board::Main, &plain(), "1995-07-06"), None);
    let unknown = Status { risk_warning: RiskWarning::Unknown, ..plain() };
    assert_eq!(percent(Board::Main, &unknown, "2026-07-03"), None);
    assert_eq!(percent(Board::Main, &unknown, "2026-07-06"), Some(10));
}

#[test]
fn renamed_codes_are_one_security() {
    let rules = Rulebook::builtin();
    let symbol = |text: &str| text.parse::<Symbol>().unwrap();
    for (asked, date, expected) in [
        ("300114.SZ", "2025-02-14", "300114.SZ"),
        ("300114.SZ", "2025-02-17", "302132.SZ"),
        ("302132.SZ", "2024-02-14", "300114.SZ"),
        ("302132.SZ", "2026-02-14", "302132.SZ"),
        ("601313.SH", "2018-02-27", "601313.SH"),
        ("601313.SH", "2018-02-28", "601360.SH"),
        ("600519.SH", "2026-02-14", "600519.SH"),
    ] {
        assert_eq!(rules.symbol_on(symbol(asked), on(date)), symbol(expected), "{asked} {date}");
    }
    for change in rules.codes().changes() {
        assert_eq!(change.old.board(), change.new.board());
        assert!(Calendar::builtin().is_session(change.on).unwrap());
    }
}

/// The SSE Composite's members before and after its revision of 2020-07-22.
#[test]
fn the_sse_composite_has_dated_members() {
    let is_member = |symbol: &str, on: &str, warned: bool, listed_on: Option<&str>| {
        let symbol: Symbol = symbol.parse().unwrap();
        let listed_on = listed_on.map(|on| on.parse().unwrap());
        let rules = Rulebook::builtin().on(on.parse().unwrap());
        rules.in_sse_composite(symbol, symbol.board().unwrap(), warned, listed_on)
    };
    for (symbol, on, warned, listed_on, expected) in [
        // Risk warning, and the STAR Market.
        ("600000.SH", "2020-07-21", true, None, true),
        ("600000.SH", "2020-07-22", true, None, false),
        ("688001.SH", "2020-07-21", false, Some("2019-07-22"), false),
        ("688001.SH", "2020-07-22", false, Some("2019-07-22"), true),
        ("689009.SH", "2021-10-28", false, Some("2020-10-29"), false),
        ("689009.SH", "2021-10-29", false, Some("2020-10-29"), true),
        // The eleventh session, then one year; a leap day's year ends on the day before.
        ("601000.SH", "2014-01-16", false, Some("2014-01-03"), false),
        ("601000.SH", "2014-01-17", false, Some("2014-01-03"), true),
        ("601000.SH", "2025-02-28", false, Some("2024-02-29"), true),
        ("601000.SH", "2025-02-27", false, Some("2024-02-29"), false),
        // A bar from before the listing, and other exchanges.
        ("601000.SH", "2014-01-02", false, Some("2014-01-03"), false),
        ("000001.SZ", "2026-02-12", false, None, false),
        ("920002.BJ", "2026-02-12", false, None, false),
    ] {
        let found = is_member(symbol, on, warned, listed_on);
        assert_eq!(found, expected, "{symbol} on {on}, warned {warned}, listed {listed_on:?}");
    }
}

/// An exchange's stated first session is where its rules begin.
#[test]
fn the_rules_of_beijing_begin_with_its_first_session() {
    let first = Exchange::Bse.first_session().unwrap();
    let before = SessionDate::from_epoch_days(first.epoch_days() - 1).unwrap();
    let has_band = |on| Rulebook::builtin().on(on).band(Board::Bse, &plain()).is_some();
    assert!(has_band(first) && !has_band(before));
    assert!(Exchange::Bse.is_open_in(first) && !Exchange::Bse.is_open_in(before));
    assert!(Exchange::Sse.is_open_in(before) && Exchange::Szse.first_session().is_none());
}
