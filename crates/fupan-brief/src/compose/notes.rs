//! The notes: what a reader must know before the first figure.

use fupan_fact::{Scope, SessionNote};
use fupan_market::{Exchange, Finding, FindingKind};

use crate::document::{Inline, Inlines, Note};
use crate::format::Format::{Judged, Plain, Population};
use crate::format::is_estimated;
use crate::section::index_board::indices_on_board;
use crate::subject;
use crate::text::Args;
use crate::view::View;

/// The notes, gravest first.
pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut push = |id: &str, text: Inlines| notes.push(Note { id: id.to_owned(), text });
    if view.facts.notes.contains(&SessionNote::Simulated) {
        push("simulated", view.text.run("note-simulated"));
    }
    if let Some(text) = quoted(view) {
        push("quoted", text);
    }
    if let Some(text) = missing_parts(view) {
        push("missing_parts", text);
    }
    if let Some(text) = partial(view) {
        push("partial_session", text);
    }
    for exchange in missing_exchanges(view) {
        let scope = vec![Inline::Scope(Scope::Exchange(exchange))];
        let args = Args::new(view.facts).run("exchange", scope);
        push("missing_exchange", view.text.say("note-missing-exchange", &args));
    }
    if let Some(text) = missing_data(view) {
        push("missing_data", text);
    }
    if let Some(text) = share_dates(view) {
        push("share_dates", text);
    }
    if estimated(view) {
        push("estimated", view.text.run("note-estimated"));
    }
    if let Some(text) = undetermined(view) {
        push("unknown_status", text);
    }
    for (kind, id) in [
        (FindingKind::DerivedPrevClose, "note-derived-prev-close"),
        (FindingKind::SourceConflict, "note-source-conflict"),
    ] {
        if view.facts.findings.iter().any(|finding| finding.kind == kind) {
            push(&id["note-".len()..].replace('-', "_"), view.text.run(id));
        }
    }
    notes
}

/// Notes without which no figure is read right: they stand under the headline.
const GRAVE: [&str; 5] =
    ["simulated", "quoted", "missing_parts", "partial_session", "missing_exchange"];

fn is_grave(note: &&Note) -> bool {
    GRAVE.contains(&note.id.as_str())
}

/// The grave notes in one line.
pub(super) fn first(view: &View<'_>, notes: &[Note]) -> Inlines {
    let short = |note: &Note| match note.id.as_str() {
        "simulated" => view.text.run("first-simulated"),
        _ => without_end(note.text.clone()),
    };
    let runs = notes.iter().filter(is_grave).map(short).collect();
    view.text.join(runs, "between-notes", "between-notes")
}

/// The line that the notes unfold from.
pub(super) fn summary(view: &View<'_>, notes: &[Note]) -> Inlines {
    let estimated = notes.iter().any(|note| note.id == "estimated");
    match (estimated, notes.len()) {
        (_, 0) => Inlines::new(),
        (true, 1) => view.text.run("notes-estimated"),
        (true, _) => view.text.run("notes-estimated-and-more"),
        (false, _) => view.text.run("notes-more"),
    }
}

/// A sentence without its full stop.
fn without_end(mut sentence: Inlines) -> Inlines {
    if let Some(Inline::Text(words)) = sentence.last_mut() {
        *words = words.trim_end_matches(['.', '。']).to_owned();
    }
    sentence
}

/// How much of the market the quotes of an instant cover.
fn quoted(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    view.known(&key("quoted_count"))?;
    let count = ("count", key("quoted_count"), Plain);
    if view.known(&key("quoted_turnover_share")).is_none() {
        return view.sentence("note-quoted-alone", &[count]);
    }
    let of = ("count_of", key("quoted_count"), Judged);
    let share = ("share", key("quoted_turnover_share"), Plain);
    view.sentence("note-quoted", &[count, of, share])
}

