//! A checked article as one self-contained page: the article as it is, its claims marked, and what
//! facts say to each.

mod body;
mod card;
mod language;
mod marks;
mod notes;

use fupan_market::{Language, Wording, shown};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::marks::Marks;
use crate::article::Article;
use crate::report::{Report, Verdict};

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// The page's content security policy: its own style and script, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

/// A text in a language.
pub(crate) fn say(language: Language, en: &str, zh: &str) -> String {
    match language {
        Language::En => en.to_owned(),
        Language::Zh => zh.to_owned(),
    }
}

/// A checked article as one page: it needs no network, reads on a phone, in the dark and on paper,
/// with a keyboard alone and without its script. `language` is that of the page's own words; the
/// article keeps its own.
pub fn page(article: &Article, report: &Report, language: Language) -> String {
    let marks = Marks::new(report, language);
    let title = format!("{} · {}", headline(report, language), shown(&report.file));
    let page = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#article" {
                    (say(language, "Skip to the article", "跳到正文"))
                }
                div class="page" {
                    (summary(article, report, language))
                    main {
                        article id="article" tabindex="-1"
                            aria-label=(say(language, "The article", "文章")) {
                            (body::article(article, &marks))
                        }
                        (notes::all(report, language, |number| marks.is_marked(number)))
                        (would_help(report, language))
                    }
                    footer {
                        p {
                            (say(language,
                                "Figures are checked against facts computed from market data; no \
                                 opinion is judged, and nothing here is investment advice.",
                                "本页只用行情数据算出的事实核对数字，不评判观点，不构成投资建议。"))
                        }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// What was found, in one sentence.
fn headline(report: &Report, language: Language) -> String {
    let counts = report.counts();
    if counts.all() == 0 {
        return say(language, "No claims about the market found", "没有找到关于行情的说法");
    }
    let s = if counts.all() == 1 { "" } else { "s" };
    let parts = Verdict::ALL.iter().filter(|verdict| counts.of(**verdict) > 0);
    let parts: Vec<String> = parts
        .map(|verdict| {
            let (count, word) = (counts.of(*verdict), verdict.wording());
            say(
                language,
                &format!("{count}\u{a0}{}", word.en.replace(' ', "\u{a0}")),
                &format!("{count}条{}", word.zh),
            )
        })
        .collect();
    say(
        language,
        &format!("{} claim{s}: {}", counts.all(), parts.join(", ")),
        &format!("{}条说法：{}", counts.all(), parts.join("，")),
    )
}

fn summary(article: &Article, report: &Report, language: Language) -> Markup {
    let counts = report.counts();
    html! {
        header class="summary" {
            p class="kicker" {
                span { (say(language, "An article, checked", "文章核对")) }
                bdi class="file" { (shown(&report.file)) }
            }
            h1 { (headline(report, language)) }
            @if let Some(title) = article.title() {
                p class="of" { bdi lang=(language::lang(title)) { (title) } }
            }
            p class="session" {
                @if let Some(session) = report.session {
                    b { (say(language, "Session ", "交易日 ")) (session) }
                    (instant(report, language))
                } @else {
                    b { (say(language, "No session found", "没有找到交易日")) }
                }
                @if !report.summary.session_found.is_empty() {
                    (say(language, ": ", "："))
                    (shown(report.summary.session_found.in_language(language)))
                }
            }
            ul class="tiles" aria-label=(say(language, "Verdicts", "核对结果")) {
                @for verdict in Verdict::ALL {
                    li class=(class(verdict)) {
                        b { (counts.of(verdict)) }
                        span {
                            i class="sign" aria-hidden="true" { (verdict.mark()) }
                            (verdict.wording().in_language(language))
                        }
                        small {
                            span class="sample" aria-hidden="true" { "1.32%" }
                            (meaning(verdict).in_language(language))
                        }
                    }
                }
            }
            (notes::contradicted(report, language))
            @if !report.summary.remarks.is_empty() {
                ul class="remarks" {
                    @for remark in &report.summary.remarks {
                        li { (shown(remark.in_language(language))) }
                    }
                }
            }
        }
    }
}

/// The instant, where it is not the close.
fn instant(report: &Report, language: Language) -> String {
    match report.instant {
        fupan_fact::AsOf::Instant(_) => {
            say(language, &format!(" at {}", report.instant), &format!(" {}时", report.instant))
        }
        _ => String::new(),
    }
}

fn meaning(verdict: Verdict) -> Wording {
    match verdict {
        Verdict::Supported => Wording::new("a fact says the same", "与事实一致"),
        Verdict::Contradicted => Wording::new("a fact differs", "事实另有说法"),
        Verdict::NotCheckable => Wording::new("no fact decides", "没有可以判断的事实"),
    }
}

/// The class of a verdict.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "yes",
        Verdict::Contradicted => "no",
        Verdict::NotCheckable => "open",
    }
}

fn would_help(report: &Report, language: Language) -> Markup {
    html! {
        @if !report.summary.would_help.is_empty() {
            section class="help" aria-labelledby="help" {
                h2 id="help" {
                    (say(language, "What would make the rest checkable", "怎样才能核对其余说法"))
                }
                ul {
                    @for one in &report.summary.would_help {
                        li { (shown(one.in_language(language))) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    /// Lightness of `#rrggbb` by WCAG 2.
    fn lightness(colour: &str) -> f64 {
        let part = |at: usize| {
            let part = u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour");
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (lightness(one), lightness(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The colours of a scheme: of the first block of variables in light, of the second in dark.
    fn colour(name: &str, scheme: usize) -> &'static str {
        let found = STYLE.match_indices(&format!("--{name}:#")).nth(scheme).expect("a variable").0;
        let start = found + name.len() + 3;
        &STYLE[start..start + 7]
    }

    #[test]
    fn text_is_legible_on_what_it_stands_on_in_both_schemes() {
        for scheme in [0, 1] {
            for paper in ["paper", "panel", "card"] {
                for ink in ["ink", "soft", "yes", "no", "open"] {
                    let contrast = contrast(colour(paper, scheme), colour(ink, scheme));
                    assert!(contrast >= 4.5, "{ink} on {paper}, scheme {scheme}: {contrast:.2}");
                }
            }
        }
    }
}
