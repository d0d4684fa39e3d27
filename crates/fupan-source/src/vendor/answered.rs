//! What every answer must be before its rows are read: a whole text, not a page, not compressed.

use std::borrow::Cow;
use std::time::Duration;

use encoding_rs::GB18030;
use fupan_market::{Wording, shown};
use serde_json::Value;

use super::{Answer, Refused};

/// Most bytes of one answer: the values of JSON take up to thirty times as much memory.
pub(crate) const BYTES_MAX: usize = 8 << 20;

/// How long to leave a vendor alone that asks for a human.
const BLOCKED: Duration = Duration::from_secs(600);

/// Why an answer is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unfit {
    /// What is wrong.
    pub reason: Wording,
    /// Whether asking again may help.
    pub remedy: Remedy,
}

/// What to do about an answer that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Ask again, after so long if it is said.
    Again(Option<Duration>),
    /// Asking again does not help.
    Never,
}

impl Unfit {
    /// An answer that may be another one when asked again.
    pub fn again(en: impl Into<String>, zh: impl Into<String>) -> Unfit {
        Unfit { reason: Wording::new(en, zh), remedy: Remedy::Again(None) }
    }

    /// The same, after a while.
    pub fn later(after: Duration, en: impl Into<String>, zh: impl Into<String>) -> Unfit {
        Unfit { reason: Wording::new(en, zh), remedy: Remedy::Again(Some(after)) }
    }

    /// An answer that stays what it is.
    pub fn never(en: impl Into<String>, zh: impl Into<String>) -> Unfit {
        Unfit { reason: Wording::new(en, zh), remedy: Remedy::Never }
    }
}

impl From<Unfit> for Refused {
    fn from(unfit: Unfit) -> Refused {
        match unfit.remedy {
            Remedy::Again(after) => Refused::Again { reason: unfit.reason, after },
            Remedy::Never => Refused::Never { reason: unfit.reason },
        }
    }
}

/// The bytes of an answer whose status says that it is one.
pub(crate) fn body<'a>(answer: &Answer<'a>) -> Result<&'a [u8], Unfit> {
    let status = answer.status;
    match status {
        200 => Ok(answer.body),
        // A page behind the refusal often says more, such as that a human is wanted.
        403 | 429 | 456 => Err(Unfit::later(
            BLOCKED,
            format!("the vendor refuses for now (HTTP {status}): it blocks or slows this address"),
            format!("对方暂时拒绝（HTTP {status}）：可能限制了本机的访问"),
        )),
        401 | 407 => Err(Unfit::never(
            format!("the vendor wants other credentials (HTTP {status})"),
            format!("对方要求其他凭据（HTTP {status}）"),
        )),
        408 | 425 | 500..=599 => Err(Unfit::again(
            format!("the vendor has a fault of its own (HTTP {status})"),
            format!("对方自身出错（HTTP {status}）"),
        )),
        _ => Err(Unfit::never(
            format!("the vendor has no such page (HTTP {status}): its interface may have changed"),
            format!("对方没有这个页面（HTTP {status}）：接口可能已变更"),
        )),
    }
}

/// The encodings that vendors answer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Utf8,
    Gbk,
}

/// The text of an answer.
pub(crate) fn text(bytes: &[u8], written: Written) -> Result<Cow<'_, str>, Unfit> {
    if bytes.len() > BYTES_MAX {
        return Err(Unfit::never(
            format!("the answer has more than {BYTES_MAX} bytes"),
            format!("应答超过{BYTES_MAX}字节"),
        ));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match bytes.trim_ascii_start() {
        [] => return Err(Unfit::again("the answer is empty", "应答是空的")),
        [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] | [b'P', b'K', 3, 4, ..] => {
            return Err(Unfit::never(
                "the answer is compressed and was not unpacked",
                "应答是压缩的，没有解开",
            ));
        }
        [b'<', ..] => return Err(page(bytes)),
        _ => {}
    }
    let unreadable = || {
        Unfit::again(
            "the answer has bytes that are no text in its encoding",
            "应答中有不属于其编码的字节",
        )
    };
    match (written, std::str::from_utf8(bytes)) {
        // A text saved again in UTF-8. Two bytes of GBK can look like one character of UTF-8, but
        // not, throughout, like its characters of three bytes.
        (Written::Gbk, Ok(text)) if text.is_ascii() || text.bytes().any(|b| b >= 0xE2) => {
            Ok(Cow::Borrowed(text))
        }
        (Written::Gbk, _) => GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(unreadable),
        (Written::Utf8, Ok(text)) => Ok(Cow::Borrowed(text)),
        (Written::Utf8, Err(_)) => Err(unreadable()),
    }
}

/// Why a page of the web is no answer.
fn page(bytes: &[u8]) -> Unfit {
    const HUMAN: [&str; 8] =
        ["captcha", "verify", "login", "passport", "验证", "滑块", "登录", "访问频繁"];
    let head = &bytes[..bytes.len().min(64 << 10)];
    let wants = |text: &str| HUMAN.iter().any(|word| text.to_lowercase().contains(word));
    let utf8 = String::from_utf8_lossy(head);
    let (gbk, ..) = GB18030.decode(head);
    if wants(&utf8) || wants(&gbk) {
        return Unfit::later(
            BLOCKED,
            "the answer is a page that asks for a login or a check by a human: the vendor has \
             blocked this address for now",
            "应答是要求登录或人工验证的网页：对方暂时限制了本机的访问",
        );
    }
    Unfit::again(
        "the answer is a web page and no data: the vendor refused or redirected the request",
        "应答是网页而不是数据：对方拒绝了请求或作了跳转",
    )
}

/// The value of an answer in JSON, which may stand in a call such as `jQuery1({…});`.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, Unfit> {
    let text = text(bytes, Written::Utf8)?;
    serde_json::from_str(within_call(text.trim())).map_err(|error| {
        let said = Wording::of_library("JSON库", &error);
        match error.is_eof() {
            true => Unfit::again(
                format!("the answer was cut short ({})", said.en),
                format!("应答不完整（{}）", said.zh),
            ),
            false => Unfit::again(
                format!("the answer is not JSON ({})", said.en),
                format!("应答不是JSON（{}）", said.zh),
            ),
        }
    })
}

/// What stands between the brackets of a call such as `jQuery1({…});`; another text as it is.
pub(crate) fn within_call(text: &str) -> &str {
    let name = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.')));
    let called = name.filter(|end| *end > 0).map(|end| text[end..].trim_start());
    let inner = called.and_then(|rest| rest.strip_prefix('('));
    let inner = inner.and_then(|rest| rest.trim_end_matches([';', ' ']).strip_suffix(')'));
    inner.unwrap_or(text)
}

/// Letters and digits in a row of which a vendor's words are not quoted: they may be a token that it
/// gives back.
const SECRET_FROM: usize = 20;

/// A vendor's own words, cut and safe to print, without what may be a secret.
pub(crate) fn quoted(said: &str) -> String {
    let mut cut = String::new();
    let mut rest = said;
    while !rest.is_empty() && cut.len() < 400 {
        let word = |c: char| c.is_ascii_alphanumeric();
        let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        cut.push_str(if run.len() < SECRET_FROM { run } else { "…" });
        let next = after.find(word).unwrap_or(after.len());
        let (between, after) = after.split_at(next);
        cut.push_str(between);
        rest = after;
    }
    let cut: String = cut.chars().take(120).collect();
    shown(&cut).into_owned()
}
