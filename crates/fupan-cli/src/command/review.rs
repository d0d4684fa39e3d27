//! `fupan review`: writes the brief of a session.

use std::path::{Path, PathBuf};

use fupan::Language;
use fupan::export::HtmlOptions;

use crate::arguments::{BriefFormat, Colours, Common, ReviewArgs};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &ReviewArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let facts = match asked.at {
        None => fupan::review(&market, asked.date)?,
        Some(second) => fupan::review_at(&market, asked.date, second)?,
    };
    terminal::name_later_session(&facts);
    let language = place::report_language(common.lang)?;
    let brief = fupan::brief(&facts, language);
    let text = match asked.format {
        BriefFormat::Html => {
            let options = HtmlOptions { colours: colours(asked.colours) };
            fupan::export::html_with(&brief, &facts, &options)
        }
        BriefFormat::Md => fupan::export::markdown(&brief, &facts),
        BriefFormat::Json => fupan::export::json(&brief, &facts),
    };
    match &asked.output {
        Some(path) if path == Path::new("-") => terminal::print(&text)?,
        path => {
            let path = path.clone().unwrap_or_else(|| file_name(&facts, language, asked.format));
            terminal::write(&path, text.as_bytes())?;
            terminal::print(&fupan::export::summary(&brief, &facts))?;
            terminal::print(&format!("\n→ {}", path.display()))?;
        }
    }
    Ok(Answer::Yes)
}

fn file_name(facts: &fupan::FactSet, language: Language, format: BriefFormat) -> PathBuf {
    let language = match language {
        Language::Zh => "zh",
        Language::En => "en",
    };
    let ending = match format {
        BriefFormat::Html => "html",
        BriefFormat::Md => "md",
        BriefFormat::Json => "json",
    };
    // All figures of the session are of one instant; those of earlier sessions sort first.
    let instant = match facts.facts.keys().rfind(|key| key.session == facts.session) {
        Some(fupan::FactKey { as_of: fupan::AsOf::Instant(second), .. }) => {
            format!("-{:02}{:02}", second / 3600, second / 60 % 60)
        }
        _ => String::new(),
    };
    PathBuf::from(format!("fupan-{}{instant}.{language}.{ending}", facts.session))
}

fn colours(asked: Colours) -> fupan::MarketColours {
    match asked {
        Colours::RedUp => fupan::MarketColours::RedUp,
        Colours::GreenUp => fupan::MarketColours::GreenUp,
        Colours::ColourBlind => fupan::MarketColours::ColourBlind,
    }
}
