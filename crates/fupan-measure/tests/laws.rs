//! The laws that make batch, live and merged totals one and the same.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod market;

use fupan_market::{
    AdjustedPrice, Carried, Extreme, Fen, PastCloses, PriceLimit, SecurityDay, Shares, Symbol,
    Traded, Turnover, TurnoverBasis, Unknown,
};
use fupan_measure::{Cell, Live, Totals};
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

prop_compose! {
    fn any_day()(
        symbol in symbol(),
        warned in any::<bool>(),
        prev in prop::option::weighted(0.9, 100_i64..2000),
        traded in prop::bool::weighted(0.9),
        offsets in prop::array::uniform4(-320_i64..320),
        at_limit in 0_u8..6,
        volume in 1_u64..1_000_000,
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
            sessions_traded: 240,
        });
        day.carried = Carried {
            streak,
            gap_sessions,
            prev_turnover: None,
            cluster: None,
            unsealed_days: 0,
            last_close: prev.map(fen),
            first_seen: None,
            stood: None,
            closes: PastCloses {
                window: extreme,
                year: extreme,
                ever: extreme.filter(|_| warned),
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
    fn after_every_replacement_live_equals_batch(start in days(12), changes in days(12)) {
        let mut live = Live::new(start);
        for day in changes {
            live.replace(day);
            prop_assert!(*live.totals() == Totals::of_days(live.days()));
            prop_assert!(live.cells() == cells(live.days()));
        }
    }
}

#[test]
fn a_changed_day_changes_the_totals() {
    // Were `Totals` blind to something, the laws above would hold and say nothing.
    let one = day("600000.SH", 1000, 1050);
    let other = day("600000.SH", 1000, 1049);
    assert!(Totals::of_days(&[one]) != Totals::of_days(&[other]));
}
