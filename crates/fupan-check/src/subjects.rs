//! Who and what a text may speak of: securities and groups by their names.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};
use fupan_market::{GroupId, Symbol};

use crate::lexicon::{self, is_word};

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An index.
    Index(Symbol),
    /// A security.
    Security(Symbol),
    /// A group of securities, such as an industry or a concept.
    Group(GroupId),
}

/// The names of securities and groups. A name may stand for several; then it says of none which one
/// is meant.
pub struct Subjects {
    automaton: AhoCorasick,
    names: Vec<(String, Vec<Subject>)>,
    codes: BTreeMap<u32, Vec<Symbol>>,
}

/// A name that was found, by its bytes in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named<'s> {
    pub start: usize,
    pub end: usize,
    pub subjects: &'s [Subject],
}

/// The fewest characters of a Chinese name: shorter ones are parts of words.
const CHARACTERS_MIN: usize = 2;

impl Subjects {
    /// The subjects with their names, in any language.
    pub fn new(named: impl IntoIterator<Item = (String, Subject)>) -> Subjects {
        let mut names: BTreeMap<String, Vec<Subject>> = BTreeMap::new();
        let mut codes: BTreeMap<u32, Vec<Symbol>> = BTreeMap::new();
        let named: Vec<(String, Subject)> = named.into_iter().collect();
        // Names of the press are of securities that the caller knows.
        let known: BTreeSet<&Subject> = named.iter().map(|(_, subject)| subject).collect();
        let press = lexicon::entries(include_str!("lexicon/securities.txt"));
        let press = press.filter_map(|(symbol, name)| {
            let subject = Subject::Security(symbol.parse().ok()?);
            known.contains(&subject).then_some((name.to_owned(), subject))
        });
        let press: Vec<(String, Subject)> = press.collect();
        for (name, subject) in named.into_iter().chain(press) {
            if let Subject::Security(symbol) = subject {
                let known = codes.entry(symbol.code()).or_default();
                if !known.contains(&symbol) {
                    known.push(symbol);
                }
            }
            let name = name.trim().to_owned();
            if name.chars().count() < CHARACTERS_MIN {
                continue;
            }
            let of_name = names.entry(name).or_default();
            if !of_name.contains(&subject) {
                of_name.push(subject);
            }
        }
        let names: Vec<(String, Vec<Subject>)> = names.into_iter().collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(names.iter().map(|(name, _)| name))
            .unwrap_or_else(|error| unreachable!("names of securities: {error}"));
        Subjects { automaton, names, codes }
    }

    /// The names in a text, none over another.
    pub(crate) fn find(&self, text: &str) -> Vec<Named<'_>> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(hit) = self.automaton.find(&text[from..]) {
            let (start, end) = (from + hit.start(), from + hit.end());
            if is_word(text, start, end) {
                let subjects = &self.names[hit.pattern().as_usize()].1;
                found.push(Named { start, end, subjects });
                from = end;
            } else {
                from = start + text[start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found
    }

    /// The securities of a code of six digits.
    pub(crate) fn of_code(&self, code: u32) -> &[Symbol] {
        self.codes.get(&code).map_or(&[], Vec::as_slice)
    }
}
