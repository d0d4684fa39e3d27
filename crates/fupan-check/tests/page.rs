//! The page of a checked article, and its text for a terminal.

mod example;

use std::path::PathBuf;

use expect_test::{expect, expect_file};
use fupan_check::{
    Article, Claim, ClaimKind, Comparator, Ink, Report, Summary, Verdict, page, terminal_text,
};
use fupan_fact::AsOf;
use fupan_market::{Language, Wording};
use unicode_width::UnicodeWidthStr;

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// A report with claims at places of an article, each with a verdict.
fn report(article: &Article, places: &[(u32, u32, Verdict)]) -> Report {
    let claims = places.iter().map(|(start, end, verdict)| Claim {
        text: article.slice(*start..*end).to_owned(),
        start: *start,
        end: *end,
        kind: ClaimKind::Word,
        subject: String::new(),
        measure: None,
        value: None,
        unit: None,
        comparator: Comparator::Is,
        verdict: *verdict,
        note: Wording::none(),
        right: None,
        fact: None,
        why: Wording::new("why", "理由"),
    });
    let summary =
        Summary { session_found: Wording::none(), would_help: Vec::new(), remarks: Vec::new() };
    let file = "a<b>.html".to_owned();
    Report { file, session: None, instant: AsOf::Close, claims: claims.collect(), summary }
}

/// The article of a page, without cards.
fn marked(page: &str) -> String {
    let start = page.find("<article").expect("an article");
    let mut rest = &page[start..page.find("</article>").expect("its end")];
    rest = &rest[rest.find('>').expect("a tag") + 1..];
    let mut text = String::new();
    while let Some(card) = rest.find("<span class=\"card\">") {
        text.push_str(&rest[..card]);
        let mut depth = 0;
        let mut at = card;
        loop {
            let next = at + rest[at..].find('<').expect("a tag");
            match &rest[next..] {
                tag if tag.starts_with("<span") => depth += 1,
                tag if tag.starts_with("</span>") => depth -= 1,
                _ => {}
            }
            at = next + rest[next..].find('>').expect("its end") + 1;
            if depth == 0 {
                break;
            }
        }
        rest = &rest[at..];
    }
    text + rest
}

#[test]
fn pages_are_as_they_were() {
    let (article, report) = example::chinese();
    expect_file![golden("zh.html")].assert_eq(&page(&article, &report, Language::Zh));
    let (article, report) = example::english();
    expect_file![golden("en.html")].assert_eq(&page(&article, &report, Language::En));
}

