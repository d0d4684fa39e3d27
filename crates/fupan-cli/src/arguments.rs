//! The command line's arguments, declared once for the parser, the help and shell completions.

mod check;
mod session;
mod sources;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use fupan::{FactKey, InLanguage, Language, Scope, SessionDate, Wording};
use thiserror::Error;

pub use check::{CheckArgs, CheckFormat};
pub use session::{
    ChainArgs, GroupsShown, LadderArgs, MoversArgs, MoversShown, StockArgs, ThemesArgs,
};

pub use sources::{
    ChannelName, EditionName, InitArgs, PushArgs, UpdateArgs, WATCH_HELP, WatchArgs,
};

/// The arguments are invalid or contradict each other.
#[derive(Debug, Error)]
#[error("{}", .0.en)]
pub struct UsageError(pub Wording);

impl UsageError {
    /// The error with its message in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> UsageError {
        UsageError(Wording::new(en, zh))
    }
}

/// Replays a session of Chinese equities: what exactly happened, computed from exchange data.
#[derive(Debug, Parser)]
#[command(
    name = "fupan",
    version,
    about,
    long_about = "Replays a session of Chinese equities: computes exactly what happened from \
                  exchange data, and writes a brief in Chinese or English in which every figure \
                  can be traced and recomputed.\n\n不构成投资建议 · Not investment advice.",
    after_help = EXAMPLES,
    propagate_version = true
)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  fupan review --sample                       a brief of a simulated session, no data needed
  fupan import daily-bars bars/*.parquet      import your own files
  fupan review 2026-02-12 --lang zh           the brief of a session, in Chinese
  fupan explain limit_up_count/all-a/2026-02-12/close
  fupan facts --measure advances --from 2026-02-01 --format csv

Languages: --lang sets the language of all output. Without it, REPORT_LANGUAGE sets that of briefs
and FUPAN_LANG that of messages and tables; all take zh, en, and forms such as zh_CN.UTF-8.
Without these, the locale decides.
语言：--lang定全部语言；不写时，REPORT_LANGUAGE定报告语言，FUPAN_LANG定界面语言。均可写zh或en。

Exit codes: 0 done · 1 the answer is no · 2 wrong request · 3 data missing or damaged";

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// The store's folder [default: FUPAN_STORE, else the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The language of all output [default: REPORT_LANGUAGE for a brief, FUPAN_LANG for all else,
    /// otherwise the locale]
    #[arg(long, global = true, value_name = "zh|en", value_parser = language)]
    pub lang: Option<Language>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the brief of a session
    Review(ReviewArgs),
    /// Send the brief of a session to phones: WeCom, Feishu, DingTalk, Telegram, a webhook
    #[command(after_help = "Examples:
  fupan push                                  the short edition, wherever the environment says
  fupan push 2026-02-12 --to wecom --edition full --dry-run")]
    Push(PushArgs),
    /// Replay a stored session instant by instant, printing what changes
    #[command(after_help = "Examples:
  fupan replay 2026-02-12
  fupan replay 2026-02-12 --from 09:30 --to 11:30 --json
  fupan replay 2026-02-12 --speed 60          one minute of the session per second

Needs quotes of the session in the store, for example from `fupan import bars-15m FILE`.")]
    Replay(ReplayArgs),
    /// Set fupan up: three questions, or flags
    #[command(after_help = "Examples:
  fupan init
  fupan init --lang zh --store D:/fupan --tdx C:/new_tdx")]
    Init(InitArgs),
    /// Bring in what is missing: what a TDX terminal has gained; then compute its figures
    #[command(after_help = "Examples:
  fupan update
  fupan update --tdx C:/new_tdx --minutes

Running it twice changes nothing, and one that was interrupted goes on; docs/update.md says more.")]
    Update(UpdateArgs),
    /// Follow the running session: a board in the terminal, alerts, and the brief at the close
    #[command(after_help = WATCH_HELP)]
    Watch(WatchArgs),
    /// Import files into the store
    #[command(after_help = "Examples:
  fupan import stock_daily_2026.parquet       finds the recipe that fits, and prints its name
  fupan import daily-bars bars/stock_daily_*.parquet
  fupan import baostock-daily bars/           a folder of files, one per stock, is one import
  fupan import my-broker.toml export.csv      with your own recipe
  fupan recipes                               lists the recipes")]
    Import(ImportArgs),
    /// List the imports: when, from which file, how many rows
    #[command(after_help = "Examples:
  fupan imports
  fupan imports --format csv")]
    Imports(ImportsArgs),
    /// Remove imports from the store
    #[command(after_help = "Examples:
  fupan imports                               the ids are in its first column
  fupan drop 3f9c2a71b04d

Run `fupan backfill` to recompute the figures of the sessions that an import held.")]
    Drop(DropArgs),
    /// List the recipes that `import` knows, or print one as a starting point for your own
    Recipes(RecipesArgs),
    /// Show which sessions the calendar covers, and add the closures of the next year
    #[command(after_help = "Examples:
  fupan calendar
  fupan calendar add closures-2027.txt        one closed date or range per line

The file is text: `2027-01-01` or `2027-02-05 to 2027-02-11`, optionally followed by words, with
`#` before comments; or a table with the first and last day of each holiday, or Tushare's trade_cal.
It must hold the closures of the whole year. `fupan import calendar FILE` does the same.")]
    Calendar(CalendarArgs),
    /// Show how one figure is computed, and cross-check it in SQL
    #[command(after_help = "Examples:
  fupan explain limit_up_count/all-a/2026-02-12/close
  fupan explain limit_up_streak/600589.SH/2026-02-12/close --format json
  fupan explain advances/all-a/2026-11-20/close --sample
  fupan explain new_high_all_time/all-a/2026-02-12/close --no-cross-check

The figure is printed at once; the cross-check, SQL over the stored tables, takes longer and is
printed last. Exit code 1 means that SQL gave a different value.")]
    Explain(ExplainArgs),
    /// List figures, one per row
    #[command(after_help = "Examples:
  fupan facts 2026-02-12
  fupan facts --measure advances --measure declines --scope all-a --from 2026-01-05 --to 2026-02-12 --format csv
  fupan facts --scope all-a --from 2013-01-04 --format parquet --output facts.parquet")]
    Facts(FactsArgs),
    /// Compute the figures of every session and store them
    #[command(after_help = "Examples:
  fupan backfill
  fupan sql \"SELECT session, value FROM fact WHERE measure = 'advances' AND scope = 'all-a' ORDER BY session\"

Only what an import changed is recomputed. The tables `fact`, `security_day` and
`session_turnover` may be deleted at any time: what is missing is recomputed.")]
    Backfill(BackfillArgs),
    /// List the measures: definition, population and scopes of each
    #[command(after_help = "Examples:
  fupan measures
  fupan measures limit_up_streak --format json
  fupan measures --format md > measures.md")]
    Measures(MeasuresArgs),
    /// Check what an article claims: each claim supported, contradicted or not checkable
    Check(CheckArgs),
    /// Show the limit-up ladder of a session
    Ladder(LadderArgs),
    /// Show the members that moved an index, in points
    #[command(after_help = "Examples:
  fupan movers                                the SSE Composite in the last session
  fupan movers 2026-05-07 --index 000300.SH
  fupan movers 2026-05-07 --index 000300.SH --by industries
  fupan movers 2026-02-12 --format csv

The members of the SSE Composite follow from its rules. Other indices need a list of weights:
`fupan import index-weights FILE`. What the members do not explain is printed below the table.")]
    Movers(MoversArgs),
    /// Show all that a session says about one security, index or fund
    #[command(after_help = "Examples:
  fupan stock 600589                          the last session
  fupan stock 000300.SH 2026-05-07 --since 2026-01-05
  fupan stock 贵州茅台 2026-02-12 --lang zh
  fupan stock sz300308 2026-02-12 --format csv
  fupan stock 510300.SH                       a fund
  fupan explain market_value/600519.SH/2026-02-12/close

The figures of single securities are computed when asked for; `fupan facts --scope 600519.SH
--measure last_price --from 2026-01-05` lists them over a range.")]
    Stock(StockArgs),
    /// Show the themes of a session, or its industries, best first
    #[command(after_help = "Examples:
  fupan themes                                the best and the worst of the last session
  fupan themes 2026-02-12 --top 20
  fupan themes 2026-02-12 --of industries
  fupan themes 2026-02-12 --format csv        all of them
  fupan themes --left-out > mine.txt          what is no theme; change it, and then
  fupan import not-themes mine.txt

A theme's members are those of the list of concepts that held on the day; import one with
`fupan import ths-table FILE` or your own with `fupan import groups-csv FILE`.")]
    Themes(ThemesArgs),
    /// Show the industry chains of a session, from upstream to downstream
    #[command(after_help = "Examples:
  fupan chain 2026-02-12
  fupan chain 2026-02-12 --format csv
  fupan explain equal_weight_return/ai-compute-chain.optics/2026-02-12/close
  fupan chain --print photovoltaics > mine.toml
  fupan chain --check mine.toml && fupan import chain mine.toml

The members of a segment are resolved from a list of concepts; import one with
`fupan import ths-table FILE`.")]
    Chain(ChainArgs),
    /// Check the store for damage, gaps and disagreements, and show how to fix each
    #[command(after_help = "Examples:
  fupan doctor
  fupan doctor --quick --format json

Every file is compared with the digest recorded when it was written. Exit code 1 means that a
problem affects figures.")]
    Doctor(DoctorArgs),
    /// Query the store in SQL (read only)
    #[command(after_help = "Examples:
  fupan sql \"SELECT source, count(*) FROM daily_bar GROUP BY source\"
  fupan sql --format csv \"SELECT * FROM daily_bar WHERE symbol = '600519.SH' ORDER BY session\"")]
    Sql(SqlArgs),
    /// Compare every figure of one or more sessions with its SQL twin
    #[command(after_help = "Examples:
  fupan audit 2026-02-12
  fupan audit --from 2025-01-01 --to 2025-12-31
  fupan audit --all --format json
  fupan audit --sample

Exit code 1 means that at least one figure differs.")]
    Audit(AuditArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which data to work on.
#[derive(Debug, Default, Args)]
pub struct FromArgs {
    /// Use the simulated sample market instead of a store
    #[arg(long)]
    pub sample: bool,
    /// Use this source if several hold the session [default: the one that reports most]
    #[arg(long, value_name = "NAME", conflicts_with = "sample")]
    pub source: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  fupan review 2026-02-12
  fupan review 20260212 --lang en --format md --output -
  fupan review 2026-02-12 --at 11:30          as of the midday break, from quotes
  fupan review --sample --colours green-up
  fupan review 2026-02-12 --format png        an image to share, 1080 pixels wide
  fupan review 2026-02-12 --format png --image whole
  fupan review 2026-02-12 --output brief.pdf  A4 pages

PNG and PDF are drawn by Chromium, Chrome or Edge, without network; docs/output.md has the details.")]
pub struct ReviewArgs {
    /// The session, as 2026-02-12 or 20260212 [default: the last one in the data]
    pub date: Option<SessionDate>,
    /// An instant inside the session, as 11:30 or 11:30:00, Shanghai time [default: the close]
    #[arg(long, value_name = "TIME", value_parser = clock)]
    pub at: Option<u32>,
    #[command(flatten)]
    pub from: FromArgs,
    /// The brief's format [default: as --output ends, else html]
    #[arg(long, value_enum)]
    pub format: Option<BriefFormat>,
    /// Where to write it; `-` is standard output [default: fupan-DATE.LANG.FORMAT in this folder]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Which colour means up
    #[arg(long, value_enum, default_value_t = Colours::RedUp)]
    pub colours: Colours,
    /// What a PNG shows [default: overview]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub image: Option<ImageExtent>,
    /// The browser that draws PNG and PDF [default: FUPAN_BROWSER, else Chromium, Chrome or Edge
    /// where they are usually installed]
    #[arg(long, value_name = "FILE")]
    pub browser: Option<PathBuf>,
    /// One more argument for the browser, such as --browser-arg=--no-sandbox; may be repeated
    #[arg(long = "browser-arg", value_name = "ARG", allow_hyphen_values = true)]
    pub browser_arguments: Vec<OsString>,
}

/// How much of a brief an image shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImageExtent {
    /// Headline, figures of the day, takeaways, notes on the data, a picture of each section
    Overview,
    /// All of it, with text and tables
    Whole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BriefFormat {
    /// One self-contained page
    Html,
    /// Markdown
    Md,
    /// JSON for programs
    Json,
    /// An image to share, 1080 pixels wide
    Png,
    /// Pages of paper, A4
    Pdf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colours {
    /// Red is up, as in China
    RedUp,
    /// Green is up
    GreenUp,
    /// Distinguishable without red and green
    ColourBlind,
}

#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    /// How many times faster than real time; `max` does not wait
    #[arg(long, value_name = "N|max", default_value = "max", value_parser = speed)]
    pub speed: Speed,
    /// First instant to print, as 09:30
    #[arg(long = "from", value_name = "TIME", value_parser = clock, id = "first")]
    pub first: Option<u32>,
    /// Last instant to replay, as 11:30
    #[arg(long = "to", value_name = "TIME", value_parser = clock, id = "last")]
    pub last: Option<u32>,
    #[command(flatten)]
    pub from: FromArgs,
    /// Print one JSON object per line, for programs
    #[arg(long)]
    pub json: bool,
}

/// How fast a session is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// Without waiting.
    Max,
    /// This many times real time.
    Times(f64),
}

/// Parses a time of day to seconds after midnight.
fn clock(text: &str) -> Result<u32, UsageError> {
    let two_digits = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() };
    match two_digits.parse() {
        Ok(fupan::AsOf::Instant(second)) => Ok(second),
        _ => Err(UsageError::new(
            "write a time of day such as 11:30 or 11:30:00",
            "请写时刻，例如11:30或11:30:00",
        )),
    }
}

/// Parses a language, as people and locales write it.
pub fn language(text: &str) -> Result<Language, UsageError> {
    text.parse().map_err(|error: fupan::LanguageError| UsageError(error.wording()))
}

fn speed(text: &str) -> Result<Speed, UsageError> {
    match text.parse::<f64>() {
        _ if text == "max" => Ok(Speed::Max),
        Ok(times) if times.is_finite() && times > 0.0 => Ok(Speed::Times(times)),
        _ => Err(UsageError::new(
            "write a number above zero such as 60, or max",
            "请写大于零的数，例如60，或写max",
        )),
    }
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files or folders, optionally preceded by a built-in recipe's name or the path of your own
    /// recipe (.toml) [default: the recipe that fits the file]
    #[arg(required = true, value_name = "[RECIPE] PATH")]
    pub what: Vec<PathBuf>,
    /// The date that a list is for, if the file does not state it
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<SessionDate>,
    /// Replace rows that earlier imports of the same source hold with different values
    #[arg(long)]
    pub replace: bool,
    /// Import the rest of a file even if more than one row in a hundred cannot be imported
    #[arg(long)]
    pub partial: bool,
    /// Print the result as JSON, one object per file
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ImportsArgs {
    /// How to print them
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
pub struct DropArgs {
    /// Ids of imports, or unambiguous prefixes of them
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub struct RecipesArgs {
    /// Print this recipe's text
    pub name: Option<String>,
}

#[derive(Debug, Args)]
pub struct CalendarArgs {
    #[command(subcommand)]
    pub work: Option<CalendarWork>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

#[derive(Debug, Subcommand)]
pub enum CalendarWork {
    /// Add the closures of one or more years that follow the last known year
    Add {
        /// Text files of closures
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The figure's key, as printed in every brief
    pub key: FactKey,
    #[command(flatten)]
    pub from: FromArgs,
    /// Do not compute the figure again in SQL
    #[arg(long)]
    pub no_cross_check: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub struct FactsArgs {
    /// The session [default: the last one in the data]
    #[arg(conflicts_with_all = ["first", "last"])]
    pub date: Option<SessionDate>,
    /// First session of a range
    #[arg(long = "from", value_name = "DATE", id = "first")]
    pub first: Option<SessionDate>,
    /// Last session of a range
    #[arg(long = "to", value_name = "DATE", id = "last")]
    pub last: Option<SessionDate>,
    /// Only this measure; may be repeated
    #[arg(long = "measure", value_name = "NAME")]
    pub measures: Vec<String>,
    /// Only this scope, such as all-a, chinext or 600589.SH; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<Scope>,
    #[command(flatten)]
    pub from: FromArgs,
    /// How to print them
    #[arg(long, value_enum, default_value_t = FactFormat::Table)]
    pub format: FactFormat,
    /// Where to write them; `-` is standard output
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FactFormat {
    /// Aligned, for people
    Table,
    /// Comma-separated: exact values, and decimals next to them
    Csv,
    /// JSON
    Json,
    /// A Parquet file; its metadata holds the definitions of the measures
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Aligned, for people
    Table,
    /// Comma-separated, for spreadsheets: text that would be read as a formula is marked
    Csv,
    /// Comma-separated, for programs: all text as stored
    CsvRaw,
    /// JSON
    Json,
}

#[derive(Debug, Args)]
pub struct BackfillArgs {
    /// How to print the result
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub struct MeasuresArgs {
    /// Only this measure
    pub name: Option<String>,
    /// How to print them
    #[arg(long, value_enum, default_value_t = ReferenceFormat::Table)]
    pub format: ReferenceFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReferenceFormat {
    /// Aligned, for people
    Table,
    /// Markdown, as in docs/measures.md
    Md,
    /// JSON
    Json,
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Check only logs and sizes, without reading data: gaps and disagreements are not detected
    #[arg(long)]
    pub quick: bool,
    /// Compare the sources of this session instead, share by share; `last` is the last session
    #[arg(long, value_name = "DATE|last", conflicts_with = "quick")]
    pub sources: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub struct AuditArgs {
    /// The session [default: the last one in the data]
    #[arg(conflicts_with_all = ["since", "until", "all"])]
    pub date: Option<SessionDate>,
    /// An instant inside the session, as 11:30 [default: the close]
    #[arg(long, value_name = "TIME", value_parser = clock, conflicts_with_all = ["since", "until", "all"])]
    pub at: Option<u32>,
    /// Every session from this date on [default: the first one in the data]
    #[arg(long = "from", value_name = "DATE", conflicts_with = "all")]
    pub since: Option<SessionDate>,
    /// Every session up to this date [default: the last one in the data]
    #[arg(long = "to", value_name = "DATE", conflicts_with = "all")]
    pub until: Option<SessionDate>,
    /// Every session in the data
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub from: FromArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

#[derive(Debug, Args)]
pub struct SqlArgs {
    /// The query; tables: daily_bar, index_bar, fund_bar, security, share_capital, margin, quote,
    /// index_quote, code_change, industry, group_member, index_weight, definition, calendar; after a
    /// backfill also fact, security_day and session_turnover
    pub query: String,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}
