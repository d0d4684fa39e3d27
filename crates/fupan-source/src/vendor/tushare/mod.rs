//! Tushare Pro: `POST` of `{"api_name", "token", "params", "fields"}` to `http://api.tushare.pro`,
//! with the reader's own token from `TUSHARE_TOKEN`. What each table holds is known from Tushare's
//! documentation (`https://tushare.pro/document/2`); how many rows come at once and how often one
//! may ask depends on the account.

pub(crate) mod answer;
pub(crate) mod closures;

use std::collections::HashSet;

use fupan_market::{SessionDate, Symbol, Wording};
use serde_json::{Map, Value, json};

use super::answered::{self, Unfit, quoted};
use super::page::Page;
use super::{Answer, Body, Conversation, Refused, Request, Secret, SecretPlace};

/// Where the token is and belongs.
pub(crate) const TOKEN: Secret =
    Secret { variable: "TUSHARE_TOKEN", place: SecretPlace::JsonField("token") };

/// Most rows of a part: a session has ten thousand securities, and a range fewer names and weights.
const ROWS_MAX: usize = 2_000_000;

/// One of Tushare's tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Api {
    /// Its name.
    pub name: &'static str,
    /// The fields that are asked for.
    pub fields: &'static [&'static str],
    /// The fields by which a row is told from the others.
    pub key: &'static [&'static str],
    /// The field that holds a row's date, if the dataset is of a session or a range.
    pub date: Option<&'static str>,
    /// Rows that are asked for at once.
    pub page: u64,
}

pub(crate) const DAILY: Api = Api {
    name: "daily",
    fields: &[
        "ts_code",
        "trade_date",
        "open",
        "high",
        "low",
        "close",
        "pre_close",
        "vol",
        "amount",
    ],
    key: &["ts_code", "trade_date"],
    date: Some("trade_date"),
    page: 5_000,
};

pub(crate) const FUND_DAILY: Api = Api { name: "fund_daily", page: 2_000, ..DAILY };

pub(crate) const DAILY_BASIC: Api = Api {
    name: "daily_basic",
    fields: &["ts_code", "trade_date", "total_share", "float_share"],
    ..DAILY
};

pub(crate) const INDEX_DAILY: Api = Api {
    name: "index_daily",
    fields: &["ts_code", "trade_date", "open", "high", "low", "close", "amount"],
    ..DAILY
};

pub(crate) const INDEX_WEIGHT: Api = Api {
    name: "index_weight",
    fields: &["index_code", "con_code", "trade_date", "weight"],
    key: &["index_code", "con_code", "trade_date"],
    ..DAILY
};

/// Balances in yuan, by exchange.
pub(crate) const MARGIN: Api = Api {
    name: "margin",
    fields: &["trade_date", "exchange_id", "rzye", "rqye", "rzmre"],
    key: &["trade_date", "exchange_id"],
    page: 4_000,
    ..DAILY
};

pub(crate) const STOCK_BASIC: Api = Api {
    name: "stock_basic",
    fields: &["ts_code", "name", "industry", "list_date"],
    key: &["ts_code"],
    date: None,
    page: 5_000,
};

pub(crate) const NAMECHANGE: Api = Api {
    name: "namechange",
    fields: &["ts_code", "name", "start_date", "ann_date"],
    key: &["ts_code", "name", "start_date"],
    // A range is one of announcements; a name may begin after it.
    date: Some("ann_date"),
    page: 5_000,
};

pub(crate) const BSE_MAPPING: Api = Api {
    name: "bse_mapping",
    fields: &["name", "o_code", "n_code", "list_date"],
    key: &["o_code"],
    date: None,
    page: 1_000,
};

pub(crate) const INDEX_MEMBER_ALL: Api = Api {
    name: "index_member_all",
    fields: &[
        "l1_code", "l1_name", "l2_code", "l2_name", "l3_code", "l3_name", "ts_code", "in_date",
        "out_date",
    ],
    key: &["ts_code", "l3_code", "in_date"],
    date: None,
    page: 2_000,
};

/// The rows of one table, for each of some sets of parameters, page by page.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    api: Api,
    /// The parameters of each part, with what its requests are named by.
    parts: Vec<Part>,
    /// The first and the last day that rows may be of.
    range: Option<(SessionDate, SessionDate)>,
    /// The part that is next, and the rows of it that are there.
    part: usize,
    offset: u64,
    page: u64,
    seen: HashSet<String>,
    empty: Vec<String>,
    capped: Option<u64>,
    /// Whether the page that was refused last does not fit those before it.
    contradicts: bool,
}

/// A part of a dataset: what is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What its requests are named by: letters, digits and hyphens.
    pub name: String,
    pub params: Map<String, Value>,
    /// The security or index that every row is of, and the field that says so.
    pub of: Option<(&'static str, Symbol)>,
}

impl Rows {
    pub fn new(api: Api, range: Option<(SessionDate, SessionDate)>, parts: Vec<Part>) -> Rows {
        let (seen, empty, capped) = (HashSet::new(), Vec::new(), None);
        let (part, offset, page, contradicts) = (0, 0, 0, false);
        Rows { api, parts, range, part, offset, page, seen, empty, capped, contradicts }
    }

