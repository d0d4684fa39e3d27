//! Where the store is, and which language a brief is in: the environment's say.

use std::path::PathBuf;

use fupan::{Error, Language, Market, SourceChoice, Store, sample};

use crate::arguments::{BriefLanguage, Common, From};

/// The store's folder: as given, else the platform's data folder.
pub fn store_folder(common: &Common) -> PathBuf {
    common.store.clone().unwrap_or_else(|| {
        dirs::data_dir().unwrap_or_else(|| PathBuf::from(".")).join("fupan").join("store")
    })
}

/// The store, opened.
pub fn store(common: &Common) -> Result<Store, Error> {
    Ok(Store::open(&store_folder(common))?)
}

/// The market to work on: the sample, or the store.
pub fn market(common: &Common, from: &From) -> Result<Market, Error> {
    if from.sample {
        return Ok(Market::Sample(sample::full()));
    }
    let choice = match &from.source {
        Some(name) => SourceChoice::Named(name.clone()),
        None => SourceChoice::Best,
    };
    Ok(Market::Store { store: store(common)?, choice })
}

/// The brief's language: as asked, else that of the locale, else English.
pub fn language(asked: Option<BriefLanguage>) -> Language {
    match asked {
        Some(BriefLanguage::Zh) => Language::Zh,
        Some(BriefLanguage::En) => Language::En,
        None => {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
            match locale {
                Some(locale) if locale.starts_with("zh") => Language::Zh,
                _ => Language::En,
            }
        }
    }
}
