//! The composer's access to facts, with a record of those that are missing.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fupan_fact::{AsOf, Fact, FactKey, FactSet, MeasureId, Scope, Value};
use fupan_market::Symbol;

use crate::document::{Inline, Inlines};
use crate::format::is_marked;
use crate::text::{Args, Text};
use crate::{Format, Language};

/// The facts of one instant, and the templates to write them with.
pub(crate) struct View<'a> {
    pub(crate) facts: &'a FactSet,
    pub(crate) language: Language,
    pub(crate) text: Text,
    pub(crate) as_of: AsOf,
    missed: Mutex<BTreeSet<FactKey>>,
    told: Mutex<BTreeSet<FactKey>>,
}

/// A set that sections add to, which may be written side by side.
fn held(keys: &Mutex<BTreeSet<FactKey>>) -> MutexGuard<'_, BTreeSet<FactKey>> {
    keys.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An argument of a sentence: its name in the template, the figure, how it is printed.
pub(crate) type Figure = (&'static str, FactKey, Format);

impl<'a> View<'a> {
    /// The facts of the close, or of the last instant if there is no close yet.
    pub(crate) fn new(facts: &'a FactSet, language: Language) -> View<'a> {
        let of_session = facts.facts.keys().filter(|key| key.session == facts.session);
        let as_of = of_session.map(|key| key.as_of).max().unwrap_or(AsOf::Close);
        let missed = Mutex::new(BTreeSet::new());
        let told = Mutex::new(BTreeSet::new());
        View { facts, language, text: Text::new(language, as_of), as_of, missed, told }
    }

    pub(crate) fn key(&self, measure: &str, scope: Scope) -> FactKey {
        self.key_of(MeasureId::new(measure.to_owned()), scope)
    }

    pub(crate) fn key_of(&self, measure: MeasureId, scope: Scope) -> FactKey {
        FactKey { measure, scope, session: self.facts.session, as_of: self.as_of }
    }

    /// The fact, if its value is known.
    pub(crate) fn known(&self, key: &FactKey) -> Option<&'a Fact> {
        self.facts.get(key).filter(|fact| is_known(&fact.value))
    }

    pub(crate) fn value(&self, measure: &str, scope: Scope) -> Option<&'a Value> {
        self.known(&self.key(measure, scope)).map(|fact| &fact.value)
    }

    /// A count, if it is known.
    pub(crate) fn count(&self, measure: &str, scope: Scope) -> Option<i64> {
        match self.value(measure, scope) {
            Some(Value::Count { count }) => Some(*count),
            _ => None,
        }
    }

    /// Records that a figure was needed and is not known.
    pub(crate) fn miss(&self, key: &FactKey) {
        held(&self.missed).insert(key.clone());
    }

    /// The figures that were needed and are not known.
    pub(crate) fn missed(&self) -> Vec<FactKey> {
        held(&self.missed).iter().cloned().collect()
    }

    /// Records the figures of a text that paragraphs after it need not repeat.
    pub(crate) fn tell(&self, text: &Inlines) {
        held(&self.told).extend(figures_of(text).cloned());
    }

    /// Whether a text before has a figure.
    pub(crate) fn has_told(&self, key: &FactKey) -> bool {
        held(&self.told).contains(key)
    }

    /// A sentence over figures. If one is not known, records it as missing and returns `None`.
    pub(crate) fn sentence(&self, id: &str, figures: &[Figure]) -> Option<Inlines> {
        self.sentence_with(id, figures, |args| args)
    }

    /// A sentence over figures and further arguments.
    pub(crate) fn sentence_with(
        &self,
        id: &str,
        figures: &[Figure],
        more: impl FnOnce(Args<'a>) -> Args<'a>,
    ) -> Option<Inlines> {
        let unknown: Vec<&FactKey> =
            figures.iter().map(|(_, key, _)| key).filter(|key| self.known(key).is_none()).collect();
        if !unknown.is_empty() {
            unknown.into_iter().for_each(|key| self.miss(key));
            return None;
        }
        let args = figures
            .iter()
            .fold(Args::new(self.facts), |args, (name, key, format)| args.fact(name, key, *format));
        Some(self.text.say(id, &more(args)))
    }

    /// Joins sentences to one paragraph. Each begins with a capital and marks its first estimate. One
    /// that has only figures told before is left out.
    pub(crate) fn paragraph(&self, sentences: Vec<Option<Inlines>>) -> Option<Inlines> {
        let again = |text: &Inlines| {
            let mut figures = figures_of(text).peekable();
            figures.peek().is_some() && figures.all(|key| self.has_told(key))
        };
        let sentences = sentences.into_iter().flatten().filter(|text| !again(text));
        let sentences: Vec<Inlines> =
            sentences.map(|sentence| self.marked(capitalised(sentence))).collect();
        let after = "after-sentence";
        (!sentences.is_empty()).then(|| self.text.join(sentences, after, after))
    }

    /// A sentence with a word before its first estimate: what follows is one too, or rests on it.
    fn marked(&self, mut sentence: Inlines) -> Inlines {
        let estimate = sentence.iter().position(|inline| match inline {
            Inline::Fact(key, format) => self.is_estimate(key, *format),
            _ => false,
        });
        if let Some(place) = estimate {
            sentence.splice(place..place, self.text.run("estimate"));
        }
        sentence
    }

    /// Whether a figure printed in a format must be marked as an estimate.
    pub(crate) fn is_estimate(&self, key: &FactKey, format: Format) -> bool {
        self.facts.get(key).is_some_and(|fact| is_marked(fact, format))
    }

    /// A caption, marked if a figure under it is an estimate.
    pub(crate) fn caption(&self, id: &str, figures: &[(FactKey, Format)]) -> Inlines {
        let mut words = self.text.words(id);
        if figures.iter().any(|(key, format)| self.is_estimate(key, *format)) {
            words += &self.text.words("caption-estimated");
        }
        vec![Inline::Text(words)]
    }

    /// A column's heading, marked if a figure of the column is an estimate.
    pub(crate) fn heading(&self, id: &str, figures: &[(FactKey, Format)]) -> Inlines {
        let id = format!("column-{id}");
        let window = figures.iter().map(|(key, _)| Inline::Window(key.clone())).take(1);
        let window: Inlines = window.collect();
        let of = |basis| {
            let args = Args::new(self.facts).choice("basis", basis).run("window", window.clone());
            self.text.say(&id, &args)
        };
        let exact = of("exact");
        if !figures.iter().any(|(key, format)| self.is_estimate(key, *format)) {
            return exact;
        }
        // Some headings have words of their own for it.
        let estimated = of("estimated");
        let mark = (estimated == exact).then(|| self.text.run("column-estimated"));
        estimated.into_iter().chain(mark.into_iter().flatten()).collect()
    }

    /// Joins names to a list.
    pub(crate) fn names(&self, symbols: &[Symbol]) -> Inlines {
        let runs = symbols.iter().map(|symbol| vec![Inline::Name(*symbol)]).collect();
        self.text.join(runs, "between-names", "before-last-name")
    }

    /// The first `most` names one after the other, and that there are others if there are.
    pub(crate) fn first_names(&self, symbols: &[Symbol], most: usize) -> Inlines {
        let mut names = self.names(&symbols[..symbols.len().min(most)]);
        if symbols.len() > most {
            names.extend(self.text.run("and-others"));
        }
        names
    }
}

/// The figures that a text prints.
fn figures_of(text: &Inlines) -> impl Iterator<Item = &FactKey> {
    text.iter().filter_map(|inline| match inline {
        Inline::Fact(key, _) => Some(key),
        _ => None,
    })
}

/// A sentence with a capital, where its script has capitals.
fn capitalised(mut sentence: Inlines) -> Inlines {
    if let Some(Inline::Text(words)) = sentence.first_mut()
        && let Some(first) = words.chars().next()
    {
        let upper: String = first.to_uppercase().collect();
        words.replace_range(..first.len_utf8(), &upper);
    }
    sentence
}

/// Whether there is a value to print.
pub(crate) fn is_known(value: &Value) -> bool {
    !matches!(value, Value::Unknown { .. } | Value::Share { whole: 0, .. })
}
