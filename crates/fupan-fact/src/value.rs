//! Values of facts, and their units.

use fupan_market::{Fen, Price, Return};
use serde::{Deserialize, Serialize};

/// An exact figure.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Value {
    /// A number of things.
    Count {
        /// The number.
        count: i64,
    },
    /// An amount of money.
    Money {
        /// In fen.
        fen: Fen,
    },
    /// A return or another relative change.
    Return {
        /// In parts per billion.
        ppb: Return,
    },
    /// A share of a whole, kept as two integers.
    Share {
        /// The part.
        part: i64,
        /// The whole; never zero (a share of nothing is `Unknown`).
        whole: i64,
    },
    /// A price in yuan.
    Price {
        /// The price, in ten-thousandths.
        price: Price,
    },
    /// An index level, or a signed change of one, in ten-thousandths of a point.
    Points {
        /// Ten-thousandths of a point.
        units: i64,
    },
    /// A ratio that is neither a share nor a return, in parts per million.
    Ratio {
        /// Parts per million.
        ppm: i64,
    },
    /// A time of day.
    Time {
        /// Seconds after midnight, Shanghai time.
        second: u32,
    },
    /// Whether something holds.
    Flag {
        /// Whether it does.
        holds: bool,
    },
    /// The figure cannot be determined from the data; the reason is an identifier such as
    /// `no_prev_close`.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// The unit of a measure's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Securities.
    Securities,
    /// Sessions.
    Sessions,
    /// Money, in fen.
    Fen,
    /// Relative change, in parts per billion.
    Ppb,
    /// Share of a whole.
    Share,
    /// Yuan.
    Yuan,
    /// Index points.
    Points,
    /// A plain ratio, in parts per million.
    Ppm,
    /// How often something happened.
    Times,
    /// A time of day, in seconds after midnight, Shanghai time.
    Time,
    /// Shares of a company.
    Shares,
    /// Yes or no: 1 or 0.
    Flag,
    /// A place in an order, the first being 1.
    Rank,
}

impl Unit {
    /// The identifier in tables and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Unit::Securities => "securities",
            Unit::Sessions => "sessions",
            Unit::Fen => "fen",
            Unit::Ppb => "ppb",
            Unit::Share => "share",
            Unit::Yuan => "yuan",
            Unit::Points => "points",
            Unit::Ppm => "ppm",
            Unit::Times => "times",
            Unit::Time => "seconds_after_midnight",
            Unit::Shares => "shares",
            Unit::Flag => "flag",
            Unit::Rank => "rank",
        }
    }
}

impl Unit {
    /// Every unit.
    pub const ALL: [Unit; 13] = [
        Unit::Securities,
        Unit::Sessions,
        Unit::Fen,
        Unit::Ppb,
        Unit::Share,
        Unit::Yuan,
        Unit::Points,
        Unit::Ppm,
        Unit::Times,
        Unit::Time,
        Unit::Shares,
        Unit::Flag,
        Unit::Rank,
    ];
}

impl Value {
    /// Builds the value from the integers that [`Value::integers`] returns. `None` if there is no
    /// such value. A share's `whole` defaults to 1.
    pub fn of_integers(unit: Unit, number: i64, whole: Option<i64>) -> Option<Value> {
        Some(match unit {
            Unit::Securities | Unit::Sessions | Unit::Times | Unit::Shares | Unit::Rank => {
                Value::Count { count: number }
            }
            Unit::Fen => Value::Money { fen: Fen(number) },
            Unit::Ppb => Value::Return { ppb: Return(number) },
            Unit::Share => {
                let whole = whole.unwrap_or(1);
                (whole != 0).then_some(Value::Share { part: number, whole })?
            }
            Unit::Yuan => Value::Price { price: Price::from_units(number).ok()? },
            Unit::Points => Value::Points { units: number },
            Unit::Ppm => Value::Ratio { ppm: number },
            Unit::Time => Value::Time { second: u32::try_from(number).ok()? },
            Unit::Flag => {
                Value::Flag { holds: [false, true].get(usize::try_from(number).ok()?).copied()? }
            }
        })
    }

