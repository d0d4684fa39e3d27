//! The datasets that vendors offer: what each covers, what it needs, and how it is asked for.

use fupan_market::{
    Calendar, InLanguage as _, SecurityKind, SessionDate, Symbol, TRACKED_INDICES, Wording,
};
use fupan_table::Table;
use serde_json::{Map, Value};

use super::aktools::Series;
use super::eastmoney::bars::Bars;
use super::eastmoney::boards::Boards;
use super::eastmoney::spot::{Indices, Spot};
use super::quotes::{Quotes, Vendor};
use super::tushare::{self, Api, Part, Rows};
use super::{Conversation, Moment, Secret, sina, tencent};

/// A dataset of a vendor.
#[derive(Clone, Copy, Debug)]
pub struct Dataset {
    /// Its name, such as `tencent-shares`; also a good name for the folder of its answers.
    pub name: &'static str,
    /// The source whose budget its requests count on, such as `tencent`.
    pub source: &'static str,
    /// The built-in recipe that imports its answers.
    pub recipe: &'static str,
    /// The tables that the import fills.
    pub tables: &'static [Table],
    /// How much of the past one conversation can bring.
    pub extent: Extent,
    /// Where its rows' date comes from.
    pub dated: Dated,
    /// What must be said of the securities that are wanted.
    pub naming: Naming,
    /// The secret that its requests need.
    pub secret: Option<Secret>,
    about: (&'static str, &'static str),
    ask: Way,
}

/// How much of the past one conversation can bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The last session alone: the vendor answers with how things are now.
    Latest,
    /// Any one session.
    Session,
    /// All sessions of a range.
    Range,
    /// No session: a list as it is known on the day of asking.
    Known,
}

/// Where the date of a dataset's rows comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// The answers say it.
    ByAnswers,
    /// The answers are a list without a date: it is of the day on which it was asked for, which the
    /// import must be told ([`ReadOptions::as_of`](crate::ReadOptions::as_of)).
    ByAsking,
}

/// Which securities must be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// None: the dataset has all of its kind.
    Unneeded,
    /// Those that are wanted: shares, indices or both, as the dataset holds.
    Symbols,
    /// Indices; if none are named, those that briefs tell of.
    Indices,
}

/// What is asked of a dataset.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The first session.
    pub from: SessionDate,
    /// The last session, which must be over unless it is asked for as it is now.
    pub to: SessionDate,
    /// The securities that are wanted, if the dataset needs them.
    pub symbols: Vec<Symbol>,
    /// The sessions there are.
    pub calendar: &'static Calendar,
}

/// How a dataset is asked for.
#[derive(Clone, Copy, Debug)]
enum Way {
    Spot(Moment),
    Indices(Moment),
    Bars,
    Series,
    Boards,
    Quotes(Vendor, Moment),
    /// A table of Tushare's with the rows of a session (`trade_date`).
    OfSession(Api),
    /// One with the rows of a range, for each symbol by this parameter and field.
    OfSymbols(Api, &'static str),
    /// One with the rows of a range.
    OfRange(Api),
    /// One that is a list, with these parameters.
    Whole(Api, &'static [(&'static str, &'static str)]),
}

/// Every dataset, by name.
pub fn datasets() -> &'static [Dataset] {
    &DATASETS
}

impl Dataset {
    /// The dataset with a name.
    pub fn named(name: &str) -> Option<&'static Dataset> {
        DATASETS.iter().find(|dataset| dataset.name == name)
    }

    /// One line about what it has.
    pub fn about(&self) -> Wording {
        Wording::new(self.about.0, self.about.1)
    }

