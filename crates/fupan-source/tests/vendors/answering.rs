//! A vendor that answers what a test says, and what becomes of its answers. Every value is invented.

use std::path::Path;

use fupan_market::{Calendar, InLanguage as _, SessionDate, Symbol, Wording, english_in};
use fupan_source::vendor::{Answer, Conversation, Dataset, Refused, Request, Wanted};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, Table};

/// The session that most answers are of, a Thursday.
pub const SESSION: &str = "2026-02-12";

pub fn date(text: &str) -> SessionDate {
    text.parse().unwrap()
}

pub fn symbols(texts: &[&str]) -> Vec<Symbol> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

pub fn asked(from: &str, to: &str, wanted: &[&str]) -> Wanted {
    let calendar = Calendar::builtin();
    Wanted { from: date(from), to: date(to), symbols: symbols(wanted), calendar }
}

/// The conversation about a dataset.
pub fn ask(name: &str, asked: &Wanted) -> Box<dyn Conversation + Send> {
    Dataset::named(name).unwrap().ask(asked).unwrap()
}

/// The conversation about one session.
pub fn of_session(name: &str, wanted: &[&str]) -> Box<dyn Conversation + Send> {
    ask(name, &asked(SESSION, SESSION, wanted))
}

pub fn ok(body: &[u8]) -> Answer<'_> {
    Answer { status: 200, media_type: None, body }
}

/// Hands an answer in, and checks that a refusal is in both languages.
pub fn take(conversation: &mut dyn Conversation, body: &[u8]) -> Result<(), Refused> {
    let taken = conversation.take(&ok(body));
    if let Err(Refused::Again { reason, .. } | Refused::Never { reason }) = &taken {
        is_chinese(reason);
    }
    taken
}

#[track_caller]
pub fn is_chinese(told: &Wording) {
    assert!(told.zh.chars().any(|c| ('一'..='鿿').contains(&c)), "{told:?}");
    assert_eq!(english_in(&told.zh), None, "{}", told.zh);
}

/// An answer that is refused, with what is said; asking again may help.
#[track_caller]
pub fn again(conversation: &mut dyn Conversation, body: &[u8], words: &str) {
    let before = conversation.next();
    match take(conversation, body) {
        Err(Refused::Again { reason, .. }) if reason.en.contains(words) => {}
        other => panic!("{other:?}, not: {words}"),
    }
    assert_eq!(conversation.next(), before, "the same request stays next");
}

/// The same, where asking again does not help.
#[track_caller]
pub fn never(conversation: &mut dyn Conversation, body: &[u8], words: &str) {
    let before = conversation.next();
    match take(conversation, body) {
        Err(Refused::Never { reason }) if reason.en.contains(words) => {}
        other => panic!("{other:?}, not: {words}"),
    }
    assert_eq!(conversation.next(), before, "the same request stays next");
}

/// Asks until everything is there, and keeps the answers as files.
pub fn kept(
    conversation: &mut dyn Conversation,
    extension: &str,
    mut answer: impl FnMut(&Request) -> Vec<u8>,
) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..1_000 {
        let Some(request) = conversation.next() else { return folder };
        let body = answer(&request);
        let sound = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        assert!(request.name.bytes().all(sound), "{}", request.name);
        take(conversation, &body).unwrap();
        let file = folder.path().join(format!("{}.{extension}", request.name));
        assert!(!file.exists(), "{file:?} twice");
        std::fs::write(file, body).unwrap();
    }
    panic!("the conversation has no end");
}

/// Imports a file or folder of answers.
pub fn imported(recipe: &str, path: &Path, partial: Partial) -> Result<Import, SourceError> {
    let options = ReadOptions { as_of: Some(date(SESSION)), partial };
    let import = read(&Recipe::named(recipe).unwrap(), path, &options, &NoProgress);
    match &import {
        Ok(import) => import.findings.iter().for_each(|finding| is_chinese(&finding.detail)),
        Err(error) => {
            is_chinese(&error.wording());
            assert!(!error.to_string().contains("cannot be decoded"), "{error}");
        }
    }
    import
}

/// Imports some answers as files of a folder; all rows must be sound.
pub fn of_files(recipe: &str, files: &[(&str, &str)]) -> Result<Import, SourceError> {
    of_bytes(recipe, &files.iter().map(|(n, t)| (*n, t.as_bytes())).collect::<Vec<_>>())
}

pub fn of_bytes(recipe: &str, files: &[(&str, &[u8])]) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    imported(recipe, folder.path(), Partial::Refused)
}

#[track_caller]
pub fn refused(import: Result<Import, SourceError>, words: &str) {
    match import {
        Err(error) if error.to_string().contains(words) => {}
        other => panic!("{other:?}, not: {words}"),
    }
}

/// The rows of a table of an import as text, values with `|` between them and nothing for a null.
pub fn rows(import: &Import, table: Table) -> Vec<String> {
    let of_table = import.batches.iter().filter(|(of, _)| *of == table);
    of_table.flat_map(|(_, batch)| lines(batch)).collect()
}

fn lines(batch: &arrow::array::RecordBatch) -> Vec<String> {
    use arrow::util::display::{ArrayFormatter, FormatOptions};
    let options = FormatOptions::default();
    let columns: Vec<ArrayFormatter<'_>> = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column, &options).unwrap())
        .collect();
    let line = |row: usize| {
        let values: Vec<String> = columns.iter().map(|c| c.value(row).to_string()).collect();
        values.join("|")
    };
    (0..batch.num_rows()).map(line).collect()
}

/// Whether a finding with these words is there, and of how many rows.
pub fn found(import: &Import, words: &str) -> Option<u64> {
    let finding = import.findings.iter().find(|finding| finding.detail.en.contains(words));
    finding.map(|finding| finding.count)
}
