//! Files that went wrong on their way: each kind is read right, or refused, or what was left out is
//! said.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow::datatypes::Date32Type;
use fupan_market::{Calendar, Exchange, FindingKind, LostRows, SessionDate};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, Table, daily_bar_rows};
use tempfile::TempDir;

const STRICT: ReadOptions = ReadOptions { as_of: None, partial: Partial::Refused };
const LENIENT: ReadOptions = ReadOptions { as_of: None, partial: Partial::Accepted };

/// A recipe of bare codes in yuan and shares, with further lines.
fn bare(head: &str, session: &str) -> Recipe {
    let text = format!(
        "description = \"d\"\nsource = \"s\"\nformat = [\"parquet\", \"csv\"]\n{head}\n\
         [[table]]\ntable = \"daily_bar\"\n[table.columns]\n\
         symbol = {{ column = \"code\", style = \"bare-stock\" }}\nsession = {session}\n\
         open = {{ column = \"open\", unit = \"yuan\" }}\n\
         high = {{ column = \"high\", unit = \"yuan\" }}\n\
         low = {{ column = \"low\", unit = \"yuan\" }}\n\
         close = {{ column = \"close\", unit = \"yuan\" }}\n\
         prev_close = {{ column = \"pre_close\", unit = \"yuan\", optional = true }}\n\
         volume = {{ column = \"volume\", unit = \"shares\" }}\n\
         turnover = {{ column = \"amount\", unit = \"yuan\", optional = true }}\n"
    );
    Recipe::from_toml("bare", &text).unwrap()
}

fn plain() -> Recipe {
    bare("", "\"date\"")
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn read(&self, recipe: &Recipe, bytes: impl AsRef<[u8]>) -> Result<Import, SourceError> {
        read(recipe, &self.write("file.csv", bytes), &STRICT, &NoProgress)
    }

    fn read_what_is_left(&self, recipe: &Recipe, bytes: impl AsRef<[u8]>) -> Import {
        read(recipe, &self.write("file.csv", bytes), &LENIENT, &NoProgress).unwrap()
    }
}

const HEADER: &str = "code,date,open,high,low,close,volume,amount";

/// A sound row of a share on a date.
fn row(code: u32, date: &str) -> String {
    let close = 10.0 + f64::from(code % 50) / 10.0;
    let (high, low) = (close + 0.1, close - 0.1);
    let amount = close * 1_000_000.0;
    format!("{code:06},{date},{close:.2},{high:.2},{low:.2},{close:.2},1000000,{amount:.2}")
}

/// A sound file of some shares on one date.
fn file(shares: u32) -> String {
    let rows: String = (0..shares).map(|n| row(600_000 + n, "2026-02-12") + "\n").collect();
    format!("{HEADER}\n{rows}")
}

fn sessions(import: &Import) -> Vec<String> {
    let days = import.batches[0].1.column(0).as_primitive::<Date32Type>();
    let day = |day: &i32| SessionDate::from_epoch_days(*day).unwrap().to_string();
    days.values().iter().map(day).collect()
}

fn rows(import: &Import) -> usize {
    import.batches.iter().find(|(table, _)| *table == Table::DailyBar).unwrap().1.num_rows()
}

