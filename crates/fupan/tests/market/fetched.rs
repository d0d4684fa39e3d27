//! An update over the network: a stub on loopback stands in for the vendors, as their proxy.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use fupan::fetch::{Fetcher, NoFetchProgress, Outside, Settings};
use fupan::{
    ClosuresDone, FRESH_LISTS, FetchDone, FetchStep, Market, SessionDate, SourceChoice, Store,
    Update, Updated, due_lists, missing, query,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Half past four in Shanghai on 2026-02-12.
const AT: &str = "2026-02-12T08:30:00Z";

/// A machine whose clock moves when somebody waits, behind a proxy.
struct Stage {
    now: Mutex<Timestamp>,
    proxy: String,
}

impl Outside for Stage {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, how_long: Duration) {
        *self.now.lock().unwrap() += how_long;
    }

    fn draw(&self) -> u64 {
        u64::MAX / 2
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        match name {
            "http_proxy" | "https_proxy" => Some(self.proxy.clone().into()),
            "TUSHARE_TOKEN" => Some("0123456789abcdef".into()),
            _ => None,
        }
    }
}

/// The head of a message, and what came after it.
pub(crate) fn head(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let (mut bytes, mut some) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return (String::from_utf8_lossy(&bytes).into_owned(), rest);
        }
        let read = stream.read(&mut some).unwrap_or(0);
        if read == 0 {
            return (String::new(), Vec::new());
        }
        bytes.extend(&some[..read]);
    }
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
                let holiday = matches!((date.month(), date.day()), (1 | 5, 1) | (2, 8..=12) | (10, 1..=7));
                !weekend && !(holiday && date.year() == 2027)
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
fn stub(asked: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let (opening, _) = head(&mut stream);
            if !opening.starts_with("CONNECT") || !opening.contains("tushare") {
                let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
                continue;
            }
            let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            let (request, mut body) = head(&mut stream);
            let length = request.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            let mut rest = vec![0; length.unwrap_or(0_usize).saturating_sub(body.len())];
            let _ = stream.read_exact(&mut rest);
            body.extend(rest);
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            asked.lock().unwrap().push(body["api_name"].as_str().unwrap_or("?").to_owned());
            let answer = tushare(&body).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                answer.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

#[test]
fn what_is_missing_is_asked_of_the_next_source_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(folder.path()).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let at: Timestamp = AT.parse().unwrap();
    let stage = Stage { now: Mutex::new(at), proxy: stub(Arc::clone(&asked)) };
    let stage: Arc<dyn Outside> = Arc::new(stage);
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
    let stage = Stage { now: Mutex::new(AT.parse().unwrap()), proxy: stub(Arc::clone(&asked)) };
    let stage: Arc<dyn Outside> = Arc::new(stage);
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
    let stage = Stage { now: Mutex::new(at(AT)), proxy: stub(Arc::clone(&asked)) };
    let stage: Arc<dyn Outside> = Arc::new(stage);
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
