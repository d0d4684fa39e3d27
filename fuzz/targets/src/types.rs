//! Parquet columns of whatever type a vendor chose.

use std::sync::Arc;

use arbitrary::{Arbitrary, Result, Unstructured};
use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int32Array, Int64Array, RecordBatch, StringArray, UInt64Array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, TimeUnit};
use fupan_source::Recipe;
use fupan_table::Table;
use parquet::arrow::ArrowWriter;

use crate::files::{Folder, sound};

/// A sound Parquet file whose columns are of types that the vendor chose.
pub fn parquet_columns(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let Ok((recipe, Some(batch))) = table(&mut bytes) else { return };
    let mut file = Vec::new();
    let written = ArrowWriter::try_new(&mut file, batch.schema(), None)
        .and_then(|mut writer| writer.write(&batch).and_then(|()| writer.close()));
    // Parquet has no place for some of Arrow's types.
    if written.is_err() {
        return;
    }
    if let Ok(import) = Folder::new().read(&recipe, "types.parquet", &file) {
        sound(&recipe, &import);
    }
}

/// A recipe for one of the tables, whose columns are `c0`, `c1` … in the file, and such columns,
/// where they are of one length.
fn table(bytes: &mut Unstructured<'_>) -> Result<(Recipe, Option<RecordBatch>)> {
    // Definitions are texts, and no recipe fills their table from columns.
    let tables: Vec<Table> =
        Table::ALL.into_iter().filter(|table| *table != Table::Definition).collect();
    let table = *bytes.choose(&tables)?;
    let rows = bytes.int_in_range(1..=6)?;
    let mut text = format!(
        "description = 'd'\nsource = 's'\nformat = 'parquet'\n[[table]]\ntable = '{}'\n\
         [table.columns]\n",
        table.name()
    );
    let mut columns = Vec::new();
    for (place, field) in table.schema().fields().iter().enumerate() {
        let (units, usual) = units_and_types(field);
        let unit = match units {
            [] => String::new(),
            units => format!(", unit = '{}'", bytes.choose(units)?),
        };
        text.push_str(&format!("{} = {{ column = 'c{place}'{unit} }}\n", field.name()));
        let kind = if bytes.ratio(1, 12)? { bytes.arbitrary()? } else { *bytes.choose(usual)? };
        columns.push((format!("c{place}"), array(kind, rows, bytes)?, true));
    }
    let recipe = Recipe::from_toml("types", &text);
    let recipe = recipe.unwrap_or_else(|error| panic!("{error}\n{text}"));
    let columns: Option<Vec<_>> =
        columns.into_iter().map(|(name, array, null)| Some((name, array?, null))).collect();
    Ok((recipe, columns.and_then(|c| RecordBatch::try_from_iter_with_nullable(c).ok())))
}

/// The units that a recipe may give a column of a table, and the types that can hold it.
fn units_and_types(field: &Field) -> (&'static [&'static str], &'static [u8]) {
    const NUMBERS: &[u8] = &[WORDS, 1, 2, 3, 4, 5, 6, 7, 8, 9, 18, 19];
    match field.metadata().get("unit").map(String::as_str) {
        Some("0.0001 CNY") => (&["yuan", "fen"], NUMBERS),
        Some("0.0001 point") => (&["point", "point/100"], NUMBERS),
        Some("0.0001 %") => (&["percent", "fraction"], NUMBERS),
        Some("0.01 CNY") => (&["fen", "yuan", "hundred-million-yuan"], NUMBERS),
        Some("shares") => (&["shares", "lots", "lots-star-shares", "ten-thousand-shares"], NUMBERS),
        Some("seconds") => (&["seconds"], NUMBERS),
        Some("number") => (&["number"], NUMBERS),
        Some("date") => (&[], &[WORDS, DAYS, 2, 9, 14, 15, 17, 18, 19]),
        Some("seconds after midnight, Shanghai") => (&[], &[WORDS, 2, 9, 14, 15, 16, 18, 19]),
        _ => (&[], &[WORDS, 2, 3, 18, 19]),
    }
}

const WORDS: u8 = 0;
const DAYS: u8 = 10;

