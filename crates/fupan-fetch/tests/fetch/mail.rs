//! Emails are handed to a mail server on loopback, which misbehaves on demand.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use fupan_fetch::{FetchError, FetchFault, Fetcher, Letter, MAIL_SERVER, NoFetchProgress};
use fupan_market::InLanguage as _;

use crate::world::{World, settings};

/// What the server does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    TakesAll,
    /// It says what the login was.
    RefusesLogin,
    IsBusy,
    KnowsNobody,
    HangsUpInTheMessage,
}

/// What came over a connection.
#[derive(Debug, Default)]
struct Heard {
    lines: Vec<String>,
    message: Vec<String>,
}

struct MailServer {
    port: u16,
    connections: Arc<AtomicUsize>,
    heard: mpsc::Receiver<Heard>,
}

impl MailServer {
    /// A server that does one thing after the other, a connection each, and the last one from then on.
    fn open(does: &'static [Does]) -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (told, heard) = mpsc::channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        std::thread::spawn(move || {
            for (place, stream) in listener.incoming().enumerate() {
                counted.fetch_add(1, Ordering::SeqCst);
                let what = does[place.min(does.len() - 1)];
                if told.send(converse(&stream.unwrap(), what)).is_err() {
                    break;
                }
            }
        });
        MailServer { port, connections, heard }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn heard(&self) -> Heard {
        self.heard.recv_timeout(Duration::from_secs(30)).unwrap()
    }
}

fn converse(stream: &TcpStream, does: Does) -> Heard {
    let mut heard = Heard::default();
    let mut reader = BufReader::new(stream);
    // Who has left hears nothing.
    let answer = |text: &str| _ = (&mut &*stream).write_all(format!("{text}\r\n").as_bytes());
    answer("220 mail.example");
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return heard;
        }
        let line = line.trim_end().to_owned();
        heard.lines.push(line.clone());
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => answer("250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME"),
            "AUTH" if does == Does::RefusesLogin => answer(&format!("535 no such user: {line}")),
            "AUTH" => answer("235 yes"),
            "MAIL" if does == Does::IsBusy => answer("451 later"),
            "RCPT" if does == Does::KnowsNobody => answer("550 nobody here"),
            "MAIL" | "RCPT" => answer("250 yes"),
            "DATA" => {
                answer("354 go on");
                if does == Does::HangsUpInTheMessage {
                    return heard;
                }
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) == 0 {
                        return heard;
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    heard.message.push(line);
                }
                answer("250 taken");
            }
            _ => {
                answer("221 bye");
                return heard;
            }
        }
    }
}

const MESSAGE: &[u8] = b"Subject: hello\r\n\r\n.a line that begins with a dot\r\nthe last\r\n";

fn send(address: &str) -> (Result<(), FetchError>, usize) {
    let world = World::new(7, &[(MAIL_SERVER, address)]);
    let folder = tempfile::tempdir().unwrap();
    let fetcher = Fetcher::new(settings(), folder.path(), world.clone()).unwrap();
    let letter = Letter { from: "me@example.com", to: "you@example.com", message: MESSAGE };
    let sent = fetcher.mail(&letter, &NoFetchProgress);
    if let Err(error) = &sent {
        let words = error.wording();
        for text in [words.en, words.zh, format!("{error:?}")] {
            assert!(!text.contains("s3cret") && !text.contains("AG1lAHMzY3JldA"), "{text}");
        }
    }
    (sent, world.sleeps().len())
}

fn to(server: &MailServer) -> (Result<(), FetchError>, usize) {
    send(&format!("smtp://me:s3cret@127.0.0.1:{}", server.port))
}

#[test]
fn an_email_arrives_as_it_was_written() {
    let server = MailServer::open(&[Does::TakesAll]);
    let (sent, waits) = to(&server);
    assert!(sent.is_ok() && waits == 0, "{sent:?}");
    let heard = server.heard();
    for line in ["AUTH PLAIN AG1lAHMzY3JldA==", "RCPT TO:<you@example.com>"] {
        assert!(heard.lines.iter().any(|said| said == line), "{line}: {:?}", heard.lines);
    }
    assert!(heard.lines.iter().any(|said| said.starts_with("MAIL FROM:<me@example.com>")));
    // A dot at the beginning of a line is doubled on the way.
    assert_eq!(heard.message.concat().replace("\r\n..", "\r\n.").as_bytes(), MESSAGE);
}

#[test]
fn a_busy_server_is_asked_again_and_a_refusal_is_final() {
    let server = MailServer::open(&[Does::IsBusy, Does::HangsUpInTheMessage, Does::TakesAll]);
    let (sent, waits) = to(&server);
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!((server.connections(), waits), (3, 2));

    let server = MailServer::open(&[Does::IsBusy]);
    let (sent, _) = to(&server);
    let Err(FetchError::Unanswered { attempts, fault: FetchFault::NotKept(said), .. }) = sent
    else {
        panic!("{sent:?}")
    };
    assert!(attempts > 1 && said.en.contains("later"), "{}", said.en);
    for (does, words) in
        [(&[Does::KnowsNobody], "nobody here"), (&[Does::RefusesLogin], "authorization code")]
    {
        let server = MailServer::open(does);
        let (sent, waits) = to(&server);
        let error = sent.unwrap_err();
        assert!(matches!(error, FetchError::Never { .. }), "{error:?}");
        let said = error.wording().en;
        assert!(said.contains(words) && said.contains("you@example.com"), "{said}");
        assert_eq!((server.connections(), waits), (1, 0));
    }
}

/// A password goes over no connection that others can read.
#[test]
fn an_address_that_cannot_be_used_is_refused_before_anything_is_sent() {
    for address in [
        "smtp://me:s3cret@mail.example",
        "smtp://me:s3cret@mail.example?tls=opportunistic",
        "smtp://me:s3cret@mail.example?tls=opportunistic&tls=required",
        "smtp://me:s3cret@192.0.2.1:587",
        "ftp://me:s3cret@127.0.0.1",
        "me:s3cret@127.0.0.1",
        "smtps:s3cret",
    ] {
        let (sent, _) = send(address);
        let error = sent.unwrap_err();
        assert!(
            matches!(error, FetchError::BadVariable { variable: MAIL_SERVER, .. }),
            "{error:?}"
        );
    }
    // Whoever does not speak TLS hears no password.
    let server = MailServer::open(&[Does::TakesAll]);
    for address in
        ["smtps://me:s3cret@127.0.0.1:PORT", "smtp://me:s3cret@127.0.0.1:PORT?tls=required"]
    {
        let (sent, _) = send(&address.replace("PORT", &server.port.to_string()));
        assert!(sent.is_err());
    }
    for _ in 0..server.connections() {
        let heard = server.heard();
        assert!(!heard.lines.iter().any(|line| line.contains("AUTH")), "{heard:?}");
    }
    assert!(server.connections() >= 2);
}
