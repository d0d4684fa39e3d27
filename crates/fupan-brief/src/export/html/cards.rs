//! What a figure's card shows, as one JSON island. Every string is complete; the page computes
//! nothing.

use std::collections::BTreeMap;

use fupan_fact::{Basis, Fact, FactKey, InputRef, Scope, Value};
use fupan_market::{Board, Exchange, FindingKind};
use maud::{Markup, html};
use serde::Serialize;

use super::Setting;
use crate::text::Args;
use crate::{Language, format, render};

/// Characters of a digest that are shown.
const SHORT_DIGEST: usize = 12;

#[derive(Serialize)]
struct Island {
    inputs: Vec<String>,
    texts: BTreeMap<String, MeasureCard>,
    facts: BTreeMap<String, Card>,
}

#[derive(Serialize)]
struct MeasureCard {
    definition: String,
    population: String,
}

#[derive(Serialize)]
struct Card {
    label: String,
    exact: String,
    measure: String,
    coverage: String,
    basis: String,
    inputs: Vec<usize>,
}

/// The empty card, filled by the script.
pub(super) fn shell(setting: Setting<'_>) -> Markup {
    let words = |id: &str| setting.text.words(id);
    let rows = ["definition", "population", "coverage", "basis", "inputs"];
    html! {
        div id="card" class="card" role="status" hidden {
            button type="button" class="card-close" aria-label=(words("card-close")) { "×" }
            p class="card-label" data-slot="label" {}
            p class="card-exact" data-slot="exact" {}
            dl {
                @for row in rows {
                    div {
                        dt { (words(&format!("card-{row}"))) }
                        dd data-slot=(row) {}
                    }
                }
                div {
                    dt { (words("card-explain")) }
                    dd { code data-slot="command" {} }
                }
            }
        }
    }
}

/// The JSON island. `<` is escaped, so no text in it can end the script element.
pub(super) fn island(setting: Setting<'_>) -> String {
    let mut island = Island { inputs: Vec::new(), texts: BTreeMap::new(), facts: BTreeMap::new() };
    let mut places: BTreeMap<InputRef, usize> = BTreeMap::new();
    for key in setting.document.cited().into_iter().chain(coverage_keys(setting)) {
        let Some(fact) = setting.facts.get(key) else { continue };
        let mut inputs = Vec::new();
        for input in fact.provenance.inputs.iter() {
            let place = *places.entry(input.clone()).or_insert_with(|| {
                island.inputs.push(short_input(setting, input));
                island.inputs.len() - 1
            });
            inputs.push(place);
        }
        let name = key.measure.name().to_owned();
        island.texts.entry(name).or_insert_with(|| measure_card(setting, key));
        island.facts.insert(key.to_string(), card(setting, fact, inputs));
    }
    let json = serde_json::to_string(&island).unwrap_or_else(|_| "{}".to_owned());
    fupan_market::shown_json(&json).replace('<', "\\u003c")
}

fn coverage_keys(setting: Setting<'_>) -> Vec<&FactKey> {
    // The coverage table is among the document's runs; a takeaway's basis may name more facts.
    setting.document.takeaways.iter().flat_map(|takeaway| &takeaway.basis.keys).collect()
}

fn short_input(setting: Setting<'_>, input: &InputRef) -> String {
    let digest: String = input.digest.chars().take(SHORT_DIGEST).collect();
    let table = crate::subject::table(setting.text, &input.table);
    format!("{} · {table} · {digest}", render::visible(&input.source))
}

fn measure_card(setting: Setting<'_>, key: &FactKey) -> MeasureCard {
    match (setting.facts.measures.get(key.measure.name()), setting.language) {
        (None, _) => MeasureCard { definition: String::new(), population: String::new() },
        (Some(text), Language::Zh) => MeasureCard {
            definition: render::visible(&text.definition_zh),
            population: render::visible(&text.population_zh),
        },
        (Some(text), Language::En) => MeasureCard {
            definition: render::visible(&text.definition_en),
            population: render::visible(&text.population_en),
        },
    }
}

