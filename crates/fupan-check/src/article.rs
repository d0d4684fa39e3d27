//! A file as a reader sees it: blocks of readable text with their places in the file.

mod blocks;
mod charset;
mod elements;
mod form;
mod html;
mod markdown;
mod normal;
mod plain;
mod remark;
mod sentence;

use std::ops::Range;

use fupan_market::{InLanguage, Language, Wording};
use thiserror::Error;

pub use self::blocks::{BlockKind, MOST_BLOCKS, TextBlock};
pub use self::charset::Charset;
pub use self::form::ArticleForm;
pub use self::remark::{Remark, RemarkKind};
pub use self::sentence::{Clause, LONGEST_SENTENCE, Sentence};

/// The largest file that is read, in bytes.
pub const LARGEST_BYTES: usize = 16 << 20;

/// A file of text and what a reader sees of it.
///
/// Places are numbers of Unicode scalar values of the file's text, from 0. The text is the decoded
/// file without a byte order mark; line ends are as they are in the file (`\r\n` counts as two).
///
/// The readable text differs from the file's text in this, and in nothing else:
///
/// - Markup, and what a page does not show, is left out; a character reference is the character.
/// - Full-width letters, digits and signs (`Ａ`, `９`, `％`, `．`, `＋`, `－`, `／`, `＝`, `＜`, `＞`, `～`)
///   and digits in mathematical styles are plain ones; the minus sign and hyphens are `-`.
/// - Spaces of every kind are one space, also several in a row; none stands at the ends of a block.
///   Where lines were joined, none stands between two Chinese characters.
/// - A break that is written within a block (`<br>`) is `\n`. A space stands where a raised or
///   lowered text (`<sup>`) begins and ends.
/// - Hidden characters (zero-width, bidirectional, soft hyphens, other controls) are left out and
///   remarked upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    text: String,
    length: u32,
    form: ArticleForm,
    charset: Charset,
    blocks: Vec<TextBlock>,
    remarks: Vec<Remark>,
}

/// A file that cannot be read as an article.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ArticleError {
    /// The file is larger than [`LARGEST_BYTES`].
    #[error("the file has {bytes} bytes; at most {LARGEST_BYTES} are read (16 MiB)")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// There are more than [`MOST_BLOCKS`] paragraphs, items, cells and the like.
    #[error("the file has more than {MOST_BLOCKS} paragraphs, items and cells: it is no article")]
    TooManyBlocks,
    /// The bytes are no text.
    #[error("the file is no text in UTF-8, UTF-16 with a byte order mark, GB18030 or Big5")]
    NotText,
}

impl InLanguage for ArticleError {
    fn wording(&self) -> Wording {
        let zh = match self {
            ArticleError::TooLarge { bytes } => {
                format!("文件有{bytes}字节，最多读取{LARGEST_BYTES}字节（16 MiB）")
            }
            ArticleError::TooManyBlocks => {
                format!("文件有{MOST_BLOCKS}以上的段落、列表项和单元格，不是文章")
            }
            ArticleError::NotText => {
                "文件不是文本：可读UTF-8、带字节顺序标记的UTF-16、GB18030和Big5".to_owned()
            }
        };
        Wording::new(self.to_string(), zh)
    }
}

impl Article {
    /// Reads a file's bytes. `name` is the file's name, whose ending may tell the form; without one,
    /// or with one that tells nothing, the content does.
    ///
    /// # Errors
    ///
    /// The file is too large, has too many blocks, or is no text.
    pub fn read(bytes: &[u8], name: Option<&str>) -> Result<Article, ArticleError> {
        if bytes.len() > LARGEST_BYTES {
            return Err(ArticleError::TooLarge { bytes: bytes.len() });
        }
        let decoded = charset::decoded(bytes).ok_or(ArticleError::NotText)?;
        let form = form::of(name, &decoded.text);
        let found = match form {
            ArticleForm::Plain => plain::read(&decoded.text),
            ArticleForm::Markdown => markdown::read(&decoded.text),
            ArticleForm::Html => html::read(&decoded.text),
        };
        if found.is_full() {
            return Err(ArticleError::TooManyBlocks);
        }
        let (length, blocks, mut remarks) = found.placed(&decoded.text);
        remarks.extend(decoded.remark);
        remarks.sort_unstable();
        Ok(Article { text: decoded.text, length, form, charset: decoded.charset, blocks, remarks })
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many Unicode scalar values the file's text has.
    pub fn length(&self) -> u32 {
        self.length
    }

    /// What kind of file it is.
    pub fn form(&self) -> ArticleForm {
        self.form
    }

    /// How the file's characters are written.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// The readable blocks, in the order of the file. None is empty.
    pub fn blocks(&self) -> &[TextBlock] {
        &self.blocks
    }

    /// What a reader of the file does not see, or sees wrongly.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// The title: of an HTML file its first `h1`, otherwise the first heading or the title of the
    /// head.
    pub fn title(&self) -> Option<&str> {
        let of = |kind: BlockKind| self.blocks.iter().find(|block| block.kind() == kind);
        let heading = || self.blocks.iter().find(|block| block.is_headline());
        of(BlockKind::Heading { level: 1 }).or_else(heading).map(TextBlock::text)
    }

    /// The sentences of all blocks, in order: what has a letter or a digit. No sentence reaches over the end of a block.
    pub fn sentences(&self) -> Vec<Sentence<'_>> {
        let blocks = self.blocks.iter().enumerate();
        blocks.flat_map(|(number, block)| sentence::of(number, block)).collect()
    }

    /// The file's text between two places. Places beyond the end count as the end.
    pub fn slice(&self, places: Range<u32>) -> &str {
        let mut ends = self.text.char_indices().map(|(byte, _)| byte);
        let start = ends.clone().nth(places.start as usize).unwrap_or(self.text.len());
        let end = ends.nth(places.end as usize).unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default()
    }

    /// The language of most of the readable text.
    pub fn language(&self) -> Language {
        let (mut han, mut latin) = (0_u64, 0_u64);
        for character in self.blocks.iter().flat_map(|block| block.text().chars()) {
            han += u64::from(normal::is_han(character));
            latin += u64::from(character.is_ascii_alphabetic());
        }
        // An English word has about as much to say as two Chinese characters.
        if han * 3 >= latin { Language::Zh } else { Language::En }
    }
}
