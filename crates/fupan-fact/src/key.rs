//! Fact keys: the measure, scope, session and instant of a fact.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use fupan_market::{
    Board, Exchange, GroupId, InLanguage, SessionDate, SessionDateError, Symbol, SymbolError,
    Wording,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The identifier of a measure, such as `limit_up_count`, with its parameter if it has one:
/// `limit_up_ladder:4`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureId {
    name: Cow<'static, str>,
    parameter: Option<String>,
}

/// The set of shares, or the one security or index, that a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `all-a`: A-shares of SSE, SZSE and (since 2021-11-15) BSE that traded in the session.
    AllA,
    /// `sse-szse`: A-shares of SSE and SZSE; the two-exchange market that the press means by
    /// "Shanghai and Shenzhen".
    SseSzse,
    /// `sse`, `szse`, `bse`: the A-shares of one exchange.
    Exchange(Exchange),
    /// `main`, `chinext`, `star`, `bse-board`: the A-shares of one board.
    Board(Board),
    /// `band-10`, `band-20`, `band-30`, `band-st`: the A-shares of one price-limit class.
    Band(BandClass),
    /// `sw1.801080`: the A-shares of one group of a classification, such as an industry.
    Group(GroupId),
    /// A security or an index, by its symbol.
    Security(Symbol),
}

/// A price-limit class, by which traders group limit-ups and limit-downs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BandClass {
    /// 10 % securities.
    Ten,
    /// 20 % securities.
    Twenty,
    /// 30 % securities.
    Thirty,
    /// Securities under risk warning (ST, *ST), whatever their band.
    RiskWarning,
}

/// The instant a fact refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AsOf {
    /// An instant inside the session, in seconds after midnight, Shanghai time. Prints `11:30:00`.
    Instant(u32),
    /// The close.
    Close,
}

/// The key of a fact. Prints as `limit_up_count/all-a/2026-02-12/close`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKey {
    /// The measure.
    pub measure: MeasureId,
    /// The scope.
    pub scope: Scope,
    /// The trading day.
    pub session: SessionDate,
    /// The instant.
    pub as_of: AsOf,
}

/// The text is not a fact key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{text}` is not a fact key: {}; write measure/scope/date/instant, such as \
     limit_up_count/all-a/2026-02-12/close",
    reason.en
)]
pub struct KeyError {
    text: String,
    reason: Wording,
}

impl InLanguage for KeyError {
    fn wording(&self) -> Wording {
        let KeyError { text, reason } = self;
        let zh = format!(
            "`{text}`不是指标键：{}；请写作 指标/范围/日期/时刻，例如\
             `limit_up_count/all-a/2026-02-12/close`",
            reason.zh
        );
        Wording::new(self.to_string(), zh)
    }
}

/// The text is neither the name of a set of A-shares nor a symbol.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{text}` is not a scope: {symbol}; the sets of shares are {}, and industries such as \
     sw1.801080",
    SETS.join(", ")
)]
pub struct ScopeError {
    text: String,
    symbol: SymbolError,
}

impl InLanguage for ScopeError {
    fn wording(&self) -> Wording {
        let ScopeError { text, symbol } = self;
        let zh = format!(
            "`{text}`不是统计范围：{}；股票范围有{}，以及`sw1.801080`一类的行业",
            symbol.wording().zh,
            SETS.join("、")
        );
        Wording::new(self.to_string(), zh)
    }
}

/// The scope names of the sets of A-shares.
const SETS: [&str; 13] = [
    "all-a",
    "sse-szse",
    "sse",
    "szse",
    "bse",
    "main",
    "chinext",
    "star",
    "bse-board",
    "band-10",
    "band-20",
    "band-30",
    "band-st",
];

impl MeasureId {
    /// A measure without parameter.
    pub fn new(name: impl Into<Cow<'static, str>>) -> MeasureId {
        MeasureId { name: name.into(), parameter: None }
    }

    /// A measure with a parameter.
    pub fn with(name: impl Into<Cow<'static, str>>, parameter: impl fmt::Display) -> MeasureId {
        MeasureId { name: name.into(), parameter: Some(parameter.to_string()) }
    }

    /// The name without the parameter: the measure's name in the catalogue.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The parameter, if there is one.
    pub fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref()
    }
}

impl FactKey {
    /// The key of a figure at the close.
    pub fn at_close(measure: MeasureId, scope: Scope, session: SessionDate) -> FactKey {
        FactKey { measure, scope, session, as_of: AsOf::Close }
    }
}

