//! Languages, and text that exists in each of them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A language that readers are spoken to in.
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

/// The text names no language that readers are spoken to in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a language of this program: write zh or en")]
pub struct LanguageError(pub String);

impl FromStr for Language {
    type Err = LanguageError;

    /// Reads `zh` and `en`, their names, and the forms of locales and language tags in any case:
    /// `zh_CN.UTF-8`, `ZH`, `zh-Hans`, `en_GB`, `C`, `POSIX`. Every Chinese is answered in
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

/// What can be said in every language a reader may ask for. An error's `Display` is its English.
pub trait InLanguage {
    /// The message in both languages.
    fn wording(&self) -> Wording;
}

impl InLanguage for LanguageError {
    fn wording(&self) -> Wording {
        Wording::new(self.to_string(), format!("本程序没有语言`{}`：请写zh或en", self.0))
    }
}

/// One message in both languages. There is no way to make one without either, so that no reader
/// meets a sentence in the other language.
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

    /// The empty message: there is nothing to say.
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

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
