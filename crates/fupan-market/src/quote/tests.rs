//! Sessions built from quotes in any order, and their seals at a limit.

use proptest::prelude::*;

use super::*;
use crate::Tape;

const UP: i64 = 1_100;

fn fen(fen: i64) -> Price {
    Price::from_fen(fen).unwrap()
}

fn clock(text: &str) -> u32 {
    let (hour, minute) = text.split_once(':').unwrap();
    hour.parse::<u32>().unwrap() * 3600 + minute.parse::<u32>().unwrap() * 60
}

fn traded([open, high, low, last]: [i64; 4], volume: u64) -> Traded {
    let turnover =
        Turnover { fen: Fen(last * volume.cast_signed()), basis: TurnoverBasis::Reported };
    let [open, high, low, last] = [open, high, low, last].map(fen);
    Traded { open, high, low, last, volume, turnover }
}

/// A bar of a quarter of an hour with open, high, low and last in fen.
fn bar(time: &str, prices: [i64; 4]) -> Quote {
    let traded = Some(traded(prices, 100));
    Quote { time: clock(time), span: Span::Seconds(900), sequence: 0, revision: 0, traded }
}

fn snapshot(time: &str, prices: [i64; 4], volume: u64) -> Quote {
    let traded = Some(traded(prices, volume));
    Quote { time: clock(time), span: Span::SoFar, sequence: 0, revision: 0, traded }
}

fn seals(quotes: &[Quote]) -> Option<(u32, u32, u32)> {
    let found = SessionFold::of(quotes.to_vec()).seals(fen(UP));
    found.map(|seals| (seals.first, seals.last, seals.opened))
}

#[test]
fn bars_add_up() {
    let mut fold = SessionFold::of(vec![
        bar("09:45", [1000, 1020, 990, 1010]),
        bar("10:00", [1010, 1050, 1005, 1040]),
        Quote { traded: None, ..bar("10:15", [1, 1, 1, 1]) },
        bar("13:15", [1040, 1041, 980, 985]),
    ]);
    let whole = fold.traded().unwrap();
    let prices = [whole.open, whole.high, whole.low, whole.last];
    assert_eq!(prices, [1000, 1050, 980, 985].map(fen));
    assert_eq!((whole.volume, whole.turnover.fen), (300, Fen(303_500)));
}

#[test]
fn a_snapshot_replaces_what_bars_said_and_bars_go_on_from_it() {
    let mut fold = SessionFold::of(vec![
        bar("09:45", [1000, 1020, 990, 1010]),
        snapshot("10:00", [1000, 1050, 990, 1040], 250),
        bar("10:15", [1040, 1060, 1040, 1050]),
    ]);
    assert_eq!(fold.traded().unwrap().volume, 350);
    assert_eq!(fold.traded().unwrap().high, fen(1060));
}

#[test]
fn what_is_known_already_is_not_counted_twice() {
    let five = |time: &str| Quote { span: Span::Seconds(300), ..bar(time, [1000; 4]) };
    let quotes = vec![five("09:35"), five("09:40"), five("09:45"), bar("09:45", [1000; 4])];
    assert_eq!(SessionFold::of(quotes).traded().unwrap().volume, 300);
    // The snapshot cuts the bar: how much of it came after is not known, its last price is.
    let mut cut = SessionFold::of(vec![
        snapshot("09:40", [1000, 1000, 1000, 1000], 70),
        bar("09:45", [1000, 1010, 1000, 1005]),
    ]);
    let traded = cut.traded().unwrap();
    assert_eq!((traded.volume, traded.high, traded.last), (70, fen(1010), fen(1005)));
}

#[test]
fn ticks_of_one_second_stand_in_their_sequence() {
    let tick =
        |sequence, price| Quote { span: Span::Seconds(0), sequence, ..bar("09:31", [price; 4]) };
    let mut tape = Tape::default();
    let place = tape.add([], ());
    for (sequence, price) in [(3, 1003), (1, 1001), (2, 1009)] {
        assert_eq!(tape.arrive(place, &tick(sequence, price)), Arrival::Added);
    }
    let traded = tape.traded(place).unwrap();
    let found = (traded.open, traded.high, traded.last, traded.volume);
    assert_eq!(found, (fen(1001), fen(1009), fen(1003), 300));
}

#[test]
fn the_highest_revision_stands_whenever_it_arrives() {
    let first = bar("09:45", [1000, 1020, 990, 1010]);
    let mended = Quote { revision: 1, ..bar("09:45", [1000, 1015, 995, 1005]) };
    let mut tape = Tape::default();
    let [one, other] = [tape.add([], ()), tape.add([], ())];
    assert_eq!(tape.arrive(one, &mended), Arrival::Added);
    assert_eq!(tape.arrive(one, &first), Arrival::Known);
    assert_eq!(tape.traded(one).unwrap().last, fen(1005));
    tape.arrive(other, &first);
    assert_eq!(tape.traded(other).unwrap().last, fen(1010));
    assert_eq!(tape.arrive(other, &mended), Arrival::Corrected);
    assert_eq!(tape.traded(other), tape.traded(one));
}

