//! Sorts rows by the table's key, and keeps each key once.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringBuilder,
    UInt32Array,
};
use arrow::compute::take;
use arrow::datatypes::{DataType, Date32Type, Field, Int32Type, Int64Type};
use arrow::error::ArrowError;
use fupan_market::{Finding, FindingKind, Place, SessionDate, Wording};
use fupan_table::Table;
use rayon::prelude::*;

use crate::finding::Findings;
use crate::row::symbols::Texts;

/// The rows of one table in file order.
#[derive(Debug)]
pub(crate) struct Unordered {
    pub table: Table,
    /// The symbol (or market) of each row, as an index into `names`.
    pub whos: Vec<u32>,
    /// The date of each row.
    pub days: Vec<i32>,
    pub names: Vec<String>,
    /// One entry per column of the schema.
    pub values: Vec<Values>,
}

/// The values of one column.
#[derive(Debug)]
pub(crate) enum Values {
    /// A key column, held in `whos` or `days`.
    Key,
    Array(ArrayRef),
    /// Numbers of interned texts.
    Text(Int32Array),
}

impl Unordered {
    /// Returns the batch, in the table's schema and sorted by its key, with symbols as text; and
    /// the day and symbol number of each lost row. Identical rows count once. If rows under one key
    /// hold different values none is kept, since it is unknown which is right; of quotes the first
    /// is kept, since a session has others.
    pub fn order(
        self,
        texts: &Texts,
        file: &str,
        findings: &mut Findings,
    ) -> Result<(RecordBatch, Vec<(i32, u32)>), ArrowError> {
        let keys = Keys::of(&self, texts);
        let count = self.days.len() as u32;
        // Rows that are already sorted need neither be sorted nor moved.
        let rises = (1..count).all(|row| keys.compare(row - 1, row).is_lt());
        let mut lost = Vec::new();
        let rows = (!rises).then(|| {
            let mut rows: Vec<(u64, u32)> = keys.leads().into_iter().zip(0..).collect();
            let order = |(a, i): &(u64, u32), (b, j): &(u64, u32)| {
                a.cmp(b).then_with(|| keys.compare(*i, *j)).then_with(|| i.cmp(j))
            };
            rows.par_sort_unstable_by(order);
            let (rows, dropped) = self.one_of_each(&keys, &rows, file, findings);
            lost = dropped;
            rows
        });
        drop(keys);
        Ok((self.batch(rows.as_ref(), texts)?, lost))
    }

    /// The rank of each name among the sorted names.
    fn ranks(&self) -> Vec<u32> {
        let mut places: Vec<u32> = (0..self.names.len() as u32).collect();
        places.sort_by(|a, b| self.names[*a as usize].cmp(&self.names[*b as usize]));
        let mut rank = vec![0; places.len()];
        for (position, place) in (0..).zip(&places) {
            rank[*place as usize] = position;
        }
        rank
    }

