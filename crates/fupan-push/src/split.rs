//! A text in parts that a channel takes.
//!
//! A part ends with a part of the outline where it can; else with a paragraph or a row; a line that
//! no message could hold is cut between sentences, clauses, words and, last of all, characters.
//! What goes on in the next part is announced there again.

use fupan_brief::Language;

use crate::cut::{BORDERS, split_runs};
use crate::dialect::Dialect;
use crate::line::{Ink, Line, LineKind, Run};

/// Parts that a message may have. A channel takes some twenty a minute, and nobody reads more.
pub const PARTS_MAX: usize = 99;

/// The lines of each part, within a limit. `budget` is what a part's lines and the gaps between
/// them may take.
pub(crate) fn pack(
    lines: &[Line],
    dialect: &dyn Dialect,
    budget: usize,
    language: Language,
) -> Vec<Vec<Line>> {
    let mut packer =
        Packer { dialect, budget, language, lines, parts: vec![Vec::new()], used: 0, opened: 0 };
    let mut from = 0;
    while from < lines.len() {
        let of = lines[from].part;
        let to = from + lines[from..].iter().take_while(|line| line.part == of).count();
        let whole = packer.size(None, &lines[from..to]);
        let here = packer.size(packer.last(), &lines[from..to]);
        if packer.used + here > budget && whole <= budget {
            packer.turn();
        }
        for line in &lines[from..to] {
            packer.place(line);
        }
        from = to;
    }
    packer.parts.retain(|part| !part.is_empty());
    packer.parts
}

/// The room of a part that holds only what it repeats.
#[derive(Clone, Copy)]
struct Fresh {
    free: usize,
    after: Option<LineKind>,
}

struct Packer<'a> {
    dialect: &'a dyn Dialect,
    budget: usize,
    language: Language,
    lines: &'a [Line],
    parts: Vec<Vec<Line>>,
    used: usize,
    /// How many lines of the part at hand only repeat headings.
    opened: usize,
}

