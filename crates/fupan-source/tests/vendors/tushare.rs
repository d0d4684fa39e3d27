//! Tushare's answers.

use std::fmt::Write as _;

use fupan_source::vendor::{Body, Conversation, Refused, SecretPlace, datasets};
use fupan_source::{Partial, recognise};
use fupan_table::Table;

use crate::answering::*;

const FIELDS: &str =
    r#"["ts_code","trade_date","open","high","low","close","pre_close","vol","amount"]"#;

/// The values of a share that went from 10.00 to 10.50.
fn item(number: u32, day: &str) -> String {
    format!(r#"["{}.SH","{day}",10.1,10.6,9.9,10.5,10.0,12000.0,12360.0]"#, 600_000 + number)
}

fn answer(fields: &str, items: &[String], more: &str) -> Vec<u8> {
    let mut text = format!(r#"{{"request_id":"x","code":0,"msg":"","data":{{"fields":{fields},"#);
    let _ = write!(text, r#""items":[{}]{more}}}}}"#, items.join(","));
    text.into_bytes()
}

fn page(from: u32, to: u32, more: bool) -> Vec<u8> {
    let items: Vec<String> = (from..to).map(|number| item(number, "20260212")).collect();
    answer(FIELDS, &items, &format!(r#","has_more":{more}"#))
}

fn daily() -> Box<dyn Conversation + Send> {
    of_session("tushare-daily", &[])
}

fn params(conversation: &dyn Conversation) -> serde_json::Value {
    match conversation.next().unwrap().body {
        Body::Json(value) => value,
        Body::None | Body::Form(_) => panic!("it asks for no table"),
    }
}

#[test]
fn pages_of_rows_become_the_days_of_a_session() {
    let mut conversation = daily();
    let request = conversation.next().unwrap();
    assert_eq!(request.secrets[0].variable, "TUSHARE_TOKEN");
    assert_eq!(request.secrets[0].place, SecretPlace::JsonField("token"));
    let asked = params(&*conversation);
    assert_eq!(asked["api_name"], "daily");
    assert_eq!(asked["params"]["trade_date"], "20260212");
    assert!(asked.get("token").is_none(), "a request holds no secret");
    // Of five thousand that were asked for a hundred came, and more are there.
    let folder = kept(&mut *conversation, "json", |request| {
        let Body::Json(body) = &request.body else { panic!("{request:?}") };
        let offset = u32::try_from(body["params"]["offset"].as_u64().unwrap()).unwrap();
        page(offset, (offset + 100).min(250), offset < 200)
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    let remarks = conversation.remarks();
    assert!(remarks[0].en.contains("daily gives 100 rows a page where 5000"), "{remarks:?}");
    is_chinese(&remarks[0]);
    let import = imported("tushare-daily", folder.path(), Partial::Refused).unwrap();
    let bars = rows(&import, Table::DailyBar);
    assert_eq!(bars.len(), 250);
    assert_eq!(
        bars[0],
        "2026-02-12|600000.SH|101000|106000|99000|105000|100000|1200000|1236000000"
    );
    // Without the last page, the one before it says that there is more.
    std::fs::remove_file(folder.path().join("daily-0003.json")).unwrap();
    let cut = imported("tushare-daily", folder.path(), Partial::Accepted);
    refused(cut, "says that there are more rows");
    std::fs::remove_file(folder.path().join("daily-0001.json")).unwrap();
    let cut = imported("tushare-daily", folder.path(), Partial::Accepted);
    refused(cut, "daily-0001 is missing");
}

#[test]
fn where_no_answer_says_whether_there_is_more_only_an_empty_page_does() {
    let mut conversation = daily();
    let part = |from: u32, to: u32| {
        let items: Vec<String> = (from..to).map(|number| item(number, "20260212")).collect();
        answer(FIELDS, &items, "")
    };
    take(&mut *conversation, &part(0, 100)).unwrap();
    assert_eq!(params(&*conversation)["params"]["offset"], 100);
    // The vendor does not heed the offset.
    again(&mut *conversation, &part(0, 100), "came twice: pages overlap, or the offset");
    take(&mut *conversation, &part(0, 0)).unwrap();
    assert!(conversation.next().is_none());
}

#[test]
fn rows_come_under_the_names_of_their_fields_in_any_order() {
    let fields =
        r#"["amount","vol","pre_close","close","low","high","open","trade_date","ts_code"]"#;
    let items = [r#"["12360.0","12000",10.0,10.5,9.9,10.6,10.1,20260212,"600001.SH"]"#.to_owned()];
    let body = answer(fields, &items, r#","has_more":false"#);
    take(&mut *daily(), &body).unwrap();
    let import = of_bytes("tushare-daily", &[("a.json", &body)]).unwrap();
    assert_eq!(
        rows(&import, Table::DailyBar),
        ["2026-02-12|600001.SH|101000|106000|99000|105000|100000|1200000|1236000000"]
    );
    let fewer = answer(r#"["ts_code","trade_date"]"#, &[], "");
    never(&mut *daily(), &fewer, "lacks the field open");
    refused(of_bytes("tushare-daily", &[("a.json", &fewer)]), "open");
    let twice = String::from_utf8(page(0, 1, false)).unwrap().replace("\"low\"", "\"high\"");
    again(&mut *daily(), twice.as_bytes(), "one of them comes twice");
    let short = String::from_utf8(page(0, 1, false)).unwrap().replace(",12000.0", "");
    again(&mut *daily(), short.as_bytes(), "a row has 8 values where there are 9 fields");
}

#[test]
fn an_answer_without_rows_is_no_session() {
    let empty = answer(FIELDS, &[], r#","has_more":false"#);
    never(&mut *daily(), &empty, "daily has no rows of 2026-02-12");
    refused(of_bytes("tushare-daily", &[("a.json", &empty)]), "no rows");
    let promised = answer(FIELDS, &[], r#","has_more":true"#);
    again(&mut *daily(), &promised, "has no rows and says that there are more");
}

#[test]
fn rows_of_another_day_are_refused() {
    for (day, words) in [
        ("20260211", "has rows of 20260211, not of 2026-02-12"),
        ("20260213", "has rows of 20260213, not of 2026-02-12"),
        ("soon", "has rows of soon"),
    ] {
        let items = [item(1, "20260212"), item(2, day)];
        never(&mut *daily(), &answer(FIELDS, &items, r#","has_more":false"#), words);
    }
}

#[test]
fn a_refusal_says_whether_to_wait_or_what_to_do() {
    for (code, said, expected) in [
        (40203, "抱歉，您每分钟最多访问该接口200次", "again in 60"),
        (40203, "抱歉，您每小时最多访问该接口10次", "again in 3600"),
        (40203, "抱歉，您每天最多访问该接口2次", "never: the quota of the day is used up"),
        (40203, "抱歉，您没有访问该接口的权限", "never: the account lacks the points"),
        (40203, "请求过于频繁", "again in 60"),
        (40001, "您的token不对，请确认。", "never: check TUSHARE_TOKEN"),
        (2002, "没有接口访问权限", "never: the account lacks the points"),
        (-2002, "抱歉，您没有权限访问该接口", "never: the account lacks the points"),
        (-2001, "token无效", "never: check TUSHARE_TOKEN"),
        (50101, "系统内部错误", "again"),
    ] {
        let body = format!(r#"{{"request_id":"x","code":{code},"msg":"{said}","data":null}}"#);
        let told = match take(&mut *daily(), body.as_bytes()) {
            Ok(()) => panic!("{body} was taken"),
            Err(Refused::Again { after: None, reason }) => {
                assert!(reason.en.contains(said), "{reason:?}");
                "again".to_owned()
            }
            Err(Refused::Again { after: Some(after), .. }) => {
                format!("again in {}", after.as_secs())
            }
            Err(Refused::Never { reason }) => {
                format!("never: {}", reason.en.rsplit("; ").next().unwrap())
            }
        };
        assert!(told.starts_with(expected), "{body}: {told}");
        refused(of_bytes("tushare-daily", &[("a.json", body.as_bytes())]), said);
    }
    // A token that the vendor gives back is not told.
    let token = "0123456789abcdef".repeat(3) + "01234567";
    let body = format!(r#"{{"code":40001,"msg":"您的token {token}不对(IP 1.2.3.4)","data":null}}"#);
    never(&mut *daily(), body.as_bytes(), "“您的token …不对(IP 1.2.3.4)”");
    let told = format!("{:?}", take(&mut *daily(), body.as_bytes()));
    assert!(!told.contains("0123456789"), "{told}");
    for (body, words) in [
        (r#"{"error":"x"}"#, "it has no `code`"),
        (r#"{"code":0,"msg":"","data":null}"#, "has no `fields` and `items`"),
        (r#"{"code":0,"data":{"fields":["ts_code"],"items":[[1"#, "was cut short"),
    ] {
        again(&mut *daily(), body.as_bytes(), words);
    }
}

#[test]
fn indices_are_asked_for_one_after_the_other() {
    let wanted = ["000001.SH", "399006.SZ"];
    let range = asked("2026-02-11", "2026-02-12", &wanted);
    let mut conversation = ask("tushare-index-daily", &range);
    let of = |code: &str| {
        let fields = r#"["ts_code","trade_date","open","high","low","close","amount"]"#;
        let day = |day: u32| format!(r#"["{code}","{day}",3010.1,3060.2,2990.0,3050.5,300000.0]"#);
        answer(fields, &[day(20_260_212), day(20_260_211)], r#","has_more":false"#)
    };
    again(&mut *conversation, &of("000001.SZ"), "a row is of 000001.SZ and not of 000001.SH");
    let folder = kept(&mut *conversation, "json", |request| {
        let Body::Json(body) = &request.body else { panic!("{request:?}") };
        assert_eq!(body["params"]["start_date"], "20260211");
        of(body["params"]["ts_code"].as_str().unwrap())
    });
    let import = imported("tushare-index-daily", folder.path(), Partial::Refused).unwrap();
    let bars = rows(&import, Table::IndexBar);
    assert_eq!(bars.len(), 4);
    assert_eq!(bars[0], "2026-02-11|000001.SH|30101000|30602000|29900000|30505000|30000000000");
    let empty = answer(r#"["ts_code","trade_date","open","high","low","close","amount"]"#, &[], "");
    let mut conversation = ask("tushare-index-daily", &range);
    take(&mut *conversation, &empty).unwrap();
    let remarks = conversation.remarks();
    assert!(remarks[0].en.contains("no rows in the range for 1"), "{remarks:?}");
    is_chinese(&remarks[0]);
}

#[test]
fn the_other_tables_are_imported_by_the_recipes_they_name() {
    for (name, fields, item, table, expected) in [
        (
            "tushare-shares",
            r#"["ts_code","trade_date","total_share","float_share"]"#,
            r#"["600001.SH","20260212",100.5,90.25]"#,
            Table::ShareCapital,
            "600001.SH|2026-02-12|1005000|902500",
        ),
        (
            "tushare-fund-daily",
            FIELDS,
            r#"["510300.SH","20260212",4.101,4.106,4.099,4.105,4.1,120000.0,49260.0]"#,
            Table::FundBar,
            "2026-02-12|510300.SH|41010|41060|40990|41050|41000|12000000|4926000000",
        ),
        (
            "tushare-industries",
            r#"["l1_code","l1_name","l2_code","l2_name","l3_code","l3_name","ts_code","in_date","out_date"]"#,
            r#"["801780.SI","银行","801783.SI","股份行","857831.SI","股份行Ⅲ","600001.SH","20110101",null]"#,
            Table::Industry,
            "600001.SH|2026-02-12|801780.SI|银行|801783.SI|股份行|857831.SI|股份行Ⅲ|2011-01-01|",
        ),
        (
            "tushare-list",
            r#"["ts_code","name","industry","list_date"]"#,
            r#"["600001.SH","甲一","银行","20100104"]"#,
            Table::Security,
            "600001.SH|2026-02-12|甲一|2010-01-04|||银行",
        ),
        (
            "tushare-names",
            r#"["ts_code","name","start_date","ann_date"]"#,
            r#"["600001.SH","*ST甲","20260213","20260212"]"#,
            Table::Security,
            "600001.SH|2026-02-13|*ST甲||||",
        ),
        (
            "tushare-bse-mapping",
            r#"["name","o_code","n_code","list_date"]"#,
            r#"["甲一","830001.BJ","920001.BJ","20200727"]"#,
            Table::CodeChange,
            "2025-10-09|920001.BJ|830001.BJ",
        ),
        (
            "tushare-index-weight",
            r#"["index_code","con_code","trade_date","weight"]"#,
            r#"["000300.SH","600001.SH","20260212",100.0]"#,
            Table::IndexWeight,
            "600001.SH|2026-02-12|000300.SH|1000000",
        ),
    ] {
        let dataset = datasets().iter().find(|dataset| dataset.name == name).unwrap();
        let mut conversation =
            of_session(name, if name.ends_with("weight") { &["000300.SH"] } else { &[] });
        let body = answer(fields, &[item.to_owned()], r#","has_more":false"#);
        let folder = kept(&mut *conversation, "json", |_| body.clone());
        let import = imported(dataset.recipe, folder.path(), Partial::Refused).unwrap();
        assert_eq!(rows(&import, table), [expected], "{name}");
        assert!(dataset.tables.contains(&table), "{name}");
    }
}

#[test]
fn an_answer_that_was_saved_by_hand_is_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.json");
    std::fs::write(&file, page(0, 3, false)).unwrap();
    assert_eq!(recognise(&file).unwrap().recipe.name(), "tushare-daily");
    // In a call it is no table of text either.
    std::fs::write(&file, [b"cb (", &page(0, 3, false)[..], b");"].concat()).unwrap();
    assert_eq!(recognise(&file).unwrap().recipe.name(), "tushare-daily");
}

/// What a recipe is does not change with the answers it reads too: imports of old stay the same.
#[test]
fn reading_answers_too_makes_no_other_recipe() {
    use fupan_source::{NoProgress, ReadOptions, Recipe, read};
    let text = Recipe::builtin_text("tushare-daily").unwrap();
    assert!(text.contains("answers = \"tushare\"\n"));
    let without = text.replace("answers = \"tushare\"\n", "");
    let csv = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n\
               600001.SH,20260212,10.1,10.6,9.9,10.5,10.0,12000,12360\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    std::fs::write(&file, csv).unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let ids = [text, &without].map(|text| {
        let recipe = Recipe::from_toml("tushare-daily", text).unwrap();
        read(&recipe, &file, &options, &NoProgress).unwrap().id
    });
    assert_eq!(ids[0], ids[1]);
}
