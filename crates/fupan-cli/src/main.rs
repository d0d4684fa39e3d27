//! The `fupan` command: arguments in, text and exit code out.
//!
//! The `fupan` library does all the computing. This crate holds only the arguments, the terminal's
//! tables, progress bars, and the mapping of errors to exit codes.

mod arguments;
mod browser;
mod command;
mod place;
mod progress;
mod refusal;
mod settings;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use fupan::{InLanguage, Wording, shown_lines};

use arguments::Arguments;

/// The answer is no: a claim contradicted, a twin that differs.
const EXIT_NO: u8 = 1;
/// The request makes no sense as written.
const EXIT_USAGE: u8 = 2;
/// Data is missing, damaged, or cannot be read or written.
const EXIT_DATA: u8 = 3;

/// The command's result, as an exit code: yes or no.
enum Answer {
    Yes,
    No,
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::builder()
                .with_default_directive(tracing_subscriber::filter::LevelFilter::OFF.into())
                .with_env_var("FUPAN_LOG")
                .from_env_lossy(),
        )
        .with_writer(std::io::stderr)
        .init();
    leave_decoders_unsaid();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refusal::say(&error),
    };
    if let Some(language) = arguments.common.lang {
        place::speak(language);
    }
    let is_new = matches!(arguments.command, arguments::Command::Init(_));
    let read = if is_new { Ok(()) } else { settings::install() };
    let done = read.and_then(|()| place::check_interface()).map_err(anyhow::Error::from);
    match done.and_then(|()| command::run(arguments)) {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(EXIT_NO),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fupan: {}", shown_lines(&told(&error)));
            ExitCode::from(exit_code(&error))
        }
    }
}

/// Silences panics on decoder threads; they are caught and reported as errors. `FUPAN_LOG=error`
/// logs where they happened.
fn leave_decoders_unsaid() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        match std::thread::current().name() == Some(fupan::DECODER) {
            true => tracing::error!("while decoding a file: {panic}"),
            false => usual(panic),
        }
    }));
}

fn exit_code(error: &anyhow::Error) -> u8 {
    match error.downcast_ref::<fupan::Error>().map(fupan::Error::kind) {
        Some(fupan::ErrorKind::Usage) => EXIT_USAGE,
        Some(fupan::ErrorKind::Data) => EXIT_DATA,
        None if error.downcast_ref::<arguments::UsageError>().is_some() => EXIT_USAGE,
        None => EXIT_DATA,
    }
}

/// An error in the reader's language. An error of another library is quoted as it is, followed by
/// its causes; a cause that the message already contains is not repeated.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let wording = match error.downcast_ref::<fupan::Error>() {
        Some(error) => Some(error.wording()),
        None => error
            .downcast_ref::<arguments::UsageError>()
            .map(|error| error.0.clone())
            .or_else(|| Some(error.downcast_ref::<browser::BrowserError>()?.wording())),
    };
    if let Some(wording) = wording {
        let told = wording.in_language(place::interface());
        // Context added to the error comes first.
        let around = error.to_string();
        let colon = terminal::word(": ", "：");
        return match around == wording.en {
            true => told.to_owned(),
            false => format!("{around}{colon}{told}"),
        };
    }
    let said = error.chain().map(ToString::to_string).fold(String::new(), |told, cause| {
        match (told.is_empty(), told.contains(&cause)) {
            (true, _) => cause,
            (false, true) => told,
            (false, false) => format!("{told}: {cause}"),
        }
    });
    let said = match error.downcast_ref::<std::io::Error>() {
        Some(fault) => Wording::of_system(fault),
        None => Wording::of_library("程序内部", &said),
    };
    said.in_language(place::interface()).to_owned()
}

/// Whether the output pipe was closed, as by `fupan facts | head`; that is not an error.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
