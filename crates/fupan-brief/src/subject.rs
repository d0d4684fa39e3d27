//! The subject of a finding in words; findings have an identifier.

use fupan_fact::Scope;
use fupan_market::{Exchange, SessionDate, Symbol, TrackedIndex};

use crate::document::{Inline, Inlines};
use crate::text::{Args, Text};
use crate::view::View;

/// A finding's subject in words. `None` if it is empty, or an identifier without words, which would
/// mean nothing to a reader.
pub(crate) fn words(view: &View<'_>, subject: &str) -> Option<Inlines> {
    if subject.is_empty() {
        return None;
    }
    if let Some(exchange) = mic(subject) {
        return Some(vec![Inline::Scope(Scope::Exchange(exchange))]);
    }
    if let Ok(session) = subject.parse::<SessionDate>() {
        return Some(vec![Inline::Day(session)]);
    }
    match subject.parse::<Scope>() {
        Ok(Scope::Security(symbol)) => return Some(vec![security(view, symbol)]),
        Ok(scope) => return Some(vec![Inline::Scope(scope)]),
        Err(_) => {}
    }
    if let Some(words) = named(&view.text, subject) {
        return Some(vec![Inline::Text(words)]);
    }
    // The rest comes from a file: a recipe's or a vendor's word, or a source's name.
    let identifier = subject.contains('_') && subject.is_ascii();
    (!identifier).then(|| vec![Inline::Quoted(subject.to_owned())])
}

/// As [`words`], for missing data: an exchange means some of its past sessions.
pub(crate) fn missing(view: &View<'_>, subject: &str) -> Option<Inlines> {
    match mic(subject) {
        Some(exchange) => {
            let scope = vec![Inline::Scope(Scope::Exchange(exchange))];
            let args = Args::new(view.facts).run("exchange", scope);
            Some(view.text.say("missing-past-sessions", &args))
        }
        None if subject == "code_change" => Some(view.text.run("missing-code-change")),
        None if subject == "group_member" => Some(view.text.run("missing-themes")),
        None if subject == "industry" => Some(view.text.run("missing-industry")),
        None if subject == "share_capital" => Some(view.text.run("missing-share-capital")),
        None => words(view, subject),
    }
}

/// A table of the store in words; its identifier if it has none.
pub(crate) fn table(text: &Text, id: &str) -> String {
    named(text, id).unwrap_or_else(|| crate::render::visible(id))
}

fn mic(subject: &str) -> Option<Exchange> {
    Exchange::ALL.into_iter().find(|exchange| exchange.mic() == subject)
}

/// A security by name if the facts or the tracked indices have one, else by symbol.
fn security(view: &View<'_>, symbol: Symbol) -> Inline {
    if view.facts.names.contains_key(&symbol) {
        return Inline::Name(symbol);
    }
    match TrackedIndex::of(symbol) {
        Some(index) => Inline::Quoted(index.name().in_language(view.language).to_owned()),
        None => Inline::Quoted(symbol.to_string()),
    }
}

/// The identifiers that have words.
const IDENTIFIERS: [&str; 21] = [
    "code_change",
    "daily_bar",
    "index_bar",
    "index_quote",
    "fund_bar",
    "security",
    "share_capital",
    "industry",
    "group_member",
    "index_weight",
    "definition",
    "margin",
    "quote",
    "calendar",
    "fact",
    "security_day",
    "session_turnover",
    "risk_warning",
    "nearest_name",
    "undetermined",
    "new_listing",
];

/// The words of an identifier.
fn named(text: &Text, id: &str) -> Option<String> {
    let known = IDENTIFIERS.contains(&id);
    known.then(|| text.words(&format!("subject-{}", id.replace('_', "-"))))
}

#[cfg(test)]
mod tests {
    use fupan_fact::AsOf;

    use super::*;
    use crate::Language;

    #[test]
    fn every_identifier_has_words_in_both_languages() {
        for id in IDENTIFIERS {
            let [zh, en] = [Language::Zh, Language::En]
                .map(|language| named(&Text::new(language, AsOf::Close), id).unwrap_or_default());
            assert!(!zh.is_ascii() && !zh.contains('\u{27e6}'), "{id}: {zh}");
            assert!(!en.is_empty() && !en.contains('\u{27e6}'), "{id}: {en}");
        }
    }
}
