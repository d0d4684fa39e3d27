//! Files under recipes.
//!
//! Of whatever is read, three things hold: the batches are those of their tables, each key once
//! and in order; their rows go through the store's own reading and writing unchanged; and written
//! as a CSV or Parquet file in the tables' units they are read again as they were.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use ::parquet::arrow::ArrowWriter;
use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int32Type, TimeUnit};
use arrow::util::display::array_value_to_string;
use blowfish::BlowfishLE;
use blowfish::cipher::{Block, BlockCipherEncrypt, KeyInit};
use fupan_source::vendor::{Answer, Dataset, Wanted};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, Table};

use crate::rows;

/// A file larger than this shows nothing that a smaller one does not.
const LARGEST: usize = 1 << 20;

/// A folder for the file that is read.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder for the file"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        let folder = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).expect("a folder for the file");
        std::fs::write(&path, bytes).expect("a file to read");
        path
    }

    pub(crate) fn read(
        &self,
        recipe: &Recipe,
        name: &str,
        bytes: &[u8],
    ) -> Result<Import, SourceError> {
        read(recipe, &self.write(name, bytes), &options(), &NoProgress)
    }
}

fn options() -> ReadOptions {
    ReadOptions { as_of: Some("2026-02-12".parse().expect("a date")), partial: Partial::Accepted }
}

/// Any text is a recipe or is refused at a line it has; a comment changes nothing.
pub fn recipe(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Recipe::from_toml("any", text) {
        Ok(recipe) => {
            let commented = Recipe::from_toml("any", &format!("# a comment\n{text}"));
            let commented = commented.expect("a comment changes nothing");
            assert_eq!(recipe.source(), commented.source());
            assert!(!recipe.source().trim().is_empty());
        }
        Err(SourceError::BadRecipe { line, reason, .. }) => {
            assert!(line <= 1 + text.matches('\n').count(), "line {line}: {reason:?}");
            assert!(!reason.is_empty());
        }
        Err(other) => panic!("{other}"),
    }
}

/// The first line names a built-in recipe, the rest is the file.
pub fn csv(bytes: &[u8]) {
    let (recipe, file) = by_name(
        bytes,
        &[
            "bars-15m",
            "bse-tushare",
            "index-baostock",
            "index-csv",
            "margin-csv",
            "security-list",
            "share-list",
            "star50-csv",
            "tushare-daily",
        ],
    );
    holds(&recipe, "sh000688.csv", file);
}

/// A recipe of the reader's own, a line `---`, and the file.
pub fn csv_recipe(bytes: &[u8]) {
    const BETWEEN: &[u8] = b"\n---\n";
    let Some(at) = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN) else {
        return;
    };
    let Ok(text) = std::str::from_utf8(&bytes[..at]) else { return };
    let Ok(recipe) = Recipe::from_toml("own", text) else { return };
    holds(&recipe, "sh600519_20260212.csv", &bytes[at + BETWEEN.len()..]);
}

/// Tabs in runs, as the THS terminal exports.
pub fn ths_table(bytes: &[u8]) {
    let recipe = Recipe::named("ths-table").expect("built in");
    holds(&recipe, "Table-20260109.txt", bytes);
}

/// Text in GB18030: any bytes are read, and a name that was encoded comes back.
pub fn gb18030(bytes: &[u8]) {
    let recipe = Recipe::from_toml(
        "gbk",
        "description = 'd'\nsource = 's'\nformat = 'csv'\nencoding = 'gbk'\n[[table]]\n\
         table = 'security'\n[table.columns]\nsymbol = 'code'\n\
         observed_on = { from = 'file-name' }\nname = 'name'\n",
    );
    let recipe = recipe.expect("the recipe is one");
    holds(&recipe, "names.csv", bytes);
    let name = String::from_utf8_lossy(bytes);
    let (encoded, _, lost) = encoding_rs::GB18030.encode(&name);
    let nothing = ["", "-", "--", "nan", "NaN", "NAN", "null", "NULL", "None", "N/A", "NaT"];
    let spoken = name.trim();
    let told =
        !lost && !spoken.contains(['\0', '\u{FFFD}', '\n', '\r']) && spoken.chars().count() <= 200;
    if !told || name.chars().count() > 200 || nothing.contains(&spoken) {
        return;
    }
    let mut file = b"code,name\n600519.SH,\"".to_vec();
    for byte in encoded.iter() {
        file.push(*byte);
        if *byte == b'"' {
            file.push(b'"');
        }
    }
    file.extend(b"\"\n");
    let import = Folder::new().read(&recipe, "names.csv", &file).expect("one row");
    let names = import.batches[0].1.column_by_name("name").expect("a name").as_string::<i32>();
    assert_eq!(names.value(0), spoken);
}

