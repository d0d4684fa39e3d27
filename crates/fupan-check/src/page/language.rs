//! The language of a text, for its tag.

/// The language tag of a text, by its script.
pub(super) fn lang(text: &str) -> &'static str {
    let (mut han, mut latin) = (0_usize, 0_usize);
    for character in text.chars() {
        han += usize::from(matches!(character, '\u{3400}'..='\u{9fff}'));
        latin += usize::from(character.is_ascii_alphabetic());
    }
    if han == 0 && latin == 0 {
        // Numbers alone are in the language around them.
        return "";
    }
    if han * 3 >= latin { "zh" } else { "en" }
}
