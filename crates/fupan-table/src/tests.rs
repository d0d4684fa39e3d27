//! Rows survive a round trip through a batch; a damaged batch is refused with the place of the
//! damage.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use fupan_market::{
    DailyBar, Fen, IndexBar, IndexQuote, LevelRange, Price, Quote, Renamed, SessionDate, Span,
    Symbol, Traded, Turnover, TurnoverBasis, WHOLE_INDEX,
};
use proptest::option;
use proptest::prelude::*;

use super::*;

fn date() -> impl Strategy<Value = SessionDate> {
    (7_657_i32..20_818).prop_map(|days| SessionDate::from_epoch_days(days).unwrap())
}

fn symbol() -> impl Strategy<Value = Symbol> {
    (0_u32..1_000)
        .prop_flat_map(|n| {
            let codes = [
                format!("{:06}.SH", 600_000 + n),
                format!("{:06}.SZ", 300_000 + n),
                format!("{:06}.BJ", 920_000 + n),
                format!("{n:06}.SH"),
            ];
            proptest::sample::select(codes.to_vec())
        })
        .prop_map(|text| text.parse().unwrap())
}

fn price() -> impl Strategy<Value = Price> {
    (0..=i64::from(i32::MAX)).prop_map(|units| Price::from_units(units).unwrap())
}

fn fen() -> impl Strategy<Value = Fen> {
    any::<i64>().prop_map(Fen)
}

fn traded() -> impl Strategy<Value = Traded> {
    let prices = (price(), price(), price(), price());
    (prices, 1..=i64::MAX as u64, option::of(fen())).prop_map(|(prices, volume, stated)| {
        let (open, high, low, last) = prices;
        let turnover = match stated {
            Some(fen) => Turnover { fen, basis: TurnoverBasis::Reported },
            None => Turnover::estimated(volume, open, high, low, last),
        };
        Traded { open, high, low, last, volume, turnover }
    })
}

fn daily_bar() -> impl Strategy<Value = (Symbol, DailyBar)> {
    (symbol(), date(), option::of(price()), option::of(traded())).prop_map(
        |(symbol, session, prev_close, traded)| (symbol, DailyBar { session, prev_close, traded }),
    )
}

fn index_bar() -> impl Strategy<Value = (Symbol, IndexBar)> {
    (symbol(), date(), [price(), price(), price(), price()], option::of(fen())).prop_map(
        |(symbol, session, [open, high, low, close], turnover)| {
            (symbol, IndexBar { session, open, high, low, close, turnover })
        },
    )
}

fn security() -> impl Strategy<Value = SecurityRow> {
    let dates = (date(), option::of(date()), option::of(date()));
    let texts = (option::of(any::<String>()), option::of(any::<String>()));
    (symbol(), dates, texts, option::of(price())).prop_map(|(symbol, dates, texts, issue_price)| {
        let ((observed_on, listed_on, delisted_on), (name, industry)) = (dates, texts);
        SecurityRow { symbol, observed_on, name, listed_on, delisted_on, issue_price, industry }
    })
}

fn share_capital() -> impl Strategy<Value = ShareCapitalRow> {
    let shares = 0..=i64::MAX as u64;
    (symbol(), date(), shares.clone(), shares).prop_map(
        |(symbol, observed_on, total_shares, float_shares)| ShareCapitalRow {
            symbol,
            observed_on,
            total_shares,
            float_shares,
        },
    )
}

fn code_change() -> impl Strategy<Value = Renamed> {
    (date(), symbol(), symbol()).prop_map(|(on, old, new)| Renamed { on, old, new })
}

fn industry() -> impl Strategy<Value = IndustryRow> {
    let level = || (option::of(any::<String>()), option::of(any::<String>()));
    let first = (option::of(any::<String>()), any::<String>());
    let dates = (date(), option::of(date()), option::of(date()));
    (symbol(), dates, first, [level(), level()]).prop_map(
        |(symbol, dates, first, [second, third])| {
            let (observed_on, since, until) = dates;
            let levels = [(first.0, Some(first.1)), second, third];
            IndustryRow { symbol, observed_on, levels, since, until }
        },
    )
}

fn group_member() -> impl Strategy<Value = GroupMemberRow> {
    let texts = (any::<String>(), option::of(any::<String>()), any::<String>());
    let dates = (date(), option::of(date()), option::of(date()));
    let weight = option::of(0..=WHOLE_INDEX);
    (symbol(), dates, texts, weight).prop_map(|(symbol, dates, (kind, code, name), weight)| {
        let (observed_on, since, until) = dates;
        GroupMemberRow { symbol, observed_on, kind, code, name, since, until, weight }
    })
}

