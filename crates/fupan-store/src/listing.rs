//! Who each security is, from all sources' `security` and `share_capital` rows.

use std::collections::BTreeMap;

use arrow::array::Array as _;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{ListedSpan, Listing, NameOn, Price, SessionDate, Shares, Symbol};

use crate::StoreError;
use crate::log::DataFile;
use crate::scan::{self, Group};

/// What is known of the securities asked for, in their order.
pub(crate) struct Known<T> {
    /// One for each security.
    pub of: Vec<T>,
    /// Files that hold a row of any of them.
    pub files_used: Vec<bool>,
}

struct Observed {
    symbol: Symbol,
    on: SessionDate,
    file: usize,
    name: Option<String>,
    listed_on: Option<SessionDate>,
    delisted_on: Option<SessionDate>,
    issue_price: Option<Price>,
}

/// The listings of the securities with the given symbols (ascending).
pub(crate) fn listings(
    files: &[DataFile],
    symbols: &[Symbol],
) -> Result<Known<Listing>, StoreError> {
    let mut rows = rows(files, &|symbol| symbols.binary_search(&symbol).is_ok())?;
    let mut files_used = vec![false; files.len()];
    for row in &rows {
        files_used[row.file] = true;
    }
    let mut rows = rows.as_mut_slice();
    let mut of = Vec::with_capacity(symbols.len());
    for symbol in symbols {
        let (own, rest) = rows.split_at_mut(rows.partition_point(|row| row.symbol <= *symbol));
        rows = rest;
        of.push(listing(*symbol, own));
    }
    Ok(Known { of, files_used })
}

/// The listing of every A-share.
pub(crate) fn every(files: &[DataFile]) -> Result<BTreeMap<Symbol, Listing>, StoreError> {
    let mut rows = rows(files, &|symbol| symbol.board().is_some())?;
    let of_symbol = rows.chunk_by_mut(|a, b| a.symbol == b.symbol);
    Ok(of_symbol.map(|own| (own[0].symbol, listing(own[0].symbol, own))).collect())
}

/// Rows of the securities wanted, each security's by date, then by name and file.
fn rows(
    files: &[DataFile],
    wanted: &(dyn Fn(Symbol) -> bool + Sync),
) -> Result<Vec<Observed>, StoreError> {
    let groups = scan::groups(files, None, |group| observed(&group, wanted))?;
    let mut rows: Vec<Observed> = groups.into_iter().flatten().collect();
    rows.sort_by(|a, b| (a.symbol, a.on, &a.name, a.file).cmp(&(b.symbol, b.on, &b.name, b.file)));
    Ok(rows)
}

/// Days before and after a list for which it speaks.
const NEAR_DAYS: i32 = 31;

/// When lists call the A-shares listed that they name, by symbol.
pub(crate) fn spans(files: &[DataFile]) -> Result<Vec<ListedSpan>, StoreError> {
    let groups = scan::groups(files, None, |group| seen(&group))?;
    let mut seen: BTreeMap<Symbol, Seen> = BTreeMap::new();
    for (symbol, other) in groups.into_iter().flatten() {
        seen.entry(symbol).and_modify(|seen| seen.merge(&other)).or_insert(other);
    }
    let span = |(symbol, seen): (Symbol, Seen)| {
        let near = |on: i32| SessionDate::from_epoch_days(on);
        let from = match seen.listed_on {
            Some(listed_on) => near(listed_on)?,
            None => near(seen.first - NEAR_DAYS)?,
        };
        let last = seen.last + NEAR_DAYS;
        let to = near(seen.delisted_on.map_or(last, |delisted_on| last.min(delisted_on - 1)))?;
        Some(ListedSpan { symbol, from, to })
    };
    Ok(seen.into_iter().filter_map(span).collect())
}

/// What lists say of one security: the first and the last date that names it, and the earliest
/// dates of listing and delisting, in days since 1970.
struct Seen {
    first: i32,
    last: i32,
    listed_on: Option<i32>,
    delisted_on: Option<i32>,
}

impl Seen {
    fn merge(&mut self, other: &Seen) {
        let earliest = |a: Option<i32>, b: Option<i32>| a.into_iter().chain(b).min();
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.listed_on = earliest(self.listed_on, other.listed_on);
        self.delisted_on = earliest(self.delisted_on, other.delisted_on);
    }
}

fn seen(group: &Group) -> Result<Vec<(Symbol, Seen)>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let listed_on = group.numbers::<Date32Type>("listed_on")?;
    let delisted_on = group.numbers::<Date32Type>("delisted_on")?;
    let row = |row: usize| {
        let symbol = symbols[keys.key(row)?]?;
        symbol.board()?;
        let date =
            |dates: &arrow::array::Date32Array| dates.is_valid(row).then(|| dates.value(row));
        let on = date(&on)?;
        let (listed_on, delisted_on) = (date(&listed_on), date(&delisted_on));
        Some((symbol, Seen { first: on, last: on, listed_on, delisted_on }))
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}

