//! A running session as vendors' servers tell it, in their own shapes and units.
//!
//! What those shapes cannot hold is lost as it is with the vendors: lots of 100 have no odd shares,
//! so that the volume of Beijing's shares, and with EastMoney of STAR's, is rounded down, and levels
//! of indices have two decimals, with Sina four. Turnover has its fen, which vendors leave out.

use fupan_market::{Board, Exchange, SessionDate, Symbol};

use super::clock::CLOSING_AUCTION;
use super::course::{Course, SoFar};
use super::written::{Text, change, decoded, value_of};
use super::{Index, LiveDay, Name, Share, seen};

/// The most rows of a page of EastMoney's, whatever is asked for.
const PAGE_MAX: usize = 100;

/// Shanghai's offset from UTC in seconds, and the seconds of a day.
const SHANGHAI: i64 = 8 * 3_600;
const DAY: i64 = 86_400;

/// What a vendor knows of a security at a moment; prices in 0.0001.
struct Told<'a> {
    symbol: Symbol,
    name: &'a Name,
    prev_close: i64,
    listed_on: Option<SessionDate>,
    is_index: bool,
    day: SessionDate,
    time: u32,
    so_far: Option<SoFar>,
}

impl Told<'_> {
    fn last(&self) -> i64 {
        self.so_far.map_or(self.prev_close, |so_far| so_far.last)
    }

    fn volume(&self) -> u64 {
        self.so_far.map_or(0, |so_far| so_far.volume)
    }

    fn turnover_fen(&self) -> i64 {
        self.so_far.map_or(0, |so_far| so_far.turnover_fen)
    }

    /// Open, high and low; zeros without trade.
    fn range(&self) -> [i64; 3] {
        self.so_far.map_or([0; 3], |so_far| [so_far.open, so_far.high, so_far.low])
    }
}

impl LiveDay {
    /// What Tencent's server answers at a second to a request for some securities, shares or
    /// indices: `v_sh600519="1~…";`, a line for each that it knows, in GBK.
    ///
    /// Before 09:00 it tells of the session before, without trade; then of this one, until 09:25
    /// without trade, with the previous close as the last price.
    pub fn tencent(&self, symbols: &[Symbol], second: u32) -> Vec<u8> {
        let mut text = Text(Vec::with_capacity(symbols.len() * 192));
        for told in symbols.iter().filter_map(|symbol| self.told(*symbol, second)) {
            tencent(&mut text, &told);
        }
        if text.0.is_empty() {
            text.put("v_pv_none_match=\"1\";\n");
        }
        text.0
    }

    /// What Sina's server answers to the same: `var hq_str_sh600519="…";`, with nothing between the
    /// marks for securities that it does not know, in GBK. Its last price is zero without trade.
    pub fn sina(&self, symbols: &[Symbol], second: u32) -> Vec<u8> {
        let mut text = Text(Vec::with_capacity(symbols.len() * 192));
        for symbol in symbols {
            text.put("var hq_str_").symbol(*symbol).put("=\"");
            if let Some(told) = self.told(*symbol, second) {
                sina(&mut text, &told);
            }
            text.put("\";\n");
        }
        text.0
    }

    /// What EastMoney's server answers at a second to a request for a page of its list of A-shares,
    /// ordered by code; pages are numbered from 1 and have 100 rows at most.
    pub fn eastmoney(&self, page: usize, size: usize, second: u32) -> Vec<u8> {
        let size = size.clamp(1, PAGE_MAX);
        let from = page.saturating_sub(1).saturating_mul(size);
        let places = self.by_code.iter().skip(from).take(size);
        let shares = places.map(|place| &self.shares[*place as usize]);
        self.list(shares.map(|share| self.told_of_share(share, second)), self.shares.len())
    }

    /// What EastMoney's server answers to a request for some securities, shares or indices.
    pub fn eastmoney_named(&self, symbols: &[Symbol], second: u32) -> Vec<u8> {
        let known: Vec<Told<'_>> =
            symbols.iter().filter_map(|symbol| self.told(*symbol, second)).collect();
        let total = known.len();
        self.list(known.into_iter(), total)
    }

