//! A server on loopback in the place of vendors, and a machine whose clock moves when somebody waits.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use fupan::fetch::Outside;
use jiff::Timestamp;

type Variables = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A machine whose clock moves when somebody waits.
pub struct Stage {
    now: Mutex<Timestamp>,
    variables: Box<Variables>,
}

impl Stage {
    pub fn at(
        now: Timestamp,
        variables: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Arc<Stage> {
        Arc::new(Stage { now: Mutex::new(now), variables: Box::new(variables) })
    }

    /// Moves the clock on; it never goes back.
    pub fn set(&self, to: Timestamp) {
        let mut now = self.now.lock().unwrap();
        *now = to.max(*now);
    }
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
        (self.variables)(name).map(OsString::from)
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Path and query, or what a proxy is asked to connect to.
    pub target: String,
    pub body: Vec<u8>,
}

/// The next request of a connection; `None` if none comes.
pub fn asked(stream: &mut TcpStream) -> Option<Asked> {
    let (mut bytes, mut some) = (Vec::new(), [0; 4096]);
    let (head, mut body) = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            break (String::from_utf8_lossy(&bytes).into_owned(), rest);
        }
        match stream.read(&mut some) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend(&some[..read]),
        }
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut rest = vec![0; length.unwrap_or(0_usize).saturating_sub(body.len())];
    stream.read_exact(&mut rest).ok()?;
    body.extend(rest);
    let mut opening = head.split(' ').map(str::to_owned);
    Some(Asked { method: opening.next()?, target: opening.next()?, body })
}

/// Answers with a whole body, after which the connection ends.
pub fn respond(stream: &mut TcpStream, status: u16, headers: &[String], body: &[u8]) {
    let lines: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Length: {}\r\nConnection: close\r\n{lines}\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body);
    until_gone(stream);
}

/// Waits until the other side goes: to close before it has read all resets the connection.
pub fn until_gone(stream: &mut TcpStream) {
    let mut rest = [0; 64];
    while stream.read(&mut rest).is_ok_and(|read| read > 0) {}
}

/// A server's address; connections are served one after the other.
pub fn serve(mut answer: impl FnMut(&mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            answer(&mut stream);
        }
    });
    format!("http://{address}")
}
