//! How figures are printed: units at each of their steps, signs, and the direction they point.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use fixture::{Builder, count, ppb};
use fupan_brief::document::Inline;
use fupan_brief::export::{self, HtmlOptions};
use fupan_brief::{FactSet, Language, MarketColours, compose};
use fupan_fact::{AsOf, Basis, Fact, FactKey, Name, Value};
use fupan_market::{Fen, Finding, FindingKind, SessionDate, Wording};

const YUAN: i64 = 100;
const WAN: i64 = 10_000 * YUAN;
const YI: i64 = 10_000 * WAN;
const MILLION: i64 = 100 * WAN;

/// The turnover that a brief prints of so many fen.
fn printed(fen: i64, language: Language) -> String {
    let mut builder = Builder::new();
    builder.put("turnover", "sse-szse", Value::Money { fen: Fen(fen) });
    let json = export::json(&compose(&builder.set, language), &builder.set);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let deck = json["text"]["deck"].as_str().unwrap().replace('\u{a0}', " ");
    let bare = match language {
        Language::Zh => deck.strip_prefix("沪深两市成交额").and_then(|t| t.strip_suffix("。")),
        Language::En => deck.strip_prefix("Turnover in Shanghai and Shenzhen came to "),
    };
    bare.unwrap_or_else(|| panic!("{deck}")).trim_end_matches('.').to_owned()
}

/// Around each step; a figure that rounds to the next unit's one is left to the unit's own tests.
#[test]
fn money_is_in_the_unit_a_reader_expects() {
    for (fen, zh, en) in [
        (0, "0.00元", "0.00 yuan"),
        (1, "0.01元", "0.01 yuan"),
        (WAN - 1, "9999.99元", "9,999.99 yuan"),
        (WAN, "1.00万元", "10,000.00 yuan"),
        (9 * WAN + WAN / 2, "9.50万元", "95,000.00 yuan"),
        (10 * WAN, "10.0万元", "100,000.00 yuan"),
        (MILLION, "100.0万元", "1.00 million yuan"),
        (9 * MILLION + MILLION / 2, "950.0万元", "9.50 million yuan"),
        (999 * WAN, "999.0万元", "9.99 million yuan"),
        (1_000 * WAN, "1000万元", "10.0 million yuan"),
        (YI - 100 * WAN, "9900万元", "99.0 million yuan"),
        (YI, "1.00亿元", "100.0 million yuan"),
        (9 * YI + YI / 2, "9.50亿元", "950.0 million yuan"),
        (10 * YI, "10.0亿元", "1.00 billion yuan"),
        (99 * YI, "99.0亿元", "9.90 billion yuan"),
        (100 * YI, "100亿元", "10.0 billion yuan"),
        (999 * YI + YI / 2, "1000亿元", "100.0 billion yuan"),
        (1_000 * YI, "1000亿元", "100.0 billion yuan"),
        (9_990 * YI, "9990亿元", "999.0 billion yuan"),
        (10_000 * YI - 5 * MILLION, "1.00万亿元", "1.00 trillion yuan"),
        (10_000 * YI, "1.00万亿元", "1.00 trillion yuan"),
        (21_430 * YI, "2.14万亿元", "2.14 trillion yuan"),
        (-10 * YI, "−10.0亿元", "−1.00 billion yuan"),
        (-YI, "−1.00亿元", "−100.0 million yuan"),
        (-1, "−0.01元", "−0.01 yuan"),
    ] {
        assert_eq!(printed(fen, Language::Zh), zh, "{fen}");
        assert_eq!(printed(fen, Language::En), en, "{fen}");
    }
}

fn page(set: &FactSet) -> String {
    let options = HtmlOptions { colours: MarketColours::RedUp };
    export::html(&compose(set, Language::Zh), set, &options)
}

