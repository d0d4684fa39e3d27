//! A reader's own definitions set beside what the store knows: groups that no list has, and securities
//! that it never saw.

use std::collections::BTreeSet;
use std::path::Path;

use fupan_market::{
    Chain, ChainSegment, Definition, DefinitionKind, Finding, FindingKind, Group, Groups,
    InLanguage as _, MissingGroup, NotThemes, SessionDate, Symbol, Wording, shown, strange_names,
};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe};
use fupan_store::{Problem, ProblemKind, Store};
use fupan_table::{Import, Table, definition_rows};

use crate::query::query;
use crate::{Error, lists};

/// Names in one finding.
const NAMED: usize = 5;

/// A file's definition, and what the store lacks of what it names.
#[derive(Clone, Debug)]
pub struct CheckedDefinition {
    /// The definition.
    pub of: Definition,
    /// Groups that no list has, and securities that the store does not know.
    pub findings: Vec<Finding>,
}

/// Reads the definition in a file and sets it beside a store, if there is one, without importing it.
///
/// # Errors
/// If the file cannot be read or is not a definition of the kind, or the store cannot be read.
pub fn check_definition(
    store: Option<&Store>,
    kind: DefinitionKind,
    path: &Path,
) -> Result<CheckedDefinition, Error> {
    let recipe = Recipe::named(kind.word())?;
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let import = fupan_source::read(&recipe, path, &options, &NoProgress)?;
    let mut checked = None;
    for of in definitions(&import)? {
        let findings = store.map_or_else(|| Ok(Vec::new()), |store| findings(store, &of))?;
        checked = Some(CheckedDefinition { findings, of });
    }
    let none = || Wording::new("it holds no definition", "其中没有定义");
    checked.ok_or_else(|| Error::Unfit { path: path.display().to_string(), reason: none() })
}

/// What the store lacks of what the definitions of an import name.
pub(crate) fn of_import(store: &Store, import: &Import) -> Result<Vec<Finding>, Error> {
    let mut all = Vec::new();
    for definition in definitions(import)? {
        all.extend(findings(store, &definition)?);
    }
    Ok(all)
}

/// What the chains of a store name and the store does not know, as problems of the store.
pub(crate) fn problems(store: &Store) -> Result<Vec<Problem>, Error> {
    let groups = store.groups()?;
    let mut problems = Vec::new();
    for own in groups.definitions().own_chains() {
        for found in of_chain(store, &groups, &own.of)? {
            let id = own.of.id();
            problems.push(Problem {
                kind: ProblemKind::Unheard,
                changes_figures: false,
                count: found.count,
                subject: id.to_owned(),
                detail: Wording::new(
                    format!("In the chain `{id}`: {}", found.detail.en),
                    format!("产业链`{id}`：{}", found.detail.zh),
                ),
                mend: found.hint,
            });
        }
    }
    Ok(problems)
}

fn definitions(import: &Import) -> Result<Vec<Definition>, Error> {
    let mut all = Vec::new();
    for (_, batch) in import.batches.iter().filter(|(table, _)| *table == Table::Definition) {
        for row in definition_rows(batch)? {
            // The source has parsed it.
            let kind = DefinitionKind::named(&row.kind);
            all.extend(kind.and_then(|kind| Definition::parse(kind, &row.text).ok()));
        }
    }
    Ok(all)
}

fn findings(store: &Store, definition: &Definition) -> Result<Vec<Finding>, Error> {
    let groups = store.groups()?;
    match definition {
        Definition::Chain(chain) => of_chain(store, &groups, chain),
        Definition::NotThemes(list) => {
            let listed = groups.themes().map(|themes| of_names(list, &themes.groups));
            Ok(listed.unwrap_or_else(|| vec![no_list()]))
        }
    }
}

fn of_chain(store: &Store, groups: &Groups, chain: &Chain) -> Result<Vec<Finding>, Error> {
    let mut all = Vec::new();
    let names_groups = chain.segments().iter().any(|segment| segment.names().next().is_some());
    match groups.themes() {
        None if names_groups => all.push(no_list()),
        themes => {
            let listed = themes.map_or(&[][..], |themes| &themes.groups);
            // Which groups a list has does not depend on the session.
            let some_day = SessionDate::new(2026, 1, 5).ok();
            let missing = some_day.map(|day| chain.resolve(themes, day).missing);
            all.extend(missing.into_iter().flatten().map(|missing| of_group(&missing, listed)));
        }
    }
    all.extend(of_securities(store, chain)?);
    Ok(all)
}

fn of_group(missing: &MissingGroup, listed: &[Group]) -> Finding {
    let strange = strange_names([&*missing.name], listed);
    let near = strange.into_iter().find_map(|(_, near)| near).unwrap_or_else(Wording::none);
    let said = missing.wording();
    let detail = Wording::new(sentence(&said.en), format!("{}。", said.zh));
    found("group_member", 1, detail, near)
}

