//! The layout of a text file: where its header is, how its rows are cut, and what is said of both.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::Import;

/// A list of securities and their names, with further lines.
fn recipe(head: &str) -> Recipe {
    let text = format!(
        "description = \"d\"\nsource = \"mine\"\nformat = \"csv\"\n{head}\n[[table]]\n\
         table = \"security\"\n[table.columns]\nsymbol = \"code\"\n\
         observed_on = {{ column = \"date\", from = \"file-name\" }}\nname = \"name\"\n\
         industry = {{ column = \"industry\", optional = true }}\n"
    );
    Recipe::from_toml("mine", &text).unwrap()
}

fn take(recipe: &Recipe, bytes: impl AsRef<[u8]>) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list_20260212.csv");
    std::fs::write(&path, bytes).unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Accepted };
    read(recipe, &path, &options, &NoProgress)
}

/// The rows that were kept, and the layout in both languages.
fn seen(recipe: &Recipe, bytes: impl AsRef<[u8]>) -> (usize, String, String) {
    let import = take(recipe, bytes).unwrap();
    (import.batches[0].1.num_rows(), import.layout.en, import.layout.zh)
}

fn of(rows: usize, en: &str, zh: &str) -> (usize, String, String) {
    (rows, en.to_owned(), zh.to_owned())
}

