//! What can be wrong with a row of a fund.

use fupan_market::FindingKind;

use crate::finding::{Cost, Said, Topic};

pub(crate) const VOLUME_UNKNOWN: Topic = Topic {
    kind: FindingKind::SuspectUnits,
    what: Said {
        en: "Funds have a volume without turnover: nothing tells whether it is in shares or in lots, \
             and the rows were left out",
        zh: "基金行有成交量而没有成交额：无从判断成交量以份计还是以手计，未导入",
    },
    hint: Said {
        en: "Import these days from a file that states its unit.",
        zh: "这些日期请改用写明单位的文件导入。",
    },
    cost: Cost::NotCovered,
};

pub(crate) const IN_LOTS: Topic = Topic {
    kind: FindingKind::SuspectUnits,
    what: Said {
        en: "The volume of funds is in lots of 100: only so does it fit their turnover; it was \
             converted",
        zh: "基金的成交量以手计：只有这样才与成交额相符；已换算",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};
