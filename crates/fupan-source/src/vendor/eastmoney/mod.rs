//! EastMoney (东方财富), the site behind `quote.eastmoney.com`: no key, and no published terms for
//! programs; it limits by address. What each field is, is known from AKShare, which reads the same
//! pages (`stock_zh_a_spot_em`, `stock_zh_a_hist`, `fund_etf_spot_em`), and from recorded answers.

pub(crate) mod bars;
pub(crate) mod boards;
pub(crate) mod list;
mod paging;
pub(crate) mod spot;

use fupan_market::{Exchange, Symbol};
use serde_json::{Map, Value};

use super::answered::{Unfit, quoted};
use super::{Body, Request};

/// The name that EastMoney's budget counts on.
pub(crate) const SOURCE: &str = "eastmoney";

/// What the site's own pages of lists and of bars send with every request, the same for everyone.
const LIST_PAGE: &str = "bd1d9ddb04089700cf9c27f6f7426281";
const BARS_PAGE: &str = "7eea3edcaed734bea9cbfc24409ed989";

/// A request of EastMoney's.
fn request(name: String, url: &str, query: Vec<(&str, String)>) -> Request {
    Request {
        source: SOURCE,
        name,
        url: url.to_owned(),
        query: query.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        headers: vec![("Referer", "https://quote.eastmoney.com/".to_owned())],
        body: Body::None,
        secrets: Vec::new(),
    }
}

/// A security as EastMoney names it: `1.600519`; 1 is Shanghai, 0 is Shenzhen and Beijing.
fn secid(symbol: Symbol) -> String {
    let market = match symbol.exchange() {
        Exchange::Sse => 1,
        Exchange::Szse | Exchange::Bse => 0,
    };
    format!("{market}.{:06}", symbol.code())
}

/// The `data` of an answer. A reader's recorder may have put the answer under `payload`.
fn data(answer: &Value) -> Result<&Map<String, Value>, Unfit> {
    let answer = answer.get("payload").unwrap_or(answer);
    match answer.get("data") {
        Some(Value::Object(data)) => Ok(data),
        Some(Value::Null) => {
            let rc = answer.get("rc").map(|rc| quoted(&rc.to_string())).unwrap_or_default();
            Err(Unfit::again(
                format!("the answer has no data (rc {rc})"),
                format!("应答中没有数据（rc {rc}）"),
            ))
        }
        _ => {
            let said = ["message", "msg", "rt"].iter().find_map(|name| answer.get(*name)?.as_str());
            let said = said.map(quoted).unwrap_or_default();
            Err(Unfit::again(
                format!("the answer is none of EastMoney's: it has no `data` (“{said}”)"),
                format!("应答不是东方财富的格式：没有`data`（“{said}”）"),
            ))
        }
    }
}
