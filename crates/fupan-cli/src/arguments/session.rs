//! Arguments of the commands that show a part of one session.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fupan::{SessionDate, Symbol};

use crate::arguments::{FactFormat, FromArgs, TableFormat};

#[derive(Debug, Args)]
pub struct LadderArgs {
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    #[command(flatten)]
    pub from: FromArgs,
    /// The lowest rung to show
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub rung: u16,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}

/// Which groups are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GroupsShown {
    /// The themes: concepts of a vendor's list or of one's own
    Themes,
    /// The industries
    Industries,
}

#[derive(Debug, Args)]
pub struct MoversArgs {
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    /// The index [default: the SSE Composite]
    #[arg(long, value_name = "SYMBOL")]
    pub index: Option<Symbol>,
    #[command(flatten)]
    pub from: FromArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  fupan stock 600519 2026-02-12
  fupan stock 贵州茅台 --from 2026-01-05 --to 2026-02-12   with its return over these sessions, both included")]
pub struct StockArgs {
    /// The security: a code in any notation, or its Chinese name
    pub security: String,
    /// The session [default: the last one in the data]
    #[arg(conflicts_with = "last")]
    pub date: Option<SessionDate>,
    /// Add its return since a date: from the close before the first session on or after it
    #[arg(long = "from", value_name = "DATE", id = "first")]
    pub first: Option<SessionDate>,
    /// The last session on or before this date, instead of naming the session
    #[arg(long = "to", value_name = "DATE", id = "last")]
    pub last: Option<SessionDate>,
    #[command(flatten)]
    pub from: FromArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FactFormat::Table)]
    pub format: FactFormat,
    /// Where to write the formats other than the table; `-` is standard output
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct ThemesArgs {
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    #[command(flatten)]
    pub from: FromArgs,
    /// Which groups to show
    #[arg(long, value_enum, default_value_t = GroupsShown::Themes)]
    pub of: GroupsShown,
    /// How many of the best and of the worst the table shows; the other formats have all
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub top: u16,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
pub struct ChainArgs {
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    #[command(flatten)]
    pub from: FromArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}
