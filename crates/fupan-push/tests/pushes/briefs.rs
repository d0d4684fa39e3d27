//! Briefs: the longest that the fixtures make, one with everything wrong, and an empty one.

use std::collections::BTreeMap;

use expect_test::expect_file;
use fupan_brief::{FactSet, Language, MarketColours, compose, export};
use fupan_fact::{AsOf, Basis};
use fupan_push::{Channel, Edition, PushMessage};

use crate::channels::{all, no_number_is_cut, through};
use crate::{fixture, market};

const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];
const COLOURS: [MarketColours; 3] =
    [MarketColours::RedUp, MarketColours::GreenUp, MarketColours::ColourBlind];
const EDITIONS: [Edition; 2] = [Edition::Short, Edition::Full];

fn brief(facts: &FactSet, language: Language, edition: Edition) -> PushMessage {
    PushMessage::brief(&compose(facts, language), facts, edition)
}

#[test]
fn every_brief_arrives_whole_in_order_and_within_the_limit_of_every_channel() {
    let sets = [
        market::whole(),
        fixture::full(Basis::Estimated),
        fixture::poor(),
        FactSet::new(fixture::session()),
    ];
    for facts in &sets {
        for language in LANGUAGES {
            for edition in EDITIONS {
                let message = brief(facts, language, edition);
                for channel in all() {
                    for colours in COLOURS {
                        let told = through(&channel, &message, colours);
                        no_number_is_cut(&told, &message);
                    }
                }
            }
        }
    }
}

/// What the brief's Markdown says, the full edition says too.
#[test]
fn the_full_edition_is_all_of_the_brief() {
    for facts in [market::whole(), fixture::poor()] {
        for language in LANGUAGES {
            let document = compose(&facts, language);
            let told = crate::said::said(&brief(&facts, language, Edition::Full).outline);
            let markdown = export::markdown(&document, &facts);
            // At the end are the keys and digests.
            let (body, _) = markdown.rsplit_once("\n### ").unwrap();
            let body = match body.rsplit_once("\n### ") {
                Some((body, rest)) if rest.contains("fupan explain") => body,
                _ => body,
            };
            let heads = ["| ---", "| :--", "#", "---"];
            let mut lines = body.lines().filter(|line| !line.is_empty()).peekable();
            let mut checked = 0;
            while let Some(line) = lines.next() {
                // The headings of a table's columns are said otherwise.
                let rule = lines.peek().is_some_and(|next| next.starts_with("| :--"));
                if rule || heads[..2].iter().any(|head| line.starts_with(head)) {
                    continue;
                }
                for cell in line.trim_matches('|').split(" | ") {
                    let cell = plain(cell);
                    if !cell.is_empty() && !is_page_only(&cell, language) {
                        assert!(told.contains(&cell), "not said: {cell}");
                        checked += 1;
                    }
                }
            }
            assert!(checked > 100, "{checked}");
        }
    }
}

/// A line of Markdown without its markup.
fn plain(line: &str) -> String {
    let line = line.trim_start_matches(['#', '>', '-', ' ']);
    let mut out = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.push(characters.next().unwrap_or('\\')),
            '*' | '`' => {}
            _ => out.push(character),
        }
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    crate::said::bare(&out)
}

/// What is said of the Markdown itself: where the keys and the digests are.
fn is_page_only(words: &str, language: Language) -> bool {
    match language {
        Language::Zh => words.contains("文末") || words.contains("上列行情数据"),
        Language::En => {
            words.contains("keyislistedattheend") || words.contains("thedatalistedabove")
        }
    }
}

/// The short edition is small enough for a glance: the longest fits three messages of WeCom.
#[test]
fn the_short_edition_is_short_and_says_so() {
    let facts = market::whole();
    for (language, words, rows) in [
        (Language::Zh, "简版。", "（前3行，共31行）"),
        (Language::En, "Short edition.", "(first 3 of 31 rows)"),
    ] {
        let message = brief(&facts, language, Edition::Short);
        let told = through(&Channel::WeCom, &message, MarketColours::RedUp);
        assert!(told.len() <= 3, "{}", told.len());
        let told = told.join("\n");
        assert!(told.contains(words) && told.contains(rows), "{told}");
        let whole = through(&Channel::WeCom, &brief(&facts, language, Edition::Full), COLOURS[0]);
        assert!(!whole.join("\n").contains(words));
    }
}

