//! Arguments of the commands that bring data in by themselves.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::TextFormat;

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder of a TDX terminal; `none` if there is none [default: asked]
    #[arg(long, value_name = "DIR|none")]
    pub tdx: Option<PathBuf>,
    /// Take the terminal's bars of one and of five minutes, too
    #[arg(long)]
    pub minutes: bool,
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
    /// Leave the figures of the new sessions to `fupan backfill`
    #[arg(long)]
    pub no_backfill: bool,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}
