//! `fupan stock`: all that a session says about one security. The page of an index is in
//! `index_page.rs`, that of a fund in `fund_page.rs`.

use std::cmp::Reverse;

use fupan::{
    Fact, FactKey, GroupId, Language, Market, MeasureId, Name, Scope, SecurityKind, SecurityReview,
    SessionDate, Symbol, Value, shown_name,
};

use crate::arguments::{Common, StockArgs, UsageError};
use crate::command::last_closes::lately;
use crate::command::{fund_page, index_page, page};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &StockArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let symbol = symbol(&market, &asked.security)?;
    if symbol.kind() == SecurityKind::Fund {
        return fund_page::run(&market, asked, symbol);
    }
    let since = asked.since.map(|since| since_session(&market, asked.date, since)).transpose()?;
    if symbol.kind() == SecurityKind::Index {
        return index_page::run(&market, asked, (symbol, since));
    }
    let review = fupan::review_security(&market, asked.date, symbol, since)?;
    terminal::name_later_session(&review.facts);
    if !has_traded(&review) {
        return Err(nothing(&review).into());
    }
    page::write(asked, &review.facts, || as_text(&review))
}

/// The session whose close a return counts from: the day asked for, or the session before it if it is
/// none.
fn since_session(
    market: &Market,
    asked: Option<SessionDate>,
    since: SessionDate,
) -> anyhow::Result<SessionDate> {
    let session = market.session(asked)?;
    let from = market.calendar().on_or_before(since)?;
    if from < session {
        return Ok(from);
    }
    let error = UsageError::new(
        format!("--since {since} is not before the session {session}"),
        format!("--since {since}不早于交易日{session}"),
    );
    Err(error.into())
}

/// The security or index that a text names: by a code in any notation, or by its Chinese name; an index
/// also by its English one.
fn symbol(market: &Market, text: &str) -> anyhow::Result<Symbol> {
    if let Some(index) = fupan::index_named(text) {
        return Ok(index);
    }
    match text.parse::<Symbol>() {
        Ok(symbol) => Ok(symbol),
        Err(error) if text.is_ascii() => Err(error.into()),
        Err(_) => Ok(fupan::symbol_named(market, text)?),
    }
}

fn key(review: &SecurityReview, measure: MeasureId, scope: Scope) -> FactKey {
    FactKey::at_close(measure, scope, review.facts.session)
}

fn own<'a>(review: &'a SecurityReview, measure: &'static str) -> Option<&'a Fact> {
    let scope = Scope::Security(review.symbol);
    review.facts.get(&key(review, MeasureId::new(measure), scope))
}

fn has_traded(review: &SecurityReview) -> bool {
    own(review, "last_price").is_some()
}

fn nothing(review: &SecurityReview) -> UsageError {
    let (symbol, session) = (review.symbol, review.facts.session);
    UsageError::new(
        format!(
            "{symbol} did not trade on {session}, or the data lack it; `fupan sql \"SELECT * FROM \
             daily_bar WHERE symbol = '{symbol}'\"` shows what they hold"
        ),
        format!(
            "{symbol}在{session}没有成交，或数据中没有该证券；数据中的行情见`fupan sql \"SELECT * \
             FROM daily_bar WHERE symbol = '{symbol}'\"`"
        ),
    )
}

/// The groups of figures, in the order of the table.
const FIGURES: [(&str, &str, &[&str]); 5] = [
    (
        "price",
        "价格",
        &[
            "last_price",
            "security_return",
            "open_price",
            "high_price",
            "low_price",
            "prev_close",
            "open_return",
            "high_return",
            "low_return",
            "amplitude",
            "return_rank_of",
            "return_over_industry",
        ],
    ),
    (
        "over sessions",
        "多日",
        &[
            "security_return_since",
            "security_return_5",
            "security_return_20",
            "security_return_60",
            "security_return_month",
            "security_return_year",
        ],
    ),
    (
        "turnover",
        "成交",
        &[
            "turnover_of",
            "turnover_rank_of",
            "security_turnover_vs_ma5",
            "security_turnover_vs_ma20",
            "volume_of",
            "turnover_rate",
        ],
    ),
    ("size", "市值", &["market_value", "market_value_rank_of", "float_market_value"]),
    (
        "limits",
        "涨跌停",
        &[
            "limit_up_price",
            "limit_down_price",
            "limit_up_streak",
            "limit_up_cluster_days",
            "limit_up_cluster_boards",
            "first_seal_time",
            "index_contribution",
        ],
    ),
];

