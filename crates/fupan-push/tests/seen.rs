//! What comes out, written where it can be looked at.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

#[path = "../../fupan-brief/tests/fixture/mod.rs"]
mod fixture;
#[path = "../../fupan-brief/tests/market/mod.rs"]
mod market;

use fupan_brief::{Language, MarketColours, compose};
use fupan_push::{Channel, Edition, PushMessage, RobotSecurity, TELEGRAM_API};

#[test]
fn seen() {
    let folder = std::env::temp_dir().join("fupan-push");
    std::fs::create_dir_all(&folder).unwrap();
    let facts = market::whole();
    for language in [Language::Zh, Language::En] {
        let document = compose(&facts, language);
        for (name, edition) in [("short", Edition::Short), ("full", Edition::Full)] {
            let message = PushMessage::brief(&document, &facts, edition);
            for channel in [
                Channel::WeCom,
                Channel::Feishu(RobotSecurity::Signed),
                Channel::DingTalk(RobotSecurity::Signed),
                Channel::Telegram { api: TELEGRAM_API.to_owned() },
            ] {
                let parts = channel.parts(&message, MarketColours::RedUp).unwrap();
                let text: Vec<String> = parts
                    .iter()
                    .map(|part| format!("━━━━ {} bytes\n{}\n", part.text.len(), part.text))
                    .collect();
                let file = format!("{}-{name}-{}.txt", channel.source(), language.tag());
                println!("{file}: {} parts", parts.len());
                std::fs::write(folder.join(file), text.concat()).unwrap();
            }
        }
    }
}
