//! The values of secrets, and texts and bytes without them.

use std::fmt::{Debug, Formatter};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fupan_market::Wording;
use fupan_source::vendor::{Request, Secret, SecretPlace};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::error::FetchError;
use crate::outside::Outside;

/// In bytes of an answer only secrets of at least this length are looked for: a shorter one might
/// be part of a figure.
const LENGTH_IN_ANSWERS: usize = 8;

const REMOVED: &str = "***";

/// The secrets of one request. Nothing prints them.
pub(crate) struct Secrets {
    values: Vec<String>,
    /// Every form in which a text may hold one, the longest first.
    forms: Vec<String>,
}

impl Debug for Secrets {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.values.len())
    }
}

impl Secrets {
    /// No secrets.
    pub fn none() -> Secrets {
        Secrets { values: Vec::new(), forms: Vec::new() }
    }

    /// Reads the secrets that a request needs, in the order in which it names them.
    ///
    /// # Errors
    /// If a variable is not set, or is not text.
    pub fn read(request: &Request, outside: &dyn Outside) -> Result<Secrets, FetchError> {
        Secrets::of(request.source, &request.secrets, outside)
    }

    /// The same of what is no request over HTTP.
    pub fn of(
        source: &'static str,
        secrets: &[Secret],
        outside: &dyn Outside,
    ) -> Result<Secrets, FetchError> {
        let (mut values, mut forms) = (Vec::new(), Vec::new());
        for secret in secrets {
            let variable = secret.variable;
            let value = outside.variable(variable).filter(|value| !value.is_empty());
            let value = value.ok_or(FetchError::NoVariable { source, variable })?;
            let value = value.into_string().map_err(|_| FetchError::BadVariable {
                source,
                variable,
                reason: Wording::new("it is not UTF-8 text", "它不是UTF-8文本"),
            })?;
            // A line break at the end comes from the file that it was read from.
            let value = value.trim().to_owned();
            if value.is_empty() {
                return Err(FetchError::NoVariable { source, variable });
            }
            forms.extend(forms_of(&value));
            if secret.place == SecretPlace::Url {
                parts_of(&value).iter().for_each(|part| forms.extend(forms_of(part)));
            }
            values.push(value);
        }
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        forms.dedup();
        Ok(Secrets { values, forms })
    }

    /// The values, in the order in which the request names them.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }

