//! Languages, and text in each of them.

use std::fmt::Display;
use std::io;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A language that messages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language tag of HTML and JSON.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Zh => "zh-CN",
            Language::En => "en",
        }
    }
}

/// The text names no language that messages are written in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a language of this program: write zh or en")]
pub struct LanguageError(pub String);

impl FromStr for Language {
    type Err = LanguageError;

    /// Reads `zh` and `en`, their names, and the forms of locales and language tags in any case:
    /// `zh_CN.UTF-8`, `ZH`, `zh-Hans`, `en_GB`, `C`, `POSIX`. Every kind of Chinese reads as
    /// Simplified Chinese.
    fn from_str(text: &str) -> Result<Language, LanguageError> {
        let name = text.trim().split(['.', '@']).next().unwrap_or_default();
        let first = name.split(['_', '-']).next().unwrap_or_default();
        match first.to_lowercase().as_str() {
            "zh" | "zho" | "chi" | "cmn" | "cn" | "chinese" | "中文" | "汉语" | "简体中文" => {
                Ok(Language::Zh)
            }
            "en" | "eng" | "english" | "英文" | "英语" | "c" | "posix" => Ok(Language::En),
            _ => Err(LanguageError(text.to_owned())),
        }
    }
}

/// Something with a message in every language. An error's `Display` is its English.
pub trait InLanguage {
    /// The message in both languages.
    fn wording(&self) -> Wording;
}

impl InLanguage for LanguageError {
    fn wording(&self) -> Wording {
        Wording::new(self.to_string(), format!("本程序没有语言`{}`：请写zh或en", self.0))
    }
}

/// One message in both languages. It cannot be built with only one, so no reader sees a sentence in
/// the other language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Wording {
    /// In English.
    pub en: String,
    /// In Simplified Chinese.
    pub zh: String,
}

impl Wording {
    /// A message from its two texts.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Wording {
        Wording { en: en.into(), zh: zh.into() }
    }

    /// The empty message.
    pub const fn none() -> Wording {
        Wording { en: String::new(), zh: String::new() }
    }

    /// The message in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// A message from a library, which is in English only: unchanged in English, and as a quotation
    /// in Chinese. `library` is what it reads or writes, in Chinese.
    pub fn of_library(library: &str, said: &impl Display) -> Wording {
        let said = said.to_string();
        let zh = format!("{library}报告：“{said}”");
        Wording { en: said, zh }
    }

    /// A message from the operating system: unchanged in English, and explained in Chinese with its
    /// own words as a quotation.
    pub fn of_system(fault: &io::Error) -> Wording {
        let what = match fault.kind() {
            io::ErrorKind::NotFound => "没有这个文件或文件夹",
            io::ErrorKind::PermissionDenied => "没有权限",
            io::ErrorKind::ReadOnlyFilesystem => "文件系统是只读的",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "空间不足",
            io::ErrorKind::AlreadyExists => "已经存在",
            io::ErrorKind::IsADirectory => "这是文件夹，不是文件",
            io::ErrorKind::NotADirectory => "路径中有一段不是文件夹",
            io::ErrorKind::DirectoryNotEmpty => "文件夹不是空的",
            io::ErrorKind::UnexpectedEof => "内容不完整",
            io::ErrorKind::InvalidData => "内容无法解读",
            io::ErrorKind::Interrupted => "操作被中断",
            _ => return Wording::of_library("系统", fault),
        };
        let said = fault.to_string();
        let zh = format!("{what}（系统提示：“{said}”）");
        Wording { en: said, zh }
    }

    /// Whether the message is empty.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }
}

/// The first two English words that follow each other in a Chinese text, outside quotations (“…”,
/// `…`); `None` if there are none. For tests of the program's output: one word may be a name, two
/// words are a sentence that nobody translated.
pub fn english_in(chinese: &str) -> Option<String> {
    let (mut before, mut close) = (None, None);
    let (mut plain, mut held) = (String::new(), String::new());
    for character in chinese.chars() {
        held.push(character);
        match (close, character) {
            (Some(end), _) if character == end => {
                // A quotation counts as one word that is not English.
                plain.push('。');
                held.clear();
                close = None;
            }
            (Some(_), _) => {}
            (None, '“') => close = Some('”'),
            (None, '`') => close = Some('`'),
            (None, _) => {
                plain.push(character);
                held.clear();
            }
        }
    }
    // An unclosed quotation hides nothing.
    plain.push_str(&held);
    for line in plain.lines() {
        for token in line.split(|c: char| c.is_whitespace()) {
            // An option, such as `--from`, is written as it is in every language.
            let token = token.trim_matches(|c: char| c.is_ascii_punctuation() && c != '-');
            let first = token.split(|c: char| !c.is_ascii()).next_back().unwrap_or_default();
            let last = token.split(|c: char| !c.is_ascii()).next().unwrap_or_default();
            if let Some(before) = before.take()
                && is_word(last)
            {
                return Some(format!("{before} {last}"));
            }
            before = is_word(first).then(|| first.to_owned());
        }
        before = None;
    }
    None
}

