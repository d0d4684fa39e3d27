//! What can be wrong with lists of groups and of index members, in the wording of findings.

use fupan_market::FindingKind;

use super::topics::{Cost, Said, Topic};

pub(crate) const CUT_SHORT: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "An answer of the site has fewer rows than it says there are; the others are not in the \
             file",
        zh: "网站的应答少于它自己写明的总数，其余的行不在文件中",
    },
    hint: Said {
        en: "The site gives at most a hundred rows a page: fetch every page, a file for each board \
             or all pages in one list.",
        zh: "网站每页最多给出一百行：请取全各页，每个板块一个文件，或把各页并为一个列表。",
    },
    cost: Cost::Lost,
};

pub(crate) const NO_MEMBERS: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said { en: "The site has no members of boards", zh: "网站没有给出板块的成份" },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(crate) const NO_BOARD_NAME: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Boards have a code and no name; the code stands for it",
        zh: "板块只有代码没有名称，以代码代替",
    },
    hint: Said {
        en: "Put the list of boards, with f12 and f14, beside the members: a folder is one import.",
        zh: "请把含f12、f14的板块列表放在同一文件夹中，一并导入该文件夹。",
    },
    cost: Cost::Kept,
};

pub(crate) const NAME_OF_TWO_BOARDS: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Two boards have one name; to tell them apart, each is named with its code behind it",
        zh: "两个板块同名；为加以区分，名称后附上代码",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(crate) const BOARD_OF_TWO_NAMES: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "A board has two names; the first in order is used",
        zh: "同一板块有两个名称；采用排在前面的一个",
    },
    hint: Said {
        en: "The files may be of two dates: import each with its own --as-of.",
        zh: "文件可能属于两个日期：请分别导入，各自写明--as-of。",
    },
    cost: Cost::Kept,
};

pub(crate) const NO_MEMBER: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Entries of a board's members have no code and were left out",
        zh: "板块成份中的条目没有代码，未导入",
    },
    hint: Said {
        en: "A member is six digits, or an object with f12, code or symbol.",
        zh: "成份应为六位代码，或含有f12、code、symbol之一的对象。",
    },
    cost: Cost::Lost,
};

pub(crate) const IN_NO_GROUP: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "The list has securities in no group; what an earlier list says of them ends",
        zh: "名单中有证券不属于任何分组，此前名单中的归属到此为止",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(crate) const TWICE_AT_ONCE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "A security is in one group twice at a time; the later rows were left out",
        zh: "同一证券在同一分组的起止日期互相重叠，后面的行未导入",
    },
    hint: Said {
        en: "Let a membership end before the next begins: `to` is the first day no longer in it.",
        zh: "请让一段归属在下一段开始之前结束：`to`是不再属于该分组的第一天。",
    },
    cost: Cost::Lost,
};

pub(crate) const CODE_OF_SHENZHEN: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Lists name an index by its Shenzhen code; they were stored under that of Shanghai",
        zh: "名单以深圳代码称呼指数，已存入对应的上海代码",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(crate) const BARS_OF_SHENZHEN: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Bars are of the Shenzhen code of an index that a review follows by its Shanghai code",
        zh: "日线用的是指数的深圳代码，而复盘用的是该指数的上海代码",
    },
    hint: Said {
        en: "They are kept under their own code; import those of the Shanghai code too (000300.SH \
             for 399300.SZ).",
        zh: "已按原代码存入；请另行导入上海代码的日线（399300.SZ对应000300.SH）。",
    },
    cost: Cost::Kept,
};
