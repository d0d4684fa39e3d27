//! Text without markup, as long as it is: the plain form of an email.

use serde_json::{Value, json};

use crate::dialect::{Dialect, Head, Set};
use crate::line::{LineKind, Run};

pub(crate) struct Plain;

impl Dialect for Plain {
    fn limit(&self) -> usize {
        usize::MAX
    }

    fn overhead(&self, _: &Head<'_>) -> usize {
        0
    }

    fn line(&self, kind: LineKind, runs: &[Run]) -> Set {
        let inner: String = runs.iter().map(|run| run.text.as_str()).collect();
        let text = match kind {
            LineKind::Warning => format!("! {inner}"),
            LineKind::Numbered(at) => format!("{at}. {inner}"),
            LineKind::Bullet => format!("• {inner}"),
            LineKind::Row(_) => format!("  {inner}"),
            _ => inner,
        };
        Set { size: text.len(), text }
    }

    fn gap(&self, above: LineKind, below: LineKind) -> Set {
        let text = super::line_feeds(above, below);
        Set { size: text.len(), text }
    }

    fn text(&self, _: &Head<'_>, lines: &str) -> String {
        lines.to_owned()
    }

    fn json(&self, _: &Head<'_>, text: &str) -> Value {
        json!(text)
    }
}
