//! The picture of a brief to share.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fupan_source::vendor::{Body, FormField, FormValue, Request};
use md5::{Digest, Md5};
use serde_json::json;

use crate::channel::Channel;
use crate::error::PushError;

/// A picture in PNG.
#[derive(Clone, PartialEq, Eq)]
pub struct ShareImage {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

impl std::fmt::Debug for ShareImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShareImage({} × {}, {} bytes)", self.width, self.height, self.bytes.len())
    }
}

/// Bytes of a picture that a WeCom robot takes: 2 MB before base64.
const WECOM_BYTES: usize = 2_000_000;

/// Bytes of a photo that Telegram's `sendPhoto` takes: 10 MB.
const TELEGRAM_BYTES: usize = 10_000_000;

/// Pixels of a photo's width and height together, and how many times one may be the other.
const TELEGRAM_PIXELS: u64 = 10_000;
const TELEGRAM_RATIO: u64 = 20;

impl ShareImage {
    /// A picture from the bytes of its file.
    ///
    /// # Errors
    /// If they do not begin as a PNG does, with its size.
    pub fn png(bytes: Vec<u8>) -> Result<ShareImage, PushError> {
        // The signature, and the chunk that comes first: length, `IHDR`, width, height (PNG, 5.2
        // and 11.2.1).
        let head = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").and_then(|rest| rest.get(..16));
        let size = head.filter(|head| head[4..8] == *b"IHDR").map(|head| {
            let number = |at: usize| {
                u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]])
            };
            (number(8), number(12))
        });
        match size {
            Some((width, height)) if width > 0 && height > 0 => {
                Ok(ShareImage { bytes, width, height })
            }
            _ => Err(PushError::NotPng),
        }
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The request that sends it to a channel; `None` where a channel takes no pictures this way.
    pub(crate) fn request(
        &self,
        channel: &Channel,
        label: &str,
    ) -> Result<Option<Request>, PushError> {
        let body = match channel {
            Channel::WeCom => {
                self.at_most(WECOM_BYTES)?;
                let digest: String =
                    Md5::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
                Body::Json(json!({
                    "msgtype": "image",
                    "image": { "base64": STANDARD.encode(&self.bytes), "md5": digest },
                }))
            }
            Channel::Telegram { .. } => {
                self.at_most(TELEGRAM_BYTES)?;
                let (width, height) = (u64::from(self.width), u64::from(self.height));
                let (long, short) = (width.max(height), width.min(height));
                if width + height > TELEGRAM_PIXELS || long > TELEGRAM_RATIO * short {
                    return Err(PushError::ImageShape { width: self.width, height: self.height });
                }
                let value = FormValue::File {
                    name: "brief.png",
                    media_type: "image/png",
                    bytes: self.bytes.clone(),
                };
                Body::Form(vec![
                    FormField { name: "caption", value: FormValue::Text(label.to_owned()) },
                    FormField { name: "photo", value },
                ])
            }
            // Feishu wants an upload with an app's token first, DingTalk a public address.
            Channel::Feishu(_) | Channel::DingTalk(_) | Channel::Webhook => return Ok(None),
        };
        Ok(Some(channel.request_of("push-image".to_owned(), body)))
    }

    fn at_most(&self, most: usize) -> Result<(), PushError> {
        match self.bytes.len() > most {
            true => Err(PushError::ImageSize { bytes: self.bytes.len(), most }),
            false => Ok(()),
        }
    }
}
