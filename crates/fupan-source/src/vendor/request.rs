//! One request, its answer, and what becomes of it.

use std::time::Duration;

use fupan_market::{Symbol, Wording};
use serde_json::Value;

use super::form::FormField;
use super::signing::Signing;

/// A request over HTTP. It holds no secret: it says where one belongs.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The source whose budget it counts on, such as `eastmoney`.
    pub source: &'static str,
    /// What it asks for, as a name for the file of its answer: letters, digits and hyphens, such as
    /// `spot-0003`.
    pub name: String,
    /// Scheme, host, port and path; no query.
    pub url: String,
    /// The query, in order; values are not encoded.
    pub query: Vec<(String, String)>,
    /// Headers in addition to those of every request.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Body,
    /// The secrets it needs.
    pub secrets: Vec<Secret>,
}

/// What a request sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing: it is a `GET`.
    None,
    /// A `POST` of JSON.
    Json(Value),
    /// A `POST` of a form in parts, as [`form_data`](super::form_data) writes it.
    Form(Vec<FormField>),
}

/// A secret that a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The environment's variable that holds it.
    pub variable: &'static str,
    /// Where it belongs.
    pub place: SecretPlace,
}

/// Where a secret belongs in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// The value of a field at the top of the JSON body.
    JsonField(&'static str),
    /// The value of a further field of the form.
    FormField(&'static str),
    /// The value of a part of the query.
    Query(&'static str),
    /// The value of a header.
    Header(&'static str),
    /// In the path, in place of these characters.
    Path(&'static str),
    /// The whole URL: the request's own is empty. Its query stays; the request's comes after it.
    Url,
    /// Nowhere: the request is signed with it when it is sent, by [`Signing::sign`].
    Signed(Signing),
}

/// An answer to a request, whole, with its transfer encoding undone.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The status of HTTP.
    pub status: u16,
    /// The media type, if it is said.
    pub media_type: Option<&'a str>,
    /// The bytes.
    pub body: &'a [u8],
}

/// Why an answer is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It may be another one when asked again: the vendor is busy, blocks, or cut it short.
    Again {
        /// What is wrong.
        reason: Wording,
        /// How long the vendor asks to wait.
        after: Option<Duration>,
    },
    /// Asking again does not help: a token without the right, a session that the vendor does not have.
    Never {
        /// What is wrong, and what to do.
        reason: Wording,
    },
}

/// The requests that bring one dataset, one after the other. Which one is next may depend on the
/// answers so far: a first page says how many there are.
pub trait Conversation {
    /// The next request; `None` once every answer is there.
    fn next(&self) -> Option<Request>;

    /// Takes the answer to the request that is next.
    ///
    /// # Errors
    /// If the answer is not one to keep; the same request stays next.
    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused>;

    /// Whether the answer that was refused last contradicts those that were taken: a list that changed
    /// while it was read, a page that came before, a market without a single trade. Then none of them
    /// is to be relied on, and whoever asks next begins anew.
    fn contradicts(&self) -> bool {
        false
    }

    /// How many requests there are in all, once that is known. For progress only.
    fn requests(&self) -> Option<u64> {
        None
    }

    /// The securities of which the vendor knows nothing, as far as it was asked.
    fn unknown(&self) -> &[Symbol] {
        &[]
    }

    /// What is to be said of the answers that were kept: that the vendor gives fewer rows a page than
    /// are asked for, that it does not know some securities. Empty if there is nothing.
    fn remarks(&self) -> Vec<Wording> {
        Vec::new()
    }
}
