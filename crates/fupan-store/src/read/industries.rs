//! The industries of securities, from all sources' `industry` rows and from the `security` rows
//! that name one.

use std::collections::HashMap;

use arrow::array::{Array as _, Date32Array, StringArray};
use arrow::datatypes::Date32Type;
use fupan_market::{Codes, Group, GroupId, Grouped, Groups, Membership, SessionDate, Symbol};
use fupan_table::{INDUSTRY_LEVELS, Table};

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan;

/// The classifications, and which files of each table contributed to one.
#[derive(Debug)]
pub(crate) struct Industries {
    pub groups: Groups,
    pub lists_used: Vec<bool>,
    pub securities_used: Vec<bool>,
}

/// Reads the classifications in files of `industry` and of `security`. A security's row counts
/// under each of its codes.
pub(crate) fn read(
    lists: &[DataFile],
    securities: &[DataFile],
    codes: &Codes,
) -> Result<Industries, StoreError> {
    let (of_lists, lists_used) = rows(Table::Industry, lists, codes)?;
    let (of_securities, securities_used) = rows(Table::Security, securities, codes)?;
    let groups = Groups::of(of_lists.into_iter().chain(of_securities));
    Ok(Industries { groups, lists_used, securities_used })
}

/// The columns of a level's code and name.
fn level_columns(table: Table) -> &'static [[&'static str; 2]] {
    match table {
        Table::Industry => &INDUSTRY_LEVELS,
        // The classification in `security` has names only.
        _ => &[["", "industry"]],
    }
}

fn rows(
    table: Table,
    files: &[DataFile],
    codes: &Codes,
) -> Result<(Vec<Grouped>, Vec<bool>), StoreError> {
    let columns: &[&str] = match table {
        Table::Industry => &[],
        _ => &["symbol", "observed_on", "industry"],
    };
    let groups = scan::groups(files, None, columns, |group| {
        let (keys, symbols) = group.symbols()?;
        let dates = |name| group.numbers::<Date32Type>(name);
        let seen_on = dates("observed_on")?;
        let spans = match table {
            Table::Industry => Some((dates("since")?, dates("until")?)),
            _ => None,
        };
        let source = &files[group.file].source;
        let mut found: Vec<Grouped> = Vec::new();
        for (level, [code, name]) in level_columns(table).iter().enumerate() {
            let code = if code.is_empty() { None } else { Some(group.text(code)?) };
            let name = group.text(name)?;
            // By code and name: the group's index among those found. A name that cannot be printed
            // as a word makes no group.
            let mut known: HashMap<(Option<&str>, &str), Option<usize>> = HashMap::new();
            for row in 0..group.batch.num_rows() {
                let Some(symbol) = keys.key(row).and_then(|key| symbols[key]) else { continue };
                let Some(seen_on) = date(&seen_on, row) else { continue };
                let Some(name) = text(&name, row) else { continue };
                let code = code.as_ref().and_then(|code| text(code, row));
                let place = *known.entry((code, name)).or_insert_with(|| {
                    let id = GroupId::of_level(source, level + 1, code, name).ok()?;
                    let group = Group { id, name: name.into() };
                    found.push(Grouped { group, members: Vec::new() });
                    Some(found.len() - 1)
                });
                let Some(place) = place else { continue };
                let since = spans.as_ref().and_then(|(since, _)| date(since, row));
                let until = spans.as_ref().and_then(|(_, until)| date(until, row));
                for symbol in every_code(symbol, codes) {
                    found[place].members.push(Membership { symbol, seen_on, since, until });
                }
            }
        }
        Ok((group.file, found))
    })?;
    let mut used = vec![false; files.len()];
    let mut all = Vec::new();
    for (file, found) in groups {
        used[file] |= !found.is_empty();
        all.extend(found);
    }
    Ok((all, used))
}

/// Every code that the security with this code has had.
fn every_code(code: Symbol, codes: &Codes) -> impl Iterator<Item = Symbol> {
    let last = codes.last(code);
    codes.former(last).iter().map(|former| former.symbol).chain([last])
}

fn date(dates: &Date32Array, row: usize) -> Option<SessionDate> {
    dates.is_valid(row).then(|| SessionDate::from_epoch_days(dates.value(row))).flatten()
}

fn text(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row)).filter(|text| !text.trim().is_empty())
}
