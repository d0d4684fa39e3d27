//! Claims within a block's text, also where they overlap.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use fupan_market::{Language, shown};
use maud::{Markup, html};

use super::card::card;
use super::{class, say};
use crate::article::TextBlock;
use crate::report::{Report, Verdict};

/// The most claims that one place of the text explains.
const MOST: usize = 8;

/// The claims of a report, for marking them in blocks one after another.
pub(super) struct Marks<'a> {
    pub report: &'a Report,
    pub language: Language,
    /// Claims by their start, and by number where they start together.
    order: Vec<usize>,
    /// How many characters of the file the longest claim takes: one that starts farther before a
    /// block does not reach into it.
    longest: u32,
    /// Claims that have been marked somewhere.
    marked: RefCell<BTreeSet<usize>>,
}

/// A part of a block's text with the claims that cover it.
struct Part {
    bytes: Range<usize>,
    /// Innermost last.
    claims: Vec<usize>,
    /// Claims whose last part this is.
    ending: Vec<usize>,
}

impl<'a> Marks<'a> {
    pub fn new(report: &'a Report, language: Language) -> Marks<'a> {
        let mut order: Vec<usize> = (0..report.claims.len()).collect();
        order.sort_by_key(|number| report.claims[*number].start);
        let lengths = report.claims.iter().map(|claim| claim.end.saturating_sub(claim.start));
        let longest = lengths.max().unwrap_or(0);
        Marks { report, language, order, longest, marked: RefCell::default() }
    }

    /// Whether a claim has been marked in the text.
    pub fn is_marked(&self, number: usize) -> bool {
        self.marked.borrow().contains(&number)
    }

    /// A block's text with its claims marked.
    pub fn text(&self, block: &TextBlock) -> Markup {
        let text = block.text();
        html! {
            @for part in self.parts(block) {
                @if part.claims.is_empty() {
                    (lines(&text[part.bytes.clone()]))
                } @else {
                    (self.mark(&text[part.bytes.clone()], &part))
                }
            }
        }
    }

    fn mark(&self, text: &str, part: &Part) -> Markup {
        let claims = &self.report.claims;
        let new: Vec<usize> = {
            let mut marked = self.marked.borrow_mut();
            part.claims.iter().copied().filter(|number| marked.insert(*number)).collect()
        };
        // Several claims at one place: the line nearest to the text is that of the shortest, the
        // one below it that of the longest.
        let (inner, outer) = (part.claims.last().copied(), part.claims.first().copied());
        let verdict = |number: Option<usize>| {
            number.map_or(Verdict::NotCheckable, |number| claims[number].verdict)
        };
        let nested = (part.claims.len() > 1).then(|| format!("outer-{}", class(verdict(outer))));
        let named = new.last().copied().or(inner).unwrap_or_default();
        let verdicts = part.claims.iter().rev().take(MOST).map(|number| claims[*number].verdict);
        let mut words: Vec<String> = verdicts
            .map(|verdict| verdict.wording().in_language(self.language).to_owned())
            .collect();
        words.dedup();
        html! {
            span class="at" {
                @for number in &new { span id=(format!("c{}", number + 1)) {} }
                a class=(format!("claim {} {}", class(verdict(inner)), nested.unwrap_or_default()))
                    href=(format!("#n{}", named + 1))
                    tabindex=[new.is_empty().then_some("-1")]
                    aria-describedby=(format!("w{}", named + 1)) {
                    (lines(text))
                    span class="said" { " (" (words.join(", ")) ")" }
                }
                @for number in &part.ending {
                    sup class=(format!("number {}", class(claims[*number].verdict)))
                        aria-hidden="true" {
                        @if claims[*number].verdict == Verdict::Contradicted {
                            span class="cross" { (Verdict::Contradicted.mark()) }
                        }
                        span class="note-number" { (number + 1) }
                    }
                }
                span class="card" {
                    @for number in part.claims.iter().rev().take(MOST) {
                        (card(self.report, *number, self.language))
                    }
                    @if part.claims.len() > MOST {
                        span class="more" {
                            (say(self.language, "More claims are made here; the notes have all.",
                                "此处还有更多说法，见文末说明。"))
                        }
                    }
                }
            }
        }
    }

    /// A block's text in parts, in each of which the same claims are made.
    fn parts(&self, block: &TextBlock) -> Vec<Part> {
        let text = block.text();
        let whole = block.file_range(0..text.len());
        let before = self.order.partition_point(|n| self.report.claims[*n].start < whole.end);
        let mut here: Vec<(Range<usize>, usize)> = self.order[..before]
            .iter()
            .rev()
            .take_while(|n| {
                self.report.claims[**n].start.saturating_add(self.longest) >= whole.start
            })
            .map(|n| (&self.report.claims[*n], *n))
            .map(|(claim, n)| (block.text_range(claim.start..claim.end), n))
            .filter(|(bytes, _)| !bytes.is_empty())
            .collect();
        // Of claims that cover a place, the longest first.
        here.sort_by_key(|(bytes, n)| (std::cmp::Reverse(bytes.len()), *n));
        let mut cuts: BTreeSet<usize> = [0, text.len()].into();
        for (bytes, _) in &here {
            cuts.extend([bytes.start, bytes.end]);
        }
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let mut parts: Vec<Part> = cuts
            .windows(2)
            .map(|two| Part { bytes: two[0]..two[1], claims: Vec::new(), ending: Vec::new() })
            .collect();
        for (bytes, number) in here {
            let first = cuts.partition_point(|cut| *cut < bytes.start);
            let end = cuts.partition_point(|cut| *cut < bytes.end);
            for part in &mut parts[first..end] {
                part.claims.push(number);
            }
            parts[end - 1].ending.push(number);
        }
        for part in &mut parts {
            part.ending.sort_unstable();
        }
        parts
    }
}

/// Text with its line breaks.
fn lines(text: &str) -> Markup {
    html! {
        @for (number, line) in text.split('\n').enumerate() {
            @if number > 0 { br; }
            (shown(line))
        }
    }
}
