//! Facts as rows of the table `fact`, and back.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayAccessor as _, ArrayRef, AsArray as _, BooleanBuilder, Date32Builder,
    Int32Builder, Int64Array, Int64Builder, RecordBatch, StringArray, StringBuilder,
    TypedDictionaryArray,
};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_fact::{AsOf, Basis, Coverage, Fact, FactKey, MeasureId, Provenance, Scope, Unit, Value};
use fupan_market::{RulebookVersion, SessionDate};
use fupan_measure::{FigureHistory, FigureValue, Series};
use fupan_table::Derived;

use crate::Error;
use crate::kept::day_rows::{failed, fits};

/// Facts as rows of the table `fact`, in the table's order.
///
/// # Errors
/// If the rows do not fit the schema.
pub(crate) fn fact_batch<'a>(
    facts: impl IntoIterator<Item = (&'a Fact, Unit)>,
) -> Result<RecordBatch, Error> {
    let mut rows = FactRows::default();
    facts.into_iter().try_for_each(|(fact, unit)| rows.add(fact, unit))?;
    rows.batch()
}

/// Facts collected for the table `fact`: only what the table stores of them is kept.
#[derive(Default)]
pub(crate) struct FactRows {
    rows: Vec<FactRow>,
    /// Scopes and measures, in the order in which they first occurred.
    keys: Vec<RowKey>,
    places: BTreeMap<(Scope, MeasureId), usize>,
    /// The place of the last fact's key.
    last: usize,
    /// Why values are unknown, each reason once.
    reasons: Vec<String>,
}

/// The scope and measure of a row.
struct RowKey {
    scope: Scope,
    measure: MeasureId,
    /// The place of the key that last followed this one. Sessions have much the same facts in the
    /// same order, so it is most often the next one.
    next: usize,
}

/// What the table stores of a fact.
struct FactRow {
    /// Its place among the keys.
    key: usize,
    session: SessionDate,
    as_of: AsOf,
    unit: Unit,
    number: Option<(i64, Option<i64>)>,
    /// Its place among the reasons.
    reason: Option<usize>,
    basis: Basis,
    judged: i64,
    unjudged: i64,
    version: i32,
}

impl FactRows {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a fact.
    ///
    /// # Errors
    /// If a number does not fit its column.
    pub(crate) fn add(&mut self, fact: &Fact, unit: Unit) -> Result<(), Error> {
        let Provenance { coverage, basis, measure_version, .. } = &fact.provenance;
        let reason = match &fact.value {
            Value::Unknown { reason } => Some(self.reason(reason)),
            _ => None,
        };
        let row = FactRow {
            key: self.key(&fact.key),
            session: fact.key.session,
            as_of: fact.key.as_of,
            unit,
            number: fact.value.integers(),
            reason,
            basis: *basis,
            judged: fits(coverage.judged, ("a count of those judged", "已判定的个数"))?,
            unjudged: fits(coverage.unjudged, ("a count of those not judged", "未判定的个数"))?,
            version: fits(*measure_version, ("a measure's version", "指标的版本"))?,
        };
        self.rows.push(row);
        Ok(())
    }

    /// The place of a fact's scope and measure.
    fn key(&mut self, FactKey { scope, measure, .. }: &FactKey) -> usize {
        let next = self.keys.get(self.last).map_or(0, |last| last.next);
        let is_next =
            self.keys.get(next).is_some_and(|key| key.measure == *measure && key.scope == *scope);
        let place = match is_next {
            true => next,
            false => *self.places.entry((scope.clone(), measure.clone())).or_insert_with(|| {
                let (scope, measure) = (scope.clone(), measure.clone());
                self.keys.push(RowKey { scope, measure, next: 0 });
                self.keys.len() - 1
            }),
        };
        if let Some(last) = self.keys.get_mut(self.last) {
            last.next = place;
        }
        self.last = place;
        place
    }

    fn reason(&mut self, reason: &str) -> usize {
        let known = self.reasons.iter().position(|known| known == reason);
        known.unwrap_or_else(|| {
            self.reasons.push(reason.to_owned());
            self.reasons.len() - 1
        })
    }

