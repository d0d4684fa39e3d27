//! What a condition finds in the facts of an instant.

use std::collections::BTreeSet;

use fupan_fact::{AsOf, FactKey, FactSet, MeasureId, Scope, Value, reason};
use fupan_market::{GroupId, Symbol, Wording, nearest, shown_name};

use crate::alert::condition::{AlertScope, Figure, GroupWord, Watched};
use crate::alert::rule::AlertRule;

/// The figure by which groups have places.
const BY: &str = "equal_weight_return";

/// Fewest groups among which a tenth says anything.
const GROUPS_MIN: usize = 10;

/// What a condition says of one subject.
pub(super) struct Seen {
    /// The scope that it is about.
    pub(super) subject: Scope,
    pub(super) now: Now,
    /// The place of a group.
    pub(super) place: Option<Place>,
}

/// A place in an order, the first being 1, and how many have one.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) place: u64,
    pub(super) of: u64,
}

/// Where a subject stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Now {
    /// The condition holds.
    Meets,
    /// It does not, and it is not armed again yet.
    Between,
    /// It is armed.
    Back,
}

/// What a rule finds; the reason if the facts do not tell.
pub(super) fn look(rule: &AlertRule, facts: &FactSet, as_of: AsOf) -> Result<Vec<Seen>, Wording> {
    let at = Instant { facts, as_of };
    match &rule.when().0 {
        Watched::Figure { figure, .. } | Watched::Turnover { figure, .. } => {
            at.figure(rule, figure).map(|seen| vec![seen])
        }
        Watched::TopTenth(scope) => at.top_tenth(scope).map(|seen| vec![seen]),
        Watched::AnyTopTenth(kind) => at.any_top_tenth(*kind),
        Watched::Seals(symbol) => at.limit(*symbol, Limit::is_sealed),
        Watched::Opens(symbol) => at.limit(*symbol, Limit::is_opened),
    }
}

/// The instant that facts are of: the close, or the last one if there is no close yet. `None` if no
/// fact is of the session.
pub(super) fn instant(facts: &FactSet) -> Option<AsOf> {
    let of_session = facts.facts.keys().filter(|key| key.session == facts.session);
    of_session.map(|key| key.as_of).max()
}

struct Instant<'a> {
    facts: &'a FactSet,
    as_of: AsOf,
}

/// How a security stands at its limit-up price.
struct Limit {
    is_sealed: bool,
    /// Whether it was sealed in this session; `None` if the facts do not tell.
    was_sealed: Option<bool>,
}

impl Limit {
    fn is_sealed(&self) -> Option<bool> {
        Some(self.is_sealed)
    }

    fn is_opened(&self) -> Option<bool> {
        if self.is_sealed { Some(false) } else { self.was_sealed }
    }
}

impl<'a> Instant<'a> {
    fn key(&self, measure: MeasureId, scope: Scope) -> FactKey {
        FactKey { measure, scope, session: self.facts.session, as_of: self.as_of }
    }

