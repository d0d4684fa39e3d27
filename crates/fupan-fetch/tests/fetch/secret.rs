//! Planted secrets are looked for everywhere the program writes.

use std::path::Path;
use std::sync::{Arc, Mutex, Once};

use fupan_fetch::{
    AnswerFrom, FetchError, FetchProgress, Fetcher, Freshness, NoFetchProgress, WaitReason,
};
use fupan_market::InLanguage as _;
use fupan_source::vendor::{Body, FormField, FormValue, Request, Secret, SecretPlace, Signing};
use jiff::Timestamp;

use crate::stub::{Asked, Stub, Then, answer, send};
use crate::world::{Pages, World, fetcher, settings};

const VARIABLE: &str = "PLANTED_KEY";

/// With characters that are written otherwise in a URL and in JSON.
const PLANTED: &str = "planted-Key/7c\"+41?d9";

/// What gives it away, however the rest is written.
const TRACE: &str = "planted-Key";

fn places() -> [SecretPlace; 7] {
    [
        SecretPlace::JsonField("token"),
        SecretPlace::FormField("chat_id"),
        SecretPlace::Signed(Signing::DingTalk),
        SecretPlace::Query("token"),
        SecretPlace::Header("X-Token"),
        SecretPlace::Path("{token}"),
        SecretPlace::Url,
    ]
}

fn base(place: SecretPlace, stub: &Stub) -> (Request, Arc<World>) {
    let mut request = Pages::new(stub.url("/list/{token}"), 1).base;
    request.body = match place {
        SecretPlace::JsonField(_) => Body::Json(serde_json::json!({"api_name": "daily"})),
        SecretPlace::FormField(_) => Body::Form(vec![FormField {
            name: "photo",
            value: FormValue::File { name: "a.png", media_type: "image/png", bytes: vec![0, 1] },
        }]),
        _ => Body::None,
    };
    request.secrets = vec![Secret { variable: VARIABLE, place }];
    let value = match place {
        SecretPlace::Url => {
            request.url = String::new();
            stub.url("/hook/planted-Key-in-the-path?key=planted-Key-in-the-query")
        }
        _ => PLANTED.to_owned(),
    };
    (request, World::new(1, &[(VARIABLE, &value)]))
}

/// Everything that was asked, as a vendor that repeats it writes it.
fn echo(asked: &Asked) -> String {
    let body = String::from_utf8_lossy(&asked.body);
    let headers: Vec<String> = asked.headers.iter().map(|(n, v)| format!("{n}={v}")).collect();
    format!("{} {} {body}", asked.target, headers.join(" "))
}

type Vendor = fn(&Asked, &mut std::net::TcpStream) -> Then;

/// Ways to repeat it, and to fail.
fn vendors() -> Vec<(&'static str, Vendor)> {
    vec![
        ("good", |asked, stream| {
            let said = serde_json::json!({"page": 1, "said": echo(asked)}).to_string();
            let tag = format!("ETag: \"{}\"", asked.target);
            let kind = format!("Content-Type: text/plain; {}", asked.target);
            answer(stream, 200, &[&tag, &kind], said.as_bytes())
        }),
        ("never", |asked, stream| {
            let said = serde_json::json!({"never": echo(asked)}).to_string();
            answer(stream, 200, &[], said.as_bytes())
        }),
        ("page", |asked, stream| answer(stream, 403, &[], echo(asked).as_bytes())),
        ("busy", |asked, stream| {
            let header = format!("X-Said: {}", asked.target);
            answer(stream, 503, &[&header], echo(asked).as_bytes())
        }),
        ("moved", |asked, stream| {
            let location = format!("Location: http://{}.example/", echo(asked).replace(' ', "."));
            answer(stream, 302, &[&location], b"")
        }),
        ("moved here", |asked, stream| {
            let location = format!("Location: {}&again={}", asked.target, asked.before);
            answer(stream, 302, &[&location], b"")
        }),
        ("garbled", |asked, stream| {
            send(stream, format!("HTTP/9 {} \r\n\r\n", echo(asked)).as_bytes());
            Then::Close
        }),
        ("packed", |asked, stream| {
            let packing = format!("Content-Encoding: {}", asked.target);
            answer(stream, 200, &[&packing], b"x")
        }),
        ("cut", |_, _| Then::Close),
    ]
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push((path.display().to_string(), std::fs::read(&path).unwrap())),
        }
    }
    found
}

