//! Files as articles: their text, their blocks, and the places of both.

#![expect(clippy::unwrap_used, reason = "a text that cannot be read fails its test")]

use expect_test::{Expect, expect};
use fupan_check::{
    Article, ArticleError, ArticleForm, BlockKind, Charset, LARGEST_BYTES, RemarkKind,
};
use fupan_market::{InLanguage, Language};

fn read(text: &str, name: &str) -> Article {
    Article::read(text.as_bytes(), Some(name)).unwrap()
}

/// Every block in a line: its kind, and its text.
fn told(article: &Article) -> String {
    let mut told = String::new();
    for block in article.blocks() {
        let kind = match block.kind() {
            BlockKind::Title => "title".to_owned(),
            BlockKind::Heading { level } => format!("h{level}"),
            BlockKind::Paragraph => "p".to_owned(),
            BlockKind::Item => "item".to_owned(),
            BlockKind::Cell { table, row, column, is_header } => {
                format!("{table}.{row}.{column}{}", if is_header { "*" } else { "" })
            }
            BlockKind::Caption => "caption".to_owned(),
            BlockKind::Preformatted => "pre".to_owned(),
            BlockKind::Metadata => "data".to_owned(),
        };
        let quoted = if block.is_quoted() { "> " } else { "" };
        told += &format!("{kind}: {quoted}{:?}\n", block.text());
    }
    told
}

fn check(text: &str, name: &str, expected: &Expect) {
    expected.assert_eq(&told(&read(text, name)));
}

/// What the file has at the places of a part of the readable text.
fn in_file(article: &Article, part: &str) -> String {
    let block = article.blocks().iter().find(|block| block.text().contains(part)).unwrap();
    let start = block.text().find(part).unwrap();
    article.slice(block.file_range(start..start + part.len())).to_owned()
}

