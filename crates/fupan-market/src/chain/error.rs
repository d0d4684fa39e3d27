//! What can be wrong with the text of a chain.

use std::error::Error;
use std::fmt;

use crate::{InLanguage, SessionDateError, Symbol, SymbolError, Wording};

/// Why a text is not a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainError {
    /// It is no TOML, or lacks a field, or has one that no chain has.
    Unreadable {
        /// The line, the first being 1; 0 if none is known.
        line: usize,
        /// What the TOML library says.
        said: String,
    },
    /// It is too large.
    TooLarge(SizeLimit),
    /// The chain's identifier is no lower-case word with hyphens.
    Id(String),
    /// The chain's name is empty in a language.
    NoName,
    /// It has no segments.
    NoSegments,
    /// A text of it has a character that cannot be seen; the text, with the character's number.
    Hidden(String),
    /// A name has more than [`Chain::NAME_MAX`](crate::Chain::NAME_MAX) characters.
    LongName(String),
    /// It names securities, but not the date of what it says of them.
    NoDate,
    /// The date of the securities that it names is none.
    Date(SessionDateError),
    /// A layer is wrong.
    Layer {
        /// The layer's number.
        number: u8,
        /// What is wrong with it.
        fault: LayerFault,
    },
    /// A segment is wrong.
    Segment {
        /// The segment's identifier.
        segment: String,
        /// What is wrong with it.
        fault: SegmentFault,
    },
    /// An edge is wrong.
    Edge {
        /// The identifier of the segment it comes from.
        from: String,
        /// The identifier of the segment it goes to.
        to: String,
        /// What is wrong with it.
        fault: EdgeFault,
    },
    /// These segments lead back to the first of them, by their identifiers.
    Cycle(Vec<String>),
    /// Another spelling of a group's name is wrong.
    Spelling {
        /// The name or the other spelling.
        name: String,
        /// What is wrong with it.
        fault: SpellingFault,
    },
}

/// What a text has too much of, and how much it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeLimit {
    /// More than [`Chain::BYTES_MAX`](crate::Chain::BYTES_MAX) bytes.
    Bytes(usize),
    /// More than [`Chain::SEGMENTS_MAX`](crate::Chain::SEGMENTS_MAX) segments.
    Segments(usize),
    /// More than [`Chain::SECURITIES_MAX`](crate::Chain::SECURITIES_MAX) named securities.
    Securities(usize),
}

/// What is wrong with a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerFault {
    /// Its name is empty in a language.
    NoName,
    /// Its number occurs twice.
    Twice,
}

/// What is wrong with a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentFault {
    /// Its identifier is no lower-case word with hyphens.
    Id,
    /// Its identifier occurs twice.
    Twice,
    /// Its name is empty in a language.
    NoName,
    /// It is in a layer that the chain does not have.
    NoLayer(u8),
    /// It has neither groups nor named securities.
    NoMembers,
    /// The name of a group is empty.
    EmptyGroup,
    /// A group occurs twice where once says it, or is both taken and excepted.
    GroupTwice(String),
    /// A set of `all_of` has fewer than two groups.
    NotSeveral,
    /// A named security is no symbol.
    Symbol(SymbolError),
    /// What is named as a security is no A-share.
    NoShare(Symbol),
    /// A security is named twice.
    SecurityTwice(Symbol),
    /// A named security has no evidence in a language.
    NoEvidence(Symbol),
}

/// What is wrong with an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeFault {
    /// One of its ends is no segment.
    NoSegment {
        /// The end's identifier.
        named: String,
        /// The segment that may be meant.
        meant: Option<String>,
    },
    /// It occurs twice.
    Twice,
    /// It leads from a layer to one further upstream: their numbers.
    Upstream(u8, u8),
    /// Its evidence is empty in a language.
    NoEvidence,
}

/// What is wrong with another spelling of a group's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpellingFault {
    /// It is empty.
    Empty,
    /// It occurs twice, or is also a name of its own.
    Twice,
    /// No segment has the name that it spells.
    Unused,
}

impl Error for ChainError {}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wording().en)
    }
}

