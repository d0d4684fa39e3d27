//! The groups that securities are in, from all sources' `industry` and `group_member` rows, and from
//! the `security` rows that name an industry.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, Date32Array, StringArray};
use arrow::datatypes::Date32Type;
use fupan_market::{
    Codes, Group, GroupId, GroupKind, Grouped, Groups, Membership, SessionDate, Symbol,
};
use fupan_table::{INDUSTRY_LEVELS, Table};

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan;

/// The lists of groups, and which files of each table contributed to one.
#[derive(Debug)]
pub(crate) struct GroupLists {
    pub groups: Groups,
    pub industries_used: Vec<bool>,
    pub members_used: Vec<bool>,
    pub securities_used: Vec<bool>,
}

/// Reads the lists of groups from files of `industry`, `group_member` and `security`. A security's
/// row counts under each of its codes.
pub(crate) fn read(
    [industries, members, securities]: [&[DataFile]; 3],
    codes: &Codes,
) -> Result<GroupLists, StoreError> {
    let (of_industries, industries_used) = rows(Table::Industry, industries, codes)?;
    let (of_members, members_used) = rows(Table::GroupMember, members, codes)?;
    let (of_securities, securities_used) = rows(Table::Security, securities, codes)?;
    let nowhere = nowhere(members, codes)?;
    let groups = Groups::of(of_industries.into_iter().chain(of_members).chain(of_securities));
    let groups = groups.with_nowhere(nowhere);
    Ok(GroupLists { groups, industries_used, members_used, securities_used })
}

/// Statements of `group_member` that a security is in no group: a row without a name, under each of the
/// security's codes.
fn nowhere(
    files: &[DataFile],
    codes: &Codes,
) -> Result<Vec<(Arc<str>, Symbol, SessionDate)>, StoreError> {
    let columns = ["symbol", "observed_on", "kind", "name"];
    let stated = scan::groups(files, None, &columns, |group| {
        let (keys, symbols) = group.symbols()?;
        let seen_on = group.numbers::<Date32Type>("observed_on")?;
        let (kinds, names) = (group.text("kind")?, group.text("name")?);
        let source = &files[group.file].source;
        let mut found = Vec::new();
        for row in (0..group.batch.num_rows()).filter(|row| text(&names, *row).is_none()) {
            let kind = text(&kinds, row).and_then(GroupKind::named);
            let symbol = keys.key(row).and_then(|key| symbols[key]);
            let any = kind.and_then(|kind| GroupId::of_kind(source, kind, None, "any").ok());
            let (Some(id), Some(symbol), Some(on)) = (any, symbol, date(&seen_on, row)) else {
                continue;
            };
            let scheme: Arc<str> = id.scheme().into();
            found.extend(every_code(symbol, codes).map(|code| (Arc::clone(&scheme), code, on)));
        }
        Ok(found)
    })?;
    Ok(stated.concat())
}

/// The columns that name groups: a code and a name for each level, or a kind, a code and a name.
struct Naming {
    kind: Option<&'static str>,
    levels: &'static [[&'static str; 2]],
}

fn naming(table: Table) -> Naming {
    match table {
        Table::Industry => Naming { kind: None, levels: &INDUSTRY_LEVELS },
        Table::GroupMember => Naming { kind: Some("kind"), levels: &[["code", "name"]] },
        // The classification in `security` has names only.
        _ => Naming { kind: None, levels: &[["", "industry"]] },
    }
}

/// A group as a row names it: its kind if the table states one, its code and its name.
type Named<'a> = (Option<GroupKind>, Option<&'a str>, &'a str);

fn group_of(source: &str, level: usize, (kind, code, name): Named<'_>) -> Option<Grouped> {
    let id = match kind {
        Some(kind) => GroupId::of_kind(source, kind, code, name),
        None => GroupId::of_level(source, level, code, name),
    };
    let group = Group { id: id.ok()?, name: name.into() };
    Some(Grouped { kind: kind.unwrap_or(GroupKind::Industry), group, members: Vec::new() })
}

fn rows(
    table: Table,
    files: &[DataFile],
    codes: &Codes,
) -> Result<(Vec<Grouped>, Vec<bool>), StoreError> {
    let columns: &[&str] = match table {
        Table::Security => &["symbol", "observed_on", "industry"],
        _ => &[],
    };
    let naming = naming(table);
    let groups = scan::groups(files, None, columns, |group| {
        let (keys, symbols) = group.symbols()?;
        let dates = |name| group.numbers::<Date32Type>(name);
        let seen_on = dates("observed_on")?;
        let spans = match table {
            Table::Security => None,
            _ => Some((dates("since")?, dates("until")?)),
        };
        let kinds = naming.kind.map(|kind| group.text(kind)).transpose()?;
        let source = &files[group.file].source;
        let mut found: Vec<Grouped> = Vec::new();
        for (level, [code, name]) in naming.levels.iter().enumerate() {
            let code = if code.is_empty() { None } else { Some(group.text(code)?) };
            let name = group.text(name)?;
            // By kind, code and name: the group's index among those found. A name that cannot be
            // printed as a word makes no group.
            let mut known: HashMap<Named<'_>, Option<usize>> = HashMap::new();
            for row in 0..group.batch.num_rows() {
                let Some(symbol) = keys.key(row).and_then(|key| symbols[key]) else { continue };
                let Some(seen_on) = date(&seen_on, row) else { continue };
                let Some(name) = text(&name, row) else { continue };
                let code = code.as_ref().and_then(|code| text(code, row));
                let kind = match &kinds {
                    None => None,
                    // A kind of a later program is no kind of this one.
                    Some(kinds) => match text(kinds, row).and_then(GroupKind::named) {
                        Some(kind) => Some(kind),
                        None => continue,
                    },
                };
                let place = *known.entry((kind, code, name)).or_insert_with(|| {
                    found.push(group_of(source, level + 1, (kind, code, name))?);
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
