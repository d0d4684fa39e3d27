//! Whether the kept days of groups are those of their own sessions' reviews. Figures of later sessions
//! look back on them, and SQL is told them.

use fupan_fact::{Fact, FactKey, Scope, Value};
use fupan_measure::mean_return;
use fupan_store::{SourceChoice, Store};

use crate::kept::group_rows;
use crate::{Error, fact_table};

/// The figures of some sessions that differ from what is kept of their groups: the key, the figure's
/// exact text, and the kept one's. There are none if nothing is kept.
pub(crate) fn differences(
    store: &Store,
    choice: &SourceChoice,
    facts: &[Fact],
) -> Result<Vec<(FactKey, String, String)>, Error> {
    let sessions = facts.iter().map(|fact| fact.key.session);
    let (Some(from), Some(to)) = (sessions.clone().min(), sessions.max()) else {
        return Ok(Vec::new());
    };
    let Some(kept) = group_rows::days(store, choice, (from, to))? else { return Ok(Vec::new()) };
    let mut differences = Vec::new();
    for fact in facts {
        let Scope::Group(group) = &fact.key.scope else { continue };
        let day = kept.get(&(fact.key.session, group.clone()));
        let of_day = match fact.key.measure.name() {
            "equal_weight_return" => day.map(mean_return),
            "turnover_share" => day.map(|day| Some(i128::from(day.turnover))),
            _ => continue,
        };
        if of_day != Some(part_of(&fact.value)) {
            let text = match of_day {
                None => "no kept day".to_owned(),
                Some(number) => number.map_or("unknown".to_owned(), |number| number.to_string()),
            };
            differences.push((fact.key.clone(), fact_table::exact(&fact.value), text));
        }
    }
    Ok(differences)
}

/// The number of a figure, or the part of a share; `None` if it is unknown.
fn part_of(value: &Value) -> Option<i128> {
    value.integers().map(|(number, _)| number.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Market, backfill, review, sample};

    /// A kept day that is not that of its session's review is reported, and so is one that is not there.
    #[test]
    fn a_kept_day_that_differs_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        sample::stored(&sample::small(), folder.path()).unwrap();
        let open = || Store::open(folder.path()).unwrap();
        backfill(open(), &mut |_, _| ()).unwrap();
        let market = Market::Store { store: open(), choice: SourceChoice::Best };
        let (_, last) = market.sessions().unwrap();
        let facts: Vec<Fact> = review(&market, Some(last)).unwrap().facts.into_values().collect();
        let of_session = facts.into_iter().filter(|fact| fact.key.session == last);
        let mut facts: Vec<Fact> = of_session.collect();
        let found = |facts: &[Fact]| {
            let found = differences(&open(), &SourceChoice::Best, facts).unwrap();
            found.into_iter().map(|(key, _, kept)| (key, kept)).collect::<Vec<_>>()
        };
        assert_eq!(found(&facts), []);
        let of = |name: &str| {
            facts.iter().position(|fact| {
                fact.key.measure.name() == name && matches!(fact.key.scope, Scope::Group(_))
            })
        };
        let (mean, share) = (of("equal_weight_return").unwrap(), of("turnover_share").unwrap());
        let right = part_of(&facts[mean].value).unwrap();
        facts[mean].value = Value::Count { count: right as i64 + 1 };
        facts[share].key.scope = "sw1.999999".parse().unwrap();
        let expected = [
            (facts[mean].key.clone(), right.to_string()),
            (facts[share].key.clone(), "no kept day".to_owned()),
        ];
        let found = found(&facts);
        assert!(expected.iter().all(|one| found.contains(one)), "{found:?}");
        assert_eq!(found.len(), 2);
    }
}
