//! Finds rows that two imports of one source hold with different values.
//!
//! An import without rows in common with an earlier one costs nothing: the tables' logs show which
//! files may hold the same keys.

use std::cmp::Ordering;
use std::path::Path;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, RecordBatch, StringArray, new_null_array,
};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::{Date32Type, FieldRef, SchemaRef};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};
use arrow::util::display::array_value_to_string;
use fupan_market::{Fen, Price, Wording};
use fupan_table::Table;
use parquet::errors::ParquetError;

use crate::StoreError;
use crate::append::Differing;
use crate::append::membership::Memberships;
use crate::delta::log::DataFile;
use crate::delta::scan::{Opened, Rows as Wanted};

/// Most examples shown of rows that differ.
const EXAMPLES: usize = 3;

/// The rows of one table of an import about to be appended.
pub(crate) struct Incoming {
    table: Table,
    schema: SchemaRef,
    rows: RecordBatch,
    /// First and last day of the table's key, if there are rows.
    days: Option<(i32, i32)>,
    symbols: Option<(String, String)>,
    memberships: Option<Memberships>,
    index: Option<Index>,
}

/// The rows, indexed by key.
struct Index {
    converter: RowConverter,
    keys: Rows,
    /// Indices of the rows in key order.
    order: Vec<u32>,
    /// Values, column by column.
    values: Vec<(RowConverter, Rows)>,
    /// The distinct days, ascending.
    days: Vec<i32>,
}

/// How the rows of one file differ from the incoming ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compared {
    /// Rows whose key the import holds with other values.
    pub differing: u64,
    /// First and last day of those rows.
    pub days: Option<(i32, i32)>,
    /// The first of those rows: symbol, date, and what changes.
    pub examples: Vec<Wording>,
}

/// A file's rows whose keys the import does not hold.
pub(crate) struct Rest {
    /// The rows.
    pub rows: RecordBatch,
    /// The number of rows in the file.
    pub of: u64,
    /// Whether each of them is on a day for which the import holds rows.
    pub within_days: bool,
}

impl Incoming {
    /// The rows of an import; `differing` says what happens to earlier rows that differ.
    pub(crate) fn new(
        table: Table,
        batches: &[RecordBatch],
        differing: Differing,
    ) -> Result<Incoming, ArrowError> {
        let schema = table.schema();
        let rows = concat_batches(&schema, batches)?;
        let days = rows.column_by_name(day_column(table)).and_then(|days| {
            let days = days.as_primitive_opt::<Date32Type>()?;
            arrow::compute::min(days).zip(arrow::compute::max(days))
        });
        let symbols = rows.column_by_name("symbol").and_then(|symbols| {
            let symbols: &StringArray = symbols.as_string_opt()?;
            arrow::compute::min_string(symbols).zip(arrow::compute::max_string(symbols))
        });
        let symbols = symbols.map(|(least, greatest)| (least.to_owned(), greatest.to_owned()));
        let memberships = Memberships::of(table, batches, differing == Differing::Replace);
        Ok(Incoming { table, schema, rows, days, symbols, memberships, index: None })
    }

    /// Whether a file may hold rows with the same keys, according to the log.
    pub(crate) fn may_meet(&self, file: &DataFile) -> bool {
        let days = if day_column(self.table) == "session" { file.sessions } else { file.observed };
        let apart_in_days = self.days.zip(days).is_some_and(|(a, b)| a.1 < b.0 || b.1 < a.0);
        let apart_in_symbols = self
            .symbols
            .as_ref()
            .zip(file.symbols.as_ref())
            .is_some_and(|(a, b)| a.1 < b.0 || b.1 < a.0);
        !apart_in_days && !apart_in_symbols
    }

    /// Compares with the rows of a file.
    pub(crate) fn compare(&mut self, file: &DataFile) -> Result<Compared, StoreError> {
        let opened = Opened::open(&file.path)?;
        let wanted: Vec<Wanted<'_>> = self
            .days
            .into_iter()
            .map(|days| Wanted::within(day_column(self.table), days))
            .collect();
        let mut compared = Compared::default();
        let mut batches = Vec::new();
        for group in opened.groups(&wanted) {
            let batch = self.in_schema(&opened.group(0, group, &[])?.batch, &file.path)?;
            self.compare_batch(&batch, &mut compared).map_err(|error| wrong(&file.path, error))?;
            if self.memberships.is_some() {
                batches.push(batch);
            }
        }
        self.compare_lists(&batches, &mut compared);
        Ok(compared)
    }

