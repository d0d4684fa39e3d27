//! What a channel's answer says: accepted, not now, or not like this.

use std::time::Duration;

use fupan_market::{Wording, shown};
use fupan_source::vendor::{Answer, Refused};
use serde_json::Value;

use crate::channel::Channel;

/// Bytes of an answer that are read. A robot's has a few hundred.
const ANSWER_BYTES: usize = 65_536;

/// Characters of a channel's own words that are quoted.
const QUOTED: usize = 160;

/// The longest wait that a channel's answer is believed.
const WAIT_MAX: Duration = Duration::from_hours(24);

const MINUTE: Duration = Duration::from_secs(60);
const BUSY: Duration = Duration::from_secs(10);

/// DingTalk stops a robot for ten minutes that sent more than twenty messages in one.
const DINGTALK_WAIT: Duration = Duration::from_secs(600);

/// Whether a channel accepted a message.
///
/// # Errors
/// If it did not, with what to do.
pub(crate) fn judge(channel: &Channel, answer: &Answer<'_>) -> Result<(), Refused> {
    if matches!(channel, Channel::Webhook) {
        return by_status(answer);
    }
    let told =
        serde_json::from_slice::<Value>(answer.body.get(..ANSWER_BYTES).unwrap_or(answer.body));
    let Ok(told @ Value::Object(_)) = told else {
        by_status(answer)?;
        return Err(again(
            "the answer is not the robot's: something between this machine and the channel, such \
             as a proxy, answered",
            "返回的不是机器人的应答：可能是本机与该渠道之间的代理等作出的应答",
            None,
        ));
    };
    match channel {
        Channel::WeCom => wecom(&told),
        Channel::DingTalk(_) => dingtalk(&told),
        Channel::Feishu(_) => feishu(&told),
        Channel::Telegram { .. } => telegram(&told),
        Channel::Webhook => Ok(()),
    }
}

/// By the status alone.
fn by_status(answer: &Answer<'_>) -> Result<(), Refused> {
    let status = answer.status;
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(again(
            &format!("answered with the status {status}"),
            &format!("返回状态{status}"),
            (status == 429).then_some(MINUTE),
        )),
        _ => Err(never(
            &format!("refused with the status {status}: check the address in the environment"),
            &format!("被拒绝，状态{status}：请检查环境变量中的地址"),
        )),
    }
}

/// WeCom's robots: `errcode`, from its list of global error codes.
fn wecom(told: &Value) -> Result<(), Refused> {
    let (code, said) = (number(&told["errcode"]), words(&told["errmsg"]));
    match code {
        Some(0) => Ok(()),
        Some(45009 | 45033) => Err(again(
            &format!("more than twenty messages a minute ({said})"),
            &format!("每分钟超过二十条消息（“{said}”）"),
            Some(MINUTE),
        )),
        Some(-1) => Err(busy(&said)),
        Some(93000 | 93004 | 93008) => Err(never(
            &format!("the robot does not exist: copy WECHAT_WEBHOOK_URL from it again ({said})"),
            &format!("机器人不存在：请重新复制`WECHAT_WEBHOOK_URL`（“{said}”）"),
        )),
        Some(40001 | 40014 | 40058 | 42001) => Err(never(
            &format!("the address is wrong: copy WECHAT_WEBHOOK_URL again ({said})"),
            &format!("地址有误：请重新复制`WECHAT_WEBHOOK_URL`（“{said}”）"),
        )),
        _ => Err(unknown(code, &said)),
    }
}

/// DingTalk's custom robots: `errcode`, from its list of global error codes; 310000 has several
/// meanings, which its words tell apart.
fn dingtalk(told: &Value) -> Result<(), Refused> {
    let (code, said) = (number(&told["errcode"]), words(&told["errmsg"]));
    let spoken = said.to_lowercase();
    match code {
        Some(0) => Ok(()),
        Some(130101 | 410100 | 660026) => Err(again(
            &format!("more than twenty messages a minute ({said})"),
            &format!("每分钟超过二十条消息（“{said}”）"),
            Some(DINGTALK_WAIT),
        )),
        Some(-1) => Err(busy(&said)),
        Some(310000) if spoken.contains("keyword") => Err(never(
            &format!(
                "the robot wants a keyword: set A股 (A-share) as its keyword, or sign ({said})"
            ),
            &format!("机器人要求关键词：请把关键词设为“A股”，或改用加签（“{said}”）"),
        )),
        Some(310000) if spoken.contains("sign") || spoken.contains("timestamp") => Err(never(
            &format!(
                "the signature is not the robot's: check DINGTALK_SECRET and this machine's clock ({said})"
            ),
            &format!("签名不符：请检查`DINGTALK_SECRET`和本机时钟（“{said}”）"),
        )),
        Some(310000) => Err(never(
            &format!(
                "the robot's security settings do not let this machine in: add its address, or sign ({said})"
            ),
            &format!("机器人的安全设置不放行本机：请加入本机地址，或改用加签（“{said}”）"),
        )),
        Some(300001 | 300005 | 400101 | 400106 | 400013 | 400102) => Err(never(
            &format!(
                "the robot or its group does not exist or is stopped: copy DINGTALK_WEBHOOK_URL again ({said})"
            ),
            &format!(
                "机器人或群不存在，或机器人已停用：请重新复制`DINGTALK_WEBHOOK_URL`（“{said}”）"
            ),
        )),
        _ => Err(unknown(code, &said)),
    }
}

