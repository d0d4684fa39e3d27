//! Quotes of Tencent and Sina.

use encoding_rs::GBK;
use fupan_source::Partial;
use fupan_source::vendor::{Conversation, Request};
use fupan_table::Table;

use crate::answering::*;

/// A share that went from 10.00 to 10.50 on a volume and a turnover in yuan, as Tencent writes it.
fn tencent(name: &str, volume: &str, turnover: &str, at: &str) -> String {
    let code = &name[2..];
    let mut parts = vec!["0".to_owned(); 50];
    for (place, text) in [
        (0, "1"),
        (1, "甲一"),
        (2, code),
        (3, "10.50"),
        (4, "10.00"),
        (5, "10.10"),
        (6, volume),
        (30, at),
        (33, "10.60"),
        (34, "9.90"),
        (36, volume),
        (37, "1236"),
    ] {
        parts[place] = text.to_owned();
    }
    parts[35] = format!("10.50/{volume}/{turnover}");
    format!("v_{name}=\"{}\";\n", parts.join("~"))
}

fn closed(name: &str) -> String {
    tencent(name, "12000", "12360000", "20260212150003")
}

/// The same share as Sina writes it, with the volume in shares.
fn sina(name: &str, volume: &str, turnover: &str, date: &str, time: &str) -> String {
    let mut parts = vec!["0"; 33];
    let values = ["甲一", "10.10", "10.00", "10.50", "10.60", "9.90", "10.50", "10.51"];
    parts[..8].copy_from_slice(&values);
    (parts[8], parts[9], parts[30], parts[31]) = (volume, turnover, date, time);
    format!("var hq_str_{name}=\"{}\";\n", parts.join(","))
}

fn gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

fn of_tencent(wanted: &[&str]) -> Box<dyn Conversation + Send> {
    of_session("tencent-shares", wanted)
}

/// The securities that a request names, as the vendors write them.
fn named(request: &Request) -> Vec<String> {
    let list = request.url.split('=').nth(1).unwrap();
    list.split(',').map(str::to_owned).collect()
}

const DAY: &str = "|101000|106000|99000|105000|100000|1200000|1236000000";