    /// The answer at a second to a request of Tencent's (`…/q=sh600519,sz000001`), Sina's
    /// (`…/list=sh600519`) or EastMoney's (`…/clist/get?pn=1&pz=100`, `…/ulist.np/get?secids=…`),
    /// whatever the host. `None` if it is none of them.
    pub fn answer(&self, url: &str, second: u32) -> Option<Vec<u8>> {
        let after = |mark: &str| url.split_once(mark).map(|(_, rest)| rest);
        if let Some(query) = after("/clist/get?") {
            let number = |name: &str, usual: usize| {
                value_of(query, name).map_or(Some(usual), |value| value.parse().ok())
            };
            return Some(self.eastmoney(number("pn", 1)?, number("pz", 20)?, second));
        }
        if let Some(query) = after("/ulist.np/get?") {
            return Some(self.eastmoney_named(&symbols(&value_of(query, "secids")?), second));
        }
        let named = |mark: &str| after(mark).map(|list| symbols(&decoded(list)));
        let tencent = named("/q=").or_else(|| named("/?q="));
        let sina = || named("/list=").or_else(|| named("/?list="));
        match tencent {
            Some(symbols) => Some(self.tencent(&symbols, second)),
            None => sina().map(|symbols| self.sina(&symbols, second)),
        }
    }

    fn told(&self, symbol: Symbol, second: u32) -> Option<Told<'_>> {
        let share = self.share(symbol).map(|share| self.told_of_share(share, second));
        share.or_else(|| self.index(symbol).map(|index| self.told_of_index(index, second)))
    }

    fn told_of_share<'a>(&self, share: &'a Share, second: u32) -> Told<'a> {
        let (day, time, so_far) = self.moment(share.course.as_ref(), second, Course::so_far);
        let units = |fen: i64| fen * 100;
        let so_far = so_far.map(|so_far| SoFar {
            open: units(so_far.open),
            high: units(so_far.high),
            low: units(so_far.low),
            last: units(so_far.last),
            ..so_far
        });
        let prev_close = share.prev_close.map_or(0, |price| price.units());
        let (symbol, listed_on) = (share.symbol, share.listed_on);
        Told {
            symbol,
            name: &share.name,
            prev_close,
            listed_on,
            is_index: false,
            day,
            time,
            so_far,
        }
    }

    fn told_of_index<'a>(&'a self, index: &Index, second: u32) -> Told<'a> {
        let (day, time, so_far) = self.moment(Some(&index.course), second, Course::of_index_so_far);
        let (symbol, prev_close, name) = (index.symbol, index.prev_close, &self.name_of_indices);
        Told { symbol, name, prev_close, listed_on: None, is_index: true, day, time, so_far }
    }

    fn moment(
        &self,
        course: Option<&Course>,
        second: u32,
        so_far: fn(&Course, u32) -> Option<SoFar>,
    ) -> (SessionDate, u32, Option<SoFar>) {
        match seen(course, second, so_far) {
            Some((time, so_far)) => (self.session, time, so_far),
            None => (self.before, CLOSING_AUCTION, None),
        }
    }

    fn list<'a>(&self, rows: impl Iterator<Item = Told<'a>>, total: usize) -> Vec<u8> {
        let mut text = Text(Vec::with_capacity(PAGE_MAX * 220));
        text.put("{\"rc\":0,\"rt\":6,\"svr\":0,\"lt\":1,\"full\":1,\"dlmkts\":\"\",\"data\":");
        let start = text.0.len();
        for told in rows {
            let between = if text.0.len() == start { "" } else { "," };
            text.put(between);
            eastmoney(&mut text, &told);
        }
        if text.0.len() == start {
            text.put("null}");
            return text.0;
        }
        let rows = text.0.split_off(start);
        text.put("{\"total\":").whole(total as u64, 1).put(",\"diff\":[").bytes(&rows).put("]}}");
        text.0
    }
}

