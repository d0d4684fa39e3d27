//! The page of an index: `fupan stock 000300.SH`.

use fupan::{
    Fact, FactKey, FactSet, IndexMembers, Market, MeasureId, Scope, SessionDate, Symbol, Value,
    fact_table,
};

use crate::arguments::{StockArgs, UsageError};
use crate::command::index_industries::{self, units};
use crate::command::{movers, page};
use crate::{Answer, place, terminal};

/// Members and industries shown at each end.
const SHOWN: usize = 5;

/// The groups of figures, in the order of the table. Those that are unknown are left out.
const FIGURES: [(&str, &str, &[&str]); 4] = [
    (
        "level",
        "点位",
        &[
            "index_close",
            "index_return",
            "index_points",
            "index_open",
            "index_gap",
            "index_high",
            "index_low",
            "index_amplitude",
            "index_breadth_gap",
        ],
    ),
    (
        "past",
        "此前",
        &[
            "index_return_since",
            "index_month_to_date",
            "index_year_to_date",
            "index_gain_streak",
            "index_high_since_sessions",
            "index_low_since_sessions",
            "index_intraday_high_since_sessions",
            "index_intraday_low_since_sessions",
        ],
    ),
    (
        "round levels",
        "整数关口",
        &[
            "index_level_gained",
            "index_level_lost",
            "index_intraday_level_gained",
            "index_intraday_level_lost",
        ],
    ),
    (
        "members",
        "成份股",
        &["index_member_count", "index_member_points", "index_residual", "index_ungrouped_points"],
    ),
];

pub fn run(
    market: &Market,
    asked: &StockArgs,
    (index, since): (Symbol, Option<SessionDate>),
) -> anyhow::Result<Answer> {
    let facts = fupan::review_index(market, asked.date, index, since, IndexMembers::Movers)?;
    terminal::name_later_session(&facts);
    if own(&facts, index, "index_close").next().is_none() {
        return Err(nothing(&facts, index).into());
    }
    page::write(asked, &facts, || as_text(&facts, index))
}

fn nothing(facts: &FactSet, index: Symbol) -> UsageError {
    let session = facts.session;
    UsageError::new(
        format!(
            "the data have no bar of {index} on {session}, or it is none of the indices that a review \
             follows; `fupan facts {session} --measure index_close` lists those with a bar"
        ),
        format!(
            "数据中没有{index}在{session}的行情，或它不在复盘所跟踪的指数之中；`fupan facts {session} --measure \
             index_close`列出有行情的指数"
        ),
    )
}

/// An index's own figures of a measure, with any parameter.
fn own<'a>(facts: &'a FactSet, index: Symbol, measure: &'a str) -> impl Iterator<Item = &'a Fact> {
    let scope = Scope::Security(index);
    let is_it = move |key: &&FactKey| {
        key.measure.name() == measure && key.scope == scope && key.session == facts.session
    };
    facts.facts.keys().filter(is_it).filter_map(|key| facts.get(key))
}

fn as_text(facts: &FactSet, index: Symbol) -> String {
    let title = format!("{}  {index} {}", facts.session, terminal::security(facts, index));
    let parts = [
        Some(title),
        Some(figures(facts, index)),
        lately(facts, index),
        members(facts, index),
        industries(facts, index),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn figures(facts: &FactSet, index: Symbol) -> String {
    let headed = FIGURES.into_iter().map(|(en, zh, measures)| {
        let figures = measures.iter().flat_map(|measure| own(facts, index, measure));
        let known = figures.filter(|fact| !matches!(fact.value, Value::Unknown { .. }));
        ((en, zh), known.collect())
    });
    terminal::figures(facts, headed, |fact| match is_level(fact) {
        true => terminal::number(fact_table::worded(&fact.value, place::interface())),
        false => terminal::value(&fact.value),
    })
}

/// Whether points are a level of the index, and no change of it.
fn is_level(fact: &Fact) -> bool {
    const CHANGES: [&str; 4] =
        ["index_points", "index_member_points", "index_residual", "index_ungrouped_points"];
    matches!(fact.value, Value::Points { .. }) && !CHANGES.contains(&fact.key.measure.name())
}

/// The last closes as a row of bars, with the lowest and the highest.
fn lately(facts: &FactSet, index: Symbol) -> Option<String> {
    let close = MeasureId::new("index_close");
    let closes = facts
        .facts
        .values()
        .filter(|fact| fact.key.measure == close && fact.key.scope == Scope::Security(index));
    let mut closes: Vec<&Fact> = closes.collect();
    closes.sort_by_key(|fact| fact.key.session);
    let levels: Vec<f64> = closes.iter().map(|fact| units(&fact.value) as f64).collect();
    let first = closes.first()?.key.session;
    let by_level = |fact: &&&Fact| units(&fact.value);
    let worded = |fact: &Fact| fact_table::worded(&fact.value, place::interface());
    let (lowest, highest) =
        (worded(closes.iter().min_by_key(by_level)?), worded(closes.iter().max_by_key(by_level)?));
    let (bars, sessions, last) = (terminal::drawn(&levels), closes.len(), facts.session);
    Some(terminal::say(
        format!(
            "{bars}  {sessions} sessions from {first} to {last}; closes from {lowest} to {highest}"
        ),
        format!("{bars}  {first}至{last}的{sessions}个交易日；收盘{lowest}至{highest}"),
    ))
}

/// The members that moved the index most, of each way as many.
fn members(facts: &FactSet, index: Symbol) -> Option<String> {
    let all = movers::movers(facts, index);
    let (up, down): (Vec<_>, Vec<_>) = all.iter().partition(|mover| units(&mover.points) > 0);
    let worst = down.len().saturating_sub(SHOWN);
    let shown: Vec<_> = up.into_iter().take(SHOWN).chain(down.into_iter().skip(worst)).collect();
    (!shown.is_empty()).then(|| movers::table_of(shown))
}

fn industries(facts: &FactSet, index: Symbol) -> Option<String> {
    let all = index_industries::industries(facts, index);
    let sums = index_industries::sums(facts, index, &all)?;
    let shown: Vec<_> = match all.len() > 2 * SHOWN {
        true => all[..SHOWN].iter().chain(&all[all.len() - SHOWN..]).collect(),
        false => all.iter().collect(),
    };
    let table = index_industries::as_table(shown);
    let all = terminal::say(
        format!("All industries: `fupan movers {} --index {index} --by industries`", facts.session),
        format!("全部行业见`fupan movers {} --index {index} --by industries`", facts.session),
    );
    Some(format!("{table}\n{sums}\n{all}"))
}
