//! Exchanges, boards and symbols.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{InLanguage, Wording};

/// An exchange of mainland China.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// Shanghai Stock Exchange (MIC `XSHG`, suffix `.SH`).
    Sse,
    /// Shenzhen Stock Exchange (MIC `XSHE`, suffix `.SZ`).
    Szse,
    /// Beijing Stock Exchange (MIC `BJSE`, suffix `.BJ`).
    Bse,
}

impl Exchange {
    /// All exchanges, in the order of their symbols.
    pub const ALL: [Exchange; 3] = [Exchange::Sse, Exchange::Szse, Exchange::Bse];

    /// `SH`, `SZ` or `BJ`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Exchange::Sse => "SH",
            Exchange::Szse => "SZ",
            Exchange::Bse => "BJ",
        }
    }

    /// The market identifier code of ISO 10383.
    pub const fn mic(self) -> &'static str {
        match self {
            Exchange::Sse => "XSHG",
            Exchange::Szse => "XSHE",
            Exchange::Bse => "BJSE",
        }
    }

    /// Its label, for readers: `Shanghai`, `上交所`.
    pub fn label(self) -> Wording {
        match self {
            Exchange::Sse => Wording::new("Shanghai", "上交所"),
            Exchange::Szse => Wording::new("Shenzhen", "深交所"),
            Exchange::Bse => Wording::new("Beijing", "北交所"),
        }
    }

    /// The exchange with a suffix, short name or MIC, in any case.
    fn from_word(word: &str) -> Option<Exchange> {
        const WORDS: [(Exchange, [&str; 3]); 3] = [
            (Exchange::Sse, ["SH", "SSE", "XSHG"]),
            (Exchange::Szse, ["SZ", "SZSE", "XSHE"]),
            (Exchange::Bse, ["BJ", "BSE", "BJSE"]),
        ];
        let names = |words: &[&str; 3]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        WORDS.into_iter().find(|(_, words)| names(words)).map(|(exchange, _)| exchange)
    }
}

/// A stock board. A board is not an exchange: Shanghai has two, Shenzhen two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Board {
    /// The main boards of Shanghai and Shenzhen (with Shenzhen's former SME board).
    Main,
    /// ChiNext, Shenzhen's growth board.
    #[serde(rename = "chinext")]
    ChiNext,
    /// STAR, Shanghai's science and technology board.
    Star,
    /// The Beijing Stock Exchange.
    Bse,
}

impl Board {
    /// All boards.
    pub const ALL: [Board; 4] = [Board::Main, Board::ChiNext, Board::Star, Board::Bse];

    /// The identifier used in fact keys: `main`, `chinext`, `star`, `bse`.
    pub const fn id(self) -> &'static str {
        match self {
            Board::Main => "main",
            Board::ChiNext => "chinext",
            Board::Star => "star",
            Board::Bse => "bse",
        }
    }
}

/// The kind of a security, by its code range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecurityKind {
    /// An A-share (or CDR) of a board.
    Stock(Board),
    /// A B-share.
    BShare,
    /// An index.
    Index,
    /// A fund, ETF, LOF or REIT.
    Fund,
    /// A bond, convertible bond or repo.
    Bond,
    /// Preferred shares, NEEQ securities, subscription and voting codes.
    Other,
}

/// A security's identity: its exchange and its six-digit code. Prints as `600519.SH`.
///
/// The exchange is part of the identity because codes repeat: `000001.SZ` is a stock and
/// `000001.SH` an index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    exchange: Exchange,
    code: u32,
}

/// Why a text is not a symbol.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SymbolError {
    /// No known notation.
    #[error("`{0}` is not a symbol: write 600519.SH, sh600519 or SSE:600519{hint}", hint = repaired(.0))]
    Malformed(String),
    /// The six digits are in no known code range of the exchange.
    #[error("`{text}` lies in no code range of {}{}", exchange.mic(), elsewhere(*code, *exchange))]
    UnknownRange {
        /// The text as given.
        text: String,
        /// The exchange it names.
        exchange: Exchange,
        /// Its six digits.
        code: u32,
    },
    /// Six digits alone that are in no code range of any exchange.
    #[error("`{0}` lies in no code range of XSHG, XSHE or BJSE: check the six digits")]
    UnknownCode(String),
    /// Six digits alone that more than one exchange uses.
    #[error("`{text}` alone is ambiguous: write {}", listed(candidates))]
    Ambiguous {
        /// The text as given.
        text: String,
        /// What it could mean.
        candidates: Vec<Symbol>,
    },
}

