//! A Rust file as the checks see it: the paths it names, what it defines, and which of it is test
//! code. Comments and strings are not part of it.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// A parsed file of the project.
pub(super) struct Source {
    /// Relative to the root of the workspace, with `/` between folders.
    pub file: String,
    pub lines: usize,
    pub paths: Vec<Named>,
    pub imports: Vec<Import>,
    pub items: Vec<Item>,
    pub attributes: Vec<Attribute>,
}

/// A path such as `crate::price::Price` or `f64`, with its position.
pub(super) struct Named {
    pub segments: Vec<String>,
    pub place: Place,
}

/// A name that a `use` imports; `*` for a glob.
pub(super) struct Import {
    pub name: String,
    pub segments: Vec<String>,
    pub is_handed_on: bool,
    pub place: Place,
}

/// A function, a type, a constant, a module.
pub(super) struct Item {
    /// Its keyword: `fn`, `struct`, `mod`, …
    pub word: String,
    pub name: String,
    /// Whether it is `pub`, and not `pub(crate)` or less.
    pub is_public: bool,
    /// From the line of its keyword to that of its closing brace.
    pub lines: usize,
    pub place: Place,
}

/// An attribute, as its path and the words in its brackets.
pub(super) struct Attribute {
    pub words: Vec<String>,
    pub line: usize,
}

/// A position in a file.
#[derive(Clone)]
pub(super) struct Place {
    pub line: usize,
    /// The modules within the file.
    pub modules: Vec<String>,
    /// The innermost function, type or constant around it, or whose head it is in.
    pub item: String,
    pub is_test: bool,
}

/// Keywords that begin a named item.
const ITEM_WORDS: [&str; 9] =
    ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"];

impl Source {
    /// Parses a file.
    ///
    /// # Errors
    /// A breach, if the text is not Rust.
    pub fn read(file: &str, text: &str) -> Result<Source, String> {
        let tokens = TokenStream::from_str(text)
            .map_err(|e| format!("{file}: cannot be read as Rust: {e}"))?;
        let mut source = Source {
            file: file.to_owned(),
            lines: text.lines().count(),
            paths: Vec::new(),
            imports: Vec::new(),
            items: Vec::new(),
            attributes: Vec::new(),
        };
        let is_test = is_test_file(file);
        let place = Place { line: 0, modules: Vec::new(), item: String::new(), is_test };
        source.walk(tokens, &place);
        Ok(source)
    }

    /// Whether it is a crate's own code, and not an example or test.
    pub fn is_shipped(&self) -> bool {
        !is_test_file(&self.file) && self.within_crate().is_some()
    }

    /// The folder of its crate, and the path within `src`.
    pub fn within_crate(&self) -> Option<(&str, &str)> {
        self.file.split_once("/src/")
    }

