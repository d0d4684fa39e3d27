//! Consistency of the rows of an industry list: an industry has a name in words, a code has one
//! name, and a finer industry lies in one coarser one. Exchanged columns break one of the three.

use std::collections::HashMap;

use fupan_table::INDUSTRY_LEVELS;

use crate::finding::topics::{self, Checked};
use crate::row::cells::Cell;
use crate::row::symbols::Texts;
use crate::spelling;

/// Indices of the columns of `industry`: the codes and names of each level come between the date
/// and the first day.
const OBSERVED_ON: usize = 1;
const LEVELS: usize = 2;
const SINCE: usize = LEVELS + 2 * INDUSTRY_LEVELS.len();
const UNTIL: usize = SINCE + 1;

/// The industries of one file so far, keyed by level and the number of their text.
#[derive(Debug, Default)]
pub(crate) struct Classification {
    /// Code to the first name seen for it.
    names: HashMap<(usize, i64), i64>,
    /// Industry to the first coarser industry seen for it.
    coarser: HashMap<(usize, i64), i64>,
}

impl Classification {
    /// Refuses a row by which a security leaves an industry no later than it joins it, or without
    /// having joined it, and a row that contradicts an earlier one. Rows of industries already left are not compared, as they
    /// may have had other names.
    pub fn row(&mut self, cells: &[Vec<Cell>], row: usize, texts: &Texts) -> Checked {
        let cell = |field: usize| cells[field][row];
        let (since, until) = (cell(SINCE), cell(UNTIL));
        match (since, until) {
            (Some(since), Some(until)) if until <= since => {
                return Err((topics::LEFT_BEFORE_COMING, "until"));
            }
            (None, Some(_)) => return Err((topics::LEFT_WITHOUT_COMING, "since")),
            _ => {}
        }
        if until.zip(cell(OBSERVED_ON)).is_some_and(|(until, seen_on)| until <= seen_on) {
            return Ok(());
        }
        let mut coarser = None;
        for (level, [code_column, name_column]) in INDUSTRY_LEVELS.into_iter().enumerate() {
            let field = LEVELS + 2 * level;
            let Some(name) = cell(field + 1) else { continue };
            if is_code(u32::try_from(name).ok().map(|name| texts.text(name))) {
                return Err((topics::NAMED_BY_CODE, name_column));
            }
            let code = cell(field);
            if let Some(code) = code
                && *self.names.entry((level, code)).or_insert(name) != name
            {
                return Err((topics::CODE_OF_TWO_NAMES, code_column));
            }
            let industry = code.unwrap_or(name);
            if let Some(coarser) = coarser
                && *self.coarser.entry((level, industry)).or_insert(coarser) != coarser
            {
                return Err((topics::IN_TWO_INDUSTRIES, name_column));
            }
            coarser = Some(industry);
        }
        Ok(())
    }
}

/// Whether a name is only a code, such as `801010.SI`, `C39` or `J_66`.
fn is_code(name: Option<&str>) -> bool {
    let of_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.map(spelling::half_width).is_some_and(|name| {
        name.chars().all(of_code) && name.chars().filter(char::is_ascii_digit).count() > 1
    })
}
