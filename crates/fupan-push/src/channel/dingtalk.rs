//! Messages of a DingTalk custom robot, of the type `markdown`.
//!
//! By DingTalk's description of custom robots: headings, quotations, bold, links, images and lists
//! of Markdown; a message of more than 20,000 bytes is refused, which is taken of the whole body.
//! Colours are `font` tags, whose values must not be quoted to be seen on a phone; a line ends with
//! two spaces and a line feed. No escape is described: see [`lookalike`].

use fupan_brief::MarketColours;
use serde_json::{Value, json};

use crate::dialect::{Dialect, Head, Set, colour, disarmed, json_bytes, lookalike};
use crate::dialect::{trimmed, unopened};
use crate::line::{Ink, LineKind, Run};

/// Bytes of the whole body.
pub(crate) const LIMIT: usize = 20_000;

const MARKS: [char; 11] = ['*', '_', '`', '[', ']', '<', '>', '~', '\\', '|', '#'];

/// Characters of the headline that a list of conversations shows.
const PREVIEW: usize = 48;

pub(crate) struct DingTalk {
    pub colours: MarketColours,
}

impl DingTalk {
    fn run(&self, run: &Run, first: bool) -> String {
        let words = disarmed(&run.text, &MARKS);
        let opened = |c| lookalike(c).to_string();
        let words = if first { unopened(&words, opened) } else { words };
        let of = colour(run.ink, self.colours, ["#d03035", "#1a7a4c"], ["#a84f00", "#0b62a4"]);
        match (run.ink, of) {
            (_, Some(of)) => format!("<font color={of}>{words}</font>"),
            (Ink::Strong, _) => format!("**{words}**"),
            (_, None) => words,
        }
    }
}

impl Dialect for DingTalk {
    fn limit(&self) -> usize {
        LIMIT
    }

    fn overhead(&self, head: &Head<'_>) -> usize {
        self.json(head, &self.text(head, "")).to_string().len()
    }

    fn line(&self, kind: LineKind, runs: &[Run]) -> Set {
        let runs = trimmed(runs);
        let inner = runs.iter().enumerate().map(|(at, run)| self.run(run, at == 0));
        let inner: String = inner.collect();
        let text =
            super::markdown(kind, inner, |inner| format!("<font color=#808080>{inner}</font>"));
        Set { size: json_bytes(&text), text }
    }

    fn gap(&self, above: LineKind, below: LineKind) -> Set {
        let text = match super::are_rows(above, below) {
            true => "  \n",
            false => "\n\n",
        };
        Set { size: json_bytes(text), text: text.to_owned() }
    }

    fn text(&self, head: &Head<'_>, lines: &str) -> String {
        if head.number.is_none() {
            return lines.to_owned();
        }
        let label = self.line(LineKind::Label, &[Run::new(head.title(), Ink::Plain)]);
        format!("{}\n\n{lines}", label.text)
    }

    fn json(&self, head: &Head<'_>, text: &str) -> Value {
        // Shown in the list of conversations only; the text has the headline in full.
        let mut title = format!("{} · ", head.title());
        title.extend(head.headline.chars().take(PREVIEW));
        if head.headline.chars().nth(PREVIEW).is_some() {
            title.push('…');
        }
        json!({ "msgtype": "markdown", "markdown": { "title": title, "text": text } })
    }
}
