//! `fupan audit`: compares every figure of one session or many with its SQL twin.

use fupan::fact_table::counted;
use serde_json::json;

use crate::arguments::{AuditArgs, Common, TextFormat, UsageError};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &AuditArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let audit = if asked.all || asked.since.is_some() || asked.until.is_some() {
        let (first, last) = market.sessions()?;
        let from = asked.since.map_or(first, |since| since.max(first));
        let to = asked.until.map_or(last, |until| until.min(last));
        if from > to {
            return Err(UsageError::new(
                format!("the data cover {first} to {last} and have no session in that range"),
                format!("数据为{first}至{last}，其间没有所指的交易日"),
            )
            .into());
        }
        let bar = progress::share(computing());
        let audit = fupan::audit_sessions(&market, from, to, &mut |done, of| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        audit?
    } else {
        let session = market.session(asked.date)?;
        let waiting = progress::waiting(computing());
        let audit = match asked.at {
            None => fupan::audit(&market, session),
            Some(second) => fupan::audit_at(&market, session, second),
        };
        waiting.finish_and_clear();
        audit?
    };
    match asked.format {
        TextFormat::Text => terminal::print(&as_text(&audit))?,
        TextFormat::Json => terminal::print_json(&as_json(&audit))?,
    }
    Ok(if audit.differences.is_empty() { Answer::Yes } else { Answer::No })
}

fn computing() -> &'static str {
    terminal::word("recomputing every figure in SQL", "正在用SQL重新计算全部指标")
}

fn as_text(audit: &fupan::Audit) -> String {
    let (from, to) = (audit.from, audit.to);
    let sessions = match audit.sessions {
        1 if from == to => from.to_string(),
        sessions => {
            let sessions = counted(sessions);
            terminal::say(
                format!("{from} to {to}, {sessions} sessions"),
                format!("{from}至{to}共{sessions}个交易日"),
            )
        }
    };
    let (agreed, differ, without) =
        (counted(audit.agreed), counted(audit.differences.len()), counted(audit.without_twin));
    let mut lines = vec![terminal::say(
        format!(
            "{sessions}: {agreed} figures agree with SQL, {differ} differ, {without} have no twin"
        ),
        format!("{sessions}：{agreed}个数字与SQL一致，{differ}个不一致，{without}个没有SQL算法"),
    )];
    for (key, ours, theirs) in &audit.differences {
        lines.push(terminal::say(
            format!("  {key}: {ours} here, {theirs} in SQL"),
            format!("  `{key}`：此处{}，SQL为{}", in_chinese(ours), in_chinese(theirs)),
        ));
    }
    lines.join("\n")
}

/// Translates to Chinese a figure's exact text, or the text for a missing figure.
pub(super) fn in_chinese(text: &str) -> String {
    match text {
        "" => "未知".to_owned(),
        "no figure" => "没有这个数字".to_owned(),
        "no row" => "没有这一行".to_owned(),
        text => text.replace("null", "空值"),
    }
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