impl InLanguage for ChainError {
    fn wording(&self) -> Wording {
        match self {
            ChainError::Unreadable { line, said } => unreadable(*line, said),
            ChainError::TooLarge(limit) => limit.wording(),
            ChainError::Id(id) => Wording::new(
                format!("`{id}` is no identifier of a chain: {WORD_EN}, such as ai-compute"),
                format!("`{id}`不能作产业链的标识：{WORD_ZH}，例如ai-compute"),
            ),
            ChainError::NoName => Wording::new(
                "the chain has no name in a language: write both zh and en under [name]",
                "产业链缺少一种语言的名称：请在[name]下写出zh和en",
            ),
            ChainError::NoSegments => Wording::new(
                "the chain has no segments: add [[segment]]",
                "产业链没有环节：请补上[[segment]]",
            ),
            ChainError::Hidden(text) => Wording::new(
                format!("`{text}` holds a character that cannot be seen: write the text anew"),
                format!("`{text}`含有看不见的字符：请重新输入"),
            ),
            ChainError::LongName(name) => {
                let most = crate::Chain::NAME_MAX;
                Wording::new(
                    format!("the name `{name}` is longer than {most} characters: shorten it"),
                    format!("名称`{name}`超过{most}个字：请缩短"),
                )
            }
            ChainError::NoDate => Wording::new(
                "the chain names securities but not since when: write named_on, such as 2026-01-09",
                "产业链点名了证券，却没有日期：请写named_on，例如2026-01-09",
            ),
            ChainError::Date(fault) => {
                let said = fault.wording();
                Wording::new(format!("named_on: {}", said.en), format!("named_on：{}", said.zh))
            }
            ChainError::Layer { number, fault } => {
                let said = fault.wording();
                let zh = format!("第{number}层{}", said.zh);
                Wording::new(format!("layer {number} {}", said.en), zh)
            }
            ChainError::Segment { segment, fault } => {
                let said = fault.wording();
                let zh = format!("环节`{segment}`{}", said.zh);
                Wording::new(format!("segment `{segment}` {}", said.en), zh)
            }
            ChainError::Edge { from, to, fault } => {
                let said = fault.wording();
                let zh = format!("从`{from}`到`{to}`的连线{}", said.zh);
                Wording::new(format!("the edge from `{from}` to `{to}` {}", said.en), zh)
            }
            ChainError::Cycle(segments) => {
                let round = segments.join(" → ");
                Wording::new(
                    format!("edges lead in a circle, {round}: remove one of them"),
                    format!("连线首尾相接成环`{round}`：请去掉其中一条"),
                )
            }
            ChainError::Spelling { name, fault } => {
                let said = fault.wording();
                let zh = format!("also_called中的`{name}`{}", said.zh);
                Wording::new(format!("`{name}` of also_called {}", said.en), zh)
            }
        }
    }
}

const WORD_EN: &str = "write two or more lower-case letters and digits, beginning with a letter, \
                       with single hyphens between words";
const WORD_ZH: &str = "请写两个以上小写字母或数字，以字母开头，词间用一个连字符";

fn unreadable(line: usize, said: &str) -> Wording {
    let library = Wording::of_library("TOML库", &said);
    match line {
        0 => library,
        _ => Wording::new(
            format!("line {line}: {}", library.en),
            format!("第{line}行：{}", library.zh),
        ),
    }
}

impl SizeLimit {
    fn wording(self) -> Wording {
        use crate::Chain;
        let (found, en, zh, most) = match self {
            SizeLimit::Bytes(found) => (found, "bytes", "字节", Chain::BYTES_MAX),
            SizeLimit::Segments(found) => (found, "segments", "个环节", Chain::SEGMENTS_MAX),
            SizeLimit::Securities(found) => {
                (found, "named securities", "只点名的证券", Chain::SECURITIES_MAX)
            }
        };
        Wording::new(
            format!("the chain has {found} {en}, and at most {most} are read: split it"),
            format!("产业链有{found}{zh}，最多读入{most}{zh}：请拆成几条"),
        )
    }
}

impl LayerFault {
    fn wording(self) -> Wording {
        match self {
            LayerFault::NoName => no_name(),
            LayerFault::Twice => Wording::new(
                "occurs twice: give each layer a number of its own",
                "出现了两次：每层请用不同的序号",
            ),
        }
    }
}

