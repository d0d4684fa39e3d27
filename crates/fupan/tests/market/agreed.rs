//! Two sources of one session, compared share by share.

use arrow::array::{Array as _, AsArray as _, Int32Array, Int64Array, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan::{Exchange, FindingKind, Market, agreements, review, sample};
use fupan_sim::SimulatedMarket;
use fupan_table::{Import, ImportId, Table};

/// The last session of a market as another source has it: each change by the symbol that it is of.
fn other(market: &SimulatedMarket, change: &dyn Fn(&str, &mut Row) -> bool) -> Import {
    let mut import = market.imports().unwrap().remove(0);
    import.batches.retain(|(table, _)| *table == Table::DailyBar);
    let day = market.sessions().last().unwrap().epoch_days();
    for (_, batch) in &mut import.batches {
        *batch = changed(batch, day, change);
    }
    import.batches.retain(|(_, batch)| batch.num_rows() > 0);
    import.source = "zz-other".to_owned();
    import.id = ImportId(format!("{:0>64}", "77"));
    import.digest = format!("{:0>64}", "77");
    import
}

/// What a change may change.
struct Row {
    close: Option<i32>,
    volume: i64,
}

fn changed(batch: &RecordBatch, day: i32, change: &dyn Fn(&str, &mut Row) -> bool) -> RecordBatch {
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let days = column("session").as_primitive::<Date32Type>();
    let symbols =
        arrow::compute::cast(column("symbol"), &arrow::datatypes::DataType::Utf8).unwrap();
    let symbols = symbols.as_string::<i32>();
    let closes = column("close").as_primitive::<Int32Type>();
    let volumes = column("volume").as_primitive::<Int64Type>();
    let (mut kept, mut new_closes, mut new_volumes) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..batch.num_rows() {
        let close = closes.is_valid(row).then(|| closes.value(row));
        let mut one = Row { close, volume: volumes.value(row) };
        kept.push(days.value(row) == day && change(symbols.value(row), &mut one));
        new_closes.push(one.close);
        new_volumes.push(one.volume);
    }
    let mut columns = batch.columns().to_vec();
    let place = |name: &str| batch.schema().index_of(name).unwrap();
    columns[place("close")] = std::sync::Arc::new(Int32Array::from(new_closes));
    columns[place("volume")] = std::sync::Arc::new(Int64Array::from(new_volumes));
    let batch = RecordBatch::try_new(batch.schema(), columns).unwrap();
    arrow::compute::filter_record_batch(&batch, &kept.into()).unwrap()
}

#[test]
fn what_two_sources_have_differently_is_named() {
    let market = sample::small();
    let history = market.history(0);
    let traded = |exchange: Exchange| -> Vec<String> {
        let traded = history.securities.iter().filter(|security| {
            let bar = security.bars.last().and_then(|bar| bar.traded);
            security.listing.symbol.exchange() == exchange
                && bar.is_some_and(|traded| traded.last < traded.high && traded.volume > 10_000)
        });
        traded.map(|security| security.listing.symbol.to_string()).collect()
    };
    let sse = traded(Exchange::Sse);
    let (price, lot, volume, gone) = (&sse[0], &sse[1], &sse[2], &sse[3]);
    let import = other(&market, &|symbol, row| {
        if symbol == price {
            row.close = row.close.map(|close| close + 100);
        }
        // Less than a lot is a vendor's rounding.
        row.volume += if symbol == lot { 60 } else { 0 };
        row.volume += if symbol == volume { 100 } else { 0 };
        symbol != gone
    });
    let folder = tempfile::tempdir().unwrap();
    let stored = sample::stored(&market, folder.path()).unwrap();
    assert_eq!(agreements(&stored, None).unwrap(), []);
    let before = review(&stored, None).unwrap();
    let Market::Store { store, .. } = &stored else { panic!("a store") };
    store.append(&import).unwrap();

    let told = agreements(&stored, None).unwrap();
    let exchanges: Vec<Exchange> = told.iter().map(|one| one.exchange).collect();
    assert_eq!(exchanges, Exchange::ALL);
    let [sse, others @ ..] = &told[..] else { panic!("{told:?}") };
    assert!(others.iter().all(fupan::SourceAgreement::is_whole), "{others:?}");
    assert_eq!((sse.used.source.as_str(), sse.other.source.as_str()), ("simulated", "zz-other"));
    let differing: Vec<String> = sse.differing.iter().map(|one| one.symbol.to_string()).collect();
    let mut expected = vec![price.clone(), volume.clone()];
    expected.sort();
    assert_eq!(differing, expected);
    let only: Vec<String> = sse.only_used.iter().map(ToString::to_string).collect();
    assert_eq!((only, sse.only_other.len()), (vec![gone.clone()], 0));
    assert_eq!((sse.used.rows, sse.other.rows), (sse.both + 1, sse.both));
    assert_eq!(sse.used.traded, sse.other.traded + 1);
    let words = sse.wording();
    assert!(
        words.en.contains("2 differ in price or volume") && words.en.contains(gone),
        "{words:?}"
    );
    assert!(words.zh.contains("仅前者有成交") && words.zh.contains(price), "{words:?}");

    // A review uses one source, and says how far the other agrees.
    let after = review(&stored, None).unwrap();
    assert_eq!(after.facts, before.facts);
    let kinds = |kind: FindingKind| {
        let told = after.findings.iter().filter(|finding| finding.kind == kind);
        told.map(|finding| (finding.count, finding.detail.en.clone())).collect::<Vec<_>>()
    };
    let conflicts = kinds(FindingKind::SourceConflict);
    assert_eq!(conflicts.iter().map(|(count, _)| *count).collect::<Vec<_>>(), [2]);
    assert!(conflicts[0].1.contains("`simulated` is used"), "{conflicts:?}");
    assert_eq!(kinds(FindingKind::SourcesCompared).len(), 2);
    for language in [fupan::Language::Zh, fupan::Language::En] {
        let brief = fupan::brief(&after, language);
        let page = fupan::export::markdown(&brief, &after);
        assert!(page.contains("zz-other"), "{page}");
    }
}
