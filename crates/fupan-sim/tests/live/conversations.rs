//! The answers of a running session are taken by the conversations that vendors are asked in, and
//! read as what they are.

use std::collections::BTreeMap;
use std::path::Path;

use fupan_market::{
    Board, Calendar, DailyBar, IndexBar, Price, Quote, SessionDate, Symbol, Traded,
};
use fupan_sim::{LiveDay, SimulatedMarket};
use fupan_source::vendor::{Answer, Dataset, Request, Wanted};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, read};
use fupan_table::{Import, Table, daily_bar_rows, index_bar_rows, quote_rows, security_rows};

use crate::*;

/// A request as text.
fn url(request: &Request) -> String {
    let pairs: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "+").replace(',', "%2C")))
        .collect();
    let between = if pairs.is_empty() { "" } else { "?" };
    format!("{}{between}{}", request.url, pairs.join("&"))
}

/// Asks for a dataset at a second, and keeps the answers in a folder.
fn kept(day: &LiveDay, dataset: &Dataset, symbols: Vec<Symbol>, second: u32, folder: &Path) {
    let session = day.session();
    let calendar = Calendar::builtin();
    let wanted = Wanted { from: session, to: session, symbols, calendar };
    let mut conversation = dataset.ask(&wanted).unwrap();
    while let Some(request) = conversation.next() {
        let body = day.answer(&url(&request), second).unwrap();
        let answer = Answer { status: 200, media_type: None, body: &body };
        if let Err(refused) = conversation.take(&answer) {
            panic!("{} at {second}, {}: {refused:?}", dataset.name, request.name);
        }
        let extension = if request.source == "eastmoney" { "json" } else { "txt" };
        std::fs::write(folder.join(format!("{}.{extension}", request.name)), body).unwrap();
    }
    assert_eq!(conversation.remarks(), Vec::new());
}

fn imported(day: &LiveDay, name: &str, symbols: Vec<Symbol>, second: u32) -> Import {
    let dataset = Dataset::named(name).unwrap();
    let folder = tempfile::tempdir().unwrap();
    kept(day, dataset, symbols, second, folder.path());
    let recipe = Recipe::named(dataset.recipe).unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let import = read(&recipe, folder.path(), &options, &NoProgress).unwrap();
    assert_eq!(import.rows_left_out, 0, "{name} at {second}: {:?}", import.findings);
    import
}

fn batches<'i, R>(
    import: &'i Import,
    table: Table,
    rows: impl Fn(&'i arrow::array::RecordBatch) -> Vec<R>,
) -> Vec<R> {
    let of_table = import.batches.iter().filter(|(of, _)| *of == table);
    of_table.flat_map(|(_, batch)| rows(batch)).collect()
}

/// The volume as a vendor's lots can tell it.
fn told(vendor: &str, symbol: Symbol, traded: Traded) -> Traded {
    let exact = match (vendor, symbol.board()) {
        ("sina", _) => true,
        ("tencent", board) => board != Some(Board::Bse),
        _ => false,
    };
    let volume = if exact { traded.volume } else { traded.volume / 100 * 100 };
    Traded { volume, ..traded }
}

const VENDORS: [&str; 3] = ["tencent", "sina", "eastmoney"];

fn wanted(day: &LiveDay, vendor: &str) -> Vec<Symbol> {
    if vendor == "eastmoney" { Vec::new() } else { day.symbols().collect() }
}

fn quotes(import: &Import) -> BTreeMap<Symbol, (SessionDate, Quote)> {
    let rows = batches(import, Table::Quote, |batch| quote_rows(batch).unwrap());
    rows.into_iter().map(|(session, symbol, quote)| (symbol, (session, quote))).collect()
}

#[test]
fn every_vendor_tells_the_snapshots_of_a_second() {
    let market = market(11, 330, 20);
    let day = last_day(&market);
    for second in [OPENING, MORNING + 1, NOON, LAST_TRADES, CLOSED] {
        let expected: BTreeMap<Symbol, Quote> =
            day.snapshots(second).filter(|(_, quote)| quote.time >= 9 * 3_600 + 15 * 60).collect();
        assert!(expected.len() > 250);
        for vendor in VENDORS {
            let import =
                imported(&day, &format!("{vendor}-shares-now"), wanted(&day, vendor), second);
            let found = quotes(&import);
            assert_eq!(found.len(), expected.len(), "{vendor} at {second}");
            for (symbol, quote) in &expected {
                let traded = quote.traded.map(|traded| told(vendor, *symbol, traded));
                let expected = (day.session(), Quote { traded, ..*quote });
                assert_eq!(found[symbol], expected, "{vendor} {symbol} at {second}");
            }
        }
    }
}

#[test]
fn before_the_opening_every_answer_is_taken() {
    let market = market(12, 150, 10);
    let day = last_day(&market);
    for second in [8 * 3_600, 9 * 3_600 + 10 * 60, OPENING - 1] {
        for vendor in VENDORS {
            let dataset = Dataset::named(&format!("{vendor}-shares-now")).unwrap();
            let folder = tempfile::tempdir().unwrap();
            kept(&day, dataset, wanted(&day, vendor), second, folder.path());
        }
    }
    let symbol = day.symbols().next().unwrap();
    let early = String::from_utf8_lossy(&day.tencent(&[symbol], 8 * 3_600)).into_owned();
    let (last, prev) = (early.split('~').nth(3).unwrap(), early.split('~').nth(4).unwrap());
    assert_eq!((last, prev.parse().ok()), (prev, day.prev_close(symbol)));
    assert!(early.contains("~20261119150000~"), "{early}");
    let later = day.tencent(&[symbol], OPENING - 1);
    assert!(String::from_utf8_lossy(&later).contains("~20261120090000~"));
}

