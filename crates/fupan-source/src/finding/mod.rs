//! Findings of one import. Each keeps a count, the first place and a few examples, so that a file
//! of a million bad rows costs no more memory than one with ten.

pub(crate) mod answer_topics;
pub(crate) mod fund_topics;
pub(crate) mod list_topics;
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

    /// Moves what was noted under a topic to another.
    pub fn retopic(&mut self, from: Topic, to: Topic) {
        let (moved, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|((topic, _), _)| *topic == from);
        self.entries = rest.into_iter().collect();
        self.entries.extend(moved.into_iter().map(|((_, subject), entry)| ((to, subject), entry)));
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
        let noted = self
            .entries
            .iter()
            .max_by_key(|((topic, _), entry)| (entry.count, *topic == UNREADABLE_VALUE))
            .map(|((topic, _), entry)| (entry.count, detail(*topic, entry), topic.hint));
        let lost = self.lost.iter().max_by_key(|finding| finding.count);
        let behind = |stop: &str, hint: &str| match hint {
            "" => String::new(),
            hint => format!("{stop}{hint}"),
        };
        let said = |count: u64, Wording { en, zh }: &Wording, [hint_en, hint_zh]: [&str; 2]| {
            Wording::new(
                format!("{count} of its rows: {en}{}", behind(". ", hint_en)),
                format!("其中{count}行：{zh}{}", behind("。", hint_zh)),
            )
        };
        match (noted, lost) {
            (Some((count, detail, hint)), lost) if lost.is_none_or(|lost| lost.count <= count) => {
                Some(said(count, &detail, [hint.en, hint.zh]))
            }
            (_, lost) => lost.map(|of| said(of.count, &of.detail, [&of.hint.en, &of.hint.zh])),
        }
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

#[cfg(test)]
mod tests {
    use fupan_market::FindingKind;

    use super::*;

    const AT: At<'static> = At { file: "f", row: 7, column: Some("c") };

    fn noted(findings: &mut Findings, topic: Topic, subject: &str, examples: &[&str]) {
        for (row, example) in (1..).zip(examples) {
            findings.note(topic, subject, At { row, ..AT }, || (*example).to_owned());
        }
    }

    fn told(findings: Findings) -> Vec<(u64, String)> {
        let told = findings.finish().into_iter().map(|finding| (finding.count, finding.detail.en));
        told.map(|(count, en)| {
            (count, en.split_once(": ").map_or(en.clone(), |(_, e)| e.to_owned()))
        })
        .collect()
    }

    #[test]
    fn three_different_examples_are_given_and_the_rest_is_counted() {
        for (examples, expected) in [
            (&["a"][..], "a"),
            (&["a", "b", "c"], "a, b, c"),
            (&["a", "b", "c", "d"], "a, b, c, …"),
            (&["a", "a", "b", "a"], "a, b, …"),
            (&["a", "", "b"], "a, b, …"),
        ] {
            let mut findings = Findings::default();
            noted(&mut findings, topics::EMPTY, "", examples);
            assert_eq!(told(findings), [(examples.len() as u64, expected.to_owned())]);
        }
        let mut findings = Findings::default();
        noted(&mut findings, topics::EMPTY, "", &[&"甲".repeat(61), &"乙".repeat(60)]);
        let cut = format!("{}, {}", "甲".repeat(60), "乙".repeat(60));
        assert_eq!(told(findings), [(2, cut)]);
        let mut findings = Findings::default();
        noted(&mut findings, topics::EMPTY, "", &[""]);
        assert_eq!(told(findings), [(1, topics::EMPTY.what.en.to_owned())]);
    }

    #[test]
    fn a_finding_is_of_its_first_place_and_its_subject() {
        let mut findings = Findings::default();
        findings.note_rows(topics::ROUNDED, "b", 4, AT, Wording::none);
        findings.note_rows(topics::ROUNDED, "b", 3, At { row: 2, ..AT }, Wording::none);
        noted(&mut findings, topics::ROUNDED, "a", &["x"]);
        noted(&mut findings, topics::EMPTY, "z", &["x"]);
        let place =
            |row| Place { file: "f".to_owned(), row: Some(row), column: Some("c".to_owned()) };
        let whole = Finding {
            kind: FindingKind::MissingData,
            count: 9,
            subject: String::new(),
            detail: Wording::none(),
            hint: Wording::none(),
            place: None,
        };
        findings.add(whole.clone());
        findings.lose(Finding { kind: FindingKind::DuplicateRow, ..whole });
        let all = findings.finish();
        let told: Vec<_> = all.iter().map(|f| (f.kind, f.subject.as_str(), f.count)).collect();
        assert_eq!(
            told,
            [
                (FindingKind::UnreadableField, "z", 1),
                (FindingKind::DuplicateRow, "", 9),
                (FindingKind::SuspectUnits, "a", 1),
                (FindingKind::SuspectUnits, "b", 7),
                (FindingKind::MissingData, "", 9),
            ]
        );
        assert_eq!(all[3].place, Some(place(7)));
    }

    /// Columns come from the recipe, so that a file cannot make more.
    #[test]
    fn so_many_subjects_are_told_apart() {
        let mut findings = Findings::default();
        for round in 0..2 {
            for subject in 0..TOPICS + 1 {
                noted(&mut findings, topics::EMPTY, &format!("{subject:04} {round}")[..4], &["x"]);
            }
        }
        let all = findings.finish();
        assert_eq!(all.len(), TOPICS);
        assert!(all.iter().all(|finding| finding.count == 2));
    }

    #[test]
    fn the_gravest_are_those_that_cost_the_most_rows_or_values() {
        let mut findings = Findings::default();
        noted(&mut findings, topics::EMPTY, "", &["a", "b"]);
        noted(&mut findings, UNREADABLE_VALUE, "price", &["x", "y", "z"]);
        noted(&mut findings, UNREADABLE_VALUE, "name", &["x"]);
        noted(&mut findings, topics::OTHER_KIND, "funds", &["1", "2", "3", "4"]);
        noted(&mut findings, topics::FOOTER, "", &["1", "2", "3", "4", "5"]);
        assert_eq!(findings.values_lost(), 4);
        let again = Finding {
            kind: FindingKind::DuplicateRow,
            count: 5,
            subject: "rows".to_owned(),
            detail: Wording::none(),
            hint: Wording::none(),
            place: None,
        };
        findings.lose(again);
        let grave = findings.gravest(3);
        let told: Vec<_> = grave.iter().map(|f| (f.subject.as_str(), f.count)).collect();
        assert_eq!(told, [("rows", 5), ("price", 3), ("", 2)]);
    }

    #[test]
    fn the_commonest_is_said_with_what_to_do() {
        let mut findings = Findings::default();
        assert_eq!(findings.commonest(), None);
        noted(&mut findings, topics::OTHER_KIND, "funds", &["1"]);
        let said = findings.commonest().unwrap();
        assert_eq!(said.en, format!("1 of its rows: {}: 1", topics::OTHER_KIND.what.en));
        noted(&mut findings, topics::EMPTY, "", &["a", "b"]);
        let said = findings.commonest().unwrap();
        let Topic { what, hint, .. } = topics::EMPTY;
        assert_eq!(said.en, format!("2 of its rows: {}: a, b. {}", what.en, hint.en));
        assert_eq!(said.zh, format!("其中2行：{}：a、b。{}", what.zh, hint.zh));
        // What cannot be read is the reason why a value is missing.
        noted(&mut findings, UNREADABLE_VALUE, "", &["x", "y"]);
        noted(&mut findings, topics::ZEROS_CUT, "", &["1", "2"]);
        assert!(findings.commonest().unwrap().en.contains(UNREADABLE_VALUE.what.en));
    }
}
