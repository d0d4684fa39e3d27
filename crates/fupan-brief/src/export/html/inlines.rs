//! Inlines as elements: figures with their keys, names with their titles.

use fupan_market::Symbol;
use maud::{Markup, html};

use super::Setting;
use crate::document::Inline;
use crate::format::{self, Tone};
use crate::{Format, Language, render};

/// The language of Chinese names in English text, by its script.
const CHINESE: &str = "zh-Hans";

/// A run of inlines.
pub(super) fn run(setting: Setting<'_>, inlines: &[Inline]) -> Markup {
    html! { @for inline in inlines { (self::inline(setting, inline)) } }
}

/// One inline.
pub(super) fn inline(setting: Setting<'_>, inline: &Inline) -> Markup {
    inline_with(setting, inline, Arrow::Without)
}

/// Whether a figure has an arrow before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrow {
    With,
    Without,
}

/// One inline, with or without an arrow.
pub(super) fn inline_with(setting: Setting<'_>, inline: &Inline, arrow: Arrow) -> Markup {
    let words = render::plain(inline, setting.facts, setting.language);
    match inline {
        Inline::Fact(key, how) => {
            let fact = setting.facts.get(key);
            let exact = fact.map(|fact| match how {
                Format::Judged => fact.provenance.coverage.judged.to_string(),
                Format::Population => {
                    let coverage = fact.provenance.coverage;
                    (coverage.judged + coverage.unjudged).to_string()
                }
                Format::Unjudged => fact.provenance.coverage.unjudged.to_string(),
                Format::Part | Format::Whole => format::part_or_whole(&fact.value, *how),
                _ => format::machine(&fact.value),
            });
            let tone = fact.and_then(|fact| render::direction(key, *how, &fact.value));
            html! {
                data class={ "fact" @if let Some(tone) = tone { " " (tone.id()) } }
                    value=[exact] data-fact=(key) tabindex="0" {
                    @if let Some(tone) = tone.filter(|tone| arrow == Arrow::With && *tone != Tone::Flat) {
                        span class="arrow" aria-hidden="true" { (tone.arrow()) }
                    }
                    (words)
                }
            }
        }
        Inline::Name(symbol) if english_company(setting, *symbol) => {
            // A title is in the language of its element.
            let title = format!("{} {symbol}", render::chinese_name(*symbol, setting.facts));
            html! {
                span class="name" lang=(CHINESE) title=(title) {
                    span lang=(setting.language.tag()) { (words) }
                }
            }
        }
        Inline::Name(symbol) | Inline::Press(symbol) => {
            html! { span class="name" title=(symbol) { (words) } }
        }
        Inline::Chinese(_) => html! { span lang=(CHINESE) { (words) } },
        _ => html! { (words) },
    }
}

/// Whether a name is a company's in English text.
fn english_company(setting: Setting<'_>, symbol: Symbol) -> bool {
    setting.language == Language::En && render::is_company(symbol, setting.facts)
}
