//! The laws that make batch, live and merged totals one and the same.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod market;

use fupan_market::{
    AdjustedPrice, Calendar, Carried, DailyBar, Extreme, Fen, Listing, MarketHistory, NameOn,
    PastPrices, Price, PriceLimit, Quote, Rulebook, SecurityDay, SecurityHistory, Shares, Span,
    Symbol, Traded, Turnover, TurnoverBasis, Unknown,
};
use fupan_measure::{Cell, IndexMoment, Live, Mark, PreOpen, Totals};
use market::{bar_day, fen, session};
use proptest::prelude::*;

/// A main-board style day without risk warning, between its open at `prev` and its last price.
fn day(symbol: &str, prev_fen: i64, last_fen: i64) -> SecurityDay {
    let (low, high) = (prev_fen.min(last_fen), prev_fen.max(last_fen));
    bar_day(symbol, "平安", Some(prev_fen), Some([prev_fen, high, low, last_fen]))
}

fn symbol() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "600000.SH",
        "600001.SH",
        "600002.SH",
        "600003.SH",
        "600004.SH",
        "688001.SH",
        "688002.SH",
        "000001.SZ",
        "000002.SZ",
        "300001.SZ",
        "300002.SZ",
        "300003.SZ",
        "920001.BJ",
        "920002.BJ",
        "601000.SH",
        "601001.SH",
        "601002.SH",
        "601003.SH",
        "002001.SZ",
        "002002.SZ",
        "301001.SZ",
    ])
}

/// A volume, at times one that makes turnover of billions.
fn volume() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 1_u64..1_000_000, 1 => 50_000_000_u64..3_000_000_000]
}

prop_compose! {
    fn any_day()(
        symbol in symbol(),
        warned in any::<bool>(),
        prev in prop::option::weighted(0.9, 100_i64..2000),
        traded in prop::bool::weighted(0.9),
        offsets in prop::array::uniform4(-320_i64..320),
        at_limit in 0_u8..6,
        volume in volume(),
        estimated in any::<bool>(),
        shares in prop::option::weighted(0.9, 1_u64..1_000_000),
        streak in prop::option::weighted(0.9, 0_u16..5),
        gap_sessions in 0_u16..2,
        close in prop::option::of(100_i64..2000),
        undetermined in prop::bool::weighted(0.1),
    ) -> SecurityDay {
        let base = prev.unwrap_or(1000);
        let prices = offsets.map(|offset| (base + base * offset / 1000).max(1));
        let name = if warned { "ST平安" } else { "平安" };
        let mut day = bar_day(symbol, name, prev, None);
        if undetermined {
            day.limit = PriceLimit::Unknown(Unknown::NoStatus);
        }
        let mut last = fen(prices[3]);
        if let (PriceLimit::Limited { up, down }, 0 | 1) = (day.limit, at_limit) {
            last = if at_limit == 0 { up } else { down };
        }
        let [a, b, c, _] = prices.map(fen);
        let basis = if estimated { TurnoverBasis::Estimated } else { TurnoverBasis::Reported };
        day.traded = traded.then_some(Traded {
            open: a,
            high: a.max(b).max(c).max(last),
            low: a.min(b).min(c).min(last),
            last,
            volume,
            turnover: Turnover { fen: Fen(volume as i64 * last.units() / 100), basis },
        });
        day.shares = shares.map(|n| Shares { total: n * 2, float: n, on: session() });
        let extreme = close.map(|close| Extreme {
            high_close: AdjustedPrice::today(fen(close)),
            low_close: AdjustedPrice::today(fen(close)),
            high: AdjustedPrice::today(fen(close + close / 50)),
            low: AdjustedPrice::today(fen(close - close / 50)),
            sessions_traded: 240,
        });
        day.carried = Carried {
            streak,
            streak_at_least: streak.unwrap_or(gap_sessions % 3),
            gap_sessions,
            idle_sessions: 0,
            missing: None,
            derived: None,
            cluster: None,
            cluster_known: true,
            unsealed_days: 0,
            last_close: prev.map(fen),
            first_seen: None,
            stood: None,
            past: PastPrices {
                extremes: [extreme, extreme, extreme.filter(|_| warned)],
                sums: [close, None, None].map(|close| close.map(|fen| fen * 190_000_000)),
            },
        };
        day
    }
}

/// Days of different securities, by symbol.
fn days(up_to: usize) -> impl Strategy<Value = Vec<SecurityDay>> {
    prop::collection::vec(any_day(), 0..up_to).prop_map(|days| {
        let by_symbol: std::collections::BTreeMap<Symbol, SecurityDay> =
            days.into_iter().map(|day| (day.symbol, day)).collect();
        by_symbol.into_values().collect()
    })
}

