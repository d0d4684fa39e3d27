//! Excel workbooks: rows are read, and hostile bytes are an error.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::path::PathBuf;

use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, index_weight_rows};
use proptest::prelude::*;

const OPTIONS: ReadOptions = ReadOptions { as_of: None, partial: Partial::Refused };

/// A cell to write.
#[derive(Clone, Copy)]
enum Cell {
    Text(&'static str),
    Number(f64),
    /// A whole number packed in 32 bits.
    Packed(i32),
    Blank,
}
use Cell::{Blank, Number, Packed, Text};

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// The stream of a workbook with one sheet of these rows.
fn stream(rows: &[&[Cell]]) -> Vec<u8> {
    let (mut texts, mut cells, mut count) = (Vec::new(), Vec::new(), 0_u32);
    for (row, of_row) in (0_u16..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*of_row) {
            let place = [row.to_le_bytes(), column.to_le_bytes(), [15, 0]].concat();
            match cell {
                Text(text) => {
                    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                    let length = u16::try_from(units.len() / 2).unwrap().to_le_bytes();
                    texts.push([&length[..], &[1], &units].concat());
                    cells.extend(record(0x00FD, &[&place[..], &count.to_le_bytes()].concat()));
                    count += 1;
                }
                Number(n) => {
                    cells.extend(record(0x0203, &[&place[..], &n.to_le_bytes()].concat()));
                }
                Packed(n) => {
                    let packed = (n << 2 | 2).to_le_bytes();
                    cells.extend(record(0x027E, &[&place[..], &packed].concat()));
                }
                Blank => cells.extend(record(0x0201, &place)),
            }
        }
    }
    let counts = [count.to_le_bytes(), count.to_le_bytes()].concat();
    // A record holds so many bytes; the texts after it are in the next.
    let mut shared = record(0x00FC, &counts);
    for some in texts.chunks(100) {
        shared.extend(record(0x003C, &some.concat()));
    }
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0]);
    let globals = |start: u32| {
        let name = [4, 0, b'd', b'a', b't', b'a'];
        let sheet = [&start.to_le_bytes()[..], &[0, 0], &name].concat();
        [begin(5), record(0x0085, &sheet), shared.clone(), record(0x000A, &[])].concat()
    };
    let start = u32::try_from(globals(0).len()).unwrap();
    [globals(start), begin(0x10), cells, record(0x000A, &[])].concat()
}

/// A compound file with one stream.
fn container(name: &str, stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    const FREE: u32 = 0xFFFF_FFFF;
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4_096), 0);
    let sectors = u32::try_from(stream.len().div_ceil(512)).unwrap();
    let tables = (sectors + 2).div_ceil(127);
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    let mut put = |at: usize, word: u32| header[at..at + 4].copy_from_slice(&word.to_le_bytes());
    put(44, tables);
    put(48, tables);
    put(56, 4_096);
    put(60, END);
    put(68, END);
    for place in 0..109 {
        put(76 + 4 * place as usize, if place < tables { place } else { FREE });
    }
    let mut next: Vec<u32> = (0..tables).map(|_| 0xFFFF_FFFD).collect();
    next.push(END);
    next.extend((1..sectors).map(|sector| tables + 1 + sector));
    next.push(END);
    next.resize(tables as usize * 128, FREE);
    let entry = |name: &str, kind: u8, start: u32, length: usize| {
        let mut entry = vec![0_u8; 128];
        for (place, unit) in name.encode_utf16().enumerate() {
            entry[2 * place..2 * place + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
        entry
    };
    let mut directory = entry("Root Entry", 5, END, 0);
    directory.extend(entry(name, 2, tables + 1, stream.len()));
    directory.resize(512, 0);
    stream.resize(sectors as usize * 512, 0);
    let next: Vec<u8> = next.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, next, directory, stream].concat()
}

fn workbook(rows: &[&[Cell]]) -> Vec<u8> {
    container("Workbook", &stream(rows))
}

