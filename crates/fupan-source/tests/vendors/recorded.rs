//! Answers that vendors gave, where they are there, and a real session as they would answer for it.
//! The recorded answers were asked for by others, with other fields: what they lack is noticed.

use std::path::Path;

use encoding_rs::GBK;
use fupan_source::vendor::Request;
use fupan_source::{Partial, SourceError};
use fupan_table::Table;

use crate::answering::*;
use crate::shared::shared;

#[test]
fn bars_of_an_index_as_they_were_recorded() {
    let Some(folder) = shared("fixtures/em_recorded_20260418") else { return };
    let file = folder.join("index_amount_series_1_000001_12.json");
    let import = imported("em-bars", &file, Partial::Refused).unwrap();
    let bars = rows(&import, Table::IndexBar);
    assert_eq!(bars.len(), 12);
    // They end with the return, before the change.
    assert_eq!(bars[0], "2026-04-01|000001.SH|39395700|39559400|39299200|39485500|89727821390900");
}

#[test]
fn lists_as_they_were_recorded_lack_their_day_or_their_market() {
    let Some(folder) = shared("fixtures/em_recorded_20260418") else { return };
    let told = |name: &str, words: &str| {
        refused(imported("em-list", &folder.join(name), Partial::Accepted), words);
    };
    for name in ["full_market_pct_snapshot", "stock_list_page_1_100", "major_indexes"] {
        told(&format!("{name}.json"), "000001 alone is a stock of Shenzhen and an index");
    }
    told("limit_down_pool_20260418.json", "no data (rc 102)");
    told("broken_pool_20260418.json", "no list `diff`");
    told("eastmoney_refresh_last_run.json", "it has no `data`");
    let probar = folder.join("../http_fixtures/probar/tests/fixtures");
    refused(
        imported("em-list", &probar.join("eastmoney_quotes_batch.json"), Partial::Accepted),
        "no row says of which day it is",
    );
    let bars = imported("em-bars", &probar.join("eastmoney_kline.json"), Partial::Accepted);
    // The prices of that fixture were edited by its author, and contradict themselves.
    told_of(bars, &["2024-01-02|600519.SH", "2024-01-03|600519.SH"]);
}

/// Every row that is read is one of these.
fn told_of(import: Result<fupan_table::Import, fupan_source::SourceError>, known: &[&str]) {
    let bars = import.map(|import| rows(&import, Table::DailyBar)).unwrap_or_default();
    assert!(bars.iter().all(|bar| known.iter().any(|known| bar.starts_with(known))), "{bars:?}");
}

#[test]
fn quotes_of_tencent_as_they_were_recorded() {
    let Some(folder) = shared("fixtures/http_fixtures/agenteum/tests/fixtures") else { return };
    let text = std::fs::read_to_string(folder.join("tencent_quote.txt")).unwrap();
    let of_share: String = text.lines().filter(|line| line.contains("sh600519")).collect();
    let import = of_files("tencent", &[("a.txt", &of_share)]).unwrap();
    assert_eq!(
        rows(&import, Table::DailyBar),
        ["2026-05-22|600519.SH|13109500|13119100|12901200|12902000|13110000|4915700|637238948200"]
    );
    // Hong Kong is no exchange of this program: the row is left out and counted.
    let file = folder.join("tencent_quote.txt");
    let lost = imported("tencent", &file, Partial::Refused);
    assert!(matches!(lost, Err(SourceError::TooMuchLost { lost: 1, of: 2, .. })), "{lost:?}");
    let cut = Path::new(&folder).join("../../../imprevia/tests/fixtures/tencent_quote.txt");
    let error = imported("tencent", &cut, Partial::Accepted).map(|import| import.batches);
    assert!(error.is_err(), "at 10:15 the session was running: {error:?}");
}

/// A bar of a real session: its symbol and what it says, in the tables' units.
struct Bar {
    symbol: String,
    values: Vec<Option<i64>>,
}

impl Bar {
    fn of(row: &str) -> Bar {
        let mut parts = row.split('|').skip(1);
        let symbol = parts.next().unwrap().to_owned();
        Bar { symbol, values: parts.map(|value| value.parse().ok()).collect() }
    }

    /// Open, high, low, close and previous close in yuan, or a word for nothing.
    fn prices(&self, nothing: &str) -> Vec<String> {
        let yuan = |price: &Option<i64>| match price {
            Some(price) => format!("{}.{:04}", price / 10_000, price % 10_000),
            None => nothing.to_owned(),
        };
        self.values[..5].iter().map(yuan).collect()
    }

    /// Volume in shares, and turnover in yuan.
    fn traded(&self) -> (i64, String) {
        let fen = self.values[6].unwrap_or_default();
        (self.values[5].unwrap_or_default(), format!("{}.{:02}", fen / 100, fen % 100))
    }

