//! Fills one table from frames: reads the cells, checks the rows, keeps the sound ones, and sorts
//! them at the end.

pub(crate) mod cells;
pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod classification;
pub(crate) mod order;
mod read;
pub(crate) mod so_far;
pub(crate) mod symbols;
pub(crate) mod units;
pub(crate) mod weighted_lists;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Date32Builder, Int32Builder, Int64Builder, new_null_array};
use arrow::datatypes::{DataType, SchemaRef};
use fupan_market::{Calendar, FindingKind, SecurityKind, SessionDate, Symbol};
use fupan_table::Table;

use crate::SourceError;
use crate::error::Expected;
use crate::finding::topics::Checked;
use crate::finding::{At, Cost, Findings, Topic, fund_topics, topics};
use crate::frame::Frame;
use crate::recipe::units::SHARES_OR_LOTS;
use crate::recipe::{ColumnRecipe, From, Meaning, Others, Presence, Recipe, TableRecipe};
use crate::row::cells::{Cell, DateMemo};
use crate::row::check::{Lacking, Sessions};
use crate::row::classification::Classification;
use crate::row::order::{Unordered, Values};
use crate::row::symbols::{Symbols, Texts};
use crate::row::units::Units;

/// State shared by the tables of one import.
#[derive(Debug)]
pub(crate) struct Shared {
    pub symbols: Symbols,
    pub texts: Texts,
    pub dates: DateMemo,
    pub sessions: Sessions,
    pub findings: Findings,
    pub units: Units,
    pub lacking: Lacking,
    /// The same of funds.
    pub fund_units: Units,
    pub fund_lacking: Lacking,
    pub classification: Classification,
    /// For each row of the current frame: whether some table lost it, and whether no table holds
    /// its kind.
    pub lost: Vec<bool>,
    pub not_covered: Vec<bool>,
    /// The date from the file's name or the caller.
    pub as_of: Option<SessionDate>,
}

impl Shared {
    /// The state before the first frame; `as_of` is the date from the file's name or the caller.
    pub fn new(as_of: Option<SessionDate>, calendar: &'static Calendar) -> Shared {
        Shared {
            symbols: Symbols::default(),
            texts: Texts::default(),
            dates: DateMemo::default(),
            sessions: Sessions::of(calendar),
            findings: Findings::default(),
            units: Units::default(),
            lacking: Lacking::default(),
            fund_units: Units::default(),
            fund_lacking: Lacking::default(),
            classification: Classification::default(),
            lost: Vec::new(),
            not_covered: Vec::new(),
            as_of,
        }
    }

    /// Notes one row of a frame under a topic, and marks it lost or not covered if the topic says
    /// so.
    fn note(
        &mut self,
        topic: Topic,
        subject: &str,
        place: (&Frame, usize),
        column: Option<&str>,
        example: impl FnOnce() -> String,
    ) {
        let (frame, row) = place;
        self.findings.note(topic, subject, at(frame, row, column), example);
        mark(topic, row, &mut self.lost, &mut self.not_covered);
    }
}

/// Marks a row as lost or not covered, as its topic says.
fn mark(topic: Topic, row: usize, lost: &mut [bool], not_covered: &mut [bool]) {
    match topic.cost {
        Cost::Lost => lost[row] = true,
        Cost::NotCovered => not_covered[row] = true,
        Cost::Kept => {}
    }
}

/// One table under construction.
#[derive(Debug)]
pub(crate) struct Filler<'r> {
    recipe: &'r Recipe,
    table: &'r TableRecipe,
    schema: SchemaRef,
    /// Indices of the date and of the symbol (or market), which make the key.
    day_field: usize,
    who_field: usize,
    cells: Vec<Vec<Cell>>,
    dropped: Vec<bool>,
    /// The parts of a column of lists, by row.
    parts: Option<(usize, Vec<Vec<Cell>>)>,
    /// For each row of `cells` its row in the frame, if lists were spread.
    places: Option<Vec<usize>>,
    days: Vec<i32>,
    whos: Vec<u32>,
    kept: Vec<Kept>,
}

