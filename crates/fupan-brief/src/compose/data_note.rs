//! The note on the data: where the figures come from, how much they cover, what is wrong.

use std::collections::BTreeSet;

use fupan_fact::{FactKey, Scope};
use fupan_market::FindingKind;

use crate::document::{
    Align, Column, DataNote, FindingNote, Inline, Row, Source, TableBlock, UnknownFigure,
};
use crate::subject;
use crate::text::Args;
use crate::view::View;
use crate::{Format, Language, document::Inlines};

/// The figures whose coverage is shown.
const COVERED: [(&str, Scope); 8] = [
    ("advances", Scope::AllA),
    ("advance_share", Scope::AllA),
    ("median_return", Scope::AllA),
    ("turnover", Scope::SseSzse),
    ("limit_up_count", Scope::AllA),
    ("max_streak", Scope::AllA),
    ("new_high_250", Scope::AllA),
    ("micro_cap_return", Scope::AllA),
];

pub(super) fn data_note(view: &View<'_>) -> DataNote {
    let sources = sources(view);
    let mut paragraphs: Vec<Inlines> = vec![view.text.run("data-method")];
    if view.facts.groups.is_empty() && !sources.is_empty() {
        paragraphs.push(view.text.run("data-no-industries"));
    }
    if sources.is_empty() {
        paragraphs.push(view.text.run("data-no-source"));
    }
    DataNote {
        heading: view.text.run("heading-data"),
        paragraphs,
        sources,
        coverage: coverage(view),
        findings: findings(view),
        unknown: view.missed().into_iter().map(|key| unknown(view, key)).collect(),
    }
}

fn sources(view: &View<'_>) -> Vec<Source> {
    let inputs = view.facts.facts.values().flat_map(|fact| fact.provenance.inputs.iter());
    let distinct: BTreeSet<_> = inputs.collect();
    let source = |input: &fupan_fact::InputRef| Source {
        table: input.table.clone(),
        source: input.source.clone(),
        digest: input.digest.clone(),
    };
    distinct.into_iter().map(source).collect()
}

fn coverage(view: &View<'_>) -> Option<TableBlock> {
    let keys = COVERED.iter().map(|(measure, scope)| view.key(measure, scope.clone()));
    let rows: Vec<Row> = keys
        .filter(|key| view.known(key).is_some())
        .map(|key| Row {
            head: vec![Inline::Quoted(label(view, &key))],
            cells: vec![
                vec![Inline::Fact(key.clone(), Format::Judged)],
                vec![Inline::Fact(key, Format::Unjudged)],
            ],
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let column = |id: &str, align| Column { label: view.text.run(id), align };
    Some(TableBlock {
        id: "table-coverage".to_owned(),
        caption: view.text.run("table-coverage"),
        columns: vec![
            column("column-figure", Align::Start),
            column("column-judged", Align::End),
            column("column-unjudged", Align::End),
        ],
        rows,
    })
}

/// A measure's label in the brief's language, or its identifier.
fn label(view: &View<'_>, key: &FactKey) -> String {
    let Some(text) = view.facts.measures.get(key.measure.name()) else {
        return key.measure.to_string();
    };
    match view.language {
        Language::Zh => text.label_zh.clone(),
        Language::En => text.label_en.clone(),
    }
}

fn unknown(view: &View<'_>, key: FactKey) -> UnknownFigure {
    let reason = view.facts.get(&key).and_then(|fact| match &fact.value {
        fupan_fact::Value::Unknown { reason } => Some(reason.clone()),
        _ => None,
    });
    UnknownFigure { label: label(view, &key), key, reason }
}

fn findings(view: &View<'_>) -> Vec<FindingNote> {
    let told = view.facts.findings.iter().enumerate().map(|(place, finding)| {
        let words = subject::words(view, &finding.subject);
        let concerns = if words.is_some() { "some" } else { "all" };
        let args = Args::new(view.facts)
            .run("count", vec![Inline::FindingCount(place)])
            .number("count_n", usize::try_from(finding.count).unwrap_or(usize::MAX))
            .choice("concerns", concerns)
            .run("subject", words.unwrap_or_default());
        FindingNote {
            kind: finding.kind,
            text: view.text.say(template(finding.kind), &args),
            detail: finding.detail.in_language(view.language).to_owned(),
            hint: finding.hint.in_language(view.language).to_owned(),
        }
    });
    told.collect()
}

const fn template(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::UnreadableField => "finding-unreadable-field",
        FindingKind::UnknownSymbol => "finding-unknown-symbol",
        FindingKind::DuplicateRow => "finding-duplicate-row",
        FindingKind::NotASession => "finding-not-a-session",
        FindingKind::InconsistentPrices => "finding-inconsistent-prices",
        FindingKind::SuspectUnits => "finding-suspect-units",
        FindingKind::LimitBreach => "finding-limit-breach",
        FindingKind::EstimatedTurnover => "finding-estimated-turnover",
        FindingKind::DerivedPrevClose => "finding-derived-prev-close",
        FindingKind::UnknownStatus => "finding-unknown-status",
        FindingKind::UnknownLimit => "finding-unknown-limit",
        FindingKind::MissingData => "finding-missing-data",
        FindingKind::StatusConflict => "finding-status-conflict",
        FindingKind::AheadOfTime => "finding-ahead-of-time",
        FindingKind::PartialSession => "finding-partial-session",
        FindingKind::SourceConflict => "finding-source-conflict",
        FindingKind::SourcesCompared => "finding-sources-compared",
    }
}
