//! One claim with its verdict.

use std::fmt;

use fupan_fact::FactKey;
use fupan_market::{Language, Wording};
use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::kind::ClaimKind;

/// A claim of an article, and what facts say to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The claim as the article has it, in readable text.
    pub text: String,
    /// Where it starts in the file's text, in Unicode scalar values from 0.
    pub start: u32,
    /// The place after its end.
    pub end: u32,
    /// What it is about.
    pub kind: ClaimKind,
    /// The security, index, market, group or other thing that it is about, as an identifier or as
    /// the article names it; empty if there is none.
    pub subject: String,
    /// The measure that it names, if there is one.
    pub measure: Option<String>,
    /// What it states.
    pub value: Option<ClaimValue>,
    /// The unit of `value` and of `right`.
    pub unit: Option<ClaimUnit>,
    /// How it states it.
    pub comparator: Comparator,
    /// Whether facts support it.
    pub verdict: Verdict,
    /// How it was understood, for people.
    pub note: Wording,
    /// What the fact says, in the same unit.
    pub right: Option<ClaimValue>,
    /// The fact by which it was judged.
    pub fact: Option<FactKey>,
    /// Why this is the verdict, for people.
    pub why: Wording,
}

/// What a claim states, or what a fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimValue {
    /// A number in the claim's unit.
    Number(Decimal),
    /// Whether something holds.
    Holds(bool),
}

/// A unit of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClaimUnit {
    /// Per cent: 1.5 is 1.5 %.
    #[serde(rename = "percent")]
    Percent,
    /// Points of an index.
    #[serde(rename = "points")]
    Points,
    /// Yuan.
    #[serde(rename = "CNY")]
    Cny,
    /// Hong Kong dollars.
    #[serde(rename = "HKD")]
    Hkd,
    /// US dollars.
    #[serde(rename = "USD")]
    Usd,
    /// Shares, as securities.
    #[serde(rename = "stocks")]
    Stocks,
    /// Sessions.
    #[serde(rename = "sessions")]
    Sessions,
    /// Multiples.
    #[serde(rename = "times")]
    Times,
    /// Yes or no.
    #[serde(rename = "bool")]
    Bool,
    /// Percentage points.
    #[serde(rename = "pp")]
    PercentagePoints,
}

/// How a claim states its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Comparator {
    /// Exactly, to the digits that are written.
    #[serde(rename = "=")]
    Equal,
    /// About.
    #[serde(rename = "~")]
    About,
    /// More than.
    #[serde(rename = ">")]
    Above,
    /// Less than.
    #[serde(rename = "<")]
    Below,
    /// At least.
    #[serde(rename = ">=")]
    AtLeast,
    /// At most.
    #[serde(rename = "<=")]
    AtMost,
    /// Something holds or does not.
    #[serde(rename = "is")]
    Is,
}

/// Whether facts support a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A fact says the same.
    Supported,
    /// A fact says something else.
    Contradicted,
    /// No fact decides.
    NotCheckable,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 3] =
        [Verdict::Supported, Verdict::Contradicted, Verdict::NotCheckable];

    /// The identifier, as in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Verdict::Supported => "supported",
            Verdict::Contradicted => "contradicted",
            Verdict::NotCheckable => "not_checkable",
        }
    }

    /// The verdict in words.
    pub fn wording(self) -> Wording {
        match self {
            Verdict::Supported => Wording::new("supported", "相符"),
            Verdict::Contradicted => Wording::new("contradicted", "不符"),
            Verdict::NotCheckable => Wording::new("not checkable", "无法核对"),
        }
    }

    /// A sign for the verdict, which needs no colour.
    pub const fn mark(self) -> char {
        match self {
            Verdict::Supported => '✓',
            Verdict::Contradicted => '✗',
            Verdict::NotCheckable => '?',
        }
    }
}

impl ClaimUnit {
    /// The identifier, as in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            ClaimUnit::Percent => "percent",
            ClaimUnit::Points => "points",
            ClaimUnit::Cny => "CNY",
            ClaimUnit::Hkd => "HKD",
            ClaimUnit::Usd => "USD",
            ClaimUnit::Stocks => "stocks",
            ClaimUnit::Sessions => "sessions",
            ClaimUnit::Times => "times",
            ClaimUnit::Bool => "bool",
            ClaimUnit::PercentagePoints => "pp",
        }
    }
}

impl Comparator {
    /// The sign, as in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Comparator::Equal => "=",
            Comparator::About => "~",
            Comparator::Above => ">",
            Comparator::Below => "<",
            Comparator::AtLeast => ">=",
            Comparator::AtMost => "<=",
            Comparator::Is => "is",
        }
    }
}

