//! What kind of file an article is.

/// What kind of file an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArticleForm {
    /// Text without markup.
    Plain,
    /// CommonMark with tables.
    Markdown,
    /// HTML.
    Html,
}

/// How much of a text shows its form.
const SHOWN_WITHIN: usize = 1 << 16;

/// The form by the ending of the file's name, or by its content.
pub(super) fn of(name: Option<&str>, text: &str) -> ArticleForm {
    let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    let ending = ending.map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("md" | "markdown" | "mdown" | "mkd") => ArticleForm::Markdown,
        Some("html" | "htm" | "xhtml" | "shtml") => ArticleForm::Html,
        _ => by_content(text),
    }
}

fn by_content(text: &str) -> ArticleForm {
    let end = (0..=SHOWN_WITHIN.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    let start = &text[..end.unwrap_or(0)];
    if is_html(start) {
        ArticleForm::Html
    } else if is_markdown(start) {
        ArticleForm::Markdown
    } else {
        ArticleForm::Plain
    }
}

fn is_html(start: &str) -> bool {
    const TAGS: [&str; 18] = [
        "<p>", "<p ", "</p>", "<div", "</div>", "<h1", "<h2", "<h3", "<br>", "<br/", "<span",
        "<table", "<article", "<section", "<body", "<head", "<ul>", "<meta ",
    ];
    let lower = start.to_ascii_lowercase();
    let first = lower.trim_start();
    if ["<!doctype html", "<html", "<?xml"].iter().any(|word| first.starts_with(word)) {
        return true;
    }
    // A text about HTML names a tag; a page has several kinds, or begins with one.
    let begins = first.starts_with("<!--") || TAGS.iter().any(|tag| first.starts_with(tag));
    let kinds = TAGS.iter().filter(|tag| lower.contains(**tag)).count();
    kinds >= 3 || (begins && kinds >= 1)
}

fn is_markdown(start: &str) -> bool {
    let heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    };
    let rule = |line: &str| {
        let line = line.trim();
        line.len() >= 5
            && line.contains('|')
            && line.contains("--")
            && line.chars().all(|c| "|-: ".contains(c))
    };
    let lines = || start.lines();
    let kinds = [
        lines().any(heading),
        lines().any(rule),
        lines().any(|line| line.starts_with("- ") || line.starts_with("* ")),
        lines().any(|line| line.starts_with("> ")),
        start.contains("]("),
        start.matches("**").count() >= 2,
        lines().any(|line| line.starts_with("```")),
        start.starts_with("---\n") || start.starts_with("---\r\n"),
    ];
    let count = kinds.iter().filter(|kind| **kind).count();
    // Headings and table rules are written in nothing else.
    count >= 2 || kinds[0] || kinds[1]
}
