//! A made-up market as each vendor tells it. Every price is a whole fen, every volume whole lots, so
//! that what is true is known to the last digit.

use fupan::{Exchange, Symbol};
use fupan_market::TRACKED_INDICES;
use serde_json::{Value, json};

/// The close of the session in seconds since 1970, and a day.
const CLOSED: i64 = 1_770_879_603;
pub const DAY: i64 = 86_400;

/// A session of the market: 0 is 2026-02-12, -1 the one before.
#[derive(Clone, Copy, Debug)]
pub struct Made(pub i64);

/// One share or index in a session; prices in fen or hundredths of a point.
#[derive(Clone, Debug)]
pub struct Bar {
    pub symbol: Symbol,
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    pub prev: i64,
    /// In lots; none without trade.
    pub lots: i64,
}

/// Shares by exchange: the first code, and how many.
const SHARES: [(Exchange, u32, u32); 5] = [
    (Exchange::Szse, 1, 60),
    (Exchange::Szse, 300_001, 40),
    (Exchange::Sse, 600_001, 80),
    (Exchange::Sse, 688_001, 30),
    (Exchange::Bse, 920_001, 30),
];

/// Shares without trade in the session, by their place.
const SUSPENDED: [usize; 2] = [7, 130];

/// Rows of the list of shares.
pub const ROWS: usize = 240;

