//! A new list of groups or of index members set beside what the store knows: codes that it never saw,
//! members before their listing, and lists of the same date.

use std::collections::{BTreeMap, BTreeSet};

use fupan_market::{Codes, Finding, FindingKind, SessionDate, Symbol, Wording, shown};
use fupan_store::{Differing, Store};
use fupan_table::{Import, Table, group_member_rows, index_weight_rows, security_rows};

use crate::Error;
use crate::query::query;

/// Securities or groups in one finding.
const NAMED: usize = 4;

/// Most groups that are asked for by name.
const NAMES_ASKED: usize = 20;

/// A row of a list: who is in what, and from when.
struct Listed {
    symbol: Symbol,
    observed_on: SessionDate,
    since: Option<SessionDate>,
    /// The group's kind and name, or the index.
    of: (String, String),
}

/// What is to be said of the lists in an import, before it is appended.
pub(crate) fn of_import(
    store: &Store,
    import: &Import,
    differing: Differing,
) -> Result<Vec<Finding>, Error> {
    // A file may fill one table twice, as with industries and concepts.
    let mut lists: BTreeMap<Table, Vec<Listed>> = BTreeMap::new();
    let mut named = BTreeSet::new();
    for (table, batch) in &import.batches {
        match table {
            Table::GroupMember => {
                let rows = group_member_rows(batch)?.into_iter().map(|row| Listed {
                    symbol: row.symbol,
                    observed_on: row.observed_on,
                    since: row.since,
                    of: (row.kind, row.name),
                });
                lists.entry(*table).or_default().extend(rows);
            }
            Table::IndexWeight => {
                let rows = index_weight_rows(batch)?.into_iter().map(|row| Listed {
                    symbol: row.symbol,
                    observed_on: row.observed_on,
                    since: None,
                    of: (String::new(), row.index.to_string()),
                });
                lists.entry(*table).or_default().extend(rows);
            }
            Table::Security => named.extend(security_rows(batch)?.iter().map(|row| row.symbol)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    for (table, rows) in &lists {
        all.extend(of_securities(store, *table, rows, &named)?);
        if *table == Table::GroupMember && differing == Differing::Refuse {
            all.extend(united(store, &import.source, rows)?);
        }
    }
    Ok(all)
}

/// Members of which neither the store nor the import, which names some, knows anything, and members
/// before their listing.
fn of_securities(
    store: &Store,
    table: Table,
    rows: &[Listed],
    named: &BTreeSet<Symbol>,
) -> Result<Vec<Finding>, Error> {
    let known = query(store, "SELECT symbol, max(listed_on) FROM security GROUP BY symbol")?.rows;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let codes = store.codes()?;
    let mut listed_on: BTreeMap<Symbol, Option<SessionDate>> = BTreeMap::new();
    for row in known {
        let [Some(symbol), on] = &row[..] else { continue };
        let Ok(symbol) = symbol.parse() else { continue };
        let on = on.as_deref().and_then(|on| on.parse().ok());
        let own = listed_on.entry(codes.last(symbol)).or_default();
        *own = on.or(*own);
    }
    let (mut unknown, mut early) = (BTreeSet::new(), BTreeMap::new());
    for row in rows {
        match listed_on.get(&codes.last(row.symbol)) {
            None if !named.contains(&row.symbol) => {
                unknown.insert(row.symbol);
            }
            Some(Some(on)) if *on > row.since.unwrap_or(row.observed_on) => {
                early.insert(row.symbol, *on);
            }
            None | Some(_) => {}
        }
    }
    let seen = with_bars(store, &unknown, &codes)?;
    unknown.retain(|symbol| !seen.contains(symbol));
    Ok(unknown_codes(table, &unknown).into_iter().chain(before_listing(table, &early)).collect())
}

/// Those of some securities that have daily bars.
fn with_bars(
    store: &Store,
    symbols: &BTreeSet<Symbol>,
    codes: &Codes,
) -> Result<BTreeSet<Symbol>, Error> {
    if symbols.is_empty() {
        return Ok(BTreeSet::new());
    }
    let every = |symbol: &Symbol| {
        let last = codes.last(*symbol);
        codes.former(last).iter().map(|code| code.symbol).chain([last]).collect::<Vec<_>>()
    };
    let texts: BTreeSet<String> =
        symbols.iter().flat_map(every).map(|symbol| format!("'{symbol}'")).collect();
    let among = texts.into_iter().collect::<Vec<_>>().join(", ");
    let rows =
        query(store, &format!("SELECT DISTINCT symbol FROM daily_bar WHERE symbol IN ({among})"))?;
    let found: BTreeSet<Symbol> = rows
        .rows
        .iter()
        .filter_map(|row| row.first()?.as_ref()?.parse().ok())
        .map(|symbol| codes.last(symbol))
        .collect();
    Ok(symbols.iter().copied().filter(|symbol| found.contains(&codes.last(*symbol))).collect())
}

fn unknown_codes(table: Table, unknown: &BTreeSet<Symbol>) -> Option<Finding> {
    let count = unknown.len();
    let named = named(unknown.iter().map(ToString::to_string));
    let detail = Wording::new(
        format!("Members have codes of which the store has neither a name nor a bar: {}", named.en),
        format!("有成员的代码在库中既没有名称也没有日线：{}", named.zh),
    );
    let hint = Wording::new(
        "They count for nothing: are the codes right, and are the bars imported?",
        "它们不计入任何数字：代码是否正确？日线是否已导入？",
    );
    found(FindingKind::UnknownSymbol, table, count, detail, hint)
}

fn before_listing(table: Table, early: &BTreeMap<Symbol, SessionDate>) -> Option<Finding> {
    let count = early.len();
    let named = named(early.iter().map(|(symbol, on)| format!("{symbol} ({on})")));
    let detail = Wording::new(
        format!("Members are in the list before they were listed: {}", named.en),
        format!("有成员在上市之前就在名单中：{}", named.zh),
    );
    let hint = Wording::new(
        "Is the date of the list right? Give it with --as-of.",
        "名单的日期是否正确？可用--as-of写明。",
    );
    found(FindingKind::MissingData, table, count, detail, hint)
}

/// Groups that another list of the same source and date has with other members, which count together.
fn united(store: &Store, source: &str, rows: &[Listed]) -> Result<Vec<Finding>, Error> {
    type Members = BTreeMap<(SessionDate, String, String), BTreeSet<Symbol>>;
    let mut own = Members::new();
    for row in rows.iter().filter(|row| !row.of.1.is_empty()) {
        let (kind, name) = row.of.clone();
        own.entry((row.observed_on, kind, name)).or_default().insert(row.symbol);
    }
    let days: BTreeSet<String> = own.keys().map(|(on, ..)| format!("DATE '{on}'")).collect();
    if days.is_empty() {
        return Ok(Vec::new());
    }
    let days = days.into_iter().collect::<Vec<_>>().join(", ");
    // A file for each group has few names; of many, all rows of the day are read.
    let names: BTreeSet<String> =
        own.keys().map(|(_, _, name)| format!("'{}'", name.replace('\'', "''"))).collect();
    let of_names = match names.len() {
        0..=NAMES_ASKED => {
            format!("AND name IN ({})", names.into_iter().collect::<Vec<_>>().join(", "))
        }
        _ => String::new(),
    };
    let source = source.replace('\'', "''");
    let stored = query(
        store,
        &format!(
            "SELECT observed_on, kind, name, symbol FROM group_member \
             WHERE source = '{source}' AND observed_on IN ({days}) AND name <> '' {of_names}"
        ),
    )?;
    let mut before = Members::new();
    for row in stored.rows {
        let [Some(on), Some(kind), Some(name), Some(symbol)] = &row[..] else { continue };
        let (Ok(on), Ok(symbol)) = (on.parse(), symbol.parse()) else { continue };
        before.entry((on, kind.clone(), name.clone())).or_default().insert(symbol);
    }
    let mut told = Vec::new();
    for (group, members) in &own {
        let Some(theirs) = before.get(group) else { continue };
        let (more, fewer) =
            (members.difference(theirs).count(), theirs.difference(members).count());
        if more + fewer > 0 {
            told.push((more + fewer, shown(&group.2).into_owned(), more, fewer));
        }
    }
    told.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let count = told.len();
    let some =
        named(told.into_iter().map(|(_, name, more, fewer)| format!("{name} +{more} −{fewer}")));
    let detail = Wording::new(
        format!(
            "Groups have other members than in an earlier list of the same source and date: {}; the \
             members of both count",
            some.en
        ),
        format!(
            "有分组的成员与同一来源、同一日期的较早名单不同：{}；两份名单的成员都计入",
            some.zh
        ),
    );
    let hint = Wording::new(
        "With --replace this list takes the place of the earlier one.",
        "加上--replace，则以这份名单取代较早的一份。",
    );
    Ok(found(FindingKind::SourceConflict, Table::GroupMember, count, detail, hint)
        .into_iter()
        .collect())
}

/// The first of some texts, with an ellipsis if there are more.
pub(crate) fn named(all: impl Iterator<Item = String>) -> Wording {
    let all: Vec<String> = all.collect();
    let some = &all[..all.len().min(NAMED)];
    let (en, zh) = if all.len() > NAMED { (", …", "等") } else { ("", "") };
    Wording::new(format!("{}{en}", some.join(", ")), format!("{}{zh}", some.join("、")))
}

fn found(
    kind: FindingKind,
    table: Table,
    count: usize,
    detail: Wording,
    hint: Wording,
) -> Option<Finding> {
    let subject = table.name().to_owned();
    (count > 0).then_some(Finding { kind, count: count as u64, subject, detail, hint, place: None })
}
