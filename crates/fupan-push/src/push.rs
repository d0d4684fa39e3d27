//! A message on its way: its parts are sent one after the other.

use fupan_brief::MarketColours;
use fupan_market::{InLanguage, Wording};
use fupan_source::vendor::{Answer, Conversation, Refused, Request};
use thiserror::Error;

use crate::channel::{Channel, PARTS_MAX};
use crate::image::ShareImage;
use crate::judge::judge;
use crate::message::PushMessage;

/// A message to a channel: the picture first, if there is one, then the parts in order. A part is
/// next only once the one before it was accepted.
#[derive(Clone, Debug)]
pub struct Push {
    channel: Channel,
    requests: Vec<Request>,
    accepted: usize,
}

impl Push {
    /// Prepares a message for a channel. Where a channel takes no picture from a robot (Feishu,
    /// DingTalk, a webhook), `image` is not sent.
    ///
    /// # Errors
    /// If the text would have more than [`PARTS_MAX`] parts, or the channel does not take such a
    /// picture; then the message can be sent without it.
    pub fn new(
        message: &PushMessage,
        image: Option<&ShareImage>,
        channel: &Channel,
        colours: MarketColours,
    ) -> Result<Push, PushError> {
        let image = image.map(|image| image.request(channel, &message.label)).transpose()?;
        let parts = channel.parts(message, colours)?;
        let parts = parts.iter().map(|part| channel.request(part));
        let requests = image.flatten().into_iter().chain(parts).collect();
        Ok(Push { channel: channel.clone(), requests, accepted: 0 })
    }

    /// How many requests there are.
    pub fn requests(&self) -> usize {
        self.requests.len()
    }

    /// How many of them were accepted.
    pub fn accepted(&self) -> usize {
        self.accepted
    }

    /// Goes on after requests that were accepted before, in a push of the same message.
    pub fn resume(&mut self, accepted: usize) {
        self.accepted = accepted.min(self.requests.len());
    }

    /// A reason with the part that it is about.
    fn placed(&self, reason: Wording) -> Wording {
        let (place, of) = (self.accepted + 1, self.requests.len());
        if of < 2 {
            return reason;
        }
        Wording::new(
            format!("message {place} of {of}: {}", reason.en),
            format!("第{place}条（共{of}条）：{}", reason.zh),
        )
    }
}

impl Conversation for Push {
    fn next(&self) -> Option<Request> {
        self.requests.get(self.accepted).cloned()
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        match judge(&self.channel, answer) {
            Ok(()) => {
                self.accepted = (self.accepted + 1).min(self.requests.len());
                Ok(())
            }
            Err(Refused::Again { reason, after }) => {
                Err(Refused::Again { reason: self.placed(reason), after })
            }
            Err(Refused::Never { reason }) => Err(Refused::Never { reason: self.placed(reason) }),
        }
    }
}

/// Why a message cannot be pushed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PushError {
    /// The text has too many parts.
    #[error(
        "the text would take {parts} messages, more than the {PARTS_MAX} that are sent: push the \
         short edition"
    )]
    TooLong {
        /// How many it would have.
        parts: usize,
    },
    /// The bytes are no PNG.
    #[error("the picture is not a PNG")]
    NotPng,
    /// The picture has too many bytes for the channel.
    #[error(
        "the picture has {bytes} bytes, and the channel takes {most}: push the overview, or none"
    )]
    ImageSize {
        /// How many it has.
        bytes: usize,
        /// How many the channel takes.
        most: usize,
    },
    /// The picture is too long for the channel.
    #[error(
        "the picture has {width} × {height} pixels, which Telegram does not take as a photo: push \
         the overview, or none"
    )]
    ImageShape {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// A text is no address of email.
    #[error("`{0}` is not an address of email, such as name@example.com")]
    Address(String),
    /// No recipients were given.
    #[error("an email needs a recipient")]
    NoRecipient,
    /// The message could not be written.
    #[error("the email could not be written: {0}")]
    Mail(String),
}

impl InLanguage for PushError {
    fn wording(&self) -> Wording {
        let zh = match self {
            PushError::TooLong { parts } => {
                format!("全文需要{parts}条消息，超过上限{PARTS_MAX}条：请推送简版")
            }
            PushError::NotPng => "图片不是PNG".to_owned(),
            PushError::ImageSize { bytes, most } => {
                format!("图片有{bytes}字节，该渠道最多{most}字节：请改用概览图，或不附图")
            }
            PushError::ImageShape { width, height } => format!(
                "图片为{width}×{height}像素，Telegram不接受这样的照片：请改用概览图，或不附图"
            ),
            PushError::Address(text) => {
                format!("`{text}`不是电子邮件地址（例如`name@example.com`）")
            }
            PushError::NoRecipient => "邮件缺少收件人".to_owned(),
            PushError::Mail(said) => format!("邮件无法生成：“{said}”"),
        };
        Wording::new(self.to_string(), zh)
    }
}
