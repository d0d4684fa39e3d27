//! A report as text for a terminal.

use fupan_fact::AsOf;
use fupan_market::{Language, shown};
use unicode_width::UnicodeWidthStr;

use crate::report::{Claim, Report, Verdict};

/// Whether a text for a terminal has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Text alone.
    Plain,
    /// Verdicts in colour, by ANSI escapes.
    Colour,
}

/// The widest column of claims; longer ones push what follows to the right.
const CLAIM_COLUMNS: usize = 44;

/// The report as lines: a summary, each claim with its mark, verdict and why, and what would make
/// the rest checkable. Texts from the article are escaped, so that a terminal obeys none of them.
/// Ends with a line break.
pub fn terminal_text(report: &Report, language: Language, ink: Ink) -> String {
    let say = |en: &'static str, zh: &'static str| match language {
        Language::En => en,
        Language::Zh => zh,
    };
    let mut lines = vec![summary(report, language, ink)];
    let found = report.summary.session_found.in_language(language);
    let session = match report.session {
        Some(session) => {
            let instant = match report.instant {
                AsOf::Close => say("close", "收盘").to_owned(),
                instant => instant.to_string(),
            };
            format!("{} {session} {instant}", say("session", "交易日"))
        }
        None => say("no session", "没有交易日").to_owned(),
    };
    let colon = if found.is_empty() { "" } else { say(": ", "：") };
    lines.push(format!("{session}{colon}{}", shown(found)));
    let texts: Vec<String> = report.claims.iter().map(text).collect();
    let widest = texts.iter().map(|text| text.width()).filter(|width| *width <= CLAIM_COLUMNS);
    let column = widest.max().unwrap_or(0);
    let verdicts = Verdict::ALL.map(|verdict| verdict.wording().in_language(language).width());
    let verdict_column = verdicts.into_iter().max().unwrap_or(0);
    if !report.claims.is_empty() {
        lines.push(String::new());
    }
    for (claim, text) in report.claims.iter().zip(&texts) {
        let word = claim.verdict.wording().in_language(language).to_owned();
        let verdict = format!("{} {}", claim.verdict.mark(), padded(&word, verdict_column));
        let line = format!(
            "{}  {}  {}",
            inked(&verdict, claim.verdict, ink),
            padded(text, column),
            shown(claim.why.in_language(language))
        );
        lines.push(line.trim_end().to_owned());
    }
    for (head, of) in [
        (
            say("What would make the rest checkable:", "怎样才能核对其余说法："),
            &report.summary.would_help,
        ),
        (say("Remarks on the file:", "关于文件："), &report.summary.remarks),
    ] {
        if !of.is_empty() {
            lines.extend([String::new(), head.to_owned()]);
            lines.extend(of.iter().map(|one| format!("- {}", shown(one.in_language(language)))));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// `report.md: 12 claims: ✓ 7 supported, ✗ 3 contradicted, ? 2 not checkable`.
fn summary(report: &Report, language: Language, ink: Ink) -> String {
    let counts = report.counts();
    let parts = Verdict::ALL.map(|verdict| {
        let (mark, count) = (verdict.mark(), counts.of(verdict));
        let word = verdict.wording();
        let part = match language {
            Language::En => format!("{mark} {count} {}", word.en),
            Language::Zh => format!("{mark} {count}条{}", word.zh),
        };
        if count == 0 { part } else { inked(&part, verdict, ink) }
    });
    let (file, all) = (shown(&report.file), counts.all());
    match language {
        Language::En => {
            let s = if all == 1 { "" } else { "s" };
            format!("{file}: {all} claim{s}: {}", parts.join(", "))
        }
        Language::Zh => format!("{file}：{all}条说法：{}", parts.join("，")),
    }
}

/// A claim's text on one line.
fn text(claim: &Claim) -> String {
    shown(&claim.text.replace('\n', " ")).into_owned()
}

/// A text with spaces up to a width in columns, in which a Chinese character takes two.
fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

fn inked(text: &str, verdict: Verdict, ink: Ink) -> String {
    let code = match (ink, verdict) {
        (Ink::Plain, _) => return text.to_owned(),
        (Ink::Colour, Verdict::Supported) => "32",
        (Ink::Colour, Verdict::Contradicted) => "1;31",
        (Ink::Colour, Verdict::NotCheckable) => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
