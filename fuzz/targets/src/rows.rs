//! Rows of the store's tables, to and from Arrow and Parquet.

use std::fmt::Debug;
use std::sync::Arc;
use std::thread;

use arbitrary::Unstructured;
use arrow::array::{
    ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray, new_null_array,
};
use arrow::datatypes::DataType;
use bytes::Bytes;
use fupan_table::{
    Table, TableError, code_change_batch, code_change_rows, daily_bar_batch, daily_bar_rows,
    definition_batch, definition_rows, fund_bar_batch, fund_bar_rows, group_member_batch,
    group_member_rows, index_bar_batch, index_bar_rows, index_quote_batch, index_quote_rows,
    index_weight_batch, index_weight_rows, industry_batch, industry_rows, margin_batch,
    margin_rows, quote_batch, quote_rows, security_batch, security_rows, share_capital_batch,
    share_capital_rows,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

/// What was read of a batch is written and read again as it was; `batch` must be sound.
pub(crate) fn come_back(table: Table, batch: &RecordBatch) {
    fn same<R: Clone + Debug + PartialEq>(
        batch: &RecordBatch,
        read: impl Fn(&RecordBatch) -> Result<Vec<R>, TableError>,
        write: impl Fn(Vec<R>) -> Result<RecordBatch, TableError>,
    ) {
        let rows = read(batch).expect("a batch of the reader's own");
        let again = write(rows.clone()).expect("rows that were stored");
        assert_eq!(read(&again).expect("a batch just written"), rows);
    }
    match table {
        Table::DailyBar => same(batch, daily_bar_rows, daily_bar_batch),
        Table::IndexBar => same(batch, index_bar_rows, index_bar_batch),
        Table::FundBar => same(batch, fund_bar_rows, fund_bar_batch),
        Table::Security => same(batch, security_rows, security_batch),
        Table::ShareCapital => same(batch, share_capital_rows, share_capital_batch),
        Table::Margin => same(batch, margin_rows, margin_batch),
        Table::Quote => same(batch, quote_rows, quote_batch),
        Table::IndexQuote => same(batch, index_quote_rows, index_quote_batch),
        Table::CodeChange => same(batch, code_change_rows, code_change_batch),
        Table::Industry => same(batch, industry_rows, industry_batch),
        Table::GroupMember => same(batch, group_member_rows, group_member_batch),
        Table::IndexWeight => same(batch, index_weight_rows, index_weight_batch),
        Table::Definition => same(batch, definition_rows, definition_batch),
    }
}

/// Whether a batch holds rows of a table; where not, an error says why.
fn holds_rows(table: Table, batch: &RecordBatch) -> bool {
    match table {
        Table::DailyBar => daily_bar_rows(batch).is_ok(),
        Table::IndexBar => index_bar_rows(batch).is_ok(),
        Table::FundBar => fund_bar_rows(batch).is_ok(),
        Table::Security => security_rows(batch).is_ok(),
        Table::ShareCapital => share_capital_rows(batch).is_ok(),
        Table::Margin => margin_rows(batch).is_ok(),
        Table::Quote => quote_rows(batch).is_ok(),
        Table::IndexQuote => index_quote_rows(batch).is_ok(),
        Table::CodeChange => code_change_rows(batch).is_ok(),
        Table::Industry => industry_rows(batch).is_ok(),
        Table::GroupMember => group_member_rows(batch).is_ok(),
        Table::IndexWeight => index_weight_rows(batch).is_ok(),
        Table::Definition => definition_rows(batch).is_ok(),
    }
}

/// A table's file as another program may have left it: any values, columns missing or of another
/// type, bytes changed. Rows come out, or an error.
pub fn table_rows(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let _ = read_back(&mut bytes);
}

fn read_back(bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let table = *bytes.choose(&Table::ALL)?;
    let rows = bytes.int_in_range(0..=5)?;
    let changes: Vec<(u16, u8)> = if bytes.ratio(1, 3)? { bytes.arbitrary()? } else { Vec::new() };
    let mut columns = Vec::new();
    for field in table.schema().fields() {
        let array: ArrayRef = match bytes.int_in_range(0..=40)? {
            0 => continue,
            1 => new_null_array(&DataType::Boolean, rows),
            2 => new_null_array(field.data_type(), rows),
            _ => array(field.data_type(), rows, bytes)?,
        };
        columns.push((field.name().clone(), array, true));
    }
    let Ok(batch) = RecordBatch::try_from_iter_with_nullable(columns) else { return Ok(()) };
    if holds_rows(table, &batch) {
        come_back(table, &batch);
    }
    let mut file = Vec::new();
    let written = ArrowWriter::try_new(&mut file, batch.schema(), None)
        .and_then(|mut writer| writer.write(&batch).and_then(|()| writer.close()));
    written.expect("the tables' types are Parquet's");
    for (place, value) in changes.iter().take(16) {
        let place = usize::from(*place) % file.len();
        file[place] = *value;
    }
    // Parquet's own reader panics on some damage.
    let found = thread::spawn(move || read(file)).join().unwrap_or_default();
    for found in found {
        if changes.is_empty() {
            assert_eq!(found.columns(), batch.columns());
        }
        if holds_rows(table, &found) {
            come_back(table, &found);
        }
    }
    Ok(())
}

/// The batches of a file, up to the first that cannot be read.
fn read(file: Vec<u8>) -> Vec<RecordBatch> {
    // Damage in the embedded Arrow schema makes Arrow's own reader of it panic.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(Bytes::from(file), options)
        .and_then(ParquetRecordBatchReaderBuilder::build);
    match reader {
        Ok(reader) => reader.map_while(Result::ok).collect(),
        Err(_) => Vec::new(),
    }
}

fn array(
    kind: &DataType,
    rows: usize,
    bytes: &mut Unstructured<'_>,
) -> arbitrary::Result<ArrayRef> {
    const SYMBOLS: [&str; 5] = ["600519.SH", "000001.SZ", "920002.BJ", "000001.SH", "all-a"];
    let mut ints = |edge: &[i64]| -> arbitrary::Result<Vec<Option<i64>>> {
        let one = |_| {
            Ok(match bytes.int_in_range(0..=9)? {
                0 => None,
                1 => Some(*bytes.choose(edge)?),
                2 => Some(bytes.arbitrary()?),
                _ => Some(bytes.int_in_range(0..=250_000)?),
            })
        };
        (0..rows).map(one).collect()
    };
    let narrow = |value: Option<i64>| value.map(|value| value as i32);
    Ok(match kind {
        DataType::Date32 => {
            let days = ints(&[20_496, i64::from(i32::MAX), i64::from(i32::MIN), -719_529])?;
            Arc::new(Date32Array::from_iter(days.into_iter().map(narrow)))
        }
        DataType::Int32 => {
            let values = ints(&[0, -1, i64::from(i32::MAX), i64::from(i32::MIN)])?;
            Arc::new(Int32Array::from_iter(values.into_iter().map(narrow)))
        }
        DataType::Int64 => Arc::new(Int64Array::from(ints(&[0, -1, i64::MAX, i64::MIN])?)),
        _ => {
            let words: arbitrary::Result<Vec<Option<String>>> = (0..rows)
                .map(|_| {
                    Ok(match bytes.int_in_range(0..=7)? {
                        0 => None,
                        1 => Some(bytes.arbitrary()?),
                        _ => Some((*bytes.choose(&SYMBOLS)?).to_owned()),
                    })
                })
                .collect();
            Arc::new(StringArray::from(words?))
        }
    })
}