/// How the page first sets a figure: its class and what stands before the words.
fn marked(page: &str, key: &str) -> String {
    let (head, tail) = page.split_once(&format!("data-fact=\"{key}/2026-02-12/close\"")).unwrap();
    let class = head.rsplit_once("<data class=\"").unwrap().1.split('"').next().unwrap();
    let words = tail.split_once('>').unwrap().1.split("</data>").next().unwrap();
    let arrow =
        words.split_once("</span>").map_or("", |(span, _)| span.rsplit_once('>').unwrap().1);
    format!("{class} {arrow}").trim_end().to_owned()
}

#[test]
fn a_change_points_up_down_or_nowhere() {
    for (change, expected) in
        [(1, "fact up ▲"), (12_300_000, "fact up ▲"), (0, "fact flat"), (-1, "fact down ▼")]
    {
        let mut builder = Builder::new();
        builder.put("index_return", "000001.SH", ppb(change));
        builder.put("index_points", "000001.SH", Value::Points { units: change });
        let page = page(&builder.set);
        assert_eq!(marked(&page, "index_points/000001.SH"), expected, "{change}");
    }
}

/// Turnover that grows is no price that rises.
#[test]
fn what_is_no_change_of_a_price_has_no_direction() {
    for set in [fixture::full(Basis::Exact), fixture::poor()] {
        let page = page(&set);
        for key in [
            "turnover/sse-szse",
            "turnover_change_rate/sse-szse",
            "advance_share/all-a",
            "limit_up_count/all-a",
        ] {
            assert_eq!(marked(&page, key), "fact", "{key}");
        }
    }
}

/// Bars are coloured by the sign of their figure.
#[test]
fn bars_are_coloured_by_their_figures() {
    let bars = |change: i64| {
        let mut builder = Builder::new();
        for group in 1..=3 {
            builder.put(&format!("size_decile_return:{group}"), "all-a", ppb(change));
        }
        let page = page(&builder.set);
        ["bar up", "bar down", "bar flat"].map(|class| page.matches(class).count())
    };
    assert_eq!(bars(5_000_000), [3, 0, 0]);
    assert_eq!(bars(-5_000_000), [0, 3, 0]);
    assert_eq!(bars(0), [0, 0, 3]);
}

/// A sentence chooses its words by the sign of a figure of any kind.
#[test]
fn words_follow_the_sign_of_money_counts_and_returns() {
    let set = |change: i64, streak: i64| {
        let mut builder = Builder::new();
        builder.put("index_return", "000001.SH", ppb(change));
        builder.put("index_close", "000001.SH", Value::Points { units: 41_340_000 });
        builder.put("index_gain_streak", "000001.SH", count(streak));
        builder.put("turnover", "sse-szse", Value::Money { fen: Fen(21_000 * YI) });
        builder.put("turnover_change", "sse-szse", Value::Money { fen: Fen(change * 1_000) });
        builder.put("turnover_change_rate", "sse-szse", ppb(change));
        builder.set
    };
    let text =
        |set: &FactSet| export::markdown(&compose(set, Language::En), set).replace('\u{a0}', " ");
    let (up, down) = (text(&set(5_000_000, 4)), text(&set(-5_000_000, -4)));
    for (text, words) in [
        (
            &up,
            ["000001.SH rose 0.50%", "more than the previous session", "its fourth straight gain"],
        ),
        (
            &down,
            ["000001.SH fell 0.50%", "less than the previous session", "its fourth straight loss"],
        ),
    ] {
        for word in words {
            let text = strip(text);
            assert!(text.contains(word), "{word}: {text}");
        }
    }
    let flat = strip(&text(&set(0, 0)));
    assert!(flat.contains("000001.SH was flat") && flat.contains("unchanged from the previous"));
}

/// A figure of a part of the market is marked as an estimate where it is one.
#[test]
fn a_partial_figure_may_be_an_estimate_too() {
    let printed = |kind: FindingKind| {
        let mut builder = Builder::new();
        builder.put("turnover", "sse-szse", Value::Money { fen: Fen(21_000 * YI) });
        let provenance = &mut builder.set.facts.values_mut().next().unwrap().provenance;
        provenance.basis = Basis::Partial;
        let words = Wording::new("There is none.", "缺。");
        provenance.findings = vec![Finding {
            kind,
            count: 1,
            subject: String::new(),
            detail: words.clone(),
            hint: words,
            place: None,
        }];
        let json = export::json(&compose(&builder.set, Language::En), &builder.set);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["text"]["deck"].as_str().unwrap().contains("about ")
    };
    assert!(printed(FindingKind::EstimatedTurnover));
    assert!(!printed(FindingKind::MissingData));
}