#[test]
fn a_zone_is_honoured_in_parquet_text_and_counts() {
    let folder = Folder::new();
    let millis = 20_496_i64 * 86_400_000 - 8 * 3_600_000;
    let columns = |date: ArrayRef| {
        let floats = |v: f64| Arc::new(Float64Array::from(vec![v])) as ArrayRef;
        RecordBatch::try_from_iter([
            ("code", Arc::new(StringArray::from(vec!["600001"])) as ArrayRef),
            ("date", date),
            ("open", floats(10.0)),
            ("high", floats(10.1)),
            ("low", floats(9.9)),
            ("close", floats(10.0)),
            ("volume", Arc::new(Int64Array::from(vec![100_000])) as ArrayRef),
        ])
        .unwrap()
    };
    let parquet = |date: ArrayRef| {
        let batch = columns(date);
        let mut bytes = Vec::new();
        let mut writer =
            parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    };
    let zoned = TimestampMillisecondArray::from(vec![millis]).with_timezone("Asia/Shanghai");
    let import = folder.read(&plain(), parquet(Arc::new(zoned))).unwrap();
    assert_eq!(sessions(&import), ["2026-02-12"]);
    let count: ArrayRef = Arc::new(Int64Array::from(vec![millis]));
    let recipe = bare("", "{ column = \"date\", style = \"epoch-ms\" }");
    assert_eq!(sessions(&folder.read(&recipe, parquet(count.clone())).unwrap()), ["2026-02-12"]);
    let error = folder.read(&plain(), parquet(count)).unwrap_err().to_string();
    assert!(error.contains("epoch-ms"), "{error}");
    // Midnight in Shanghai, its zone lost: only the recipe can tell.
    let naive: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![millis]));
    let error = folder.read(&plain(), parquet(naive.clone())).unwrap_err().to_string();
    assert!(error.contains("zone = \"UTC\""), "{error}");
    let recipe = bare("", "{ column = \"date\", zone = \"UTC\" }");
    assert_eq!(sessions(&folder.read(&recipe, parquet(naive)).unwrap()), ["2026-02-12"]);
    for date in ["2026-02-12T00:00:00+08:00", "2026-02-11T16:00:00Z", "2026-02-12 15:00:00"] {
        let text = format!("{HEADER}\n{}\n", row(600_001, date));
        assert_eq!(sessions(&folder.read(&plain(), text).unwrap()), ["2026-02-12"], "{date}");
    }
}

#[test]
fn a_stray_quotation_mark_does_not_swallow_rows_in_silence() {
    let folder = Folder::new();
    let sound = file(300);
    let broken = sound.replacen("600010,", "\"600010,", 1);
    let error = folder.read(&plain(), &broken).unwrap_err();
    assert!(matches!(error, SourceError::TooMuchLost { lost: 290.., .. }), "{error}");
    assert!(error.to_string().contains("quotation mark"), "{error}");
    let left = folder.read_what_is_left(&plain(), &broken);
    assert_eq!((rows(&left), left.rows_read, left.rows_left_out), (10, 300, 290));
    // Two marks in one line shift its fields; the other rows are whole.
    let shifted = sound.replacen("600010,2026-02-12", "\"600010,2026-02-12\"", 1);
    let left = folder.read(&plain(), shifted).unwrap();
    assert_eq!((rows(&left), left.rows_left_out), (299, 1));
}

#[test]
fn a_record_has_the_fields_of_its_header() {
    let folder = Folder::new();
    let sound = file(200);
    let cut = &sound[..sound.len() - 20];
    let left = folder.read(&plain(), cut).unwrap();
    assert_eq!((rows(&left), left.rows_left_out), (199, 1));
    let found = |import: &Import, part: &str| {
        import.findings.iter().any(|finding| finding.detail.en.contains(part))
    };
    assert!(found(&left, "fewer fields"), "{:?}", left.findings);
    assert!(!found(&left, "the row was kept"), "it was left out: {:?}", left.findings);
    let more = sound.replacen(",1000000,", ",1,000,000,", 1);
    let left = folder.read(&plain(), more).unwrap();
    assert!((rows(&left), left.rows_left_out) == (199, 1) && found(&left, "more fields"));
    // A line without an end may be cut inside its last value.
    let session = Some("2026-02-12".parse().unwrap());
    let lost = [LostRows { session, exchange: None, symbol: None, rows: 1 }];
    assert_eq!(left.lost, lost, "the session of a broken record is read where it is there");
    let no_end = folder.read(&plain(), sound.trim_end()).unwrap();
    assert!(rows(&no_end) == 200 && found(&no_end, "no line end"), "{:?}", no_end.findings);
    // However many rows are read at a time.
    let mut many = format!("{HEADER}\n");
    for session in ["2026-02-06", "2026-02-09", "2026-02-10", "2026-02-11"] {
        (600_000..601_000).for_each(|code| many += &(row(code, session) + "\n"));
        (603_000..604_000).for_each(|code| many += &(row(code, session) + "\n"));
    }
    (605_000..605_192).for_each(|code| many += &(row(code, "2026-02-12") + "\n"));
    let no_end = folder.read(&plain(), many.trim_end()).unwrap();
    assert!(rows(&no_end) == 8_192 && found(&no_end, "no line end"), "{:?}", no_end.findings);
    // Delimiters at the end of lines are none.
    let trailing = sound.replace('\n', ",,\n");
    assert_eq!(rows(&folder.read(&plain(), trailing).unwrap()), 200);
}

