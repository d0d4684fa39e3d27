//! What the board shows, as plain values.

use std::collections::VecDeque;

use fupan::push::Alert;
use fupan::{
    AsOf, Fact, FactKey, FactSet, FindingKind, Return, Scope, SessionDate, Symbol, TRACKED_INDICES,
    Value,
};

use crate::command::watch::follow::Round;

/// Events that are kept: what a tall terminal can show.
const EVENTS: usize = 200;

/// A seal that was made or broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Seconds after midnight.
    pub second: u32,
    /// The security's name, or its code.
    pub name: String,
    pub kind: EventKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    Sealed,
    Opened,
}

/// A group with the mean return of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Led {
    pub name: String,
    pub ret: Return,
}

/// An index as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexSeen {
    pub symbol: Symbol,
    pub level: Value,
    pub ret: Option<Value>,
}

/// The market as it was last seen.
#[derive(Clone, Debug)]
pub struct WatchBoard {
    pub session: SessionDate,
    /// Seconds from one round to the next.
    pub every: u32,
    /// The instant of the figures.
    pub second: Option<u32>,
    /// The source of the last whole round, and how many securities answered, of how many.
    pub source: Option<&'static str>,
    pub answered: u64,
    pub listed: usize,
    /// What the last round failed with, in the interface's language.
    pub failed: Vec<String>,
    /// How long it took, in milliseconds.
    pub took: i64,
    pub indices: Vec<IndexSeen>,
    pub breadth: [Option<Value>; 3],
    /// So far, at the same moment of the session before, and the change.
    pub turnover: [Option<Value>; 3],
    /// Sealed at limit-up, left, the share of those sealed; sealed at limit-down.
    pub limits: [Option<Value>; 4],
    pub median: Option<Value>,
    pub led: Vec<Led>,
    pub fell: Vec<Led>,
    pub events: VecDeque<Event>,
    pub alerts: VecDeque<(AsOf, String)>,
    pub says: VecDeque<String>,
    /// What is wrong with the data, in the interface's language.
    pub notes: Vec<String>,
}

/// Groups shown at each end.
pub const GROUPS: usize = 6;

impl WatchBoard {
    /// A board before the first round.
    pub fn new(session: SessionDate, every: u32) -> WatchBoard {
        WatchBoard {
            session,
            every,
            second: None,
            source: None,
            answered: 0,
            listed: 0,
            failed: Vec::new(),
            took: 0,
            indices: Vec::new(),
            breadth: [None, None, None],
            turnover: [None, None, None],
            limits: [None, None, None, None],
            median: None,
            led: Vec::new(),
            fell: Vec::new(),
            events: VecDeque::new(),
            alerts: VecDeque::new(),
            says: VecDeque::new(),
            notes: Vec::new(),
        }
    }

    /// Takes a round in.
    pub fn take(&mut self, round: &Round) {
        let language = crate::place::interface();
        // What is sealed at the first sight was sealed some time before.
        let is_first = self.second.is_none();
        self.second = round.second;
        self.source = round.poll.used.map(|dataset| dataset.source);
        (self.answered, self.listed, self.took) = (round.poll.answered, round.listed, round.took);
        let said = |error: &fupan::Error| fupan::InLanguage::wording(error);
        let failed = round.poll.failed.iter();
        self.failed =
            failed.map(|(_, error)| said(error).in_language(language).to_owned()).collect();
        if let Some(step) = round.poll.step.as_ref().filter(|_| !is_first) {
            let name = |symbol: &fupan::Symbol| {
                let named = round.names.iter().find(|(other, _)| other == symbol);
                named.map_or_else(|| symbol.to_string(), |(_, name)| name.clone())
            };
            let kinds = [(&step.sealed, EventKind::Sealed), (&step.opened, EventKind::Opened)];
            for (symbols, kind) in kinds {
                for symbol in symbols {
                    self.events.push_front(Event { second: step.second, name: name(symbol), kind });
                }
            }
            self.events.truncate(EVENTS);
        }
        if let Some(facts) = &round.facts {
            self.take_facts(facts);
        }
    }

    fn take_facts(&mut self, facts: &FactSet) {
        let Some(second) = self.second else { return };
        let value = |measure: &str, scope: Scope| {
            let measure = measure.parse().ok()?;
            let key = FactKey::at_close(measure, scope, facts.session);
            let key = FactKey { as_of: AsOf::Instant(second), ..key };
            let known = |fact: &&Fact| !matches!(fact.value, Value::Unknown { .. });
            facts.get(&key).filter(known).map(|fact| fact.value.clone())
        };
        let all = |measure| value(measure, Scope::AllA);
        self.breadth = ["advances", "declines", "unchanged"].map(all);
        self.turnover = ["turnover", "turnover_prev", "turnover_change_rate"].map(all);
        let limits = ["limit_up_count", "limit_up_broken_count", "seal_rate", "limit_down_count"];
        self.limits = limits.map(all);
        self.median = all("median_return");
        let seen = |symbol: Symbol| {
            let of = |measure| value(measure, Scope::Security(symbol));
            let level = of("index_close")?;
            Some(IndexSeen { symbol, level, ret: of("index_return") })
        };
        self.indices = TRACKED_INDICES.iter().filter_map(|index| seen(index.symbol())).collect();
        let mut groups = led(facts, second);
        self.fell = groups.split_off(groups.len() - (groups.len() / 2).min(GROUPS));
        self.fell.reverse();
        groups.truncate(GROUPS);
        self.led = groups;
        let language = crate::place::interface();
        let grave = |finding: &&fupan::Finding| finding.kind == FindingKind::MissingData;
        self.notes = facts
            .findings
            .iter()
            .filter(grave)
            .map(|finding| finding.detail.in_language(language).to_owned())
            .collect();
    }

    /// Takes an alert in.
    pub fn alert(&mut self, alert: &Alert) {
        self.alerts.push_front((alert.as_of, alert.title.clone()));
        self.alerts.truncate(EVENTS);
    }

    /// Takes in what there is to know.
    pub fn says(&mut self, words: &str) {
        self.says.push_front(words.to_owned());
        self.says.truncate(EVENTS);
    }
}

/// The groups of the classification with the most groups, the best first.
fn led(facts: &FactSet, second: u32) -> Vec<Led> {
    let of_instant = facts.facts.values().filter(|fact| {
        fact.key.as_of == AsOf::Instant(second) && fact.key.measure.name() == "equal_weight_return"
    });
    let mut by_scheme: std::collections::BTreeMap<String, Vec<Led>> = Default::default();
    for fact in of_instant {
        let (Scope::Group(id), Value::Return { ppb }) = (&fact.key.scope, &fact.value) else {
            continue;
        };
        let name = fupan::scope_label(&fact.key.scope, facts, crate::place::interface());
        let scheme = by_scheme.entry(id.scheme().to_owned()).or_default();
        scheme.push(Led { name, ret: *ppb });
    }
    let mut groups = by_scheme.into_values().max_by_key(Vec::len).unwrap_or_default();
    groups.sort_by(|one, other| other.ret.cmp(&one.ret).then_with(|| one.name.cmp(&other.name)));
    groups
}
