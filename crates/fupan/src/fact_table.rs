//! Facts as tables, one fact a row.

use std::collections::BTreeMap;
use std::io::Write;

use fupan_brief::Language;
pub use fupan_brief::worded;
pub use fupan_fact::number::{decimal, exact};
use fupan_fact::{Fact, FactKey, FactSet, MeasureId, MeasureText, Scope, Unit, Value, number};
use fupan_market::{GroupId, SecurityKind, SessionDate, Symbol, shown_json};
use fupan_measure::{Kind, Measure, Selection, catalogue, returns_since};
use fupan_table::Derived;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value as Json, json};

use crate::Error;
use crate::kept::fact_rows;

/// Which facts to list. An empty list admits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Measure names, with or without parameter: `limit_up_count`, `limit_up_ladder:4`.
    pub measures: Vec<String>,
    /// Scopes: `all-a`, `600589.SH`.
    pub scopes: Vec<String>,
}

impl Filter {
    /// Whether the filter admits a fact.
    pub fn admits(&self, key: &FactKey) -> bool {
        self.admits_of(&key.measure, &key.scope)
    }

    /// What a session must compute for this filter.
    pub(crate) fn selection(&self) -> Selection {
        let named = |name: &str| {
            self.measures.is_empty()
                || self.measures.iter().any(|asked| asked.split(':').next() == Some(name))
        };
        let admits =
            |scope: &Scope| self.scopes.is_empty() || self.scopes.contains(&scope.to_string());
        let groups = self.groups();
        // If only groups are asked for, measures that are not of groups are skipped.
        let of_groups_alone = !groups.is_empty() && groups.len() == self.scopes.len();
        // The same of single securities.
        let securities = self.securities();
        let of_securities_alone = !securities.is_empty() && securities.len() == self.scopes.len();
        let asked = |measure: &Measure| {
            named(measure.name())
                && (!of_groups_alone || measure.is_of_groups())
                && (!of_securities_alone || measure.is_of_securities())
        };
        let selection = Selection::of(asked, admits).with_securities(securities);
        match groups {
            ids if !ids.is_empty() => selection.with_groups(ids),
            _ if self.is_of_groups() => selection.with_review_groups(),
            _ => selection,
        }
    }

    /// The groups of shares among the scopes.
    pub fn groups(&self) -> Vec<GroupId> {
        let group = |text: &String| match text.parse() {
            Ok(Scope::Group(id)) => Some(id),
            _ => None,
        };
        self.scopes.iter().filter_map(group).collect()
    }

    /// The securities other than indices among the scopes.
    pub fn securities(&self) -> Vec<Symbol> {
        let security = |text: &String| match text.parse() {
            Ok(Scope::Security(symbol)) if symbol.kind() != SecurityKind::Index => Some(symbol),
            _ => None,
        };
        self.scopes.iter().filter_map(security).collect()
    }

    /// The sessions since which returns of indices are asked for.
    pub fn since(&self) -> Vec<SessionDate> {
        let ids = self.measures.iter().filter_map(|text| text.parse().ok());
        ids.filter_map(|id: MeasureId| returns_since(&id)).collect()
    }

    /// Whether the filter asks for figures that are computed and not stored: those of groups, and
    /// of securities that may be at no limit.
    pub(crate) fn is_computed(&self) -> bool {
        self.is_of_groups() || !self.securities().is_empty()
    }

    /// Whether the filter names figures that only the review of a session has.
    pub(crate) fn is_of_reviews(&self) -> bool {
        self.measures_of_catalogue().any(Measure::is_of_reviews)
    }

    /// The declarations of the measures that it names.
    fn measures_of_catalogue(&self) -> impl Iterator<Item = &'static Measure> {
        let named = |measure: &&Measure| {
            self.measures.iter().any(|id| id.split(':').next() == Some(measure.name()))
        };
        catalogue().iter().copied().filter(named)
    }

    /// Whether the filter asks for figures of groups, which are computed and not stored.
    fn is_of_groups(&self) -> bool {
        let over_sessions = |measure: &Measure| matches!(measure.kind, Kind::Rotation { .. });
        !self.groups().is_empty()
            || self.measures_of_catalogue().any(over_sessions)
            || self.scopes.is_empty()
                && self.measures_of_catalogue().any(Measure::is_of_groups_only)
    }

    /// Whether the filter admits facts of a measure and scope.
    pub(crate) fn admits_of(&self, measure: &MeasureId, scope: &Scope) -> bool {
        let named = |wanted: &String| wanted == measure.name() || *wanted == measure.to_string();
        (self.measures.is_empty() || self.measures.iter().any(named))
            && (self.scopes.is_empty() || self.scopes.contains(&scope.to_string()))
    }
}

