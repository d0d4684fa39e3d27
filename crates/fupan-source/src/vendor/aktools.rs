//! AKTools, the face that AKShare has over HTTP on the reader's own machine:
//! `GET http://127.0.0.1:8080/api/public/NAME?PARAMETER=VALUE`. What each function returns is known
//! from AKShare's documentation.
//!
//! | function | columns that are read |
//! |---|---|
//! | `stock_zh_a_hist` | `股票代码`, `日期`, `开盘`, `收盘`, `最高`, `最低`, `成交量` (lots of 100), `成交额` (yuan), `涨跌额` |
//! | `stock_zh_index_daily_em` | `date`, `open`, `close`, `high`, `low`, `amount` (yuan); the index is in the file's name |
//!
//! The snapshot of the whole market (`stock_zh_a_spot_em`) does not say which day it is of, and is
//! not asked for.

use std::collections::BTreeSet;

use fupan_market::{Calendar, SecurityKind, SessionDate, Symbol, Wording};

use super::answered::{self, Unfit, quoted};
use super::page::Page;
use super::quotes::written;
use super::{Answer, Body, Conversation, Refused, Request, objects};
use crate::spelling::civil::{self, Zone};

/// Where AKTools listens unless told otherwise.
const ADDRESS: &str = "http://127.0.0.1:8080/api/public/";

/// The daily bars of some shares or indices over a range, an answer for each.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    calendar: &'static Calendar,
    from: SessionDate,
    to: SessionDate,
    symbols: Vec<Symbol>,
    done: usize,
    /// Securities without bars, and whether the last answer had none, which may have been a fault.
    without: Vec<Symbol>,
    doubted: bool,
}

impl Series {
    pub fn new(
        calendar: &'static Calendar,
        (from, to): (SessionDate, SessionDate),
        symbols: Vec<Symbol>,
    ) -> Series {
        Series { calendar, from, to, symbols, done: 0, without: Vec::new(), doubted: false }
    }

    /// Refuses bars that are not those of a security and the range.
    fn hold(&self, page: &Page, symbol: Symbol) -> Result<(), Unfit> {
        let place = |name: &str| page.columns.iter().position(|column| column == name);
        let is_index = symbol.kind() == SecurityKind::Index;
        let named = if is_index { "date" } else { "日期" };
        let (date, code) = (place(named), place("股票代码"));
        let Some(date) = date.filter(|_| is_index || code.is_some()) else {
            return Err(Unfit::never(
                "the answer lacks its date or its code: AKShare may have changed the function",
                "应答缺少日期或代码：AKShare的函数可能已变更",
            ));
        };
        let digits = format!("{:06}", symbol.code());
        let mut days = BTreeSet::new();
        for row in &page.rows {
            let cell = |place: usize| row.cells[place].as_deref().unwrap_or_default();
            if let Some(other) = code.map(cell).filter(|code| !is_index && *code != digits) {
                let other = quoted(other);
                return Err(Unfit::again(
                    format!("the answer is of {other} and not of {symbol}"),
                    format!("应答属于`{other}`，不是{symbol}"),
                ));
            }
            let said = cell(date);
            let day = civil::of_text(said, Zone::Shanghai).ok();
            let Some(day) = day.and_then(|at| SessionDate::from_epoch_days(at.day)) else {
                let said = quoted(said);
                return Err(Unfit::again(
                    format!("`{said}` is not the date of a bar"),
                    format!("`{said}`不是日期"),
                ));
            };
            super::page::hold_to_range(day, self.from, self.to, &mut days)?;
        }
        // A share may be suspended, or be new; an index has every session.
        let sessions = self.calendar.between(self.from, self.to);
        match sessions.iter().find(|session| !days.contains(session)).filter(|_| is_index) {
            Some(gap) => Err(super::page::gap(*gap, symbol)),
            None => Ok(()),
        }
    }
}

impl Conversation for Series {
    fn next(&self) -> Option<Request> {
        let symbol = *self.symbols.get(self.done)?;
        let day = |date: SessionDate| date.to_string().replace('-', "");
        let range = [("start_date", day(self.from)), ("end_date", day(self.to))];
        let is_index = symbol.kind() == SecurityKind::Index;
        let (function, own) = match is_index {
            true => ("stock_zh_index_daily_em", vec![("symbol", written(symbol))]),
            false => (
                "stock_zh_a_hist",
                vec![
                    ("symbol", format!("{:06}", symbol.code())),
                    ("period", "daily".to_owned()),
                    ("adjust", String::new()),
                ],
            ),
        };
        let query = own.into_iter().chain(range);
        Some(Request {
            source: "aktools",
            name: written(symbol),
            url: format!("{ADDRESS}{function}"),
            query: query.map(|(name, value)| (name.to_owned(), value)).collect(),
            headers: Vec::new(),
            body: Body::None,
            secrets: Vec::new(),
        })
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        let Some(symbol) = self.symbols.get(self.done).copied() else { return Ok(()) };
        let page = objects::page(answered::body(answer)?)?;
        if page.rows.is_empty() {
            if !std::mem::replace(&mut self.doubted, true) {
                return Err(Unfit::again(
                    format!("the answer has no bars of {symbol}"),
                    format!("应答中没有{symbol}的日线"),
                )
                .into());
            }
            self.without.push(symbol);
        } else {
            self.hold(&page, symbol)?;
        }
        self.doubted = false;
        self.done += 1;
        Ok(())
    }

    fn remarks(&self) -> Vec<Wording> {
        super::page::without(&self.without).into_iter().collect()
    }
}
