//! AKTools' answers.

use fupan_source::Partial;
use fupan_source::vendor::Conversation;
use fupan_table::Table;

use crate::answering::*;

const TWO: [&str; 2] = ["2026-02-11", "2026-02-12"];

/// Bars of a share as `stock_zh_a_hist` has them.
fn bars(code: &str, days: &[&str]) -> Vec<u8> {
    let bar = |day: &&str| {
        format!(
            r#"{{"日期":"{day}T00:00:00.000","股票代码":"{code}","开盘":10.1,"收盘":10.5,"最高":10.6,"最低":9.9,"成交量":12000,"成交额":12360000.0,"振幅":7.0,"涨跌幅":5.0,"涨跌额":0.5,"换手率":0.1}}"#
        )
    };
    format!("[{}]", days.iter().map(bar).collect::<Vec<_>>().join(",")).into_bytes()
}

/// Bars of an index as `stock_zh_index_daily_em` has them.
fn index(days: &[&str]) -> Vec<u8> {
    let bar = |day: &&str| {
        format!(
            r#"{{"date":"{day}","open":3010.1,"close":3050.5,"high":3060.2,"low":2990.0,"volume":1,"amount":300000000.0}}"#
        )
    };
    format!("[{}]", days.iter().map(bar).collect::<Vec<_>>().join(",")).into_bytes()
}

fn of(name: &str, wanted: &[&str]) -> Box<dyn Conversation + Send> {
    ask(name, &asked(TWO[0], TWO[1], wanted))
}

#[test]
fn bars_of_shares_and_of_indices_become_days() {
    let mut conversation = of("aktools-bars", &["600001.SH", "000001.SZ", "920002.BJ"]);
    let folder = kept(&mut *conversation, "json", |request| {
        assert!(request.url.starts_with("http://127.0.0.1:8080/api/public/stock_zh_a_hist"));
        assert!(request.query.contains(&("adjust".to_owned(), String::new())));
        bars(&request.name[2..], &TWO[1..])
    });
    let import = imported("akshare-hist-em", folder.path(), Partial::Refused).unwrap();
    let day = "|101000|106000|99000|105000|100000|1200000|1236000000";
    assert_eq!(
        rows(&import, Table::DailyBar),
        ["000001.SZ", "600001.SH", "920002.BJ"].map(|symbol| format!("2026-02-12|{symbol}{day}"))
    );
    let mut conversation = of("aktools-indices", &["000001.SH"]);
    let folder = kept(&mut *conversation, "json", |_| index(&TWO));
    let import = imported("index-csv", folder.path(), Partial::Refused).unwrap();
    assert_eq!(
        rows(&import, Table::IndexBar)[0],
        "2026-02-11|000001.SH|30101000|30602000|29900000|30505000|30000000000"
    );
}

#[test]
fn an_error_or_another_answer_is_noticed() {
    let share = || of("aktools-bars", &["600001.SH"]);
    let error = r#"{"error":"请输入正确的参数错误"}"#;
    again(&mut *share(), error.as_bytes(), "answers with an error: “请输入正确的参数错误”");
    refused(of_files("akshare-hist-em", &[("a.json", error)]), "answers with an error");
    again(&mut *share(), &bars("600002", &TWO), "is of 600002 and not of 600001.SH");
    never(&mut *share(), &bars("600001", &["2026-02-13"]), "has 2026-02-13, outside of");
    again(&mut *share(), &bars("600001", &[TWO[0], TWO[0]]), "has 2026-02-11 twice");
    again(&mut *share(), &bars("600001", &["soon"]), "is not the date of a bar");
    never(&mut *share(), br#"[{"a":1}]"#, "lacks its date or its code");
    never(&mut *share(), b"3", "no list of rows");
    never(&mut *share(), b"[3]", "no list of rows");
    again(&mut *share(), &bars("600001", &TWO)[..60], "was cut short");
    let mut of_index = of("aktools-indices", &["000001.SH"]);
    again(&mut *of_index, &index(&TWO[1..]), "lacks 2026-02-11 of 000001.SH");
}

#[test]
fn a_share_without_bars_is_asked_for_twice_and_told() {
    let mut conversation = of("aktools-bars", &["600001.SH", "600002.SH"]);
    again(&mut *conversation, b"[]", "has no bars of 600001.SH");
    let mut first = true;
    let folder = kept(&mut *conversation, "json", |request| {
        assert_eq!(std::mem::take(&mut first), request.name == "sh600001");
        if request.name == "sh600001" { b"[]".to_vec() } else { bars("600002", &TWO) }
    });
    let remarks = conversation.remarks();
    assert!(remarks[0].en.contains("no bars of 1 securities"), "{remarks:?}");
    let import = imported("akshare-hist-em", folder.path(), Partial::Refused).unwrap();
    assert_eq!(rows(&import, Table::DailyBar).len(), 2);
}
