//! The page of a fund: `fupan stock 510300.SH`.

use fupan::{
    Fact, FactKey, Finding, FindingKind, Market, MeasureId, Scope, SecurityReview, Symbol, shown,
};

use crate::arguments::{StockArgs, UsageError};
use crate::command::last_closes::lately;
use crate::command::page;
use crate::{Answer, place, terminal};

/// The groups of figures, in the order of the table.
const FIGURES: [(&str, &str, &[&str]); 2] = [
    (
        "price",
        "价格",
        &[
            "fund_close",
            "fund_return",
            "fund_open",
            "fund_high",
            "fund_low",
            "fund_prev_close",
            "fund_open_return",
            "fund_amplitude",
        ],
    ),
    ("turnover", "成交", &["fund_turnover", "fund_volume"]),
];

pub fn run(market: &Market, asked: &StockArgs, fund: Symbol) -> anyhow::Result<Answer> {
    if asked.since.is_some() {
        let error = UsageError::new(
            format!("--since is for shares and indices; {fund} is a fund"),
            format!("--since只用于股票和指数；{fund}是基金"),
        );
        return Err(error.into());
    }
    let review = fupan::review_fund(market, asked.date, fund)?;
    terminal::name_later_session(&review.facts);
    if own(&review, "fund_close").is_none() {
        return Err(nothing(&review).into());
    }
    page::write(asked, &review.facts, || as_text(&review))
}

fn own<'a>(review: &'a SecurityReview, measure: &'static str) -> Option<&'a Fact> {
    let scope = Scope::Security(review.symbol);
    review.facts.get(&FactKey::at_close(MeasureId::new(measure), scope, review.facts.session))
}

fn nothing(review: &SecurityReview) -> UsageError {
    let (fund, session) = (review.symbol, review.facts.session);
    UsageError::new(
        format!(
            "the fund {fund} did not trade on {session}, or the data lack it; `fupan sql \"SELECT * \
             FROM fund_bar WHERE symbol = '{fund}'\"` shows what they hold"
        ),
        format!(
            "基金{fund}在{session}没有成交，或数据中没有该基金；数据中的行情见`fupan sql \"SELECT * FROM \
             fund_bar WHERE symbol = '{fund}'\"`"
        ),
    )
}

fn as_text(review: &SecurityReview) -> String {
    let facts = &review.facts;
    let title =
        format!("{}  {} {}", facts.session, review.symbol, terminal::word("fund", "场内基金"));
    let headed = FIGURES.into_iter().map(|(en, zh, measures)| {
        ((en, zh), measures.iter().filter_map(|measure| own(review, measure)).collect())
    });
    let figures = terminal::figures(facts, headed, |fact| terminal::value(&fact.value));
    let parts = [Some(title), Some(figures), said(review), lately(review)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// What a reader must know about the figures, each once.
fn said(review: &SecurityReview) -> Option<String> {
    let own = review.facts.facts.values().flat_map(|fact| &fact.provenance.findings);
    // That a later session is there in part was said before the page.
    let is_of_rows = |finding: &&Finding| finding.kind != FindingKind::PartialSession;
    let all = own.chain(review.facts.findings.iter().filter(is_of_rows));
    let line =
        |finding: &Finding| shown(finding.detail.in_language(place::interface())).into_owned();
    let mut lines: Vec<String> = all.map(line).collect();
    lines.sort();
    lines.dedup();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
