//! A message as an email: HTML that mail programs draw, the same as plain text, and the picture
//! within it.

use fupan_brief::export::{OutlineBlock, OutlinePart, OutlineRow, OutlineTable, Piece};
use fupan_brief::{MarketColours, Tone};
use jiff::Timestamp;
use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, MultiPartKind, SinglePart};
use maud::{DOCTYPE, Markup, html};
use md5::{Digest, Md5};

use crate::channel::joined;
use crate::channel::plain::Plain;
use crate::dialect::colour;
use crate::error::PushError;
use crate::image::ShareImage;
use crate::line::{Ink, lines, text};
use crate::message::PushMessage;

/// Who writes an email and who gets it, as `name@example.com` or `Name <name@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAddresses {
    /// The sender.
    pub from: String,
    /// The recipients, who see each other.
    pub to: Vec<String>,
}

/// An email that is ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The sender's address, for the envelope.
    pub from: String,
    /// The recipients' addresses, for the envelope.
    pub to: Vec<String>,
    /// The message in MIME (RFC 5322), with its headers and CRLF line ends.
    pub message: Vec<u8>,
    /// The plain text in it, for looking at.
    pub text: String,
}

/// The name by which the HTML finds the picture.
const PICTURE: &str = "brief@fupan";

impl Mail {
    /// Writes a message as an email, dated `sent`. The same arguments give the same bytes.
    ///
    /// # Errors
    /// If an address is none, or nobody would get it.
    pub fn new(
        message: &PushMessage,
        image: Option<&ShareImage>,
        addresses: &MailAddresses,
        sent: Timestamp,
        colours: MarketColours,
    ) -> Result<Mail, PushError> {
        let from = mailbox(&addresses.from)?;
        let to: Vec<Mailbox> =
            addresses.to.iter().map(|address| mailbox(address)).collect::<Result<_, _>>()?;
        if to.is_empty() {
            return Err(PushError::NoRecipient);
        }
        let subject = format!("{} · {}", message.headline, message.label);
        let mut builder = Message::builder()
            .date(sent.into())
            .message_id(Some(format!("<{}.{}>", sent.as_nanosecond(), PICTURE)))
            .subject(subject)
            .from(from.clone());
        for mailbox in &to {
            builder = builder.to(mailbox.clone());
        }
        let text = joined(&lines(&message.outline), &Plain) + "\n";
        let written = builder
            .multipart(body(message, &text, image, colours))
            .map_err(|fault| PushError::Mail(fault.to_string()))?;
        Ok(Mail {
            from: from.email.to_string(),
            to: to.iter().map(|mailbox| mailbox.email.to_string()).collect(),
            message: written.formatted(),
            text,
        })
    }
}

fn mailbox(text: &str) -> Result<Mailbox, PushError> {
    text.trim().parse().map_err(|_| PushError::Address(fupan_market::shown(text).into_owned()))
}

/// Plain text, and HTML with its picture in place of it.
fn body(
    message: &PushMessage,
    text: &str,
    image: Option<&ShareImage>,
    colours: MarketColours,
) -> MultiPart {
    let page = page(message, image.is_some(), colours).into_string();
    // A digest of the text occurs in no text: who writes one cannot know the other.
    let digest = Md5::digest(page.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let alternative = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(format!("text-{digest}"))
        .singlepart(SinglePart::plain(text.to_owned()));
    let page = SinglePart::html(page);
    let Some(image) = image else { return alternative.singlepart(page) };
    let kind = ContentType::parse("image/png").unwrap_or(ContentType::TEXT_PLAIN);
    let picture = Attachment::new_inline(PICTURE.to_owned()).body(image.bytes().to_vec(), kind);
    let related = MultiPart::builder()
        .kind(MultiPartKind::Related)
        .boundary(format!("page-{digest}"))
        .singlepart(page)
        .singlepart(picture);
    alternative.multipart(related)
}

fn page(message: &PushMessage, pictured: bool, colours: MarketColours) -> Markup {
    let outline = &message.outline;
    html! {
        (DOCTYPE)
        html lang=(outline.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (message.headline) }
            }
            body style="margin:0;padding:16px;font-family:sans-serif;font-size:16px;line-height:1.6;color:#1d1c1a;background:#fff" {
                div style="max-width:680px;margin:0 auto" {
                    @for (place, part) in outline.parts.iter().enumerate() {
                        (self::part(part, colours))
                        @if place == 0 && pictured {
                            p { img src={ "cid:" (PICTURE) } alt=(message.headline) width="680" style="max-width:100%;height:auto"; }
                        }
                    }
                }
            }
        }
    }
}

fn part(part: &OutlinePart, colours: MarketColours) -> Markup {
    html! {
        @if !part.heading.is_empty() {
            h2 style="font-size:19px;margin:28px 0 8px" { (run(&part.heading, colours)) }
        }
        @for block in &part.blocks {
            @match block {
                OutlineBlock::Headline(words) => {
                    h1 style="font-size:24px;line-height:1.3;margin:0 0 8px" { (run(words, colours)) }
                }
                OutlineBlock::Warning(words) => {
                    p style="margin:12px 0;padding:8px 12px;background:#fff4d6" { (run(words, colours)) }
                }
                OutlineBlock::Paragraph(words) => p style="margin:8px 0" { (run(words, colours)) },
                OutlineBlock::Numbered(at, words) => {
                    p style="margin:6px 0" { (at) ". " (run(words, colours)) }
                }
                OutlineBlock::Bullet(words) => p style="margin:6px 0" { "• " (run(words, colours)) },
                OutlineBlock::Fine(words) => {
                    p style="margin:6px 0;font-size:13px;color:#6b6862" { (run(words, colours)) }
                }
                OutlineBlock::Table(table) => (self::table(table, colours)),
            }
        }
    }
}

fn table(table: &OutlineTable, colours: MarketColours) -> Markup {
    const CELL: &str =
        "padding:4px 8px;border-bottom:1px solid #e4e0d8;text-align:left;vertical-align:top";
    let across = table.rows.iter().map(|row| row.cells.len() + 1).max().unwrap_or(1);
    let heads = |row: &OutlineRow| row.cells.iter().all(Vec::is_empty);
    html! {
        table style="border-collapse:collapse;margin:12px 0;font-size:14px;width:100%" {
            @if !table.caption.is_empty() {
                caption style="text-align:left;font-weight:bold;padding:4px 8px" { (text(&table.caption)) }
            }
            @if !table.columns.is_empty() {
                tr { @for column in &table.columns { th style=(CELL) { (text(column)) } } }
            }
            @for row in &table.rows {
                tr {
                    @if heads(row) {
                        th style=(CELL) colspan=(across) { (run(&row.head, colours)) }
                    } @else {
                        th style=(CELL) { (run(&row.head, colours)) }
                        @for cell in &row.cells { td style=(CELL) { (run(cell, colours)) } }
                    }
                }
            }
        }
    }
}

fn run(pieces: &[Piece], colours: MarketColours) -> Markup {
    let of = |tone| {
        let ink = match tone {
            Some(Tone::Up) => Ink::Up,
            Some(Tone::Down) => Ink::Down,
            Some(Tone::Flat) | None => Ink::Plain,
        };
        colour(ink, colours, ["#b4232a", "#1a7a4c"], ["#a84f00", "#0b62a4"])
    };
    html! {
        @for piece in pieces {
            @match of(piece.tone) {
                Some(colour) => span style={ "color:" (colour) } { (piece.text) },
                None => (piece.text),
            }
        }
    }
}
