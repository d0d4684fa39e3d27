//! `fupan update`: brings in what is missing, computes its figures, and says how far the sessions are
//! covered.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use fupan::fetch::{Fetcher, Machine};
use fupan::{
    ClosuresDone, FetchDone, FetchStep, SessionDate, StepDone, Store, TdxFolder, Update,
    UpdateStep, Updated, query,
};
use serde_json::{Value, json};

use crate::arguments::{Common, FromArgs, TextFormat, UpdateArgs, UsageError};
use crate::command::{backfill, import};
use crate::{Answer, place, progress, settings, terminal};

/// Sessions whose coverage is printed.
const SESSIONS: usize = 3;

pub fn run(common: &Common, asked: &UpdateArgs) -> anyhow::Result<Answer> {
    let Configured { steps, sources, lists } = configured(asked)?;
    let store = Store::open_or_create(&place::store_folder(common)).map_err(fupan::Error::from)?;
    let mut done = Done { is_text: asked.format == TextFormat::Text, ..Done::default() };
    let mut update = Update::begin(&store, SystemTime::now())?;
    done.take(&mut update, &steps)?;
    done.fetch(&mut update, &store, (&sources, &lists), asked.from)?;
    drop(update);
    let computed = if asked.no_backfill { None } else { computed(common)? };
    let covered = match computed {
        Some(_) => coverage(&place::store(common)?)?,
        None => Vec::new(),
    };
    let compared = match computed {
        Some(_) => fupan::agreements(&place::market(common, &FromArgs::default())?, None)?,
        None => Vec::new(),
    };
    match asked.format {
        TextFormat::Json => terminal::print_json(&json!({
            "steps": done.told,
            "backfill": computed.as_ref().map(backfill::as_json),
            "sessions": covered.iter().map(Covered::as_json).collect::<Vec<_>>(),
            "sources": compared,
        }))?,
        TextFormat::Text => {
            if let Some(computed) = &computed {
                terminal::print(&backfill::as_text(computed))?;
            }
            covered.iter().try_for_each(|one| terminal::print(&one.as_text()))?;
            compared.iter().try_for_each(|one| {
                terminal::print(one.wording().in_language(place::interface()))
            })?;
        }
    }
    let (count, of) = (done.failures.len(), done.told.len());
    match done.failures.pop() {
        None => Ok(Answer::Yes),
        Some(last) => Err(anyhow::Error::from(last).context(terminal::say(
            format!("{count} of {of} parts could not be updated; the last failure"),
            format!("{of}个部分中有{count}个未能更新；最后一个失败的原因"),
        ))),
    }
}

/// What was done so far.
#[derive(Default)]
struct Done {
    is_text: bool,
    bars: progress::Files,
    /// A part each, for programs.
    told: Vec<Value>,
    failures: Vec<fupan::Error>,
}

impl Done {
    fn say(&self, text: &str) -> anyhow::Result<()> {
        if self.is_text {
            self.bars.print(text)?;
        }
        Ok(())
    }

    /// Takes what a terminal's folder has gained.
    fn take(&mut self, update: &mut Update<'_>, steps: &[UpdateStep]) -> anyhow::Result<()> {
        for step in steps {
            let before = Instant::now();
            let what = step.what.in_language(place::interface());
            let bar = self.bars.rows_of(what);
            let done = update.take(step, &bar);
            bar.finish();
            let text = match &done {
                Ok(done) => as_text(what, done, before.elapsed().as_secs_f64()),
                Err(error) => failed(what, error),
            };
            self.say(&text)?;
            self.told.push(as_json(step, &done));
            self.failures.extend(done.err());
        }
        Ok(())
    }

