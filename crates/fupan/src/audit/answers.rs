//! What the SQL cross-check queries, what it returned, and whether a figure agrees with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Int64Type};
use fupan_fact::{AsOf, Fact, FactKey, MeasureId, Scope};
use fupan_market::{GroupId, SecurityKind, SessionDate, Symbol, TrackedIndex};
use fupan_measure::catalogue;
use fupan_measure::sql::{self, Twin, TwinRows};

use crate::Error;

/// For each kind of rows, the SQL columns that each measure needs.
pub(crate) type Wanted = BTreeMap<TwinRows, BTreeMap<MeasureId, Vec<String>>>;

/// The securities that have figures because they are asked for or named, by session.
#[derive(Default)]
struct AskedFor {
    any: BTreeSet<(SessionDate, Symbol)>,
    /// Those with all figures that there are of them.
    whole: BTreeSet<(SessionDate, Symbol)>,
}

impl AskedFor {
    fn by(facts: &[Fact]) -> AskedFor {
        let on_request: BTreeSet<&str> =
            catalogue().iter().filter(|m| m.is_on_request()).map(|m| m.name()).collect();
        let mut asked = AskedFor::default();
        for fact in facts {
            let name = fact.key.measure.name();
            if let Scope::Security(symbol) = fact.key.scope
                && on_request.contains(name)
            {
                asked.any.insert((fact.key.session, symbol));
                // Every security that traded has one if all its figures are asked for.
                if matches!(name, "prev_close" | "fund_close") {
                    asked.whole.insert((fact.key.session, symbol));
                }
            }
        }
        asked
    }

    /// A fact's twin: of a security that is asked for, over the rows of all of them.
    fn twin(&self, fact: &Fact) -> Option<Twin> {
        let twin = sql::twin(&fact.key)?;
        Some(match fact.key.scope {
            Scope::Security(symbol) if self.any.contains(&(fact.key.session, symbol)) => {
                twin.asked()
            }
            _ => twin,
        })
    }
}

/// The columns to query: the twins of `facts`, and of every measure of single securities and
/// indices, whether or not there is a fact of it.
pub(crate) fn wanted(facts: &[Fact]) -> Wanted {
    let mut wanted = Wanted::new();
    let Some(one) = facts.first() else { return wanted };
    for measure in catalogue().iter().filter(|measure| !measure.sql().has_parameter()) {
        let id = match measure.id.split_once(':') {
            Some((name, fixed)) => MeasureId::with(name, fixed),
            None => MeasureId::new(measure.id),
        };
        let key = FactKey { measure: id, scope: Scope::AllA, ..one.key.clone() };
        // Rows inside a session come from quotes.
        let is_asked = |rows: &TwinRows| {
            rows.are_of_subjects()
                && (!matches!(rows, TwinRows::Intraday(_)) || key.as_of != AsOf::Close)
        };
        let twin = sql::twin(&key).filter(|twin| is_asked(&twin.rows));
        if let Some(twin) = twin {
            wanted.entry(twin.rows).or_default().insert(key.measure, twin.columns);
        }
    }
    let asked = AskedFor::by(facts);
    for fact in facts {
        if let Some(twin) = asked.twin(fact) {
            let measures = wanted.entry(twin.rows).or_default();
            measures.entry(fact.key.measure.clone()).or_insert(twin.columns);
        }
    }
    wanted
}

fn sessions(facts: &[Fact]) -> Option<(SessionDate, SessionDate)> {
    let sessions = || facts.iter().map(|fact| fact.key.session);
    sessions().min().zip(sessions().max())
}

fn as_of(facts: &[Fact]) -> AsOf {
    facts.first().map_or(AsOf::Close, |fact| fact.key.as_of)
}

/// How SQL compares with one fact.
pub(crate) enum Answer {
    Nothing,
    Same,
    Other(String),
}