    /// The conversation that brings the dataset.
    ///
    /// # Errors
    /// If it cannot be asked so: a day that is no session, a range of a dataset that has one session,
    /// no securities where some must be named.
    pub fn ask(&self, asked: &Wanted) -> Result<Box<dyn Conversation + Send>, Wording> {
        self.hold(asked)?;
        let (from, to) = (asked.from, asked.to);
        let range = (from, to);
        let symbols = match self.naming {
            Naming::Indices if asked.symbols.is_empty() => tracked(),
            _ => asked.symbols.clone(),
        };
        Ok(match self.ask {
            Way::Spot(moment) => Box::new(Spot::new(to, moment)),
            Way::Indices(moment) => Box::new(Indices::new(to, moment, symbols)),
            Way::Bars => Box::new(Bars::new(asked.calendar, range, symbols)),
            Way::Series => Box::new(Series::new(asked.calendar, range, symbols)),
            Way::Boards => Box::new(Boards::new()),
            Way::Quotes(vendor, moment) => Box::new(Quotes::new(vendor, to, moment, symbols)),
            Way::OfSession(api) => {
                let part = part(api, &[("trade_date", day(to))]);
                Box::new(Rows::new(api, Some(range), vec![part]))
            }
            Way::OfSymbols(api, parameter) => {
                let of = |symbol: &Symbol| {
                    let text = symbol.to_string();
                    let name = text.replace('.', "-").to_lowercase();
                    let given =
                        [(parameter, text), ("start_date", day(from)), ("end_date", day(to))];
                    Part { name, of: Some((parameter, *symbol)), ..part(api, &given) }
                };
                Box::new(Rows::new(api, Some(range), symbols.iter().map(of).collect()))
            }
            Way::OfRange(api) => {
                let part = part(api, &[("start_date", day(from)), ("end_date", day(to))]);
                Box::new(Rows::new(api, Some(range), vec![part]))
            }
            Way::Whole(api, given) => {
                let given: Vec<(&str, String)> =
                    given.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
                Box::new(Rows::new(api, None, vec![part(api, &given)]))
            }
        })
    }

    /// Refuses what the dataset cannot be asked for.
    fn hold(&self, asked: &Wanted) -> Result<(), Wording> {
        let (from, to) = (asked.from, asked.to);
        let of_sessions = matches!(self.extent, Extent::Latest | Extent::Session);
        if of_sessions && let Err(error) = asked.calendar.number(to) {
            return Err(error.wording());
        }
        if of_sessions && from != to {
            let name = self.name;
            return Err(Wording::new(
                format!("`{name}` has one session at a time; ask for each of them"),
                format!("`{name}`每次只有一个交易日；请逐日请求"),
            ));
        }
        if from > to {
            return Err(Wording::new(
                format!("the range {from} to {to} is empty"),
                format!("区间{from}至{to}是空的"),
            ));
        }
        if self.naming == Naming::Symbols && asked.symbols.is_empty() {
            let name = self.name;
            return Err(Wording::new(
                format!("`{name}` must be told which securities are wanted"),
                format!("须告诉`{name}`要哪些证券"),
            ));
        }
        let other = |symbol: &&Symbol| symbol.kind() != SecurityKind::Index;
        match asked.symbols.iter().find(other).filter(|_| self.naming == Naming::Indices) {
            Some(other) => {
                Err(Wording::new(format!("{other} is no index"), format!("{other}不是指数")))
            }
            None => Ok(()),
        }
    }
}

fn day(date: SessionDate) -> String {
    date.to_string().replace('-', "")
}

fn part(api: Api, given: &[(&str, String)]) -> Part {
    let params: Map<String, Value> = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
        .collect();
    Part { name: api.name.replace('_', "-"), params, of: None }
}

/// The indices that briefs tell of.
fn tracked() -> Vec<Symbol> {
    TRACKED_INDICES.iter().map(|index| index.symbol()).collect()
}

const SHARES: &[Table] = &[Table::DailyBar, Table::Security];
const INDICES: &[Table] = &[Table::IndexBar];

/// A dataset of which the vendor has the last session, all of it by its answers.
const fn latest(name: &'static str, source: &'static str, ask: Way) -> Dataset {
    Dataset {
        name,
        source,
        recipe: "em-list",
        tables: SHARES,
        extent: Extent::Latest,
        dated: Dated::ByAnswers,
        naming: Naming::Unneeded,
        secret: None,
        about: ("", ""),
        ask,
    }
}