impl fmt::Display for MeasureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parameter {
            Some(parameter) => write!(f, "{}:{parameter}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::AllA => f.write_str("all-a"),
            Scope::SseSzse => f.write_str("sse-szse"),
            Scope::Exchange(Exchange::Sse) => f.write_str("sse"),
            Scope::Exchange(Exchange::Szse) => f.write_str("szse"),
            Scope::Exchange(Exchange::Bse) => f.write_str("bse"),
            Scope::Board(Board::Bse) => f.write_str("bse-board"),
            Scope::Board(board) => f.write_str(board.id()),
            Scope::Band(BandClass::Ten) => f.write_str("band-10"),
            Scope::Band(BandClass::Twenty) => f.write_str("band-20"),
            Scope::Band(BandClass::Thirty) => f.write_str("band-30"),
            Scope::Band(BandClass::RiskWarning) => f.write_str("band-st"),
            Scope::Group(group) => write!(f, "{group}"),
            Scope::Security(symbol) => write!(f, "{symbol}"),
        }
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AsOf::Close => f.write_str("close"),
            AsOf::Instant(s) => write!(f, "{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60),
        }
    }
}

impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.measure, self.scope, self.session, self.as_of)
    }
}

impl FromStr for MeasureId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<MeasureId, KeyError> {
        let (name, parameter) = match text.split_once(':') {
            Some((name, parameter)) => (name, Some(parameter)),
            None => (text, None),
        };
        let word = |t: &str| {
            !t.is_empty()
                && t.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        };
        // A parameter may itself be a measure with a parameter.
        if !word(name) || !parameter.is_none_or(|parameter| parameter.split(':').all(word)) {
            return Err(KeyError {
                text: text.to_owned(),
                reason: Wording::new("the measure is not a word", "指标名不是一个词"),
            });
        }
        Ok(MeasureId { name: name.to_owned().into(), parameter: parameter.map(str::to_owned) })
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    /// Reads a set of A-shares by name (in any case), a symbol in any notation, or a group.
    fn from_str(text: &str) -> Result<Scope, ScopeError> {
        Ok(match text.trim().to_ascii_lowercase().as_str() {
            "all-a" => Scope::AllA,
            "sse-szse" => Scope::SseSzse,
            "sse" => Scope::Exchange(Exchange::Sse),
            "szse" => Scope::Exchange(Exchange::Szse),
            "bse" => Scope::Exchange(Exchange::Bse),
            "main" => Scope::Board(Board::Main),
            "chinext" => Scope::Board(Board::ChiNext),
            "star" => Scope::Board(Board::Star),
            "bse-board" => Scope::Board(Board::Bse),
            "band-10" => Scope::Band(BandClass::Ten),
            "band-20" => Scope::Band(BandClass::Twenty),
            "band-30" => Scope::Band(BandClass::Thirty),
            "band-st" => Scope::Band(BandClass::RiskWarning),
            _ => match (text.parse(), text.trim().parse()) {
                (Ok(symbol), _) => Scope::Security(symbol),
                (Err(_), Ok(group)) => Scope::Group(group),
                (Err(symbol), Err(_)) => {
                    return Err(ScopeError { text: text.to_owned(), symbol });
                }
            },
        })
    }
}

impl FromStr for AsOf {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<AsOf, KeyError> {
        if text == "close" {
            return Ok(AsOf::Close);
        }
        let bad = || KeyError {
            text: text.to_owned(),
            reason: Wording::new(
                "the instant is neither `close` nor HH:MM:SS",
                "时刻既不是close，也不是HH:MM:SS",
            ),
        };
        // `parse` alone would accept a sign.
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        let number = |part: &str| part.parse().ok().filter(|_| two_digits(part)).ok_or_else(bad);
        let parts: Vec<u32> = text.split(':').map(number).collect::<Result<_, _>>()?;
        match parts.as_slice() {
            [h, m] if *h < 24 && *m < 60 => Ok(AsOf::Instant(h * 3600 + m * 60)),
            [h, m, s] if *h < 24 && *m < 60 && *s < 60 => Ok(AsOf::Instant(h * 3600 + m * 60 + s)),
            _ => Err(bad()),
        }
    }
}

