//! Which sessions a folder of day files holds at all.
//!
//! A day file has no rows while its share is suspended, and none of days that the terminal never
//! downloaded. What tells them apart is whether other shares have those days.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use fupan_market::{Calendar, Exchange, SessionDate, Symbol};

use crate::files::{content, stem};

/// Files of an exchange that are looked at: the longest, which have the most days.
const FILES: usize = 16;

/// Most bytes of one of them, and bytes of a record, which starts with its date.
const FILE_BYTES_MAX: u64 = 1 << 20;
const RECORD: usize = 32;

/// The sessions of each exchange of which some file has a row, found when they are asked for.
#[derive(Debug)]
pub(super) struct Downloaded<'p> {
    files: &'p [PathBuf],
    calendar: &'p Calendar,
    of: BTreeMap<Exchange, BTreeSet<u32>>,
}

impl<'p> Downloaded<'p> {
    pub fn of(files: &'p [PathBuf], calendar: &'p Calendar) -> Downloaded<'p> {
        Downloaded { files, calendar, of: BTreeMap::new() }
    }

    /// Whether some file of an exchange has a row of each session between two days, which are as
    /// 20260212. Not if one of them is no session of the calendar.
    pub fn between(&mut self, exchange: Exchange, first: i32, last: i32) -> bool {
        let (Some(first), Some(last)) = (number(self.calendar, first), number(self.calendar, last))
        else {
            return false;
        };
        if first + 1 >= last {
            return true;
        }
        let (files, calendar) = (self.files, self.calendar);
        let held = self.of.entry(exchange).or_insert_with(|| held(files, exchange, calendar));
        (first + 1..last).all(|session| held.contains(&session))
    }
}

/// The sessions of which the longest files of an exchange have rows.
fn held(files: &[PathBuf], exchange: Exchange, calendar: &Calendar) -> BTreeSet<u32> {
    let own = files.iter().filter(|file| {
        stem(file).parse::<Symbol>().is_ok_and(|symbol| symbol.exchange() == exchange)
    });
    let mut own: Vec<(u64, &PathBuf)> = own
        .filter_map(|file| file.metadata().ok().map(|metadata| (metadata.len(), file)))
        .filter(|(bytes, _)| *bytes <= FILE_BYTES_MAX)
        .collect();
    own.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    let bytes = own.iter().take(FILES).filter_map(|(_, file)| content(file, FILE_BYTES_MAX).ok());
    let mut held = BTreeSet::new();
    for bytes in bytes {
        let dates = bytes.chunks_exact(RECORD).filter_map(|record| record.first_chunk());
        let dates = dates.map(|four| i32::from_le_bytes(*four));
        held.extend(dates.filter_map(|date| number(calendar, date)));
    }
    held
}

/// The session of a date as 20260212.
fn number(calendar: &Calendar, date: i32) -> Option<u32> {
    let date: SessionDate = date.to_string().parse().ok()?;
    calendar.number(date).ok()
}