    /// Asks sources over the network for what is missing.
    fn fetch(
        &mut self,
        update: &mut Update<'_>,
        store: &Store,
        (sources, lists): (&[String], &[String]),
        from: Option<SessionDate>,
    ) -> anyhow::Result<()> {
        if sources.is_empty() && lists.is_empty() {
            return Ok(());
        }
        let now = fupan::fetch::Outside::now(&Machine);
        let fetcher =
            Fetcher::new(settings::fetching(), &update.states_of_sources(), Arc::new(Machine))
                .map_err(fupan::Error::from)?;
        let due = fupan::due_lists(store, lists, now)?;
        for step in fupan::missing(store, sources, from, now)?.into_iter().chain(due) {
            let before = Instant::now();
            let what = step.what.in_language(place::interface());
            let span = match step.from == step.to {
                true => step.to.to_string(),
                false => terminal::say(
                    format!("{} to {}", step.from, step.to),
                    format!("{}至{}", step.from, step.to),
                ),
            };
            let what = terminal::say(format!("{what} of {span}"), format!("{span}的{what}"));
            let bar = self.bars.answers_of(&what);
            let done = update.fetch(&step, &fetcher, &bar);
            bar.finish();
            let done = done?;
            for (dataset, error) in &done.failed {
                self.say(&failed(&format!("{what} ({})", dataset.name), error))?;
            }
            let seconds = before.elapsed().as_secs_f64();
            self.say(&fetched(&what, &done, seconds))?;
            self.told.push(fetched_json(&step, &done));
            if done.used.is_none() {
                self.failures.extend(done.failed.into_iter().map(|(_, error)| error).next_back());
            }
        }
        self.closures(update, &fetcher, fupan::closures_due(store, sources, now)?)
    }

    /// Asks for the closures of a year, if they are due. That they are not there yet is no failure.
    fn closures(
        &mut self,
        update: &mut Update<'_>,
        fetcher: &Fetcher,
        year: Option<i16>,
    ) -> anyhow::Result<()> {
        let Some(year) = year else { return Ok(()) };
        let what = terminal::say(format!("closures of {year}"), format!("{year}年休市日"));
        let bar = self.bars.answers_of(&what);
        let done = update.closures(year, fetcher, &bar);
        bar.finish();
        let colon = terminal::word(": ", "：");
        let (text, state) = match done {
            Ok(ClosuresDone::Added) => {
                let known = terminal::word("known from now on", "已加入日历");
                (format!("+ {what}{colon}{known}"), json!({"state": "added"}))
            }
            Ok(ClosuresDone::NotYet(reason)) => {
                let not_yet = terminal::word("not announced yet", "尚未公布");
                let said = reason.in_language(place::interface());
                let text = format!("= {what}{colon}{not_yet}\n  · {said}");
                (text, json!({"state": "not_yet", "reason": reason}))
            }
            Err(error) => {
                let state = json!({"state": "failed", "error": fupan::InLanguage::wording(&error)});
                let text = failed(&what, &error);
                self.failures.push(error);
                (text, state)
            }
        };
        self.say(&text)?;
        let mut told = json!({"what": "closures", "year": year});
        if let (Some(told), Some(state)) = (told.as_object_mut(), state.as_object()) {
            told.extend(state.clone());
        }
        self.told.push(told);
        Ok(())
    }
}

fn failed(what: &str, error: &fupan::Error) -> String {
    let told = fupan::InLanguage::wording(error);
    let colon = terminal::word(": ", "：");
    format!("✗ {what}{colon}{}", told.in_language(place::interface()))
}

/// What became of something that was missing.
fn fetched(what: &str, done: &FetchDone, seconds: f64) -> String {
    let Some(dataset) = done.used else {
        let none = match done.failed.is_empty() {
            true => terminal::word(
                "no source that is set up has past sessions; add tushare or aktools, or import files",
                "已设置的来源都没有历史交易日；请加上tushare或aktools，或导入文件",
            ),
            false => terminal::word("no source has it", "没有来源能提供"),
        };
        return format!("✗ {what}{}{none}", terminal::word(": ", "："));
    };
    let done_of = StepDone { updated: done.updated.clone(), unfinished: (0, None) };
    let mut text = as_text(&format!("{what} ({})", dataset.name), &done_of, seconds);
    for remark in &done.remarks {
        text.push_str(&format!("\n  · {}", remark.in_language(place::interface())));
    }
    text
}