fn definition() -> impl Strategy<Value = DefinitionRow> {
    let texts = (any::<String>(), any::<String>(), any::<String>());
    texts.prop_map(|(kind, name, text)| DefinitionRow { kind, name, text })
}

fn index_weight() -> impl Strategy<Value = IndexWeightRow> {
    let weight = option::of(0..=WHOLE_INDEX);
    (symbol(), symbol(), date(), weight).prop_map(|(symbol, index, observed_on, weight)| {
        IndexWeightRow { symbol, observed_on, index, weight }
    })
}

fn margin() -> impl Strategy<Value = MarginRow> {
    let amounts = (option::of(fen()), option::of(fen()), option::of(fen()));
    (date(), any::<String>(), amounts).prop_map(|(session, market, amounts)| {
        let (financing_balance, lending_balance, financing_buys) = amounts;
        MarginRow { session, market, financing_balance, lending_balance, financing_buys }
    })
}

fn quote() -> impl Strategy<Value = (SessionDate, Symbol, Quote)> {
    let small = || 0..=i32::MAX as u32;
    let span = option::of(small()).prop_map(|span| span.map_or(Span::SoFar, Span::Seconds));
    let numbers = (small(), span, 0..=i64::MAX as u64, small());
    (date(), symbol(), numbers, option::of(traded())).prop_map(|(date, symbol, numbers, traded)| {
        let (time, span, sequence, revision) = numbers;
        (date, symbol, Quote { time, span, sequence, revision, traded })
    })
}