/// The kept values of one column that is not part of the key.
#[derive(Debug)]
enum Kept {
    Key,
    /// No column of the recipe fills it.
    Never(DataType),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Date(Date32Builder),
    Text(Int32Builder),
}

impl<'r> Filler<'r> {
    pub fn new(recipe: &'r Recipe, table: &'r TableRecipe) -> Filler<'r> {
        let schema = table.table.schema();
        let key = table.table.key();
        let is_key = |field: usize| key.contains(&schema.field(field).name().as_str());
        let fields = 0..schema.fields().len();
        let of = |date: bool| {
            let matching = |field: &usize| {
                is_key(*field) && (schema.field(*field).data_type() == &DataType::Date32) == date
            };
            fields.clone().find(matching).unwrap_or(0)
        };
        let (day_field, who_field) = (of(true), of(false));
        let kept = fields.clone().map(|field| match schema.field(field).data_type() {
            _ if field == day_field || field == who_field => Kept::Key,
            of_type if table.columns.iter().all(|column| column.field != field) => {
                Kept::Never(of_type.clone())
            }
            DataType::Int32 => Kept::Int32(Int32Builder::new()),
            DataType::Int64 => Kept::Int64(Int64Builder::new()),
            DataType::Date32 => Kept::Date(Date32Builder::new()),
            _ => Kept::Text(Int32Builder::new()),
        });
        Filler {
            recipe,
            table,
            day_field,
            who_field,
            cells: vec![Vec::new(); schema.fields().len()],
            dropped: Vec::new(),
            parts: None,
            places: None,
            days: Vec::new(),
            whos: Vec::new(),
            kept: kept.collect(),
            schema,
        }
    }

    /// Takes the sound rows of a frame.
    ///
    /// # Errors
    /// If a column's type cannot be read as what the recipe declares.
    pub fn push(&mut self, frame: &Frame, shared: &mut Shared) -> Result<(), SourceError> {
        let rows = frame.batch.num_rows();
        for cells in &mut self.cells {
            cells.clear();
            cells.resize(rows, None);
        }
        let lacks = |column: &ColumnRecipe| {
            column.presence == Presence::Required
                && !matches!(&column.from, From::ColumnOrFileName(_))
                && column.from.columns().any(|name| frame.batch.column_by_name(name).is_none())
        };
        // Required tables were checked against the file's columns when it was opened.
        if rows == 0 || self.table.columns.iter().any(lacks) {
            return Ok(());
        }
        (self.parts, self.places) = (None, None);
        self.dropped.clear();
        self.dropped.resize(rows, false);
        self.hold_to(Others::NotCovered, frame, shared)?;
        let who = |column: &&ColumnRecipe| column.field == self.who_field;
        let (first, rest): (Vec<_>, Vec<_>) = self.table.columns.iter().partition(who);
        for column in first.into_iter().chain(rest) {
            self.read_column(column, frame, shared)?;
            if self.dropped.iter().all(|dropped| *dropped) {
                return Ok(());
            }
        }
        self.hold_to(Others::Lost, frame, shared)?;
        self.spread();
        self.check_rows(frame, shared);
        self.keep();
        Ok(())
    }

    /// Makes a row of each part of a list.
    fn spread(&mut self) {
        let Some((field, parts)) = self.parts.take() else { return };
        let rows = || parts.iter().enumerate().filter(|(row, _)| !self.dropped[*row]);
        let places: Vec<usize> =
            rows().flat_map(|(row, parts)| std::iter::repeat_n(row, parts.len())).collect();
        let own: Vec<Cell> = rows().flat_map(|(_, parts)| parts).copied().collect();
        for cells in &mut self.cells {
            *cells = places.iter().map(|row| cells[*row]).collect();
        }
        self.cells[field] = own;
        self.dropped = vec![false; places.len()];
        self.places = Some(places);
    }

    /// The row of the frame that a row of cells was read from.
    fn place(&self, row: usize) -> usize {
        self.places.as_ref().map_or(row, |places| places[row])
    }

    /// Reads one column's cells; drops rows whose required value is missing or unreadable.
    fn read_column(
        &mut self,
        column: &ColumnRecipe,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        let array = column.from.column().and_then(|name| frame.batch.column_by_name(name));
        match (column.meaning, array) {
            (Meaning::Symbol(style), Some(array)) => {
                self.read_symbols(column, style, array, frame, shared)
            }
            (Meaning::Symbol(style), None) => {
                let text = match &column.from {
                    From::Constant(text) => text.clone(),
                    _ => frame.subject.to_string(),
                };
                self.one_symbol(&text, style, column, frame, shared);
                Ok(())
            }
            (Meaning::Date(clock), None) => {
                let day = match &column.from {
                    From::Constant(text) => {
                        shared.dates.read(text, clock.zone).ok().map(|civil| civil.day)
                    }
                    From::FileName | From::ColumnOrFileName(_) => {
                        shared.as_of.map(SessionDate::epoch_days)
                    }
                    From::Column(_) | From::Difference { .. } => None,
                };
                self.cells[column.field].fill(day.map(i64::from));
                Ok(())
            }
            (Meaning::Text, None) => {
                let text = match &column.from {
                    From::Constant(text) => Some(text.as_str()),
                    From::FileName | From::ColumnOrFileName(_) => cells::spoken(&frame.subject),
                    _ => None,
                };
                let number = text.map(|text| i64::from(shared.texts.number(text)));
                self.cells[column.field].fill(number);
                Ok(())
            }
            (Meaning::Number { scale, .. }, None) => {
                if let From::Constant(text) = &column.from {
                    self.cells[column.field].fill(scale.text(text));
                }
                Ok(())
            }
            (Meaning::Time(_) | Meaning::Texts(_), None) => Ok(()),
            (Meaning::Text, Some(array)) => self.read_texts(column, array, frame, shared),
            (Meaning::Texts(between), Some(array)) => {
                self.read_lists(column, between, array, frame, shared)
            }
            (_, Some(array)) => self.read_values(column, array, frame, shared),
        }
    }

    /// Checks the rows not dropped so far.
    fn check_rows(&mut self, frame: &Frame, shared: &mut Shared) {
        let by_session = self.schema.field(self.day_field).name() == "session";
        let of_symbols = self.schema.field(self.who_field).name() == "symbol";
        for row in 0..self.dropped.len() {
            if self.dropped[row] {
                continue;
            }
            let checked = self
                .check_row(row, by_session, of_symbols, shared)
                .and_then(|()| self.in_shares(row, frame, shared))
                .and_then(|()| self.weigh(row, frame, shared));
            let Err((topic, field)) = checked else { continue };
            self.dropped[row] = true;
            let column = self.file_column(field);
            let subject = match topic.kind {
                FindingKind::UnreadableField => column.to_owned(),
                _ => self.table.table.name().to_owned(),
            };
            let example = self.example(row, of_symbols, &shared.symbols);
            let place = (frame, self.place(row));
            shared.note(topic, &subject, place, Some(column), || example);
        }
    }

    /// Turns a volume that may be in lots into one in shares.
    fn in_shares(&mut self, row: usize, frame: &Frame, shared: &mut Shared) -> Checked {
        let may_be = |column: &&ColumnRecipe| {
            matches!(column.meaning, Meaning::Number { unit: SHARES_OR_LOTS, .. })
        };
        let Some(column) = self.table.columns.iter().find(may_be) else { return Ok(()) };
        let at = at(frame, row, column.from.column());
        let who = self.cells[self.who_field][row].and_then(|n| u32::try_from(n).ok());
        let Shared { findings, symbols, .. } = shared;
        let name = || who.map(|who| symbols.symbol(who).to_string()).unwrap_or_default();
        check::in_shares(&mut self.cells, row, || {
            findings.note(fund_topics::IN_LOTS, self.table.table.name(), at, name);
        })
    }

    /// Adds a sound row to the evidence on units.
    fn weigh(&self, row: usize, frame: &Frame, shared: &mut Shared) -> Checked {
        let table = self.table.table;
        if !matches!(table, Table::DailyBar | Table::FundBar | Table::Quote) {
            return Ok(());
        }
        let symbol = self.cells[self.who_field][row].and_then(|n| u32::try_from(n).ok());
        let Some(symbol) = symbol.map(|n| shared.symbols.symbol(n)) else { return Ok(()) };
        let at = at(frame, row, Some(self.file_column("turnover")));
        let Shared { units, lacking, fund_units, fund_lacking, .. } = shared;
        match table {
            Table::FundBar => check::weigh(&self.cells, row, symbol, fund_units, fund_lacking, at),
            Table::Quote => check::weigh_quote(&self.cells, row, symbol, units, at),
            _ => check::weigh(&self.cells, row, symbol, units, lacking, at),
        }
    }

    fn check_row(
        &mut self,
        row: usize,
        by_session: bool,
        of_symbols: bool,
        shared: &mut Shared,
    ) -> Result<(), (Topic, &'static str)> {
        let who = self.cells[self.who_field][row].and_then(|n| u32::try_from(n).ok());
        let symbol = who.filter(|_| of_symbols).map(|n| shared.symbols.symbol(n));
        let day = self.cells[self.day_field][row].and_then(|day| i32::try_from(day).ok());
        let day_name = if by_session { "session" } else { "observed_on" };
        let Some(day) = day else { return Err((topics::EMPTY, day_name)) };
        if who.is_none() {
            return Err((topics::EMPTY, if of_symbols { "symbol" } else { "market" }));
        }
        if by_session && let Some(topic) = shared.sessions.fault(day, symbol) {
            let traded = check::has_trade(self.table.table, &self.cells, row);
            let topic = match topic == topics::NOT_A_SESSION && traded {
                true => topics::TRADE_WITHOUT_SESSION,
                false => topic,
            };
            return Err((topic, day_name));
        }
        check::row(self.table.table, &mut self.cells, row)?;
        match self.table.table {
            Table::Industry => shared.classification.row(&self.cells, row, &shared.texts)?,
            Table::GroupMember => shared.classification.member(&self.cells, row, &shared.texts)?,
            _ => {}
        }
        if let (Table::Quote, Some(symbol)) = (self.table.table, symbol) {
            check::trading_hours(&self.cells, row, symbol)?;
        }
        let empty = (0..self.schema.fields().len()).find(|field| {
            !self.schema.field(*field).is_nullable() && self.cells[*field][row].is_none()
        });
        match empty.map(|field| self.schema.field(field).name().as_str()) {
            None => Ok(()),
            Some("total_shares") => Err((topics::EMPTY, "total_shares")),
            Some("float_shares") => Err((topics::EMPTY, "float_shares")),
            Some("time") => Err((topics::EMPTY, "time")),
            Some("old_symbol") => Err((topics::EMPTY, "old_symbol")),
            Some("name_1") => Err((topics::EMPTY, "name_1")),
            Some("name") => Err((topics::EMPTY, "name")),
            Some("index_symbol") => Err((topics::EMPTY, "index_symbol")),
            Some(_) => Err((topics::EMPTY, "close")),
        }
    }

    /// A row's key, for a finding: `600519.SH 2026-02-12`.
    fn example(&self, row: usize, of_symbols: bool, symbols: &Symbols) -> String {
        let number = |field: usize| self.cells[field][row];
        let who = number(self.who_field).and_then(|n| u32::try_from(n).ok());
        let day = number(self.day_field).and_then(|day| i32::try_from(day).ok());
        let who = who.filter(|_| of_symbols).map(|n| symbols.symbol(n).to_string());
        let day = day.and_then(SessionDate::from_epoch_days).map(|day| day.to_string());
        let of_time = self.schema.index_of("time").ok().and_then(number);
        let time = of_time.map(|s| format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60));
        [who, day, time].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The file's column from which a column of the table is filled.
    fn file_column(&self, field: &'static str) -> &'r str {
        let place = self.schema.index_of(field).ok();
        let column = self.table.columns.iter().find(|column| Some(column.field) == place);
        column.and_then(|column| column.from.column()).unwrap_or(field)
    }

    /// Appends the rows not dropped.
    fn keep(&mut self) {
        for (row, dropped) in self.dropped.iter().enumerate() {
            if *dropped {
                continue;
            }
            // Both were checked to be present and to fit.
            let day = self.cells[self.day_field][row].and_then(|v| i32::try_from(v).ok());
            let who = self.cells[self.who_field][row].and_then(|v| u32::try_from(v).ok());
            self.days.push(day.unwrap_or_default());
            self.whos.push(who.unwrap_or_default());
        }
        for (field, column) in self.kept.iter_mut().enumerate() {
            let cells = &self.cells[field];
            let narrow = |row: usize| cells[row].and_then(|v| i32::try_from(v).ok());
            let rows = self.dropped.iter().enumerate().filter(|(_, dropped)| !**dropped);
            match column {
                Kept::Key | Kept::Never(_) => {}
                Kept::Int32(builder) | Kept::Text(builder) => {
                    rows.for_each(|(row, _)| builder.append_option(narrow(row)));
                }
                Kept::Date(builder) => {
                    rows.for_each(|(row, _)| builder.append_option(narrow(row)));
                }
                Kept::Int64(builder) => {
                    rows.for_each(|(row, _)| builder.append_option(cells[row]));
                }
            }
        }
    }

    /// The day and the symbol of a row of the current frame, for daily bars and quotes.
    pub fn belongs_to(&self, row: usize, shared: &Shared) -> Option<(Option<i32>, Option<Symbol>)> {
        if !matches!(self.table.table, Table::DailyBar | Table::Quote) {
            return None;
        }
        let cell = |field: usize| self.cells[field].get(row).copied().flatten();
        let day = cell(self.day_field).and_then(|day| i32::try_from(day).ok());
        let who = cell(self.who_field).and_then(|who| u32::try_from(who).ok());
        Some((day, who.map(|who| shared.symbols.symbol(who))))
    }

    /// Whether a row of the current frame is of a fund that this table holds.
    pub fn holds_fund(&self, row: usize) -> bool {
        self.table.table == Table::FundBar
            && self.cells[self.who_field].get(row).is_some_and(Option::is_some)
    }

    /// Whether the table holds prices of funds.
    pub fn is_of_funds(&self) -> bool {
        self.table.table == Table::FundBar
    }

    /// Rows kept so far.
    pub fn rows(&self) -> usize {
        self.days.len()
    }

    /// The kept rows, ready to be sorted.
    pub fn finish(self, shared: &Shared) -> Unordered {
        let of_symbols = self.schema.field(self.who_field).name() == "symbol";
        let rows = self.rows();
        Unordered {
            table: self.table.table,
            whos: self.whos,
            days: self.days,
            names: if of_symbols { shared.symbols.names() } else { shared.texts.names() },
            values: self.kept.into_iter().map(|kept| kept.finish(rows)).collect(),
        }
    }
}

