//! Where a text may be cut, from the borders of sentences down to those of characters.

use unicode_segmentation::UnicodeSegmentation;

use crate::line::Run;

/// What a cut is a border of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Border {
    /// Sentences (UAX #29).
    Sentence,
    /// Clauses, and words with a space between them.
    Clause,
    /// Words (UAX #29): in Chinese, characters.
    Word,
    /// What a reader sees as one character.
    Grapheme,
    /// Characters of Unicode.
    Character,
}

/// The borders, from those that disturb a reader least.
pub(crate) const BORDERS: [Border; 5] =
    [Border::Sentence, Border::Clause, Border::Word, Border::Grapheme, Border::Character];

impl Border {
    /// The bytes before which a text may be cut, ascending; the last is its length. None is within
    /// a number unless the border is one of characters.
    pub fn within(self, text: &str) -> Vec<usize> {
        let ends = |parts: &mut dyn Iterator<Item = (usize, &str)>| -> Vec<usize> {
            parts.map(|(from, part)| from + part.len()).collect()
        };
        let mut cuts = match self {
            Border::Sentence => ends(&mut text.split_sentence_bound_indices()),
            Border::Clause => clauses(text),
            Border::Word => ends(&mut text.split_word_bound_indices()),
            Border::Grapheme => return ends(&mut text.grapheme_indices(true)),
            Border::Character => {
                return text.char_indices().map(|(from, c)| from + c.len_utf8()).collect();
            }
        };
        cuts.retain(|cut| *cut == text.len() || !within_number(text, *cut));
        cuts
    }
}

/// After a space, and after a mark that ends a clause.
fn clauses(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((_, character)) = characters.next() {
        let next = characters.peek().copied();
        let cut = next.map_or(text.len(), |(at, _)| at);
        let goes_on = next.is_some_and(|(_, c)| c.is_whitespace() || is_clause_end(c));
        let ends = character.is_whitespace() || is_clause_end(character);
        if next.is_none() || (ends && !goes_on) {
            cuts.push(cut);
        }
    }
    cuts
}

fn is_clause_end(character: char) -> bool {
    matches!(character, '，' | '、' | '；' | '：' | '。' | '！' | '？' | '）' | '」' | '”')
}

/// Whether a cut would part a number: its digits, its sign, its unit and the word of its size.
fn within_number(text: &str, cut: usize) -> bool {
    let (before, after) = text.split_at(cut);
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    let is_digit = |c: char| c.is_ascii_digit() || c.is_numeric();
    let is_sign = |c: char| matches!(c, '+' | '-' | '−' | '–' | '±' | '.' | ',' | '/' | ':' | '~');
    let is_size = |c: char| matches!(c, '万' | '亿' | '千' | '百' | '兆');
    let is_unit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '%' | '‰' | '％' | '°');
    if last.is_whitespace() {
        // `1.07 trillion`, `3 points`.
        let number = before.trim_end().chars().next_back().is_some_and(is_digit);
        return number && next.is_ascii_lowercase();
    }
    let joins = is_digit(last) && (is_digit(next) || is_unit(next) || is_size(next));
    let signed = is_sign(last) && is_digit(next);
    // A sign within a number; one that ends a sentence has no digit after it.
    let second = after.chars().nth(1);
    let inner = is_digit(last) && is_sign(next) && second.is_some_and(is_digit);
    let sized = is_size(last) && (is_size(next) || matches!(next, '元' | '股' | '手'));
    joins || signed || inner || sized
}

/// Cuts runs before a byte of their text. The cut must lie between characters.
pub(crate) fn split_runs(runs: &[Run], cut: usize) -> (Vec<Run>, Vec<Run>) {
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    let mut from = 0;
    for run in runs {
        let at = cut.saturating_sub(from).min(run.text.len());
        let (first, second) = run.text.split_at(at);
        for (text, to) in [(first, &mut head), (second, &mut tail)] {
            if !text.is_empty() {
                to.push(Run::new(text, run.ink));
            }
        }
        from += run.text.len();
    }
    (head, tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Ink;

    fn parts(border: Border, text: &str) -> Vec<&str> {
        let mut from = 0;
        let parts = border.within(text).into_iter().map(|to| {
            let part = &text[from..to];
            from = to;
            part
        });
        parts.collect()
    }

    #[test]
    fn sentences_are_cut_after_their_marks_and_not_in_figures() {
        assert_eq!(
            parts(
                Border::Sentence,
                "沪指涨0.05%，报4,134.02点。成交1.07万亿元！ It fell 3.1%. So."
            ),
            ["沪指涨0.05%，报4,134.02点。", "成交1.07万亿元！ ", "It fell 3.1%. ", "So."]
        );
    }

    #[test]
    fn clauses_are_cut_after_commas_and_spaces_and_not_in_figures() {
        assert_eq!(
            parts(Border::Clause, "涨0.05%，成交1.07万亿元，3,086家"),
            ["涨0.05%，", "成交1.07万亿元，", "3,086家"]
        );
        assert_eq!(
            parts(Border::Clause, "came to 1.07 trillion yuan, 78 more"),
            ["came ", "to ", "1.07 trillion ", "yuan, ", "78 more"]
        );
    }

    #[test]
    fn words_keep_signs_units_and_sizes_with_their_figures() {
        let cut = parts(Border::Word, "跌−0.41%至1.07万亿元（−2.07）");
        for whole in ["−0.41%", "1.07万亿元", "−2.07"] {
            assert!(cut.iter().any(|part| part.contains(whole)), "{whole}: {cut:?}");
        }
        assert!(cut.len() > 5, "{cut:?}");
    }

    #[test]
    fn graphemes_are_whole() {
        assert_eq!(parts(Border::Grapheme, "e\u{301}👩‍👩‍👧🇨🇳"), ["e\u{301}", "👩‍👩‍👧", "🇨🇳"]);
        assert_eq!(parts(Border::Character, "e\u{301}"), ["e", "\u{301}"]);
    }

    #[test]
    fn runs_are_cut_with_their_inks() {
        let runs = [Run::new("ab", Ink::Strong), Run::new("cd", Ink::Up)];
        let (head, tail) = split_runs(&runs, 3);
        assert_eq!(head, [Run::new("ab", Ink::Strong), Run::new("c", Ink::Up)]);
        assert_eq!(tail, [Run::new("d", Ink::Up)]);
        assert_eq!(split_runs(&runs, 2).0, [Run::new("ab", Ink::Strong)]);
    }
}
