//! The identity of each security, from all sources' `security` and `share_capital` rows.

use std::collections::BTreeMap;

use arrow::array::Array as _;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{
    Codes, Exchange, ListedSpan, Listing, NameOn, Price, SessionDate, Shares, Symbol,
};

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan;
use crate::delta::scan::Group;

/// Data of the requested securities, in their order.
pub(crate) struct Known<T> {
    /// One entry for each security.
    pub of: Vec<T>,
    /// Files that hold a row of any of them.
    pub files_used: Vec<bool>,
}

/// The lists' rows of every A-share, under its last code.
#[derive(Debug)]
pub(crate) struct Securities {
    /// Sorted by symbol, date, name and file.
    rows: Vec<Observed>,
    codes: Codes,
    files: usize,
    /// The source of each file, as a number.
    source_of: Vec<usize>,
    /// How many securities of an exchange each source's list of a date names.
    sizes: BTreeMap<(usize, Exchange), BTreeMap<SessionDate, u32>>,
}

/// A row of a list.
#[derive(Debug)]
struct Observed {
    symbol: Symbol,
    on: SessionDate,
    file: usize,
    name: Option<String>,
    listed_on: Option<SessionDate>,
    delisted_on: Option<SessionDate>,
    issue_price: Option<Price>,
}

/// Days before and after a list for which it is valid, unless a list of the same source lies
/// between.
const NEAR_DAYS: i32 = 31;

impl Securities {
    pub(crate) fn read(files: &[DataFile], codes: &Codes) -> Result<Securities, StoreError> {
        let groups = scan::groups(files, None, &[], |group| observed(&group, codes))?;
        let mut rows: Vec<Observed> = groups.into_iter().flatten().collect();
        rows.sort_by(|a, b| {
            (a.symbol, a.on, &a.name, a.file).cmp(&(b.symbol, b.on, &b.name, b.file))
        });
        let sources: Vec<&str> = files.iter().map(|file| file.source.as_str()).collect();
        let number = |source: &&str| sources.iter().position(|other| other == source);
        let source_of: Vec<usize> = sources.iter().filter_map(number).collect();
        let mut sizes: BTreeMap<_, BTreeMap<SessionDate, u32>> = BTreeMap::new();
        for row in &rows {
            let list = sizes.entry((source_of[row.file], row.symbol.exchange())).or_default();
            *list.entry(row.on).or_default() += 1;
        }
        Ok(Securities { rows, codes: codes.clone(), files: files.len(), source_of, sizes })
    }

    /// The date of the last list before a row's that the same source made of its exchange. One with
    /// fewer than half as many names is of a part of the exchange, and does not count.
    fn list_before(&self, row: &Observed) -> Option<SessionDate> {
        let lists = self.sizes.get(&(self.source_of[row.file], row.symbol.exchange()))?;
        let size = lists.get(&row.on)?;
        let whole = |(on, before): (&SessionDate, &u32)| (before * 2 >= *size).then_some(*on);
        lists.range(..row.on).rev().find_map(whole)
    }

    /// The listings of the securities with the given last codes, ascending.
    pub(crate) fn listings(&self, symbols: &[Symbol]) -> Known<Listing> {
        let mut files_used = vec![false; self.files];
        let mut rest = self.rows.as_slice();
        let listing_of = |symbol: &Symbol| {
            rest = &rest[rest.partition_point(|row| row.symbol < *symbol)..];
            let (own, after) = rest.split_at(rest.partition_point(|row| row.symbol == *symbol));
            rest = after;
            own.iter().for_each(|row| files_used[row.file] = true);
            listing(*symbol, own, &self.codes)
        };
        let of = symbols.iter().map(listing_of).collect();
        Known { of, files_used }
    }

    fn each(&self) -> impl Iterator<Item = (Symbol, &[Observed])> {
        self.rows.chunk_by(|a, b| a.symbol == b.symbol).map(|own| (own[0].symbol, own))
    }

    /// The listing of every A-share.
    pub(crate) fn every(&self) -> BTreeMap<Symbol, Listing> {
        self.each().map(|(symbol, own)| (symbol, listing(symbol, own, &self.codes))).collect()
    }

    /// The securities and dates whose names disagree on a status, ascending.
    pub(crate) fn status_conflicts(&self) -> Vec<(Symbol, SessionDate)> {
        let dates = |listing: Listing| {
            let dates = listing.status_conflicts();
            dates.into_iter().map(move |on| (listing.symbol, on))
        };
        self.every().into_values().flat_map(dates).collect()
    }

    /// The dates between which lists show each A-share as listed, by symbol.
    pub(crate) fn spans(&self) -> Vec<ListedSpan> {
        let mut spans = Vec::new();
        for (symbol, rows) in self.each() {
            let (first, last) = (rows[0].on, rows[rows.len() - 1].on);
            let earliest = |date: fn(&Observed) -> Option<SessionDate>| {
                rows.iter().filter_map(date).min().map(SessionDate::epoch_days)
            };
            let listed_on = earliest(|row| row.listed_on);
            let from = listed_on.unwrap_or_else(|| {
                // An earlier list without it shows that it was not listed then.
                let of_first = rows.iter().take_while(|row| row.on == first);
                let unnamed = of_first.filter_map(|row| self.list_before(row)).max();
                let near = first.epoch_days() - NEAR_DAYS;
                unnamed.map_or(near, |on| near.max(on.epoch_days() + 1))
            });
            let last = last.epoch_days() + NEAR_DAYS;
            let to = earliest(|row| row.delisted_on).map_or(last, |day| last.min(day - 1));
            // One span for each code, if it had several.
            let mut since = from;
            let former = self.codes.former(symbol).iter();
            let former = former.map(|code| (code.symbol, code.until.epoch_days()));
            for (code, until) in former.chain([(symbol, i32::MAX)]) {
                let (start, end) = (since, to.min(until - 1));
                let start_day = SessionDate::from_epoch_days(start);
                let dates = start_day.zip(SessionDate::from_epoch_days(end));
                if let Some((from, to)) = dates.filter(|_| start <= end) {
                    spans.push(ListedSpan { symbol: code, from, to });
                }
                since = since.max(until);
            }
        }
        spans.sort_unstable_by_key(|span| span.symbol);
        spans
    }
}

