//! The groups that securities are in, from all sources' `industry` and `group_member` rows, and from
//! the `security` rows that name an industry.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, Date32Array};
use arrow::datatypes::Date32Type;
use fupan_market::{
    Codes, Group, GroupId, GroupKind, Grouped, Groups, Membership, SessionDate, Symbol,
};
use fupan_table::{INDUSTRY_LEVELS, Table};

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan;
use crate::delta::scan::Words;

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
    let of_industries = rows(Table::Industry, industries, codes)?;
    let of_members = rows(Table::GroupMember, members, codes)?;
    let of_securities = rows(Table::Security, securities, codes)?;
    let (industries_used, members_used) = (of_industries.used, of_members.used);
    let securities_used = of_securities.used;
    let said = of_industries.said.into_iter().chain(of_members.said).chain(of_securities.said);
    let groups = Groups::of(said).with_nowhere(of_members.nowhere);
    Ok(GroupLists { groups, industries_used, members_used, securities_used })
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

/// A group as a row names it, by the keys of its code and its name.
type Keys = (Option<GroupKind>, Option<usize>, usize);

/// The place of each group among those found; `None` of one whose name cannot be printed as a word.
struct Places {
    known: HashMap<Keys, Option<usize>>,
    /// By name: rows of one name mostly are of one group.
    latest: Vec<Option<(Keys, Option<usize>)>>,
}

impl Places {
    /// The place of a group, which is added if it is not known.
    fn of(&mut self, group: Keys, add: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let (_, _, name) = group;
        if let Some((latest, place)) = self.latest[name]
            && latest == group
        {
            return place;
        }
        let place = *self.known.entry(group).or_insert_with(add);
        self.latest[name] = Some((group, place));
        place
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

/// What the files of a table state.
struct Stated {
    said: Vec<Grouped>,
    /// That a security is in no group: a row without a name, under each of the security's codes.
    nowhere: Vec<(Arc<str>, Symbol, SessionDate)>,
    /// Which files state that a security is in a group.
    used: Vec<bool>,
}

fn rows(table: Table, files: &[DataFile], codes: &Codes) -> Result<Stated, StoreError> {
    let columns: &[&str] = match table {
        Table::Security => &["symbol", "observed_on", "industry"],
        _ => &[],
    };
    let naming = naming(table);
    let groups = scan::groups_of_words(files, columns, |group| {
        let (keys, symbols) = group.symbols()?;
        let every_code =
            |symbol: &Option<Symbol>| symbol.map(|one| every_code(one, codes).collect());
        let symbols: Vec<Option<Vec<Symbol>>> = symbols.iter().map(every_code).collect();
        let dates = |name| group.numbers::<Date32Type>(name);
        let seen_on = dates("observed_on")?;
        let spans = match table {
            Table::Security => None,
            _ => Some((dates("since")?, dates("until")?)),
        };
        let kinds = naming.kind.map(|kind| group.words(kind)).transpose()?;
        let source = &files[group.file].source;
        let (mut found, mut nowhere): (Vec<Grouped>, Vec<_>) = Default::default();
        for (level, [code, name]) in naming.levels.iter().enumerate() {
            let codes = if code.is_empty() { None } else { Some(group.words(code)?) };
            let names = group.words(name)?;
            let mut places = Places { known: HashMap::new(), latest: vec![None; names.len()] };
            for row in 0..group.batch.num_rows() {
                let symbols = keys.key(row).and_then(|key| symbols[key].as_ref());
                let Some(symbols) = symbols else { continue };
                let Some(seen_on) = date(&seen_on, row) else { continue };
                let kind = kinds.as_ref().map(|kinds| text(kinds, kinds.key(row)));
                // A kind of a later program is no kind of this one.
                let kind = match kind.map(|word| word.and_then(GroupKind::named)) {
                    Some(None) => continue,
                    kind => kind.flatten(),
                };
                let name = names.key(row);
                let (Some(name), Some(word)) = (name, text(&names, name)) else {
                    nowhere.extend(in_no_group(source, kind, symbols, seen_on));
                    continue;
                };
                let code = codes.as_ref().and_then(|codes| codes.key(row));
                let place = places.of((kind, code, name), || {
                    let code = codes.as_ref().and_then(|codes| text(codes, code));
                    found.push(group_of(source, level + 1, (kind, code, word))?);
                    Some(found.len() - 1)
                });
                let Some(place) = place else { continue };
                let since = spans.as_ref().and_then(|(since, _)| date(since, row));
                let until = spans.as_ref().and_then(|(_, until)| date(until, row));
                let member =
                    |symbol: &Symbol| Membership { symbol: *symbol, seen_on, since, until };
                found[place].members.extend(symbols.iter().map(member));
            }
        }
        Ok((group.file, found, nowhere))
    })?;
    let mut all = Stated { said: Vec::new(), nowhere: Vec::new(), used: vec![false; files.len()] };
    for (file, found, nowhere) in groups {
        all.used[file] |= !found.is_empty();
        all.said.extend(found);
        all.nowhere.extend(nowhere);
    }
    Ok(all)
}

/// Every code that the security with this code has had.
fn every_code(code: Symbol, codes: &Codes) -> impl Iterator<Item = Symbol> {
    let last = codes.last(code);
    codes.former(last).iter().map(|former| former.symbol).chain([last])
}

fn date(dates: &Date32Array, row: usize) -> Option<SessionDate> {
    dates.is_valid(row).then(|| SessionDate::from_epoch_days(dates.value(row))).flatten()
}

/// The text of a key, unless it is blank.
fn text(words: &Words, key: Option<usize>) -> Option<&str> {
    key.map(|key| words.text(key)).filter(|text| !text.trim().is_empty())
}

/// A row without a name: its security is in no group of the list of a kind, under any of its codes.
fn in_no_group<'s>(
    source: &str,
    kind: Option<GroupKind>,
    symbols: &'s [Symbol],
    seen_on: SessionDate,
) -> impl Iterator<Item = (Arc<str>, Symbol, SessionDate)> + use<'s> {
    let any = kind.and_then(|kind| GroupId::of_kind(source, kind, None, "any").ok());
    let scheme: Option<Arc<str>> = any.map(|id| id.scheme().into());
    let each = symbols.iter().copied();
    each.filter_map(move |symbol| Some((scheme.clone()?, symbol, seen_on)))
}
