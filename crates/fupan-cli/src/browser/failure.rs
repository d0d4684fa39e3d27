//! Why a browser gave no picture, and what to do about it.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use fupan::{InLanguage, Wording};
use thiserror::Error;

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum BrowserError {
    /// No browser is installed where one is looked for.
    #[error(
        "PNG and PDF are drawn by a browser, and neither Chromium, Chrome nor Edge was found: \
         install one, or name its program with `--browser FILE` or the variable FUPAN_BROWSER; \
         `--format html` needs none"
    )]
    None,
    /// What was named is no program.
    #[error(
        "{} is no program that can be run: name the browser's program with `--browser FILE` or \
         the variable FUPAN_BROWSER", .0.display()
    )]
    NoProgram(PathBuf),
    /// The program cannot be started.
    #[error("cannot start {}: {fault}; {OTHER}", program.display())]
    NotStarted {
        /// The program.
        program: PathBuf,
        /// The cause.
        fault: std::io::Error,
    },
    /// The browser cannot wall itself off, and was not told that it need not.
    #[error(
        "{} cannot start its sandbox here, as in many containers: allow user namespaces, or add \
         `--browser-arg=--no-sandbox`; the page is fupan's own, and the browser has no network",
        .0.display()
    )]
    NoSandbox(PathBuf),
    /// It ended with a failure.
    #[error("{} failed ({status}): {said}; {OTHER}", program.display())]
    Failed {
        /// The program.
        program: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// The last of its messages.
        said: String,
    },
    /// It took longer than it may.
    #[error("{} was stopped after {} seconds: try again, or {OTHER}", program.display(),
        limit.as_secs())]
    TooSlow {
        /// The program.
        program: PathBuf,
        /// How long it may take.
        limit: Duration,
    },
    /// It hangs, as browsers on Linux do where no font is installed at all.
    #[error(
        "{} finds no font: install one that has Chinese characters, such as Noto Sans CJK (Debian \
         and Ubuntu: `apt install fonts-noto-cjk`), and run the command again", .0.display()
    )]
    NoFont(PathBuf),
    /// It ended well, and what was asked for is not there or is something else.
    #[error(
        "{} ended without the picture that was asked for: it may be too old, or may not write \
         into the folder of temporary files; {OTHER}", .0.display()
    )]
    NoResult(PathBuf),
    /// The page is this many CSS pixels tall.
    #[error(
        "the page is {0} CSS pixels tall, too much for one picture: write `--image overview` or \
         `--format pdf`"
    )]
    TooTall(u32),
}

const OTHER: &str = "choose another browser with `--browser FILE`, or write `--format html`";
const OTHER_ZH: &str = "用`--browser FILE`另选浏览器，或写`--format html`";

impl InLanguage for BrowserError {
    fn wording(&self) -> Wording {
        let zh = match self {
            BrowserError::None => {
                "PNG与PDF由浏览器绘制，而本机没有找到Chromium、Chrome或Edge：请安装其一，\
                 或用`--browser FILE`或环境变量`FUPAN_BROWSER`指定其程序；\
                 `--format html`不需要浏览器"
                    .to_owned()
            }
            BrowserError::NoProgram(path) => format!(
                "`{}`不是可以运行的程序：请用`--browser FILE`或环境变量`FUPAN_BROWSER`\
                 指定浏览器的程序",
                path.display()
            ),
            BrowserError::NotStarted { program, fault } => {
                let fault = Wording::of_system(fault).zh;
                format!("无法启动`{}`：{fault}；请{OTHER_ZH}", program.display())
            }
            BrowserError::NoSandbox(path) => format!(
                "`{}`在这里无法启动沙箱，容器中常有此事：请允许用户命名空间，或加上\
                 `--browser-arg=--no-sandbox`；所开网页由本程序写成，浏览器也不联网",
                path.display()
            ),
            BrowserError::Failed { program, status, said } => {
                format!("`{}`运行失败（“{status}”）：“{said}”；请{OTHER_ZH}", program.display())
            }
            BrowserError::TooSlow { program, limit } => format!(
                "`{}`超过{}秒，已停止：请重试，或{OTHER_ZH}",
                program.display(),
                limit.as_secs()
            ),
            BrowserError::NoFont(path) => format!(
                "`{}`找不到任何字体：请安装一种中文字体，例如思源黑体（Debian与Ubuntu：\
                 `apt install fonts-noto-cjk`），再重新运行",
                path.display()
            ),
            BrowserError::NoResult(path) => format!(
                "`{}`已结束，却没有给出所要的图：可能版本过旧，或不得写入临时文件夹；请{OTHER_ZH}",
                path.display()
            ),
            BrowserError::TooTall(height) => format!(
                "网页高{height}个CSS像素，一张图放不下：请写`--image overview`或`--format pdf`"
            ),
        };
        Wording::new(self.to_string(), zh)
    }
}