impl Kept {
    fn finish(self, rows: usize) -> Values {
        match self {
            Kept::Key => Values::Key,
            Kept::Never(of_type) => Values::Array(new_null_array(&of_type, rows)),
            Kept::Int32(mut builder) => Values::Array(Arc::new(builder.finish())),
            Kept::Int64(mut builder) => Values::Array(Arc::new(builder.finish())),
            Kept::Date(mut builder) => Values::Array(Arc::new(builder.finish())),
            Kept::Text(mut builder) => Values::Text(builder.finish()),
        }
    }
}

/// The place of a row of a frame in its file.
fn at<'a>(frame: &'a Frame, row: usize, column: Option<&'a str>) -> At<'a> {
    At { file: &frame.file, row: frame.number(row), column }
}

fn wrong_type(
    frame: &Frame,
    column: &ColumnRecipe,
    array: &ArrayRef,
    expected: Expected,
) -> SourceError {
    SourceError::WrongType {
        path: frame.file.as_ref().into(),
        column: column.from.column().unwrap_or_default().to_owned(),
        found: array.data_type().to_string(),
        expected,
    }
}

fn kind_name(kind: SecurityKind) -> &'static str {
    match kind {
        SecurityKind::Stock(_) => "stocks",
        SecurityKind::BShare => "B-shares",
        SecurityKind::Index => "indices",
        SecurityKind::Fund => "funds",
        SecurityKind::Bond => "bonds",
        SecurityKind::Other => "preferred shares, NEEQ securities and others",
    }
}