#[test]
fn a_snapshot_of_nothing_does_not_undo_trades() {
    let nothing = Quote { traded: None, ..snapshot("10:15", [1; 4], 1) };
    let mut fold = SessionFold::of(vec![snapshot("10:00", [1000; 4], 250), nothing]);
    assert_eq!(fold.traded().unwrap().volume, 250);
}

#[test]
fn seals_are_told_with_their_times() {
    let at = clock;
    // Never sealed: touched inside a bar only.
    assert_eq!(seals(&[bar("09:45", [1000, 1100, 1000, 1090])]), None);
    // Sealed at 10:00 and never left.
    let sealed = [bar("09:45", [1000, 1050, 1000, 1050]), bar("10:00", [1050, 1100, 1050, 1100])];
    assert_eq!(seals(&sealed), Some((at("10:00"), at("10:00"), 0)));
    let stays = [sealed[0], sealed[1], bar("10:15", [1100; 4])];
    assert_eq!(seals(&stays), Some((at("10:00"), at("10:00"), 0)));
    // Left inside the bar of 10:15 and sealed again by its end.
    let inside = [sealed[0], sealed[1], bar("10:15", [1100, 1100, 1080, 1100])];
    assert_eq!(seals(&inside), Some((at("10:00"), at("10:15"), 1)));
    // Left at 10:15, sealed again at 10:45, left again at the end.
    let often = [
        sealed[1],
        bar("10:15", [1100, 1100, 1070, 1080]),
        bar("10:30", [1080, 1095, 1080, 1090]),
        bar("10:45", [1090, 1100, 1090, 1100]),
        bar("11:00", [1100, 1100, 1099, 1099]),
    ];
    assert_eq!(seals(&often), Some((at("10:00"), at("10:45"), 2)));
    // One price all day, and a T: the open is the auction's price.
    assert_eq!(seals(&[bar("09:45", [1100; 4])]), Some((at("09:45"), at("09:45"), 0)));
    let t = [bar("09:45", [1100, 1100, 1050, 1060]), bar("10:00", [1060, 1100, 1060, 1100])];
    assert_eq!(seals(&t), Some((at("09:45"), at("10:00"), 1)));
    let t = [bar("09:45", [1100, 1100, 1050, 1100])];
    assert_eq!(seals(&t), Some((at("09:45"), at("09:45"), 1)));
}

#[test]
fn snapshots_show_that_a_seal_was_left_by_a_new_low() {
    let quotes = [
        snapshot("09:31", [1050, 1100, 1050, 1100], 100),
        snapshot("09:32", [1050, 1100, 1040, 1100], 200),
        snapshot("09:33", [1050, 1100, 1040, 1100], 300),
    ];
    assert_eq!(seals(&quotes), Some((clock("09:31"), clock("09:32"), 1)));
}

#[test]
fn a_full_session_holds_no_more() {
    let quote = |time| Quote { time, ..bar("09:45", [1000; 4]) };
    let fold = SessionFold::of((0..=SessionFold::QUOTES_MAX as u32).map(quote).collect());
    assert_eq!(fold.quotes().len(), SessionFold::QUOTES_MAX);
    assert_eq!(fold.quotes()[0].time, 0);
}

prop_compose! {
    fn any_traded()(
        prices in prop::array::uniform4(1_095_i64..=UP),
        volume in 1_u64..1_000,
    ) -> Traded {
        let [a, b, c, d] = prices;
        traded([a, a.max(b).max(c).max(d), a.min(b).min(c).min(d), d], volume)
    }
}

prop_compose! {
    /// Few distinct times, so that quotes of one place are common.
    fn any_quote()(
        time in 0_u32..6,
        span in prop::sample::select(
            vec![Span::Seconds(0), Span::Seconds(900), Span::Seconds(1_800), Span::SoFar],
        ),
        sequence in 0_u64..2,
        revision in 0_u32..2,
        traded in prop::option::weighted(0.9, any_traded()),
    ) -> Quote {
        Quote { time: 35_100 + 900 * time, span, sequence, revision, traded }
    }
}

