//! The two sections rest on known facts, and leave out what is not known.

use std::collections::BTreeSet;

use fupan_brief::document::{Block, Inline, Section};
use fupan_brief::{FactSet, Language, compose};
use fupan_fact::word::FigureName;
use fupan_fact::{AsOf, Basis, FactKey, Value, Word};
use proptest::prelude::*;

use crate::sets::*;
use crate::{calm, fixture, part, said, theme};

/// The figures that the two sections print or rest on.
fn cited(set: &FactSet) -> BTreeSet<FactKey> {
    let document = compose(set, Language::En);
    let sections = ["kind", "watch"].into_iter().filter_map(|id| part(&document, id));
    let of = |section: &Section| -> Vec<FactKey> {
        let words = section.grounds.iter().flat_map(|grounds| grounds.keys.clone());
        words.chain(texts(section).into_iter().flat_map(printed)).collect()
    };
    let keys: BTreeSet<FactKey> = sections.flat_map(of).collect();
    assert!(!keys.is_empty());
    keys
}

fn texts(section: &Section) -> Vec<&[Inline]> {
    fn of(block: &Block) -> Vec<&[Inline]> {
        match block {
            Block::Paragraph(text) => vec![text],
            Block::List(items) => items.iter().map(Vec::as_slice).collect(),
            _ => panic!("only text"),
        }
    }
    section.blocks.iter().flat_map(of).collect()
}

/// Without a figure, the sentences that need it are left out; none says something else.
#[test]
fn what_is_not_known_leaves_sentences_out() {
    let full = together([fixture::full(Basis::Exact), calm(), theme(7, 70)]);
    for set in [fixture::full(Basis::Exact), calm(), full] {
        let before: BTreeSet<String> = said(&set).into_iter().collect();
        for key in cited(&set) {
            let mut poorer = set.clone();
            poorer.facts.get_mut(&key).unwrap().value =
                Value::Unknown { reason: "no_data".to_owned() };
            justified(&poorer);
            let after: BTreeSet<String> = said(&poorer).into_iter().collect();
            let new: Vec<&String> = after.difference(&before).collect();
            // A direction is judged by less if the rest is not known; a sentence takes the place of
            // a takeaway that is not there.
            let allowed = ["session_", "weights_", "index_", "prior_limit_ups_", "board_", "rise_"];
            assert!(
                new.iter().all(|id| allowed.iter().any(|start| id.starts_with(start))),
                "{key}: {new:?}"
            );
        }
    }
}

fn printed(text: &[Inline]) -> impl Iterator<Item = FactKey> {
    text.iter().filter_map(|inline| match inline {
        Inline::Fact(key, _) => Some(key.clone()),
        _ => None,
    })
}

/// Every figure of the two sections is a known fact, and every word holds of its figures.
fn justified(set: &FactSet) {
    for language in [Language::Zh, Language::En] {
        let document = compose(set, language);
        for section in ["kind", "watch"].into_iter().filter_map(|id| part(&document, id)) {
            for key in texts(section).into_iter().flat_map(printed) {
                let fact = set.get(&key).unwrap_or_else(|| panic!("{key} is no fact"));
                assert!(!matches!(fact.value, Value::Unknown { .. }), "{key} is not known");
            }
            for grounds in &section.grounds {
                assert!(!grounds.keys.is_empty());
                for key in &grounds.keys {
                    let known = set.get(key).is_some_and(|fact| {
                        !matches!(fact.value, Value::Unknown { .. } | Value::Share { whole: 0, .. })
                    });
                    assert!(known, "{} rests on {key}", grounds.predicate.id);
                }
                word_holds(set, &grounds.predicate.id);
            }
        }
    }
}

/// A word that is counted must hold as it is counted.
fn word_holds(set: &FactSet, id: &str) {
    let Some(word) = Word::of_id(id) else { return };
    let value = |figure: &FigureName| {
        let key = format!("{}/{}/{}/close", figure.measure, figure.scope, set.session);
        set.get(&key.parse().unwrap()).map(|fact| &fact.value)
    };
    assert_eq!(word.holds(&value), Some(true), "{id}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_known_the_sections_rest_on_facts(
        keep in 0.2..1.0_f64,
        picks in prop::collection::vec((0.0..1.0_f64, -1_000_i64..1_000), 64..128),
    ) {
        let mut set = together([fixture::full(Basis::Exact), theme(7, 70)]);
        let mut place = 0;
        set.facts.retain(|_, fact| {
            let (stay, number) = picks[place * 7 % picks.len()];
            place += 1;
            match &mut fact.value {
                Value::Return { ppb } => ppb.0 = number * 40_000,
                Value::Share { part, whole } => {
                    (*part, *whole) = ((number + 1_000) / 2, 1_000);
                }
                _ => {}
            }
            stay < keep
        });
        justified(&set);
        let document = compose(&set, Language::En);
        let items = part(&document, "watch").map(|section| match &section.blocks[..] {
            [Block::List(items)] => items.len(),
            other => panic!("{other:?}"),
        });
        prop_assert!(items.is_none_or(|items| (2..=4).contains(&items)));
        let kinds = part(&document, "kind").map_or(0, |section| section.grounds.len());
        prop_assert!(kinds <= 6);
    }
}

/// What the section tells, the paragraphs after it do not tell again.
#[test]
fn sections_do_not_repeat_what_the_kind_of_session_told() {
    let set = fixture::full(Basis::Exact);
    let document = compose(&set, Language::En);
    let figures = |section: &Section| -> Vec<BTreeSet<FactKey>> {
        let texts = section.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        });
        texts.map(|text| printed(text).collect()).collect()
    };
    let told: BTreeSet<FactKey> =
        figures(part(&document, "kind").unwrap()).into_iter().flatten().collect();
    assert!(told.len() >= 4, "{told:?}");
    let place = |key: &&FactKey| key.measure.name() == "percentile_250";
    let later = document.sections.iter().filter(|section| section.id != "kind");
    for again in later.flat_map(figures).flatten() {
        assert!(!told.contains(&again) || !place(&&again), "{again} is told twice");
    }
    // Without it they are.
    let mut bare = set;
    bare.facts.retain(|key, _| key.measure.name() != "index_return");
    let text = unmarked(&bare, Language::En);
    assert!(text.contains(
        "\nTurnover stood in the 72nd percentile of the past 250 sessions and limit-ups"
    ));
}

#[test]
fn a_session_that_lasts_has_no_kind_yet() {
    let mut set = fixture::full(Basis::Exact);
    let session = set.session;
    for mut fact in std::mem::take(&mut set.facts).into_values() {
        if fact.key.session == session {
            fact.key.as_of = AsOf::Instant(41_400);
        }
        set.insert(fact);
    }
    let document = compose(&set, Language::En);
    assert!(part(&document, "kind").is_none() && part(&document, "watch").is_none());
    assert!(part(&document, "breadth").is_some());
}
