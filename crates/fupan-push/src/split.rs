//! A text in parts that a channel takes.
//!
//! A part ends with a part of the outline where it can; else with a paragraph or a row; a line that
//! no message could hold is cut between sentences, clauses, words and, last of all, characters.
//! What goes on in the next part is announced there again.

use fupan_brief::Language;

use crate::cut::{BORDERS, split_runs};
use crate::dialect::Dialect;
use crate::line::{Ink, Line, LineKind, Run};

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
        for place in from..to {
            packer.place(place, to);
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

    /// Puts a line into the part at hand or the next; `end` is where its part of the outline ends.
    fn place(&mut self, place: usize, end: usize) {
        let line = &self.lines[place];
        if line.announces() {
            self.announce(place, end);
            return;
        }
        if self.used + self.size(self.last(), std::slice::from_ref(line)) <= self.budget {
            self.push(line.clone());
            return;
        }
        let above = self.continued(line);
        let fresh = self.size(None, &above);
        let after = above.last().map(|line| line.kind);
        if fresh + self.size(after, std::slice::from_ref(line)) <= self.budget {
            self.turn_with(above);
            self.push(line.clone());
            return;
        }
        self.pour(line, &above);
    }

    /// Puts a heading where the line below it, or a good part of that line, has room.
    fn announce(&mut self, place: usize, end: usize) {
        let below = self.lines[place..end].iter().position(|line| !line.announces());
        let with = below.map_or(end, |below| place + below + 1);
        let wanted = self.size(self.last(), &self.lines[place..with]);
        let wanted = wanted.min(self.budget / 4);
        let heading = self.size(self.last(), &self.lines[place..=place]);
        let line = &self.lines[place];
        if self.used + wanted.max(heading) > self.budget {
            let above = match line.kind {
                LineKind::Caption => self.continued(&Line { table: None, ..line.clone() }),
                _ => Vec::new(),
            };
            self.turn_with(above);
        }
        if self.used + self.size(self.last(), std::slice::from_ref(line)) <= self.budget {
            self.push(line.clone());
        } else {
            self.pour(line, &[]);
        }
    }

    fn turn_with(&mut self, above: Vec<Line>) {
        self.turn();
        if self.parts.last().is_some_and(Vec::is_empty) {
            self.opened = above.len();
            for line in above {
                self.push(line);
            }
        }
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
        let announced = |above: &&Line| !std::ptr::eq(*above, line);
        let above = heading.into_iter().chain(caption).filter(announced);
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
            let begun = self.parts.last().is_none_or(|part| part.len() <= self.opened);
            let fresh = (!begun).then(|| Fresh {
                free: self.budget.saturating_sub(self.size(None, above)),
                after: above.last().map(|line| line.kind),
            });
            let Some(cut) = self.cut(&rest, fresh, free) else {
                self.turn_with(above.to_vec());
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
                self.turn_with(above.to_vec());
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
