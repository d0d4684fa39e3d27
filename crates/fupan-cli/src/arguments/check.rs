//! Arguments of `fupan check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fupan::SessionDate;

use crate::arguments::FromArgs;

/// How a checked article is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Text for the terminal
    Text,
    /// A page: the article with its claims marked
    Html,
    /// One JSON object a file, a line each
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  fupan check wrap.txt                        the session that the text says
  fupan check wrap.html --date 2026-02-12 --format html -o checked.html
  fupan check a.md b.md --format json         one JSON object a file

Exit code 1: a claim is contradicted. docs/check.md says how claims are judged.")]
pub struct CheckArgs {
    /// The articles: text, Markdown or HTML; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The session that the articles are about [default: the one that each says]
    #[arg(long, value_name = "DATE")]
    pub date: Option<SessionDate>,
    #[command(flatten)]
    pub from: FromArgs,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
