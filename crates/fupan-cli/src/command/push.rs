//! `fupan push`: sends the brief of a session to phones.

use std::fs;
use std::sync::Arc;

use fupan::fetch::{Fetcher, Machine};
use fupan::push::{Channel, Edition, Push, PushMessage, RobotSecurity, ShareImage, TELEGRAM_API};
use serde_json::json;

use crate::arguments::{ChannelName, Common, EditionName, PushArgs, TextFormat, UsageError};
use crate::command::review;
use crate::{Answer, place, progress, settings, terminal};

pub fn run(common: &Common, asked: &PushArgs) -> anyhow::Result<Answer> {
    let channels = channels(&asked.to)?;
    let language = place::report_language(common.lang)?;
    let image = asked.image.as_deref().map(|path| {
        let unreadable = |source| {
            let path = path.display().to_string();
            fupan::Error::Io { action: "read", path, source }
        };
        fs::read(path).map_err(unreadable)
    });
    let image = image.transpose()?;
    let image = image.map(ShareImage::png).transpose().map_err(fupan::Error::from)?;
    let market = place::market(common, &asked.from)?;
    let facts = match asked.at {
        None => fupan::review(&market, asked.date)?,
        Some(second) => fupan::review_at(&market, asked.date, second)?,
    };
    terminal::name_later_session(&facts);
    let edition = match asked.edition {
        EditionName::Short => Edition::Short,
        EditionName::Full => Edition::Full,
    };
    let message = PushMessage::brief(&fupan::brief(&facts, language), &facts, edition);
    let colours = review::colours(asked.colours);
    match asked.dry_run {
        true => shown(&message, &channels, colours),
        false => sent(common, (asked.format, colours), (&message, image.as_ref()), &channels),
    }
}

/// Prints the messages.
fn shown(
    message: &PushMessage,
    channels: &[Channel],
    colours: fupan::MarketColours,
) -> anyhow::Result<Answer> {
    for channel in channels {
        for part in channel.parts(message, colours).map_err(fupan::Error::from)? {
            let (name, place, of) = (channel.source(), part.place, part.of);
            terminal::print(&format!("── {name} {place}/{of} ──\n{}\n", part.text))?;
        }
    }
    Ok(Answer::Yes)
}

/// Sends a message without a picture to some channels, and prints what became of it.
pub fn send(
    common: &Common,
    message: &PushMessage,
    channels: &[Channel],
    colours: fupan::MarketColours,
) -> anyhow::Result<Answer> {
    sent(common, (TextFormat::Text, colours), (message, None), channels)
}

/// Sends the messages, channel by channel.
fn sent(
    common: &Common,
    (format, colours): (TextFormat, fupan::MarketColours),
    (message, image): (&PushMessage, Option<&ShareImage>),
    channels: &[Channel],
) -> anyhow::Result<Answer> {
    let states = place::store_folder(common).join("evidence").join("sources");
    let fetcher = Fetcher::new(settings::fetching(), &states, Arc::new(Machine))
        .map_err(fupan::Error::from)?;
    let bars = progress::Files::new();
    let (mut told, mut failures) = (Vec::new(), Vec::new());
    for channel in channels {
        let name = channel.source();
        let bar = bars.answers_of(name);
        let (mut accepted, mut of) = (0, 0);
        let push = Push::new(message, image, channel, colours);
        let sent = push.map_err(fupan::Error::from).and_then(|mut push| {
            let sent = fetcher.converse(&mut push, &bar);
            (accepted, of) = (push.accepted(), push.requests());
            Ok(sent?)
        });
        bar.finish();
        if format == TextFormat::Text {
            bars.print(&told_of(name, (accepted, of), sent.as_ref().err()))?;
        }
        told.push(json!({
            "channel": name,
            "sent": accepted,
            "messages": of,
            "error": sent.as_ref().err().map(fupan::InLanguage::wording),
        }));
        failures.extend(sent.err());
    }
    if format == TextFormat::Json {
        terminal::print_json(&json!(told))?;
    }
    match failures.pop() {
        None => Ok(Answer::Yes),
        Some(last) => Err(last.into()),
    }
}

/// How many messages of a channel were sent, and why the others were not.
fn told_of(name: &str, (accepted, of): (usize, usize), error: Option<&fupan::Error>) -> String {
    match error.map(fupan::InLanguage::wording) {
        None => terminal::say(
            format!("✓ {name}: {of} messages sent"),
            format!("✓ {name}：已发送{of}条"),
        ),
        Some(why) => terminal::say(
            format!("✗ {name}: {accepted} of {of} messages sent: {}", why.en),
            format!("✗ {name}：{of}条中已发送{accepted}条：{}", why.zh),
        ),
    }
}

/// The channels that are named, or those that the environment is set up for.
pub fn channels(named: &[ChannelName]) -> anyhow::Result<Vec<Channel>> {
    const ALL: [(ChannelName, &str); 5] = [
        (ChannelName::Wecom, "WECHAT_WEBHOOK_URL"),
        (ChannelName::Feishu, "FEISHU_WEBHOOK_URL"),
        (ChannelName::Dingtalk, "DINGTALK_WEBHOOK_URL"),
        (ChannelName::Telegram, "TELEGRAM_BOT_TOKEN"),
        (ChannelName::Webhook, "FUPAN_WEBHOOK_URL"),
    ];
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
    let security = |variable| match place::is_set(variable) {
        true => RobotSecurity::Signed,
        false => RobotSecurity::Unsigned,
    };
    let channel = |name: &ChannelName| match name {
        ChannelName::Wecom => Channel::WeCom,
        ChannelName::Feishu => Channel::Feishu(security("FEISHU_SECRET")),
        ChannelName::Dingtalk => Channel::DingTalk(security("DINGTALK_SECRET")),
        ChannelName::Telegram => Channel::Telegram { api: TELEGRAM_API.to_owned() },
        ChannelName::Webhook => Channel::Webhook,
    };
    Ok(names.iter().map(channel).collect())
}
