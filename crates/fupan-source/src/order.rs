//! Rows in the order of the table's key, each key once.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Int32Array, RecordBatch, StringBuilder, UInt32Array,
};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use fupan_market::{Finding, FindingKind, Place, SessionDate};
use fupan_table::Table;

use crate::findings::Findings;
use crate::symbols::Texts;

/// The rows of one table as they came.
#[derive(Debug)]
pub(crate) struct Unordered {
    pub table: Table,
    /// The symbol (or market) of each row, as a place in `names`.
    pub whos: Vec<u32>,
    /// The date of each row.
    pub days: Vec<i32>,
    pub names: Vec<String>,
    /// By column of the schema.
    pub values: Vec<Values>,
}

/// The values of one column.
#[derive(Debug)]
pub(crate) enum Values {
    /// In `whos` or `days`.
    Key,
    Array(ArrayRef),
    /// Numbers of texts.
    Text(Int32Array),
}

impl Unordered {
    /// The batch in the table's schema and the order of its key, symbols as text; of rows with one
    /// key the first is kept, and the others are noted.
    pub fn order(
        self,
        texts: &Texts,
        file: &str,
        findings: &mut Findings,
    ) -> Result<RecordBatch, ArrowError> {
        let rank = self.ranks();
        let mut keys: Vec<(u64, u32)> = (0..)
            .zip(self.days.iter().zip(&self.whos))
            .map(|(row, (day, who))| {
                // Flipping the sign bit sorts dates before 1970 first.
                let day = u64::from(day.cast_unsigned() ^ 0x8000_0000);
                (day << 32 | u64::from(rank[*who as usize]), row)
            })
            .collect();
        let [between, after] = self.further_keys();
        let beside = |columns: &[Vec<i64>], a: u32, b: u32| {
            let pairs = columns.iter().map(|column| [a, b].map(|row| column[row as usize]));
            pairs.map(|[a, b]| a.cmp(&b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let same = |(a, i): (u64, u32), (b, j): (u64, u32)| {
            a == b && beside(&between, i, j).is_eq() && beside(&after, i, j).is_eq()
        };
        let order = |(a, i): &(u64, u32), (b, j): &(u64, u32)| {
            let by_day = (a >> 32).cmp(&(b >> 32)).then_with(|| beside(&between, *i, *j));
            by_day
                .then_with(|| a.cmp(b))
                .then_with(|| beside(&after, *i, *j))
                .then_with(|| i.cmp(j))
        };
        if !keys.is_sorted_by(|a, b| order(a, b).is_le()) {
            keys.sort_unstable_by(order);
        }
        let rows = self.first_of_each(&keys, same, file, findings);
        drop(keys);
        self.batch(&rows, texts)
    }

    /// The columns of the table's key between date and symbol, and those after both; a null comes
    /// first.
    fn further_keys(&self) -> [Vec<Vec<i64>>; 2] {
        let schema = self.table.schema();
        let places = self.table.key().iter().filter_map(|name| schema.index_of(name).ok());
        let number = |array: &ArrayRef| -> Option<Vec<i64>> {
            let wide = cast(array, &DataType::Int64).ok()?;
            let wide = wide.as_primitive_opt::<Int64Type>()?;
            Some(wide.iter().map(|value| value.unwrap_or(i64::MIN)).collect())
        };
        let [mut between, mut after] = [Vec::new(), Vec::new()];
        let mut seen = 0;
        for place in places {
            match &self.values[place] {
                Values::Key => seen += 1,
                Values::Array(array) if seen < 2 => between.extend(number(array)),
                Values::Array(array) => after.extend(number(array)),
                Values::Text(_) => {}
            }
        }
        [between, after]
    }

    /// The place of each name among the sorted names.
    fn ranks(&self) -> Vec<u32> {
        let mut places: Vec<u32> = (0..self.names.len() as u32).collect();
        places.sort_by(|a, b| self.names[*a as usize].cmp(&self.names[*b as usize]));
        let mut rank = vec![0; places.len()];
        for (position, place) in (0..).zip(&places) {
            rank[*place as usize] = position;
        }
        rank
    }

    fn first_of_each(
        &self,
        keys: &[(u64, u32)],
        same_key: impl Fn((u64, u32), (u64, u32)) -> bool,
        file: &str,
        findings: &mut Findings,
    ) -> UInt32Array {
        let mut rows = Vec::with_capacity(keys.len());
        let (mut same, mut other) = (Repeats::default(), Repeats::default());
        let mut first: Option<(u64, u32)> = None;
        for (key, row) in keys {
            match first {
                Some((known, kept)) if same_key((known, kept), (*key, *row)) => {
                    let repeats = if self.equal(kept, *row) { &mut same } else { &mut other };
                    repeats.count += 1;
                    if repeats.examples.len() < 3 {
                        repeats.examples.push(self.example(*row));
                    }
                }
                _ => {
                    first = Some((*key, *row));
                    rows.push(*row);
                }
            }
        }
        for (repeats, what) in [(same, "the same"), (other, "other")] {
            if repeats.count == 0 {
                continue;
            }
            findings.add(Finding {
                kind: FindingKind::DuplicateRow,
                count: repeats.count,
                subject: self.table.name().to_owned(),
                detail: format!(
                    "Rows occur again with {what} values and were left out: {}",
                    repeats.examples.join(", ")
                ),
                hint: "Check which of the rows is right; the first one was kept.".to_owned(),
                place: Some(Place { file: file.to_owned(), row: None, column: None }),
            });
        }
        UInt32Array::from(rows)
    }

    /// Whether two rows hold the same values.
    fn equal(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        self.values.iter().all(|values| match values {
            Values::Key => true,
            Values::Array(array) => array.slice(a, 1) == array.slice(b, 1),
            Values::Text(array) => array.slice(a, 1) == array.slice(b, 1),
        })
    }

    fn example(&self, row: u32) -> String {
        let name = &self.names[self.whos[row as usize] as usize];
        match SessionDate::from_epoch_days(self.days[row as usize]) {
            Some(date) => format!("{name} {date}"),
            None => name.clone(),
        }
    }

    fn batch(&self, rows: &UInt32Array, texts: &Texts) -> Result<RecordBatch, ArrowError> {
        let schema = self.table.schema();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.values.len());
        for (field, values) in schema.fields().iter().zip(&self.values) {
            let column: ArrayRef = match values {
                Values::Key if field.data_type() == &DataType::Date32 => {
                    let days = rows.values().iter().map(|row| self.days[*row as usize]);
                    Arc::new(Date32Array::from_iter_values(days))
                }
                Values::Key => {
                    let mut names = StringBuilder::with_capacity(rows.len(), rows.len() * 9);
                    for row in rows.values() {
                        names.append_value(&self.names[self.whos[*row as usize] as usize]);
                    }
                    Arc::new(names.finish())
                }
                Values::Array(array) => take(array, rows, None)?,
                Values::Text(numbers) => {
                    let mut column = StringBuilder::new();
                    for row in rows.values() {
                        let row = *row as usize;
                        let number = numbers.is_valid(row).then(|| numbers.value(row));
                        let number = number.and_then(|number| u32::try_from(number).ok());
                        column.append_option(number.map(|number| texts.text(number)));
                    }
                    Arc::new(column.finish())
                }
            };
            columns.push(column);
        }
        RecordBatch::try_new(schema, columns)
    }
}

/// Rows whose key occurred before.
#[derive(Default)]
struct Repeats {
    count: u64,
    examples: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::Int64Array;
    use arrow::datatypes::Date32Type;
    use proptest::prelude::*;

    const NAMES: [&str; 4] = ["600000.SH", "000001.SZ", "920000.BJ", "000001.SH"];

    proptest! {
        /// Whatever order rows come in, they leave sorted, each key once, with the values of the
        /// first row of that key, and every other row is counted.
        #[test]
        fn rows_leave_sorted_and_once(rows in proptest::collection::vec(
            (-3_i32..4, 0_u32..4, 1_i64..3), 0..60)
        ) {
            let counts = |values: Vec<i64>| Values::Array(Arc::new(Int64Array::from(values)));
            let totals: Vec<i64> = rows.iter().map(|row| row.2).collect();
            let unordered = Unordered {
                table: Table::ShareCapital,
                whos: rows.iter().map(|row| row.1).collect(),
                days: rows.iter().map(|row| row.0).collect(),
                names: NAMES.map(str::to_owned).to_vec(),
                values: vec![Values::Key, Values::Key, counts(totals.clone()), counts(totals)],
            };
            let mut findings = Findings::default();
            let batch = unordered.order(&Texts::default(), "f", &mut findings).unwrap();
            let mut expected = std::collections::BTreeMap::new();
            for (day, who, total) in &rows {
                expected.entry((*day, NAMES[*who as usize])).or_insert(*total);
            }
            let symbols = batch.column(0).as_string::<i32>();
            let days = batch.column(1).as_primitive::<Date32Type>();
            let totals = batch.column(2).as_primitive::<Int64Type>();
            let found: Vec<((i32, &str), i64)> = (0..batch.num_rows())
                .map(|row| ((days.value(row), symbols.value(row)), totals.value(row)))
                .collect();
            prop_assert_eq!(&found, &expected.into_iter().collect::<Vec<_>>());
            let left_out: u64 = findings.finish().iter().map(|finding| finding.count).sum();
            prop_assert_eq!(left_out as usize, rows.len() - found.len());
        }
    }
}
