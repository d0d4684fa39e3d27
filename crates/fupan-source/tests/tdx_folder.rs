//! A TDX terminal's folder: reference prices of ex-rights days from its `gbbq`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod shared;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use blowfish::BlowfishLE;
use blowfish::cipher::{Block, BlockCipherEncrypt, KeyInit};
use fupan_market::{Finding, Price, SessionDate};
use fupan_source::{Grown, NoProgress, Partial, ReadOptions, Recipe, Taken, read, read_grown};
use fupan_table::{Import, Table, daily_bar_rows};

use shared::shared;

fn import(path: &Path) -> Import {
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    read(&Recipe::builtin("tdx-day").unwrap(), path, &options, &NoProgress).unwrap()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A day of one price, in fen, with a thousand lots traded or none.
fn day(date: u32, fen: u32, shares: u32) -> Vec<u8> {
    let yuan = fen as f32 / 100.0 * shares as f32;
    let words = [date, fen, fen, fen, fen, yuan.to_bits(), shares, 0];
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn days(closes: &[(u32, u32)]) -> Vec<u8> {
    closes.iter().flat_map(|(date, fen)| day(*date, *fen, 100_000)).collect()
}

/// An enciphered `gbbq`: exchange, code, date, category, and the numbers of ten shares.
fn gbbq(records: &[(u8, &str, u32, u8, [f32; 4])]) -> Vec<u8> {
    let cipher = BlowfishLE::new_from_slice(b"770303770222").unwrap();
    let mut file = u32::try_from(records.len()).unwrap().to_le_bytes().to_vec();
    for (exchange, code, date, category, numbers) in records {
        let mut record = vec![*exchange];
        record.extend(code.as_bytes());
        record.push(0);
        record.extend(date.to_le_bytes());
        record.push(*category);
        numbers.iter().for_each(|number| record.extend(number.to_le_bytes()));
        for block in record[..24].chunks_exact_mut(8) {
            let mut own = Block::<BlowfishLE>::default();
            own.copy_from_slice(block);
            cipher.encrypt_block(&mut own);
            block.copy_from_slice(&own);
        }
        file.extend(record);
    }
    file
}

/// A record that says no more than that the file is up to date.
const LATE: (u8, &str, u32, u8, [f32; 4]) = (1, "600009", 20_261_231, 5, [1.0; 4]);

/// The previous closes that are stated.
fn stated(import: &Import) -> Vec<String> {
    let (_, batch) = import.batches.iter().find(|(table, _)| *table == Table::DailyBar).unwrap();
    let rows = daily_bar_rows(batch).unwrap();
    let stated = rows.iter().filter_map(|(symbol, bar)| {
        bar.prev_close.map(|price| format!("{} {symbol} {price}", bar.session))
    });
    stated.collect()
}

fn said<'a>(import: &'a Import, words: &str) -> Option<&'a Finding> {
    import.findings.iter().find(|finding| finding.detail.en.contains(words))
}

const STATED: &str = "reference price by the exchanges' formula, from";
const BEYOND: &str = "Prices lie outside every limit";
const AFTER: &str = "later than the newest record";
const DERIVED: &str = "the last traded close is used instead";

#[test]
fn an_ex_rights_day_has_its_reference_price() {
    let folder = tempfile::tempdir().unwrap();
    let closes = [(20_260_107, 1_000), (20_260_108, 720), (20_260_109, 730)];
    write(folder.path(), "vipdoc/sh/lday/sh600001.day", &days(&closes));
    write(folder.path(), "vipdoc/sz/lday/sz000001.day", &days(&closes));
    let day_files = folder.path().join("vipdoc/sh/lday");
    let without = import(&day_files);
    assert_eq!(stated(&without), Vec::<String>::new());
    assert!(
        said(&without, DERIVED).unwrap().detail.en.ends_with("so ex-rights days are not visible")
    );
    let actions = gbbq(&[
        (1, "600001", 20_260_108, 1, [2.0, 5.0, 3.0, 2.0]),
        // The code of another exchange.
        (0, "600001", 20_260_109, 1, [2.0, 0.0, 0.0, 0.0]),
        // Shares that become tradable do not move the price.
        (1, "600001", 20_260_109, 5, [1.0, 2.0, 3.0, 2.0]),
        LATE,
    ]);
    write(folder.path(), "T0002/hq_cache/gbbq", &actions);
    for path in ["vipdoc/sh/lday", "vipdoc/sh/lday/sh600001.day", "vipdoc/sh", "vipdoc", ""] {
        let found = import(&folder.path().join(path));
        assert_eq!(stated(&found), ["2026-01-08 600001.SH 7.20"], "{path}");
        let finding = said(&found, STATED).unwrap();
        assert!(finding.detail.en.ends_with("600001.SH 2026-01-08 10.00 → 7.20"), "{finding:?}");
        assert!(said(&found, "rights issue").is_some() && said(&found, AFTER).is_none());
        assert!(said(&found, DERIVED).unwrap().detail.en.contains("further ex-rights days"));
        assert!(found.layout.en.starts_with("ex-rights days by "), "{}", found.layout.en);
        assert!(found.layout.en.ends_with("gbbq, whose newest record is of 2026-12-31"));
    }
    // What was made of other events is another import.
    let with = import(&day_files);
    assert!(with.id != without.id && with.id == import(&day_files).id);
    write(folder.path(), "T0002/hq_cache/gbbq", &gbbq(&[LATE]));
    assert!(import(&day_files).id != with.id);
}

