//! Clock, network, files and environment are used in few crates only; the network in one.

use super::source::{Named, Source};

/// Crates that work on values only.
const PURE: [&str; 8] = [
    "fupan-market",
    "fupan-table",
    "fupan-fact",
    "fupan-measure",
    "fupan-brief",
    "fupan-check",
    "fupan-push",
    "fupan-sim",
];

const OUTSIDE: [&str; 4] = ["fs", "net", "process", "env"];

/// The crate that opens connections.
const FETCH: &str = "fupan-fetch";

/// The folder of the benchmarks, which nobody ships.
const BENCH: &str = "bench";

/// Names of `std::net` that are values and open nothing.
const ADDRESSES: [&str; 4] = ["IpAddr", "Ipv4Addr", "Ipv6Addr", "SocketAddr"];

/// Whether a package speaks HTTP or another protocol of the network, by its name.
pub(super) fn is_client(package: &str) -> bool {
    const CLIENTS: [&str; 23] = [
        "actix",
        "async_net",
        "attohttpc",
        "awc",
        "curl",
        "h2",
        "hyper",
        "hyper_util",
        "isahc",
        "mio",
        "minreq",
        "native_tls",
        "openssl",
        "quinn",
        "reqwest",
        "rustls",
        "smol",
        "socket2",
        "surf",
        "tungstenite",
        "ureq",
        "ureq_proto",
        "websocket",
    ];
    CLIENTS.contains(&package.replace('-', "_").as_str())
}

/// Uses of the network in any crate but the one that fetches. Tests and benchmarks may use it: on
/// loopback.
pub(super) fn network_breaches(source: &Source) -> Vec<String> {
    let may = |folder: &str| folder == BENCH || folder.ends_with(&format!("/{FETCH}"));
    if !source.is_shipped() || source.within_crate().is_none_or(|(folder, _)| may(folder)) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for path in source.paths.iter().filter(|path| !path.place.is_test) {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        let opens = match *segments.as_slice() {
            ["std" | "tokio", "net"] => true,
            // Its builder writes a message and sends none; what sends needs `socket2`, too.
            ["lettre", "transport" | "SmtpTransport" | "AsyncSmtpTransport", ..] => true,
            ["std", "net", name, ..] => !ADDRESSES.contains(&name),
            ["tokio", "net", ..] | ["std", "os", "unix", "net", ..] => true,
            [package, _, ..] => is_client(package),
            _ => false,
        };
        if opens {
            breaches.push(format!(
                "{}: {} here; only {FETCH} uses the network: hand it a request",
                source.at(path.place.line),
                segments.join("::")
            ));
        }
    }
    breaches.dedup();
    breaches
}

/// Uses of clock, network, files or environment in a crate that works on values only.
pub(super) fn breaches(source: &Source) -> Vec<String> {
    let is_pure = |folder: &str| PURE.iter().any(|name| folder.ends_with(&format!("/{name}")));
    if !source.is_shipped() || !source.within_crate().is_some_and(|(folder, _)| is_pure(folder)) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for path in source.paths.iter().filter(|path| !path.place.is_test) {
        if let Some(door) = door(path) {
            breaches.push(format!(
                "{}: {door} here; clock, network and files enter through the command and the \
                 store only",
                source.at(path.place.line)
            ));
        }
    }
    breaches.dedup();
    breaches
}

fn door(path: &Named) -> Option<String> {
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    let is_outside = match *segments.as_slice() {
        ["std", module, ..] => OUTSIDE.contains(&module),
        _ => false,
    };
    let is_clock = segments.contains(&"SystemTime") || segments.ends_with(&["Instant", "now"]);
    (is_outside || is_clock).then(|| segments.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(file: &str, text: &str) -> Vec<String> {
        breaches(&Source::read(file, text).unwrap())
    }

    #[test]
    fn a_door_to_the_outside_is_seen_also_where_it_is_imported_in_braces() {
        let text = "use std::{fmt, fs::File};\n\
                    fn now() -> u64 { let _ = std::time::Instant::now(); 1 }\n";
        let told = of("crates/fupan-measure/src/walk.rs", text);
        assert!(told[0].contains("walk.rs:1: std::fs::File here"), "{told:?}");
        assert!(told[1].contains("walk.rs:2: std::time::Instant::now here"), "{told:?}");
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn tests_texts_and_other_crates_may() {
        let text = "//! No std::fs here.\n\
                    #[cfg(test)]\nmod tests {\n    use std::fs;\n}\n\
                    use crate::Instant;\nconst A: &str = \"std::fs\";\n";
        assert_eq!(of("crates/fupan-measure/src/walk.rs", text), [""; 0]);
        assert_eq!(of("crates/fupan-measure/src/walk/tests.rs", "use std::fs;"), [""; 0]);
        assert_eq!(of("crates/fupan-measure/tests/laws.rs", "use std::fs;"), [""; 0]);
        assert_eq!(of("crates/fupan-store/src/delta/log.rs", "use std::fs;"), [""; 0]);
    }

    #[test]
    fn the_network_is_used_where_requests_are_sent_and_nowhere_else() {
        let network = |file: &str, text: &str| network_breaches(&Source::read(file, text).unwrap());
        for (text, named) in [
            ("use std::net::TcpStream;", "std::net::TcpStream"),
            ("use std::{fmt, net::{TcpListener, IpAddr}};", "std::net::TcpListener"),
            ("use std::net;", "std::net"),
            ("use std::net::*;", "std::net"),
            ("fn a() { let _ = std::os::unix::net::UnixStream::pair(); }", "UnixStream"),
            ("fn a() { ureq::get(\"x\"); }", "ureq::get"),
            ("use reqwest::blocking::Client;", "reqwest::blocking::Client"),
            ("use tokio::net::TcpStream;", "tokio::net::TcpStream"),
        ] {
            for file in ["crates/fupan-store/src/a.rs", "crates/fupan-cli/src/a.rs"] {
                let told = network(file, text);
                assert_eq!(told.len(), 1, "{text}: {told:?}");
                assert!(told[0].contains(named) && told[0].contains("a.rs:1"), "{told:?}");
            }
            assert_eq!(network("crates/fupan-fetch/src/a.rs", text), [""; 0]);
            assert_eq!(network("crates/fupan-store/tests/a.rs", text), [""; 0]);
            assert_eq!(network("bench/src/bin/watch.rs", text), [""; 0]);
        }
        for text in ["use std::net::IpAddr;", "use net::Net;", "//! std::net::TcpStream"] {
            assert_eq!(network("crates/fupan-store/src/a.rs", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_follows_a_test_is_no_test() {
        let text = "#[cfg(test)]\nimpl<A, B> C<A, B> { fn of() { std::fs::read(1) } }\n\
                    fn read() { std::fs::read(1) }\n";
        let told = of("crates/fupan-fact/src/set.rs", text);
        assert!(told[0].contains("set.rs:3: std::fs::read"), "{told:?}");
        assert_eq!(told.len(), 1);
    }
}