fn as_text(review: &SecurityReview) -> String {
    let facts = &review.facts;
    let name = facts.names.get(&review.symbol).map(|name| shown_name(&name.zh));
    let title = format!("{}  {} {}", facts.session, review.symbol, name.unwrap_or_default());
    let parts =
        [Some(title), Some(figures(review)), flags(review), Some(groups(review)), lately(review)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn figures(review: &SecurityReview) -> String {
    let headed = FIGURES.into_iter().map(|(en, zh, measures)| {
        ((en, zh), measures.iter().flat_map(|measure| named(review, measure)).collect())
    });
    terminal::figures(&review.facts, headed, |fact| terminal::value(&fact.value))
}

/// The security's own figures of a measure, with any parameter.
fn named<'a>(review: &'a SecurityReview, measure: &'a str) -> impl Iterator<Item = &'a Fact> {
    let own = Scope::Security(review.symbol);
    let is_it = move |key: &&FactKey| key.measure.name() == measure && key.scope == own;
    review.facts.facts.keys().filter(is_it).filter_map(|key| review.facts.get(key))
}

/// Which of the comparisons with its own past and with its limits hold.
fn flags(review: &SecurityReview) -> Option<String> {
    let holding = fupan::catalogue().iter().filter_map(|measure| {
        let id: MeasureId = measure.id.parse().ok()?;
        let fact = review.facts.get(&key(review, id, Scope::Security(review.symbol)))?;
        match (&fact.value, place::interface()) {
            (Value::Flag { holds: true }, Language::Zh) => Some(measure.label.zh),
            (Value::Flag { holds: true }, Language::En) => Some(measure.label.en),
            _ => None,
        }
    });
    let holding: Vec<&str> = holding.collect();
    if holding.is_empty() {
        return None;
    }
    let all = holding.join(terminal::word("; ", "；"));
    Some(terminal::say(format!("Holds: {all}"), format!("成立：{all}")))
}

/// The market, and the groups that it is in.
fn groups(review: &SecurityReview) -> String {
    const COLUMNS: [(&str, &str, &str); 5] = [
        ("equal_weight_return", "return", "等权平均"),
        ("cap_weight_return", "weighted", "流通加权"),
        ("advances", "up", "上涨"),
        ("declines", "down", "下跌"),
        ("limit_up_count", "limit-ups", "涨停"),
    ];
    let facts = &review.facts;
    let near = [terminal::word("next to it", "对照"), terminal::word("kind", "类别")].into_iter();
    let columns = COLUMNS.map(|(_, en, zh)| terminal::word(en, zh));
    let mut table = terminal::table(&near.chain(columns).collect::<Vec<&str>>());
    let mut add = |name: &str, kind: &str, scope: &Scope| {
        let cells = COLUMNS.map(|(measure, ..)| {
            let fact = facts.get(&key(review, MeasureId::new(measure), scope.clone()));
            fact.map_or_else(|| terminal::text(""), |fact| terminal::value(&fact.value))
        });
        let name = terminal::text(shown_name(name));
        table.add_row([name, terminal::text(kind)].into_iter().chain(cells));
    };
    let all = (terminal::word("all A-shares", "全部A股"), terminal::word("market", "全市场"));
    add(all.0, all.1, &Scope::AllA);
    let mut groups: Vec<(&GroupId, &Name)> = facts.groups.iter().collect();
    groups.sort_by_cached_key(|(id, _)| {
        let scope = Scope::Group((*id).clone());
        let fact = facts.get(&key(review, MeasureId::new("equal_weight_return"), scope));
        let ppb = match fact.map(|fact| &fact.value) {
            Some(Value::Return { ppb }) => ppb.0,
            _ => 0,
        };
        (id.is_chain(), id.is_concept(), Reverse(ppb), (*id).clone())
    });
    for (id, name) in groups {
        let kind = match (id.is_chain(), id.is_concept()) {
            (true, _) => terminal::word("chain", "产业链"),
            (_, true) => terminal::word("theme", "题材"),
            _ => terminal::word("industry", "行业"),
        };
        add(&terminal::name(name), kind, &Scope::Group(id.clone()));
    }
    table.to_string()
}
