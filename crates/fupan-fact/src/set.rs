//! The facts of one review.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use fupan_market::{Chain, Fen, Finding, GroupId, SessionDate, Symbol};
use serde::{Deserialize, Serialize};

use crate::{Fact, FactKey, MeasureId, Scope, Unit, Value};

/// The labels and definition of a measure: enough for a reader, and for a tooltip, without the
/// catalogue's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureText {
    /// Label in Chinese.
    pub label_zh: String,
    /// Label in English.
    pub label_en: String,
    /// Definition in one sentence, Chinese.
    pub definition_zh: String,
    /// Definition in one sentence, English.
    pub definition_en: String,
    /// What the figure is counted or divided over, Chinese.
    pub population_zh: String,
    /// What the figure is counted or divided over, English.
    pub population_en: String,
    /// Unit of its values.
    pub unit: Unit,
    /// Version of the definition.
    pub version: u32,
}

/// A name to print for a symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The Chinese name, as of the session.
    pub zh: String,
    /// The English name, if one is in use (indices have one, most shares do not).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// What holds for the review as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionNote {
    /// The data is simulated; every page must say so.
    Simulated,
}

/// The list of concepts that a review takes its themes from, and what of it has no facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeList {
    /// The scheme of its groups, such as `ths-concept`.
    pub scheme: String,
    /// The first and the last date of the statements that hold in the session.
    pub seen_on: (SessionDate, SessionDate),
    /// Groups left out because fewer members than [`ThemeList::MEMBERS_MIN`] traded.
    pub small: u64,
    /// Groups left out because they are no themes, such as eligibility for margin trading.
    pub no_themes: u64,
    /// Securities that traded and that the list names in no group, if it names most.
    pub unlisted: u64,
    /// Groups that share most members with a larger one, by that one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub alike: BTreeMap<GroupId, Vec<GroupId>>,
}

impl ThemeList {
    /// Fewest members that traded for a group to count as a theme: below, one share decides.
    pub const MEMBERS_MIN: u64 = 10;

    /// Whether a group is one of the list.
    pub fn has(&self, group: &GroupId) -> bool {
        group.scheme() == self.scheme
    }
}

/// The market value from which a company is a large one in a review: 100 billion yuan.
pub const LARGE_COMPANY: Fen = Fen(10_000_000_000_000);

/// All facts of one review, with the names and definitions needed to print them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactSet {
    /// The session reviewed.
    pub session: SessionDate,
    /// What holds for the review as a whole.
    pub notes: Vec<SessionNote>,
    /// The facts, by key.
    pub facts: BTreeMap<FactKey, Fact>,
    /// Names of the securities and indices in the facts, as of the session.
    pub names: BTreeMap<Symbol, Name>,
    /// Names of the groups in the facts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<GroupId, Name>,
    /// The industry of each security that the facts mention, where a classification has one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub industries: BTreeMap<Symbol, GroupId>,
    /// The list of concepts among them, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub themes: Option<ThemeList>,
    /// The reader's own chains of which segments are among the groups, by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_chains: Vec<Chain>,
    /// The measures that facts belong to, by name.
    pub measures: BTreeMap<String, MeasureText>,
    /// Members of counts that are worth listing, by the count's key: for `limit_up_count`, the
    /// securities counted.
    pub members: BTreeMap<FactKey, Vec<Symbol>>,
    /// The earlier session that a figure counts from, by the figure's key: for
    /// `index_high_since_sessions`, the session of the higher close.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub since: BTreeMap<FactKey, SessionDate>,
    /// What a reader must know about the data as a whole.
    pub findings: Vec<Finding>,
}

impl FactSet {
    /// An empty set.
    pub fn new(session: SessionDate) -> FactSet {
        FactSet {
            session,
            notes: Vec::new(),
            facts: BTreeMap::new(),
            names: BTreeMap::new(),
            groups: BTreeMap::new(),
            industries: BTreeMap::new(),
            themes: None,
            own_chains: Vec::new(),
            measures: BTreeMap::new(),
            members: BTreeMap::new(),
            since: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Adds a fact.
    ///
    /// # Panics
    /// If a fact with the same key is already there: two values for one key are a bug.
    pub fn insert(&mut self, fact: Fact) {
        let key = fact.key.clone();
        let before = self.facts.insert(key, fact);
        assert!(before.is_none(), "two facts for {}", before.expect("just seen").key);
    }

    /// The members of a count, those that stand for it first: by the longest run of limit-ups, then
    /// the most traded, then by symbol. Empty if none are listed.
    pub fn leaders(&self, count: &FactKey) -> Vec<Symbol> {
        let of = |measure: &'static str, symbol: Symbol| {
            let (measure, scope) = (MeasureId::new(measure), Scope::Security(symbol));
            match self.get(&FactKey { measure, scope, ..count.clone() }).map(|fact| &fact.value) {
                Some(Value::Count { count }) => *count,
                Some(Value::Money { fen }) => fen.0,
                _ => 0,
            }
        };
        let mut members = self.members.get(count).cloned().unwrap_or_default();
        members.sort_by_cached_key(|symbol| {
            let (streak, traded) = (of("limit_up_streak", *symbol), of("turnover_of", *symbol));
            (Reverse((streak, traded)), *symbol)
        });
        members
    }

    /// The chains that the facts may speak of: the reader's own, then the built-in ones that none of
    /// them replaces.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        Chain::with_own(&self.own_chains)
    }

    /// The fact with a key.
    pub fn get(&self, key: &FactKey) -> Option<&Fact> {
        self.facts.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Basis, Coverage, Provenance};
    use fupan_market::RulebookVersion;

    fn count(measure: &'static str, count: i64) -> Fact {
        let session = SessionDate::new(2026, 2, 12).unwrap();
        Fact {
            key: FactKey::at_close(MeasureId::new(measure), Scope::AllA, session),
            value: Value::Count { count },
            provenance: Provenance {
                inputs: [].into(),
                coverage: Coverage { judged: 1, unjudged: 0 },
                basis: Basis::Exact,
                rulebook: RulebookVersion("1".into()),
                measure_version: 1,
                findings: Vec::new(),
            },
        }
    }

    #[test]
    fn a_fact_is_found_by_its_key() {
        let (advances, declines) = (count("advances", 3), count("declines", 2));
        let mut set = FactSet::new(advances.key.session);
        set.insert(advances.clone());
        assert_eq!(set.get(&advances.key), Some(&advances));
        assert_eq!(set.get(&declines.key), None);
        set.insert(declines.clone());
        assert_eq!(set.facts.into_values().collect::<Vec<_>>(), [advances, declines]);
    }

    #[test]
    #[should_panic(expected = "two facts for advances/all-a/2026-02-12/close")]
    fn two_facts_of_one_key_are_a_bug() {
        let mut set = FactSet::new(SessionDate::new(2026, 2, 12).unwrap());
        set.insert(count("advances", 3));
        set.insert(count("advances", 3));
    }
}