/// A table of Tushare's.
const fn tushare(name: &'static str, recipe: &'static str, ask: Way) -> Dataset {
    let secret = Some(tushare::TOKEN);
    Dataset { recipe, extent: Extent::Session, secret, ..latest(name, "tushare", ask) }
}

const TENCENT: Vendor = tencent::VENDOR;
const SINA: Vendor = sina::VENDOR;

const DATASETS: [Dataset; 24] = [
    Dataset {
        recipe: "akshare-hist-em",
        tables: &[Table::DailyBar],
        extent: Extent::Range,
        naming: Naming::Symbols,
        about: (
            "daily bars of the shares that are named, a request for each",
            "指定个股的日线，逐个请求",
        ),
        ..latest("aktools-bars", "aktools", Way::Series)
    },
    Dataset {
        recipe: "index-csv",
        tables: INDICES,
        extent: Extent::Range,
        naming: Naming::Indices,
        about: ("daily bars of indices, a request for each", "指数日线，逐个请求"),
        ..latest("aktools-indices", "aktools", Way::Series)
    },
    Dataset {
        recipe: "em-bars",
        tables: &[Table::DailyBar, Table::IndexBar],
        extent: Extent::Range,
        naming: Naming::Symbols,
        about: (
            "daily bars of shares and indices, a request for each",
            "个股和指数的日线，逐个请求",
        ),
        ..latest("eastmoney-bars", "eastmoney", Way::Bars)
    },
    Dataset {
        recipe: "em-concepts",
        tables: &[Table::GroupMember],
        extent: Extent::Known,
        dated: Dated::ByAsking,
        about: ("concepts and their members as they are now", "概念板块及其当前成份"),
        ..latest("eastmoney-concepts", "eastmoney", Way::Boards)
    },
    Dataset {
        tables: INDICES,
        naming: Naming::Indices,
        about: ("indices after the close", "收盘后的指数"),
        ..latest("eastmoney-indices", "eastmoney", Way::Indices(Moment::Close))
    },
    Dataset {
        recipe: "em-list-quotes",
        tables: &[Table::IndexQuote],
        naming: Naming::Indices,
        about: ("indices as they are now: levels and turnover", "指数的实时点位与成交额"),
        ..latest("eastmoney-indices-now", "eastmoney", Way::Indices(Moment::Now))
    },
    Dataset {
        about: (
            "all A-shares after the close: daily bars and names",
            "收盘后的全部A股：日线和名称",
        ),
        ..latest("eastmoney-shares", "eastmoney", Way::Spot(Moment::Close))
    },
    Dataset {
        recipe: "em-list-quotes",
        tables: &[Table::Quote],
        about: ("all A-shares as they are now: quotes", "全部A股的实时行情"),
        ..latest("eastmoney-shares-now", "eastmoney", Way::Spot(Moment::Now))
    },
    Dataset {
        recipe: "sina",
        tables: INDICES,
        naming: Naming::Indices,
        about: ("indices after the close", "收盘后的指数"),
        ..latest("sina-indices", "sina", Way::Quotes(SINA, Moment::Close))
    },
    Dataset {
        recipe: "sina",
        naming: Naming::Symbols,
        about: (
            "the shares that are named after the close: daily bars and names",
            "收盘后指定个股的日线和名称",
        ),
        ..latest("sina-shares", "sina", Way::Quotes(SINA, Moment::Close))
    },
    Dataset {
        recipe: "sina-quotes",
        tables: &[Table::Quote, Table::IndexQuote],
        naming: Naming::Symbols,
        about: (
            "the shares and indices that are named as they are now: quotes",
            "指定个股与指数的实时行情",
        ),
        ..latest("sina-shares-now", "sina", Way::Quotes(SINA, Moment::Now))
    },
    Dataset {
        recipe: "tencent",
        tables: INDICES,
        naming: Naming::Indices,
        about: ("indices after the close", "收盘后的指数"),
        ..latest("tencent-indices", "tencent", Way::Quotes(TENCENT, Moment::Close))
    },
    Dataset {
        recipe: "tencent",
        naming: Naming::Symbols,
        about: (
            "the shares that are named after the close: daily bars and names",
            "收盘后指定个股的日线和名称",
        ),
        ..latest("tencent-shares", "tencent", Way::Quotes(TENCENT, Moment::Close))
    },
    Dataset {
        recipe: "tencent-quotes",
        tables: &[Table::Quote, Table::IndexQuote],
        naming: Naming::Symbols,
        about: (
            "the shares and indices that are named as they are now: quotes",
            "指定个股与指数的实时行情",
        ),
        ..latest("tencent-shares-now", "tencent", Way::Quotes(TENCENT, Moment::Now))
    },
    Dataset {
        tables: &[Table::CodeChange],
        extent: Extent::Known,
        about: ("the codes of Beijing that became 920xxx", "改为920xxx的北交所代码"),
        ..tushare("tushare-bse-mapping", "bse-mapping", Way::Whole(tushare::BSE_MAPPING, &[]))
    },
    Dataset {
        tables: &[Table::DailyBar],
        about: ("daily bars of all shares of a session", "某个交易日全部股票的日线"),
        ..tushare("tushare-daily", "tushare-daily", Way::OfSession(tushare::DAILY))
    },
    Dataset {
        tables: &[Table::FundBar],
        about: ("daily bars of all funds of a session", "某个交易日全部基金的日线"),
        ..tushare("tushare-fund-daily", "tushare-daily", Way::OfSession(tushare::FUND_DAILY))
    },
    Dataset {
        tables: INDICES,
        extent: Extent::Range,
        naming: Naming::Indices,
        about: ("daily bars of indices", "指数日线"),
        ..tushare(
            "tushare-index-daily",
            "tushare-index-daily",
            Way::OfSymbols(tushare::INDEX_DAILY, "ts_code"),
        )
    },
    Dataset {
        tables: &[Table::IndexWeight],
        extent: Extent::Range,
        naming: Naming::Indices,
        about: ("weights of indices' members, by month", "指数成份及权重（按月）"),
        ..tushare(
            "tushare-index-weight",
            "tushare-index-weight",
            Way::OfSymbols(tushare::INDEX_WEIGHT, "index_code"),
        )
    },
    Dataset {
        tables: &[Table::Industry],
        extent: Extent::Known,
        dated: Dated::ByAsking,
        about: ("Shenwan industries of all shares as they are now", "全部股票当前的申万行业"),
        ..tushare("tushare-industries", "sw-industry", Way::Whole(tushare::INDEX_MEMBER_ALL, &[]))
    },
    Dataset {
        tables: &[Table::Security],
        extent: Extent::Known,
        dated: Dated::ByAsking,
        about: (
            "all listed shares: names, industries and listing dates as they are known",
            "全部上市股票：当前的名称、行业和上市日期",
        ),
        ..tushare(
            "tushare-list",
            "security-list",
            Way::Whole(tushare::STOCK_BASIC, &[("list_status", "L")]),
        )
    },
    Dataset {
        tables: &[Table::Margin],
        extent: Extent::Range,
        about: ("margin balances of each exchange, by session", "各交易所每日融资融券余额"),
        ..tushare("tushare-margin", "tushare-margin", Way::OfRange(tushare::MARGIN))
    },
    Dataset {
        tables: &[Table::Security],
        extent: Extent::Range,
        about: ("shares' new names that were announced in a range", "区间内公告的股票更名"),
        ..tushare("tushare-names", "tushare-namechange", Way::OfRange(tushare::NAMECHANGE))
    },
    Dataset {
        tables: &[Table::ShareCapital],
        about: ("total and float shares on a session", "某个交易日的总股本和流通股本"),
        ..tushare("tushare-shares", "tushare-daily-basic", Way::OfSession(tushare::DAILY_BASIC))
    },
];
