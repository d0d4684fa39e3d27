//! The exchange's status marks in a name.

/// The status marks that a name carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) risk_warning: bool,
    pub(crate) s_share: bool,
    pub(crate) delisting: bool,
}

/// Parses the exchange's marks from a name: `*ST`, `ST`, `SST`, `S*ST`, `S`, `退市…`, `…退`, after
/// the day's marks `XD`, `XR`, `DR`, `N`, `G`, `C`, `U`. Letters may have any width and case, with
/// or without spaces between them.
///
/// `None` if the name begins with the letters `ST` and another Latin letter follows at once: that
/// is a mark before a Latin name, or a Latin name that begins so.
pub(crate) fn marks(name: &str) -> Option<Marks> {
    let name = folded(name);
    let mut rest = name.trim();
    for mark in ["XD", "XR", "DR"] {
        rest = behind(rest, mark).map_or(rest, str::trim_start);
    }
    // These count only before a status mark; otherwise a name may begin with these letters.
    let lead = ["N", "G", "C", "U"].iter().find_map(|mark| behind(rest, mark));
    let lead = lead.map(str::trim_start).filter(|name| warning(name) == Some(true));
    let rest = lead.unwrap_or(rest);
    let risk_warning = warning(rest)?;
    let s_share = behind(rest, "S").is_some_and(|behind_s| risk_warning || !is_latin(behind_s))
        && behind(rest, "ST").is_none();
    let delisting = behind(rest, "退市").is_some() || rest.ends_with('退');
    Some(Marks { risk_warning, s_share, delisting })
}

/// Normalises a name for reading its marks: half-width capitals, and one space for any white space.
/// Names are Chinese except for their marks, and vendors change only the width of Latin letters, so
/// this small part of the Unicode normal form covers all that can occur.
fn folded(name: &str) -> String {
    /// From a full-width form, U+FF01 to U+FF5E, to its ASCII character.
    const WIDTH: u32 = 0xfee0;
    let mut folded = String::with_capacity(name.len());
    for letter in name.chars() {
        let narrow = match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - WIDTH).unwrap_or(letter),
            '﹡' | '∗' | '⁎' | '✱' => '*',
            '\u{200b}' | '\u{feff}' => ' ',
            other => other,
        };
        match narrow {
            space if space.is_whitespace() => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            letter => folded.push(letter.to_ascii_uppercase()),
        }
    }
    folded
}

/// What follows a mark at the start of a name. The mark's letters may have a space between them.
fn behind<'a>(name: &'a str, mark: &str) -> Option<&'a str> {
    let mut rest = name;
    for (place, letter) in mark.chars().enumerate() {
        if place > 0 {
            rest = rest.strip_prefix(' ').unwrap_or(rest);
        }
        rest = rest.strip_prefix(letter)?;
    }
    Some(rest)
}

fn is_latin(rest: &str) -> bool {
    rest.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// Whether a name begins with a risk warning; `None` if its letters may be one.
fn warning(name: &str) -> Option<bool> {
    let behind_s = behind(name, "S").map(str::trim_start);
    for name in [Some(name), behind_s].into_iter().flatten() {
        if behind(name, "*ST").is_some() {
            return Some(true);
        }
        if let Some(rest) = behind(name, "ST") {
            return (!is_latin(rest)).then_some(true);
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_the_day_do_not_hide_the_status() {
        for (name, risk_warning, s_share, delisting) in [
            ("平安银行", false, false, false),
            ("XDST大位", true, false, false),
            ("S佳通", false, true, false),
            ("SST华新", true, true, false),
            ("S*ST前锋", true, true, false),
            ("退市海医", false, false, true),
            ("中程退", false, false, true),
            ("N易思", false, false, false),
            ("N*ST炎黄", true, false, false),
            ("G*ST金帝", true, false, false),
            ("DR*ST大位", true, false, false),
            ("百济神州-U", false, false, false),
            ("  ST 中珠 ", true, false, false),
            ("＊ST大位", true, false, false),
        ] {
            assert_eq!(marks(name), Some(Marks { risk_warning, s_share, delisting }), "{name}");
        }
    }

    #[test]
    fn marks_are_read_in_any_letter_form() {
        for (name, risk_warning, s_share, delisting) in [
            ("ＳＴ大位", true, false, false),
            ("＊ＳＴ大位", true, false, false),
            ("*st大位", true, false, false),
            ("* S T 大 位", true, false, false),
            ("Ｓ＊ＳＴ前锋", true, true, false),
            ("S *ST前锋", true, true, false),
            ("S ST华新", true, true, false),
            ("Ｓ佳通", false, true, false),
            ("ＸＤ ＳＴ大位", true, false, false),
            ("ＸＲ＊ＳＴ大位", true, false, false),
            ("Ｃ*ST大位", true, false, false),
            ("U＊ST大位", true, false, false),
            ("退　市海医", false, false, true),
            ("中程退\u{3000}", false, false, true),
            ("\u{feff}*ST大位", true, false, false),
            ("*ST TCL", true, false, false),
            ("*STTCL", true, false, false),
            ("ST TCL", true, false, false),
            ("金 螳 螂", false, false, false),
            ("万  科Ａ", false, false, false),
        ] {
            assert_eq!(marks(name), Some(Marks { risk_warning, s_share, delisting }), "{name}");
        }
    }

    #[test]
    fn latin_names_are_not_taken_for_marks() {
        let none = Marks { risk_warning: false, s_share: false, delisting: false };
        for name in ["TCL科技", "CSTONE药业", "USTAR科技", "SMC电气", "C TCL", "东软-ST"]
        {
            assert_eq!(marks(name), Some(none), "{name}");
        }
        for name in ["STAR科技", "Star科技", "ＳＴＡＲ科技", "STTCL"] {
            assert_eq!(marks(name), None, "{name}");
        }
    }
}
