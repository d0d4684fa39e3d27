//! `fupan init`: three questions, and the settings are written.

use std::io::{BufRead, Write as _};
use std::path::{Path, PathBuf};

use fupan::{Language, Store, TdxFolder};

use crate::arguments::{Common, InitArgs, UsageError};
use crate::settings::{self, ReaderSettings, Tdx};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &InitArgs) -> anyhow::Result<Answer> {
    let path = settings::path();
    if path.exists() && !asked.force {
        let shown = path.display();
        return Err(UsageError::new(
            format!("there are settings in {shown} already; edit them, or write --force"),
            format!("{shown}中已有设置；请直接编辑，或加上--force"),
        )
        .into());
    }
    let settings = answered(common, asked, &mut std::io::stdin().lock())?;
    let folder = settings.store.clone().unwrap_or_else(|| place::store_folder(common));
    Store::open_or_create(&folder).map_err(fupan::Error::from)?;
    settings::write(&path, &settings)?;
    let next = match settings.tdx.is_some() || !settings.sources.is_empty() {
        true => ("`fupan update` brings the data in", "运行`fupan update`即可读入数据"),
        false => (
            "`fupan import FILE` reads your files, `fupan review --sample` shows a brief",
            "`fupan import 文件`读入自有文件，`fupan review --sample`查看示例",
        ),
    };
    terminal::print(&format!("→ {}\n  {}", path.display(), terminal::word(next.0, next.1)))?;
    Ok(Answer::Yes)
}

/// The settings from the arguments, and from answers to questions on what they do not say.
fn answered(
    common: &Common,
    asked: &InitArgs,
    answers: &mut dyn BufRead,
) -> anyhow::Result<ReaderSettings> {
    let language = match common.lang {
        Some(language) => language,
        None => ask_language(answers)?,
    };
    let tdx = match &asked.tdx {
        Some(named) if named.as_os_str() == "none" => None,
        Some(named) => Some(TdxFolder::find(named)?),
        None => ask_tdx(answers)?,
    };
    let tdx = tdx.map(|tdx| Tdx { folder: tdx.path().to_owned(), minutes: asked.minutes });
    let sources = match asked.source.as_slice() {
        [] => ask_sources(answers)?,
        named => place::sources(named)?,
    };
    let store = Some(std::path::absolute(place::store_folder(common))?);
    // What `init` does not ask for stays as it is.
    Ok(ReaderSettings { store, language: Some(language), sources, tdx, ..settings::held() })
}

fn ask_language(answers: &mut dyn BufRead) -> anyhow::Result<Language> {
    let usual = place::interface();
    loop {
        let question = format!("Language of briefs 报告语言 (zh/en)? [{}] ", short(usual));
        let Some(answer) = ask(answers, &question)? else { return Ok(usual) };
        if let Ok(language) = answer.parse() {
            return Ok(language);
        }
    }
}

fn short(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
    }
}

/// Asks for the folder of a terminal until there is one, or none.
fn ask_tdx(answers: &mut dyn BufRead) -> anyhow::Result<Option<TdxFolder>> {
    let found = usual_places().iter().find_map(|path| TdxFolder::find(path).ok());
    loop {
        let usual =
            found.as_ref().map_or("none".to_owned(), |tdx| tdx.path().display().to_string());
        let question = terminal::say(
            format!("Folder of a TDX (通达信) terminal, or none? [{usual}] "),
            format!("通达信终端的安装文件夹（没有则写none）？[{usual}] "),
        );
        let Some(answer) = ask(answers, &question)? else { return Ok(found) };
        if answer == "none" {
            return Ok(None);
        }
        match TdxFolder::find(Path::new(&answer)) {
            Ok(tdx) => return Ok(Some(tdx)),
            Err(error) => eprintln!("{}", crate::told(&error.into())),
        }
    }
}

/// Asks for sources over the network until all of the names are some, or there are none.
fn ask_sources(answers: &mut dyn BufRead) -> anyhow::Result<Vec<String>> {
    let known = fupan::NETWORK_SOURCES.join(", ");
    loop {
        let question = terminal::say(
            format!("Sources over the network, in order ({known}), or none? [none] "),
            format!("网络数据来源，按优先顺序（{known}），不用则写none？[none] "),
        );
        let Some(answer) = ask(answers, &question)? else { return Ok(Vec::new()) };
        let names = answer.split([',', '，', '、', ' ']).filter(|name| !name.is_empty());
        match place::sources(&names.map(str::to_owned).collect::<Vec<_>>()) {
            Ok(sources) => return Ok(sources),
            Err(error) => eprintln!("{}", crate::told(&error.into())),
        }
    }
}

/// Folders in which terminals are usually installed, on Windows and under Wine.
fn usual_places() -> Vec<PathBuf> {
    const NAMES: [&str; 4] = ["new_tdx", "new_tdx64", "tdx", "zd_zsone"];
    let mut drives = vec![PathBuf::from("C:/"), PathBuf::from("D:/"), PathBuf::from("E:/")];
    drives.extend(dirs::home_dir().map(|home| home.join(".wine/drive_c")));
    drives.iter().flat_map(|drive| NAMES.map(|name| drive.join(name))).collect()
}

/// The answer to a question; `None` if it is empty, or nobody answers.
fn ask(answers: &mut dyn BufRead, question: &str) -> anyhow::Result<Option<String>> {
    let mut to = std::io::stderr().lock();
    to.write_all(question.as_bytes())?;
    to.flush()?;
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}
