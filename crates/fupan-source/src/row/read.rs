//! Reads the cells of a frame, column by column.

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use fupan_market::{Board, SecurityKind, Wording, shanghai_code};
use fupan_table::Table;

use super::{Filler, Shared, at, kind_name, mark, wrong_type};
use crate::error::Expected;
use crate::finding::{At, Topic, list_topics, topics};
use crate::frame::Frame;
use crate::recipe::{ColumnRecipe, From, Meaning, Others, SymbolStyle, takes};
use crate::row::cells;
use crate::row::symbols::Reading;
use crate::spelling::civil::{Clock, Fault};
use crate::spelling::decimal::Scale;
use crate::{SourceError, spelling};

/// Most parts of one list. No vendor puts a security in more than some sixty concepts.
const PARTS_MAX: usize = 200;

/// Most characters of a text.
const SHOWN_MAX: usize = 200;

/// Characters that separate the parts of some vendor's lists and that no name of a group has.
const SEPARATORS: [char; 6] = [';', '；', ',', '，', '、', '|'];

/// A separator in ASCII for its full-width form.
fn of_width(c: char) -> char {
    match c {
        '；' => ';',
        '，' => ',',
        '｜' => '|',
        other => other,
    }
}

/// Whether a text can be kept: it is short, and its bytes were in the stated encoding.
fn is_text(text: &str) -> bool {
    !text.contains('\u{FFFD}') && text.chars().nth(SHOWN_MAX).is_none()
}

