//! Vendors that misbehave at random: whatever comes in between, what is kept in the end is the truth,
//! or it is not the whole and says so.

use std::path::PathBuf;

use encoding_rs::GBK;
use fupan_source::vendor::{Body, Conversation, Refused, Request};
use fupan_source::{Partial, SourceError};
use fupan_table::Table;
use proptest::prelude::*;

use crate::answering::*;

/// Shares of the invented market.
const MARKET: u32 = 95;

/// How a vendor answers once.
#[derive(Clone, Copy, Debug)]
enum Way {
    Right,
    /// The page before, or the batch before.
    Earlier,
    /// The order moved by a row.
    Moved,
    /// So many rows less, from the end.
    Short(u32),
    /// One more row than there was.
    Grown,
    /// Another day, by days.
    Day(i64),
    /// Before the close, by seconds.
    Running(i64),
    /// So many bytes of it.
    Cut(usize),
    Page,
    Nothing,
    Error,
    /// Within a call, which is as good as right.
    Called,
}

fn ways() -> impl Strategy<Value = Way> {
    prop_oneof![
        8 => Just(Way::Right),
        1 => Just(Way::Earlier),
        1 => Just(Way::Moved),
        1 => (1_u32..12).prop_map(Way::Short),
        1 => Just(Way::Grown),
        1 => prop_oneof![Just(-1_i64), Just(1_i64)].prop_map(Way::Day),
        1 => (4_i64..20_000).prop_map(Way::Running),
        1 => (0_usize..2_000).prop_map(Way::Cut),
        1 => Just(Way::Page),
        1 => Just(Way::Nothing),
        1 => Just(Way::Error),
        1 => Just(Way::Called),
    ]
}

/// Rows from and to a number, the whole, when they were changed, and the days between.
struct Asked {
    from: u32,
    to: u32,
    total: u32,
    second: i64,
    day: i64,
}

/// The rows that a vendor picks in its way, where these were asked for.
fn picked(way: Way, from: u32, size: u32) -> Asked {
    let to = (from + size).min(MARKET);
    let right = Asked { from, to, total: MARKET, second: 54_003, day: 0 };
    match way {
        Way::Earlier => Asked { from: from.saturating_sub(size), to: from.max(1), ..right },
        Way::Moved => Asked { from: from.saturating_sub(1), to: to - 1, ..right },
        Way::Short(rows) => Asked { to: to.saturating_sub(rows).max(from), ..right },
        Way::Grown => Asked { total: MARKET + 1, ..right },
        Way::Day(day) => Asked { day, ..right },
        Way::Running(seconds) => Asked { second: 54_003 - seconds, ..right },
        _ => right,
    }
}

/// What comes in the place of an answer, or the answer.
fn sent(way: Way, answer: Vec<u8>, error: &str) -> Vec<u8> {
    match way {
        Way::Cut(bytes) => answer[..bytes.min(answer.len())].to_vec(),
        Way::Page => b"<html><title>502 Bad Gateway</title></html>".to_vec(),
        Way::Nothing => Vec::new(),
        Way::Error => error.as_bytes().to_vec(),
        Way::Called if answer.starts_with(b"{") => [b"cb(", &answer[..], b");"].concat(),
        _ => answer,
    }
}

fn date_of(asked: &Asked) -> String {
    (date(SESSION).date() + jiff::Span::new().days(asked.day)).to_string()
}

