//! `fupan calendar`: shows the known sessions and adds further years.

use std::path::PathBuf;

use fupan::ClosedYear;
use fupan::calendar::{self, OwnYear};
use serde_json::json;

use crate::arguments::{CalendarArgs, CalendarWork, Common, TextFormat};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &CalendarArgs) -> anyhow::Result<Answer> {
    match &asked.work {
        Some(CalendarWork::Add { files }) => add(common, files),
        None => show(common, asked.format),
    }
}

/// Adds the closures of files to the store, and prints what was added once all are.
pub fn add(common: &Common, files: &[PathBuf]) -> anyhow::Result<Answer> {
    let folder = place::store_folder(common);
    let mut lines = Vec::new();
    let outcome = files.iter().try_for_each(|file| {
        let added = calendar::add(&folder, file)?;
        let name = file.display();
        if added.is_empty() {
            lines.push(terminal::say(
                format!("{name}: already in the calendar; nothing changed"),
                format!("{name}：日历已有；没有改动"),
            ));
        }
        for ClosedYear { year, closed } in added {
            let count = closed.len();
            lines.push(terminal::say(
                format!("✓ {name}: {year} added, {count} weekdays closed"),
                format!("✓ {name}：已添加{year}年，休市的工作日{count}个"),
            ));
        }
        Ok::<_, fupan::Error>(())
    });
    if outcome.is_ok() {
        lines.push(format!("→ {}", folder.display()));
    }
    let printed = if lines.is_empty() { Ok(()) } else { terminal::print(&lines.join("\n")) };
    outcome?;
    Ok(printed.map(|()| Answer::Yes)?)
}

fn show(common: &Common, format: TextFormat) -> anyhow::Result<Answer> {
    let own = calendar::own_years(&place::store_folder(common))?;
    match format {
        TextFormat::Text => terminal::print(&as_text(&own))?,
        TextFormat::Json => terminal::print_json(&as_json(&own))?,
    }
    Ok(Answer::Yes)
}

fn as_text(own: &[OwnYear]) -> String {
    let known = calendar::known();
    let (first, last, count) = (known.first(), known.last(), known.iter().len());
    let count = fupan::fact_table::counted(count);
    let mut lines = vec![terminal::say(
        format!("sessions    {first} to {last}, {count} of them"),
        format!("交易日      {first}至{last}，共{count}个"),
    )];
    for OwnYear { closed, from } in own {
        let (year, days) = (closed.year, closed.closed.len());
        lines.push(terminal::say(
            format!("added       {year}, {days} weekdays closed, from {from}"),
            format!("另添加      {year}年，休市的工作日{days}个，来自{from}"),
        ));
    }
    let last_year = last.date().year();
    if let Some(closed) = known.closed_in(last_year) {
        let days: Vec<String> = closed.closed.iter().map(ToString::to_string).collect();
        let days = days.join(terminal::word(", ", "、"));
        lines.push(terminal::say(
            format!("closed      in {last_year}: {days}"),
            format!("休市        {last_year}年：{days}"),
        ));
    }
    let next = last_year + 1;
    lines.push(terminal::say(
        format!(
            "The exchanges announce the closures of {next} at the end of {last_year}. Write them \
             into a text file, one date or range per line, and add them: `fupan calendar add FILE`."
        ),
        format!(
            "交易所在{last_year}年年底公布{next}年的休市安排。请写入文本文件，每行一个日期或区间，再用\
             `fupan calendar add 文件`添加。"
        ),
    ));
    lines.join("\n")
}

fn as_json(own: &[OwnYear]) -> serde_json::Value {
    let known = calendar::known();
    let year = |own: &OwnYear| json!({"year": own.closed.year, "closed": own.closed.closed, "from": own.from});
    json!({
        "first": known.first(),
        "last": known.last(),
        "sessions": known.iter().len(),
        "added": own.iter().map(year).collect::<Vec<_>>(),
    })
}