    /// Keeps one row of each key from sorted rows, given with their leads; returns these, and the
    /// day and symbol number of each lost row. Repeats are noted.
    fn one_of_each(
        &self,
        keys: &Keys<'_>,
        rows: &[(u64, u32)],
        file: &str,
        findings: &mut Findings,
    ) -> (UInt32Array, Vec<(i32, u32)>) {
        let mut kept: Vec<u32> = Vec::with_capacity(rows.len());
        let [mut same, mut other, mut earlier] = [(); 3].map(|()| Repeats::default());
        let mut lost = Vec::new();
        let mut lose = |rows: &[(u64, u32)]| {
            let of = |(_, row): &(u64, u32)| (self.days[*row as usize], self.whos[*row as usize]);
            lost.extend(rows.iter().map(of));
        };
        let alike = |(lead, a): &(u64, u32), (next, b): &(u64, u32)| {
            lead == next && keys.compare(*a, *b).is_eq()
        };
        for group in rows.chunk_by(alike) {
            let ((_, first), again) = (group[0], &group[1..]);
            if again.iter().all(|(_, row)| self.equal(first, *row)) {
                kept.push(first);
                same.add(again, |row| self.example(row));
            } else if let Some(latest) = self.latest(group) {
                kept.push(latest);
                let others: Vec<_> =
                    group.iter().filter(|(_, row)| *row != latest).copied().collect();
                earlier.add(&others, |row| self.example(row));
            } else if self.table == Table::Quote {
                kept.push(first);
                lose(again);
                other.add(again, |row| self.example(row));
            } else {
                lose(group);
                other.add(group, |row| self.example(row));
            }
        }
        let finding = |repeats: &Repeats, (en, zh): (&str, &str), hint| Finding {
            kind: FindingKind::DuplicateRow,
            count: repeats.count,
            subject: self.table.name().to_owned(),
            detail: Wording::new(
                format!(
                    "Rows are repeated with {en} values and were left out: {}",
                    repeats.examples.join(", ")
                ),
                format!("行重复出现，数值{zh}，未导入：{}", repeats.examples.join("、")),
            ),
            hint,
            place: Some(Place { file: file.to_owned(), row: None, column: None }),
        };
        if same.count > 0 {
            findings.add(finding(&same, ("the same", "相同"), Wording::none()));
        }
        if earlier.count > 0 {
            let hint = Wording::new(
                "The row of the largest turnover was kept: the others were written earlier.",
                "已保留成交额最大的一行：其余各行写入较早。",
            );
            findings.add(finding(&earlier, ("other", "不同"), hint));
        }
        if other.count > 0 {
            findings.lose(finding(&other, ("other", "不同"), self.advice()));
        }
        (UInt32Array::from(kept), lost)
    }

    /// What to do about rows of one key that hold different values.
    fn advice(&self) -> Wording {
        match self.table {
            Table::Quote => Wording::new(
                "Check which row is right; the first one was kept.",
                "请核对哪一行正确；已保留第一行。",
            ),
            _ => Wording::new(
                "Check which row is right; none of them was kept.",
                "请核对哪一行正确；这些行都未导入。",
            ),
        }
    }

    /// The one of some rows of an index at one time whose turnover is the largest, if one alone has it:
    /// turnover only grows, so that the others were written while that time was running.
    fn latest(&self, group: &[(u64, u32)]) -> Option<u32> {
        if self.table != Table::IndexQuote {
            return None;
        }
        let place = self.table.schema().index_of("turnover").ok()?;
        let Values::Array(turnover) = &self.values[place] else { return None };
        let turnover = turnover.as_primitive_opt::<Int64Type>()?;
        let of = |row: u32| turnover.is_valid(row as usize).then(|| turnover.value(row as usize));
        let most = group.iter().filter_map(|(_, row)| of(*row)).max()?;
        let mut latest = group.iter().filter(|(_, row)| of(*row) == Some(most));
        let (_, row) = latest.next()?;
        latest.all(|(_, other)| self.equal(*row, *other)).then_some(*row)
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

    /// The batch of the rows in the given order, or in their own. Each column is freed as soon as
    /// it has been reordered, so that a large file is not in memory twice.
    fn batch(self, rows: Option<&UInt32Array>, texts: &Texts) -> Result<RecordBatch, ArrowError> {
        let Unordered { table, whos, days, names, values } = self;
        let schema = table.schema();
        let in_order = || {
            let count = rows.map_or(days.len(), |rows| rows.len());
            (0..count).map(|at| rows.map_or(at, |rows| rows.value(at) as usize))
        };
        let ordered = |(field, values): (&Arc<Field>, Values)| -> Result<ArrayRef, ArrowError> {
            Ok(match (values, rows) {
                (Values::Key, _) if field.data_type() == &DataType::Date32 => {
                    Arc::new(Date32Array::from_iter_values(in_order().map(|row| days[row])))
                }
                (Values::Key, _) => {
                    let mut column = StringBuilder::with_capacity(days.len(), days.len() * 9);
                    in_order().for_each(|row| column.append_value(&names[whos[row] as usize]));
                    Arc::new(column.finish())
                }
                (Values::Array(array), None) => array,
                (Values::Array(array), Some(rows)) => take(&array, rows, None)?,
                (Values::Text(numbers), _) => {
                    let mut column = StringBuilder::new();
                    for row in in_order() {
                        let number = numbers.is_valid(row).then(|| numbers.value(row));
                        let number = number.and_then(|number| u32::try_from(number).ok());
                        column.append_option(number.map(|number| texts.text(number)));
                    }
                    Arc::new(column.finish())
                }
            })
        };
        let fields: Vec<&Arc<Field>> = schema.fields().iter().collect();
        let columns: Result<Vec<ArrayRef>, ArrowError> =
            fields.into_par_iter().zip(values).map(ordered).collect();
        RecordBatch::try_new(Arc::clone(&schema), columns?)
    }
}

/// The sort key of rows: the date, columns between it and the symbol, the symbol (or market) as
/// text, and further columns.
struct Keys<'a> {
    days: &'a [i32],
    whos: &'a [u32],
    /// The rank of each name among the sorted names.
    ranks: Vec<u32>,
    between: Vec<Numbers>,
    after: Vec<Numbers>,
}

