//! How far sources of one session agree: their counts, closes, volumes and turnover, share by share.
//!
//! A session is read from one source an exchange, by [`SourceChoice`](fupan_store::SourceChoice); rows
//! of two sources are never mixed. What the others say is compared with it here, so that a count that
//! differs from somebody else's has an answer by name.

use std::collections::BTreeMap;

use fupan_market::{
    DailyBar, Exchange, Finding, FindingKind, MarketHistory, Price, SecurityHistory, SessionDate,
    Symbol, Wording,
};
use fupan_store::{SourceChoice, Store};
use serde::Serialize;

use crate::data::{Loaded, SourceUses};
use crate::{Error, Market};

/// Volumes that differ by less are the same: vendors write lots of a hundred shares.
const LOT: u64 = 100;

/// Shares that are named in a finding.
const NAMED: usize = 5;

/// How a source of a session agrees with the one that is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceAgreement {
    /// The session.
    pub session: SessionDate,
    /// The exchange.
    pub exchange: Exchange,
    /// The source that is used, and what its rows count.
    pub used: SourceCounts,
    /// The other source, and what its rows count.
    pub other: SourceCounts,
    /// Shares that both have.
    pub both: u64,
    /// Shares that traded by one source and have no trade or no row in the other.
    pub only_used: Vec<Symbol>,
    /// The same of the other source.
    pub only_other: Vec<Symbol>,
    /// Shares that traded by both, with other prices or another volume.
    pub differing: Vec<BarDifference>,
}

/// What a source's rows of an exchange count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceCounts {
    /// The source.
    pub source: String,
    /// Rows.
    pub rows: u64,
    /// Rows with trade.
    pub traded: u64,
    /// Of them, those above, below and at the previous close that the row states.
    pub advances: u64,
    /// Below it.
    pub declines: u64,
    /// At it.
    pub unchanged: u64,
    /// Their turnover, in fen.
    pub turnover_fen: i128,
}

/// A share that two sources have differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BarDifference {
    /// The share.
    pub symbol: Symbol,
    /// Its close, in ten-thousandths of a yuan: of the source used, and of the other.
    pub close: [i64; 2],
    /// Its previous close, if stated.
    pub prev_close: [Option<i64>; 2],
    /// Its volume, in shares.
    pub volume: [u64; 2],
}

/// How every other source of a session agrees with the one used, by exchange and source; empty if
/// there is one source only.
///
/// # Errors
/// If the store cannot be read, or has no rows of the session.
pub fn agreements(
    market: &Market,
    session: Option<SessionDate>,
) -> Result<Vec<SourceAgreement>, Error> {
    let session = market.session(session)?;
    let Market::Store { store, choice } = market else { return Ok(Vec::new()) };
    let loaded = Loaded::from(store.history(session, 0, choice)?);
    of_loaded(store, &loaded.history, &loaded.sources)
}

/// The same of a session that is loaded already.
fn of_loaded(
    store: &Store,
    history: &MarketHistory,
    sources: &SourceUses,
) -> Result<Vec<SourceAgreement>, Error> {
    let mut others: BTreeMap<&str, Vec<Exchange>> = BTreeMap::new();
    for left in &sources.left {
        others.entry(&left.source).or_default().push(left.exchange);
    }
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let (session, own) = (history.session, bars(history));
    let mut agreements = Vec::new();
    for (source, exchanges) in others {
        let theirs = store.history(session, 0, &SourceChoice::Named(source.to_owned()))?;
        let theirs = bars(&theirs.history);
        for exchange in exchanges {
            let used = sources.used.iter().find(|used| used.exchange == exchange);
            let Some(used) = used else { continue };
            let names = [&used.source, source];
            agreements.push(compared(session, exchange, names, [&own, &theirs]));
        }
    }
    agreements.sort_by(|one, other| {
        (one.exchange, &one.other.source).cmp(&(other.exchange, &other.other.source))
    });
    Ok(agreements)
}

/// The bars of a session, by the code of the session.
type Bars = BTreeMap<Symbol, DailyBar>;

fn bars(history: &MarketHistory) -> Bars {
    let session = history.session;
    let securities = history.securities.iter();
    let bar = |security: &SecurityHistory| {
        let bar = security.bars.last().filter(|bar| bar.session == session)?;
        Some((security.listing.symbol_on(session), *bar))
    };
    securities.filter_map(bar).collect()
}

fn compared(
    session: SessionDate,
    exchange: Exchange,
    [used, other]: [&str; 2],
    [own, theirs]: [&Bars; 2],
) -> SourceAgreement {
    let of = |bars: &Bars| -> Bars {
        let own = bars.iter().filter(|(symbol, _)| symbol.exchange() == exchange);
        own.map(|(symbol, bar)| (*symbol, *bar)).collect()
    };
    let (own, theirs) = (of(own), of(theirs));
    let traded = |bars: &Bars, symbol: &Symbol| bars.get(symbol).and_then(|bar| bar.traded);
    let only = |of: &Bars, other: &Bars| -> Vec<Symbol> {
        let lacks =
            |symbol: &&Symbol| traded(of, symbol).is_some() && traded(other, symbol).is_none();
        of.keys().filter(lacks).copied().collect()
    };
    let differs = |(symbol, one): (&Symbol, &DailyBar)| {
        let other = theirs.get(symbol)?;
        let (a, b) = one.traded.zip(other.traded)?;
        let stated = one.prev_close.zip(other.prev_close);
        let prices = a.last != b.last || stated.is_some_and(|(one, other)| one != other);
        (prices || a.volume.abs_diff(b.volume) >= LOT).then(|| BarDifference {
            symbol: *symbol,
            close: [a.last.units(), b.last.units()],
            prev_close: [one, other].map(|bar| bar.prev_close.map(Price::units)),
            volume: [a.volume, b.volume],
        })
    };
    SourceAgreement {
        session,
        exchange,
        used: counted(used, &own),
        other: counted(other, &theirs),
        both: own.keys().filter(|symbol| theirs.contains_key(symbol)).count() as u64,
        only_used: only(&own, &theirs),
        only_other: only(&theirs, &own),
        differing: own.iter().filter_map(differs).collect(),
    }
}

