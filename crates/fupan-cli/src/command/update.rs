//! `fupan update`: brings in what is missing, computes its figures, and says how far the sessions are
//! covered.

use std::time::{Instant, SystemTime};

use fupan::{SessionDate, Store, TdxFolder, Update, UpdateStep, Updated, query};
use serde_json::{Value, json};

use crate::arguments::{Common, TextFormat, UpdateArgs, UsageError};
use crate::command::{backfill, import};
use crate::{Answer, place, progress, settings, terminal};

/// Sessions whose coverage is printed.
const SESSIONS: usize = 3;

pub fn run(common: &Common, asked: &UpdateArgs) -> anyhow::Result<Answer> {
    let steps = steps(asked)?;
    let store = Store::open_or_create(&place::store_folder(common)).map_err(fupan::Error::from)?;
    let is_text = asked.format == TextFormat::Text;
    let bars = progress::Files::new();
    let mut update = Update::begin(&store, SystemTime::now())?;
    let (mut told, mut failures) = (Vec::new(), Vec::new());
    for step in &steps {
        let before = Instant::now();
        let bar = bars.rows_of(step.what.in_language(place::interface()));
        let done = update.take(step, &bar);
        bar.finish();
        let text = match &done {
            Ok(done) => as_text(step, done, before.elapsed().as_secs_f64()),
            Err(error) => {
                let colon = terminal::word(": ", "：");
                let what = step.what.in_language(place::interface());
                let told = fupan::InLanguage::wording(error);
                format!("✗ {what}{colon}{}", told.in_language(place::interface()))
            }
        };
        if is_text {
            bars.print(&text)?;
        }
        told.push(as_json(step, &done));
        failures.extend(done.err());
    }
    drop(update);
    let computed = if asked.no_backfill { None } else { computed(common)? };
    let covered = match computed {
        Some(_) => coverage(&place::store(common)?)?,
        None => Vec::new(),
    };
    match asked.format {
        TextFormat::Json => terminal::print_json(&json!({
            "steps": told,
            "backfill": computed.as_ref().map(backfill::as_json),
            "sessions": covered.iter().map(Covered::as_json).collect::<Vec<_>>(),
        }))?,
        TextFormat::Text => {
            if let Some(computed) = &computed {
                terminal::print(&backfill::as_text(computed))?;
            }
            covered.iter().try_for_each(|one| terminal::print(&one.as_text()))?;
        }
    }
    let count = failures.len();
    match failures.pop() {
        None => Ok(Answer::Yes),
        Some(last) => Err(anyhow::Error::from(last).context(terminal::say(
            format!("{count} of {} parts could not be updated; the last failure", steps.len()),
            format!("{}个部分中有{count}个未能更新；最后一个失败的原因", steps.len()),
        ))),
    }
}

