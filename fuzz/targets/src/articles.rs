//! Articles: text, Markdown and HTML.

use fupan_check::{
    Article, Claim, ClaimKind, Comparator, Ink, LONGEST_SENTENCE, Report, Summary, Verdict, page,
    terminal_text,
};
use fupan_fact::AsOf;
use fupan_market::{Language, Wording, is_hidden};

/// Any bytes are an article of each form or are refused. Places increase and are in the file,
/// ranges lead to the text and back, and a page can be made of it in which every sentence is a
/// claim.
pub fn article(bytes: &[u8]) {
    for name in ["a.txt", "a.md", "a.html"] {
        if let Ok(article) = Article::read(bytes, Some(name)) {
            places_hold(&article);
            let report = report(&article);
            for language in [Language::Zh, Language::En] {
                let page = page(&article, &report, language);
                assert_eq!(page.matches("<script").count(), 1, "an article brings no script");
                assert!(!page.chars().any(|c| c != '\n' && is_hidden(c)));
                let json = report.to_json(language);
                let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
                assert_eq!(value["claims"].as_array().map(Vec::len), Some(report.claims.len()));
            }
            let text = terminal_text(&report, Language::Zh, Ink::Plain);
            assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)));
        }
    }
}

fn places_hold(article: &Article) {
    let file: Vec<char> = article.text().chars().collect();
    assert_eq!(article.length() as usize, file.len());
    let mut last = None;
    for block in article.blocks() {
        assert_eq!(block.text().chars().count(), block.places().len());
        assert_eq!(block.text().trim(), block.text());
        for (character, place) in block.text().chars().zip(block.places()) {
            assert!(last < Some(*place) && (*place as usize) < file.len());
            last = Some(*place);
            let written = file[*place as usize];
            // A Chinese character stands as itself, unless a reference to it does.
            if matches!(character, '\u{4e00}'..='\u{9fff}') {
                assert!(written == character || written == '&' || written.is_ascii());
            }
            assert!(character == '\n' || !is_hidden(character));
        }
        let whole = block.file_range(0..block.text().len());
        assert!(whole.end <= article.length());
        assert_eq!(block.text_range(whole), 0..block.text().len());
    }
}

/// A report in which every sentence, and every clause of it, is a claim.
fn report(article: &Article) -> Report {
    let mut claims = Vec::new();
    for sentence in article.sentences() {
        assert!(sentence.text().chars().count() <= LONGEST_SENTENCE);
        let whole = 0..sentence.text().len();
        let clauses = sentence.clauses().into_iter().map(|clause| clause.bytes);
        for bytes in [whole].into_iter().chain(clauses) {
            let places = sentence.file_range(bytes.clone());
            assert!(places.start < places.end);
            claims.push(Claim {
                text: sentence.text()[bytes].to_owned(),
                start: places.start,
                end: places.end,
                kind: ClaimKind::Word,
                subject: String::new(),
                measure: None,
                value: None,
                unit: None,
                comparator: Comparator::Is,
                verdict: Verdict::ALL[claims.len() % Verdict::ALL.len()],
                note: Wording::none(),
                right: None,
                fact: None,
                why: Wording::none(),
            });
        }
    }
    let summary =
        Summary { session_found: Wording::none(), would_help: Vec::new(), remarks: Vec::new() };
    let file = "article".to_owned();
    let mut report = Report { file, session: None, instant: AsOf::Close, claims, summary };
    report.sort();
    report
}