impl Filler<'_> {
    /// Reads a column of symbols; each run of one symbol is looked up once.
    pub(super) fn read_symbols(
        &mut self,
        column: &ColumnRecipe,
        style: SymbolStyle,
        array: &ArrayRef,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        let texts =
            cells::texts(array).map_err(|_| wrong_type(frame, column, array, Expected::Symbol))?;
        let mut last: Option<(&str, Reading)> = None;
        for row in 0..texts.len() {
            if self.dropped[row] {
                continue;
            }
            let text = if texts.is_valid(row) { spelling::plain(texts.value(row)) } else { "" };
            let reading = match last {
                Some((known, reading)) if known == text => reading,
                _ => shared.symbols.read(text, style),
            };
            last = Some((text, reading));
            match self.taken(column, reading) {
                Ok(number) if column.field == self.who_field => {
                    self.cells[column.field][row] = Some(i64::from(number));
                    self.note_bars_of_shenzhen(column, number, row, frame, shared);
                }
                Ok(number) if self.table.table == Table::IndexWeight => {
                    self.read_index(column, number, row, frame, shared);
                }
                Ok(number) => self.read_former(column, number, row, frame, shared),
                Err(topic) => {
                    self.dropped[row] = true;
                    if let Some((topic, subject)) = topic {
                        let name = column.from.column();
                        shared.note(topic, subject, (frame, row), name, || text.to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a security's former code, which must be a different code of the same board.
    pub(super) fn read_former(
        &mut self,
        column: &ColumnRecipe,
        number: u32,
        row: usize,
        frame: &Frame,
        shared: &mut Shared,
    ) {
        let who = self.cells[self.who_field][row].and_then(|n| u32::try_from(n).ok());
        let Some(who) = who.filter(|_| !self.dropped[row]) else { return };
        let (old, new) = (shared.symbols.symbol(number), shared.symbols.symbol(who));
        if old == new || old.board() != new.board() {
            self.dropped[row] = true;
            let (topic, name) = (topics::NO_CODE_CHANGE, column.from.column());
            shared.note(topic, "", (frame, row), name, || format!("{old} {new}"));
        } else {
            let text = shared.texts.number(&old.to_string());
            self.cells[column.field][row] = Some(i64::from(text));
        }
    }

    /// Reads the index that a list is of, under the code by which reviews know it.
    fn read_index(
        &mut self,
        column: &ColumnRecipe,
        number: u32,
        row: usize,
        frame: &Frame,
        shared: &mut Shared,
    ) {
        let said = shared.symbols.symbol(number);
        let index = shanghai_code(said).unwrap_or(said);
        if index != said && !self.dropped[row] {
            let (topic, name) = (list_topics::CODE_OF_SHENZHEN, column.from.column());
            shared.note(topic, "", (frame, row), name, || format!("{said} → {index}"));
        }
        let text = shared.texts.number(&index.to_string());
        self.cells[column.field][row] = Some(i64::from(text));
    }

    /// Notes bars of an index under a code by which no review knows it.
    fn note_bars_of_shenzhen(
        &self,
        column: &ColumnRecipe,
        number: u32,
        row: usize,
        frame: &Frame,
        shared: &mut Shared,
    ) {
        let symbol = shared.symbols.symbol(number);
        if self.table.table == Table::IndexBar && shanghai_code(symbol).is_some() {
            let (topic, name) = (list_topics::BARS_OF_SHENZHEN, column.from.column());
            shared.note(topic, "", (frame, row), name, || symbol.to_string());
        }
    }

    /// Sets the symbol of a whole file on every row.
    pub(super) fn one_symbol(
        &mut self,
        text: &str,
        style: SymbolStyle,
        column: &ColumnRecipe,
        frame: &Frame,
        shared: &mut Shared,
    ) {
        match self.taken(column, shared.symbols.read(text, style)) {
            Ok(number) if column.field == self.who_field => {
                self.cells[column.field].fill(Some(i64::from(number)));
                self.note_bars_of_shenzhen(column, number, 0, frame, shared);
            }
            Ok(number) if self.table.table == Table::IndexWeight => {
                for row in 0..frame.batch.num_rows() {
                    self.read_index(column, number, row, frame, shared);
                }
            }
            Ok(number) => {
                for row in 0..frame.batch.num_rows() {
                    self.read_former(column, number, row, frame, shared);
                }
            }
            Err(topic) => {
                for row in 0..frame.batch.num_rows() {
                    if let (false, Some((topic, subject))) = (self.dropped[row], topic) {
                        shared.note(topic, subject, (frame, row), None, || text.to_owned());
                    }
                }
                self.dropped.fill(true);
            }
        }
    }

    /// The number of a symbol that this table holds; otherwise what to note, if this table is the
    /// one to note it.
    fn taken(
        &self,
        column: &ColumnRecipe,
        reading: Reading,
    ) -> Result<u32, Option<(Topic, &'static str)>> {
        if self.table.table == Table::IndexWeight && column.field != self.who_field {
            return match reading {
                Reading::Known(number, SecurityKind::Index) => Ok(number),
                _ => Err(Some((topics::NO_INDEX, ""))),
            };
        }
        let speaks =
            self.recipe.tables.first().is_some_and(|first| std::ptr::eq(first, self.table));
        match reading {
            Reading::Known(number, kind) if takes(self.table.table, kind) => Ok(number),
            Reading::Known(_, kind) if speaks && self.recipe.taker(kind).is_none() => {
                Err(Some((topics::OTHER_KIND, kind_name(kind))))
            }
            Reading::Unknown if speaks => Err(Some((topics::UNKNOWN_SYMBOL, ""))),
            Reading::ZerosCut if speaks => Err(Some((topics::ZEROS_CUT, ""))),
            _ => Err(None),
        }
    }

    pub(super) fn read_texts(
        &mut self,
        column: &ColumnRecipe,
        array: &ArrayRef,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        let texts =
            cells::texts(array).map_err(|_| wrong_type(frame, column, array, Expected::Text))?;
        for row in 0..texts.len() {
            if self.dropped[row] || texts.is_null(row) {
                continue;
            }
            let text = texts.value(row);
            if !is_text(text) {
                let subject = column.from.column().unwrap_or_default();
                let place = (frame, row);
                let topic = topics::UNREADABLE_VALUE;
                shared.note(topic, subject, place, Some(subject), || text.to_owned());
            } else if let Some(text) = cells::spoken(text) {
                self.cells[column.field][row] = Some(i64::from(shared.texts.number(text)));
            }
        }
        Ok(())
    }

    /// Reads a column of lists of texts.
    pub(super) fn read_lists(
        &mut self,
        column: &ColumnRecipe,
        between: char,
        array: &ArrayRef,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        let texts =
            cells::texts(array).map_err(|_| wrong_type(frame, column, array, Expected::Text))?;
        let name = column.from.column().unwrap_or_default();
        let mut lists = vec![Vec::new(); texts.len()];
        for (row, list) in lists.iter_mut().enumerate() {
            let text = (!self.dropped[row] && texts.is_valid(row)).then(|| texts.value(row));
            let Some(text) = text.and_then(cells::spoken) else {
                if let (false, Some(who)) = (self.dropped[row], self.cells[self.who_field][row]) {
                    let who = u32::try_from(who).map(|who| shared.symbols.symbol(who).to_string());
                    let place = (frame, row);
                    shared.note(topics::NO_GROUP, name, place, Some(name), || {
                        who.unwrap_or_default()
                    });
                    // Kept if the file turns out to be whole.
                    list.push(Some(i64::from(shared.texts.number(""))));
                }
                continue;
            };
            let text = text.trim_matches(['【', '】', '[', ']']);
            let parts = || text.split(|c| of_width(c) == between);
            if parts().take(PARTS_MAX + 1).count() > PARTS_MAX {
                self.dropped[row] = true;
                let start = || text.chars().take(SHOWN_MAX).collect();
                shared.note(topics::UNREADABLE, name, (frame, row), Some(name), start);
                continue;
            }
            for part in parts() {
                // What is separated in another way would be taken for one group.
                if !is_text(part) || part.contains(SEPARATORS) {
                    let topic = topics::UNREADABLE_VALUE;
                    shared.note(topic, name, (frame, row), Some(name), || part.to_owned());
                } else if let Some(part) = cells::spoken(part) {
                    list.push(Some(i64::from(shared.texts.number(part))));
                }
            }
        }
        self.parts = Some((column.field, lists));
        Ok(())
    }

    /// Reads a column of dates or numbers.
    pub(super) fn read_values(
        &mut self,
        column: &ColumnRecipe,
        array: &ArrayRef,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        match column.meaning {
            Meaning::Number { scale, unit } => {
                self.read_numbers(column, scale, array, frame, shared)?;
                if unit == "lots-star-shares" {
                    self.star_shares(column.field, shared);
                }
                Ok(())
            }
            Meaning::Time(clock) | Meaning::Date(clock) => {
                self.read_moments(column, clock, array, frame, shared)
            }
            Meaning::Symbol(_) | Meaning::Text | Meaning::Texts(_) => Ok(()),
        }
    }

    /// Reads a column of numbers, or the difference of two.
    fn read_numbers(
        &mut self,
        column: &ColumnRecipe,
        scale: Scale,
        array: &ArrayRef,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        let needed = !self.schema.field(column.field).is_nullable();
        let topic = if needed { topics::UNREADABLE } else { topics::UNREADABLE_VALUE };
        let name = column.from.column().unwrap_or_default();
        let mut rounded = 0;
        let dropped = &mut self.dropped;
        let bad = |row: usize, text: String| {
            if !dropped[row] {
                shared.note(topic, name, (frame, row), Some(name), || text);
                dropped[row] = needed;
            }
        };
        let cells = &mut self.cells[column.field];
        cells::numbers(array, scale, 0, cells, &mut rounded, bad)
            .map_err(|_| wrong_type(frame, column, array, Expected::Number))?;
        if let From::Difference { minus, .. } = &column.from
            && let Some(other) = frame.batch.column_by_name(minus)
        {
            let mut taken = Vec::new();
            cells::numbers(other, scale, i64::MIN, &mut taken, &mut rounded, |_, _| ())
                .map_err(|_| wrong_type(frame, column, other, Expected::Number))?;
            for (cell, less) in self.cells[column.field].iter_mut().zip(taken) {
                *cell = cell.zip(less).and_then(|(cell, less)| cell.checked_sub(less));
                *cell = cell.filter(|value| *value >= 0);
            }
        }
        if rounded > 0 {
            let at = At { file: &frame.file, row: frame.number(0), column: Some(name) };
            shared.findings.note_rows(topics::ROUNDED, name, rounded, at, Wording::none);
        }
        if self.schema.field(column.field).data_type() == &DataType::Int32 {
            self.bound(column, frame, shared);
        }
        Ok(())
    }

    /// Reads a column of dates or of times of day.
    fn read_moments(
        &mut self,
        column: &ColumnRecipe,
        clock: Clock,
        array: &ArrayRef,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        let needed = !self.schema.field(column.field).is_nullable();
        let is_date = matches!(column.meaning, Meaning::Date(_));
        let name = column.from.column().unwrap_or_default();
        let Shared { dates, findings, lost, not_covered, .. } = shared;
        let dropped = &mut self.dropped;
        let bad = |row: usize, text: Wording, fault: Fault| {
            if dropped[row] {
                return;
            }
            let topic = match (fault, needed) {
                (Fault::PerhapsUniversal, true) => topics::PERHAPS_UNIVERSAL,
                (Fault::Unreadable, true) if is_date => topics::UNREADABLE_DATE,
                (Fault::Unreadable, true) => topics::UNREADABLE,
                (_, false) => topics::UNREADABLE_VALUE,
            };
            findings.note_rows(topic, name, 1, at(frame, row, Some(name)), || text);
            mark(topic, row, lost, not_covered);
            dropped[row] = needed;
        };
        let cells = &mut self.cells[column.field];
        let (read, expected) = match is_date {
            true => (cells::dates(array, clock, dates, cells, bad), Expected::Date),
            false => (cells::times(array, clock, dates, cells, bad), Expected::Time),
        };
        read.map_err(|_| wrong_type(frame, column, array, expected))
    }

    /// Drops the rows whose value in a column is not one that the recipe demands.
    pub(super) fn hold_to(
        &mut self,
        others: Others,
        frame: &Frame,
        shared: &mut Shared,
    ) -> Result<(), SourceError> {
        let topic = match others {
            Others::Lost => topics::REFUSED_VALUE,
            Others::NotCovered => topics::OTHER_ROWS,
        };
        for demand in self.table.demands.iter().filter(|demand| demand.others == others) {
            let Some(array) = frame.batch.column_by_name(&demand.column) else { continue };
            let texts = cells::texts(array).map_err(|_| SourceError::WrongType {
                path: frame.file.as_ref().into(),
                column: demand.column.clone(),
                found: array.data_type().to_string(),
                expected: Expected::Text,
            })?;
            for row in 0..texts.len() {
                let text = if texts.is_valid(row) { spelling::plain(texts.value(row)) } else { "" };
                let text = text.strip_suffix(".0").unwrap_or(text);
                if self.dropped[row] || demand.values.iter().any(|value| value == text) {
                    continue;
                }
                self.dropped[row] = true;
                let (name, place) = (demand.column.as_str(), (frame, row));
                shared.note(topic, name, place, Some(name), || format!("{name} = {text}"));
            }
        }
        Ok(())
    }

    /// Rejects values beyond `i32`.
    fn bound(&mut self, column: &ColumnRecipe, frame: &Frame, shared: &mut Shared) {
        let name = column.from.column().unwrap_or_default();
        for (row, cell) in self.cells[column.field].iter_mut().enumerate() {
            let Some(value) = cell.filter(|value| *value > i64::from(i32::MAX)) else { continue };
            *cell = None;
            if !self.dropped[row] {
                let topic = topics::UNREADABLE_VALUE;
                shared.note(topic, name, (frame, row), Some(name), || value.to_string());
            }
        }
    }

    /// Converts STAR volumes to lots, as the other volumes are.
    fn star_shares(&mut self, field: usize, shared: &Shared) {
        for row in 0..self.dropped.len() {
            let symbol = self.cells[self.who_field][row].and_then(|n| u32::try_from(n).ok());
            let star = symbol.map(|n| shared.symbols.symbol(n).board()) == Some(Some(Board::Star));
            if star && !self.dropped[row] {
                self.cells[field][row] = self.cells[field][row].map(|volume| volume / 100);
            }
        }
    }
}