fn eastmoney(request: &Request, way: Way) -> Vec<u8> {
    let of = |name: &str| -> u32 {
        let (_, value) = request.query.iter().find(|(known, _)| known == name).unwrap();
        value.parse().unwrap()
    };
    let size = of("pz").min(20);
    let asked = picked(way, (of("pn") - 1) * size, size);
    let changed = 1_770_825_600 + asked.day * 86_400 + asked.second;
    let day = date_of(&asked).replace('-', "");
    let row = |n: u32| {
        let (code, close) = (600_000 + n, 1_000 + n);
        format!(
            r#"{{"f2":{}.{:02},"f5":12000,"f6":13000000.0,"f12":"{code}","f13":1,"f14":"甲","f15":12.0,"f16":9.9,"f17":10.1,"f18":10.0,"f124":{changed},"f297":{day}}}"#,
            close / 100,
            close % 100
        )
    };
    let rows: Vec<String> = (asked.from..asked.to).map(row).collect();
    let text =
        format!(r#"{{"rc":0,"data":{{"total":{},"diff":[{}]}}}}"#, asked.total, rows.join(","));
    sent(way, text.into_bytes(), r#"{"rc":102,"data":null}"#)
}

fn tencent(request: &Request, way: Way) -> Vec<u8> {
    let list = request.url.split('=').nth(1).unwrap();
    let numbers: Vec<u32> =
        list.split(',').map(|s| s[2..].parse::<u32>().unwrap() - 600_000).collect();
    let asked = picked(way, numbers[0], numbers.len() as u32);
    let clock = asked.second;
    let at = format!(
        "{}{:02}{:02}{:02}",
        date_of(&asked).replace('-', ""),
        clock / 3_600,
        clock / 60 % 60,
        clock % 60
    );
    let quote = |n: u32| {
        let mut parts = vec!["0".to_owned(); 40];
        let close = format!("{}.{:02}", (1_000 + n) / 100, (1_000 + n) % 100);
        let code = (600_000 + n).to_string();
        for (place, text) in [
            (1, "甲"),
            (2, &*code),
            (3, &*close),
            (4, "10.00"),
            (5, "10.10"),
            (6, "12000"),
            (30, &*at),
            (33, "12.00"),
            (34, "9.90"),
        ] {
            parts[place] = text.to_owned();
        }
        parts[35] = format!("{close}/12000/13000000");
        format!("v_sh{code}=\"{}\";\n", parts.join("~"))
    };
    let text: String = (asked.from..asked.to).map(quote).collect();
    sent(way, GBK.encode(&text).0.into_owned(), "v_pv_none_match=\"1\";")
}

fn tushare(request: &Request, way: Way) -> Vec<u8> {
    let Body::Json(body) = &request.body else { panic!("{request:?}") };
    let from = u32::try_from(body["params"]["offset"].as_u64().unwrap()).unwrap();
    let asked = picked(way, from.min(MARKET - 1), 20);
    let day = date_of(&asked).replace('-', "");
    let row = |n: u32| {
        let (code, close) = (600_000 + n, 1_000 + n);
        format!(
            r#"["{code}.SH","{day}",10.1,12.0,9.9,{}.{:02},10.0,12000.0,13000.0]"#,
            close / 100,
            close % 100
        )
    };
    let rows: Vec<String> = (asked.from..asked.to).map(row).collect();
    let text = format!(
        r#"{{"code":0,"msg":"","data":{{"fields":["ts_code","trade_date","open","high","low","close","pre_close","vol","amount"],"items":[{}],"has_more":{}}}}}"#,
        rows.join(","),
        asked.to < MARKET
    );
    sent(way, text.into_bytes(), r#"{"code":40203,"msg":"请求过于频繁","data":null}"#)
}

/// Asks in the face of misfortune; the folder of what was kept, if everything came in time.
fn asked_for(
    conversation: &mut dyn Conversation,
    ways: &[Way],
    answer: fn(&Request, Way) -> Vec<u8>,
) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let mut ways = ways.iter().copied();
    while let Some(request) = conversation.next() {
        let body = answer(&request, ways.next()?);
        match take(conversation, &body) {
            Ok(()) => {
                let file = folder.path().join(format!("{}.json", request.name));
                std::fs::write(file, body).unwrap();
            }
            // Whoever fetches gives up, or waits: the vendor may be itself again.
            Err(Refused::Never { .. } | Refused::Again { .. }) => {
                assert_eq!(conversation.next(), Some(request));
            }
        }
    }
    Some(folder)
}

fn truth() -> Vec<String> {
    let bar = |n: u32| {
        let (code, close) = (600_000 + n, 100_000 + 100 * n);
        format!("{SESSION}|{code}.SH|101000|120000|99000|{close}|100000|1200000|1300000000")
    };
    (0..MARKET).map(bar).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(48)
    })]

    #[test]
    fn what_is_kept_is_the_truth(ways in prop::collection::vec(ways(), 200)) {
        let wanted: Vec<String> = (0..MARKET).map(|n| format!("{}.SH", 600_000 + n)).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        for (name, recipe, answer) in [
            ("eastmoney-shares", "em-list", eastmoney as fn(&Request, Way) -> Vec<u8>),
            ("tencent-shares", "tencent", tencent),
            ("tushare-daily", "tushare-daily", tushare),
        ] {
            let symbols = if name.starts_with("tencent") { &wanted[..] } else { &[] };
            let mut conversation = of_session(name, symbols);
            let Some(folder) = asked_for(&mut *conversation, &ways, answer) else { continue };
            let import = imported(recipe, folder.path(), Partial::Refused).unwrap();
            let bars = rows(&import, Table::DailyBar);
            let lost = conversation.remarks().iter().any(|remark| remark.en.contains("no quote of"));
            match name {
                // What did not come twice is believed, and named.
                "tencent-shares" if lost => {
                    prop_assert!(bars.iter().all(|bar| truth().contains(bar)));
                }
                // Of a page that says it is the last, nothing shows that it is not.
                "tushare-daily" if bars.len() < MARKET as usize => {
                    prop_assert!(bars.iter().all(|bar| truth().contains(bar)));
                    let short = ways.iter().any(|way| matches!(way, Way::Short(_)));
                    prop_assert!(short, "{ways:?}");
                }
                _ => prop_assert_eq!(bars, truth(), "{} {:?}", name, ways),
            }
        }
    }

    /// A byte of an answer that is another, one more or none: it is refused, or it is an answer.
    #[test]
    fn damage_is_refused_or_read_alike(
        which in 0_usize..6,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        how in 0_u8..4,
    ) {
        let (name, recipe, file) = [
            ("eastmoney-shares", "em-list", "em-list/spot-0001.json"),
            ("eastmoney-bars", "em-bars", "em-bars/600001-sh.json"),
            ("tencent-shares", "tencent", "tencent/quotes-0001.txt"),
            ("sina-shares", "sina", "sina/quotes-0001.txt"),
            ("tushare-daily", "tushare-daily", "tushare-daily/daily-0002.json"),
            ("aktools-bars", "akshare-hist-em", "aktools/sh600001.json"),
        ][which];
        let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/answers");
        let mut bytes = std::fs::read(fixtures.join(file)).unwrap();
        let place = at.index(bytes.len());
        match how {
            0 => bytes[place] = byte,
            1 => bytes.insert(place, byte),
            2 => drop(bytes.remove(place)),
            _ => bytes.truncate(place),
        }
        let wanted = match name {
            "eastmoney-bars" | "aktools-bars" => &["600001.SH"][..],
            _ => &["600001.SH", "688001.SH", "000001.SZ", "000001.SH"],
        };
        let mut conversation = of_session(name, wanted);
        let before = conversation.next();
        let taken = take(&mut *conversation, &bytes);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.json");
        std::fs::write(&path, &bytes).unwrap();
        let import = imported(recipe, &path, Partial::Accepted);
        match taken {
            Ok(()) => if let Err(SourceError::WrongFormat { reason, .. }) = import {
                // A table of another layout by its first byte, or a page of several.
                prop_assert!(reason.en.contains("more rows"), "{reason:?}");
            },
            Err(_) => prop_assert_eq!(conversation.next(), before),
        }
    }
}
