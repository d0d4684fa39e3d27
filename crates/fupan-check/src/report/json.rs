//! A report as JSON.

use fupan_market::{Language, Wording};
use serde::Serialize;

use super::Report;
use super::claim::{ClaimUnit, ClaimValue, Comparator, Verdict};
use super::decimal::Decimal;
use super::kind::ClaimKind;

#[derive(Serialize)]
struct Whole<'a> {
    file: &'a str,
    session: Option<String>,
    instant: String,
    claims: Vec<One<'a>>,
    summary: Overview<'a>,
}

#[derive(Serialize)]
struct One<'a> {
    text: &'a str,
    start: u32,
    end: u32,
    kind: ClaimKind,
    subject: &'a str,
    measure: Option<&'a str>,
    value: Option<Plain>,
    unit: Option<ClaimUnit>,
    comparator: Comparator,
    verdict: Verdict,
    note: &'a str,
    right: Option<Plain>,
    fact: Option<String>,
    why: &'a str,
}

#[derive(Serialize)]
struct Overview<'a> {
    claims: usize,
    supported: usize,
    contradicted: usize,
    not_checkable: usize,
    session_found: &'a str,
    would_help: Vec<&'a str>,
    remarks: Vec<&'a str>,
}

/// A value as a JSON number or as `true` or `false`.
#[derive(Serialize)]
#[serde(untagged)]
enum Plain {
    Number(Decimal),
    Holds(bool),
}

impl From<ClaimValue> for Plain {
    fn from(value: ClaimValue) -> Plain {
        match value {
            ClaimValue::Number(number) => Plain::Number(number),
            ClaimValue::Holds(holds) => Plain::Holds(holds),
        }
    }
}

impl Report {
    /// The report as one JSON object on one line, with its texts in a language.
    ///
    /// Every key is always there; what is not known is `null`. A number is written with the digits
    /// that it has, so that `1.30` stays `1.30`.
    ///
    /// # Panics
    ///
    /// Never: the report holds nothing that JSON cannot.
    pub fn to_json(&self, language: Language) -> String {
        serde_json::to_string(&self.whole(language)).expect("texts, numbers and words are JSON")
    }

    /// As [`Report::to_json`], on several lines.
    ///
    /// # Panics
    ///
    /// Never, as there.
    pub fn to_json_lines(&self, language: Language) -> String {
        let whole = self.whole(language);
        serde_json::to_string_pretty(&whole).expect("texts, numbers and words are JSON")
    }

    fn whole(&self, language: Language) -> Whole<'_> {
        let claims = self.claims.iter().map(|claim| One {
            text: &claim.text,
            start: claim.start,
            end: claim.end,
            kind: claim.kind,
            subject: &claim.subject,
            measure: claim.measure.as_deref(),
            value: claim.value.map(Plain::from),
            unit: claim.unit,
            comparator: claim.comparator,
            verdict: claim.verdict,
            note: claim.note.in_language(language),
            right: claim.right.map(Plain::from),
            fact: claim.fact.as_ref().map(ToString::to_string),
            why: claim.why.in_language(language),
        });
        let counts = self.counts();
        Whole {
            file: &self.file,
            session: self.session.map(|session| session.to_string()),
            instant: self.instant.to_string(),
            claims: claims.collect(),
            summary: Overview {
                claims: counts.all(),
                supported: counts.supported,
                contradicted: counts.contradicted,
                not_checkable: counts.not_checkable,
                session_found: self.summary.session_found.in_language(language),
                would_help: texts(&self.summary.would_help, language),
                remarks: texts(&self.summary.remarks, language),
            },
        }
    }
}

fn texts(wordings: &[Wording], language: Language) -> Vec<&str> {
    wordings.iter().map(|wording| wording.in_language(language)).collect()
}