/// Computes what is missing; nothing while there are no bars.
fn computed(common: &Common) -> anyhow::Result<Option<fupan::Backfilled>> {
    match backfill::compute(place::store(common)?) {
        Ok(done) => Ok(Some(done)),
        Err(error) if matches!(error.downcast_ref(), Some(fupan::Error::NoBars)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The steps of the sources that are configured.
fn steps(asked: &UpdateArgs) -> anyhow::Result<Vec<UpdateStep>> {
    let settings = settings::held().tdx;
    let minutes = asked.minutes || settings.as_ref().is_some_and(|tdx| tdx.minutes);
    let folder = asked.tdx.clone().or_else(|| settings.map(|tdx| tdx.folder));
    let Some(folder) = folder else {
        return Err(UsageError::new(
            "no source is set up: `fupan init` asks for one, or name the folder of a TDX terminal \
             with --tdx DIR",
            "尚未设置数据来源：请运行`fupan init`，或用--tdx给出通达信终端的文件夹",
        )
        .into());
    };
    Ok(TdxFolder::find(&folder)?.steps(minutes))
}

fn as_text(step: &UpdateStep, done: &fupan::StepDone, seconds: f64) -> String {
    let what = step.what.in_language(place::interface());
    let colon = terminal::word(": ", "：");
    let mut text = match &done.updated {
        Updated::Unchanged => {
            format!("= {what}{colon}{}", terminal::word("nothing new", "没有新数据"))
        }
        Updated::Waits(on) => {
            let waits = terminal::say(
                format!("changed; taken from {on} on"),
                format!("有变动，{on}起读入"),
            );
            format!("= {what}{colon}{waits}")
        }
        Updated::Imported { imported, rewritten } => {
            let told = import::as_text(imported, None, seconds);
            let told = told.replacen(&imported.file, what, 1);
            match rewritten.len() {
                0 => told,
                files => {
                    let again = terminal::say(
                        format!("{files} files were written anew by the terminal, and read whole"),
                        format!("{files}个文件被终端重写，已整体重读"),
                    );
                    format!("{told}\n  · {again}")
                }
            }
        }
    };
    if let (files @ 1.., Some(day)) = done.unfinished {
        let waits = terminal::say(
            format!(
                "{files} files were written on {day} before the close; that day waits until the \
                 terminal writes them again"
            ),
            format!("{files}个文件在{day}收盘前写成；当日数据待终端重新写入后再读"),
        );
        text.push_str(&format!("\n  · {waits}"));
    }
    text
}

fn as_json(step: &UpdateStep, done: &Result<fupan::StepDone, fupan::Error>) -> Value {
    let mut told = json!({"what": step.what, "recipe": step.recipe, "path": step.path});
    let state = match done {
        Err(error) => json!({"state": "failed", "error": fupan::InLanguage::wording(error)}),
        Ok(done) => {
            let mut state = match &done.updated {
                Updated::Unchanged => json!({"state": "unchanged"}),
                Updated::Waits(on) => json!({"state": "waits", "until": on}),
                Updated::Imported { imported, rewritten } => json!({
                    "state": "imported",
                    "import": import::as_json(imported),
                    "rewritten": rewritten,
                }),
            };
            state["unfinished"] = json!({"files": done.unfinished.0, "day": done.unfinished.1});
            state
        }
    };
    if let (Some(told), Some(state)) = (told.as_object_mut(), state.as_object()) {
        told.extend(state.clone());
    }
    told
}

/// How many A-shares traded in a session, by exchange.
struct Covered {
    session: String,
    traded: Vec<(String, i64)>,
}

impl Covered {
    fn as_text(&self) -> String {
        let all: i64 = self.traded.iter().map(|(_, traded)| traded).sum();
        let each: Vec<String> = self
            .traded
            .iter()
            .map(|(exchange, traded)| {
                let name = match exchange.as_str() {
                    "XSHG" => terminal::word("Shanghai", "沪市"),
                    "XSHE" => terminal::word("Shenzhen", "深市"),
                    _ => terminal::word("Beijing", "北交所"),
                };
                format!("{name} {traded}")
            })
            .collect();
        terminal::say(
            format!("{}: {all} A-shares traded ({})", self.session, each.join(", ")),
            format!("{}：{all}只A股有成交（{}）", self.session, each.join("，")),
        )
    }

    fn as_json(&self) -> Value {
        let traded: serde_json::Map<String, Value> = self
            .traded
            .iter()
            .map(|(exchange, traded)| (exchange.clone(), json!(traded)))
            .collect();
        json!({"session": self.session, "traded": traded})
    }
}

/// The last sessions, the latest first.
fn coverage(store: &Store) -> anyhow::Result<Vec<Covered>> {
    let rows = query(
        store,
        "SELECT CAST(session AS VARCHAR) AS day, exchange, sum(traded) AS traded \
         FROM session_turnover GROUP BY session, exchange ORDER BY day DESC",
    )?
    .rows;
    let mut sessions: Vec<Covered> = Vec::new();
    for row in rows {
        let [Some(session), Some(exchange), Some(traded)] = &row[..] else { continue };
        let (Ok(_), Ok(traded)) = (session.parse::<SessionDate>(), traded.parse::<i64>()) else {
            continue;
        };
        if sessions.last().is_none_or(|last| last.session != *session) {
            if sessions.len() == SESSIONS {
                break;
            }
            sessions.push(Covered { session: session.clone(), traded: Vec::new() });
        }
        if let Some(last) = sessions.last_mut() {
            last.traded.push((exchange.clone(), traded));
        }
    }
    let place = |exchange: &str| ["XSHG", "XSHE", "BJSE"].iter().position(|one| *one == exchange);
    sessions.iter_mut().for_each(|one| one.traded.sort_by_key(|(exchange, _)| place(exchange)));
    Ok(sessions)
}