/// Imports one share's days with these events.
fn of_share(closes: &[(u32, u32)], events: &[(u32, [f32; 4])]) -> Import {
    let mut file = Vec::new();
    for (date, fen) in closes {
        // A price of nothing is a day without trade, on which the last close is repeated.
        let last = closes.iter().rev().find(|(on, fen)| on < date && *fen > 0);
        file.extend(match (fen, last) {
            (0, Some((_, last))) => day(*date, *last, 0),
            _ => day(*date, *fen, 100_000),
        });
    }
    let records = events.iter().map(|(date, numbers)| (1, "600001", *date, 1, *numbers));
    let records: Vec<_> = records.chain([LATE]).collect();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "VIPDOC/sh/lday/sh600001.day", &file);
    write(folder.path(), "T0002/hq_cache/gbbq", &gbbq(&records));
    import(&folder.path().join("VIPDOC"))
}

#[test]
fn an_event_applies_on_the_next_day_with_trade() {
    let cash = [1.0, 0.0, 0.0, 0.0];
    let bonus = [0.0, 0.0, 10.0, 0.0];
    // Without trade on the day; two events while there was none; one on a day that is no session.
    let closes = [(20_260_107, 1_000), (20_260_108, 0), (20_260_109, 990), (20_260_112, 985)];
    let found = of_share(&closes, &[(20_260_108, cash)]);
    assert_eq!(stated(&found), ["2026-01-09 600001.SH 9.90"]);
    let halved = [(20_260_107, 1_000), (20_260_108, 0), (20_260_109, 495), (20_260_112, 480)];
    let found = of_share(&halved, &[(20_260_109, bonus), (20_260_108, cash)]);
    assert_eq!(stated(&found), ["2026-01-09 600001.SH 4.95"]);
    assert_eq!(said(&found, STATED).unwrap().count, 1);
    let found = of_share(&closes, &[(20_260_111, [0.5, 0.0, 0.0, 0.0])]);
    assert_eq!(stated(&found), ["2026-01-12 600001.SH 9.85"]);
    // Before the first day, on it, and after the last.
    let found = of_share(&closes, &[(20_260_105, cash), (20_260_107, cash), (20_260_113, cash)]);
    assert_eq!(stated(&found), Vec::<String>::new());
}

