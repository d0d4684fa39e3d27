//! EastMoney's lists of securities as they are now (`clist/get`, `ulist.np/get`): `data.diff`.
//!
//! | field | is |
//! |---|---|
//! | `f2`, `f17`, `f15`, `f16`, `f18` | last, open, high, low, previous close (the reference price), yuan or points with `fltt=2` |
//! | `f5`, `f6` | volume in lots of 100, turnover in yuan |
//! | `f12`, `f13`, `f14` | code, market (1 Shanghai, 0 Shenzhen and Beijing), name |
//! | `f26` | first session, `20200416` |
//! | `f124` | when the row was changed, seconds since 1970 |
//! | `f297` | the day of the row, `20260212` |
//!
//! `f124` and `f297` are 更新时间 and 数据日期 of AKShare's `fund_etf_spot_em`, which reads the same
//! lists. A value that is missing is `"-"`. `total` says how many rows there are, `diff` has those
//! of the page: at most a hundred, whatever `pz` asks for.

use serde_json::{Map, Value};

use super::super::answered::{Unfit, json};
use super::super::objects::scalar;
use super::super::page::{Page, Row, canonical, clock};
use crate::spelling::civil::{self, Civil, Zone};
use crate::spelling::is_blank;
use fupan_market::SessionDate;

/// The fields that are asked for.
pub(crate) const FIELDS: &str = "f2,f5,f6,f12,f13,f14,f15,f16,f17,f18,f26,f124,f297";

/// The columns of a page, the fields that they come from first.
const COLUMNS: [(&str, &str); 9] = [
    ("last", "f2"),
    ("volume", "f5"),
    ("turnover", "f6"),
    ("name", "f14"),
    ("high", "f15"),
    ("low", "f16"),
    ("open", "f17"),
    ("prev_close", "f18"),
    ("listed", "f26"),
];

pub(crate) fn page(bytes: &[u8]) -> Result<Page, Unfit> {
    let answer = json(bytes)?;
    let data = super::data(&answer)?;
    let total = data.get("total").and_then(Value::as_u64);
    let of_page: Vec<&Value> = match data.get("diff") {
        Some(Value::Array(rows)) => rows.iter().collect(),
        // Without `np=1` the rows are numbered: {"0": {…}, "1": {…}}.
        Some(Value::Object(rows)) => rows.values().collect(),
        _ => {
            return Err(Unfit::again("its `data` has no list `diff`", "`data`中没有`diff`列表"));
        }
    };
    let present = |field: &str| of_page.iter().any(|row| row.get(field).is_some());
    let named = present("f12") && present("f13");
    if !named && !of_page.is_empty() {
        return Err(Unfit::never(
            "its rows lack f12 or f13, code and market: 000001 alone is a stock of Shenzhen and an \
             index of Shanghai",
            "各行缺少f12或f13（代码和市场）：仅凭000001无法区分深圳的股票和上海的指数",
        ));
    }
    let columns: Vec<(&str, &str)> =
        COLUMNS.into_iter().filter(|(_, field)| present(field)).collect();
    let mut rows = Vec::with_capacity(of_page.len());
    for row in of_page {
        let Some(object) = row.as_object() else {
            return Err(Unfit::again("a row of `diff` is no object", "`diff`中有一行不是对象"));
        };
        rows.push(of_object(object, &columns));
    }
    let own = ["symbol", "session", "time"].map(str::to_owned);
    let columns = own.into_iter().chain(columns.iter().map(|(name, _)| (*name).to_owned()));
    Ok(Page { columns: columns.collect(), rows, total, more: None })
}

fn of_object(object: &Map<String, Value>, columns: &[(&str, &str)]) -> Row {
    let field = |name: &str| object.get(name).and_then(scalar).filter(|text| !is_blank(text));
    let symbol =
        field("f13").zip(field("f12")).map(|(market, code)| canonical(&format!("{market}.{code}")));
    let positive = |name: &str| field(name).is_some_and(|text| !is_zero(&text));
    let traded = positive("f5") || positive("f6");
    let at = moment(field("f297"), field("f124"));
    let mut cells = vec![symbol.clone()];
    cells.extend(told(at));
    cells.extend(columns.iter().map(|(_, name)| field(name)));
    Row { cells, key: symbol.unwrap_or_default(), at, traded }
}

/// The day and the time of a row as texts.
pub(crate) fn told(at: Option<Civil>) -> [Option<String>; 2] {
    let day = at.and_then(|at| SessionDate::from_epoch_days(at.day)).map(|day| day.to_string());
    [day, at.and_then(|at| at.second).map(clock)]
}

/// Whether a number is zero.
pub(crate) fn is_zero(number: &str) -> bool {
    !number.bytes().any(|b| matches!(b, b'1'..=b'9'))
}

/// When a row was changed, if its date and its time do not contradict each other.
fn moment(date: Option<String>, changed: Option<String>) -> Option<Civil> {
    let day = match date {
        Some(date) => Some(civil::of_text(&date, Zone::Shanghai).ok()?.day),
        None => None,
    };
    // Milliseconds would be in the year 50000.
    let at = match changed.filter(|seconds| !is_zero(seconds)) {
        Some(seconds) => Some(civil::of_instant(seconds.parse().ok()?)?),
        None => None,
    };
    match (day, at) {
        (Some(day), Some(at)) => (at.day == day).then_some(at),
        (Some(day), None) => Some(Civil { day, second: None }),
        (None, at) => at,
    }
}
