//! What can be wrong with the answers of a vendor's interface, in the wording of findings.

use fupan_market::FindingKind;

use super::topics::{Cost, Said, Topic};

pub(crate) const PAGES_MISSING: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "The answers have fewer rows than the vendor says there are; the others are in no file",
        zh: "应答的行数少于对方写明的总数，其余的行不在任何文件中",
    },
    hint: Said {
        en: "The vendor gives few rows a page: fetch every page.",
        zh: "对方每页给出的行数有限：请取全各页。",
    },
    cost: Cost::Lost,
};

pub(crate) const OTHER_DAY: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Rows with trade are of an earlier day than the others, or say no day; they were left out",
        zh: "有成交的行属于更早的日期，或没有写明日期，未导入",
    },
    hint: Said {
        en: "The vendor had not brought them up to date: fetch them again.",
        zh: "对方尚未更新这些行：请重新获取。",
    },
    cost: Cost::Lost,
};

pub(crate) const STILL: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows without trade do not say that they are of the session; they were left out",
        zh: "没有成交的行没有写明属于该交易日，未导入",
    },
    hint: Said {
        en: "They are shares that are suspended, were delisted or are not listed yet; the answer does \
             not say which.",
        zh: "这些证券可能停牌、已退市或尚未上市；应答没有写明是哪一种。",
    },
    cost: Cost::Kept,
};

pub(crate) const OLD_CODE: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Codes of Beijing that were replaced on 2025-10-09 are answered with an old price; they \
             were left out",
        zh: "2025-10-09起停用的北交所旧代码仍返回旧价格，未导入",
    },
    hint: Said {
        en: "Ask for the code of 920xxx in its place.", zh: "请改用920xxx代码请求。"
    },
    cost: Cost::Kept,
};

pub(crate) const BEFORE_CLOSE: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows with trade were last changed before the close; they are read as whole days",
        zh: "有成交的行最后更新于收盘之前，按全天行情读取",
    },
    hint: Said {
        en: "They are shares that were halted for the rest of the day, or rows that the vendor had \
             not brought up to date: compare them with another source.",
        zh: "可能是盘中停牌至收盘的证券，也可能是对方尚未更新：请与另一来源对照。",
    },
    cost: Cost::Kept,
};