fn cells(days: &[SecurityDay]) -> Vec<Cell> {
    days.iter().map(Cell::of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_does_not_matter(days in days(40)) {
        let cells = cells(&days);
        prop_assert!(Totals::of(cells.iter().rev()) == Totals::of(&cells));
    }

    /// Whoever is on the second rung or above was promoted, or resumed its streak after a
    /// suspension: the ladder is what promotion rates count and what they do not.
    #[test]
    fn a_streak_goes_on_from_the_session_before_or_from_before_a_suspension(day in any_day()) {
        let cell = Cell::of(&day);
        let has = |mark| cell.marks.has(mark);
        let promoted = has(Mark::PromotionKnown) && has(Mark::SealedUp);
        prop_assert!(!(promoted && has(Mark::Resumed)));
        let climbs = cell.streak.max(cell.streak_at_least) >= 2;
        prop_assert_eq!(climbs, promoted || has(Mark::Resumed));
    }

    #[test]
    fn removing_undoes_inserting(days in days(40), cut in 0_usize..40) {
        let cells = cells(&days);
        let kept = &cells[..cut.min(cells.len())];
        let mut totals = Totals::of(&cells);
        cells[kept.len()..].iter().for_each(|cell| totals.remove(cell));
        prop_assert!(totals == Totals::of(kept));
    }

    #[test]
    fn two_halves_merge_to_the_whole(days in days(40), cut in 0_usize..40) {
        let cells = cells(&days);
        let (left, right) = cells.split_at(cut.min(cells.len()));
        let mut totals = Totals::of(left);
        totals.merge(&Totals::of(right));
        prop_assert!(totals == Totals::of(&cells));
    }

    #[test]
    fn replacing_is_removing_and_inserting(old in any_day(), new in any_day(), rest in days(12)) {
        let mut totals = Totals::of_days(&rest);
        totals.insert(&Cell::of(&old));
        totals.replace(&Cell::of(&old), &Cell::of(&new));
        let mut afresh = Totals::of_days(&rest);
        afresh.insert(&Cell::of(&new));
        prop_assert!(totals == afresh);
    }

    /// After every quote, whatever it is, what is live is what the days say that are made afresh of
    /// all quotes so far.
    #[test]
    fn after_every_quote_live_equals_batch(
        securities in securities(),
        quotes in prop::collection::vec((any::<prop::sample::Index>(), any_quote()), 1..60),
    ) {
        let from = FROM.parse().unwrap();
        let history = MarketHistory::of(session(), from, securities.clone());
        let opening = PreOpen::of(&history, Rulebook::builtin()).unwrap();
        let mut live = Live::new(&opening);
        let mut known: Vec<(Symbol, Vec<Quote>)> = Vec::new();
        for (index, made) in quotes {
            let security = &securities[index.index(securities.len())];
            let symbol = security.listing.symbol;
            let quote = made.around(security);
            live.arrive(live.place(symbol).unwrap(), &quote);
            match known.iter_mut().find(|(of, _)| *of == symbol) {
                Some((_, quotes)) => quotes.push(quote),
                None => known.push((symbol, vec![quote])),
            }
            let days = opening.days(&known);
            prop_assert_eq!(live.days(), days.clone());
            prop_assert!(live.cells() == cells(&days));
            prop_assert!(*live.totals() == Totals::of_days(&days));
            let facts = opening.facts(&history, days, None, None, (quote.time, &IndexMoment::default()), &[]);
            for figure in live.figures() {
                let told = facts.facts.values().find(|fact| {
                    let (name, parameter) = figure.id.split_once(':').unzip();
                    fact.key.measure.name() == name.unwrap_or(figure.id)
                        && fact.key.measure.parameter() == figure.parameter.as_deref().or(parameter)
                        && fact.key.scope == *figure.scope
                });
                let told = told.map(|fact| (&fact.value, &fact.provenance.coverage));
                prop_assert_eq!(told, Some((&figure.value, &figure.coverage)));
            }
        }
    }
}

const FROM: &str = "2025-01-02";

/// A quote before it is known whose it is.
#[derive(Clone, Debug)]
struct AnyQuote {
    time: u32,
    span: Span,
    revision: u32,
    /// In thousandths of the reference price above it, each at times exactly at a limit.
    offsets: Option<[(i64, u8); 4]>,
    volume: u64,
    estimated: bool,
    /// Whether it opened at the reference price, as most quotes of a session agree on the open.
    opened_flat: bool,
}

prop_compose! {
    fn any_quote()(
        time in 0_u32..8,
        span in prop::sample::select(vec![Span::SoFar, Span::SoFar, Span::Seconds(3)]),
        revision in 0_u32..2,
        offsets in prop::option::weighted(
            0.9, prop::array::uniform4((prop_oneof![-12_i64..12, -320_i64..320], 0_u8..12)),
        ),
        volume in volume(),
        estimated in prop::bool::weighted(0.1),
        opened_flat in prop::bool::weighted(0.8),
    ) -> AnyQuote {
        let time = 36_000 + 3 * time;
        AnyQuote { time, span, revision, offsets, volume, estimated, opened_flat }
    }
}

impl AnyQuote {
    /// The quote of a security, near its previous close and at its limits.
    fn around(&self, security: &SecurityHistory) -> Quote {
        let prev = security.bars.last().and_then(|bar| bar.prev_close);
        let closes = security.bars.iter().rev().find_map(|bar| bar.traded);
        let base = prev.or(closes.map(|traded| traded.last)).map_or(100_000, Price::units);
        let price = |(offset, at): (i64, u8)| {
            let units = match at {
                0 => base * 110 / 100,
                1 => base * 105 / 100,
                2 => base * 120 / 100,
                3 => base * 90 / 100,
                4 => base * 95 / 100,
                5 => base,
                _ => base + base * offset / 1_000,
            };
            // Limits are whole fen, half up.
            fen(((units + 50) / 100).max(1))
        };
        let basis = if self.estimated { TurnoverBasis::Estimated } else { TurnoverBasis::Reported };
        let traded = self.offsets.map(|offsets| {
            let [open, a, b, last] = offsets.map(price);
            let open = if self.opened_flat { price((0, 5)) } else { open };
            Traded {
                open,
                high: open.max(a).max(b).max(last),
                low: open.min(a).min(b).min(last),
                last,
                volume: self.volume,
                turnover: Turnover { fen: Fen(self.volume as i64 * last.units() / 100), basis },
            }
        });
        let AnyQuote { time, span, revision, .. } = *self;
        Quote { time, span, sequence: 0, revision, traded }
    }
}

prop_compose! {
    /// A security with a past of some sessions: names of the day, of long ago or none; listed long
    /// ago, today or on an unknown day; with a reference price or without.
    fn security()(
        symbol in symbol(),
        names in prop::option::weighted(0.9, (any::<bool>(), prop::bool::weighted(0.6))),
        listed in prop::sample::select(vec![Some("2015-01-05"), None, Some(market::SESSION)]),
        closes in prop::collection::vec(950_i64..1_050, 0..230),
        sealed in 0_usize..3,
        reference in prop::option::weighted(0.8, 0_i64..3),
        shares in prop::option::weighted(0.9, 1_u64..1_000_000),
    ) -> SecurityHistory {
        let symbol: Symbol = symbol.parse().unwrap();
        let calendar = Calendar::builtin();
        let number = market::session_number();
        let mut closes = closes;
        for _ in 0..sealed.min(closes.len()) {
            let last = closes[closes.len() - 1];
            closes.push((last * 110 + 50) / 100);
        }
        let first = number - closes.len() as u32;
        let mut bars: Vec<DailyBar> = closes.iter().enumerate().map(|(place, close)| {
            let close = fen(*close);
            let turnover = Turnover { fen: Fen(100_000), basis: TurnoverBasis::Reported };
            let traded = Traded { open: close, high: close, low: close, last: close, volume: 100, turnover };
            let session = calendar.session(first + place as u32).unwrap();
            DailyBar { session, prev_close: None, traded: Some(traded) }
        }).collect();
        let last = closes.last().copied().unwrap_or(1_000);
        // Zero stands for an ex-rights day.
        let prev_close = reference.map(|ex| fen(if ex == 0 { last * 9 / 10 } else { last }));
        bars.push(DailyBar { session: session(), prev_close, traded: None });
        let name = |(warned, today): (bool, bool)| NameOn {
            on: if today { session() } else { "2024-03-01".parse().unwrap() },
            name: if warned { "ST平安" } else { "平安" }.to_owned(),
        };
        let listed_on = listed.map(|on| on.parse().unwrap());
        SecurityHistory {
            listing: Listing { listed_on, names: names.map(name).into_iter().collect(), ..Listing::unknown(symbol) },
            board: symbol.board().unwrap(),
            shares: shares.map(|n| Shares { total: n * 2, float: n, on: session() }).into_iter().collect(),
            before: None,
            bars,
        }
    }
}

/// Different securities, by symbol.
fn securities() -> impl Strategy<Value = Vec<SecurityHistory>> {
    prop::collection::vec(security(), 1..6).prop_map(|securities| {
        let by_symbol: std::collections::BTreeMap<Symbol, SecurityHistory> =
            securities.into_iter().map(|security| (security.listing.symbol, security)).collect();
        by_symbol.into_values().collect()
    })
}

#[test]
fn a_changed_day_changes_the_totals() {
    // Were `Totals` blind to something, the laws above would hold and say nothing.
    let one = day("600000.SH", 1000, 1050);
    let other = day("600000.SH", 1000, 1049);
    assert!(Totals::of_days(&[one]) != Totals::of_days(&[other]));
}