/// A column of the key.
enum Numbers {
    Narrow(Int32Array),
    Wide(Int64Array),
}

impl Numbers {
    /// The ranks of a key column's texts among its texts in order.
    fn of_texts(numbers: &Int32Array, texts: &Texts) -> Numbers {
        let text = |number: i32| u32::try_from(number).map_or("", |number| texts.text(number));
        let mut all: Vec<i32> = numbers.iter().flatten().collect();
        all.sort_unstable();
        all.dedup();
        all.sort_by(|a, b| text(*a).cmp(text(*b)));
        let rank: HashMap<i32, i32> = all.into_iter().zip(0..).collect();
        let ranks = numbers.iter().map(|number| number.and_then(|n| rank.get(&n).copied()));
        Numbers::Narrow(ranks.collect())
    }

    /// A key column's numbers; `None` if they are all null.
    fn of(array: &ArrayRef) -> Option<Numbers> {
        if array.null_count() == array.len() {
            return None;
        }
        let days = array.as_primitive_opt::<Date32Type>();
        let days = days.map(|days| days.reinterpret_cast::<Int32Type>());
        let narrow = days.or_else(|| array.as_primitive_opt().cloned()).map(Numbers::Narrow);
        narrow.or_else(|| array.as_primitive_opt().cloned().map(Numbers::Wide))
    }

