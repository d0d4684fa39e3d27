//! Exchanges, boards and symbols.

use std::cmp::Ordering;
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
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol {
    exchange: Exchange,
    code: u32,
}

impl Ord for Symbol {
    /// By exchange, then by code, as one number: lists of hundreds of thousands are sorted by it.
    fn cmp(&self, other: &Symbol) -> Ordering {
        let packed = |symbol: &Symbol| (symbol.exchange as u64) << 32 | u64::from(symbol.code);
        packed(self).cmp(&packed(other))
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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
mod tests;