const HEAD: [Cell; 5] = [
    Text("日期Date"),
    Text("指数代码 Index Code"),
    Text("成份券代码Constituent Code"),
    Text("成份券名称Constituent Name"),
    Text("权重(%)weight"),
];

fn sound() -> Vec<u8> {
    workbook(&[
        &HEAD,
        &[Text("20260430"), Text("000300"), Text("000001"), Text("甲股份"), Number(60.425)],
        &[Packed(20_260_430), Text("000300"), Text("600002"), Text("乙股份"), Number(9.575)],
        &[Text("20260430"), Text("000300"), Packed(600_003), Blank, Packed(30)],
    ])
}

fn imported(bytes: &[u8]) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("000300closeweight.xls");
    std::fs::write(&path, bytes).unwrap();
    let recognised = recognise(&path).map(|found| found.recipe.name().to_owned());
    let import = read(&Recipe::builtin("csi-weights").unwrap(), &path, &OPTIONS, &NoProgress);
    match &import {
        Ok(_) => assert_eq!(recognised.unwrap(), "csi-weights"),
        // That is what the program says of a panic.
        Err(error) => assert!(!error.to_string().contains("cannot be decoded"), "{error}"),
    }
    import
}

fn told(import: &Import) -> Vec<String> {
    let (table, batch) = &import.batches[0];
    assert_eq!(*table, Table::IndexWeight);
    let rows = index_weight_rows(batch).unwrap();
    rows.iter()
        .map(|row| format!("{} {} {} {:?}", row.observed_on, row.index, row.symbol, row.weight))
        .collect()
}

#[test]
fn the_rows_of_the_first_sheet_are_read() {
    let import = imported(&sound()).unwrap();
    let rows = [
        "2026-04-30 000300.SH 000001.SZ Some(604250)",
        "2026-04-30 000300.SH 600002.SH Some(95750)",
        "2026-04-30 000300.SH 600003.SH Some(300000)",
    ];
    assert_eq!(told(&import), rows);
    assert_eq!((import.rows_read, import.findings.len()), (3, 0));
    assert_eq!(import.layout.en, "first sheet of a workbook");
}

#[test]
fn a_list_of_members_has_no_weights_and_titles_and_remarks_are_no_rows() {
    let row = |code| [Text("20260430"), Text("000300"), Text(code), Text("甲股份")];
    let import = imported(&workbook(&[
        &[Text("某指数成份")],
        &HEAD[..4],
        &row("000001"),
        &row("600002"),
        &[],
        &[Text("注：仅供参考")],
    ]))
    .unwrap();
    assert_eq!(told(&import)[1], "2026-04-30 000300.SH 600002.SH None");
    assert_eq!(import.layout.en, "first sheet of a workbook, header in row 2");
    assert_eq!(import.findings.len(), 1, "{:?}", import.findings);
}

#[test]
fn a_row_is_named_by_its_place_below_the_header() {
    let mut rows = vec![HEAD.to_vec()];
    rows.extend((0..200).map(|_| Vec::new()));
    let row = |code, weight| [Text("20260430"), Text("000300"), Text(code), Blank, weight];
    rows.push(row("600001", Number(100.0)).to_vec());
    rows.push(row("12345X", Number(0.0)).to_vec());
    let rows: Vec<&[Cell]> = rows.iter().map(Vec::as_slice).collect();
    let refused = imported(&workbook(&rows)).unwrap_err();
    let SourceError::TooMuchLost { findings, .. } = refused else { panic!("{refused}") };
    assert_eq!(findings[0].place.as_ref().unwrap().row, Some(202));
}

#[test]
fn many_texts_go_on_from_record_to_record() {
    let names: Vec<&'static str> =
        (0..3_000).map(|n| &*Box::leak(format!("{:06}", 600_000 + n).into_boxed_str())).collect();
    let weight = Number(100.0 / 3_000.0);
    let rows: Vec<[Cell; 5]> = names
        .iter()
        .map(|name| [Text("20260430"), Text("000300"), Text(name), Text("某股份"), weight])
        .collect();
    let rows: Vec<&[Cell]> = [&HEAD[..]].into_iter().chain(rows.iter().map(|r| &r[..])).collect();
    // Of the codes 600000 to 602999 those of 602 are no range.
    let refused = imported(&workbook(&rows)).unwrap_err().to_string();
    assert!(refused.contains("1000 of 3000 rows"), "{refused}");
}

