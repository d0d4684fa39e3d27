//! What follows a session: the brief.

use fupan::fetch::{Machine, Outside as _};
use fupan::push::{Edition, PushMessage};
use fupan::{WatchTime, moment_in_shanghai, watch_time};

use crate::arguments::{Common, FromArgs, WatchArgs};
use crate::command::watch::follow::Plan;
use crate::command::{push, review};
use crate::{Answer, place, terminal};

/// The close, in seconds after midnight.
const CLOSE: u32 = 15 * 3600;

/// Writes and sends the brief of the close, if the session is over.
pub fn end(common: &Common, asked: &WatchArgs, plan: &Plan) -> anyhow::Result<Answer> {
    let now = moment_in_shanghai(Machine.now());
    let is_over = now.is_none_or(|(today, second)| {
        today != plan.session || watch_time(today, second) == WatchTime::Over
    });
    if asked.once || asked.no_brief || !is_over {
        return Ok(Answer::Yes);
    }
    let market = place::market(common, &FromArgs::default())?;
    let facts = fupan::review_at(&market, Some(plan.session), CLOSE)?;
    let brief = fupan::brief(&facts, plan.language);
    let path =
        asked.output.clone().unwrap_or_else(|| review::file_name(&facts, plan.language, "html"));
    let options = fupan::export::HtmlOptions { colours: plan.colours };
    let page = fupan::export::html_with(&brief, &facts, &options);
    terminal::write(&path, page.as_bytes())?;
    if !plan.push.is_empty() {
        let message = PushMessage::brief(&brief, &facts, Edition::Short);
        push::send(common, &message, &plan.push, plan.colours)?;
    }
    if !plan.json {
        terminal::print(&fupan::export::summary(&brief, &facts))?;
        terminal::print(&format!("\n→ {}", path.display()))?;
        terminal::print(terminal::word(
            "After 15:30, `fupan update` brings the day's final bars in, with what traded at the fixed \
             price.",
            "15:30之后请运行`fupan update`，取得当日最终数据（含盘后固定价格成交）。",
        ))?;
    }
    Ok(Answer::Yes)
}
