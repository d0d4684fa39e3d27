//! The conversation with a channel: order, refusals, and how long to wait.

use std::time::Duration;

use fupan_brief::{Language, MarketColours, compose};
use fupan_market::english_in;
use fupan_push::{Channel, Edition, Push, PushMessage, RobotSecurity, ShareImage, TELEGRAM_API};
use fupan_source::vendor::{
    Answer, Body, Conversation, FormValue, Refused, SecretPlace, Signing, form_data,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::channels::all;
use crate::market;

fn message() -> PushMessage {
    let facts = market::whole();
    PushMessage::brief(&compose(&facts, Language::En), &facts, Edition::Full)
}

fn push(channel: &Channel) -> Push {
    Push::new(&message(), None, channel, MarketColours::RedUp).unwrap()
}

fn answered(push: &mut Push, status: u16, body: &[u8]) -> Result<(), Refused> {
    push.take(&Answer { status, media_type: None, body })
}

fn accepted(channel: &Channel) -> Value {
    match channel {
        Channel::WeCom | Channel::DingTalk(_) => json!({ "errcode": 0, "errmsg": "ok" }),
        Channel::Feishu(_) => json!({ "code": 0, "msg": "success", "data": {} }),
        Channel::Telegram { .. } => json!({ "ok": true, "result": { "message_id": 7 } }),
        Channel::Webhook => json!(null),
    }
}

#[test]
fn a_part_is_next_once_the_one_before_was_accepted() {
    for channel in all() {
        let mut push = push(&channel);
        let parts = channel.parts(&message(), MarketColours::RedUp).unwrap();
        assert!(parts.len() > 1 && push.requests() == parts.len());
        for part in &parts {
            let request = push.next().unwrap();
            assert_eq!(request, channel.request(part));
            assert_eq!(request.source, channel.source());
            assert_eq!(request.name, format!("push-{:02}", part.place));
            answered(&mut push, 502, b"<html>").unwrap_err();
            assert_eq!(push.next().unwrap(), request, "the same part again");
            let body = accepted(&channel).to_string();
            answered(&mut push, 200, body.as_bytes()).unwrap();
        }
        assert_eq!(push.next(), None);
        assert_eq!(push.accepted(), parts.len());
        push.resume(1);
        assert_eq!(push.next().unwrap(), channel.request(&parts[1]));
    }
}

/// What each channel says, and what becomes of it: a wait in seconds, `None` where none is asked
/// for, or never, with what to look at.
#[test]
fn refusals_are_told_apart() {
    let [wecom, feishu, dingtalk, telegram] = all();
    let ding = |code: i64, said: &str| json!({ "errcode": code, "errmsg": said });
    let fei = |code: i64, said: &str| json!({ "code": code, "msg": said });
    let tele =
        |code: i64, said: &str| json!({ "ok": false, "error_code": code, "description": said });
    let waited = json!({ "ok": false, "error_code": 429, "description": "Too Many Requests",
        "parameters": { "retry_after": 17 } });
    let for_ever = json!({ "ok": false, "error_code": 429,
        "parameters": { "retry_after": 99_999_999_999_u64 } });
    let moved = json!({ "ok": false, "error_code": 400, "description": "Bad Request: upgraded",
        "parameters": { "migrate_to_chat_id": -100_123 } });
    type Case<'a> = (&'a Channel, Value, Result<Option<u64>, &'static str>);
    let cases: Vec<Case<'_>> = vec![
        (&wecom, ding(45009, "api freq out of limit"), Ok(Some(60))),
        (&wecom, ding(-1, "system busy"), Ok(Some(10))),
        (&wecom, ding(93000, "invalid webhook url"), Err("WECHAT_WEBHOOK_URL")),
        (&wecom, ding(40008, "invalid message type"), Err("40008")),
        (&wecom, json!({}), Ok(None)),
        (&wecom, json!({ "errcode": "0" }), Ok(None)),
        (&dingtalk, ding(130101, "send too fast"), Ok(Some(600))),
        (&dingtalk, ding(660026, "too fast"), Ok(Some(600))),
        (&dingtalk, ding(-1, "busy"), Ok(Some(10))),
        (&dingtalk, ding(310000, "keywords not in content"), Err("keyword")),
        (&dingtalk, ding(310000, "sign not match"), Err("DINGTALK_SECRET")),
        (&dingtalk, ding(310000, "ip 1.2.3.4 not in whitelist"), Err("address")),
        (&dingtalk, ding(300005, "token is not exist"), Err("DINGTALK_WEBHOOK_URL")),
        (&dingtalk, ding(460101, "message too long"), Err("460101")),
        (&feishu, json!({ "StatusCode": 0, "StatusMessage": "success" }), Ok(Some(0))),
        (&feishu, fei(11232, "frequency limited"), Ok(Some(60))),
        (&feishu, fei(9499, "too many request"), Ok(Some(60))),
        (&feishu, fei(9499, "Bad Request"), Err("9499")),
        (&feishu, fei(19001, "param invalid"), Err("FEISHU_WEBHOOK_URL")),
        (&feishu, fei(19021, "sign match fail"), Err("FEISHU_SECRET")),
        (&feishu, fei(19022, "Ip Not Allowed"), Err("address")),
        (&feishu, fei(19024, "Key Words Not Found"), Err("keyword")),
        (&telegram, waited, Ok(Some(17))),
        (&telegram, for_ever, Ok(Some(86_400))),
        (&telegram, tele(429, "Too Many Requests"), Ok(Some(60))),
        (&telegram, tele(500, "Internal"), Ok(Some(10))),
        (&telegram, tele(401, "Unauthorized"), Err("TELEGRAM_BOT_TOKEN")),
        (&telegram, tele(400, "Bad Request: chat not found"), Err("TELEGRAM_CHAT_ID")),
        (&telegram, moved, Err("-100123")),
        (&telegram, tele(403, "Forbidden: bot was blocked"), Err("chat")),
        (&telegram, tele(400, "can't parse entities"), Err("400")),
        (&telegram, json!({ "ok": "true" }), Ok(None)),
    ];
    for (channel, body, expected) in cases {
        let mut push = push(channel);
        let told = answered(&mut push, 200, body.to_string().as_bytes());
        let (reason, is_accepted) = match (&told, &expected) {
            (Ok(()), Ok(Some(0))) => continue,
            (Err(Refused::Again { reason, after }), Ok(wait)) => {
                assert_eq!(after.map(|after| after.as_secs()), *wait, "{body}");
                (reason, false)
            }
            (Err(Refused::Never { reason }), Err(words)) => {
                assert!(reason.en.contains(words), "{}", reason.en);
                (reason, false)
            }
            _ => panic!("{body}: {told:?}"),
        };
        assert!(!is_accepted && push.accepted() == 0);
        assert!(reason.en.starts_with("message 1 of "), "{}", reason.en);
        assert_eq!(english_in(&reason.zh), None, "{}", reason.zh);
    }
}

