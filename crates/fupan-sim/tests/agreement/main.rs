//! Live, batch, merged, replayed and historical figures are one and the same, whatever a vendor
//! does to the rows.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod past;
mod quoted;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use fupan_fact::FactSet;
use fupan_market::{
    PriceLimit, Quote, RiskWarning, Rulebook, SecurityDay, Span, Symbol, Touch, Unlimited,
};
use fupan_measure::{Cell, IndexMoment, Live, MarketSession, PreOpen, Totals};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, read};
use fupan_table::{Table, quote_rows};
use proptest::prelude::*;
use quoted::{Delivery, Dice, Fault, Quoted, by_symbol, market};

/// Faults that lose nothing: what is known in the end is what was.
const HARMLESS: [Fault; 4] = [Fault::Late, Fault::Duplicate, Fault::Corrected, Fault::OutOfOrder];

const ALL: [Fault; 5] =
    [Fault::Late, Fault::Duplicate, Fault::Corrected, Fault::OutOfOrder, Fault::Missing];

fn opening(quoted: &Quoted) -> PreOpen {
    PreOpen::of(&quoted.history, Rulebook::builtin()).unwrap()
}

/// A market that takes in quotes as they arrive.
struct Arriving<'a> {
    opening: &'a PreOpen,
    live: Live,
}

