//! The dictionary of words in company names, `company_words.tsv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What is known of the words in company names.
pub(super) struct Words {
    /// Words that names begin with: places and groups of companies.
    leads: BTreeMap<&'static str, &'static str>,
    /// Words that names end in, with what they are in English; empty if they are left out.
    ends: BTreeMap<&'static str, &'static str>,
    /// Words that names end in which have a meaning of their own after a place only.
    of_place: BTreeMap<&'static str, &'static str>,
    /// Syllables of characters that are read otherwise than by themselves.
    readings: BTreeMap<&'static str, &'static str>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words {
        leads: BTreeMap::new(),
        ends: BTreeMap::new(),
        of_place: BTreeMap::new(),
        readings: BTreeMap::new(),
    };
    for row in include_str!("../company_words.tsv").lines().skip(1) {
        let mut cells = row.split('\t');
        let (Some(kind), Some(chinese), Some(english)) = (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let kind = match kind {
            "lead" => &mut words.leads,
            "end" => &mut words.ends,
            "port" => &mut words.of_place,
            _ => &mut words.readings,
        };
        kind.insert(chinese, english);
    }
    words
});

/// What is left of a name, and the English of what was taken off it.
pub(super) type Taken<'a> = (&'a str, &'static str);

impl Words {
    /// Takes the longest word off the beginning.
    pub(super) fn lead<'a>(&self, name: &'a str) -> Option<Taken<'a>> {
        longest(ends_of_characters(name).rev(), |end| {
            Some((&name[end..], *self.leads.get(&name[..end])?))
        })
    }

    /// Takes the longest word off the end.
    pub(super) fn end<'a>(&self, name: &'a str) -> Option<Taken<'a>> {
        longest(name.char_indices().map(|(from, _)| from), |from| {
            Some((&name[..from], *self.ends.get(&name[from..])?))
        })
    }

    /// The English of a whole word that has it after a place only.
    pub(super) fn of_place(&self, word: &str) -> Option<&'static str> {
        self.of_place.get(word).copied()
    }

    /// Takes the longest word off the beginning that is read otherwise than its characters are.
    pub(super) fn reading<'a>(&self, name: &'a str) -> Option<Taken<'a>> {
        longest(ends_of_characters(name).rev(), |end| {
            Some((&name[end..], *self.readings.get(&name[..end])?))
        })
    }
}

/// The first place that has a word, where places come longest word first.
fn longest<'a>(
    mut places: impl Iterator<Item = usize>,
    word: impl Fn(usize) -> Option<Taken<'a>>,
) -> Option<Taken<'a>> {
    places.find_map(word)
}

fn ends_of_characters(name: &str) -> impl DoubleEndedIterator<Item = usize> {
    name.char_indices().map(|(from, character)| from + character.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::is_han;

    #[test]
    fn the_dictionary_is_well_formed() {
        let rows: Vec<&str> = include_str!("../company_words.tsv").lines().skip(1).collect();
        for row in &rows {
            let cells: Vec<&str> = row.split('\t').collect();
            let [kind, chinese, english] = cells[..] else { panic!("{row}") };
            assert!(["lead", "end", "port", "read"].contains(&kind), "{row}");
            assert!(!chinese.is_empty() && chinese.chars().all(is_han), "{row}");
            assert!(english.is_ascii() && english.trim() == english, "{row}");
            assert!(!english.is_empty() || ["股份", "公司"].contains(&chinese), "{row}");
            let syllables = english.split(' ').count();
            assert!(kind != "read" || syllables == chinese.chars().count(), "{row}");
        }
        let Words { leads, ends, of_place, readings } = &*WORDS;
        let known = leads.len() + ends.len() + of_place.len() + readings.len();
        assert_eq!(known, rows.len(), "a word is there twice");
    }
}
