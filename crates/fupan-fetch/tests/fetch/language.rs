//! Every error in both languages.

use std::io;
use std::path::PathBuf;

use fupan_fetch::{FetchError, FetchFault, RedirectFault, SlowStep};
use fupan_market::{InLanguage as _, Wording, english_in};

use crate::world::start;

fn faults() -> Vec<FetchFault> {
    let said = || Wording::of_library("HTTP库", &"something went wrong");
    let redirects = [
        RedirectFault::Nowhere,
        RedirectFault::Elsewhere("https://other.example".to_owned()),
        RedirectFault::Again,
        RedirectFault::BodyLost,
    ];
    let mut faults = vec![
        FetchFault::NoHost,
        FetchFault::NoNetwork,
        FetchFault::NoConnection(said()),
        FetchFault::NoConnection(Wording::none()),
        FetchFault::Insecure(said()),
        FetchFault::Proxy(said()),
        FetchFault::TooSlow(SlowStep::Connecting),
        FetchFault::TooSlow(SlowStep::NextBytes),
        FetchFault::TooSlow(SlowStep::Whole),
        FetchFault::CutShort,
        FetchFault::Garbled(said()),
        FetchFault::HeadTooLong(100),
        FetchFault::TooLong(100),
        FetchFault::BadPacking,
        FetchFault::UnknownPacking(Some("br")),
        FetchFault::UnknownPacking(None),
        FetchFault::Busy(408),
        FetchFault::Busy(429),
        FetchFault::Busy(503),
        FetchFault::NothingKept,
        FetchFault::NotKept(Wording::new("it is another page", "这是另一页")),
    ];
    faults.extend(redirects.map(FetchFault::Redirected));
    faults
}

fn errors() -> Vec<FetchError> {
    let (source, name) = ("stub", "page-1".to_owned());
    let folder = PathBuf::from("/some where/data");
    let reason = || Wording::new("it is wrong here", "这里不对");
    let mut errors = vec![
        FetchError::NoVariable { source, variable: "TUSHARE_TOKEN" },
        FetchError::BadVariable { source, variable: "TUSHARE_TOKEN", reason: reason() },
        FetchError::BadVariable { source: "", variable: "HTTPS_PROXY", reason: reason() },
        FetchError::BadSetting { setting: "user_agent", reason: reason() },
        FetchError::BadRequest { source, name: name.clone(), reason: reason() },
        FetchError::Never { source, name: name.clone(), reason: reason(), kept: None },
        FetchError::Never {
            source,
            name: name.clone(),
            reason: reason(),
            kept: Some(folder.clone().into()),
        },
        FetchError::Resting { source, until: start(), fault: None },
        FetchError::Resting { source, until: start(), fault: Some(FetchFault::Busy(429)) },
        FetchError::Queue { source, until: start() },
        FetchError::InUse { folder: folder.clone() },
        FetchError::OtherSource { folder: folder.clone(), source, held: "other".to_owned() },
        FetchError::Endless { source, name: name.clone() },
        FetchError::Disk { path: folder.clone(), reason: io::ErrorKind::StorageFull.into() },
    ];
    for fault in faults() {
        for (attempts, kept) in [(1, None), (4, Some(folder.clone().into()))] {
            let (name, fault) = (name.clone(), fault.clone());
            errors.push(FetchError::Unanswered { source, name, attempts, fault, kept });
        }
    }
    errors
}

#[test]
fn no_sentence_is_in_the_other_language() {
    for error in errors() {
        let said = error.wording();
        assert_eq!(error.to_string(), said.en);
        assert!(said.en.is_ascii(), "{}", said.en);
        assert_eq!(english_in(&said.zh), None, "{}", said.zh);
        assert!(!said.zh.is_ascii(), "{}", said.zh);
        assert!(!said.zh.contains(", ") && !said.zh.contains("; "), "{}", said.zh);
    }
}

#[test]
fn an_error_names_its_source_and_says_what_to_do() {
    for error in errors() {
        let said = error.wording();
        for text in [&said.en, &said.zh] {
            assert!(error.of_source().is_none_or(|source| text.starts_with(source)), "{text}");
        }
    }
    let told = FetchError::NoVariable { source: "tushare", variable: "TUSHARE_TOKEN" };
    assert_eq!(told.to_string(), "tushare: the environment has no TUSHARE_TOKEN; set it");
    let told = FetchError::Resting { source: "eastmoney", until: start(), fault: None };
    let said = told.wording();
    assert!(said.en.contains("left alone until 2026-02-12 15:05:00 +08:00"), "{}", said.en);
    assert!(said.zh.contains("2026-02-12 15:05:00 +08:00之前不再请求"), "{}", said.zh);
}

#[test]
fn text_from_outside_reaches_no_terminal_as_it_is() {
    let held = "\u{1b}[31mred".to_owned();
    let folder = PathBuf::from("a\u{202e}b");
    let told = FetchError::OtherSource { folder, source: "stub", held }.to_string();
    assert!(!told.contains('\u{1b}') && !told.contains('\u{202e}'), "{told}");
}
