//! Text from the templates in `text/`.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fupan_fact::{AsOf, FactKey, FactSet, Value};
use unic_langid::LanguageIdentifier;

use crate::document::{Inline, Inlines};
use crate::format::{self, Tone};
use crate::{Format, Language};

/// The templates of both languages, by file.
pub(crate) const TEMPLATES: [(Language, &str); 14] = [
    (Language::Zh, include_str!("../text/zh/brief.ftl")),
    (Language::Zh, include_str!("../text/zh/data.ftl")),
    (Language::Zh, include_str!("../text/zh/page.ftl")),
    (Language::Zh, include_str!("../text/zh/instant.ftl")),
    (Language::Zh, include_str!("../text/zh/session.ftl")),
    (Language::Zh, include_str!("../text/zh/stocks.ftl")),
    (Language::Zh, include_str!("../text/zh/rotation.ftl")),
    (Language::En, include_str!("../text/en/brief.ftl")),
    (Language::En, include_str!("../text/en/data.ftl")),
    (Language::En, include_str!("../text/en/page.ftl")),
    (Language::En, include_str!("../text/en/instant.ftl")),
    (Language::En, include_str!("../text/en/session.ftl")),
    (Language::En, include_str!("../text/en/stocks.ftl")),
    (Language::En, include_str!("../text/en/rotation.ftl")),
];

/// The first of the private-use characters that stand for arguments while a template is filled.
const FIRST_MARKER: u32 = 0xE000;

/// Marks a missing template in the output; a test looks for it.
pub(crate) const NO_TEMPLATE: char = '⟦';

/// The templates of one language.
pub(crate) struct Text {
    bundle: FluentBundle<FluentResource>,
    as_of: AsOf,
}

/// Arguments of a template. Their text never enters the template engine, which sees one marker
/// character for each: data can neither change a template nor be changed by it.
pub(crate) struct Args<'a> {
    facts: &'a FactSet,
    values: FluentArgs<'static>,
    runs: Vec<Inlines>,
}

impl Text {
    pub(crate) fn new(language: Language, as_of: AsOf) -> Text {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks would come between a figure and its unit.
        bundle.set_use_isolating(false);
        for (_, source) in TEMPLATES.iter().filter(|(of, _)| *of == language) {
            // A template that does not parse is left out; tests check that all of them parse.
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Text { bundle, as_of }
    }

    /// The text of a template without arguments.
    pub(crate) fn words(&self, id: &str) -> String {
        self.fill(id, None)
    }

    /// A template without arguments, as inlines.
    pub(crate) fn run(&self, id: &str) -> Inlines {
        vec![Inline::Text(self.words(id))]
    }

    /// A template filled with arguments.
    pub(crate) fn say(&self, id: &str, args: &Args<'_>) -> Inlines {
        let filled = self.fill(id, Some(&args.values));
        let mut inlines = Inlines::new();
        let mut words = String::new();
        for character in filled.chars() {
            let place = u32::from(character).checked_sub(FIRST_MARKER);
            match place.and_then(|place| args.runs.get(place as usize)) {
                None => words.push(character),
                Some(run) => {
                    if !words.is_empty() {
                        inlines.push(Inline::Text(std::mem::take(&mut words)));
                    }
                    inlines.extend(run.iter().cloned());
                }
            }
        }
        if !words.is_empty() {
            inlines.push(Inline::Text(words));
        }
        inlines
    }

    /// Runs joined by a template: `separator` between them, `last` before the last one.
    pub(crate) fn join(&self, runs: Vec<Inlines>, separator: &str, last: &str) -> Inlines {
        let count = runs.len();
        let mut joined = Inlines::new();
        for (place, run) in runs.into_iter().enumerate() {
            if place > 0 {
                let id = if place + 1 == count { last } else { separator };
                joined.extend(self.run(id));
            }
            joined.extend(run);
        }
        joined
    }

    fn fill(&self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        // Some templates have a variant for instants.
        let otherwise = match self.as_of {
            AsOf::Close => None,
            AsOf::Instant(_) => self.bundle.get_message(&format!("{id}-instant")),
        };
        let message = otherwise.or_else(|| self.bundle.get_message(id));
        let Some(pattern) = message.and_then(|message| message.value()) else {
            return format!("{NO_TEMPLATE}{id}");
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors);
        // A missing argument prints as `{$name}`; tests look for the brace. `␣` stands for a space
        // at a separator's edge, which the syntax would trim.
        text.replace('␣', " ")
    }
}

impl<'a> Args<'a> {
    pub(crate) fn new(facts: &'a FactSet) -> Args<'a> {
        Args { facts, values: FluentArgs::new(), runs: Vec::new() }
    }

    /// A run of inlines as argument `name`.
    pub(crate) fn run(mut self, name: &'static str, run: Inlines) -> Self {
        let marker = char::from_u32(FIRST_MARKER + self.runs.len() as u32).unwrap_or('\u{FFFD}');
        self.runs.push(run);
        self.values.set(name, FluentValue::from(marker.to_string()));
        self
    }

    /// A figure as argument `name`. The template can choose its words by `name_sign` (`up`, `down`,
    /// `flat`) and, for counts and numbers of securities judged, by `name_n`; for a count
    /// printed down to the hundred by `name_floor` (`over`, `exact`).
    pub(crate) fn fact(mut self, name: &'static str, key: &FactKey, format: Format) -> Self {
        let fact = self.facts.get(key);
        let value = fact.map(|fact| &fact.value);
        let sign = value.and_then(format::tone).unwrap_or(Tone::Flat);
        self.values.set(format!("{name}_sign"), FluentValue::from(sign.id()));
        let coverage = fact.map(|fact| fact.provenance.coverage);
        // The words must agree with the number that is printed.
        let number = match (format, value, coverage) {
            (Format::Judged, _, Some(of)) => i64::try_from(of.judged).unwrap_or(i64::MAX),
            (Format::Part, Some(Value::Share { part, .. }), _) => *part,
            (Format::Whole, Some(Value::Share { whole, .. }), _) => *whole,
            (_, Some(Value::Count { count }), _) => *count,
            _ => 0,
        };
        self.values.set(format!("{name}_n"), FluentValue::from(number));
        let over = format == Format::Floor && format::floor(number) < number;
        let floor = if over { "over" } else { "exact" };
        self.values.set(format!("{name}_floor"), FluentValue::from(floor));
        self.run(name, vec![Inline::Fact(key.clone(), format)])
    }

    /// A word by which the template chooses.
    pub(crate) fn choice(mut self, name: &'static str, word: &'static str) -> Self {
        self.values.set(name, FluentValue::from(word));
        self
    }

    /// A count, for the template's plural.
    pub(crate) fn number(mut self, name: &'static str, number: usize) -> Self {
        self.values.set(name, FluentValue::from(number));
        self
    }
}
