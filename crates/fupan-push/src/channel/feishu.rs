//! Cards of a Feishu custom robot (Lark: the same).
//!
//! By Feishu's guide to custom robots, the body of a request has at most 20 KB (30 KB is the limit
//! of cards sent by apps), which is taken as 20,000 bytes. By its description of rich text in cards
//! of the schema 2.0: CommonMark, `<br>`, `<font color='…'>`, and any character as a character
//! reference.

use fupan_brief::{MarketColours, Tone};
use serde_json::{Value, json};

use crate::dialect::{Dialect, Head, Set, colour, json_bytes, trimmed, unopened};
use crate::line::{Ink, LineKind, Run};

/// Bytes of the whole body.
pub(crate) const LIMIT: usize = 20_000;

/// Bytes that the signature adds: `"timestamp":"…","sign":"…",` with ten digits and 44 letters.
const SIGNATURE: usize = 96;

pub(crate) struct Feishu {
    pub colours: MarketColours,
    /// Which way the market went, for the colour of the card's head.
    pub tone: Option<Tone>,
}

impl Feishu {
    fn run(&self, run: &Run, first: bool) -> String {
        let mut words = escaped(&run.text);
        if first {
            words = unopened(&words, reference);
        }
        let of = colour(run.ink, self.colours, ["red", "green"], ["orange", "blue"]);
        match (run.ink, of) {
            (_, Some(of)) => format!("<font color='{of}'>{words}</font>"),
            (Ink::Strong, _) => format!("**{words}**"),
            (_, None) => words,
        }
    }
}

fn reference(character: char) -> String {
    format!("&#{};", u32::from(character))
}

/// What may be markup, as character references.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_mark = match character {
            '&' | '<' | '>' | '*' | '_' | '`' | '~' | '[' | ']' | '\\' | '|' | '$' | '#' => true,
            // `:DONE:` is a picture.
            ':' => characters.peek().is_some_and(|next| next.is_ascii_alphanumeric()),
            _ => false,
        };
        if is_mark {
            out.push_str(&reference(character));
        } else {
            out.push(character);
        }
    }
    out
}

impl Dialect for Feishu {
    fn limit(&self) -> usize {
        LIMIT
    }

    fn overhead(&self, head: &Head<'_>) -> usize {
        self.json(head, "").to_string().len() + SIGNATURE
    }

    fn line(&self, kind: LineKind, runs: &[Run]) -> Set {
        let runs = trimmed(runs);
        let inner = runs.iter().enumerate().map(|(at, run)| self.run(run, at == 0));
        let inner: String = inner.collect();
        let text =
            super::markdown(kind, inner, |inner| format!("<font color='grey'>{inner}</font>"));
        Set { size: json_bytes(&text), text }
    }

    fn gap(&self, above: LineKind, below: LineKind) -> Set {
        let text = match super::are_rows(above, below) {
            true => "<br>",
            false => "\n\n",
        };
        Set { size: json_bytes(text), text: text.to_owned() }
    }

    fn text(&self, _: &Head<'_>, lines: &str) -> String {
        lines.to_owned()
    }

    fn json(&self, head: &Head<'_>, text: &str) -> Value {
        let of = |ink| colour(ink, self.colours, ["red", "green"], ["orange", "blue"]);
        let template = match self.tone {
            Some(Tone::Up) => of(Ink::Up),
            Some(Tone::Down) => of(Ink::Down),
            Some(Tone::Flat) | None => None,
        };
        json!({
            "msg_type": "interactive",
            "card": {
                "schema": "2.0",
                "header": {
                    "title": { "tag": "plain_text", "content": head.title() },
                    "template": template.unwrap_or("blue"),
                },
                "body": { "elements": [{ "tag": "markdown", "content": text }] },
            },
        })
    }
}
