//! `fupan audit`: every figure of a session, or of many, against its SQL twin.

use fupan::series::grouped;
use serde_json::json;

use crate::arguments::{Audit, Common, TextFormat};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Audit) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let audit = if asked.all || asked.since.is_some() || asked.until.is_some() {
        let (first, last) = market.sessions()?;
        let from = asked.since.map_or(first, |since| since.max(first));
        let to = asked.until.map_or(last, |until| until.min(last));
        anyhow::ensure!(from <= to, "no session of the data, {first} to {last}, lies in between");
        let bar = progress::share("computing every figure again in SQL");
        let audit = fupan::audit_sessions(&market, from, to, &mut |done, of| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        audit?
    } else {
        let session = market.session(asked.date)?;
        let waiting = progress::waiting("computing every figure again in SQL");
        let audit = match asked.at {
            None => fupan::audit(&market, session),
            Some(second) => fupan::audit_at(&market, session, second),
        };
        waiting.finish_and_clear();
        audit?
    };
    let text = match asked.format {
        TextFormat::Text => as_text(&audit),
        TextFormat::Json => serde_json::to_string_pretty(&as_json(&audit))?,
    };
    terminal::print(&text)?;
    Ok(if audit.differences.is_empty() { Answer::Yes } else { Answer::No })
}

fn as_text(audit: &fupan::Audit) -> String {
    let count = |count: usize| grouped(i64::try_from(count).unwrap_or(i64::MAX));
    let sessions = match audit.sessions {
        1 if audit.from == audit.to => audit.from.to_string(),
        sessions => format!("{} to {}, {} sessions", audit.from, audit.to, count(sessions)),
    };
    let mut lines = vec![format!(
        "{sessions}: {} figures agree with SQL, {} differ, {} have no twin",
        count(audit.agreed),
        count(audit.differences.len()),
        count(audit.without_twin)
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
        "from": audit.from,
        "to": audit.to,
        "sessions": audit.sessions,
        "agreed": audit.agreed,
        "without_twin": audit.without_twin,
        "differences": differences,
    })
}
