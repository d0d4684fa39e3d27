//! An answer without secrets.

use std::fmt::{Debug, Formatter};

use fupan_source::vendor::Answer;
use jiff::Timestamp;

use crate::secrets::Secrets;
use crate::wire::Heard;

/// An answer to a request, whole, with its compression undone and without secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The media type, if it is said in ASCII.
    pub media_type: Option<String>,
    /// The bytes. Where the vendor repeated a secret, three asterisks.
    pub body: Vec<u8>,
    /// When the request was sent.
    pub at: Timestamp,
    /// The vendor's mark for this version of the answer, if it gave one.
    pub etag: Option<String>,
    /// When the vendor last changed it, as the vendor writes it.
    pub last_modified: Option<String>,
    /// Whether the vendor repeated a secret.
    pub repeated_a_secret: bool,
    /// Whether only the end of the connection said that it is whole.
    pub ended_by_close: bool,
}

impl Debug for Reply {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let (status, bytes) = (self.status, self.body.len());
        write!(f, "Reply({status}, {:?}, {bytes} bytes, {})", self.media_type, self.at)
    }
}

impl Reply {
    pub(crate) fn of(heard: Heard, secrets: &Secrets, at: Timestamp) -> Reply {
        let clean = |text: Option<String>| text.map(|text| secrets.scrub(&text));
        let mut body = heard.body;
        let repeated_a_secret = secrets.scrub_bytes(&mut body);
        Reply {
            status: heard.status,
            media_type: clean(heard.media_type),
            body,
            at,
            // One that holds a secret is none that could be sent back.
            etag: heard.etag.filter(|etag| secrets.scrub(etag) == *etag),
            last_modified: clean(heard.last_modified),
            repeated_a_secret,
            ended_by_close: heard.ended_by_close,
        }
    }

    /// The answer as a conversation takes it.
    pub fn answer(&self) -> Answer<'_> {
        Answer { status: self.status, media_type: self.media_type.as_deref(), body: &self.body }
    }
}
