//! Secrets of the environment stay there: planted ones are looked for in everything that the program
//! writes, also when it fails, logs all it can and prints where it was. Each test runs the real binary
//! against a stub on loopback that repeats whatever it is sent.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// What is planted: no two alike, and none that a page would hold by chance.
const PLANTED: [(&str, &str); 9] = [
    ("TUSHARE_TOKEN", "planted0tushare0token0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    ("WECHAT_WEBHOOK_URL", "URL/cgi-bin/webhook/send?key=planted0wecom0key"),
    ("FEISHU_WEBHOOK_URL", "URL/open-apis/bot/v2/hook/planted0feishu0hook"),
    ("FEISHU_SECRET", "planted0feishu0secret"),
    ("DINGTALK_WEBHOOK_URL", "URL/robot/send?access_token=planted0dingtalk0token"),
    ("DINGTALK_SECRET", "planted0dingtalk0secret"),
    ("TELEGRAM_BOT_TOKEN", "123456789:planted0telegram0token00000000000"),
    ("FUPAN_WEBHOOK_URL", "URL/hooks/planted0own0hook"),
    ("FUPAN_SMTP_URL", "planted0mail0password"),
];

/// A stub that answers every request with what it was asked, and keeps it.
fn stub(asked: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let asked = Arc::clone(&asked);
            std::thread::spawn(move || answer(stream, &asked));
        }
    });
    url
}

fn answer(stream: TcpStream, asked: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        let is_end = line.trim().is_empty();
        head.push_str(&line);
        if is_end {
            break;
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    let repeated = format!("{head}{}", String::from_utf8_lossy(&body));
    asked.lock().unwrap().push(repeated.clone());
    let told = serde_json::json!({"code": 40001, "errcode": 93000, "msg": repeated}).to_string();
    let mut stream = stream;
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{told}",
        told.len()
    );
}

/// A mail server that refuses every login, and repeats it.
fn mail_stub(asked: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut stream = stream;
            let _ = stream.write_all(b"220 mail.example\r\n");
            let mut line = String::new();
            while reader.read_line(&mut line).unwrap_or(0) > 0 {
                let told = match line.starts_with("EHLO") {
                    true => "250-mail.example\r\n250 AUTH PLAIN\r\n".to_owned(),
                    false => format!("535 not {line}"),
                };
                asked.lock().unwrap().push(std::mem::take(&mut line));
                let _ = stream.write_all(told.as_bytes());
            }
        }
    });
    address
}

/// The secret parts of what is planted.
fn secrets() -> impl Iterator<Item = &'static str> {
    PLANTED.into_iter().map(|(_, value)| &value[value.find("planted").unwrap()..])
}

fn look_through(path: &Path, found: &mut Vec<String>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            look_through(&entry.unwrap().path(), found);
        }
        return;
    }
    let bytes = std::fs::read(path).unwrap();
    let name = path.display().to_string();
    let holds = |secret: &str| {
        bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
            || name.contains(secret)
    };
    found
        .extend(secrets().filter(|secret| holds(secret)).map(|secret| format!("{secret}: {name}")));
}

#[test]
fn planted_secrets_are_nowhere_that_the_program_writes() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let url = stub(Arc::clone(&asked));
    let mail = mail_stub(Arc::clone(&asked));
    let desk = tempfile::tempdir().unwrap();
    let config = desk.path().join("fupan.toml");
    std::fs::write(&config, format!("[mirrors]\ntushare = \"{url}\"\n")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        let planted = PLANTED.map(|(name, value)| match name {
            "FUPAN_SMTP_URL" => (name, format!("smtp://me:{value}@{mail}")),
            _ => (name, value.replace("URL", &url)),
        });
        command
            .envs(planted)
            .env("TELEGRAM_CHAT_ID", "42")
            .env("FUPAN_MAIL_FROM", "me@example.com")
            .env("FUPAN_MAIL_TO", "you@example.com, Them <them@example.com>")
            .env("FUPAN_STORE", desk.path().join("store"))
            .env("FUPAN_CONFIG", &config)
            .env("FUPAN_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .env("no_proxy", "127.0.0.1")
            .current_dir(desk.path());
        let output = command.args(arguments).output().unwrap();
        for (what, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            let text = String::from_utf8_lossy(bytes);
            for secret in secrets() {
                assert!(!text.contains(secret), "{secret} in {what} of {arguments:?}: {text}");
            }
        }
        output
    };
    for channel in ["wecom", "feishu", "dingtalk", "webhook"] {
        let output = run(&["push", "--sample", "--to", channel]);
        let is_webhook = channel == "webhook";
        assert_eq!(output.status.success(), is_webhook, "{channel}: {output:?}");
    }
    run(&["push", "--sample", "--to", "telegram", "--dry-run"]);
    let output = run(&["push", "--sample", "--to", "email", "--dry-run", "--lang", "en"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("me@example.com → you@example.com, them@example.com"), "{text}");
    let output = run(&["push", "--sample", "--to", "email", "--lang", "en"]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("the mail server refuses"), "{text}");
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &text;
    assert!(told.contains("0 of 2 messages sent"), "{told}");
    let output = run(&["update", "--source", "tushare", "--list", "tushare-list"]);
    assert!(!output.status.success());
    run(&["update", "--source", "tushare", "--format", "json"]);
    run(&["init", "--tdx", "none", "--source", "tushare", "--lang", "zh", "--force"]);

    // The stub was sent them, so that there was something to hide.
    let asked = asked.lock().unwrap().join("\n");
    for name in
        ["TUSHARE_TOKEN", "WECHAT_WEBHOOK_URL", "FEISHU_WEBHOOK_URL", "DINGTALK_WEBHOOK_URL"]
    {
        let (_, value) = PLANTED.into_iter().find(|(known, _)| *known == name).unwrap();
        let secret = &value[value.find("planted").unwrap()..];
        assert!(asked.contains(secret), "{name} was not sent");
    }
    let login = "AUTH PLAIN AG1lAHBsYW50ZWQwbWFpbDBwYXNzd29yZA==";
    assert!(asked.contains(login), "the password was not sent");
    let mut found = Vec::new();
    look_through(desk.path(), &mut found);
    assert_eq!(found, [""; 0]);
}