    /// Compares who is in which list.
    fn compare_lists(&self, batches: &[RecordBatch], compared: &mut Compared) {
        let theirs = Memberships::of(self.table, batches, false);
        let Some((own, theirs)) = self.memberships.as_ref().zip(theirs.as_ref()) else { return };
        let (gone, come) = (theirs.against(own), own.against(theirs));
        let told = gone.iter().map(|one| (one, true)).chain(come.iter().map(|one| (one, false)));
        for (((day, kind, name), symbol), is_gone) in told {
            compared.differing += 1;
            let (least, greatest) = compared.days.unwrap_or((*day, *day));
            compared.days = Some((least.min(*day), greatest.max(*day)));
            if compared.examples.len() < EXAMPLES {
                let on = crate::delta::dates((*day, *day)).map(|(on, _)| on.to_string());
                let list = [kind.as_str(), name, &on.unwrap_or_default()];
                let list: Vec<&str> = list.into_iter().filter(|word| !word.is_empty()).collect();
                let list = fupan_market::shown(&list.join(" ")).into_owned();
                let (en, zh) = match is_gone {
                    true => ("listed → not listed", "在名单中 → 不在名单中"),
                    false => ("not listed → listed", "不在名单中 → 在名单中"),
                };
                compared.examples.push(Wording::new(
                    format!("{symbol} {list}: {en}"),
                    format!("{symbol} {list}：{zh}"),
                ));
            }
        }
    }

    /// The rows of a file whose keys the import does not hold, and that are in no list that it replaces.
    pub(crate) fn rest(&mut self, file: &DataFile) -> Result<Rest, StoreError> {
        let opened = Opened::open(&file.path)?;
        let mut all = Vec::new();
        for group in opened.groups(&[]) {
            all.push(self.in_schema(&opened.group(0, group, &[])?.batch, &file.path)?);
        }
        let theirs = Memberships::of(self.table, &all, false);
        let mut batches = Vec::new();
        let (mut within_days, mut of) = (true, 0);
        for batch in all {
            of += batch.num_rows() as u64;
            let kept = self.not_held(&batch, theirs.as_ref());
            let kept = kept.map_err(|error| wrong(&file.path, error))?;
            within_days &= self.holds_days(&kept);
            batches.push(kept);
        }
        let rows = concat_batches(&self.schema, &batches);
        Ok(Rest { rows: rows.map_err(|error| wrong(&file.path, error))?, of, within_days })
    }

    /// All rows of a file, for a table that the import holds no rows of.
    pub(crate) fn whole(table: Table, file: &DataFile) -> Result<Rest, StoreError> {
        let mut none = Incoming::new(table, &[], Differing::Refuse)
            .map_err(|error| wrong(&file.path, error))?;
        none.rest(file)
    }

    fn not_held(
        &mut self,
        batch: &RecordBatch,
        theirs: Option<&Memberships>,
    ) -> Result<RecordBatch, ArrowError> {
        let table = self.table;
        let both = self.memberships.as_ref().zip(theirs);
        let stays = both.map(|(own, theirs)| own.stays(table, batch, theirs));
        let index = self.index()?;
        let keys = index.converter.convert_columns(&columns(batch, table.key()))?;
        let kept: BooleanArray = (0..batch.num_rows())
            .map(|row| {
                let is_listed = stays.as_ref().is_none_or(|stays| stays[row]);
                Some(is_listed && index.with_key(keys.row(row).as_ref()).is_empty())
            })
            .collect();
        filter_record_batch(batch, &kept)
    }

    fn holds_days(&self, batch: &RecordBatch) -> bool {
        let Some(index) = &self.index else { return false };
        let days = batch.column_by_name(day_column(self.table));
        let days = days.and_then(|days| days.as_primitive_opt::<Date32Type>());
        days.is_some_and(|days| days.values().iter().all(|d| index.days.binary_search(d).is_ok()))
    }

