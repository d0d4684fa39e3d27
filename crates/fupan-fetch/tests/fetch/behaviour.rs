//! Each way in which a vendor or the way to it misbehaves, and what becomes of it.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use fupan_fetch::{
    FetchError, FetchFault, Fetcher, NoFetchProgress, RedirectFault, Reply, Settings, SlowStep,
};
use fupan_source::vendor::Body;

use crate::stub::{Reading, Stub, Then, answer, send, trickle, until_gone};
use crate::world::{World, fetcher, once, request, settings};

const NO: &NoFetchProgress = &NoFetchProgress;

fn sent(settings: Settings, url: String) -> Result<Reply, FetchError> {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    fetcher(settings, folder.path(), &world).send(&request(url), NO)
}

fn fault(settings: Settings, url: String) -> FetchFault {
    match sent(settings, url).unwrap_err() {
        FetchError::Unanswered { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

/// The fault, and that it was tried as often as it should be.
fn faults(stub: &Stub, is_passing: bool) -> FetchFault {
    let fault = fault(settings(), stub.url("/"));
    assert_eq!(fault.is_passing(), is_passing, "{fault:?}");
    assert_eq!(stub.asked().len(), if is_passing { 4 } else { 1 }, "{fault:?}");
    fault
}

/// Settings with one attempt, in which bytes must follow each other soon.
fn restless() -> Settings {
    let mut settings = once();
    settings.timeouts.idle = Duration::from_millis(300);
    settings
}

/// Settings with one attempt, in which the whole answer must be there soon.
fn brief() -> Settings {
    let mut settings = once();
    settings.timeouts.whole = Duration::from_secs(1);
    settings
}

fn raw(bytes: &'static [u8]) -> Stub {
    Stub::new(move |_, stream| {
        send(stream, bytes);
        Then::Close
    })
}

#[test]
fn a_good_answer_is_what_was_sent() {
    let stub = Stub::good("{\"page\":1}");
    let reply = sent(once(), stub.url("/a")).unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"{\"page\":1}"[..]));
    assert_eq!(reply.media_type.as_deref(), Some("application/json"));
    assert!(!reply.ended_by_close && !reply.repeated_a_secret);
    let asked = &stub.asked()[0];
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("GET", "/a"));
    assert!(asked.header("user-agent").unwrap().starts_with("fupan/"));
    assert_eq!(asked.header("accept-encoding"), Some("gzip, deflate"));
}

#[test]
fn the_name_that_the_program_gives_itself_can_be_chosen() {
    let stub = Stub::good("{}");
    let settings = Settings { user_agent: "a desk's own/2".to_owned(), ..once() };
    sent(settings, stub.url("/")).unwrap();
    assert_eq!(stub.asked()[0].header("user-agent"), Some("a desk's own/2"));
    for bad in ["a\r\nX: b", "名"] {
        let settings = Settings { user_agent: bad.to_owned(), ..once() };
        let folder = tempfile::tempdir().unwrap();
        let told = Fetcher::new(settings, folder.path(), World::new(1, &[])).unwrap_err();
        assert!(matches!(told, FetchError::BadSetting { setting: "user_agent", .. }), "{told:?}");
    }
}

