use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::*;

struct Variables(BTreeMap<&'static str, OsString>);

impl Outside for Variables {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
    fn sleep(&self, _: Duration) {}
    fn draw(&self) -> u64 {
        0
    }
    fn variable(&self, name: &str) -> Option<OsString> {
        self.0.get(name).cloned()
    }
}

fn with(value: &str) -> Variables {
    Variables([("KEY", value.into())].into())
}

fn request(place: Option<SecretPlace>) -> Request {
    Request {
        source: "stub",
        name: "page-1".to_owned(),
        url: "https://host.example/{key}/send".to_owned(),
        query: vec![("a".to_owned(), "1 2".to_owned())],
        headers: Vec::new(),
        body: Body::Json(json!({"api_name": "daily"})),
        secrets: place.into_iter().map(|place| Secret { variable: "KEY", place }).collect(),
    }
}

fn of(place: SecretPlace, value: &str) -> Prepared {
    prepare(&request(Some(place)), &with(value)).unwrap()
}

#[test]
fn a_secret_goes_where_it_belongs_and_nowhere_else() {
    let body = |prepared: &Prepared| String::from_utf8(prepared.body.clone().unwrap()).unwrap();
    let plain = prepare(&request(None), &with("")).unwrap();
    assert_eq!(plain.url.as_str(), "https://host.example/%7Bkey%7D/send?a=1+2");

    let field = of(SecretPlace::JsonField("token"), "12:a/b?c");
    assert_eq!(body(&field), r#"{"api_name":"daily","token":"12:a/b?c"}"#);
    assert_eq!((field.url, field.headers), (plain.url.clone(), plain.headers.clone()));

    let query = of(SecretPlace::Query("key"), "12:a/b?c&d");
    assert_eq!(query.url.query(), Some("a=1+2&key=12%3Aa%2Fb%3Fc%26d"));
    assert_eq!(body(&query), body(&plain));

    let header = of(SecretPlace::Header("X-Key"), " 12:a/b?c\n");
    assert_eq!(header.headers[0].0, "x-key");
    assert_eq!(header.headers[0].1, "12:a/b?c");
    assert!(header.headers[0].1.is_sensitive());
    assert_eq!(header.url, plain.url);

    let path = of(SecretPlace::Path("{key}"), "12:a/../b?c");
    assert_eq!(path.url.path(), "/12:a%2F..%2Fb%3Fc/send");

    let mut hook = request(Some(SecretPlace::Url));
    hook.url = String::new();
    let hook = prepare(&hook, &with("https://hook.example/send?key=12345678")).unwrap();
    assert_eq!(hook.url.as_str(), "https://hook.example/send?key=12345678&a=1+2");
}

#[test]
fn a_variable_that_is_missing_is_named() {
    for value in [None, Some(""), Some(" \n")] {
        let variables = value.map(|value| ("KEY", value.into()));
        let outside = Variables(variables.into_iter().collect());
        let told = prepare(&request(Some(SecretPlace::Query("k"))), &outside).unwrap_err();
        assert!(matches!(told, FetchError::NoVariable { variable: "KEY", .. }), "{told:?}");
        assert!(told.to_string().contains("KEY"), "{told}");
    }
}

#[test]
fn a_variable_that_does_not_fit_is_named_without_its_value() {
    let mut hook = request(Some(SecretPlace::Url));
    hook.url = String::new();
    let header = request(Some(SecretPlace::Header("X-Key")));
    for (request, value) in [
        (&hook, "planted"),
        (&hook, "ftp://planted/x"),
        (&hook, "file:///planted"),
        (&hook, "https://planted:planted@hook.example/"),
        (&header, "planted\nX-More: planted"),
        (&header, "planted密钥"),
    ] {
        let told = prepare(request, &with(value)).unwrap_err();
        assert!(matches!(told, FetchError::BadVariable { variable: "KEY", .. }), "{told:?}");
        let text = format!("{told} {told:?} {:?}", fupan_market::InLanguage::wording(&told));
        assert!(text.contains("KEY") && !text.contains("planted"), "{text}");
    }
}

#[test]
fn a_request_that_cannot_be_sent_is_told() {
    let bad = |change: fn(&mut Request)| {
        let mut request = request(None);
        change(&mut request);
        let told = prepare(&request, &with("12345678")).unwrap_err();
        assert!(matches!(told, FetchError::BadRequest { .. }), "{told:?}");
    };
    let key = |place| vec![Secret { variable: "KEY", place }];
    bad(|request| request.name = "../x".to_owned());
    bad(|request| request.name = String::new());
    bad(|request| request.name = "manifest".to_owned());
    bad(|request| request.name = "a".repeat(101));
    bad(|request| request.source = "a/b");
    bad(|request| request.url = "host.example/x".to_owned());
    bad(|request| request.url = "file:///etc/passwd".to_owned());
    bad(|request| request.url = "https://user@host.example/".to_owned());
    bad(|request| request.headers = vec![("Bad Name", "x".to_owned())]);
    bad(|request| request.headers = vec![("X", "a\r\nY: b".to_owned())]);
    let place = |place: SecretPlace, body: Body| {
        let request = Request { secrets: key(place), body, ..request(None) };
        let told = prepare(&request, &with("12345678")).unwrap_err();
        assert!(matches!(told, FetchError::BadRequest { .. }), "{told:?}");
    };
    place(SecretPlace::Path("{token}"), Body::None);
    place(SecretPlace::Path("host"), Body::None);
    place(SecretPlace::Path(""), Body::None);
    place(SecretPlace::JsonField("token"), Body::None);
    place(SecretPlace::JsonField("token"), Body::Json(json!([1])));
}

#[test]
fn a_prepared_request_shows_no_secret() {
    let shown = format!("{:?}", of(SecretPlace::Path("{key}"), "planted-12345"));
    assert_eq!(shown, "Prepared(stub page-1)");
}

#[test]
fn a_key_that_begins_another_leaves_nothing_of_it() {
    let two = [("KEY", "abcdefgh"), ("LONG", "abcdefgh-ijkl")].map(|(n, v)| (n, v.into()));
    let mut request = request(Some(SecretPlace::Query("a")));
    request.secrets.push(Secret { variable: "LONG", place: SecretPlace::Header("X-Long") });
    let prepared = prepare(&request, &Variables(two.into())).unwrap();
    assert_eq!(prepared.secrets.scrub("abcdefgh-ijkl, abcdefgh"), "***, ***");
}