/// What is missing is named, whatever kind of thing it is.
#[test]
fn missing_data_is_named_in_words() {
    for (subject, zh, en) in [
        ("XSHG", "沪市部分历史交易日", "some past sessions of Shanghai"),
        ("code_change", "北交所新旧代码对照", "the list of Beijing’s old and new codes"),
        ("share_capital", "当日股本", "share capital of the day"),
        ("szse", "深市", "Shenzhen"),
        ("600519.SH", "茅台", "600519.SH"),
        ("2026-02-11", "2026年2月11日", "11 February 2026"),
    ] {
        let mut set = fixture::full(Basis::Exact);
        let words = Wording::new("There is none.", "缺。");
        set.findings.push(Finding {
            kind: FindingKind::MissingData,
            count: 1,
            subject: subject.to_owned(),
            detail: words.clone(),
            hint: words,
            place: None,
        });
        let name = Name { zh: "茅台".to_owned(), en: None };
        set.names.insert("600519.SH".parse().unwrap(), name);
        for (language, expected) in [(Language::Zh, zh), (Language::En, en)] {
            let json = export::json(&compose(&set, language), &set);
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            let notes = json["text"]["notes"].as_array().unwrap();
            let says = |note: &serde_json::Value| note.as_str().unwrap().contains(expected);
            assert!(notes.iter().any(says), "{subject}: {notes:?}");
        }
    }
}

/// The pictures that a set draws.
fn pictures(set: &FactSet) -> Vec<String> {
    let page = page(set);
    let classes = page.split("<svg").skip(1).map(|svg| svg.split_once("class=\"chart ").unwrap().1);
    classes.map(|class| class.split('"').next().unwrap().to_owned()).collect()
}

/// One bar shows nothing that a sentence does not; two sessions before the reviewed one do.
#[test]
fn a_picture_needs_something_to_compare() {
    let session = fixture::session().epoch_days();
    let turnovers = |before: i32| {
        let mut builder = Builder::new();
        for back in 0..=before {
            let on = SessionDate::from_epoch_days(session - back).unwrap();
            builder.put_on(on, "turnover", "sse-szse", Value::Money { fen: Fen(9 * YI) });
        }
        pictures(&builder.set)
    };
    assert_eq!(turnovers(1), [""; 0]);
    assert_eq!(turnovers(2), ["figure-turnover"]);
    let deciles = |groups: i32| {
        let mut builder = Builder::new();
        for group in 1..=groups {
            builder.put(&format!("size_decile_return:{group}"), "all-a", ppb(1_000_000));
        }
        pictures(&builder.set)
    };
    assert_eq!(deciles(1), [""; 0]);
    assert_eq!(deciles(2), ["figure-size"]);
}

/// A member that moved an index by nothing did not lift it.
#[test]
fn members_are_shown_by_what_they_moved() {
    let mut builder = Builder::new();
    let moves = [9, 8, 7, 6, 5, 4, 0, -1, -2, -3, -4, -5, -6];
    for (place, units) in moves.into_iter().enumerate() {
        let symbol = format!("6000{place:02}.SH");
        builder.put("index_contribution:000001.SH", &symbol, Value::Points { units });
    }
    let page = page(&builder.set);
    let drawn: Vec<i64> = page
        .split("data-fact=\"index_contribution:000001.SH/")
        .filter_map(|mark| {
            let symbol = mark.split_once('/').filter(|_| mark.starts_with("6000"))?.0;
            let place: usize = symbol[..6].parse::<usize>().unwrap() - 600_000;
            Some(moves[place])
        })
        .collect();
    let mut distinct = drawn.clone();
    distinct.dedup();
    assert_eq!(distinct[..10], [9, 8, 7, 6, 5, -2, -3, -4, -5, -6], "{drawn:?}");
}