    /// The rows, sorted by scope as text, measure, session and instant.
    ///
    /// # Errors
    /// If the rows do not fit the schema.
    pub(crate) fn batch(mut self) -> Result<RecordBatch, Error> {
        let scopes: Vec<String> = self.keys.iter().map(|key| key.scope.to_string()).collect();
        // Keys are few: they are sorted once, and rows are compared by their positions.
        let mut in_order: Vec<usize> = (0..self.keys.len()).collect();
        in_order.sort_unstable_by_key(|place| (&scopes[*place], &self.keys[*place].measure));
        let mut rank = vec![0; self.keys.len()];
        in_order.into_iter().enumerate().for_each(|(at, place)| rank[place] = at);
        self.rows.sort_unstable_by_key(|row| (rank[row.key], row.session, row.as_of));
        let close = AsOf::Close.to_string();
        let mut session = Date32Builder::new();
        let [mut measure, mut parameter, mut scope, mut as_of, mut unit, mut unknown, mut basis] =
            std::array::from_fn(|_| StringBuilder::new());
        let [mut value, mut whole, mut judged, mut unjudged] =
            std::array::from_fn(|_| Int64Builder::new());
        let mut version = Int32Builder::new();
        for row in &self.rows {
            let key = &self.keys[row.key];
            session.append_value(row.session.epoch_days());
            measure.append_value(key.measure.name());
            parameter.append_option(key.measure.parameter());
            scope.append_value(&scopes[row.key]);
            match row.as_of {
                AsOf::Close => as_of.append_value(&close),
                at => as_of.append_value(at.to_string()),
            }
            unit.append_value(row.unit.id());
            value.append_option(row.number.map(|(number, _)| number));
            whole.append_option(row.number.and_then(|(_, whole)| whole));
            unknown.append_option(row.reason.map(|reason| &self.reasons[reason]));
            basis.append_value(row.basis.id());
            judged.append_value(row.judged);
            unjudged.append_value(row.unjudged);
            version.append_value(row.version);
        }
        let columns: Vec<ArrayRef> = vec![
            Arc::new(session.finish()),
            Arc::new(measure.finish()),
            Arc::new(parameter.finish()),
            Arc::new(scope.finish()),
            Arc::new(as_of.finish()),
            Arc::new(unit.finish()),
            Arc::new(value.finish()),
            Arc::new(whole.finish()),
            Arc::new(unknown.finish()),
            Arc::new(basis.finish()),
            Arc::new(judged.finish()),
            Arc::new(unjudged.finish()),
            Arc::new(version.finish()),
        ];
        RecordBatch::try_new(Derived::Fact.schema(), columns).map_err(failed)
    }
}

/// A column of repeating texts.
type Texts<'a> = TypedDictionaryArray<'a, Int32Type, StringArray>;

/// The columns that [`figures`] reads.
pub(crate) const FACT_ROW: [&str; 8] =
    ["session", "measure", "parameter", "scope", "as_of", "value", "whole", "basis"];

/// The figures at the close of one scope, for the measures wanted. `None` if the columns are not
/// those of the table.
pub(crate) fn figures(
    batch: &RecordBatch,
    scope: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> Option<Vec<Series>> {
    let text = |name: &str| -> Option<Texts<'_>> {
        batch.column_by_name(name)?.as_dictionary_opt::<Int32Type>()?.downcast_dict()
    };
    let number = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let [measures, parameters, scopes, as_ofs, bases] =
        [text("measure")?, text("parameter")?, text("scope")?, text("as_of")?, text("basis")?];
    let [values, wholes] = [number("value")?, number("whole")?];
    let said = |column: &Texts<'_>, is: &str| -> Vec<bool> {
        column.values().iter().map(|text| text == Some(is)).collect()
    };
    let holds = |said: &[bool], column: &Texts<'_>, row| {
        column.keys().is_valid(row) && said[column.keys().value(row) as usize]
    };
    let (of_scope, at_close) = (said(&scopes, scope), said(&as_ofs, "close"));
    let based = Basis::ALL.map(|basis| (basis, said(&bases, basis.id())));
    // Rows are sorted by measure, so the answer for one row often holds for the next.
    let mut last: Option<[Option<i32>; 2]> = None;
    let mut is_wanted = false;
    let mut figures: Vec<Series> = Vec::new();
    for row in 0..batch.num_rows() {
        if values.is_null(row) || !holds(&of_scope, &scopes, row) || !holds(&at_close, &as_ofs, row)
        {
            continue;
        }
        let key = |text: &Texts<'_>| text.keys().is_valid(row).then(|| text.keys().value(row));
        let here = [key(&measures), key(&parameters)];
        if last != Some(here) {
            last = Some(here);
            let id = match parameters.keys().is_null(row) {
                true => measures.value(row).to_owned(),
                false => format!("{}:{}", measures.value(row), parameters.value(row)),
            };
            is_wanted = wanted(&id);
            if is_wanted {
                figures.push((id, Vec::new()));
            }
        }
        let Some((_, series)) = figures.last_mut().filter(|_| is_wanted) else { continue };
        let figure = FigureValue {
            number: values.value(row),
            of: if wholes.is_valid(row) { wholes.value(row) } else { 1 },
            basis: based.iter().find(|(_, said)| holds(said, &bases, row))?.0,
        };
        series.push((SessionDate::from_epoch_days(sessions.value(row))?, figure));
    }
    Some(figures)
}

