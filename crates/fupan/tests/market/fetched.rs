//! An update over the network: a stub on loopback stands in for the vendors, as their proxy.

use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use fupan::fetch::{Fetcher, NoFetchProgress, Outside, Settings};
use fupan::{
    ClosuresDone, FRESH_LISTS, FetchDone, FetchStep, Market, SessionDate, SourceChoice, Store,
    Update, Updated, due_lists, missing, query,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stub::{Stage, asked, respond, serve};

/// Half past four in Shanghai on 2026-02-12.
const AT: &str = "2026-02-12T08:30:00Z";

/// A machine behind a proxy, with an account of Tushare's.
fn stage(at: Timestamp, proxy: String) -> Arc<dyn Outside> {
    Stage::at(at, move |name| match name {
        "http_proxy" | "https_proxy" => Some(proxy.clone()),
        "TUSHARE_TOKEN" => Some("0123456789abcdef".to_owned()),
        _ => None,
    })
}

/// What the stub answers a request of Tushare with.
fn tushare(asked: &Value) -> Value {
    let text = |fields: &[&str], items: Value| json!({"code": 0, "msg": null, "data": {"fields": fields, "items": items, "has_more": false}});
    let fields = asked["fields"].as_str().unwrap_or_default();
    let day = "20260212";
    match asked["api_name"].as_str() {
        Some("daily") => {
            let value = |field: &str, code: &str| match field {
                "ts_code" => json!(code),
                "trade_date" => json!(day),
                "vol" => json!(1000.0),
                "amount" => json!(1010.0),
                "open" | "pre_close" => json!(10.0),
                "high" => json!(10.2),
                "low" => json!(10.0),
                "close" => json!(10.1),
                _ => json!(null),
            };
            let fields: Vec<&str> = fields.split(',').collect();
            let row = |code: &str| fields.iter().map(|f| value(f, code)).collect::<Vec<_>>();
            text(&fields, json!([row("000001.SZ"), row("600000.SH"), row("920001.BJ")]))
        }
        Some("stock_basic") => {
            let value = |field: &str| match field {
                "ts_code" => json!("600000.SH"),
                "symbol" => json!("600000"),
                "name" => json!("甲"),
                "list_date" => json!("19991110"),
                "list_status" => json!("L"),
                "market" => json!("主板"),
                "exchange" => json!("SSE"),
                _ => json!(null),
            };
            let fields: Vec<&str> = fields.split(',').collect();
            text(&fields, json!([fields.iter().map(|f| value(f)).collect::<Vec<_>>()]))
        }
        Some("trade_cal") => {
            let first: SessionDate =
                asked["params"]["start_date"].as_str().unwrap().parse().unwrap();
            let last: SessionDate = asked["params"]["end_date"].as_str().unwrap().parse().unwrap();
            let days = (first.epoch_days()..=last.epoch_days()).map(SessionDate::from_epoch_days);
            let is_open = |day: &SessionDate| {
                let (date, weekend) =
                    (day.date(), day.date().weekday().to_monday_zero_offset() > 4);
                let holiday =
                    matches!((date.month(), date.day()), (1 | 5, 1) | (2, 8..=12) | (10, 1..=7));
                !(weekend || holiday && date.year() == 2027)
            };
            let rows = days
                .map(Option::unwrap)
                .map(|day| json!([day.to_string().replace('-', ""), i32::from(is_open(&day))]));
            text(&["cal_date", "is_open"], rows.collect())
        }
        Some("margin") => {
            let row = |exchange: &str| json!([20_260_211, exchange, 1.5e12, 1.0e10, 2.0e11]);
            let fields = ["trade_date", "exchange_id", "rzye", "rqye", "rzmre"];
            text(&fields, json!([row("SSE"), row("SZSE")]))
        }
        _ => json!({"code": 40203, "msg": "抱歉，您没有接口访问权限", "data": null}),
    }
}

/// A proxy that knows Tushare alone; the requests it was sent are counted.
fn stub(sent: Arc<Mutex<Vec<String>>>) -> String {
    serve(move |stream| {
        let Some(opening) = asked(stream) else { return };
        if opening.method != "CONNECT" || !opening.target.contains("tushare") {
            return respond(stream, 502, &[], b"");
        }
        let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
        let Some(request) = asked(stream) else { return };
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        sent.lock().unwrap().push(body["api_name"].as_str().unwrap_or("?").to_owned());
        let headers = ["Content-Type: application/json".to_owned()];
        respond(stream, 200, &headers, tushare(&body).to_string().as_bytes());
    })
}

#[test]
fn what_is_missing_is_asked_of_the_next_source_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(folder.path()).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let at: Timestamp = AT.parse().unwrap();
    let stage = stage(at, stub(Arc::clone(&asked)));
    let sources = ["eastmoney".to_owned(), "tushare".to_owned()];
    let steps = missing(&store, &sources, None, at).unwrap();
    let days: Vec<&FetchStep> = steps.iter().filter(|step| step.what.en == "days").collect();
    let [day] = days[..] else { panic!("{steps:?}") };
    assert_eq!(
        (day.from.to_string(), day.to.to_string()),
        ("2026-02-12".into(), "2026-02-12".into())
    );
    let names: Vec<&str> = day.datasets.iter().map(|dataset| dataset.name).collect();
    assert_eq!(names, ["eastmoney-shares", "tushare-daily"]);

    let mut update = Update::begin(&store, SystemTime::now()).unwrap();
    let fetcher = Fetcher::new(Settings::usual(), &update.states_of_sources(), stage).unwrap();
    let mut fetch = |step: &FetchStep| update.fetch(step, &fetcher, &NoFetchProgress).unwrap();
    let done = fetch(day);
    assert_eq!(done.used.map(|dataset| dataset.name), Some("tushare-daily"));
    let [(first, error)] = &done.failed[..] else { panic!("{:?}", done.failed) };
    assert_eq!(first.name, "eastmoney-shares");
    assert!(!format!("{error} {error:?}").contains("0123456789abcdef"));
    let Updated::Imported { imported, .. } = &done.updated else { panic!("{:?}", done.updated) };
    assert_eq!((imported.rows_read, imported.rows_left_out), (3, 0), "{:?}", imported.findings);
    assert_eq!(asked.lock().unwrap().as_slice(), ["daily"]);

    // What is kept is not asked for again, and nothing changes.
    let FetchDone { used, updated, .. } = fetch(day);
    assert!(used.is_some() && matches!(updated, Updated::Unchanged));
    assert_eq!(asked.lock().unwrap().len(), 1);
    let market =
        Market::Store { store: Store::open(folder.path()).unwrap(), choice: SourceChoice::Best };
    assert_eq!(market.sessions().unwrap().1.to_string(), "2026-02-12");
    let rows = query(&store, "SELECT count(*) AS rows FROM daily_bar").unwrap().rows;
    assert_eq!(rows, [[Some("3".to_owned())]]);

    // A refusal is said, and the others go on.
    let capital = steps.iter().find(|step| step.what.en == "share capital").unwrap();
    let refused = fetch(capital);
    assert!(refused.used.is_none());
    assert!(refused.failed[0].1.to_string().contains("tushare"), "{:?}", refused.failed);

    // Margin balances are those of the session before.
    let margin = steps.iter().find(|step| step.what.en == "margin balances").unwrap();
    assert_eq!(margin.to.to_string(), "2026-02-11");
    let Updated::Imported { imported, .. } = fetch(margin).updated else { panic!("imported") };
    assert_eq!((imported.rows_read, imported.rows_left_out), (2, 0), "{:?}", imported.findings);

    // The next day: only what is not there, and no source that has the last session alone.
    let later = missing(&store, &sources, None, "2026-02-24T08:30:00Z".parse().unwrap()).unwrap();
    let days = later.iter().filter(|step| step.what.en == "days");
    let days: Vec<(String, usize)> =
        days.map(|step| (step.to.to_string(), step.datasets.len())).collect();
    assert_eq!(days, [("2026-02-13".to_owned(), 1), ("2026-02-24".to_owned(), 2)]);
    assert!(missing(&store, &["wind".to_owned()], None, at).is_err());
}

