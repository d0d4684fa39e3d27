//! Asks for the market at its pace, and says what came.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use fupan::fetch::{self, Fetcher, Machine, NoFetchProgress, Outside as _};
use fupan::push::{Alert, AlertRule, AlertState, AlertWatch, Edition, PushMessage};
use fupan::{
    FactSet, Language, Market, MarketColours, Poll, SessionDate, Symbol, Watch, WatchTime, Wording,
    moment_in_shanghai, watch_time,
};

use crate::command::recipient::Recipient;
use crate::settings;

/// What is to be followed, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    pub session: SessionDate,
    pub sources: Vec<String>,
    /// Seconds from one round to the next.
    pub every: u32,
    pub once: bool,
    pub json: bool,
    pub measures: Vec<String>,
    pub language: Language,
    pub rules: Vec<AlertRule>,
    /// Who is told of alerts and of the middle of the day.
    pub push: Vec<Recipient>,
    pub colours: MarketColours,
    pub store: PathBuf,
}

/// What the thread that asks says to the one that shows.
pub enum Told {
    /// A round of requests is over.
    Round(Box<Round>),
    /// An alert was raised.
    Alert(Box<Alert>),
    /// Something to know.
    Says(Wording),
    /// The session is over, or something is broken.
    Ended(anyhow::Result<()>),
}

/// A round of requests, with the market as it is after it.
pub struct Round {
    pub poll: Poll,
    /// `None` before the first quote.
    pub facts: Option<FactSet>,
    pub second: Option<u32>,
    pub listed: usize,
    /// The names of the securities that were sealed or opened.
    pub names: Vec<(Symbol, String)>,
    /// How long it took, in milliseconds.
    pub took: i64,
}

/// Follows a session.
pub struct Follower<'a> {
    watch: Watch<'a>,
    plan: &'a Plan,
    fetcher: Fetcher,
    alerts: AlertWatch,
    told: &'a mpsc::Sender<Told>,
    /// Rules that could not be judged, as last said.
    unknown: Vec<String>,
    settled: bool,
}

/// How long to sleep before looking at the clock again.
const NAP: Duration = Duration::from_millis(200);