/// A suspension and days that were never downloaded look alike in a share's own file.
#[test]
fn sessions_without_rows_are_a_suspension_if_other_shares_have_them() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, dates: &[u32]| {
        let closes: Vec<(u32, u32)> = dates.iter().map(|date| (*date, 990)).collect();
        write(folder.path(), &format!("vipdoc/{name}.day"), &days(&closes));
    };
    write(
        folder.path(),
        "T0002/hq_cache/gbbq",
        &gbbq(&[(1, "600001", 20_260_109, 1, [1.0, 0.0, 0.0, 0.0]), LATE]),
    );
    let found = |path: &str| import(&folder.path().join(path));
    put("sh/lday/sh600001", &[20_260_107, 20_260_112]);
    let alone = found("vipdoc");
    assert_eq!(stated(&alone), Vec::<String>::new());
    let finding = said(&alone, "no file of the import holds").unwrap();
    assert!(finding.detail.en.ends_with("600001.SH 2026-01-12 9.90 → 9.80"), "{finding:?}");
    // One of the two sessions, or both on another exchange, do not show it.
    put("sh/lday/sh600002", &[20_260_107, 20_260_108, 20_260_112]);
    put("sz/lday/sz000001", &[20_260_107, 20_260_108, 20_260_109, 20_260_112]);
    assert_eq!(stated(&found("vipdoc")), Vec::<String>::new());
    put("sh/lday/sh600003", &[20_260_109]);
    let whole = found("vipdoc");
    assert_eq!(stated(&whole), ["2026-01-12 600001.SH 9.80"]);
    assert!(said(&whole, "no file of the import holds").is_none());
    // The file alone does not show it either.
    assert_eq!(stated(&found("vipdoc/sh/lday/sh600001.day")), Vec::<String>::new());
    // Days without a session between are none that are missing.
    put("sh/lday/sh600001", &[20_260_109, 20_260_112]);
    assert_eq!(stated(&found("vipdoc/sh/lday/sh600001.day")), Vec::<String>::new());
    let actions = gbbq(&[(1, "600001", 20_260_112, 1, [1.0, 0.0, 0.0, 0.0]), LATE]);
    write(folder.path(), "T0002/hq_cache/gbbq", &actions);
    assert_eq!(stated(&found("vipdoc/sh/lday/sh600001.day")), ["2026-01-12 600001.SH 9.80"]);
}

#[test]
fn what_the_days_prices_rule_out_is_not_stated() {
    let closes = [(20_260_107, 1_000), (20_260_108, 1_010), (20_260_109, 1_005)];
    let found = of_share(&closes, &[(20_260_108, [0.0, 0.0, 10.0, 0.0])]);
    assert_eq!(stated(&found), Vec::<String>::new());
    let finding = said(&found, BEYOND).unwrap();
    assert!(finding.detail.en.ends_with("600001.SH 2026-01-08 10.00 → 5.00"), "{finding:?}");
    assert!(said(&found, STATED).is_none());
    // Nor are events of days that are not in order.
    let found = of_share(&[closes[1], closes[0]], &[(20_260_108, [1.0, 0.0, 0.0, 0.0])]);
    assert_eq!(stated(&found), Vec::<String>::new());
    assert!(said(&found, "not in order").is_some());
}

#[test]
fn days_that_the_actions_do_not_reach_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let closes = [(20_260_107, 1_000), (20_260_108, 990), (20_260_109, 980)];
    write(folder.path(), "vipdoc/sh/lday/sh600001.day", &days(&closes));
    let actions = gbbq(&[(1, "600001", 20_260_107, 1, [2.0, 0.0, 0.0, 0.0])]);
    write(folder.path(), "T0002/hq_cache/gbbq", &actions);
    let found = import(&folder.path().join("vipdoc"));
    let finding = said(&found, AFTER).unwrap();
    assert_eq!(finding.count, 2);
    assert!(finding.detail.en.contains(": 2026-01-07"), "{finding:?}");
}

#[test]
fn damaged_actions_leave_the_days_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let closes = [(20_260_107, 1_000), (20_260_108, 990), (20_260_109, 980)];
    write(folder.path(), "vipdoc/sh/lday/sh600001.day", &days(&closes));
    let whole = gbbq(&[(1, "600001", 20_260_108, 1, [2.0, 0.0, 0.0, 0.0]); 3]);
    for bytes in [&whole[..whole.len() - 1], &whole[..50], &[], &[0xFF; 33], &[1; 300]] {
        write(folder.path(), "T0002/hq_cache/gbbq", bytes);
        let found = import(&folder.path().join("vipdoc"));
        assert_eq!((stated(&found).len(), found.rows_read, found.rows_left_out), (0, 3, 0));
        let finding = said(&found, "gbbq could not be used").unwrap();
        assert!(finding.place.as_ref().unwrap().file.ends_with("gbbq"), "{finding:?}");
    }
}

