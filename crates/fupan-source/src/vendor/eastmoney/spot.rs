//! The whole market, or some indices, as they are now.

use fupan_market::{SessionDate, Symbol, Wording};

use super::super::page::{Moment, hold_to_asked, no_trade, unknown};
use super::super::{Answer, Conversation, Refused, Request, answered};
use super::list::{self, FIELDS};
use super::paging::Paging;

/// Rows of a page: the site gives no more, whatever is asked for.
const PAGE: u64 = 100;

/// All A-shares: Shenzhen's main board and ChiNext, Shanghai's main board and STAR, Beijing.
const SHARES: &str = "m:0 t:6,m:0 t:80,m:1 t:2,m:1 t:23,m:0 t:81 s:2048";

/// The whole list of shares, in pages ordered by code, which does not move as prices do.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    session: SessionDate,
    moment: Moment,
    paging: Paging,
    trades: bool,
    /// Whether the page that was refused last does not fit those before it.
    contradicts: bool,
}

impl Spot {
    pub fn new(session: SessionDate, moment: Moment) -> Spot {
        Spot { session, moment, paging: Paging::of(PAGE), trades: false, contradicts: false }
    }
}

impl Conversation for Spot {
    fn next(&self) -> Option<Request> {
        let (page, size) = self.paging.next()?;
        let query = vec![
            ("pn", page.to_string()),
            ("pz", size.to_string()),
            ("po", "0".to_owned()),
            ("ut", super::LIST_PAGE.to_owned()),
            ("np", "1".to_owned()),
            ("fltt", "2".to_owned()),
            ("invt", "2".to_owned()),
            ("fid", "f12".to_owned()),
            ("fs", SHARES.to_owned()),
            ("fields", FIELDS.to_owned()),
        ];
        let url = "https://push2.eastmoney.com/api/qt/clist/get";
        Some(super::request(format!("spot-{page:04}"), url, query))
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        self.contradicts = false;
        let page = list::page(answered::body(answer)?)?;
        page.hold_to(self.session, self.moment)?;
        let trades = self.trades || page.trades();
        let is_still = !trades && self.moment == Moment::Close;
        let taken = match self.paging.ends_with(&page) && is_still {
            true => Err(no_trade(self.session)),
            false => self.paging.take(&page),
        };
        self.contradicts = taken.is_err() && self.paging.has_begun();
        taken?;
        self.trades = trades;
        Ok(())
    }

    fn contradicts(&self) -> bool {
        self.contradicts
    }

    fn remarks(&self) -> Vec<Wording> {
        self.paging.remark().into_iter().collect()
    }
}

/// Some indices, in one answer.
#[derive(Clone, Debug)]
pub(crate) struct Indices {
    session: SessionDate,
    moment: Moment,
    symbols: Vec<Symbol>,
    done: bool,
    /// Those that did not come, which may have been a fault the first time.
    missing: Vec<Symbol>,
}

impl Indices {
    pub fn new(session: SessionDate, moment: Moment, symbols: Vec<Symbol>) -> Indices {
        let done = symbols.is_empty();
        Indices { session, moment, symbols, done, missing: Vec::new() }
    }
}

impl Conversation for Indices {
    fn next(&self) -> Option<Request> {
        if self.done {
            return None;
        }
        let secids: Vec<String> = self.symbols.iter().map(|s| super::secid(*s)).collect();
        let query = vec![
            ("ut", super::LIST_PAGE.to_owned()),
            ("fltt", "2".to_owned()),
            ("invt", "2".to_owned()),
            ("fields", FIELDS.to_owned()),
            ("secids", secids.join(",")),
        ];
        let url = "https://push2.eastmoney.com/api/qt/ulist.np/get";
        Some(super::request("indices".to_owned(), url, query))
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        let page = list::page(answered::body(answer)?)?;
        page.hold_to(self.session, self.moment)?;
        let missing = hold_to_asked(&page, &self.symbols)?;
        if let Some(first) = missing.first().copied().filter(|_| missing != self.missing) {
            let count = missing.len();
            self.missing = missing;
            return Err(answered::Unfit::again(
                format!("{count} of the indices did not come, such as {first}"),
                format!("有{count}个指数没有返回，如{first}"),
            )
            .into());
        }
        if !page.trades() && self.moment == Moment::Close {
            return Err(no_trade(self.session).into());
        }
        (self.missing, self.done) = (missing, true);
        Ok(())
    }

    fn remarks(&self) -> Vec<Wording> {
        unknown(&self.missing).filter(|_| self.done).into_iter().collect()
    }
}
