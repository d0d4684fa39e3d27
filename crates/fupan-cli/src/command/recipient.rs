//! Who gets a message: the robot of a channel, or people by email.

use fupan::fetch::{FetchError, FetchProgress, Fetcher, Letter, MAIL_SERVER};
use fupan::push::{
    Channel, Mail, MailAddresses, Push, PushMessage, RobotSecurity, ShareImage, TELEGRAM_API,
};
use fupan::{Error, MarketColours};

use crate::arguments::{ChannelName, UsageError};
use crate::place;

/// Who gets a message.
#[derive(Clone, Debug)]
pub enum Recipient {
    Robot(Channel),
    People(MailAddresses),
}

/// What became of a message.
pub struct Sent {
    /// Parts that were taken, of how many.
    pub accepted: usize,
    pub of: usize,
    /// Why the others were not.
    pub error: Option<Error>,
}

impl Recipient {
    /// The name by which `--to` asks for it.
    pub fn name(&self) -> &'static str {
        match self {
            Recipient::Robot(channel) => channel.source(),
            Recipient::People(_) => "email",
        }
    }

    /// The texts that a message is sent as.
    pub fn texts(
        &self,
        message: &PushMessage,
        colours: MarketColours,
    ) -> Result<Vec<String>, Error> {
        Ok(match self {
            Recipient::Robot(channel) => {
                channel.parts(message, colours)?.into_iter().map(|part| part.text).collect()
            }
            Recipient::People(addresses) => {
                let now = jiff::Timestamp::UNIX_EPOCH;
                let mail = Mail::new(message, None, addresses, now, colours)?;
                let to = mail.to.join(", ");
                vec![format!("{} → {to}\n\n{}", mail.from, mail.text)]
            }
        })
    }

    /// Sends a message.
    pub fn send(
        &self,
        fetcher: &Fetcher,
        (message, image): (&PushMessage, Option<&ShareImage>),
        colours: MarketColours,
        progress: &dyn FetchProgress,
    ) -> Sent {
        let nothing = |error| Sent { accepted: 0, of: 0, error: Some(error) };
        match self {
            Recipient::Robot(channel) => {
                let mut push = match Push::new(message, image, channel, colours) {
                    Ok(push) => push,
                    Err(error) => return nothing(error.into()),
                };
                let error = fetcher.converse(&mut push, progress).err().map(Error::from);
                Sent { accepted: push.accepted(), of: push.requests(), error }
            }
            Recipient::People(addresses) => {
                let mail = match Mail::new(message, image, addresses, fetcher.now(), colours) {
                    Ok(mail) => mail,
                    Err(error) => return nothing(error.into()),
                };
                let Mail { from, to, message, .. } = &mail;
                progress.expect(self.name(), Some(to.len() as u64));
                let mut sent = Sent { accepted: 0, of: to.len(), error: None };
                for to in to {
                    match fetcher.mail(&Letter { from, to, message }, progress) {
                        Ok(()) => sent.accepted += 1,
                        Err(error) => {
                            // One who is refused is no reason not to tell the others.
                            let is_refused = matches!(error, FetchError::Never { .. });
                            sent.error = sent.error.or(Some(error.into()));
                            if !is_refused {
                                break;
                            }
                        }
                    }
                }
                sent
            }
        }
    }
}

/// Every name, with the variable that sets it up.
const ALL: [(ChannelName, &str); 6] = [
    (ChannelName::Wecom, "WECHAT_WEBHOOK_URL"),
    (ChannelName::Feishu, "FEISHU_WEBHOOK_URL"),
    (ChannelName::Dingtalk, "DINGTALK_WEBHOOK_URL"),
    (ChannelName::Telegram, "TELEGRAM_BOT_TOKEN"),
    (ChannelName::Email, MAIL_SERVER),
    (ChannelName::Webhook, "FUPAN_WEBHOOK_URL"),
];

/// The recipients that are named, or those that the environment is set up for.
pub fn recipients(named: &[ChannelName]) -> anyhow::Result<Vec<Recipient>> {
    let set_up = ALL.iter().filter(|(_, variable)| place::is_set(variable));
    let names: Vec<ChannelName> = match named {
        [] => set_up.map(|(name, _)| *name).collect(),
        named => named.to_vec(),
    };
    if names.is_empty() {
        let variables = ALL.map(|(_, variable)| variable);
        return Err(UsageError::new(
            format!(
                "no channel is set up: set one of {}, or name a channel with --to and look at its \
                 messages with --dry-run; docs/pushes.md says how to get an address",
                variables.join(", ")
            ),
            format!(
                "尚未设置推送渠道：请设置{}之一，或用--to指定渠道并用--dry-run查看消息；地址的获取方法见\
                 docs/pushes.md",
                variables.join("、")
            ),
        )
        .into());
    }
    names.into_iter().map(recipient).collect()
}

fn recipient(name: ChannelName) -> anyhow::Result<Recipient> {
    let security = |variable| match place::is_set(variable) {
        true => RobotSecurity::Signed,
        false => RobotSecurity::Unsigned,
    };
    Ok(Recipient::Robot(match name {
        ChannelName::Wecom => Channel::WeCom,
        ChannelName::Feishu => Channel::Feishu(security("FEISHU_SECRET")),
        ChannelName::Dingtalk => Channel::DingTalk(security("DINGTALK_SECRET")),
        ChannelName::Telegram => Channel::Telegram { api: TELEGRAM_API.to_owned() },
        ChannelName::Webhook => Channel::Webhook,
        ChannelName::Email => return Ok(Recipient::People(addresses()?)),
    }))
}

/// Who writes emails, and who gets them.
fn addresses() -> anyhow::Result<MailAddresses> {
    let named = |variable: &'static str| {
        place::text(variable).ok_or_else(|| {
            UsageError::new(
                format!(
                    "an email needs {variable}, as name@example.com; several recipients are \
                     separated by commas"
                ),
                format!("发送邮件须设置{variable}，如name@example.com；多个收件人以逗号分隔"),
            )
        })
    };
    let (from, to) = (named("FUPAN_MAIL_FROM")?, named("FUPAN_MAIL_TO")?);
    let to = to.split([',', '，', ';']).map(str::trim).filter(|address| !address.is_empty());
    Ok(MailAddresses { from, to: to.map(str::to_owned).collect() })
}
