//! What can be wrong with a row, in the words that findings use.

use fupan_market::FindingKind;

use crate::findings::{Said, Topic};

pub(crate) const UNREADABLE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Values could not be read and their rows were left out",
        zh: "值无法读取，所在行未导入",
    },
    hint: Said {
        en: "Correct the file, or the column's unit or style in the recipe.",
        zh: "请更正文件，或更正配方中该列的单位或写法。",
    },
};

pub(crate) const UNREADABLE_VALUE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Values could not be read and were left out; their rows were kept",
        zh: "值无法读取，未采用；所在行已保留",
    },
    hint: Said {
        en: "Correct the file, or the column's unit or style in the recipe.",
        zh: "请更正文件，或更正配方中该列的单位或写法。",
    },
};

pub(crate) const EMPTY: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Rows lack a value that they need and were left out",
        zh: "行缺少必需的值，未导入",
    },
    hint: Said {
        en: "Correct the file, or map another column in the recipe.",
        zh: "请更正文件，或在配方中改用另一列。",
    },
};

pub(crate) const UNKNOWN_SYMBOL: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Symbols are malformed or in no known code range; their rows were left out",
        zh: "代码格式不对，或不在已知号段内，所在行未导入",
    },
    hint: Said {
        en: "Give the recipe the file's symbol `style`; a vendor's own codes cannot be imported.",
        zh: "请在配方中写明文件所用的代码写法（style）；供应商自编的代码无法导入。",
    },
};

pub(crate) const OTHER_KIND: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Securities that the recipe's tables do not hold were left out",
        zh: "配方所填的表不收这类证券，未导入",
    },
    hint: Said::NONE,
};

pub(crate) const NOT_A_SESSION: Topic = Topic {
    kind: FindingKind::NotASession,
    what: Said {
        en: "Dates are no sessions; their rows were left out",
        zh: "日期不是交易日，所在行未导入",
    },
    hint: Said {
        en: "Look these days up in another source.", zh: "请用另一来源核对这些日期。"
    },
};

pub(crate) const OUT_OF_CALENDAR: Topic = Topic {
    kind: FindingKind::NotASession,
    what: Said {
        en: "Dates lie outside the years that the calendar knows; their rows were left out",
        zh: "日期超出日历所知的年份，所在行未导入",
    },
    hint: Said::NONE,
};

pub(crate) const BEFORE_BSE: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows of Beijing symbols before 2021-11-15 are NEEQ trading under today's codes, not \
           sessions of the exchange, and were left out",
        zh: "北交所代码在2021-11-15之前的行是以今日代码记录的新三板成交，不是北交所的交易日，未导入",
    },
    hint: Said::NONE,
};

pub(crate) const NO_PRICE: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Traded rows lack a price or hold zero; they were left out",
        zh: "有成交的行缺少价格或价格为零，未导入",
    },
    hint: Said {
        en: "Look these rows up in another source.", zh: "请用另一来源核对这些行。"
    },
};

pub(crate) const DISORDERED: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "High lies below, or low above, another price of the row; the rows were left out",
        zh: "最高价低于、或最低价高于同一行的其他价格，未导入",
    },
    hint: Said {
        en: "Look these rows up in another source.", zh: "请用另一来源核对这些行。"
    },
};

pub(crate) const SENTINEL: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Traded rows hold a price that stands for none, such as 99999.99; they were left out",
        zh: "有成交的行带有代表“无价格”的占位值（如99999.99），未导入",
    },
    hint: Said {
        en: "Look these rows up in another source.", zh: "请用另一来源核对这些行。"
    },
};

pub(crate) const NO_TRADING: Topic = Topic {
    kind: FindingKind::NotASession,
    what: Said {
        en: "Times lie outside the hours in which the security can have traded; their rows were \
           left out",
        zh: "时间不在该证券可能成交的时段内，所在行未导入",
    },
    hint: Said {
        en: "Times are Shanghai time and end what a row speaks of; check the recipe's `time`.",
        zh: "时间按上海时间，指该行所述时段的末尾；请检查配方中的time列。",
    },
};

pub(crate) const NO_SHARES: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows state no share count (zero); they were left out",
        zh: "行中股本为零，未导入",
    },
    hint: Said::NONE,
};

pub(crate) const FLOAT_ABOVE_TOTAL: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Float shares exceed total shares; the rows were left out",
        zh: "流通股本大于总股本，未导入",
    },
    hint: Said {
        en: "Check which column holds which count.", zh: "请检查两列各是哪一个股本。"
    },
};
