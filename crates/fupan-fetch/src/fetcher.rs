//! Requests are sent at their source's pace, and again where that may help.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fupan_market::Wording;
use fupan_source::vendor::{Answer, Refused, Request, SecretPlace};
use jiff::Timestamp;
use ureq::http::{HeaderName, HeaderValue};
use url::Url;

use crate::error::FetchError;
use crate::fault::{FetchFault, RedirectFault};
use crate::outside::Outside;
use crate::prepare::{Prepared, prepare};
use crate::progress::{FetchProgress, WaitReason};
use crate::redirect;
use crate::reply::Reply;
use crate::settings::{Pace, Settings};
use crate::source_state::{Leave, Outcome, SourceState, Turn};
use crate::states::States;
use crate::wait::{after, asked, backoff, between};
use crate::wire::{Heard, Wire, is_busy};

/// Sends requests. Threads share one; processes share its folder of states.
pub struct Fetcher {
    pub(crate) settings: Settings,
    /// By source.
    mirrors: BTreeMap<String, Url>,
    pub(crate) outside: Arc<dyn Outside>,
    states: States,
    wire: Wire,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher").field("states", &self.states).finish_non_exhaustive()
    }
}

/// How often one looks for what became of another's trial.
const TRIAL_STEP: Duration = Duration::from_secs(1);

/// Headers of a request that is only answered in full if something has changed.
pub(crate) type Condition = Vec<(HeaderName, HeaderValue)>;

