//! How a file's characters are written, and its bytes as text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Remark, RemarkKind};

/// How a file's characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UTF-8, with a byte order mark or without.
    Utf8,
    /// UTF-16 with a byte order mark, in either order.
    Utf16,
    /// GB18030, of which GBK and GB2312 are parts.
    Gb18030,
    /// Big5.
    Big5,
    /// Windows-1252, which English texts with typographic quotes may be written in.
    Windows1252,
}

/// A file's text.
pub(super) struct Decoded {
    pub text: String,
    pub charset: Charset,
    pub remark: Option<Remark>,
}

/// How far into a file a declaration of its encoding may stand.
const DECLARED_WITHIN: usize = 2_048;

/// How many bytes the detector reads at most; more do not change its mind.
const DETECTED_WITHIN: usize = 1 << 18;

/// The bytes as text; `None` if they are none.
pub(super) fn decoded(bytes: &[u8]) -> Option<Decoded> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None => (of(bytes)?, bytes),
    };
    let charset = charset(encoding)?;
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let text = text.into_owned();
    let remark = if broken { undecodable(&text) } else { None };
    // One broken place is allowed in any text, and one in fifty characters in a long one. Zeros fill
    // files of other kinds.
    let broken = remark.map_or(0, |remark| remark.count as usize);
    let zeros = text.bytes().filter(|byte| *byte == 0).count();
    let few = 1.max(text.len() / 100);
    // Any bytes can be read in a charset of bytes; controls show that they are none of its texts.
    let is_control = |c: &char| c.is_control() && !c.is_whitespace();
    let controls = match charset {
        Charset::Utf8 => 0,
        _ => text.chars().filter(is_control).count(),
    };
    let is_text = broken <= few && zeros <= few && controls <= few;
    is_text.then_some(Decoded { text, charset, remark })
}

fn charset(encoding: &'static Encoding) -> Option<Charset> {
    Some(match encoding {
        e if e == UTF_8 => Charset::Utf8,
        e if e == UTF_16LE || e == UTF_16BE => Charset::Utf16,
        e if e == GB18030 => Charset::Gb18030,
        e if e == BIG5 => Charset::Big5,
        e if e == WINDOWS_1252 => Charset::Windows1252,
        _ => return None,
    })
}

/// The encoding of bytes without a mark: UTF-8 if they are that, but for a few places; else the one
/// that they declare, else the one that they look like.
fn of(bytes: &[u8]) -> Option<&'static Encoding> {
    if nearly_utf8(bytes) {
        return Some(UTF_8);
    }
    let start = &bytes[..bytes.len().min(DECLARED_WITHIN)];
    if let Some(declared) = declared(start) {
        return Some(declared);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let read = &bytes[..bytes.len().min(DETECTED_WITHIN)];
    detector.feed(read, read.len() == bytes.len());
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let encoding = if encoding == encoding_rs::GBK { GB18030 } else { encoding };
    charset(encoding).map(|_| encoding)
}

/// Whether at most one character in twenty that is not ASCII is broken in UTF-8.
fn nearly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * 20 <= whole
}

/// The Chinese encoding that a page declares at its start: `charset=gbk`.
fn declared(start: &[u8]) -> Option<&'static Encoding> {
    let start = start.to_ascii_lowercase();
    let declares = |word: &[u8]| {
        let place = start.windows(word.len()).position(|window| window == word)?;
        let rest = &start[place + word.len()..];
        let quoted = rest.iter().position(|byte| !b" \t\"'=".contains(byte))?;
        let name = rest[quoted..].split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        Encoding::for_label(name.into_iter().next()?)
    };
    let found = declares(b"charset").or_else(|| declares(b"encoding"))?;
    match found {
        e if e == encoding_rs::GBK || e == GB18030 => Some(GB18030),
        e if e == BIG5 => Some(BIG5),
        _ => None,
    }
}

/// The remark on broken places of a text.
fn undecodable(text: &str) -> Option<Remark> {
    let mut broken = text.chars().zip(0..).filter(|(c, _)| *c == char::REPLACEMENT_CHARACTER);
    let (_, first) = broken.next()?;
    let count = 1 + u32::try_from(broken.count()).unwrap_or(u32::MAX - 1);
    Some(Remark { kind: RemarkKind::Undecodable, count, first })
}
