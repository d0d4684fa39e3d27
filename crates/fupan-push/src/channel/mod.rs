//! The channels: what each takes, and how it is asked to take it.

pub(crate) mod dingtalk;
pub(crate) mod feishu;
pub(crate) mod plain;
pub(crate) mod telegram;
pub(crate) mod wecom;

use fupan_brief::MarketColours;
use fupan_source::vendor::{Body, Request, Secret, SecretPlace, Signing};
use serde_json::Value;

use crate::dialect::{Dialect, Head};
use crate::error::PushError;
use crate::line::{Line, LineKind, lines};
use crate::message::PushMessage;
use crate::split::{PARTS_MAX, pack};

/// A channel that messages are pushed to over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A group robot of WeCom (企业微信): `WECHAT_WEBHOOK_URL`.
    WeCom,
    /// A custom robot of Feishu (飞书): `FEISHU_WEBHOOK_URL`, and `FEISHU_SECRET` if it is signed.
    Feishu(RobotSecurity),
    /// A custom robot of DingTalk (钉钉): `DINGTALK_WEBHOOK_URL`, and `DINGTALK_SECRET` if it is
    /// signed.
    DingTalk(RobotSecurity),
    /// A bot of Telegram: `TELEGRAM_BOT_TOKEN` and `TELEGRAM_CHAT_ID`.
    Telegram {
        /// Scheme and host of the Bot API; [`TELEGRAM_API`] unless the reader has a server of
        /// their own.
        api: String,
    },
    /// Any address that takes JSON: `FUPAN_WEBHOOK_URL`.
    Webhook,
}

/// The Bot API of Telegram itself.
pub const TELEGRAM_API: &str = "https://api.telegram.org";

/// Whether a robot wants its requests signed, as its settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RobotSecurity {
    /// It does.
    Signed,
    /// It does not: its address alone is the secret, with keywords or addresses in its settings.
    Unsigned,
}

/// A part of a message, as a channel takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct MessagePart {
    /// Which one it is, from 1.
    pub place: usize,
    /// How many there are.
    pub of: usize,
    /// The text in the channel's markup; of a webhook, its JSON.
    pub text: String,
    /// The JSON that is sent.
    pub json: Value,
}

impl Channel {
    /// The source whose budget its requests count on: the name of the channel.
    pub const fn source(&self) -> &'static str {
        match self {
            Channel::WeCom => "wecom",
            Channel::Feishu(_) => "feishu",
            Channel::DingTalk(_) => "dingtalk",
            Channel::Telegram { .. } => "telegram",
            Channel::Webhook => "webhook",
        }
    }

    /// A message in parts, each within the channel's limit; together they hold all of it, in order.
    ///
    /// # Errors
    /// If there would be more than [`PARTS_MAX`].
    pub fn parts(
        &self,
        message: &PushMessage,
        colours: MarketColours,
    ) -> Result<Vec<MessagePart>, PushError> {
        let tone = message.outline.tone;
        match self {
            Channel::WeCom => set(message, &wecom::WeCom { colours }),
            Channel::Feishu(_) => set(message, &feishu::Feishu { colours, tone }),
            Channel::DingTalk(_) => set(message, &dingtalk::DingTalk { colours }),
            Channel::Telegram { .. } => set(message, &telegram::Telegram { colours }),
            Channel::Webhook => {
                let (json, text) = (message.data.clone(), message.data.to_string());
                Ok(vec![MessagePart { place: 1, of: 1, text, json }])
            }
        }
    }

    /// The request that sends a part.
    pub fn request(&self, part: &MessagePart) -> Request {
        let name = format!("push-{:02}", part.place);
        self.request_of(name, Body::Json(part.json.clone()))
    }

    /// A request with a body of the channel's.
    pub(crate) fn request_of(&self, name: String, body: Body) -> Request {
        let method = match body {
            Body::Form(_) => "sendPhoto",
            Body::None | Body::Json(_) => "sendMessage",
        };
        let url = match self {
            Channel::Telegram { api } => {
                format!("{}/bot{{token}}/{method}", api.trim_end_matches('/'))
            }
            _ => String::new(),
        };
        let chat = match body {
            Body::Form(_) => SecretPlace::FormField("chat_id"),
            Body::None | Body::Json(_) => SecretPlace::JsonField("chat_id"),
        };
        Request {
            source: self.source(),
            name,
            url,
            query: Vec::new(),
            headers: Vec::new(),
            body,
            secrets: self.secrets(chat),
        }
    }

    fn secrets(&self, chat: SecretPlace) -> Vec<Secret> {
        let secret = |variable, place| Secret { variable, place };
        let robot = |address, security: &RobotSecurity, key, signing| {
            let signed = (*security == RobotSecurity::Signed)
                .then(|| secret(key, SecretPlace::Signed(signing)));
            std::iter::once(secret(address, SecretPlace::Url)).chain(signed).collect()
        };
        match self {
            Channel::WeCom => vec![secret("WECHAT_WEBHOOK_URL", SecretPlace::Url)],
            Channel::Feishu(security) => {
                robot("FEISHU_WEBHOOK_URL", security, "FEISHU_SECRET", Signing::Feishu)
            }
            Channel::DingTalk(security) => {
                robot("DINGTALK_WEBHOOK_URL", security, "DINGTALK_SECRET", Signing::DingTalk)
            }
            Channel::Telegram { .. } => vec![
                secret("TELEGRAM_BOT_TOKEN", SecretPlace::Path("{token}")),
                secret("TELEGRAM_CHAT_ID", chat),
            ],
            Channel::Webhook => vec![secret("FUPAN_WEBHOOK_URL", SecretPlace::Url)],
        }
    }
}