    fn code(&self) -> &str {
        &self.symbol[..6]
    }
}

/// 16:00 of 2026-07-06.
const EVENING: i64 = 1_783_324_800;

#[test]
fn a_real_session_comes_whole_out_of_each_conversation() {
    let Some(path) = shared("em_spot_202607/spot_daily.parquet") else { return };
    let truth = rows(&imported("em-spot", &path, Partial::Refused).unwrap(), Table::DailyBar);
    let truth: Vec<String> =
        truth.into_iter().filter(|row| row.starts_with("2026-07-06|")).collect();
    assert!(truth.len() > 5_000, "{}", truth.len());
    // Three companies that left Beijing for other boards are still in the list, under codes that are
    // no longer in use and without trade: they are left out.
    let left = |row: &&String| row[11..20].ends_with("BJ") && !row[11..].starts_with("92");
    let zombies: Vec<&String> = truth.iter().filter(left).collect();
    assert!(zombies.len() == 3 && zombies.iter().all(|row| row.ends_with("|0|")), "{zombies:?}");
    let mut bars: Vec<Bar> = truth.iter().map(|row| Bar::of(row)).collect();
    let wanted: Vec<&str> = truth.iter().map(|row| &row[11..20]).collect();
    let session = asked("2026-07-06", "2026-07-06", &wanted);
    let text = |request: &Request| GBK.encode(&tencent(&bars, request)).0.into_owned();
    let folder = kept(&mut *ask("tencent-shares", &session), "txt", text);
    let import = imported("tencent", folder.path(), Partial::Refused).unwrap();
    assert_eq!(differences(&rows(&import, Table::DailyBar), &truth), zombies);
    bars.sort_by(|a, b| a.code().cmp(b.code()));
    let mut conversation = ask("eastmoney-shares", &session);
    let folder = kept(&mut *conversation, "json", |request| eastmoney(&bars, request));
    let import = imported("em-list", folder.path(), Partial::Refused).unwrap();
    assert_eq!(differences(&rows(&import, Table::DailyBar), &truth), zombies);
}

/// The rows that are not in both, a few of them.
fn differences<'r>(one: &'r [String], other: &'r [String]) -> Vec<&'r String> {
    let [of_one, of_other] =
        [one, other].map(|rows| rows.iter().collect::<std::collections::BTreeSet<_>>());
    of_one.symmetric_difference(&of_other).copied().take(6).collect()
}

fn eastmoney(bars: &[Bar], request: &Request) -> Vec<u8> {
    let of = |name: &str| -> usize {
        let (_, value) = request.query.iter().find(|(known, _)| known == name).unwrap();
        value.parse().unwrap()
    };
    let from = (of("pn") - 1) * of("pz");
    let row = |bar: &Bar| {
        let prices = bar.prices("\"-\"");
        let ((volume, turnover), code) = (bar.traded(), bar.code());
        let market = u8::from(bar.symbol.ends_with("SH"));
        format!(
            r#"{{"f2":{},"f5":{}.{:02},"f6":{turnover},"f12":"{code}","f13":{market},"f14":"甲","f15":{},"f16":{},"f17":{},"f18":{},"f124":{EVENING},"f297":20260706}}"#,
            prices[3],
            volume / 100,
            volume % 100,
            prices[1],
            prices[2],
            prices[0],
            prices[4]
        )
    };
    let page: Vec<String> = bars.iter().skip(from).take(of("pz")).map(row).collect();
    let total = bars.len();
    let text = format!(r#"{{"rc":0,"data":{{"total":{total},"diff":[{}]}}}}"#, page.join(","));
    text.into_bytes()
}

fn tencent(bars: &[Bar], request: &Request) -> String {
    let list = request.url.split('=').nth(1).unwrap();
    let quote = |name: &str| {
        let of = |bar: &&Bar| {
            bar.code() == &name[2..] && bar.symbol[7..].eq_ignore_ascii_case(&name[..2])
        };
        let bar = bars.iter().find(of).unwrap();
        let prices = bar.prices("0.00");
        let (volume, turnover) = bar.traded();
        let in_lots = format!("{}.{:02}", volume / 100, volume % 100);
        let star = bar.symbol.starts_with("68");
        let volume = if star { volume.to_string() } else { in_lots };
        let mut parts = vec!["0".to_owned(); 40];
        let last = if prices[3] == "0.00" { &prices[4] } else { &prices[3] };
        for (place, text) in [
            (2, bar.code()),
            (3, last),
            (4, &prices[4]),
            (5, &prices[0]),
            (6, &volume),
            (30, "20260706160000"),
            (33, &prices[1]),
            (34, &prices[2]),
        ] {
            parts[place] = text.to_owned();
        }
        parts[35] = format!("{last}/{volume}/{turnover}");
        format!("v_{name}=\"{}\";\n", parts.join("~"))
    };
    list.split(',').map(quote).collect()
}