#[test]
fn batches_of_tencents_quotes_become_days_and_names() {
    let many: Vec<String> = (0..130).map(|number| format!("{}.SH", 600_000 + number)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut conversation = of_tencent(&many);
    let folder = kept(&mut *conversation, "txt", |request| {
        assert_eq!((request.source, request.query.len()), ("tencent", 0));
        gbk(&named(request).iter().map(|name| closed(name)).collect::<String>())
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    let import = imported("tencent", folder.path(), Partial::Refused).unwrap();
    let bars = rows(&import, Table::DailyBar);
    assert_eq!((bars.len(), &*bars[0]), (130, &*format!("2026-02-12|600000.SH{DAY}")));
    assert!(rows(&import, Table::Security)[0].starts_with("600000.SH|2026-02-12|甲一"));
    std::fs::remove_file(folder.path().join("quotes-0002.txt")).unwrap();
    refused(imported("tencent", folder.path(), Partial::Accepted), "quotes-0002 is missing");
}

#[test]
fn star_stocks_have_their_volume_in_shares() {
    let text = closed("sh600001")
        + &tencent("sh688001", "1200000", "12360000", "20260212150003")
        + &closed("bj920002");
    let import = of_bytes("tencent", &[("a.txt", &gbk(&text))]).unwrap();
    for bar in rows(&import, Table::DailyBar) {
        assert!(bar.ends_with(DAY), "{bar}");
    }
    // In lots they would be a hundredth.
    let many: String = (0..30)
        .map(|n| tencent(&format!("sh688{n:03}"), "12000", "12360000", "20260212150003"))
        .collect();
    refused(of_bytes("tencent", &[("a.txt", &gbk(&many))]), "volume");
}

#[test]
fn without_an_exact_turnover_the_one_in_ten_thousands_is_read() {
    let text = closed("sh600001").replace("10.50/12000/12360000", "");
    let import = of_bytes("tencent", &[("a.txt", &gbk(&text))]).unwrap();
    assert!(rows(&import, Table::DailyBar)[0].ends_with(DAY));
    let text = closed("sh600001").replace("10.50/12000/", "10.50/12001/");
    again(&mut *of_tencent(&["600001.SH"]), &gbk(&text), "sh600001 has two volumes");
}

#[test]
fn securities_that_are_missing_or_were_not_asked_for_are_noticed() {
    let wanted = ["600001.SH", "600002.SH", "600003.SH"];
    let mut conversation = of_tencent(&wanted);
    let all: String = ["sh600001", "sh600002", "sh600003"].map(closed).concat();
    let stranger = all.clone() + &closed("sz000001");
    again(&mut *conversation, &gbk(&stranger), "has 000001.SZ, which was not asked for");
    let twice = all.clone() + &closed("sh600001");
    again(&mut *conversation, &gbk(&twice), "has 600001.SH twice");
    let two = closed("sh600001") + &closed("sh600003");
    again(&mut *conversation, &gbk(&two), "1 of 3 securities did not come, such as 600002.SH");
    let other = closed("sh600001") + &closed("sh600002");
    again(&mut *conversation, &gbk(&other), "such as 600003.SH");
    // The same is missing again: the vendor does not know it.
    let empty = other + "v_sh600003=\"\";\n";
    take(&mut *conversation, &gbk(&empty)).unwrap();
    assert!(conversation.next().is_none());
    let remarks = conversation.remarks();
    assert!(remarks[0].en.contains("no quote of 1 securities, such as 600003.SH"), "{remarks:?}");
    is_chinese(&remarks[0]);
    again(&mut *of_tencent(&wanted), b"v_pv_none_match=\"1\";", "3 of 3 securities did not come");
}

#[test]
fn a_stock_under_the_code_of_another_is_refused() {
    let swapped = closed("sh600001").replace("~600001~", "~600009~");
    again(&mut *of_tencent(&["600001.SH"]), &gbk(&swapped), "sh600001 is one of 600009");
    refused(of_bytes("tencent", &[("a.txt", &gbk(&swapped))]), "is one of 600009");
}

#[test]
fn the_day_and_the_time_are_the_quotes_own() {
    let of = |at: &str| gbk(&tencent("sh600001", "12000", "12360000", at));
    let mut conversation = of_tencent(&["600001.SH"]);
    never(&mut *conversation, &of("20260211150003"), "has the session of 2026-02-11");
    never(&mut *conversation, &of("20260213093000"), "has the session of 2026-02-13");
    again(&mut *conversation, &of("20260212145959"), "at 14:59:59 the session of 2026-02-12");
    never(&mut *conversation, &of(""), "no row says of which day");
    never(&mut *conversation, &of("20260230150000"), "no row says of which day");
    refused(of_bytes("tencent", &[("a.txt", &of("20260212145959"))]), "still running");
    refused(of_bytes("tencent", &[("a.txt", &of(""))]), "none is assumed");
    let mut now = of_session("tencent-shares-now", &["600001.SH"]);
    let folder = kept(&mut *now, "txt", |_| of("20260212112959"));
    let import = imported("tencent-quotes", folder.path(), Partial::Refused).unwrap();
    assert_eq!(
        rows(&import, Table::Quote),
        ["2026-02-12|600001.SH|41399||||101000|106000|99000|105000|1200000|1236000000"]
    );
    let mut sina_now = of_session("sina-shares-now", &["600001.SH"]);
    let folder = kept(&mut *sina_now, "txt", |request| {
        assert_eq!(request.headers, [("Referer", "https://finance.sina.com.cn/".to_owned())]);
        gbk(&sina("sh600001", "1200000", "12360000.00", "2026-02-12", "11:29:59"))
    });
    let same = imported("sina-quotes", folder.path(), Partial::Refused).unwrap();
    assert_eq!(rows(&same, Table::Quote), rows(&import, Table::Quote));
}

#[test]
fn a_suspended_share_has_zeros_and_no_trade() {
    let mut still = tencent("sh600002", "0", "0", "20260212150003");
    for price in ["10.10", "10.60", "9.90"] {
        still = still.replace(&format!("~{price}~"), "~0.00~");
    }
    let still = still.replace("~10.50~10.00~", "~10.00~10.00~").replace("~1236~", "~0~");
    let old = tencent("sz000003", "0", "0", "20260130150003");
    let zombie = tencent("bj830001", "0", "0", "20260212090000");
    let text = closed("sh600001") + &still + &old + &zombie;
    let import = of_bytes("tencent", &[("a.txt", &gbk(&text))]).unwrap();
    let bars = rows(&import, Table::DailyBar);
    assert_eq!(bars[1], "2026-02-12|600002.SH|||||100000|0|");
    assert_eq!(bars.len(), 2, "{bars:?}");
    assert_eq!(found(&import, "do not say that they are of the session"), Some(1));
    assert_eq!(found(&import, "were replaced on 2025-10-09"), Some(1));
    let now = of_bytes("tencent-quotes", &[("a.txt", &gbk(&text))]).unwrap();
    assert_eq!(rows(&now, Table::Quote).len(), 2);
    // Before the opening auction there is no quote of the session yet.
    let early = closed("sh600001") + &tencent("sh600002", "0", "0", "20260212090500");
    let now = of_bytes("tencent-quotes", &[("a.txt", &gbk(&early))]).unwrap();
    assert_eq!((rows(&now, Table::Quote).len(), now.rows_left_out), (1, 0));
    // A market without any trade is none.
    let mut conversation = of_tencent(&["600002.SH"]);
    never(&mut *conversation, &gbk(&still), "no row has trade");
}

#[test]
fn sinas_quotes_become_days_and_indices() {
    let text = sina("sh600001", "1200000", "12360000.00", "2026-02-12", "15:00:03")
        + &sina("sh000001", "1200000", "12360000.00", "2026-02-12", "15:30:01");
    let import = of_bytes("sina", &[("a.txt", &gbk(&text))]).unwrap();
    assert_eq!(rows(&import, Table::DailyBar), [format!("2026-02-12|600001.SH{DAY}")]);
    assert_eq!(
        rows(&import, Table::IndexBar),
        ["2026-02-12|000001.SH|101000|106000|99000|105000|1236000000"]
    );
    let wanted = ["000001.SH"];
    let mut conversation = of_session("sina-indices", &wanted);
    let stock = sina("sz000001", "1200000", "12360000.00", "2026-02-12", "15:00:03");
    again(&mut *conversation, &gbk(&stock), "has 000001.SZ, which was not asked for");
    again(&mut *conversation, b"Kinsoku jikou desu!", "something else than quotes");
    again(&mut *conversation, b"var hq_str_sh000001=\"a,b\";", "has 2 parts only");
}

#[test]
fn what_is_no_text_of_quotes_is_told_apart() {
    let whole = gbk(&closed("sh600001"));
    let mut conversation = of_tencent(&["600001.SH"]);
    again(&mut *conversation, &whole[..whole.len() - 40], "was cut short");
    let half = closed("sh600001").replace("~0", "");
    again(&mut *conversation, &gbk(&half), "was cut short");
    again(&mut *conversation, b"", "the answer is empty");
    again(&mut *conversation, b"<html></html>", "a web page and no data");
    again(&mut *conversation, b"{\"code\":-1}", "something else than quotes");
    let mut torn = whole.clone();
    torn[16] = 0xFF;
    again(&mut *conversation, &torn, "bytes that are no text");
    never(&mut *conversation, &[0x1F, 0x8B, 8, 0, 1], "compressed");
    // The same text, saved again by an editor.
    take(&mut *conversation, closed("sh600001").as_bytes()).unwrap();
    let import = of_bytes("tencent", &[("a.txt", closed("sh600001").as_bytes())]).unwrap();
    assert!(rows(&import, Table::Security)[0].contains("甲一"));
}

#[test]
fn shares_must_be_named_and_indices_be_indices() {
    use fupan_source::vendor::Dataset;
    let told = |name: &str, wanted: &[&str], to: &str| {
        let told = Dataset::named(name).unwrap().ask(&asked(SESSION, to, wanted)).err().unwrap();
        is_chinese(&told);
        told.en
    };
    assert!(told("tencent-shares", &[], SESSION).contains("which securities are wanted"));
    let of_share = told("sina-indices", &["000001.SZ"], SESSION);
    assert!(of_share.contains("000001.SZ is no index"), "{of_share}");
    assert!(told("tencent-shares", &["600001.SH"], "2026-02-13").contains("one session at a time"));
    assert!(told("eastmoney-bars", &["600001.SH"], "2026-02-11").contains("is empty"));
}
