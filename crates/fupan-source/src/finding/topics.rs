//! What can be wrong with a row, in the wording of findings.

use fupan_market::{FindingKind, Wording};

/// What a finding is about. Findings of one topic are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Topic {
    pub kind: FindingKind,
    /// One sentence without a full stop; examples follow it after a colon.
    pub what: Said,
    pub hint: Said,
    pub cost: Cost,
}

/// What happens to a row noted under a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cost {
    /// The row is kept, or it held nothing.
    Kept,
    /// The row is of a kind that no table holds, and is skipped.
    NotCovered,
    /// The row belongs in the store and is missing from it.
    Lost,
}

/// Fixed wording in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    pub en: &'static str,
    pub zh: &'static str,
}

impl Said {
    pub const NONE: Said = Said { en: "", zh: "" };

    pub fn wording(self) -> Wording {
        Wording::new(self.en, self.zh)
    }
}

/// `Ok` if a row is kept; otherwise the topic to note it under, and the table's column at fault.
pub(crate) type Checked = Result<(), (Topic, &'static str)>;

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
    cost: Cost::Lost,
};

pub(crate) const UNREADABLE_VALUE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Values could not be read and were left out", zh: "值无法读取，未采用"
    },
    hint: Said {
        en: "Correct the file, or the column's unit or style in the recipe.",
        zh: "请更正文件，或更正配方中该列的单位或写法。",
    },
    cost: Cost::Kept,
};

pub(crate) const EMPTY: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Rows lack a required value and were left out", zh: "行缺少必需的值，未导入"
    },
    hint: Said {
        en: "Correct the file, or map another column in the recipe.",
        zh: "请更正文件，或在配方中改用另一列。",
    },
    cost: Cost::Lost,
};

pub(crate) const UNKNOWN_SYMBOL: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Symbols are malformed or in no known code range; their rows were left out",
        zh: "代码格式不对，或不在已知号段内，所在行未导入",
    },
    hint: Said {
        en: "Set the file's symbol `style` in the recipe; a vendor's own codes cannot be imported.",
        zh: "请在配方中写明文件所用的代码写法（style）；供应商自编的代码无法导入。",
    },
    cost: Cost::Lost,
};

pub(crate) const OTHER_KIND: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Securities that the recipe's tables do not hold were left out",
        zh: "配方所填的表不收这类证券，未导入",
    },
    hint: Said::NONE,
    cost: Cost::NotCovered,
};

pub(crate) const NO_INDEX: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Codes are not those of an index of Shanghai, Shenzhen or Beijing; their rows were left \
             out",
        zh: "代码不是沪、深、北交易所的指数代码，所在行未导入",
    },
    hint: Said {
        en: "Set style = \"bare-index\" in the recipe for six digits alone; indices that the \
             exchanges do not publish, such as 93xxxx and Hxxxxx, cannot be imported.",
        zh: "只有六位数字的，请在配方中写style = \"bare-index\"；不在交易所发布的指数（如93xxxx、\
             Hxxxxx）无法导入。",
    },
    cost: Cost::Lost,
};

pub(crate) const ABOVE_WHOLE: Topic = Topic {
    kind: FindingKind::SuspectUnits,
    what: Said {
        en: "Weights are more than 100 %; their rows were left out",
        zh: "权重大于100%，所在行未导入",
    },
    hint: Said {
        en: "Is the weight in percent where the recipe says fraction?",
        zh: "权重是否以百分数书写，而配方写的是`fraction`？",
    },
    cost: Cost::Lost,
};

pub(crate) const NO_CODE_CHANGE: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "The old and new codes are the same or on different boards; their rows were left out",
        zh: "新旧代码相同，或不属于同一板块，所在行未导入",
    },
    hint: Said {
        en: "A move to another board is a new listing, not a code change.",
        zh: "转板属于重新上市，不是代码变更。",
    },
    cost: Cost::NotCovered,
};

pub(crate) const NOT_A_SESSION: Topic = Topic {
    kind: FindingKind::NotASession,
    what: Said {
        en: "Dates are not trading sessions; their rows were left out",
        zh: "日期不是交易日，所在行未导入",
    },
    hint: Said {
        en: "Check these dates against another source.",
        zh: "请用另一来源核对这些日期。",
    },
    cost: Cost::NotCovered,
};

