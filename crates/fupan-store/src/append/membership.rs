//! Whether two lists of one date and source agree about who is in which group or index.
//!
//! Lists of one date may complete each other: a file for each concept, a table for each exchange. They
//! contradict each other about a member that one of them has and the other has not, although it speaks
//! of both: of the group, and of the security in some group. A list of an index is always one list.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, AsArray as _, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;
use fupan_table::Table;

/// A list: its date, its kind, and the group or the index that it is of.
type ListKey = (i32, String, String);

/// Who is in which list, as some rows say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memberships {
    /// Whether lists are of all members: those of an index, and of a group if they are to replace others.
    are_whole: bool,
    members: BTreeMap<ListKey, BTreeSet<String>>,
    /// By date and kind: the securities in some list, or in none by an own statement.
    spoken_of: BTreeSet<(i32, String, String)>,
}

/// A member that one of two lists has and the other has not.
pub(crate) type Astray = (ListKey, String);

/// The list and the security of each row; a row that names no group has an empty name. `None` if the
/// table has no lists.
fn listed(table: Table, batch: &RecordBatch) -> Option<Vec<Astray>> {
    let of = match table {
        Table::GroupMember => "name",
        Table::IndexWeight => "index_symbol",
        _ => return None,
    };
    let text = |name| -> Option<&StringArray> {
        batch.column_by_name(name).and_then(|column| column.as_string_opt())
    };
    let days = batch.column_by_name("observed_on")?.as_primitive_opt::<Date32Type>()?;
    let (symbols, names, kinds) = (text("symbol")?, text(of)?, text("kind"));
    let row = |row: usize| {
        let kind = kinds.map_or("", |kinds| kinds.value(row)).to_owned();
        let name = if names.is_valid(row) { names.value(row) } else { "" };
        ((days.value(row), kind, name.to_owned()), symbols.value(row).to_owned())
    };
    Some((0..batch.num_rows()).map(row).collect())
}

impl Memberships {
    /// The memberships in a table's rows; `None` if the table has none. With `replacing`, a list takes
    /// the place of one that shares a member with it.
    pub(crate) fn of(
        table: Table,
        batches: &[RecordBatch],
        replacing: bool,
    ) -> Option<Memberships> {
        let are_whole = replacing || table == Table::IndexWeight;
        let mut all = Memberships { are_whole, ..Memberships::default() };
        for batch in batches {
            for (list, symbol) in listed(table, batch)? {
                all.spoken_of.insert((list.0, list.1.clone(), symbol.clone()));
                if !list.2.is_empty() {
                    all.members.entry(list).or_default().insert(symbol);
                }
            }
        }
        Some(all)
    }

    /// The members that these have and that contradict `others`, which speak of the list, and have not
    /// got them.
    pub(crate) fn against(&self, others: &Memberships) -> Vec<Astray> {
        let mut astray = Vec::new();
        for (list, members) in &self.members {
            let Some(of_others) = others.members.get(list) else { continue };
            let are_whole = (self.are_whole || others.are_whole) && !members.is_disjoint(of_others);
            for symbol in members.difference(of_others) {
                let (day, kind, _) = list.clone();
                if are_whole || others.spoken_of.contains(&(day, kind, symbol.clone())) {
                    astray.push((list.clone(), symbol.clone()));
                }
            }
        }
        astray
    }

    /// For each row of a batch of `others`, whether it stays beside these: whether its list is none of
    /// these, or has no member in common.
    pub(crate) fn stays(
        &self,
        table: Table,
        batch: &RecordBatch,
        others: &Memberships,
    ) -> Vec<bool> {
        let is_replaced = |list: &ListKey| {
            let both = self.members.get(list).zip(others.members.get(list));
            both.is_some_and(|(own, theirs)| !own.is_disjoint(theirs))
        };
        let rows = listed(table, batch).unwrap_or_default();
        // What an own statement says of a security that these speak of is replaced too.
        let is_spoken = |(day, kind, name): &ListKey, symbol: &String| {
            name.is_empty() && self.spoken_of.contains(&(*day, kind.clone(), symbol.clone()))
        };
        rows.iter().map(|(list, who)| !is_replaced(list) && !is_spoken(list, who)).collect()
    }
}

#[cfg(test)]
mod tests {
    use fupan_table::{GroupMemberRow, group_member_batch};

    use super::*;

    fn of(rows: &[(&str, &str)], replacing: bool) -> Memberships {
        let row = |(symbol, name): &(&str, &str)| GroupMemberRow {
            symbol: symbol.parse().unwrap(),
            observed_on: "2026-01-05".parse().unwrap(),
            kind: "concept".to_owned(),
            code: None,
            name: (*name).to_owned(),
            since: None,
            until: None,
            weight: None,
        };
        let batch = group_member_batch(rows.iter().map(row)).unwrap();
        Memberships::of(Table::GroupMember, &[batch], replacing).unwrap()
    }

    const ONE: &str = "600001.SH";
    const TWO: &str = "600002.SH";
    const THREE: &str = "600003.SH";

    #[test]
    fn lists_complete_each_other_unless_one_speaks_of_both_and_has_not_got_it() {
        let cases: [(&[_], &[_], bool, usize); 8] = [
            // A file for each group; a table for each exchange; a cell that was not loaded.
            (&[(ONE, "a")], &[(ONE, "b"), (TWO, "b")], false, 0),
            (&[(ONE, "a")], &[(TWO, "a")], false, 0),
            (&[(ONE, "a"), (TWO, "a")], &[(ONE, "a"), (THREE, "a")], false, 0),
            // The other speaks of the security, and of the group.
            (&[(ONE, "a"), (TWO, "b")], &[(ONE, "b"), (TWO, "a")], false, 2),
            (&[(ONE, "a"), (TWO, "a")], &[(ONE, "a"), (TWO, "")], false, 1),
            // To replace it, a list is all there is to its groups.
            (&[(ONE, "a"), (TWO, "a")], &[(ONE, "a"), (THREE, "a")], true, 1),
            (&[(ONE, "a")], &[(TWO, "a")], true, 0),
            (&[(ONE, "a")], &[(ONE, "a")], true, 0),
        ];
        for (old, new, replacing, expected) in cases {
            let (old, new) = (of(old, false), of(new, replacing));
            assert_eq!(old.against(&new).len(), expected, "{old:?} {new:?}");
        }
    }
}