    /// A batch converted to the table's schema.
    fn in_schema(&self, batch: &RecordBatch, path: &Path) -> Result<RecordBatch, StoreError> {
        let column = |field: &FieldRef| {
            // An earlier program may have written fewer columns.
            if batch.column_by_name(field.name()).is_none() && field.is_nullable() {
                return Ok(new_null_array(field.data_type(), batch.num_rows()));
            }
            let column = batch.column_by_name(field.name()).ok_or_else(|| {
                let name = field.name();
                let detail =
                    Wording::new(format!("column `{name}` is missing"), format!("缺少`{name}`列"));
                StoreError::Damaged { path: path.to_path_buf(), detail }
            })?;
            cast(column, field.data_type()).map_err(|error| wrong(path, error))
        };
        let columns = self.schema.fields().iter().map(column).collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| wrong(path, error))
    }

    /// The index by key, built when first needed.
    fn index(&mut self) -> Result<&mut Index, ArrowError> {
        if self.index.is_none() {
            self.index = Some(Index::new(self.table, &self.rows)?);
        }
        self.index.as_mut().ok_or_else(|| ArrowError::ComputeError("no index".to_owned()))
    }

    fn compare_batch(
        &mut self,
        batch: &RecordBatch,
        compared: &mut Compared,
    ) -> Result<(), ArrowError> {
        let (table, rows) = (self.table, self.rows.clone());
        let index = self.index()?;
        let keys = index.converter.convert_columns(&columns(batch, table.key()))?;
        let names = value_columns(table);
        let mut values = Vec::with_capacity(names.len());
        for (name, (converter, _)) in names.iter().zip(&index.values) {
            values.push(converter.convert_columns(&columns(batch, &[name]))?);
        }
        for row in 0..batch.num_rows() {
            let same_key = index.with_key(keys.row(row).as_ref());
            let differs = |place: &u32, column: usize| {
                let (ours, theirs) = (&index.values[column].1, &values[column]);
                let unsaid = || {
                    let null = |batch: &RecordBatch, row| {
                        batch.column_by_name(names[column]).is_none_or(|c| c.is_null(row))
                    };
                    null(&rows, *place as usize) || null(batch, row)
                };
                // Vendors pad names and switch between full and half width.
                let spelled = || {
                    let printed = |batch, row| {
                        shown(batch, names[column], row).map(|n| fupan_market::shown_name(&n))
                    };
                    names[column] == "name"
                        && printed(&rows, *place as usize) == printed(batch, row)
                };
                ours.row(*place as usize) != theirs.row(row)
                    && !(table == Table::Security && (unsaid() || spelled()))
            };
            let equal = |place: &u32| (0..names.len()).all(|column| !differs(place, column));
            let Some(first) = same_key.first().filter(|_| !same_key.iter().any(equal)) else {
                continue;
            };
            compared.differing += 1;
            let day = batch.column_by_name(day_column(table));
            if let Some(day) = day.and_then(|day| day.as_primitive_opt::<Date32Type>()) {
                let day = day.value(row);
                let (least, greatest) = compared.days.unwrap_or((day, day));
                compared.days = Some((least.min(day), greatest.max(day)));
            }
            if compared.examples.len() < EXAMPLES {
                let changed = (0..names.len()).filter(|column| differs(first, *column));
                let changes = changed.map(|column| {
                    let name = names[column];
                    let old = shown(batch, name, row);
                    let new = shown(&rows, name, *first as usize);
                    match name {
                        "text" => first_change(old, new),
                        _ => (name, old, new),
                    }
                });
                let key: Vec<String> =
                    ["symbol", "market", "index_symbol", "kind", "name", day_column(table)]
                        .into_iter()
                        .filter(|name| table.key().contains(name))
                        .filter_map(|name| shown(batch, name, row))
                        .collect();
                compared.examples.push(example(&key, changes));
            }
        }
        Ok(())
    }
}

impl Index {
    fn new(table: Table, rows: &RecordBatch) -> Result<Index, ArrowError> {
        let (converter, keys) = converted(rows, table.key())?;
        let count = u32::try_from(rows.num_rows())
            .map_err(|_| ArrowError::ComputeError("more rows than can be compared".to_owned()))?;
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_by(|a, b| keys.row(*a as usize).cmp(&keys.row(*b as usize)));
        let values = value_columns(table).into_iter().map(|name| converted(rows, &[name]));
        let days = rows.column_by_name(day_column(table));
        let days = days.and_then(|days| days.as_primitive_opt::<Date32Type>());
        let mut days = days.map_or_else(Vec::new, |days| days.values().to_vec());
        days.sort_unstable();
        days.dedup();
        Ok(Index { values: values.collect::<Result<_, _>>()?, converter, keys, order, days })
    }

    /// The indices of the rows with a key.
    fn with_key(&self, key: &[u8]) -> &[u32] {
        let compare = |place: &u32| self.keys.row(*place as usize).as_ref().cmp(key);
        let first = self.order.partition_point(|place| compare(place) == Ordering::Less);
        let rest = &self.order[first..];
        &rest[..rest.partition_point(|place| compare(place) == Ordering::Equal)]
    }
}

