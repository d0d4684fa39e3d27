//! What industries did to an index, in points: `fupan movers --by industries`, and a part of the page of
//! an index.

use std::cmp::Reverse;

use fupan::sheet::{self, Csv};
use fupan::{
    Error, FactKey, FactSet, GroupId, MeasureId, Scope, Symbol, Value, fact_table, shown_name,
};
use serde_json::json;

use crate::{place, terminal};

/// The columns of CSV.
const COLUMNS: [&str; 10] = [
    "trade_date",
    "index_symbol",
    "group",
    "name",
    "index_group_points",
    "index_group_share",
    "index_group_members",
    "lead_symbol",
    "lead_name",
    "lead_contribution",
];

/// An industry and what it did to an index.
pub struct Industry {
    id: GroupId,
    name: String,
    points: Value,
    share: Option<Value>,
    members: Option<Value>,
    /// The member that did most of it, with its name and its points.
    lead: Option<(Symbol, String, Value)>,
}

fn known(facts: &FactSet, measure: MeasureId, scope: Scope) -> Option<Value> {
    let key = FactKey::at_close(measure, scope, facts.session);
    let value = facts.get(&key).map(|fact| fact.value.clone());
    value.filter(|value| !matches!(value, Value::Unknown { .. }))
}

pub fn units(value: &Value) -> i64 {
    value.integers().map_or(0, |(number, _)| number)
}

/// The industries with members in an index, those that lifted it most first.
pub fn industries(facts: &FactSet, index: Symbol) -> Vec<Industry> {
    let of = |measure: &'static str, id: &GroupId| {
        known(facts, MeasureId::with(measure, index), Scope::Group(id.clone()))
    };
    let industries = facts.groups.iter().filter_map(|(id, name)| {
        let points = of("index_group_points", id)?;
        Some(Industry {
            lead: lead(facts, index, id, units(&points)),
            id: id.clone(),
            name: terminal::name(name),
            points,
            share: of("index_group_share", id),
            members: of("index_group_members", id),
        })
    });
    let mut industries: Vec<Industry> = industries.collect();
    industries.sort_by_key(|industry| (Reverse(units(&industry.points)), industry.id.clone()));
    industries
}

/// The member that moved an industry's points most, their way; those of which it is known.
fn lead(
    facts: &FactSet,
    index: Symbol,
    id: &GroupId,
    points: i64,
) -> Option<(Symbol, String, Value)> {
    let measure = MeasureId::with("index_group_members", index);
    let key = FactKey::at_close(measure, Scope::Group(id.clone()), facts.session);
    let members = facts.members.get(&key)?;
    let lead = if points < 0 { members.last() } else { members.first() };
    let lead = *lead?;
    let name = facts.names.get(&lead).map(|name| shown_name(&name.zh)).unwrap_or_default();
    let contribution = MeasureId::with("index_contribution", index);
    Some((lead, name, known(facts, contribution, Scope::Security(lead))?))
}

/// A table of some industries.
pub fn as_table<'i>(rows: impl IntoIterator<Item = &'i Industry>) -> String {
    let header = [
        ("industry", "行业"),
        ("points", "点数"),
        ("of the index's move", "占指数涨跌"),
        ("members", "成份股"),
        ("most by", "主要来自"),
        ("points", "点数"),
    ];
    let mut table = terminal::table(&header.map(|(en, zh)| terminal::word(en, zh)));
    let worded = |value: &Value| fact_table::worded(value, place::interface());
    let signed = |value: &Value| terminal::signed(worded(value), units(value));
    // Its parts are ten-thousandths of a point.
    let percent = |value: &Value| {
        worded(value).split_inclusive('%').next().map(str::to_owned).unwrap_or_default()
    };
    let plain =
        |value: &Option<Value>| terminal::number(value.as_ref().map_or(String::new(), worded));
    for industry in rows {
        let lead = industry.lead.as_ref();
        table.add_row([
            terminal::text(&industry.name),
            signed(&industry.points),
            terminal::number(industry.share.as_ref().map_or(String::new(), percent)),
            plain(&industry.members),
            terminal::text(lead.map_or("", |(_, name, _)| name)),
            lead.map_or_else(|| terminal::text(""), |(.., points)| signed(points)),
        ]);
    }
    table.to_string()
}

/// That the industries' points and those of members in none are the points of all members.
pub fn sums(facts: &FactSet, index: Symbol, rows: &[Industry]) -> Option<String> {
    let scheme = rows.first()?.id.scheme();
    let index = Scope::Security(index);
    let of = |measure| {
        let value = known(facts, measure, index.clone());
        value.map_or_else(
            || terminal::word("unknown", "不详").to_owned(),
            |value| fact_table::worded(&value, place::interface()),
        )
    };
    let rest = of(MeasureId::with("index_ungrouped_points", scheme));
    let [all, points, left] = ["index_member_points", "index_points", "index_residual"]
        .map(|measure| of(MeasureId::new(measure)));
    let count = rows.len();
    Some(terminal::say(
        format!(
            "The points of these {count} industries and of the members in none ({rest}) add up to those \
             of all members: {all}. The index moved {points}; {left} are left."
        ),
        format!(
            "以上{count}个行业与不属任何行业的成份股（{rest}点）合计，等于全部成份股的贡献{all}点。指数变动{points}点，\
             未能解释{left}点。"
        ),
    ))
}

pub fn as_csv(
    facts: &FactSet,
    index: Symbol,
    rows: &[Industry],
    written: Csv,
) -> Result<String, Error> {
    let numeric = [false, false, false, false, true, true, true, false, false, true];
    let exact = |value: &Option<Value>| value.as_ref().map(fact_table::exact).unwrap_or_default();
    let rows: Vec<[String; 10]> = rows
        .iter()
        .map(|industry| {
            let (symbol, name, points) = match &industry.lead {
                Some((symbol, name, points)) => {
                    (symbol.to_string(), name.clone(), fact_table::exact(points))
                }
                None => (String::new(), String::new(), String::new()),
            };
            [
                facts.session.to_string(),
                index.to_string(),
                industry.id.to_string(),
                industry.name.clone(),
                fact_table::exact(&industry.points),
                exact(&industry.share),
                exact(&industry.members),
                symbol,
                name,
                points,
            ]
        })
        .collect();
    sheet::csv(&COLUMNS, &numeric, rows.iter().map(|row| row.iter().map(String::as_str)), written)
}

pub fn as_json(facts: &FactSet, index: Symbol, rows: &[Industry]) -> serde_json::Value {
    let of = |measure| known(facts, measure, Scope::Security(index));
    let scheme = rows.first().map(|industry| industry.id.scheme()).unwrap_or_default();
    let industry = |industry: &Industry| {
        json!({
            "group": industry.id.to_string(),
            "name": industry.name,
            "points": industry.points,
            "share": industry.share,
            "members": industry.members,
            "lead": industry.lead.as_ref().map(|(symbol, name, points)| {
                json!({"symbol": symbol.to_string(), "name": name, "points": points})
            }),
        })
    };
    json!({
        "trade_date": facts.session.to_string(),
        "index": index.to_string(),
        "points": of(MeasureId::new("index_points")),
        "explained": of(MeasureId::new("index_member_points")),
        "in_no_industry": of(MeasureId::with("index_ungrouped_points", scheme)),
        "residual": of(MeasureId::new("index_residual")),
        "industries": rows.iter().map(industry).collect::<Vec<_>>(),
    })
}