fn index_quote() -> impl Strategy<Value = (SessionDate, Symbol, IndexQuote)> {
    let range = option::of([price(), price(), price()]);
    let numbers = (0..=i32::MAX as u32, price(), range, option::of(fen()));
    (date(), symbol(), numbers).prop_map(|(date, symbol, (time, last, range, turnover))| {
        let range = range.map(|[open, high, low]| LevelRange { open, high, low });
        (date, symbol, IndexQuote { time, last, range, turnover })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn index_quotes_round_trip(rows in proptest::collection::vec(index_quote(), 0..20)) {
        let batch = index_quote_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::IndexQuote.schema());
        prop_assert_eq!(index_quote_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn quotes_round_trip(rows in proptest::collection::vec(quote(), 0..20)) {
        let batch = quote_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::Quote.schema());
        prop_assert_eq!(quote_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn daily_bars_round_trip(rows in proptest::collection::vec(daily_bar(), 0..20)) {
        let batch = daily_bar_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::DailyBar.schema());
        prop_assert_eq!(daily_bar_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn fund_bars_round_trip(rows in proptest::collection::vec(daily_bar(), 0..20)) {
        let batch = fund_bar_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::FundBar.schema());
        prop_assert_eq!(fund_bar_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn index_bars_round_trip(rows in proptest::collection::vec(index_bar(), 0..20)) {
        let batch = index_bar_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::IndexBar.schema());
        prop_assert_eq!(index_bar_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn securities_round_trip(rows in proptest::collection::vec(security(), 0..20)) {
        let batch = security_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::Security.schema());
        prop_assert_eq!(security_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn share_capitals_round_trip(rows in proptest::collection::vec(share_capital(), 0..20)) {
        let batch = share_capital_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::ShareCapital.schema());
        prop_assert_eq!(share_capital_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn code_changes_round_trip(rows in proptest::collection::vec(code_change(), 0..20)) {
        let batch = code_change_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::CodeChange.schema());
        prop_assert_eq!(code_change_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn industries_round_trip(rows in proptest::collection::vec(industry(), 0..20)) {
        let batch = industry_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::Industry.schema());
        prop_assert_eq!(industry_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn group_members_round_trip(rows in proptest::collection::vec(group_member(), 0..20)) {
        let batch = group_member_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::GroupMember.schema());
        prop_assert_eq!(group_member_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn index_weights_round_trip(rows in proptest::collection::vec(index_weight(), 0..20)) {
        let batch = index_weight_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::IndexWeight.schema());
        prop_assert_eq!(index_weight_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn definitions_round_trip(rows in proptest::collection::vec(definition(), 0..20)) {
        let batch = definition_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::Definition.schema());
        prop_assert_eq!(definition_rows(&batch).unwrap(), rows);
    }

    #[test]
    fn margins_round_trip(rows in proptest::collection::vec(margin(), 0..20)) {
        let batch = margin_batch(rows.clone()).unwrap();
        prop_assert_eq!(batch.schema(), Table::Margin.schema());
        prop_assert_eq!(margin_rows(&batch).unwrap(), rows);
    }
}

fn one_day() -> RecordBatch {
    let at = |fen| Price::from_fen(fen).unwrap();
    let turnover = Turnover { fen: Fen(110_000), basis: TurnoverBasis::Reported };
    let traded = Traded {
        open: at(1000),
        high: at(1100),
        low: at(990),
        last: at(1100),
        volume: 100,
        turnover,
    };
    let session = "2026-02-12".parse().unwrap();
    let bar = DailyBar { session, prev_close: Some(at(1000)), traded: Some(traded) };
    daily_bar_batch([("600519.SH".parse().unwrap(), bar)]).unwrap()
}

/// The batch with one column replaced.
fn with(batch: &RecordBatch, name: &str, values: ArrayRef) -> RecordBatch {
    let index = batch.schema().index_of(name).unwrap();
    let mut columns = batch.columns().to_vec();
    let fields: Vec<_> = batch
        .schema()
        .fields()
        .iter()
        .enumerate()
        .map(|(i, field)| {
            let kind = if i == index { values.data_type() } else { field.data_type() };
            Arc::new(field.as_ref().clone().with_data_type(kind.clone()).with_nullable(true))
        })
        .collect();
    columns[index] = values;
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

#[test]
fn a_damaged_batch_is_refused_with_its_place() {
    let good = one_day();
    for (name, values, message) in [
        (
            "volume",
            Arc::new(Int64Array::from(vec![-1])) as ArrayRef,
            "row 0 of table `daily_bar`: column `volume` holds -1",
        ),
        (
            "close",
            Arc::new(Int32Array::from(vec![None])),
            "row 0 of table `daily_bar`: column `close` holds null",
        ),
        (
            "prev_close",
            Arc::new(Int32Array::from(vec![-5])),
            "row 0 of table `daily_bar`: column `prev_close` holds -5",
        ),
        ("symbol", Arc::new(StringArray::from(vec!["600519"])), ""),
        (
            "symbol",
            Arc::new(StringArray::from(vec!["600519.SZ"])),
            "row 0 of table `daily_bar`: column `symbol` holds `600519.SZ`",
        ),
    ] {
        let batch = with(&good, name, values);
        match daily_bar_rows(&batch) {
            Err(error) => assert_eq!(error.to_string(), message),
            Ok(_) => assert_eq!(message, "", "{name}"),
        }
    }
    let batch = with(&good, "volume", Arc::new(Int32Array::from(vec![1])));
    assert!(matches!(daily_bar_rows(&batch), Err(TableError::Column { column: "volume", .. })));
    let batch = one_day().project(&[0, 1]).unwrap();
    let error = daily_bar_rows(&batch).unwrap_err().to_string();
    assert!(error.starts_with("column `open` of table `daily_bar` is missing"), "{error}");
}

#[test]
fn a_volume_or_share_count_that_does_not_fit_is_refused() {
    let mut rows = daily_bar_rows(&one_day()).unwrap();
    rows[0].1.traded.as_mut().unwrap().volume = u64::MAX;
    assert!(matches!(daily_bar_batch(rows), Err(TableError::Value { column: "volume", .. })));
    let row = ShareCapitalRow {
        symbol: "600519.SH".parse().unwrap(),
        observed_on: "2026-02-12".parse().unwrap(),
        total_shares: u64::MAX,
        float_shares: 0,
    };
    assert!(share_capital_batch([row]).is_err());
}

#[test]
fn names_and_keys_fit_the_schemas() {
    for table in Table::ALL {
        assert_eq!(Table::named(table.name()), Some(table));
        let schema = table.schema();
        // A null in these has a meaning: a snapshot, no number, no correction, no start date.
        let telling = ["span", "sequence", "revision", "since"];
        for key in table.key().iter().filter(|key| !telling.contains(key)) {
            assert!(!schema.field_with_name(key).unwrap().is_nullable(), "{table:?} {key}");
        }
        for field in schema.fields() {
            assert!(field.metadata().contains_key("unit"), "{table:?} {}", field.name());
        }
    }
    assert_eq!(Table::named("quotes"), None);
}