fn converted(rows: &RecordBatch, names: &[&str]) -> Result<(RowConverter, Rows), ArrowError> {
    let columns = columns(rows, names);
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone()));
    let converter = RowConverter::new(fields.collect())?;
    let rows = converter.convert_columns(&columns)?;
    Ok((converter, rows))
}

fn columns(rows: &RecordBatch, names: &[&str]) -> Vec<ArrayRef> {
    names.iter().filter_map(|name| rows.column_by_name(name).cloned()).collect()
}

/// The column of a table's key that holds a day; of a table without days there is none of that name.
fn day_column(table: Table) -> &'static str {
    match table {
        Table::Definition => "",
        Table::Security
        | Table::ShareCapital
        | Table::Industry
        | Table::GroupMember
        | Table::IndexWeight => "observed_on",
        Table::DailyBar
        | Table::IndexBar
        | Table::FundBar
        | Table::Margin
        | Table::Quote
        | Table::IndexQuote
        | Table::CodeChange => "session",
    }
}

/// The columns of a table that are not part of its key.
fn value_columns(table: Table) -> Vec<&'static str> {
    let all: &[&str] = match table {
        Table::DailyBar | Table::FundBar => {
            &["open", "high", "low", "close", "prev_close", "volume", "turnover"]
        }
        Table::IndexBar => &["open", "high", "low", "close", "turnover"],
        Table::Security => &["name", "listed_on", "delisted_on", "issue_price", "industry"],
        Table::ShareCapital => &["total_shares", "float_shares"],
        Table::Margin => &["financing_balance", "lending_balance", "financing_buys"],
        Table::Quote => &["open", "high", "low", "last", "volume", "turnover"],
        Table::IndexQuote => &["open", "high", "low", "last", "turnover"],
        Table::CodeChange => &["old_symbol"],
        Table::GroupMember => &["code", "until", "weight"],
        Table::IndexWeight => &["weight"],
        Table::Definition => &["text"],
        Table::Industry => &["code_1", "name_1", "code_2", "name_2", "code_3", "name_3", "until"],
    };
    all.to_vec()
}

