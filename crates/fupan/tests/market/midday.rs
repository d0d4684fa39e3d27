//! A real session at the break and at the close, from snapshots of the main board that somebody took
//! while it ran, read in place from the folder `shared` (or `FUPAN_SHARED`).

use std::fs::File;
use std::path::Path;

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::{Float64Type, Int64Type};
use fupan::{
    AsOf, FactKey, FactSet, Market, NoProgress, Partial, Price, ReadOptions, Recipe, SessionDate,
    SourceChoice, Store, Value, review_at,
};
use fupan_market::{Fen, Quote, Span, Symbol, Traded, Turnover, TurnoverBasis};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

const SESSION: &str = "2026-08-17";
const BREAK: u32 = 11 * 3600 + 30 * 60;
const CLOSE: u32 = 15 * 3600;

/// What the source's own rows of a moment count, and those of them that have no time.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    advances: i64,
    declines: i64,
    timeless: Vec<String>,
}

/// The quotes of the session, each at the time that the vendor gives it, and what the source's rows
/// count at the break and at the close. After the close the source stamps 15:34: those are the closing
/// prices.
fn quotes(file: &Path, session: SessionDate) -> (Vec<(SessionDate, Symbol, Quote)>, [Counted; 2]) {
    let mut counted = [Counted::default(), Counted::default()];
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
    let mut rows = Vec::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i64>().clone();
        let yuan = |name: &str| {
            let column = batch.column_by_name(name).unwrap().as_primitive::<Float64Type>().clone();
            move |row: usize| Price::from_vendor_float(column.value(row), 100).unwrap()
        };
        let (days, codes, times) = (text("session"), text("ts_code"), text("quote_time"));
        let (taken, prices) = (text("snapshot_at"), yuan("price"));
        let prev_closes = yuan("pre_close");
        let [open, high, low, last] = ["open", "high", "low", "price"].map(yuan);
        let volumes = batch.column_by_name("vol_shares").unwrap().as_primitive::<Int64Type>();
        for row in (0..batch.num_rows()).filter(|row| days.value(*row) == SESSION) {
            let volume = u64::try_from(volumes.value(row)).unwrap();
            let time = if times.is_null(row) { None } else { times.value(row).get(11..) };
            let of_moment = &mut counted[usize::from(taken.value(row)[11..13] > *"13")];
            // Of a suspended share the source has a price of zero.
            if prices(row).units() > 0 {
                let change = prices(row).cmp(&prev_closes(row));
                of_moment.advances += i64::from(change.is_gt());
                of_moment.declines += i64::from(change.is_lt());
                if time.is_none() && !change.is_eq() {
                    of_moment.timeless.push(codes.value(row).to_owned());
                }
            }
            let Some(time) = time.filter(|_| volume > 0) else { continue };
            let parts: Vec<u32> = time.split(':').map(|part| part.parse().unwrap()).collect();
            let second = parts[0] * 3600 + parts[1] * 60 + parts[2];
            // The source has no turnover.
            let turnover = Turnover { fen: Fen(0), basis: TurnoverBasis::Estimated };
            let (open, high, low, last) = (open(row), high(row), low(row), last(row));
            let traded = Some(Traded { open, high, low, last, volume, turnover });
            let time = second.min(CLOSE);
            let quote = Quote { time, span: Span::SoFar, sequence: 0, revision: 0, traded };
            rows.push((session, codes.value(row).parse().unwrap(), quote));
        }
    }
    (rows, counted)
}

fn value<'f>(facts: &'f FactSet, measure: &str, scope: &str, second: u32) -> &'f Value {
    let key = FactKey::at_close(measure.parse().unwrap(), scope.parse().unwrap(), facts.session);
    let key = FactKey { as_of: AsOf::Instant(second), ..key };
    facts.get(&key).map(|fact| &fact.value).unwrap_or_else(|| panic!("no {key}"))
}

fn count(facts: &FactSet, measure: &str, second: u32) -> i64 {
    match value(facts, measure, "main", second) {
        Value::Count { count } => *count,
        other => panic!("{measure}: {other:?}"),
    }
}