/// The bytes of a Parquet file, under every built-in recipe that reads one.
pub fn parquet(bytes: &[u8]) {
    let names = ["daily-bars", "index-parquet", "security-list", "share-list"];
    for name in names {
        let recipe = Recipe::named(name).expect("built in");
        holds(&recipe, "list_20260212.parquet", bytes);
    }
}

/// The bytes of a `.day` file of a stock and of an index.
pub fn tdx_day(bytes: &[u8]) {
    let recipe = Recipe::named("tdx-day").expect("built in");
    holds(&recipe, "sh600519.day", bytes);
    holds(&recipe, "sz399001.day", bytes);
}

/// The bytes of a file of TDX's blocks.
pub fn tdx_block(bytes: &[u8]) {
    let recipe = Recipe::named("tdx-block-gn").expect("built in");
    holds(&recipe, "block_gn_20260212.dat", bytes);
}

/// The bytes of TDX's share capital.
pub fn tdx_base(bytes: &[u8]) {
    let recipe = Recipe::named("tdx-base").expect("built in");
    holds(&recipe, "base.dbf", bytes);
}

/// The bytes of TDX's list of an exchange's securities.
pub fn tdx_names(bytes: &[u8]) {
    let recipe = Recipe::named("tdx-names").expect("built in");
    holds(&recipe, "szm.tnf", bytes);
}

/// The bytes of bars of minutes, with prices in floats and in hundredths.
pub fn tdx_minutes(bytes: &[u8]) {
    let recipe = Recipe::named("tdx-five-minutes").expect("built in");
    holds(&recipe, "sh600519.lc5", bytes);
    holds(&recipe, "sh600519.5", bytes);
}

/// A file of TDX's corporate actions, and records in plain that are enciphered into one, beside
/// three days at 10.00, 9.50 and 5.00 yuan.
pub fn tdx_gbbq(bytes: &[u8]) {
    let mut days = Vec::new();
    for (date, fen) in [(20_260_210_u32, 1_000_u32), (20_260_211, 950), (20_260_212, 500)] {
        // A hundred thousand shares cost as many thousand yuan as one costs fen.
        let yuan = fen * 1_000;
        let turnover = u32::from_le_bytes((yuan as f32).to_le_bytes());
        for word in [date, fen, fen, fen, fen, turnover, 100_000, 0] {
            days.extend(word.to_le_bytes());
        }
    }
    let recipe = Recipe::named("tdx-day").expect("built in");
    for actions in [bytes, &enciphered(bytes)] {
        if actions.len() > LARGEST {
            return;
        }
        let folder = Folder::new();
        folder.write("T0002/hq_cache/gbbq", actions);
        let import = folder.read(&recipe, "vipdoc/sh/lday/sh600519.day", &days);
        let import = import.expect("whatever the actions are, the days are read");
        assert_eq!((import.rows_read, import.rows_left_out), (3, 0));
        sound(&recipe, &import);
    }
}

/// A `gbbq` of the records that the bytes are in plain.
fn enciphered(plain: &[u8]) -> Vec<u8> {
    const RECORD: usize = 29;
    let cipher = BlowfishLE::new_from_slice(b"770303770222").expect("a key of twelve bytes");
    let mut file = u32::try_from(plain.len() / RECORD).unwrap_or_default().to_le_bytes().to_vec();
    for record in plain.chunks_exact(RECORD) {
        let (blocks, rest) = record.split_at(24);
        for block in blocks.chunks_exact(8) {
            let mut own = Block::<BlowfishLE>::default();
            own.copy_from_slice(block);
            cipher.encrypt_block(&mut own);
            file.extend_from_slice(&own);
        }
        file.extend_from_slice(rest);
    }
    file
}

/// The bytes of an Excel workbook.
pub fn workbook(bytes: &[u8]) {
    let recipe = Recipe::named("csi-weights").expect("built in");
    holds(&recipe, "000300closeweight.xls", bytes);
}

/// The bytes of a list as JSON.
pub fn json(bytes: &[u8]) {
    let recipe = Recipe::named("csrc-industry").expect("built in");
    holds(&recipe, "industry_20260212.json", bytes);
}