pub(crate) const OUT_OF_CALENDAR: Topic = Topic {
    kind: FindingKind::NotASession,
    what: Said {
        en: "Dates are outside the years that the calendar covers; their rows were left out",
        zh: "日期超出日历所知的年份，所在行未导入",
    },
    hint: Said::NONE,
    cost: Cost::Lost,
};

pub(crate) const BEFORE_BSE: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows of Beijing symbols before 2021-11-15 are NEEQ trading under today's codes, not \
           sessions of the exchange, and were left out",
        zh: "北交所代码在2021-11-15之前的行是以今日代码记录的新三板成交，不是北交所的交易日，未导入",
    },
    hint: Said::NONE,
    cost: Cost::NotCovered,
};

pub(crate) const NO_PRICE: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Rows with trades lack a price or have a price of zero; they were left out",
        zh: "有成交的行缺少价格或价格为零，未导入",
    },
    hint: Said {
        en: "Check these rows against another source.", zh: "请用另一来源核对这些行。"
    },
    cost: Cost::Lost,
};

pub(crate) const NO_LEVEL: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Rows of indices lack a level or have a level of zero; they were left out",
        zh: "指数行缺少点位或点位为零，未导入",
    },
    hint: NO_PRICE.hint,
    cost: Cost::Lost,
};

pub(crate) const NO_LEVEL_YET: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Rows of indices are from before the first level of the session; they were left out",
        zh: "指数行早于当日第一个点位，未导入",
    },
    hint: Said::NONE,
    cost: Cost::NotCovered,
};

pub(crate) const DISORDERED: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "The high is below, or the low above, another price of the row; the rows were left out",
        zh: "最高价低于、或最低价高于同一行的其他价格，未导入",
    },
    hint: Said {
        en: "Check these rows against another source.", zh: "请用另一来源核对这些行。"
    },
    cost: Cost::Lost,
};

pub(crate) const SENTINEL: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Rows with trades have a placeholder price, such as 99999.99; they were left out",
        zh: "有成交的行带有代表“无价格”的占位值（如99999.99），未导入",
    },
    hint: Said {
        en: "Check these rows against another source.", zh: "请用另一来源核对这些行。"
    },
    cost: Cost::Lost,
};

pub(crate) const NO_TRADING: Topic = Topic {
    kind: FindingKind::NotASession,
    what: Said {
        en: "Times are outside the hours in which the security can trade; their rows were left out",
        zh: "时间不在该证券可能成交的时段内，所在行未导入",
    },
    hint: Said {
        en: "Times are Shanghai time and mark the end of the row's period; check the recipe's \
             `time`.",
        zh: "时间按上海时间，指该行所述时段的末尾；请检查配方中的time列。",
    },
    cost: Cost::Lost,
};

pub(crate) const NO_SHARES: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows have a share count of zero; they were left out",
        zh: "行中股本为零，未导入",
    },
    hint: Said::NONE,
    cost: Cost::NotCovered,
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
    cost: Cost::Lost,
};

pub(crate) const TRADE_WITHOUT_SESSION: Topic = Topic {
    kind: FindingKind::NotASession,
    what: Said {
        en: "Rows with trades are dated on days that are not sessions; they were left out",
        zh: "有成交的行日期不是交易日，未导入",
    },
    hint: Said {
        en: "Are the dates shifted, for example by a time zone? Check them against another source.",
        zh: "日期是否因时区等原因错位？请用另一来源核对。",
    },
    cost: Cost::Lost,
};

pub(crate) const PERHAPS_UNIVERSAL: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Dates carry the time 16:00 without a time zone: either midnight in Shanghai in UTC, \
             or an hour after the close; their rows were left out",
        zh: "日期带有16:00而未注明时区：可能是以UTC记录的上海零点，也可能是收盘后一小时；所在行未导入",
    },
    hint: Said {
        en: "Set zone = \"UTC\" or zone = \"Asia/Shanghai\" for the column in the recipe.",
        zh: "请在配方中为该列写明 zone = \"UTC\" 或 zone = \"Asia/Shanghai\"。",
    },
    cost: Cost::Lost,
};