impl<'a> Arriving<'a> {
    fn new(opening: &'a PreOpen) -> Arriving<'a> {
        Arriving { opening, live: Live::new(opening) }
    }

    fn take(&mut self, symbol: Symbol, quote: Quote) {
        if let Some(place) = self.live.place(symbol) {
            self.live.arrive(place, &quote);
        }
    }

    fn days(&self) -> Vec<SecurityDay> {
        self.live.days()
    }

    fn facts(&self, quoted: &Quoted, second: u32) -> FactSet {
        let totals = Some(self.live.totals());
        self.opening.facts(
            &quoted.history,
            self.days(),
            totals,
            None,
            (second, &IndexMoment::default()),
            &[],
        )
    }
}

/// The days of some quotes, looked at all at once.
fn batch(opening: &PreOpen, arrived: &[(Symbol, Quote)]) -> Vec<SecurityDay> {
    opening.days(&by_symbol(arrived))
}

fn batch_facts(
    opening: &PreOpen,
    quoted: &Quoted,
    arrived: &[(Symbol, Quote)],
    second: u32,
) -> FactSet {
    opening.facts(
        &quoted.history,
        batch(opening, arrived),
        None,
        None,
        (second, &IndexMoment::default()),
        &[],
    )
}

/// The days after everything has arrived, one by one.
fn after(opening: &PreOpen, delivery: &Delivery) -> Vec<SecurityDay> {
    let mut market = Arriving::new(opening);
    for (symbol, quote) in &delivery.arrivals {
        market.take(*symbol, *quote);
    }
    market.days()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn live_is_batch_after_every_event(seed: u64, securities in 6_u32..30) {
        let quoted = Quoted::new(seed, securities, 40);
        let opening = opening(&quoted);
        let mut dice = Dice::new(seed);
        let arrivals = quoted.deliver(&ALL, 4, &mut dice).arrivals;
        let mut market = Arriving::new(&opening);
        for (place, (symbol, quote)) in arrivals.iter().enumerate() {
            market.take(*symbol, *quote);
            let days = batch(&opening, &arrivals[..=place]);
            prop_assert!(market.days() == days, "after {place}: {symbol} {quote:?}");
            prop_assert!(*market.live.totals() == Totals::of_days(&days));
            if place % 37 == 0 || place + 1 == arrivals.len() {
                let facts = batch_facts(&opening, &quoted, &arrivals[..=place], quote.time);
                prop_assert!(market.facts(&quoted, quote.time) == facts);
            }
        }
    }

    /// Days in any order, in any parts, merged in any order.
    #[test]
    fn any_merge_order_gives_the_same_totals(seed: u64, parts in 1_usize..6) {
        let quoted = Quoted::new(seed, 60, 40);
        let opening = opening(&quoted);
        let mut dice = Dice::new(seed);
        let arrivals = quoted.deliver(&ALL, 10, &mut dice).arrivals;
        let days = batch(&opening, &arrivals);
        let mut pieces = vec![Vec::new(); parts];
        let mut shuffled = days.clone();
        dice.shuffle(&mut shuffled);
        for day in &shuffled {
            pieces[dice.below(parts)].push(Cell::of(day));
        }
        dice.shuffle(&mut pieces);
        let mut merged = Totals::default();
        for piece in &pieces {
            merged.merge(&Totals::of(piece));
        }
        prop_assert!(merged == Totals::of_days(&days));
        let at = (54_000, &IndexMoment::default());
        let whole = opening.facts(&quoted.history, days.clone(), None, None, at, &[]);
        let told = opening.facts(&quoted.history, days, Some(&merged), None, at, &[]);
        prop_assert!(told == whole);
    }

    /// A replay takes in what stands at an instant, one instant after the other.
    #[test]
    fn a_replayed_prefix_is_the_review_at_its_instant(seed: u64, securities in 6_u32..40) {
        let quoted = Quoted::new(seed, securities, 40);
        let opening = opening(&quoted);
        let mut stored = quoted.deliver(&ALL, 6, &mut Dice::new(seed)).arrivals;
        stored.sort_by_key(|(_, quote)| quote.time);
        let seconds: BTreeSet<u32> = stored.iter().map(|(_, quote)| quote.time).collect();
        let mut market = Arriving::new(&opening);
        let mut next = 0;
        for second in seconds {
            while let Some((symbol, quote)) = stored.get(next).filter(|(_, q)| q.time <= second) {
                market.take(*symbol, *quote);
                next += 1;
            }
            let until: Vec<(Symbol, Quote)> =
                stored.iter().filter(|(_, quote)| quote.time <= second).copied().collect();
            let review = batch_facts(&opening, &quoted, &until, second);
            prop_assert!(market.facts(&quoted, second) == review, "at {second}");
        }
    }

    /// The quotes of a session come to what its bars say, seals apart, which no bar tells.
    #[test]
    fn after_the_last_quote_days_are_those_of_the_bars(seed: u64, securities in 6_u32..60) {
        let quoted = Quoted::new(seed, securities, 40);
        let opening = opening(&quoted);
        let delivery = quoted.deliver(&HARMLESS, 8, &mut Dice::new(seed));
        let market =
            MarketSession::fold(&quoted.history, Rulebook::builtin()).unwrap();
        let told: BTreeMap<Symbol, SecurityDay> =
            market.days.into_iter().map(|day| (day.symbol, day)).collect();
        for day in after(&opening, &delivery) {
            // An exchange on which nothing traded is left out as a whole.
            let Some(bar) = told.get(&day.symbol) else { continue };
            prop_assert!(SecurityDay { seals: None, morning: None, ..day } == *bar, "{}", day.symbol);
        }
    }
}

/// Before the first quote nothing of the session is known but reference prices: an opening with the
/// session's bars is one without them.
#[test]
fn live_is_not_ahead_of_its_quotes() {
    let quoted = Quoted::new(7, 60, 40);
    let session = quoted.session();
    let mut untold = quoted.history.clone();
    for security in &mut untold.securities {
        for bar in security.bars.iter_mut().filter(|bar| bar.session == session) {
            bar.traded = None;
        }
    }
    let untold = Quoted { history: untold, quotes: quoted.quotes.clone() };
    let early = &quoted.quotes[..quoted.quotes.len() / 3];
    assert!(batch(&opening(&quoted), early) == batch(&opening(&untold), early));
}

/// What is left when everything has arrived under some faults, and without them.
fn with_and_without(faults: &[Fault], seed: u64) -> [Vec<SecurityDay>; 2] {
    let quoted = Quoted::new(seed, 40, 40);
    let opening = opening(&quoted);
    let delivery = quoted.deliver(faults, 60, &mut Dice::new(seed));
    assert!(delivery.missing.is_empty());
    assert_ne!(delivery.arrivals, quoted.quotes, "nothing was broken");
    assert!(after(&opening, &delivery) == batch(&opening, &delivery.arrivals));
    [after(&opening, &delivery), batch(&opening, &quoted.quotes)]
}

/// The first security that differs, for a message.
fn first_other(found: &[SecurityDay], expected: &[SecurityDay]) -> Option<Symbol> {
    let others = found.iter().zip(expected).find(|(found, expected)| found != expected);
    others.map(|(found, _)| found.symbol)
}

#[test]
fn a_duplicate_is_counted_once() {
    for seed in 0..8 {
        let [found, expected] = with_and_without(&[Fault::Duplicate], seed);
        assert!(found == expected, "seed {seed}: {:?}", first_other(&found, &expected));
    }
}

#[test]
fn a_correction_takes_the_place_of_what_it_corrects() {
    for seed in 0..8 {
        let [found, expected] = with_and_without(&[Fault::Corrected], seed);
        assert!(found == expected, "seed {seed}: {:?}", first_other(&found, &expected));
    }
}

#[test]
fn a_late_quote_counts_as_if_it_had_come_in_time() {
    for seed in 0..8 {
        let [found, expected] = with_and_without(&[Fault::Late], seed);
        assert!(found == expected, "seed {seed}: {:?}", first_other(&found, &expected));
    }
}

#[test]
fn quotes_out_of_order_are_put_in_order() {
    for seed in 0..8 {
        let [found, expected] = with_and_without(&[Fault::OutOfOrder], seed);
        assert!(found == expected, "seed {seed}: {:?}", first_other(&found, &expected));
    }
}

#[test]
fn a_missing_quote_is_missed_by_its_own_security_only() {
    let quoted = Quoted::new(5, 40, 40);
    let opening = opening(&quoted);
    let delivery = quoted.deliver(&[Fault::Missing], 3, &mut Dice::new(5));
    let of: BTreeSet<Symbol> = delivery.missing.iter().map(|(symbol, _)| *symbol).collect();
    let found = after(&opening, &delivery);
    let expected = batch(&opening, &quoted.quotes);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!(found == expected || of.contains(&found.symbol), "{}", found.symbol);
    }
    assert!(found != expected);
}

