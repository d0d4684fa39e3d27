//! How wide text is, and where its lines break.
//!
//! A page is read with whatever fonts its reader has, so widths are estimates on the wide side.

/// The size of the type that [`text_width`] is for.
pub(super) const SIZE: f64 = 14.0;

/// The approximate width of `text` at the charts' type size, in a wide typeface.
pub(super) fn text_width(text: &str) -> f64 {
    let width = |c: char| match c {
        ' ' | '\u{a0}' | '.' | ',' | ':' | '\'' | 'i' | 'j' | 'l' => 4.5,
        'f' | 'r' | 't' | 'I' | 'J' | '-' | '(' | ')' => 5.8,
        'm' | 'M' | 'W' | '%' | '…' => 14.0,
        'w' | '+' | '\u{2212}' => 12.0,
        'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'U' => 10.8,
        'A'..='Z' => 9.6,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 8.2,
        c if u32::from(c) >= 0x2E80 => 14.5,
        _ => 8.9,
    };
    text.chars().map(width).sum()
}

/// The approximate width of `text` in type of another size.
pub(super) fn width_at(text: &str, size: f64) -> f64 {
    text_width(text) * size / SIZE
}

/// Text in lines no wider than `room`, as few as there can be and of like lengths; `None` if a word
/// is wider.
pub(super) fn wrapped(text: &str, size: f64, room: f64) -> Option<Vec<String>> {
    let mut lines = filled(text, size, room)?;
    let fewest = lines.len();
    let mut narrower = room - size / 2.0;
    while let Some(more) = filled(text, size, narrower).filter(|more| more.len() == fewest) {
        lines = more;
        narrower -= size / 2.0;
    }
    Some(lines)
}

/// Lines filled one after the other.
fn filled(text: &str, size: f64, room: f64) -> Option<Vec<String>> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text) {
        let longer = format!("{line}{piece}");
        if width_at(longer.trim_end(), size) <= room {
            line = longer;
            continue;
        }
        if width_at(piece.trim_end(), size) > room {
            return None;
        }
        if !line.is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        line = piece;
    }
    lines.push(line.trim_end().to_owned());
    Some(lines)
}

/// What must stay together: Latin words, and Han characters with the punctuation after them.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = None;
    for character in text.chars() {
        let breaks = before.is_some_and(|before| may_break(before, character));
        match pieces.last_mut().filter(|_| !breaks) {
            Some(piece) => piece.push(character),
            None => pieces.push(character.to_string()),
        }
        before = Some(character);
    }
    pieces
}

fn may_break(before: char, after: char) -> bool {
    let is_han = |c: char| u32::from(c) >= 0x2E80;
    let closes = |c: char| "、，。；：）》”%·".contains(c);
    let opens = |c: char| "（《“(".contains(c);
    match before {
        ' ' | '-' | '、' => after != ' ',
        _ => (is_han(before) || is_han(after)) && !closes(after) && !opens(before) && after != ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_their_room_and_lose_nothing() {
        for text in [
            "Optical modules and co-packaged optics",
            "电路板、互连、散热与供电",
            "芯片设计工具与IP",
            "有色金属（含稀土）",
        ] {
            for room in 60..300 {
                let Some(lines) = wrapped(text, 13.0, f64::from(room)) else {
                    assert!(room < 100, "{text} in {room}");
                    continue;
                };
                assert!(lines.iter().all(|line| width_at(line, 13.0) <= f64::from(room)));
                let bare = |text: &str| text.replace(' ', "");
                assert_eq!(bare(&lines.concat()), bare(text));
                assert!(!lines.iter().any(|line| line.starts_with(['、', '）', '-'])), "{lines:?}");
            }
        }
    }

    #[test]
    fn lines_are_few_and_of_like_lengths() {
        let of = |text, room| wrapped(text, 14.0, room).unwrap().join("|");
        assert_eq!(of("印制电路板", 60.0), "印制电|路板");
        assert_eq!(of("印制电路板", 80.0), "印制电路板");
        assert_eq!(of("Large models", 70.0), "Large|models");
        assert_eq!(of("co-packaged optics", 80.0), "co-|packaged|optics");
        assert_eq!(wrapped("Semiconductors", 14.0, 60.0), None);
    }
}