/// The rows that SQL returned.
pub(crate) struct Answers {
    of: BTreeMap<TwinRows, Table>,
    /// The first and last session of the facts; SQL may return rows of others too.
    sessions: Option<(SessionDate, SessionDate)>,
    /// The sessions that have facts.
    told: BTreeSet<SessionDate>,
    asked: AskedFor,
    /// The indices whose members have facts, by session: a review weighs those with published
    /// weights, and a walk does not.
    weighed: BTreeSet<(SessionDate, String)>,
    /// The concepts that have facts, by session: small ones and those that are no themes have none.
    concepts: BTreeSet<(SessionDate, GroupId)>,
    as_of: AsOf,
}

/// Rows of one kind: the columns of each measure, the position of each column, and the integers of
/// each session and subject. An unreadable cell counts as NULL.
struct Table {
    measures: BTreeMap<MeasureId, Vec<String>>,
    places: HashMap<String, usize>,
    rows: HashMap<(SessionDate, String), Vec<Option<i64>>>,
}

impl Answers {
    /// An empty set of answers for `facts`.
    pub(crate) fn to(facts: &[Fact]) -> Answers {
        Answers {
            of: BTreeMap::new(),
            sessions: sessions(facts),
            told: facts.iter().map(|fact| fact.key.session).collect(),
            asked: AskedFor::by(facts),
            weighed: facts
                .iter()
                .filter(|fact| fact.key.measure.name() == "index_member_count")
                .map(|fact| (fact.key.session, fact.key.scope.to_string()))
                .collect(),
            concepts: facts
                .iter()
                .filter_map(|fact| match &fact.key.scope {
                    Scope::Group(id) => Some((fact.key.session, id.clone())),
                    _ => None,
                })
                .collect(),
            as_of: as_of(facts),
        }
    }

    /// An empty set of answers for one fact, of a security that is asked for if it is of one.
    pub(crate) fn to_one(fact: &Fact) -> Answers {
        let mut answers = Answers::to(std::slice::from_ref(fact));
        if let Scope::Security(symbol) = fact.key.scope {
            answers.asked.any.insert((fact.key.session, symbol));
        }
        answers
    }

    /// Adds the answers of one kind of rows.
    pub(crate) fn add(
        &mut self,
        rows: TwinRows,
        measures: BTreeMap<MeasureId, Vec<String>>,
        columns: Vec<String>,
        batches: &[RecordBatch],
    ) -> Result<(), Error> {
        let failed = |error: arrow::error::ArrowError| Error::table(error);
        let mut table = Table {
            measures,
            places: columns.into_iter().enumerate().map(|(place, sql)| (sql, place)).collect(),
            rows: HashMap::new(),
        };
        for batch in batches {
            let cast = |i: usize, to| arrow::compute::cast(batch.column(i), to).map_err(failed);
            let (sessions, subjects) = (cast(0, &DataType::Date32)?, cast(1, &DataType::Utf8)?);
            let (sessions, subjects) =
                (sessions.as_primitive::<Date32Type>(), subjects.as_string::<i32>());
            let cells = (2..batch.num_columns())
                .map(|i| cast(i, &DataType::Int64))
                .collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.num_rows() {
                let Some(session) = SessionDate::from_epoch_days(sessions.value(row)) else {
                    continue;
                };
                let integers = cells
                    .iter()
                    .map(|cells| cells.as_primitive::<Int64Type>())
                    .map(|cells| cells.is_valid(row).then(|| cells.value(row)))
                    .collect();
                table.rows.insert((session, subjects.value(row).to_owned()), integers);
            }
        }
        self.of.insert(rows, table);
        Ok(())
    }

    /// Every figure that SQL has in the sessions of the facts, as exact text. For a population, a
    /// figure with a zero or NULL part is left out.
    pub(crate) fn said(&self) -> impl Iterator<Item = (FactKey, String)> {
        self.of.iter().flat_map(move |(rows, table)| {
            let within = |on: SessionDate| self.sessions.is_some_and(|(a, b)| a <= on && on <= b);
            let asked = table.rows.iter().filter(move |((on, _), _)| within(*on));
            asked.flat_map(move |((session, subject), row)| {
                table.measures.iter().filter_map(move |(measure, columns)| {
                    let got = table.cells(columns, row);
                    let is_figure = match rows.are_of_populations() {
                        true => got.iter().all(|cell| cell.is_some_and(|cell| cell != 0)),
                        false => got.iter().all(Option::is_some),
                    };
                    let is_asked = |of: &Scope| match of {
                        Scope::Security(symbol) if rows.are_of_asked() => {
                            self.asked.whole.contains(&(*session, *symbol))
                        }
                        _ => true,
                    };
                    let has = |of: &Scope| {
                        is_figure
                            && is_asked(of)
                            && self.is_weighed(measure, of, *session)
                            && self.has_figures(of, *session)
                    };
                    let scope = subject.parse().ok().filter(has)?;
                    let (measure, as_of) = (measure.clone(), self.as_of);
                    Some((FactKey { measure, scope, session: *session, as_of }, shown(&got)))
                })
            })
        })
    }