#[test]
fn what_is_posted_and_what_is_asked_is_encoded() {
    let stub = Stub::good("{}");
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    let mut request = request(stub.url("/a"));
    request.query = vec![("fs".to_owned(), "m:0+t:6 &x=涨".to_owned())];
    request.headers = vec![("Referer", "https://quote.example/".to_owned())];
    request.body = Body::Json(serde_json::json!({"api_name": "daily"}));
    fetcher(once(), folder.path(), &world).send(&request, NO).unwrap();
    let asked = &stub.asked()[0];
    assert_eq!(asked.method, "POST");
    assert_eq!(asked.target, "/a?fs=m%3A0%2Bt%3A6+%26x%3D%E6%B6%A8");
    assert_eq!(asked.header("referer"), Some("https://quote.example/"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.body, br#"{"api_name":"daily"}"#);
}

#[test]
fn a_refused_connection_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = sent(settings(), format!("http://{address}/")).unwrap_err();
    let FetchError::Unanswered { attempts: 4, fault, .. } = error else { panic!("{error:?}") };
    assert!(matches!(fault, FetchFault::NoConnection(_)), "{fault:?}");
}

#[test]
fn a_host_that_nobody_knows_is_no_failure_of_the_source() {
    // Longer than a name may be, so that no server of names is asked.
    let fault = fault(once(), format!("http://{}.invalid/", "a".repeat(70)));
    assert!(matches!(fault, FetchFault::NoHost), "{fault:?}");
    assert!(fault.is_passing() && !fault.is_of_source());
}

#[test]
fn a_reset_before_the_headers() {
    let stub = Stub::reading(Reading::AllButOne, |_, _| Then::Close);
    assert_eq!(faults(&stub, true), FetchFault::CutShort);
}

#[test]
fn a_connection_closed_without_a_word() {
    let stub = Stub::new(|_, _| Then::Close);
    assert_eq!(faults(&stub, true), FetchFault::CutShort);
}

#[test]
fn a_reset_in_the_body() {
    let stub = Stub::reading(Reading::AllButOne, |_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        // Until it was read; then the close resets the connection.
        std::thread::sleep(Duration::from_millis(100));
        Then::Close
    });
    assert_eq!(faults(&stub, true), FetchFault::CutShort);
}

#[test]
fn headers_a_byte_at_a_time() {
    let stub = Stub::new(|_, stream| {
        trickle(stream, &[b"HTTP/1.1 200 OK\r\nX: ", &[b'x'; 500][..]].concat(), EACH);
        Then::Close
    });
    let fault = fault(brief(), stub.url("/"));
    assert_eq!(fault, FetchFault::TooSlow(SlowStep::Whole));
    assert!(fault.is_passing());
}

/// So slow that the whole answer takes too long, and no byte does.
const EACH: Duration = Duration::from_millis(20);

#[test]
fn a_body_a_byte_at_a_time() {
    let stub = Stub::new(|_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
        trickle(stream, &[b'x'; 500], EACH);
        Then::Close
    });
    assert_eq!(fault(brief(), stub.url("/")), FetchFault::TooSlow(SlowStep::Whole));
}

#[test]
fn a_body_that_stops() {
    let stub = Stub::new(|_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf");
        until_gone(stream);
        Then::Close
    });
    assert_eq!(fault(restless(), stub.url("/")), FetchFault::TooSlow(SlowStep::NextBytes));
}

#[test]
fn no_answer_at_all() {
    let stub = Stub::new(|_, stream| {
        until_gone(stream);
        Then::Close
    });
    let fault = fault(restless(), stub.url("/"));
    assert_eq!(fault, FetchFault::TooSlow(SlowStep::NextBytes));
    assert!(fault.is_passing());
}

#[test]
fn a_body_longer_than_said_is_cut_at_what_was_said_and_nothing_of_it_is_the_next_answer() {
    let stub = Stub::new(|asked, stream| {
        let body = if asked.before == 0 { "{\"page\":1}{\"page\":9}" } else { "{\"page\":2}" };
        send(stream, format!("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{body}").as_bytes());
        Then::KeepOpen
    });
    let folder = tempfile::tempdir().unwrap();
    let fetcher = fetcher(once(), folder.path(), &World::new(1, &[]));
    let sent = || fetcher.send(&request(stub.url("/")), NO).unwrap().body;
    assert_eq!(sent(), b"{\"page\":1}");
    assert_eq!(sent(), b"{\"page\":2}");
    let asked = stub.asked();
    assert_ne!(asked[0].connection, asked[1].connection);
}

#[test]
fn a_body_shorter_than_said() {
    let stub = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    assert_eq!(faults(&stub, true), FetchFault::CutShort);
}