/// What a vendor's interface answered: the first line names a recipe of answers, the rest is the
/// answer. One that a conversation keeps is one that the recipe's format reads.
pub fn answers(bytes: &[u8]) {
    const OF: [(&str, &str); 5] = [
        ("em-list", "eastmoney-shares"),
        ("em-bars", "eastmoney-bars"),
        ("tencent", "tencent-shares"),
        ("sina", "sina-shares"),
        ("tushare-daily", "tushare-daily"),
    ];
    let (recipe, answer) = by_name(bytes, &OF.map(|(recipe, _)| recipe));
    holds(&recipe, "answer.json", answer);
    let (_, dataset) = OF.into_iter().find(|(name, _)| *name == recipe.name()).expect("of these");
    let session = "2026-02-12".parse().expect("a date");
    let symbols = ["600001.SH", "000001.SZ"].map(|text| text.parse().expect("a symbol"));
    let asked = Wanted {
        from: session,
        to: session,
        symbols: symbols.to_vec(),
        calendar: fupan_market::Calendar::builtin(),
    };
    let conversation = Dataset::named(dataset).expect("one of them").ask(&asked);
    let mut conversation = conversation.expect("it can be asked for");
    let before = conversation.next();
    let whole = Answer { status: 200, media_type: None, body: answer };
    match conversation.take(&whole) {
        Ok(()) => {
            let import = Folder::new().read(&recipe, "answer.json", answer);
            // A page of several is not the whole, and its rows may all be wrong.
            if let Err(SourceError::WrongFormat { reason, .. }) = import {
                assert!(reason.en.contains("more rows"), "kept, and then: {}", reason.en);
            }
        }
        Err(_) => assert_eq!(conversation.next(), before, "the same request stays next"),
    }
}

/// A line for each session of the calendar, an empty line, and the bytes of the fields, a quarter
/// each.
pub fn qlib(bytes: &[u8]) {
    let (calendar, fields) = match bytes.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (&bytes[..at + 1], &bytes[at + 2..]),
        None => (&b"2026-02-11\n2026-02-12\n"[..], bytes),
    };
    let folder = Folder::new();
    folder.write("calendars/day.txt", calendar);
    let share = (fields.len() / 6).max(1);
    let names = ["close", "factor", "high", "low", "open", "volume"];
    for (place, name) in names.into_iter().enumerate() {
        let from = (place * share).min(fields.len());
        let to = if place == 5 { fields.len() } else { (from + share).min(fields.len()) };
        folder.write(&format!("features/sh600519/{name}.day.bin"), &fields[from..to]);
    }
    let recipe = Recipe::named("qlib-bin").expect("built in");
    if let Ok(import) = read(&recipe, folder.0.path(), &options(), &NoProgress) {
        sound(&recipe, &import);
        round(&import);
    }
}

/// The recipe that the first line names, or one of them by the first byte, and what follows.
fn by_name<'b>(bytes: &'b [u8], names: &[&str]) -> (Recipe, &'b [u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (first, rest) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    let named = names.iter().find(|name| name.as_bytes() == first);
    let place = usize::from(first.first().copied().unwrap_or_default()) % names.len();
    (Recipe::named(named.unwrap_or(&names[place])).expect("built in"), rest)
}

/// Reads a file, checks what it became, and takes it through the ways back.
fn holds(recipe: &Recipe, name: &str, bytes: &[u8]) {
    if bytes.len() > LARGEST {
        return;
    }
    match Folder::new().read(recipe, name, bytes) {
        Ok(import) => {
            sound(recipe, &import);
            round(&import);
        }
        Err(error) => {
            assert!(!matches!(error, SourceError::Unreadable { .. }), "{error}");
            let message = error.to_string();
            assert!(message.len() < 20_000, "{} bytes of message", message.len());
            // Parquet's own reader panics on some damage; the program refuses such a file.
            let ours = !name.ends_with(".parquet");
            assert!(!(ours && message.contains("cannot be decoded")), "a panic behind: {message}");
        }
    }
}

/// What holds of every import.
pub(crate) fn sound(recipe: &Recipe, import: &Import) {
    assert_eq!(import.source, recipe.source());
    assert!(!import.batches.is_empty());
    for finding in &import.findings {
        assert!(finding.count > 0, "{finding:?}");
    }
    for (table, batch) in &import.batches {
        assert_eq!(batch.schema(), table.schema());
        assert!(batch.num_rows() > 0 && batch.num_rows() as u64 <= import.rows_read);
        let mut keys = HashSet::new();
        let mut last: Option<[String; 2]> = None;
        for row in 0..batch.num_rows() {
            let cell = |name: &&str| {
                let array = batch.column_by_name(name).expect("a column of the key");
                array_value_to_string(array, row).expect("a value in words")
            };
            let key: Vec<String> = table.key().iter().map(cell).collect();
            assert!(keys.insert(key.clone()), "{table:?} twice: {key:?}");
            let (day, who) = match table {
                Table::Security
                | Table::ShareCapital
                | Table::Industry
                | Table::GroupMember
                | Table::IndexWeight => (cell(&"observed_on"), cell(&"symbol")),
                Table::Definition => (cell(&"kind"), cell(&"name")),
                Table::Margin => (cell(&"session"), cell(&"market")),
                Table::Quote | Table::IndexQuote => {
                    let time = cell(&"time");
                    (cell(&"session"), format!("{time:0>5} {}", cell(&"symbol")))
                }
                _ => (cell(&"session"), cell(&"symbol")),
            };
            let key = [day, who];
            assert!(last.as_ref().is_none_or(|last| *last <= key), "{table:?}: {key:?}");
            last = Some(key);
        }
        rows::come_back(*table, batch);
    }
}