/// A listing from a security's rows, ordered by date.
fn listing(symbol: Symbol, rows: &[Observed], codes: &Codes) -> Listing {
    let mut listing = Listing {
        symbol,
        former: codes.former(symbol).to_vec(),
        listed_on: agreed(rows.iter().filter_map(|row| row.listed_on)),
        delisted_on: agreed(rows.iter().rev().filter_map(|row| row.delisted_on)),
        issue_price: agreed(rows.iter().filter_map(|row| row.issue_price)),
        names: Vec::new(),
    };
    for row in rows {
        if let Some(name) = row.name.clone() {
            listing.names.push(NameOn { on: row.on, name });
        }
    }
    listing.names.dedup();
    listing
}

/// The value of most observations; among equally frequent ones, the first.
fn agreed<T: Copy + PartialEq>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(other, _)| *other == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(value, _)| value)
}

/// The rows of a group. A change of code is neither a new listing nor a delisting.
fn observed(group: &Group, codes: &Codes) -> Result<Vec<Observed>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let name = group.text("name")?;
    let listed_on = group.numbers::<Date32Type>("listed_on")?;
    let delisted_on = group.numbers::<Date32Type>("delisted_on")?;
    let issue_price = group.numbers::<Int32Type>("issue_price")?;
    let row = |row: usize| {
        let code = symbols[keys.key(row)?]?;
        let symbol = Some(codes.last(code)).filter(|symbol| symbol.board().is_some())?;
        let changed = codes.former(symbol).first().map(|code| code.until);
        let date = |dates: &arrow::array::Date32Array| {
            dates.is_valid(row).then(|| SessionDate::from_epoch_days(dates.value(row))).flatten()
        };
        let price = issue_price.is_valid(row).then(|| i64::from(issue_price.value(row)));
        Some(Observed {
            symbol,
            on: date(&on)?,
            file: group.file,
            name: name.is_valid(row).then(|| name.value(row).to_owned()),
            listed_on: date(&listed_on).filter(|on| changed.is_none_or(|changed| *on < changed)),
            delisted_on: date(&delisted_on).filter(|_| code == symbol),
            issue_price: price.and_then(|units| Price::from_units(units).ok()),
        })
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}

/// The share capital of every A-share, under its last code.
#[derive(Debug)]
pub(crate) struct Capital {
    /// Sorted by symbol and date, with the file; for several sources on one date, the first by
    /// name.
    rows: Vec<(Symbol, Shares, usize)>,
    files: usize,
}

impl Capital {
    pub(crate) fn read(files: &[DataFile], codes: &Codes) -> Result<Capital, StoreError> {
        let groups = scan::groups(files, None, &[], |group| capital(&group, codes))?;
        let mut rows = groups.concat();
        rows.sort_by_key(|(symbol, shares, file)| (*symbol, shares.on, *file));
        rows.dedup_by_key(|(symbol, shares, _)| (*symbol, shares.on));
        Ok(Capital { rows, files: files.len() })
    }

    /// The share capital of the securities with the given last codes (ascending), earliest first.
    /// The files used are those valid for the session: of the last date on or before it, otherwise
    /// of the first after it.
    pub(crate) fn shares(&self, symbols: &[Symbol], session: SessionDate) -> Known<Vec<Shares>> {
        let mut files_used = vec![false; self.files];
        let mut rest = self.rows.as_slice();
        let shares_of = |symbol: &Symbol| {
            rest = &rest[rest.partition_point(|(other, ..)| other < symbol)..];
            let (own, after) = rest.split_at(rest.partition_point(|(other, ..)| other == symbol));
            rest = after;
            if let Some((.., file)) = own.iter().min_by_key(|(_, row, _)| rank(*row, session)) {
                files_used[*file] = true;
            }
            own.iter().map(|(_, shares, _)| *shares).collect()
        };
        let of = symbols.iter().map(shares_of).collect();
        Known { of, files_used }
    }

    /// The share capital of every A-share, earliest first.
    pub(crate) fn every(&self) -> BTreeMap<Symbol, Vec<Shares>> {
        let own = self.rows.chunk_by(|(a, ..), (b, ..)| a == b);
        own.map(|own| (own[0].0, own.iter().map(|(_, shares, _)| *shares).collect())).collect()
    }
}

/// Sort key for nearness to a session: dates up to it, latest first, then later ones.
fn rank(shares: Shares, session: SessionDate) -> (bool, u32) {
    let days = shares.on.epoch_days().abs_diff(session.epoch_days());
    (shares.on > session, days)
}

fn capital(group: &Group, codes: &Codes) -> Result<Vec<(Symbol, Shares, usize)>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let total = group.numbers::<Int64Type>("total_shares")?;
    let float = group.numbers::<Int64Type>("float_shares")?;
    let row = |row: usize| {
        let symbol = codes.last(symbols[keys.key(row)?]?);
        symbol.board()?;
        let shares = Shares {
            total: u64::try_from(total.value(row)).ok()?,
            float: u64::try_from(float.value(row)).ok()?,
            on: SessionDate::from_epoch_days(on.value(row))?,
        };
        Some((symbol, shares, group.file))
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}
