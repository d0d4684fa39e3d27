//! Errors in the arguments, in the language of the interface. The parser speaks English only; the
//! Chinese messages are written here from the kind and the parts of its error.

use std::error::Error as _;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use fupan::{InLanguage, Language, Wording, shown_lines};

use crate::arguments::{Arguments, UsageError};
use crate::place;

/// Prints what is wrong with the arguments, or the help or version asked for.
pub fn say(error: &clap::Error) -> ExitCode {
    if let Some(language) = asked(std::env::args().skip(1)) {
        place::speak(language);
    }
    match (place::interface(), chinese(error)) {
        (Language::Zh, Some(told)) => eprintln!("fupan: {}", shown_lines(&told)),
        // Only a closed pipe can fail here, and then nobody reads.
        _ => drop(error.print()),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(crate::EXIT_USAGE))
}

/// The language that the raw arguments ask for; the other arguments may be invalid.
fn asked(arguments: impl Iterator<Item = String>) -> Option<Language> {
    let mut arguments = arguments.take_while(|argument| argument != "--");
    while let Some(argument) = arguments.next() {
        let named = match argument.strip_prefix("--lang") {
            Some("") => arguments.next(),
            Some(named) => named.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(named) = named {
            return named.parse().ok();
        }
    }
    None
}

/// The message in Chinese; `None` for help and version, which stay as they are.
fn chinese(error: &clap::Error) -> Option<String> {
    let parts = |kind| parts(error, kind);
    let part = |kind| parts(kind).into_iter().next().unwrap_or_default();
    let (argument, value) = (part(ContextKind::InvalidArg), part(ContextKind::InvalidValue));
    let command = part(ContextKind::InvalidSubcommand);
    let what = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return None,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let command = Arguments::command();
            let known = command.get_subcommands().map(|known| known.get_name().to_owned());
            let known: Vec<String> = known.collect();
            format!("`fupan`之后要写命令：{}；`fupan review --sample`先看示例", quoted(&known))
        }
        ErrorKind::UnknownArgument => format!("没有参数`{argument}`"),
        ErrorKind::InvalidSubcommand => format!("没有命令`{command}`"),
        ErrorKind::MissingSubcommand => {
            let known = quoted(&parts(ContextKind::ValidSubcommand));
            format!("`{command}`之后要写命令：{known}")
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("`{argument}`之后要写值"),
        ErrorKind::InvalidValue => format!("`{argument}`不能是`{value}`"),
        ErrorKind::ValueValidation => match cause(error) {
            cause if cause.contains(&value) => format!("`{argument}`有误：{cause}"),
            cause => format!("`{argument}`不能是`{value}`：{cause}"),
        },
        ErrorKind::MissingRequiredArgument => {
            format!("还要写{}", quoted(&parts(ContextKind::InvalidArg)))
        }
        ErrorKind::ArgumentConflict => match parts(ContextKind::PriorArg) {
            others if others.is_empty() || others == [argument.clone()] => {
                format!("`{argument}`只能写一次")
            }
            others => format!("`{argument}`不能与{}同时写", quoted(&others)),
        },
        ErrorKind::TooManyValues => format!("`{argument}`之后不能再有`{value}`"),
        ErrorKind::NoEquals => format!("`{argument}`与它的值之间要有等号"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("`{argument}`之后值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数不是UTF-8编码的文本".to_owned(),
        _ => Wording::of_library("参数解析程序", &error.to_string().trim()).zh,
    };
    Some(format!("{what}{}", advice(error)))
}

/// Why a value cannot be parsed.
fn cause(error: &clap::Error) -> String {
    let Some(source) = error.source() else { return "无法读取".to_owned() };
    let ours = source
        .downcast_ref::<UsageError>()
        .map(|error| error.0.clone())
        .or_else(|| Some(source.downcast_ref::<fupan::SessionDateError>()?.wording()))
        .or_else(|| Some(source.downcast_ref::<fupan::KeyError>()?.wording()))
        .or_else(|| Some(source.downcast_ref::<fupan::ScopeError>()?.wording()));
    ours.unwrap_or_else(|| Wording::of_library("参数解析程序", &source)).zh
}

/// What may be written instead, how the command is used, and where to read more.
fn advice(error: &clap::Error) -> String {
    let mut text = String::new();
    let meant: Vec<String> =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .flat_map(|kind| parts(error, kind))
            .collect();
    if !meant.is_empty() {
        text.push_str(&format!("；是否指{}？", quoted(&meant)));
    }
    let known = parts(error, ContextKind::ValidValue);
    if !known.is_empty() {
        text.push_str(&format!("\n  可写的值：{}", quoted(&known)));
    }
    if let Some(usage) = parts(error, ContextKind::Usage).first() {
        let usage = usage.trim().trim_start_matches("Usage:").trim();
        let usage: Vec<&str> = usage.lines().map(str::trim).collect();
        text.push_str(&format!("\n  用法：`{}`", usage.join("`，或`")));
    }
    text.push_str("\n  详见`fupan --help`，或在命令之后写`--help`");
    text
}

/// The texts of one part of an error, without colours.
fn parts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        Some(ContextValue::None) | None => Vec::new(),
        Some(one) => vec![one.to_string()],
    }
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join("、")
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use fupan::english_in;

    use super::*;

    fn told(arguments: &[&str]) -> String {
        let arguments = [&["fupan"], arguments].concat();
        chinese(&Arguments::try_parse_from(arguments).unwrap_err()).unwrap()
    }

    #[test]
    fn what_the_parser_refuses_is_said_in_chinese() {
        for (arguments, words) in [
            (&[][..], "`fupan`之后要写命令：`review`"),
            (&["reviw"], "没有命令`reviw`；是否指`review`？"),
            (&["review", "--formta", "md"], "没有参数`--formta`；是否指`--format`？"),
            (&["review", "--format", "doc"], "`--format <FORMAT>`不能是`doc`"),
            (&["review", "--format"], "`--format <FORMAT>`之后要写值"),
            (&["review", "--at", "25:00"], "请写时刻"),
            (&["review", "12/02/2026"], "`12/02/2026`不是日期"),
            (&["review", "--lang", "fr"], "请写zh或en"),
            (&["replay", "--speed", "0"], "请写大于零的数"),
            (&["import"], "还要写"),
            (&["drop"], "还要写`<ID>...`"),
            (&["explain", "a/b"], "不是指标键"),
            (&["facts", "--scope", "nowhere"], "不是统计范围"),
            (&["facts", "2026-01-05", "--from", "2026-01-05"], "同时写"),
            (&["facts", "--output", "a", "--output", "b"], "只能写一次"),
            (&["ladder", "--rung", "-1"], "没有参数`-1`"),
            (&["ladder", "--rung", "many"], "参数解析程序报告：“"),
            (&["calendar", "remove"], "没有命令`remove`"),
            (&["backfill", "now"], "没有参数`now`"),
        ] {
            let told = told(arguments);
            assert!(told.contains(words), "{arguments:?}: {told}");
            assert_eq!(english_in(&told), None, "{told}");
        }
        for arguments in [["fupan", "--help"], ["fupan", "--version"]] {
            assert_eq!(chinese(&Arguments::try_parse_from(arguments).unwrap_err()), None);
        }
    }

    #[test]
    fn the_language_is_read_off_arguments_that_make_no_sense() {
        let asked = |text: &str| asked(text.split(' ').map(str::to_owned));
        assert_eq!(asked("review --wrong --lang zh"), Some(Language::Zh));
        assert_eq!(asked("--lang=en_GB reviw"), Some(Language::En));
        assert_eq!(asked("review --language zh"), None);
        assert_eq!(asked("sql -- --lang zh"), None);
        assert_eq!(asked("review --lang fr"), None);
    }
}
