//! Consistency of the rows of lists of groups. Of an industry list: an industry has a name in words,
//! a code has one name, and a finer industry lies in one coarser one. Exchanged columns break one of
//! the three. Of a list of members: its kind is known, and a code has one name.

use std::collections::HashMap;

use fupan_market::GroupKind;
use fupan_table::INDUSTRY_LEVELS;

use crate::finding::list_topics;
use crate::finding::topics::{self, Checked};
use crate::row::cells::Cell;
use crate::row::symbols::Texts;
use crate::spelling;

/// Indices of the columns of `industry`: the codes and names of each level come between the date
/// and the first day.
const WHO: usize = 0;
const OBSERVED_ON: usize = 1;
const LEVELS: usize = 2;
const SINCE: usize = LEVELS + 2 * INDUSTRY_LEVELS.len();
const UNTIL: usize = SINCE + 1;

/// Indices of the columns of `group_member`.
const KIND: usize = 2;
const MEMBER: [usize; 2] = [3, 4];
const MEMBER_SPAN: [usize; 2] = [5, 6];

/// The industries of one file so far, keyed by level and the number of their text.
#[derive(Debug, Default)]
pub(crate) struct Classification {
    /// Code to the first name seen for it.
    names: HashMap<(usize, i64), i64>,
    /// Industry to the first coarser industry seen for it.
    coarser: HashMap<(usize, i64), i64>,
    /// Security, date, kind and name of a list of members to the spans seen for them.
    spans: HashMap<[i64; 4], Vec<(i64, i64)>>,
    /// Security and date of a list of members to the first industry seen for it.
    industries: HashMap<(i64, i64), i64>,
}

impl Classification {
    /// Refuses a row by which a security leaves an industry no later than it joins it, or without
    /// having joined it, and a row that contradicts an earlier one. Rows of industries already left
    /// are not compared, as they may have had other names.
    pub fn row(&mut self, cells: &[Vec<Cell>], row: usize, texts: &Texts) -> Checked {
        let cell = |field: usize| cells[field][row];
        let (since, until) = (cell(SINCE), cell(UNTIL));
        span(since, until)?;
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

    /// Refuses a row of `group_member` of no known kind, one that leaves a group before it joins
    /// it, one whose code had another name, one that overlaps another of the security in the group,
    /// and a second industry of a security. A list without names repeats the codes.
    pub fn member(&mut self, cells: &[Vec<Cell>], row: usize, texts: &Texts) -> Checked {
        let cell = |field: usize| cells[field][row];
        let text = |cell: Cell| cell.and_then(|n| u32::try_from(n).ok()).map(|n| texts.text(n));
        if text(cell(KIND)).is_none_or(|kind| GroupKind::named(kind).is_none()) {
            return Err((topics::NO_KIND, "kind"));
        }
        let [since, until] = MEMBER_SPAN.map(cell);
        span(since, until)?;
        let ([code, name], observed_on) = (MEMBER.map(cell), cell(OBSERVED_ON));
        if let (Some(code), Some(name)) = (code, name)
            && *self.names.entry((0, code)).or_insert(name) != name
        {
            return Err((topics::CODE_OF_TWO_NAMES, "code"));
        }
        if let (Some(who), Some(on), Some(kind), Some(name)) =
            (cell(WHO), observed_on, cell(KIND), name)
        {
            let own = (since.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX));
            let seen = self.spans.entry([who, on, kind, name]).or_default();
            let overlaps = |span: &(i64, i64)| *span != own && span.0 < own.1 && own.0 < span.1;
            if seen.iter().any(overlaps) {
                return Err((list_topics::TWICE_AT_ONCE, "since"));
            }
            if !seen.contains(&own) {
                seen.push(own);
            }
        }
        let is_left = until.zip(observed_on).is_some_and(|(until, seen_on)| until <= seen_on);
        if let (Some(who), Some(on), Some(name)) = (cell(WHO), observed_on, name)
            && text(cell(KIND)) == Some(GroupKind::Industry.word())
            && !is_left
            && *self.industries.entry((who, on)).or_insert(name) != name
        {
            return Err((topics::TWO_INDUSTRIES, "name"));
        }
        Ok(())
    }
}

/// Refuses a membership that ends no later than it begins, or that does not begin.
fn span(since: Cell, until: Cell) -> Checked {
    match (since, until) {
        (Some(since), Some(until)) if until <= since => Err((topics::LEFT_BEFORE_COMING, "until")),
        (None, Some(_)) => Err((topics::LEFT_WITHOUT_COMING, "since")),
        _ => Ok(()),
    }
}