/// Judges an answer.
pub(crate) type Judge<'a> = &'a mut dyn FnMut(&Answer<'_>) -> Result<(), Refused>;

/// A request that failed, and the answer that was refused last.
pub(crate) struct Failed {
    pub error: FetchError,
    pub answer: Option<Reply>,
}

impl From<FetchError> for Box<Failed> {
    fn from(error: FetchError) -> Box<Failed> {
        Box::new(Failed { error, answer: None })
    }
}

/// What one attempt brought.
pub(crate) enum Attempt<T> {
    /// An answer to keep, or that nothing has changed.
    Good(T),
    /// A fault; how long the other side asks to wait; and the answer, if there is one.
    Bad(FetchFault, Option<Duration>, Option<T>),
    /// An answer that will not change.
    Never(FetchError, T),
}

/// The attempts at one request so far.
pub(crate) struct Tries {
    pub attempts: u32,
    /// What attempts and the waits between them took; not the waits for the budget.
    pub spent: Duration,
    pub last: Option<FetchFault>,
}

impl Fetcher {
    /// A fetcher that keeps the sources' states in a folder, which is made if it is not there. The
    /// proxies are those of the environment.
    ///
    /// # Errors
    /// If the folder cannot be made, a variable holds no proxy's address, or a setting cannot be used.
    pub fn new(
        settings: Settings,
        states: &Path,
        outside: Arc<dyn Outside>,
    ) -> Result<Fetcher, FetchError> {
        let is_text = |text: &str| HeaderValue::from_str(text).is_ok_and(|v| v.to_str().is_ok());
        if !is_text(&settings.user_agent) {
            return Err(FetchError::BadSetting {
                setting: "user_agent",
                reason: Wording::new("a header cannot hold it", "请求头里放不下它"),
            });
        }
        let wire = Wire::new(&settings, &*outside)?;
        let mirror = |(source, text): (&String, &String)| match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                Ok((source.clone(), url))
            }
            _ => Err(FetchError::BadSetting {
                setting: "mirrors",
                reason: Wording::new(
                    "an address is written as http://127.0.0.1:8080",
                    "地址应写成http://127.0.0.1:8080的形式",
                ),
            }),
        };
        let mirrors = settings.mirrors.iter().map(mirror).collect::<Result<_, _>>()?;
        Ok(Fetcher { settings, mirrors, outside, states: States::open(states)?, wire })
    }

    /// A request that can be sent, to the mirror of its source if there is one.
    pub(crate) fn prepared(&self, request: &Request) -> Result<Prepared, FetchError> {
        let mut prepared = prepare(request, &*self.outside)?;
        let own = !request.secrets.iter().any(|secret| secret.place == SecretPlace::Url);
        if let Some(mirror) = self.mirrors.get(request.source).filter(|_| own) {
            let mut url = mirror.clone();
            url.set_path(prepared.url.path());
            url.set_query(prepared.url.query());
            prepared.url = url;
        }
        Ok(prepared)
    }

    /// The time on the wall.
    pub fn now(&self) -> Timestamp {
        self.outside.now()
    }

    /// Sends a request until there is an answer, whatever it says. It waits for the source's
    /// budget, and between attempts.
    ///
    /// # Errors
    /// If a variable is missing, the source is left alone, or there is no answer.
    pub fn send(
        &self,
        request: &Request,
        progress: &dyn FetchProgress,
    ) -> Result<Reply, FetchError> {
        let prepared = self.prepared(request)?;
        let sent = self.ask(&prepared, &Condition::new(), &mut |_| Ok(()), progress);
        sent.map_err(|failed| failed.error)
    }

    /// Sends a request until there is an answer that the judge takes. An answer of status 304 to a
    /// request with a condition is not judged.
    pub(crate) fn ask(
        &self,
        prepared: &Prepared,
        condition: &Condition,
        judge: Judge<'_>,
        progress: &dyn FetchProgress,
    ) -> Result<Reply, Box<Failed>> {
        let mut once =
            |tries: &mut Tries| self.attempt(prepared, condition, &mut *judge, tries, progress);
        let tried = self.persist((prepared.source, &prepared.name), &mut once, progress);
        tried.map_err(|(error, answer)| Box::new(Failed { error, answer }))
    }

    /// Tries something of a source until it goes well, or until trying again does not help. Returns the
    /// last answer with the error, if there is one.
    pub(crate) fn persist<T>(
        &self,
        (source, name): (&'static str, &str),
        once: &mut dyn FnMut(&mut Tries) -> Result<Attempt<T>, FetchError>,
        progress: &dyn FetchProgress,
    ) -> Result<T, (FetchError, Option<T>)> {
        let pace = self.settings.pace(source);
        let mut tries = Tries { attempts: 0, spent: Duration::ZERO, last: None };
        let bare = |error: FetchError| (error, None);
        loop {
            tries.attempts += 1;
            let attempt = once(&mut tries).map_err(bare)?;
            self.note(source, &pace, &attempt).map_err(bare)?;
            let (fault, asked, answer) = match attempt {
                Attempt::Good(answer) => return Ok(answer),
                Attempt::Never(error, answer) => return Err((error, Some(answer))),
                Attempt::Bad(fault, asked, answer) => (fault, asked, answer),
            };
            let wait = backoff(&pace, tries.attempts, asked, self.outside.draw());
            let is_last = !fault.is_passing() || tries.attempts >= pace.attempts.get();
            if is_last || tries.spent.saturating_add(wait) > pace.patience {
                let last = (fault, asked);
                let error = self.give_up((source, name), &pace, &tries, last, is_last);
                return Err((error.unwrap_or_else(|error| error), answer));
            }
            tries.last = Some(fault);
            tries.spent += wait;
            progress.waiting(source, WaitReason::Backoff, after(self.outside.now(), wait));
            self.outside.sleep(wait);
        }
    }

    /// Sends a request once, and follows its redirects.
    fn attempt(
        &self,
        prepared: &Prepared,
        condition: &Condition,
        judge: Judge<'_>,
        tries: &mut Tries,
        progress: &dyn FetchProgress,
    ) -> Result<Attempt<Reply>, FetchError> {
        let mut url = prepared.url.clone();
        let mut hops = 0;
        let (heard, at) = loop {
            let turn = if hops == 0 { Turn::New } else { Turn::GoesOn };
            self.wait_for_leave(prepared.source, turn, tries.last.as_ref(), progress)?;
            let at = self.outside.now();
            let heard = self.wire.exchange(prepared, &url, condition);
            tries.spent += between(at, self.outside.now());
            let heard = match heard {
                Ok(heard) => heard,
                Err(fault) => return Ok(Attempt::Bad(scrubbed(fault, prepared), None, None)),
            };
            if !redirect::is_redirect(heard.status) {
                break (heard, at);
            }
            hops += 1;
            let location = heard.location.as_deref();
            let target = redirect::target(&url, heard.status, location, prepared.body.is_some());
            url = match target {
                Ok(_) if hops > self.settings.bounds.redirects => {
                    let again = FetchFault::Redirected(RedirectFault::Again);
                    return Ok(Attempt::Bad(again, None, None));
                }
                Ok(target) => target,
                Err(fault) => return Ok(Attempt::Bad(scrubbed(fault, prepared), None, None)),
            };
        };
        Ok(self.judged(prepared, heard, at, !condition.is_empty(), judge))
    }

    fn judged(
        &self,
        prepared: &Prepared,
        heard: Heard,
        at: Timestamp,
        is_conditional: bool,
        judge: Judge<'_>,
    ) -> Attempt<Reply> {
        let retry_after = heard.retry_after.as_deref();
        let wait = retry_after.and_then(|text| asked(text, self.outside.now()));
        let status = heard.status;
        let reply = Reply::of(heard, &prepared.secrets, at);
        match status {
            304 if is_conditional => return Attempt::Good(reply),
            304 => return Attempt::Bad(FetchFault::NothingKept, None, None),
            _ if is_busy(status) => return Attempt::Bad(FetchFault::Busy(status), wait, None),
            _ => {}
        }
        match judge(&reply.answer()) {
            Ok(()) => Attempt::Good(reply),
            Err(Refused::Again { reason, after }) => {
                let fault = FetchFault::NotKept(prepared.secrets.scrub_wording(&reason));
                Attempt::Bad(fault, after.or(wait), Some(reply))
            }
            Err(Refused::Never { reason }) => {
                let reason = prepared.secrets.scrub_wording(&reason);
                let (source, name) = (prepared.source, prepared.name.clone());
                Attempt::Never(FetchError::Never { source, name, reason, kept: None }, reply)
            }
        }
    }

    /// Waits until the source may be asked.
    pub(crate) fn wait_for_leave(
        &self,
        source: &'static str,
        turn: Turn,
        last: Option<&FetchFault>,
        progress: &dyn FetchProgress,
    ) -> Result<(), FetchError> {
        let pace = self.settings.pace(source);
        let takes = self.settings.timeouts.whole;
        let resting = |until| FetchError::Resting { source, until, fault: last.cloned() };
        let (at, now) = loop {
            let now = self.outside.now();
            let leave = |state: &mut SourceState| state.leave(turn, &pace, takes, now);
            match self.states.change(source, &pace, now, leave)? {
                Leave::At(at) => break (at, now),
                Leave::Resting(until) => return Err(resting(until)),
                Leave::Queue(until) => return Err(FetchError::Queue { source, until }),
                Leave::Trial(until) => {
                    progress.waiting(source, WaitReason::Trial, until);
                    self.outside.sleep(TRIAL_STEP.min(between(now, until)));
                }
            }
        };
        if at <= now {
            return Ok(());
        }
        progress.waiting(source, WaitReason::Budget, at);
        self.outside.sleep(between(now, at));
        // Others may have found in the meantime that it fails.
        let now = self.outside.now();
        let shut = self.states.change(source, &pace, now, |state| state.shut(now))?;
        shut.map_or(Ok(()), |until| Err(resting(until)))
    }

    /// Takes note of how an attempt went, for all who ask the source.
    fn note<T>(&self, source: &str, pace: &Pace, attempt: &Attempt<T>) -> Result<(), FetchError> {
        let outcome = match attempt {
            Attempt::Good(_) | Attempt::Never(..) => Outcome::Well,
            Attempt::Bad(fault, ..) if fault.is_of_source() => Outcome::Failed,
            Attempt::Bad(..) => Outcome::Unknown,
        };
        let now = self.outside.now();
        self.states.change(source, pace, now, |state| state.note(outcome, pace, now))
    }

    /// The error of a request that is not tried again. What the vendor asks to wait holds for all
    /// who come later.
    fn give_up(
        &self,
        (source, name): (&'static str, &str),
        pace: &Pace,
        tries: &Tries,
        (fault, asked): (FetchFault, Option<Duration>),
        is_last: bool,
    ) -> Result<FetchError, FetchError> {
        let now = self.outside.now();
        if let Some(asked) = asked.filter(|asked| !asked.is_zero()) {
            self.states.change(source, pace, now, |state| state.hold(asked, now))?;
            if !is_last {
                let until = after(now, asked);
                return Ok(FetchError::Resting { source, until, fault: Some(fault) });
            }
        }
        let (name, attempts) = (name.to_owned(), tries.attempts);
        Ok(FetchError::Unanswered { source, name, attempts, fault, kept: None })
    }
}

/// A fault whose texts hold no secret.
fn scrubbed(fault: FetchFault, prepared: &Prepared) -> FetchFault {
    let clean = |said| prepared.secrets.scrub_wording(&said);
    match fault {
        FetchFault::NoConnection(said) => FetchFault::NoConnection(clean(said)),
        FetchFault::Insecure(said) => FetchFault::Insecure(clean(said)),
        FetchFault::Proxy(said) => FetchFault::Proxy(clean(said)),
        FetchFault::Garbled(said) => FetchFault::Garbled(clean(said)),
        FetchFault::Redirected(RedirectFault::Elsewhere(origin)) => {
            FetchFault::Redirected(RedirectFault::Elsewhere(prepared.secrets.scrub(&origin)))
        }
        other => other,
    }
}