/// What must be known before the first figure is known before it, in every edition.
#[test]
fn simulated_and_partial_data_are_said_first() {
    let facts = fixture::poor();
    for (language, simulated) in [(Language::Zh, "模拟"), (Language::En, "simulated")] {
        let notes = compose(&facts, language).notes.len();
        for edition in EDITIONS {
            let message = brief(&facts, language, edition);
            for channel in all() {
                let told = through(&channel, &message, MarketColours::RedUp).join("\n");
                let (said, figure) = (told.to_lowercase().find(simulated), told.find("14,283.00"));
                let figure = figure.or_else(|| told.find("14283.00")).unwrap();
                assert!(said.unwrap() < figure, "{told}");
                let bullets = told.lines().filter(|line| line.starts_with('•'));
                assert!(notes > 5 && bullets.count() >= notes + 3, "{told}");
            }
        }
    }
}

/// A midday edition says of which instant it is, on every part.
#[test]
fn a_midday_edition_is_of_its_instant() {
    let close = fixture::full(Basis::Exact);
    let mut facts = FactSet { facts: BTreeMap::new(), ..close.clone() };
    for mut fact in close.facts.into_values() {
        if fact.key.session == facts.session {
            fact.key.as_of = AsOf::Instant(41_400);
        }
        facts.insert(fact);
    }
    for (language, label, words) in [
        (Language::Zh, "A股复盘 2026-02-12 11:30", "盘中11:30"),
        (Language::En, "A-shares 2026-02-12, 11:30", "at 11:30 Shanghai time"),
    ] {
        let message = brief(&facts, language, Edition::Full);
        assert_eq!(
            (message.label.as_str(), message.data["as_of"].as_str()),
            (label, Some("11:30:00"))
        );
        for channel in all() {
            let told = through(&channel, &message, MarketColours::RedUp);
            assert!(told[0].contains(words), "{}", told[0]);
            no_number_is_cut(&told, &message);
        }
    }
}

/// Red is up where red is up, and the sign is beside the colour.
#[test]
fn colours_follow_the_habit() {
    let facts = market::whole();
    let message = brief(&facts, Language::Zh, Edition::Short);
    let rise = |channel: &Channel, colours| {
        let parts = channel.parts(&message, colours).unwrap();
        let line = parts[0].text.replace("<br>", "\n");
        let line = line.lines().find(|line| line.contains("1491.10")).unwrap().to_owned();
        let head = parts[0].json["card"]["header"]["template"].as_str().map(str::to_owned);
        (line, head)
    };
    let [wecom, feishu, dingtalk, telegram] = all();
    let [red, green, blind] = COLOURS;
    for (channel, colours, mark) in [
        (&wecom, red, "<font color=\"warning\">+1.78%</font>"),
        (&wecom, green, "<font color=\"info\">+1.78%</font>"),
        (&wecom, blind, "<font color=\"warning\">+1.78%</font>"),
        (&feishu, red, "<font color='red'>+1.78%</font>"),
        (&feishu, green, "<font color='green'>+1.78%</font>"),
        (&feishu, blind, "<font color='orange'>+1.78%</font>"),
        (&dingtalk, red, "<font color=#d03035>+1.78%</font>"),
        (&dingtalk, green, "<font color=#1a7a4c>+1.78%</font>"),
        (&dingtalk, blind, "<font color=#a84f00>+1.78%</font>"),
        (&telegram, red, "🔴 <b>科创50</b>"),
        (&telegram, green, "🟢 <b>科创50</b>"),
        (&telegram, blind, "🟠 <b>科创50</b>"),
    ] {
        let (line, _) = rise(channel, colours);
        assert!(line.contains(mark), "{line}");
    }
    assert_eq!(rise(&feishu, red).1.as_deref(), Some("red"));
    assert_eq!(rise(&feishu, green).1.as_deref(), Some("green"));
}

/// Messages as they were when somebody last looked at them. `UPDATE_EXPECT=1` writes them again;
/// look at the difference before you keep it.
#[test]
fn messages_are_as_they_were_looked_at() {
    let facts = fixture::full(Basis::Exact);
    for language in LANGUAGES {
        let message = brief(&facts, language, Edition::Short);
        for channel in all() {
            let parts = channel.parts(&message, MarketColours::RedUp).unwrap();
            let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            let file = format!("../golden/{}-{}.txt", channel.source(), language.tag());
            expect_file![&file].assert_eq(&(texts.join("\n━━━━━━━━\n") + "\n"));
        }
    }
}
