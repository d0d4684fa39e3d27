//! Finds the claims of a sentence.
//!
//! Each number is a claim of the kind that its unit and the words around it make it; then come the
//! claims without a number. A number's subject is the nearest one before it in its clause, else the
//! subject of the clause before; its direction is the nearest word of movement.

mod amount;
mod count;
mod figure;
mod made;
mod number;
mod plain;
mod scene;
mod when;
mod whose;

use std::ops::Range;

use crate::article::Article;
use crate::lexicon::{Lexicon, Meaning, Term};
use crate::stated::Stated;
use crate::subjects::Subjects;
use crate::token::tokens;

use scene::{Carried, Scene};

/// The claims of an article, in order, each with its place in the file.
pub fn statements(article: &Article, subjects: &Subjects) -> Vec<(Range<u32>, Stated)> {
    let mut carried = Carried::default();
    let mut stated = Vec::new();
    // A text of the midday break says so once.
    let mut half_day = false;
    let mut block = 0;
    for sentence in article.sentences() {
        // A paragraph does not go on about what another spoke of.
        if std::mem::replace(&mut block, sentence.number) != sentence.number {
            carried = Carried::default();
        }
        half_day |= is_half_day(sentence.text());
        for mut claim in claims(sentence.text(), subjects, &mut carried) {
            claim.half_day = half_day;
            stated.push((sentence.file_range(claim.bytes.clone()), claim));
        }
    }
    stated
}

/// Whether a sentence is of the midday break.
fn is_half_day(text: &str) -> bool {
    Lexicon::builtin()
        .find(text)
        .iter()
        .any(|found| matches!(found.meaning, Meaning::Terms(terms) if terms.has(Term::HalfDay)))
}

/// The claims of a sentence, in order. `carried` is what earlier sentences spoke of.
fn claims(text: &str, subjects: &Subjects, carried: &mut Carried) -> Vec<Stated> {
    let tokens = tokens(text, subjects);
    let mut scene = Scene::new(text, tokens, carried.clone());
    let mut stated = number::claims(&mut scene);
    stated.extend(plain::claims(&mut scene));
    stated.sort_by_key(|claim| (claim.bytes.start, claim.bytes.end));
    stated.dedup();
    *carried = scene.carried();
    stated
}
