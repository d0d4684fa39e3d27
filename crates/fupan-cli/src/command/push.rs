//! `fupan push`: sends the brief of a session to phones.

use std::fs;
use std::sync::Arc;

use fupan::fetch::{Fetcher, Machine};
use fupan::push::{Edition, PushMessage, ShareImage};
use serde_json::json;

use crate::arguments::{Common, EditionName, PushArgs, TextFormat};
use crate::command::recipient::{Recipient, Sent, recipients};
use crate::command::review;
use crate::{Answer, place, progress, settings, terminal};

pub fn run(common: &Common, asked: &PushArgs) -> anyhow::Result<Answer> {
    let recipients = recipients(&asked.to)?;
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
        true => shown(&message, &recipients, colours),
        false => sent(common, (asked.format, colours), (&message, image.as_ref()), &recipients),
    }
}

/// Prints the messages.
fn shown(
    message: &PushMessage,
    recipients: &[Recipient],
    colours: fupan::MarketColours,
) -> anyhow::Result<Answer> {
    for recipient in recipients {
        let texts = recipient.texts(message, colours)?;
        let (name, of) = (recipient.name(), texts.len());
        for (place, text) in (1..).zip(texts) {
            terminal::print(&format!("── {name} {place}/{of} ──\n{text}\n"))?;
        }
    }
    Ok(Answer::Yes)
}

/// Sends a message without a picture to some recipients, and prints what became of it.
pub fn send(
    common: &Common,
    message: &PushMessage,
    recipients: &[Recipient],
    colours: fupan::MarketColours,
) -> anyhow::Result<Answer> {
    sent(common, (TextFormat::Text, colours), (message, None), recipients)
}

/// Sends the messages, recipient by recipient.
fn sent(
    common: &Common,
    (format, colours): (TextFormat, fupan::MarketColours),
    message: (&PushMessage, Option<&ShareImage>),
    recipients: &[Recipient],
) -> anyhow::Result<Answer> {
    let states = place::store_folder(common).join("evidence").join("sources");
    let fetcher = Fetcher::new(settings::fetching(), &states, Arc::new(Machine))
        .map_err(fupan::Error::from)?;
    let bars = progress::Files::new();
    let (mut told, mut failures) = (Vec::new(), Vec::new());
    for recipient in recipients {
        let name = recipient.name();
        let bar = bars.answers_of(name);
        let Sent { accepted, of, error } = recipient.send(&fetcher, message, colours, &bar);
        bar.finish();
        if format == TextFormat::Text {
            bars.print(&told_of(name, (accepted, of), error.as_ref()))?;
        }
        told.push(json!({
            "channel": name,
            "sent": accepted,
            "messages": of,
            "error": error.as_ref().map(fupan::InLanguage::wording),
        }));
        failures.extend(error);
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
