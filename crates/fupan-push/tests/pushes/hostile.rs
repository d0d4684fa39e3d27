//! Texts from outside: what they hold is shown, never obeyed.

use fupan_brief::export::{
    Outline, OutlineBlock, OutlinePart, OutlineRole, OutlineRow, OutlineTable, Piece,
};
use fupan_brief::{Language, MarketColours, Tone};
use fupan_fact::{AsOf, Value};
use fupan_market::Return;
use fupan_push::{Alert, AlertFact, Channel, Edition, PushMessage};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::channels::{all, no_number_is_cut, through};
use crate::fixture;

const NASTY: [&str; 34] = [
    "*ST",
    "**",
    "*",
    "_",
    "__",
    "`",
    "```",
    "<",
    ">",
    "<b>",
    "</font>",
    "<@all>",
    "&",
    "&amp;",
    "&#42;",
    "[x](http://x.y)",
    "![",
    "]",
    "\\",
    "\\*",
    "|",
    "~~",
    "# ",
    "- ",
    "+ ",
    "1. ",
    ":OK:",
    "$",
    "贵州茅台",
    "600519.SH",
    "1,234.56%",
    "👩‍👩‍👧",
    "e\u{301}",
    "。",
];

pub fn alert(title: &str, sentence: &str) -> Alert {
    let fact = AlertFact {
        key: "equal_weight_return/all-a/2026-02-12/11:30:00".parse().unwrap(),
        label: title.to_owned(),
        value: Value::Return { ppb: Return(-12_300_000) },
    };
    Alert {
        language: Language::Zh,
        session: fixture::session(),
        as_of: AsOf::Instant(41_400),
        title: title.to_owned(),
        sentence: sentence.to_owned(),
        facts: vec![fact],
    }
}

#[test]
fn an_alert_says_what_happened_when_and_on_which_facts() {
    let message = PushMessage::alert(&alert("跌停超过五十只", "午后跌停家数升至五十三只。"));
    assert_eq!(message.label, "A股提醒 2026-02-12 11:30");
    for channel in all() {
        let told = through(&channel, &message, MarketColours::RedUp).join("\n");
        for words in ["跌停超过五十只", "2026-02-12 11:30", "午后", "-1.23%", "fupan explain"]
        {
            assert!(told.contains(words), "{words}: {told}");
        }
    }
    let english = Alert { language: Language::En, ..alert("Limit-downs", "") };
    assert_eq!(PushMessage::alert(&english).label, "A-share alert 2026-02-12, 11:30");
}

/// As somebody last looked at them. `UPDATE_EXPECT=1` writes them again.
#[test]
fn alerts_are_as_they_were_looked_at() {
    let message = PushMessage::alert(&alert("*ST&<甲> 跌停过五十", "午后跌停家数升至五十三只。"));
    let mut told = String::new();
    for channel in all() {
        for part in channel.parts(&message, MarketColours::RedUp).unwrap() {
            told += &format!("{}\n{}\n\n", channel.source(), part.json);
        }
    }
    told += &format!("webhook\n{:#}\n", message.data);
    expect_test::expect_file!["../golden/alerts.txt"].assert_eq(&told);
}

/// A robot that wants a keyword finds it in the text of every part.
#[test]
fn every_part_has_the_keyword() {
    let facts = crate::market::whole();
    for (language, keyword) in [(Language::Zh, "A股"), (Language::En, "A-share")] {
        let alert = Alert { language, ..alert("x", "y") };
        let mut messages = vec![PushMessage::alert(&alert)];
        let document = fupan_brief::compose(&facts, language);
        for edition in [Edition::Short, Edition::Full] {
            messages.push(PushMessage::brief(&document, &facts, edition));
        }
        for message in &messages {
            for channel in all() {
                for part in channel.parts(message, MarketColours::RedUp).unwrap() {
                    let title = part.json["card"]["header"]["title"]["content"].as_str();
                    let has = part.text.contains(keyword);
                    assert!(has || title.is_some_and(|title| title.contains(keyword)));
                }
            }
        }
    }
}

#[test]
fn names_that_look_like_markup_are_shown() {
    for nasty in NASTY {
        for text in [nasty.to_owned(), format!("{nasty}甲{nasty} {nasty}"), nasty.repeat(900)] {
            let message = PushMessage::alert(&alert(&text, &format!("{text}\n{text}")));
            for channel in all() {
                through(&channel, &message, MarketColours::RedUp);
            }
        }
    }
}

/// What turns text around or hides it is shown as its escape.
#[test]
fn hidden_characters_are_escaped() {
    let message = PushMessage::alert(&alert("甲\u{202e}乙\u{200b}丙\u{0}", "丁\u{2067}"));
    for channel in all() {
        let told = through(&channel, &message, MarketColours::RedUp).join("\n");
        assert!(!told.contains(['\u{202e}', '\u{200b}', '\u{0}', '\u{2067}']));
    }
}

