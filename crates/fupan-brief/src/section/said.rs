//! Sentences that say a word of a session, with what justifies it and its place in the session's own
//! past, and without what stands above.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use fupan_fact::word::{FigureName, Term};
use fupan_fact::{FactKey, MeasureId, Scope};

use crate::document::{Grounds, Inline, Inlines, Takeaway};
use crate::format::Format::{Percentile, Plain};
use crate::predicate::judge;
use crate::section::rule::lasting;
use crate::view::View;

/// Sentences with what justifies their words.
pub(crate) struct Said {
    pub(crate) text: Vec<Inlines>,
    pub(crate) grounds: Grounds,
}

/// What stands above a sentence: the figures that are printed, and the words that are said.
pub(crate) struct Above<'a> {
    figures: RefCell<BTreeSet<FactKey>>,
    words: BTreeSet<&'a str>,
    window: Window,
}

/// Whether the sessions that percentiles are taken over have been named.
#[derive(Default)]
pub(crate) struct Window(Cell<bool>);

impl<'a> Above<'a> {
    pub(crate) fn of(takeaways: &'a [Takeaway], deck: &'a Inlines) -> Above<'a> {
        let inlines = takeaways.iter().flat_map(|takeaway| &takeaway.text).chain(deck);
        let figures = inlines.filter_map(|inline| match inline {
            Inline::Fact(key, _) => Some(key.clone()),
            _ => None,
        });
        let words = takeaways.iter().map(|takeaway| takeaway.id.as_str());
        let figures = RefCell::new(figures.collect());
        Above { figures, words: words.collect(), window: Window::default() }
    }

    pub(crate) fn has(&self, key: &FactKey) -> bool {
        self.figures.borrow().contains(key)
    }

    pub(crate) fn has_measure(&self, measure: &str) -> bool {
        self.figures.borrow().iter().any(|key| key.measure.name() == measure)
    }

    pub(crate) fn window(&self) -> &Window {
        &self.window
    }

    pub(crate) fn says(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// A figure of all A-shares.
pub(crate) fn all(measure: &'static str) -> FigureName {
    FigureName { measure, scope: Scope::AllA }
}

/// The key of a figure's place in the last 250 sessions.
pub(crate) fn place_of(view: &View<'_>, measure: &str) -> FactKey {
    view.key_of(MeasureId::with("percentile_250", measure), Scope::AllA)
}

/// Fewest sessions since a word last held that are said of a session's kind.
const LAST_HELD_SESSIONS: i64 = 5;

/// A sentence if its conditions hold, with the figures that it prints.
pub(crate) fn said(
    view: &View<'_>,
    above: &Above<'_>,
    (id, terms): (&str, &[Term]),
    tell: impl FnOnce() -> Option<Inlines>,
) -> Option<Said> {
    let (predicate, mut keys) = judge(id, terms, view)?;
    let text = tell()?;
    let printed = text.iter().filter_map(|inline| match inline {
        Inline::Fact(key, _) => Some(key.clone()),
        _ => None,
    });
    let printed: Vec<FactKey> = printed.collect();
    above.figures.borrow_mut().extend(printed.iter().cloned());
    let more: Vec<FactKey> = printed.into_iter().filter(|key| !keys.contains(key)).collect();
    keys.extend(more);
    Some(Said { text: vec![text], grounds: Grounds { predicate, keys } })
}

impl Said {
    /// Adds for how long a word has held, or when it last did, if nothing above says so.
    pub(crate) fn lasting(
        mut self,
        view: &View<'_>,
        word: &'static str,
        above: &Above<'_>,
    ) -> Self {
        let Some((id, key)) = lasting(word, LAST_HELD_SESSIONS, view) else { return self };
        if above.has(&key) {
            return self;
        }
        self.grounds.keys.push(key.clone());
        let figures = [("sessions", key, Plain)];
        let told =
            view.sentence_with(&format!("kind-{id}"), &figures, |args| args.choice("word", word));
        self.text.extend(told);
        self
    }
}

impl Window {
    /// The end of the template that names the sessions where they are named for the first time.
    pub(crate) fn once(&self) -> &'static str {
        if self.0.replace(true) { "again" } else { "first" }
    }
}

/// "Limit-ups stood in the 94th percentile of the past 250 sessions and the share that held in the
/// 81st": those of some figures that are known, each by the template of its name.
pub(crate) fn places(
    view: &View<'_>,
    window: &Window,
    figures: &[(&str, &str)],
) -> Option<Inlines> {
    let mut runs = Vec::new();
    for (name, measure) in figures {
        let place = place_of(view, measure);
        if view.known(&place).is_none() {
            continue;
        }
        let order = if runs.is_empty() { window.once() } else { "next" };
        let sessions = vec![Inline::Window(place.clone())];
        let id = format!("place-{order}");
        runs.extend(view.sentence_with(&id, &[("place", place, Percentile)], |args| {
            args.run("of", view.text.run(name)).run("window", sessions)
        }));
    }
    (!runs.is_empty()).then(|| view.text.join(runs, "between-places", "before-last-place"))
}
