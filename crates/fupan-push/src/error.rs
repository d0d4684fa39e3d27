//! Why a message cannot be pushed.

use fupan_market::{InLanguage, Wording};
use thiserror::Error;

use crate::split::PARTS_MAX;

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