/// Facts from rows of the table `fact`: those of the wanted sessions that are admitted. They have
/// no inputs or findings, because the table stores none. `None` if the columns are not those of the
/// table.
pub(crate) fn facts(
    batch: &RecordBatch,
    sessions_wanted: &RangeInclusive<SessionDate>,
    rulebook: &RulebookVersion,
    admits: &dyn Fn(&MeasureId, &Scope) -> bool,
) -> Option<Vec<Fact>> {
    let text = |name: &str| -> Option<Texts<'_>> {
        batch.column_by_name(name)?.as_dictionary_opt::<Int32Type>()?.downcast_dict()
    };
    let number = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let versions = batch.column_by_name("measure_version")?.as_primitive_opt::<Int32Type>()?;
    let [measures, parameters, scopes, as_ofs] =
        [text("measure")?, text("parameter")?, text("scope")?, text("as_of")?];
    let [units, reasons, bases] = [text("unit")?, text("unknown")?, text("basis")?];
    let [values, wholes, judged, unjudged] =
        [number("value")?, number("whole")?, number("judged")?, number("unjudged")?];
    let key = |text: &Texts<'_>, row| text.keys().is_valid(row).then(|| text.keys().value(row));
    let told = |numbers: &Int64Array, row| numbers.is_valid(row).then(|| numbers.value(row));
    // Rows are sorted by scope and measure, so the answer for one row often holds for the next.
    let mut last: Option<[Option<i32>; 3]> = None;
    let mut of: Option<(MeasureId, Scope)> = None;
    let (mut facts, no_inputs) = (Vec::new(), Arc::from([]));
    for row in 0..batch.num_rows() {
        let here = [key(&measures, row), key(&parameters, row), key(&scopes, row)];
        if last != Some(here) {
            last = Some(here);
            let name = measures.value(row);
            let measure = match parameters.keys().is_valid(row) {
                true => MeasureId::with(name.to_owned(), parameters.value(row)),
                false => MeasureId::new(name.to_owned()),
            };
            let scope: Scope = scopes.value(row).parse().ok()?;
            of = admits(&measure, &scope).then_some((measure, scope));
        }
        let Some((measure, scope)) = &of else { continue };
        let session = SessionDate::from_epoch_days(sessions.value(row))?;
        if !sessions_wanted.contains(&session) {
            continue;
        }
        let unit = Unit::ALL.into_iter().find(|unit| unit.id() == units.value(row))?;
        facts.push(Fact {
            key: FactKey {
                measure: measure.clone(),
                scope: scope.clone(),
                session,
                as_of: as_ofs.value(row).parse().ok()?,
            },
            value: match told(values, row) {
                Some(number) => Value::of_integers(unit, number, told(wholes, row))?,
                None => Value::Unknown { reason: reasons.value(row).to_owned() },
            },
            provenance: Provenance {
                inputs: Arc::clone(&no_inputs),
                coverage: Coverage {
                    judged: u64::try_from(judged.value(row)).ok()?,
                    unjudged: u64::try_from(unjudged.value(row)).ok()?,
                },
                basis: Basis::of_id(bases.value(row))?,
                rulebook: rulebook.clone(),
                measure_version: u32::try_from(versions.value(row)).ok()?,
                findings: Vec::new(),
            },
        });
    }
    Some(facts)
}

/// Figures by session, in the form that the SQL twins across sessions read.
///
/// # Errors
/// If the rows do not fit.
pub(crate) fn figure_batch(past: &FigureHistory) -> Result<RecordBatch, Error> {
    let mut session = Date32Builder::new();
    let mut measure = StringBuilder::new();
    let mut partial = BooleanBuilder::new();
    let [mut place, mut value, mut whole] = std::array::from_fn(|_| Int64Builder::new());
    for (at, on, of, figure) in past.figures() {
        partial.append_value(figure.is_partial());
        session.append_value(on.epoch_days());
        place.append_value(fits(at, ("a place among sessions", "在交易日中的位置"))?);
        measure.append_value(of);
        value.append_value(figure.number);
        whole.append_value(figure.of);
    }
    let columns: [(&str, ArrayRef); 6] = [
        ("session", Arc::new(session.finish())),
        ("partial", Arc::new(partial.finish())),
        ("place", Arc::new(place.finish())),
        ("measure", Arc::new(measure.finish())),
        ("value", Arc::new(value.finish())),
        ("whole", Arc::new(whole.finish())),
    ];
    RecordBatch::try_from_iter(columns).map_err(failed)
}
