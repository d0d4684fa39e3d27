//! EastMoney's daily bars of one security (`kline/get`): `data.klines`, one text a day.
//!
//! A text is `date,open,close,high,low,volume,turnover,amplitude,return,change,turnover rate`
//! (`fields2=f51,…,f61`): the close comes before the high. Volume is in lots of 100, turnover in
//! yuan; the change counts from the reference price, so close less change is the previous close.
//! `fqt=0` asks for prices as they were; the answer does not say so.

use std::collections::BTreeSet;

use fupan_market::{Calendar, SecurityKind, SessionDate, Symbol, Wording};
use serde_json::{Map, Value};

use super::super::answered::{self, Unfit, json, quoted};
use super::super::page::{Page, Row, canonical, gap, hold_to_range, without};
use super::super::{Answer, Conversation, Refused, Request};

/// The columns of a page; a text may end after the turnover, as it does if fewer are asked for.
const COLUMNS: [&str; 12] = [
    "symbol",
    "session",
    "open",
    "close",
    "high",
    "low",
    "volume",
    "turnover",
    "amplitude",
    "return",
    "change",
    "rate",
];

/// Parts that a text must have.
const PARTS_MIN: usize = 7;

pub(crate) fn page(bytes: &[u8]) -> Result<Page, Unfit> {
    let answer = json(bytes)?;
    if answer.get("data").is_some_and(Value::is_null) {
        // Of a security that it does not know, the site has no data.
        let columns = COLUMNS.map(str::to_owned).to_vec();
        return Ok(Page { columns, ..Page::default() });
    }
    let data = super::data(&answer)?;
    let symbol = security(data)?;
    let Some(texts) = data.get("klines").and_then(Value::as_array) else {
        return Err(Unfit::again("its `data` has no list `klines`", "`data`中没有`klines`列表"));
    };
    let parts: Vec<Vec<&str>> =
        texts.iter().map(|text| text.as_str().unwrap_or_default().split(',').collect()).collect();
    let width = parts.first().map_or(PARTS_MIN, Vec::len);
    if let Some(odd) = parts.iter().find(|parts| parts.len() != width || width < PARTS_MIN) {
        let odd = quoted(&odd.join(","));
        return Err(Unfit::again(
            format!("a bar has not the parts of the others: `{odd}`"),
            format!("有一行的字段数与其余各行不同：`{odd}`"),
        ));
    }
    let width = width.min(COLUMNS.len() - 1);
    let row = |parts: &Vec<&str>| {
        let own = std::iter::once(symbol.as_str()).chain(parts.iter().take(width).copied());
        Row {
            cells: own.map(|text| Some(text.to_owned())).collect(),
            key: symbol.clone(),
            at: None,
            traded: true,
        }
    };
    let columns = COLUMNS[..=width].iter().map(|name| (*name).to_owned()).collect();
    Ok(Page { columns, rows: parts.iter().map(row).collect(), ..Page::default() })
}

/// The security that an answer is of.
fn security(data: &Map<String, Value>) -> Result<String, Unfit> {
    let code = data.get("code").and_then(Value::as_str);
    let market = data.get("market").and_then(Value::as_u64);
    match (market, code) {
        (Some(market), Some(code)) => Ok(canonical(&format!("{market}.{code}"))),
        _ => Err(Unfit::again(
            "the answer does not say of which security it is",
            "应答没有写明属于哪个证券",
        )),
    }
}

/// The daily bars of some securities over a range, an answer for each.
#[derive(Clone, Debug)]
pub(crate) struct Bars {
    calendar: &'static Calendar,
    from: SessionDate,
    to: SessionDate,
    symbols: Vec<Symbol>,
    done: usize,
    /// Securities that the vendor has no bars of.
    without: Vec<Symbol>,
    /// Whether the last answer had none, which may have been a fault.
    doubted: bool,
}

impl Bars {
    pub fn new(
        calendar: &'static Calendar,
        (from, to): (SessionDate, SessionDate),
        symbols: Vec<Symbol>,
    ) -> Bars {
        Bars { calendar, from, to, symbols, done: 0, without: Vec::new(), doubted: false }
    }

    /// Refuses bars that are not those of the range.
    fn hold(&self, page: &Page, symbol: Symbol) -> Result<(), Unfit> {
        if let Some(row) = page.rows.iter().find(|row| row.key != symbol.to_string()) {
            let key = quoted(&row.key);
            return Err(Unfit::again(
                format!("the answer is of {key} and not of {symbol}"),
                format!("应答属于{key}，不是{symbol}"),
            ));
        }
        let mut days = BTreeSet::new();
        for row in &page.rows {
            let said = row.cells.get(1).cloned().flatten().unwrap_or_default();
            let Ok(day) = said.parse::<SessionDate>() else {
                let said = quoted(&said);
                return Err(Unfit::again(
                    format!("`{said}` is not the date of a bar"),
                    format!("`{said}`不是日期"),
                ));
            };
            hold_to_range(day, self.from, self.to, &mut days)?;
        }
        // A share may be suspended, or be new; an index has every session.
        let sessions = self.calendar.between(self.from, self.to);
        let lacking = sessions.iter().find(|session| !days.contains(session));
        match lacking.filter(|_| symbol.kind() == SecurityKind::Index) {
            Some(lacking) => Err(gap(*lacking, symbol)),
            None => Ok(()),
        }
    }
}

impl Conversation for Bars {
    fn next(&self) -> Option<Request> {
        let symbol = self.symbols.get(self.done)?;
        let day = |date: SessionDate| date.to_string().replace('-', "");
        let query = vec![
            ("secid", super::secid(*symbol)),
            ("ut", super::BARS_PAGE.to_owned()),
            ("klt", "101".to_owned()),
            ("fqt", "0".to_owned()),
            ("beg", day(self.from)),
            ("end", day(self.to)),
            ("fields1", "f1,f2,f3,f4,f5,f6".to_owned()),
            ("fields2", "f51,f52,f53,f54,f55,f56,f57,f58,f59,f60,f61".to_owned()),
        ];
        let url = "https://push2his.eastmoney.com/api/qt/stock/kline/get";
        let name = symbol.to_string().replace('.', "-").to_lowercase();
        Some(super::request(name, url, query))
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        let Some(symbol) = self.symbols.get(self.done).copied() else { return Ok(()) };
        let page = page(answered::body(answer)?)?;
        self.hold(&page, symbol)?;
        if page.rows.is_empty() {
            if !std::mem::replace(&mut self.doubted, true) {
                return Err(Unfit::again(
                    format!("the answer has no bars of {symbol}"),
                    format!("应答中没有{symbol}的日线"),
                )
                .into());
            }
            self.without.push(symbol);
        }
        self.doubted = false;
        self.done += 1;
        Ok(())
    }

    fn remarks(&self) -> Vec<Wording> {
        without(&self.without).into_iter().collect()
    }
}