fn strip(markdown: &str) -> String {
    let mut parts = markdown.split("[^");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |text, part| text + part.split_once(']').unwrap().1)
}

/// At an instant the first note says how much of the market the quotes cover.
#[test]
fn an_instant_says_what_its_quotes_cover() {
    let notes = |share: Option<Value>| {
        let mut builder = Builder::new();
        builder.put("quoted_count", "all-a", count(4_000));
        if let Some(share) = share {
            builder.put("quoted_turnover_share", "all-a", share);
        }
        let mut set = builder.set;
        for mut fact in std::mem::take(&mut set.facts).into_values() {
            fact.key.as_of = AsOf::Instant(41_400);
            set.insert(fact);
        }
        let json = export::json(&compose(&set, Language::En), &set);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["text"]["notes"].to_string()
    };
    let whole = notes(Some(Value::Share { part: 13, whole: 16 }));
    assert!(whole.contains("cover 4,000 of 5,432 A-shares, with 81.25"), "{whole}");
    let alone = notes(None);
    assert!(alone.contains("only the 4,000 A-shares that have quotes at this instant"), "{alone}");
}

/// Four names of more are not given as if they were all.
#[test]
fn a_rung_of_five_names_four_among_others() {
    let said = |shares: usize, language: Language| {
        let mut builder = Builder::new();
        builder.put("max_streak", "all-a", count(4));
        builder.put("limit_up_ladder:4", "all-a", count(shares as i64));
        let key = builder.set.facts.keys().find(|key| key.measure.name() == "limit_up_ladder");
        let key = key.unwrap().clone();
        let codes = ["600001.SH", "600002.SH", "600003.SH", "600004.SH", "600005.SH"];
        let members = codes[..shares].iter().map(|code| code.parse().unwrap()).collect();
        builder.set.members.insert(key, members);
        let json = export::json(&compose(&builder.set, language), &builder.set);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["text"]["takeaways"][0].as_str().unwrap().to_owned()
    };
    let four = "600001.SH, 600002.SH, 600003.SH and 600004.SH";
    assert!(said(4, Language::En).ends_with(&format!("{four}.")));
    assert!(said(5, Language::En).ends_with(&format!("{four}, among others.")));
    assert!(said(5, Language::Zh).ends_with("600004.SH等。"));
}

/// The shares that traded ten billion yuan are told of where there are any.
#[test]
fn shares_that_traded_ten_billion_are_told_where_there_are_any() {
    let said = |number: i64, language: Language| {
        let mut builder = Builder::new();
        builder.put("top5_turnover_share", "all-a", Value::Share { part: 1, whole: 2 });
        builder.put("ten_billion_turnover_count", "all-a", count(number));
        let share = Value::Share { part: number, whole: 8 };
        builder.put("ten_billion_turnover_share", "all-a", share);
        export::markdown(&compose(&builder.set, language), &builder.set)
    };
    assert!(!said(0, Language::En).contains("ten billion"));
    assert!(
        said(1, Language::En).contains("1 stock traded ten billion yuan or more and took 12.50%")
    );
    assert!(said(2, Language::Zh).contains("成交额百亿元以上的个股2只，占全部成交额的25.00%。"));
}

