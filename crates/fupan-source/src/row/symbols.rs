//! Interns the distinct symbols and texts of a file: each is read once and has a number.

use std::collections::HashMap;

use fupan_market::{Exchange, SecurityKind, Symbol, SymbolError};

use crate::recipe::SymbolStyle;
use crate::spelling::half_width;

/// What a symbol's text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A security, with its number and kind.
    Known(u32, SecurityKind),
    /// Not a symbol.
    Unknown,
    /// A code that has lost its leading zeros.
    ZerosCut,
}

/// The symbols of a file.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    readings: HashMap<(SymbolStyle, Box<str>), Reading>,
    numbers: HashMap<Symbol, u32>,
    symbols: Vec<Symbol>,
}

impl Symbols {
    /// Distinct spellings after which no more are remembered, so that a garbage file stays bounded.
    const MOST: usize = 200_000;

    /// Bytes of the longest spelling that is remembered; no symbol is as long.
    const LONGEST: usize = 64;

    /// Reads a symbol's text.
    pub fn read(&mut self, text: &str, style: SymbolStyle) -> Reading {
        // The key borrows nothing, so a hit costs one allocation; callers keep the last text and
        // rarely get here.
        let key = (style, Box::from(text));
        if let Some(known) = self.readings.get(&key) {
            return *known;
        }
        let reading = match parse(text, style) {
            Ok(symbol) => Reading::Known(self.number(symbol), symbol.kind()),
            Err(_) if zeros_cut(text) => Reading::ZerosCut,
            Err(_) => Reading::Unknown,
        };
        if self.readings.len() < Symbols::MOST && text.len() <= Symbols::LONGEST {
            self.readings.insert(key, reading);
        }
        reading
    }

    /// The symbol with a number.
    pub fn symbol(&self, number: u32) -> Symbol {
        self.symbols[number as usize]
    }

    /// All symbols as text, in the order of their numbers.
    pub fn names(&self) -> Vec<String> {
        self.symbols.iter().map(Symbol::to_string).collect()
    }

    fn number(&mut self, symbol: Symbol) -> u32 {
        *self.numbers.entry(symbol).or_insert_with(|| {
            self.symbols.push(symbol);
            // At most a million codes on each of three exchanges.
            (self.symbols.len() - 1) as u32
        })
    }
}

impl std::hash::Hash for SymbolStyle {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
    }
}

/// Whether a text is a stock code that a spreadsheet turned into a number.
fn zeros_cut(text: &str) -> bool {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let digits = matches!(text.len(), 1..=5) && text.bytes().all(|b| b.is_ascii_digit());
    digits && text != "0"
}

fn parse(text: &str, style: SymbolStyle) -> Result<Symbol, SymbolError> {
    let malformed = || SymbolError::Malformed(text.to_owned());
    let text = &*half_width(text);
    let digits = || {
        // A code that went through a float column reads 600519.0.
        let text = text.strip_suffix(".0").unwrap_or(text);
        let padded = style == SymbolStyle::BareStockPadded && matches!(text.len(), 1..=6);
        let code = (text.len() == 6 || padded) && text.bytes().all(|b| b.is_ascii_digit());
        if code { text.parse::<u32>().map_err(|_| malformed()) } else { Err(malformed()) }
    };
    match style {
        SymbolStyle::Any => match alias(text) {
            Some(symbol) => symbol,
            // TDX terminals name their text exports `SH#600519`.
            None => text.replacen('#', "", 1).parse(),
        },
        SymbolStyle::BareBse => Symbol::new(Exchange::Bse, digits()?),
        SymbolStyle::BareIndex => {
            let code = digits()?;
            let exchange = match code / 1_000 {
                0 => Exchange::Sse,
                399 | 970 | 980 => Exchange::Szse,
                899 => Exchange::Bse,
                _ => return Err(malformed()),
            };
            Symbol::new(exchange, code)
        }
        SymbolStyle::BareStock | SymbolStyle::BareStockPadded => {
            let code = digits()?;
            let exchange = match code / 10_000 {
                // 90xxxx and 20xxxx are B-shares, which lists of all stocks contain too.
                60..=69 | 90 => Exchange::Sse,
                0..=9 | 20 | 30..=39 => Exchange::Szse,
                40..=49 | 80..=89 | 92 => Exchange::Bse,
                _ => return Err(malformed()),
            };
            Symbol::new(exchange, code)
        }
    }
}

/// TDX terminals keep the SSE Composite as `sh999999`.
fn alias(text: &str) -> Option<Result<Symbol, SymbolError>> {
    text.eq_ignore_ascii_case("sh999999").then(|| Symbol::new(Exchange::Sse, 1))
}

