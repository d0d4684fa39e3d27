//! Reads from the environment where the store is, which languages to use and which browser. A variable set to an
//! empty string counts as unset.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use fupan::{Error, InLanguage, Language, Market, SourceChoice, Store, sample};

use crate::arguments::{Common, FromArgs, UsageError};
use crate::settings;

/// A variable of the environment, if it is set and not empty.
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether a variable is set and not empty.
pub fn is_set(name: &str) -> bool {
    variable(name).is_some()
}

/// A variable that is text and not blank.
pub fn text(name: &str) -> Option<String> {
    variable(name)?.into_string().ok().filter(|text| !text.trim().is_empty())
}

/// The store's folder: from `--store`, else from `FUPAN_STORE`, else from the settings, else the
/// platform's data folder.
pub fn store_folder(common: &Common) -> PathBuf {
    let given = common.store.clone().or_else(|| variable("FUPAN_STORE").map(PathBuf::from));
    given.or_else(|| settings::held().store).unwrap_or_else(|| {
        dirs::data_dir().unwrap_or_else(|| PathBuf::from(".")).join("fupan").join("store")
    })
}

/// The browser that is asked for: by `--browser`, else by `FUPAN_BROWSER`.
pub fn browser(asked: Option<&Path>) -> Option<PathBuf> {
    asked.map(Path::to_owned).or_else(|| variable("FUPAN_BROWSER").map(PathBuf::from))
}

/// Opens the store.
pub fn store(common: &Common) -> Result<Store, Error> {
    Ok(Store::open(&store_folder(common))?)
}

/// The market to work on: the sample or the store.
pub fn market(common: &Common, from: &FromArgs) -> Result<Market, Error> {
    if from.sample {
        return Ok(Market::Sample(sample::full()));
    }
    let choice = match &from.source {
        Some(name) => SourceChoice::Named(name.clone()),
        None => SourceChoice::Best,
    };
    Ok(Market::Store { store: store(common)?, choice })
}

/// The language set by the arguments.
static ASKED: OnceLock<Language> = OnceLock::new();

/// Sets the language of all messages from now on.
pub fn speak(language: Language) {
    // The first call wins.
    let _ = ASKED.set(language);
}

/// The language of messages and tables: as set by [`speak`], else `FUPAN_LANG`, else that of the
/// settings, else that of the locale, else English.
pub fn interface() -> Language {
    let spoken = |name: &str| text(name).and_then(|value| value.parse().ok());
    let asked = ASKED.get().copied().or_else(|| spoken("FUPAN_LANG"));
    asked.or_else(|| settings::held().language).unwrap_or_else(locale)
}

/// The language of the locale; English if it is neither Chinese nor English.
fn locale() -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(text);
    named.and_then(|name| name.parse().ok()).unwrap_or(Language::En)
}

/// The language of a brief: `asked`, else `REPORT_LANGUAGE`, else that of messages.
pub fn report_language(asked: Option<Language>) -> Result<Language, UsageError> {
    match (asked, text("REPORT_LANGUAGE")) {
        (Some(language), _) => Ok(language),
        (None, Some(named)) => named.parse().map_err(|error| wrong("REPORT_LANGUAGE", &error)),
        (None, None) => Ok(interface()),
    }
}

/// Checks that `FUPAN_LANG`, if set, names a language.
pub fn check_interface() -> Result<(), UsageError> {
    match text("FUPAN_LANG").map(|named| named.parse::<Language>()) {
        Some(Err(error)) => Err(wrong("FUPAN_LANG", &error)),
        Some(Ok(_)) | None => Ok(()),
    }
}

fn wrong(variable: &str, error: &fupan::LanguageError) -> UsageError {
    let told = error.wording();
    UsageError::new(
        format!("the variable {variable} is wrong: {}", told.en),
        format!("环境变量{variable}有误：{}", told.zh),
    )
}

/// The sources over the network that some names name; `none` names none.
pub fn sources(names: &[String]) -> Result<Vec<String>, Error> {
    if let [only] = names
        && only == "none"
    {
        return Ok(Vec::new());
    }
    let known = |name: &&String| fupan::NETWORK_SOURCES.contains(&name.as_str());
    match names.iter().find(|name| !known(name)) {
        Some(other) => Err(Error::UnknownSource { name: other.clone() }),
        None => Ok(names.to_vec()),
    }
}