/// The closures of the next year are asked for in December, and are no year's before they are announced.
#[test]
fn closures_of_the_next_year_are_added_when_they_are_announced() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(folder.path()).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let stage = stage(AT.parse().unwrap(), stub(Arc::clone(&asked)));
    let sources = ["tushare".to_owned()];
    let due = |sources: &[String], at: &str| {
        fupan::closures_due(&store, sources, at.parse().unwrap()).unwrap()
    };
    assert_eq!(due(&sources, "2026-11-30T15:59:59Z"), None);
    assert_eq!(due(&sources, "2026-11-30T16:00:00Z"), Some(2027));
    assert_eq!(due(&["sina".to_owned()], "2026-12-01T08:00:00Z"), None);

    let mut update = Update::begin(&store, SystemTime::now()).unwrap();
    let fetcher = Fetcher::new(Settings::usual(), &update.states_of_sources(), stage).unwrap();
    let mut closures = |year| update.closures(year, &fetcher, &NoFetchProgress).unwrap();
    assert_eq!(closures(2027), ClosuresDone::Added);
    assert_eq!(due(&sources, "2026-12-01T08:00:00Z"), None);
    assert_eq!(due(&sources, "2027-12-01T08:00:00Z"), Some(2028));
    let ClosuresDone::NotYet(reason) = closures(2028) else { panic!("it is not announced") };
    assert!(reason.en.contains("2028"), "{}", reason.en);
    assert_eq!(asked.lock().unwrap().as_slice(), ["trade_cal", "trade_cal"]);
    let years = fupan::calendar::own_years(folder.path()).unwrap();
    let years: Vec<_> =
        years.iter().map(|own| (own.closed.year, own.closed.closed.len())).collect();
    assert_eq!(years, [(2027, 11)]);
}

