//! Invented articles with invented verdicts, in which every kind of mark occurs. The claims are rows
//! of a table beside each article.

use fupan_check::{Article, Claim, ClaimUnit, ClaimValue, Report, Summary};
use fupan_fact::AsOf;
use fupan_market::{InLanguage, Wording};
use serde::de::DeserializeOwned;

/// A Chinese article in Markdown and its report.
pub fn chinese() -> (Article, Report) {
    of("zh.md", include_str!("zh.md"), include_str!("zh.tsv"))
}

/// An English article in HTML and its report.
pub fn english() -> (Article, Report) {
    of("en.html", include_str!("en.html"), include_str!("en.tsv"))
}

fn of(file: &str, text: &str, claims: &str) -> (Article, Report) {
    let article = Article::read(text.as_bytes(), Some(file)).expect("a text");
    let rows = claims.lines().skip(1);
    let claims = rows.map(|row| claim(&article, &row.split('\t').collect::<Vec<_>>())).collect();
    let summary = Summary {
        session_found: Wording::new(
            "the article names the date 12 February 2026 in its first sentence",
            "文章首句写明日期2026年2月12日",
        ),
        would_help: vec![
            Wording::new(
                "Share capital by date would make claims about market value checkable.",
                "导入按日期的股本数据后，可核对市值类说法。",
            ),
            Wording::new(
                "No data of this program cover Hong Kong or flows of money.",
                "本程序没有港股和资金流向数据。",
            ),
        ],
        remarks: article.remarks().iter().map(InLanguage::wording).collect(),
    };
    let session = Some("2026-02-12".parse().expect("a date"));
    let file = file.to_owned();
    let mut report = Report { file, session, instant: AsOf::Close, claims, summary };
    report.sort();
    (article, report)
}

/// A value by its identifier in JSON.
fn named<T: DeserializeOwned>(id: &str) -> T {
    serde_json::from_str(&format!("\"{id}\"")).expect("an identifier")
}

fn claim(article: &Article, row: &[&str]) -> Claim {
    let [words, kind, subject, value, unit, comparator, verdict, right, fact, notes @ ..] = row
    else {
        panic!("a row has thirteen cells: {row:?}");
    };
    let [note_en, note_zh, why_en, why_zh] = notes else {
        panic!("a row has thirteen cells: {row:?}");
    };
    let found = article.blocks().iter().find_map(|block| {
        let start = block.text().find(words)?;
        Some(block.file_range(start..start + words.len()))
    });
    let places = found.unwrap_or_else(|| panic!("the article says {words:?}"));
    let unit: ClaimUnit = named(unit);
    let of = |text: &str| match unit {
        ClaimUnit::Bool => ClaimValue::Holds(text == "true"),
        _ => ClaimValue::Number(text.parse().expect("a number")),
    };
    let is_some = |text: &&str| !text.is_empty();
    Claim {
        text: (*words).to_owned(),
        start: places.start,
        end: places.end,
        kind: named(kind),
        subject: (*subject).to_owned(),
        measure: Some(*fact)
            .filter(is_some)
            .and_then(|fact| fact.split('/').next().map(str::to_owned)),
        value: Some(of(value)),
        unit: Some(unit),
        comparator: named(comparator),
        verdict: named(verdict),
        note: Wording::new(*note_en, *note_zh),
        right: Some(*right).filter(is_some).map(of),
        fact: Some(*fact).filter(is_some).map(|fact| fact.parse().expect("a key")),
        why: Wording::new(*why_en, *why_zh),
    }
}
