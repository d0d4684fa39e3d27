//! EastMoney's answers as it sends them, and as it sends them when something is wrong. All of it is
//! made up, in its shapes.

use std::fmt::Write as _;

use fupan_source::Partial;
use fupan_source::vendor::{Conversation, Dataset, Refused};
use fupan_table::Table;

use crate::answering::*;

/// 15:00:03, 14:31:05 and 09:00:00 of the session, and 15:00:03 of the one before.
const CLOSED: i64 = 1_770_879_603;
const RUNNING: i64 = CLOSED - 28 * 60 - 58;
const EARLY: i64 = CLOSED - 6 * 3_600 - 3;
const DAY_BEFORE: i64 = CLOSED - 86_400;

/// A share that went from 10.00 to 10.50, by its number in the list.
fn share(number: u32) -> String {
    row(600_000 + number, 1, CLOSED, 20_260_212)
}

fn row(code: u32, market: u32, changed: i64, day: u32) -> String {
    format!(
        r#"{{"f2":10.5,"f5":12000,"f6":12360000.0,"f12":"{code:06}","f13":{market},"f14":"甲{code}","f15":10.6,"f16":9.9,"f17":10.1,"f18":10.0,"f26":20100104,"f124":{changed},"f297":{day}}}"#
    )
}

fn list(total: u32, rows: &[String]) -> Vec<u8> {
    let mut text = format!(r#"{{"rc":0,"data":{{"total":{total},"diff":["#);
    let _ = write!(text, "{}]}}}}", rows.join(","));
    text.into_bytes()
}

/// A page of a list of so many shares, of so many rows at most.
fn page(total: u32, page: u32, size: u32) -> Vec<u8> {
    let from = (page - 1) * size;
    let rows: Vec<String> = (from..(from + size).min(total)).map(share).collect();
    list(total, &rows)
}

fn part(request: &fupan_source::vendor::Request, name: &str) -> u32 {
    let (_, value) = request.query.iter().find(|(known, _)| known == name).unwrap();
    value.parse().unwrap()
}

fn shares() -> Box<dyn Conversation + Send> {
    of_session("eastmoney-shares", &[])
}

/// One page of one row.
fn one(row: &str) -> Vec<u8> {
    list(1, &[row.to_owned()])
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_list_in_pages_becomes_the_days_and_the_names_of_a_session() {
    let mut conversation = shares();
    let folder = kept(&mut *conversation, "json", |request| {
        assert_eq!(request.source, "eastmoney");
        assert!(request.secrets.is_empty() && request.url.contains("clist/get"));
        page(230, part(request, "pn"), part(request, "pz"))
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    assert!(conversation.remarks().is_empty());
    // What the one who fetches writes beside them is not read, and changes nothing.
    let import = imported("em-list", folder.path(), Partial::Refused).unwrap();
    std::fs::write(folder.path().join("manifest.json"), r#"{"time": 1}"#).unwrap();
    let again = imported("em-list", folder.path(), Partial::Refused).unwrap();
    assert_eq!((&again.id, &again.digest), (&import.id, &import.digest));
    let bars = rows(&import, Table::DailyBar);
    assert_eq!(bars.len(), 230);
    assert_eq!(
        bars[0],
        "2026-02-12|600000.SH|101000|106000|99000|105000|100000|1200000|1236000000"
    );
    let names = rows(&import, Table::Security);
    assert!(names[0].starts_with("600000.SH|2026-02-12|甲600000|2010-01-04"), "{}", names[0]);
    assert_eq!((import.source.as_str(), import.rows_left_out), ("eastmoney", 0));
}

/// A conversation is a function of the answers so far.
#[test]
fn a_conversation_goes_on_where_it_stopped() {
    let mut first = shares();
    let folder = kept(&mut *first, "json", |request| page(230, part(request, "pn"), 100));
    let mut second = shares();
    let mut asked = Vec::new();
    std::fs::remove_file(folder.path().join("spot-0003.json")).unwrap();
    while let Some(request) = second.next() {
        let file = folder.path().join(format!("{}.json", request.name));
        let body = std::fs::read(file).unwrap_or_else(|_| {
            asked.push(request.name.clone());
            page(230, 3, 100)
        });
        take(&mut *second, &body).unwrap();
    }
    assert_eq!(asked, ["spot-0003"]);
}

#[test]
fn fewer_rows_a_page_than_are_asked_for_are_noticed_and_read_on() {
    let mut conversation = shares();
    // The first time it may be chance, and another number is another chance.
    again(&mut *conversation, &page(150, 1, 1), "page 1 has 1 rows and not 100, of 150");
    again(&mut *conversation, &page(150, 1, 60), "page 1 has 60 rows and not 100, of 150");
    let folder = kept(&mut *conversation, "json", |request| {
        page(150, part(request, "pn"), part(request, "pz").min(60))
    });
    let remarks = conversation.remarks();
    assert!(remarks[0].en.contains("60 rows a page where 100 were asked for"), "{remarks:?}");
    is_chinese(&remarks[0]);
    let import = imported("em-list", folder.path(), Partial::Refused).unwrap();
    assert_eq!(rows(&import, Table::DailyBar).len(), 150);
}

/// Six thousand were asked for on one page, and a hundred came.
#[test]
fn a_page_that_was_capped_is_no_market() {
    let first = text(page(5_524, 1, 100));
    refused(of_files("em-list", &[("saved.json", &first)]), "fewer rows than the vendor says");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.json");
    std::fs::write(&file, &first).unwrap();
    let import = imported("em-list", &file, Partial::Accepted).unwrap();
    assert_eq!(found(&import, "fewer rows than the vendor says"), Some(5_424));
    assert_eq!(import.rows_left_out, 5_424);
}

#[test]
fn a_page_that_is_short_doubled_or_of_another_list_is_asked_for_again() {
    let mut conversation = shares();
    take(&mut *conversation, &page(250, 1, 100)).unwrap();
    let rows: Vec<String> = (100..137).map(share).collect();
    again(&mut *conversation, &list(250, &rows), "page 2 has 37 rows and not 100, of 250");
    again(&mut *conversation, &list(250, &[]), "page 2 has 0 rows and not 100");
    again(&mut *conversation, &page(250, 1, 100), "100 rows of page 2 are there already");
    // One row slid from the first page to the second.
    let moved: Vec<String> = (99..199).map(share).collect();
    again(&mut *conversation, &list(250, &moved), "1 rows of page 2 are there already, such as");
    again(&mut *conversation, &page(251, 2, 100), "the list changed while it was read: 250 rows");
    let no_total = text(page(250, 2, 100)).replace(r#""total":250,"#, "");
    again(&mut *conversation, no_total.as_bytes(), "does not say how many rows");
    // The third page in place of the second is found out by the third.
    let third: Vec<String> = (150..250).map(share).collect();
    take(&mut *conversation, &list(250, &third)).unwrap();
    again(&mut *conversation, &page(250, 3, 100), "are there already");
}

#[test]
fn a_page_that_is_missing_among_the_files_is_noticed() {
    let [first, second, third] = [1, 2, 3].map(|number| text(page(250, number, 100)));
    let files = [("spot-0001.json", &*first), ("spot-0003.json", &*third)];
    refused(of_files("em-list", &files), "the page spot-0002 is missing");
    let whole = [files[0], ("spot-0002.json", &*second), files[1]];
    assert_eq!(rows(&of_files("em-list", &whole).unwrap(), Table::DailyBar).len(), 250);
    // Under names of a reader's own, the total tells.
    let files = [("a.json", &*first), ("c.json", &*third)];
    refused(of_files("em-list", &files), "150 / 250");
}

#[test]
fn another_day_than_the_one_asked_for_is_refused() {
    let of = |changed: i64, day: u32| one(&row(600_001, 1, changed, day));
    let yesterday = of(DAY_BEFORE, 20_260_211);
    never(&mut *shares(), &yesterday, "has the session of 2026-02-11, not of 2026-02-12");
    let tomorrow = of(CLOSED + 86_400, 20_260_213);
    never(&mut *shares(), &tomorrow, "has the session of 2026-02-13, not of 2026-02-12");
    // Date and time that contradict each other are no day.
    never(&mut *shares(), &of(CLOSED, 20_260_211), "no row says of which day");
    let silent =
        text(of(CLOSED, 1)).replace(r#","f297":1"#, "").replace(r#","f124":1770879603"#, "");
    never(&mut *shares(), silent.as_bytes(), "no row says of which day");
    refused(of_files("em-list", &[("a.json", &silent)]), "no row says of which day");
    // Most rows of a list that was not brought up to date.
    let mixed = list(2, &[share(1), row(600_002, 1, DAY_BEFORE, 20_260_211)]);
    again(&mut *shares(), &mixed, "1 rows with trade are not of 2026-02-12: the vendor is behind");
    let mut hundred: Vec<String> = (1..100).map(share).collect();
    hundred.push(row(600_100, 1, DAY_BEFORE, 20_260_211));
    take(&mut *shares(), &list(100, &hundred)).unwrap();
    // A session that has not begun has no trade.
    let still =
        text(of(EARLY, 20_260_212)).replace("12000", "\"-\"").replace("12360000.0", "\"-\"");
    never(&mut *shares(), still.as_bytes(), "no row has trade");
}

#[test]
fn a_saturday_is_not_asked_for() {
    let told = Dataset::named("eastmoney-shares")
        .unwrap()
        .ask(&asked("2026-02-07", "2026-02-07", &[]))
        .err()
        .unwrap();
    assert!(told.en.contains("2026-02-07"), "{told:?}");
    is_chinese(&told);
    // Friday's answer on Monday morning.
    let friday = one(&row(600_001, 1, CLOSED - 6 * 86_400, 20_260_206));
    let mut monday = ask("eastmoney-shares", &asked("2026-02-09", "2026-02-09", &[]));
    never(&mut *monday, &friday, "has the session of 2026-02-06, not of 2026-02-09");
}

#[test]
fn a_session_that_is_still_running_is_no_day() {
    let running = one(&row(600_001, 1, RUNNING, 20_260_212));
    match take(&mut *shares(), &running) {
        Err(Refused::Again { reason, after }) => {
            assert!(reason.en.contains("at 14:31:05 the session of 2026-02-12 was still running"));
            assert_eq!(after.unwrap().as_secs(), 28 * 60 + 55);
        }
        other => panic!("{other:?}"),
    }
    let running = text(running);
    refused(of_files("em-list", &[("a.json", &running)]), "at 14:31:05 the session of 2026-02-12");
    // As it is now, it is a quote.
    let mut now = of_session("eastmoney-shares-now", &[]);
    take(&mut *now, running.as_bytes()).unwrap();
    let import = of_files("em-list-quotes", &[("a.json", &running)]).unwrap();
    assert_eq!(
        rows(&import, Table::Quote),
        ["2026-02-12|600001.SH|52265||||101000|106000|99000|105000|1200000|1236000000"]
    );
    // One page from before the close among those from after it.
    let closed = text(one(&row(600_002, 1, CLOSED, 20_260_212)));
    refused(of_files("em-list", &[("a.json", &closed), ("b.json", &running)]), "b");
    // A share that was halted at 14:31 is a day, and is told.
    let both = text(list(2, &[share(1), row(600_002, 1, RUNNING, 20_260_212)]));
    let import = of_files("em-list", &[("a.json", &both)]).unwrap();
    assert_eq!(rows(&import, Table::DailyBar).len(), 2);
    assert_eq!(found(&import, "last changed before the close"), Some(1));
}

/// Page by page a market from before its opening would be one of suspended shares, with the pages
/// that come later.
#[test]
fn a_page_of_many_rows_has_some_trade() {
    let still = |number| share(number).replace("12000", "\"-\"").replace("12360000.0", "\"-\"");
    let rows: Vec<String> = (0..100).map(still).collect();
    never(&mut *shares(), &list(230, &rows), "no row has trade");
    take(&mut *of_session("eastmoney-shares-now", &[]), &list(230, &rows)).unwrap();
    let mut last = shares();
    take(&mut *last, &page(119, 1, 100)).unwrap();
    take(&mut *last, &list(119, &(100..119).map(still).collect::<Vec<_>>())).unwrap();
    let mut last = shares();
    take(&mut *last, &page(120, 1, 100)).unwrap();
    let twenty: Vec<String> = (100..120).map(still).collect();
    never(&mut *last, &list(120, &twenty), "no row has trade");
}

/// What does not fit the pages before it speaks against them; what is no page does not.
#[test]
fn a_list_that_changed_contradicts_its_pages() {
    let mut conversation = shares();
    again(&mut *conversation, &page(250, 1, 60), "page 1 has 60 rows");
    assert!(!conversation.contradicts(), "there was none before");
    take(&mut *conversation, &page(250, 1, 100)).unwrap();
    again(&mut *conversation, &page(251, 2, 100), "250 rows, then 251");
    assert!(conversation.contradicts());
    again(&mut *conversation, b"<html>", "a web page");
    assert!(!conversation.contradicts());
    again(&mut *conversation, &page(250, 1, 100), "there already");
    assert!(conversation.contradicts());
    take(&mut *conversation, &page(250, 2, 100)).unwrap();
    assert!(!conversation.contradicts());
}

#[test]
fn pages_of_two_days_are_not_one_session() {
    let old = text(one(&row(600_002, 1, DAY_BEFORE, 20_260_211)));
    let files = [("a.json", &*text(one(&share(1)))), ("b.json", &old)];
    refused(of_files("em-list", &files), "of two days: 2026-02-12, and 2026-02-11 in b");
}

#[test]
fn rows_that_are_not_of_the_session_are_left_out_and_told() {
    let blank = |row: String| row.replace("12000", "\"-\"").replace("12360000.0", "\"-\"");
    let suspended = row(600_002, 1, CLOSED, 20_260_212)
        .replace(r#""f2":10.5"#, r#""f2":"-""#)
        .replace(r#""f17":10.1"#, r#""f17":"-""#);
    let suspended = suspended.replace("10.6", "\"-\"").replace("9.9", "\"-\"");
    let mut all: Vec<String> = (3..300).map(share).collect();
    all.extend([
        share(1),
        // Suspended today, with its previous close.
        blank(suspended),
        // Without trade, of an earlier day; with trade, of an earlier day; an old code of Beijing.
        blank(row(600_400, 1, DAY_BEFORE, 20_260_211)),
        row(600_401, 1, DAY_BEFORE, 20_260_211),
        blank(row(830_001, 0, CLOSED, 20_260_212)),
    ]);
    let answer = text(list(302, &all));
    let import = of_files("em-list", &[("a.json", &answer)]).unwrap();
    let bars = rows(&import, Table::DailyBar);
    assert_eq!(bars.len(), 299);
    assert!(bars.contains(&"2026-02-12|600002.SH|||||100000|0|".to_owned()), "{bars:?}");
    assert_eq!(found(&import, "do not say that they are of the session"), Some(1));
    assert_eq!(found(&import, "Rows with trade are of an earlier day"), Some(1));
    assert_eq!(found(&import, "were replaced on 2025-10-09"), Some(1));
    assert_eq!(import.rows_left_out, 1);
}

#[test]
fn a_code_without_its_market_is_refused() {
    let bare = text(one(&share(1))).replace(r#","f13":1"#, "");
    never(&mut *shares(), bare.as_bytes(), "000001 alone is a stock of Shenzhen and an index");
    refused(of_files("em-list", &[("a.json", &bare)]), "000001 alone is a stock");
    // With its market it is one or the other.
    let both = text(list(2, &[row(1, 0, CLOSED, 20_260_212), row(1, 1, CLOSED, 20_260_212)]));
    let import = of_files("em-list", &[("a.json", &both)]).unwrap();
    assert!(rows(&import, Table::DailyBar)[0].contains("000001.SZ"));
    assert!(rows(&import, Table::IndexBar)[0].contains("000001.SH"));
}

#[test]
fn numbers_may_be_texts_and_a_price_that_is_none_is_not_read() {
    let texts = text(one(&share(1)))
        .replace(":10.5,", ":\"10.50\",")
        .replace(":12000,", ":\"12000\",")
        .replace(r#""f13":1"#, r#""f13":"1""#);
    take(&mut *shares(), texts.as_bytes()).unwrap();
    let import = of_files("em-list", &[("a.json", &texts)]).unwrap();
    assert!(rows(&import, Table::DailyBar)[0].contains("|105000|100000|1200000|"));
    let mut answers = vec![share(1)];
    for wrong in [":99999.99,", ":0,", ":null,", ":\"NaN\",", ":\"-\","] {
        let row = share(10 + answers.len() as u32).replace(":10.5,", wrong);
        answers.push(row);
    }
    let total = answers.len() as u32;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    std::fs::write(&file, list(total, &answers)).unwrap();
    let import = imported("em-list", &file, Partial::Accepted).unwrap();
    assert_eq!(rows(&import, Table::DailyBar).len(), 1, "{:?}", import.findings);
    assert_eq!(import.rows_left_out, 5);
}

#[test]
fn volume_in_another_unit_or_prices_in_another_are_refused() {
    let shares: Vec<String> = (1..50).map(share).collect();
    let in_shares: Vec<String> =
        shares.iter().map(|row| row.replace(":12000,", ":1200000,")).collect();
    refused(of_files("em-list", &[("a.json", &text(list(49, &in_shares)))]), "volume");
    // Without `fltt=2` prices are in hundredths.
    let fen = |row: &String| {
        let row = row.replace(":10.5,", ":1050,").replace(":10.6,", ":1060,");
        row.replace(":9.9,", ":990,").replace(":10.1,", ":1010,").replace(":10.0,", ":1000,")
    };
    let in_fen: Vec<String> = shares.iter().map(fen).collect();
    refused(of_files("em-list", &[("a.json", &text(list(49, &in_fen)))]), "price");
}

#[test]
fn rows_of_one_security_that_differ_decide_nothing() {
    let mut all: Vec<String> = (1..400).map(share).collect();
    all.push(share(1).replace(":10.5,", ":10.4,"));
    all.push(share(2));
    let answer = text(list(399, &all));
    let import = of_files("em-list", &[("a.json", &answer)]).unwrap();
    let bars = rows(&import, Table::DailyBar);
    assert!(!bars.iter().any(|bar| bar.contains("600001.SH")), "{:?}", import.findings);
    assert_eq!(bars.iter().filter(|bar| bar.contains("600002.SH")).count(), 1);
}

#[test]
fn what_is_no_answer_is_told_apart() {
    let whole = text(page(30, 1, 100));
    for (body, words) in [
        ("", "the answer is empty"),
        ("\u{feff}  ", "the answer is empty"),
        ("<!DOCTYPE html><title>502</title>", "a web page and no data"),
        ("<html>请完成滑块验证</html>", "a login or a check by a human"),
        ("<html><a href='/Login?u=1'>", "a login or a check by a human"),
        (&whole[..whole.len() / 2], "was cut short"),
        ("busy", "not JSON"),
        (r#"{"rc":102,"data":null}"#, "no data (rc 102)"),
        (r#"{"success":false,"message":"系统繁忙"}"#, "系统繁忙"),
        (r#"{"rc":0,"data":{"total":30}}"#, "no list `diff`"),
        (r#"{"rc":0,"data":{"total":0,"diff":[]}}"#, "0 rows by its own count"),
        (r#"{"rc":0,"data":{"total":900000000,"diff":[1]}}"#, "no object"),
    ] {
        let words = if body.contains("900000000") { "f12 or f13" } else { words };
        match take(&mut *shares(), body.as_bytes()) {
            Err(Refused::Again { reason, .. } | Refused::Never { reason }) => {
                assert!(reason.en.contains(words), "{body}: {reason:?}");
            }
            Ok(()) => panic!("{body} was taken"),
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        std::fs::write(&file, body).unwrap();
        imported("em-list", &file, Partial::Accepted).unwrap_err();
    }
    let gzip = [&[0x1F, 0x8B, 8, 0][..], &[7; 40]].concat();
    never(&mut *shares(), &gzip, "compressed and was not unpacked");
    refused(of_bytes("em-list", &[("a.json", &gzip)]), "compressed");
    again(&mut *shares(), b"{\"rc\":\"\xB5\xC4\"}", "bytes that are no text");
    let long = vec![b' '; (8 << 20) + 1];
    never(&mut *shares(), &long, "more than 8388608 bytes");
}

#[test]
fn an_answer_in_a_call_is_the_same_answer() {
    let called = format!("jQuery3510_17({});", text(page(30, 1, 100)));
    let mut conversation = shares();
    take(&mut *conversation, called.as_bytes()).unwrap();
    assert!(conversation.next().is_none());
    let import = of_files("em-list", &[("a.json", &called)]).unwrap();
    assert_eq!(rows(&import, Table::DailyBar).len(), 30);
}

#[test]
fn the_status_says_whether_to_ask_again() {
    use fupan_source::vendor::Answer;
    let whole = page(30, 1, 100);
    for (status, expected) in [
        (200, "kept"),
        (429, "again in 600"),
        (403, "again in 600"),
        (500, "again"),
        (504, "again"),
        (404, "never"),
        (401, "never"),
        (302, "never"),
    ] {
        let answer = Answer { status, media_type: Some("application/json"), body: &whole };
        let told = match shares().take(&answer) {
            Ok(()) => "kept".to_owned(),
            Err(Refused::Again { after: None, .. }) => "again".to_owned(),
            Err(Refused::Again { after: Some(after), .. }) => {
                format!("again in {}", after.as_secs())
            }
            Err(Refused::Never { .. }) => "never".to_owned(),
        };
        assert_eq!(told, expected, "{status}");
    }
}

#[test]
fn indices_are_one_answer_of_all_that_were_asked_for() {
    let index = |code: u32, market: u32| row(code, market, CLOSED, 20_260_212);
    let wanted = ["000001.SH", "399006.SZ"];
    let mut conversation = of_session("eastmoney-indices", &wanted);
    let secids = conversation.next().unwrap().query;
    assert!(secids.contains(&("secids".to_owned(), "1.000001,0.399006".to_owned())));
    again(&mut *conversation, &list(1, &[index(1, 1)]), "1 of the indices did not come");
    let other = list(2, &[index(1, 1), index(1, 0)]);
    again(&mut *conversation, &other, "has 000001.SZ, which was not asked for");
    let twice = list(2, &[index(1, 1), index(1, 1)]);
    again(&mut *conversation, &twice, "has 000001.SH twice");
    let folder = kept(&mut *conversation, "json", |_| list(2, &[index(399_006, 0), index(1, 1)]));
    let import = imported("em-list", folder.path(), Partial::Refused).unwrap();
    assert_eq!(
        rows(&import, Table::IndexBar),
        [
            "2026-02-12|000001.SH|101000|106000|99000|105000|1236000000",
            "2026-02-12|399006.SZ|101000|106000|99000|105000|1236000000"
        ]
    );
    // The same is missing twice: the vendor does not know it.
    let mut conversation = of_session("eastmoney-indices", &wanted);
    again(&mut *conversation, &list(1, &[index(1, 1)]), "such as 399006.SZ");
    assert!(conversation.remarks().is_empty());
    take(&mut *conversation, &list(1, &[index(1, 1)])).unwrap();
    assert!(conversation.remarks()[0].en.contains("no quote of 1 securities, such as 399006.SZ"));
    // Without any named, those that a review follows.
    let tracked = of_session("eastmoney-indices", &[]).next().unwrap();
    assert!(tracked.query.iter().any(|(_, value)| value.matches(',').count() == 8));
}
