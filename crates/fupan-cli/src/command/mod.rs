//! One file a command.

mod audit;
mod backfill;
mod doctor;
mod drop;
mod explain;
mod facts;
mod import;
mod imports;
mod ladder;
mod measures;
mod recipes;
mod replay;
mod review;
mod sql;

use clap::CommandFactory;

use crate::Answer;
use crate::arguments::{Arguments, Command};

/// Runs the command that the arguments name.
pub fn run(arguments: Arguments) -> anyhow::Result<Answer> {
    let common = &arguments.common;
    match arguments.command {
        Command::Review(ref asked) => review::run(common, asked),
        Command::Replay(ref asked) => replay::run(common, asked),
        Command::Import(ref asked) => import::run(common, asked),
        Command::Imports(ref asked) => imports::run(common, asked),
        Command::Drop(ref asked) => drop::run(common, asked),
        Command::Recipes(ref asked) => recipes::run(asked),
        Command::Explain(ref asked) => explain::run(common, asked),
        Command::Facts(ref asked) => facts::run(common, asked),
        Command::Backfill(ref asked) => backfill::run(common, asked),
        Command::Measures(ref asked) => measures::run(asked),
        Command::Ladder(ref asked) => ladder::run(common, asked),
        Command::Doctor(ref asked) => doctor::run(common, asked),
        Command::Audit(ref asked) => audit::run(common, asked),
        Command::Sql(ref asked) => sql::run(common, asked),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(shell, &mut command, "fupan", &mut std::io::stdout());
            Ok(Answer::Yes)
        }
    }
}