#[test]
fn terminal_texts_are_as_they_were() {
    let (_, report) = example::chinese();
    expect![[r#"
        zh.md：12条说法：✓ 7条相符，✗ 3条不符，? 2条无法核对
        交易日 2026-02-12 收盘：文章首句写明日期2026年2月12日

        ✓ 相符      放量上涨                         成交额为五日均值的1.31倍
        ✓ 相符      上证指数涨1.32%                  事实为1.3187%，四舍五入为1.32%
        ✓ 相符      报4,134.02点                     按所写位数相符
        ✗ 不符      创业板指跌0.4%                   该指数当日上涨0.41%，方向相反
        ✓ 相符      两市成交额约2.1万亿元            事实为2.1345万亿元，在“约”的范围内
        ✓ 相符      成交额约2.1万亿元，较前一日放大  成交额增加6.2%
        ✗ 不符      超过3,500只个股上涨              上涨3,412只，比所称少88只
        ✓ 相符      72只涨停                         与事实一致
        ? 无法核对  主力资金净流入86亿元             资金流向是数据商的估算，没有对应的事实
        ? 无法核对  恒生指数涨0.9%                   数据不含港股
        ✓ 相符      +1.32%                           事实为1.3187%，四舍五入为1.32%
        ✗ 不符      -0.40%                           该指数当日上涨0.41%，方向相反

        怎样才能核对其余说法：
        - 导入按日期的股本数据后，可核对市值类说法。
        - 本程序没有港股和资金流向数据。
    "#]]
    .assert_eq(&terminal_text(&report, Language::Zh, Ink::Plain));
    let (_, report) = example::english();
    expect![[r#"
        en.html: 7 claims: ✓ 3 supported, ✗ 2 contradicted, ? 2 not checkable
        session 2026-02-12 close: the article names the date 12 February 2026 in its first sentence

        ✓ supported      rose 1.32% to 4,134.02           the fact is 1.3187 %, which rounds to 1.32 %
        ✓ supported      4,134.02                         the fact agrees to the digits that are written
        ✗ contradicted   fifth straight gain              the index has risen for three sessions in a row
        ? not checkable  highest close in ten years       the store reaches back to January 2019
        ✗ contradicted   More than 3,500 stocks advanced  3,412 shares advanced, 88 fewer than claimed
        ✓ supported      turnover of 2.13 trillion yuan   the fact is 2.1345 trillion yuan, which rounds to 2.13
        ? not checkable  the Hang Seng added 0.9%         Hong Kong is not in the data

        What would make the rest checkable:
        - Share capital by date would make claims about market value checkable.
        - No data of this program cover Hong Kong or flows of money.

        Remarks on the file:
        - 23 characters of text that the page keeps hidden left out; the first is character 585 of the file
    "#]].assert_eq(&terminal_text(&report, Language::En, Ink::Plain));
}

#[test]
fn terminal_texts_line_up_and_obey_nothing_of_the_article() {
    let (_, mut report) = example::chinese();
    report.claims[0].text = "涨\u{1b}[31m\n".to_owned();
    let text = terminal_text(&report, Language::Zh, Ink::Plain);
    assert!(!text.contains('\u{1b}') && text.contains("\\u{1b}[31m"), "{text}");
    let column = |line: &str, why: &str| line.find(why).map(|at| line[..at].width());
    let columns: Vec<_> = text
        .lines()
        .filter_map(|line| column(line, "事实为").or_else(|| column(line, "该指数")))
        .collect();
    assert!(columns.len() >= 4 && columns.windows(2).all(|two| two[0] == two[1]), "{text}");
    let coloured = terminal_text(&report, Language::Zh, Ink::Colour);
    assert!(coloured.contains("\u{1b}[1;31m✗ 不符"), "{coloured}");
    assert_eq!(coloured.matches("\u{1b}[0m").count(), report.claims.len() + 3);
}

#[test]
fn claims_that_overlap_are_all_marked() {
    use Verdict::{Contradicted, NotCheckable, Supported};
    let article = Article::read("<p>abc&amp;def".as_bytes(), Some("a.html")).expect("a text");
    // abc&, c&d, and nothing of the file's end.
    let places = [(3, 11, Supported), (5, 12, Contradicted), (20, 24, NotCheckable)];
    let report = report(&article, &places);
    let page = page(&article, &report, Language::En);
    let text = marked(&page);
    for part in [">ab<", ">c&amp;<", ">d<"] {
        assert_eq!(text.matches(part).count(), 1, "{part} in {text}");
    }
    assert!(text.contains("claim no outer-yes") || text.contains("claim yes outer-no"), "{text}");
    for id in ["c1", "c2"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1);
    }
    for id in ["n1", "n2", "n3", "w3"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1);
    }
    // What is nowhere in the text is in the notes, and leads nowhere.
    assert!(!page.contains("#c3") && !page.contains("id=\"c3\""));
    // Every claim of the text is reached once by the keyboard.
    assert_eq!(text.matches("<a ").count() - text.matches("tabindex=\"-1\"").count(), 2);
}

#[test]
fn everything_is_escaped_and_nothing_is_fetched() {
    let file = "&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x&gt; \"涨\" &amp;amp; '跌'";
    let article = Article::read(file.as_bytes(), Some("a.html")).expect("a text");
    let mut report = report(&article, &[(0, 60, Verdict::Contradicted)]);
    report.claims[0].text = "</q><script>x</script>\u{202e}".to_owned();
    report.claims[0].why = Wording::new("<b>why</b>", "<b>理由</b>");
    report.summary.remarks = vec![Wording::new("<i>", "<i>")];
    for language in [Language::Zh, Language::En] {
        let page = page(&article, &report, language);
        assert_eq!(page.matches("<script").count(), 1);
        for raw in ["<img", "<b>why", "<b>理由", "http:", "https:", "url(", "\u{202e}"] {
            assert!(!page.contains(raw), "{raw}");
        }
        assert!(page.contains("a&lt;b&gt;.html") && page.contains("default-src 'none'"));
    }
}

#[test]
fn an_article_without_claims_has_a_page_too() {
    let article = Article::read("无事。".as_bytes(), None).expect("a text");
    let report = report(&article, &[]);
    let page = page(&article, &report, Language::Zh);
    assert!(page.contains("没有找到关于行情的说法") && page.contains("没有找到交易日"));
    let text = terminal_text(&report, Language::En, Ink::Plain);
    let expected = "a<b>.html: 0 claims: ✓ 0 supported, ✗ 0 contradicted, ? 0 not checkable\n\
                    no session\n";
    assert_eq!(text, expected);
}