pub fn money(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The close of a share after some sessions.
fn close(place: i64, session: i64) -> i64 {
    1_000 + 7 * place + (place * 13 + session * 29).rem_euclid(41) - 20
}

impl Bar {
    fn of(symbol: Symbol, [prev, close]: [i64; 2], lots: i64) -> Bar {
        let open = prev + 3;
        let (high, low) = (close.max(open) + 4, close.min(open) - 4);
        // The average of both is then a whole fen.
        Bar { symbol, open, high: high + (high + low) % 2, low, close, prev, lots }
    }

    pub fn traded(&self) -> bool {
        self.lots > 0
    }

    /// In yuan: every lot at the middle of high and low.
    pub fn turnover(&self) -> i64 {
        self.lots * (self.high + self.low) / 2
    }

    /// As the store has it: prices in ten-thousandths, shares, fen.
    pub fn stored(&self) -> String {
        if !self.traded() {
            return format!("{}|||||{}|0|", self.symbol, self.prev * 100);
        }
        let prices = [self.open, self.high, self.low, self.close, self.prev].map(|fen| fen * 100);
        let [open, high, low, close, prev] = prices;
        let (volume, turnover) = (self.lots * 100, self.turnover() * 100);
        format!("{}|{open}|{high}|{low}|{close}|{prev}|{volume}|{turnover}", self.symbol)
    }

    /// The same of an index.
    pub fn stored_level(&self) -> String {
        let [open, high, low, close] =
            [self.open, self.high, self.low, self.close].map(|level| level * 100);
        format!("{}|{open}|{high}|{low}|{close}|{}", self.symbol, self.turnover() * 100)
    }

    fn code(&self) -> String {
        format!("{:06}", self.symbol.code())
    }

    pub fn name(&self) -> String {
        format!("银行{}", self.symbol.code())
    }

    fn sina_code(&self) -> String {
        format!("{}{}", self.symbol.exchange().suffix().to_lowercase(), self.code())
    }
}

impl Made {
    /// The day as digits.
    pub fn day(self) -> String {
        (20_260_212 + self.0).to_string()
    }

    fn dashed(self) -> String {
        let day = self.day();
        format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])
    }

    /// All shares in the order of their codes.
    pub fn shares(self) -> Vec<Bar> {
        let symbols = SHARES.iter().flat_map(|(exchange, first, count)| {
            (*first..first + count).map(|code| Symbol::new(*exchange, code).unwrap())
        });
        let bar = |(place, symbol)| {
            let still = self.0 == 0 && SUSPENDED.contains(&place);
            let place = place as i64;
            let lots = if still { 0 } else { 50_000 + 37 * place + 11 * self.0 };
            Bar::of(symbol, [close(place, self.0 - 1), close(place, self.0)], lots)
        };
        symbols.enumerate().map(bar).collect()
    }

    pub fn indices(self) -> Vec<Bar> {
        let bar = |(place, index): (usize, fupan_market::TrackedIndex)| {
            let (symbol, level) = (index.symbol(), 100_000 * (place as i64 + 2));
            let at = |session: i64| level + (session * 700).rem_euclid(1_900);
            Bar::of(symbol, [at(self.0 - 1), at(self.0)], 1_000_000)
        };
        TRACKED_INDICES.into_iter().enumerate().map(bar).collect()
    }

    fn eastmoney(self, bar: &Bar) -> Value {
        let market = i32::from(bar.symbol.exchange() == Exchange::Sse);
        let day: i64 = self.day().parse().unwrap();
        let number = |text: String| serde_json::from_str::<Value>(&text).unwrap();
        let price = |fen: i64| if bar.traded() { number(money(fen)) } else { json!("-") };
        let amount = |amount: i64| if bar.traded() { json!(amount) } else { json!("-") };
        json!({
            "f2": price(bar.close), "f5": amount(bar.lots), "f6": amount(bar.turnover()),
            "f12": bar.code(), "f13": market, "f14": bar.name(), "f15": price(bar.high),
            "f16": price(bar.low), "f17": price(bar.open), "f18": number(money(bar.prev)),
            "f26": 20_100_104, "f124": CLOSED + self.0 * DAY, "f297": day,
        })
    }

    /// A page of EastMoney's list of shares, counted from one.
    pub fn list(self, page: usize, size: usize) -> Value {
        let shares = self.shares();
        let from = ((page - 1) * size).min(ROWS);
        let rows: Vec<Value> = shares.iter().map(|bar| self.eastmoney(bar)).collect();
        let rows = &rows[from..(from + size).min(ROWS)];
        json!({"rc": 0, "data": {"total": ROWS, "diff": rows}})
    }

    pub fn list_of_indices(self) -> Value {
        let rows: Vec<Value> = self.indices().iter().map(|bar| self.eastmoney(bar)).collect();
        json!({"rc": 0, "data": {"total": rows.len(), "diff": rows}})
    }

    /// The quotes of a request's securities, as `write` writes each.
    fn quotes(self, list: &str, write: fn(Made, &Bar) -> String) -> String {
        let mut all = self.shares();
        all.extend(self.indices());
        let find = |code: &str| all.iter().find(|bar| bar.sina_code() == code);
        list.split(',').filter_map(find).map(|bar| write(self, bar)).collect()
    }

    pub fn tencent(self, list: &str) -> String {
        self.quotes(list, |made, bar| {
            let (code, last) = (bar.code(), if bar.traded() { bar.close } else { bar.prev });
            let zero = |fen: i64| if bar.traded() { money(fen) } else { "0.00".to_owned() };
            let in_lots = !code.starts_with("688") || bar.symbol.exchange() != Exchange::Sse;
            let volume = (if in_lots { bar.lots } else { bar.lots * 100 }).to_string();
            let turnover = if bar.traded() { bar.turnover() } else { 0 };
            let mut parts = vec![String::new(); 40];
            for (place, text) in [
                (0, "1".to_owned()),
                (1, bar.name()),
                (2, code.clone()),
                (3, money(last)),
                (4, money(bar.prev)),
                (5, zero(bar.open)),
                (6, volume.clone()),
                (30, format!("{}150003", made.day())),
                (33, zero(bar.high)),
                (34, zero(bar.low)),
                (35, format!("{}/{volume}/{turnover}", money(last))),
            ] {
                parts[place] = text;
            }
            format!("v_{}=\"{}\";\n", bar.sina_code(), parts.join("~"))
        })
    }

    pub fn sina(self, list: &str) -> String {
        self.quotes(list, |made, bar| {
            let zero = |fen: i64| if bar.traded() { money(fen) } else { "0.000".to_owned() };
            let turnover = if bar.traded() { bar.turnover() } else { 0 };
            let mut parts = vec!["0".to_owned(); 33];
            for (place, text) in [
                (0, bar.name()),
                (1, zero(bar.open)),
                (2, money(bar.prev)),
                (3, zero(bar.close)),
                (4, zero(bar.high)),
                (5, zero(bar.low)),
                (8, (bar.lots * 100).to_string()),
                (9, turnover.to_string()),
                (30, made.dashed()),
                (31, "15:00:03".to_owned()),
            ] {
                parts[place] = text;
            }
            format!("var hq_str_{}=\"{}\";\n", bar.sina_code(), parts.join(","))
        })
    }

    /// A table of Tushare's: rows with trade from an offset on, all that are asked for.
    pub fn tushare(self, asked: &Value) -> Value {
        let of = asked["params"]["ts_code"].as_str();
        let bars = match asked["api_name"].as_str() {
            Some("daily") => self.shares(),
            Some("index_daily") => self.indices(),
            _ => return json!({"code": 40203, "msg": "抱歉，您没有接口访问权限", "data": null}),
        };
        let bars = bars.iter().filter(|bar| bar.traded());
        let bars = bars.filter(|bar| of.is_none_or(|of| bar.symbol.to_string() == of));
        let number = |text: String| serde_json::from_str::<Value>(&text).unwrap();
        let value = |bar: &Bar, field: &str| match field {
            "ts_code" => json!(bar.symbol.to_string()),
            "trade_date" => json!(self.day()),
            "open" => number(money(bar.open)),
            "high" => number(money(bar.high)),
            "low" => number(money(bar.low)),
            "close" => number(money(bar.close)),
            "pre_close" => number(money(bar.prev)),
            "vol" => json!(bar.lots),
            "amount" => number(format!("{}.{:03}", bar.turnover() / 1_000, bar.turnover() % 1_000)),
            _ => Value::Null,
        };
        let fields: Vec<&str> = asked["fields"].as_str().unwrap().split(',').collect();
        let from = asked["params"]["offset"].as_u64().unwrap_or_default() as usize;
        let row = |bar: &Bar| fields.iter().map(|field| value(bar, field)).collect::<Vec<_>>();
        let items: Vec<Vec<Value>> = bars.map(row).skip(from).collect();
        json!({"code": 0, "msg": "", "data": {"fields": fields, "items": items, "has_more": false}})
    }
}
