//! The rows of one answer, and what they say of their session.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use fupan_market::{Exchange, SessionDate, Symbol, Wording};

use super::answered::Unfit;
use crate::spelling::civil::Civil;

/// When the regular session ends, in seconds after midnight.
pub(crate) const CLOSE: i64 = 15 * 3_600;

/// A page is not kept if more than one in this many rows with trade are of another day; an import
/// refuses as many.
const STALE_ONE_IN: usize = 100;

/// So many rows of a session are not all without trade after its close: taken one page at a time,
/// whole pages from before the opening would make suspended shares of all on them.
const STILL_MAX: usize = 20;

/// The first day on which every share of Beijing has a code of 920xxx, 2025-10-09, in days since
/// 1970-01-01. Quote servers go on answering for the older codes, with the last price and no trade.
const BEIJING_CODES_CHANGED: i32 = 20_370;

/// The rows of one answer as texts, under names that a recipe reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// How many rows there are in all, by the vendor.
    pub total: Option<u64>,
    /// Whether there are rows after these, by the vendor.
    pub more: Option<bool>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// A value for each column.
    pub cells: Vec<Option<String>>,
    /// What no other row of a dataset has too; empty if rows have no such thing.
    pub key: String,
    /// When the vendor last changed it, if it says so.
    pub at: Option<Civil>,
    /// Whether it claims trade.
    pub traded: bool,
}

/// Which state of a session is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The whole session, after the close.
    Close,
    /// The session so far.
    Now,
}

/// What is wrong with single rows of a page; the others are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// It is of an earlier day than the others.
    Earlier,
    /// Its date and its time name different days, or it has none.
    Undated,
    /// It is of a code of Beijing that is no longer in use.
    OldCode,
}

impl Page {
    /// The last day that a row names.
    pub fn day(&self) -> Option<i32> {
        self.rows.iter().filter_map(|row| row.at.map(|at| at.day)).max()
    }

    /// When the last row with trade of a day was changed, in seconds after midnight; `None` if none
    /// has trade, or none says when.
    pub fn latest(&self, day: i32) -> Option<i64> {
        let of_day = self.rows.iter().filter(|row| row.traded);
        of_day.filter_map(|row| row.at.filter(|at| at.day == day)?.second).max()
    }

    /// Whether any row has trade.
    pub fn trades(&self) -> bool {
        self.rows.iter().any(|row| row.traded)
    }

    /// Refuses a page that is not of a session, or not of what is wanted of it.
    pub fn hold_to(&self, session: SessionDate, moment: Moment) -> Result<(), Unfit> {
        if !self.trades() {
            let of_day = |row: &&Row| row.stale(session.epoch_days()).is_none();
            let many = self.rows.iter().filter(of_day).count() >= STILL_MAX;
            // Shares that are suspended may keep the day of their last trade.
            return match self.day() {
                Some(day) if day > session.epoch_days() => Err(other_day(day, session)),
                _ if many && moment == Moment::Close => Err(no_trade(session)),
                _ => Ok(()),
            };
        }
        let Some(day) = self.day() else {
            return Err(Unfit::never(
                "no row says of which day it is",
                "没有任何一行写明属于哪一天",
            ));
        };
        if day != session.epoch_days() {
            return Err(other_day(day, session));
        }
        let traded = self.rows.iter().filter(|row| row.traded);
        let old = traded.clone().filter(|row| row.at.map(|at| at.day) != Some(day)).count();
        if old * STALE_ONE_IN > traded.count() {
            return Err(Unfit::again(
                format!("{old} rows with trade are not of {session}: the vendor is behind"),
                format!("有{old}行有成交的不属于{session}：对方尚未更新"),
            ));
        }
        match (moment, self.latest(day)) {
            (Moment::Close, Some(second)) if second < CLOSE => Err(still_running(second, session)),
            (Moment::Close, None) => Err(Unfit::never(
                "no row says at what time it was changed, so that the session may be running",
                "没有任何一行写明更新时间，无法确认已经收盘",
            )),
            _ => Ok(()),
        }
    }
}