/// A message with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn of_securities(store: &Store, chain: &Chain) -> Result<Vec<Finding>, Error> {
    let named = || chain.segments().iter().map(|of| (of, &of.securities));
    let symbols: BTreeSet<Symbol> =
        named().flat_map(|(_, named)| named).map(|named| named.symbol).collect();
    if symbols.is_empty() {
        return Ok(Vec::new());
    }
    let texts: Vec<String> = symbols.iter().map(|symbol| format!("'{symbol}'")).collect();
    let among = texts.join(", ");
    let known = query(
        store,
        &format!(
            "SELECT DISTINCT symbol FROM security WHERE symbol IN ({among}) \
             UNION SELECT DISTINCT symbol FROM daily_bar WHERE symbol IN ({among})"
        ),
    )?;
    let known: BTreeSet<Symbol> =
        known.rows.iter().filter_map(|row| row.first()?.as_ref()?.parse().ok()).collect();
    let codes = store.codes()?;
    let (mut all, mut unheard) = (Vec::new(), Vec::new());
    for (segment, named) in named() {
        for symbol in named.iter().map(|named| named.symbol) {
            let last = codes.last(symbol);
            if last != symbol {
                all.push(renamed(segment, symbol, last));
            } else if !known.contains(&symbol) {
                unheard.push(format!("{symbol} (`{}`)", segment.id()));
            }
        }
    }
    all.extend(unknown(unheard));
    Ok(all)
}

fn renamed(segment: &ChainSegment, symbol: Symbol, last: Symbol) -> Finding {
    let id = segment.id();
    let detail = Wording::new(
        format!(
            "The segment `{id}` names {symbol}, whose code is {last} today; it is not counted."
        ),
        format!("环节`{id}`点名的{symbol}如今代码是{last}；没有计入。"),
    );
    let hint = Wording::new(format!("Write {last}."), format!("请改写为{last}。"));
    found("security", 1, detail, hint)
}

/// Securities that a chain names, each with its segment, and the store does not know: a fresh store
/// knows none, so that all of them are in one finding.
fn unknown(named: Vec<String>) -> Option<Finding> {
    let count = named.len();
    let named = lists::named(named.into_iter());
    let detail = Wording::new(
        format!(
            "Its segments name {count} securities of which the store has neither a name nor a bar, and \
             which are not counted: {}",
            named.en
        ),
        format!("环节点名的证券中有{count}只在库中既没有名称也没有日线，没有计入：{}", named.zh),
    );
    let hint =
        Wording::new("Correct the codes, or import their bars.", "请更正代码，或导入它们的日线。");
    (count > 0).then(|| found("security", count as u64, detail, hint))
}

/// How many groups of the list a reader's own list leaves out, and which of its names the list lacks.
fn of_names(list: &NotThemes, groups: &[Group]) -> Vec<Finding> {
    let strange = strange_names(list.names(), groups);
    let left_out = groups.iter().filter(|group| list.has(&group.name)).count();
    let all = list.names().count();
    if strange.is_empty() {
        return Vec::new();
    }
    // Those with a near name first: they may be misspelled.
    let mut by_near: Vec<_> = strange.iter().collect();
    by_near.sort_by_key(|(name, near)| (near.is_none(), *name));
    let told: Vec<Wording> = by_near
        .iter()
        .take(NAMED)
        .map(|(name, near)| {
            let name = shown(name);
            match near {
                Some(near) => Wording::new(
                    format!("`{name}` ({})", near.en),
                    format!("`{name}`（{}）", near.zh),
                ),
                None => Wording::new(format!("`{name}`"), format!("`{name}`")),
            }
        })
        .collect();
    let more = strange.len() > NAMED;
    let join = |of: fn(&Wording) -> &str, between: &str| {
        told.iter().map(of).collect::<Vec<_>>().join(between)
    };
    let detail = Wording::new(
        format!(
            "{} of its {all} names are of no group in the store's list, which it leaves {left_out} \
             groups out of: {}{}.",
            strange.len(),
            join(|told| &told.en, ", "),
            if more { ", …" } else { "" }
        ),
        format!(
            "它的{all}个名称中有{}个不是库中名单的概念：{}{}；该名单有{left_out}个概念被排除。",
            strange.len(),
            join(|told| &told.zh, "、"),
            if more { "等" } else { "" }
        ),
    );
    let hint = Wording::new(
        "Names that only other vendors' lists have do no harm.",
        "只见于其他名单的名称没有影响。",
    );
    vec![found("group_member", strange.len() as u64, detail, hint)]
}

fn no_list() -> Finding {
    let detail = Wording::new(
        "The store has no list of concepts, so that none of its names is known.",
        "库中没有概念名单，它写到的概念都无从对照。",
    );
    let hint = Wording::new(
        "Import one, such as a THS table: fupan import ths-table FILE.",
        "请先导入概念名单，例如同花顺表格：`fupan import ths-table 文件`。",
    );
    found("group_member", 1, detail, hint)
}

fn found(subject: &str, count: u64, detail: Wording, hint: Wording) -> Finding {
    let (kind, subject) = (FindingKind::MissingData, subject.to_owned());
    Finding { kind, count, subject, detail, hint, place: None }
}