/// The securities of a list such as `sh600519,sz000001`; others are passed over.
fn symbols(list: &str) -> Vec<Symbol> {
    let list = list.split_once('&').map_or(list, |(list, _)| list);
    list.split(',').filter_map(|text| text.parse().ok()).collect()
}

fn tencent(text: &mut Text, told: &Told<'_>) {
    let market = match told.symbol.exchange() {
        Exchange::Sse => "1",
        Exchange::Szse => "51",
        Exchange::Bse => "62",
    };
    let is_star = !told.is_index && told.symbol.board() == Some(Board::Star);
    let volume = if is_star { told.volume() } else { told.volume() / 100 };
    let [open, high, low] = told.range();
    let (last, prev_close, fen) = (told.last(), told.prev_close, told.turnover_fen());
    text.put("v_").symbol(told.symbol).put("=\"").put(market).put("~");
    text.bytes(&told.name.gbk).put("~").code(told.symbol).put("~");
    text.price(last, 2).put("~").price(prev_close, 2).put("~").price(open, 2).put("~");
    // What was bought and sold, the five best offers of both sides and the last trades: not told.
    text.whole(volume, 1).put("~~~").put(BLANK_OFFERS);
    text.day(told.day, "").clock(told.time, "").put("~");
    text.price(last - prev_close, 2).put("~").price(change(prev_close, last) * 100, 2).put("~");
    text.price(high, 2).put("~").price(low, 2).put("~");
    text.price(last, 2).put("/").whole(volume, 1).put("/").yuan(fen).put("~");
    text.whole(volume, 1).put("~").whole(fen.unsigned_abs() / 1_000_000, 1);
    text.put("~~~~~~~~~~~~\";\n");
}

/// Between the volumes and the time: twenty parts of offers and one of trades, each blank.
const BLANK_OFFERS: &str = "~~~~~~~~~~~~~~~~~~~~~";

fn sina(text: &mut Text, told: &Told<'_>) {
    let decimals = if told.is_index { 4 } else { 3 };
    let [open, high, low] = told.range();
    let last = told.so_far.map_or(0, |so_far| so_far.last);
    text.bytes(&told.name.gbk);
    for price in [open, told.prev_close, last, high, low, last, last] {
        text.put(",").price(price, decimals);
    }
    let fen = told.turnover_fen().unsigned_abs();
    text.put(",").whole(told.volume(), 1).put(",");
    text.whole(fen / 100, 1).put(".").whole(fen % 100 * 10, 3);
    text.put(",0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,");
    text.day(told.day, "-").put(",").clock(told.time, ":").put(",00");
}

fn eastmoney(text: &mut Text, told: &Told<'_>) {
    let market = u64::from(told.symbol.exchange() == Exchange::Sse);
    text.put("{\"f2\":").price(told.last(), 2);
    let traded = told.so_far.is_some();
    match traded {
        true => {
            text.put(",\"f5\":").whole(told.volume() / 100, 1);
            text.put(",\"f6\":").yuan(told.turnover_fen());
        }
        false => {
            text.put(",\"f5\":\"-\",\"f6\":\"-\"");
        }
    }
    text.put(",\"f12\":\"").code(told.symbol).put("\",\"f13\":").whole(market, 1);
    text.put(",\"f14\":\"").put(&told.name.text).put("\"");
    let [open, high, low] = told.range();
    for (field, price) in [("f15", high), ("f16", low), ("f17", open)] {
        text.put(",\"").put(field).put("\":");
        match traded {
            true => text.price(price, 2),
            false => text.put("\"-\""),
        };
    }
    text.put(",\"f18\":").price(told.prev_close, 2).put(",\"f26\":");
    match told.listed_on {
        Some(day) => text.day(day, ""),
        None => text.put("\"-\""),
    };
    let changed = i64::from(told.day.epoch_days()) * DAY + i64::from(told.time) - SHANGHAI;
    text.put(",\"f124\":").whole(changed.unsigned_abs(), 1).put(",\"f297\":");
    text.day(told.day, "").put("}");
}
