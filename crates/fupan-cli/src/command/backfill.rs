//! `fupan backfill`: computes and stores the figures of every session.

use serde_json::json;

use crate::arguments::{BackfillArgs, Common, TextFormat};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &BackfillArgs) -> anyhow::Result<Answer> {
    let done = compute(place::store(common)?)?;
    match asked.format {
        TextFormat::Json => terminal::print_json(&as_json(&done))?,
        TextFormat::Text => terminal::print(&as_text(&done))?,
    }
    Ok(Answer::Yes)
}

/// Computes what is missing, with a progress bar.
pub(super) fn compute(store: fupan::Store) -> anyhow::Result<fupan::Backfilled> {
    let bar = progress::sessions(2);
    let done = fupan::backfill(store, &mut |passed, of| {
        bar.set_length(of as u64);
        bar.set_position(passed as u64);
    });
    bar.finish_and_clear();
    Ok(done?)
}

pub(super) fn as_json(done: &fupan::Backfilled) -> serde_json::Value {
    json!({
        "from": done.from,
        "sessions": done.sessions,
        "facts": done.facts,
        "years_changed": done.years_changed,
    })
}

pub(super) fn as_text(done: &fupan::Backfilled) -> String {
    let Some(from) = done.from else {
        let told =
            ("All figures are up to date with the imported data.", "全部数字与已导入的数据一致。");
        return terminal::word(told.0, told.1).to_owned();
    };
    let grouped = |number| fupan::fact_table::grouped(i64::try_from(number).unwrap_or(i64::MAX));
    let (facts, sessions) = (grouped(done.facts), grouped(done.sessions));
    let years: Vec<String> = done.years_changed.iter().map(i16::to_string).collect();
    let changed = match years.is_empty() {
        true => terminal::word("nothing changed", "没有变动").to_owned(),
        false => years.join(terminal::word(", ", "、")),
    };
    terminal::say(
        format!("{facts} figures of {sessions} sessions from {from} on; years changed: {changed}"),
        format!("自{from}起{sessions}个交易日的{facts}个数字；有变动的年份：{changed}"),
    )
}
