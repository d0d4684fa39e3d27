//! Sina's quotes: `https://hq.sinajs.cn/list=sh600519,sz000001`, GBK, no key, no published terms; it
//! answers only where the request says that it comes from its own pages (`Referer`).
//!
//! `var hq_str_sh600519="name,open,previous close,last,high,low,bid,ask,volume,turnover,…"`, with
//! the volume of shares in shares and the turnover in yuan; the thirtieth part from zero is the date,
//! `2026-02-12`, and the next the time, `15:00:03`. Known from public readers of the same text.

use fupan_market::Symbol;

use super::answered::Unfit;
use super::eastmoney::list::is_zero;
use super::page::Page;
use super::quotes::{self, Quoted, Vendor, too_short, written};
use super::{Body, Request};
use crate::spelling::civil::{self, Zone};

/// Public readers ask for up to 800 at once; what does not come is noticed.
pub(crate) const VENDOR: Vendor = Vendor { batch: 400, request, page };

/// Parts that a quote must have: the time is the last that is read.
const PARTS_MIN: usize = 32;

fn request(name: String, batch: &[Symbol]) -> Request {
    let list: Vec<String> = batch.iter().map(|symbol| written(*symbol)).collect();
    Request {
        source: "sina",
        name,
        url: format!("https://hq.sinajs.cn/list={}", list.join(",")),
        query: Vec::new(),
        headers: vec![("Referer", "https://finance.sina.com.cn/".to_owned())],
        body: Body::None,
        secrets: Vec::new(),
    }
}

pub(crate) fn page(bytes: &[u8]) -> Result<Page, Unfit> {
    quotes::page(bytes, "var hq_str_", quote)
}

fn quote(name: &str, content: &str) -> Result<Quoted, Unfit> {
    let parts: Vec<&str> = content.split(',').collect();
    if parts.len() < PARTS_MIN {
        return Err(too_short(name, parts.len()));
    }
    let part = |place: usize| Some(parts[place].to_owned()).filter(|text| !text.is_empty());
    let at = civil::of_text(&format!("{} {}", parts[30], parts[31]), Zone::Shanghai).ok();
    let values = [0, 3, 2, 1, 4, 5, 8, 9].map(part);
    Ok(Quoted { at: at.filter(|at| at.second.is_some()), traded: !is_zero(parts[8]), values })
}
