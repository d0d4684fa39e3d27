//! What can be wrong with a row, in the words that findings use.

use fupan_market::FindingKind;

use crate::findings::Topic;

pub(crate) const UNREADABLE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: "Values could not be read and their rows were left out",
    hint: "Correct the file, or the column's unit or style in the recipe.",
};

pub(crate) const UNREADABLE_VALUE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: "Values could not be read and were left out; their rows were kept",
    hint: "Correct the file, or the column's unit or style in the recipe.",
};

pub(crate) const EMPTY: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: "Rows lack a value that they need and were left out",
    hint: "Correct the file, or map another column in the recipe.",
};

pub(crate) const UNKNOWN_SYMBOL: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: "Symbols are malformed or in no known code range; their rows were left out",
    hint: "Give the recipe the file's symbol `style`; a vendor's own codes cannot be imported.",
};

pub(crate) const OTHER_KIND: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: "Securities that the recipe's tables do not hold were left out",
    hint: "",
};

pub(crate) const NOT_A_SESSION: Topic = Topic {
    kind: FindingKind::NotASession,
    what: "Dates are no sessions; their rows were left out",
    hint: "Look these days up in another source.",
};

pub(crate) const OUT_OF_CALENDAR: Topic = Topic {
    kind: FindingKind::NotASession,
    what: "Dates lie outside the years that the calendar knows; their rows were left out",
    hint: "",
};

pub(crate) const BEFORE_BSE: Topic = Topic {
    kind: FindingKind::MissingData,
    what: "Rows of Beijing symbols before 2021-11-15 are NEEQ trading under today's codes, not \
           sessions of the exchange, and were left out",
    hint: "",
};

pub(crate) const NO_PRICE: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: "Traded rows lack a price or hold zero; they were left out",
    hint: "Look these rows up in another source.",
};

pub(crate) const DISORDERED: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: "High lies below, or low above, another price of the row; the rows were left out",
    hint: "Look these rows up in another source.",
};

pub(crate) const SENTINEL: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: "Traded rows hold a price that stands for none, such as 99999.99; they were left out",
    hint: "Look these rows up in another source.",
};

pub(crate) const NO_TRADING: Topic = Topic {
    kind: FindingKind::NotASession,
    what: "Times lie outside the hours in which the security can have traded; their rows were \
           left out",
    hint: "Times are Shanghai time and end what a row speaks of; check the recipe's `time`.",
};

pub(crate) const NO_SHARES: Topic = Topic {
    kind: FindingKind::MissingData,
    what: "Rows state no share count (zero); they were left out",
    hint: "",
};

pub(crate) const FLOAT_ABOVE_TOTAL: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: "Float shares exceed total shares; the rows were left out",
    hint: "Check which column holds which count.",
};
