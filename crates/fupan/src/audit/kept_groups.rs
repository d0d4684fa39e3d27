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