#[test]
fn what_is_no_answer_of_a_channel_is_no_success() {
    for channel in all() {
        for body in [&b""[..], b"<html>login</html>", b"ok", b"[]", b"\xff", b"0", b"{\"errcode\":"]
        {
            let mut push = push(&channel);
            let told = answered(&mut push, 200, body);
            assert!(matches!(told, Err(Refused::Again { after: None, .. })), "{told:?}");
            assert_eq!(push.accepted(), 0);
        }
        let long = [b"{\"code\":0,\"errcode\":0,\"ok\":true,\"x\":\"", &[b'x'; 70_000][..], b"\"}"];
        assert!(answered(&mut push(&channel), 200, &long.concat()).is_err());
        let told = answered(&mut push(&channel), 404, b"<html>");
        assert!(matches!(told, Err(Refused::Never { .. })));
        let told = answered(&mut push(&channel), 429, b"<html>");
        let wait = Some(Duration::from_secs(60));
        assert!(matches!(told, Err(Refused::Again { after, .. }) if after == wait));
    }
}

#[test]
fn a_webhook_gets_title_takeaways_facts_and_markdown() {
    let mut push = push(&Channel::Webhook);
    let request = push.next().unwrap();
    let Body::Json(told) = &request.body else { panic!("{:?}", request.body) };
    assert_eq!((&told["schema"], &told["kind"]), (&json!("fupan/push/1"), &json!("brief")));
    assert_eq!((&told["session"], &told["as_of"]), (&json!("2026-02-12"), &json!("close")));
    assert!(told["title"].as_str().unwrap().contains("12 February 2026"));
    assert!(told["headline"].as_str().unwrap().contains("ChiNext"));
    assert_eq!(told["takeaways"].as_array().unwrap().len(), 6);
    assert!(told["markdown"].as_str().unwrap().starts_with("# "));
    let facts = told["facts"].as_array().unwrap();
    let fact = |key: &str| facts.iter().find(|fact| fact["key"] == key).unwrap();
    let advances = fact("advances/all-a/2026-02-12/close");
    assert_eq!(advances["value"]["count"], 2018);
    assert_eq!(advances["text"], "2,018");
    for (status, is_accepted) in [(500, false), (403, false), (204, true)] {
        assert_eq!(answered(&mut push, status, b"").is_ok(), is_accepted);
    }
    assert_eq!(push.next(), None);
}

