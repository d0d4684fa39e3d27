//! Who each security is, from all sources' `security` and `share_capital` rows.

use arrow::array::Array as _;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{Codes, Listing, NameOn, Price, SessionDate, Shares, Symbol};

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

/// The listings of the securities with the given last codes (ascending), under any of their codes.
pub(crate) fn listings(
    files: &[DataFile],
    symbols: &[Symbol],
    codes: &Codes,
) -> Result<Known<Listing>, StoreError> {
    let groups = scan::groups(files, None, |group| observed(&group, symbols, codes))?;
    let mut rows: Vec<Observed> = groups.into_iter().flatten().collect();
    rows.sort_by(|a, b| (a.symbol, a.on, &a.name, a.file).cmp(&(b.symbol, b.on, &b.name, b.file)));
    let mut files_used = vec![false; files.len()];
    for row in &rows {
        files_used[row.file] = true;
    }
    let mut rows = rows.as_mut_slice();
    let mut of = Vec::with_capacity(symbols.len());
    for symbol in symbols {
        let (own, rest) = rows.split_at_mut(rows.partition_point(|row| row.symbol <= *symbol));
        rows = rest;
        of.push(listing(*symbol, own, codes));
    }
    Ok(Known { of, files_used })
}

/// The securities and dates of which names disagree on a status, ascending.
pub(crate) fn status_conflicts(
    files: &[DataFile],
    codes: &Codes,
) -> Result<Vec<(Symbol, SessionDate)>, StoreError> {
    let held = scan::groups(files, None, |group| Ok(group.symbols()?.1))?;
    let held = held.into_iter().flatten().flatten();
    let mut symbols: Vec<Symbol> = held.map(|symbol| codes.last(symbol)).collect();
    symbols.sort_unstable();
    symbols.dedup();
    let of = listings(files, &symbols, codes)?.of.into_iter();
    Ok(of
        .flat_map(|listing| {
            let dates = listing.status_conflicts();
            dates.into_iter().map(move |on| (listing.symbol, on))
        })
        .collect())
}

/// A listing from a security's rows, ordered by date.
fn listing(symbol: Symbol, rows: &mut [Observed], codes: &Codes) -> Listing {
    let mut listing = Listing {
        symbol,
        former: codes.former(symbol).to_vec(),
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

/// Under a new code a security is not listed anew, and the end of an old code is not its end.
fn observed(group: &Group, wanted: &[Symbol], codes: &Codes) -> Result<Vec<Observed>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let name = group.text("name")?;
    let listed_on = group.numbers::<Date32Type>("listed_on")?;
    let delisted_on = group.numbers::<Date32Type>("delisted_on")?;
    let issue_price = group.numbers::<Int32Type>("issue_price")?;
    let row = |row: usize| {
        let code = symbols[keys.key(row)?]?;
        let symbol = codes.last(code);
        wanted.binary_search(&symbol).ok()?;
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

/// The share capital of the securities with the given symbols (ascending), earliest first; of
/// several sources' for one date the first by name. The files used are those that speak for the
/// session: of the last date on or before it, else of the first after it.
pub(crate) fn shares(
    files: &[DataFile],
    symbols: &[Symbol],
    codes: &Codes,
    session: SessionDate,
) -> Result<Known<Vec<Shares>>, StoreError> {
    let groups = scan::groups(files, None, |group| capital(&group, symbols, codes))?;
    let mut observed: Vec<Vec<(Shares, usize)>> = vec![Vec::new(); symbols.len()];
    for (place, found, file) in groups.into_iter().flatten() {
        observed[place].push((found, file));
    }
    let mut files_used = vec![false; files.len()];
    let mut of = Vec::with_capacity(symbols.len());
    for mut observed in observed {
        observed.sort_by_key(|(shares, file)| (shares.on, *file));
        observed.dedup_by_key(|(shares, _)| shares.on);
        if let Some((_, file)) = observed.iter().min_by_key(|(shares, _)| rank(*shares, session)) {
            files_used[*file] = true;
        }
        of.push(observed.into_iter().map(|(shares, _)| shares).collect());
    }
    Ok(Known { of, files_used })
}

/// Orders share capital by nearness to a session: dates up to it, latest first, then later ones.
fn rank(shares: Shares, session: SessionDate) -> (bool, u32) {
    let days = shares.on.epoch_days().abs_diff(session.epoch_days());
    (shares.on > session, days)
}

fn capital(
    group: &Group,
    wanted: &[Symbol],
    codes: &Codes,
) -> Result<Vec<(usize, Shares, usize)>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let total = group.numbers::<Int64Type>("total_shares")?;
    let float = group.numbers::<Int64Type>("float_shares")?;
    let row = |row: usize| {
        let place = wanted.binary_search(&codes.last(symbols[keys.key(row)?]?)).ok()?;
        let shares = Shares {
            total: u64::try_from(total.value(row)).ok()?,
            float: u64::try_from(float.value(row)).ok()?,
            on: SessionDate::from_epoch_days(on.value(row))?,
        };
        Some((place, shares, group.file))
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}