    /// The known value of a figure.
    fn value(&self, measure: &MeasureId, scope: &Scope) -> Result<&'a Value, Wording> {
        let key = self.key(measure.clone(), scope.clone());
        match self.facts.get(&key).map(|fact| &fact.value) {
            None => Err(Wording::new(
                format!("there is no `{key}` among the figures"),
                format!("没有`{key}`这个数字"),
            )),
            Some(Value::Unknown { reason: id }) => Err(reason(id)),
            Some(value) => Ok(value),
        }
    }

    fn figure(&self, rule: &AlertRule, figure: &Figure) -> Result<Seen, Wording> {
        let scope = self.scope(&figure.scope)?;
        let value = self.value(&figure.measure, &scope)?;
        let of_other_unit =
            || Wording::new("the figure is of another unit", "该数字的单位与条件不符");
        let (Watched::Figure { sign, threshold, .. } | Watched::Turnover { sign, threshold, .. }) =
            &rule.when().0
        else {
            return Err(of_other_unit());
        };
        let rearm = rule.rearmed_at().ok_or_else(of_other_unit)?;
        let compared = threshold.against(value).ok_or_else(of_other_unit)?;
        let to_rearm = rearm.against(value).ok_or_else(of_other_unit)?;
        let now = match sign.is_met(compared) {
            true => Now::Meets,
            false if to_rearm == sign.outward() => Now::Between,
            false => Now::Back,
        };
        Ok(Seen { subject: scope, now, place: None })
    }

    /// A scope, a group by its name.
    fn scope(&self, scope: &AlertScope) -> Result<Scope, Wording> {
        let (kind, name) = match scope {
            AlertScope::Is(scope) => return Ok(scope.clone()),
            AlertScope::Named(kind, name) => (*kind, name),
        };
        let of_kind = || self.facts.groups.iter().filter(|(id, _)| is_of_kind(id, kind));
        let wanted = shown_name(name);
        let found = of_kind().find(|(_, named)| {
            let en = named.en.as_ref().is_some_and(|en| en.eq_ignore_ascii_case(name));
            en || shown_name(&named.zh) == wanted
        });
        if let Some((id, _)) = found {
            return Ok(Scope::Group(id.clone()));
        }
        let near = nearest(name, of_kind().map(|(_, named)| named.zh.as_str()));
        let near = near.map(shown_name);
        let [en, zh] = [("; near it is ", ""), ("，相近的有“", "”")].map(|(before, after)| {
            near.as_ref().map(|near| format!("{before}{near}{after}")).unwrap_or_default()
        });
        Err(Wording::new(
            format!("no group `{scope}` is among the figures{en}"),
            format!("数据中没有`{scope}`{zh}"),
        ))
    }

    fn top_tenth(&self, scope: &AlertScope) -> Result<Seen, Wording> {
        let scope = self.scope(scope)?;
        let Scope::Group(id) = &scope else {
            return Err(reason("no_figure"));
        };
        self.value(&MeasureId::new(BY), &scope)?;
        let kind = match id {
            id if is_of_kind(id, GroupWord::Concept) => GroupWord::Concept,
            id if is_of_kind(id, GroupWord::Industry) => GroupWord::Industry,
            _ => return Err(reason("no_figure")),
        };
        let mut seen = self.places(kind, Some(id))?.into_iter();
        seen.find(|seen| seen.subject == scope).ok_or_else(|| reason("no_figure"))
    }

    fn any_top_tenth(&self, kind: GroupWord) -> Result<Vec<Seen>, Wording> {
        self.places(kind, None)
    }

    /// The groups of a kind whose return is known, with their places. Of themes that share most
    /// members the largest has a place, or the one that is asked for.
    fn places(&self, kind: GroupWord, asked: Option<&GroupId>) -> Result<Vec<Seen>, Wording> {
        let mut again: BTreeSet<&GroupId> = BTreeSet::new();
        for (largest, others) in self.facts.themes.iter().flat_map(|list| &list.alike) {
            again.extend(others.iter().filter(|other| asked != Some(other)));
            again.extend(Some(largest).filter(|_| others.iter().any(|other| asked == Some(other))));
        }
        let is_peer = |id: &GroupId| {
            is_of_kind(id, kind)
                && !again.contains(id)
                && asked.is_none_or(|asked| asked.scheme() == id.scheme())
        };
        let mut known: Vec<(i64, &GroupId)> = Vec::new();
        for (key, fact) in &self.facts.facts {
            let is_of_now = key.session == self.facts.session && key.as_of == self.as_of;
            if let (Scope::Group(id), Value::Return { ppb }) = (&key.scope, &fact.value)
                && is_of_now
                && key.measure.name() == BY
                && is_peer(id)
            {
                known.push((ppb.0, id));
            }
        }
        if known.len() < GROUPS_MIN {
            let few = known.len();
            return Err(Wording::new(
                format!(
                    "only {few} groups of that kind have a return, and a tenth needs {GROUPS_MIN}"
                ),
                format!("有涨跌幅的只有{few}个，不足{GROUPS_MIN}个，不分前一成"),
            ));
        }
        let mut sorted: Vec<i64> = known.iter().map(|(ppb, _)| *ppb).collect();
        sorted.sort_unstable();
        let of = known.len();
        let placed = known.into_iter().map(|(ppb, id)| {
            let place = of - sorted.partition_point(|other| *other <= ppb) + 1;
            Seen {
                subject: Scope::Group(id.clone()),
                now: in_tenth(place, of),
                place: Some(Place { place: place as u64, of: of as u64 }),
            }
        });
        Ok(placed.collect())
    }

    fn limit(
        &self,
        symbol: Symbol,
        holds: fn(&Limit) -> Option<bool>,
    ) -> Result<Vec<Seen>, Wording> {
        let all = |measure: &'static str| self.key(MeasureId::new(measure), Scope::AllA);
        let count = self.value(&MeasureId::new("limit_up_count"), &Scope::AllA)?;
        let is_any = !matches!(count, Value::Count { count: 0 });
        let members = |key| self.facts.members.get(&key).map_or(&[][..], Vec::as_slice);
        let sealed = members(all("limit_up_count"));
        if is_any && sealed.is_empty() {
            return Err(Wording::new(
                "the figures do not list the securities at limit-up",
                "数据未列出涨停的股票",
            ));
        }
        if members(all("limit_undetermined_count")).contains(&symbol) {
            return Err(reason("undetermined_limit"));
        }
        let first = self.key(MeasureId::new("first_seal_time"), Scope::Security(symbol));
        let told = !is_any || self.facts.measures.contains_key("first_seal_time");
        let limit = Limit {
            is_sealed: sealed.contains(&symbol),
            was_sealed: match self.facts.get(&first) {
                Some(_) => Some(true),
                None => told.then_some(false),
            },
        };
        let now = match holds(&limit) {
            Some(true) => Now::Meets,
            Some(false) => Now::Back,
            None => return Err(reason("no_quotes")),
        };
        Ok(vec![Seen { subject: Scope::Security(symbol), now, place: None }])
    }
}

/// Whether a place is in the best tenth, or so far behind it that the next entry counts: behind the
/// best eighth, and not the first place behind the tenth. Both are rounded up.
fn in_tenth(place: usize, of: usize) -> Now {
    let tenth = of.div_ceil(10);
    match place {
        place if place <= tenth => Now::Meets,
        place if place > of.div_ceil(8).max(tenth + 1) => Now::Back,
        _ => Now::Between,
    }
}

/// As a review tells industries and concepts apart.
fn is_of_kind(id: &GroupId, kind: GroupWord) -> bool {
    match kind {
        GroupWord::Concept => id.is_concept(),
        GroupWord::Industry => !id.is_concept() && !id.is_chain(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_is_left_behind_the_eighth() {
        let back = |of| (1..=of).find(|place| in_tenth(*place, of) == Now::Back);
        let last = |of| (1..=of).take_while(|place| in_tenth(*place, of) == Now::Meets).count();
        for (of, tenth, first_back) in
            [(10, 1, 3), (16, 2, 4), (31, 4, 6), (124, 13, 17), (400, 40, 51)]
        {
            assert_eq!((last(of), back(of)), (tenth, Some(first_back)), "{of}");
        }
    }
}
