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

/// Whose points are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MoversShown {
    /// Those of the members that moved the index most
    Members,
    /// Those of the industries
    Industries,
}

#[derive(Debug, Args)]
pub struct MoversArgs {
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    /// The index [default: the SSE Composite]
    #[arg(long, value_name = "SYMBOL")]
    pub index: Option<Symbol>,
    /// Whose points to show
    #[arg(long, value_enum, default_value_t = MoversShown::Members)]
    pub by: MoversShown,
    #[command(flatten)]
    pub from: FromArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  fupan stock 600519 2026-02-12
  fupan stock 贵州茅台 2026-02-12 --since 2025-12-31   with its return since that close
  fupan stock 000300.SH                               an index
  fupan stock 510300.SH                               a fund, by its code")]
pub struct StockArgs {
    /// The security, index or fund: a code in any notation, or its name (of a fund, its code)
    pub security: String,
    /// The session [default: the last one in the data]
    pub date: Option<SessionDate>,
    /// Also show the return since the close of this day
    #[arg(long, value_name = "DATE")]
    pub since: Option<SessionDate>,
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
    /// Print the names of the concepts that are no themes, for a list of your own
    #[arg(long, conflicts_with_all = ["date", "of", "top", "format"])]
    pub left_out: bool,
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
    /// Print the text of a chain, as a start for your own
    #[arg(long, value_name = "CHAIN", conflicts_with_all = ["date", "check", "format"])]
    pub print: Option<String>,
    /// Check the text of a chain of your own against the store, without importing it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["date", "format"])]
    pub check: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}