/// Rows written as a file in the tables' own units are read as they were.
fn round(import: &Import) {
    for (table, batch) in &import.batches {
        let Some(recipe) = own_recipe(*table) else { continue };
        let folder = Folder::new();
        let again = [
            folder.read(recipe, "rows.csv", &as_csv(batch)),
            folder.read(recipe, "rows.parquet", &as_parquet(batch)),
        ];
        for again in again {
            let again = match again {
                Ok(again) => again,
                // Rows that were left out weighed in on the first judgement.
                Err(SourceError::WrongUnits { .. }) => continue,
                Err(error) => panic!("{table:?}: {error}\n{}", csv_text(batch)),
            };
            let (_, found) = &again.batches[0];
            assert_eq!(found.columns(), batch.columns(), "{}", csv_text(batch));
        }
    }
}

/// A recipe for files with a table's own columns, in units that lose nothing; `None` of definitions,
/// which are whole texts.
fn own_recipe(table: Table) -> Option<&'static Recipe> {
    static OWN: LazyLock<Vec<(Table, Recipe)>> = LazyLock::new(|| {
        let tables = Table::ALL.into_iter().filter(|table| *table != Table::Definition);
        tables.map(|table| (table, written_for(table))).collect()
    });
    OWN.iter().find(|(known, _)| *known == table).map(|(_, recipe)| recipe)
}

fn written_for(table: Table) -> Recipe {
    let mut text = format!(
        "description = 'd'\nsource = 's'\nformat = ['parquet', 'csv']\n[[table]]\n\
         table = '{}'\n[table.columns]\n",
        table.name()
    );
    for field in table.schema().fields() {
        let name = field.name();
        let unit = match field.metadata().get("unit").map(String::as_str) {
            Some("0.0001 CNY") => "unit = 'yuan', decimals = 4",
            Some("0.0001 point") => "unit = 'point'",
            Some("0.0001 %") => "unit = 'percent'",
            Some("0.01 CNY") => "unit = 'fen'",
            Some(unit @ ("shares" | "seconds" | "number")) => &format!("unit = '{unit}'"),
            _ => "",
        };
        let comma = if unit.is_empty() { "" } else { ", " };
        text.push_str(&format!("{name} = {{ column = '{name}'{comma}{unit} }}\n"));
    }
    Recipe::from_toml("own", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn is_price(batch: &RecordBatch, column: usize) -> bool {
    let schema = batch.schema();
    let unit = schema.field(column).metadata().get("unit").cloned().unwrap_or_default();
    unit.starts_with("0.0001")
}

/// A price in four decimals, whatever its sign.
fn four_decimals(units: i32) -> String {
    format!("{}.{:04}", units / 10_000, units % 10_000)
}

/// A field in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn csv_text(batch: &RecordBatch) -> String {
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..batch.num_rows() {
        let cells = batch.columns().iter().enumerate().map(|(column, array)| {
            if array.is_null(row) {
                String::new()
            } else if is_price(batch, column) {
                four_decimals(array.as_primitive::<Int32Type>().value(row))
            } else if schema.field(column).name() == "time" {
                let second = array.as_primitive::<Int32Type>().value(row);
                format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
            } else {
                quoted(&array_value_to_string(array, row).expect("a value in words"))
            }
        });
        text.push_str(&(cells.collect::<Vec<_>>().join(",") + "\n"));
    }
    text
}

fn as_csv(batch: &RecordBatch) -> Vec<u8> {
    csv_text(batch).into_bytes()
}

/// Prices as decimals of yuan, times of day as times.
fn as_parquet(batch: &RecordBatch) -> Vec<u8> {
    let schema = batch.schema();
    let columns = batch.columns().iter().enumerate().map(|(column, array)| {
        let name = schema.field(column).name().clone();
        let array: ArrayRef = if is_price(batch, column) {
            let units = array.as_primitive::<Int32Type>().iter().map(|units| units.map(i128::from));
            let decimals = Decimal128Array::from_iter(units).with_precision_and_scale(12, 4);
            Arc::new(decimals.expect("prices have ten digits"))
        } else if name == "time" {
            // Parquet knows no times in seconds.
            let seconds = cast(array, &DataType::Time32(TimeUnit::Second));
            let time = seconds.and_then(|s| cast(&s, &DataType::Time32(TimeUnit::Millisecond)));
            time.expect("seconds of a day")
        } else {
            array.clone()
        };
        (name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length");
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("a file");
    file
}
