//! What is written down of the answers in a folder.

use std::collections::BTreeMap;

use fupan_source::vendor::{Body, FormField, FormValue, Request, SecretPlace};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::prepare::is_file_name;
use crate::reply::Reply;
use crate::secrets::Secrets;

/// The version of the manifest's form.
pub(crate) const FORMAT: u32 = 1;

/// The answers of one dataset, as `manifest.json` lists them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of its form.
    pub format: u32,
    /// The source that was asked.
    pub source: String,
    /// Whether all answers of the dataset are there. Nobody reads one that is not whole.
    pub whole: bool,
    /// The names of the requests in the order in which they were asked; empty until it is whole.
    pub order: Vec<String>,
    /// The answers by the names of their requests.
    pub answers: BTreeMap<String, KeptAnswer>,
}

/// One answer in a folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// Its file in the folder.
    pub file: String,
    /// When it was asked for.
    pub at: Timestamp,
    /// When the vendor last said that it still holds, if it was asked again.
    pub confirmed: Option<Timestamp>,
    /// The request, without secrets: method, address, query, headers and body, and which variables
    /// it needs.
    pub request: Value,
    /// The BLAKE3 digest of the file, in hexadecimal.
    pub blake3: String,
    /// The bytes of the file.
    pub bytes: u64,
    /// The status of HTTP.
    pub status: u16,
    /// The media type, if it was said.
    pub media_type: Option<String>,
    /// The vendor's mark for this version, if it gave one.
    pub etag: Option<String>,
    /// When the vendor last changed it, as the vendor writes it.
    pub last_modified: Option<String>,
    /// Whether the vendor repeated a secret, which was taken out of the file.
    pub repeated_a_secret: bool,
    /// Whether only the end of the connection said that the answer is whole.
    pub ended_by_close: bool,
}

impl Manifest {
    /// The manifest of an empty folder.
    pub(crate) fn new(source: &str) -> Manifest {
        Manifest {
            format: FORMAT,
            source: source.to_owned(),
            whole: false,
            order: Vec::new(),
            answers: BTreeMap::new(),
        }
    }

    /// The answers of a whole dataset, in the order in which they were asked for.
    pub fn in_order(&self) -> impl Iterator<Item = &KeptAnswer> {
        self.order.iter().filter_map(|name| self.answers.get(name))
    }

    /// Reads one. `None` if it is none, or of another form; an answer whose file is not in the folder
    /// itself is left out.
    pub(crate) fn read(text: &[u8]) -> Option<Manifest> {
        let mut manifest: Manifest = serde_json::from_slice(text).ok()?;
        let count = manifest.answers.len();
        manifest.answers.retain(|name, answer| answer.is_of(name));
        let is_listed = |names: &[String]| names.iter().eq(manifest.answers.keys());
        let mut order = manifest.order.clone();
        order.sort();
        manifest.whole &= count == manifest.answers.len() && is_listed(&order);
        Some(manifest).filter(|manifest| manifest.format == FORMAT)
    }
}

impl KeptAnswer {
    pub(crate) fn of(name: &str, request: Value, reply: &Reply) -> KeptAnswer {
        KeptAnswer {
            file: format!("{name}.{}", ending(reply.media_type.as_deref())),
            at: reply.at,
            confirmed: None,
            request,
            blake3: blake3::hash(&reply.body).to_hex().to_string(),
            bytes: reply.body.len() as u64,
            status: reply.status,
            media_type: reply.media_type.clone(),
            etag: reply.etag.clone(),
            last_modified: reply.last_modified.clone(),
            repeated_a_secret: reply.repeated_a_secret,
            ended_by_close: reply.ended_by_close,
        }
    }

    /// Whether it can be the answer of a request of that name.
    pub(crate) fn is_of(&self, name: &str) -> bool {
        let ending = self.file.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
        is_file_name(name) && ending.is_some_and(is_file_name)
    }

    /// Whether these are the bytes of its file.
    pub(crate) fn has(&self, bytes: &[u8]) -> bool {
        bytes.len() as u64 == self.bytes && *blake3::hash(bytes).to_hex() == *self.blake3
    }
}

/// A line of the journal: an answer that is kept since the manifest was written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JournalLine {
    pub name: String,
    pub answer: KeptAnswer,
}

/// A request as it is written down: with the names of its secrets' variables and no value.
pub(crate) fn described(request: &Request, secrets: &Secrets) -> Value {
    let clean = |text: &str| secrets.scrub(text);
    let pairs = |pairs: Vec<(&str, &str)>| -> Vec<[String; 2]> {
        pairs.into_iter().map(|(name, value)| [clean(name), clean(value)]).collect()
    };
    let (method, body) = match &request.body {
        Body::None => ("GET", Value::Null),
        Body::Json(body) => ("POST", body.clone()),
        Body::Form(fields) => ("POST", form(fields)),
    };
    let body = serde_json::from_str(&clean(&body.to_string())).unwrap_or(Value::Null);
    let query = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let headers = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let places = request.secrets.iter().map(|secret| {
        let place = match secret.place {
            SecretPlace::JsonField(name) => format!("field {name}"),
            SecretPlace::FormField(name) => format!("form {name}"),
            SecretPlace::Query(name) => format!("query {name}"),
            SecretPlace::Header(name) => format!("header {name}"),
            SecretPlace::Path(name) => format!("path {name}"),
            SecretPlace::Url => "address".to_owned(),
            SecretPlace::Signed(_) => "signature".to_owned(),
        };
        [secret.variable.to_owned(), place]
    });
    json!({
        "method": method,
        "url": clean(&request.url),
        "query": pairs(query.collect()),
        "headers": pairs(headers.collect()),
        "body": body,
        "secrets": places.collect::<Vec<_>>(),
    })
}

/// A form as it is written down: of a file, its name and its digest.
fn form(fields: &[FormField]) -> Value {
    let field = |field: &FormField| match &field.value {
        FormValue::Text(text) => json!([field.name, text]),
        FormValue::File { name, bytes, .. } => {
            json!([field.name, name, blake3::hash(bytes).to_hex().as_str()])
        }
    };
    fields.iter().map(field).collect()
}

/// The ending of the name of an answer's file, by its media type.
pub(crate) fn ending(media_type: Option<&str>) -> &'static str {
    let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default();
    match essence.trim().to_ascii_lowercase().as_str() {
        "application/json" | "text/json" => "json",
        "application/javascript" | "text/javascript" | "application/x-javascript" => "js",
        "text/csv" => "csv",
        "text/html" => "html",
        "text/xml" | "application/xml" => "xml",
        "text/plain" => "txt",
        "application/zip" => "zip",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        _ => "bin",
    }
}
