//! Text from files, made safe to display.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character acts on the text around it, or cannot be seen: controls (a terminal obeys
/// them), bidirectional marks (they reorder a line), line and paragraph separators, zero-width
/// characters, fillers, tags and variation selectors, private use.
pub fn is_hidden(character: char) -> bool {
    // Most of any text is this.
    if matches!(character, ' '..='~') {
        return false;
    }
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{ffa0}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
                | '\u{f0000}'..='\u{10ffff}'
        )
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Text from data as one line that hides nothing: every hidden character becomes its escape,
/// `\u{1b}`.
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// As [`shown`], but lines stay lines: for text that has several.
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |character| character != '\n' && is_hidden(character))
}

fn escaped(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hidden(character) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// JSON with every hidden character inside its strings written as a JSON escape, so that it is safe
/// to display and still reads as the same values. Line breaks between the values stay.
pub fn shown_json(json: &str) -> Cow<'_, str> {
    let hidden = |character: char| character != '\n' && is_hidden(character);
    if !json.chars().any(hidden) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// A security's name as a page prints it. Vendors pad names to four characters and widen Latin
/// letters (`金 螳 螂`, `万  科Ａ`), which has no meaning. Full-width forms become plain ones,
/// spaces are dropped unless they separate two Latin words, hidden characters are escaped.
pub fn shown_name(name: &str) -> String {
    let plain: Vec<char> = name
        .chars()
        .map(|character| match u32::from(character) {
            // Full-width forms are this far above ASCII.
            wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(character),
            0x3000 | 0xa0 => ' ',
            _ => character,
        })
        .collect();
    let mut printed = String::with_capacity(name.len());
    for word in plain.split(|character| *character == ' ').filter(|word| !word.is_empty()) {
        let latin = |end: Option<char>| end.is_some_and(|character| character.is_ascii());
        if latin(printed.chars().next_back()) && latin(word.first().copied()) {
            printed.push(' ');
        }
        printed.extend(word);
    }
    shown(&printed).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_or_an_eye_misses_is_escaped() {
        for (text, safe) in [
            ("贵州茅台", "贵州茅台"),
            ("a\u{1b}]0;x\u{7}b", "a\\u{1b}]0;x\\u{7}b"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"),
            (
                "a\u{202e}b\u{2066}c\u{200b}\u{2028}\u{2029}",
                "a\\u{202e}b\\u{2066}c\\u{200b}\\u{2028}\\u{2029}",
            ),
            ("\u{feff}x\u{e0041}", "\\u{feff}x\\u{e0041}"),
            ("\u{3164}\u{ad}\u{61c}", "\\u{3164}\\u{ad}\\u{61c}"),
            ("\u{7f}\u{85}", "\\u{7f}\\u{85}"),
        ] {
            assert_eq!(shown(text), safe);
        }
        assert_eq!(shown_lines("a\n\u{1b}b"), "a\n\\u{1b}b");
    }

    #[test]
    fn letters_signs_and_spaces_are_not_hidden() {
        let seen = "aA0 ~é中：，（）％Ａ　𠀀€—…·〇㎡①\u{fffd}\u{fdcf}\u{fdf0}\u{1fffd}";
        assert!(!seen.chars().any(is_hidden), "{}", shown(seen));
        // The last two code points of every plane are no characters.
        for hidden in ['\u{fffe}', '\u{ffff}', '\u{1fffe}', '\u{2ffff}', '\u{fdd0}', '\u{fdef}'] {
            assert!(is_hidden(hidden), "{:x}", u32::from(hidden));
        }
    }

    #[test]
    fn no_character_survives_hidden() {
        for character in (0..=0x10_ffff).filter_map(char::from_u32) {
            let safe = shown(&character.to_string()).into_owned();
            assert!(!safe.chars().any(is_hidden), "{:x}", u32::from(character));
            assert!(is_hidden(character) || safe.chars().eq([character]));
        }
    }

    #[test]
    fn json_keeps_its_values() {
        let json = "{\n  \"name\": \"名\u{202e}\u{9b}\u{e0041}\u{7f}\\u001b\"\n}";
        let safe = "{\n  \"name\": \"名\\u202e\\u009b\\udb40\\udc41\\u007f\\u001b\"\n}";
        assert_eq!(shown_json(json), safe);
        assert!(matches!(shown_json(safe), Cow::Borrowed(_)));
    }

    #[test]
    fn names_lose_their_padding_and_nothing_else() {
        for (name, printed) in [
            ("金 螳 螂", "金螳螂"),
            ("万  科Ａ", "万科A"),
            ("　ＳＴ　南\u{a0}化 ", "ST南化"),
            ("*ST 新 海", "*ST新海"),
            ("TCL 科技", "TCL科技"),
            ("Hang  Seng Tech", "Hang Seng Tech"),
            ("SSE 50", "SSE 50"),
            ("C\u{1b}[31m新", "C\\u{1b}[31m新"),
            ("", ""),
        ] {
            assert_eq!(shown_name(name), printed);
        }
    }
}
