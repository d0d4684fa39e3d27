//! Emails, read back by a few lines that know MIME.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fupan_brief::{Language, MarketColours, compose};
use fupan_market::{InLanguage, english_in};
use fupan_push::{Edition, Mail, MailAddresses, PushError, PushMessage, ShareImage};
use jiff::Timestamp;

use crate::market;
use crate::said::{bare, said};

fn addresses(to: &[&str]) -> MailAddresses {
    let to = to.iter().map(|to| (*to).to_owned()).collect();
    MailAddresses { from: "复盘 <fupan@example.com>".to_owned(), to }
}

fn sent() -> Timestamp {
    "2026-02-12T07:05:00Z".parse().unwrap()
}

fn message(language: Language) -> PushMessage {
    let facts = market::whole();
    PushMessage::brief(&compose(&facts, language), &facts, Edition::Full)
}

fn image() -> ShareImage {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\x38\0\0\x05\xdc".to_vec();
    bytes.resize(5_000, 200);
    ShareImage::png(bytes).unwrap()
}

/// A part of a message: its headers, unfolded, and its bytes as they are sent.
struct Part {
    headers: String,
    body: String,
}

fn part(text: &str) -> Part {
    let (headers, body) = text.split_once("\r\n\r\n").unwrap();
    Part { headers: headers.replace("\r\n ", " "), body: body.to_owned() }
}

impl Part {
    fn header(&self, name: &str) -> &str {
        let lines = self.headers.split("\r\n");
        let mut found = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.next().unwrap_or_default()
    }

    fn parts(&self) -> Vec<Part> {
        let kind = self.header("Content-Type");
        let boundary = kind.split_once("boundary=\"").unwrap().1.trim_end_matches('"');
        let mark = format!("--{boundary}");
        let mut pieces: Vec<&str> = self.body.split(mark.as_str()).collect();
        assert_eq!(pieces.pop().map(str::trim_end), Some("--"));
        pieces[1..].iter().map(|piece| part(piece.trim_start_matches("\r\n"))).collect()
    }

    fn bytes(&self) -> Vec<u8> {
        match self.header("Content-Transfer-Encoding") {
            "base64" => STANDARD.decode(self.body.replace("\r\n", "")).unwrap(),
            "quoted-printable" => unquoted(&self.body),
            "7bit" | "8bit" => self.body.clone().into_bytes(),
            other => panic!("{other}"),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }
}

fn unquoted(text: &str) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            let hex = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

/// The words of `=?utf-8?b?…?=`.
fn decoded(header: &str) -> String {
    let mut out = Vec::new();
    for word in header.split(' ') {
        match word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
            Some(word) => out.extend(STANDARD.decode(word).unwrap()),
            None => out.extend(format!(" {word} ").bytes()),
        }
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn an_email_is_text_and_a_page_with_its_picture() {
    for language in [Language::Zh, Language::En] {
        let message = message(language);
        let to = addresses(&["a@example.com", "乙 <b@example.org>"]);
        let mail = Mail::new(&message, Some(&image()), &to, sent(), MarketColours::RedUp).unwrap();
        assert_eq!(mail.from, "fupan@example.com");
        assert_eq!(mail.to, ["a@example.com", "b@example.org"]);
        assert!(mail.message.is_ascii(), "every server takes it");
        let text = String::from_utf8(mail.message.clone()).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains('\n')));
        let whole = part(&text);
        assert_eq!(whole.header("Date"), "Thu, 12 Feb 2026 07:05:00 +0000");
        assert!(whole.header("MIME-Version") == "1.0" && !whole.header("Message-ID").is_empty());
        let subject = bare(&decoded(whole.header("Subject")));
        assert_eq!(subject, bare(&format!("{} · {}", message.headline, message.label)));
        let [plain, related] = whole.parts().try_into().ok().unwrap();
        assert!(plain.header("Content-Type").starts_with("text/plain; charset=utf-8"));
        assert_eq!(bare(&plain.text().replace("! ", "")), said(&message.outline));
        let [page, picture] = related.parts().try_into().ok().unwrap();
        assert!(page.header("Content-Type").starts_with("text/html; charset=utf-8"));
        let page = page.text();
        assert_eq!(picture.header("Content-Type"), "image/png");
        assert_eq!(picture.header("Content-Disposition"), "inline");
        let name = picture.header("Content-ID").trim_matches(['<', '>']).to_owned();
        assert!(page.contains(&format!("src=\"cid:{name}\"")), "{name}");
        assert_eq!(picture.bytes(), image().bytes());
        assert!(page.contains("<span style=\"color:#b4232a\">"));
        let again = Mail::new(&message, Some(&image()), &to, sent(), MarketColours::RedUp);
        assert_eq!(again.unwrap(), mail);
    }
}

/// Every row of every table is one of the page.
#[test]
fn a_page_has_the_tables_of_the_brief() {
    let message = message(Language::Zh);
    let to = addresses(&["a@example.com"]);
    let mail = Mail::new(&message, None, &to, sent(), MarketColours::RedUp).unwrap();
    let whole = part(std::str::from_utf8(&mail.message).unwrap());
    let page = whole.parts()[1].text();
    use fupan_brief::export::OutlineBlock;
    let blocks = message.outline.parts.iter().flat_map(|part| &part.blocks);
    let mut rows = 0;
    for block in blocks {
        if let OutlineBlock::Table(table) = block {
            rows += table.rows.len() + usize::from(!table.columns.is_empty());
        }
    }
    assert_eq!(page.matches("<tr>").count(), rows);
    assert!(rows > 150 && !page.contains("<img"));
}

#[test]
fn a_page_shows_what_looks_like_markup() {
    let nasty = "<script>alert(1)</script>&amp;\"";
    let mut message = PushMessage::alert(&crate::hostile::alert(nasty, nasty));
    message.headline = format!("{nasty}\r\nBcc: x@y.z");
    let to = addresses(&["a@example.com"]);
    let mail = Mail::new(&message, None, &to, sent(), MarketColours::RedUp).unwrap();
    let text = String::from_utf8(mail.message).unwrap();
    assert!(!part(&text).headers.contains("\r\nBcc:"));
    let page = part(&text).parts()[1].text();
    assert!(!page.contains("<script") && !page.contains("&amp;\""));
    assert_eq!(page.matches("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;").count(), 4);
}

#[test]
fn addresses_that_are_none_are_refused_in_both_languages() {
    let message = message(Language::En);
    for (to, refused) in [
        (&["nobody"][..], PushError::Address("nobody".to_owned())),
        (&["a@b.c", "x@\r\nBcc: y"], PushError::Address("x@\\u{d}\\u{a}Bcc: y".to_owned())),
        (&[], PushError::NoRecipient),
    ] {
        let told = Mail::new(&message, None, &addresses(to), sent(), MarketColours::RedUp);
        assert_eq!(told.unwrap_err(), refused);
    }
    for refused in [
        PushError::TooLong { parts: 120 },
        PushError::NotPng,
        PushError::ImageSize { bytes: 3, most: 2 },
        PushError::ImageShape { width: 1, height: 2 },
        PushError::Address("x".to_owned()),
        PushError::NoRecipient,
        PushError::Mail("broken pipe".to_owned()),
    ] {
        assert_eq!(english_in(&refused.wording().zh), None, "{refused}");
        assert_eq!(refused.wording().en, refused.to_string());
    }
}
