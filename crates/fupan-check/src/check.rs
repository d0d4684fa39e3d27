//! The report of an article.

use fupan_fact::AsOf;
use fupan_market::{InLanguage as _, SessionDate, Wording};

use crate::article::Article;
use crate::judge::{FactBook, Judged, judge};
use crate::report::{Claim, ClaimValue, Comparator, Report, Summary, Verdict};
use crate::stated::{Ask, Stated, StatedValue};
use crate::subjects::Subject;

/// Judges the statements of an article, which are of a session if `book` is given.
pub fn report(
    file: &str,
    article: &Article,
    stated: Vec<(std::ops::Range<u32>, Stated)>,
    session_found: Wording,
    mut book: Option<&mut dyn FactBook>,
) -> Report {
    let session = book.as_ref().map(|book| book.session());
    let claims = stated.into_iter().map(|(range, stated)| {
        let judged = match &mut book {
            Some(book) => judge(&stated, *book),
            None => Judged::unknown(Wording::new("no session is known", "不知道是哪个交易日")),
        };
        claim(article.slice(range.clone()), range, stated, judged)
    });
    let claims: Vec<Claim> = claims.collect();
    let would_help = would_help(&claims, session);
    let remarks = article.remarks().iter().map(|remark| remark.wording()).collect();
    let summary = Summary { session_found, would_help, remarks };
    let mut report =
        Report { file: file.to_owned(), session, instant: AsOf::Close, claims, summary };
    report.sort();
    report
}

fn claim(text: &str, range: std::ops::Range<u32>, stated: Stated, judged: Judged) -> Claim {
    let Judged { verdict, note, right, fact, why } = judged;
    let (value, comparator) = match stated.value {
        StatedValue::Holds(says) => (ClaimValue::Holds(says), Comparator::Is),
        StatedValue::Number { value, .. } => (ClaimValue::Number(value), stated.comparator),
    };
    let note = match stated.day_before {
        true => Wording::new(
            format!("of the session before; {}", note.en).trim_end_matches("; ").to_owned(),
            format!("指前一交易日；{}", note.zh).trim_end_matches('；').to_owned(),
        ),
        false => note,
    };
    Claim {
        text: text.to_owned(),
        start: range.start,
        end: range.end,
        kind: stated.ask.kind(),
        subject: subject(&stated.ask),
        measure: fact.as_ref().map(|key| key.measure.to_string()),
        value: Some(value),
        unit: Some(stated.unit),
        comparator,
        verdict,
        note,
        right,
        fact,
        why,
    }
}

fn subject(ask: &Ask) -> String {
    let of = |symbol: &fupan_market::Symbol| symbol.to_string();
    match ask {
        Ask::IndexReturn(index, ..)
        | Ask::IndexPoints(index, _)
        | Ask::IndexLevel(index, _)
        | Ask::IndexRun { index, .. }
        | Ask::IndexCrossing { index, .. }
        | Ask::IndexExtreme { index, .. }
        | Ask::IndexDirection(index, _) => of(index),
        Ask::Comparison { ahead, .. } => of(ahead),
        Ask::SecurityReturn(list, ..) => list.iter().map(of).collect::<Vec<_>>().join(","),
        Ask::SecurityPrice(security, _)
        | Ask::SecurityLimit { security, .. }
        | Ask::SecurityStreak(security)
        | Ask::SecurityTurnover(security)
        | Ask::SecurityMarketValue(security)
        | Ask::SecurityExtreme { security, .. } => of(security),
        Ask::GroupMove(subjects, _) => subjects
            .iter()
            .find_map(|subject| match subject {
                Subject::Group(group) => Some(group.to_string()),
                _ => None,
            })
            .unwrap_or_default(),
        Ask::Unjudged(_, name, _) => name.clone(),
        _ => "market".to_owned(),
    }
}

/// What would make more claims checkable.
fn would_help(claims: &[Claim], session: Option<SessionDate>) -> Vec<Wording> {
    let open = |claim: &&Claim| claim.verdict == Verdict::NotCheckable;
    let mut help: Vec<Wording> = Vec::new();
    if session.is_none() && !claims.is_empty() {
        help.push(Wording::new(
            "Name the session: --date 2026-02-12.",
            "指定交易日：--date 2026-02-12。",
        ));
        return help;
    }
    let mut whys: Vec<&Wording> = claims.iter().filter(open).map(|claim| &claim.why).collect();
    whys.sort();
    whys.dedup();
    help.extend(whys.into_iter().cloned());
    help
}
