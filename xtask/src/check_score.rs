//! `cargo xtask check-score`: how well `fupan check` reads and judges the sentences of `spec/check`.
//!
//! A claim is found if the program has one of its kind over some of its characters. Of the half that is
//! only scored, errors are counted and not printed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// What is counted, by kind or language.
#[derive(Clone, Copy, Default)]
struct Score {
    found: u32,
    missed: u32,
    extra: u32,
    /// Of those found, with the right verdict.
    right: u32,
    /// True claims that were called contradicted.
    wronged: u32,
    /// Claims that are contradicted, with another figure than the right one.
    other_figure: u32,
}

impl Score {
    fn add(&mut self, other: Score) {
        self.found += other.found;
        self.missed += other.missed;
        self.extra += other.extra;
        self.right += other.right;
        self.wronged += other.wronged;
        self.other_figure += other.other_figure;
    }

    fn row(&self, name: &str) -> String {
        let share = |part: u32, whole: u32| match whole {
            0 => "-".to_owned(),
            _ => format!("{:.3}", f64::from(part) / f64::from(whole)),
        };
        let Score { found, missed, extra, right, wronged, other_figure } = *self;
        format!(
            "| {name} | {} | {} | {} | {} | {wronged} | {other_figure} |",
            found + missed,
            share(found, found + extra),
            share(found, found + missed),
            share(right, found),
        )
    }
}

pub fn run(arguments: &[String]) -> Result<()> {
    let option = |name: &str| {
        arguments.iter().position(|a| a == name).and_then(|i| arguments.get(i + 1)).cloned()
    };
    let binary = PathBuf::from(option("--fupan").context("--fupan FILE: the program")?);
    let store = option("--store").context("--store DIR: a store with the sessions")?;
    let half = option("--half").unwrap_or_else(|| "working".to_owned());
    let texts = Path::new("spec/check").join(format!("{half}.jsonl"));
    let items: Vec<Value> = std::fs::read_to_string(&texts)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let reports = reports(&binary, &store, &items)?;
    let (mut kinds, mut languages) = (BTreeMap::new(), BTreeMap::new());
    let mut whole = Score::default();
    for item in &items {
        let id = item["id"].as_str().unwrap_or_default();
        let report = reports.get(id).with_context(|| format!("no report of {id}"))?;
        let (scores, errors) = compared(item, report);
        if half == "working" && !errors.is_empty() {
            println!("{}\n{}", item["text"].as_str().unwrap_or_default(), errors.join("\n"));
        }
        for (kind, score) in scores {
            whole.add(score);
            kinds.entry(kind).or_insert_with(Score::default).add(score);
            let language = item["lang"].as_str().unwrap_or_default().to_owned();
            languages.entry(language).or_insert_with(Score::default).add(score);
        }
    }
    println!(
        "| {half} | claims | precision | recall | verdicts | true called false | other figure |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, score) in kinds.iter().chain(&languages) {
        println!("{}", score.row(name));
    }
    println!("{}", whole.row("all"));
    Ok(())
}

/// The reports of all texts, by id. Texts of one session are one call.
fn reports(binary: &Path, store: &str, items: &[Value]) -> Result<BTreeMap<String, Value>> {
    let folder = tempfile::tempdir()?;
    let mut by_date: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in items {
        let id = item["id"].as_str().context("an id")?;
        std::fs::write(
            folder.path().join(format!("{id}.txt")),
            item["text"].as_str().unwrap_or(""),
        )?;
        by_date.entry(item["date"].as_str().unwrap_or("")).or_default().push(id);
    }
    let mut reports = BTreeMap::new();
    for (date, ids) in by_date {
        let mut command = Command::new(binary);
        command.current_dir(folder.path()).args(["--store", store, "check", "--format", "json"]);
        if !date.is_empty() {
            command.args(["--date", date]);
        }
        command.args(ids.iter().map(|id| format!("{id}.txt")));
        let output = command.output()?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let lines = String::from_utf8(output.stdout)?;
        for (id, line) in ids.iter().zip(lines.lines()) {
            reports.insert((*id).to_owned(), serde_json::from_str(line)?);
        }
    }
    Ok(reports)
}

/// The scores of a text by kind, and what was wrong.
fn compared(item: &Value, report: &Value) -> (Vec<(String, Score)>, Vec<String>) {
    let none = Vec::new();
    let of = |value: &Value, name: &str| value[name].as_u64().unwrap_or(0);
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let wanted = item["claims"].as_array().unwrap_or(&none);
    let made = report["claims"].as_array().unwrap_or(&none);
    let (mut taken, mut scores, mut errors) = (vec![false; made.len()], Vec::new(), Vec::new());
    for claim in wanted {
        let kind = text(claim, "kind");
        let fits = |(place, found): &(usize, &Value)| {
            !taken[*place]
                && found["kind"] == claim["kind"]
                && of(found, "start") < of(claim, "end")
                && of(claim, "start") < of(found, "end")
        };
        let exact = |(_, found): &(usize, &Value)| same(&found["value"], &claim["value"]);
        let all = || made.iter().enumerate().filter(fits);
        let Some((place, found)) = all().find(exact).or_else(|| all().next()) else {
            errors.push(format!("   missed {kind}: {} ({})", claim["text"], claim["verdict"]));
            scores.push((kind, Score { missed: 1, ..Score::default() }));
            continue;
        };
        taken[place] = true;
        let right = found["verdict"] == claim["verdict"];
        let wronged = claim["verdict"] == "supported" && found["verdict"] == "contradicted";
        let both = claim["verdict"] == "contradicted" && found["verdict"] == "contradicted";
        let other = both && !claim["right"].is_null() && !same(&found["right"], &claim["right"]);
        if !right || other {
            errors.push(format!(
                "   {} {kind}: {} is {} and not {}; {} (right {}, not {})",
                if wronged { "WRONGED" } else { "judged" },
                claim["text"],
                found["verdict"],
                claim["verdict"],
                found["why"],
                found["right"],
                claim["right"],
            ));
        }
        let score = Score {
            found: 1,
            right: u32::from(right),
            wronged: u32::from(wronged),
            other_figure: u32::from(other),
            ..Score::default()
        };
        scores.push((kind, score));
    }
    for (_, found) in taken.iter().zip(made).filter(|(taken, _)| !**taken) {
        errors.push(format!(
            "   extra {}: {} {}",
            text(found, "kind"),
            found["text"],
            found["value"]
        ));
        scores.push((text(found, "kind"), Score { extra: 1, ..Score::default() }));
    }
    (scores, errors)
}

/// Whether two values are the same: numbers to a hundredth of a per cent.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-4 * other.abs().max(1.0) + 0.006,
        _ => one == other,
    }
}
