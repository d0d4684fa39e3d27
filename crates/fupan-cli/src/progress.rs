//! Progress bars for long work; hidden if standard error is not a terminal.

use std::time::Duration;

use fupan::fetch::{AnswerFrom, FetchProgress, WaitReason};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use jiff::Timestamp;

use crate::terminal;

/// The bars of files that are read while others are stored. Drawn on standard error, and only if
/// that is a terminal.
pub struct Files(MultiProgress);

impl Default for Files {
    fn default() -> Files {
        Files::new()
    }
}

impl Files {
    /// No bar yet.
    pub fn new() -> Files {
        Files(MultiProgress::with_draw_target(ProgressDrawTarget::stderr()))
    }

    /// A bar that counts the rows of the file `name`.
    pub fn rows_of(&self, name: &str) -> FileBar {
        let bar = self.0.add(ProgressBar::no_length());
        bar.set_style(style(terminal::word(
            "{msg} {bar:24} {human_pos}/{human_len} rows  {per_sec}  {eta}",
            "{msg} {bar:24} {human_pos}/{human_len}行  {per_sec}  {eta}",
        )));
        bar.set_message(fupan::shown(name).into_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        FileBar(bar)
    }

    /// A bar that counts the answers of what is asked for.
    pub fn answers_of(&self, name: &str) -> AnswerBar {
        let bar = self.0.add(ProgressBar::no_length());
        bar.set_style(style(terminal::word(
            "{msg} {bar:24} {pos}/{len} answers  {elapsed}",
            "{msg} {bar:24} {pos}/{len}个应答  {elapsed}",
        )));
        bar.set_message(fupan::shown(name).into_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        AnswerBar { bar, name: fupan::shown(name).into_owned() }
    }

    /// Prints a text without a bar across it.
    pub fn print(&self, text: &str) -> std::io::Result<()> {
        self.0.suspend(|| terminal::print(text))
    }
}

/// A bar that counts the rows of a file.
pub struct FileBar(ProgressBar);

impl FileBar {
    /// Clears the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl fupan::Progress for FileBar {
    fn expect(&self, rows: Option<u64>) {
        if let Some(rows) = rows {
            self.0.set_length(rows);
        }
    }

    fn advance(&self, rows: u64) {
        self.0.inc(rows);
    }
}

/// A bar that counts answers, and says what is waited for.
pub struct AnswerBar {
    bar: ProgressBar,
    name: String,
}

impl AnswerBar {
    /// Clears the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl FetchProgress for AnswerBar {
    fn expect(&self, _source: &str, requests: Option<u64>) {
        if let Some(requests) = requests {
            self.bar.set_length(requests);
        }
    }

    fn kept(&self, _name: &str, _from: AnswerFrom) {
        self.bar.set_message(self.name.clone());
        self.bar.inc(1);
    }

    fn waiting(&self, source: &str, reason: WaitReason, until: Timestamp) {
        let why = match reason {
            WaitReason::Budget => terminal::word("its budget of requests", "请求额度"),
            WaitReason::Backoff => terminal::word("the next attempt", "重试"),
            WaitReason::Trial => terminal::word("another request's trial", "另一请求的试探"),
        };
        let until = until.strftime("%H:%M:%S UTC");
        let waits = terminal::say(
            format!("{} (waiting for {source}: {why}, until {until})", self.name),
            format!("{}（等待{source}：{why}，至{until}）", self.name),
        );
        self.bar.set_message(waits);
    }
}

/// A bar that counts sessions.
pub fn sessions(count: usize) -> ProgressBar {
    let target = match count {
        0 | 1 => ProgressDrawTarget::hidden(),
        _ => ProgressDrawTarget::stderr(),
    };
    let bar = ProgressBar::with_draw_target(Some(count as u64), target);
    bar.set_style(style(terminal::word(
        "{msg} {bar:24} {pos}/{len} sessions  {per_sec}  {eta}",
        "{msg} {bar:24} {pos}/{len}个交易日  {per_sec}  {eta}",
    )));
    bar
}

/// A bar that counts the instants of a session.
pub fn instants(count: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::stderr());
    bar.set_style(style(terminal::word(
        "{msg} {bar:24} {pos}/{len} instants",
        "{msg} {bar:24} {pos}/{len}个时刻",
    )));
    bar
}

/// A bar for work of which only the share done is known.
pub fn share(name: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style("{msg} {bar:24} {percent} %  {elapsed}  {eta}"));
    bar.set_message(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A spinner for work of unknown length.
pub fn waiting(name: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style("{spinner} {msg}  {elapsed}"));
    bar.set_message(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
