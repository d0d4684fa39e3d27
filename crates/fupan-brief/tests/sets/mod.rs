//! Facts of a session in which one thing happened.

use fupan_brief::{FactSet, Language, compose, export};
use fupan_fact::{FactKey, MeasureId, Scope, Value};

use crate::fixture::{self, Builder, count, ppb, yi};

pub const SSE: &str = "000001.SH";
pub const SZSE: &str = "399001.SZ";
pub const CHINEXT: &str = "399006.SZ";
pub const STAR: &str = "000688.SH";

/// A share in parts of a hundred thousand.
pub fn share(part: i64) -> Value {
    Value::Share { part, whole: 100_000 }
}

pub fn facts(figures: &[(&str, &str, Value)]) -> FactSet {
    let mut builder = Builder::new();
    for (symbol, zh, en) in [
        (SSE, "上证指数", "SSE Composite"),
        (SZSE, "深证成指", "SZSE Component"),
        (CHINEXT, "创业板指", "ChiNext"),
        (STAR, "科创50", "STAR 50"),
    ] {
        builder.name(symbol, zh, Some(en));
    }
    for (measure, scope, value) in figures {
        builder.put(measure, scope, value.clone());
    }
    builder.set
}

/// What a program reads of a brief's opening: headline, deck, takeaways, notes.
pub fn opening(facts: &FactSet, language: Language) -> serde_json::Value {
    let json = export::json(&compose(facts, language), facts);
    let whole: serde_json::Value = serde_json::from_str(&json).unwrap();
    whole["text"].clone()
}

pub fn breadth(part: i64, median: i64) -> FactSet {
    facts(&[
        ("advances", "all-a", count(part / 20)),
        ("declines", "all-a", count((100_000 - part) / 20)),
        ("advance_share", "all-a", share(part)),
        ("median_return", "all-a", ppb(median)),
    ])
}

pub fn turnover(rate: i64, rank: i64) -> FactSet {
    facts(&[
        ("turnover", "sse-szse", yi(21_000)),
        ("turnover_change", "sse-szse", yi(rate / 50_000)),
        ("turnover_change_rate", "sse-szse", ppb(rate)),
        ("turnover_rank_in_window", "sse-szse", count(rank)),
    ])
}

pub fn limits(ups: i64, downs: i64, seal: i64) -> FactSet {
    facts(&[
        ("limit_up_count", "all-a", count(ups)),
        ("limit_down_count", "all-a", count(downs)),
        ("limit_up_broken_count", "all-a", count(7)),
        ("seal_rate", "all-a", share(seal)),
    ])
}

pub fn highs(high: i64, low: i64) -> FactSet {
    facts(&[("new_high_250", "all-a", count(high)), ("new_low_250", "all-a", count(low))])
}

pub fn size(micro: i64, cap: i64) -> FactSet {
    facts(&[("micro_cap_return", "all-a", ppb(micro)), ("cap_weight_return", "all-a", ppb(cap))])
}

pub fn concentration(part: i64) -> FactSet {
    facts(&[("top5_turnover_share", "all-a", share(part))])
}

pub fn prior(mean: i64) -> FactSet {
    facts(&[
        ("prior_limit_up_return", "all-a", ppb(mean)),
        ("prior_limit_up_positive_share", "all-a", share(40_000)),
    ])
}

pub fn streak(rung: i64) -> FactSet {
    let mut set = facts(&[("max_streak", "all-a", count(rung))]);
    let key = FactKey::at_close(MeasureId::with("limit_up_ladder", rung), Scope::AllA, set.session);
    set.members.insert(key, vec![SZSE.parse().unwrap(), CHINEXT.parse().unwrap()]);
    set
}

pub fn indices(moves: &[(&str, i64)]) -> FactSet {
    let figures: Vec<_> =
        moves.iter().map(|(symbol, change)| ("index_return", *symbol, ppb(*change))).collect();
    facts(&figures)
}