/// Whether the bytes hold the secret, in capitals or not, in hexadecimal, or in base64.
fn gives_away(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let hex: String = TRACE.bytes().map(|byte| format!("{byte:02x}")).collect();
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let encoded = TRACE.replace('-', "%2d");
    text.contains(&TRACE.to_lowercase())
        || text.contains(&encoded.to_lowercase())
        || dense.contains(&hex)
}

fn check(what: &str, text: &str) {
    assert!(!gives_away(text.as_bytes()), "{what}: {text}");
}

struct Listens;

impl FetchProgress for Listens {
    fn expect(&self, source: &str, _: Option<u64>) {
        check("progress", source);
    }
    fn kept(&self, name: &str, _: AnswerFrom) {
        check("progress", name);
    }
    fn waiting(&self, source: &str, _: WaitReason, _: Timestamp) {
        check("progress", source);
    }
}

/// What libraries write down, at every level that is compiled.
struct Log;

static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        let text = format!("{} {}", record.target(), record.args());
        if gives_away(text.as_bytes()) {
            LOGGED.lock().unwrap().push(text);
        }
    }
    fn flush(&self) {}
}

fn listen_to_libraries() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Log).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

#[test]
fn a_secret_is_in_no_file_no_error_no_progress_and_no_log() {
    listen_to_libraries();
    for place in places() {
        for (vendor, script) in vendors() {
            let stub = Stub::new(script);
            let (base, world) = base(place, &stub);
            let folder = tempfile::tempdir().unwrap();
            let fetcher = fetcher(settings(), folder.path(), &world);
            let what = format!("{place:?} {vendor}");
            check(&what, &format!("{fetcher:?} {base:?}"));
            let told = run(&fetcher, &base, folder.path());
            check(&what, &told);
            for (path, bytes) in files(folder.path()) {
                assert!(!gives_away(&bytes), "{what}: {path}: {}", String::from_utf8_lossy(&bytes));
            }
            assert!(!stub.asked().is_empty());
            for asked in stub.asked() {
                is_where_it_belongs(place, &asked);
            }
        }
    }
    assert_eq!(*LOGGED.lock().unwrap(), [""; 0]);
}

/// Everything that is said of a fetch and of one request.
fn run(fetcher: &Fetcher, base: &Request, folder: &Path) -> String {
    let mut told = String::new();
    let mut tell = |error: &FetchError| {
        let wording = error.wording();
        told += &format!("{error} {error:?} {error:#?} {} {}\n", wording.en, wording.zh);
    };
    for freshness in [Freshness::AsKept, Freshness::Checked] {
        let mut pages = Pages { base: base.clone(), ..Pages::new(String::new(), 1) };
        match fetcher.fetch(&mut pages, &folder.join("data"), freshness, &Listens) {
            Ok(gathered) => check("gathered", &format!("{gathered:?}")),
            Err(error) => tell(&error),
        }
    }
    match fetcher.send(base, &Listens) {
        Ok(reply) => {
            check("reply", &format!("{reply:?} {:?} {:?}", reply.etag, reply.last_modified));
            assert!(!gives_away(&reply.body));
        }
        Err(error) => tell(&error),
    }
    told
}

fn is_where_it_belongs(place: SecretPlace, asked: &Asked) {
    let headers: Vec<String> =
        asked.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let found = [
        gives_away(&asked.body),
        gives_away(query.as_bytes()),
        gives_away(headers.join("\n").as_bytes()),
        gives_away(path.as_bytes()),
    ];
    let expected = match place {
        SecretPlace::JsonField(_) | SecretPlace::FormField(_) => [true, false, false, false],
        SecretPlace::Signed(_) => {
            assert!(query.contains("timestamp=17708") && query.contains("&sign="), "{query}");
            [false, false, false, false]
        }
        SecretPlace::Query(_) => [false, true, false, false],
        SecretPlace::Header(_) => [false, false, true, false],
        SecretPlace::Path(_) => [false, false, false, true],
        SecretPlace::Url => [false, true, false, true],
    };
    assert_eq!(found, expected, "{place:?}: {asked:?}");
}