/// The line under the headline says where the session lies in the calendar, if that is notable.
#[test]
fn sessions_next_to_a_long_closure_or_at_an_end_of_the_year_are_told() {
    let deck = |figures: &[(&str, Value)], language: Language| {
        let mut builder = Builder::new();
        figures.iter().for_each(|(measure, value)| builder.put(measure, "all-a", value.clone()));
        let told = export::json(&compose(&builder.set, language), &builder.set);
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        told["text"]["deck"].as_str().unwrap_or_default().to_owned()
    };
    let (yes, no) = (Value::Flag { holds: true }, Value::Flag { holds: false });
    let before = |left| ("sessions_before_break:national-day", count(left));
    let last_of_year = ("last_session_of:year", yes.clone());
    for (figures, en, zh) in [
        (
            vec![before(1)],
            "It was the last session before the National Day break.",
            "当日是国庆节前最后一个交易日。",
        ),
        (
            vec![before(3), last_of_year.clone()],
            "It was the last session but two before the National Day break.",
            "当日是国庆节前倒数第三个交易日。",
        ),
        (
            vec![("first_after_break:other", yes.clone()), ("first_session_of:year", no.clone())],
            "It was the first session after the long holiday.",
            "当日是长假后首个交易日。",
        ),
        (
            vec![("first_session_of:year", yes)],
            "It was the first session of the year.",
            "当日是全年首个交易日。",
        ),
        (vec![last_of_year], "It was the last session of the year.", "当日是全年最后一个交易日。"),
        (vec![("last_session_of:year", no)], "", ""),
        (
            vec![("sessions_before_break", Value::Unknown { reason: "calendar_ends".into() })],
            "",
            "",
        ),
    ] {
        assert_eq!(deck(&figures, Language::En), en);
        assert_eq!(deck(&figures, Language::Zh), zh);
    }
}

/// For how long a word has held is said from two sessions on, and if it is the first in twenty,
/// since when it had not.
#[test]
fn a_takeaway_says_how_long_it_has_been_so() {
    let said = |held: Option<i64>, last: Option<i64>, language: Language| {
        let mut builder = Builder::new();
        builder.put("top5_turnover_share", "all-a", Value::Share { part: 1, whole: 2 });
        for (measure, of) in [("word_sessions", held), ("word_last_held", last)] {
            let unknown = || Value::Unknown { reason: "session_missing".to_owned() };
            let value = of.map_or_else(unknown, count);
            builder.put(&format!("{measure}:turnover_concentrated"), "all-a", value);
        }
        let document = compose(&builder.set, language);
        let keys = document.takeaways[0].basis.keys.len();
        let json = export::json(&document, &builder.set);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        (json["text"]["takeaways"][0].as_str().unwrap().to_owned(), keys)
    };
    let (alone, of_alone) = said(None, Some(30), Language::En);
    for (held, last) in [(Some(1), Some(19)), (Some(1), None), (Some(0), Some(30))] {
        assert_eq!(said(held, last, Language::En), (alone.clone(), of_alone), "{held:?} {last:?}");
    }
    for (held, last, en, zh) in [
        (2, Some(40), " It has been so for 2 sessions in a row.", "已连续2个交易日如此。"),
        (15, None, " It has been so for 15 sessions in a row.", "已连续15个交易日如此。"),
        (1, Some(20), " It was last so 20 sessions ago.", "上一次如此是在20个交易日之前。"),
    ] {
        let (text, keys) = said(Some(held), last, Language::En);
        assert_eq!((text, keys), (format!("{alone}{en}"), of_alone + 1));
        assert!(said(Some(held), last, Language::Zh).0.ends_with(zh));
    }
}