fn no_name() -> Wording {
    Wording::new(
        "has no name in a language: write both zh and en",
        "缺少一种语言的名称：请写出zh和en",
    )
}

impl SegmentFault {
    fn wording(&self) -> Wording {
        match self {
            SegmentFault::Id => Wording::new(
                format!("has no identifier: {WORD_EN}, such as liquid-cooling"),
                format!("的标识不对：{WORD_ZH}，例如liquid-cooling"),
            ),
            SegmentFault::Twice => {
                Wording::new("occurs twice: rename or remove one", "出现了两次：请改名或去掉一个")
            }
            SegmentFault::NoName => no_name(),
            SegmentFault::NoLayer(number) => Wording::new(
                format!("is in layer {number}, which the chain does not have: add [[layer]]"),
                format!("在第{number}层，而产业链没有这一层：请补上[[layer]]"),
            ),
            SegmentFault::NoMembers => Wording::new(
                "has nothing in it: write groups, all_of or securities",
                "是空的：请写groups、all_of或securities",
            ),
            SegmentFault::EmptyGroup => {
                Wording::new("names an empty group: remove it", "含有空的概念名：请去掉")
            }
            SegmentFault::GroupTwice(name) => Wording::new(
                format!("names the group `{name}` twice: remove one"),
                format!("两次写到概念`{name}`：请去掉一处"),
            ),
            SegmentFault::NotSeveral => Wording::new(
                "has a set of fewer than two groups in all_of: write the group in groups",
                "的all_of中有一组不足两个概念：单个概念请写在groups中",
            ),
            SegmentFault::Symbol(fault) => {
                let said = fault.wording();
                let zh = format!("点名的证券不对：{}", said.zh);
                Wording::new(format!("names no security: {}", said.en), zh)
            }
            SegmentFault::NoShare(symbol) => Wording::new(
                format!("names {symbol}, which is no A-share: remove it or correct the code"),
                format!("点名的{symbol}不是A股：请去掉或更正代码"),
            ),
            SegmentFault::SecurityTwice(symbol) => Wording::new(
                format!("names {symbol} twice: remove one"),
                format!("两次点名{symbol}：请去掉一处"),
            ),
            SegmentFault::NoEvidence(symbol) => Wording::new(
                format!("does not say what {symbol} does in it: write both zh and en"),
                format!("没有说明{symbol}做什么：请写出zh和en"),
            ),
        }
    }
}

impl EdgeFault {
    fn wording(&self) -> Wording {
        match self {
            EdgeFault::NoSegment { named, meant } => {
                let (en, zh) = match meant {
                    Some(meant) => {
                        (format!("did you mean `{meant}`?"), format!("是否指`{meant}`？"))
                    }
                    None => ("correct it, or add the segment".into(), "请更正，或补上环节".into()),
                };
                let zh = format!("写到的`{named}`不是环节：{zh}");
                Wording::new(format!("names `{named}`, which is no segment: {en}"), zh)
            }
            EdgeFault::Twice => Wording::new("occurs twice: remove one", "出现了两次：请去掉一条"),
            EdgeFault::Upstream(from, to) => Wording::new(
                format!(
                    "leads upstream, from layer {from} to layer {to}: turn it round or move a \
                     segment"
                ),
                format!("从第{from}层指向更上游的第{to}层：请调转方向，或调整环节所在的层"),
            ),
            EdgeFault::NoEvidence => Wording::new(
                "does not say what flows: write both zh and en",
                "没有说明流动的是什么：请写出zh和en",
            ),
        }
    }
}

impl SpellingFault {
    fn wording(self) -> Wording {
        match self {
            SpellingFault::Empty => Wording::new("is empty: remove it", "是空的：请去掉"),
            SpellingFault::Twice => Wording::new(
                "is written for two names: a spelling has one meaning",
                "对应了两个概念名：一种写法只能有一个意思",
            ),
            SpellingFault::Unused => Wording::new(
                "is no group of any segment: remove it, or correct the name",
                "不是任何环节的概念：请去掉或更正",
            ),
        }
    }
}
