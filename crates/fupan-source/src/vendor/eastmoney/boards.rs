//! EastMoney's concepts (`clist/get` with `fs=m:90 t:3`) and the members of each (`fs=b:BK1036`).
//!
//! The recipe `em-concepts` reads the answers: those of members by the name of their file, which
//! starts with the board's code; those of boards have the names of the codes (`f12`, `f14`).

use std::collections::VecDeque;

use fupan_market::Wording;

use super::super::answered::{self, Unfit, json, quoted};
use super::super::objects::scalar;
use super::super::page::{Page, Row};
use super::super::{Answer, Conversation, Refused, Request};
use super::paging::Paging;
use serde_json::Value;

/// Rows of a page.
const PAGE: u64 = 100;

/// The list of boards, then the members of one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Boards {
    list: Paging,
    boards: VecDeque<String>,
    /// How far the members of the first board have been read.
    members: Paging,
    /// Boards without members, and whether the last answer had none, which may have been a fault.
    empty: Vec<String>,
    doubted: bool,
    /// Whether the page that was refused last does not fit those before it.
    contradicts: bool,
}

impl Boards {
    pub fn new() -> Boards {
        Boards {
            list: Paging::of(PAGE),
            boards: VecDeque::new(),
            members: Paging::of(PAGE),
            empty: Vec::new(),
            doubted: false,
            contradicts: false,
        }
    }

    fn take_members(&mut self, page: &Page) -> Result<(), Unfit> {
        let Some(board) = self.boards.front() else { return Ok(()) };
        if page.rows.is_empty() && page.total.is_none_or(|total| total == 0) {
            if !std::mem::replace(&mut self.doubted, true) {
                return Err(Unfit::again(
                    format!("{board} has no members"),
                    format!("{board}没有成份"),
                ));
            }
            self.empty.extend(self.boards.pop_front());
        } else {
            let is_board = |row: &&Row| row.key.starts_with("BK");
            if let Some(row) = page.rows.iter().find(is_board) {
                let key = quoted(&row.key);
                return Err(Unfit::again(
                    format!("{key} is a board and no member of {board}"),
                    format!("{key}是板块，不是{board}的成份"),
                ));
            }
            let taken = self.members.take(page);
            self.contradicts = taken.is_err() && self.members.has_begun();
            taken?;
            if self.members.next().is_some() {
                return Ok(());
            }
            self.boards.pop_front();
        }
        self.doubted = false;
        self.members = Paging::of(PAGE);
        Ok(())
    }
}

/// The codes of an answer; of a board without members `data` is null.
fn page(bytes: &[u8]) -> Result<Page, Unfit> {
    let answer = json(bytes)?;
    if answer.get("data").is_some_and(Value::is_null) {
        return Ok(Page::default());
    }
    let data = super::data(&answer)?;
    let Some(diff) = data.get("diff").and_then(Value::as_array) else {
        return Err(Unfit::again("its `data` has no list `diff`", "`data`中没有`diff`列表"));
    };
    let code = |row: &Value| {
        let key = row.get("f12").and_then(scalar).filter(|code| !code.is_empty())?;
        Some(Row { cells: Vec::new(), key, at: None, traded: false })
    };
    let rows: Option<Vec<Row>> = diff.iter().map(code).collect();
    let Some(rows) = rows else {
        return Err(Unfit::again("a row has no code (f12)", "有一行没有代码（f12）"));
    };
    let total = data.get("total").and_then(Value::as_u64);
    Ok(Page { rows, total, ..Page::default() })
}

impl Conversation for Boards {
    fn next(&self) -> Option<Request> {
        let (name, fs, (page, size)) = match self.list.next() {
            Some(next) => ("boards".to_owned(), "m:90 t:3 f:!50".to_owned(), next),
            None => {
                let board = self.boards.front()?;
                (board.clone(), format!("b:{board} f:!50"), self.members.next()?)
            }
        };
        let query = vec![
            ("pn", page.to_string()),
            ("pz", size.to_string()),
            ("po", "0".to_owned()),
            ("ut", super::LIST_PAGE.to_owned()),
            ("np", "1".to_owned()),
            ("fltt", "2".to_owned()),
            ("invt", "2".to_owned()),
            ("fid", "f12".to_owned()),
            ("fs", fs),
            ("fields", "f12,f13,f14".to_owned()),
        ];
        let url = "https://push2.eastmoney.com/api/qt/clist/get";
        Some(super::request(format!("{name}-{page:04}"), url, query))
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        self.contradicts = false;
        let page = page(answered::body(answer)?)?;
        if self.list.next().is_none() {
            return Ok(self.take_members(&page)?);
        }
        let digits = |code: &str| code.len() > 2 && code[2..].bytes().all(|b| b.is_ascii_digit());
        let is_board = |code: &str| code.starts_with("BK") && code.len() < 12 && digits(code);
        if let Some(row) = page.rows.iter().find(|row| !is_board(&row.key)) {
            let key = quoted(&row.key);
            return Err(Unfit::again(
                format!("`{key}` is not the code of a board"),
                format!("`{key}`不是板块代码"),
            )
            .into());
        }
        let taken = self.list.take(&page);
        self.contradicts = taken.is_err() && self.list.has_begun();
        taken?;
        self.boards.extend(page.rows.into_iter().map(|row| row.key));
        Ok(())
    }

    fn contradicts(&self) -> bool {
        self.contradicts
    }

    fn remarks(&self) -> Vec<Wording> {
        let empty = self.empty.first().map(|first| {
            let count = self.empty.len();
            Wording::new(
                format!("{count} boards have no members, such as {first}"),
                format!("有{count}个板块没有成份，如{first}"),
            )
        });
        self.list.remark().into_iter().chain(empty).collect()
    }
}