fn counted(source: &str, bars: &Bars) -> SourceCounts {
    let mut counts = SourceCounts {
        source: source.to_owned(),
        rows: bars.len() as u64,
        traded: 0,
        advances: 0,
        declines: 0,
        unchanged: 0,
        turnover_fen: 0,
    };
    for bar in bars.values() {
        let Some(traded) = bar.traded else { continue };
        counts.traded += 1;
        counts.turnover_fen += i128::from(traded.turnover.fen.0);
        let Some(prev_close) = bar.prev_close else { continue };
        match traded.last.cmp(&prev_close) {
            std::cmp::Ordering::Greater => counts.advances += 1,
            std::cmp::Ordering::Less => counts.declines += 1,
            std::cmp::Ordering::Equal => counts.unchanged += 1,
        }
    }
    counts
}

impl SourceAgreement {
    /// Whether the sources have the same shares with the same prices and volumes.
    pub fn is_whole(&self) -> bool {
        self.only_used.is_empty() && self.only_other.is_empty() && self.differing.is_empty()
    }

    /// What a reader must know of it, in both languages.
    pub fn wording(&self) -> Wording {
        let SourceAgreement { used, other, both, .. } = self;
        let name = exchange_name(self.exchange);
        let counts = |of: &SourceCounts| {
            Wording::new(
                format!("{} up and {} down", of.advances, of.declines),
                format!("{}涨{}跌", of.advances, of.declines),
            )
        };
        let (own, theirs) = (counts(used), counts(other));
        let agree = match self.is_whole() {
            true => Wording::new("their prices and volumes are the same", "价格和成交量一致"),
            false => self.differences(),
        };
        let (used, other) = (&used.source, &other.source);
        Wording::new(
            format!(
                "{}: `{used}` is used ({}), `{other}` has {both} of its shares ({}): {}.",
                name.en, own.en, theirs.en, agree.en
            ),
            format!(
                "{}：采用`{used}`（{}）；`{other}`有其中{both}只（{}）：{}。",
                name.zh, own.zh, theirs.zh, agree.zh
            ),
        )
    }

    fn differences(&self) -> Wording {
        let named = |symbols: Vec<Symbol>| {
            let names: Vec<String> = symbols.iter().take(NAMED).map(ToString::to_string).collect();
            let more = symbols.len() > NAMED;
            Wording::new(
                format!("{}{}", names.join(", "), if more { " …" } else { "" }),
                format!("{}{}", names.join("、"), if more { "等" } else { "" }),
            )
        };
        let part = |symbols: Vec<Symbol>, en: &str, zh: &str| {
            let (count, names) = (symbols.len(), named(symbols));
            (count > 0).then(|| {
                Wording::new(
                    format!("{count} {en} ({})", names.en),
                    format!("{count}只{zh}（{}）", names.zh),
                )
            })
        };
        let differing = self.differing.iter().map(|one| one.symbol).collect();
        let parts: Vec<Wording> = [
            part(differing, "differ in price or volume", "价格或成交量不同"),
            part(self.only_used.clone(), "traded by the first alone", "仅前者有成交"),
            part(self.only_other.clone(), "traded by the second alone", "仅后者有成交"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let join = |of: fn(&Wording) -> &str, between: &str| {
            parts.iter().map(of).collect::<Vec<_>>().join(between)
        };
        Wording::new(join(|part| &part.en, ", "), join(|part| &part.zh, "，"))
    }
}

fn exchange_name(exchange: Exchange) -> Wording {
    match exchange {
        Exchange::Sse => Wording::new("Shanghai", "沪市"),
        Exchange::Szse => Wording::new("Shenzhen", "深市"),
        Exchange::Bse => Wording::new("Beijing", "北交所"),
    }
}

/// What a brief says of a session's other sources: a finding for each exchange and source.
pub(crate) fn findings(
    store: &Store,
    history: &MarketHistory,
    sources: &SourceUses,
) -> Result<Vec<Finding>, Error> {
    let session = history.session;
    let finding = |agreement: SourceAgreement| {
        let whole = agreement.is_whole();
        let differ = agreement.differing.len().max(1) as u64;
        Finding {
            kind: if whole { FindingKind::SourcesCompared } else { FindingKind::SourceConflict },
            count: if whole { agreement.both } else { differ },
            subject: "daily_bar".to_owned(),
            detail: agreement.wording(),
            hint: match whole {
                true => Wording::none(),
                false => Wording::new(
                    format!("`fupan doctor --sources {session}` lists every share."),
                    format!("`fupan doctor --sources {session}`列出每一只。"),
                ),
            },
            place: None,
        }
    };
    Ok(of_loaded(store, history, sources)?.into_iter().map(finding).collect())
}
