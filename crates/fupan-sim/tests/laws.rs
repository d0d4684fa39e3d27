//! What must hold of every simulated market, and what must occur in the default one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fupan_market::{
    Board, Calendar, LimitBasis, MarketHistory, PriceLimit, RiskWarning, Rulebook, SecurityDay,
    SecurityFold, SecurityHistory, SessionDate, Symbol, Touch,
};
use fupan_sim::{Intent, MarketPlan, SimulatedMarket, Truth};
use proptest::prelude::*;

static DEFAULT: LazyLock<SimulatedMarket> =
    LazyLock::new(|| SimulatedMarket::generate(&MarketPlan::default()));

fn small(seed: u64, securities: u32, sessions: u32) -> SimulatedMarket {
    let plan = MarketPlan { seed, securities, sessions, ..MarketPlan::default() };
    SimulatedMarket::generate(&plan)
}

/// The security's days as the market crate folds them.
fn days(security: &SecurityHistory, from: SessionDate) -> Vec<SecurityDay> {
    let (rulebook, calendar) = (Rulebook::builtin(), Calendar::builtin());
    let mut fold = SecurityFold::new(rulebook, &security.listing, security.board, from);
    let mut days = Vec::new();
    for bar in &security.bars {
        let number = calendar.number(bar.session);
        let day = fold.day(bar, number.unwrap_or_else(|error| panic!("{error}")));
        fold.close(&day);
        days.push(day);
    }
    days
}

fn truth_by_symbol(market: &SimulatedMarket) -> BTreeMap<Symbol, Vec<(SessionDate, Truth)>> {
    let mut truth: BTreeMap<Symbol, Vec<_>> = BTreeMap::new();
    for (session, symbol, meant) in market.truth() {
        truth.entry(symbol).or_default().push((session, meant));
    }
    truth
}

/// Every law of one day, checked against what was meant.
fn check_day(day: &SecurityDay, meant: Truth) -> Result<(), String> {
    let law = |holds: bool, what: &str| {
        if holds { Ok(()) } else { Err(format!("{what}: {meant:?} {day:?}")) }
    };
    let Some(traded) = day.traded else {
        return law(meant.intent == Intent::Suspended, "no trade");
    };
    law(meant.intent != Intent::Suspended, "trade")?;
    law(traded.low <= traded.open.min(traded.last), "low")?;
    law(traded.high >= traded.open.max(traded.last), "high")?;
    let prices = [traded.open, traded.high, traded.low, traded.last];
    law(prices.iter().all(|price| price.fen().is_some_and(|fen| fen > 0)), "ticks of one fen")?;
    let shares = i128::from(traded.volume);
    let fen = i128::from(traded.turnover.fen.0);
    law(shares > 0, "volume")?;
    law(fen >= shares * i128::from(traded.low.units()) / 100, "turnover against low")?;
    law(fen <= shares * i128::from(traded.high.units()) / 100, "turnover against high")?;
    law(day.limit_basis == LimitBasis::Rules, "limit by rules")?;
    match day.limit {
        PriceLimit::Unlimited(_) => law(meant.intent == Intent::Unlimited, "unlimited"),
        PriceLimit::Unknown(_) => law(false, "known limit"),
        PriceLimit::Limited { up, down } => {
            law(down <= traded.low && traded.high <= up, "inside the limit")?;
            let touch = |sealed, broken| match (sealed, broken) {
                (true, _) => Some(Touch::Sealed),
                (_, true) => Some(Touch::Broken),
                _ => Some(Touch::None),
            };
            let intent = meant.intent;
            law(intent != Intent::Unlimited, "limited")?;
            law(day.limit_up_touch() == touch(intent.seals_up(), intent.breaks_up()), "up")?;
            law(
                day.limit_down_touch() == touch(intent.seals_down(), intent.breaks_down()),
                "down",
            )?;
            let shape = match intent {
                Intent::LimitUpOnePrice => prices == [up; 4],
                Intent::LimitUpTShaped => traded.open == up && traded.low < up,
                Intent::LimitUpClimb => traded.open < up && traded.low > down,
                Intent::LimitDownOnePrice => prices == [down; 4],
                Intent::FloorToCeiling => traded.low == down && traded.last == up,
                Intent::CeilingToFloor => traded.high == up && traded.last == down,
                _ => true,
            };
            law(shape, "shape")
        }
    }
}