/// The columns of the CSV form, in order.
pub const COLUMNS: [&str; 12] = [
    "key",
    "value",
    "decimal",
    "unit",
    "session",
    "measure",
    "scope",
    "basis",
    "judged",
    "unjudged",
    "measure_version",
    "label",
];

/// The formats of a table of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSV with the header [`COLUMNS`]. `value` is exact: an integer in the unit's smallest step
    /// (fen, parts per billion, ten-thousandths of a yuan or point), `part/whole` for a share,
    /// empty if unknown. `decimal` is the same as a number: see [`decimal`].
    Csv,
    /// A JSON array, one object a fact, with provenance.
    Json,
    /// A Parquet file with the columns of the table `fact`, for programs that read columns. The
    /// meaning, unit and population of each measure are in the file's metadata, under
    /// `fupan:measures`, as JSON by name.
    Parquet,
}

/// Rows of a Parquet file that are sorted together: by scope, measure and session.
const SORTED_ROWS: usize = 1 << 18;

/// Writes facts as a table, one set at a time. Writes nothing before the first fact.
pub struct FactWriter<W: Write + Send> {
    form: Form,
    state: State<W>,
    facts: u64,
}

enum State<W: Write + Send> {
    /// No fact written yet. `None` if the table could not be started.
    Before(Option<W>),
    Csv(csv::Writer<W>),
    Json(W),
    Parquet(Columns<W>),
}

struct Columns<W: Write + Send> {
    writer: ArrowWriter<W>,
    /// Facts not written yet, with their units.
    held: Vec<(Fact, Unit)>,
    measures: BTreeMap<String, MeasureText>,
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::table(error)
}

impl<W: Write + Send> FactWriter<W> {
    /// A writer of a table in `form` to `sink`.
    pub fn new(form: Form, sink: W) -> FactWriter<W> {
        FactWriter { form, state: State::Before(Some(sink)), facts: 0 }
    }

    /// Facts written so far.
    pub fn facts(&self) -> u64 {
        self.facts
    }

    /// Writes the facts of a set.
    ///
    /// # Errors
    /// [`Error::Table`] if a row cannot be written.
    pub fn write(&mut self, set: &FactSet) -> Result<(), Error> {
        if set.facts.is_empty() {
            return Ok(());
        }
        let first = self.facts == 0;
        self.facts += set.facts.len() as u64;
        if let State::Before(sink) = &mut self.state {
            let sink = sink.take().ok_or_else(|| failed("it could not be begun"))?;
            self.state = begin(self.form, sink)?;
        }
        match &mut self.state {
            State::Before(_) => unreachable!("begun a line before"),
            State::Csv(writer) => {
                for fact in set.facts.values() {
                    writer.write_record(row(set, fact)).map_err(failed)?;
                }
            }
            State::Json(sink) => {
                for (place, fact) in set.facts.values().enumerate() {
                    let before = if first && place == 0 { "[\n" } else { ",\n" };
                    sink.write_all(before.as_bytes()).map_err(failed)?;
                    let json = serde_json::to_string(fact).map_err(failed)?;
                    sink.write_all(shown_json(&json).as_bytes()).map_err(failed)?;
                }
            }
            State::Parquet(columns) => columns.hold(set)?,
        }
        Ok(())
    }

    /// Ends the table and returns the sink.
    ///
    /// # Errors
    /// As for [`FactWriter::write`].
    pub fn finish(self) -> Result<W, Error> {
        match self.state {
            State::Before(sink) => sink.ok_or_else(|| failed("it could not be begun")),
            State::Csv(writer) => writer.into_inner().map_err(failed),
            State::Json(mut sink) => {
                sink.write_all(b"\n]\n").map_err(failed)?;
                Ok(sink)
            }
            State::Parquet(columns) => columns.finish(),
        }
    }
}