#[test]
fn requests_name_their_secrets_and_hold_none() {
    let telegram = Channel::Telegram { api: "http://127.0.0.1:9/".to_owned() };
    for (channel, url, secrets) in [
        (Channel::WeCom, "", vec![("WECHAT_WEBHOOK_URL", SecretPlace::Url)]),
        (
            Channel::Feishu(RobotSecurity::Signed),
            "",
            vec![
                ("FEISHU_WEBHOOK_URL", SecretPlace::Url),
                ("FEISHU_SECRET", SecretPlace::Signed(Signing::Feishu)),
            ],
        ),
        (
            Channel::Feishu(RobotSecurity::Unsigned),
            "",
            vec![("FEISHU_WEBHOOK_URL", SecretPlace::Url)],
        ),
        (
            Channel::DingTalk(RobotSecurity::Signed),
            "",
            vec![
                ("DINGTALK_WEBHOOK_URL", SecretPlace::Url),
                ("DINGTALK_SECRET", SecretPlace::Signed(Signing::DingTalk)),
            ],
        ),
        (
            telegram,
            "http://127.0.0.1:9/bot{token}/sendMessage",
            vec![
                ("TELEGRAM_BOT_TOKEN", SecretPlace::Path("{token}")),
                ("TELEGRAM_CHAT_ID", SecretPlace::JsonField("chat_id")),
            ],
        ),
        (Channel::Webhook, "", vec![("FUPAN_WEBHOOK_URL", SecretPlace::Url)]),
    ] {
        let request = push(&channel).next().unwrap();
        assert_eq!(request.url, url);
        let told: Vec<_> =
            request.secrets.iter().map(|secret| (secret.variable, secret.place)).collect();
        assert_eq!(told, secrets);
    }
}

/// A PNG of a size, as far as its head goes.
fn png(width: u32, height: u32, length: usize) -> ShareImage {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.resize(length, 7);
    ShareImage::png(bytes).unwrap()
}

