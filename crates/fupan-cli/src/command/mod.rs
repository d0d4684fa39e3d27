//! The commands, one file each.

mod audit;
mod backfill;
mod calendar;
mod check;
mod definitions;
mod doctor;
mod drop;
mod explain;
mod facts;
mod fund_page;
mod import;
mod imports;
mod index_industries;
mod index_page;
mod init;
mod ladder;
mod last_closes;
mod measures;
mod movers;
mod page;
mod push;
mod recipes;
mod recipient;
mod replay;
mod review;
mod sql;
mod stock;
mod themes;
mod update;
mod watch;

use clap::CommandFactory;

use crate::arguments::{Arguments, Command};
use crate::{Answer, place};

/// Runs the command in the arguments.
pub fn run(arguments: Arguments) -> anyhow::Result<Answer> {
    let common = &arguments.common;
    if !matches!(arguments.command, Command::Completions { .. } | Command::Init(_)) {
        // This must come before anything reads the calendar.
        fupan::calendar::install(&place::store_folder(common))?;
    }
    match arguments.command {
        Command::Review(ref asked) => review::run(common, asked),
        Command::Replay(ref asked) => replay::run(common, asked),
        Command::Import(ref asked) if asked.what.first().is_some_and(names_calendar) => {
            calendar::add(common, &asked.what[1..])
        }
        Command::Import(ref asked) => import::run(common, asked),
        Command::Push(ref asked) => push::run(common, asked),
        Command::Init(ref asked) => init::run(common, asked),
        Command::Update(ref asked) => update::run(common, asked),
        Command::Watch(ref asked) => watch::run(common, asked),
        Command::Calendar(ref asked) => calendar::run(common, asked),
        Command::Imports(ref asked) => imports::run(common, asked),
        Command::Drop(ref asked) => drop::run(common, asked),
        Command::Recipes(ref asked) => recipes::run(asked),
        Command::Explain(ref asked) => explain::run(common, asked),
        Command::Facts(ref asked) => facts::run(common, asked),
        Command::Backfill(ref asked) => backfill::run(common, asked),
        Command::Measures(ref asked) => measures::run(asked),
        Command::Check(ref asked) => check::run(common, asked),
        Command::Ladder(ref asked) => ladder::run(common, asked),
        Command::Movers(ref asked) => movers::run(common, asked),
        Command::Stock(ref asked) => stock::run(common, asked),
        Command::Themes(ref asked) if asked.left_out => {
            definitions::print_left_out(common, &asked.from)
        }
        Command::Themes(ref asked) => themes::run(common, asked),
        Command::Chain(ref asked) => match (&asked.print, &asked.check) {
            (Some(id), _) => definitions::print_chain(common, &asked.from, id),
            (_, Some(file)) => definitions::check_chain(common, &asked.from, file),
            _ => themes::run_chain(common, asked),
        },
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

/// Whether the first path is the word `calendar`, which is not a recipe.
fn names_calendar(first: &std::path::PathBuf) -> bool {
    first == std::path::Path::new("calendar")
}