#[test]
fn a_body_that_only_the_end_of_the_connection_ends_is_said_to_be_one() {
    let stub = raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nperhaps whole");
    let reply = sent(once(), stub.url("/")).unwrap();
    assert_eq!(reply.body, b"perhaps whole");
    assert!(reply.ended_by_close);
    let stub = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n");
    let reply = sent(once(), stub.url("/")).unwrap();
    assert!(reply.body.is_empty() && reply.ended_by_close, "perhaps all of it is lost");
}

#[test]
fn an_endless_body_is_stopped_at_the_bound() {
    for head in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n",
    ] {
        let stub = Stub::new(move |_, stream| {
            send(stream, head.as_bytes());
            let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
            while stream.write_all(chunk.as_bytes()).is_ok() {}
            Then::Close
        });
        let mut settings = settings();
        settings.bounds.sent = 1 << 20;
        assert_eq!(fault(settings, stub.url("/")), FetchFault::TooLong(1 << 20), "{head}");
        assert_eq!(stub.asked().len(), 1, "not tried again");
    }
}

#[test]
fn a_length_at_the_bound_is_taken_and_one_byte_more_is_not() {
    for (length, is_taken) in [(1000, true), (1001, false)] {
        let body = vec![b'x'; length];
        let stub = Stub::new(move |_, stream| answer(stream, 200, &[], &body));
        let mut settings = once();
        settings.bounds.sent = 1000;
        assert_eq!(sent(settings, stub.url("/")).is_ok(), is_taken, "{length}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn gzipped(body: Vec<u8>) -> Stub {
    Stub::new(move |_, stream| answer(stream, 200, &["Content-Encoding: gzip"], &body))
}

#[test]
fn gzip_is_undone() {
    let stub = gzipped(gzip("{\"名\":1}".as_bytes()));
    assert_eq!(sent(once(), stub.url("/")).unwrap().body, "{\"名\":1}".as_bytes());
}

#[test]
fn a_gzip_bomb_is_stopped_at_the_bound() {
    let bomb = gzip(&vec![0; 32 << 20]);
    assert!(bomb.len() < 64 << 10);
    let mut settings = settings();
    settings.bounds.unpacked = 1 << 20;
    assert_eq!(fault(settings, gzipped(bomb).url("/")), FetchFault::TooLong(1 << 20));
}

#[test]
fn broken_gzip_is_asked_for_again() {
    let whole = gzip(b"{\"page\":1}");
    let mut flipped = whole.clone();
    let at = flipped.len() - 6;
    flipped[at] ^= 1;
    for broken in [whole[..whole.len() - 3].to_vec(), flipped, b"no gzip".to_vec()] {
        assert_eq!(faults(&gzipped(broken), true), FetchFault::BadPacking);
    }
}

#[test]
fn packing_that_nobody_asked_for() {
    let stub = Stub::new(|_, stream| answer(stream, 200, &["Content-Encoding: br"], b"x"));
    assert_eq!(faults(&stub, false), FetchFault::UnknownPacking(Some("br")));
}

#[test]
fn five_hundred_and_then_good() {
    let stub = Stub::new(|asked, stream| match asked.before {
        0 => answer(stream, 500, &[], b"trouble"),
        1 => answer(stream, 502, &["Content-Type: text/html"], b"<html>"),
        _ => answer(stream, 200, &[], b"{}"),
    });
    assert_eq!(sent(settings(), stub.url("/")).unwrap().body, b"{}");
    assert_eq!(stub.asked().len(), 3);
}

#[test]
fn each_status_that_may_pass_is_tried_again_and_no_other() {
    for status in [408, 425, 429, 500, 501, 502, 503, 504, 599] {
        let stub = Stub::new(move |_, stream| answer(stream, status, &[], b""));
        assert_eq!(faults(&stub, true), FetchFault::Busy(status));
    }
    for status in [200, 201, 400, 401, 403, 404, 409, 410, 418, 451] {
        let stub = Stub::new(move |_, stream| answer(stream, status, &[], b"said"));
        let reply = sent(settings(), stub.url("/")).unwrap();
        assert_eq!((reply.status, reply.body.as_slice()), (status, &b"said"[..]));
        assert_eq!(stub.asked().len(), 1);
    }
}

#[test]
fn an_empty_answer_and_one_that_nothing_has_changed() {
    let stub = Stub::new(|_, stream| answer(stream, 204, &["Content-Encoding: gzip"], b""));
    let reply = sent(once(), stub.url("/")).unwrap();
    assert_eq!((reply.status, reply.body.len(), reply.ended_by_close), (204, 0, false));
    let stub = Stub::new(|_, stream| answer(stream, 304, &["ETag: \"a\""], b""));
    assert_eq!(faults(&stub, false), FetchFault::NothingKept);
}

#[test]
fn a_redirect_within_the_host_is_followed() {
    let stub = Stub::new(|asked, stream| match asked.target.as_str() {
        "/a" => answer(stream, 302, &["Location: /b?x=1"], b"moved"),
        "/b?x=1" => answer(stream, 307, &["Location: c"], b""),
        _ => answer(stream, 200, &[], asked.target.as_bytes()),
    });
    assert_eq!(sent(once(), stub.url("/a")).unwrap().body, b"/c");
}

#[test]
fn a_redirect_loop_ends() {
    let stub = Stub::new(|_, stream| answer(stream, 302, &["Location: /"], b""));
    assert_eq!(fault(settings(), stub.url("/")), FetchFault::Redirected(RedirectFault::Again));
    assert_eq!(stub.asked().len(), 4, "the first, and three that are followed");
}

#[test]
fn a_redirect_elsewhere_is_not_followed() {
    let other = Stub::good("{}");
    let elsewhere = other.address;
    for (to, told) in [
        (format!("http://{elsewhere}/x"), format!("http://{elsewhere}")),
        ("file:///etc/passwd".to_owned(), "file://".to_owned()),
        ("//other.invalid/x".to_owned(), "http://other.invalid".to_owned()),
        ("gopher://127.0.0.1/".to_owned(), "gopher://127.0.0.1".to_owned()),
    ] {
        let location = format!("Location: {to}");
        let stub = Stub::new(move |_, stream| answer(stream, 302, &[&location], b""));
        let told = FetchFault::Redirected(RedirectFault::Elsewhere(told));
        assert_eq!(faults(&stub, false), told);
    }
    let stub = Stub::new(|_, stream| answer(stream, 301, &[], b"no address"));
    assert_eq!(faults(&stub, false), FetchFault::Redirected(RedirectFault::Nowhere));
    assert_eq!(other.asked().len(), 0);
}

#[test]
fn another_media_type_is_told_as_it_is() {
    let stub = Stub::new(|_, stream| {
        answer(stream, 200, &["Content-Type: text/html; charset=GBK"], b"\xd5\xc7\xcd\xa3")
    });
    let reply = sent(once(), stub.url("/")).unwrap();
    assert_eq!(reply.media_type.as_deref(), Some("text/html; charset=GBK"));
    assert_eq!(reply.body, b"\xd5\xc7\xcd\xa3", "bytes are kept as they came");
}

#[test]
fn headers_that_are_no_text() {
    let stub = raw(b"HTTP/1.1 200 OK\r\nContent-Type: \xff\xfe\r\nContent-Length: 2\r\n\r\n{}");
    let reply = sent(once(), stub.url("/")).unwrap();
    assert_eq!((reply.media_type.as_deref(), reply.body.as_slice()), (None, &b"{}"[..]));
    for bad in [
        &b"HTTP/1.1 200 OK\r\n\xff\xfe: x\r\n\r\n"[..],
        b"HTTP/1.1 200 OK\r\nA b: x\x00y\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"\x00\x01\x02\x03 no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n0123456789",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n0123456",
    ] {
        let fault = faults(&raw(bad), false);
        assert!(matches!(fault, FetchFault::Garbled(_)), "{fault:?}");
    }
}

#[test]
fn a_very_long_header_is_stopped_at_the_bound() {
    let stub = Stub::new(|_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nX: ");
        for _ in 0..1000 {
            send(stream, &[b'x'; 1000]);
        }
        Then::Close
    });
    assert_eq!(faults(&stub, false), FetchFault::HeadTooLong(32 << 10));
}

#[test]
fn many_headers_are_not_too_many() {
    let stub = Stub::new(|_, stream| {
        let headers: String = (0..60).map(|n| format!("X-{n}: {n}\r\n")).collect();
        let text = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 2\r\n\r\n{{}}");
        send(stream, text.as_bytes());
        Then::Close
    });
    assert_eq!(sent(once(), stub.url("/")).unwrap().body, b"{}");
}

#[test]
fn chunks_are_joined_and_bad_ones_are_damage() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let stub = Stub::new(move |_, stream| {
        send(stream, format!("{head}3\r\n{{\"p\r\n7\r\nage\":1}}\r\n0\r\n\r\n").as_bytes());
        Then::Close
    });
    assert_eq!(sent(once(), stub.url("/")).unwrap().body, b"{\"page\":1}");
    for bad in [
        "zz\r\n{}\r\n0\r\n\r\n",
        "2\r\n{\"page\":1}\r\n0\r\n\r\n",
        "ffffffffffffffffffff\r\n{}\r\n",
        "5\r\n{}",
        "2\r\n{}\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
    ] {
        let stub = Stub::new(move |_, stream| {
            send(stream, format!("{head}{bad}").as_bytes());
            Then::Close
        });
        assert_eq!(faults(&stub, true), FetchFault::CutShort, "{bad:?}");
    }
}

