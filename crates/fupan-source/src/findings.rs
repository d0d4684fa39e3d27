//! Findings of one import, gathered with a count, the first place and a few examples each, so
//! that a file of a million bad rows costs no more memory than one with ten.

use std::collections::BTreeMap;

use fupan_market::{Finding, FindingKind, Place, Wording};

/// Examples shown in a finding's detail.
const EXAMPLES: usize = 3;

/// Longest example, in characters; hostile fields can be long.
const EXAMPLE_CHARS: usize = 60;

/// Topics kept apart; columns come from the recipe, so this is never reached by honest files.
const TOPICS: usize = 500;

/// What a finding is about; findings of one topic are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Topic {
    pub kind: FindingKind,
    /// One sentence without a full stop; examples follow it after a colon.
    pub what: Said,
    pub hint: Said,
}

/// Fixed words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    pub en: &'static str,
    pub zh: &'static str,
}

impl Said {
    pub const NONE: Said = Said { en: "", zh: "" };

    pub fn wording(self) -> Wording {
        Wording::new(self.en, self.zh)
    }
}

/// Where a row stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub file: &'a str,
    pub row: u64,
    pub column: Option<&'a str>,
}

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    entries: BTreeMap<(Topic, String), Entry>,
    whole: Vec<Finding>,
}

#[derive(Debug)]
struct Entry {
    count: u64,
    place: Place,
    examples: Vec<String>,
}

impl Findings {
    /// Notes one row under a topic. `subject` keeps counts of a topic apart (a kind of security,
    /// an exchange, a column).
    pub fn note(
        &mut self,
        topic: Topic,
        subject: &str,
        at: At<'_>,
        example: impl FnOnce() -> String,
    ) {
        let key = (topic, subject.to_owned());
        if !self.entries.contains_key(&key) && self.entries.len() >= TOPICS {
            return;
        }
        let entry = self.entries.entry(key).or_insert_with(|| Entry {
            count: 0,
            place: Place {
                file: at.file.to_owned(),
                row: Some(at.row),
                column: at.column.map(str::to_owned),
            },
            examples: Vec::new(),
        });
        entry.count += 1;
        if entry.examples.len() < EXAMPLES {
            let example: String = example().chars().take(EXAMPLE_CHARS).collect();
            if !example.is_empty() && !entry.examples.contains(&example) {
                entry.examples.push(example);
            }
        }
    }

    /// Adds a finding that concerns the file as a whole.
    pub fn add(&mut self, finding: Finding) {
        self.whole.push(finding);
    }

    /// The commonest detail, for the message about a file of which nothing could be kept.
    pub fn commonest(&self) -> Option<String> {
        let ((topic, _), entry) = self.entries.iter().max_by_key(|(_, e)| e.count)?;
        Some(format!("{} of its rows: {}", entry.count, detail(*topic, entry).en))
    }

    /// All findings, by kind.
    pub fn finish(self) -> Vec<Finding> {
        let mut all = self.whole;
        all.extend(self.entries.into_iter().map(|((topic, subject), entry)| Finding {
            kind: topic.kind,
            count: entry.count,
            detail: detail(topic, &entry),
            subject,
            hint: topic.hint.wording(),
            place: Some(entry.place),
        }));
        all.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.subject.cmp(&b.subject)));
        all
    }
}

fn detail(topic: Topic, entry: &Entry) -> Wording {
    if entry.examples.is_empty() {
        return topic.what.wording();
    }
    let more = entry.count > entry.examples.len() as u64;
    let (en, zh) = if more { (", …", "等") } else { ("", "") };
    Wording::new(
        format!("{}: {}{en}", topic.what.en, entry.examples.join(", ")),
        format!("{}：{}{zh}", topic.what.zh, entry.examples.join("、")),
    )
}