impl Row {
    /// Why a row cannot be one of the day of the others; `None` if it can.
    pub fn stale(&self, day: i32) -> Option<Stale> {
        let Some(at) = self.at else { return Some(Stale::Undated) };
        if at.day != day {
            return Some(Stale::Earlier);
        }
        let beijing = |symbol: &Symbol| symbol.exchange() == Exchange::Bse;
        let old = |symbol: &Symbol| symbol.board().is_some() && symbol.code() / 10_000 != 92;
        let symbol = self.key.parse::<Symbol>().ok().filter(beijing).filter(old);
        symbol.filter(|_| day >= BEIJING_CODES_CHANGED).map(|_| Stale::OldCode)
    }
}

/// That a whole market is still.
pub(crate) fn no_trade(session: SessionDate) -> Unfit {
    Unfit::never(
        format!("no row has trade: the session of {session} has not begun, or is none"),
        format!("没有任何一行有成交：{session}尚未开市，或不是交易日"),
    )
}

/// The vendor has another day than the one that is asked for.
fn other_day(day: i32, session: SessionDate) -> Unfit {
    let has = SessionDate::from_epoch_days(day).map_or_else(String::new, |day| day.to_string());
    Unfit::never(
        format!("the vendor has the session of {has}, not of {session}"),
        format!("对方给出的是{has}的行情，不是{session}的"),
    )
}

fn still_running(second: i64, session: SessionDate) -> Unfit {
    let time = clock(second);
    let left = Duration::from_secs(u64::try_from(CLOSE - second).unwrap_or_default());
    Unfit::later(
        left,
        format!("at {time} the session of {session} was still running"),
        format!("截至{time}，{session}的交易尚未结束"),
    )
}

/// A symbol in the program's own notation, if the text is one; else the text.
pub(crate) fn canonical(text: &str) -> String {
    text.parse::<Symbol>().map_or_else(|_| text.to_owned(), |symbol| symbol.to_string())
}

/// Seconds after midnight as `15:00:03`.
pub(crate) fn clock(second: i64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}

/// Which securities a batch was asked for, against those that came.
pub(crate) fn hold_to_asked(page: &Page, asked: &[Symbol]) -> Result<Vec<Symbol>, Unfit> {
    let wanted: HashSet<String> = asked.iter().map(Symbol::to_string).collect();
    let mut came: HashSet<&str> = HashSet::new();
    for row in &page.rows {
        if !wanted.contains(&row.key) {
            let key = super::answered::quoted(&row.key);
            return Err(Unfit::again(
                format!("the answer has {key}, which was not asked for"),
                format!("应答中有没有请求的`{key}`"),
            ));
        }
        if !came.insert(&row.key) {
            let key = super::answered::quoted(&row.key);
            return Err(Unfit::again(
                format!("the answer has {key} twice"),
                format!("应答中`{key}`出现两次"),
            ));
        }
    }
    Ok(asked.iter().filter(|symbol| !came.contains(symbol.to_string().as_str())).copied().collect())
}

/// Refuses a bar of a day outside of a range, or of one that is there already.
pub(crate) fn hold_to_range(
    day: SessionDate,
    from: SessionDate,
    to: SessionDate,
    days: &mut BTreeSet<SessionDate>,
) -> Result<(), Unfit> {
    if day < from || day > to {
        return Err(Unfit::never(
            format!("the answer has {day}, outside of {from} to {to}"),
            format!("应答中有{day}，不在{from}至{to}之内"),
        ));
    }
    if !days.insert(day) {
        return Err(Unfit::again(
            format!("the answer has {day} twice"),
            format!("应答中{day}出现两次"),
        ));
    }
    Ok(())
}

/// An index without one of its sessions.
pub(crate) fn gap(session: SessionDate, symbol: Symbol) -> Unfit {
    Unfit::again(
        format!("the answer lacks {session} of {symbol}: it was cut short"),
        format!("应答缺少{symbol}在{session}的数据：不完整"),
    )
}

/// That a vendor has no bars of some securities.
pub(crate) fn without(symbols: &[Symbol]) -> Option<Wording> {
    let (first, count) = (symbols.first()?, symbols.len());
    Some(Wording::new(
        format!("the vendor has no bars of {count} securities in the range, such as {first}"),
        format!("对方没有{count}个证券在此区间的日线，如{first}"),
    ))
}

/// That a vendor has no quotes of some securities.
pub(crate) fn unknown(symbols: &[Symbol]) -> Option<Wording> {
    let (first, count) = (symbols.first()?, symbols.len());
    Some(Wording::new(
        format!("the vendor knows no quote of {count} securities, such as {first}"),
        format!("对方没有{count}个证券的行情，如{first}"),
    ))
}
