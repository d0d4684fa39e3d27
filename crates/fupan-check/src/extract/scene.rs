//! A sentence's tokens, and what can be asked of the words around one of them.

use std::ops::Range;

use crate::lexicon::Term;
use crate::stated::{Direction, NamedPopulation};
use crate::subjects::Subject;
use crate::token::{Border, Number, Sign, Token};

/// What earlier sentences spoke of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Carried {
    /// The last subject, if it was one.
    pub subject: Option<Subject>,
}

/// A sentence.
pub(super) struct Scene<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
    /// Tokens that a claim has used up.
    pub used: Vec<bool>,
    carried: Carried,
}

impl<'t> Scene<'t> {
    pub fn new(text: &'t str, tokens: Vec<Token>, carried: Carried) -> Scene<'t> {
        let used = vec![false; tokens.len()];
        Scene { text, tokens, used, carried }
    }

    /// What the next sentence may go on from.
    pub fn carried(&self) -> Carried {
        let last = self.tokens.iter().rev().find_map(|token| match &token.sign {
            Sign::Subject(subjects) => Some(subjects.as_slice()),
            Sign::UnknownIndex | Sign::Disagreeing => Some(&[]),
            _ => None,
        });
        match last {
            None => self.carried.clone(),
            Some([one]) => Carried { subject: Some(one.clone()) },
            Some(_) => Carried::default(),
        }
    }

    pub fn carried_subject(&self) -> Option<Subject> {
        self.carried.subject.clone()
    }

    /// The number at a token.
    pub fn number(&self, place: usize) -> Option<Number> {
        match self.tokens.get(place)?.sign {
            Sign::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The tokens of the clause of one: between borders of at least a kind.
    pub fn within(&self, place: usize, least: Border) -> Range<usize> {
        let divides = |token: &Token| matches!(token.sign, Sign::Border(border) if border >= least);
        let start = self.tokens[..place].iter().rposition(divides).map_or(0, |at| at + 1);
        let end = self.tokens[place..].iter().position(divides);
        start..end.map_or(self.tokens.len(), |end| place + end)
    }

    /// The clause before one, if there is one.
    pub fn clause_before(&self, place: usize) -> Option<Range<usize>> {
        let start = self.within(place, Border::Comma).start;
        (start > 0).then(|| self.within(start - 1, Border::Comma).start..start - 1)
    }

    pub fn has(&self, range: Range<usize>, term: Term) -> bool {
        self.tokens[range].iter().any(|token| token.has(term))
    }

    pub fn any(&self, range: Range<usize>, terms: &[Term]) -> bool {
        self.tokens[range].iter().any(|token| token.any(terms))
    }

    /// The text between the ends of two tokens.
    pub fn between(&self, one: usize, other: usize) -> &'t str {
        self.text.get(self.tokens[one].bytes.end..self.tokens[other].bytes.start).unwrap_or("")
    }

    /// Whether two neighbouring tokens stand close together.
    pub fn is_near(&self, one: usize, other: usize, letters: usize) -> bool {
        self.between(one, other).chars().filter(|c| !c.is_whitespace()).count() <= letters
    }

    /// The direction of a number: its sign, the word right behind it, the nearest before it in the
    /// clause, the nearest behind it, or that of a clause before.
    pub fn direction(&self, place: usize) -> Option<Direction> {
        let clause = self.within(place, Border::Clause);
        let behind = self.tokens[place + 1..clause.end].iter().take(2);
        let right_behind = behind
            .clone()
            .enumerate()
            .take_while(|(_, token)| !matches!(token.sign, Sign::Border(_) | Sign::Number(_)))
            .find(|(ahead, token)| {
                direction_of(token).is_some()
                    && self.is_near(place + ahead, place + ahead + 1, 9)
                    && !token.any(&[Term::Level])
            })
            .and_then(|(_, token)| direction_of(token));
        let comma = self.within(place, Border::Comma);
        let before = |range: Range<usize>| self.tokens[range].iter().rev().find_map(direction_of);
        let near_before = before(comma.start..place);
        // English puts the noun behind: “a 1.82% fall”, “0.31% firmer”.
        match (near_before, right_behind) {
            (None, Some(direction)) => return Some(direction),
            (Some(_), Some(direction)) if self.is_behind_wins(place) => return Some(direction),
            (Some(direction), _) => return Some(direction),
            (None, None) => {}
        }
        let after = self.tokens[place + 1..comma.end].iter().find_map(direction_of);
        after.or_else(|| before(clause.start..place)).or_else(|| before(0..place))
    }

    /// Whether the word behind a number is closer to it than the one before.
    fn is_behind_wins(&self, place: usize) -> bool {
        let Some(next) = self.tokens.get(place + 1) else { return false };
        let gap = next.bytes.start - self.tokens[place].bytes.end;
        let before = self.tokens[..place].iter().rev().find(|token| direction_of(token).is_some());
        let near = before.map_or(usize::MAX, |token| {
            self.tokens[place].bytes.start.saturating_sub(token.bytes.end)
        });
        gap <= 1
            && near > 4
            && direction_of(next).is_some()
            && next.bytes.start > 0
            && self.text[self.tokens[place].bytes.end..next.bytes.start].trim().is_empty()
            && self.text.is_char_boundary(next.bytes.start)
            && self.text[next.bytes.clone()].is_ascii()
    }

    /// The subjects that a number is of, and the first of their tokens.
    pub fn subjects(&self, place: usize) -> Option<(usize, Vec<&'_ Token>)> {
        let comma = self.within(place, Border::Comma);
        let last = self.tokens[comma.start..place].iter().rposition(Token::is_subject);
        if let Some(last) = last.map(|last| comma.start + last) {
            return Some(self.list_up_to(last, comma.start));
        }
        // The clause before, and those before it.
        let last = self.tokens[..place].iter().rposition(Token::is_subject)?;
        let start = self.within(last, Border::Clause).start;
        Some(self.list_up_to(last, start))
    }

    /// A list of subjects that ends with one: 甲、乙和丙.
    fn list_up_to(&self, last: usize, from: usize) -> (usize, Vec<&'_ Token>) {
        let mut first = last;
        let mut list = vec![&self.tokens[last]];
        while first >= from + 2 {
            let (border, before) = (&self.tokens[first - 1], &self.tokens[first - 2]);
            let is_list = matches!(border.sign, Sign::Border(Border::List | Border::Comma))
                && border.bytes.start <= before.bytes.end + 1
                && self.tokens[first].bytes.start <= border.bytes.end + 1;
            if !is_list || !before.is_subject() {
                break;
            }
            first -= 2;
            list.insert(0, before);
        }
        (first, list)
    }

    /// The set of shares that a clause names, or one before it in the sentence.
    pub fn population(&self, place: usize) -> NamedPopulation {
        let comma = self.within(place, Border::Comma);
        let named = |range: Range<usize>| self.tokens[range].iter().rev().find_map(population_of);
        named(comma.clone()).or_else(|| named(0..comma.start)).unwrap_or(NamedPopulation::Unnamed)
    }

    /// From the start of a clause, or of its subject, to the end of a token.
    pub fn span(&self, place: usize, end: usize) -> Range<usize> {
        let comma = self.within(place, Border::Comma);
        let first = self.tokens[comma.start..=place]
            .iter()
            .position(Token::is_subject)
            .map(|at| comma.start + at);
        let start = match first {
            // Of a clause with several figures, what is behind the one before.
            Some(first) if self.number_between(first, place).is_none() => {
                self.tokens[first].bytes.start
            }
            _ => match self.number_between(comma.start, place) {
                Some(number) => {
                    // “a 1.82% fall”: the word behind it is the number's.
                    let behind = self.tokens.get(number + 1).filter(|next| {
                        number + 1 < place
                            && direction_of(next).is_some()
                            && self.is_near(number, number + 1, 0)
                    });
                    self.next_text(behind.unwrap_or(&self.tokens[number]).bytes.end)
                }
                None => self.clause_text(comma.start),
            },
        };
        start.min(self.tokens[place].bytes.start)..self.tokens[end].bytes.end
    }

    fn number_between(&self, from: usize, to: usize) -> Option<usize> {
        let found =
            self.tokens[from..to].iter().rposition(|token| matches!(token.sign, Sign::Number(_)));
        found.map(|at| from + at)
    }

    fn clause_text(&self, first: usize) -> usize {
        let from = match first.checked_sub(1) {
            Some(border) => self.tokens[border].bytes.end,
            None => 0,
        };
        self.next_text(from)
    }

    fn next_text(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        let skipped = rest.trim_start_matches(|c: char| {
            c.is_whitespace()
                || matches!(c, '，' | ',' | '、' | '；' | ';' | '(' | '（' | '“' | '"')
        });
        from + rest.len() - skipped.len()
    }
}

/// The direction that a word says.
pub(super) fn direction_of(token: &Token) -> Option<Direction> {
    const UP: &[Term] = &[Term::Rise, Term::OpenUp, Term::MoreTurnover];
    const DOWN: &[Term] = &[Term::Fall, Term::OpenDown, Term::LessTurnover];
    match (token.any(UP), token.any(DOWN)) {
        (true, false) => Some(Direction::Up),
        (false, true) => Some(Direction::Down),
        _ => token.has(Term::Flat).then_some(Direction::Flat),
    }
}

fn population_of(token: &Token) -> Option<NamedPopulation> {
    const NAMED: [(Term, NamedPopulation); 7] = [
        (Term::BoardMain, NamedPopulation::Main),
        (Term::TwoExchanges, NamedPopulation::Two),
        (Term::ThreeExchanges, NamedPopulation::Three),
        (Term::ExchangeSh, NamedPopulation::Shanghai),
        (Term::ExchangeSz, NamedPopulation::Shenzhen),
        (Term::BoardChinext, NamedPopulation::ChiNext),
        (Term::BoardStar, NamedPopulation::Star),
    ];
    NAMED.into_iter().find(|(term, _)| token.has(*term)).map(|(_, population)| population)
}

impl Scene<'_> {
    /// Whether no number stands between two tokens.
    pub fn number_free(&self, one: usize, other: usize) -> bool {
        self.tokens[one + 1..other].iter().all(|token| !matches!(token.sign, Sign::Number(_)))
    }
}
