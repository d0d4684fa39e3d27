//! Findings: what is wrong or missing in data, as a value with a place and a hint.

use serde::{Deserialize, Serialize};

use crate::Wording;

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A field could not be read; the row was left out.
    UnreadableField,
    /// A symbol is unknown or malformed; the row was left out.
    UnknownSymbol,
    /// The same symbol and session occur twice in one file; the first was kept.
    DuplicateRow,
    /// The date is not a session of the exchange; the row was left out.
    NotASession,
    /// High below open, close or low, or low above one of them; the row was left out.
    InconsistentPrices,
    /// Turnover per share lies outside the session's range: the units are probably wrong.
    SuspectUnits,
    /// A price is outside every limit that its day could have.
    LimitBreach,
    /// Turnover is not in the data and was estimated from prices and volume.
    EstimatedTurnover,
    /// The previous close is not in the data and was taken from the last traded close.
    DerivedPrevClose,
    /// No risk-warning (ST) status is known for the session, and a count depends on it.
    UnknownStatus,
    /// Names contradict each other, or the day's prices, about a status.
    StatusConflict,
    /// No price limit could be determined.
    UnknownLimit,
    /// Data for a market, exchange or table is missing.
    MissingData,
    /// Securities that should be in a session are missing from it.
    PartialSession,
    /// Two sources hold the same rows with different values.
    SourceConflict,
    /// Another source holds the same rows with the same values as the one that is used.
    SourcesCompared,
    /// The date is after the day of the import, so nothing can have traded on it yet; the row was
    /// kept.
    AheadOfTime,
}

/// Where in a file something was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file's path as passed to the reader.
    pub file: String,
    /// The row, counted from one without the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The column's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// Something a reader of the figures must know about the data behind them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// How many rows or securities it concerns.
    pub count: u64,
    /// The symbol, exchange or table it concerns; empty if it concerns all.
    pub subject: String,
    /// What was seen, one sentence.
    pub detail: Wording,
    /// What the reader can do about it, one sentence; empty if nothing can be done.
    pub hint: Wording,
    /// The first place it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}
