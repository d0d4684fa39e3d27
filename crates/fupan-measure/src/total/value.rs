//! Values of figures: integers in a unit, or the reason why there is none.

use fupan_fact::{Unit, Value};

/// Whether at least nine tenths of a population are judged.
pub(crate) fn mostly_known(judged: u64, unjudged: u64) -> bool {
    judged * 10 >= (judged + unjudged) * 9
}

/// A figure that cannot be known, with the reason.
pub(crate) fn unknown(reason: &str) -> Value {
    Value::Unknown { reason: reason.to_owned() }
}

pub(crate) fn nobody() -> Value {
    unknown("empty_population")
}

/// A share; unknown if the whole is zero.
pub(crate) fn share(part: i128, whole: i128) -> Value {
    match (i64::try_from(part), i64::try_from(whole)) {
        (_, Ok(0)) => nobody(),
        (Ok(part), Ok(whole)) => Value::Share { part, whole },
        _ => unknown("out_of_range"),
    }
}

/// An integer as a value of a unit.
pub(crate) fn of_unit(unit: Unit, number: i128) -> Value {
    let value = i64::try_from(number).ok().and_then(|n| Value::of_integers(unit, n, None));
    value.unwrap_or_else(|| unknown("out_of_range"))
}

/// The value of figures for which there is no data.
pub(crate) fn no_data() -> Value {
    unknown("no_data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_population_is_mostly_known_from_nine_tenths_on() {
        for (judged, unjudged) in [(9, 1), (90, 10), (4_500, 500), (9_000_000, 1_000_000)] {
            assert!(mostly_known(judged, unjudged), "{judged} {unjudged}");
            assert!(!mostly_known(judged - 1, unjudged), "{judged} {unjudged}");
            assert!(!mostly_known(judged, unjudged + 1), "{judged} {unjudged}");
        }
        assert!(mostly_known(1, 0) && !mostly_known(0, 1));
    }

    #[test]
    fn numbers_beyond_their_type_are_out_of_range() {
        let (most, beyond) = (i128::from(i64::MAX), i128::from(i64::MAX) + 1);
        let out = unknown("out_of_range");
        assert_eq!(share(most, most), Value::Share { part: i64::MAX, whole: i64::MAX });
        assert_eq!((share(beyond, 1), share(1, beyond)), (out.clone(), out.clone()));
        assert_eq!((share(1, 0), share(beyond, 0)), (nobody(), nobody()));
        assert_eq!(of_unit(Unit::Securities, 3), Value::Count { count: 3 });
        assert_eq!(of_unit(Unit::Ppm, most), Value::Ratio { ppm: i64::MAX });
        assert_eq!(of_unit(Unit::Ppm, beyond), out);
        let reasons = [nobody(), no_data()].map(|value| format!("{value:?}"));
        assert!(reasons[0].contains("empty_population") && reasons[1].contains("no_data"));
    }
}