proptest! {
    /// Any arrival order of the same quotes, some of them twice, yields at every moment the session
    /// from sorting them all at once; another security's quotes change nothing.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        quotes in prop::collection::vec((any_quote(), any::<bool>()), 1..24),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
    ) {
        let mut tape = Tape::default();
        let places = [tape.add([UP, UP - 1].map(fen), ()), tape.add([], ())];
        let mut known = [Vec::new(), Vec::new()];
        let again = again.iter().map(|index| quotes[index.index(quotes.len())]);
        for (quote, other) in quotes.iter().copied().chain(again) {
            let security = usize::from(other);
            tape.arrive(places[security], &quote);
            known[security].push(quote);
            for (place, known) in places.iter().zip(&known) {
                let mut batch = SessionFold::of(known.clone());
                prop_assert_eq!(tape.traded(*place), batch.traded());
                for up in [UP, UP - 1].map(fen).into_iter().filter(|_| *place == places[0]) {
                    prop_assert_eq!(tape.seals(*place, up), batch.seals(up));
                }
            }
        }
    }

    /// A tape that forgets holds the session of all quotes that did not come too late. A quote
    /// later than what was known two rotations ago is never too late.
    #[test]
    fn forgetting_changes_nothing(
        steps in prop::collection::vec(
            (0_u32..8, 0_u32..40, any_quote(), prop::bool::weighted(0.15)), 1..80,
        ),
    ) {
        let mut tape = Tape::default();
        let [place, unwatched] = [tape.add([UP, UP - 2].map(fen), ()), tape.add([], ())];
        let (mut clock, mut taken) = (35_100, Vec::<Quote>::new());
        let mut latest: [Option<u32>; 3] = [None; 3];
        for (passes, late, quote, turns) in steps {
            clock += passes;
            let quote = Quote { time: clock - late, ..quote };
            if turns {
                tape.rotate();
                latest = [latest[0], latest[0], latest[1]];
            }
            let arrival = tape.arrive(place, &quote);
            prop_assert_eq!(tape.arrive(unwatched, &quote), arrival);
            match arrival {
                Arrival::TooLate => prop_assert!(Some(quote.time) <= latest[2]),
                _ => taken.push(quote),
            }
            latest[0] = latest[0].max(Some(quote.time));
            let mut batch = SessionFold::of(taken.clone());
            prop_assert_eq!(tape.traded(place), batch.traded());
            prop_assert_eq!(tape.traded(unwatched), batch.traded());
            for up in [UP, UP - 2].map(fen) {
                prop_assert_eq!(tape.seals(place, up), batch.seals(up));
            }
        }
    }

    /// A snapshot equals the sum of the bars before it, and continuing from it equals continuing
    /// from them.
    #[test]
    fn snapshots_and_the_bars_that_make_them_agree(
        bars in prop::collection::vec(prop::option::weighted(0.8, any_traded()), 1..12),
        replaced in any::<u16>(),
        kept in any::<u16>(),
    ) {
        let quote = |place: usize, span, traded| Quote {
            time: 35_100 + 900 * place as u32, span, sequence: 0, revision: 0, traded,
        };
        let bars: Vec<Quote> = bars.into_iter().enumerate()
            .map(|(place, traded)| quote(place, Span::Seconds(900), traded)).collect();
        let snapshots: Vec<Quote> = (0..bars.len())
            .map(|place| {
                let traded = SessionFold::of(bars[..=place].to_vec()).traded();
                quote(place, Span::SoFar, traded)
            })
            .collect();
        let whole = SessionFold::of(bars.clone()).traded();
        // Snapshots alone; snapshots in place of some bars, after a first snapshot or next to bars.
        prop_assert_eq!(SessionFold::of(snapshots.clone()).traded(), whole);
        let mixed: Vec<Quote> = bars.iter().zip(&snapshots).enumerate()
            .flat_map(|(place, (bar, snapshot))| {
                let bit = |bits: u16| bits >> place & 1 == 1;
                match (bit(replaced), bit(kept)) {
                    (false, _) => vec![*bar],
                    (true, false) => vec![*snapshot],
                    (true, true) => vec![*snapshot, *bar],
                }
            })
            .collect();
        prop_assert_eq!(SessionFold::of(mixed).traded(), whole);
        let mut walk = QuoteWalk::default();
        for snapshot in snapshots {
            walk.take(&snapshot);
            prop_assert_eq!(walk.traded(), snapshot.traded);
        }
    }

    /// A walk through sorted quotes finds the session and the seals of all of them, at the prices
    /// that it watches.
    #[test]
    fn a_walk_finds_what_a_fold_finds(quotes in prop::collection::vec(any_quote(), 0..24)) {
        let watched = [UP, UP - 1, UP - 2].map(fen);
        let mut walk = QuoteWalk::watching(watched);
        let mut fold = SessionFold::of(quotes);
        fold.quotes().iter().for_each(|quote| walk.take(quote));
        prop_assert_eq!(walk.traded(), fold.traded());
        for up in watched {
            prop_assert_eq!(walk.seals(up), fold.seals(up));
        }
        prop_assert_eq!(walk.seals(fen(UP - 3)), None);
    }
}