/// The points of the SSE Composite and of some members.
pub fn members(points: i64, moves: &[i64]) -> FactSet {
    let mut builder = Builder::new();
    builder.name(SSE, "上证指数", Some("SSE Composite"));
    builder.put("index_points", SSE, Value::Points { units: points });
    for (place, units) in moves.iter().enumerate() {
        let symbol = format!("60000{place}.SH");
        builder.put("index_contribution:000001.SH", &symbol, Value::Points { units: *units });
    }
    builder.set
}

pub fn boards(main: i64, chinext: i64, star: i64) -> FactSet {
    let shares = [("main", main), ("chinext", chinext), ("star", star)];
    let figures: Vec<_> =
        shares.iter().map(|(board, part)| ("advance_share", *board, share(*part))).collect();
    facts(&figures)
}

pub fn deciles(small: i64, large: i64) -> FactSet {
    facts(&[
        ("size_decile_return:1", "all-a", ppb(small)),
        ("size_decile_return:10", "all-a", ppb(large)),
    ])
}

pub fn against_average(set: FactSet, long: i64) -> FactSet {
    together([set, facts(&[("turnover_vs_ma20", "sse-szse", ppb(long))])])
}

pub fn warned(set: FactSet, ups: i64, downs: i64) -> FactSet {
    let band = |measure| (measure, "band-st");
    let [(up, st), (down, _)] = ["limit_up_count", "limit_down_count"].map(band);
    together([set, facts(&[(up, st, count(ups)), (down, st, count(downs))])])
}

/// A ladder with one security at each of two rungs, the higher one under risk warning.
pub fn apart(warned: i64, outside: i64) -> FactSet {
    let mut set = facts(&[
        ("max_streak", "all-a", count(warned)),
        ("max_streak", "band-10", count(outside)),
        ("max_streak", "band-20", count(1)),
    ]);
    let listed = |set: &FactSet, measure: MeasureId, scope: &str| {
        FactKey::at_close(measure, scope.parse().unwrap(), set.session)
    };
    let rungs = [(warned, SZSE), (outside, CHINEXT)];
    for (rung, symbol) in rungs {
        let key = listed(&set, MeasureId::with("limit_up_ladder", rung), "all-a");
        set.members.entry(key).or_default().push(symbol.parse().unwrap());
    }
    let key = listed(&set, MeasureId::new("limit_up_count"), "band-st");
    set.members.insert(key, vec![SZSE.parse().unwrap()]);
    set
}

/// An index, the advance share and the median: what a headline looks at.
pub fn session(index: i64, part: i64, median: i64) -> FactSet {
    facts(&[
        ("index_return", SSE, ppb(index)),
        ("advances", "all-a", count(part / 20)),
        ("declines", "all-a", count((100_000 - part) / 20)),
        ("advance_share", "all-a", share(part)),
        ("median_return", "all-a", ppb(median)),
    ])
}

/// Two industries with some returns weighted, and the same of equal weights turned about.
pub fn industries(best: i64, worst: i64) -> FactSet {
    let mut builder = Builder::new();
    fixture::industry(&mut builder, ("801080", "电子"), (best, worst), 3);
    fixture::industry(&mut builder, ("801780", "银行"), (worst, best), 0);
    builder.set
}

pub fn forget(set: &mut FactSet, measure: &str, scope: &str) {
    let key =
        FactKey::at_close(measure.parse().unwrap(), scope.parse::<Scope>().unwrap(), set.session);
    let fact = set.facts.get_mut(&key).unwrap();
    fact.value = Value::Unknown { reason: "no_data".to_owned() };
}

/// The facts of several sets in one.
pub fn together(sets: impl IntoIterator<Item = FactSet>) -> FactSet {
    let mut all = facts(&[]);
    for set in sets {
        all.facts.extend(set.facts);
        all.members.extend(set.members);
        all.measures.extend(set.measures);
        all.names.extend(set.names);
        all.groups.extend(set.groups);
        all.since.extend(set.since);
        all.themes = all.themes.or(set.themes);
    }
    all
}

/// A brief as Markdown without the marks of its footnotes.
pub fn unmarked(set: &FactSet, language: Language) -> String {
    let markdown = export::markdown(&compose(set, language), set);
    let mut parts = markdown.split("[^");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |text, part| text + part.split_once(']').unwrap().1)
}
