//! Who is meant: exchanges, boards and symbols.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

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

    fn from_word(word: &str) -> Option<Exchange> {
        match word.to_ascii_uppercase().as_str() {
            "SH" | "SSE" | "XSHG" => Some(Exchange::Sse),
            "SZ" | "SZSE" | "XSHE" => Some(Exchange::Szse),
            "BJ" | "BSE" | "BJSE" => Some(Exchange::Bse),
            _ => None,
        }
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

/// What a symbol's code range says it is.
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
    #[error("`{0}` is not a symbol: write 600519.SH, sh600519 or SSE:600519")]
    Malformed(String),
    /// The six digits lie in no known code range of the exchange.
    #[error("`{text}` lies in no code range of {}{}", exchange.mic(), suggestion(*code, *exchange))]
    UnknownRange {
        /// The text as given.
        text: String,
        /// The exchange it names.
        exchange: Exchange,
        /// Its six digits.
        code: u32,
    },
    /// Six digits alone that more than one exchange uses.
    #[error("`{text}` alone is ambiguous: {}", candidates.iter().map(|s| s.to_string()).collect::<Vec<_>>().join(" or "))]
    Ambiguous {
        /// The text as given.
        text: String,
        /// What it could mean.
        candidates: Vec<Symbol>,
    },
}

fn suggestion(code: u32, exchange: Exchange) -> String {
    let others: Vec<String> = Exchange::ALL
        .into_iter()
        .filter(|other| *other != exchange)
        .filter_map(|other| Symbol::new(other, code).ok())
        .map(|symbol| symbol.to_string())
        .collect();
    if others.is_empty() {
        String::new()
    } else {
        format!("; did you mean {}?", others.join(" or "))
    }
}

impl Symbol {
    /// The symbol of a code on an exchange.
    ///
    /// # Errors
    /// [`SymbolError::UnknownRange`] where no code range of the exchange holds the code.
    pub fn new(exchange: Exchange, code: u32) -> Result<Symbol, SymbolError> {
        let symbol = Symbol { exchange, code };
        if code > 999_999 || kind_of(exchange, code).is_none() {
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

    /// What its code range says it is.
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
    use SecurityKind::{BShare, Bond, Fund, Index, Other, Stock};
    let prefix3 = code / 1000;
    let kind = match exchange {
        Exchange::Sse => match prefix3 {
            0..=9 => Index,
            600 | 601 | 603 | 605 => Stock(Board::Main),
            688 | 689 => Stock(Board::Star),
            900 => BShare,
            500..=509 | 510..=589 => Fund,
            10..=29 | 100..=199 | 201..=206 | 240..=249 => Bond,
            360 | 700..=799 => Other,
            _ => return None,
        },
        Exchange::Szse => match prefix3 {
            0..=3 => Stock(Board::Main),
            300..=302 => Stock(Board::ChiNext),
            200 | 201 => BShare,
            399 | 970..=989 => Index,
            150..=169 | 180..=189 => Fund,
            100..=149 | 190..=199 => Bond,
            _ => return None,
        },
        Exchange::Bse => match prefix3 {
            430 | 830..=839 | 870..=873 | 880..=889 | 920 => Stock(Board::Bse),
            899 => Index,
            810..=829 | 400 | 420 => Other,
            _ => return None,
        },
    };
    Some(kind)
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}.{}", self.code, self.exchange.suffix())
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
    /// EastMoney's `1.600519` and `0.000001`, and bare `600519` where only one exchange has it.
    fn from_str(text: &str) -> Result<Symbol, SymbolError> {
        let malformed = || SymbolError::Malformed(text.to_owned());
        let trimmed = text.trim();
        let parts: Vec<&str> = trimmed.split(['.', ':']).collect();
        let (word, digits) = match parts.as_slice() {
            [one] if one.len() == 8 && one.is_char_boundary(2) => one.split_at(2),
            [one] => ("", *one),
            [a, b] if is_code(b) => (*a, *b),
            [a, b] if is_code(a) => (*b, *a),
            _ => return Err(malformed()),
        };
        if !is_code(digits) {
            return Err(malformed());
        }
        let code: u32 = digits.parse().map_err(|_| malformed())?;
        match word {
            "" => bare(text, code),
            "1" => Symbol::new(Exchange::Sse, code),
            "0" if matches!(kind_of(Exchange::Szse, code), Some(_)) => {
                Symbol::new(Exchange::Szse, code)
            }
            "0" => Symbol::new(Exchange::Bse, code),
            word => Symbol::new(Exchange::from_word(word).ok_or_else(malformed)?, code),
        }
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

fn bare(text: &str, code: u32) -> Result<Symbol, SymbolError> {
    let mut candidates: Vec<Symbol> =
        Exchange::ALL.into_iter().filter_map(|e| Symbol::new(e, code).ok()).collect();
    match candidates.len() {
        0 => Err(SymbolError::Malformed(text.to_owned())),
        1 => Ok(candidates.remove(0)),
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