fn refused(recipe: &Recipe, bytes: impl AsRef<[u8]>) -> String {
    take(recipe, bytes).unwrap_err().to_string()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

const LIST: &str = "code,name\n600519.SH,贵州茅台\n000001.SZ,平安银行\n";

#[test]
fn the_header_is_one_of_the_first_thirty_lines() {
    let below = |titles: usize| format!("{}{LIST}", "名单\n".repeat(titles));
    assert_eq!(seen(&recipe(""), LIST), of(2, "", ""));
    assert_eq!(seen(&recipe(""), below(1)), of(2, "header in line 2", "表头在第2行"));
    assert_eq!(seen(&recipe(""), below(29)), of(2, "header in line 30", "表头在第30行"));
    assert!(take(&recipe(""), below(30)).is_err());
    // Whatever ends the lines.
    for end in ["\r\n", "\r"] {
        let text = below(2).replace('\n', end);
        assert_eq!(seen(&recipe(""), text), of(2, "header in line 3", "表头在第3行"), "{end:?}");
    }
}

#[test]
fn a_layout_is_said_in_words_where_it_is_not_plain() {
    let titled = format!("名单\n\n{LIST}");
    assert_eq!(
        seen(&recipe(""), gbk(&titled.replace(',', "\t"))),
        of(
            2,
            "GBK text, fields separated by tabs, header in line 3",
            "GBK文本，以制表符分隔，表头在第3行"
        )
    );
    let bars = LIST.replace(',', "|");
    assert_eq!(seen(&recipe(""), bars), of(2, "fields separated by bars", "以竖线分隔"));
    let semicolons = LIST.replace(',', ";");
    assert_eq!(
        seen(&recipe(""), semicolons),
        of(2, "fields separated by semicolons", "以分号分隔")
    );
    let spaces = recipe("delimiter = \" \"\nmerge_delimiters = true");
    let text = LIST.replace(',', "   ");
    assert_eq!(seen(&spaces, text), of(2, "fields separated by spaces", "以空格分隔"));
    let utf16 = encoding_rs::Encoding::for_label(b"utf-16le").unwrap();
    let bytes: Vec<u8> =
        [0xFEFF].into_iter().chain(LIST.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let name = utf16.name();
    assert_eq!(seen(&recipe(""), bytes), of(2, &format!("{name} text"), &format!("{name}文本")));
}

#[test]
fn rows_may_be_cut_otherwise_than_their_header() {
    let header = "code\tname\n";
    let rows = "600519.SH,贵州茅台\n\n000001.SZ,平安银行\n";
    let commas = of(2, "", "");
    assert_eq!(seen(&recipe(""), format!("{header}{rows}")), commas);
    // Delimiters behind the last field are no fields.
    let trailing = rows.replace("茅台", "茅台,,").replace("银行", "银行,");
    assert_eq!(seen(&recipe(""), format!("{header}{trailing}")), commas);
    let titles = "名单\n".repeat(29);
    let late = seen(&recipe(""), format!("{titles}{header}{rows}"));
    assert_eq!(late, of(2, "header in line 30", "表头在第30行"));
    // Most rows decide.
    let mixed = format!("{header}000002.SZ\t万科\n{rows}");
    assert_eq!(take(&recipe(""), &mixed).unwrap().rows_left_out, 1);
    assert_eq!(seen(&recipe(""), mixed), commas);
}

#[test]
fn a_delimiter_that_the_file_contradicts_is_named() {
    let semicolons = recipe("delimiter = \";\"");
    let told = take(&semicolons, LIST).unwrap_err();
    let told = fupan_market::InLanguage::wording(&told);
    let en = "its fields are separated by commas: write `delimiter = \",\"` in the recipe, or \
              leave `delimiter` out";
    assert!(told.en.contains(en), "{}", told.en);
    let zh = "字段以逗号分隔：请在配方中写`delimiter = \",\"`，或不写`delimiter`";
    assert!(told.zh.contains(zh), "{}", told.zh);
    let runs = recipe("delimiter = \" \"\nmerge_delimiters = true");
    let told = take(&runs, LIST.replace(',', "\t")).unwrap_err();
    let told = fupan_market::InLanguage::wording(&told);
    let en = "separated by tabs: write `delimiter = \"\\t\"` without `merge_delimiters` in";
    assert!(told.en.contains(en), "{}", told.en);
    assert!(told.zh.contains("`delimiter = \"\\t\"`并去掉`merge_delimiters`"), "{}", told.zh);
    // A header alone does not say how rows are cut.
    let told = refused(&recipe("delimiter = \",\""), "code,name\n");
    assert!(told.contains("has no rows"), "{told}");
}

#[test]
fn a_file_without_a_header_says_what_it_has() {
    let columns = |text: &str| match take(&recipe(""), text) {
        Err(SourceError::MissingColumns { missing, columns, .. }) => (missing, columns),
        other => panic!("{other:?}"),
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    // The line with the most of the columns, however it is cut.
    let text = "名单,甲,乙\n\ncode;title;;\n600519.SH;贵州茅台;;\n";
    assert_eq!(columns(text), (names(&["name"]), names(&["code", "title"])));
    let (missing, named) = columns("weight,height\n1,2,3\n");
    assert_eq!((missing, named), (names(&["code", "name"]), names(&["weight", "height"])));
    let told = refused(&recipe(""), "\n\n\n");
    assert!(told.contains("the file has no header"), "{told}");
    // The columns are there, but not in one line.
    let told = refused(&recipe(""), format!("{}code,name\n", "名单\n".repeat(30)));
    assert!(told.contains("`code`") && told.contains("`name`"), "{told}");
}

/// The first character that is not ASCII may be anywhere.
#[test]
fn an_encoding_is_recognised_wherever_it_begins_to_show() {
    let mut text = "code,name\n".to_owned();
    (600_000..602_000).for_each(|code| text += &format!("{code}.SH,{}\n", "a".repeat(40)));
    let rows = 2_000;
    for (more, begins) in [(0, "贵州茅台"), (1, "a贵州茅台"), (2, "ab贵州茅台")] {
        let text = format!("{text}603000.SH,{begins}\n");
        assert_eq!(seen(&recipe(""), &text), of(rows + 1, "", ""), "{more}");
        assert_eq!(seen(&recipe(""), gbk(&text)), of(rows + 1, "GBK text", "GBK文本"), "{more}");
    }
}

/// A remark stands alone in its line.
#[test]
fn a_remark_below_the_rows_is_no_row() {
    for remark in ["# 完", "数据来源:某终端", "来源：某终端", "注:", "备注", "说明：", "Source: x"]
    {
        let import = take(&recipe(""), format!("{LIST}{remark}\n")).unwrap();
        assert_eq!((import.rows_read, import.rows_left_out), (2, 0), "{remark}");
        let footer = import.findings.iter().find(|f| f.detail.en.starts_with("A line after"));
        assert!(footer.unwrap().detail.en.ends_with(remark), "{remark}");
    }
    for line in ["共2行", "注,甲,乙", "", ","] {
        let import = take(&recipe(""), format!("{LIST}{line}\n")).unwrap();
        let lost = u64::from(!line.trim_matches(',').is_empty());
        assert_eq!(import.rows_left_out, lost, "{line}");
        let footer = import.findings.iter().any(|f| f.detail.en.starts_with("A line after"));
        assert!(!footer, "{line}");
    }
}

#[test]
fn the_example_of_a_broken_record_is_short() {
    let example = |line: &str| {
        let import = take(&recipe(""), format!("{LIST}{line}\n")).unwrap();
        let lost = import.findings.iter().find(|f| f.detail.en.contains("fields than the header"));
        lost.unwrap().detail.en.split_once(": ").unwrap().1.to_owned()
    };
    assert_eq!(example("a,b,c"), "a,b,c");
    assert_eq!(example("a,,c, d "), "a,,c,d");
    assert_eq!(example("1,2,3,4,5,6,7,8,9"), "1,2,3,4,5,6,7,8");
    assert_eq!(example(&format!("{},b,c", "a".repeat(90))), format!("{},b,c", "a".repeat(40)));
}

/// A date in the file is preferred to the one in its name.
#[test]
fn a_column_that_may_be_the_file_name_is_read_where_it_is() {
    let dated = |text: &str| {
        let import = take(&recipe(""), text).unwrap();
        arrow::util::display::array_value_to_string(import.batches[0].1.column(1), 0).unwrap()
    };
    assert_eq!(dated("code,name\n600519.SH,贵州茅台\n"), "2026-02-12");
    assert_eq!(dated("code,name,date\n600519.SH,贵州茅台,2026-01-05\n"), "2026-01-05");
}

/// The layout of a folder is that of its first file that is not plain.
#[test]
fn a_folder_has_the_layout_of_a_file_in_it() {
    let read_all = |files: [&[u8]; 3]| {
        let folder = tempfile::tempdir().unwrap();
        for (place, bytes) in files.iter().enumerate() {
            std::fs::write(folder.path().join(format!("list{place}.csv")), bytes).unwrap();
        }
        let options = ReadOptions { as_of: "2026-02-12".parse().ok(), partial: Partial::Accepted };
        read(&recipe(""), folder.path(), &options, &NoProgress)
    };
    let layout = |files| read_all(files).unwrap().layout.en;
    let (plain, gbk) = (LIST.as_bytes(), gbk(LIST));
    let tabs = LIST.replace(',', "\t");
    assert_eq!(layout([plain, plain, plain]), "");
    assert_eq!(layout([plain, &gbk, tabs.as_bytes()]), "GBK text");
    assert_eq!(layout([tabs.as_bytes(), &gbk, plain]), "fields separated by tabs");
    assert_eq!(layout([plain, b"weight\n1\n", &gbk]), "GBK text");
    // Of files that cannot be read the first says why.
    let other = |columns: &str| format!("{columns}\n1\n").into_bytes();
    match read_all([&other("weight"), &other("height"), &other("width")]) {
        Err(SourceError::MissingColumns { columns, .. }) => assert_eq!(columns, ["weight"]),
        other => panic!("{other:?}"),
    }
}
