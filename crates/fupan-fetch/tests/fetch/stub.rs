//! A vendor on loopback that does what a test tells it to.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Path and query, or what a proxy is asked to connect to.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Which connection it came by.
    pub connection: usize,
    /// How many came before.
    pub before: usize,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What becomes of a connection.
pub enum Then {
    KeepOpen,
    Close,
}

type Script = dyn Fn(&Asked, &mut TcpStream) -> Then + Send + Sync;

/// How much of a request is read before the script answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    All,
    /// All but the last byte: to close then resets the connection.
    AllButOne,
}

pub struct Stub {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    stops: Arc<AtomicBool>,
}

impl Stub {
    pub fn new(script: impl Fn(&Asked, &mut TcpStream) -> Then + Send + Sync + 'static) -> Stub {
        Stub::reading(Reading::All, script)
    }

    pub fn reading(
        reading: Reading,
        script: impl Fn(&Asked, &mut TcpStream) -> Then + Send + Sync + 'static,
    ) -> Stub {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let stops = Arc::new(AtomicBool::new(false));
        let (all, stop) = (asked.clone(), stops.clone());
        let script: Arc<Script> = Arc::new(script);
        std::thread::spawn(move || {
            let connections = AtomicUsize::new(0);
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let connection = connections.fetch_add(1, Ordering::SeqCst);
                let (all, script) = (all.clone(), script.clone());
                std::thread::spawn(move || serve(stream, connection, reading, &all, &*script));
            }
        });
        Stub { address, asked, stops }
    }

    /// One that answers every request with status 200 and these bytes of JSON.
    pub fn good(body: &'static str) -> Stub {
        Stub::new(move |_, stream| answer(stream, 200, &[], body.as_bytes()))
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    mut stream: TcpStream,
    connection: usize,
    reading: Reading,
    all: &Mutex<Vec<Asked>>,
    script: &Script,
) {
    let _ = stream.set_nodelay(true);
    // A client that is gone does not hold a thread.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    while let Some(mut asked) = read_request(&mut stream, reading) {
        asked.connection = connection;
        let mut all = all.lock().unwrap();
        asked.before = all.len();
        all.push(asked.clone());
        drop(all);
        match script(&asked, &mut stream) {
            Then::KeepOpen => {}
            Then::Close => break,
        }
    }
}

fn read_request(stream: &mut TcpStream, reading: Reading) -> Option<Asked> {
    let mut head = Vec::new();
    let mut byte = [0];
    let end: &[u8] = if reading == Reading::All { b"\r\n\r\n" } else { b"\r\n\r" };
    while !head.ends_with(end) {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.trim_end().split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut asked = Asked { method, target, headers, body: Vec::new(), connection: 0, before: 0 };
    let length = asked.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    if reading == Reading::All {
        asked.body = vec![0; length];
        stream.read_exact(&mut asked.body).ok()?;
    }
    Some(asked)
}

/// Writes an answer with its length. `headers` have no line ends.
pub fn answer(stream: &mut TcpStream, status: u16, headers: &[&str], body: &[u8]) -> Then {
    let mut head = format!("HTTP/1.1 {status} Said\r\n");
    if !headers.iter().any(|header| header.to_ascii_lowercase().starts_with("content-type")) {
        head += "Content-Type: application/json\r\n";
    }
    if !matches!(status, 204 | 304) {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    for header in headers {
        head += header;
        head += "\r\n";
    }
    head += "\r\n";
    send(stream, &[head.as_bytes(), body].concat());
    Then::KeepOpen
}

/// Writes bytes as they are.
pub fn send(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
    let _ = stream.flush();
}

/// Writes bytes one at a time, until nobody reads them.
pub fn trickle(stream: &mut TcpStream, bytes: &[u8], each: Duration) {
    for byte in bytes {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        std::thread::sleep(each);
    }
}

/// Waits until the client goes.
pub fn until_gone(stream: &mut TcpStream) {
    let mut rest = [0; 64];
    while stream.read(&mut rest).is_ok_and(|read| read > 0) {}
}
