//! Finding, digesting and bounding what is imported.

use super::*;

#[test]
fn a_file_is_read_whole_up_to_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.day");
    let read = |bytes: usize| {
        fs::write(&path, vec![7; bytes]).unwrap();
        content(&path, 10).map(|read| read.len())
    };
    assert_eq!([0, 9, 10].map(|bytes| read(bytes).unwrap()), [0, 9, 10]);
    assert!(matches!(read(11), Err(SourceError::TooLarge { .. })));
}

fn recipe(name: &str) -> Recipe {
    Recipe::builtin(name).unwrap()
}

/// Writes a file below a folder; its content is its path.
fn write(folder: &Path, name: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, name).unwrap();
}

/// Answers of a vendor that were refused are kept beside those that were not, and are none.
#[test]
fn refused_answers_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["spot-1.json", "refused/spot-2.json", "2025/refused/spot-3.json"] {
        write(folder.path(), name);
    }
    let read = || {
        let payload = Payload::undigested(&recipe("em-list"), folder.path()).unwrap();
        payload.files.len()
    };
    assert_eq!(read(), 3);
    write(folder.path(), "manifest.json");
    assert_eq!(read(), 2);
}

#[test]
fn a_pipe_is_copied_whole_up_to_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    let copied = |bytes: usize| {
        fs::write(&path, vec![7; bytes]).unwrap();
        spooled(&path, 10).map(|copy| fs::read(copy).unwrap().len())
    };
    assert_eq!([0, 9, 10].map(|bytes| copied(bytes).unwrap()), [0, 9, 10]);
    let told = copied(11).unwrap_err().to_string();
    assert!(told.contains("more than 10 bytes"), "{told}");
}

#[test]
fn an_import_has_so_many_bytes_and_files() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.csv", "b.csv", "c.csv"] {
        write(folder.path(), name);
    }
    let digested = |files: usize, bytes: u64| {
        let mut payload = Payload::undigested(&recipe("tushare-daily"), folder.path()).unwrap();
        payload.digest(files, bytes).map_err(|error| error.to_string())
    };
    assert_eq!(digested(4, 15), Ok(()));
    let told = digested(4, 14).unwrap_err();
    assert!(told.contains("15 bytes or more") && told.contains("14 bytes"), "{told}");
    let told = digested(3, 15).unwrap_err();
    assert!(told.contains("3 files or more") && told.contains("3 files"), "{told}");
    let (mut found, wanted): (Vec<PathBuf>, fn(&Path) -> bool) = (Vec::new(), is_table);
    collect(folder.path(), wanted, 1, 2, &mut found).unwrap();
    assert_eq!(found.len(), 2);
}

#[test]
fn a_folder_is_searched_for_the_files_of_its_format() {
    let folder = tempfile::tempdir().unwrap();
    let nine = "1/2/3/4/5/6/7/8/9";
    for name in [
        "a.csv",
        "b.TXT",
        "c.tsv",
        "d.xls",
        "e.parquet",
        "f.day",
        "g.DAY",
        "h.doc",
        "day",
        "calendars/day.txt",
        "features/sh600001/close.day.bin",
        "features/x/close.bin",
        "1/2/3/4/5/6/7/8/deep.csv",
        &format!("{nine}/deeper.csv"),
    ] {
        write(folder.path(), name);
    }
    let found = |name: &str| {
        let payload = Payload::undigested(&recipe(name), folder.path()).unwrap();
        assert!(payload.is_folder());
        let inside = |path: &PathBuf| {
            path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned()
        };
        payload.files.iter().map(inside).collect::<Vec<String>>()
    };
    let tables = ["1/2/3/4/5/6/7/8/deep.csv", "a.csv", "b.TXT", "c.tsv", "calendars/day.txt"];
    assert_eq!(found("tushare-daily"), [&tables[..], &["d.xls", "e.parquet"]].concat());
    assert_eq!(found("tdx-day"), ["f.day", "g.DAY"]);
    assert_eq!(found("qlib-bin"), ["calendars/day.txt", "features/sh600001/close.day.bin"]);
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "inside/a.csv");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("inside/loop.csv")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("inside/a.csv"), folder.path().join("b.csv"))
        .unwrap();
    let payload = Payload::undigested(&recipe("tushare-daily"), folder.path()).unwrap();
    let names: Vec<String> = payload.files.iter().map(|path| stem(path)).collect();
    assert_eq!(names, ["b", "a"]);
}

#[test]
fn a_member_is_known_by_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "shares/sh600001.csv");
    let known = |path: &Path| {
        let payload = Payload::undigested(&recipe("tushare-daily"), path).unwrap();
        let member = payload.members().next().unwrap();
        (payload.name(), payload.subject.to_string(), member.subject.to_string(), member.shown)
    };
    let file = folder.path().join("shares/sh600001.csv");
    let shown: Arc<str> = file.to_string_lossy().into();
    let [stem, name] = ["sh600001", "sh600001.csv"].map(str::to_owned);
    assert_eq!(known(&file), (name, stem.clone(), stem.clone(), shown.clone()));
    let shares = "shares".to_owned();
    assert_eq!(known(&folder.path().join("shares")), (shares.clone(), shares, stem, shown));
}

#[test]
fn a_folder_is_digested_with_the_names_of_its_files() {
    let digest = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let payload = Payload::open(&recipe("tushare-daily"), folder.path()).unwrap();
        payload.hasher.finalize()
    };
    let whole = digest(&[("a.csv", "12"), ("b.csv", "3")]);
    assert_eq!(digest(&[("b.csv", "3"), ("a.csv", "12")]), whole);
    assert_ne!(digest(&[("a.csv", "1"), ("b.csv", "23")]), whole);
    assert_ne!(digest(&[("a.csv", "12"), ("c.csv", "3")]), whole);
    assert_ne!(digest(&[("a.csv", "12"), ("b.csv", "4")]), whole);
}

#[test]
fn names_speak_of_dates() {
    let date = |name| date_in_name(name).map(|date| date.to_string());
    assert_eq!(date("stock_basic_20260528.parquet").as_deref(), Some("2026-05-28"));
    assert_eq!(date("stock_metas_202602.parquet").as_deref(), Some("2026-02-28"));
    assert_eq!(date("Table-20260109.txt").as_deref(), Some("2026-01-09"));
    assert_eq!(date("sh000688.csv"), None);
    assert_eq!(date("list_20261399.csv"), None);
    assert_eq!(date("star50_to_202606.csv").as_deref(), Some("2026-06-30"));
    // The first that is a date of the exchanges' years; a day before a month.
    assert_eq!(date("202601_19891231_19900101.csv").as_deref(), Some("1990-01-01"));
    assert_eq!(date("21000101_20991231.csv").as_deref(), Some("2099-12-31"));
    assert_eq!(date("198912_199001.csv").as_deref(), Some("1990-01-31"));
    assert_eq!(date("2026021_202613_0212.csv"), None);
}
