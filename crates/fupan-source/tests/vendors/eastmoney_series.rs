//! EastMoney's bars of single securities, and its concepts.

use fupan_source::Partial;
use fupan_source::vendor::Conversation;
use fupan_table::{Table, group_member_rows};

use crate::answering::*;

/// Bars of a security on some days, each from 10.00 to 10.50.
fn bars(code: &str, market: u32, days: &[&str]) -> Vec<u8> {
    let bar = |day: &&str| {
        format!(r#""{day},10.10,10.50,10.60,9.90,12000,12360000.00,7.00,5.00,0.50,0.12""#)
    };
    let days: Vec<String> = days.iter().map(bar).collect();
    format!(
        r#"{{"rc":0,"data":{{"code":"{code}","market":{market},"name":"甲","klines":[{}]}}}}"#,
        days.join(",")
    )
    .into_bytes()
}

const TWO: [&str; 2] = ["2026-02-11", "2026-02-12"];

fn of(wanted: &[&str]) -> Box<dyn Conversation + Send> {
    ask("eastmoney-bars", &asked(TWO[0], TWO[1], wanted))
}

#[test]
fn bars_of_shares_and_indices_become_days() {
    let mut conversation = of(&["600001.SH", "920002.BJ", "000001.SH"]);
    let folder = kept(&mut *conversation, "json", |request| {
        assert!(request.query.contains(&("fqt".to_owned(), "0".to_owned())));
        let (_, secid) = request.query.iter().find(|(name, _)| name == "secid").unwrap();
        match secid.as_str() {
            "1.600001" => bars("600001", 1, &TWO[1..]),
            "0.920002" => bars("920002", 0, &TWO[1..]),
            "1.000001" => bars("000001", 1, &TWO),
            other => panic!("{other}"),
        }
    });
    let import = imported("em-bars", folder.path(), Partial::Refused).unwrap();
    let day = "|101000|106000|99000|105000|100000|1200000|1236000000";
    assert_eq!(
        rows(&import, Table::DailyBar),
        ["600001.SH", "920002.BJ"].map(|symbol| format!("2026-02-12|{symbol}{day}"))
    );
    assert_eq!(rows(&import, Table::IndexBar).len(), 2);
    // The close comes before the high: as many other tables have it, the row contradicts itself.
    let text = String::from_utf8(bars("600001", 1, &TWO[1..])).unwrap();
    let usual = text.replace("10.10,10.50,10.60,9.90", "10.10,10.60,9.90,10.50");
    assert!(imported_text(&usual).is_err());
    // Prices of another day's level.
    let adjusted = text.replace("10.10,10.50,10.60,9.90", "5.10,5.50,5.60,4.90");
    assert!(imported_text(&adjusted).is_err());
}

fn imported_text(text: &str) -> Result<fupan_table::Import, fupan_source::SourceError> {
    of_files("em-bars", &[("a.json", text)])
}

#[test]
fn bars_of_another_security_or_of_other_days_are_refused() {
    let one = ["600001.SH"];
    again(&mut *of(&one), &bars("600002", 1, &TWO), "is of 600002.SH and not of 600001.SH");
    again(&mut *of(&one), &bars("600001", 0, &TWO), "and not of 600001.SH");
    never(&mut *of(&one), &bars("600001", 1, &["2026-02-13"]), "has 2026-02-13, outside of");
    never(&mut *of(&one), &bars("600001", 1, &["2026-02-10"]), "has 2026-02-10, outside of");
    again(&mut *of(&one), &bars("600001", 1, &["soon"]), "`soon` is not the date of a bar");
    again(&mut *of(&one), &bars("600001", 1, &[TWO[1], TWO[1]]), "has 2026-02-12 twice");
    again(&mut *of(&["000001.SH"]), &bars("000001", 1, &TWO[1..]), "lacks 2026-02-11 of 000001.SH");
    let text = String::from_utf8(bars("600001", 1, &TWO)).unwrap();
    let torn = text.replacen(",12000,12360000.00,7.00,5.00,0.50,0.12", "", 1);
    again(&mut *of(&one), torn.as_bytes(), "has not the parts of the others");
    let nobody = text.replace(r#""code":"600001","#, "");
    again(&mut *of(&one), nobody.as_bytes(), "does not say of which security");
    again(&mut *of(&one), &text.as_bytes()[..text.len() - 9], "was cut short");
}

#[test]
fn a_security_without_bars_is_asked_for_twice_and_told() {
    let mut conversation = of(&["600001.SH", "600002.SH"]);
    let nothing = br#"{"rc":100,"data":null}"#;
    again(&mut *conversation, nothing, "has no bars of 600001.SH");
    take(&mut *conversation, nothing).unwrap();
    // The doubt is of each security anew.
    again(&mut *conversation, &bars("600002", 1, &[]), "has no bars of 600002.SH");
    take(&mut *conversation, &bars("600002", 1, &TWO)).unwrap();
    assert!(conversation.next().is_none());
    let remarks = conversation.remarks();
    assert!(remarks[0].en.contains("no bars of 1 securities in the range, such as 600001.SH"));
    is_chinese(&remarks[0]);
    let kept = [("600001-sh.json", &nothing[..]), ("600002-sh.json", &bars("600002", 1, &TWO))];
    assert_eq!(rows(&of_bytes("em-bars", &kept).unwrap(), Table::DailyBar).len(), 2);
}

fn list(total: u32, rows: &[(&str, &str)]) -> Vec<u8> {
    let row = |(code, name): &(&str, &str)| format!(r#"{{"f12":"{code}","f13":1,"f14":"{name}"}}"#);
    let rows: Vec<String> = rows.iter().map(row).collect();
    let text = format!(r#"{{"rc":0,"data":{{"total":{total},"diff":[{}]}}}}"#, rows.join(","));
    text.into_bytes()
}

#[test]
fn concepts_are_a_list_of_boards_and_the_members_of_each() {
    let boards = list(3, &[("BK0001", "光模块"), ("BK0002", "液冷"), ("BK0003", "空板块")]);
    let members: Vec<String> = (0..130).map(|number| (600_000 + number).to_string()).collect();
    let page = |from: usize, to: usize| {
        let rows: Vec<(&str, &str)> =
            members[from..to].iter().map(|code| (&**code, "甲")).collect();
        list(130, &rows)
    };
    let mut conversation = of_session("eastmoney-concepts", &[]);
    again(&mut *conversation, &list(1, &[("600001", "甲")]), "`600001` is not the code of a board");
    let folder = tempfile::tempdir().unwrap();
    let keep = |conversation: &mut dyn Conversation, body: &[u8]| {
        let name = conversation.next().unwrap().name;
        take(conversation, body).unwrap();
        std::fs::write(folder.path().join(format!("{name}.json")), body).unwrap();
        name
    };
    assert_eq!(keep(&mut *conversation, &boards), "boards-0001");
    assert_eq!(keep(&mut *conversation, &page(0, 100)), "BK0001-0001");
    again(&mut *conversation, &page(0, 100), "page 2 has 100 rows and not 30");
    assert_eq!(keep(&mut *conversation, &page(100, 130)), "BK0001-0002");
    again(&mut *conversation, &boards, "BK0001 is a board and no member of BK0002");
    assert_eq!(keep(&mut *conversation, &list(1, &[("000001", "乙")])), "BK0002-0001");
    let nothing = br#"{"rc":102,"data":null}"#;
    again(&mut *conversation, nothing, "BK0003 has no members");
    assert_eq!(keep(&mut *conversation, nothing), "BK0003-0001");
    assert!(conversation.next().is_none());
    let remarks = conversation.remarks();
    assert!(remarks[0].en.contains("1 boards have no members, such as BK0003"), "{remarks:?}");
    let import = imported("em-concepts", folder.path(), Partial::Refused).unwrap();
    let batches = import.batches.iter().flat_map(|(_, batch)| group_member_rows(batch).unwrap());
    let of_first = batches.filter(|row| row.name == "光模块").count();
    assert_eq!((of_first, rows(&import, Table::GroupMember).len()), (130, 131));
    assert_eq!(found(&import, "has no members of boards"), Some(1));
    std::fs::remove_file(folder.path().join("BK0001-0002.json")).unwrap();
    refused(imported("em-concepts", folder.path(), Partial::Refused), "BK0001: 100 / 130");
}
