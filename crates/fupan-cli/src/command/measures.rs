//! `fupan measures`: prints the catalogue of measures as a reference.

use fupan::{Measure, WORDS, Word, catalogue};
use serde_json::json;

use crate::arguments::{MeasuresArgs, ReferenceFormat, UsageError};
use crate::{Answer, terminal};

pub fn run(asked: &MeasuresArgs) -> anyhow::Result<Answer> {
    let is_asked = |measure: &&&Measure| {
        asked.name.as_ref().is_none_or(|name| name == measure.name() || name == measure.id)
    };
    let measures: Vec<&Measure> = catalogue().iter().filter(is_asked).copied().collect();
    if measures.is_empty() {
        let name = asked.name.clone().unwrap_or_default();
        return Err(UsageError::new(
            format!("there is no measure `{name}`; `fupan measures` lists them"),
            format!("没有指标`{name}`；`fupan measures`列出全部指标"),
        )
        .into());
    }
    match asked.format {
        ReferenceFormat::Table => {
            terminal::print_table(&as_table(&measures))?;
            if are_of_words(&measures) {
                terminal::print_table(&words_as_table())?;
            }
        }
        ReferenceFormat::Md => terminal::print(&as_markdown(&measures))?,
        ReferenceFormat::Json => terminal::print_json(&as_json(&measures).into())?,
    }
    Ok(Answer::Yes)
}

fn as_table(measures: &[&Measure]) -> String {
    let mut table = terminal::table(&[
        terminal::word("measure", "指标"),
        terminal::word("unit", "单位"),
        "中文",
        "English",
    ]);
    for measure in measures {
        table.add_row([
            terminal::text(measure.id),
            terminal::text(measure.unit.id()),
            terminal::text(format!("{}：{}", measure.label.zh, measure.definition.zh)),
            terminal::text(format!("{}: {}", measure.label.en, measure.definition.en)),
        ]);
    }
    table.to_string()
}

/// The page `docs/measures.md`; a test checks that the file equals this output.
fn as_markdown(measures: &[&Measure]) -> String {
    let mut page = "# Measures\n\nPrinted by `fupan measures --format md`. Every figure of a \
                    brief belongs to one of these.\n"
        .to_owned();
    for measure in measures {
        let Measure { id, label, definition, unit, version, .. } = measure;
        page.push_str(&format!(
            "\n## {id}\n\n**{}** · **{}** — {}, version {version}; scopes: {}.\n\n{}\n{}\n\n\
             Over: {} · {}\n",
            label.zh,
            label.en,
            unit.id(),
            measure.described_scopes(),
            definition.zh,
            definition.en,
            measure.population().zh,
            measure.population().en,
        ));
    }
    if are_of_words(measures) {
        page.push_str(&words());
    }
    page
}

/// Whether some of the measures are about words.
fn are_of_words(measures: &[&Measure]) -> bool {
    measures.iter().any(|measure| measure.id.starts_with("word_"))
}

/// What each word means, for the terminal.
fn words_as_table() -> String {
    let mut table =
        terminal::table(&[terminal::word("word", "用语"), terminal::word("holds if", "成立条件")]);
    for word in &WORDS {
        table.add_row([terminal::text(word.id), terminal::text(word.formula())]);
    }
    table.to_string()
}

/// What each word means.
fn words() -> String {
    let mut page = "\n# Words\n\nA brief says a word where its condition holds. These are the \
                    parameters of `word_sessions` and `word_last_held`.\n\n\
                    | word | holds if |\n|---|---|\n"
        .to_owned();
    for word in &WORDS {
        page.push_str(&format!("| {} | `{}` |\n", word.id, word.formula()));
    }
    page
}

fn as_json(measures: &[&Measure]) -> Vec<serde_json::Value> {
    let one = |measure: &&Measure| {
        let mut object = json!({
            "id": measure.id,
            "text": measure.text(),
            "scopes": measure.described_scopes(),
        });
        if are_of_words(&[measure]) {
            let word = |word: &Word| json!({ "id": word.id, "holds_if": word.formula() });
            object["words"] = WORDS.iter().map(word).collect();
        }
        object
    };
    measures.iter().map(one).collect()
}
