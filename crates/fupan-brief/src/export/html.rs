//! A document as one self-contained HTML file.

mod cards;
mod inlines;
mod page;
mod picture;

use std::fmt::Write as _;

use fupan_fact::FactSet;
use maud::{DOCTYPE, PreEscaped, html as markup};

use crate::palette::{MarketColours, Scheme, steps};
use crate::render;
use crate::text::Text;
use crate::{Document, Language};

/// How the page looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HtmlOptions {
    /// Which colours mean up and down.
    pub colours: MarketColours,
}

const STYLE: &str = include_str!("../../assets/brief.css");
const SCRIPT: &str = include_str!("../../assets/brief.js");

/// The page's content security policy: its own styles and script, and embedded images.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      img-src data:; base-uri 'none'; form-action 'none'";

/// What the functions that write the page share.
#[derive(Clone, Copy)]
struct Setting<'a> {
    colours: MarketColours,
    document: &'a Document,
    facts: &'a FactSet,
    language: Language,
    text: &'a Text,
}

/// One self-contained page: no network, no external fonts, readable on a phone and on paper.
/// Every figure shows its definition, coverage and source on hover, focus or tap.
pub fn html(document: &Document, facts: &FactSet, options: &HtmlOptions) -> String {
    let text = Text::new(document.language, document.as_of);
    let colours = options.colours;
    let setting = Setting { colours, document, facts, language: document.language, text: &text };
    let title = format!(
        "{} · {} {}",
        render::plain_run(&document.headline, facts, document.language),
        document.session,
        text.words("page-title-suffix")
    );
    let page = markup! {
        (DOCTYPE)
        html lang=(document.language.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(palette(colours))) (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#text" { (text.words("page-skip")) }
                (page::body(setting))
                (cards::shell(setting))
                script type="application/json" id="fupan-facts" { (PreEscaped(cards::island(setting))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The market colours as CSS variables of both schemes.
fn palette(colours: MarketColours) -> String {
    let (up, down) = colours.shades();
    let of = |scheme| {
        let (up, down) = match scheme {
            Scheme::Light => (up.light, down.light),
            Scheme::Dark => (up.dark, down.dark),
        };
        let mut css = format!(":root{{--up:{up};--down:{down}");
        for (name, colour) in [("up", up), ("down", down)] {
            for (place, (fill, ink)) in steps(colour, scheme).into_iter().enumerate() {
                let step = place + 1;
                // Writing to a string cannot fail.
                let _ = write!(css, ";--{name}-{step}:{fill};--on-{name}-{step}:{ink}");
            }
        }
        css + "}"
    };
    let dark = of(Scheme::Dark);
    format!("{}@media screen and (prefers-color-scheme:dark){{{dark}}}", of(Scheme::Light))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In either scheme the shade that is up in one market is down in the other.
    #[test]
    fn a_page_has_the_colours_of_its_market() {
        let of = |market: MarketColours| {
            let css = palette(market);
            let shades: Vec<String> = css
                .split("--")
                .skip(1)
                .map(|part| part.split(['}', ';']).next().unwrap_or_default().to_owned())
                .filter(|part| part.starts_with("up:") || part.starts_with("down:"))
                .collect();
            assert!(css.contains("(prefers-color-scheme:dark)"), "{css}");
            let [up, down, dark_up, dark_down] = shades.try_into().unwrap();
            [up, dark_up, down, dark_down].map(|shade| shade.split_once(':').unwrap().1.to_owned())
        };
        let [red, dark_red, green, dark_green] = of(MarketColours::RedUp);
        assert_eq!((red.as_str(), dark_green.as_str()), ("#b4232a", "#56c98d"));
        assert_eq!(of(MarketColours::GreenUp), [green, dark_green, red, dark_red]);
    }
}
