//! Quotes go in by imports and come out session by session, whatever was imported when.

use std::collections::BTreeMap;

use fupan_market::{
    Fen, Price, Quote, SessionDate, SessionFold, Span, Symbol, Traded, Turnover, TurnoverBasis,
};
use fupan_store::{QuoteReader, SourceChoice, Store, StoreError};
use fupan_table::{Import, Table, quote_batch};
use proptest::prelude::*;

use crate::made;

const NOON: u32 = 12 * 3_600;
const NIGHT: u32 = 86_399;

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    (dir, store)
}

fn on() -> SessionDate {
    made::date("2026-02-12")
}

fn quote(minute: u32, last: i64, basis: TurnoverBasis) -> Quote {
    let price = Price::from_fen(last).unwrap();
    let turnover = match basis {
        TurnoverBasis::Reported => Turnover { fen: Fen(last * 100), basis },
        TurnoverBasis::Estimated => Turnover::estimated(100, price, price, price, price),
    };
    let traded =
        Traded { open: price, high: price, low: price, last: price, volume: 100, turnover };
    Quote {
        time: 9 * 3_600 + minute * 60,
        span: Span::Seconds(900),
        sequence: 0,
        revision: 0,
        traded: Some(traded),
    }
}

fn import(source: &str, file: &str, rows: Vec<(SessionDate, Symbol, Quote)>) -> Import {
    made::import(source, file, vec![(Table::Quote, quote_batch(rows).unwrap())])
}

/// The quotes that a store gives, security by security.
fn by_security(mut reader: QuoteReader) -> Vec<(Symbol, Vec<Quote>)> {
    let mut quotes: BTreeMap<Symbol, Vec<Quote>> = BTreeMap::new();
    while let Some(second) = reader.peek().unwrap() {
        for (symbol, quote) in reader.next_second().unwrap() {
            assert_eq!(quote.time, second);
            quotes.entry(*symbol).or_default().push(*quote);
        }
    }
    assert_eq!(reader.next_second().unwrap(), []);
    quotes.into_iter().collect()
}

/// Why a store gives none.
fn refused(store: &Store, session: SessionDate, until: u32) -> StoreError {
    match store.quotes(session, until, &SourceChoice::Best) {
        Ok(_) => panic!("there are quotes"),
        Err(error) => error,
    }
}

/// Bars of some symbols at 09:45 and 13:15.
fn two_bars(source: &str, symbols: &[&str], basis: TurnoverBasis) -> Import {
    let rows = symbols.iter().flat_map(|text| {
        let symbol = made::symbol(text);
        [45, 255].map(|minute| (on(), symbol, quote(minute, 1000 + i64::from(minute), basis)))
    });
    import(source, "bars", rows.collect())
}

#[test]
fn a_session_is_read_up_to_an_instant() {
    let (_dir, store) = store();
    store.append(&two_bars("a", &["600000.SH", "000001.SZ"], TurnoverBasis::Reported)).unwrap();
    let all = store.quotes(on(), NIGHT, &SourceChoice::Best).unwrap();
    assert_eq!((all.inputs().len(), all.instants().count()), (1, 2));
    assert_eq!(by_security(all).iter().map(|(_, quotes)| quotes.len()).collect::<Vec<_>>(), [2, 2]);
    let morning = store.quotes(on(), NOON, &SourceChoice::Best).unwrap();
    assert_eq!(by_security(morning)[0].1, [quote(45, 1045, TurnoverBasis::Reported)]);
    let bar = 9 * 3_600 + 45 * 60;
    assert_eq!(by_security(store.quotes(on(), bar, &SourceChoice::Best).unwrap()).len(), 2);
    let early = refused(&store, on(), bar - 1);
    assert!(matches!(early, StoreError::NoQuotesYet { .. }), "{early}");
    assert!(early.to_string().contains("begin at 09:45:00, after 09:44:59"), "{early}");
}