/// Whether a name is only a code, such as `801010.SI`, `C39` or `J_66`.
fn is_code(name: Option<&str>) -> bool {
    let of_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.map(spelling::half_width).is_some_and(|name| {
        name.chars().all(of_code) && name.chars().filter(char::is_ascii_digit).count() > 1
    })
}

#[cfg(test)]
mod tests {
    use fupan_table::Table;

    use super::*;

    #[test]
    fn a_code_has_more_than_one_digit_and_no_other_sign() {
        for name in ["801010.SI", "C39", "J_66", "12", "８０１０１０", "a-1-2"] {
            assert!(is_code(Some(name)), "{name}");
        }
        for name in ["C3", "J", "", "5G通信", "IT服务Ⅱ", "3D打印2", "C 39", "C39（新）"]
        {
            assert!(!is_code(Some(name)), "{name}");
        }
        assert!(!is_code(None));
    }

    /// Rows of a list of one day, told by the columns that they fill.
    fn said(rows: &[&[(&str, &str)]]) -> Vec<Option<&'static str>> {
        let (mut list, mut texts) = (Classification::default(), Texts::default());
        let schema = Table::Industry.schema();
        let check = |row: &&[(&str, &str)]| {
            let mut cells = vec![vec![None]; schema.fields().len()];
            cells[OBSERVED_ON][0] = Some(100);
            for (column, value) in *row {
                let day = matches!(*column, "since" | "until");
                let number = if day { value.parse().unwrap() } else { texts.number(value).into() };
                cells[schema.index_of(column).unwrap()][0] = Some(number);
            }
            list.row(&cells, 0, &texts).err().map(|(_, column)| column)
        };
        rows.iter().map(check).collect()
    }

    #[test]
    fn a_security_leaves_an_industry_after_it_joins_it() {
        for (since, until, expected) in [
            (Some("50"), Some("51"), None),
            (Some("50"), Some("50"), Some("until")),
            (Some("50"), Some("49"), Some("until")),
            (None, Some("51"), Some("since")),
            (Some("50"), None, None),
            (None, None, None),
        ] {
            let mut row = vec![("name_1", "银行")];
            row.extend(since.map(|since| ("since", since)));
            row.extend(until.map(|until| ("until", until)));
            assert_eq!(said(&[&row]), [expected], "{since:?} {until:?}");
        }
    }

    #[test]
    fn a_code_has_one_name_and_an_industry_lies_in_one() {
        let electronics =
            [("code_1", "27"), ("name_1", "电子"), ("code_2", "2701"), ("name_2", "半导体")];
        let with = |place: usize, value: &'static str| {
            let mut row = electronics;
            row[place].1 = value;
            row
        };
        let renamed = [with(1, "电气"), with(3, "芯片")];
        assert_eq!(said(&[&electronics, &electronics, &renamed[0]]), [None, None, Some("code_1")]);
        assert_eq!(said(&[&electronics, &renamed[1]]), [None, Some("code_2")]);
        // The same code on another level is another industry.
        assert_eq!(said(&[&electronics, &[("code_2", "27"), ("name_2", "乘用车")]]), [None, None]);
        // A finer industry of two coarser ones.
        let moved =
            [("code_1", "28"), ("name_1", "汽车"), ("code_2", "2701"), ("name_2", "半导体")];
        assert_eq!(said(&[&electronics, &moved]), [None, Some("name_2")]);
        // Without codes the names are compared.
        let named = |coarse, fine| [("name_1", coarse), ("name_2", fine)];
        let (a, b) = (named("电子", "其他"), named("汽车", "其他"));
        assert_eq!(said(&[&a, &a, &b]), [None, None, Some("name_2")]);
        let finest = [("name_1", "电子"), ("name_2", "半导体"), ("name_3", "其他")];
        let other = [("name_1", "电子"), ("name_2", "元件"), ("name_3", "其他")];
        assert_eq!(said(&[&finest, &other]), [None, Some("name_3")]);
        assert_eq!(said(&[&[("name_1", "电子"), ("name_2", "C39")]]), [Some("name_2")]);
        // What was left by the day of the list may have had other names, what is left later not.
        for (until, expected) in [("100", None), ("101", Some("code_1"))] {
            let left = [("code_1", "27"), ("name_1", "电气"), ("since", "10"), ("until", until)];
            assert_eq!(said(&[&electronics, &left]), [None, expected], "{until}");
        }
    }
}