    /// A text without secrets, in capitals or not: addresses are written without capitals.
    pub fn scrub(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for form in &self.forms {
            if let Some(clean) = without(&bytes, form.as_bytes()) {
                bytes = clean;
            }
        }
        // Whole characters were replaced by whole characters.
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// A message without secrets.
    pub fn scrub_wording(&self, said: &Wording) -> Wording {
        Wording::new(self.scrub(&said.en), self.scrub(&said.zh))
    }

    /// Takes secrets out of an answer; whether there were any.
    pub fn scrub_bytes(&self, bytes: &mut Vec<u8>) -> bool {
        self.scrub_from(LENGTH_IN_ANSWERS, bytes)
    }

    /// Takes secrets of any length out of an answer that is not kept, so that its figures do not
    /// matter.
    pub fn scrub_refused(&self, bytes: &mut Vec<u8>) {
        self.scrub_from(1, bytes);
    }

    fn scrub_from(&self, length: usize, bytes: &mut Vec<u8>) -> bool {
        let mut found = false;
        for form in self.forms.iter().filter(|form| form.len() >= length) {
            if let Some(clean) = without(bytes, form.as_bytes()) {
                *bytes = clean;
                found = true;
            }
        }
        found
    }
}

/// The bytes with every occurrence of a word replaced, in capitals or not; `None` if there is none.
fn without(bytes: &[u8], word: &[u8]) -> Option<Vec<u8>> {
    let first = word.first()?.to_ascii_lowercase();
    let mut clean: Option<Vec<u8>> = None;
    let (mut at, mut copied) = (0, 0);
    let is_first = |byte: &u8| byte.to_ascii_lowercase() == first;
    while let Some(next) = bytes[at..].iter().position(is_first) {
        at += next;
        let here = bytes.get(at..at + word.len());
        if here.is_some_and(|here| here.eq_ignore_ascii_case(word)) {
            let clean = clean.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
            clean.extend_from_slice(&bytes[copied..at]);
            clean.extend_from_slice(REMOVED.as_bytes());
            at += word.len();
            copied = at;
        } else {
            at += 1;
        }
    }
    clean.map(|mut clean| {
        clean.extend_from_slice(&bytes[copied..]);
        clean
    })
}

/// A secret as it is, as a URL writes it, and as JSON writes it, also within a text of JSON.
fn forms_of(value: &str) -> Vec<String> {
    let json = in_json(value);
    let mut forms = vec![
        value.to_owned(),
        utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
        byte_serialize(value.as_bytes()).collect(),
        json.replace('/', "\\/"),
        in_json(&json),
        json,
    ];
    if let Ok(Some(path)) = Url::parse("http://host/").map(|mut url| {
        url.path_segments_mut().ok()?.push(value);
        Some(url.path().trim_start_matches('/').to_owned())
    }) {
        forms.push(path);
    }
    forms.retain(|form| !form.is_empty());
    forms
}

fn in_json(value: &str) -> String {
    let json = serde_json::Value::from(value).to_string();
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(&json).to_owned()
}

/// What of an address that is a secret is one by itself: its longer parts.
fn parts_of(address: &str) -> Vec<String> {
    let Ok(url) = Url::parse(address) else { return Vec::new() };
    let path = url.path_segments().into_iter().flatten().map(str::to_owned);
    let query = url.query_pairs().map(|(_, value)| value.into_owned());
    let whole = [url.to_string(), url[url::Position::BeforePath..].to_owned()];
    let parts = path.chain(query).chain(whole);
    let long = parts.filter(|part| part.len() >= LENGTH_IN_ANSWERS);
    long.chain(url.password().into_iter().flat_map(|word| of_password(url.username(), word)))
        .collect()
}

/// A password as an address holds it, as it is, and as a login to a mail server sends it (RFC 4616);
/// whatever its length is.
fn of_password(user: &str, password: &str) -> Vec<String> {
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, said) = (plain(user), plain(password));
    let sent = [format!("\0{user}\0{said}"), said.clone()].map(|text| STANDARD.encode(text));
    [password.to_owned(), said].into_iter().chain(sent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Secrets {
        let mut forms: Vec<String> = values.iter().flat_map(|value| forms_of(value)).collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Secrets { values: values.iter().map(|&value| value.to_owned()).collect(), forms }
    }

    #[test]
    fn a_secret_is_taken_out_in_every_form() {
        let secrets = of(&["a b/\"c+12345"]);
        for form in [
            "a b/\"c+12345",
            "a%20b%2F%22c%2B12345",
            "a+b%2F%22c%2B12345",
            "a b/\\\"c+12345",
            "a b\\/\\\"c+12345",
            "a b/\\\\\\\"c+12345",
            "A%20B%2f%22C%2b12345",
        ] {
            assert_eq!(secrets.scrub(&format!("<{form}>")), "<***>", "{form}");
            let mut bytes = format!("<{form}>{form}").into_bytes();
            assert!(secrets.scrub_bytes(&mut bytes));
            assert_eq!(bytes, b"<***>***", "{form}");
        }
        let mut bytes = b"a a b a b/ 12345".to_vec();
        assert!(!secrets.scrub_bytes(&mut bytes));
        assert_eq!(bytes, b"a a b a b/ 12345");
        assert_eq!(format!("{secrets:?}"), "Secrets(1)");
    }

    #[test]
    fn a_short_secret_leaves_figures_alone_and_no_message() {
        let secrets = of(&["1234"]);
        let mut bytes = b"[12345]".to_vec();
        assert!(!secrets.scrub_bytes(&mut bytes));
        assert_eq!(secrets.scrub("key 1234"), "key ***");
    }

    #[test]
    fn parts_of_a_secret_address_are_secrets() {
        let parts = parts_of("https://host.example/hook/0123456789?key=abcdefgh-1&v=1");
        for part in ["0123456789", "abcdefgh-1", "/hook/0123456789?key=abcdefgh-1&v=1"] {
            assert!(parts.iter().any(|found| found == part), "{part}");
        }
        assert!(!parts.iter().any(|part| part == "hook" || part == "1"));
        let parts = parts_of("smtps://me:p%40s@mail.example");
        for part in ["p%40s", "p@s", "AG1lAHBAcw==", "cEBz"] {
            assert!(parts.iter().any(|found| found == part), "{part}");
        }
    }
}