    /// A row's number; nulls sort first.
    fn at(&self, row: u32) -> Option<i64> {
        let row = row as usize;
        match self {
            Numbers::Narrow(array) => array.is_valid(row).then(|| i64::from(array.value(row))),
            Numbers::Wide(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

impl Keys<'_> {
    fn of<'a>(rows: &'a Unordered, texts: &Texts) -> Keys<'a> {
        let schema = rows.table.schema();
        let places = rows.table.key().iter().filter_map(|name| schema.index_of(name).ok());
        let (mut between, mut after) = (Vec::new(), Vec::new());
        let mut seen = 0;
        for place in places {
            match &rows.values[place] {
                Values::Key => seen += 1,
                Values::Array(array) if seen < 2 => between.extend(Numbers::of(array)),
                Values::Array(array) => after.extend(Numbers::of(array)),
                Values::Text(numbers) => after.push(Numbers::of_texts(numbers, texts)),
            }
        }
        Keys { days: &rows.days, whos: &rows.whos, ranks: rows.ranks(), between, after }
    }

    fn rank(&self, row: u32) -> u32 {
        self.ranks[self.whos[row as usize] as usize]
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        let numbers = |columns: &[Numbers]| {
            let orders = columns.iter().map(|column| column.at(a).cmp(&column.at(b)));
            orders.fold(Ordering::Equal, Ordering::then)
        };
        let by_day = self.days[a as usize].cmp(&self.days[b as usize]);
        by_day
            .then_with(|| numbers(&self.between))
            .then_with(|| self.rank(a).cmp(&self.rank(b)))
            .then_with(|| numbers(&self.after))
    }

    /// A number for each row that does not decrease in key order. If the ranges of the columns
    /// allow, as they do in any sound file, rows whose keys differ up to the symbol have different
    /// numbers.
    fn leads(&self) -> Vec<u64> {
        let day = |row: u32| i64::from(self.days[row as usize]);
        let next = |row: u32| self.between.first().and_then(|column| column.at(row));
        let rows = 0..self.days.len() as u32;
        let range = |numbers: &mut dyn Iterator<Item = i64>| {
            let ends = |(least, most): (i64, i64), n: i64| (least.min(n), most.max(n));
            let (least, most) = numbers.fold((i64::MAX, i64::MIN), ends);
            (least, if least > most { 0 } else { most.abs_diff(least) })
        };
        let (first_day, days) = range(&mut rows.clone().map(day));
        let (least, span) = range(&mut rows.clone().filter_map(next));
        // Nulls sort first.
        let nexts = span.saturating_add(2);
        let place = |row: u32| next(row).map_or(0, |n| n.abs_diff(least) + 1);
        let names = self.ranks.len() as u64;
        let fit = days.checked_add(1).and_then(|days| days.checked_mul(nexts)?.checked_mul(names));
        if fit.is_none() || self.between.len() > 1 {
            return rows.map(|row| day(row).abs_diff(first_day)).collect();
        }
        let lead = |row: u32| {
            let before = day(row).abs_diff(first_day) * nexts + place(row);
            before * names + u64::from(self.rank(row))
        };
        rows.map(lead).collect()
    }
}

/// Rows whose key occurred before.
#[derive(Default)]
struct Repeats {
    count: u64,
    examples: Vec<String>,
}

impl Repeats {
    fn add(&mut self, rows: &[(u64, u32)], example: impl Fn(u32) -> String) {
        self.count += rows.len() as u64;
        for (_, row) in rows {
            if self.examples.len() < 3 {
                self.examples.push(example(*row));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::new_null_array;
    use arrow::datatypes::Int64Type;
    use proptest::prelude::*;

    const NAMES: [&str; 4] = ["600000.SH", "000001.SZ", "920000.BJ", "000001.SH"];

    proptest! {
        /// In whatever order rows arrive, they leave sorted, each key once; every row left out is
        /// counted.
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
            let batch = unordered.order(&Texts::default(), "f", &mut findings).unwrap().0;
            let mut expected = std::collections::BTreeMap::new();
            for (day, who, total) in &rows {
                let same = expected.entry((*day, NAMES[*who as usize])).or_insert(Some(*total));
                *same = same.filter(|first| first == total);
            }
            // Rows with different values under one key are all dropped.
            expected.retain(|_, total| total.is_some());
            let expected: Vec<_> =
                expected.into_iter().map(|(key, total)| (key, total.unwrap())).collect();
            let symbols = batch.column(0).as_string::<i32>();
            let days = batch.column(1).as_primitive::<Date32Type>();
            let totals = batch.column(2).as_primitive::<Int64Type>();
            let found: Vec<((i32, &str), i64)> = (0..batch.num_rows())
                .map(|row| ((days.value(row), symbols.value(row)), totals.value(row)))
                .collect();
            prop_assert_eq!(&found, &expected);
            let left_out: u64 = findings.finish().iter().map(|finding| finding.count).sum();
            prop_assert_eq!(left_out as usize, rows.len() - found.len());
        }

        /// The same for quotes, whose key has columns before and after the symbol; rows that arrive
        /// sorted stay as they are.
        #[test]
        fn quotes_leave_sorted_and_once(
            rows in proptest::collection::vec((
                (few_or_extreme(), 0_u32..4),
                (few_or_extreme(), proptest::option::of(0_i32..2), 0_i64..2),
                1_i64..3,
            ), 0..60),
            sorted in any::<bool>(),
        ) {
            type Row = ((i32, u32), (i32, Option<i32>, i64), i64);
            let key = |row: &Row| {
                let ((day, who), (time, span, sequence), _) = *row;
                (day, time, NAMES[who as usize], span, sequence)
            };
            let mut rows = rows;
            if sorted {
                rows.sort_by_key(key);
                rows.dedup_by_key(|row| key(row));
            }
            let schema = Table::Quote.schema();
            let values = schema.fields().iter().map(|field| match field.name().as_str() {
                "session" | "symbol" => Values::Key,
                "time" => small(rows.iter().map(|row| Some(row.1.0))),
                "span" => small(rows.iter().map(|row| row.1.1)),
                "sequence" => wide(rows.iter().map(|row| row.1.2)),
                "volume" => wide(rows.iter().map(|row| row.2)),
                _ => Values::Array(new_null_array(field.data_type(), rows.len())),
            });
            let unordered = Unordered {
                table: Table::Quote,
                whos: rows.iter().map(|row| row.0.1).collect(),
                days: rows.iter().map(|row| row.0.0).collect(),
                names: NAMES.map(str::to_owned).to_vec(),
                values: values.collect(),
            };
            let mut findings = Findings::default();
            let batch = unordered.order(&Texts::default(), "f", &mut findings).unwrap().0;
            let mut expected = std::collections::BTreeMap::new();
            for row in &rows {
                expected.entry(key(row)).or_insert(row.2);
            }
            let volumes = batch["volume"].as_primitive::<Int64Type>().values().to_vec();
            prop_assert_eq!(volumes, expected.values().copied().collect::<Vec<_>>());
            let times = batch["time"].as_primitive::<Int32Type>();
            let symbols = batch["symbol"].as_string::<i32>();
            for (row, (_, time, name, ..)) in expected.keys().enumerate() {
                prop_assert_eq!((times.value(row), symbols.value(row)), (*time, *name));
            }
            let left_out: u64 = findings.finish().iter().map(|finding| finding.count).sum();
            prop_assert_eq!(left_out as usize, rows.len() - expected.len());
        }
    }

    /// Rows of one security on one day, each with a name and an issue price; nothing else.
    fn listed(table: Table, rows: &[(Option<i32>, i32)]) -> Unordered {
        let schema = table.schema();
        let values = schema.fields().iter().map(|field| match field.name().as_str() {
            "symbol" | "observed_on" | "session" => Values::Key,
            "name" => Values::Text(rows.iter().map(|(name, _)| *name).collect()),
            "issue_price" | "open" => small(rows.iter().map(|(_, price)| Some(*price))),
            "time" => small(rows.iter().map(|_| Some(34_200))),
            "volume" => wide(rows.iter().map(|_| 100)),
            _ => Values::Array(new_null_array(field.data_type(), rows.len())),
        });
        Unordered {
            table,
            whos: vec![0; rows.len()],
            days: vec![20_496; rows.len()],
            names: vec!["600519.SH".to_owned()],
            values: values.collect(),
        }
    }

    #[test]
    fn rows_of_one_key_are_the_same_if_all_their_values_are() {
        let mut texts = Texts::default();
        let [one, other] = ["甲", "乙"].map(|text| Some(texts.number(text) as i32));
        for (rows, kept) in [
            (&[(one, 5)][..], 1),
            (&[(one, 5), (one, 5)], 1),
            (&[(None, 5), (None, 5), (None, 5)], 1),
            (&[(one, 5), (other, 5)], 0),
            (&[(one, 5), (None, 5)], 0),
            (&[(one, 5), (one, 6)], 0),
            (&[(one, 5), (one, 5), (other, 5)], 0),
        ] {
            let mut findings = Findings::default();
            let unordered = listed(Table::Security, rows);
            let (batch, lost) = unordered.order(&texts, "f", &mut findings).unwrap();
            assert_eq!((batch.num_rows(), lost.len()), (kept, rows.len() * (1 - kept)), "{rows:?}");
            assert!(lost.iter().all(|lost| *lost == (20_496, 0)));
            if kept == 1 && rows[0].0.is_some() {
                assert_eq!(batch["name"].as_string::<i32>().value(0), "甲");
            }
            let told = findings.finish();
            let counts: Vec<u64> = told.iter().map(|finding| finding.count).collect();
            let left_out = (rows.len() - kept) as u64;
            assert_eq!(counts, if left_out > 0 { vec![left_out] } else { Vec::new() });
            let Some(told) = told.first() else { continue };
            let (values, hint) = match kept {
                1 => ("the same", ""),
                _ => ("other", "Check which row is right; none of them was kept."),
            };
            let row = "600519.SH 2026-02-12";
            let en = format!("Rows are repeated with {values} values and were left out: {row}");
            assert!(told.detail.en.starts_with(&en), "{}", told.detail.en);
            assert_eq!((told.hint.en.as_str(), told.subject.as_str()), (hint, "security"));
        }
    }

    #[test]
    fn of_quotes_the_first_row_is_kept_and_three_examples_are_given() {
        let rows: Vec<(Option<i32>, i32)> = (0..6).map(|price| (None, price)).collect();
        let mut findings = Findings::default();
        let unordered = listed(Table::Quote, &rows);
        let (batch, lost) = unordered.order(&Texts::default(), "f", &mut findings).unwrap();
        assert_eq!(batch["open"].as_primitive::<Int32Type>().values().to_vec(), [0]);
        assert_eq!(lost, [(20_496, 0); 5]);
        let told = &findings.finish()[0];
        assert_eq!(told.count, 5);
        assert_eq!(told.detail.en.matches("600519.SH 2026-02-12").count(), 3);
        assert_eq!(told.hint.en, "Check which row is right; the first one was kept.");
    }

    /// Of levels of one time the one of the largest turnover is the last; of two such ones none is.
    #[test]
    fn of_levels_the_one_of_the_largest_turnover_is_kept() {
        let levels = |rows: &[(i32, Option<i64>)]| Unordered {
            table: Table::IndexQuote,
            whos: vec![0; rows.len()],
            days: vec![20_496; rows.len()],
            names: vec!["000001.SH".to_owned()],
            values: vec![
                Values::Key,
                Values::Key,
                small(rows.iter().map(|_| Some(36_000))),
                small(rows.iter().map(|_| None)),
                small(rows.iter().map(|_| None)),
                small(rows.iter().map(|_| None)),
                small(rows.iter().map(|(last, _)| Some(*last))),
                Values::Array(Arc::new(Int64Array::from_iter(rows.iter().map(|(_, fen)| *fen)))),
            ],
        };
        for (rows, kept, lost) in [
            (&[(7, Some(5)), (8, Some(9)), (9, Some(4))][..], Some(8), 0),
            (&[(7, None), (8, Some(9)), (8, Some(9))], Some(8), 0),
            (&[(7, Some(9)), (8, Some(9))], None, 2),
            (&[(7, None), (8, None)], None, 2),
            (&[(7, None), (7, None)], Some(7), 0),
        ] {
            let mut findings = Findings::default();
            let (batch, without) =
                levels(rows).order(&Texts::default(), "f", &mut findings).unwrap();
            let last = batch["last"].as_primitive::<Int32Type>().values().first().copied();
            assert_eq!((last, without.len()), (kept, lost), "{rows:?}");
            assert_eq!(findings.finish().len(), 1);
        }
    }

    /// Few values, or extremes whose range does not fit the lead number.
    fn few_or_extreme() -> impl Strategy<Value = i32> {
        prop_oneof![40 => -1_i32..2, 1 => Just(i32::MIN), 1 => Just(i32::MAX)]
    }

    fn small(numbers: impl Iterator<Item = Option<i32>>) -> Values {
        Values::Array(Arc::new(Int32Array::from_iter(numbers)))
    }

    fn wide(numbers: impl Iterator<Item = i64>) -> Values {
        Values::Array(Arc::new(Int64Array::from_iter_values(numbers)))
    }
}