/// The bars of a session by symbol, with each vendor's lots.
fn bars(market: &SimulatedMarket, vendor: &str) -> BTreeMap<Symbol, DailyBar> {
    let told = |symbol: Symbol, bar: DailyBar| DailyBar {
        traded: bar.traded.map(|traded| told(vendor, symbol, traded)),
        ..bar
    };
    let securities = market.history(0).securities.into_iter();
    securities
        .flat_map(|security| {
            let symbol = security.listing.symbol;
            security.bars.into_iter().map(move |bar| (symbol, told(symbol, bar)))
        })
        .collect()
}

#[test]
fn after_the_close_every_vendor_tells_the_days_bars_and_names() {
    let market = market(13, 330, 20);
    let day = last_day(&market);
    for vendor in VENDORS {
        let import = imported(&day, &format!("{vendor}-shares"), wanted(&day, vendor), CLOSED);
        let rows = batches(&import, Table::DailyBar, |batch| daily_bar_rows(batch).unwrap());
        let found: BTreeMap<Symbol, DailyBar> = rows.into_iter().collect();
        assert_eq!(found, bars(&market, vendor), "{vendor}");
        let names = batches(&import, Table::Security, |batch| security_rows(batch).unwrap());
        assert_eq!(names.len(), found.len());
        assert!(names.iter().all(|row| row.name.as_deref().unwrap().contains("模拟")));
    }
}

#[test]
fn after_the_close_every_vendor_tells_the_levels_of_indices() {
    let market = market(14, 600, 20);
    let day = last_day(&market);
    let symbols: Vec<Symbol> = day.index_symbols().collect();
    assert_eq!(symbols.len(), 9);
    let history = market.history(0);
    for vendor in VENDORS {
        let import = imported(&day, &format!("{vendor}-indices"), symbols.clone(), CLOSED);
        let rows = batches(&import, Table::IndexBar, |batch| index_bar_rows(batch).unwrap());
        let found: BTreeMap<Symbol, IndexBar> = rows.into_iter().collect();
        assert_eq!(found.len(), symbols.len());
        for index in &history.indices {
            let bar = *index.bars.last().unwrap();
            let step = if vendor == "sina" { 1 } else { 100 };
            let level =
                |level: Price| Price::from_units((level.units() + step / 2) / step * step).unwrap();
            let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(level);
            let expected = IndexBar { open, high, low, close, ..bar };
            assert_eq!(found[&index.symbol], expected, "{vendor} {}", index.symbol);
        }
    }
}

#[test]
fn a_running_session_is_not_taken_for_a_closed_one() {
    let market = market(15, 150, 10);
    let day = last_day(&market);
    let session = day.session();
    let calendar = Calendar::builtin();
    for vendor in VENDORS {
        let symbols = wanted(&day, vendor);
        let asked = Wanted { from: session, to: session, symbols, calendar };
        let dataset = Dataset::named(&format!("{vendor}-shares")).unwrap();
        let mut conversation = dataset.ask(&asked).unwrap();
        let request = conversation.next().unwrap();
        let body = day.answer(&url(&request), LAST_TRADES).unwrap();
        let answer = Answer { status: 200, media_type: None, body: &body };
        conversation.take(&answer).unwrap_err();
    }
}

#[test]
fn an_answer_is_of_the_securities_that_a_request_names() {
    let market = market(16, 150, 10);
    let day = last_day(&market);
    let text = |url: &str| {
        let answer = day.answer(url, MORNING).unwrap();
        encoding_rs::GBK.decode(&answer).0.into_owned()
    };
    let symbol = day.symbols().find(|symbol| symbol.to_string().ends_with("SZ")).unwrap();
    let code = format!("sz{:06}", symbol.code());
    let one = text(&format!("http://127.0.0.1:4000/q={code},sh000001,sh999999,nothing"));
    assert_eq!(one.lines().count(), 2, "{one}");
    assert!(
        one.starts_with(&format!("v_{code}=\"51~")) && one.contains("v_sh000001=\"1~模拟指数~")
    );
    assert_eq!(text("https://qt.gtimg.cn/q=sz399999"), "v_pv_none_match=\"1\";\n");
    let sina = text(&format!("/list={code}%2Csz399999"));
    assert!(sina.contains("var hq_str_sz399999=\"\";") && sina.lines().count() == 2, "{sina}");
    let page = text("https://push2.eastmoney.com/api/qt/clist/get?pn=2&pz=100&np=1");
    assert!(page.contains("\"total\":150,") && page.matches("\"f12\"").count() == 50, "{page}");
    assert!(text("/api/qt/clist/get?pn=3&pz=100").contains("\"data\":null"));
    for other in ["https://qt.gtimg.cn/", "/clist/get?pn=x", "/kline/get?secid=1.000001", ""] {
        assert_eq!(day.answer(other, MORNING), None, "{other}");
    }
}
