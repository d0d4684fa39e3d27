//! `fupan doctor`: reports the state of the store and what to do next.

use fupan::{BarDifference, Language, Store, Symbol, Thoroughness};
use serde_json::json;

use crate::arguments::{Common, DoctorArgs, FromArgs, TextFormat};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &DoctorArgs) -> anyhow::Result<Answer> {
    if let Some(session) = &asked.sources {
        return sources(common, session, asked.format);
    }
    let folder = place::store_folder(common);
    let store = Store::open(&folder).map_err(fupan::Error::from)?;
    let thoroughness = if asked.quick { Thoroughness::Quick } else { Thoroughness::Bytes };
    let report = fupan::doctor(&store, thoroughness)?;
    let language = place::interface();
    let calendar_ends = store.rulebook().calendar().last();
    match asked.format {
        TextFormat::Text => {
            let (folder, report) = (folder.display(), report.text(language));
            terminal::print(&match language {
                Language::En => format!(
                    "store        {folder}\ncalendar     knows sessions to {calendar_ends}\n{report}"
                ),
                Language::Zh => {
                    format!(
                        "数据库       {folder}\n日历         已知交易日至{calendar_ends}\n{report}"
                    )
                }
            })?;
        }
        TextFormat::Json => terminal::print_json(&json!({
            "store": folder.display().to_string(),
            "calendar_ends": calendar_ends,
            "sound": report.is_sound(),
            "report": report,
        }))?,
    }
    Ok(if report.is_sound() { Answer::Yes } else { Answer::No })
}

/// Compares the sources of a session; the answer is no if they differ.
fn sources(common: &Common, session: &str, format: TextFormat) -> anyhow::Result<Answer> {
    let market = place::market(common, &FromArgs::default())?;
    let session = match session {
        "last" => None,
        date => Some(date.parse()?),
    };
    let agreements = fupan::agreements(&market, session)?;
    let is_whole = agreements.iter().all(fupan::SourceAgreement::is_whole);
    match format {
        TextFormat::Json => terminal::print_json(&json!(agreements))?,
        TextFormat::Text if agreements.is_empty() => {
            let session = market.session(session)?;
            terminal::print(&terminal::say(
                format!("{session}: one source only"),
                format!("{session}：只有一个来源"),
            ))?;
        }
        TextFormat::Text => {
            for agreement in &agreements {
                let words = agreement.wording();
                let (session, words) = (agreement.session, words.in_language(place::interface()));
                terminal::print(&format!("{session}  {words}"))?;
                let names = [&agreement.used.source, &agreement.other.source];
                agreement
                    .differing
                    .iter()
                    .try_for_each(|one| terminal::print(&differs(one, names)))?;
                for (symbols, of) in
                    [(&agreement.only_used, names[0]), (&agreement.only_other, names[1])]
                {
                    let only = |symbol: &Symbol| {
                        terminal::say(
                            format!("  {symbol}  traded by `{of}` alone"),
                            format!("  {symbol}  仅`{of}`有成交"),
                        )
                    };
                    symbols.iter().try_for_each(|symbol| terminal::print(&only(symbol)))?;
                }
            }
        }
    }
    Ok(if is_whole { Answer::Yes } else { Answer::No })
}

/// A share that two sources have differently, as a line.
fn differs(one: &BarDifference, [used, other]: [&String; 2]) -> String {
    let price = |units: Option<i64>| {
        units.map_or_else(
            || "—".to_owned(),
            |units| format!("{}.{:04}", units / 10_000, units % 10_000),
        )
    };
    let [close, of_other] = one.close.map(|units| price(Some(units)));
    let [prev, prev_of_other] = one.prev_close.map(price);
    let [volume, volume_of_other] = one.volume;
    terminal::say(
        format!(
            "  {}  {used}: close {close}, previous {prev}, {volume} shares; {other}: {of_other}, \
             {prev_of_other}, {volume_of_other}",
            one.symbol
        ),
        format!(
            "  {}  {used}：收盘{close}，前收{prev}，{volume}股；{other}：{of_other}，{prev_of_other}，\
             {volume_of_other}股",
            one.symbol
        ),
    )
}
