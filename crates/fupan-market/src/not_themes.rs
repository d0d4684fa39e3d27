//! Concepts that are no themes: being eligible for margin trading or in an index says nothing about
//! what a company has to do with.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::{InLanguage, Wording, is_hidden, shown};

const BUILTIN: &str = include_str!("not_themes.txt");

/// The names of the concepts that a review leaves out of what led, as vendors' lists spell them.
///
/// In its text a name stands on a line of its own; lines that begin with `#` are comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotThemes {
    /// The lines of the names, the first being 1.
    names: BTreeMap<Arc<str>, usize>,
    text: Arc<str>,
}

/// Why a text is no list of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotThemesError {
    /// It has more than [`NotThemes::BYTES_MAX`] bytes.
    TooLarge(usize),
    /// It has neither a name nor a comment.
    Empty,
    /// A line is no name.
    Line {
        /// The line, the first being 1.
        line: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
}

/// What is wrong with a line of a list of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// Longer than [`NotThemes::NAME_MAX`] characters.
    Long,
    /// Several names, or a row of a table.
    Several,
    /// A character that cannot be seen.
    Hidden,
    /// The name is also on this earlier line.
    Twice(usize),
}

impl NotThemes {
    /// The most bytes of a text.
    pub const BYTES_MAX: usize = 1 << 18;
    /// The most characters of a name.
    pub const NAME_MAX: usize = 60;

    /// The program's own list.
    pub fn builtin() -> &'static NotThemes {
        static NAMED: LazyLock<NotThemes> =
            LazyLock::new(|| NotThemes::parse(BUILTIN).expect("the built-in list is well formed"));
        &NAMED
    }

    /// Reads a list from its text.
    ///
    /// # Errors
    /// The first thing that is wrong: the text is too large or empty, a line holds several names, a
    /// hidden character or too many, or a name occurs twice.
    pub fn parse(text: &str) -> Result<NotThemes, NotThemesError> {
        /// What stands between names where a line has several.
        const BETWEEN: [char; 7] = [',', ';', '\t', '|', '，', '；', '、'];
        if text.len() > NotThemes::BYTES_MAX {
            return Err(NotThemesError::TooLarge(text.len()));
        }
        let mut names: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for (place, name) in text.lines().map(str::trim).enumerate() {
            let wrong = |fault| NotThemesError::Line { line: place + 1, fault };
            if name.is_empty() || name.starts_with('#') {
                continue;
            }
            if name.contains(BETWEEN) {
                return Err(wrong(LineFault::Several));
            }
            if name.contains(is_hidden) {
                return Err(wrong(LineFault::Hidden));
            }
            if name.chars().count() > NotThemes::NAME_MAX {
                return Err(wrong(LineFault::Long));
            }
            if let Some(before) = names.insert(name.into(), place + 1) {
                return Err(wrong(LineFault::Twice(before)));
            }
        }
        match text.trim().is_empty() {
            true => Err(NotThemesError::Empty),
            false => Ok(NotThemes { names, text: text.into() }),
        }
    }

    /// Whether a concept is no theme.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(AsRef::as_ref)
    }

    /// The text that it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Error for NotThemesError {}

impl fmt::Display for NotThemesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wording().en)
    }
}

impl InLanguage for NotThemesError {
    fn wording(&self) -> Wording {
        let most = NotThemes::BYTES_MAX;
        match self {
            NotThemesError::TooLarge(found) => Wording::new(
                format!("it has {found} bytes, and at most {most} are read: is it the list?"),
                format!("它有{found}字节，最多读入{most}字节：这是要导入的名单吗？"),
            ),
            NotThemesError::Empty => Wording::new(
                "it is empty: write a name on each line; where nothing is to be left out, a comment",
                "它是空的：请每行写一个概念名；如果什么都不排除，请写一行注释",
            ),
            NotThemesError::Line { line, fault } => {
                let (en, zh) = fault.told();
                Wording::new(format!("line {line} {en}"), format!("第{line}行{zh}"))
            }
        }
    }
}

impl LineFault {
    fn told(&self) -> (String, String) {
        let most = NotThemes::NAME_MAX;
        match self {
            LineFault::Long => (
                format!("is longer than {most} characters: write the name of one concept"),
                format!("超过{most}个字：每行只写一个概念名"),
            ),
            LineFault::Several => (
                "holds several names: write each on a line of its own".to_owned(),
                "含有几个名称：请每行只写一个".to_owned(),
            ),
            LineFault::Hidden => (
                "holds a character that cannot be seen: write the name anew".to_owned(),
                "含有看不见的字符：请重新输入该名称".to_owned(),
            ),
            LineFault::Twice(before) => (
                format!("repeats the name on line {before}: remove one"),
                format!("与第{before}行重复：请去掉一行"),
            ),
        }
    }
}

/// A name as a message quotes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", shown(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_list_has_statuses_and_no_products() {
        let list = NotThemes::builtin();
        assert!(list.has("融资融券") && !list.has("存储芯片") && !list.has("# Who holds it"));
        assert_eq!(NotThemes::parse(list.text()).as_ref(), Ok(list));
        assert!(list.names().count() > 70);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_to_do() {
        let fails = |text: &str| NotThemes::parse(text).unwrap_err().wording();
        for (text, en, zh) in [
            ("  \n", "it is empty", "它是空的"),
            (
                "# x\n甲概念\n\n甲概念\n",
                "line 4 repeats the name on line 2: remove",
                "第4行与第2行重复",
            ),
            ("甲概念\n乙,丙", "line 2 holds several names: write each", "第2行含有几个名称"),
            ("甲概念；乙", "line 1 holds several", "第1行含有几个"),
            ("甲\u{200b}概念", "line 1 holds a character that cannot be seen", "看不见"),
            (&"甲".repeat(61), "line 1 is longer than 60", "超过60个字"),
            (&"\n".repeat(NotThemes::BYTES_MAX + 1), "at most 262144", "最多读入262144字节"),
        ] {
            let said = fails(text);
            assert!(said.en.contains(en) && said.zh.contains(zh), "{said:?}");
        }
        let longest = "甲".repeat(60);
        let list =
            NotThemes::parse(&format!("\u{feff}# 注\r\n{longest}\r\n 乙 丙 \r\n")).unwrap_err();
        assert!(matches!(list, NotThemesError::Line { line: 1, .. }), "{list:?}");
        let list = NotThemes::parse(&format!("# 注\r\n{longest}\r\n 乙 丙 \r\n")).unwrap();
        assert!(list.has(&longest) && list.has("乙 丙"));
        assert_eq!(NotThemes::parse("# 无").unwrap().names().count(), 0);
    }
}