impl InLanguage for SymbolError {
    fn wording(&self) -> Wording {
        let zh = match self {
            SymbolError::Malformed(text) => format!(
                "`{text}`不是证券代码：请写作600519.SH、sh600519或SSE:600519{}",
                asked_zh(&meant(text))
            ),
            SymbolError::UnknownRange { text, exchange, code } => format!(
                "`{text}`不在{}的代码段内{}",
                exchange.label().zh,
                asked_zh(&others(*code, *exchange))
            ),
            SymbolError::UnknownCode(text) => {
                format!("`{text}`不在沪、深、北交易所的任何代码段内：请核对六位数字")
            }
            SymbolError::Ambiguous { text, candidates } => {
                format!("`{text}`不止一个交易所使用：请写{}", listed_zh(candidates))
            }
        };
        Wording::new(self.to_string(), zh)
    }
}

/// The securities with the code on the other exchanges, as a question.
fn elsewhere(code: u32, exchange: Exchange) -> String {
    question(&others(code, exchange))
}

/// The securities with a code on the other exchanges.
fn others(code: u32, exchange: Exchange) -> Vec<Symbol> {
    let others = Exchange::ALL.into_iter().filter(|other| *other != exchange);
    others.filter_map(|other| Symbol::new(other, code).ok()).collect()
}

/// What a malformed text may have meant: its digits, padded with the zeros that spreadsheets drop,
/// on the exchange that its letters name or on any.
fn repaired(text: &str) -> String {
    question(&meant(text))
}

fn meant(text: &str) -> Vec<Symbol> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let Ok(code) = digits.parse::<u32>() else { return Vec::new() };
    if digits.len() > 6 {
        return Vec::new();
    }
    let named = Exchange::from_word(&letters);
    let exchanges = Exchange::ALL.into_iter().filter(|e| named.is_none_or(|named| named == *e));
    exchanges.filter_map(|e| Symbol::new(e, code).ok()).collect()
}

fn question(symbols: &[Symbol]) -> String {
    if symbols.is_empty() {
        return String::new();
    }
    format!("; did you mean {}?", listed(symbols))
}

fn listed(symbols: &[Symbol]) -> String {
    symbols.iter().map(Symbol::to_string).collect::<Vec<_>>().join(" or ")
}

fn listed_zh(symbols: &[Symbol]) -> String {
    symbols.iter().map(Symbol::to_string).collect::<Vec<_>>().join("或")
}

fn asked_zh(symbols: &[Symbol]) -> String {
    if symbols.is_empty() {
        return String::new();
    }
    format!("；是否指{}？", listed_zh(symbols))
}

impl Symbol {
    /// The symbol of a code on an exchange.
    ///
    /// # Errors
    /// [`SymbolError::UnknownRange`] if no code range of the exchange holds the code.
    pub fn new(exchange: Exchange, code: u32) -> Result<Symbol, SymbolError> {
        let symbol = Symbol { exchange, code };
        if kind_of(exchange, code).is_none() {
            let text = format!("{code:06}.{}", exchange.suffix());
            return Err(SymbolError::UnknownRange { text, exchange, code });
        }
        Ok(symbol)
    }

    /// The exchange.
    pub const fn exchange(self) -> Exchange {
        self.exchange
    }

    /// The six digits as a number.
    pub const fn code(self) -> u32 {
        self.code
    }

    /// Its kind, by its code range.
    pub fn kind(self) -> SecurityKind {
        kind_of(self.exchange, self.code).unwrap_or(SecurityKind::Other)
    }

