//! The channels' published rules, written down without a look at the renderer: takes a message's
//! text apart, and panics where the channel would show something else than what was meant.

/// A line of a message as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The words.
    pub words: String,
    /// Whether it is set as a heading or a caption: bold from end to end, or marked as one.
    pub announces: bool,
}

/// A message of Telegram in the parse mode `HTML`.
pub fn telegram(text: &str) -> Vec<Seen> {
    let mut open: Vec<&str> = Vec::new();
    let mut lines = vec![Seen { words: String::new(), announces: true }];
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let line = lines.last_mut().unwrap();
        if character == '<' {
            let (tag, after) = rest[1..].split_once('>').expect("a tag ends");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "tags nest: {text}"),
                None => {
                    assert!(["b", "i", "code"].contains(&tag), "no such tag: {tag}");
                    let alone = !open.contains(&"code") && (tag != "code" || open.is_empty());
                    assert!(alone, "code stands alone: {text}");
                    open.push(tag);
                }
            }
            rest = after;
            continue;
        }
        if character == '\n' {
            assert!(open.is_empty(), "a tag spans lines: {text}");
            lines.push(Seen { words: String::new(), announces: true });
        } else {
            line.announces &= !open.is_empty();
            let seen = match character {
                '&' => {
                    let (name, _) = rest[1..].split_once(';').expect("a reference ends");
                    rest = &rest[name.len() + 1..];
                    match name {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        _ => panic!("no such reference: {name}"),
                    }
                }
                '>' => panic!("`>` is escaped: {text}"),
                _ => character,
            };
            line.words.push(seen);
        }
        rest = &rest[rest.chars().next().unwrap().len_utf8()..];
    }
    assert!(open.is_empty(), "a tag is open: {text}");
    for line in &mut lines {
        for mark in ["🔴 ", "🟢 ", "🟠 ", "🔵 ", "⚠️ "] {
            if let Some(words) = line.words.strip_prefix(mark) {
                line.words = words.to_owned();
                break;
            }
        }
    }
    lines
}

/// How a channel writes Markdown.
pub struct Markdown {
    /// What opens a colour, as the channel wants it written.
    pub colours: &'static [&'static str],
    /// Characters that are markup wherever they stand.
    pub marks: &'static [char],
    /// Whether a character may be written as its reference.
    pub references: References,
    /// Whether a line feed alone may be shown as a space.
    pub soft: Soft,
}

/// Whether `&#42;` is shown as `*`.
#[derive(PartialEq, Eq)]
pub enum References {
    Shown,
    None,
}

/// What becomes of one line feed.
#[derive(PartialEq, Eq)]
pub enum Soft {
    Lost,
    Kept,
}

pub const WECOM: Markdown = Markdown {
    colours: &["<font color=\"info\">", "<font color=\"comment\">", "<font color=\"warning\">"],
    marks: &['*', '`', '[', ']', '<', '>', '~', '\\', '#'],
    references: References::None,
    soft: Soft::Kept,
};

pub const DINGTALK: Markdown = Markdown {
    colours: &[
        "<font color=#d03035>",
        "<font color=#1a7a4c>",
        "<font color=#a84f00>",
        "<font color=#0b62a4>",
        "<font color=#808080>",
    ],
    marks: &['*', '_', '`', '[', ']', '<', '>', '~', '\\', '#', '|'],
    references: References::None,
    soft: Soft::Lost,
};

pub const FEISHU: Markdown = Markdown {
    colours: &[
        "<font color='red'>",
        "<font color='green'>",
        "<font color='orange'>",
        "<font color='blue'>",
        "<font color='grey'>",
    ],
    marks: &['*', '_', '`', '[', ']', '<', '>', '~', '\\', '#', '|', '$'],
    references: References::Shown,
    soft: Soft::Lost,
};