/// Lists are asked for if they are named, and again when they are some days old.
#[test]
fn a_list_is_asked_for_again_when_it_is_some_days_old() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(folder.path()).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let stage = stage(at(AT), stub(Arc::clone(&asked)));
    let names: Vec<String> = FRESH_LISTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let due = |names: &[String], when: &str| {
        let steps = due_lists(&store, names, at(when)).unwrap();
        steps.iter().map(|step| step.datasets[0].name).collect::<Vec<_>>()
    };
    assert_eq!(due(&names, AT), names);
    assert_eq!(due(&[], AT), [""; 0]);
    assert!(due_lists(&store, &["tushare-daily".to_owned()], at(AT)).is_err());

    let list = ["tushare-list".to_owned()];
    let midnight = std::time::UNIX_EPOCH + Duration::from_secs(1_770_883_200);
    let mut update = Update::begin(&store, midnight).unwrap();
    let fetcher = Fetcher::new(Settings::usual(), &update.states_of_sources(), stage).unwrap();
    let [step] = &due_lists(&store, &list, at(AT)).unwrap()[..] else { panic!("one list") };
    let done = update.fetch(step, &fetcher, &NoFetchProgress).unwrap();
    assert!(matches!(done.updated, Updated::Imported { .. }), "{done:?}");
    assert_eq!(asked.lock().unwrap().as_slice(), ["stock_basic"]);
    drop(update);
    assert_eq!(due(&list, AT), [""; 0]);
    assert_eq!(due(&list, "2026-02-18T16:00:00Z"), ["tushare-list"]);
    assert_eq!(due(&list, "2026-02-18T15:59:59Z"), [""; 0]);
}
