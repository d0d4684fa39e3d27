//! `fupan check`: holds articles against the facts of their session.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use fupan::check::{Article, Checker, Ink, LARGEST_BYTES, Report, page, terminal_text};

use crate::arguments::{CheckArgs, CheckFormat, Common, UsageError};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &CheckArgs) -> anyhow::Result<Answer> {
    if asked.format == CheckFormat::Html && asked.files.len() > 1 {
        return Err(UsageError::new(
            "a page is of one article: name one file, or use --format json",
            "一个页面只对应一篇文章：请只指定一个文件，或用--format json",
        )
        .into());
    }
    let market = place::market(common, &asked.from)?;
    let checker = Checker::new(&market)?;
    let mut printed = String::new();
    let mut contradicted = false;
    for file in &asked.files {
        let name = if file == Path::new("-") { "-".to_owned() } else { file.display().to_string() };
        let article = article(file)?;
        let report = checker.check(&name, &article, asked.date)?;
        contradicted |= report.counts().contradicted > 0;
        printed.push_str(&shown(&article, &report, asked));
    }
    match &asked.output {
        Some(path) => terminal::write_with(path, |sink| Ok(sink.write_all(printed.as_bytes())?))?,
        None => terminal::print_table(&printed)?,
    }
    Ok(if contradicted { Answer::No } else { Answer::Yes })
}

fn article(file: &Path) -> anyhow::Result<Article> {
    let mut bytes = Vec::new();
    let read = |from: &mut dyn std::io::Read, bytes: &mut Vec<u8>| {
        from.take(LARGEST_BYTES as u64 + 1).read_to_end(bytes)
    };
    let read = match file == Path::new("-") {
        true => read(&mut std::io::stdin().lock(), &mut bytes),
        false => std::fs::File::open(file).and_then(|mut file| read(&mut file, &mut bytes)),
    };
    let path = file.display().to_string();
    read.map_err(|source| fupan::Error::Io { action: "read", path: path.clone(), source })?;
    let name = file.file_name().and_then(|name| name.to_str());
    Article::read(&bytes, name).map_err(|error| {
        let told = fupan::InLanguage::wording(&error);
        anyhow::anyhow!("{path}: {}", told.in_language(place::interface()))
    })
}

fn shown(article: &Article, report: &Report, asked: &CheckArgs) -> String {
    let language = place::interface();
    match asked.format {
        CheckFormat::Text => {
            let colour = asked.output.is_none()
                && std::io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none();
            terminal_text(report, language, if colour { Ink::Colour } else { Ink::Plain })
        }
        CheckFormat::Html => page(article, report, language),
        CheckFormat::Json => report.to_json(language) + "\n",
    }
}