    /// `file:line`, as editors and terminals know it.
    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.file)
    }

    fn walk(&mut self, tokens: TokenStream, around: &Place) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut reading = Reading { around: around.clone(), head: None, is_test: around.is_test };
        let mut at = 0;
        while at < tokens.len() {
            at += match &tokens[at] {
                TokenTree::Punct(sign) if sign.as_char() == '#' => {
                    self.attribute(&tokens[at..], &mut reading)
                }
                TokenTree::Punct(sign) => {
                    if sign.as_char() == ';' || (sign.as_char() == ',' && reading.head.is_none()) {
                        reading.end();
                    }
                    1
                }
                TokenTree::Group(group) => {
                    self.group(group, &mut reading);
                    1
                }
                // After a dot it is a tuple index: `pair.0.1` is not a float.
                TokenTree::Literal(_) if at > 0 && is_sign(tokens.get(at - 1), '.') => 1,
                TokenTree::Literal(literal) => {
                    let place = reading.place(literal.span());
                    self.paths.push(Named { segments: vec![literal.to_string()], place });
                    1
                }
                TokenTree::Ident(word) if word == "use" => {
                    self.import(&tokens, at, &reading.place(word.span()))
                }
                TokenTree::Ident(_) => self.word(&tokens, at, &mut reading),
            };
        }
    }

    /// `#[…]` or `#![…]`; the item after a test attribute is test code.
    fn attribute(&mut self, tokens: &[TokenTree], reading: &mut Reading) -> usize {
        let inner = is_sign(tokens.get(1), '!');
        let place = 1 + usize::from(inner);
        let Some(TokenTree::Group(group)) = tokens.get(place) else { return 1 };
        let words = words(group.stream());
        let has = |word: &str| words.iter().any(|found| found == word);
        let of_tests = has("cfg") && has("test") && !has("not") && !has("any");
        if words == ["test"] || of_tests {
            reading.is_test = true;
            reading.around.is_test |= inner;
        }
        self.attributes.push(Attribute { words, line: line(group.span_open()) });
        place + 1
    }

    fn group(&mut self, group: &Group, reading: &mut Reading) {
        let mut around = reading.place(group.span_open());
        let is_body = group.delimiter() == Delimiter::Brace;
        if let Some(head) = reading.head.filter(|_| is_body) {
            let item = &mut self.items[head];
            item.lines = line(group.span_close()) + 1 - item.place.line;
            if item.word == "mod" {
                around.modules.push(item.name.clone());
            }
        }
        if let Some(head) = reading.head {
            around.item.clone_from(&self.items[head].name);
        }
        self.walk(group.stream(), &around);
        if is_body {
            reading.end();
        }
    }

    /// A word: the head of an item, or a path.
    fn word(&mut self, tokens: &[TokenTree], at: usize, reading: &mut Reading) -> usize {
        let TokenTree::Ident(word) = &tokens[at] else { return 1 };
        let mut place = reading.place(word.span());
        let word = word.to_string();
        if word == "impl" && reading.head.is_none() {
            reading.head = Some(self.items.len());
            let name = place.item.clone();
            self.items.push(Item { word, name, is_public: false, lines: 1, place });
            return 1;
        }
        if let Some(TokenTree::Ident(name)) = tokens.get(at + 1)
            && reading.head.is_none()
            && ITEM_WORDS.contains(&&*word)
            && !ITEM_WORDS.contains(&&*name.to_string())
            && !["unsafe", "async", "extern"].contains(&&*name.to_string())
        {
            let is_public = at > 0 && is_word(&tokens[at - 1], "pub");
            reading.head = Some(self.items.len());
            let name = name.to_string();
            self.items.push(Item { word, name, is_public, lines: 1, place });
            return 2;
        }
        if let Some(head) = reading.head {
            place.item.clone_from(&self.items[head].name);
        }
        let mut segments = vec![word];
        let mut next = at + 1;
        while let Some(TokenTree::Ident(more)) = after_colons(tokens, next) {
            segments.push(more.to_string());
            next += 3;
        }
        self.paths.push(Named { segments, place });
        next - at
    }

    /// `use …;` with everything in its braces.
    fn import(&mut self, tokens: &[TokenTree], at: usize, place: &Place) -> usize {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let is_handed_on = match before {
            Some(TokenTree::Group(_)) => at > 1 && is_word(&tokens[at - 2], "pub"),
            Some(token) => is_word(token, "pub"),
            None => false,
        };
        let length = tokens[at..].iter().position(|token| is_sign(Some(token), ';'));
        let tree = &tokens[at + 1..at + length.unwrap_or(tokens.len() - at)];
        self.tree(tree, &[], is_handed_on, place);
        tree.len() + 1
    }

    fn tree(&mut self, tree: &[TokenTree], prefix: &[String], is_handed_on: bool, place: &Place) {
        for branch in tree.split(|token| is_sign(Some(token), ',')) {
            let mut segments = prefix.to_vec();
            let mut name = None;
            let mut tokens = branch.iter().peekable();
            let mut place = place.clone();
            while let Some(token) = tokens.next() {
                match token {
                    TokenTree::Ident(word) if word == "as" => {
                        name = tokens.next().map(ToString::to_string);
                    }
                    TokenTree::Ident(word) => {
                        place.line = line(word.span());
                        segments.push(word.to_string());
                    }
                    TokenTree::Punct(sign) if sign.as_char() == '*' => name = Some("*".to_owned()),
                    TokenTree::Group(group) => {
                        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                        self.tree(&inner, &segments, is_handed_on, &place);
                        segments.clear();
                    }
                    _ => {}
                }
            }
            if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
                segments.pop();
            }
            if let Some(last) = segments.last() {
                let name = name.unwrap_or_else(|| last.clone());
                self.paths.push(Named { segments: segments.clone(), place: place.clone() });
                self.imports.push(Import { name, segments, is_handed_on, place });
            }
        }
    }
}

/// The walk's state at a token.
struct Reading {
    around: Place,
    /// The item whose body has not come yet.
    head: Option<usize>,
    is_test: bool,
}

impl Reading {
    fn place(&self, span: Span) -> Place {
        Place { line: line(span), is_test: self.is_test, ..self.around.clone() }
    }

    /// Ends an item.
    fn end(&mut self) {
        self.head = None;
        self.is_test = self.around.is_test;
    }
}

/// Whether the whole file is test code, by its name or folder.
pub(super) fn is_test_file(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name == "tests.rs" || name.starts_with("test_") || file.split('/').any(|f| f == "tests")
}

fn line(span: Span) -> usize {
    span.start().line
}

fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == sign)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(found) if found == word)
}

/// The token after `::`.
fn after_colons(tokens: &[TokenTree], at: usize) -> Option<&TokenTree> {
    let colons = is_sign(tokens.get(at), ':') && is_sign(tokens.get(at + 1), ':');
    tokens.get(at + 2).filter(|_| colons)
}

/// The words of an attribute, including those in its brackets.
fn words(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) => found.push(word.to_string()),
            TokenTree::Group(group) => found.extend(words(group.stream())),
            _ => {}
        }
    }
    found
}