impl Follower<'_> {
    /// Follows a session until it is over, or `stop` is set.
    pub fn follow(
        market: &Market,
        plan: &Plan,
        stop: &AtomicBool,
        told: &mpsc::Sender<Told>,
    ) -> anyhow::Result<()> {
        let watch = Watch::begin(market, plan.session, &plan.sources, Machine.now())?;
        let mut settings = settings::fetching();
        let recipients = plan.push.iter().map(|one| one.name().to_owned());
        for source in plan.sources.iter().cloned().chain(recipients) {
            // A round that is late is better than none, but not by minutes: the next source is asked, and
            // a message that cannot be sent is said.
            let pace = settings.pace(&source);
            let patience = Duration::from_secs(15);
            settings.paces.insert(source, fetch::Pace { patience, ..pace });
        }
        let states = watch.states_of_sources();
        let fetcher =
            Fetcher::new(settings, &states, Arc::new(Machine)).map_err(fupan::Error::from)?;
        let alerts = AlertWatch::resume(plan.rules.clone(), plan.language, state(plan));
        let (unknown, settled) = (Vec::new(), false);
        let mut follower = Follower { watch, plan, fetcher, alerts, told, unknown, settled };
        follower.run(stop)
    }

    fn run(&mut self, stop: &AtomicBool) -> anyhow::Result<()> {
        let mut next = 0;
        while !stop.load(Ordering::SeqCst) {
            let Some((today, second)) = moment_in_shanghai(Machine.now()) else { break };
            let time = match today == self.plan.session {
                true => watch_time(today, second),
                false => WatchTime::Over,
            };
            match time {
                WatchTime::Over => break,
                WatchTime::Asks if second >= next => {
                    next = second + self.plan.every;
                    self.round()?;
                    if self.plan.once {
                        break;
                    }
                }
                WatchTime::Asks => std::thread::sleep(NAP),
                WatchTime::WaitsUntil(_) => {
                    if self.plan.once {
                        self.round()?;
                        break;
                    }
                    self.pause()?;
                    std::thread::sleep(NAP);
                }
            }
        }
        self.watch.settle(Machine.now())?;
        Ok(())
    }

    /// One round of requests.
    fn round(&mut self) -> anyhow::Result<()> {
        let before = Machine.now();
        let poll = self.watch.poll(&self.fetcher, &NoFetchProgress)?;
        let facts = match self.watch.second() {
            Some(_) => Some(self.watch.facts()?),
            None => None,
        };
        self.settled = false;
        let alerts = facts.as_ref().map(|facts| self.alerts.see(facts)).unwrap_or_default();
        let shown = poll.step.iter().flat_map(|step| step.sealed.iter().chain(&step.opened));
        let name = |symbol: &Symbol| Some((*symbol, self.watch.name(*symbol)?.to_owned()));
        let took = Machine.now().as_millisecond() - before.as_millisecond();
        let round = Round {
            names: shown.filter_map(name).collect(),
            second: self.watch.second(),
            listed: self.watch.listed(),
            poll,
            facts,
            took,
        };
        self.say(Told::Round(Box::new(round)));
        self.say_unknown();
        if !alerts.is_empty() {
            keep(self.plan, self.alerts.state())?;
        }
        for alert in alerts {
            self.send(&PushMessage::alert(&alert));
            self.say(Told::Alert(Box::new(alert)));
        }
        Ok(())
    }

    /// Once when trading pauses: what was kept moves into the store, and channels are told.
    fn pause(&mut self) -> anyhow::Result<()> {
        if !std::mem::replace(&mut self.settled, true) {
            let rows = self.watch.settle(Machine.now())?;
            if rows > 0 {
                self.say(Told::Says(Wording::new(
                    format!("{rows} quotes of the morning are in the store"),
                    format!("上午的{rows}条行情已存入数据库"),
                )));
            }
            if self.watch.second().is_some() && !self.plan.push.is_empty() {
                let facts = self.watch.facts()?;
                let brief = fupan::brief(&facts, self.plan.language);
                self.send(&PushMessage::brief(&brief, &facts, Edition::Short));
            }
        }
        Ok(())
    }

    /// Says which rules cannot be judged, when that changes.
    fn say_unknown(&mut self) {
        let unknown = self.alerts.unknown();
        let now: Vec<String> = unknown.iter().map(|one| one.rule.to_string()).collect();
        if now != self.unknown {
            for one in unknown {
                let (rule, why) = (&one.rule, &one.reason);
                self.say(Told::Says(Wording::new(
                    format!("the alert `{rule}` cannot be judged: {}", why.en),
                    format!("提醒`{rule}`无法判断：{}", why.zh),
                )));
            }
            self.unknown = now;
        }
    }

    /// Sends a message to everybody. What fails is said, and stops nothing.
    fn send(&self, message: &PushMessage) {
        for recipient in &self.plan.push {
            let colours = self.plan.colours;
            let sent = recipient.send(&self.fetcher, (message, None), colours, &NoFetchProgress);
            if let Some(error) = sent.error {
                let (name, why) = (recipient.name(), fupan::InLanguage::wording(&error));
                self.say(Told::Says(Wording::new(
                    format!("{name} was not told: {}", why.en),
                    format!("未能推送到{name}：{}", why.zh),
                )));
            }
        }
    }

    fn say(&self, told: Told) {
        // The reader may have left already.
        let _ = self.told.send(told);
    }
}

/// Where it is kept what was raised in a session.
fn raised(plan: &Plan) -> PathBuf {
    plan.store.join("watch").join(plan.session.to_string()).join("alerts.json")
}

/// What was raised before a new start. A file that cannot be read raises everything again.
fn state(plan: &Plan) -> AlertState {
    let text = std::fs::read(raised(plan)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn keep(plan: &Plan, state: &AlertState) -> anyhow::Result<()> {
    let path = raised(plan);
    let folder = path.parent().unwrap_or(&plan.store);
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, state)?;
    file.persist(&path)?;
    Ok(())
}
