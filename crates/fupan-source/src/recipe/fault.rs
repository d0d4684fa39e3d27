//! What is wrong with a recipe's text, and where.

use fupan_market::Wording;

/// An error's place and message.
pub(super) struct Fault {
    /// Bytes of the text before the error.
    pub offset: usize,
    pub reason: Wording,
}

impl Fault {
    /// A fault from the TOML parser's error.
    pub fn of_toml(error: &toml::de::Error) -> Fault {
        let said = error.message().trim();
        let offset = error.span().map_or(0, |span| span.start);
        let reason = match known(said) {
            Some(zh) => Wording::new(said, zh),
            None => Wording::of_library("TOML读取程序", &said),
        };
        Fault { offset, reason }
    }
}

/// The Chinese for the parser's messages about an unknown or a missing name.
fn known(said: &str) -> Option<String> {
    let name = |text: &'static str| {
        let (name, rest) = said.strip_prefix(text)?.split_once('`')?;
        Some((name.to_owned(), rest.to_owned()))
    };
    if let Some((name, _)) = name("missing field `") {
        return Some(format!("缺少`{name}`"));
    }
    let (name, rest) = name("unknown field `")?;
    let allowed: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    match allowed.as_slice() {
        [] => Some(format!("不认识`{name}`")),
        allowed => Some(format!("不认识`{name}`；可写的有`{}`", allowed.join("`、`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_wrong_or_missing_are_said_in_chinese() {
        assert_eq!(
            known("unknown field `tabel`, expected one of `source`, `table`").as_deref(),
            Some("不认识`tabel`；可写的有`source`、`table`")
        );
        assert_eq!(
            known("unknown field `units`, expected `unit`").as_deref(),
            Some("不认识`units`；可写的有`unit`")
        );
        assert_eq!(known("missing field `source`").as_deref(), Some("缺少`source`"));
        assert_eq!(known("invalid type: integer `3`, expected a string"), None);
    }
}
