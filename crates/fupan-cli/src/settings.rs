//! The reader's settings: one TOML file, which `fupan init` writes. Arguments and the environment come
//! before it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use fupan::Language;
use fupan::fetch::{self, Pace};
use fupan::push::{AlertRule, AlertRuleText};
use serde::{Deserialize, Serialize};

use crate::arguments::UsageError;

/// What the file may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderSettings {
    /// The store's folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<PathBuf>,
    /// The language of briefs and messages: `zh` or `en`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Sources over the network, in the order in which they are asked; none is asked unless it is
    /// named here or by `--source`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Lists that an update asks for again when they are some days old, by the names of their datasets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
    /// A TDX terminal on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tdx: Option<Tdx>,
    /// How a session is followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<WatchSettings>,
    /// Requests that a source is sent in any minute, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pace: BTreeMap<String, NonZeroU32>,
    /// Where a source is asked in place of its own host, by its name: `http://127.0.0.1:8080`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mirrors: BTreeMap<String, String>,
    /// What raises an alert while a session is followed.
    #[serde(default, rename = "alert", skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<AlertRuleText>,
}

/// How a session is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchSettings {
    /// Seconds from one round of requests to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
    /// The sources, in the order in which they are asked [default: those of `sources` that can be
    /// followed].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Whether alerts, the midday edition and the brief are sent to the channels that the environment
    /// is set up for.
    #[serde(default)]
    pub push: bool,
}

/// A TDX terminal on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tdx {
    /// The folder in which it is installed, with `vipdoc` in it.
    pub folder: PathBuf,
    /// Whether its bars of one and of five minutes are taken, too.
    #[serde(default)]
    pub minutes: bool,
}

/// The settings once read.
static HELD: OnceLock<ReaderSettings> = OnceLock::new();

/// Where the file is: as named, else by `FUPAN_CONFIG`, else in the platform's folder of settings.
pub fn path() -> PathBuf {
    let named = std::env::var_os("FUPAN_CONFIG").filter(|value| !value.is_empty());
    named.map(PathBuf::from).unwrap_or_else(|| {
        let folder = dirs::config_dir().unwrap_or_else(|| PathBuf::from("."));
        folder.join("fupan").join("fupan.toml")
    })
}

/// Reads the file for the rest of the program. No file is no setting.
///
/// # Errors
/// If it cannot be read, or holds what is no setting.
pub fn install() -> Result<(), UsageError> {
    let read = read(&path())?;
    // The first call wins.
    let _ = HELD.set(read);
    Ok(())
}

/// The settings; none before [`install`].
pub fn held() -> ReaderSettings {
    HELD.get().cloned().unwrap_or_default()
}

fn read(path: &Path) -> Result<ReaderSettings, UsageError> {
    let wrong = |en: &str, zh: &str| {
        let shown = path.display();
        UsageError::new(
            format!("the settings in {shown} cannot be read: {en}"),
            format!("设置文件{shown}无法读取：{zh}"),
        )
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(ReaderSettings::default()),
        Err(error) => {
            let told = fupan::Wording::of_system(&error);
            return Err(wrong(&told.en, &told.zh));
        }
    };
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        let told = error.message();
        wrong(&format!("line {line}: {told}"), &format!("第{line}行：{told}"))
    })
}

/// How sources are asked: at the usual pace, unless the settings say another.
pub fn fetching() -> fetch::Settings {
    let (held, mut settings) = (held(), fetch::Settings::usual());
    for (source, per_minute) in held.pace {
        let gap = Duration::from_secs(60) / per_minute.get();
        let usual = settings.pace;
        let pace = Pace { per_minute, gap: usual.gap.min(gap / 2), ..usual };
        settings.paces.insert(source, pace);
    }
    settings.mirrors = held.mirrors;
    settings
}

/// The rules of alerts.
///
/// # Errors
/// If one of them cannot be read.
pub fn alerts() -> Result<Vec<AlertRule>, UsageError> {
    let rule = |text: AlertRuleText| {
        AlertRule::try_from(text).map_err(|error| {
            let (shown, told) = (path().display().to_string(), fupan::InLanguage::wording(&error));
            UsageError::new(
                format!("an alert in {shown} cannot be read: {}", told.en),
                format!("设置文件{shown}中有一条提醒无法读取：{}", told.zh),
            )
        })
    };
    held().alerts.into_iter().map(rule).collect()
}

/// Writes the file with its folder; one that is there is replaced.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &Path, settings: &ReaderSettings) -> anyhow::Result<()> {
    let body = toml::to_string(settings)?;
    let text = format!(
        "# Settings of fupan, which arguments and the environment override.\n\
         # fupan的设置；命令行参数和环境变量优先。\n{body}"
    );
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("fupan.toml");
        assert_eq!(read(&path).unwrap(), ReaderSettings::default());
        let settings = ReaderSettings {
            store: Some("/data/行情".into()),
            language: Some(Language::Zh),
            sources: vec!["eastmoney".to_owned(), "tushare".to_owned()],
            lists: vec!["tushare-list".to_owned()],
            tdx: Some(Tdx { folder: r"C:\new_tdx".into(), minutes: true }),
            watch: Some(WatchSettings { every: Some(30), ..WatchSettings::default() }),
            pace: BTreeMap::from([("sina".to_owned(), NonZeroU32::new(120).unwrap())]),
            mirrors: BTreeMap::from([("sina".to_owned(), "http://127.0.0.1:8080".to_owned())]),
            alerts: vec![AlertRuleText {
                when: "limit_down_count/all-a > 50".to_owned(),
                rearm: None,
                name: Some("恐慌".to_owned()),
            }],
        };
        write(&path, &settings).unwrap();
        assert_eq!(read(&path).unwrap(), settings);
        fs::write(&path, "language = \"zh\"\n[tdx]\nfolders = \"x\"\n").unwrap();
        let told = read(&path).unwrap_err().0;
        assert!(told.en.contains("line 3") && told.en.contains("folders"), "{told:?}");
        fs::write(&path, "language = \"fr\"\n").unwrap();
        assert!(read(&path).unwrap_err().0.en.contains("line 1"));
    }
}
