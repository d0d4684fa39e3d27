//! A message through a channel: every part within the limit, valid, and all of them together all
//! that was said.

use std::collections::BTreeSet;

use fupan_brief::export::Outline;
use fupan_brief::{Language, MarketColours};
use fupan_push::{Channel, MessagePart, PushMessage, RobotSecurity, TELEGRAM_API};

use crate::checker::{DINGTALK, FEISHU, Seen, WECOM, telegram};
use crate::said::{bare, blocks, continued, said};

pub fn all() -> [Channel; 4] {
    [
        Channel::WeCom,
        Channel::Feishu(RobotSecurity::Signed),
        Channel::DingTalk(RobotSecurity::Signed),
        Channel::Telegram { api: TELEGRAM_API.to_owned() },
    ]
}

/// The bytes of a part's JSON, as it is sent.
fn bytes(part: &MessagePart) -> usize {
    serde_json::to_vec(&part.json).unwrap().len()
}

/// A part's lines as a reader sees them, within the limit that the channel publishes.
pub fn seen(channel: &Channel, part: &MessagePart) -> Vec<Seen> {
    let text = part.text.as_str();
    assert!(!text.trim().is_empty(), "an empty message");
    match channel {
        Channel::WeCom => {
            assert_eq!(part.json["markdown"]["content"], text);
            assert!(text.len() <= 4_096, "{}", text.len());
            WECOM.lines(text)
        }
        Channel::Feishu(_) => {
            assert_eq!(part.json["card"]["body"]["elements"][0]["content"], text);
            let signature = r#""timestamp":"1770876000","sign":"#.len() + 44 + 3;
            assert!(bytes(part) + signature <= 20_000, "{}", bytes(part));
            FEISHU.lines(text)
        }
        Channel::DingTalk(_) => {
            assert_eq!(part.json["markdown"]["text"], text);
            assert!(bytes(part) <= 20_000, "{}", bytes(part));
            DINGTALK.lines(text)
        }
        Channel::Telegram { .. } => {
            assert_eq!(part.json["text"], text);
            let lines = telegram(text);
            let units = |line: &Seen| line.words.encode_utf16().count() + 1;
            // The marks that the checker takes off are within the limit too.
            let marks: usize = text.matches(['🔴', '🟢', '⚠']).count() * 3;
            let units: usize = lines.iter().map(units).sum();
            assert!(units - 1 <= 4_096 && units + marks <= 4_096 + 300, "{units}");
            assert!(text.encode_utf16().count() >= units - 1);
            lines
        }
        Channel::Webhook => unreachable!("a webhook takes no parts"),
    }
}

/// Puts a message through a channel and returns what a reader sees of it, part by part.
pub fn through(channel: &Channel, message: &PushMessage, colours: MarketColours) -> Vec<String> {
    let parts = channel.parts(message, colours).unwrap();
    let language = message.outline.language;
    let mut told = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        assert_eq!((part.place, part.of), (at + 1, parts.len()));
        let mut lines: Vec<Seen> =
            seen(channel, part).into_iter().filter(|line| !line.words.trim().is_empty()).collect();
        let label = format!("{} ({}/{})", message.label, part.place, part.of);
        match channel {
            Channel::Feishu(_) => {
                let title = &part.json["card"]["header"]["title"]["content"];
                assert_eq!(*title, if part.of > 1 { label } else { message.label.clone() });
            }
            _ if part.of > 1 => assert_eq!(bare(&lines.remove(0).words), bare(&label)),
            _ => {}
        }
        if at > 0 {
            let again = |line: &&Seen| {
                let whole = is_continued(&line.words, language);
                // Not every channel can set every caption in bold.
                whole && (line.announces || is_of(&line.words, &message.outline))
            };
            let repeated = lines.iter().take(2).take_while(again).count();
            lines.drain(..repeated);
        }
        let words: Vec<&str> = lines.iter().map(|line| line.words.as_str()).collect();
        told.push(words.join("\n"));
    }
    assert_eq!(bare(&told.concat()), said(&message.outline), "{}", channel.source());
    told
}

fn is_continued(words: &str, language: Language) -> bool {
    words.trim_end().ends_with(continued(language))
}

/// Whether a line repeats a heading or a caption of a text, and says so.
fn is_of(words: &str, outline: &Outline) -> bool {
    let words = bare(words);
    let own = words.strip_suffix(&bare(continued(outline.language)));
    own.is_some_and(|own| blocks(outline).iter().any(|block| block == own))
}

/// No cut between parts is within a number: it lies between blocks, or not between digits.
pub fn no_number_is_cut(told: &[String], message: &PushMessage) {
    let mut borders = BTreeSet::new();
    let mut at = 0;
    for block in blocks(&message.outline) {
        at += block.len();
        borders.insert(at);
    }
    let mut at = 0;
    for two in told.windows(2) {
        at += bare(&two[0]).len();
        let (last, next) = (two[0].chars().next_back(), two[1].chars().next());
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let cut = digit(last) && digit(next) && !borders.contains(&at);
        assert!(!cut, "{:?} | {:?}", two[0], two[1]);
    }
}
