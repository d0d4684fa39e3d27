//! Invented articles with invented verdicts, in which every kind of mark occurs.

use fupan_check::{
    Article, Claim, ClaimKind, ClaimUnit, ClaimValue, Comparator, Report, Summary, Verdict,
};
use fupan_fact::AsOf;
use fupan_market::{InLanguage, Wording};

const CHINESE: &str = include_str!("zh.md");
const ENGLISH: &str = include_str!("en.html");

/// The value of a claim, for the table of an example.
enum Says {
    Number(&'static str, ClaimUnit),
    Holds,
}

use Says::{Holds, Number};

/// One claim: its words in the article, kind, subject, value, comparator, verdict, right value,
/// fact, note and why.
struct Row {
    words: &'static str,
    kind: ClaimKind,
    subject: &'static str,
    says: Says,
    comparator: Comparator,
    verdict: Verdict,
    right: Option<&'static str>,
    fact: Option<&'static str>,
    note: [&'static str; 2],
    why: [&'static str; 2],
}

/// A Chinese article in Markdown and its report.
pub fn chinese() -> (Article, Report) {
    let article = Article::read(CHINESE.as_bytes(), Some("zh.md")).expect("a text");
    let report = report("zh.md", &article, chinese_rows());
    (article, report)
}

/// An English article in HTML and its report.
pub fn english() -> (Article, Report) {
    let article = Article::read(ENGLISH.as_bytes(), Some("en.html")).expect("a text");
    let report = report("en.html", &article, english_rows());
    (article, report)
}

fn report(file: &str, article: &Article, rows: Vec<Row>) -> Report {
    let claims = rows.into_iter().map(|row| claim(article, row)).collect();
    let summary = Summary {
        session_found: Wording::new(
            "the article names the date 12 February 2026 in its first sentence",
            "文章首句写明日期2026年2月12日",
        ),
        would_help: vec![
            Wording::new(
                "Share capital by date would make claims about market value checkable.",
                "导入按日期的股本数据后，可核对市值类说法。",
            ),
            Wording::new(
                "No data of this program cover Hong Kong or flows of money.",
                "本程序没有港股和资金流向数据。",
            ),
        ],
        remarks: article.remarks().iter().map(InLanguage::wording).collect(),
    };
    let session = Some("2026-02-12".parse().expect("a date"));
    let mut report =
        Report { file: file.to_owned(), session, instant: AsOf::Close, claims, summary };
    report.sort();
    report
}

fn claim(article: &Article, row: Row) -> Claim {
    let found = article.blocks().iter().find_map(|block| {
        let start = block.text().find(row.words)?;
        Some(block.file_range(start..start + row.words.len()))
    });
    let places = found.unwrap_or_else(|| panic!("the article says {:?}", row.words));
    let number = |text: &str| ClaimValue::Number(text.parse().expect("a number"));
    let (value, unit) = match row.says {
        Number(text, unit) => (number(text), unit),
        Holds => (ClaimValue::Holds(true), ClaimUnit::Bool),
    };
    let right = row.right.map(|right| match unit {
        ClaimUnit::Bool => ClaimValue::Holds(right == "true"),
        _ => number(right),
    });
    let wording = |[en, zh]: [&str; 2]| Wording::new(en, zh);
    Claim {
        text: row.words.to_owned(),
        start: places.start,
        end: places.end,
        kind: row.kind,
        subject: row.subject.to_owned(),
        measure: row.fact.map(|fact| fact.split('/').next().unwrap_or_default().to_owned()),
        value: Some(value),
        unit: Some(unit),
        comparator: row.comparator,
        verdict: row.verdict,
        note: wording(row.note),
        right,
        fact: row.fact.map(|fact| fact.parse().expect("a key")),
        why: wording(row.why),
    }
}

fn chinese_rows() -> Vec<Row> {
    use ClaimUnit::{Cny, Percent, Points, Stocks};
    use Comparator::{About, Above, Equal, Is};
    use Verdict::{Contradicted, NotCheckable, Supported};
    let row = |words, kind, subject, says, comparator, verdict, right, fact, note, why| Row {
        words,
        kind,
        subject,
        says,
        comparator,
        verdict,
        right,
        fact,
        note,
        why,
    };
    vec![
        row(
            "放量上涨",
            ClaimKind::Word,
            "all-a",
            Holds,
            Is,
            Supported,
            Some("true"),
            Some("turnover_ratio:5/sse-szse/2026-02-12/close"),
            ["turnover was high and the market rose", "成交放大且市场上涨"],
            ["turnover was 1.31 times its mean of five sessions", "成交额为五日均值的1.31倍"],
        ),
        row(
            "上证指数涨1.32%",
            ClaimKind::IndexReturn,
            "000001.SH",
            Number("1.32", Percent),
            Equal,
            Supported,
            Some("1.3187"),
            Some("index_return/000001.SH/2026-02-12/close"),
            ["the SSE Composite returned +1.32 %", "上证指数当日涨1.32%"],
            ["the fact is 1.3187 %, which rounds to 1.32 %", "事实为1.3187%，四舍五入为1.32%"],
        ),
        row(
            "报4,134.02点",
            ClaimKind::IndexLevel,
            "000001.SH",
            Number("4134.02", Points),
            Equal,
            Supported,
            Some("4134.0250"),
            Some("index_close/000001.SH/2026-02-12/close"),
            ["the SSE Composite closed at 4,134.02", "上证指数收于4,134.02点"],
            ["the fact agrees to the digits that are written", "按所写位数相符"],
        ),
        row(
            "创业板指跌0.4%",
            ClaimKind::IndexReturn,
            "399006.SZ",
            Number("-0.4", Percent),
            Equal,
            Contradicted,
            Some("0.41"),
            Some("index_return/399006.SZ/2026-02-12/close"),
            ["the ChiNext Index returned −0.4 %", "创业板指当日跌0.4%"],
            [
                "the index rose by 0.41 %: the sign is the other one",
                "该指数当日上涨0.41%，方向相反",
            ],
        ),
        row(
            "两市成交额约2.1万亿元",
            ClaimKind::MarketTurnover,
            "sse-szse",
            Number("2100000000000", Cny),
            About,
            Supported,
            Some("2134500000000"),
            Some("turnover/sse-szse/2026-02-12/close"),
            [
                "turnover of Shanghai and Shenzhen was about 2.1 trillion yuan",
                "沪深两市成交额约2.1万亿元",
            ],
            [
                "the fact is 2.1345 trillion yuan, within what “about” allows",
                "事实为2.1345万亿元，在“约”的范围内",
            ],
        ),
        row(
            "成交额约2.1万亿元，较前一日放大",
            ClaimKind::TurnoverChange,
            "sse-szse",
            Holds,
            Is,
            Supported,
            Some("true"),
            Some("turnover_change/sse-szse/2026-02-12/close"),
            ["turnover rose against the session before", "成交额较前一交易日增加"],
            ["turnover rose by 6.2 %", "成交额增加6.2%"],
        ),
        row(
            "超过3,500只个股上涨",
            ClaimKind::Breadth,
            "all-a",
            Number("3500", Stocks),
            Above,
            Contradicted,
            Some("3412"),
            Some("advances/all-a/2026-02-12/close"),
            ["more than 3,500 shares advanced", "上涨家数多于3,500只"],
            ["3,412 shares advanced, 88 fewer than claimed", "上涨3,412只，比所称少88只"],
        ),
        row(
            "72只涨停",
            ClaimKind::LimitCount,
            "all-a",
            Number("72", Stocks),
            Equal,
            Supported,
            Some("72"),
            Some("limit_up_count/all-a/2026-02-12/close"),
            ["72 shares closed at their upper limit", "收盘涨停72只"],
            ["the fact is the same", "与事实一致"],
        ),
        row(
            "主力资金净流入86亿元",
            ClaimKind::Flow,
            "all-a",
            Number("8600000000", Cny),
            Equal,
            NotCheckable,
            None,
            None,
            ["money is said to have come in", "称有资金净流入"],
            [
                "flows of money are a vendor's estimate; no fact states them",
                "资金流向是数据商的估算，没有对应的事实",
            ],
        ),
        row(
            "恒生指数涨0.9%",
            ClaimKind::OtherMarket,
            "HSI",
            Number("0.9", Percent),
            Equal,
            NotCheckable,
            None,
            None,
            ["the Hang Seng Index returned +0.9 %", "恒生指数涨0.9%"],
            ["Hong Kong is not in the data", "数据不含港股"],
        ),
        row(
            "+1.32%",
            ClaimKind::IndexReturn,
            "000001.SH",
            Number("1.32", Percent),
            Equal,
            Supported,
            Some("1.3187"),
            Some("index_return/000001.SH/2026-02-12/close"),
            ["the SSE Composite returned +1.32 %", "上证指数当日涨1.32%"],
            ["the fact is 1.3187 %, which rounds to 1.32 %", "事实为1.3187%，四舍五入为1.32%"],
        ),
        row(
            "-0.40%",
            ClaimKind::IndexReturn,
            "399006.SZ",
            Number("-0.40", Percent),
            Equal,
            Contradicted,
            Some("0.41"),
            Some("index_return/399006.SZ/2026-02-12/close"),
            ["the ChiNext Index returned −0.40 %", "创业板指当日跌0.40%"],
            [
                "the index rose by 0.41 %: the sign is the other one",
                "该指数当日上涨0.41%，方向相反",
            ],
        ),
    ]
}

fn english_rows() -> Vec<Row> {
    use ClaimUnit::{Cny, Percent, Points, Sessions, Stocks};
    use Comparator::{Above, Equal, Is};
    use Verdict::{Contradicted, NotCheckable, Supported};
    let row = |words, kind, subject, says, comparator, verdict, right, fact, note, why| Row {
        words,
        kind,
        subject,
        says,
        comparator,
        verdict,
        right,
        fact,
        note,
        why,
    };
    vec![
        row(
            "rose 1.32% to 4,134.02",
            ClaimKind::IndexReturn,
            "000001.SH",
            Number("1.32", Percent),
            Equal,
            Supported,
            Some("1.3187"),
            Some("index_return/000001.SH/2026-02-12/close"),
            ["the SSE Composite returned +1.32 %", "上证指数当日涨1.32%"],
            ["the fact is 1.3187 %, which rounds to 1.32 %", "事实为1.3187%，四舍五入为1.32%"],
        ),
        row(
            "4,134.02",
            ClaimKind::IndexLevel,
            "000001.SH",
            Number("4134.02", Points),
            Equal,
            Supported,
            Some("4134.0250"),
            Some("index_close/000001.SH/2026-02-12/close"),
            ["the SSE Composite closed at 4,134.02", "上证指数收于4,134.02点"],
            ["the fact agrees to the digits that are written", "按所写位数相符"],
        ),
        row(
            "fifth straight gain",
            ClaimKind::IndexRun,
            "000001.SH",
            Number("5", Sessions),
            Equal,
            Contradicted,
            Some("3"),
            Some("index_run/000001.SH/2026-02-12/close"),
            ["the index rose for five sessions in a row", "指数连涨五日"],
            ["the index has risen for three sessions in a row", "指数连涨三日"],
        ),
        row(
            "highest close in ten years",
            ClaimKind::IndexExtreme,
            "000001.SH",
            Holds,
            Is,
            NotCheckable,
            None,
            None,
            ["no close of ten years was higher", "收盘为十年来最高"],
            ["the store reaches back to January 2019", "数据始于2019年1月"],
        ),
        row(
            "More than 3,500 stocks advanced",
            ClaimKind::Breadth,
            "all-a",
            Number("3500", Stocks),
            Above,
            Contradicted,
            Some("3412"),
            Some("advances/all-a/2026-02-12/close"),
            ["more than 3,500 shares advanced", "上涨家数多于3,500只"],
            ["3,412 shares advanced, 88 fewer than claimed", "上涨3,412只，比所称少88只"],
        ),
        row(
            "turnover of 2.13 trillion yuan",
            ClaimKind::MarketTurnover,
            "sse-szse",
            Number("2130000000000", Cny),
            Equal,
            Supported,
            Some("2134500000000"),
            Some("turnover/sse-szse/2026-02-12/close"),
            [
                "turnover of Shanghai and Shenzhen was 2.13 trillion yuan",
                "沪深两市成交额2.13万亿元",
            ],
            [
                "the fact is 2.1345 trillion yuan, which rounds to 2.13",
                "事实为2.1345万亿元，四舍五入为2.13万亿元",
            ],
        ),
        row(
            "the Hang Seng added 0.9%",
            ClaimKind::OtherMarket,
            "HSI",
            Number("0.9", Percent),
            Equal,
            NotCheckable,
            None,
            None,
            ["the Hang Seng Index returned +0.9 %", "恒生指数涨0.9%"],
            ["Hong Kong is not in the data", "数据不含港股"],
        ),
    ]
}
