//! Rules over the instants of a session, each crossing raised once.

use std::collections::{BTreeMap, BTreeSet};

use fupan_brief::Language;
use fupan_fact::FactSet;
use fupan_market::{SessionDate, Wording};
use serde::{Deserialize, Serialize};

use crate::alert::Alert;
use crate::alert::rule::AlertRule;
use crate::alert::sight::{self, Now, Seen};
use crate::alert::told;

/// Rules, and what each of them has raised in the session so far.
///
/// A condition raises one alert when it comes to hold, and is then silent until it is armed again:
/// a comparison by the figure having gone back to its `rearm` or beyond, a place in the top tenth
/// by the group having left the top eighth (and more than one place behind the tenth), a seal by
/// having been opened, an opening by having been sealed again. What was not seen between two
/// instants raises nothing. What already holds at the first sight of a session is raised; with each
/// session everything is armed again.
///
/// A condition whose figure is not known neither raises nor is armed by it; [`AlertWatch::unknown`]
/// says which and why.
#[derive(Clone, Debug)]
pub struct AlertWatch {
    rules: Vec<AlertRule>,
    language: Language,
    state: AlertState,
    unknown: Vec<UnknownAlert>,
}

/// What has been raised in a session, by the rules' texts: what a program keeps so that after a new
/// start nothing is raised again. The default is that nothing was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertState {
    /// The session; `None` before the first.
    session: Option<SessionDate>,
    /// By a rule's text, the scopes for which it has raised and is not armed.
    raised: BTreeMap<String, BTreeSet<String>>,
}

/// A rule that could not be judged at the instant that was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAlert {
    /// The rule.
    pub rule: AlertRule,
    /// Why.
    pub reason: Wording,
}

impl AlertWatch {
    /// A watch before the first instant. Of rules that differ in nothing but their titles, the
    /// first one raises.
    pub fn new(rules: Vec<AlertRule>, language: Language) -> AlertWatch {
        AlertWatch { rules, language, state: AlertState::default(), unknown: Vec::new() }
    }

    /// A watch that goes on where another one was. What the state holds of rules that are no longer
    /// there is of no effect; rules that it does not know are armed.
    pub fn resume(rules: Vec<AlertRule>, language: Language, state: AlertState) -> AlertWatch {
        AlertWatch { state, ..AlertWatch::new(rules, language) }
    }

    /// What has been raised so far.
    pub fn state(&self) -> &AlertState {
        &self.state
    }

    /// The rules that could not be judged at the instant that was last seen, in order.
    pub fn unknown(&self) -> &[UnknownAlert] {
        &self.unknown
    }

    /// Takes in the facts of the next instant, and returns an alert for each rule that comes to
    /// hold, in the order of the rules. `any industry` and `any concept` raise one alert for all
    /// groups that enter at the same instant.
    pub fn see(&mut self, facts: &FactSet) -> Vec<Alert> {
        if self.state.session != Some(facts.session) {
            self.state = AlertState { session: Some(facts.session), raised: BTreeMap::new() };
        }
        self.unknown.clear();
        let as_of = sight::instant(facts);
        let mut alerts = Vec::new();
        for rule in &self.rules {
            let looked = match as_of {
                Some(as_of) => sight::look(rule, facts, as_of).map(|seen| (as_of, seen)),
                None => Err(fupan_fact::reason("no_data")),
            };
            match looked {
                Err(reason) => self.unknown.push(UnknownAlert { rule: rule.clone(), reason }),
                Ok((as_of, seen)) => {
                    let crossed = self.state.cross(rule, seen);
                    if !crossed.is_empty() {
                        alerts.push(told::alert(rule, &crossed, facts, as_of, self.language));
                    }
                }
            }
        }
        alerts
    }
}

impl AlertState {
    /// Notes what was seen, and returns what crossed.
    fn cross(&mut self, rule: &AlertRule, seen: Vec<Seen>) -> Vec<Seen> {
        let raised = self.raised.entry(rule.to_string()).or_default();
        let crossed = seen.into_iter().filter(|seen| match seen.now {
            Now::Meets => raised.insert(seen.subject.to_string()),
            Now::Between => false,
            Now::Back => {
                raised.remove(&seen.subject.to_string());
                false
            }
        });
        let crossed = crossed.collect();
        self.raised.retain(|_, subjects| !subjects.is_empty());
        crossed
    }
}