impl Markdown {
    /// A message in Markdown, line by line.
    pub fn lines(&self, text: &str) -> Vec<Seen> {
        if self.soft == Soft::Lost {
            for (at, _) in text.match_indices('\n') {
                let hard = text[..at].ends_with("  ");
                let blank = text[..at].ends_with('\n') || text[at + 1..].starts_with('\n');
                assert!(hard || blank, "a line feed that is not shown: {text}");
            }
        }
        let hard = text.replace("<br>", "\n");
        hard.split('\n').map(|line| self.line(line)).collect()
    }

    fn line(&self, line: &str) -> Seen {
        let heading = ["## ", "### "].into_iter().find(|mark| line.starts_with(mark));
        let quoted = line.starts_with("> ");
        let mark = heading.unwrap_or(if quoted { "> " } else { "" });
        let line = &line[mark.len()..];
        // A list is set by the renderer only, with a number and a space.
        let opener = line.chars().next().filter(|c| matches!(c, '-' | '+' | '=' | ' '));
        assert_eq!(opener, None, "opens a block: {line}");
        let mut seen = Seen { words: String::new(), announces: heading.is_some() };
        let mut rest = line;
        let (mut bold, mut coloured) = (false, false);
        let mut ever_bold = false;
        let mut outside = false;
        while let Some(character) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("**") {
                if bold {
                    assert!(!seen.words.ends_with(' '), "bold ends with a space: {line}");
                    let next = after.chars().next();
                    let ends = next.is_none_or(|c| matches!(c, ':' | '：' | ' ' | '<'));
                    assert!(ends, "bold that is not read as such: {line}");
                } else {
                    assert_eq!(rest.len(), line.len(), "bold within a line: {line}");
                    assert!(!after.starts_with([' ', '*']), "bold begins with a space: {line}");
                }
                (bold, ever_bold) = (!bold, true);
                rest = after;
                continue;
            }
            if let Some(colour) = self.colours.iter().find(|colour| rest.starts_with(**colour)) {
                assert!(!coloured && !bold, "a colour within another: {line}");
                coloured = true;
                rest = &rest[colour.len()..];
                continue;
            }
            if let Some(after) = rest.strip_prefix("</font>") {
                assert!(coloured, "a colour that was not opened: {line}");
                coloured = false;
                rest = after;
                continue;
            }
            outside |= !bold;
            let shown = self.character(character, &mut rest, line);
            seen.words.push(shown);
        }
        assert!(!bold && !coloured, "left open: {line}");
        seen.announces |= ever_bold && !outside;
        seen
    }

    /// The character that a reader sees at the start of `rest`, which goes on behind it.
    fn character(&self, character: char, rest: &mut &str, line: &str) -> char {
        let after = &rest[character.len_utf8()..];
        if character == '&' {
            let name = after.split_once(';').map(|(name, _)| name);
            let looks = |name: &str| {
                !name.is_empty() && name.chars().all(|c| c == '#' || c.is_ascii_alphanumeric())
            };
            let name = name.filter(|name| looks(name));
            match (name, &self.references) {
                (Some(name), References::Shown) => {
                    let number = name.strip_prefix('#').expect("a number").parse().unwrap();
                    *rest = &after[name.len() + 1..];
                    return char::from_u32(number).unwrap();
                }
                (Some(name), References::None) => panic!("`&{name};` may be shown as else: {line}"),
                (None, References::Shown) => panic!("`&` is a reference: {line}"),
                (None, References::None) => {}
            }
        }
        // Within a word, an underscore emphasises nothing.
        let before = line[..line.len() - rest.len()].chars().next_back();
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let within = character == '_' && letter(before) && letter(after.chars().next());
        let is_mark = self.marks.contains(&character) && !within;
        assert!(!is_mark, "`{character}` is markup: {line}");
        if self.references == References::Shown && character == ':' {
            let next = after.chars().next();
            let picture = next.is_some_and(|c| c.is_ascii_alphanumeric());
            assert!(!picture, "may be a picture: {line}");
        }
        *rest = after;
        character
    }
}
