//! One answer of a vendor before it is sent, and what may be done to it.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use encoding_rs::GBK;
use serde_json::Value;

use super::vendors::Made;
use crate::stub::{Asked, respond, until_gone};

/// A request to the vendor that misbehaves.
pub struct Told {
    /// How many came before, since it began.
    pub number: usize,
    pub made: Made,
    asked: Asked,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    Utf8,
    Gbk,
}

/// How an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Whole,
    /// So many bytes fewer than it said.
    Short(usize),
    /// With the connection, which alone says that it is whole.
    Closed,
    /// Before it begins.
    Nothing,
    /// Never: nothing comes.
    Silent,
    /// A byte now and then.
    Drip,
    /// What comes is the text and nothing else.
    Bare,
}

/// An answer.
pub struct Sent {
    pub status: u16,
    pub headers: Vec<String>,
    pub text: String,
    pub writing: Writing,
    /// What is sent in place of the text.
    pub bytes: Option<Vec<u8>>,
    pub ending: Ending,
}

impl Told {
    pub fn of(asked: &Asked, number: usize, made: Made) -> Told {
        Told { number, made, asked: asked.clone() }
    }

    fn parameter(&self, name: &str) -> usize {
        let query = self.asked.target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.filter(|(known, _)| *known == name).find_map(|(_, v)| v.parse().ok());
        value.unwrap_or_default()
    }

    /// The page of a list that is asked for, counted from one, and its size.
    pub fn page(&self) -> (usize, usize) {
        (self.parameter("pn"), self.parameter("pz"))
    }

    /// The securities of a request of Tencent's or Sina's.
    pub fn list(&self) -> &str {
        self.asked.target.split_once('=').map_or("", |(_, list)| list)
    }

    /// The body of a request to Tushare.
    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.asked.body).unwrap_or_default()
    }
}

impl Sent {
    /// The right answer of a source.
    pub fn right(source: &str, told: &Told) -> Sent {
        let (text, writing) = match source {
            "tencent" => (told.made.tencent(told.list()), Writing::Gbk),
            "sina" => (told.made.sina(told.list()), Writing::Gbk),
            "tushare" => (told.made.tushare(&told.body()).to_string(), Writing::Utf8),
            _ if told.asked.target.contains("ulist") => {
                (told.made.list_of_indices().to_string(), Writing::Utf8)
            }
            _ => {
                let (page, size) = told.page();
                (told.made.list(page, size).to_string(), Writing::Utf8)
            }
        };
        let headers = vec!["Content-Type: application/json".to_owned()];
        Sent { status: 200, headers, text, writing, bytes: None, ending: Ending::Whole }
    }

    /// Changes the JSON of the answer.
    pub fn json(&mut self, change: impl FnOnce(&mut Value)) {
        let mut value = serde_json::from_str(&self.text).unwrap();
        change(&mut value);
        self.text = value.to_string();
    }

    /// Changes the rows of an answer in JSON.
    pub fn rows(&mut self, change: impl FnOnce(&mut Vec<Value>)) {
        self.json(|value| {
            let data = &mut value["data"];
            let rows = if data["diff"].is_array() { &mut data["diff"] } else { &mut data["items"] };
            change(rows.as_array_mut().unwrap());
        });
    }

    /// Sets a field of every row.
    pub fn every(&mut self, field: &str, change: impl Fn(&Value) -> Value) {
        self.rows(|rows| {
            for row in rows {
                row[field] = change(&row[field]);
            }
        });
    }

    /// Sets a field of every row of a table of Tushare's.
    pub fn every_item(&mut self, field: &str, change: impl Fn(&Value) -> Value) {
        self.json(|answer| {
            let fields = answer["data"]["fields"].as_array().unwrap();
            let place = fields.iter().position(|name| name == field).unwrap();
            for row in answer["data"]["items"].as_array_mut().unwrap() {
                row[place] = change(&row[place]);
            }
        });
    }

    /// Changes the quotes of an answer in text, each a list of its parts.
    pub fn quotes(&mut self, between: char, change: impl Fn(usize, &mut Vec<String>)) {
        let lines = self.text.lines().enumerate().map(|(place, line)| {
            let Some((name, content)) = line.split_once('"') else { return line.to_owned() };
            let content = content.trim_end_matches("\";");
            let mut parts = content.split(between).map(str::to_owned).collect();
            change(place, &mut parts);
            format!("{name}\"{}\";", parts.join(&between.to_string()))
        });
        self.text = lines.map(|line| line + "\n").collect();
    }

    pub fn says(&mut self, status: u16, text: &str) {
        self.status = status;
        text.clone_into(&mut self.text);
    }

    pub fn header(&mut self, header: &str) {
        self.headers.push(header.to_owned());
    }

    pub fn send(self, stream: &mut TcpStream) {
        let body = match (self.bytes, self.writing) {
            (Some(bytes), _) => bytes,
            (None, Writing::Utf8) => self.text.into_bytes(),
            (None, Writing::Gbk) => GBK.encode(&self.text).0.into_owned(),
        };
        let head = |length: Option<usize>| {
            let length = length.map(|length| format!("Content-Length: {length}"));
            let lines: Vec<String> = self.headers.iter().cloned().chain(length).collect();
            let lines = lines.join("\r\n");
            format!("HTTP/1.1 {} Said\r\nConnection: close\r\n{lines}\r\n\r\n", self.status)
        };
        let mut write = |bytes: &[u8]| stream.write_all(bytes).is_ok();
        match self.ending {
            Ending::Whole => return respond(stream, self.status, &self.headers, &body),
            Ending::Short(less) => {
                write(head(Some(body.len())).as_bytes());
                write(&body[..body.len().saturating_sub(less)]);
            }
            Ending::Closed => {
                write(head(None).as_bytes());
                write(&body);
            }
            Ending::Nothing => {}
            Ending::Bare => {
                write(&body);
            }
            Ending::Silent => until_gone(stream),
            Ending::Drip => {
                let mut whole = head(Some(body.len())).into_bytes();
                whole.extend(body);
                for byte in whole {
                    if !write(&[byte]) {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
}
