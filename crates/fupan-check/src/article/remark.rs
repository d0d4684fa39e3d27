//! What a reader of a file does not see, or sees wrongly.

use fupan_market::{InLanguage, Wording};

/// Something of a file that its readable text does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remark {
    /// What it is.
    pub kind: RemarkKind,
    /// How many there are.
    pub count: u32,
    /// The place of the first, in Unicode scalar values of the file's text.
    pub first: u32,
}

/// A kind of remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemarkKind {
    /// Characters that cannot be seen or that reorder text: zero-width, bidirectional controls, soft
    /// hyphens and other controls.
    HiddenCharacters,
    /// Characters of text that a page keeps hidden (`hidden`, `display:none`).
    HiddenText,
    /// Bytes that stand for no character; U+FFFD is in their place.
    Undecodable,
}

impl InLanguage for Remark {
    fn wording(&self) -> Wording {
        let Remark { count, first, .. } = self;
        let s = if *count == 1 { "" } else { "s" };
        match self.kind {
            RemarkKind::HiddenCharacters => Wording::new(
                format!(
                    "{count} invisible character{s} left out (zero-width, bidirectional or soft \
                     hyphens); the first is character {first} of the file"
                ),
                format!(
                    "略去{count}个看不见的字符（零宽、双向控制或软连字符），首个位于文件第{first}字"
                ),
            ),
            RemarkKind::HiddenText => Wording::new(
                format!(
                    "{count} character{s} of text that the page keeps hidden left out; the first is \
                     character {first} of the file"
                ),
                format!("略去网页隐藏的文字{count}个字符，首个位于文件第{first}字"),
            ),
            RemarkKind::Undecodable => Wording::new(
                format!(
                    "{count} place{s} with bytes that stand for no character; the first is \
                     character {first} of the file"
                ),
                format!("有{count}处字节无法解码为字符，首处位于文件第{first}字"),
            ),
        }
    }
}
