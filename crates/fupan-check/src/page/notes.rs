//! What facts say to each claim, at the top and at the end of the page.

use fupan_market::{Language, shown};
use maud::{Markup, html};

use super::card::{values, verdict};
use super::language::lang;
use super::{class, say};
use crate::report::{Claim, Report, Verdict};

/// The claims that facts contradict, at the top of the page.
pub(super) fn contradicted(report: &Report, language: Language) -> Markup {
    let claims = report.claims.iter().enumerate();
    let claims: Vec<_> =
        claims.filter(|(_, claim)| claim.verdict == Verdict::Contradicted).collect();
    html! {
        @if !claims.is_empty() {
            section class="contradicted" aria-labelledby="against" {
                h2 id="against" { (say(language, "Contradicted by facts", "与事实不符")) }
                ol {
                    @for (number, claim) in claims {
                        li {
                            a href=(format!("#c{}", number + 1)) {
                                (quoted(claim))
                            }
                            (say(language, ": ", "："))
                            (shown(claim.why.in_language(language)))
                        }
                    }
                }
            }
        }
    }
}

fn quoted(claim: &Claim) -> Markup {
    let text = claim.text.replace('\n', " ");
    html! { q lang=(lang(&text)) { bdi { (shown(&text)) } } }
}

/// Every claim with its verdict, numbered as in the text, to which those lead that are marked there.
pub(super) fn all(
    report: &Report,
    language: Language,
    is_marked: impl Fn(usize) -> bool,
) -> Markup {
    html! {
        @if !report.claims.is_empty() {
            section class="notes" aria-labelledby="notes" {
                h2 id="notes" { (say(language, "Claim by claim", "逐条说明")) }
                ol {
                    @for (number, claim) in report.claims.iter().enumerate() {
                        li id=(format!("n{}", number + 1)) class=(class(claim.verdict))
                            tabindex="-1" {
                            p class="claimed" {
                                (verdict(claim, language)) " "
                                @if is_marked(number) {
                                    a href=(format!("#c{}", number + 1)) { (quoted(claim)) }
                                } @else {
                                    (quoted(claim))
                                }
                            }
                            p id=(format!("w{}", number + 1)) {
                                (values(claim, language))
                                (shown(claim.why.in_language(language)))
                            }
                            @if claim.fact.is_some() || !claim.note.is_empty() {
                                p class="source" {
                                    @if !claim.note.is_empty() {
                                        (say(language, "Read as: ", "理解为："))
                                        (shown(claim.note.in_language(language)))
                                    }
                                    @if let Some(fact) = &claim.fact {
                                        " " code dir="ltr" { (shown(&fact.to_string())) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