/// How much of the market the data hold, if much of an exchange is missing.
fn partial(view: &View<'_>) -> Option<Inlines> {
    let of_exchange = |subject: &str| matches!(subject.parse(), Ok(Scope::Exchange(_)));
    let found = |finding: &Finding| {
        finding.kind == FindingKind::PartialSession && of_exchange(&finding.subject)
    };
    view.facts.findings.iter().any(found).then_some(())?;
    let key = view.key("advances", Scope::AllA);
    let figures = [("held", key.clone(), Judged), ("listed", key, Population)];
    view.sentence("note-partial-session", &figures)
}

/// The main parts of a review that have no figure.
fn missing_parts(view: &View<'_>) -> Option<Inlines> {
    let none = |measure, scope| view.value(measure, scope).is_none();
    let mut parts: Vec<&str> = Vec::new();
    if indices_on_board(view).is_empty() {
        parts.push("part-indices");
    }
    if none("advances", Scope::AllA) {
        parts.push("part-breadth");
    }
    if none("turnover", Scope::SseSzse) {
        parts.push("part-turnover");
    }
    if none("limit_up_count", Scope::AllA) {
        parts.push("part-limit-board");
    }
    if parts.is_empty() {
        return None;
    }
    let runs = parts.into_iter().map(|id| view.text.run(id)).collect();
    let list = view.text.join(runs, "between-names", "before-last-name");
    Some(view.text.say("note-missing-parts", &Args::new(view.facts).run("parts", list)))
}

/// Open exchanges in which no security traded as far as the facts show, while others' did.
pub(super) fn missing_exchanges(view: &View<'_>) -> Vec<Exchange> {
    let traded = |exchange| view.count("traded", Scope::Exchange(exchange)).unwrap_or(0) > 0;
    if !Exchange::ALL.into_iter().any(traded) {
        return Vec::new();
    }
    let open = |exchange: &Exchange| exchange.is_open_in(view.facts.session);
    Exchange::ALL.into_iter().filter(|exchange| open(exchange) && !traded(*exchange)).collect()
}

/// What data was found to be missing.
fn missing_data(view: &View<'_>) -> Option<Inlines> {
    let missing = view.facts.findings.iter().filter(|f| f.kind == FindingKind::MissingData);
    let mut subjects: Vec<&String> =
        missing.map(|finding| &finding.subject).filter(|subject| !subject.is_empty()).collect();
    subjects.sort();
    subjects.dedup();
    if subjects.is_empty() {
        return None;
    }
    let mut runs: Vec<Inlines> =
        subjects.into_iter().filter_map(|text| subject::missing(view, text)).collect();
    runs.dedup();
    if runs.is_empty() {
        return Some(view.text.run("note-missing-data-some"));
    }
    let list = view.text.join(runs, "between-names", "before-last-name");
    Some(view.text.say("note-missing-data", &Args::new(view.facts).run("subjects", list)))
}

/// Of which dates the share capital is, if it is not of the session: whether before or after it
/// matters to whoever reads a weighted figure.
fn share_dates(view: &View<'_>) -> Option<Inlines> {
    let found = |finding: &&Finding| {
        finding.kind == FindingKind::MissingData && finding.subject == "share_capital"
    };
    let finding = view.facts.findings.iter().find(found)?;
    Some(vec![Inline::Quoted(finding.detail.in_language(view.language).to_owned())])
}

/// Whether the session's own turnover is an estimate. A comparison with an estimated turnover is
/// marked next to the figure itself.
fn estimated(view: &View<'_>) -> bool {
    let facts = view.facts.facts.values();
    let mut turnover = facts.filter(|fact| {
        fact.key.session == view.facts.session && fact.key.measure.name() == "turnover"
    });
    turnover.any(is_estimated)
}

fn undetermined(view: &View<'_>) -> Option<Inlines> {
    let key = view.key("limit_undetermined_count", Scope::AllA);
    if view.count("limit_undetermined_count", Scope::AllA).is_some_and(|count| count > 0) {
        return view.sentence("note-undetermined", &[("count", key, Plain)]);
    }
    // That new listings have no limit is known.
    let unknown = |finding: &Finding| match finding.kind {
        FindingKind::UnknownStatus => true,
        FindingKind::UnknownLimit => finding.subject != "new_listing",
        _ => false,
    };
    let found = view.facts.findings.iter().any(unknown);
    found.then(|| view.text.run("note-unknown-status"))
}
