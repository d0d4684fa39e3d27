//! Arguments of the commands that bring data in by themselves, and send briefs out.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fupan::SessionDate;

use crate::arguments::{Colours, FromArgs, TextFormat, clock};

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder of a TDX terminal; `none` if there is none [default: asked]
    #[arg(long, value_name = "DIR|none")]
    pub tdx: Option<PathBuf>,
    /// Take the terminal's bars of one and of five minutes, too
    #[arg(long)]
    pub minutes: bool,
    /// A source over the network: eastmoney, tencent, sina, tushare or aktools; may be repeated, and
    /// is asked in this order; `none` for none [default: asked]
    #[arg(long, value_name = "NAME|none")]
    pub source: Vec<String>,
    /// Replace settings that are there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// The folder of a TDX terminal [default: that of the settings]
    #[arg(long, value_name = "DIR")]
    pub tdx: Option<PathBuf>,
    /// Take the terminal's bars of one and of five minutes, too [default: as in the settings]
    #[arg(long)]
    pub minutes: bool,
    /// A source over the network, in place of those of the settings; may be repeated; `none` for none
    #[arg(long, value_name = "NAME|none")]
    pub source: Vec<String>,
    /// A list to ask for again if it is some days old, in place of those of the settings:
    /// eastmoney-concepts, tushare-index-weight, tushare-industries or tushare-list; may be repeated;
    /// `none` for none
    #[arg(long, value_name = "NAME|none")]
    pub list: Vec<String>,
    /// The first session that is asked for over the network [default: that after the last one there is]
    #[arg(long, value_name = "DATE")]
    pub from: Option<SessionDate>,
    /// Leave the figures of the new sessions to `fupan backfill`
    #[arg(long)]
    pub no_backfill: bool,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

/// Where a brief is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChannelName {
    /// WeCom (企业微信): WECHAT_WEBHOOK_URL
    Wecom,
    /// Feishu (飞书): FEISHU_WEBHOOK_URL, FEISHU_SECRET
    Feishu,
    /// DingTalk (钉钉): DINGTALK_WEBHOOK_URL, DINGTALK_SECRET
    Dingtalk,
    /// Telegram: TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID
    Telegram,
    /// Your mail server: FUPAN_SMTP_URL, FUPAN_MAIL_FROM, FUPAN_MAIL_TO
    Email,
    /// An address of your own: FUPAN_WEBHOOK_URL
    Webhook,
}

/// How much of a brief is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EditionName {
    /// Headline, takeaways, what to watch, the first rows of tables
    Short,
    /// All of it
    Full,
}

/// Shown below the arguments of `fupan watch`.
pub const WATCH_HELP: &str = "Examples:
  fupan watch                                 asks the sources of the settings every minute
  fupan watch --source sina --source tencent --every 30
  fupan watch --json --measure advances --measure limit_up_count

Every answer is on the disk before a figure knows of it: a watch that was stopped in any way goes on
where it was. docs/watch.md says more, also of alerts.";

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// A source: eastmoney, sina or tencent; may be repeated, and the next one is asked where one fails
    /// [default: those of the settings]
    #[arg(long, value_name = "NAME")]
    pub source: Vec<String>,
    /// Seconds from one round of requests to the next [default: that of the settings, else 60]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub every: Option<u32>,
    /// Ask once, print what there is, and end
    #[arg(long)]
    pub once: bool,
    /// Print a line of JSON for each round: the figures that changed
    #[arg(long)]
    pub json: bool,
    /// Only these measures in the lines of JSON; may be repeated
    #[arg(long, value_name = "MEASURE", requires = "json")]
    pub measure: Vec<String>,
    /// Send alerts, the midday edition and the brief to the channels that the environment is set up for
    #[arg(long)]
    pub push: bool,
    /// Write no brief at the close
    #[arg(long)]
    pub no_brief: bool,
    /// Where to write the brief at the close [default: fupan-DATE-1500.LANG.html]
    #[arg(long, short, value_name = "FILE", conflicts_with = "no_brief")]
    pub output: Option<PathBuf>,
    /// Which colour means up
    #[arg(long, value_enum, default_value_t = Colours::RedUp)]
    pub colours: Colours,
}

#[derive(Debug, Args)]
pub struct PushArgs {
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    /// An instant inside the session, as 11:30 [default: the close]
    #[arg(long, value_name = "TIME", value_parser = clock)]
    pub at: Option<u32>,
    #[command(flatten)]
    pub from: FromArgs,
    /// The channel; may be repeated [default: those that the environment is set up for]
    #[arg(long, value_enum, value_name = "CHANNEL")]
    pub to: Vec<ChannelName>,
    /// How much of the brief
    #[arg(long, value_enum, default_value_t = EditionName::Short)]
    pub edition: EditionName,
    /// A picture to send first, where the channel takes one: of `fupan review --format png`
    #[arg(long, value_name = "FILE")]
    pub image: Option<PathBuf>,
    /// Which colour means up
    #[arg(long, value_enum, default_value_t = Colours::RedUp)]
    pub colours: Colours,
    /// Print the messages and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}