impl Packer<'_> {
    /// The last line of the part at hand.
    fn last(&self) -> Option<LineKind> {
        self.parts.last().and_then(|part| part.last()).map(|line| line.kind)
    }

    /// What lines take after a line.
    fn size(&self, after: Option<LineKind>, lines: &[Line]) -> usize {
        let mut above = after;
        let mut size = 0;
        for line in lines {
            size += self.size_of(above, line.kind, &line.runs);
            above = Some(line.kind);
        }
        size
    }

    fn size_of(&self, above: Option<LineKind>, kind: LineKind, runs: &[Run]) -> usize {
        let gap = above.map_or(0, |above| self.dialect.gap(above, kind).size);
        gap + self.dialect.line(kind, runs).size
    }

    /// Begins another part, if the one at hand holds anything.
    fn turn(&mut self) {
        if self.parts.last().is_some_and(|part| !part.is_empty()) {
            self.parts.push(Vec::new());
            self.used = 0;
            self.opened = 0;
        }
    }

    fn push(&mut self, line: Line) {
        self.used += self.size_of(self.last(), line.kind, &line.runs);
        if let Some(part) = self.parts.last_mut() {
            part.push(line);
        }
    }

    /// Whether the part at hand only announces, so that the next would not have more room.
    fn begun(&self) -> bool {
        let Some(part) = self.parts.last() else { return true };
        let announces = part.iter().all(Line::announces) && self.used <= self.budget / 2;
        part.len() <= self.opened || announces
    }

    /// Puts a line into the part at hand or the next, or into several.
    fn place(&mut self, line: &Line) {
        let size = |packer: &Self| packer.size(packer.last(), std::slice::from_ref(line));
        if self.used + size(self) <= self.budget {
            self.push(line.clone());
            return;
        }
        let above = self.continued(line);
        let fresh = self.size(None, &[above.as_slice(), std::slice::from_ref(line)].concat());
        if !self.begun() && fresh <= self.budget {
            self.turn_with(&above);
            if self.used + size(self) <= self.budget {
                self.push(line.clone());
                return;
            }
        }
        self.pour(line, &above);
    }

    /// Begins another part with the headings of what goes on in it. Headings at the end of the part
    /// at hand announce nothing there: they come along.
    fn turn_with(&mut self, above: &[Line]) {
        let part = self.parts.last().map_or(&[][..], Vec::as_slice);
        let told = part.iter().rposition(|line| !line.announces()).map(|last| last + 1);
        let along = told.map_or(&[][..], |told| &part[told..]).to_vec();
        let along = if self.size(None, &along) <= self.budget / 2 { along } else { Vec::new() };
        if let Some(part) = self.parts.last_mut() {
            part.truncate(part.len() - along.len());
        }
        self.turn();
        let again = above.iter().filter(|line| along.iter().all(|own| own.kind != line.kind));
        for line in again.chain(&along) {
            self.push(line.clone());
        }
        self.opened = self.parts.last().map_or(0, Vec::len);
    }

    /// The headings of a line in a part that does not begin with them, marked as such.
    fn continued(&self, line: &Line) -> Vec<Line> {
        let of = |kind: LineKind, table: Option<usize>| {
            self.lines
                .iter()
                .find(|above| above.part == line.part && above.kind == kind && above.table == table)
        };
        let heading = of(LineKind::Heading, None);
        let caption = line.table.and_then(|_| of(LineKind::Caption, line.table));
        let above = heading.into_iter().chain(caption);
        let above = above.filter(|above| !std::ptr::eq(*above, line));
        above.map(|above| self.again(above)).collect()
    }

    /// A heading again, in words that say so; without its own words if it is very long.
    fn again(&self, heading: &Line) -> Line {
        let mut runs = heading.runs.clone();
        runs.push(Run::new(continued(self.language), Ink::Plain));
        if self.dialect.line(heading.kind, &runs).size > self.budget / 4 {
            runs = vec![Run::new(continued(self.language).trim_start(), Ink::Plain)];
        }
        Line { runs, ..heading.clone() }
    }

    /// Puts a line that no part could hold into several, the first of which is the one at hand.
    fn pour(&mut self, line: &Line, above: &[Line]) {
        let mut rest = line.clone();
        while !rest.runs.is_empty() {
            let free = self.budget.saturating_sub(self.used);
            let fresh = (!self.begun()).then(|| Fresh {
                free: self.budget.saturating_sub(self.size(None, above)),
                after: above.last().map(|line| line.kind),
            });
            let Some(cut) = self.cut(&rest, fresh, free) else {
                self.turn_with(above);
                continue;
            };
            let (head, tail) = split_runs(&rest.runs, cut);
            self.push(Line { runs: head, ..rest.clone() });
            let kind = match line.kind {
                LineKind::Heading | LineKind::Caption | LineKind::Headline => line.kind,
                _ => LineKind::Rest,
            };
            rest = Line { kind, runs: tail, ..rest };
            if !rest.runs.is_empty() {
                self.turn_with(above);
            }
        }
    }

    /// Before which byte to cut a line so that what is before it fits into `free`. `None` if that
    /// would cut more than it must: the next part has room for a whole piece. If the part at hand is
    /// such a part already, at least one character is taken, whatever the limit is.
    fn cut(&self, line: &Line, fresh: Option<Fresh>, free: usize) -> Option<usize> {
        let after = self.last();
        let text: String = line.runs.iter().map(|run| run.text.as_str()).collect();
        // A character takes one at least; what is beyond that cannot fit.
        let most = free.max(fresh.map_or(0, |fresh| fresh.free)) + 2;
        let window = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
        let size = |to: usize, after| self.size_of(after, line.kind, &split_runs(&line.runs, to).0);
        for border in BORDERS {
            let mut cuts = border.within(&text[..window]);
            if window < text.len() {
                // Where the window ends is no border.
                cuts.pop();
            }
            let fitting = cuts.partition_point(|cut| size(*cut, after) <= free);
            if let Some(cut) = fitting.checked_sub(1).and_then(|last| cuts.get(last)) {
                return Some(*cut);
            }
            let first = cuts.first().copied();
            let whole =
                |fresh: Fresh| first.is_some_and(|first| size(first, fresh.after) <= fresh.free);
            if fresh.is_some_and(whole) {
                return None;
            }
        }
        match fresh {
            Some(_) => None,
            None => text.chars().next().map(char::len_utf8),
        }
    }
}

