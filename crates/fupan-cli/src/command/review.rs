//! `fupan review`: writes the brief of a session.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use fupan::export::{HtmlOptions, PageExtent};
use fupan::{Document, FactSet, Language};

use crate::arguments::{BriefFormat, Colours, Common, ImageExtent, ReviewArgs, UsageError};
use crate::browser::{Browser, Drawing, Han};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &ReviewArgs) -> anyhow::Result<Answer> {
    // What is wrong with the request, or a browser that is missing, is said before the work begins.
    let form = form(asked)?;
    let language = place::report_language(common.lang)?;
    let market = place::market(common, &asked.from)?;
    let facts = match asked.at {
        None => fupan::review(&market, asked.date)?,
        Some(second) => fupan::review_at(&market, asked.date, second)?,
    };
    terminal::name_later_session(&facts);
    let brief = fupan::brief(&facts, language);
    let written = form.write(&brief, &facts, asked.colours)?;
    match &asked.output {
        Some(path) if is_standard_output(path) => match written {
            Written::Text(text) => terminal::print(&text)?,
            Written::Binary(bytes) => terminal::write(path, &bytes)?,
        },
        path => {
            let path = path.clone().unwrap_or_else(|| file_name(&facts, language, form.ending()));
            terminal::write(&path, written.bytes())?;
            terminal::print(&fupan::export::summary(&brief, &facts))?;
            terminal::print(&format!("\n→ {}", path.display()))?;
        }
    }
    // The process ends here: giving back the memory of every fact would only take time.
    std::mem::forget((facts, brief, market));
    Ok(Answer::Yes)
}

/// What a brief is written as.
enum BriefForm {
    Html,
    Md,
    Json,
    /// Drawn by this browser, as much of it.
    Png(Browser, PageExtent),
    /// Printed by this browser.
    Pdf(Browser),
}

/// A written brief.
enum Written {
    Text(String),
    Binary(Vec<u8>),
}

impl Written {
    fn bytes(&self) -> &[u8] {
        match self {
            Written::Text(text) => text.as_bytes(),
            Written::Binary(bytes) => bytes,
        }
    }
}

impl BriefForm {
    fn write(
        &self,
        brief: &Document,
        facts: &FactSet,
        colours: Colours,
    ) -> anyhow::Result<Written> {
        let options = HtmlOptions { colours: self::colours(colours) };
        let still = |extent| fupan::export::still(brief, facts, &options, extent);
        Ok(match self {
            BriefForm::Html => Written::Text(fupan::export::html_with(brief, facts, &options)),
            BriefForm::Md => Written::Text(fupan::export::markdown(brief, facts)),
            BriefForm::Json => Written::Text(fupan::export::json(brief, facts)),
            BriefForm::Png(browser, extent) => drawn(|| browser.png(&still(*extent)))?,
            BriefForm::Pdf(browser) => drawn(|| browser.pdf(&still(PageExtent::Whole)))?,
        })
    }

    fn ending(&self) -> &'static str {
        match self {
            BriefForm::Html => "html",
            BriefForm::Md => "md",
            BriefForm::Json => "json",
            BriefForm::Png(..) => "png",
            BriefForm::Pdf(_) => "pdf",
        }
    }
}

/// What the browser draws; a warning to standard error if Chinese characters are boxes.
fn drawn(draw: impl FnOnce() -> anyhow::Result<Drawing>) -> anyhow::Result<Written> {
    let bar = progress::waiting(terminal::word("drawing", "绘制"));
    let drawing = draw();
    bar.finish_and_clear();
    let Drawing { bytes, han } = drawing?;
    if han == Han::Missing {
        let warning = terminal::say(
            "Chinese characters are boxes in this file, because no installed font has them: \
             install one, such as Noto Sans CJK (Debian and Ubuntu: `apt install fonts-noto-cjk`; \
             Fedora: `dnf install google-noto-sans-cjk-fonts`), and run the command again",
            "文件中的汉字都是方框，因为本机没有中文字体：请安装一种，例如思源黑体（Debian与Ubuntu：\
             `apt install fonts-noto-cjk`；Fedora：`dnf install google-noto-sans-cjk-fonts`），\
             再重新运行",
        );
        eprintln!("fupan: {warning}");
    }
    Ok(Written::Binary(bytes))
}

/// What the arguments ask for, with its browser.
fn form(asked: &ReviewArgs) -> anyhow::Result<BriefForm> {
    let ending = asked.output.as_deref().and_then(format_of_ending);
    let format = asked.format.or(ending).unwrap_or(BriefFormat::Html);
    if asked.image.is_some() && format != BriefFormat::Png {
        let told = UsageError::new(
            "`--image` says what a PNG shows: add `--format png`",
            "`--image`说的是PNG图里有什么：请加上`--format png`",
        );
        return Err(told.into());
    }
    let drawn = matches!(format, BriefFormat::Png | BriefFormat::Pdf);
    let to_terminal = asked.output.as_deref().is_some_and(is_standard_output);
    if drawn && to_terminal && std::io::stdout().is_terminal() {
        let told = UsageError::new(
            "a terminal cannot show this format: give a file with `--output FILE`, or a pipe",
            "终端无法显示这种格式：请用`--output FILE`写入文件，或接管道",
        );
        return Err(told.into());
    }
    let browser = || {
        let named = place::browser(asked.browser.as_deref());
        Browser::find(named, asked.browser_arguments.clone())
    };
    Ok(match (format, asked.image) {
        (BriefFormat::Html, _) => BriefForm::Html,
        (BriefFormat::Md, _) => BriefForm::Md,
        (BriefFormat::Json, _) => BriefForm::Json,
        (BriefFormat::Png, Some(ImageExtent::Whole)) => {
            BriefForm::Png(browser()?, PageExtent::Whole)
        }
        (BriefFormat::Png, Some(ImageExtent::Overview) | None) => {
            BriefForm::Png(browser()?, PageExtent::Overview)
        }
        (BriefFormat::Pdf, _) => BriefForm::Pdf(browser()?),
    })
}

/// The format that a file's name ends in, if it is one of a brief's.
fn format_of_ending(path: &Path) -> Option<BriefFormat> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "html" | "htm" => Some(BriefFormat::Html),
        "md" | "markdown" => Some(BriefFormat::Md),
        "json" => Some(BriefFormat::Json),
        "png" => Some(BriefFormat::Png),
        "pdf" => Some(BriefFormat::Pdf),
        _ => None,
    }
}

fn is_standard_output(path: &Path) -> bool {
    path == Path::new("-")
}

/// The name of the file of a brief: the session, the instant if it is none of the close, the language.
pub fn file_name(facts: &FactSet, language: Language, ending: &str) -> PathBuf {
    let language = match language {
        Language::Zh => "zh",
        Language::En => "en",
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

pub(super) fn colours(asked: Colours) -> fupan::MarketColours {
    match asked {
        Colours::RedUp => fupan::MarketColours::RedUp,
        Colours::GreenUp => fupan::MarketColours::GreenUp,
        Colours::ColourBlind => fupan::MarketColours::ColourBlind,
    }
}
