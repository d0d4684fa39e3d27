//! `fupan audit`: every figure of a session against its SQL twin.

use serde_json::json;

use crate::arguments::{Audit, Common, TextFormat};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Audit) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let session = market.session(asked.date)?;
    let waiting = progress::waiting("computing every figure again in SQL");
    let audit = match asked.at {
        None => fupan::audit(&market, session),
        Some(second) => fupan::audit_at(&market, session, second),
    };
    waiting.finish_and_clear();
    let audit = audit?;
    let text = match asked.format {
        TextFormat::Text => as_text(&audit),
        TextFormat::Json => serde_json::to_string_pretty(&as_json(&audit))?,
    };
    terminal::print(&text)?;
    Ok(if audit.differences.is_empty() { Answer::Yes } else { Answer::No })
}

fn as_text(audit: &fupan::Audit) -> String {
    let mut lines = vec![format!(
        "{}: {} figures agree with SQL, {} differ, {} have no twin",
        audit.session,
        audit.agreed,
        audit.differences.len(),
        audit.without_twin
    )];
    for (key, ours, theirs) in &audit.differences {
        lines.push(format!("  {key}: {ours} here, {theirs} in SQL"));
    }
    lines.join("\n")
}

fn as_json(audit: &fupan::Audit) -> serde_json::Value {
    let differences: Vec<_> = audit
        .differences
        .iter()
        .map(|(key, ours, theirs)| json!({"key": key.to_string(), "fact": ours, "sql": theirs}))
        .collect();
    json!({
        "session": audit.session,
        "agreed": audit.agreed,
        "without_twin": audit.without_twin,
        "differences": differences,
    })
}