fn is_word(text: &str) -> bool {
    let letters = text.trim_matches(|c: char| c.is_ascii_punctuation() && c != '-');
    letters.len() > 1 && letters.chars().all(|c| c.is_ascii_alphabetic() || c == '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_said_in_the_language_asked_for() {
        let wording = Wording::new("limit-up", "涨停");
        assert_eq!(
            [Language::Zh, Language::En].map(|language| wording.in_language(language)),
            ["涨停", "limit-up"]
        );
        assert_eq!([Language::Zh, Language::En].map(Language::tag), ["zh-CN", "en"]);
        let told = "fr".parse::<Language>().unwrap_err().wording();
        assert!(told.en.starts_with("`fr` is not a language"), "{}", told.en);
        assert!(told.zh.starts_with("本程序没有语言`fr`"), "{}", told.zh);
    }

    #[test]
    fn a_message_is_empty_without_either_text() {
        assert!(Wording::none().is_empty());
        assert!(!Wording::new("a", "").is_empty() && !Wording::new("", "甲").is_empty());
    }

    #[test]
    fn english_that_nobody_translated_is_found() {
        for (text, found) in [
            ("x.csv已损坏：it holds bytes；请重新获取", "it holds"),
            ("开头is not其余", "is not"),
            ("没有闭合“the rest is", "the rest"),
            ("多出, and more", "and more"),
        ] {
            assert_eq!(english_in(text).as_deref(), Some(found), "{text}");
        }
        for text in [
            "没有`such a thing`；请写“one of these”",
            "请安装fupan 0.2.0或更新版本",
            "这是Excel工作簿；请另存为CSV",
            "/tmp/a b/文件.csv已损坏",
            "600001.SH 2026-01-05 close 10.10 → 11.00",
            "fupan: --from晚于--to",
            "Parquet\n库",
            "",
        ] {
            assert_eq!(english_in(text), None, "{text}");
        }
    }

    #[test]
    fn what_others_say_is_quoted_in_chinese() {
        let fault = io::Error::from_raw_os_error(2);
        let told = Wording::of_system(&fault);
        assert_eq!(told.en, fault.to_string());
        assert!(told.zh.starts_with("没有这个文件或文件夹（系统提示：“"), "{}", told.zh);
        for (kind, what) in [
            (io::ErrorKind::PermissionDenied, "没有权限"),
            (io::ErrorKind::StorageFull, "空间不足"),
            (io::ErrorKind::IsADirectory, "这是文件夹，不是文件"),
            (io::ErrorKind::ReadOnlyFilesystem, "文件系统是只读的"),
            (io::ErrorKind::QuotaExceeded, "空间不足"),
            (io::ErrorKind::AlreadyExists, "已经存在"),
            (io::ErrorKind::NotADirectory, "路径中有一段不是文件夹"),
            (io::ErrorKind::DirectoryNotEmpty, "文件夹不是空的"),
            (io::ErrorKind::UnexpectedEof, "内容不完整"),
            (io::ErrorKind::InvalidData, "内容无法解读"),
            (io::ErrorKind::Interrupted, "操作被中断"),
            (io::ErrorKind::TimedOut, "系统报告："),
        ] {
            assert!(Wording::of_system(&kind.into()).zh.starts_with(what), "{kind}");
        }
        for kind in [io::ErrorKind::InvalidData, io::ErrorKind::TimedOut] {
            let told = Wording::of_system(&io::Error::new(kind, "it took too long"));
            assert_eq!((told.en.as_str(), english_in(&told.zh)), ("it took too long", None));
        }
        let told = Wording::of_library("Parquet库", &"no magic bytes");
        assert_eq!(told, Wording::new("no magic bytes", "Parquet库报告：“no magic bytes”"));
    }

    #[test]
    fn languages_are_read_as_people_and_locales_write_them() {
        for text in [
            "zh",
            "ZH",
            "zh_CN",
            "zh-CN",
            "zh_CN.UTF-8",
            "zh-Hans",
            "zh-Hant-TW",
            "zh_TW",
            "zh_HK.Big5",
            "Chinese",
            "cn",
            "中文",
            " zh ",
            "zh_CN.gb18030@pinyin",
        ] {
            assert_eq!(text.parse(), Ok(Language::Zh), "{text}");
        }
        for text in [
            "en",
            "EN",
            "en_GB",
            "en-US",
            "en_US.UTF-8",
            "English",
            "C",
            "POSIX",
            "C.UTF-8",
            "c.utf8",
        ] {
            assert_eq!(text.parse(), Ok(Language::En), "{text}");
        }
        for text in ["", "fr", "fr_FR.UTF-8", "zhx", "english please", "."] {
            assert!(text.parse::<Language>().is_err(), "{text}");
        }
    }
}