/// A listing from a security's rows, ordered by date.
fn listing(symbol: Symbol, rows: &mut [Observed]) -> Listing {
    let mut listing = Listing {
        symbol,
        listed_on: agreed(rows.iter().filter_map(|row| row.listed_on)),
        delisted_on: agreed(rows.iter().rev().filter_map(|row| row.delisted_on)),
        issue_price: agreed(rows.iter().filter_map(|row| row.issue_price)),
        names: Vec::new(),
    };
    for row in rows {
        if let Some(name) = row.name.take() {
            listing.names.push(NameOn { on: row.on, name });
        }
    }
    listing.names.dedup();
    listing
}

/// The value that most observations give; of several, the one that comes first.
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

fn observed(
    group: &Group,
    wanted: &(dyn Fn(Symbol) -> bool + Sync),
) -> Result<Vec<Observed>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let name = group.text("name")?;
    let listed_on = group.numbers::<Date32Type>("listed_on")?;
    let delisted_on = group.numbers::<Date32Type>("delisted_on")?;
    let issue_price = group.numbers::<Int32Type>("issue_price")?;
    let row = |row: usize| {
        let symbol = symbols[keys.key(row)?].filter(|symbol| wanted(*symbol))?;
        let date = |dates: &arrow::array::Date32Array| {
            dates.is_valid(row).then(|| SessionDate::from_epoch_days(dates.value(row))).flatten()
        };
        let price = issue_price.is_valid(row).then(|| i64::from(issue_price.value(row)));
        Some(Observed {
            symbol,
            on: date(&on)?,
            file: group.file,
            name: name.is_valid(row).then(|| name.value(row).to_owned()),
            listed_on: date(&listed_on),
            delisted_on: date(&delisted_on),
            issue_price: price.and_then(|units| Price::from_units(units).ok()),
        })
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}

/// The share capital of the securities with the given symbols (ascending), earliest first; of
/// several sources' for one date the first by name. The files used are those that speak for the
/// session: of the last date on or before it, else of the first after it.
pub(crate) fn shares(
    files: &[DataFile],
    symbols: &[Symbol],
    session: SessionDate,
) -> Result<Known<Vec<Shares>>, StoreError> {
    let groups = scan::groups(files, None, |group| {
        capital(&group, &|symbol| symbols.binary_search(&symbol).ok())
    })?;
    let mut observed: Vec<Vec<(Shares, usize)>> = vec![Vec::new(); symbols.len()];
    for (place, found, file) in groups.into_iter().flatten() {
        observed[place].push((found, file));
    }
    let mut files_used = vec![false; files.len()];
    let mut of = Vec::with_capacity(symbols.len());
    for mut observed in observed {
        one_a_date(&mut observed);
        if let Some((_, file)) = observed.iter().min_by_key(|(shares, _)| rank(*shares, session)) {
            files_used[*file] = true;
        }
        of.push(observed.into_iter().map(|(shares, _)| shares).collect());
    }
    Ok(Known { of, files_used })
}

/// The share capital of every A-share, as [`shares`] gives it.
pub(crate) fn every_share(files: &[DataFile]) -> Result<BTreeMap<Symbol, Vec<Shares>>, StoreError> {
    let share = |symbol: Symbol| symbol.board().is_some().then_some(symbol);
    let groups = scan::groups(files, None, |group| capital(&group, &share))?;
    let mut observed: BTreeMap<Symbol, Vec<(Shares, usize)>> = BTreeMap::new();
    for (symbol, found, file) in groups.into_iter().flatten() {
        observed.entry(symbol).or_default().push((found, file));
    }
    let only = |mut observed: Vec<(Shares, usize)>| {
        one_a_date(&mut observed);
        observed.into_iter().map(|(shares, _)| shares).collect()
    };
    Ok(observed.into_iter().map(|(symbol, observed)| (symbol, only(observed))).collect())
}

/// Puts share capital in order, and leaves of several files' for one date the first.
fn one_a_date(observed: &mut Vec<(Shares, usize)>) {
    observed.sort_by_key(|(shares, file)| (shares.on, *file));
    observed.dedup_by_key(|(shares, _)| shares.on);
}

/// Orders share capital by nearness to a session: dates up to it, latest first, then later ones.
fn rank(shares: Shares, session: SessionDate) -> (bool, u32) {
    let days = shares.on.epoch_days().abs_diff(session.epoch_days());
    (shares.on > session, days)
}

/// Share capital of the securities that have a place, with the place and the file.
fn capital<T>(
    group: &Group,
    place_of: &(dyn Fn(Symbol) -> Option<T> + Sync),
) -> Result<Vec<(T, Shares, usize)>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let total = group.numbers::<Int64Type>("total_shares")?;
    let float = group.numbers::<Int64Type>("float_shares")?;
    let row = |row: usize| {
        let place = place_of(symbols[keys.key(row)?]?)?;
        let shares = Shares {
            total: u64::try_from(total.value(row)).ok()?,
            float: u64::try_from(float.value(row)).ok()?,
            on: SessionDate::from_epoch_days(on.value(row))?,
        };
        Some((place, shares, group.file))
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}