impl fmt::Display for ClaimValue {
    /// As in JSON: a plain number, `true` or `false`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClaimValue::Number(number) => number.fmt(f),
            ClaimValue::Holds(holds) => holds.fmt(f),
        }
    }
}

impl Claim {
    /// A value with the claim's unit, for people: `+1.32%`, `2.1万亿元`, `是`.
    pub fn worded(&self, value: ClaimValue, language: Language) -> String {
        let number = match value {
            ClaimValue::Number(number) => number,
            ClaimValue::Holds(holds) => {
                let wording =
                    if holds { Wording::new("yes", "是") } else { Wording::new("no", "否") };
                return wording.in_language(language).to_owned();
            }
        };
        match self.unit {
            Some(unit) => unit.worded(number, language),
            None => number.grouped(),
        }
    }
}

impl ClaimUnit {
    /// A number in this unit, for people.
    pub fn worded(self, number: Decimal, language: Language) -> String {
        let zh = language == Language::Zh;
        let plain = number.grouped();
        match self {
            ClaimUnit::Percent => format!("{plain}%"),
            ClaimUnit::PercentagePoints if zh => format!("{plain}个百分点"),
            ClaimUnit::PercentagePoints => format!("{plain} pp"),
            ClaimUnit::Points if zh => format!("{plain}点"),
            ClaimUnit::Points => format!("{plain} points"),
            ClaimUnit::Stocks if zh => format!("{plain}只"),
            ClaimUnit::Stocks => format!("{plain} stocks"),
            ClaimUnit::Sessions if zh => format!("{plain}个交易日"),
            ClaimUnit::Sessions => format!("{plain} sessions"),
            ClaimUnit::Times if zh => format!("{plain}倍"),
            ClaimUnit::Times => format!("{plain} times"),
            ClaimUnit::Cny => money(number, ["元", "yuan"], language),
            ClaimUnit::Hkd => money(number, ["港元", "Hong Kong dollars"], language),
            ClaimUnit::Usd => money(number, ["美元", "US dollars"], language),
            ClaimUnit::Bool => plain,
        }
    }
}

/// Money in the largest unit that it reaches, with at most four decimals of it.
fn money(number: Decimal, [zh, en]: [&str; 2], language: Language) -> String {
    let steps: &[(u8, &str)] = match language {
        Language::Zh => &[(12, "万亿"), (8, "亿"), (4, "万")],
        Language::En => &[(12, " trillion"), (9, " billion"), (6, " million")],
    };
    let size = |power: u8| Decimal::new(1, 0).shifted(i16::from(power));
    let step = steps.iter().find(|(power, _)| size(*power).is_some_and(|s| number.abs() >= s));
    let (power, word) = step.copied().unwrap_or((0, ""));
    let number = number.shifted(-i16::from(power)).unwrap_or(number).rounded(4).shortest();
    match language {
        Language::Zh => format!("{}{word}{zh}", number.grouped()),
        Language::En => format!("{}{word} {en}", number.grouped()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_comparators_and_verdicts_are_written_as_their_identifiers() {
        use ClaimUnit::*;
        for unit in
            [Percent, Points, Cny, Hkd, Usd, Stocks, Sessions, Times, Bool, PercentagePoints]
        {
            let written = serde_json::to_string(&unit).expect("a word");
            assert_eq!(written, format!("\"{}\"", unit.id()));
        }
        use Comparator::*;
        for comparator in [Equal, About, Above, Below, AtLeast, AtMost, Is] {
            let written = serde_json::to_string(&comparator).expect("a word");
            assert_eq!(written, format!("\"{}\"", comparator.id()));
        }
        for verdict in Verdict::ALL {
            let written = serde_json::to_string(&verdict).expect("a word");
            assert_eq!(written, format!("\"{}\"", verdict.id()));
        }
    }

    #[test]
    fn money_is_told_in_the_largest_unit_that_it_reaches() {
        let told = |number: &str, language| {
            money(number.parse().expect("a number"), ["元", "yuan"], language)
        };
        assert_eq!(told("2134500000000", Language::Zh), "2.1345万亿元");
        assert_eq!(told("2134500000000", Language::En), "2.1345 trillion yuan");
        assert_eq!(told("-350000000", Language::Zh), "-3.5亿元");
        assert_eq!(told("-350000000", Language::En), "-350 million yuan");
        assert_eq!(told("12.30", Language::Zh), "12.3元");
        assert_eq!(told("99999999999999", Language::En), "100 trillion yuan");
    }
}