pub(crate) const UNREADABLE_DATE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Dates could not be read and their rows were left out",
        zh: "日期无法读取，所在行未导入",
    },
    hint: Said {
        en: "Dates are read as 2026-02-12, 2026/2/12, 20260212 or 2026年2月12日; seconds or milliseconds since 1970 need style = \"epoch-s\" or \"epoch-ms\" in the recipe.",
        zh: "可读的日期写法：2026-02-12、2026/2/12、20260212、2026年2月12日；自1970年起的秒数或毫秒数需在配方中写明 style = \"epoch-s\" 或 \"epoch-ms\"。",
    },
    cost: Cost::Lost,
};

pub(crate) const ZEROS_CUT: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Codes have lost their leading zeros (spreadsheets read them as numbers); their rows \
             were left out",
        zh: "代码丢失了开头的零（表格软件把它当作数字），所在行未导入",
    },
    hint: Said {
        en: "Write style = \"bare-stock-padded\" in the recipe to pad them, or export the code as \
             text.",
        zh: "请在配方中写 style = \"bare-stock-padded\" 以补足，或把代码导出为文本。",
    },
    cost: Cost::Lost,
};

pub(crate) const CONTRADICTED: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Rows have no volume, but have turnover or prices that moved; they were left out",
        zh: "行中没有成交量，却有成交额或变动的价格，未导入",
    },
    hint: Said {
        en: "Check these rows against another source.", zh: "请用另一来源核对这些行。"
    },
    cost: Cost::Lost,
};

pub(crate) const LEFT_BEFORE_COMING: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Securities leave a group no later than they enter it; their rows were left out",
        zh: "证券剔除日期不晚于纳入日期，行未导入",
    },
    hint: Said {
        en: "Check these dates against another source.",
        zh: "请用另一来源核对这些日期。",
    },
    cost: Cost::Lost,
};

pub(crate) const LEFT_WITHOUT_COMING: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Securities leave a group on a date but have none on which they joined it; their \
             rows were left out",
        zh: "证券有剔除日期而没有纳入日期，行未导入",
    },
    hint: Said {
        en: "The columns of both dates may be swapped, in the file or in the recipe.",
        zh: "纳入日期列与剔除日期列可能互换了，请核对文件与配方。",
    },
    cost: Cost::Lost,
};

pub(crate) const NO_GROUP: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows name no group; whether their securities are in one is not known",
        zh: "行未写明任何分组，其证券是否属于某一分组不详",
    },
    hint: Said {
        en: "A terminal exports what it has loaded: scroll through the column first, or import \
             the lists of several days.",
        zh: "终端只导出已加载的内容：请先翻看该列，或一并导入几日的名单。",
    },
    cost: Cost::Kept,
};

pub(crate) const TWO_INDUSTRIES: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "A security is in a second industry of one list; the rows were left out",
        zh: "同一名单中证券属于第二个行业，行未导入",
    },
    hint: Said {
        en: "The columns of industries and concepts may be swapped, in the file or in the recipe.",
        zh: "行业列与概念列可能互换了，请核对文件与配方。",
    },
    cost: Cost::Lost,
};

pub(crate) const NO_KIND: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Groups are of no known kind; their rows were left out",
        zh: "分组的类别不能识别，行未导入",
    },
    hint: Said {
        en: "Write kind = { constant = \"concept\" } (or \"industry\" or \"style\") in the recipe.",
        zh: "请在配方中写`kind = { constant = \"concept\" }`（或`\"industry\"`、`\"style\"`）。",
    },
    cost: Cost::Lost,
};

pub(crate) const NAMED_BY_CODE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Industry names are codes; their rows were left out",
        zh: "行业名称是代码，行未导入",
    },
    hint: Said {
        en: "The columns of codes and names may be swapped, in the file or in the recipe.",
        zh: "代码列与名称列可能互换了，请核对文件与配方。",
    },
    cost: Cost::Lost,
};

pub(crate) const CODE_OF_TWO_NAMES: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "A group's code has a different name than in an earlier row; the rows were left out",
        zh: "同一分组代码的名称与前面的行不同，行未导入",
    },
    hint: LEVELS_EXCHANGED,
    cost: Cost::Lost,
};