/// Days of a terminal of 2026 with the events that one knew in November 2020, against the
/// exchanges' own reference prices.
#[test]
fn reference_prices_are_those_of_the_exchanges() {
    let (Some(actions), Some(vipdoc)) = (
        shared("fixtures/tdx_fixtures/ginkgo_hq_cache_2022/gbbq"),
        shared("fixtures/tdx_fixtures/tdx-chronos/day"),
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for name in ["sh/lday/sh600000", "sh/lday/sh600519", "sz/lday/sz000001", "sz/lday/sz300750"] {
        let name = format!("{name}.day");
        write(folder.path(), &format!("vipdoc/{name}"), &fs::read(vipdoc.join(&name)).unwrap());
    }
    write(folder.path(), "T0002/hq_cache/gbbq", &fs::read(actions).unwrap());
    let import = import(&folder.path().join("vipdoc"));
    for finding in &import.findings {
        println!("{:?} {}× {}", finding.kind, finding.count, finding.detail.en);
    }
    let found = stated(&import);
    // 170.25 yuan for ten shares after 1,474.50; nothing else of this share in that year.
    let of_2020: Vec<&String> =
        found.iter().filter(|row| row.starts_with("2020-") && row.contains("600519")).collect();
    assert_eq!(of_2020, ["2020-06-24 600519.SH 1457.48"]);
    let mut own: BTreeMap<String, Price> = BTreeMap::new();
    for year in [2014, 2017, 2020] {
        let name = format!("daily_bars/stock_daily_{year}.parquet");
        let Some(path) = shared(&name) else { return };
        let options = ReadOptions { as_of: None, partial: Partial::Refused };
        let recipe = Recipe::builtin("daily-bars").unwrap();
        let import = read(&recipe, &path, &options, &NoProgress).unwrap();
        let (_, batch) = &import.batches[0];
        for (symbol, bar) in daily_bar_rows(batch).unwrap() {
            if let Some(price) = bar.prev_close {
                own.insert(format!("{} {symbol}", bar.session), price);
            }
        }
    }
    let mut compared = 0;
    for row in &found {
        let (key, price) = row.rsplit_once(' ').unwrap();
        let Some(exchange) = own.get(key) else { continue };
        assert_eq!(exchange.to_string(), price, "{row}");
        compared += 1;
    }
    println!("{} stated, {compared} compared", found.len());
    assert!(compared >= 9, "{compared}");
}

/// When a file was last written: a time of a day in Shanghai.
fn written(path: &Path, date: &str, hour: u64) {
    let date: SessionDate = date.parse().unwrap();
    let days = u64::try_from(date.epoch_days()).unwrap();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(days * 86_400 + hour * 3600 - 8 * 3600);
    fs::File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
}

fn grown(folder: &Path, taken: &Taken) -> Grown {
    let recipe = Recipe::builtin("tdx-day").unwrap();
    read_grown(&recipe, &folder.join("vipdoc"), taken, &NoProgress).unwrap()
}

/// The rows of an import: the day, the symbol and the close.
fn rows(grown: &Grown) -> Vec<String> {
    let batches = grown.import.iter().flat_map(|import| &import.batches);
    let bars = batches.filter(|(table, _)| *table == Table::DailyBar);
    let rows = bars.flat_map(|(_, batch)| daily_bar_rows(batch).unwrap());
    rows.map(|(symbol, bar)| format!("{} {symbol} {}", bar.session, bar.traded.unwrap().last))
        .collect()
}

#[test]
fn what_a_folder_has_gained_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let closes = [(20_260_107, 1_000), (20_260_108, 1_010), (20_260_109, 1_020)];
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&closes[..2]));
    write(root, "vipdoc/sz/lday/sz000002.day", &days(&closes[..2]));
    let first = grown(root, &Taken::default());
    assert_eq!(rows(&first).len(), 4);
    assert_eq!((first.taken.files(), first.rewritten.len()), (2, 0));
    let again = grown(root, &first.taken);
    assert!(again.import.is_none() && again.taken == first.taken && again.nothing.is_none());

    write(root, "vipdoc/sh/lday/sh600001.day", &days(&closes));
    let tail = grown(root, &first.taken);
    assert_eq!(rows(&tail), ["2026-01-09 600001.SH 10.20"]);
    // A fault is counted among the new rows, and its place is that in the file.
    let import = tail.import.as_ref().unwrap();
    assert_eq!((import.rows_read, import.rows_left_out), (1, 0));
    let id = |grown: &Grown| grown.import.as_ref().unwrap().id.clone();
    assert_eq!(id(&grown(root, &first.taken)), id(&tail), "the same rows are the same import");
    assert!(grown(root, &tail.taken).import.is_none());
    let other = [closes[0], closes[1], (20_260_109, 1_021)];
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&other));
    assert_ne!(id(&grown(root, &first.taken)), id(&tail), "other rows are another import");
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&closes));

    // A new file, and one that the terminal wrote anew.
    write(root, "vipdoc/sh/lday/sh600006.day", &days(&closes[2..]));
    write(root, "vipdoc/sz/lday/sz000002.day", &days(&[(20_260_107, 999), (20_260_108, 1_010)]));
    let changed = grown(root, &tail.taken);
    let expected = ["2026-01-07 000002.SZ 9.99", "2026-01-08 000002.SZ 10.10"];
    assert_eq!(rows(&changed), [expected[0], expected[1], "2026-01-09 600006.SH 10.20"]);
    assert_eq!(changed.rewritten, ["sz/lday/sz000002.day"]);
    // A shorter file is another one, too.
    write(root, "vipdoc/sh/lday/sh600006.day", &[]);
    assert_eq!(grown(root, &changed.taken).rewritten, ["sh/lday/sh600006.day"]);
}

