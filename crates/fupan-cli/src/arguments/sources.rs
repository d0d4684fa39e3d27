//! Arguments of the commands that bring data in by themselves.

use std::path::PathBuf;

use clap::Args;
use fupan::SessionDate;

use crate::arguments::TextFormat;

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
