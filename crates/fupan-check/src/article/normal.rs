//! One form for characters that are written in several.

/// A character of the file as the readable text has it. One character always becomes one.
pub(super) fn normal(character: char) -> char {
    if character.is_ascii() {
        return if character.is_ascii_whitespace() || character == '\u{b}' {
            ' '
        } else {
            character
        };
    }
    match character {
        '\u{85}'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => ' ',
        // Full-width forms are this far above ASCII. Commas, colons, brackets, question and
        // exclamation marks are punctuation of Chinese and stay.
        '０'..='９'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ'
        | '％'
        | '．'
        | '＋'
        | '－'
        | '／'
        | '＝'
        | '＜'
        | '＞'
        | '～'
        | '＃'
        | '＄'
        | '＆'
        | '＊'
        | '＠' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '￥' => '¥',
        '﹪' => '%',
        '﹢' => '+',
        '−' | '﹣' | '‐' | '‑' => '-',
        // Digits in mathematical styles, five times ten.
        '\u{1d7ce}'..='\u{1d7ff}' => {
            char::from_digit((u32::from(character) - 0x1d7ce) % 10, 10).unwrap_or(character)
        }
        _ => character,
    }
}

/// Whether a character of the file breaks lines.
pub(super) fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character is a Chinese one.
pub(super) fn is_han(character: char) -> bool {
    matches!(
        character,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇'
    )
}

/// Whether text of this character is set without spaces: Chinese and Japanese with their
/// punctuation.
pub(super) fn is_wide(character: char) -> bool {
    is_han(character)
        || matches!(
            character,
            '\u{3001}'..='\u{303f}' | '\u{3040}'..='\u{30ff}' | '\u{ff01}'..='\u{ff60}' | '“' | '”'
                | '‘' | '’' | '…' | '—'
        )
}