    /// Whether a scope has figures in a session. Among concepts those that were chosen as themes or
    /// asked for do; among indices only the tracked ones do, and only
    /// in sessions with facts.
    fn has_figures(&self, scope: &Scope, session: SessionDate) -> bool {
        let symbol = match scope {
            Scope::Security(symbol) => symbol,
            Scope::Group(id) if id.is_concept() => {
                return self.concepts.contains(&(session, id.clone()));
            }
            _ => return true,
        };
        symbol.kind() != SecurityKind::Index
            || (self.told.contains(&session) && TrackedIndex::of(*symbol).is_some())
    }

    /// Whether a figure is of no index's members, or of those of an index with such figures.
    fn is_weighed(&self, measure: &MeasureId, of: &Scope, session: SessionDate) -> bool {
        let index = match measure.name() {
            "index_contribution" => measure.parameter().unwrap_or_default().to_owned(),
            "index_member_count"
            | "index_member_points"
            | "index_residual"
            | "index_ungrouped_points" => of.to_string(),
            _ => return true,
        };
        // The members of the SSE Composite follow from the rules.
        index == "000001.SH" || self.weighed.contains(&(session, index))
    }

    pub(crate) fn of(&self, fact: &Fact) -> Answer {
        let Some(twin) = self.asked.twin(fact) else { return Answer::Nothing };
        let row = self.of.get(&twin.rows).and_then(|table| {
            let row = table.rows.get(&(fact.key.session, fact.key.scope.to_string()))?;
            Some(table.cells(&twin.columns, row))
        });
        let integers = fact.value.integers().into_iter();
        let expected: Vec<Option<i64>> = integers
            .flat_map(|(number, whole)| [Some(number)].into_iter().chain(whole.map(Some)))
            .collect();
        let agree = match &row {
            Some(got) if expected.is_empty() => is_unknown(got),
            Some(got) => *got == expected,
            // SQL has no row for an empty population: counts are zero and all else is unknown.
            None => {
                let counts_nobody = twin.rows.are_of_populations();
                expected.is_empty()
                    || (counts_nobody && expected.iter().all(|integer| *integer == Some(0)))
            }
        };
        match row {
            _ if agree => Answer::Same,
            Some(got) => Answer::Other(shown(&got)),
            None => Answer::Other("no row".to_owned()),
        }
    }
}

/// Whether a figure is unknown in SQL: a part of it is NULL, or it is a share of an empty whole.
fn is_unknown(got: &[Option<i64>]) -> bool {
    got.iter().any(Option::is_none) || matches!(got, [_, Some(0)])
}

fn shown(got: &[Option<i64>]) -> String {
    let shown = |cell: &Option<i64>| cell.map_or("null".to_owned(), |cell| cell.to_string());
    got.iter().map(shown).collect::<Vec<_>>().join("/")
}

impl Table {
    fn cells(&self, columns: &[String], row: &[Option<i64>]) -> Vec<Option<i64>> {
        let cell = |sql: &String| self.places.get(sql).and_then(|place| row[*place]);
        columns.iter().map(cell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_null_and_a_share_of_nobody_are_unknown() {
        assert!(
            is_unknown(&[None]) && is_unknown(&[Some(0), Some(0)]) && is_unknown(&[None, None])
        );
        assert!(!is_unknown(&[Some(0)]) && !is_unknown(&[Some(0), Some(3)]));
    }
}
