//! Answers that vendors gave, where they are there. They were asked for by others, with other fields:
//! what they lack is noticed.

use std::path::Path;

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