/// The parameter of a measure in words; that of a percentile is another measure.
fn parameter(setting: Setting<'_>, key: &FactKey) -> String {
    let of = key.measure.parameter().unwrap_or_default();
    match (setting.facts.measures.get(of), setting.language) {
        (Some(text), Language::Zh) => render::visible(&text.label_zh),
        (Some(text), Language::En) => render::visible(&text.label_en),
        (None, _) => render::parameter(key, setting.language),
    }
}

/// How exact a figure is: its basis, then what was found of it. That previous closes are not reported
/// is found of the exchanges, whose findings hold for every figure with that basis.
fn basis(setting: Setting<'_>, fact: &Fact) -> String {
    let words = setting.text.words(match fact.provenance.basis {
        Basis::Exact => "card-basis-exact",
        Basis::Derived => "card-basis-derived",
        Basis::Restated => "card-basis-restated",
        Basis::Estimated => "card-basis-estimated",
        Basis::Partial => "card-basis-partial",
        Basis::None => "card-basis-none",
    });
    let of_exchanges = setting.facts.findings.iter().filter(|finding| {
        let derived = fact.provenance.basis == Basis::Derived;
        let of_closes = finding.kind == FindingKind::DerivedPrevClose;
        derived && of_closes && shares(&finding.subject, &fact.key.scope)
    });
    let found = fact.provenance.findings.iter().chain(of_exchanges);
    let details = found.map(|finding| finding.detail.in_language(setting.language));
    let mut lines: Vec<String> = std::iter::once(words)
        .chain(details.filter(|detail| !detail.is_empty()).map(render::visible))
        .collect();
    lines.dedup();
    lines.join("\n")
}

/// Whether an exchange, named as a finding's subject, has shares of a set.
fn shares(exchange: &str, scope: &Scope) -> bool {
    let Ok(Scope::Exchange(exchange)) = exchange.parse() else { return false };
    match scope {
        Scope::AllA | Scope::Band(_) => true,
        Scope::SseSzse | Scope::Board(Board::Main) => exchange != Exchange::Bse,
        Scope::Exchange(of) => *of == exchange,
        Scope::Board(Board::ChiNext) => exchange == Exchange::Szse,
        Scope::Board(Board::Star) => exchange == Exchange::Sse,
        Scope::Board(Board::Bse) => exchange == Exchange::Bse,
        // Which of them a group has is not known.
        Scope::Group(_) => false,
        Scope::Security(symbol) => symbol.exchange() == exchange,
    }
}

fn card(setting: Setting<'_>, fact: &Fact, inputs: Vec<usize>) -> Card {
    let (key, language) = (&fact.key, setting.language);
    let mut label = vec![super::super::measure_label(key, setting.facts, language)];
    if key.measure.parameter().is_some() {
        label.push(parameter(setting, key));
    }
    label.push(render::scope_label(&key.scope, setting.facts, language));
    label.push(key.session.to_string());
    let exact = match &fact.value {
        Value::Unknown { reason } => {
            let reason = fupan_fact::reason(reason);
            let reason = reason.in_language(language);
            match language {
                Language::Zh => format!("{}（{reason}）", setting.text.words("card-unknown")),
                Language::En => format!("{} ({reason})", setting.text.words("card-unknown")),
            }
        }
        value => format::exact(value, language),
    };
    let coverage = fact.provenance.coverage;
    let count = |number: u64| vec![crate::document::Inline::Quoted(number.to_string())];
    let args = Args::new(setting.facts)
        .run("judged", count(coverage.judged))
        .run("unjudged", count(coverage.unjudged));
    let coverage = setting.text.say("card-coverage-value", &args);
    Card {
        label: label.join(" · "),
        exact,
        measure: key.measure.name().to_owned(),
        coverage: render::plain_run(&coverage, setting.facts, language),
        basis: basis(setting, fact),
        inputs,
    }
}
