//! Messages of a WeCom group robot, of the type `markdown`.
//!
//! By WeCom's description of group robots: at most 4,096 bytes of UTF-8; headings, bold, links,
//! code in a line, quotations and three colours; a line feed is one. No escape is described, so
//! what could be markup in a text is shown by its full-width form.

use fupan_brief::MarketColours;
use serde_json::{Value, json};

use crate::dialect::{Dialect, Head, Set, colour, disarmed, lookalike, trimmed, unopened};
use crate::line::{Ink, LineKind, Run};

/// Bytes of `content`.
pub(crate) const LIMIT: usize = 4_096;

/// What may be markup within a line.
const MARKS: [char; 9] = ['*', '`', '[', ']', '<', '>', '~', '\\', '#'];

pub(crate) struct WeCom {
    pub colours: MarketColours,
}

impl WeCom {
    fn run(&self, run: &Run, first: bool) -> String {
        let words = disarmed(&run.text, &MARKS);
        let opened = |c| lookalike(c).to_string();
        let words = if first { unopened(&words, opened) } else { words };
        // Orange-red, green, and grey: there is no blue.
        let of = colour(run.ink, self.colours, ["warning", "info"], ["warning", "comment"]);
        match (run.ink, of) {
            (_, Some(of)) => format!("<font color=\"{of}\">{words}</font>"),
            (Ink::Strong, _) => format!("**{words}**"),
            (_, None) => words,
        }
    }
}

impl Dialect for WeCom {
    fn limit(&self) -> usize {
        LIMIT
    }

    fn overhead(&self, head: &Head<'_>) -> usize {
        self.text(head, "").len()
    }

    fn line(&self, kind: LineKind, runs: &[Run]) -> Set {
        let runs = trimmed(runs);
        let inner = runs.iter().enumerate().map(|(at, run)| self.run(run, at == 0));
        let inner: String = inner.collect();
        let text =
            super::markdown(kind, inner, |inner| format!("<font color=\"comment\">{inner}</font>"));
        Set { size: text.len(), text }
    }

    fn gap(&self, above: LineKind, below: LineKind) -> Set {
        let text = super::line_feeds(above, below);
        Set { size: text.len(), text }
    }

    fn text(&self, head: &Head<'_>, lines: &str) -> String {
        if head.number.is_none() {
            return lines.to_owned();
        }
        let label = self.line(LineKind::Label, &[Run::new(head.title(), Ink::Plain)]);
        format!("{}\n{lines}", label.text)
    }

    fn json(&self, _: &Head<'_>, text: &str) -> Value {
        json!({ "msgtype": "markdown", "markdown": { "content": text } })
    }
}
