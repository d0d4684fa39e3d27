//! What a brief says of rotation: the themes most often among the best, how the order changed, and the
//! best themes session by session.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

#[expect(dead_code, reason = "other tests need more of it")]
mod fixture;

use fixture::{count, full, ppb};
use fupan_brief::export::{self, HtmlOptions};
use fupan_brief::{Language, MarketColours, compose};
use fupan_fact::{Basis, Fact, FactKey, FactSet, MeasureId, Value};

const BEST: &str = "list-concept.液冷服务器";
const SECOND: &str = "list-concept.光模块";
const LAST: &str = "list-concept.乳业";

fn put(set: &mut FactSet, measure: &'static str, scope: &str, back: &str, value: Value) {
    let key = |measure, scope: &str| {
        FactKey::at_close(MeasureId::new(measure), scope.parse().unwrap(), set.session)
    };
    let like = set.get(&key("equal_weight_return", BEST)).unwrap().clone();
    let session = if back.is_empty() { set.session } else { back.parse().unwrap() };
    let key = FactKey { session, ..key(measure, scope) };
    set.insert(Fact { key, value, ..like });
}

/// The full brief with an order like or unlike that of the session before.
fn with(correlation: i64, days: [i64; 2]) -> FactSet {
    let mut set = full(Basis::Exact);
    put(&mut set, "theme_rotation_1", "all-a", "", Value::Ratio { ppm: correlation });
    put(&mut set, "theme_dispersion", "all-a", "", ppb(9_600_000));
    for (theme, days) in [(BEST, days[0]), (SECOND, days[1]), (LAST, 0)] {
        put(&mut set, "top_tenth_20", theme, "", count(days));
    }
    for (theme, on, moved) in [
        (BEST, "2026-02-11", -12_300_000),
        (BEST, "2026-02-10", 45_600_000),
        (SECOND, "2026-02-11", 7_800_000),
    ] {
        put(&mut set, "equal_weight_return", theme, on, ppb(moved));
    }
    set
}

fn page(set: &FactSet, language: Language) -> String {
    export::markdown(&compose(set, language), set).replace('\u{a0}', " ")
}

#[test]
fn themes_that_stayed_among_the_best_are_named_with_their_days() {
    let set = with(0, [7, 9]);
    let english = page(&set, Language::En);
    let told = "In the last 20 sessions, the themes most often among the best tenth were";
    assert!(english.contains(told), "{english}");
    let chinese = page(&set, Language::Zh);
    let told = "近20个交易日中，居题材前一成日数最多的是光模块（9日）、液冷服务器（7日）";
    assert!(chinese.contains(told), "{chinese}");
    // Of equal ones the better one of the session comes first, and five sessions are not often.
    assert!(
        page(&with(0, [6, 6]), Language::Zh).contains("最多的是液冷服务器（6日）、光模块（6日）")
    );
    assert!(!page(&with(0, [5, 5]), Language::Zh).contains("居题材前一成日数"));
}

#[test]
fn the_order_is_alike_from_three_tenths_on_either_way() {
    let words = ["大体相同", "多有颠倒", "关联不大"];
    for (correlation, expected) in
        [(300_000, 0), (299_999, 2), (-299_999, 2), (-300_000, 1), (1_000_000, 0)]
    {
        let page = page(&with(correlation, [0, 0]), Language::Zh);
        let said: Vec<usize> = (0..3).filter(|n| page.contains(words[*n])).collect();
        assert_eq!(said, [expected], "{correlation}");
    }
    assert!(page(&with(-120_000, [0, 0]), Language::En).contains("correlation was −0.12"));
}

#[test]
fn the_best_themes_are_shown_session_by_session() {
    let document = compose(&with(0, [0, 0]), Language::Zh);
    let html =
        export::html(&document, &with(0, [0, 0]), &HtmlOptions { colours: MarketColours::RedUp });
    let table = html.split(r#"<table id="table-rotation""#).nth(1).unwrap();
    let table = table.split("</table>").next().unwrap();
    let places = ["+4.56%", "−1.23%", "+0.78%", "+3.01%"].map(|move_| table.find(move_).unwrap());
    assert!(places[0] < places[1], "sessions are in order");
    assert!(places[1] < places[2] && places[3] < places[2], "the best theme comes first");
    // The market's habit of colours holds for the days of earlier sessions too.
    assert!(table.contains(r#"class="fact up" value="0.045600000""#), "{table}");
    assert!(table.contains(r#"class="fact down" value="-0.012300000""#), "{table}");
    // The second theme has no figure two sessions before.
    assert_eq!(table.matches("data-fact").count(), 2 + 1 + 4);
}

#[test]
fn nothing_is_said_without_figures_of_earlier_sessions() {
    let page = page(&full(Basis::Exact), Language::En);
    for words in ["best tenth", "rank correlation", "session by session"] {
        assert!(!page.contains(words), "{words}");
    }
}

/// The full brief with the themes' shares of turnover, in thousandths, and how many of 250 sessions
/// had no higher one.
fn with_shares(shares: [(i64, i64); 3]) -> FactSet {
    let mut set = full(Basis::Exact);
    for (theme, (share, place)) in [BEST, SECOND, LAST].into_iter().zip(shares) {
        let of = |part, whole| Value::Share { part, whole };
        let key = FactKey::at_close(
            MeasureId::new("turnover_share"),
            theme.parse().unwrap(),
            set.session,
        );
        set.facts.remove(&key);
        put(&mut set, "turnover_share", theme, "", of(share, 1000));
        put(&mut set, "turnover_share_percentile_250", theme, "", of(place, 250));
    }
    set
}

#[test]
fn themes_that_take_much_of_the_turnover_by_their_own_past_are_named() {
    // 238 of 250 are just over 95 %; 237 are not. Two per cent of all turnover is the least.
    let set = with_shares([(20, 238), (45, 250), (300, 237)]);
    let chinese = page(&set, Language::Zh);
    let told = "成交额占比处于自身近250个交易日高位的题材有\
                光模块（占全部成交额4.50%，分位100.0%）、液冷服务器（占全部成交额2.00%，分位95.2%）。";
    assert!(chinese.contains(told), "{chinese}");
    let english = page(&set, Language::En);
    let told = "By the past 250 sessions of each, an unusually large part of the turnover went to";
    assert!(english.contains(told), "{english}");
    let few = page(&with_shares([(19, 250), (45, 237), (300, 10)]), Language::Zh);
    assert!(!few.contains("处于自身近"), "{few}");
}
