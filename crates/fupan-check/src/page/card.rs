//! What facts say to a claim, beside it.

use fupan_market::{Language, shown};
use maud::{Markup, html};

use super::{class, say};
use crate::report::{Claim, ClaimValue, Decimal, Report};

/// The card of a claim.
pub(super) fn card(report: &Report, number: usize, language: Language) -> Markup {
    let claim = &report.claims[number];
    html! {
        span class=(format!("one {}", class(claim.verdict))) {
            span class="verdict" {
                (verdict(claim, language))
                span class="kind" {
                    (claim.kind.wording().in_language(language)) " · "
                    (say(language, "note ", "注")) (number + 1)
                }
            }
            (values(claim, language))
            span class="why" { (shown(claim.why.in_language(language))) }
            @if !claim.note.is_empty() {
                span class="read" {
                    (say(language, "Read as: ", "理解为："))
                    (shown(claim.note.in_language(language)))
                }
            }
            @if let Some(fact) = &claim.fact {
                code dir="ltr" { (shown(&fact.to_string())) }
            }
        }
    }
}

/// The verdict in its colour, with its sign.
pub(super) fn verdict(claim: &Claim, language: Language) -> Markup {
    html! {
        b {
            i class="sign" aria-hidden="true" { (claim.verdict.mark()) }
            (claim.verdict.wording().in_language(language))
        }
    }
}

/// The number of the claim and that of the fact.
pub(super) fn values(claim: &Claim, language: Language) -> Markup {
    use ClaimValue::Number;
    let (Some(Number(said)), Some(Number(right))) = (claim.value, claim.right) else {
        return html! {};
    };
    // Where one of two is below zero, the other is said to be above it.
    let is_signed = said.is_negative() || right.is_negative();
    let worded = |number: Decimal| {
        let plus = if is_signed && number > Decimal::ZERO { "+" } else { "" };
        format!("{plus}{}", claim.worded(Number(number), language))
    };
    html! {
        span class="values" {
            span { (say(language, "article ", "文中")) b { (sign(claim)) (worded(said)) } } " "
            span { (say(language, "fact ", "事实")) b class="fact" { (worded(right)) } } " "
        }
    }
}

/// How a claim states its number, where that is not exactly.
fn sign(claim: &Claim) -> &'static str {
    use crate::report::Comparator::{About, Above, AtLeast, AtMost, Below, Equal, Is};
    match claim.comparator {
        Equal | Is => "",
        About => "≈ ",
        Above => "> ",
        Below => "< ",
        AtLeast => "≥ ",
        AtMost => "≤ ",
    }
}
