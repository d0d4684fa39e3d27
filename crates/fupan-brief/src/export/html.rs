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

/// How much of a brief a still page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageExtent {
    /// Headline, figures of the day, takeaways, notes on the data, and a picture of each section.
    Overview,
    /// All of it.
    Whole,
}

/// What a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PageForm {
    /// A browser with a reader before it: figures explain themselves, and long parts are folded.
    Screen,
    /// A picture or paper.
    Still(PageExtent),
}

const STYLE: &str = include_str!("../../assets/brief.css");
const SCRIPT: &str = include_str!("../../assets/brief.js");
const STILL_SCRIPT: &str = include_str!("../../assets/still.js");

/// The page's content security policy: its own styles and script, and embedded images.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      img-src data:; base-uri 'none'; form-action 'none'";

/// What the functions that write the page share.
#[derive(Clone, Copy)]
struct Setting<'a> {
    colours: MarketColours,
    document: &'a Document,
    facts: &'a FactSet,
    form: PageForm,
    language: Language,
    text: &'a Text,
}

/// One self-contained page: no network, no external fonts, readable on a phone and on paper.
/// Every figure shows its definition, coverage and source on hover, focus or tap.
pub fn html(document: &Document, facts: &FactSet, options: &HtmlOptions) -> String {
    page(document, facts, options, PageForm::Screen)
}

/// A page to make a picture or a printed file of: nothing in it waits for a pointer, nothing is
/// folded, and tables are made as narrow as the page.
///
/// Once loaded, the root element tells about the page: `data-width` and `data-height` in CSS
/// pixels, and `data-han`, whether there is a font for Chinese characters: `drawn`, `missing`, or
/// `none` if the page has no such character.
pub fn still(
    document: &Document,
    facts: &FactSet,
    options: &HtmlOptions,
    extent: PageExtent,
) -> String {
    page(document, facts, options, PageForm::Still(extent))
}

fn page(document: &Document, facts: &FactSet, options: &HtmlOptions, form: PageForm) -> String {
    let (colours, language) = (options.colours, document.language);
    let text = Text::new(language, document.as_of);
    let setting = Setting { colours, document, facts, form, language, text: &text };
    let title = format!(
        "{} · {} {}",
        render::plain_run(&document.headline, facts, language),
        document.session,
        text.words("page-title-suffix")
    );
    let running = running_footer(
        &[&document.kicker, &document.dateline].map(|run| render::plain_run(run, facts, language)),
    );
    let class = match form {
        PageForm::Screen => None,
        PageForm::Still(PageExtent::Overview) => Some("still overview"),
        PageForm::Still(PageExtent::Whole) => Some("still"),
    };
    let (body, island) = rayon::join(
        || page::body(setting),
        || (form == PageForm::Screen).then(|| cards::island(setting)),
    );
    let page = markup! {
        (DOCTYPE)
        html lang=(language.tag()) class=[class] {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style {
                    (PreEscaped(palette(colours))) (PreEscaped(STYLE)) (PreEscaped(running))
                }
            }
            body {
                @if let Some(island) = island {
                    a class="skip" href="#text" { (text.words("page-skip")) }
                    (body)
                    (cards::shell(setting))
                    script type="application/json" id="fupan-facts" { (PreEscaped(island)) }
                    script { (PreEscaped(SCRIPT)) }
                } @else {
                    (body)
                    script { (PreEscaped(STILL_SCRIPT)) }
                }
            }
        }
    };
    page.into_string()
}

/// The foot of printed pages: texts on the left, the page's number on the right. A browser that
/// does not know margin boxes prints none.
fn running_footer(texts: &[String]) -> String {
    let mut left = String::new();
    for character in texts.join(" · ").chars() {
        match character {
            ' ' | '·' => left.push(character),
            _ if character.is_alphanumeric() => left.push(character),
            // An escape ends at its space. Writing to a string cannot fail.
            _ => {
                let _ = write!(left, "\\{:x} ", u32::from(character));
            }
        }
    }
    let look = "font:8pt system-ui,sans-serif;color:#555";
    format!(
        "@page{{@bottom-left{{content:\"{left}\";{look}}}\
         @bottom-right{{content:counter(page) \" / \" counter(pages);{look}}}}}"
    )
}

/// The market colours as CSS variables of both schemes.
fn palette(colours: MarketColours) -> String {
    let (up, down) = colours.shades();
    let of = |root: &str, scheme| {
        let (up, down) = match scheme {
            Scheme::Light => (up.light, down.light),
            Scheme::Dark => (up.dark, down.dark),
        };
        let mut css = format!("{root}{{--up:{up};--down:{down}");
        for (name, colour) in [("up", up), ("down", down)] {
            for (place, (fill, ink)) in steps(colour, scheme).into_iter().enumerate() {
                let step = place + 1;
                // Writing to a string cannot fail.
                let _ = write!(css, ";--{name}-{step}:{fill};--on-{name}-{step}:{ink}");
            }
        }
        css + "}"
    };
    // A picture is light on every machine.
    let dark = of(":root:not(.still)", Scheme::Dark);
    format!("{}@media screen and (prefers-color-scheme:dark){{{dark}}}", of(":root", Scheme::Light))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text on printed pages ends neither its string nor the style.
    #[test]
    fn what_runs_at_the_foot_of_pages_is_text() {
        let css = running_footer(&["A股复盘\"}</style>".to_owned(), "12 February\\\n".to_owned()]);
        let expected = "content:\"A股复盘\\22 \\7d \\3c \\2f style\\3e  · 12 February\\5c \\a \";";
        assert!(css.contains(expected), "{css}");
    }

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
