//! An alert: one observation about a session, with the facts it rests on, and the conditions on
//! facts that raise alerts.

mod condition;
mod refusal;
mod rule;
mod sight;
mod threshold;
mod told;
mod watch;

use fupan_brief::export::{Outline, OutlineBlock, OutlinePart, OutlineRole, OutlineRow};
use fupan_brief::export::{OutlineTable, Piece};
use fupan_brief::{Language, Tone, worded};
use fupan_fact::{AsOf, FactKey, Value};
use fupan_market::{SessionDate, shown};

pub use condition::AlertCondition;
pub use refusal::AlertRuleError;
pub use rule::{AlertRule, AlertRuleText};
pub use watch::{AlertState, AlertWatch, UnknownAlert};

/// A short message about something that just happened. Texts may be a reader's own: what would
/// hide or reorder other text in them is escaped where they are set.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// The language it is written in.
    pub language: Language,
    /// The session it is about.
    pub session: SessionDate,
    /// The instant it is about.
    pub as_of: AsOf,
    /// What happened, in a few words.
    pub title: String,
    /// What happened, in a sentence or several lines; may be empty.
    pub sentence: String,
    /// The facts that it rests on, in the order in which they are shown.
    pub facts: Vec<AlertFact>,
}

/// A fact of an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertFact {
    /// Its key, by which it can be traced.
    pub key: FactKey,
    /// Its name in the language of the alert.
    pub label: String,
    /// Its value.
    pub value: Value,
}

impl Alert {
    /// What it is and of when.
    pub(crate) fn label(&self) -> String {
        let kind = match self.language {
            Language::Zh => "A股提醒",
            Language::En => "A-share alert",
        };
        label(kind, self.language, self.session, self.as_of)
    }

    /// The alert as a text in parts.
    pub(crate) fn outline(&self) -> Outline {
        let mut blocks = vec![OutlineBlock::Headline(pieces(&self.title))];
        blocks.push(OutlineBlock::Fine(pieces(&self.label())));
        let lines = self.sentence.lines().filter(|line| !line.trim().is_empty());
        blocks.extend(lines.map(|line| OutlineBlock::Paragraph(pieces(line))));
        if !self.facts.is_empty() {
            let rows = self.facts.iter().map(|fact| OutlineRow {
                head: pieces(&fact.label),
                cells: vec![vec![Piece {
                    text: shown(&worded(&fact.value, self.language)).into_owned(),
                    tone: fact.tone(),
                }]],
            });
            let (caption, columns, rows) = (Vec::new(), Vec::new(), rows.collect());
            let pictured = false;
            blocks.push(OutlineBlock::Table(OutlineTable { caption, columns, rows, pictured }));
            let traced = |fact: &AlertFact| {
                OutlineBlock::Fine(pieces(&format!("fupan explain {}", fact.key)))
            };
            blocks.extend(self.facts.iter().map(traced));
        }
        let (role, heading) = (OutlineRole::Opening, Vec::new());
        Outline {
            language: self.language,
            session: self.session,
            as_of: self.as_of,
            tone: self.facts.iter().find_map(AlertFact::tone),
            parts: vec![OutlinePart { role, heading, blocks }],
        }
    }
}

impl AlertFact {
    /// Only changes of prices have a colour.
    fn tone(&self) -> Option<Tone> {
        match &self.value {
            Value::Return { ppb } if !self.key.measure.name().starts_with("turnover") => {
                match ppb.0 {
                    0 => None,
                    up if up > 0 => Some(Tone::Up),
                    _ => Some(Tone::Down),
                }
            }
            _ => None,
        }
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    vec![Piece { text: shown(text).into_owned(), tone: None }]
}

/// What something is and of when. Its words are what a robot may have as a keyword.
pub(crate) fn label(kind: &str, language: Language, session: SessionDate, as_of: AsOf) -> String {
    let instant = instant(as_of, language);
    match language {
        Language::Zh => format!("{kind} {session} {instant}"),
        Language::En => format!("{kind} {session}, {instant}"),
    }
}

/// An instant of a session in words; to the minute where it is one.
fn instant(as_of: AsOf, language: Language) -> String {
    let text = as_of.to_string();
    match (as_of, language) {
        (AsOf::Close, Language::Zh) => "收盘".to_owned(),
        (AsOf::Close, Language::En) => "close".to_owned(),
        (AsOf::Instant(_), _) => text.strip_suffix(":00").unwrap_or(&text).to_owned(),
    }
}