/// Turnover of the SSE Composite and the SZSE Component up to the break, in fen: 7,104.8 and 7,866.2
/// yi against 6,306.2 and 7,512.8 three sessions before. The session between has no levels in the file.
fn compare_index_turnover(market: &Market, at_break: &FactSet) {
    let fen = |fen| Value::Money { fen: Fen(fen) };
    let unknown = Value::Unknown { reason: "no_turnover_before".to_owned() };
    let Market::Store { store, .. } = market else { panic!("a store") };
    let earlier = store.index_quotes("2026-08-12".parse().unwrap()).unwrap();
    for (index, now, then) in [
        ("000001.SH", 71_047_782_525_430, 63_061_712_506_200),
        ("399001.SZ", 78_662_344_244_184, 75_127_918_859_713),
    ] {
        assert_eq!(*value(at_break, "index_turnover", index, BREAK), fen(now));
        assert_eq!(*value(at_break, "index_turnover_prev", index, BREAK), unknown);
        assert_eq!(*value(at_break, "index_turnover_change", index, BREAK), unknown);
        let symbol: Symbol = index.parse().unwrap();
        let own = earlier.series().iter().find(|own| own.symbol == symbol).unwrap();
        let quote = own.by(BREAK).unwrap();
        assert_eq!((quote.time, quote.turnover), (BREAK, Some(Fen(then))));
    }
    let close = Value::Points { units: 39_601_900 };
    assert_eq!(*value(at_break, "index_close", "000001.SH", BREAK), close);
    let no_range = Value::Unknown { reason: "no_range".to_owned() };
    assert_eq!(*value(at_break, "index_high", "000001.SH", BREAK), no_range);
}

#[test]
fn the_main_board_at_the_break_and_at_the_close_is_as_others_count_it_but_for_three() {
    let Some(data) = crate::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(folder.path()).unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let recipe = Recipe::builtin("em-spot").unwrap();
    let days = data.join("em_spot_202607/spot_daily.parquet");
    fupan::import(&store, &recipe, &days, &options, &NoProgress).unwrap();
    let session: SessionDate = SESSION.parse().unwrap();
    let (rows, counted) = quotes(&data.join("intraday_main_202608/snapshots.parquet"), session);
    let import = crate::instants::import("snapshots", rows);
    store.append(&import).unwrap();
    let recipe = Recipe::builtin("index-minutes").unwrap();
    let minutes = data.join("index_minutes_202608/index_1min.parquet");
    let refused = ReadOptions { as_of: None, partial: Partial::Refused };
    fupan::import(&store, &recipe, &minutes, &refused, &NoProgress).unwrap();
    let market = Market::Store { store, choice: SourceChoice::Best };

    // Everybody who counts the source's rows finds these. Three of them are of shares that are leaving
    // the exchange and did not trade any more: they have no time, and prices and volume of their last
    // session, which the vendor's own list of the day does not have (`close` is empty there).
    let [noon, whole] = counted;
    assert_eq!((noon.advances, noon.declines), (2_124, 888));
    assert_eq!((whole.advances, whole.declines), (2_393, 641));
    assert_eq!(noon.timeless, ["000004.SZ", "002808.SZ", "002898.SZ"]);
    assert_eq!(whole.timeless, noon.timeless);

    // Without those, two rose and one fell fewer.
    let at_break = review_at(&market, Some(session), 12 * 3600 + 24 * 60).unwrap();
    assert_eq!(
        [count(&at_break, "advances", BREAK), count(&at_break, "declines", BREAK)],
        [2_122, 887]
    );
    compare_index_turnover(&market, &at_break);
    let at_close = review_at(&market, Some(session), CLOSE).unwrap();
    assert_eq!(
        [count(&at_close, "advances", CLOSE), count(&at_close, "declines", CLOSE)],
        [2_391, 640]
    );
    // Only the main board has quotes: the figures say how much of the market that is.
    for facts in [&at_break, &at_close] {
        let second = facts.facts.keys().find_map(|key| match key.as_of {
            AsOf::Instant(second) => Some(second),
            AsOf::Close => None,
        });
        let key = FactKey {
            as_of: AsOf::Instant(second.unwrap()),
            ..FactKey::at_close(
                "quoted_turnover_share".parse().unwrap(),
                "all-a".parse().unwrap(),
                session,
            )
        };
        let Value::Share { part, whole } = facts.get(&key).unwrap().value else {
            panic!("a share");
        };
        assert!(part * 2 > whole && part < whole, "{part} of {whole}");
    }
}