/// Quotes as a CSV file in which some rows hold 0 or 99,999.99 where there is no price; what is
/// imported of it gives the session without those rows.
#[test]
fn a_vendors_marks_for_no_price_are_no_prices() {
    let quoted = Quoted::new(11, 40, 40);
    let opening = opening(&quoted);
    let mut dice = Dice::new(11);
    let (mut file, mut sound, mut broken) =
        (String::from("d,s,t,span,o,h,l,c,v,a\n"), Vec::new(), 0);
    for (symbol, quote) in &quoted.quotes {
        let Some(traded) = quote.traded else { continue };
        let mark = match dice.below(12) {
            0 => Some("0"),
            1 => Some("99999.99"),
            _ => None,
        };
        match mark {
            Some(_) => broken += 1,
            None => sound.push((*symbol, *quote)),
        }
        let span = match quote.span {
            Span::Seconds(seconds) => seconds.to_string(),
            Span::SoFar => String::new(),
        };
        let price = |p: fupan_market::Price| mark.map_or_else(|| p.to_string(), str::to_owned);
        let clock = format!("{:02}:{:02}", quote.time / 3_600, quote.time / 60 % 60);
        let prices = [traded.open, traded.high, traded.low, traded.last].map(price).join(",");
        let (on, fen) = (quoted.session(), traded.turnover.fen.0);
        writeln!(file, "{on},{symbol},{clock},{span},{prices},{},{fen}", traded.volume).unwrap();
    }
    assert!(broken > 5, "{broken}");
    let recipe = Recipe::from_toml(
        "quotes",
        "description = 'd'\nsource = 's'\nformat = 'csv'\n[[table]]\ntable = 'quote'\n\
         [table.columns]\nsession = 'd'\nsymbol = 's'\ntime = 't'\n\
         span = { column = 'span', unit = 'seconds' }\n\
         open = { column = 'o', unit = 'yuan' }\nhigh = { column = 'h', unit = 'yuan' }\n\
         low = { column = 'l', unit = 'yuan' }\nlast = { column = 'c', unit = 'yuan' }\n\
         volume = { column = 'v', unit = 'shares' }\n\
         turnover = { column = 'a', unit = 'fen' }\n",
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quotes.csv");
    std::fs::write(&path, file).unwrap();
    let import =
        read(&recipe, &path, &ReadOptions { as_of: None, partial: Partial::Accepted }, &NoProgress)
            .unwrap();
    let batches = import.batches.iter().filter(|(table, _)| *table == Table::Quote);
    let rows = batches.flat_map(|(_, batch)| quote_rows(batch).unwrap());
    let imported: Vec<(Symbol, Quote)> = rows.map(|(_, symbol, quote)| (symbol, quote)).collect();
    assert_eq!(imported.len(), sound.len());
    let [found, expected] = [imported, sound].map(|quotes| batch(&opening, &quotes));
    assert!(found == expected, "{:?}", first_other(&found, &expected));
}

/// Live is batch on the days that are hard, and those days occur: back from a suspension, a first
/// day, a risk warning that came, an ex-rights day, the first day under another code.
#[test]
fn live_is_batch_on_the_days_that_are_hard() {
    let market = market(3, 700, 120);
    let history = market.history(119);
    let walked = past::walked(&history, market.sessions());
    let mut found = [0; 5];
    let mut warned: BTreeMap<Symbol, RiskWarning> = BTreeMap::new();
    for told in walked {
        let mut hard: BTreeSet<Symbol> = BTreeSet::new();
        for day in &told.days {
            let status = day.status.risk_warning;
            let before = warned.insert(day.symbol, status);
            let seals = day.limit_up_touch() == Some(Touch::Sealed);
            let kinds = [
                seals && day.carried.gap_sessions > 0 && day.carried.streak > Some(0),
                day.limit == PriceLimit::Unlimited(Unlimited::NewListing),
                before.is_some_and(|before| before != status),
                day.carried.last_close.is_some() && day.carried.last_close != day.prev_close,
                day.symbol.to_string() == "302001.SZ" && before.is_none(),
            ];
            for (count, holds) in found.iter_mut().zip(kinds) {
                // A few of each kind are as good as many.
                if holds && day.traded.is_some() && *count < 12 {
                    *count += 1;
                    hard.insert(day.symbol);
                }
            }
        }
        if hard.is_empty() {
            continue;
        }
        let mut part = history.clone();
        part.securities.retain(|s| {
            hard.contains(&s.listing.symbol) || s.listing.symbol.code().is_multiple_of(50)
        });
        let quoted = Quoted::of(part, told.session, 3);
        let opening = opening(&quoted);
        let arrivals = quoted.deliver(&ALL, 3, &mut Dice::new(3)).arrivals;
        let mut market = Arriving::new(&opening);
        for (place, (symbol, quote)) in arrivals.iter().enumerate() {
            market.take(*symbol, *quote);
            if hard.contains(symbol) || place + 1 == arrivals.len() {
                let days = batch(&opening, &arrivals[..=place]);
                assert!(market.days() == days, "{}: {symbol} {quote:?}", told.session);
                assert!(*market.live.totals() == Totals::of_days(&days), "{}", told.session);
            }
        }
    }
    assert!(found.iter().all(|count| *count > 0), "{found:?}");
}