impl FromStr for FactKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<FactKey, KeyError> {
        let wrap = |reason: Wording| KeyError { text: text.to_owned(), reason };
        let parts: Vec<&str> = text.trim().split('/').collect();
        let [measure, scope, session, as_of] = parts.as_slice() else {
            return Err(wrap(Wording::new(
                format!("it has {} parts, not four", parts.len()),
                format!("它有{}段，应为四段", parts.len()),
            )));
        };
        Ok(FactKey {
            measure: measure.parse().map_err(|e: KeyError| wrap(e.reason))?,
            scope: scope.parse().map_err(|e: ScopeError| wrap(e.wording()))?,
            session: session.parse().map_err(|e: SessionDateError| wrap(e.wording()))?,
            as_of: as_of.parse().map_err(|e: KeyError| wrap(e.reason))?,
        })
    }
}

impl Serialize for FactKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FactKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<FactKey, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_one_word_or_a_word_and_its_parameters() {
        for text in ["advances", "promotion_rate:all", "index_contribution:000001.SH", "a:b:c-1"] {
            let id: MeasureId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
            let (name, parameter) = text.split_once(':').unzip();
            assert_eq!((id.name(), id.parameter()), (name.unwrap_or(text), parameter));
            let made = match parameter {
                Some(parameter) => MeasureId::with(id.name().to_owned(), parameter),
                None => MeasureId::new(text),
            };
            assert_eq!(made, id);
        }
        for text in
            ["", ":", "advances:", ":all", "a::b", "two words", "涨停", "a/b", "a:b c", "a\"b"]
        {
            let error = text.parse::<MeasureId>().unwrap_err();
            assert_eq!(error.text, text);
        }
    }

    #[test]
    fn an_instant_is_two_digits_each_without_a_sign() {
        assert_eq!("09:30".parse(), Ok(AsOf::Instant(34_200)));
        assert_eq!("15:00:01".parse(), Ok(AsOf::Instant(54_001)));
        assert_eq!("14:57:30".parse(), Ok(AsOf::Instant(53_850)));
        assert_eq!("00:00:00".parse(), Ok(AsOf::Instant(0)));
        assert_eq!("23:59:59".parse(), Ok(AsOf::Instant(86_399)));
        for text in ["12:+0", "+9:30", "-9:30", "9:30", "09", "", "09:30:00:00"] {
            assert!(text.parse::<AsOf>().is_err(), "{text}");
        }
        for text in ["24:00", "09:60", "24:00:00", "09:60:00", "09:59:60", "99:99:99"] {
            assert!(text.parse::<AsOf>().is_err(), "no time of day is {text}");
        }
    }

    #[test]
    fn every_scope_is_read_as_it_is_printed_and_in_capitals() {
        for name in SETS {
            let scope: Scope = name.parse().unwrap();
            assert_eq!(scope.to_string(), name);
            assert_eq!(name.to_uppercase().parse(), Ok(scope));
        }
    }

    #[test]
    fn a_group_is_a_scope_and_a_symbol_is_none() {
        for text in ["sw1.801080", "tushare1.银行"] {
            let scope: Scope = text.parse().unwrap();
            assert_eq!(scope, Scope::Group(text.parse().unwrap()));
            assert_eq!(scope.to_string(), text);
            let key = format!("turnover_share/{text}/2026-02-12/close");
            assert_eq!(key.parse::<FactKey>().unwrap().to_string(), key);
        }
        for text in ["600519.HS", "sh.60051", "1.60051", "sse.60051"] {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
        assert!(matches!("sh.600519".parse(), Ok(Scope::Security(_))));
    }

    #[test]
    fn a_security_is_read_in_every_notation() {
        for text in ["600519.SH", "sh600519", "600519", "SH#600519", "1.600519", "SSE:600519"] {
            let key: FactKey = format!("last_price/{text}/2026-02-12/close").parse().unwrap();
            assert_eq!(key.to_string(), "last_price/600519.SH/2026-02-12/close", "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_said_in_both_languages() {
        for (text, en, zh) in [
            ("a/b", "it has 2 parts, not four", "它有2段"),
            ("a/000001/2026-02-12/close", "000001.SH or 000001.SZ", "000001.SH或000001.SZ"),
            ("a/all-b/2026-02-12/close", "band-st", "股票范围有all-a"),
            ("a b/all-a/2026-02-12/close", "not a word", "不是一个词"),
            ("a/all-a/2026-2-12/close", "is not a date", "不是日期"),
            ("a/all-a/2026-02-12/noon", "neither `close`", "既不是close"),
        ] {
            let told = text.parse::<FactKey>().unwrap_err().wording();
            assert!(told.en.contains(en), "{}", told.en);
            assert!(told.zh.contains(zh), "{}", told.zh);
        }
    }
}