/// Distinct texts (names, industries, markets) by number.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Texts {
    /// The number of a text.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    /// The text with a number.
    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    /// All texts in the order of their numbers.
    pub fn names(&self) -> Vec<String> {
        self.texts.iter().map(|text| text.to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, style: SymbolStyle) -> Option<String> {
        parse(text, style).ok().map(|symbol| symbol.to_string())
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut symbols = Symbols::default();
        for text in ["x".repeat(1 << 20), "600519.SH".to_owned()] {
            symbols.read(&text, SymbolStyle::Any);
        }
        let bytes: usize = symbols.readings.keys().map(|(_, text)| text.len()).sum();
        assert_eq!(bytes, 9);
        for bytes in [Symbols::LONGEST, Symbols::LONGEST + 1] {
            symbols.read(&"x".repeat(bytes), SymbolStyle::Any);
        }
        assert_eq!(symbols.readings.len(), 2);
        let many = (2..Symbols::MOST - 1).map(|n| (SymbolStyle::Any, n.to_string().into()));
        symbols.readings.extend(many.map(|key| (key, Reading::Unknown)));
        for text in ["600000.SH", "600001.SH"] {
            assert!(matches!(symbols.read(text, SymbolStyle::Any), Reading::Known(..)));
            assert_eq!(symbols.readings.len(), Symbols::MOST);
        }
    }

    #[test]
    fn a_symbol_has_one_number_however_it_is_spelt() {
        let mut symbols = Symbols::default();
        let mut number = |text: &str, style| match symbols.read(text, style) {
            Reading::Known(number, _) => Some(number),
            Reading::Unknown | Reading::ZerosCut => None,
        };
        for (text, expected) in [
            ("600519.SH", Some(0)),
            ("000001.SZ", Some(1)),
            ("sh600519", Some(0)),
            ("x", None),
            ("SZ000001", Some(1)),
            ("600519.SH", Some(0)),
        ] {
            assert_eq!(number(text, SymbolStyle::Any), expected, "{text}");
        }
        assert_eq!(number("600519", SymbolStyle::BareStock), Some(0));
        // The same digits in another style are another security.
        assert_eq!(number("920000", SymbolStyle::BareBse), Some(2));
        assert_eq!(number("1", SymbolStyle::BareStock), None);
        assert_eq!(number("1", SymbolStyle::BareStockPadded), Some(1));
        assert_eq!(symbols.names(), ["600519.SH", "000001.SZ", "920000.BJ"]);
        assert_eq!(symbols.symbol(2).to_string(), "920000.BJ");
    }

    #[test]
    fn a_text_has_one_number() {
        let mut texts = Texts::default();
        assert_eq!(["甲", "乙", "甲", ""].map(|text| texts.number(text)), [0, 1, 0, 2]);
        assert_eq!((texts.text(1), texts.names().len()), ("乙", 3));
    }

    #[test]
    fn codes_without_their_zeros_are_short_numbers() {
        for text in ["1", "858", "2594", "2594.0", "12345"] {
            assert!(zeros_cut(text), "{text}");
        }
        for text in ["0", "0.0", "", "600519", "600519.0", "SH", "1A", "合计", "-"] {
            assert!(!zeros_cut(text), "{text}");
        }
    }

    #[test]
    fn styles_decide_the_exchange() {
        use SymbolStyle::{Any, BareBse, BareStock, BareStockPadded};
        assert_eq!(read("600519", BareStock).as_deref(), Some("600519.SH"));
        assert_eq!(read("000001", BareStock).as_deref(), Some("000001.SZ"));
        assert_eq!(read("302132", BareStock).as_deref(), Some("302132.SZ"));
        assert_eq!(read("920000", BareStock).as_deref(), Some("920000.BJ"));
        assert_eq!(read("430047", BareStock).as_deref(), Some("430047.BJ"));
        assert_eq!(read("900901", BareStock).as_deref(), Some("900901.SH"));
        assert_eq!(read("200002", BareStock).as_deref(), Some("200002.SZ"));
        assert_eq!(read("600519.0", BareStock).as_deref(), Some("600519.SH"));
        assert_eq!(read("1", BareStock), None);
        for wrong in ["60051", "6005190", "60051a", "0600519", "", "600519.1", "500300", "999999"] {
            assert_eq!(read(wrong, BareStock), None, "{wrong}");
        }
        for wrong in ["", "0000001", "1a", "1.1"] {
            assert_eq!(read(wrong, BareStockPadded), None, "{wrong}");
        }
        assert_eq!(read("600519", BareStockPadded).as_deref(), Some("600519.SH"));
        assert_eq!(read("689009", BareStock).as_deref(), Some("689009.SH"));
        assert_eq!(read("830799", BareStock).as_deref(), Some("830799.BJ"));
        assert_eq!(read("1", BareStockPadded).as_deref(), Some("000001.SZ"));
        assert_eq!(read("SH#600519", Any).as_deref(), Some("600519.SH"));
        assert_eq!(read("６００５１９.SH", Any).as_deref(), Some("600519.SH"));
        assert_eq!(read("920000", BareBse).as_deref(), Some("920000.BJ"));
        assert_eq!(read("600519", BareBse), None);
        assert_eq!(read("sh999999", Any).as_deref(), Some("000001.SH"));
        assert_eq!(read("000001", Any), None);
        assert_eq!(read("SH881478", Any), None);
    }
}
