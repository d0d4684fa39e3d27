//! Findings of one import. Each keeps a count, the first place and a few examples, so that a file
//! of a million bad rows costs no more memory than one with ten.

pub(crate) mod topics;

use std::collections::BTreeMap;

use fupan_market::{Finding, Place, Wording};

pub(crate) use topics::{Cost, Said, Topic};

use crate::finding::topics::UNREADABLE_VALUE;

/// Examples shown in a finding's detail.
const EXAMPLES: usize = 3;

/// Longest example, in characters; hostile files have long fields.
const EXAMPLE_CHARS: usize = 60;

/// Most topics counted separately. Columns come from the recipe, so honest files never reach this.
const TOPICS: usize = 500;

/// The place of a row in its file.
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
    /// Findings of lost rows that belong to no topic.
    lost: Vec<Finding>,
}

#[derive(Debug)]
struct Entry {
    count: u64,
    place: Place,
    examples: Vec<Wording>,
}

impl Findings {
    /// Notes one row under a topic. Counts are kept separately by `subject` (a kind of security, an
    /// exchange, a column).
    pub fn note(
        &mut self,
        topic: Topic,
        subject: &str,
        at: At<'_>,
        example: impl FnOnce() -> String,
    ) {
        self.note_rows(topic, subject, 1, at, || as_it_is(example()));
    }

    /// Notes several rows under a topic.
    pub fn note_rows(
        &mut self,
        topic: Topic,
        subject: &str,
        rows: u64,
        at: At<'_>,
        example: impl FnOnce() -> Wording,
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
        entry.count += rows;
        if entry.examples.len() < EXAMPLES {
            let Wording { en, zh } = example();
            let cut = |text: String| text.chars().take(EXAMPLE_CHARS).collect::<String>();
            let example = Wording::new(cut(en), cut(zh));
            if !example.is_empty() && !entry.examples.contains(&example) {
                entry.examples.push(example);
            }
        }
    }

    /// Adds a finding about the file as a whole.
    pub fn add(&mut self, finding: Finding) {
        self.whole.push(finding);
    }

    /// Adds a finding about lost rows.
    pub fn lose(&mut self, finding: Finding) {
        self.lost.push(finding);
    }

    /// The findings that cost the most rows or values, for the message that refuses a file because
    /// of them.
    pub fn gravest(self, most: usize) -> Vec<Finding> {
        let mut grave: Vec<Finding> = self
            .entries
            .into_iter()
            .filter(|((topic, _), _)| topic.cost == Cost::Lost || topic == &UNREADABLE_VALUE)
            .map(|((topic, subject), entry)| finding(topic, subject, entry))
            .chain(self.lost)
            .collect();
        grave.sort_by_key(|finding| std::cmp::Reverse(finding.count));
        grave.truncate(most);
        grave
    }

    /// Values that could not be read, in rows that were kept.
    pub fn values_lost(&self) -> u64 {
        let of_values = self.entries.iter().filter(|((topic, _), _)| *topic == UNREADABLE_VALUE);
        of_values.map(|(_, entry)| entry.count).sum()
    }

    /// The most frequent detail, for the message about a file of which nothing could be kept.
    pub fn commonest(&self) -> Option<Wording> {
        // With equal counts, an unreadable value is the cause and the row that lacks it the effect.
        let ((topic, _), entry) = self
            .entries
            .iter()
            .max_by_key(|((topic, _), entry)| (entry.count, *topic == UNREADABLE_VALUE))?;
        let (count, Wording { en, zh }) = (entry.count, detail(*topic, entry));
        let behind = |stop: &str, hint: &str| match hint {
            "" => String::new(),
            hint => format!("{stop}{hint}"),
        };
        Some(Wording::new(
            format!("{count} of its rows: {en}{}", behind(". ", topic.hint.en)),
            format!("其中{count}行：{zh}{}", behind("。", topic.hint.zh)),
        ))
    }

    /// All findings, sorted by kind.
    pub fn finish(self) -> Vec<Finding> {
        let mut all = self.whole;
        all.extend(self.lost);
        all.extend(
            self.entries
                .into_iter()
                .map(|((topic, subject), entry)| finding(topic, subject, entry)),
        );
        all.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.subject.cmp(&b.subject)));
        all
    }
}

/// Text from a file, the same in every language.
pub(crate) fn as_it_is(text: String) -> Wording {
    Wording::new(text.clone(), text)
}

fn finding(topic: Topic, subject: String, entry: Entry) -> Finding {
    Finding {
        kind: topic.kind,
        count: entry.count,
        detail: detail(topic, &entry),
        subject,
        hint: topic.hint.wording(),
        place: Some(entry.place),
    }
}

fn detail(topic: Topic, entry: &Entry) -> Wording {
    if entry.examples.is_empty() {
        return topic.what.wording();
    }
    let more = entry.count > entry.examples.len() as u64;
    let (en, zh) = if more { (", …", "等") } else { ("", "") };
    let listed = |language: fn(&Wording) -> &String, comma: &str| {
        let examples: Vec<&str> = entry.examples.iter().map(|e| language(e).as_str()).collect();
        examples.join(comma)
    };
    Wording::new(
        format!("{}: {}{en}", topic.what.en, listed(|example| &example.en, ", ")),
        format!("{}：{}{zh}", topic.what.zh, listed(|example| &example.zh, "、")),
    )
}