/// What changes in a row: its key, and for each column its name, its old and its new value.
fn example(
    key: &[String],
    changes: impl Iterator<Item = (&'static str, Option<String>, Option<String>)>,
) -> Wording {
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    for (name, old, new) in changes {
        let or = |value: &Option<String>, none: &str| value.as_deref().unwrap_or(none).to_owned();
        en.push(format!("{name} {} → {}", or(&old, "none"), or(&new, "none")));
        zh.push(format!("{}{} → {}", column_zh(name), or(&old, "无"), or(&new, "无")));
    }
    let keys_zh: Vec<&str> = key.iter().map(|value| key_zh(value)).collect();
    Wording::new(
        format!("{}: {}", key.join(" "), en.join(", ")),
        format!("{}：{}", keys_zh.join(" "), zh.join("，")),
    )
}

/// A value of a key in Chinese; markets are stored under the names of scopes.
fn key_zh(value: &str) -> &str {
    match value {
        "all-a" => "全部A股",
        "sse" => "上交所",
        "szse" => "深交所",
        "bse" => "北交所",
        other => other,
    }
}

/// A column's name in Chinese.
fn column_zh(name: &str) -> &str {
    match name {
        "open" => "开盘价",
        "high" => "最高价",
        "low" => "最低价",
        "close" => "收盘价",
        "last" => "最新价",
        "prev_close" => "前收盘价",
        "volume" => "成交量",
        "turnover" => "成交额",
        "name" => "名称",
        "listed_on" => "上市日期",
        "delisted_on" => "退市日期",
        "issue_price" => "发行价",
        "industry" => "行业",
        "total_shares" => "总股本",
        "float_shares" => "流通股本",
        "financing_balance" => "融资余额",
        "lending_balance" => "融券余额",
        "financing_buys" => "融资买入额",
        "old_symbol" => "旧代码",
        "code" => "分组代码",
        "code_1" => "一级行业代码",
        "name_1" => "一级行业",
        "code_2" => "二级行业代码",
        "name_2" => "二级行业",
        "code_3" => "三级行业代码",
        "name_3" => "三级行业",
        "until" => "剔除日期",
        "weight" => "权重",
        "text" => "内容",
        other => other,
    }
}

/// A cell as text, prices and money in yuan, weights in percent; `None` if it is null.
fn shown(batch: &RecordBatch, name: &str, row: usize) -> Option<String> {
    let column = batch.column_by_name(name).filter(|column| column.is_valid(row))?;
    let text = array_value_to_string(column, row).unwrap_or_else(|error| error.to_string());
    let schema = batch.schema();
    let unit = schema.field_with_name(name).ok().and_then(|field| field.metadata().get("unit"));
    let number = || text.parse::<i64>().ok();
    let in_yuan = match unit.map(String::as_str) {
        Some("0.0001 CNY" | "0.0001 point") => {
            number().and_then(|units| Price::from_units(units).ok()).map(|price| price.to_string())
        }
        Some("0.01 CNY") => number().map(|fen| Fen(fen).to_string()),
        Some("0.0001 %") => {
            number().map(|weight| format!("{}.{:04} %", weight / 10_000, weight % 10_000))
        }
        _ => None,
    };
    Some(in_yuan.unwrap_or(text))
}

/// Of two texts the first line that differs.
fn first_change(
    old: Option<String>,
    new: Option<String>,
) -> (&'static str, Option<String>, Option<String>) {
    let [old, new] = [old, new].map(Option::unwrap_or_default);
    let (mut was, mut is) = (old.lines(), new.lines());
    loop {
        match (was.next(), is.next()) {
            (Some(was), Some(is)) if was == is => {}
            (was, is) => {
                let line = |line: &str| fupan_market::shown(line.trim()).into_owned();
                return ("text", was.map(line), is.map(line));
            }
        }
    }
}

fn wrong(path: &Path, error: ArrowError) -> StoreError {
    StoreError::parquet(path, ParquetError::from(error))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Date32Array, Int32Array, Int64Array};
    use arrow::datatypes::DataType;

    use super::*;

    #[test]
    fn every_column_is_of_the_key_or_compared() {
        for table in Table::ALL {
            let schema = table.schema();
            let compared = value_columns(table);
            for name in &compared {
                assert!(!column_zh(name).is_ascii(), "{name} has no Chinese name");
            }
            for field in schema.fields() {
                let name = field.name().as_str();
                assert!(
                    table.key().contains(&name) != compared.contains(&name),
                    "{}.{name}",
                    table.name()
                );
            }
            assert_eq!(schema.fields().len(), table.key().len() + compared.len());
            let days = schema.field_with_name(day_column(table));
            assert_eq!(days.is_err(), table == Table::Definition);
            assert!(
                days.is_ok_and(|days| days.data_type() == &DataType::Date32)
                    || table == Table::Definition
            );
        }
    }

    /// A list of one security with a name, as a batch.
    fn list(name: &str) -> RecordBatch {
        let schema = Table::Security.schema();
        let column = |field: &FieldRef| -> ArrayRef {
            match field.name().as_str() {
                "symbol" => Arc::new(StringArray::from(vec!["000002.SZ"])),
                "name" => Arc::new(StringArray::from(vec![name])),
                "observed_on" => Arc::new(Date32Array::from(vec![20_000])),
                _ => new_null_array(field.data_type(), 1),
            }
        };
        let columns = schema.fields().iter().map(column).collect();
        RecordBatch::try_new(schema.clone(), columns).unwrap()
    }

    #[test]
    fn a_name_in_another_spelling_is_the_same_name() {
        let differing = |theirs: &str| {
            let mut incoming =
                Incoming::new(Table::Security, &[list("万  科Ａ")], Differing::Refuse).unwrap();
            let mut compared = Compared::default();
            incoming.compare_batch(&list(theirs), &mut compared).unwrap();
            compared.differing
        };
        assert_eq!(
            ["万科A", "万 科A", "万  科Ａ", "万科B", "ST万科A"].map(differing),
            [0, 0, 0, 1, 1]
        );
    }

    #[test]
    fn cells_are_shown_in_yuan() {
        let schema = Table::DailyBar.schema();
        let places = [schema.index_of("close").unwrap(), schema.index_of("turnover").unwrap()];
        let schema = Arc::new(schema.project(&places).unwrap());
        let closes = Arc::new(Int32Array::from(vec![104_500, 104_567, 0]));
        let turnovers = Arc::new(Int64Array::from(vec![Some(7), Some(123_450), None]));
        let batch = RecordBatch::try_new(schema, vec![closes, turnovers]).unwrap();
        let of = |name: &str| [0, 1, 2].map(|row| shown(&batch, name, row).unwrap_or_default());
        assert_eq!(of("close"), ["10.45", "10.4567", "0.00"]);
        assert_eq!(of("turnover"), ["0.07", "1234.50", ""]);
    }
}