/// A session of several row groups, and corrections of some of it in another file.
#[test]
fn a_long_session_comes_in_the_order_of_time() {
    let (_dir, store) = store();
    let symbols = ["600000.SH", "600519.SH", "000001.SZ"].map(made::symbol);
    let snapshot = |second: u32, revision| Quote {
        time: 34_200 + second % 7_200,
        span: Span::SoFar,
        revision,
        ..quote(0, 1000 + i64::from(second % 97), TurnoverBasis::Reported)
    };
    let rows = |seconds: std::ops::Range<u32>, step: usize, revision| {
        let seconds = seconds.step_by(step);
        let of = move |second| symbols.map(|symbol| (on(), symbol, snapshot(second, revision)));
        seconds.flat_map(of).collect::<Vec<_>>()
    };
    // Every second three symbols, seven times over: versions of one quote meet across row groups.
    let all = rows(0..50_400, 1, 0);
    assert!(all.len() > 131_072, "more than a row group");
    store.append(&import("a", "all", all.clone())).unwrap();
    let corrected = rows(0..7_200, 100, 1);
    store.append(&import("a", "corrected", corrected.clone())).unwrap();
    for until in [NIGHT, 36_000, 34_200] {
        let mut expected: BTreeMap<Symbol, Vec<Quote>> = BTreeMap::new();
        for (_, symbol, quote) in all.iter().chain(&corrected) {
            if quote.time <= until {
                expected.entry(*symbol).or_default().push(*quote);
            }
        }
        let reader = store.quotes(on(), until, &SourceChoice::Best).unwrap();
        assert_eq!(reader.instants().count(), until.min(41_399) as usize - 34_199);
        for (symbol, quotes) in by_security(reader) {
            let whole = SessionFold::of(expected.remove(&symbol).unwrap());
            assert!(quotes == whole.quotes(), "{symbol} until {until}");
        }
        assert!(expected.is_empty());
    }
}

#[test]
fn a_session_without_quotes_says_what_to_import() {
    let (_dir, store) = store();
    let error = refused(&store, on(), NOON);
    assert!(error.to_string().contains("fupan import bars-15m FILE"), "{error}");
    assert!(!error.is_usage());
    store.append(&two_bars("a", &["600000.SH"], TurnoverBasis::Reported)).unwrap();
    let error = refused(&store, made::date("2026-02-11"), NOON);
    assert!(error.to_string().contains("between 2026-02-12 and 2026-02-12"), "{error}");
}

#[test]
fn the_source_is_chosen_by_securities_and_turnover() {
    let (_dir, store) = store();
    let both = ["600000.SH", "600519.SH"];
    store.append(&two_bars("coarse", &both, TurnoverBasis::Reported)).unwrap();
    let fine = (0..60).map(|minute| {
        let quote = quote(31 + minute, 1000, TurnoverBasis::Reported);
        (on(), made::symbol("600000.SH"), Quote { span: Span::Seconds(60), ..quote })
    });
    store.append(&import("fine", "minutes", fine.collect())).unwrap();
    store.append(&two_bars("silent", &both, TurnoverBasis::Estimated)).unwrap();
    let chosen = |choice| store.quotes(on(), NIGHT, &choice).unwrap().sources_used()[0].clone();
    assert_eq!(
        (chosen(SourceChoice::Best).source.as_str(), chosen(SourceChoice::Best).rows),
        ("coarse", 2)
    );
    assert_eq!(chosen(SourceChoice::Named("fine".to_owned())).source, "fine");
    assert_eq!(chosen(SourceChoice::Named("absent".to_owned())).source, "coarse");
    assert_eq!(store.quotes(on(), NIGHT, &SourceChoice::Best).unwrap().sources_left().len(), 2);
}

#[test]
fn a_time_beyond_the_day_is_refused() {
    let (_dir, store) = store();
    let late = Quote { time: 86_400, ..quote(45, 1000, TurnoverBasis::Reported) };
    let error = store.append(&import("a", "late", vec![(on(), made::symbol("600000.SH"), late)]));
    assert!(error.unwrap_err().to_string().contains("86400"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Corrections in files of their own, imported in any order, leave one session.
    #[test]
    fn the_order_of_imports_does_not_matter(
        rows in prop::collection::vec((0_u32..4, 1_000_i64..1_003, 0_u32..2, 0_usize..3), 1..20),
        reversed in any::<bool>(),
    ) {
        let symbol = made::symbol("600000.SH");
        let quote_of = |(minute, last, revision, _): (u32, i64, u32, usize)| Quote {
            revision,
            ..quote(45 + 15 * minute, last, TurnoverBasis::Reported)
        };
        let (_dir, store) = store();
        let mut files: Vec<usize> = (0..3).collect();
        if reversed {
            files.reverse();
        }
        for file in files {
            let own = rows.iter().filter(|row| row.3 == file);
            let own: Vec<_> = own.map(|row| (on(), symbol, quote_of(*row))).collect();
            if !own.is_empty() {
                store.append(&import("a", &file.to_string(), own)).unwrap();
            }
        }
        let expected = SessionFold::of(rows.into_iter().map(quote_of).collect());
        let loaded = store.quotes(on(), NIGHT, &SourceChoice::Best).unwrap();
        prop_assert_eq!(by_security(loaded), vec![(symbol, expected.quotes().to_vec())]);
    }
}