/// Sets a message in a dialect: in one part if it fits, else in numbered ones.
fn set(message: &PushMessage, dialect: &dyn Dialect) -> Result<Vec<MessagePart>, PushError> {
    let lines = lines(&message.outline);
    let head = Head { label: &message.label, headline: &message.headline, number: None };
    let mut wanted = 0;
    // The number is within the limit, so how many digits it has must be known first.
    for most in [1, 9, PARTS_MAX] {
        let number = (most > 1).then_some((most, most));
        let budget = dialect.limit().saturating_sub(dialect.overhead(&Head { number, ..head }));
        let packed = pack(&lines, dialect, budget, message.outline.language);
        wanted = packed.len();
        if wanted <= most {
            let of = wanted;
            let parts = packed.iter().enumerate().map(|(at, lines)| {
                let number = (most > 1).then_some((at + 1, of));
                let head = Head { number, ..head };
                let text = dialect.text(&head, &joined(lines, dialect));
                let json = dialect.json(&head, &text);
                MessagePart { place: at + 1, of, text, json }
            });
            return Ok(parts.collect());
        }
    }
    Err(PushError::TooLong { parts: wanted })
}

/// Lines with what is between them.
pub(crate) fn joined(lines: &[Line], dialect: &dyn Dialect) -> String {
    let mut text = String::new();
    let mut above = None;
    for line in lines {
        if let Some(above) = above {
            text.push_str(&dialect.gap(above, line.kind).text);
        }
        text.push_str(&dialect.line(line.kind, &line.runs).text);
        above = Some(line.kind);
    }
    text
}

/// A line in the Markdown that the Chinese robots share; each has its own way to write what is fine
/// print.
fn markdown(kind: LineKind, inner: String, fine: impl FnOnce(String) -> String) -> String {
    match kind {
        LineKind::Headline => format!("## {inner}"),
        LineKind::Heading => format!("### {inner}"),
        LineKind::Caption => format!("**{}**", inner.trim_end()),
        LineKind::Warning => format!("> {inner}"),
        LineKind::Numbered(at) => format!("{at}. {inner}"),
        LineKind::Bullet => format!("• {inner}"),
        LineKind::Fine | LineKind::Label => fine(inner),
        LineKind::Paragraph | LineKind::Row(_) | LineKind::Rest => inner,
    }
}

/// Whether two lines are rows of one table, which stand close to each other.
fn are_rows(above: LineKind, below: LineKind) -> bool {
    let is_row = |kind| matches!(kind, LineKind::Row(_));
    (is_row(above) || above == LineKind::Caption) && is_row(below)
}

/// One line feed within a table or a list and after a heading, two elsewhere.
fn line_feeds(above: LineKind, below: LineKind) -> String {
    let listed = |kind| matches!(kind, LineKind::Numbered(_) | LineKind::Bullet);
    let close = are_rows(above, below)
        || (listed(above) && listed(below))
        || matches!(above, LineKind::Heading | LineKind::Headline)
        || (above == LineKind::Fine && below == LineKind::Fine);
    if close { "\n" } else { "\n\n" }.to_owned()
}