    /// The value as integers: the number in the smallest step of its unit, or a share's part and
    /// whole. `None` if the value is unknown.
    pub fn integers(&self) -> Option<(i64, Option<i64>)> {
        let number = match self {
            Value::Share { part, whole } => return Some((*part, Some(*whole))),
            Value::Unknown { .. } => return None,
            Value::Count { count } => *count,
            Value::Money { fen } => fen.0,
            Value::Return { ppb } => ppb.0,
            Value::Price { price } => price.units(),
            Value::Points { units } => *units,
            Value::Ratio { ppm } => *ppm,
            Value::Time { second } => i64::from(*second),
            Value::Flag { holds } => i64::from(*holds),
        };
        Some((number, None))
    }

    /// The value as a float in its natural unit (yuan, percent as a fraction, points), for drawing,
    /// ordering and export only. `None` if the value is unknown.
    pub fn to_f64(&self) -> Option<f64> {
        Some(match self {
            Value::Count { count } => *count as f64,
            Value::Money { fen } => fen.0 as f64 / 100.0,
            Value::Return { ppb } => ppb.0 as f64 / Return::PARTS as f64,
            Value::Share { part, whole } => *part as f64 / *whole as f64,
            Value::Price { price } => price.to_f64(),
            Value::Points { units } => *units as f64 / Price::UNITS as f64,
            Value::Ratio { ppm } => *ppm as f64 / 1e6,
            Value::Time { second } => f64::from(*second),
            Value::Flag { holds } => f64::from(u8::from(*holds)),
            Value::Unknown { .. } => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables and other programs identify a unit by this word.
    #[test]
    fn a_unit_is_known_by_its_word() {
        assert_eq!(
            Unit::ALL.map(Unit::id),
            [
                "securities",
                "sessions",
                "fen",
                "ppb",
                "share",
                "yuan",
                "points",
                "ppm",
                "times",
                "seconds_after_midnight",
                "shares",
                "flag",
                "rank",
            ]
        );
    }

    #[test]
    fn a_value_is_told_by_its_integers() {
        for unit in Unit::ALL {
            let numbers: &[i64] = match unit {
                Unit::Flag => &[0, 1],
                _ => &[0, 1, 86_399, 1_000_000],
            };
            for number in numbers.iter().copied() {
                let whole = (unit == Unit::Share).then_some(7);
                let value = Value::of_integers(unit, number, whole).unwrap();
                assert_eq!(value.integers(), Some((number, whole)), "{}", unit.id());
            }
        }
        assert_eq!(Value::of_integers(Unit::Share, 1, Some(0)), None);
        assert_eq!(Value::of_integers(Unit::Yuan, -1, None), None);
        assert_eq!(Value::of_integers(Unit::Time, -1, None), None);
        assert_eq!(Value::of_integers(Unit::Flag, 2, None), None);
        assert_eq!(Value::of_integers(Unit::Flag, -1, None), None);
    }

    /// For drawing: yuan, fractions, points.
    #[test]
    fn a_value_as_a_float_is_in_its_natural_unit() {
        for (value, expected) in [
            (Value::Count { count: 7 }, 7.0),
            (Value::Money { fen: Fen(150) }, 1.5),
            (Value::Return { ppb: Return(-12_500_000) }, -0.0125),
            (Value::Share { part: 3, whole: 4 }, 0.75),
            (Value::Price { price: Price::from_fen(1_025).unwrap() }, 10.25),
            (Value::Points { units: 41_340_250 }, 4_134.025),
            (Value::Ratio { ppm: 1_250_000 }, 1.25),
            (Value::Time { second: 34_200 }, 34_200.0),
        ] {
            assert_eq!(value.to_f64(), Some(expected), "{value:?}");
        }
        assert_eq!(Value::Unknown { reason: "no_data".to_owned() }.to_f64(), None);
    }
}
