//! From a request as a value to one that can be sent, with its secrets in place.

use std::fmt::{Debug, Formatter};

use fupan_market::Wording;
use fupan_source::vendor::{
    Body, FormField, FormValue, Request, Secret, SecretPlace, Signing, form_data,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::http::{HeaderName, HeaderValue};
use url::Url;

use crate::error::FetchError;
use crate::outside::Outside;
use crate::secrets::Secrets;

/// What a path may hold besides letters and digits without being encoded. A colon is part of some
/// keys, and servers compare it as it is.
const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// A request with its secrets in place. Nothing prints it.
pub(crate) struct Prepared {
    pub source: &'static str,
    pub name: String,
    pub url: Url,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What is posted; `None` for a `GET`.
    pub body: Option<Vec<u8>>,
    pub secrets: Secrets,
}

impl Debug for Prepared {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Prepared({} {})", self.source, self.name)
    }
}

/// A request while its secrets are put in.
struct Draft<'r> {
    request: &'r Request,
    address: String,
    query: Vec<(String, String)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Body,
}

/// Checks a request and puts its secrets in; one that is signed is signed as of now.
///
/// # Errors
/// If a variable is missing or does not fit, or the request cannot be sent.
pub(crate) fn prepare(request: &Request, outside: &dyn Outside) -> Result<Prepared, FetchError> {
    check_names(request)?;
    let secrets = Secrets::read(request, outside)?;
    let mut draft = Draft {
        request,
        address: request.url.clone(),
        query: request.query.clone(),
        headers: Vec::new(),
        body: request.body.clone(),
    };
    for (name, value) in &request.headers {
        let header = header(name, value);
        let header =
            header.ok_or_else(|| draft.bad("a header cannot be sent", "有一个请求头无法发送"))?;
        draft.headers.push(header);
    }
    for (secret, value) in request.secrets.iter().zip(secrets.values()) {
        draft.put(secret, value, outside)?;
    }
    let is_secret = request.secrets.iter().find(|secret| secret.place == SecretPlace::Url);
    let url = url_of(&draft.address, &draft.query).map_err(|reason| match is_secret {
        Some(secret) => {
            FetchError::BadVariable { source: request.source, variable: secret.variable, reason }
        }
        None => bad_request(request, reason),
    })?;
    let Draft { mut headers, body, .. } = draft;
    let body = match body {
        Body::None => None,
        Body::Json(value) => Some(("application/json".to_owned(), value.to_string().into_bytes())),
        Body::Form(fields) => Some(form_data(&fields)),
    };
    let (media_type, body) = body.unzip();
    if let Some(value) = media_type.and_then(|of| HeaderValue::from_str(&of).ok()) {
        headers.push((ureq::http::header::CONTENT_TYPE, value));
    }
    let (source, name) = (request.source, request.name.clone());
    Ok(Prepared { source, name, url, headers, body, secrets })
}

impl Draft<'_> {
    /// Puts a secret where it belongs.
    fn put(
        &mut self,
        secret: &Secret,
        value: &str,
        outside: &dyn Outside,
    ) -> Result<(), FetchError> {
        match secret.place {
            SecretPlace::JsonField(field) => self.json(&[(field, value.to_owned())])?,
            SecretPlace::FormField(name) => match &mut self.body {
                Body::Form(fields) => {
                    fields.push(FormField { name, value: FormValue::Text(value.to_owned()) });
                }
                Body::None | Body::Json(_) => {
                    return Err(self.bad("its key has no form to be in", "没有可放密钥的表单"));
                }
            },
            SecretPlace::Query(name) => self.query.push((name.to_owned(), value.to_owned())),
            SecretPlace::Header(name) => {
                let (en, zh) = ("a header cannot hold it", "请求头里放不下它");
                let header = header(name, value);
                let (name, mut value) =
                    header.ok_or_else(|| does_not_fit(self.request, secret, en, zh))?;
                value.set_sensitive(true);
                self.headers.push((name, value));
            }
            SecretPlace::Path(placeholder) => {
                let start = path_start(&self.address);
                let at =
                    self.address[start..].find(placeholder).filter(|_| !placeholder.is_empty());
                let at = start
                    + at.ok_or_else(|| {
                        self.bad("its path has no place for the key", "路径里没有放密钥的位置")
                    })?;
                let encoded = utf8_percent_encode(value, IN_PATH).to_string();
                self.address.replace_range(at..at + placeholder.len(), &encoded);
            }
            SecretPlace::Url => self.address = value.to_owned(),
            SecretPlace::Signed(signing) => self.sign(signing, value, outside)?,
        }
        Ok(())
    }

    /// Signs it with a secret that is not sent.
    fn sign(
        &mut self,
        signing: Signing,
        secret: &str,
        outside: &dyn Outside,
    ) -> Result<(), FetchError> {
        let now = u64::try_from(outside.now().as_millisecond()).unwrap_or(0);
        let signature = signing.sign(secret, now);
        let parts = signature.query.into_iter();
        self.query.extend(parts.map(|(name, value)| (name.to_owned(), value)));
        match signature.fields.is_empty() {
            true => Ok(()),
            false => self.json(&signature.fields),
        }
    }

    /// Adds fields at the top of the JSON body.
    fn json(&mut self, added: &[(&str, String)]) -> Result<(), FetchError> {
        let Body::Json(Value::Object(fields)) = &mut self.body else {
            return Err(self.bad("its key has no JSON object to be in", "没有可放密钥的JSON对象"));
        };
        let added = added.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into()));
        fields.extend(added);
        Ok(())
    }

    fn bad(&self, en: &str, zh: &str) -> FetchError {
        bad_request(self.request, Wording::new(en, zh))
    }
}

fn bad_request(request: &Request, reason: Wording) -> FetchError {
    FetchError::BadRequest { source: request.source, name: request.name.clone(), reason }
}

fn does_not_fit(request: &Request, secret: &Secret, en: &str, zh: &str) -> FetchError {
    let (source, variable) = (request.source, secret.variable);
    FetchError::BadVariable { source, variable, reason: Wording::new(en, zh) }
}

/// Names become names of files.
fn check_names(request: &Request) -> Result<(), FetchError> {
    if is_file_name(request.source) && is_file_name(&request.name) && request.name != "manifest" {
        return Ok(());
    }
    let (en, zh) = ("its name is not one of a file", "它的名称不能作为文件名");
    Err(bad_request(request, Wording::new(en, zh)))
}

/// Whether a name is letters, digits and hyphens, and not too long for a file's.
pub(crate) fn is_file_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=100).contains(&name.len()) && name.bytes().all(fits)
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    // Bytes above ASCII have no meaning there that all servers share.
    let value = HeaderValue::from_str(value).ok().filter(|value| value.to_str().is_ok())?;
    Some((name, value))
}

/// Where in an address the path starts.
fn path_start(address: &str) -> usize {
    let host = address.find("://").map_or(0, |at| at + 3);
    address[host..].find('/').map_or(address.len(), |at| host + at)
}

fn url_of(address: &str, query: &[(String, String)]) -> Result<Url, Wording> {
    let mut url =
        Url::parse(address).map_err(|_| Wording::new("it is not an address", "它不是一个网址"))?;
    if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none_or(str::is_empty) {
        return Err(Wording::new(
            "its address is neither http nor https",
            "网址既不是http也不是https",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Wording::new("its address holds a user's name", "网址里带有用户名"));
    }
    url.set_fragment(None);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

#[cfg(test)]
mod tests;
