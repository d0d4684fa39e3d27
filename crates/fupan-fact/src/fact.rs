//! A figure and its provenance.

use std::sync::Arc;

use fupan_market::{Finding, RulebookVersion};
use serde::{Deserialize, Serialize};

use crate::{FactKey, Value};

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The key: which figure it is.
    pub key: FactKey,
    /// The value.
    pub value: Value,
    /// Where the value comes from and how exact it is.
    pub provenance: Provenance,
}

/// Where a figure comes from: its value is a function of this and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The stored data it was computed from, in order. The facts of a set share one slice.
    #[serde(with = "shared")]
    pub inputs: Arc<[InputRef]>,
    /// How much of the population it covers.
    pub coverage: Coverage,
    /// Whether it is exact.
    pub basis: Basis,
    /// The exchange rules it was computed under.
    pub rulebook: RulebookVersion,
    /// The version of the measure's definition.
    pub measure_version: u32,
    /// What a reader must know about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// One piece of stored data: all rows of a source in a table that came from one import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InputRef {
    /// The store's table, such as `daily_bar`.
    pub table: String,
    /// The source's name, such as `tushare`.
    pub source: String,
    /// BLAKE3 digest of the imported file, in hex.
    pub digest: String,
}

/// How much of its population a figure covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Securities (or sessions) that were judged: the denominator.
    pub judged: u64,
    /// Members of the population that could not be judged.
    pub unjudged: u64,
}

/// Whether a figure is exact. If several variants apply, the last one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Every input is reported by its source.
    Exact,
    /// Previous closes behind it are not reported and were taken from the last traded close. An
    /// ex-rights day among them would show as a fall.
    Derived,
    /// The membership of its group is known only from a later date.
    Restated,
    /// At least one input is an estimate, and the text must say so.
    Estimated,
    /// The data lack securities or sessions that belong to the figure, or what is needed to judge
    /// many of its securities. It is right for the data present; complete data would yield another
    /// figure.
    Partial,
    /// There is no value, so exactness does not apply.
    None,
}

impl Basis {
    /// All bases, in order.
    pub const ALL: [Basis; 6] = [
        Basis::Exact,
        Basis::Derived,
        Basis::Restated,
        Basis::Estimated,
        Basis::Partial,
        Basis::None,
    ];

    /// The identifier in tables and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Basis::Exact => "exact",
            Basis::Derived => "derived",
            Basis::Restated => "restated",
            Basis::Estimated => "estimated",
            Basis::Partial => "partial",
            Basis::None => "none",
        }
    }

    /// The basis of a figure: this one if it has a value, else `Basis::None`.
    pub fn of(self, value: &Value) -> Basis {
        match value {
            Value::Unknown { .. } => Basis::None,
            _ => self,
        }
    }

    /// The basis with an identifier.
    pub fn of_id(id: &str) -> Option<Basis> {
        Basis::ALL.into_iter().find(|basis| basis.id() == id)
    }
}

/// Serialises a shared slice in place, as if it were owned.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(
        shared: &Arc<[T]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        shared.as_ref().serialize(serializer)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<[T]>, D::Error> {
        Vec::deserialize(deserializer).map(Arc::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_value_has_no_basis() {
        let unknown = Value::Unknown { reason: "no_data".to_owned() };
        for basis in Basis::ALL {
            assert_eq!(basis.of(&unknown), Basis::None);
            assert_eq!(basis.of(&Value::Count { count: 0 }), basis);
        }
    }

    /// Tables and other programs identify a basis by this word.
    #[test]
    fn a_basis_is_known_by_its_word() {
        let ids = ["exact", "derived", "restated", "estimated", "partial", "none"];
        assert_eq!(Basis::ALL.map(Basis::id), ids);
        for (basis, id) in Basis::ALL.into_iter().zip(ids) {
            assert_eq!(Basis::of_id(id), Some(basis));
            assert_eq!(serde_json::to_string(&basis).unwrap(), format!("\"{id}\""));
        }
        assert_eq!(Basis::of_id("Exact"), None);
    }
}