/// Feishu's custom robots: `code`, from the guide to custom robots. 9499 is said of requests that
/// are malformed and of too many; its words tell them apart.
fn feishu(told: &Value) -> Result<(), Refused> {
    let code = number(&told["code"]).or_else(|| number(&told["StatusCode"]));
    let said = match told["msg"].as_str() {
        Some(_) => words(&told["msg"]),
        None => words(&told["StatusMessage"]),
    };
    let spoken = said.to_lowercase();
    let often = spoken.contains("too many") || spoken.contains("frequen");
    match code {
        Some(0) => Ok(()),
        Some(11232 | 11233 | 11247) => Err(often_refused(&said)),
        Some(9499) if often => Err(often_refused(&said)),
        Some(19001) => Err(never(
            &format!("the robot does not exist: copy FEISHU_WEBHOOK_URL again ({said})"),
            &format!("机器人不存在：请重新复制`FEISHU_WEBHOOK_URL`（“{said}”）"),
        )),
        Some(19021) => Err(never(
            &format!(
                "the signature is not the robot's: check FEISHU_SECRET and this machine's clock ({said})"
            ),
            &format!("签名不符：请检查`FEISHU_SECRET`和本机时钟（“{said}”）"),
        )),
        Some(19022) => Err(never(
            &format!(
                "the robot does not let this machine's address in: add it to its list ({said})"
            ),
            &format!("机器人的白名单中没有本机地址：请加入（“{said}”）"),
        )),
        Some(19024) => Err(never(
            &format!(
                "the robot wants a keyword: set A股 (A-share) as its keyword, or sign ({said})"
            ),
            &format!("机器人要求关键词：请把关键词设为“A股”，或改用签名校验（“{said}”）"),
        )),
        _ => Err(unknown(code, &said)),
    }
}

fn often_refused(said: &str) -> Refused {
    again(
        &format!("more messages than Feishu takes at this moment ({said})"),
        &format!("飞书此刻限流（“{said}”）"),
        Some(MINUTE),
    )
}

/// Telegram's Bot API: `ok`, `error_code`, `description`, and `parameters` where it says how long to
/// wait or where the chat went.
fn telegram(told: &Value) -> Result<(), Refused> {
    if told["ok"] == Value::Bool(true) {
        return Ok(());
    }
    let (code, said) = (number(&told["error_code"]), words(&told["description"]));
    let moved = number(&told["parameters"]["migrate_to_chat_id"]);
    match code {
        Some(429) => {
            let wait = told["parameters"]["retry_after"].as_u64().map(Duration::from_secs);
            let wait = wait.unwrap_or(MINUTE).min(WAIT_MAX);
            Err(again(
                &format!("more messages than Telegram takes at this moment ({said})"),
                &format!("Telegram此刻限流（“{said}”）"),
                Some(wait),
            ))
        }
        Some(500..=599) => Err(busy(&said)),
        Some(401 | 404) => Err(never(
            &format!("the bot does not exist: check TELEGRAM_BOT_TOKEN ({said})"),
            &format!("机器人不存在：请检查`TELEGRAM_BOT_TOKEN`（“{said}”）"),
        )),
        Some(400) if moved.is_some() => {
            let chat = moved.unwrap_or_default();
            Err(never(
                &format!("the group has become another chat: set TELEGRAM_CHAT_ID to {chat}"),
                &format!("群已升级，编号已变：请把`TELEGRAM_CHAT_ID`设为{chat}"),
            ))
        }
        Some(400) if said.to_lowercase().contains("chat not found") => Err(never(
            &format!(
                "the chat does not exist, or the bot has never been written to there: check TELEGRAM_CHAT_ID ({said})"
            ),
            &format!(
                "找不到会话，或尚未在其中与机器人说过话：请检查`TELEGRAM_CHAT_ID`（“{said}”）"
            ),
        )),
        Some(403) => Err(never(
            &format!("the bot may not write there: let it into the chat ({said})"),
            &format!("机器人无权在该会话发言：请将其加入（“{said}”）"),
        )),
        _ => Err(unknown(code, &said)),
    }
}

fn busy(said: &str) -> Refused {
    again(&format!("the channel is busy ({said})"), &format!("该渠道繁忙（“{said}”）"), Some(BUSY))
}

/// A refusal that is not known: asking again would send the same, so it is told.
fn unknown(code: Option<i64>, said: &str) -> Refused {
    match code {
        Some(code) => never(
            &format!("refused with the code {code}: {said}"),
            &format!("被拒绝，代码{code}：“{said}”"),
        ),
        None => again(
            "the answer does not say whether the message was accepted",
            "应答没有说明消息是否已被接受",
            None,
        ),
    }
}

fn again(en: &str, zh: &str, after: Option<Duration>) -> Refused {
    Refused::Again { reason: Wording::new(en, zh), after }
}

fn never(en: &str, zh: &str) -> Refused {
    Refused::Never { reason: Wording::new(en, zh) }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64()
}

/// A channel's own words, on one line and not many.
fn words(value: &Value) -> String {
    let said: String = value.as_str().unwrap_or_default().chars().take(QUOTED).collect();
    shown(&said).into_owned()
}