#[test]
fn titles_repeated_headers_and_footers_are_no_rows() {
    let folder = Folder::new();
    let text = format!(
        "日线 不复权\n\n{}{HEADER}\n{}\n数据来源:某终端\n# end\n",
        file(2),
        row(600_010, "2026-02-12")
    );
    let import = folder.read(&plain(), &text).unwrap();
    assert_eq!((rows(&import), import.rows_read, import.rows_left_out), (3, 3, 0));
    assert_eq!(import.layout.en, "header in line 3");
    let recipe = bare("refuse_titles = [\"前复权\"]", "\"date\"");
    let adjusted = text.replace("不复权", "前复权");
    let error = folder.read(&recipe, adjusted).unwrap_err().to_string();
    assert!(error.contains("前复权"), "{error}");
    // A second header of other columns makes another file of what follows.
    let other = format!("{}code,date,high,open,low,close,volume,amount\n", file(2));
    let error = folder.read(&plain(), other).unwrap_err().to_string();
    assert!(error.contains("two files in one"), "{error}");
    let twice = file(2).replacen("volume", "close", 1);
    assert!(folder.read(&plain(), twice).is_err());
}

#[test]
fn spellings_of_dates_and_numbers_are_read_for_the_whole_column() {
    let folder = Folder::new();
    let dates = ["2025/9/30", "2025/10/9", "2025/10/10", "20251013", "20251014.0", "45945"];
    let rows_of: String = dates.iter().map(|date| row(600_001, date) + "\n").collect();
    let import = folder.read(&plain(), format!("{HEADER}\n{rows_of}")).unwrap();
    assert_eq!(
        sessions(&import),
        ["2025-09-30", "2025-10-09", "2025-10-10", "2025-10-13", "2025-10-14", "2025-10-15"]
    );
    let numbers = format!(
        "{HEADER}\n=\"600001\",2026-02-12,\"1,500.00\",\"1,510.00\",\"1,490.00\",１５００．００,12.50万,1.875亿\n\
         '600002,2026-02-12,--,None,停牌,－,0,\n"
    );
    let import = folder.read(&plain(), &numbers).unwrap();
    let bars = &import.batches[0].1;
    assert_eq!((rows(&import), import.rows_left_out), (2, 0));
    let shown = |column: usize| {
        arrow::util::display::array_value_to_string(bars.column(column), 0).unwrap()
    };
    assert_eq!([5, 7, 8].map(shown), ["15000000", "125000", "18750000000"]);
    let unreadable = format!("{HEADER}\n{}\n", row(600_001, "12/02/2026"));
    let error = folder.read(&plain(), unreadable).unwrap_err().to_string();
    assert!(error.contains("2026-02-12") && error.contains("12/02/2026"), "{error}");
}

