//! Encrypted connections: to whom this computer trusts, and to nobody else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fupan_fetch::{FetchError, FetchFault, NoFetchProgress, RedirectFault, Reply, SlowStep};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::world::{World, fetcher, once, request};

const ADDRESS: &str = "FUPAN_FETCH_TEST_ADDRESS";

/// A vendor with the certificate of the fixtures; what was asked of it.
fn vendor() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let certificate =
        CertificateDer::from(include_bytes!("../../fixtures/localhost.cert.der").to_vec());
    let key = include_bytes!("../../fixtures/localhost.key.der").to_vec();
    let key = PrivateKeyDer::try_from(key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            serve(StreamOwned::new(connection, stream), &noted);
        }
    });
    (address, asked)
}

/// One request a connection. `/away` leads to the same host without encryption.
fn serve(mut stream: StreamOwned<ServerConnection, TcpStream>, asked: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            // The client does not trust us.
            _ => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let port = stream.sock.local_addr().unwrap().port();
    let answer = match path.as_str() {
        "/away" => format!(
            "HTTP/1.1 302 Found\r\nLocation: http://localhost:{port}/\r\nContent-Length: 0\r\n\r\n"
        ),
        _ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_owned(),
    };
    asked.lock().unwrap().push(path);
    let _ = stream.write_all(answer.as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn sent(url: String) -> Result<Reply, FetchError> {
    let folder = tempfile::tempdir().unwrap();
    fetcher(once(), folder.path(), &World::new(1, &[])).send(&request(url), &NoFetchProgress)
}

fn fault(url: String) -> FetchFault {
    match sent(url).unwrap_err() {
        FetchError::Unanswered { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_asked() {
    let (address, asked) = vendor();
    let fault = fault(format!("https://localhost:{}/", address.port()));
    assert!(matches!(fault, FetchFault::Insecure(_)) && !fault.is_passing(), "{fault:?}");
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
}

#[test]
fn one_that_does_not_speak_tls_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = stream.read(&mut [0; 1024]);
        }
    });
    let fault = fault(format!("https://localhost:{}/", address.port()));
    assert!(matches!(fault, FetchFault::Insecure(_)), "{fault:?}");
}

#[test]
fn a_handshake_without_an_answer_is_too_slow_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let mut settings = once();
    settings.timeouts.connect = Duration::from_millis(300);
    let folder = tempfile::tempdir().unwrap();
    let fetcher = fetcher(settings, folder.path(), &World::new(1, &[]));
    let told = fetcher.send(&request(url), &NoFetchProgress).unwrap_err();
    let FetchError::Unanswered { fault, .. } = told else { panic!("{told:?}") };
    assert_eq!(fault, FetchFault::TooSlow(SlowStep::Connecting));
    assert!(fault.is_passing() && fault.is_of_source());
}

/// What the process does that trusts the fixture's authority. Without the variable it is no test.
#[test]
fn child() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    assert_eq!(sent(format!("https://localhost:{address}/a")).unwrap().body, b"{}");
    let told = fault(format!("https://localhost:{address}/away"));
    let elsewhere = RedirectFault::Elsewhere(format!("http://localhost:{address}"));
    assert_eq!(told, FetchFault::Redirected(elsewhere));
    // The certificate is for another name.
    let told = fault(format!("https://127.0.0.1:{address}/b"));
    assert!(matches!(told, FetchFault::Insecure(_)), "{told:?}");
    println!("all three are as they should be");
}

/// A variable of the process says whom Linux trusts.
#[cfg(target_os = "linux")]
#[test]
fn the_systems_authorities_are_trusted_for_their_names_and_encryption_is_not_left() {
    let (address, asked) = vendor();
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/authority.pem");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "encrypted::child", "--nocapture"])
        .env(ADDRESS, address.port().to_string())
        .env("SSL_CERT_FILE", authority)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    let faults = String::from_utf8_lossy(&child.stderr).into_owned();
    assert!(said.contains("all three are as they should be"), "{said}{faults}");
    assert_eq!(*asked.lock().unwrap(), ["/a", "/away"]);
}