    /// The board of an A-share; `None` for anything else.
    pub fn board(self) -> Option<Board> {
        match self.kind() {
            SecurityKind::Stock(board) => Some(board),
            _ => None,
        }
    }
}

/// The kind of a code range (rules: code ranges), or `None` outside every known range.
fn kind_of(exchange: Exchange, code: u32) -> Option<SecurityKind> {
    if code > 999_999 {
        return None;
    }
    match exchange {
        Exchange::Sse => sse_kind(code),
        Exchange::Szse => szse_kind(code),
        Exchange::Bse => bse_kind(code),
    }
}

/// Codes 000xxx are indices in Shanghai, stocks in Shenzhen.
fn sse_kind(code: u32) -> Option<SecurityKind> {
    use SecurityKind::{BShare, Bond, Fund, Index, Other, Stock};
    Some(match code / 1000 {
        0 => Index,
        600 | 601 | 603 | 605 => Stock(Board::Main),
        688 | 689 => Stock(Board::Star),
        900 => BShare,
        500..=589 => Fund,
        9..=29 | 100..=199 | 201..=207 | 240..=249 => Bond,
        // Preferred shares, and the codes of subscriptions, rights and votes.
        360 | 700..=799 => Other,
        _ => return None,
    })
}

fn szse_kind(code: u32) -> Option<SecurityKind> {
    use SecurityKind::{BShare, Bond, Fund, Index, Other, Stock};
    Some(match code / 1000 {
        0..=3 => Stock(Board::Main),
        300..=302 => Stock(Board::ChiNext),
        200 | 201 => BShare,
        399 | 970 | 980 => Index,
        150..=169 | 180 | 184 => Fund,
        // Preferred shares.
        140 => Other,
        100..=149 | 190..=199 => Bond,
        _ => return None,
    })
}