#[test]
fn a_connection_is_used_again_and_one_closed_in_between_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    let stub = Stub::new(|asked, stream| {
        answer(stream, 200, &[], b"{}");
        // The second answer promises nothing, and the connection is closed after it.
        if asked.before == 1 { Then::Close } else { Then::KeepOpen }
    });
    let fetcher = fetcher(settings(), folder.path(), &world);
    for _ in 0..4 {
        assert_eq!(fetcher.send(&request(stub.url("/")), NO).unwrap().body, b"{}");
    }
    let asked = stub.asked();
    assert_eq!(asked.len() - world.sleeps().len(), 4, "no answer is lost or doubled");
    assert_eq!(asked[0].connection, asked[1].connection);
    assert_ne!(asked[1].connection, asked[asked.len() - 1].connection);
}

#[test]
fn a_doubled_answer_is_not_the_answer_to_the_next_request() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    let stub = Stub::new(|asked, stream| {
        let body = format!("{{\"page\":{}}}", asked.before + 1);
        let one = format!("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{body}");
        send(stream, one.repeat(2).as_bytes());
        Then::KeepOpen
    });
    let fetcher = fetcher(once(), folder.path(), &world);
    for page in 1..=3 {
        let reply = fetcher.send(&request(stub.url("/")), NO).unwrap();
        assert_eq!(reply.body, format!("{{\"page\":{page}}}").as_bytes());
    }
}

/// A relay is asked in place of a source's own host; other sources are not.
#[test]
fn a_mirror_is_asked_in_place_of_a_source() {
    let stub = Stub::good("{}");
    let mirrors = |text: String| [("stub".to_owned(), text)].into();
    let settings = Settings { mirrors: mirrors(stub.url("/of-no-meaning")), ..once() };
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    let mut asked = request("https://vendor.example/api/list".to_owned());
    asked.query = vec![("pn".to_owned(), "1".to_owned())];
    fetcher(settings, folder.path(), &world).send(&asked, NO).unwrap();
    assert_eq!(stub.asked()[0].target, "/api/list?pn=1");
    for bad in ["ftp://127.0.0.1", "nothing", "http://"] {
        let settings = Settings { mirrors: mirrors(bad.to_owned()), ..once() };
        let told = Fetcher::new(settings, folder.path(), World::new(1, &[])).unwrap_err();
        assert!(matches!(told, FetchError::BadSetting { setting: "mirrors", .. }), "{told:?}");
    }
}