#[test]
fn codes_without_their_zeros_are_refused_or_filled_up() {
    let folder = Folder::new();
    let rows_of: String = ["1", "2.0", "600519"]
        .map(|code| row(600_001, "2026-02-12").replacen("600001", code, 1) + "\n")
        .concat();
    let text = format!("{HEADER}\n{rows_of}");
    let error = folder.read(&plain(), &text).unwrap_err().to_string();
    assert!(error.contains("leading zeros") && error.contains("bare-stock-padded"), "{error}");
    let padded = Recipe::from_toml(
        "padded",
        &"description = 'd'\nsource = 's'\nformat = 'csv'\n[[table]]\ntable = 'daily_bar'\n\
          [table.columns]\nsymbol = { column = 'code', style = 'bare-stock-padded' }\n\
          session = 'date'\nopen = { column = 'open', unit = 'yuan' }\n\
          high = { column = 'high', unit = 'yuan' }\nlow = { column = 'low', unit = 'yuan' }\n\
          close = { column = 'close', unit = 'yuan' }\n\
          volume = { column = 'volume', unit = 'shares' }\n"
            .replace('\'', "\""),
    )
    .unwrap();
    let import = folder.read(&padded, &text).unwrap();
    let symbols = import.batches[0].1.column(1).as_string::<i32>();
    let names: Vec<&str> = symbols.iter().flatten().collect();
    assert_eq!(names, ["000001.SZ", "000002.SZ", "600519.SH"]);
}

#[test]
fn a_row_that_speaks_against_itself_is_left_out_and_said() {
    let folder = Folder::new();
    let sound = row(600_001, "2026-02-12");
    let fields: Vec<&str> = sound.split(',').collect();
    let with = |changes: &[(usize, &str)]| {
        let mut fields = fields.clone();
        changes.iter().for_each(|(place, value)| fields[*place] = value);
        format!("{HEADER}\n{}\n", fields.join(","))
    };
    for (what, changes) in [
        ("turnover without volume", &[(6, "")][..]),
        ("zero volume and turnover", &[(6, "0")]),
        ("prices moved without volume", &[(6, ""), (7, "")]),
        ("a price that stands for none", &[(3, "99999.99")]),
        ("a low above the high", &[(4, "10.5")]),
        ("a turnover of another row", &[(7, "90000000")]),
        ("a volume beyond any", &[(6, "50000000000"), (7, "")]),
    ] {
        let text = with(changes);
        let refused = folder.read(&plain(), &text);
        assert!(refused.is_err(), "{what}: {refused:?}");
        // Beside many sound rows it is left out, and counted.
        let many =
            format!("{}{}\n", file(200), text.lines().nth(1).unwrap().replace("600001", "601001"));
        let left = folder.read(&plain(), many).unwrap();
        assert_eq!((rows(&left), left.rows_left_out), (200, 1), "{what}");
        assert!(!left.findings.is_empty(), "{what}");
    }
    // Nothing at all, or the last price repeated, is a day without trade.
    for changes in [
        &[(2, ""), (3, ""), (4, ""), (5, ""), (6, ""), (7, "")][..],
        &[(2, "10.10"), (3, "10.10"), (4, "10.10"), (5, "10.10"), (6, "0"), (7, "0")],
        &[(2, "0"), (3, "0"), (4, "0"), (5, "10.10"), (6, "0"), (7, "")],
    ] {
        let import = folder.read(&plain(), with(changes)).unwrap();
        assert_eq!((rows(&import), import.rows_left_out), (1, 0), "{changes:?}");
    }
}