fn fetched_json(step: &FetchStep, done: &FetchDone) -> Value {
    let failed = done.failed.iter().map(|(dataset, error)| {
        json!({"dataset": dataset.name, "error": fupan::InLanguage::wording(error)})
    });
    let mut told = json!({
        "what": step.what,
        "from": step.from,
        "to": step.to,
        "dataset": done.used.map(|dataset| dataset.name),
        "failed": failed.collect::<Vec<_>>(),
        "remarks": done.remarks,
    });
    let state = match done.used {
        Some(_) => state(&done.updated),
        None => json!({"state": "failed"}),
    };
    if let (Some(told), Some(state)) = (told.as_object_mut(), state.as_object()) {
        told.extend(state.clone());
    }
    told
}

/// Computes what is missing; nothing while there are no bars.
fn computed(common: &Common) -> anyhow::Result<Option<fupan::Backfilled>> {
    match backfill::compute(place::store(common)?) {
        Ok(done) => Ok(Some(done)),
        Err(error) if matches!(error.downcast_ref(), Some(fupan::Error::NoBars)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is set up.
struct Configured {
    /// The steps of a terminal's folder.
    steps: Vec<UpdateStep>,
    /// The sources over the network, and the lists that are kept fresh.
    sources: Vec<String>,
    lists: Vec<String>,
}

fn configured(asked: &UpdateArgs) -> anyhow::Result<Configured> {
    let settings = settings::held();
    let minutes = asked.minutes || settings.tdx.as_ref().is_some_and(|tdx| tdx.minutes);
    let folder = asked.tdx.clone().or_else(|| settings.tdx.map(|tdx| tdx.folder));
    let sources = match asked.source.as_slice() {
        [] => settings.sources,
        named => named.to_vec(),
    };
    let sources = place::sources(&sources)?;
    let lists = match asked.list.as_slice() {
        [] => settings.lists,
        [only] if only == "none" => Vec::new(),
        named => named.to_vec(),
    };
    if folder.is_none() && sources.is_empty() && lists.is_empty() {
        return Err(UsageError::new(
            "no source is set up: `fupan init` asks for one; or name the folder of a TDX terminal \
             with --tdx DIR, or a source over the network with --source NAME",
            "尚未设置数据来源：请运行`fupan init`，或用--tdx给出通达信终端的文件夹，或用--source写明网络\
             来源",
        )
        .into());
    }
    let steps =
        folder.map(|folder| Ok::<_, fupan::Error>(TdxFolder::find(&folder)?.steps(minutes)));
    let steps = steps.transpose()?.unwrap_or_default();
    Ok(Configured { steps, sources, lists })
}

fn as_text(what: &str, done: &StepDone, seconds: f64) -> String {
    let colon = terminal::word(": ", "：");
    let mut text = match &done.updated {
        Updated::Unchanged => {
            format!("= {what}{colon}{}", terminal::word("nothing new", "没有新数据"))
        }
        Updated::NoRow(reason) => {
            let none = terminal::say(
                format!("new records, and no row of them: {}", reason.en),
                format!("有新记录，但没有一行可以读入：{}", reason.zh),
            );
            format!("! {what}{colon}{none}")
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

fn as_json(step: &UpdateStep, done: &Result<StepDone, fupan::Error>) -> Value {
    let mut told = json!({"what": step.what, "recipe": step.recipe, "path": step.path});
    let state = match done {
        Err(error) => json!({"state": "failed", "error": fupan::InLanguage::wording(error)}),
        Ok(done) => {
            let mut state = state(&done.updated);
            state["unfinished"] = json!({"files": done.unfinished.0, "day": done.unfinished.1});
            state
        }
    };
    if let (Some(told), Some(state)) = (told.as_object_mut(), state.as_object()) {
        told.extend(state.clone());
    }
    told
}

fn state(updated: &Updated) -> Value {
    match updated {
        Updated::Unchanged => json!({"state": "unchanged"}),
        Updated::NoRow(reason) => json!({"state": "no_row", "reason": reason}),
        Updated::Waits(on) => json!({"state": "waits", "until": on}),
        Updated::Imported { imported, rewritten } => json!({
            "state": "imported",
            "import": import::as_json(imported),
            "rewritten": rewritten,
        }),
    }
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
