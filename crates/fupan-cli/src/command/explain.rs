//! `fupan explain`: one figure, taken apart.

use fupan::{Explanation, Twin, series};
use serde_json::json;

use crate::arguments::{Common, Explain, TextFormat};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Explain) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let waiting = progress::waiting("computing the figure again, in SQL too");
    let explanation = fupan::explain(&market, &asked.key);
    waiting.finish_and_clear();
    let explanation = explanation?;
    match asked.format {
        TextFormat::Text => terminal::print(&as_text(&explanation))?,
        TextFormat::Json => {
            terminal::print(&serde_json::to_string_pretty(&as_json(&explanation))?)?
        }
    }
    Ok(match explanation.twin {
        Twin::Differs { .. } => Answer::No,
        Twin::Agrees { .. } | Twin::None => Answer::Yes,
    })
}

fn as_text(explanation: &Explanation) -> String {
    let fact = &explanation.fact;
    let provenance = &fact.provenance;
    let mut lines = vec![fact.key.to_string()];
    let mut line = |label: &str, text: String| lines.push(format!("{label:<14}{text}"));
    if let Some(text) = &explanation.text {
        line(
            "measure",
            format!("{} · {} (version {})", text.label_zh, text.label_en, text.version),
        );
        line("value", series::readable(&fact.value));
        line("exact", format!("{} {}", series::exact(&fact.value), text.unit.id()));
        line("means", text.definition_zh.clone());
        line("", text.definition_en.clone());
        line("counted over", format!("{} · {}", text.population_zh, text.population_en));
    } else {
        line("value", series::readable(&fact.value));
    }
    let coverage = provenance.coverage;
    line("coverage", format!("{} judged, {} not judged", coverage.judged, coverage.unjudged));
    let basis = match provenance.basis {
        fupan::Basis::Exact => "exact: every input is reported by its source",
        fupan::Basis::Derived => {
            "derived: previous closes behind it are the last traded closes, not reported"
        }
        fupan::Basis::Estimated => "estimated: at least one input is an estimate",
        fupan::Basis::Partial => "partial: the data lack securities or sessions that belong to it",
    };
    line("basis", basis.to_owned());
    line("rules", provenance.rulebook.0.clone());
    for input in &provenance.inputs {
        let digest = input.digest.get(..16).unwrap_or(&input.digest);
        line("input", format!("{} from {} (blake3 {digest}…)", input.table, input.source));
    }
    for finding in &provenance.findings {
        line("finding", finding.detail.in_language(place::language(None)).to_owned());
    }
    line("second road", second_road(&explanation.twin));
    if !explanation.members.is_empty() {
        line("members", explanation.members.len().to_string());
        let members = explanation.members.iter().map(|(symbol, name)| format!("  {symbol} {name}"));
        lines.extend(members);
    }
    lines.join("\n")
}

fn second_road(twin: &Twin) -> String {
    match twin {
        Twin::None => "none: this figure has no SQL twin".to_owned(),
        Twin::Agrees { .. } => "SQL over the stored tables gives the same value".to_owned(),
        Twin::Differs { got, .. } => format!("SQL over the stored tables gives {got}: DIFFERENT"),
    }
}

fn as_json(explanation: &Explanation) -> serde_json::Value {
    let twin = match &explanation.twin {
        Twin::None => json!(null),
        Twin::Agrees { sql } => json!({"agrees": true, "sql": sql}),
        Twin::Differs { sql, got } => json!({"agrees": false, "sql": sql, "got": got}),
    };
    let members: Vec<_> = explanation
        .members
        .iter()
        .map(|(symbol, name)| json!({"symbol": symbol.to_string(), "name": name}))
        .collect();
    json!({
        "fact": explanation.fact,
        "measure": explanation.text,
        "members": members,
        "twin": twin,
    })
}