/// A tile stands where its figures are known; the longest run is that outside risk warning where it
/// is known and shorter.
#[test]
fn tiles_have_the_figures_that_are_known() {
    let of = |figures: &[(&str, &str, Value)]| {
        let mut builder = Builder::new();
        for (measure, scope, value) in figures {
            builder.put(measure, scope, value.clone());
        }
        let document = compose(&builder.set, Language::En);
        let unknown = document.data_note.unknown.len();
        let cited = |run: &[Inline]| {
            run.iter()
                .filter_map(|inline| match inline {
                    Inline::Fact(key, _) => Some(format!("{}/{}", key.measure, key.scope)),
                    _ => None,
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        let tiles = document.tiles.iter();
        let tiles: Vec<String> = tiles
            .map(|tile| format!("{}: {} | {}", tile.id, cited(&tile.text), cited(&tile.more)))
            .collect();
        (tiles, unknown)
    };
    let (none, unknown) = of(&[]);
    assert_eq!(none, [""; 0]);
    let (breadth, _) = of(&[("advances", "all-a", count(1)), ("declines", "all-a", count(2))]);
    assert_eq!(breadth, ["breadth: advances/all-a declines/all-a | "]);
    // A tile misses nothing that the text does not miss.
    assert_eq!(of(&[("max_streak", "all-a", count(0))]), (Vec::new(), unknown));
    let streak = |outside: Value| {
        of(&[("max_streak", "all-a", count(6)), ("max_streak", "band-10", outside)]).0
    };
    let whole = ["streak: max_streak/all-a | "];
    assert_eq!(streak(count(4)), ["streak: max_streak/band-10 | max_streak/all-a"]);
    for other in [count(0), count(6), Value::Unknown { reason: "no_data".to_owned() }] {
        assert_eq!(streak(other.clone()), whole, "{other:?}");
    }
}

/// The mean that turnover is compared with is drawn where it is known.
#[test]
fn a_mean_is_drawn_across_the_turnover() {
    let drawn = |above: Option<i64>| {
        let mut set = fixture::full(Basis::Exact);
        let key = format!("turnover_vs_ma20/sse-szse/{}/close", set.session).parse().unwrap();
        let fact = set.facts.get_mut(&key).unwrap();
        fact.value = above.map_or(Value::Unknown { reason: "no_data".to_owned() }, ppb);
        let page = page(&set);
        (page.contains("class=\"mean\""), page.contains("前20日均额</text>"))
    };
    assert_eq!(drawn(Some(-42_000_000)), (true, true));
    // Above every bar there is no room for it, and of nothing there is no mean.
    for above in [Some(-990_000_000), Some(-1_000_000_000), None] {
        assert_eq!(drawn(above), (false, false), "{above:?}");
    }
}

/// Stocks of the wide price limits are flagged, and the caption says with what.
#[test]
fn stocks_of_wide_limits_are_flagged_in_lists() {
    let set = fixture::full(Basis::Exact);
    let page = export::markdown(&compose(&set, Language::Zh), &set);
    let caption = page.lines().find(|line| line.starts_with("**跌停与炸板")).unwrap();
    assert_eq!(caption, "**跌停与炸板（†20%涨跌幅）（‡30%涨跌幅）**");
    assert_eq!(page.matches("†、").count() + page.matches("† |").count(), 2);
    // Nobody on the ladder has one, so its caption explains none.
    assert!(page.contains("**连板梯队**"));
}

fn found(kind: FindingKind, subject: &str, en: &str) -> Finding {
    let (subject, detail) = (subject.to_owned(), Wording::new(en, "说明。"));
    Finding { kind, count: 1, subject, detail, hint: Wording::none(), place: None }
}

/// What is known of how exact a figure is stands on its card: what was found of itself, and that the
/// previous closes of an exchange are not reported where it rests on them.
#[test]
fn a_card_says_what_its_basis_is_about() {
    let mut set = fixture::full(Basis::Exact);
    let key = |measure: &str, scope: &str| format!("{measure}/{scope}/2026-02-12/close");
    let of = |set: &mut FactSet, key: &str, basis: Basis, findings: Vec<Finding>| {
        let fact = set.facts.get_mut(&key.parse().unwrap()).unwrap();
        fact.provenance.basis = basis;
        fact.provenance.findings = findings;
    };
    let dated = "Share capital of 3 securities is dated 2026-04-15, not the session.";
    let shares = vec![found(FindingKind::MissingData, "share_capital", dated)];
    of(&mut set, &key("cap_weight_return", "all-a"), Basis::Estimated, shares);
    for scope in ["all-a", "sse-szse", "bse", "main", "chinext", "star", "bse-board"] {
        of(&mut set, &key("advances", scope), Basis::Derived, Vec::new());
    }
    let closes = "The previous close of 293 securities of Beijing is their last traded close.";
    set.findings.push(found(FindingKind::DerivedPrevClose, "bse", closes));
    set.findings.push(found(FindingKind::DerivedPrevClose, "ruled_out", "Of no exchange."));
    let options = export::HtmlOptions { colours: fupan_brief::MarketColours::RedUp };
    let html = export::html(&compose(&set, Language::En), &set, &options);
    let island = html.split("id=\"fupan-facts\">").nth(1).unwrap();
    let island = island.split("</script>").next().unwrap();
    let island: serde_json::Value = serde_json::from_str(island).unwrap();
    let basis = |measure: &str, scope: &str| {
        let card = island["facts"][key(measure, scope)]["basis"].as_str();
        card.unwrap_or_default().to_owned()
    };
    assert!(basis("cap_weight_return", "all-a").ends_with(&format!("\n{dated}")));
    for (scope, said) in
        [("all-a", true), ("bse", true), ("main", false), ("chinext", false), ("star", false)]
    {
        let told = basis("advances", scope);
        assert!(told.starts_with("Derived: "), "{scope}: {told}");
        assert_eq!(told.contains(closes), said, "{scope}: {told}");
        assert!(!told.contains("Of no exchange"), "{told}");
    }
    assert!(!basis("declines", "all-a").contains('\n'), "an exact figure has nothing to explain");
}

/// Stocks at a record have their names; how many of the limit-ups did not trade is said.
#[test]
fn records_are_named_and_the_suspended_counted() {
    let set = fixture::full(Basis::Exact);
    let page = strip(&export::markdown(&compose(&set, Language::En), &set));
    let (_, table) = page.split_once("**Record highs and lows**").unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| Record")).collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].starts_with("| Record highs | 62 | ") && rows[0].matches(".S").count() == 3);
    assert!(page.contains("hit the limit again (27.59%); another 1 did not trade. 11 of 46"));
    let mut none = set;
    let key = "promotion_suspended:all/all-a/2026-02-12/close".parse().unwrap();
    none.facts.get_mut(&key).unwrap().value = count(0);
    none.members.retain(|key, _| key.measure.name() != "new_high_all_time");
    let page = strip(&export::markdown(&compose(&none, Language::En), &none));
    assert!(!page.contains("did not trade. 11") && !page.contains("Record highs and lows"));
}

/// The ladder has a stock more than were promoted, whose run is from before a suspension: it is named.
#[test]
fn a_run_from_before_a_suspension_is_told_apart_from_those_promoted() {
    let mut set = fixture::full(Basis::Exact);
    let key: FactKey = "limit_up_resumed_count/all-a/2026-02-12/close".parse().unwrap();
    let told = |set: &FactSet| {
        [Language::En, Language::Zh]
            .map(|language| strip(&export::markdown(&compose(set, language), set)))
    };
    let sentences = ["from before a suspension", "停牌后续板"];
    let has = |set: &FactSet| {
        let pages = told(set);
        [0, 1].map(|place| pages[place].contains(sentences[place]))
    };
    assert_eq!(has(&set), [false; 2], "not known");
    let suspended = "promotion_suspended:all/all-a/2026-02-12/close".parse().unwrap();
    let like = set.get(&suspended).unwrap().clone();
    set.facts.insert(key.clone(), Fact { key: key.clone(), value: count(0), ..like.clone() });
    assert_eq!(has(&set), [false; 2], "none");
    set.facts.insert(key.clone(), Fact { key: key.clone(), value: count(1), ..like });
    let rung = "limit_up_ladder:3/all-a/2026-02-12/close".parse().unwrap();
    set.members.insert(key.clone(), set.members[&rung][..1].to_vec());
    let [en, zh] = told(&set);
    let after = |page: &str, words: &str| page.split(words).nth(1).unwrap_or_default().to_owned();
    let en = after(&en, "These rates leave out 1 limit-up that extended a run from before a ");
    assert!(en.starts_with("suspension: "), "{en}");
    let zh = after(&zh, "另有1只停牌后续板，不计入晋级率：");
    let name = &set.names[&set.members[&key][0]].zh;
    assert!(zh.starts_with(&format!("{name}。")), "{zh}");
}
