//! `fupan watch`: follows the running session.
//!
//! One thread asks and computes; this one draws and listens to keys, or prints a line for each round.
//! The first thread is simply left when the reader ends the program: what it has acknowledged is on the
//! disk.

mod board;
mod close;
mod drawn;
mod follow;
mod line;

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use fupan::fetch::{Machine, Outside as _};
use fupan::{Market, SessionDate, Store, WatchTime, moment_in_shanghai, watch_time};

use crate::arguments::{Common, UsageError, WatchArgs};
use crate::command::watch::board::WatchBoard;
use crate::command::watch::follow::{Follower, Plan, Told};
use crate::{Answer, place, settings, terminal};

/// How often the board is drawn: it counts the seconds since the last answer.
const REDRAWN: Duration = Duration::from_millis(500);

pub fn run(common: &Common, asked: &WatchArgs) -> anyhow::Result<Answer> {
    let plan = plan(common, asked)?;
    // The first reading of the store is of what has happened before: it takes a moment.
    let market = place::market(common, &crate::arguments::FromArgs::default())?;
    let (send, told) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    let worker = {
        let (plan, stop) = (plan.clone(), Arc::clone(&stop));
        std::thread::Builder::new().name("fupan-watch".to_owned()).spawn(move || {
            let ended = Follower::follow(&market, &plan, &stop, &send);
            let _ = send.send(Told::Ended(ended));
        })?
    };
    let on_screen = std::io::stdout().is_terminal() && !asked.json && !asked.once;
    let ended = match on_screen {
        true => drawn::show(&told, &plan, REDRAWN)?,
        false => printed(&told, &plan)?,
    };
    stop.store(true, Ordering::SeqCst);
    match ended {
        // The reader has left.
        None => Ok(Answer::Yes),
        Some(ended) => {
            ended?;
            let _ = worker.join();
            close::end(common, asked, &plan)
        }
    }
}

/// Prints what comes until the session is over.
fn printed(told: &mpsc::Receiver<Told>, plan: &Plan) -> anyhow::Result<Option<anyhow::Result<()>>> {
    let mut board = WatchBoard::new(plan.session, plan.every);
    let mut changed = line::Changed::default();
    for one in told {
        match one {
            Told::Ended(ended) => return Ok(Some(ended)),
            Told::Round(round) => {
                board.take(&round);
                let text = match plan.json {
                    true => Some(line::json(&round, &mut changed, &plan.measures)),
                    false => line::text(&board, &round),
                };
                text.map(|text| terminal::print(&text)).transpose()?;
            }
            Told::Alert(alert) => {
                let text = match plan.json {
                    true => line::alert_json(&alert),
                    false => format!("  ⚑ {}", alert.title),
                };
                terminal::print(&text)?;
            }
            Told::Says(words) if !plan.json => {
                terminal::print(&format!("  · {}", words.in_language(place::interface())))?;
            }
            Told::Says(_) => {}
        }
    }
    Ok(None)
}

/// What is to be followed, and how.
fn plan(common: &Common, asked: &WatchArgs) -> anyhow::Result<Plan> {
    let held = settings::held();
    let of_watch = held.watch.unwrap_or_default();
    let followable = |name: &String| fupan::followed_sources().any(|source| source == name);
    let sources: Vec<String> = match (asked.source.as_slice(), of_watch.sources.as_slice()) {
        ([], []) => held.sources.into_iter().filter(followable).collect(),
        ([], named) | (named, _) => named.to_vec(),
    };
    if let Some(other) = sources.iter().find(|name| !followable(name)) {
        return Err(fupan::Error::NotFollowed { name: other.clone() }.into());
    }
    if sources.is_empty() {
        return Err(UsageError::new(
            "no source is set up that can be followed: name one with --source eastmoney, sina or \
             tencent, or in the settings; docs/sources.md says what each allows",
            "没有设置可以盯盘的来源：请用--source写明eastmoney、sina或tencent，或写入设置文件；各来源的\
             条款见docs/sources.md",
        )
        .into());
    }
    // What is wrong with the settings is said on any day.
    let rules = settings::alerts()?;
    let push = match asked.push || of_watch.push {
        true => crate::command::recipient::recipients(&[])?,
        false => Vec::new(),
    };
    let store = Store::open(&place::store_folder(common)).map_err(fupan::Error::from)?;
    let session = running(&Market::Store { store, choice: fupan::SourceChoice::Best })?;
    Ok(Plan {
        session,
        sources,
        every: asked.every.or(of_watch.every).unwrap_or(60),
        once: asked.once,
        json: asked.json,
        measures: asked.measure.clone(),
        language: place::report_language(common.lang)?,
        rules,
        push,
        colours: crate::command::review::colours(asked.colours),
        store: place::store_folder(common),
    })
}

/// The session that is running or comes today.
fn running(market: &Market) -> anyhow::Result<SessionDate> {
    let Some((today, second)) = moment_in_shanghai(Machine.now()) else {
        return Err(UsageError::new(
            "the clock of this machine cannot be right",
            "本机的时钟不可能正确",
        )
        .into());
    };
    market.calendar().number(today).map_err(fupan::Error::from)?;
    match watch_time(today, second) {
        WatchTime::Over => Err(UsageError::new(
            format!("the session of {today} is over: `fupan update` brings its bars in"),
            format!("{today}的交易已经结束：请用`fupan update`取得当日数据"),
        )
        .into()),
        WatchTime::Asks | WatchTime::WaitsUntil(_) => Ok(today),
    }
}