pub(crate) const IN_TWO_INDUSTRIES: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "An industry has a different parent industry than in an earlier row; the rows were \
             left out",
        zh: "细分行业所属的上级行业与前面的行不同，行未导入",
    },
    hint: LEVELS_EXCHANGED,
    cost: Cost::Lost,
};

const LEVELS_EXCHANGED: Said = Said {
    en: "Columns of two levels may be swapped, in the file or in the recipe.",
    zh: "不同级别的列可能互换了，请核对文件与配方。",
};

pub(crate) const TURNOVER_ASTRAY: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Turnover divided by volume is far outside the prices of the row; the rows were left \
             out",
        zh: "成交额除以成交量远在该行价格之外，未导入",
    },
    hint: Said {
        en: "Check these rows against another source.", zh: "请用另一来源核对这些行。"
    },
    cost: Cost::Lost,
};

pub(crate) const OUTSIZED: Topic = Topic {
    kind: FindingKind::InconsistentPrices,
    what: Said {
        en: "Volume times price is more than any A-share has traded in a session; the rows were left out",
        zh: "成交量乘以价格超过任何A股单日成交，未导入",
    },
    hint: Said {
        en: "Is the volume in a different unit than the recipe says?",
        zh: "成交量的单位是否与配方不符？",
    },
    cost: Cost::Lost,
};

pub(crate) const FEWER_FIELDS: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Records have fewer fields than the header; they were left out",
        zh: "记录的字段少于表头，未导入",
    },
    hint: Said {
        en: "Is the file cut off, or a line broken in two? Fetch it again.",
        zh: "文件是否被截断，或一行断成两行？请重新获取。",
    },
    cost: Cost::Lost,
};

pub(crate) const MORE_FIELDS: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Records have more fields than the header; they were left out",
        zh: "记录的字段多于表头，未导入",
    },
    hint: Said {
        en: "Is a delimiter inside a value that is not quoted? Correct the file.",
        zh: "未加引号的值里是否含有分隔符？请更正文件。",
    },
    cost: Cost::Lost,
};

pub(crate) const OPEN_QUOTE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "A quotation mark is not closed on its line and swallows the lines after it; they were \
             left out",
        zh: "引号在行内没有闭合，吞掉了后面的行，未导入",
    },
    hint: Said {
        en: "Remove the stray quotation mark from the file.",
        zh: "请删去文件中多余的引号。",
    },
    cost: Cost::Lost,
};

pub(crate) const HEADER_AGAIN: Topic = Topic {
    kind: FindingKind::DuplicateRow,
    what: Said {
        en: "The header appears again among the rows, as in concatenated files; it was skipped",
        zh: "表头在数据中再次出现（多个文件拼接而成），已略过",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(crate) const FOOTER: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "A line after the rows is a source note or a remark; it was skipped",
        zh: "数据之后有来源说明或备注，已略过",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(crate) const NO_LINE_END: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "The last line has no line end, but the others do: its last value may be cut off; the \
             row was kept",
        zh: "最后一行没有换行符而其他行都有：其最后一个值可能被截断；已保留",
    },
    hint: Said {
        en: "Compare the last row with another source.",
        zh: "请用另一来源核对最后一行。",
    },
    cost: Cost::Kept,
};

pub(crate) const ROUNDED: Topic = Topic {
    kind: FindingKind::SuspectUnits,
    what: Said {
        en: "Values are written in 万 or 亿 or in scientific notation (1.2E+08), and so are \
             rounded",
        zh: "数值以万、亿或科学计数法（1.2E+08）书写，因而是四舍五入的",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(crate) const OTHER_FILE: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "The folder has files that the recipe cannot read; they were left out",
        zh: "文件夹中有配方读不了的文件，未导入",
    },
    hint: Said {
        en: "Move them out of the folder, or check what is wrong with them.",
        zh: "请把它们移出文件夹，或检查其内容。",
    },
    cost: Cost::Lost,
};

pub(crate) const OTHER_ROWS: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Rows about something else than the recipe reads were left out",
        zh: "配方不收的其他行，未导入",
    },
    hint: Said::NONE,
    cost: Cost::NotCovered,
};

pub(crate) const REFUSED_VALUE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Rows have a different value than the recipe requires; they were left out",
        zh: "行中的值不是配方要求的值，未导入",
    },
    hint: Said::NONE,
    cost: Cost::Lost,
};