#[test]
fn one_board_in_other_units_is_refused() {
    let folder = Folder::new();
    let rows_of = |star_volume: u64| {
        let row = |code: u32, volume: u64| {
            format!("{code:06},2026-02-12,10.00,10.10,9.90,10.00,{volume},\n")
        };
        let main: String = (0..60).map(|n| row(600_000 + n, 3_000_000 + u64::from(n))).collect();
        let star: String = (0..30).map(|n| row(688_000 + n, star_volume + u64::from(n))).collect();
        format!("{HEADER}\n{main}{star}")
    };
    assert_eq!(rows(&folder.read(&plain(), rows_of(1_000_000)).unwrap()), 90);
    for volume in [100_000_000, 10_000] {
        let error = folder.read(&plain(), rows_of(volume)).unwrap_err().to_string();
        assert!(error.contains("STAR") && error.contains("lots-star-shares"), "{error}");
    }
    // A few rows are no proof, and are said.
    let few: Vec<String> = rows_of(100_000_000).lines().map(str::to_owned).collect();
    let few = [&few[..4], &few[61..64]].concat().join("\n") + "\n";
    let import = folder.read(&plain(), few).unwrap();
    let suspect = import.findings.iter().find(|f| f.kind == FindingKind::SuspectUnits).unwrap();
    assert!(suspect.detail.en.contains("STAR row trades"), "{suspect:?}");
}

#[test]
fn columns_that_are_exchanged_are_seen_by_the_next_session() {
    let folder = Folder::new();
    let sessions = ["2026-02-09", "2026-02-10", "2026-02-11", "2026-02-12"];
    let mut text = "code,date,open,high,low,close,pre_close,volume\n".to_owned();
    for code in 0..40 {
        for (day, session) in sessions.iter().enumerate() {
            let close = 1_000 + 10 * code + 3 * day as i32;
            let [open, high, low] = [close - 1, close + 5, close - 5];
            let yuan = |fen: i32| format!("{}.{:02}", fen / 100, fen % 100);
            let prices = [open, high, low, close, close - 3].map(yuan).join(",");
            text.push_str(&format!("{:06},{session},{prices},100000\n", 600_000 + code));
        }
    }
    assert_eq!(rows(&folder.read(&plain(), &text).unwrap()), 160);
    let swapped = text.replacen("open,high,low,close", "close,high,low,open", 1);
    let error = folder.read(&plain(), swapped).unwrap_err();
    assert!(matches!(error, SourceError::Contradiction { .. }), "{error}");
}