#[test]
fn what_is_no_such_workbook_is_refused_with_the_reason() {
    let error = |bytes: &[u8]| imported(bytes).unwrap_err().to_string();
    let sound = stream(&[&HEAD]);
    let locked = [&sound[..12], &record(0x002F, &[1, 0]), &sound[12..]].concat();
    assert!(error(&container("Workbook", &locked)).contains("password"));
    let mut old = sound.clone();
    old[5] = 5;
    assert!(error(&container("Book", &old)).contains("before Excel 97"));
    assert!(error(&container("WordDocument", &sound)).contains("cut off or damaged"));
    assert!(error(&workbook(&[&HEAD])).contains("no rows"));
    assert!(error(&workbook(&[&[]])).contains("the first sheet is empty"));
    assert!(error(&workbook(&[&[Text("a"), Text("b")]])).contains("指数代码 Index Code"));
    let twice = [&HEAD[..], &HEAD[4..]].concat();
    assert!(error(&workbook(&[&twice])).contains("two columns"));
    let large = [workbook(&[&HEAD]), vec![0; 8 << 20]].concat();
    assert!(error(&large).contains("more than 8388608 bytes"));
    // A recipe of text says what to do with a workbook.
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("a.xls");
    std::fs::write(&path, workbook(&[&HEAD])).unwrap();
    let recipe = Recipe::builtin("index-members").unwrap();
    let refused = read(&recipe, &path, &OPTIONS, &NoProgress).unwrap_err().to_string();
    assert!(refused.contains("save it as CSV") || refused.contains("--as-of"), "{refused}");
}

/// Chains that do not end, in each place where one begins.
#[test]
fn a_chain_of_sectors_without_an_end_is_damage() {
    let sound = sound();
    let with = |at: usize, word: u32| {
        let mut bytes = sound.clone();
        bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        bytes
    };
    // The directory's sector follows itself; the stream's first sector follows itself.
    for (place, sector) in [(1, 1), (2, 2), (4, 2)] {
        let refused = imported(&with(512 + 4 * place, sector)).unwrap_err();
        assert!(matches!(refused, SourceError::Damaged { .. }), "{place}: {refused}");
    }
    // More sectors for the table than the file has, from a sector that names itself.
    assert!(matches!(imported(&with(68, 1)), Ok(_) | Err(SourceError::Damaged { .. })));
    // A stream longer than the file.
    let refused = imported(&with(1_024 + 128 + 120, u32::MAX)).unwrap_err();
    assert!(matches!(refused, SourceError::Damaged { .. }), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn hostile_bytes_are_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = sound();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = imported(&bytes);
    }

    #[test]
    fn hostile_records_are_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut stream = stream(&[&HEAD, &[Text("20260430"), Text("000300"), Packed(1), Number(1.0)]]);
        for (place, byte) in changes {
            let place = place.index(stream.len());
            stream[place] = byte;
        }
        let _ = imported(&container("Workbook", &stream));
    }
}

#[test]
fn the_published_file_is_read() {
    let root = std::env::var_os("FUPAN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("data/index_weights/000300closeweight_20260430.xls");
    if !path.exists() {
        println!("skipped: ../shared is not there");
        return;
    }
    let import = read(&recognise(&path).unwrap().recipe, &path, &OPTIONS, &NoProgress).unwrap();
    assert_eq!((import.recipe.as_str(), import.findings.len()), ("csi-weights", 0));
    let text = path.with_file_name("000300_20260430.csv");
    let same = read(&recognise(&text).unwrap().recipe, &text, &OPTIONS, &NoProgress).unwrap();
    assert_eq!(same.recipe, "index-weights");
    assert_eq!((told(&import).len(), told(&import)), (300, told(&same)));
}
