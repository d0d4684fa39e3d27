//! Proxies of the environment.

use std::sync::Arc;

use fupan_fetch::{FetchError, FetchFault, Fetcher, NoFetchProgress, Reply};

use crate::stub::{Asked, Stub, Then, answer, send};
use crate::world::{World, once, request};

/// A proxy that is the vendor too: it takes a connection for any host, and answers what is asked
/// through it.
fn proxy() -> Stub {
    Stub::new(|asked: &Asked, stream| match asked.method.as_str() {
        "CONNECT" => {
            send(stream, b"HTTP/1.1 200 Connection established\r\n\r\n");
            Then::KeepOpen
        }
        _ => answer(stream, 200, &[], b"{}"),
    })
}

fn through(variables: &[(&'static str, &str)], url: &str) -> Result<Reply, FetchError> {
    let folder = tempfile::tempdir().unwrap();
    let world: Arc<World> = World::new(1, variables);
    let fetcher = Fetcher::new(once(), folder.path(), world)?;
    fetcher.send(&request(url.to_owned()), &NoFetchProgress)
}

#[test]
fn a_request_goes_through_the_proxy_of_its_scheme() {
    let stub = proxy();
    let address = format!("http://name:planted-password@{}", stub.address);
    through(&[("http_proxy", &address)], "http://vendor.invalid/a").unwrap();
    let asked = stub.asked();
    assert_eq!(
        (asked[0].method.as_str(), asked[0].target.as_str()),
        ("CONNECT", "vendor.invalid:80")
    );
    assert!(asked[0].header("proxy-authorization").is_some());
    assert_eq!((asked[1].method.as_str(), asked[1].target.as_str()), ("GET", "/a"));
    assert_eq!(asked[1].header("proxy-authorization"), None, "the vendor is not told");
    let told = through(&[("https_proxy", &address)], "http://127.0.0.1:9/a");
    assert!(told.is_err());
    assert_eq!(stub.asked().len(), 2, "it is not of this scheme");
}

#[test]
fn this_computer_and_what_no_proxy_names_are_reached_directly() {
    let (stub, vendor) = (proxy(), Stub::good("{}"));
    let address = format!("http://{}", stub.address);
    through(&[("http_proxy", &address)], &vendor.url("/")).unwrap();
    assert_eq!((stub.asked().len(), vendor.asked().len()), (0, 1));
    let host = format!("http://{}.invalid/", "a".repeat(70));
    let told = through(&[("ALL_PROXY", &address), ("NO_PROXY", "invalid")], &host).unwrap_err();
    assert!(matches!(told, FetchError::Unanswered { fault: FetchFault::NoHost, .. }), "{told:?}");
    assert_eq!(stub.asked().len(), 0);
}

#[test]
fn a_proxy_that_refuses_is_no_failure_of_the_source_and_its_password_is_not_told() {
    let stub = Stub::new(|_, stream| answer(stream, 407, &[], b""));
    let address = format!("http://name:planted-password@{}", stub.address);
    let told = through(&[("ALL_PROXY", &address)], "http://vendor.invalid/").unwrap_err();
    let FetchError::Unanswered { fault, .. } = &told else { panic!("{told:?}") };
    assert!(matches!(fault, FetchFault::Proxy(_)) && !fault.is_of_source(), "{fault:?}");
    let text = format!("{told} {told:?}");
    assert!(text.contains("407") && !text.contains("planted"), "{text}");
}

#[test]
fn a_proxy_that_is_not_there_is_no_failure_of_the_source() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let told = through(&[("http_proxy", &address)], "http://vendor.invalid/").unwrap_err();
    let FetchError::Unanswered { fault, .. } = &told else { panic!("{told:?}") };
    assert!(matches!(fault, FetchFault::Proxy(_)) && !fault.is_of_source(), "{fault:?}");
}

#[test]
fn a_wrong_proxy_is_told_before_anything_is_sent() {
    let told = through(&[("HTTPS_PROXY", "planted://password@x")], "http://127.0.0.1:9/");
    let told = told.unwrap_err();
    assert!(matches!(told, FetchError::BadVariable { variable: "HTTPS_PROXY", .. }), "{told:?}");
    assert!(!format!("{told} {told:?}").contains("password"), "{told:?}");
}