/// Codes are no links in Telegram.
#[test]
fn codes_are_set_as_codes_in_telegram() {
    let message = PushMessage::alert(&alert("贵州茅台（600519.SH）", "1600519.SH 600519.SHX"));
    let [.., telegram] = all();
    let text = &telegram.parts(&message, MarketColours::RedUp).unwrap()[0].text;
    assert!(text.contains("<b>贵州茅台（</b><code>600519.SH</code><b>）</b>"), "{text}");
    assert!(text.contains("1600519.SH 600519.SHX"), "{text}");
}

#[test]
fn a_word_longer_than_a_message_is_cut_between_what_a_reader_sees_as_characters() {
    for letters in ["z", "茅", "🇨🇳", "e\u{301}", "8"] {
        let message = PushMessage::alert(&alert("x", &letters.repeat(25_000 / letters.len())));
        for channel in all() {
            let told = through(&channel, &message, MarketColours::RedUp);
            let lines = told.iter().flat_map(|part| part.lines());
            let lines: Vec<&str> = lines.filter(|line| line.contains(letters)).collect();
            assert!(lines.len() > 1, "{}", channel.source());
            for line in lines {
                assert_eq!(line.replace(letters, ""), "", "{}", channel.source());
            }
        }
    }
}

#[test]
fn too_many_parts_are_refused() {
    let message = PushMessage::alert(&alert("x", &"很长的一句话。".repeat(30_000)));
    let refused = Channel::WeCom.parts(&message, MarketColours::RedUp).unwrap_err();
    assert!(refused.to_string().contains("more than the 99"), "{refused}");
}

fn text(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(&NASTY[..]).prop_map(str::to_owned),
        "[a-zA-Z]{1,9} ",
        "[一-龥]{1,12}",
        "[+−-]?[0-9]{1,3}(,[0-9]{3}){0,2}\\.[0-9]{2}(%|亿元|万亿| bn)?",
        select(&["，", "。", ". ", "; ", " ", "  ", "（", "）"][..]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..most).prop_map(|pieces| pieces.concat())
}

fn pieces(most: usize) -> impl Strategy<Value = Vec<Piece>> {
    let tone = select(&[None, None, Some(Tone::Up), Some(Tone::Down), Some(Tone::Flat)][..]);
    prop::collection::vec((text(most), tone).prop_map(|(text, tone)| Piece { text, tone }), 1..4)
}

fn table() -> impl Strategy<Value = OutlineBlock> {
    let columns = prop::collection::vec(pieces(4), 0..5);
    let cell = prop_oneof![Just(Vec::new()), pieces(8)];
    let row = (pieces(6), prop::collection::vec(cell, 0..4))
        .prop_map(|(head, cells)| OutlineRow { head, cells });
    let rows = prop::collection::vec(row, 0..12);
    (pieces(5), columns, rows, any::<bool>()).prop_map(|(caption, columns, rows, pictured)| {
        OutlineBlock::Table(OutlineTable { caption, columns, rows, pictured })
    })
}

fn block() -> impl Strategy<Value = OutlineBlock> {
    prop_oneof![
        3 => pieces(60).prop_map(OutlineBlock::Paragraph),
        1 => pieces(500).prop_map(OutlineBlock::Paragraph),
        1 => pieces(20).prop_map(OutlineBlock::Bullet),
        1 => (1..9_usize, pieces(20)).prop_map(|(at, run)| OutlineBlock::Numbered(at, run)),
        1 => pieces(10).prop_map(OutlineBlock::Warning),
        1 => pieces(10).prop_map(OutlineBlock::Fine),
        1 => pieces(30).prop_map(OutlineBlock::Headline),
        3 => table(),
    ]
}

fn outline() -> impl Strategy<Value = Outline> {
    let heading = prop_oneof![1 => Just(Vec::new()), 4 => pieces(4), 1 => pieces(300)];
    let part = (heading, prop::collection::vec(block(), 1..9))
        .prop_map(|(heading, blocks)| OutlinePart { role: OutlineRole::Body, heading, blocks });
    let language = select(&[Language::Zh, Language::En][..]);
    (language, prop::collection::vec(part, 1..9)).prop_map(|(language, parts)| Outline {
        language,
        session: fixture::session(),
        as_of: AsOf::Close,
        tone: None,
        parts,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever a text is: it arrives whole, in order, within the limit and in valid markup.
    #[test]
    fn every_text_arrives_whole(outline in outline(), colours in any::<Index>()) {
        let colours = *colours.get(&[
            MarketColours::RedUp,
            MarketColours::GreenUp,
            MarketColours::ColourBlind,
        ]);
        let mut message = PushMessage::alert(&alert("x", ""));
        message.outline = outline;
        for channel in all() {
            let told = through(&channel, &message, colours);
            no_number_is_cut(&told, &message);
        }
    }
}