fn check_market(market: &SimulatedMarket) -> Result<(), String> {
    let history = market.history(u32::MAX - 1);
    let truth = truth_by_symbol(market);
    for security in &history.securities {
        let meant = &truth[&security.listing.symbol];
        let days = days(security, history.from);
        if days.len() != meant.len() {
            return Err(format!("{} days, {} meant", days.len(), meant.len()));
        }
        let mut settled = false;
        for (day, (session, meant)) in days.iter().zip(meant) {
            if day.session != *session {
                return Err(format!("{session} is not {}", day.session));
            }
            check_day(day, *meant)?;
            settled |= day.traded.is_some() && !meant.intent.seals_up();
            match day.limit_up_streak() {
                Some(streak) if streak == meant.limit_up_streak => {}
                // Nobody knows what a streak brought along from before the window.
                None if !settled => {}
                _ => return Err(format!("streak: {meant:?} {day:?}")),
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_market_obeys_the_rulebook_and_its_own_truth(
        seed: u64, securities in 1_u32..120, sessions in 1_u32..320,
    ) {
        let market = small(seed, securities, sessions);
        prop_assert_eq!(check_market(&market), Ok(()));
    }
}

#[test]
fn the_default_market_obeys_the_rulebook_and_its_own_truth() {
    assert_eq!(check_market(&DEFAULT), Ok(()));
}

#[test]
fn a_plan_gives_the_same_market_every_time() {
    assert_eq!(small(1, 200, 120).digest(), small(1, 200, 120).digest());
    assert_ne!(small(1, 200, 120).digest(), small(2, 200, 120).digest());
}

/// Changes only where the simulation is meant to change: sample briefs change with it.
#[test]
fn the_default_market_is_pinned() {
    assert_eq!(
        DEFAULT.digest(),
        "2a4bd553eeff1ae5af4ecdbe2863aee9416d6913ae893e67a2dee7a7b6d879d5"
    );
}

#[test]
fn boards_have_their_proportions() {
    let history = DEFAULT.history(0);
    let mut boards: BTreeMap<Board, usize> = BTreeMap::new();
    for security in &history.securities {
        *boards.entry(security.board).or_default() += 1;
    }
    for (board, about) in
        [(Board::Main, 3_200), (Board::ChiNext, 1_390), (Board::Star, 600), (Board::Bse, 300)]
    {
        let count = boards[&board];
        assert!(count.abs_diff(about) * 20 < about, "{board:?}: {count}");
    }
    let warned = history
        .securities
        .iter()
        .filter(|s| s.listing.status_on(history.session).risk_warning == RiskWarning::Yes)
        .count();
    assert!((100..=180).contains(&warned), "{warned}");
}

#[test]
fn every_name_is_marked_as_simulated() {
    let history = DEFAULT.history(299);
    let names = history.securities.iter().flat_map(|s| &s.listing.names);
    assert!(names.into_iter().all(|name| name.name.contains("模拟")));
    let distinct: BTreeSet<&str> =
        history.securities.iter().filter_map(|s| s.listing.name_on(history.session)).collect();
    // The security that changed its code keeps its name.
    assert_eq!(distinct.len() + 1, history.securities.len());
}

#[test]
fn every_shape_occurs() {
    let intents = DEFAULT.intents(None);
    for intent in Intent::ALL {
        assert!(intents.get(&intent).is_some_and(|n| *n >= 10), "{intent:?}: {intents:?}");
    }
}

#[test]
fn streaks_reach_eight_and_ladders_thin_out() {
    let mut ladder: BTreeMap<u16, u32> = BTreeMap::new();
    for (_, _, truth) in DEFAULT.truth().filter(|(_, _, truth)| truth.intent.seals_up()) {
        *ladder.entry(truth.limit_up_streak).or_default() += 1;
    }
    assert_eq!(ladder.keys().copied().max(), Some(8));
    let counts: Vec<u32> = ladder.into_values().collect();
    assert!(counts.windows(2).all(|pair| pair[0] > pair[1]), "{counts:?}");
}

/// Whether some security's consecutive days satisfy a predicate.
fn occurs(
    history: &MarketHistory,
    found: impl Fn(&SecurityHistory, &[SecurityDay]) -> bool,
) -> bool {
    history.securities.iter().any(|security| found(security, &days(security, history.from)))
}

#[test]
fn every_event_occurs() {
    let history = DEFAULT.history(299);
    assert!(
        occurs(&history, |_, days| {
            days.windows(2).any(|w| {
                let widened = [w[0].status.risk_warning, w[1].status.risk_warning];
                widened == [RiskWarning::No, RiskWarning::Yes]
                    && band(&w[0]) == 10
                    && band(&w[1]) == 5
            })
        }),
        "becomes ST, with a narrower band that day"
    );
    assert!(
        occurs(&history, |_, days| {
            days.windows(2).any(|w| {
                let left = [w[0].status.risk_warning, w[1].status.risk_warning];
                left == [RiskWarning::Yes, RiskWarning::No]
            })
        }),
        "leaves ST"
    );
    assert!(
        occurs(&history, |security, days| {
            let first =
                days.iter().take_while(|d| matches!(d.limit, PriceLimit::Unlimited(_))).count();
            first == if security.board == Board::Bse { 1 } else { 5 } && days.len() > first
        }),
        "lists inside the window"
    );
    assert!(
        occurs(&history, |_, days| {
            days.windows(3).any(|w| {
                w[0].limit_up_streak() >= Some(3)
                    && w[1].traded.is_none()
                    && w[2].limit_up_streak() > w[0].limit_up_streak()
            })
        }),
        "a streak goes on behind a halt"
    );
    assert!(
        occurs(&history, |_, days| {
            days.windows(2).any(|w| {
                let last = w[0].traded.map(|t| t.last);
                last.is_some() && w[1].prev_close < last
            })
        }),
        "an ex-rights day"
    );
    assert!(
        occurs(&history, |security, days| {
            security.listing.delisted_on == days.last().map(|d| d.session)
                && days.last().is_some_and(|d| d.status.delisting_since.is_some())
        }),
        "a delisting period to its end"
    );
}

/// The limit-up distance in whole percent.
fn band(day: &SecurityDay) -> i64 {
    match (day.limit, day.prev_close) {
        (PriceLimit::Limited { up, .. }, Some(prev)) => {
            ((up.units() - prev.units()) * 100 + prev.units() / 2) / prev.units()
        }
        _ => 0,
    }
}

#[test]
fn one_code_changes_and_its_price_goes_on() {
    let history = DEFAULT.history(299);
    let ended: Vec<&SecurityHistory> = history
        .securities
        .iter()
        .filter(|s| s.listing.delisted_on.is_some())
        .filter(|s| s.listing.name_on(history.session).is_some_and(|n| !n.contains('退')))
        .collect();
    assert_eq!(ended.len(), 1);
    let new: Symbol = "302001.SZ".parse().unwrap();
    let new = history.securities.iter().find(|s| s.listing.symbol == new).unwrap();
    let (last, first) = (ended[0].bars.last().unwrap(), new.bars.first().unwrap());
    assert_eq!(last.traded.map(|t| t.last), first.prev_close);
    assert_eq!(
        Calendar::builtin().number(first.session),
        Ok(1 + Calendar::builtin().number(last.session).unwrap())
    );
    assert_eq!(new.listing.listed_on, ended[0].listing.listed_on);
}

#[test]
fn the_last_session_diverges() {
    let history = DEFAULT.history(1);
    let mut returns: Vec<i64> = Vec::new();
    let mut turnover = [0_i64; 2];
    for security in &history.securities {
        let all = days(security, history.from);
        for day in &all {
            let place = usize::from(day.session == history.session);
            turnover[place] += day.traded.map_or(0, |t| t.turnover.fen.0);
        }
        let today = all.iter().find(|day| day.session == history.session);
        returns.extend(today.and_then(SecurityDay::day_return).map(|r| r.0));
    }
    returns.sort_unstable();
    let advances = returns.iter().filter(|r| **r > 0).count();
    assert!(advances * 2 < returns.len(), "{advances} advances");
    assert!(returns[returns.len() / 2] < -2_000_000);
    assert!(turnover[1] > turnover[0], "{turnover:?}");
    let chinext: Symbol = "399006.SZ".parse().unwrap();
    let index = history.indices.iter().find(|i| i.symbol == chinext).unwrap();
    let [.., before, last] = index.bars.as_slice() else { panic!("two sessions") };
    let gain = fupan_market::Return::between(before.close, last.close).unwrap();
    assert!((5_000_000..20_000_000).contains(&gain.0), "{gain:?}");
    let intents = DEFAULT.intents(Some(history.session));
    let sealed: u64 = intents.iter().filter(|(i, _)| i.seals_up()).map(|(_, n)| n).sum();
    assert!((60..=90).contains(&sealed), "{sealed}");
    let highest = DEFAULT
        .truth()
        .filter(|(session, _, truth)| *session == history.session && truth.intent.seals_up())
        .map(|(_, _, truth)| truth.limit_up_streak)
        .max();
    assert_eq!(highest, Some(6));
}

/// A market of decades: the rules of each date hold, boards open in time, securities are listed all
/// along and under the rules of their day, dividends come every year.
#[test]
fn a_market_of_decades_grows() {
    let plan = MarketPlan {
        seed: 5,
        securities: 160,
        sessions: 3_600,
        last_session: "2024-12-31".parse().unwrap(),
        ..MarketPlan::default()
    };
    let market = SimulatedMarket::generate(&plan);
    assert_eq!(check_market(&market), Ok(()));
    let history = market.history(3_599);
    let renamed: Symbol = "302001.SZ".parse().unwrap();
    let (mut listed_inside, mut by_issue_price, mut ex_rights) = (0, 0, BTreeSet::new());
    let mut first_of_board: BTreeMap<&str, SessionDate> = BTreeMap::new();
    for security in &history.securities {
        let all = days(security, history.from);
        let first = &all[0];
        let of_board = first_of_board.entry(security.board.id()).or_insert(first.session);
        *of_board = (*of_board).min(first.session);
        if first.session > history.from && security.listing.symbol != renamed {
            listed_inside += 1;
            assert_eq!(security.listing.listed_on, Some(first.session));
            by_issue_price += u32::from(matches!(first.limit, PriceLimit::Limited { .. }));
        }
        let went_ex = |pair: &&[SecurityDay]| {
            let last = pair[0].traded.map(|traded| traded.last);
            last.is_some() && pair[1].traded.is_some() && pair[1].prev_close < last
        };
        let years = all.windows(2).filter(went_ex).map(|pair| pair[1].session.date().year());
        ex_rights.extend(years);
    }
    let board = |id: &str| first_of_board[id].to_string();
    assert_eq!(board("main"), history.from.to_string());
    assert_eq!((board("star"), board("bse")), ("2019-07-22".to_owned(), "2021-11-15".to_owned()));
    assert!(listed_inside > 40 && by_issue_price > 3, "{listed_inside} {by_issue_price}");
    assert!((2011..=2024).all(|year| ex_rights.contains(&year)), "{ex_rights:?}");
}