#[test]
fn encodings_and_delimiters_are_recognised_and_contradictions_named() {
    let folder = Folder::new();
    let text = format!("{},name\n{},浦发银行\n", HEADER, row(600_000, "2026-02-12"));
    let (gbk, ..) = encoding_rs::GBK.encode(&text);
    let utf16: Vec<u8> =
        [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (bytes, layout) in [
        (text.as_bytes().to_vec(), ""),
        (format!("\u{FEFF}{text}").into_bytes(), ""),
        (gbk.to_vec(), "GBK text"),
        (utf16, "UTF-16LE text"),
        (text.replace(',', ";").into_bytes(), "fields separated by semicolons"),
        (text.replace(',', "\t").into_bytes(), "fields separated by tabs"),
    ] {
        let import = folder.read(&plain(), bytes).unwrap();
        assert_eq!((rows(&import), import.layout.en.as_str()), (1, layout));
    }
    let error = |head: &str, bytes: &[u8]| {
        folder.read(&bare(head, "\"date\""), bytes).unwrap_err().to_string()
    };
    assert!(error("encoding = \"utf-8\"", &gbk).contains("encoding = \"gbk\""));
    assert!(error("encoding = \"gbk\"", text.as_bytes()).contains("encoding = \"utf-8\""));
    let semicolons = text.replace(',', ";");
    assert!(error("delimiter = \",\"", semicolons.as_bytes()).contains("delimiter = \";\""));
    assert!(error("delimiter = \";\"", text.as_bytes()).contains("separated by commas"));
    let latin = text.replace("浦发银行", "Zürich Straße Müller");
    let latin: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    assert!(error("", &latin).contains("neither UTF-8 nor GBK"));
}

/// An encoding is told from the first 64 KiB behind the first character that is not ASCII, which
/// may end within one.
#[test]
fn a_long_text_is_recognised_wherever_its_sample_is_cut() {
    let folder = Folder::new();
    let rows: String =
        (0..3_000).map(|n| row(600_000 + n % 1_000, "2026-02-12") + ",银行\n").collect();
    for first in ["银", "银a", "银ab"] {
        let text = format!("{HEADER},name {first}\n{rows}");
        let import = folder.read(&plain(), &text).unwrap();
        assert_eq!(import.layout.en, "", "{first}");
        let (gbk, ..) = encoding_rs::GBK.encode(&text);
        assert_eq!(folder.read(&plain(), gbk).unwrap().layout.en, "GBK text", "{first}");
    }
}

#[test]
fn lots_of_star_shares_are_shares() {
    let text = "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n[[table]]\n\
                table = \"daily_bar\"\n[table.columns]\nsymbol = \"s\"\nsession = \"d\"\n\
                open = { column = \"o\", unit = \"yuan\" }\n\
                high = { column = \"h\", unit = \"yuan\" }\n\
                low = { column = \"l\", unit = \"yuan\" }\n\
                close = { column = \"c\", unit = \"yuan\" }\n\
                volume = { column = \"v\", unit = \"lots-star-shares\" }\n";
    let recipe = Recipe::from_toml("lots", text).unwrap();
    let rows = "s,d,o,h,l,c,v\n600001.SH,20260212,10,10,10,10,12345\n\
                688001.SH,20260212,10,10,10,10,1234567\n";
    let import = Folder::new().read(&recipe, rows).unwrap();
    let bars = daily_bar_rows(&import.batches[0].1).unwrap();
    let volumes: Vec<u64> = bars.iter().map(|(_, bar)| bar.traded.unwrap().volume).collect();
    assert_eq!(volumes, [1_234_500, 1_234_567]);
}

/// A recipe may fill tables for which a file has no columns.
#[test]
fn a_table_without_its_columns_is_left_empty_and_loses_nothing() {
    let recipe = Recipe::builtin("tushare-daily").unwrap();
    let rows = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n\
                600001.SH,20260212,10,10,10,10,10,10000,10000\n";
    let import = Folder::new().read(&recipe, rows).unwrap();
    assert_eq!((import.rows_read, import.rows_left_out), (1, 0));
    assert!(import.findings.iter().all(|f| f.kind != FindingKind::UnreadableField));
    let filled = import.batches.iter().filter(|(_, batch)| batch.num_rows() > 0);
    assert_eq!(filled.map(|(table, _)| *table).collect::<Vec<_>>(), [Table::DailyBar]);
}

#[test]
fn rows_on_days_without_a_session_are_lost_only_where_they_trade() {
    let folder = Folder::new();
    let weekend = format!("{}{}\n", file(200), row(600_001, "2026-02-14"));
    let import = folder.read(&plain(), &weekend).unwrap();
    assert_eq!((import.rows_left_out, import.rows_not_covered), (1, 0));
    // A whole week one day early: its Monday is a Sunday.
    let early = (8..=12).map(|day| row(600_001, &format!("2026-02-{day:02}")) + "\n");
    let text = format!("{HEADER}\n{}", early.collect::<String>());
    let error = folder.read(&plain(), text).unwrap_err().to_string();
    assert!(error.contains("shifted"), "{error}");
    let still = "600001,2026-02-14,10.00,10.00,10.00,10.00,0,\n";
    let import = folder.read(&plain(), format!("{}{still}", file(2))).unwrap();
    assert_eq!((import.rows_left_out, import.rows_not_covered), (0, 1));
}

#[test]
fn rows_that_disagree_about_one_key_are_all_left_out() {
    let folder = Folder::new();
    let again = row(600_001, "2026-02-12");
    let same = format!("{}{again}\n", file(200));
    let import = folder.read(&plain(), &same).unwrap();
    assert_eq!((rows(&import), import.rows_left_out), (200, 0));
    let other = same.trim_end().rsplit_once(',').unwrap().0.to_owned() + ",10100001.00\n";
    let import = folder.read(&plain(), other).unwrap();
    assert_eq!((rows(&import), import.rows_left_out), (199, 2));
    let duplicates = import.findings.iter().filter(|f| f.kind == FindingKind::DuplicateRow);
    assert_eq!(duplicates.map(|finding| finding.count).sum::<u64>(), 2);
    // Which of two securities a lost row is of is not known, but when, and on which exchange.
    let (session, exchange) = (Some("2026-02-12".parse().unwrap()), Some(Exchange::Sse));
    assert_eq!(import.lost, [LostRows { session, exchange, symbol: None, rows: 2 }]);
    // The reason is said where a file is refused for them.
    let few = format!("{}{}", file(2), again.replace(",1000000,", ",1000100,"));
    let error = folder.read(&plain(), few).unwrap_err();
    assert!(matches!(error, SourceError::TooMuchLost { lost: 2, of: 3, .. }), "{error}");
    assert!(error.to_string().contains("repeated with other values"), "{error}");
}

#[test]
fn a_lost_row_keeps_the_security_that_it_names() {
    let folder = Folder::new();
    let wrong = file(200).replacen(",1000000,", ",0,", 1);
    let import = folder.read(&plain(), wrong).unwrap();
    let symbol = Some("600000.SH".parse().unwrap());
    let (session, exchange) = (Some("2026-02-12".parse().unwrap()), Some(Exchange::Sse));
    assert_eq!(import.lost, [LostRows { session, exchange, symbol, rows: 1 }]);
    // Of very many the exchange's are counted.
    let sessions = ["2026-02-06", "2026-02-09", "2026-02-10", "2026-02-11", "2026-02-12"];
    let mut many = format!("{HEADER}\n");
    for session in sessions {
        let codes = (600_000..601_000).chain(603_000..604_000).chain(605_000..605_100);
        codes.for_each(|code| many += &(row(code, session) + "\n"));
    }
    let import = folder.read_what_is_left(
        &plain(),
        many.replace(",1000000,", ",0,") + &row(605_500, "2026-02-12"),
    );
    assert!(import.lost.iter().all(|lost| lost.symbol.is_none()), "too many are named");
    assert_eq!(import.lost.iter().map(|lost| lost.rows).sum::<u64>(), 5 * 2_100);
    assert_eq!(import.lost.len(), 5, "{:?}", import.lost);
}

/// A line that was cut inside its date names no day: `2026-02-1` may have been any of ten.
#[test]
fn a_cut_date_is_no_date() {
    let folder = Folder::new();
    let lost = |text: String| {
        let import = folder.read(&plain(), text).unwrap();
        import.lost.iter().map(|lost| lost.session).collect::<Vec<_>>()
    };
    let cut = |end: &str| lost(format!("{}600999.SH,{end}", file(200)));
    let session = [Some("2026-02-12".parse().unwrap())];
    assert_eq!(cut("2026-02-1"), [None]);
    assert_eq!(cut("2026-02-12"), [None]);
    assert_eq!(cut("2026-02-12,10"), session);
    assert_eq!(cut("2026-02-12,1,0,10,10,10,1,10"), session);
    // A stray delimiter cuts too, and what it leaves may be a session.
    for stray in ["2026-02-2,4,", "2026-02-,12,", "2026,-02-12,", "2,026-02-12,", "2026/02/12,,"] {
        assert_eq!(cut(&format!("{stray}10,10,10,10,1,10")), [None], "{stray}");
    }
    // Without its time a day by the universal clock is the one before.
    let universal = file(200).replace("2026-02-12", "2026-02-11T16:00:00Z");
    let zoned = |date: &str| lost(format!("{universal}600999,{date},10,10,10,10,1,10\n"));
    assert_eq!(zoned("2026-02-11,T16:00:00Z"), [None]);
    assert_eq!(zoned("2026-02-11T16:00:00Z,"), session);
}

#[test]
fn a_recipe_can_demand_a_value() {
    let folder = Folder::new();
    let text = "date,code,open,high,low,close,preclose,volume,amount,adjustflag\n\
                2026-02-12,sh.600001,10,10.1,9.9,10,10,100,1000,2\n";
    let error = folder.read(&Recipe::named("baostock-daily").unwrap(), text).unwrap_err();
    assert!(error.to_string().contains("adjustflag"), "{error}");
}

#[test]
fn a_folder_of_files_is_one_import() {
    let folder = Folder::new();
    let many = folder.0.path().join("shares");
    std::fs::create_dir(&many).unwrap();
    for code in 600_000..600_120 {
        let rows_of: String = ["2026-02-11", "2026-02-12"].map(|d| row(code, d) + "\n").concat();
        std::fs::write(many.join(format!("{code}.csv")), format!("{HEADER}\n{rows_of}")).unwrap();
    }
    let import = read(&plain(), &many, &STRICT, &NoProgress).unwrap();
    assert_eq!((rows(&import), import.rows_read, import.rows_left_out), (240, 240, 0));
    // One file of another kind is left out and named; of many such files nothing is read.
    std::fs::write(many.join("readme.txt"), "not a table\n").unwrap();
    let import = read(&plain(), &many, &STRICT, &NoProgress).unwrap();
    assert_eq!((rows(&import), import.rows_left_out), (240, 1));
    assert!(import.findings.iter().any(|f| f.detail.en.contains("readme.txt")));
    for n in 0..5 {
        std::fs::write(many.join(format!("other{n}.csv")), "weight\n1\n").unwrap();
    }
    assert!(read(&plain(), &many, &STRICT, &NoProgress).is_err());
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once() {
    let folder = Folder::new();
    let pipe = folder.0.path().join("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, file(3)).unwrap()
    });
    let import = read(&plain(), &pipe, &STRICT, &NoProgress).unwrap();
    writer.join().unwrap();
    assert_eq!((rows(&import), import.file.as_str()), (3, "pipe.csv"));
    let same = folder.read(&plain(), file(3)).unwrap();
    assert_eq!(import.digest, same.digest);
}

#[test]
fn an_example_is_given_once() {
    let folder = Folder::new();
    let bad = ["2026-02-99", "2026-02-99", "2026-02-98"];
    let rows: String = (1..).zip(bad).map(|(n, day)| row(601_000 + n, day) + "\n").collect();
    let import = folder.read_what_is_left(&plain(), format!("{}{rows}", file(10)));
    let unreadable = import.findings.iter().find(|f| f.kind == FindingKind::UnreadableField);
    let finding = unreadable.unwrap();
    assert_eq!(finding.count, 3);
    assert_eq!(finding.detail.en.matches("2026-02-99").count(), 1, "{}", finding.detail.en);
    assert_eq!(finding.detail.en.matches("2026-02-98").count(), 1, "{}", finding.detail.en);
}

/// Closures are announced a year ahead; what lies further away is a slip of a digit.
#[test]
fn days_of_the_years_after_the_calendars_last_ask_for_their_closures() {
    let folder = Folder::new();
    let last = Calendar::builtin().last().date().year();
    let read = |years: i16| {
        folder.read(&plain(), {
            let rows = row(600_001, &format!("{}-01-06", last + years));
            format!("{}{rows}\n", file(200))
        })
    };
    for years in [1, 2] {
        assert!(matches!(read(years), Err(SourceError::Unannounced { .. })), "{years}");
    }
    assert_eq!(read(3).unwrap().rows_left_out, 1);
}

/// Vendors write 99999 where there is no price.
#[test]
fn a_mark_for_no_price_is_no_price() {
    let folder = Folder::new();
    let left_out = |price: &str| {
        let row = format!("601001,2026-02-12,{price},{price},{price},{price},100,\n");
        folder.read_what_is_left(&plain(), format!("{}{row}", file(200))).rows_left_out
    };
    assert_eq!(["99998.99", "99999.00", "99999.99", "999999.00"].map(left_out), [0, 1, 1, 1]);
}