/// What follows a heading that is repeated.
pub(crate) fn continued(language: Language) -> &'static str {
    match language {
        Language::Zh => "（续）",
        Language::En => " (continued)",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fupan_brief::MarketColours;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::channel::{dingtalk, feishu, joined, telegram, wecom};
    use crate::dialect::json_bytes;

    fn dialects() -> [Box<dyn Dialect>; 4] {
        let colours = MarketColours::RedUp;
        [
            Box::new(wecom::WeCom { colours }),
            Box::new(dingtalk::DingTalk { colours }),
            Box::new(feishu::Feishu { colours, tone: None }),
            Box::new(telegram::Telegram { colours }),
        ]
    }

    fn line(kind: LineKind, text: &str, part: usize, table: Option<usize>) -> Line {
        Line { kind, runs: vec![Run::new(text, Ink::Plain)], part, table }
    }

    fn told(line: &Line) -> String {
        line.runs.iter().map(|run| run.text.as_str()).collect()
    }

    fn kinds(parts: &[Vec<Line>]) -> Vec<Vec<String>> {
        parts.iter().map(|part| part.iter().map(told).collect()).collect()
    }

    /// A section that fits into a message is not begun at the end of another.
    #[test]
    fn a_part_ends_with_a_section_where_it_can() {
        let wecom = wecom::WeCom { colours: MarketColours::RedUp };
        let section = |part, length: usize| {
            let text = "x".repeat(length);
            [
                line(LineKind::Heading, "head", part, None),
                line(LineKind::Paragraph, &text, part, None),
            ]
        };
        let lines = [section(0, 40), section(1, 50), section(2, 20)].concat();
        let parts = pack(&lines, &wecom, 100, Language::En);
        assert_eq!(kinds(&parts), kinds(&[lines[..2].to_vec(), lines[2..].to_vec()]));
        let parts = pack(&lines, &wecom, 10_000, Language::En);
        assert_eq!(parts, [lines]);
    }

    /// What goes on in the next part is announced there; a heading is not left behind.
    #[test]
    fn headings_are_repeated_and_stay_with_what_they_announce() {
        let wecom = wecom::WeCom { colours: MarketColours::RedUp };
        let mut lines = vec![
            line(LineKind::Heading, "Breadth", 0, None),
            line(LineKind::Paragraph, &"x".repeat(60), 0, None),
            line(LineKind::Caption, "By board", 0, Some(2)),
        ];
        let row = "12345678901234567890";
        lines.extend((0..6).map(|_| line(LineKind::Row(None), row, 0, Some(2))));
        let parts = pack(&lines, &wecom, 120, Language::En);
        let x = "x".repeat(60);
        assert_eq!(
            kinds(&parts),
            [
                vec!["Breadth", &x, "By board", row],
                vec!["Breadth (continued)", "By board (continued)", row, row, row],
                vec!["Breadth (continued)", "By board (continued)", row, row],
            ]
        );
        let parts = pack(&lines, &wecom, 98, Language::Zh);
        assert_eq!(kinds(&parts)[0], ["Breadth", &x]);
        assert_eq!(kinds(&parts)[1], ["Breadth（续）", "By board", row, row, row]);
    }

    /// A sentence is cut only where a message could not hold it.
    #[test]
    fn a_paragraph_is_cut_between_sentences() {
        let wecom = wecom::WeCom { colours: MarketColours::RedUp };
        let text = "First of all this. And then that. At last the third one. Done.";
        let lines = [line(LineKind::Paragraph, text, 0, None)];
        let parts = pack(&lines, &wecom, 36, Language::En);
        let expected = [["First of all this. And then that. "], ["At last the third one. Done."]];
        assert_eq!(kinds(&parts), expected);
        let parts = pack(&lines, &wecom, 16, Language::En);
        let flat: Vec<String> = kinds(&parts).concat();
        let expected =
            ["First of all ", "this. ", "And then that. ", "At last the ", "third one. Done."];
        assert_eq!(flat, expected);
    }

    fn words() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            "[a-z]{1,12}",
            "[一-龥]{1,9}[，。]",
            "[−+]?[0-9]{1,3}(,[0-9]{3})?\\.[0-9]{2}%",
            select(&["*ST", "<b>", "&amp;", "_a_", "[x]", ":OK:", "600519.SH", "end. Then"][..])
                .prop_map(str::to_owned),
        ];
        prop::collection::vec(word, 1..40).prop_map(|words| words.join(" "))
    }

    fn sections() -> impl Strategy<Value = Vec<Line>> {
        let ink = select(&[Ink::Plain, Ink::Plain, Ink::Up, Ink::Down][..]);
        let runs = prop::collection::vec((words(), ink), 1..4).prop_map(|runs| {
            let runs = runs.into_iter();
            runs.map(|(text, ink)| Run::new(text + " ", ink)).collect::<Vec<Run>>()
        });
        let kind = select(&[LineKind::Paragraph, LineKind::Bullet, LineKind::Row(None)][..]);
        let below = prop::collection::vec((kind, runs), 1..6);
        let section = ("[a-z]{1,30}", below, any::<bool>());
        prop::collection::vec(section, 1..6).prop_map(|sections| {
            let mut lines = Vec::new();
            for (part, (heading, below, captioned)) in sections.into_iter().enumerate() {
                let table = captioned.then_some(1);
                lines.push(line(LineKind::Heading, &heading, part, None));
                if captioned {
                    lines.push(line(LineKind::Caption, "caption", part, table));
                }
                let below = below.into_iter();
                lines.extend(below.map(|(kind, runs)| Line { kind, runs, part, table }));
            }
            lines
        })
    }

    fn size(text: &str, place: usize) -> usize {
        match place {
            0 => text.len(),
            1 | 2 => json_bytes(text),
            _ => crate::channel::telegram::parsed_units(text),
        }
    }

    proptest! {
        /// All of it, in order, within the budget; no section is cut that a part could hold, no
        /// number is cut, and no heading ends a part.
        #[test]
        fn parts_hold_all_of_a_text_within_their_budget(
            lines in sections(),
            budget in 220_usize..900,
        ) {
            for (place, dialect) in dialects().iter().enumerate() {
                let parts = pack(&lines, dialect.as_ref(), budget, Language::En);
                let mut said = String::new();
                let mut cut_sections = BTreeSet::new();
                for (at, part) in parts.iter().enumerate() {
                    let text = joined(part, dialect.as_ref());
                    prop_assert!(size(&text, place) <= budget, "{} in {budget}", text.len());
                    prop_assert!(!part[part.len() - 1].announces());
                    let again = |line: &&Line| told(line).ends_with("(continued)");
                    prop_assert!(at > 0 || part.iter().filter(again).count() == 0);
                    cut_sections.extend(part.iter().filter(again).map(|line| line.part));
                    let own = part.iter().filter(|line| !again(line));
                    for line in own {
                        if line.kind == LineKind::Rest {
                            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                            let next = told(line).chars().next();
                            let cut = digit(said.chars().next_back()) && digit(next);
                            prop_assert!(!cut, "a number is cut: {:?}", told(line));
                        }
                        said.push_str(&told(line));
                    }
                }
                prop_assert_eq!(said, lines.iter().map(told).collect::<String>());
                for part in cut_sections {
                    let of: Vec<Line> =
                        lines.iter().filter(|line| line.part == part).cloned().collect();
                    let whole = joined(&of, dialect.as_ref());
                    prop_assert!(size(&whole, place) > budget, "it would have fitted a part");
                }
            }
        }
    }
}