#[test]
fn a_picture_goes_first_where_a_robot_takes_one() {
    let image = png(1_080, 1_500, 64);
    let message = message();
    for channel in all() {
        let with = Push::new(&message, Some(&image), &channel, MarketColours::RedUp).unwrap();
        let first = with.next().unwrap();
        let added = with.requests() - push(&channel).requests();
        match (&channel, &first.body) {
            (Channel::WeCom, Body::Json(body)) => {
                assert_eq!(body["msgtype"], "image");
                // Computed by another program.
                assert_eq!(body["image"]["md5"], "64874efc770b0d527bdb3d286bff502c");
                let base64 = body["image"]["base64"].as_str().unwrap();
                assert!(base64.starts_with("iVBORw0KGgoAAAANSUhEUgAABDgAAAXc"), "{base64}");
                assert_eq!((first.name.as_str(), added), ("push-image", 1));
            }
            (Channel::Telegram { .. }, Body::Form(fields)) => {
                assert_eq!(first.url, format!("{TELEGRAM_API}/bot{{token}}/sendPhoto"));
                assert_eq!(first.secrets[1].place, SecretPlace::FormField("chat_id"));
                let caption = FormValue::Text("A-shares 2026-02-12, close".to_owned());
                assert_eq!((fields[0].name, &fields[0].value), ("caption", &caption));
                let (_, body) = form_data(fields);
                let held = body.windows(64).any(|window| window == image.bytes());
                assert!(held && fields[1].name == "photo" && added == 1);
            }
            _ => assert_eq!(added, 0),
        }
    }
}

#[test]
fn a_picture_that_a_channel_does_not_take_is_refused_before_anything_is_sent() {
    let [wecom, _, _, telegram] = all();
    let message = message();
    for (channel, image, taken) in [
        (&wecom, png(1_080, 1_500, 2_000_000), true),
        (&wecom, png(1_080, 1_500, 2_000_001), false),
        (&telegram, png(1_080, 8_920, 64), true),
        (&telegram, png(1_080, 8_921, 64), false),
        (&telegram, png(100, 2_000, 64), true),
        (&telegram, png(100, 2_001, 64), false),
        (&telegram, png(1_080, 1_500, 10_000_001), false),
    ] {
        let told = Push::new(&message, Some(&image), channel, MarketColours::RedUp);
        assert_eq!(told.is_ok(), taken, "{image:?}");
    }
    for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"GIF89a------------------------------"] {
        assert!(ShareImage::png(bytes.to_vec()).is_err());
    }
}

fn answers() -> impl Strategy<Value = Value> {
    let code = prop_oneof![
        select(&[0, -1, 429, 9499, 11232, 45009, 130101, 310000][..]).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        ".{0,300}".prop_map(Value::from),
        prop::collection::vec(any::<u64>(), 0..3).prop_map(Value::from),
    ];
    let name = select(
        &["errcode", "errmsg", "code", "msg", "StatusCode", "ok", "error_code", "parameters"][..],
    );
    prop::collection::vec((name, code), 0..5)
        .prop_map(|fields| fields.into_iter().map(|(name, code)| (name.to_owned(), code)).collect())
}

proptest! {
    /// Whatever comes back, only a channel's own word for it is a success, and what is told is
    /// short and in its language.
    #[test]
    fn any_answer_is_judged(status in 100_u16..600, told in answers(), bytes: Vec<u8>) {
        for channel in all() {
            let is_accepted = match &channel {
                Channel::WeCom | Channel::DingTalk(_) => told["errcode"].as_i64() == Some(0),
                Channel::Feishu(_) => match told["code"].as_i64() {
                    Some(code) => code == 0,
                    None => told["StatusCode"].as_i64() == Some(0),
                },
                _ => told["ok"] == true,
            };
            let part = PushMessage::alert(&crate::hostile::alert("x", "y"));
            let mut push = Push::new(&part, None, &channel, MarketColours::RedUp).unwrap();
            let refused = answered(&mut push, status, told.to_string().as_bytes());
            prop_assert_eq!(refused.is_ok(), is_accepted, "{}", told);
            if let Err(Refused::Again { reason, .. } | Refused::Never { reason }) = refused {
                // A quotation has at most so many characters, each at most an escape.
                prop_assert!(reason.en.chars().count() < 200 + 160 * 10, "{}", reason.en);
                prop_assert_eq!(english_in(&reason.zh), None, "{}", reason.zh);
            }
            let _ = answered(&mut push, status, &bytes);
        }
    }
}