/// Before 2025-10 the ranges of BSE are also those of NEEQ: a prefix alone does not show that a
/// security is on the exchange.
fn bse_kind(code: u32) -> Option<SecurityKind> {
    use SecurityKind::{Index, Other, Stock};
    Some(match code / 1000 {
        430 | 830..=839 | 870..=873 | 880..=889 | 920 => Stock(Board::Bse),
        899 => Index,
        // Directed convertible bonds, preferred shares, and companies that left an exchange.
        810 | 811 | 820 | 400 | 420 => Other,
        _ => return None,
    })
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = *b"000000.??";
        let mut left = self.code;
        for digit in text[..6].iter_mut().rev() {
            *digit = b'0' + (left % 10) as u8;
            left /= 10;
        }
        text[7..].copy_from_slice(self.exchange.suffix().as_bytes());
        // Millions of symbols are written to tables.
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Symbol {
    type Err = SymbolError;

    /// Reads `600519.SH`, `sh600519`, `600519.XSHG`, `SSE:600519`, `SH.600519`, `sh.600519`,
    /// `SH#600519` (TDX's file names), EastMoney's `1.600519` and `0.000001`, and bare `600519` if
    /// only one exchange has it.
    fn from_str(text: &str) -> Result<Symbol, SymbolError> {
        let malformed = || SymbolError::Malformed(text.to_owned());
        let trimmed = text.trim();
        let (word, digits) = match trimmed.split_once(['.', ':', '#']) {
            Some((word, digits)) if is_code(digits) => (word, digits),
            Some((digits, word)) => (word, digits),
            None if trimmed.len() == 8 && trimmed.is_char_boundary(2) => trimmed.split_at(2),
            None => ("", trimmed),
        };
        if !is_code(digits) || word.is_empty() != (digits.len() == trimmed.len()) {
            return Err(malformed());
        }
        let code: u32 = digits.parse().map_err(|_| malformed())?;
        let exchange = match word {
            "" => return bare(text, code),
            "1" if trimmed.starts_with("1.") => Exchange::Sse,
            // EastMoney numbers Shenzhen and Beijing alike; their code ranges do not overlap.
            "0" if trimmed.starts_with("0.") => match kind_of(Exchange::Bse, code) {
                Some(_) => Exchange::Bse,
                None => Exchange::Szse,
            },
            word => Exchange::from_word(word).ok_or_else(malformed)?,
        };
        Symbol::new(exchange, code).map_err(|error| match error {
            SymbolError::UnknownRange { exchange, code, .. } => {
                SymbolError::UnknownRange { text: text.to_owned(), exchange, code }
            }
            other => other,
        })
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

fn bare(text: &str, code: u32) -> Result<Symbol, SymbolError> {
    let candidates: Vec<Symbol> =
        Exchange::ALL.into_iter().filter_map(|e| Symbol::new(e, code).ok()).collect();
    match candidates.as_slice() {
        [] => Err(SymbolError::UnknownCode(text.to_owned())),
        [one] => Ok(*one),
        _ => Err(SymbolError::Ambiguous { text: text.to_owned(), candidates }),
    }
}

impl Serialize for Symbol {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Symbol {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Symbol, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn symbol(text: &str) -> Symbol {
        text.parse().unwrap()
    }

    #[test]
    fn boards_are_named_in_keys() {
        assert_eq!(Board::ALL.map(Board::id), ["main", "chinext", "star", "bse"]);
    }

    #[test]
    fn every_notation_is_read() {
        for (text, canonical) in [
            ("600519.SH", "600519.SH"),
            ("600519.sh", "600519.SH"),
            ("sh600519", "600519.SH"),
            ("SH600519", "600519.SH"),
            ("600519.XSHG", "600519.SH"),
            ("SSE:600519", "600519.SH"),
            ("SH.600519", "600519.SH"),
            ("SH#600519", "600519.SH"),
            ("SZ#000001", "000001.SZ"),
            ("sh.600519", "600519.SH"),
            ("1.600519", "600519.SH"),
            ("600519", "600519.SH"),
            (" 600519.SH ", "600519.SH"),
            ("0.000001", "000001.SZ"),
            ("1.000001", "000001.SH"),
            ("0.399001", "399001.SZ"),
            ("0.920002", "920002.BJ"),
            ("0.830799", "830799.BJ"),
            ("bj920002", "920002.BJ"),
            ("920002", "920002.BJ"),
            ("BSE:920002", "920002.BJ"),
            ("920002.BJSE", "920002.BJ"),
            ("000001.XSHE", "000001.SZ"),
            ("SZSE:302132", "302132.SZ"),
            ("300750", "300750.SZ"),
            ("688981", "688981.SH"),
            ("899050.BJ", "899050.BJ"),
        ] {
            assert_eq!(symbol(text).to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn wrong_texts_are_refused_with_a_suggestion() {
        for (text, message) in [
            ("600519.SZ", "`600519.SZ` lies in no code range of XSHE; did you mean 600519.SH?"),
            ("sz600519", "`sz600519` lies in no code range of XSHE; did you mean 600519.SH?"),
            ("0.600519", "`0.600519` lies in no code range of XSHE; did you mean 600519.SH?"),
            ("000001", "`000001` alone is ambiguous: write 000001.SH or 000001.SZ"),
            ("000688", "`000688` alone is ambiguous: write 000688.SH or 000688.SZ"),
            (
                "999999",
                "`999999` lies in no code range of XSHG, XSHE or BJSE: check the six digits",
            ),
            ("604000.SH", "`604000.SH` lies in no code range of XSHG"),
            (
                "1.SZ",
                "`1.SZ` is not a symbol: write 600519.SH, sh600519 or SSE:600519; \
                 did you mean 000001.SZ?",
            ),
            (
                "600519.HK",
                "`600519.HK` is not a symbol: write 600519.SH, sh600519 or SSE:600519; \
                 did you mean 600519.SH?",
            ),
            ("贵州茅台", "`贵州茅台` is not a symbol: write 600519.SH, sh600519 or SSE:600519"),
        ] {
            let error = text.parse::<Symbol>().unwrap_err();
            assert_eq!(error.to_string(), message, "{text}");
        }
        for (text, message) in [
            ("600519.SZ", "`600519.SZ`不在深交所的代码段内；是否指600519.SH？"),
            ("604000.SH", "`604000.SH`不在上交所的代码段内"),
            ("000001", "`000001`不止一个交易所使用：请写000001.SH或000001.SZ"),
        ] {
            assert_eq!(text.parse::<Symbol>().unwrap_err().wording().zh, message, "{text}");
        }
        for text in [
            "",
            ".",
            "600519.",
            ".600519",
            "600519.1",
            "600519.0",
            "sh60051",
            "6005190",
            "上海600519",
            "600519.SH.SH",
            "sh:600519.SH",
            "SH-600519",
            "2.600519",
            "６００５１９.SH",
        ] {
            assert!(text.parse::<Symbol>().is_err(), "{text}");
        }
    }

    #[test]
    fn code_ranges() {
        use SecurityKind::*;
        for (text, kind) in [
            ("600000.SH", Stock(Board::Main)),
            ("601398.SH", Stock(Board::Main)),
            ("603259.SH", Stock(Board::Main)),
            ("605117.SH", Stock(Board::Main)),
            ("688981.SH", Stock(Board::Star)),
            ("689009.SH", Stock(Board::Star)),
            ("900901.SH", BShare),
            ("000001.SH", Index),
            ("000688.SH", Index),
            ("510300.SH", Fund),
            ("588000.SH", Fund),
            ("508000.SH", Fund),
            ("113050.SH", Bond),
            ("132018.SH", Bond),
            ("118000.SH", Bond),
            ("204001.SH", Bond),
            ("010107.SH", Bond),
            ("360001.SH", Other),
            ("787001.SH", Other),
            ("000001.SZ", Stock(Board::Main)),
            ("001979.SZ", Stock(Board::Main)),
            ("002594.SZ", Stock(Board::Main)),
            ("003816.SZ", Stock(Board::Main)),
            ("300750.SZ", Stock(Board::ChiNext)),
            ("301236.SZ", Stock(Board::ChiNext)),
            ("302132.SZ", Stock(Board::ChiNext)),
            ("200002.SZ", BShare),
            ("201872.SZ", BShare),
            ("399001.SZ", Index),
            ("399300.SZ", Index),
            ("980017.SZ", Index),
            ("159915.SZ", Fund),
            ("161725.SZ", Fund),
            ("180101.SZ", Fund),
            ("123050.SZ", Bond),
            ("128136.SZ", Bond),
            ("131810.SZ", Bond),
            ("920002.BJ", Stock(Board::Bse)),
            ("430047.BJ", Stock(Board::Bse)),
            ("835185.BJ", Stock(Board::Bse)),
            ("872925.BJ", Stock(Board::Bse)),
            ("899050.BJ", Index),
            ("899601.BJ", Index),
            ("810011.BJ", Other),
            ("820001.BJ", Other),
            ("400001.BJ", Other),
        ] {
            assert_eq!(symbol(text).kind(), kind, "{text}");
        }
        for text in ["880001.SH", "999999.SH", "300750.SH", "004001.SZ", "602000.SH", "303000.SZ"] {
            assert!(text.parse::<Symbol>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn symbols_round_trip(which in 0_usize..3, code in 0_u32..1_000_000) {
            let exchange = Exchange::ALL[which];
            let Ok(symbol) = Symbol::new(exchange, code) else { return Ok(()) };
            prop_assert_eq!(symbol.to_string().parse::<Symbol>(), Ok(symbol));
            let prefixed = format!("{}{code:06}", exchange.suffix().to_lowercase());
            prop_assert_eq!(prefixed.parse::<Symbol>(), Ok(symbol));
            let by_mic = format!("{code:06}.{}", exchange.mic());
            prop_assert_eq!(by_mic.parse::<Symbol>(), Ok(symbol));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            if let Err(error) = text.parse::<Symbol>() {
                prop_assert!(!error.to_string().is_empty());
            }
        }

        #[test]
        fn reading_never_changes_the_digits(text in "[a-zA-Z0-9.:]{6,11}") {
            if let Ok(symbol) = text.parse::<Symbol>() {
                let digits = format!("{:06}", symbol.code());
                prop_assert!(text.contains(&digits));
            }
        }
    }
}
