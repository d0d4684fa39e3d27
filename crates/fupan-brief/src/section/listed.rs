//! Lists of stocks by name: the members of a count, by industry, each with the flag of its class.

use std::cmp::Reverse;

use fupan_fact::{BandClass, FactKey, Scope, Value};
use fupan_market::{GroupId, Symbol};

use crate::document::{Align, Column, Inline, Inlines, Row, TableBlock};
use crate::format::Format::Plain;
use crate::section::ranked;
use crate::text::Args;
use crate::view::View;

/// Most names listed for a rung or a class.
const NAMES_LISTED: usize = 100;

/// The price-limit classes whose stocks have a flag after their names.
const FLAGS: [(BandClass, &str); 2] = [(BandClass::Twenty, "†"), (BandClass::Thirty, "‡")];

/// A table of the members of some counts, by name.
pub(crate) fn classes_table(
    view: &View<'_>,
    id: &str,
    classes: &[(&str, &str)],
) -> Option<TableBlock> {
    let rows = classes.iter().filter_map(|(head, measure)| {
        let key = view.key(measure, Scope::AllA);
        view.facts.members.get(&key).filter(|members| !members.is_empty())?;
        Some(listed(view, view.text.run(&format!("column-{head}")), key))
    });
    names_table(view, id, "class", rows.collect())
}

/// A row of a count and its members.
pub(crate) fn listed(view: &View<'_>, head: Inlines, key: FactKey) -> Row {
    let names = names_of(view, &key);
    Row { head, cells: vec![vec![Inline::Fact(key, Plain)], names] }
}

/// A table of counts and their members; `None` without rows.
pub(crate) fn names_table(
    view: &View<'_>,
    id: &str,
    head: &str,
    rows: Vec<Row>,
) -> Option<TableBlock> {
    if rows.is_empty() {
        return None;
    }
    let column = |id: &str, align| Column { label: view.text.run(&format!("column-{id}")), align };
    let mut caption = view.text.run(&format!("table-{id}"));
    let names: Inlines = rows.iter().flat_map(|row| &row.cells).flatten().cloned().collect();
    for (band, flag) in FLAGS {
        if names.contains(&Inline::Text(flag.to_owned())) {
            let args = Args::new(view.facts)
                .run("flag", vec![Inline::Text(flag.to_owned())])
                .run("band", vec![Inline::Scope(Scope::Band(band))]);
            caption.extend(view.text.say("table-flag", &args));
        }
    }
    Some(TableBlock {
        id: format!("table-{id}"),
        caption,
        columns: vec![
            column(head, Align::Start),
            column("count", Align::End),
            column("names", Align::Start),
        ],
        rows,
    })
}

/// The members of a count by industry, the largest first; of each the most traded first.
fn names_of(view: &View<'_>, key: &FactKey) -> Inlines {
    let mut symbols: Vec<Symbol> = view.facts.members.get(key).cloned().unwrap_or_default();
    symbols.sort_by_key(|symbol| {
        let traded = match view.value("turnover_of", Scope::Security(*symbol)) {
            Some(Value::Money { fen }) => fen.0,
            _ => 0,
        };
        (Reverse(traded), *symbol)
    });
    let are_more = symbols.len() > NAMES_LISTED;
    symbols.truncate(NAMES_LISTED);
    let groups = by_industry(view, &symbols).into_iter().map(|(industry, symbols)| {
        let flagged = symbols.iter().map(|symbol| flagged(view, *symbol)).collect();
        let names = view.text.join(flagged, "between-names", "between-names");
        let id = match industry {
            Some(_) => "names-of-industry",
            None => "names-of-others",
        };
        let industry = industry.map(ranked::name).unwrap_or_default();
        let args = Args::new(view.facts).run("industry", industry).run("names", names);
        view.text.say(id, &args)
    });
    let groups: Vec<Inlines> = groups.collect();
    let mut names = match symbols.iter().any(|symbol| view.facts.industries.contains_key(symbol)) {
        true => view.text.join(groups, "between-clauses", "between-clauses"),
        false => {
            let flagged = symbols.iter().map(|symbol| flagged(view, *symbol)).collect();
            view.text.join(flagged, "between-names", "before-last-name")
        }
    };
    if are_more {
        names.extend(view.text.run("and-others"));
    }
    names
}

/// Stocks by industry, the one with the most first, those of no known industry last.
fn by_industry<'v>(
    view: &'v View<'_>,
    symbols: &[Symbol],
) -> Vec<(Option<&'v GroupId>, Vec<Symbol>)> {
    let mut groups: Vec<(Option<&GroupId>, Vec<Symbol>)> = Vec::new();
    for symbol in symbols {
        let industry = view.facts.industries.get(symbol);
        match groups.iter_mut().find(|(of, _)| *of == industry) {
            Some((_, symbols)) => symbols.push(*symbol),
            None => groups.push((industry, vec![*symbol])),
        }
    }
    // Stable: of equal ones the one with the most traded stock comes first.
    groups.sort_by_key(|(industry, symbols)| (industry.is_none(), Reverse(symbols.len())));
    groups
}

/// A stock's name with the flag of its class.
fn flagged(view: &View<'_>, symbol: Symbol) -> Inlines {
    let of = ["limit_up_count", "limit_down_count", "limit_up_broken_count"];
    let is_in = |band: BandClass| {
        let keys = of.map(|measure| view.key(measure, Scope::Band(band)));
        let mut lists = keys.iter().filter_map(|key| view.facts.members.get(key));
        lists.any(|list| list.contains(&symbol))
    };
    let flag = FLAGS.into_iter().find(|(band, _)| is_in(*band));
    let flag = flag.map(|(_, flag)| Inline::Text(flag.to_owned()));
    std::iter::once(Inline::Name(symbol)).chain(flag).collect()
}
