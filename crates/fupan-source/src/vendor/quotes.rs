//! Quotes of many securities in one text, as Tencent and Sina answer: `v_sh600519="…";` a line, in
//! batches.

use fupan_market::{SessionDate, Symbol, Wording};

use super::answered::{self, Unfit, Written, quoted};
use super::eastmoney::list::told;
use super::page::{Moment, Page, Row, canonical, hold_to_asked, no_trade, unknown};
use super::{Answer, Conversation, Refused, Request};
use crate::spelling::civil::Civil;

/// The columns of a page, after the security, its day and its time.
pub(crate) const VALUES: [&str; 8] =
    ["name", "last", "prev_close", "open", "high", "low", "volume", "turnover"];

/// One quote, with a text for each of [`VALUES`].
pub(crate) struct Quoted {
    pub at: Option<Civil>,
    pub traded: bool,
    pub values: [Option<String>; 8],
}

/// The rows of a text of statements whose names start with `prefix`; `quote` reads the security's
/// name and what is between the quotation marks. A security that the vendor does not know has
/// nothing there, and no row.
pub(crate) fn page(
    bytes: &[u8],
    prefix: &str,
    quote: fn(&str, &str) -> Result<Quoted, Unfit>,
) -> Result<Page, Unfit> {
    let text = answered::text(bytes, Written::Gbk)?;
    let mut rows = Vec::new();
    let mut statements = 0_u32;
    for statement in text.split([';', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
        let Some((name, content)) = statement.split_once('=') else {
            return Err(no_quotes(statement));
        };
        let Some(name) = name.trim().strip_prefix(prefix) else { return Err(no_quotes(statement)) };
        statements += 1;
        let content = content.trim();
        let whole = content.len() > 1 && content.starts_with('"') && content.ends_with('"');
        let Some(content) = whole.then(|| &content[1..content.len() - 1]) else {
            return Err(Unfit::again(
                "the answer was cut short: its last quote has no end",
                "应答不完整：最后一条行情没有结尾",
            ));
        };
        // `v_pv_none_match="1"`: none of the codes is known.
        if content.is_empty() || name == "pv_none_match" {
            continue;
        }
        let Quoted { at, traded, values } = quote(name, content)?;
        let symbol = canonical(name);
        let mut cells = vec![Some(symbol.clone())];
        cells.extend(told(at));
        cells.extend(values);
        rows.push(Row { cells, key: symbol, at, traded });
    }
    if statements == 0 {
        return Err(no_quotes(&text));
    }
    let columns = ["symbol", "session", "time"].into_iter().chain(VALUES);
    Ok(Page { columns: columns.map(str::to_owned).collect(), rows, ..Page::default() })
}

fn no_quotes(said: &str) -> Unfit {
    let said = quoted(said);
    Unfit::again(
        format!("the answer has something else than quotes: “{said}”"),
        format!("应答不是行情：“{said}”"),
    )
}

/// A quote that has fewer parts than it must have.
pub(crate) fn too_short(name: &str, parts: usize) -> Unfit {
    let name = quoted(name);
    Unfit::again(
        format!("the quote of {name} has {parts} parts only: the answer was cut short"),
        format!("`{name}`的行情只有{parts}个字段：应答不完整"),
    )
}

/// A vendor of quotes in batches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vendor {
    /// Securities of a batch.
    pub batch: usize,
    /// The request of a batch, which is named by its number.
    pub request: fn(String, &[Symbol]) -> Request,
    /// The rows of an answer.
    pub page: fn(&[u8]) -> Result<Page, Unfit>,
}

/// The quotes of some securities.
#[derive(Clone, Debug)]
pub(crate) struct Quotes {
    vendor: Vendor,
    session: SessionDate,
    moment: Moment,
    symbols: Vec<Symbol>,
    /// Securities asked for so far.
    done: usize,
    trades: bool,
    /// Those that did not come, and those that did not come just now, which may have been a fault.
    missing: Vec<Symbol>,
    doubted: Vec<Symbol>,
    /// Whether the last batch shows that none before it was right.
    contradicts: bool,
}

impl Quotes {
    pub fn new(
        vendor: Vendor,
        session: SessionDate,
        moment: Moment,
        symbols: Vec<Symbol>,
    ) -> Quotes {
        let (missing, doubted) = (Vec::new(), Vec::new());
        let (done, trades, contradicts) = (0, false, false);
        Quotes { vendor, session, moment, symbols, done, trades, missing, doubted, contradicts }
    }

    fn batch(&self) -> &[Symbol] {
        let rest = &self.symbols[self.done.min(self.symbols.len())..];
        &rest[..rest.len().min(self.vendor.batch)]
    }
}

impl Conversation for Quotes {
    fn next(&self) -> Option<Request> {
        let batch = self.batch();
        let number = self.done / self.vendor.batch + 1;
        (!batch.is_empty()).then(|| (self.vendor.request)(format!("quotes-{number:04}"), batch))
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        self.contradicts = false;
        let page = (self.vendor.page)(answered::body(answer)?)?;
        page.hold_to(self.session, self.moment)?;
        let missing = hold_to_asked(&page, self.batch())?;
        if !missing.is_empty() && missing != self.doubted {
            let (first, count, of) = (missing[0], missing.len(), self.batch().len());
            self.doubted = missing;
            return Err(Unfit::again(
                format!("{count} of {of} securities did not come, such as {first}"),
                format!("请求的{of}个证券中有{count}个没有返回，如{first}"),
            )
            .into());
        }
        let (done, trades) = (self.done + self.batch().len(), self.trades || page.trades());
        if done >= self.symbols.len() && !trades && self.moment == Moment::Close {
            self.contradicts = self.done > 0;
            return Err(no_trade(self.session).into());
        }
        self.missing.extend(missing);
        self.doubted.clear();
        (self.done, self.trades) = (done, trades);
        Ok(())
    }

    fn contradicts(&self) -> bool {
        self.contradicts
    }

    fn unknown(&self) -> &[Symbol] {
        &self.missing
    }

    fn remarks(&self) -> Vec<Wording> {
        unknown(&self.missing).into_iter().collect()
    }
}

/// A security as both vendors write it: `sh600519`.
pub(crate) fn written(symbol: Symbol) -> String {
    format!("{}{:06}", symbol.exchange().suffix().to_lowercase(), symbol.code())
}