fn begin<W: Write + Send>(form: Form, sink: W) -> Result<State<W>, Error> {
    Ok(match form {
        Form::Csv => {
            let mut writer = csv::Writer::from_writer(sink);
            writer.write_record(COLUMNS).map_err(failed)?;
            State::Csv(writer)
        }
        Form::Json => State::Json(sink),
        Form::Parquet => {
            let properties = WriterProperties::builder()
                .set_compression(Compression::SNAPPY)
                .set_created_by(format!("fupan {}", env!("CARGO_PKG_VERSION")))
                .build();
            let schema = Derived::Fact.schema();
            let writer = ArrowWriter::try_new(sink, schema, Some(properties)).map_err(failed)?;
            let (held, measures) = (Vec::new(), BTreeMap::new());
            State::Parquet(Columns { writer, held, measures })
        }
    })
}

impl<W: Write + Send> Columns<W> {
    fn hold(&mut self, set: &FactSet) -> Result<(), Error> {
        for fact in set.facts.values() {
            let name = fact.key.measure.name();
            let Some(text) = set.measures.get(name) else { continue };
            if !self.measures.contains_key(name) {
                self.measures.insert(name.to_owned(), text.clone());
            }
            self.held.push((fact.clone(), text.unit));
        }
        if self.held.len() >= SORTED_ROWS { self.put_down() } else { Ok(()) }
    }

    fn put_down(&mut self) -> Result<(), Error> {
        let batch = fact_rows::fact_batch(self.held.iter().map(|(fact, unit)| (fact, *unit)))?;
        self.held.clear();
        self.writer.write(&batch).map_err(failed)
    }

    fn finish(mut self) -> Result<W, Error> {
        self.put_down()?;
        let measures = serde_json::to_string(&self.measures).map_err(failed)?;
        self.writer.append_key_value_metadata(KeyValue::new("fupan:measures".to_owned(), measures));
        self.writer.into_inner().map_err(failed)
    }
}

fn row(set: &FactSet, fact: &Fact) -> [String; 12] {
    let text = set.measures.get(fact.key.measure.name());
    [
        fact.key.to_string(),
        exact(&fact.value),
        decimal(&fact.value),
        text.map_or("", |text| text.unit.id()).to_owned(),
        fact.key.session.to_string(),
        fact.key.measure.to_string(),
        fact.key.scope.to_string(),
        fact.provenance.basis.id().to_owned(),
        fact.provenance.coverage.judged.to_string(),
        fact.provenance.coverage.unjudged.to_string(),
        fact.provenance.measure_version.to_string(),
        text.map(|text| text.label_en.clone()).unwrap_or_default(),
    ]
}

/// A value as people read it in a terminal, in English: `2,107`, `+1.32%`, `CNY 2.42 tn`. [`worded`]
/// formats it in either language.
pub fn readable(value: &Value) -> String {
    worded(value, Language::En)
}

/// A count with separators between thousands.
pub fn counted(count: usize) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

/// An integer with separators between thousands.
pub fn grouped(number: i64) -> String {
    number::grouped(&number.to_string())
}

/// A fact with its label and readable value, as one JSON object for programs.
pub fn object(set: &FactSet, fact: &Fact) -> Json {
    let text = set.measures.get(fact.key.measure.name());
    json!({
        "key": fact.key.to_string(),
        "label_zh": text.map(|t| t.label_zh.as_str()),
        "label_en": text.map(|t| t.label_en.as_str()),
        "value": fact.value,
        "exact": exact(&fact.value),
        "unit": text.map(|t| t.unit.id()),
        "provenance": fact.provenance,
    })
}

#[cfg(test)]
mod tests {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::{Market, sample};

    #[test]
    fn every_form_of_a_table_tells_the_same_facts() {
        let market = Market::Sample(sample::small());
        let set = crate::review(&market, None).unwrap();
        let written = |form| {
            let mut writer = FactWriter::new(form, Vec::new());
            writer.write(&set).unwrap();
            writer.write(&set).unwrap();
            writer.finish().unwrap()
        };
        let count = 2 * set.facts.len();
        let csv = String::from_utf8(written(Form::Csv)).unwrap();
        assert_eq!(csv.lines().count(), count + 1);
        let json: Vec<Fact> = serde_json::from_slice(&written(Form::Json)).unwrap();
        assert!(json.iter().eq(set.facts.values().chain(set.facts.values())));
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&written(Form::Parquet)).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(metadata.iter().any(|entry| entry.key == "fupan:measures"));
        let rows: usize = reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(rows, count);
        let nothing = FactSet::new(set.session);
        let mut empty = FactWriter::new(Form::Csv, Vec::new());
        empty.write(&nothing).unwrap();
        assert_eq!((empty.facts(), empty.finish().unwrap()), (0, Vec::new()));
    }
}
