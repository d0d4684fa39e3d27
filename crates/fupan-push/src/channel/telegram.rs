//! Messages of a Telegram bot.
//!
//! By the Bot API: a text has at most 4,096 characters after its entities are parsed, which are
//! counted in code units of UTF-16; in `HTML`, `&`, `<` and `>` are references, and `code` neither
//! holds nor stands in another entity. There are no colours: a mark shows where a row went.
//!
//! Telegram makes links of what looks like a domain. A code such as `600000.SH` does, so codes are
//! set as `code`, which a tap copies.

use fupan_brief::{MarketColours, Tone};
use serde_json::{Value, json};

use crate::dialect::{Dialect, Head, Set, trimmed};
use crate::line::{Ink, LineKind, Run};

/// Code units of UTF-16.
pub(crate) const LIMIT: usize = 4_096;

pub(crate) struct Telegram {
    pub colours: MarketColours,
}

/// How long a text is for Telegram.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The codes of securities in a text, by their places in bytes.
fn codes(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut codes = Vec::new();
    for (dot, _) in text.match_indices('.') {
        let (Some(from), to) = (dot.checked_sub(6), dot + 3) else { continue };
        let Some(letters) = bytes.get(dot + 1..to) else { continue };
        let digits = bytes[from..dot].iter().all(u8::is_ascii_digit);
        let alone = from == 0 || !bytes[from - 1].is_ascii_alphanumeric();
        let ends = bytes.get(to).is_none_or(|after| !after.is_ascii_alphanumeric());
        if digits && alone && ends && matches!(letters, b"SH" | b"SZ" | b"BJ") {
            codes.push((from, to));
        }
    }
    codes
}

/// Text with its codes set as such, and the rest between two tags.
fn tagged(text: &str, open: &str, close: &str) -> String {
    let mut out = String::new();
    let mut rest = 0;
    let plain = |out: &mut String, words: &str| {
        if !words.is_empty() {
            out.push_str(&[open, &escaped(words), close].concat());
        }
    };
    for (from, to) in codes(text) {
        plain(&mut out, &text[rest..from]);
        out.push_str(&["<code>", &text[from..to], "</code>"].concat());
        rest = to;
    }
    plain(&mut out, &text[rest..]);
    out
}

impl Telegram {
    fn mark(&self, tone: Option<Tone>) -> &'static str {
        let [up, down] = match self.colours {
            MarketColours::RedUp => ["🔴 ", "🟢 "],
            MarketColours::GreenUp => ["🟢 ", "🔴 "],
            MarketColours::ColourBlind => ["🟠 ", "🔵 "],
        };
        match tone {
            Some(Tone::Up) => up,
            Some(Tone::Down) => down,
            Some(Tone::Flat) | None => "",
        }
    }
}

impl Dialect for Telegram {
    fn limit(&self) -> usize {
        LIMIT
    }

    fn overhead(&self, head: &Head<'_>) -> usize {
        if head.number.is_none() { 0 } else { units(&head.title()) + 1 }
    }

    fn line(&self, kind: LineKind, runs: &[Run]) -> Set {
        let (mark, open, close) = match kind {
            LineKind::Headline | LineKind::Heading | LineKind::Caption => {
                (String::new(), "<b>", "</b>")
            }
            LineKind::Warning => ("⚠️ ".to_owned(), "<b>", "</b>"),
            LineKind::Label | LineKind::Fine => (String::new(), "<i>", "</i>"),
            LineKind::Numbered(at) => (format!("{at}. "), "", ""),
            LineKind::Bullet => ("• ".to_owned(), "", ""),
            LineKind::Row(tone) => (self.mark(tone).to_owned(), "", ""),
            LineKind::Paragraph | LineKind::Rest => (String::new(), "", ""),
        };
        let runs = trimmed(runs);
        let size = units(&mark) + runs.iter().map(|run| units(&run.text)).sum::<usize>();
        let inner = runs.iter().map(|run| match run.ink {
            Ink::Strong => tagged(&run.text, "<b>", "</b>"),
            Ink::Plain | Ink::Up | Ink::Down => tagged(&run.text, open, close),
        });
        Set { text: mark + &inner.collect::<String>(), size }
    }

    fn gap(&self, above: LineKind, below: LineKind) -> Set {
        let text = super::line_feeds(above, below);
        Set { size: units(&text), text }
    }

    fn text(&self, head: &Head<'_>, lines: &str) -> String {
        if head.number.is_none() {
            return lines.to_owned();
        }
        let label = self.line(LineKind::Label, &[Run::new(head.title(), Ink::Plain)]);
        format!("{}\n{lines}", label.text)
    }

    fn json(&self, _: &Head<'_>, text: &str) -> Value {
        json!({
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
        })
    }
}

/// How long a text in markup is for Telegram, once its entities are parsed.
#[cfg(test)]
pub(crate) fn parsed_units(text: &str) -> usize {
    let mut plain = text.to_owned();
    for tag in ["<b>", "</b>", "<i>", "</i>", "<code>", "</code>"] {
        plain = plain.replace(tag, "");
    }
    for (reference, character) in [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")] {
        plain = plain.replace(reference, character);
    }
    units(&plain)
}