    /// Refuses rows that were not asked for; returns what each is told from the others by.
    fn hold(&self, page: &Page, part: &Part) -> Result<Vec<String>, Unfit> {
        let place = |name: &str| page.columns.iter().position(|column| column == name);
        if let Some(missing) = self.api.fields.iter().find(|name| place(name).is_none()) {
            let api = self.api.name;
            return Err(Unfit::never(
                format!("the answer to {api} lacks the field {missing}"),
                format!("{api}的应答缺少字段{missing}"),
            ));
        }
        let cell = |row: usize, name: &str| {
            place(name).and_then(|place| page.rows[row].cells[place].as_deref())
        };
        let (mut keys, mut own) = (Vec::with_capacity(page.rows.len()), HashSet::new());
        for row in 0..page.rows.len() {
            if let Some((field, symbol)) = part.of {
                let said = cell(row, field).unwrap_or_default();
                if said.parse::<Symbol>() != Ok(symbol) {
                    let said = quoted(said);
                    return Err(Unfit::again(
                        format!("a row is of {said} and not of {symbol}"),
                        format!("有一行属于`{said}`，不是{symbol}"),
                    ));
                }
            }
            if let Some((date, (from, to))) = self.api.date.zip(self.range) {
                within(cell(row, date).unwrap_or_default(), from, to)?;
            }
            let parts = self.api.key.iter().map(|name| cell(row, name).unwrap_or_default());
            let key = parts.collect::<Vec<_>>().join(" ");
            if self.seen.contains(&key) || !own.insert(key.clone()) {
                let key = quoted(&key);
                return Err(Unfit::again(
                    format!("the row {key} came twice: pages overlap, or the offset was ignored"),
                    format!("`{key}`这一行出现两次：各页重叠，或对方没有理会offset"),
                ));
            }
            keys.push(key);
        }
        Ok(keys)
    }
}

/// Refuses a date outside of a range.
fn within(said: &str, from: SessionDate, to: SessionDate) -> Result<(), Unfit> {
    let day = said.parse::<SessionDate>();
    if day.as_ref().is_ok_and(|day| (from..=to).contains(day)) {
        return Ok(());
    }
    let said = quoted(said);
    Err(match from == to {
        true => Unfit::never(
            format!("the answer has rows of {said}, not of {from}"),
            format!("应答中有{said}的行，不是{from}的"),
        ),
        false => Unfit::never(
            format!("the answer has rows of {said}, outside of {from} to {to}"),
            format!("应答中有{said}的行，不在{from}至{to}之内"),
        ),
    })
}

impl Conversation for Rows {
    fn next(&self) -> Option<Request> {
        let part = self.parts.get(self.part)?;
        let mut params = part.params.clone();
        params.insert("limit".to_owned(), Value::from(self.api.page));
        params.insert("offset".to_owned(), Value::from(self.offset));
        Some(Request {
            source: "tushare",
            name: format!("{}-{:04}", part.name, self.page + 1),
            url: "http://api.tushare.pro".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::Json(json!({
                "api_name": self.api.name,
                "params": params,
                "fields": self.api.fields.join(","),
            })),
            secrets: vec![TOKEN],
        })
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        let Some(part) = self.parts.get(self.part) else { return Ok(()) };
        self.contradicts = false;
        let page = answer::page(answered::body(answer)?)?;
        let held = self.hold(&page, part);
        self.contradicts = held.is_err() && self.page > 0;
        let keys = held?;
        let (came, size) = (page.rows.len() as u64, self.api.page);
        if came == 0 && page.more == Some(true) {
            self.contradicts = self.page > 0;
            return Err(Unfit::again(
                "the answer has no rows and says that there are more",
                "应答没有任何行，却说还有更多",
            )
            .into());
        }
        if came == 0 && self.page == 0 {
            // A list of everything that is empty is a fault; so is a session without a share.
            let one_day = self.range.is_none_or(|(from, to)| from == to);
            if one_day && part.of.is_none() {
                return Err(nothing(self.api.name, self.range.map(|(from, _)| from)).into());
            }
            self.empty.push(part.name.clone());
        }
        if self.seen.len() + keys.len() > ROWS_MAX {
            return Err(Unfit::never("there are too many rows", "行数过多").into());
        }
        // Where the answer does not say, only an empty page shows that there are no more.
        let more = page.more.unwrap_or(true) && came > 0;
        if page.more == Some(true) && came < size {
            self.capped = Some(came);
        }
        match more {
            true => {
                self.seen.extend(keys);
                (self.page, self.offset) = (self.page + 1, self.offset + came);
            }
            false => {
                self.seen.clear();
                (self.part, self.page, self.offset) = (self.part + 1, 0, 0);
            }
        }
        Ok(())
    }

    fn contradicts(&self) -> bool {
        self.contradicts
    }

    fn remarks(&self) -> Vec<Wording> {
        let (asked, api) = (self.api.page, self.api.name);
        let capped = self.capped.map(|came| {
            Wording::new(
                format!("{api} gives {came} rows a page where {asked} were asked for"),
                format!("{api}每页请求{asked}行，对方只给{came}行"),
            )
        });
        let empty = self.empty.first().map(|first| {
            let count = self.empty.len();
            Wording::new(
                format!("{api} has no rows in the range for {count} of what was asked, as {first}"),
                format!("{api}在此区间没有其中{count}项的数据，如{first}"),
            )
        });
        capped.into_iter().chain(empty).collect()
    }
}

fn nothing(api: &str, session: Option<SessionDate>) -> Unfit {
    match session {
        Some(session) => Unfit::never(
            format!("{api} has no rows of {session}: it is no session, or is not there yet"),
            format!("{api}没有{session}的数据：不是交易日，或尚未更新"),
        ),
        None => Unfit::again(format!("{api} has no rows"), format!("{api}没有任何行")),
    }
}