#[test]
fn libraries_are_compiled_without_the_levels_at_which_they_write_down_what_is_sent() {
    assert_eq!(log::STATIC_MAX_LEVEL, log::LevelFilter::Info);
}

#[test]
fn an_answer_that_repeats_a_secret_is_kept_without_it_and_says_so() {
    let stub = Stub::new(|asked, stream| {
        answer(stream, 200, &[], format!("{{\"page\":1,\"of\":\"{}\"}}", asked.target).as_bytes())
    });
    let (base, world) = base(SecretPlace::Query("token"), &stub);
    let folder = tempfile::tempdir().unwrap();
    let fetcher = fetcher(settings(), folder.path(), &world);
    let mut pages = Pages { base, ..Pages::new(String::new(), 1) };
    let data = folder.path().join("data");
    let gathered = fetcher.fetch(&mut pages, &data, Freshness::AsKept, &NoFetchProgress);
    let kept = &gathered.unwrap().unwrap().manifest.answers["page-1"];
    assert!(kept.repeated_a_secret);
    let text = std::fs::read_to_string(data.join(&kept.file)).unwrap();
    assert!(text.contains("token=***"), "{text}");
}

#[test]
fn what_is_kept_needs_no_key() {
    let stub = Stub::good("{\"page\":1}");
    let (base, world) = base(SecretPlace::Header("X-Token"), &stub);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |world: &Arc<World>, freshness| {
        let mut pages = Pages { base: base.clone(), ..Pages::new(String::new(), 1) };
        let fetcher = fetcher(settings(), folder.path(), world);
        fetcher.fetch(&mut pages, &data, freshness, &NoFetchProgress)
    };
    run(&world, Freshness::AsKept).unwrap();
    let without = World::new(1, &[]);
    assert_eq!(run(&without, Freshness::AsKept).unwrap().unwrap().found, 1);
    let told = run(&without, Freshness::Checked).unwrap_err();
    assert!(matches!(told, FetchError::NoVariable { variable: VARIABLE, .. }), "{told:?}");
}

#[test]
fn a_short_key_is_in_no_message_and_no_refused_answer() {
    for said in ["{\"never\":\"the key Kx7 is wrong\"}", "no JSON, and the key kX7"] {
        let stub = Stub::new(move |_, stream| answer(stream, 200, &[], said.as_bytes()));
        let (base, _) = base(SecretPlace::Header("X-Token"), &stub);
        let folder = tempfile::tempdir().unwrap();
        let fetcher = fetcher(settings(), folder.path(), &World::new(1, &[(VARIABLE, "Kx7")]));
        let mut pages = Pages { base, ..Pages::new(String::new(), 1) };
        let data = folder.path().join("data");
        let told = fetcher.fetch(&mut pages, &data, Freshness::AsKept, &NoFetchProgress);
        let told = told.unwrap_err();
        let text = format!("{told} {told:?} {:?}", told.wording()).to_lowercase();
        assert!(!text.contains("kx7"), "{text}");
        for (path, bytes) in files(folder.path()) {
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains("kx7"), "{path}: {text}");
        }
    }
}

#[test]
fn a_key_that_a_vendor_makes_a_host_of_is_in_no_message() {
    for location in ["http://PlantedKey9.example/", "https://a.plantedkey9/x", "plantedKey9://b"] {
        let location = format!("Location: {location}");
        let stub = Stub::new(move |_, stream| answer(stream, 302, &[&location], b""));
        let (base, _) = base(SecretPlace::Header("X-Token"), &stub);
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(1, &[(VARIABLE, "PlantedKey9")]);
        let told = fetcher(settings(), folder.path(), &world).send(&base, &NoFetchProgress);
        let told = told.unwrap_err();
        let text = format!("{told} {told:?}").to_lowercase();
        assert!(!text.contains("plantedkey9") && text.contains("***"), "{text}");
    }
}
