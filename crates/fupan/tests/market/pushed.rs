//! The brief of a simulated session, sent to a stub of each channel.

use std::sync::{Arc, Mutex};

use fupan::fetch::{Fetcher, NoFetchProgress, Outside, Settings};
use fupan::push::{Channel, Edition, Push, PushMessage, RobotSecurity};
use fupan::{Language, Market, MarketColours, brief, review, sample};
use serde_json::Value;

use crate::stub::{Stage, asked, respond, serve};

/// A machine that does not wait, with an address of each robot.
fn stage(address: String) -> Arc<dyn Outside> {
    let now = "2026-11-20T07:31:00Z".parse().unwrap();
    Stage::at(now, move |name| match name {
        "TELEGRAM_BOT_TOKEN" => Some("1234567:secret-of-the-bot".to_owned()),
        "TELEGRAM_CHAT_ID" => Some("-1001234567".to_owned()),
        "FEISHU_SECRET" | "DINGTALK_SECRET" => Some("SECsecret-of-the-robot".to_owned()),
        name if name.ends_with("_URL") => Some(format!("{address}/hook?key=secret-of-the-hook")),
        _ => None,
    })
}

/// What a stub was sent: the target, and the body.
type Sent = Arc<Mutex<Vec<(String, Value)>>>;

/// A server that takes every message, but is busy at first.
fn stub(busy: &'static str, good: &'static str) -> (String, Sent) {
    let sent = Sent::default();
    let seen = Arc::clone(&sent);
    let mut is_first = true;
    let address = serve(move |stream| {
        let Some(request) = asked(stream) else { return };
        let answer = if is_first { busy } else { good };
        if !is_first {
            let body = serde_json::from_slice(&request.body).unwrap_or_default();
            seen.lock().unwrap().push((request.target, body));
        }
        is_first = false;
        let headers = ["Content-Type: application/json".to_owned()];
        respond(stream, 200, &headers, answer.as_bytes());
    });
    (address, sent)
}

#[test]
fn every_part_of_a_brief_arrives_in_order_at_every_channel() {
    let market = Market::Sample(sample::small());
    let facts = review(&market, None).unwrap();
    let wecom = (r#"{"errcode":45009,"errmsg":"freq"}"#, r#"{"errcode":0,"errmsg":"ok"}"#);
    // A robot of DingTalk that is busy wants to be left alone for ten minutes.
    let dingtalk = (r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"errcode":0,"errmsg":"ok"}"#);
    let feishu = (r#"{"code":11232,"msg":"freq"}"#, r#"{"code":0,"msg":"success","data":{}}"#);
    let telegram = (
        r#"{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":3}}"#,
        r#"{"ok":true,"result":{}}"#,
    );
    let any = (r#"{"ok":true}"#, r#"{"ok":true}"#);
    type Made = fn(&str) -> Channel;
    let channels: [(Made, (&'static str, &'static str)); 5] = [
        (|_| Channel::WeCom, wecom),
        (|_| Channel::Feishu(RobotSecurity::Signed), feishu),
        (|_| Channel::DingTalk(RobotSecurity::Signed), dingtalk),
        (|api| Channel::Telegram { api: api.to_owned() }, telegram),
        (|_| Channel::Webhook, any),
    ];
    for language in [Language::Zh, Language::En] {
        let message = PushMessage::brief(&brief(&facts, language), &facts, Edition::Full);
        for (channel, (busy, good)) in channels {
            let (address, sent) = stub(busy, good);
            let channel = channel(&address);
            let parts = channel.parts(&message, MarketColours::RedUp).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let fetcher = Fetcher::new(Settings::usual(), folder.path(), stage(address)).unwrap();
            let mut push = Push::new(&message, None, &channel, MarketColours::RedUp).unwrap();
            let done = fetcher.converse(&mut push, &NoFetchProgress);
            let source = channel.source();
            assert_eq!(done.as_ref().ok(), Some(&(parts.len() as u64)), "{source}: {done:?}");
            let sent = sent.lock().unwrap();
            // The first message is not looked at; where its answer was good it is not sent again.
            let missed = usize::from(busy == good);
            assert_eq!(sent.len() + missed, parts.len(), "{source}");
            for ((_, body), part) in sent.iter().zip(&parts[missed..]) {
                let of = |value: &Value, keys: &[&str]| {
                    keys.iter().fold(value.clone(), |value, key| value[key].clone())
                };
                let key: &[&str] = match channel {
                    Channel::WeCom => &["markdown", "content"],
                    Channel::DingTalk(_) => &["markdown", "text"],
                    Channel::Feishu(_) => &["card"],
                    Channel::Telegram { .. } => &["text"],
                    Channel::Webhook => &[],
                };
                assert_eq!(of(body, key), of(&part.json, key), "{source} {}", part.place);
                assert_ne!(of(body, key), Value::Null, "{source}");
            }
        }
    }
}

/// A robot that is wrong is said, with how far it came, and without its secret.
#[test]
fn a_refused_message_is_said_without_the_secret() {
    let market = Market::Sample(sample::small());
    let facts = review(&market, None).unwrap();
    let message = PushMessage::brief(&brief(&facts, Language::En), &facts, Edition::Full);
    let refused = r#"{"errcode":93000,"errmsg":"invalid webhook url, secret-of-the-hook"}"#;
    let (address, _) = stub(r#"{"errcode":0,"errmsg":"ok"}"#, refused);
    let folder = tempfile::tempdir().unwrap();
    let fetcher = Fetcher::new(Settings::usual(), folder.path(), stage(address)).unwrap();
    let mut push = Push::new(&message, None, &Channel::WeCom, MarketColours::RedUp).unwrap();
    let error = fetcher.converse(&mut push, &NoFetchProgress).unwrap_err();
    assert_eq!(push.accepted(), 1);
    assert!(push.requests() > 2);
    let told = format!("{error} {error:?}");
    assert!(!told.contains("secret-of-the-hook"), "{told}");
    assert!(told.contains("message 2 of"), "{told}");
}
