//! Tencent's quotes: `https://qt.gtimg.cn/q=sh600519,sz000001`, GBK, no key, no published terms.
//!
//! `v_sh600519="1~name~600519~…"`, with `~` between the parts:
//!
//! | part | is |
//! |---|---|
//! | 1, 2 | name, code |
//! | 3, 4, 5, 33, 34 | last, previous close (the reference price), open, high, low, in yuan |
//! | 6 | volume: in shares for STAR stocks (688, 689), in lots of 100 for all others |
//! | 30 | when it was changed, `20260212150003` |
//! | 35 | `last/volume/turnover`, the turnover in yuan |
//! | 37 | turnover in ten thousands of yuan |
//!
//! Known from public readers of the same text, and measured: on 2026-09-23 all 617 STAR stocks had
//! their volume in shares. A suspended share has zeros for open, high, low and volume.

use fupan_market::Symbol;

use super::answered::Unfit;
use super::eastmoney::list::is_zero;
use super::page::Page;
use super::quotes::{self, Quoted, Vendor, too_short, written};
use super::{Body, Request};
use crate::spelling::civil::{self, Civil, Zone};

pub(crate) const VENDOR: Vendor = Vendor { batch: 60, request, page };

/// Parts that a quote must have: turnover is the last that is read.
const PARTS_MIN: usize = 38;

fn request(name: String, batch: &[Symbol]) -> Request {
    let list: Vec<String> = batch.iter().map(|symbol| written(*symbol)).collect();
    Request {
        source: "tencent",
        name,
        url: format!("https://qt.gtimg.cn/q={}", list.join(",")),
        query: Vec::new(),
        headers: vec![("Referer", "https://gu.qq.com/".to_owned())],
        body: Body::None,
        secrets: Vec::new(),
    }
}

pub(crate) fn page(bytes: &[u8]) -> Result<Page, Unfit> {
    quotes::page(bytes, "v_", quote)
}

fn quote(name: &str, content: &str) -> Result<Quoted, Unfit> {
    let parts: Vec<&str> = content.split('~').collect();
    if parts.len() < PARTS_MIN {
        return Err(too_short(name, parts.len()));
    }
    let part = |place: usize| Some(parts[place].to_owned()).filter(|text| !text.is_empty());
    if name.get(2..) != Some(parts[2]) {
        let [name, other] = [name, parts[2]].map(super::answered::quoted);
        return Err(Unfit::again(
            format!("the quote of {name} is one of {other}"),
            format!("`{name}`的行情其实属于{other}"),
        ));
    }
    let exact: Vec<&str> = parts[35].split('/').collect();
    let turnover = match exact.as_slice() {
        [_, volume, turnover] if !turnover.is_empty() => {
            if *volume != parts[6] {
                let name = super::answered::quoted(name);
                return Err(Unfit::again(
                    format!("the quote of {name} has two volumes"),
                    format!("`{name}`的行情有两个不同的成交量"),
                ));
            }
            Some((*turnover).to_owned())
        }
        _ => part(37).map(|turnover| format!("{turnover}万")),
    };
    let values = [part(1), part(3), part(4), part(5), part(33), part(34), part(6), turnover];
    Ok(Quoted { at: moment(parts[30]), traded: !is_zero(parts[6]), values })
}

/// The moment written as fourteen digits.
fn moment(digits: &str) -> Option<Civil> {
    if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (date, time) = digits.split_at(8);
    let text = format!("{date} {}:{}:{}", &time[..2], &time[2..4], &time[4..]);
    civil::of_text(&text, Zone::Shanghai).ok()
}