#[test]
fn events_that_the_terminal_learns_later_change_the_days_they_rest_on() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let closes = [(20_260_107, 1_000), (20_260_108, 720), (20_260_109, 730)];
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&closes));
    write(root, "vipdoc/sh/lday/sh600006.day", &days(&closes));
    let event = (1, "600001", 20_260_108, 1, [2.0, 5.0, 3.0, 2.0]);
    write(root, "T0002/hq_cache/gbbq", &gbbq(&[(event.0, event.1, 20_260_106, 5, event.4)]));
    let first = grown(root, &Taken::default());
    let import = first.import.as_ref().unwrap();
    assert_eq!((stated(import), said(import, AFTER).unwrap().count), (vec![], 6));
    write(root, "T0002/hq_cache/gbbq", &gbbq(&[event, LATE]));
    let later = grown(root, &first.taken);
    assert_eq!(later.rewritten, ["sh/lday/sh600001.day"]);
    assert_eq!(stated(later.import.as_ref().unwrap()), ["2026-01-08 600001.SH 7.20"]);
    // Of the rows that are read again for the close before, nothing is said.
    write(
        root,
        "vipdoc/sh/lday/sh600001.day",
        &days(&[&closes[..], &[(20_260_112, 740)]].concat()),
    );
    let tail = grown(root, &later.taken);
    assert_eq!(rows(&tail), ["2026-01-12 600001.SH 7.40"]);
    let import = tail.import.as_ref().unwrap();
    assert!(said(import, STATED).is_none() && said(import, AFTER).is_none());
    // The event of a day that is new rests on the close that is not.
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&closes[..1]));
    let one = grown(root, &Taken::default());
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&closes[..2]));
    let next = grown(root, &one.taken);
    assert_eq!(stated(next.import.as_ref().unwrap()), ["2026-01-08 600001.SH 7.20"]);
}

#[test]
fn a_day_that_was_written_before_its_close_waits() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let closes = [(20_260_108, 1_000), (20_260_109, 1_010)];
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&closes));
    let path = root.join("vipdoc/sh/lday/sh600001.day");
    written(&path, "2026-01-09", 14);
    let noon = grown(root, &Taken::default());
    assert_eq!(rows(&noon), ["2026-01-08 600001.SH 10.00"]);
    assert_eq!(noon.unfinished, (1, "2026-01-09".parse().ok()));
    // The terminal writes the whole day over it.
    write(root, "vipdoc/sh/lday/sh600001.day", &days(&[closes[0], (20_260_109, 1_050)]));
    written(&path, "2026-01-09", 15);
    let close = grown(root, &noon.taken);
    assert_eq!(rows(&close), ["2026-01-09 600001.SH 10.50"]);
    assert_eq!((close.rewritten.len(), close.unfinished), (0, (0, None)));
}

#[test]
fn other_files_do_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "vipdoc/sh/lday/sh600001.day", &days(&[(20_260_108, 1_000)]));
    let refused = |recipe: &str, path: &str| {
        let recipe = Recipe::builtin(recipe).unwrap();
        let path = folder.path().join(path);
        read_grown(&recipe, &path, &Taken::default(), &NoProgress).unwrap_err().to_string()
    };
    let one = refused("tdx-day", "vipdoc/sh/lday/sh600001.day");
    assert!(one.contains("only a folder of a TDX terminal's records"), "{one}");
    assert!(refused("tdx-names", "vipdoc").contains("name the file itself"));
    // Bonds alone: no table holds them.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "vipdoc/sh/lday/sh010107.day", &days(&[(20_260_108, 1_000)]));
    let bonds = grown(folder.path(), &Taken::default());
    assert!(bonds.import.is_none() && bonds.nothing.is_some() && bonds.taken.files() == 1);
}