#[test]
fn a_page_is_read_as_it_is_shown() {
    let page = "<!DOCTYPE html><html lang=zh><head><title>收评 &amp; 点评</title>\n\
        <style>p{color:red}</style><script>var a='<p>no</p>';</script></head><body>\n\
        <h1>三大指数\n  集体上涨</h1>\n<!-- 上证指数涨9% --><p>上证指数涨<b>1.32</b>&#37;，报4134.02点。\n\
        <p>第二段<br>另一行 <span style='display: none'>暗涨5%</span>明\n\
        <ul><li>一<li>二<ul><li>三</ul></ul>\n\
        <table><caption>表</caption><tr><th>指数<th>涨幅<tr><td>上证<td>1.32%</table>\n\
        <blockquote><p>引文</blockquote><img alt='no'><div hidden>no</div>\n\
        <noscript>no</noscript><template><div>no</div></template>尾</body></html>";
    check(
        page,
        "a.html",
        &expect![[r#"
            title: "收评 & 点评"
            h1: "三大指数集体上涨"
            p: "上证指数涨1.32%，报4134.02点。"
            p: "第二段\n另一行 明"
            item: "一"
            item: "二"
            item: "三"
            caption: "表"
            0.0.0*: "指数"
            0.0.1*: "涨幅"
            0.1.0: "上证"
            0.1.1: "1.32%"
            p: > "引文"
            p: "尾"
        "#]],
    );
    let article = read(page, "a.html");
    assert_eq!(in_file(&article, "涨1.32%"), "涨<b>1.32</b>&#37;");
    assert_eq!(in_file(&article, "%，报"), "&#37;，报");
    assert_eq!(in_file(&article, "1.32"), "1.32");
    assert_eq!(article.title(), Some("三大指数集体上涨"));
    let remarks = article.remarks();
    assert_eq!(remarks.len(), 1);
    assert_eq!((remarks[0].kind, remarks[0].count), (RemarkKind::HiddenText, 6));
    assert_eq!(article.slice(remarks[0].first..remarks[0].first + 2), "暗涨");
}

#[test]
fn a_page_out_of_order_is_read_all_the_same() {
    for (page, blocks) in [
        ("<p>a<p hidden>b<p>c", "p: \"a\"\np: \"c\"\n"),
        ("<div hidden><p>b</div>c", "p: \"c\"\n"),
        ("<p><svg><title>t</title><text>1</text></svg>a", "p: \"a\"\n"),
        ("<svg><path d=1><p>a", "p: \"a\"\n"),
        ("a<sup>1</sup>b", "p: \"a 1 b\"\n"),
        ("4134.02<sup>1</sup>点", "p: \"4134.02 1 点\"\n"),
        ("a</b></i></p>b</div>c", "p: \"a\"\np: \"bc\"\n"),
        ("<b>a<div>b</b>c</div>d", "p: \"a\"\np: \"bc\"\np: \"d\"\n"),
        ("<textarea>no</textarea><title>t</title>a", "title: \"t\"\np: \"a\"\n"),
        ("<script>a<p>b", ""),
        ("<p>a<!-- b", "p: \"a\"\n"),
        ("a<3 and b>2", "p: \"a<3 and b>2\"\n"),
        ("a &lt b &unknown; &#x41; &#0; &nvlt;", "p: \"a < b &unknown; A \u{fffd} <\\u{20d2}\"\n"),
        ("<ruby>漢<rt>han</rt></ruby>字", "p: \"漢字\"\n"),
        ("<pre>a  b\n c\n</pre>d", "pre: \"a b\"\npre: \"c\"\np: \"d\"\n"),
        ("<dialog>no</dialog><dialog open>a</dialog>", "p: \"a\"\n"),
        ("<div><template><div>no</div>no</template>a</div>", "p: \"a\"\n"),
        ("<p style='DISPLAY:None !important'>no</p>a", "p: \"a\"\n"),
        ("<table><tr><td colspan=2>a<td>b</table>", "0.0.0: \"a\"\n0.0.2: \"b\"\n"),
        ("a\r\nb\rc", "p: \"a b c\"\n"),
        ("</>ã</></>b</>&amp;</>c", "p: \"ãb&c\"\n"),
        ("x<wbr>y<hr>z", "p: \"xy\"\np: \"z\"\n"),
    ] {
        assert_eq!(told(&read(page, "a.html")), blocks, "{page}");
    }
}

#[test]
fn markup_that_is_no_token_moves_no_place() {
    let article = read("</>涨</></>b</>&amp;</>c", "a.html");
    for (part, written) in [("涨", "涨"), ("b", "b"), ("&", "&amp;"), ("c", "c")] {
        assert_eq!(in_file(&article, part), written);
    }
    // A reference that is a `<` is not that of the markup before it.
    let article = read("</>&lt<br>b", "a.html");
    for (part, written) in [("<", "&lt"), ("\n", "<"), ("b", "b")] {
        assert_eq!(in_file(&article, part), written);
    }
}

#[test]
fn markdown_is_read_as_it_is_shown() {
    let file = "---\ntitle: 收评\ndate: 2026-02-12\n---\n# 三大指数**集体**上涨\n\n\
        上证指数涨1.32%，\n报4134.02点[^1]。*ST甲和*ST乙涨停，~~旧~~ 约~3%~5%。\n\n\
        1. 一 `a  b`\n2. [二](http://example.com)\n   - [x] 三 &amp; \\*四\\*\n\n\
        > 引文\n\n| 指数 | 涨幅 |\n|--|--:|\n| 上证 | 1.32% |\n\n![图](a.png)\n\n\
        <div hidden>no</div>\n\n<p>网页<b>段</b></p>\n\n内<span hidden>no</span>外<br>下\n\n\
        ```\na\nb\n```\n\n[^1]: 注\n";
    check(
        file,
        "a.md",
        &expect![[r#"
            data: "title: 收评"
            data: "date: 2026-02-12"
            h1: "三大指数集体上涨"
            p: "上证指数涨1.32%，报4134.02点 。*ST甲和*ST乙涨停，旧 约~3%~5%。"
            item: "一 a b"
            item: "二"
            item: "三 & *四*"
            p: > "引文"
            0.0.0*: "指数"
            0.0.1*: "涨幅"
            0.1.0: "上证"
            0.1.1: "1.32%"
            p: "网页段"
            p: "内外\n下"
            pre: "a"
            pre: "b"
            p: "注"
        "#]],
    );
    let article = read(file, "a.md");
    assert_eq!(in_file(&article, "集体上涨"), "集体**上涨");
    assert_eq!(in_file(&article, "1.32%，报4134.02点"), "1.32%，\n报4134.02点");
    assert_eq!(in_file(&article, "*ST乙"), "*ST乙");
    assert_eq!(in_file(&article, "网页段"), "网页<b>段");
    assert_eq!(in_file(&article, "三 & *四*"), "三 &amp; \\*四\\*");
}

#[test]
fn html_in_a_markdown_quotation_has_its_places() {
    let file = "> <div>\n> 上证\n> 指数&lt;4134\n> </div>\n";
    let article = read(file, "a.md");
    assert_eq!(told(&article), "p: > \"上证指数<4134\"\n");
    assert_eq!(in_file(&article, "证指"), "证\n> 指");
    assert_eq!(in_file(&article, "<4134"), "&lt;4134");
}

#[test]
fn lines_of_a_text_are_blocks_unless_they_are_wrapped() {
    check(
        "三大指数集体上涨\n\n上证指数涨1.32%。\n　　深证成指涨2%\n1、银行\n- 煤炭\n",
        "a.txt",
        &expect![[r#"
            h1: "三大指数集体上涨"
            p: "上证指数涨1.32%。"
            p: "深证成指涨2%"
            item: "1、银行"
            item: "- 煤炭"
        "#]],
    );
    check(
        "Stocks rise\n\nThe Shanghai Composite gained 1.32 per cent on Thursday, and closed\n\
         at 4,134.02 points, its highest in ten years.\nTurnover was 2.1 trillion yuan.\n\
         1.32 per cent is a lot\n",
        "a.txt",
        &expect![[r#"
            h1: "Stocks rise"
            p: "The Shanghai Composite gained 1.32 per cent on Thursday, and closed at 4,134.02 points, its highest in ten years."
            p: "Turnover was 2.1 trillion yuan."
            p: "1.32 per cent is a lot"
        "#]],
    );
}

#[test]
fn the_form_is_told_by_the_name_or_by_the_content() {
    for (name, text, form) in [
        (Some("a.md"), "x", ArticleForm::Markdown),
        (Some("a.HTM"), "x", ArticleForm::Html),
        (Some("a.txt"), "上证指数涨1%", ArticleForm::Plain),
        (Some("a.txt"), "<p>上证</p>", ArticleForm::Html),
        (None, "\n<!doctype HTML>x", ArticleForm::Html),
        (None, "# 上证\n\n- 涨", ArticleForm::Markdown),
        (None, "**涨** [a](b)", ArticleForm::Markdown),
        (None, "a < b, *ST甲 and #上证#", ArticleForm::Plain),
        (Some("folder.md/a"), "x", ArticleForm::Plain),
        (None, "", ArticleForm::Plain),
    ] {
        let article = Article::read(text.as_bytes(), name).unwrap();
        assert_eq!(article.form(), form, "{name:?} {text}");
    }
}

#[test]
fn one_sign_has_one_form_and_hidden_ones_are_remarked_upon() {
    let file = "上证\u{200b}指数　涨１．３２％，＋５Ａ−3\u{ad}4\u{a0}点\u{202e}。𝟏𝟐";
    let article = read(file, "a.txt");
    assert_eq!(told(&article), "p: \"上证指数 涨1.32%，+5A-34 点。12\"\n");
    assert_eq!(in_file(&article, "证指"), "证\u{200b}指");
    assert_eq!(in_file(&article, "1.32%"), "１．３２％");
    let remark = article.remarks()[0];
    assert_eq!((remark.kind, remark.count, remark.first), (RemarkKind::HiddenCharacters, 3, 2));
    assert!(remark.wording().in_language(Language::Zh).contains("3个看不见的字符"));
}

#[test]
fn a_file_is_read_in_its_encoding() {
    let text = "上证指数涨1.32%，报4134.02点。两市成交额2.1万亿元，个股涨多跌少。";
    let traditional = "上證指數漲1.32%，報4134.02點。兩市成交額二點一兆元，個股漲多跌少。";
    let of = |bytes: &[u8]| Article::read(bytes, None).unwrap();
    let utf16 = |units: Vec<[u8; 2]>| units.concat();
    let marked = format!("\u{feff}{text}");
    for (bytes, expected, charset) in [
        (text.as_bytes().to_vec(), text, Charset::Utf8),
        (marked.as_bytes().to_vec(), text, Charset::Utf8),
        (utf16(marked.encode_utf16().map(u16::to_le_bytes).collect()), text, Charset::Utf16),
        (utf16(marked.encode_utf16().map(u16::to_be_bytes).collect()), text, Charset::Utf16),
        (encoding_rs::GBK.encode(text).0.into_owned(), text, Charset::Gb18030),
        (encoding_rs::BIG5.encode(traditional).0.into_owned(), traditional, Charset::Big5),
        (b"It\x92s up 1%".to_vec(), "It’s up 1%", Charset::Windows1252),
    ] {
        let article = of(&bytes);
        assert_eq!((article.text(), article.charset()), (expected, charset));
        assert_eq!(article.length() as usize, expected.chars().count());
    }
    let declared = encoding_rs::BIG5.encode("<meta charset=\"big5\"><p>漲").0.into_owned();
    assert_eq!(told(&of(&declared)), "p: \"漲\"\n");
    let mut cut = text.as_bytes().to_vec();
    cut.pop();
    let cut = of(&cut);
    assert_eq!((cut.remarks()[0].kind, cut.remarks()[0].count), (RemarkKind::Undecodable, 1));
}

#[test]
fn what_is_no_text_is_refused() {
    let read = |bytes: &[u8]| Article::read(bytes, None).unwrap_err();
    assert_eq!(read(&[0; 300]), ArticleError::NotText);
    let noise: Vec<u8> =
        (0..3_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 21) as u8).collect();
    assert_eq!(read(&noise), ArticleError::NotText);
    assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10"), ArticleError::NotText);
    let large = read(&vec![b'a'; LARGEST_BYTES + 1]);
    assert_eq!(large, ArticleError::TooLarge { bytes: LARGEST_BYTES + 1 });
    assert!(large.wording().in_language(Language::Zh).starts_with("文件有16777217字节"));
}

#[test]
fn what_is_made_to_take_time_or_memory_is_read_otherwise_or_refused() {
    let lines = "a\n".repeat(fupan_check::MOST_BLOCKS + 1);
    let read_lines = Article::read(lines.as_bytes(), Some("a.txt"));
    assert_eq!(read_lines.unwrap_err(), ArticleError::TooManyBlocks);
    let deep = format!("{}a\nb", "> ".repeat(1_000));
    assert!(!read(&deep, "a.md").blocks()[0].is_quoted());
    let page = format!("{}<b>涨</b>{}尾", "<div>".repeat(100_000), "</div>".repeat(100_000));
    assert_eq!(told(&read(&page, "a.html")), "p: \"涨\"\np: \"尾\"\n");
}

#[test]
fn sentences_end_where_a_reader_ends_them() {
    let told = |text: &str| -> Vec<String> {
        let article = read(text, "a.html");
        article.sentences().iter().map(|sentence| sentence.text().to_owned()).collect()
    };
    for (text, sentences) in [
        (
            "上证涨1.32%，报4134.02点；深证跌。创业板！科创？",
            &["上证涨1.32%，报4134.02点；深证跌。", "创业板！", "科创？"][..],
        ),
        ("他说：“涨了。”然后走……后来呢", &["他说：“涨了。”", "然后走……", "后来呢"]),
        ("上涨1.3%.创业板跌", &["上涨1.3%.", "创业板跌"]),
        ("It rose 1.32%. Turnover hit 2.1 tn.", &["It rose 1.32%.", "Turnover hit 2.1 tn."]),
        (
            "U.S. stocks fell. The U.S. Treasury vs. Apple Inc. shares at 11:30 a.m. today.",
            &["U.S. stocks fell.", "The U.S. Treasury vs. Apple Inc. shares at 11:30 a.m. today."],
        ),
        (
            "No. 1 is Foo Inc. The index rose 3 pct. It closed at 9.",
            &["No. 1 is Foo Inc.", "The index rose 3 pct.", "It closed at 9."],
        ),
        ("1. First point. 2. Second point.", &["1. First point.", "2. Second point."]),
        ("Up 3%! Really? (Yes.) OK...", &["Up 3%!", "Really?", "(Yes.)", "OK..."]),
        ("J. P. Morgan said so. Fine", &["J. P. Morgan said so.", "Fine"]),
        ("see example.com/a?b for v1.2.3 now", &["see example.com/a?b for v1.2.3 now"]),
        ("一行<br>二行", &["一行", "二行"]),
        ("上证指数（000001.SH）涨", &["上证指数（000001.SH）涨"]),
    ] {
        assert_eq!(told(text), sentences, "{text}");
    }
}

#[test]
fn a_sentence_has_clauses_and_knows_its_place() {
    let file = "<h2>标题</h2><p>前。上证涨<b>1,234</b>点，时间11:30；完</p>";
    let article = read(file, "a.html");
    let sentences = article.sentences();
    assert!(sentences[0].is_headline() && !sentences[1].is_headline());
    let last = &sentences[2];
    let clauses: Vec<_> =
        last.clauses().into_iter().map(|c| (&last.text()[c.bytes.clone()], c.mark)).collect();
    assert_eq!(clauses, [("上证涨1,234点", Some('，')), ("时间11:30", Some('；')), ("完", None)]);
    let number = last.text().find("1,234").unwrap();
    assert_eq!(article.slice(last.file_range(number..number + 5)), "1,234");
    assert_eq!(
        article.slice(last.file_range(0..last.text().len())),
        "上证涨<b>1,234</b>点，时间11:30；完"
    );
}

#[test]
fn what_is_no_sentence_is_divided() {
    let long = "涨，".repeat(2_000);
    let article = read(&long, "a.txt");
    let sentences = article.sentences();
    assert!(sentences.iter().all(|s| s.text().chars().count() <= fupan_check::LONGEST_SENTENCE));
    assert_eq!(sentences.iter().map(|s| s.text()).collect::<String>(), long);
}

#[test]
fn places_and_text_lead_to_each_other() {
    let file = format!("<p>{}&amp;{}", "涨a".repeat(100), "b跌".repeat(100));
    let article = read(&file, "a.html");
    let block = &article.blocks()[0];
    for (start, character) in block.text().char_indices() {
        let bytes = start..start + character.len_utf8();
        let places = block.file_range(bytes.clone());
        assert_eq!(block.text_range(places.clone()), bytes);
        let expected = if character == '&' { "&amp;".to_owned() } else { character.to_string() };
        assert_eq!(article.slice(places), expected);
    }
    let end = block.text().len();
    assert!(block.file_range(end..end).is_empty());
    assert!(block.text_range(0..3).is_empty());
}