/// A column of the type with a number; `None` where the values are none of that type.
fn array(kind: u8, rows: usize, bytes: &mut Unstructured<'_>) -> Result<Option<ArrayRef>> {
    let array: ArrayRef = match kind % 20 {
        WORDS => Arc::new(words(rows, bytes)?),
        1 => Arc::new(Int32Array::from(some::<i32>(rows, bytes)?)),
        2 => Arc::new(Int32Array::from_iter_values(few(rows, bytes, 99_999_999)?)),
        3 => Arc::new(Int64Array::from(some::<i64>(rows, bytes)?)),
        4 => Arc::new(Float32Array::from(some::<f32>(rows, bytes)?)),
        5 => Arc::new(Float64Array::from(some::<f64>(rows, bytes)?)),
        6 => Arc::new(UInt64Array::from(some::<u64>(rows, bytes)?)),
        7 | 8 => return decimals(rows, bytes),
        9 => {
            let values = few(rows, bytes, 99_999_999)?.into_iter().map(|v| f64::from(v) / 100.0);
            Arc::new(Float64Array::from_iter_values(values))
        }
        DAYS => {
            let days = [20_496, 20_495, 0, -1, i32::MAX, i32::MIN];
            let days: Result<Vec<i32>> = (0..rows).map(|_| Ok(*bytes.choose(&days)?)).collect();
            Arc::new(Date32Array::from(days?))
        }
        11 => Arc::new(BooleanArray::from(some::<bool>(rows, bytes)?)),
        12 | 13 => Arc::new(BinaryArray::from_iter(some::<Vec<u8>>(rows, bytes)?)),
        other => return turned(other, rows, bytes),
    };
    Ok(Some(array))
}

/// A column of times, or of words in another guise.
fn turned(kind: u8, rows: usize, bytes: &mut Unstructured<'_>) -> Result<Option<ArrayRef>> {
    let units =
        [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];
    let unit = *bytes.choose(&units)?;
    let to = match kind {
        14 => DataType::Timestamp(unit, None),
        15 => DataType::Timestamp(unit, Some("Asia/Shanghai".into())),
        16 if unit == TimeUnit::Millisecond => DataType::Time32(unit),
        16 => DataType::Time64(TimeUnit::Microsecond),
        17 => DataType::Date64,
        18 => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        _ => DataType::LargeUtf8,
    };
    let from: ArrayRef = match kind {
        14..=17 => Arc::new(Int64Array::from(some::<i64>(rows, bytes)?)),
        _ => Arc::new(words(rows, bytes)?),
    };
    Ok(cast(&from, &to).ok())
}

fn decimals(rows: usize, bytes: &mut Unstructured<'_>) -> Result<Option<ArrayRef>> {
    let all = some::<i128>(rows, bytes)?;
    let all: Vec<_> = all.into_iter().map(|v| v.map(|v| v % 10_i128.pow(38))).collect();
    let scale = bytes.int_in_range(0..=38)?;
    let array = Decimal128Array::from(all).with_precision_and_scale(38, scale);
    Ok(array.ok().map(|array| Arc::new(array) as ArrayRef))
}

fn some<'a, T: Arbitrary<'a>>(rows: usize, bytes: &mut Unstructured<'a>) -> Result<Vec<Option<T>>> {
    (0..rows).map(|_| Option::<T>::arbitrary(bytes)).collect()
}

fn few(rows: usize, bytes: &mut Unstructured<'_>, most: i32) -> Result<Vec<i32>> {
    (0..rows).map(|_| bytes.int_in_range(0..=most)).collect()
}

fn words(rows: usize, bytes: &mut Unstructured<'_>) -> Result<StringArray> {
    const WORDS: [&str; 10] = [
        "600519.SH",
        "sz000001",
        "000001.SH",
        "20260212",
        "2026-02-12",
        "09:45",
        "93000",
        "10.00",
        "all-a",
        "",
    ];
    let word = |bytes: &mut Unstructured<'_>| -> Result<Option<String>> {
        if bytes.ratio(7, 8)? {
            return Ok(Some((*bytes.choose(&WORDS)?).to_owned()));
        }
        Option::<String>::arbitrary(bytes)
    };
    Ok(StringArray::from((0..rows).map(|_| word(bytes)).collect::<Result<Vec<_>>>()?))
}
