//! Laws of reading a file: they hold for any bytes.

use fupan_check::{Article, BlockKind};
use fupan_market::is_hidden;
use proptest::prelude::*;

const NAMES: [&str; 3] = ["a.txt", "a.md", "a.html"];

/// What must hold for every article.
fn holds(article: &Article) {
    let file: Vec<char> = article.text().chars().collect();
    assert_eq!(article.length() as usize, file.len());
    let mut last = None;
    for block in article.blocks() {
        assert!(!block.text().is_empty());
        let places = block.places();
        assert_eq!(block.text().chars().count(), places.len());
        for (character, place) in block.text().chars().zip(places) {
            assert!(last < Some(*place), "places increase");
            last = Some(*place);
            let written = *file.get(*place as usize).expect("a place is in the file");
            assert!(is_written(character, written), "{character:?} is {written:?} in the file");
            assert!(!is_hidden(character) || character == '\n');
        }
        let whole = block.file_range(0..block.text().len());
        assert!(whole.end <= article.length());
        assert_eq!(block.text_range(whole), 0..block.text().len());
        assert_eq!(block.text().trim(), block.text());
    }
    let mut number = 0;
    let mut end = 0;
    for sentence in article.sentences() {
        if sentence.number != number {
            (number, end) = (sentence.number, 0);
        }
        assert!(sentence.bytes.start >= end && !sentence.text().is_empty());
        end = sentence.bytes.end;
        for clause in sentence.clauses() {
            assert!(!sentence.text()[clause.bytes].is_empty());
        }
    }
}

/// Whether a character of the readable text may stand for one of the file.
fn is_written(read: char, written: char) -> bool {
    read == written
        || (read == ' ' && (written.is_whitespace() || "<[".contains(written)))
        || (read == '\n' && (written.is_whitespace() || "<\\".contains(written)))
        || written == '&'
        || written == '\0'
        || written.is_ascii_alphanumeric() && !read.is_ascii()
        || written == '#'
        // Full-width forms and styled digits.
        || (read.is_ascii() && !written.is_ascii())
        || (read == '¥' && written == '￥')
}

fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("上证指数涨1.32%".to_owned()),
        Just("<p>".to_owned()),
        Just("</p>".to_owned()),
        Just("<div hidden>".to_owned()),
        Just("</div>".to_owned()),
        Just("<b>".to_owned()),
        Just("</b>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("</table>".to_owned()),
        Just("<svg>".to_owned()),
        Just("<script>".to_owned()),
        Just("</script>".to_owned()),
        Just("<title>".to_owned()),
        Just("</title>".to_owned()),
        Just("<pre>".to_owned()),
        Just("<br>".to_owned()),
        Just("<sup>".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("</>".to_owned()),
        Just("<?".to_owned()),
        Just("</".to_owned()),
        Just("&amp;".to_owned()),
        Just("&nGt;".to_owned()),
        Just("&#65".to_owned()),
        Just("&lt".to_owned()),
        Just("&".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n> ".to_owned()),
        Just("\n- ".to_owned()),
        Just("\n# ".to_owned()),
        Just("**".to_owned()),
        Just("*ST".to_owned()),
        Just("~".to_owned()),
        Just("`".to_owned()),
        Just("\n| a | b |\n|--|--|\n| `c\\|d` | e |\n".to_owned()),
        Just("[a](b)".to_owned()),
        Just("[^1]".to_owned()),
        Just("  \n".to_owned()),
        Just("\\*".to_owned()),
        Just("\u{200b}".to_owned()),
        Just("１２％".to_owned()),
        Just(" ".to_owned()),
        Just("。".to_owned()),
        Just(". ".to_owned()),
        "\\PC{0,6}",
        ".{0,4}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for name in NAMES {
            if let Ok(article) = Article::read(&bytes, Some(name)) {
                holds(&article);
            }
        }
    }

    #[test]
    fn any_markup_keeps_its_places(text in markup()) {
        for name in NAMES {
            if let Ok(article) = Article::read(text.as_bytes(), Some(name)) {
                holds(&article);
            }
        }
    }

    /// A text without markup reads as itself, whatever kind of file it is in.
    #[test]
    fn text_reads_as_itself(text in "[上证指数涨跌，。a-zA-Z0-9%]{1,60}") {
        for name in NAMES {
            let article = Article::read(text.as_bytes(), Some(name)).unwrap();
            let read: String = article.blocks().iter().map(|block| block.text()).collect();
            prop_assert_eq!(&read, &text);
            let places: Vec<u32> = article.blocks().iter().flat_map(|b| b.places().to_vec()).collect();
            prop_assert_eq!(places, (0..article.length()).collect::<Vec<_>>());
        }
    }

    /// Tags that only divide lines change nothing of what is read.
    #[test]
    fn inline_tags_are_not_read(words in proptest::collection::vec("[上证a-z0-9]{1,4}", 1..20)) {
        let plain = words.concat();
        for (open, close) in [("<b>", "</b>"), ("<span class='x'>", "</span>"), ("<!-- 9 -->", "")] {
            let page: String = words.iter().map(|word| format!("{open}{word}{close}")).collect();
            let article = Article::read(format!("<p>{page}").as_bytes(), Some("a.html")).unwrap();
            prop_assert_eq!(article.blocks()[0].text(), &plain);
            prop_assert_eq!(article.blocks()[0].kind(), BlockKind::Paragraph);
        }
    }
}
