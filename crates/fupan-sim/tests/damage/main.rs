//! The law of damage: a sound file, damaged at random and imported, gives every figure as it was;
//! or it is refused; or a finding names the damage and every figure that differs is marked.
//!
//! What leaves another sound file (one plausible price in place of another) cannot be seen, and is
//! no damage here. `cargo xtask damage --seeds N` tries many more seeds than a test run does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

mod form;
mod harm;
mod sound;

use fupan_fact::{Basis, Fact, FactSet, Value};
use fupan_measure::is_of_every_session;
use fupan_source::{NoProgress, Partial, ReadOptions, SourceError, read};

use form::Form;
use harm::{Dice, Harm};
use rayon::prelude::*;
use sound::Sound;

/// Seeds of a test run.
const SEEDS: u64 = 300;

/// What became of a damaged file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Refused,
    Same,
    Marked,
}

/// Seeds that once found something, with the harm that they did.
const FOUND: [(u64, Harm); 5] = [
    (1_194, Harm::Delimiter),
    (4_901, Harm::Blank),
    (11_187, Harm::CutLine),
    (12_711, Harm::Delimiter),
    (27_983, Harm::Blank),
];

#[test]
fn damage_is_read_right_refused_or_said() {
    let seeds = std::env::var("FUPAN_DAMAGE_SEEDS").ok().and_then(|text| text.parse().ok());
    let sound = Sound::new();
    let seeds = (0..seeds.unwrap_or(SEEDS)).map(|seed| (seed, None));
    let found = FOUND.into_iter().map(|(seed, harm)| (seed, Some(harm)));
    let seeds: Vec<(u64, Option<Harm>)> = found.chain(seeds).collect();
    let tried = seeds.into_par_iter().map(|(seed, harm)| {
        let mut dice = Dice::new(seed);
        let by_chance = Harm::ALL[dice.below(Harm::ALL.len())];
        let harm = harm.unwrap_or(by_chance);
        let form = Form::of(seed, harm);
        let tried = outcome(&sound, form, harm, &mut dice)
            .map_err(|why| format!("seed {seed}, {harm:?} of {form:?}: {why}"));
        if let Err(why) = &tried {
            println!("{why}");
        }
        (form, harm, tried)
    });
    let mut outcomes = std::collections::BTreeMap::new();
    let mut broken: Vec<String> = Vec::new();
    for (form, harm, tried) in tried.collect::<Vec<_>>() {
        match tried {
            Ok(outcome) => *outcomes.entry((form, harm, outcome)).or_insert(0_u64) += 1,
            Err(why) => broken.push(why),
        }
    }
    for ((form, harm, outcome), count) in &outcomes {
        println!("{form:?} {harm:?} {outcome:?} {count}");
    }
    assert!(
        broken.is_empty(),
        "{} seeds:\n{}",
        broken.len(),
        broken[..broken.len().min(12)].join("\n")
    );
    // Every harm was tried, and every outcome occurs: a law that nothing tests holds of nothing.
    for harm in Harm::ALL {
        assert!(outcomes.keys().any(|(_, of, _)| *of == harm), "{harm:?} was not tried");
    }
    for form in Form::ALL {
        for outcome in [Outcome::Refused, Outcome::Same, Outcome::Marked] {
            let occurs = outcomes.keys().any(|(of, _, as_is)| (*of, *as_is) == (form, outcome));
            assert!(occurs, "{outcome:?} did not occur to {form:?}");
        }
    }
}

/// What becomes of the sound file under a harm; an error where the law does not hold.
fn outcome(sound: &Sound, form: Form, harm: Harm, dice: &mut Dice) -> Result<Outcome, String> {
    let bytes = form.damaged(&sound.file, harm, dice);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(form.file_name());
    std::fs::write(&path, bytes).unwrap();
    // A reader who asks for what is left sees most.
    let partial = if dice.below(2) == 0 { Partial::Refused } else { Partial::Accepted };
    let options = ReadOptions { as_of: None, partial };
    let import = match read(sound.recipe(form), &path, &options, &NoProgress) {
        Ok(import) => import,
        Err(SourceError::Unreadable { reason, .. }) => return Err(reason.to_string()),
        Err(_) => return Ok(Outcome::Refused),
    };
    if sound.is_same(&import) {
        return Ok(Outcome::Same);
    }
    let facts = sound.review(&import);
    let differs = differing(&sound.facts, &facts);
    if differs.is_empty() {
        return Ok(Outcome::Same);
    }
    let said = import.findings.iter().any(|found| !sound.findings.contains(&found.kind))
        || facts.findings.iter().any(|found| !sound.facts.findings.contains(found))
        || sound::has_gaps(&import);
    if !said {
        return Err(format!(
            "{} figures differ, and no finding says why: {}",
            differs.len(),
            differs[0].key
        ));
    }
    let unmarked: Vec<&&Fact> =
        differs.iter().filter(|fact| !marked(fact, sound.facts.get(&fact.key))).collect();
    match unmarked.first() {
        None => Ok(Outcome::Marked),
        Some(first) => Err(format!(
            "{} of {} figures that differ are not marked: {} = {:?}, was {:?}; findings {:?}",
            unmarked.len(),
            differs.len(),
            first.key,
            first.value,
            sound.facts.get(&first.key).map(|fact| &fact.value),
            import.findings.iter().map(|finding| &finding.detail.en).collect::<Vec<_>>(),
        )),
    }
}

/// The figures of a damaged file that are not those of the sound one. A figure that is not there
/// claims nothing.
fn differing<'a>(sound: &FactSet, damaged: &'a FactSet) -> Vec<&'a Fact> {
    let same = |fact: &&Fact| sound.get(&fact.key).is_some_and(|was| was.value == fact.value);
    // Which securities a review names follows from figures that are compared.
    let is_compared = |fact: &&Fact| is_of_every_session(damaged, &fact.key);
    damaged.facts.values().filter(|fact| is_compared(fact) && !same(fact)).collect()
}

/// Whether a figure says that it is not the whole truth.
fn marked(fact: &Fact, was: Option<&Fact>) -> bool {
    let basis = |fact: &Fact| fact.provenance.basis;
    let unjudged = |fact: &Fact| fact.provenance.coverage.unjudged;
    matches!(fact.value, Value::Unknown { .. })
        || basis(fact) == Basis::Partial
        || was.is_some_and(|was| basis(fact) > basis(was) || unjudged(fact) > unjudged(was))
}
