//! The first day on which figures may change after the data on securities has changed.
//!
//! Compares the names, dates, share capital and groups of every security before and after. A name applies
//! to the days up to the next name after it and back to the one before it. Share capital applies to
//! the days from its own on, the first also to those before. A listing or delisting date, or an
//! issue price, applies to all days of the security.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::Date32Type;
use fupan_market::{Codes, Listing, SessionDate, Shares, Symbol};
use fupan_table::Table;

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan::Opened;
use crate::derived::group_effect;
use crate::read::securities::{Capital, Securities};

/// The data on securities: its files, by table.
pub(crate) struct Known<'a> {
    pub of: &'a dyn Fn(Table) -> Vec<DataFile>,
}

/// The first day on which a figure may change; `None` if none can.
pub(crate) fn first_day(
    before: &Known<'_>,
    after: &Known<'_>,
    bars: &[DataFile],
    codes: &Codes,
) -> Result<Option<i32>, StoreError> {
    let mut day = None::<i32>;
    let mut whole: BTreeSet<Symbol> = BTreeSet::new();
    let mut add = |symbol: Symbol, effect: Option<Effect>| match effect {
        None => {}
        Some(Effect::From(from)) => day = Some(day.map_or(from, |day| day.min(from))),
        Some(Effect::Whole(from)) => {
            whole.insert(symbol);
            day = day.into_iter().chain(from).min();
        }
    };
    let read = |known: &Known<'_>| Securities::read(&(known.of)(Table::Security), codes);
    each(&read(before)?.every(), &read(after)?.every(), |symbol, before, after| {
        add(symbol, of_listing(before, after));
    });
    let read = |known: &Known<'_>| Capital::read(&(known.of)(Table::ShareCapital), codes);
    each(&read(before)?.every(), &read(after)?.every(), |symbol, before, after| {
        let none = Vec::new();
        add(symbol, of_shares(before.unwrap_or(&none), after.unwrap_or(&none)));
    });
    let groups = group_effect::changed(before.of, after.of, codes)?;
    day = day.into_iter().chain(groups.from.map(SessionDate::epoch_days)).min();
    whole.extend(groups.whole);
    let former: Vec<Symbol> =
        whole.iter().flat_map(|last| codes.former(*last)).map(|code| code.symbol).collect();
    whole.extend(former);
    let first_bar = first_row(bars, &whole)?;
    Ok(day.into_iter().chain(first_bar).min())
}

/// Calls `then` with each security that differs, and its value in each of the two.
fn each<T: PartialEq>(
    before: &BTreeMap<Symbol, T>,
    after: &BTreeMap<Symbol, T>,
    mut then: impl FnMut(Symbol, Option<&T>, Option<&T>),
) {
    let symbols: BTreeSet<&Symbol> = before.keys().chain(after.keys()).collect();
    for symbol in symbols {
        let (was, is) = (before.get(symbol), after.get(symbol));
        if was != is {
            then(*symbol, was, is);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Figures from this day on may change.
    From(i32),
    /// Figures may change from the security's first row or from this day on, whichever is earlier.
    Whole(Option<i32>),
}

fn of_listing(before: Option<&Listing>, after: Option<&Listing>) -> Option<Effect> {
    let either = || before.into_iter().chain(after);
    let dates = |of: &Listing| (of.listed_on, of.delisted_on, of.issue_price);
    let none: &[_] = &[];
    let names = |of: Option<&Listing>| of.map_or(none.to_vec(), |of| of.names.clone());
    let (was, is) = (names(before), names(after));
    let same = was.iter().zip(&is).take_while(|(was, is)| was == is).count();
    let differ = before.map(dates) != after.map(dates);
    // A changed name may contradict another of its date, which then has no effect either.
    let changed = was.get(same).into_iter().chain(is.get(same)).map(|name| name.on).min();
    let stays = was[..same].iter().rev().find(|name| changed.is_some_and(|on| name.on < on));
    if differ || (stays.is_none() && was != is) {
        let said =
            either().flat_map(|of| of.listed_on.into_iter().chain(of.names.first().map(|n| n.on)));
        return Some(Effect::Whole(said.map(|on| on.epoch_days()).min()));
    }
    stays.filter(|_| was != is).map(|name| Effect::From(name.on.epoch_days() + 1))
}

fn of_shares(before: &[Shares], after: &[Shares]) -> Option<Effect> {
    let same = before.iter().zip(after).take_while(|(was, is)| was == is).count();
    let changed = [before.get(same), after.get(same)];
    let from = changed.into_iter().flatten().map(|shares| shares.on.epoch_days()).min()?;
    Some(if same == 0 { Effect::Whole(Some(from)) } else { Effect::From(from) })
}

/// The first day on which one of the given securities has a row.
fn first_row(files: &[DataFile], symbols: &BTreeSet<Symbol>) -> Result<Option<i32>, StoreError> {
    let mut first = None::<i32>;
    let texts: BTreeSet<String> = symbols.iter().map(Symbol::to_string).collect();
    for file in files {
        let meets = |(least, greatest): &(String, String)| {
            texts.range::<String, _>(least..=greatest).next().is_some()
        };
        let earlier = file.sessions.zip(first).is_none_or(|((from, _), first)| from < first);
        if symbols.is_empty() || !earlier || !file.symbols.as_ref().is_none_or(meets) {
            continue;
        }
        let opened = Opened::open(&file.path)?;
        for group in opened.groups(&[]) {
            let group = opened.group(0, group, &["session", "symbol"])?;
            let days = group.numbers::<Date32Type>("session")?;
            let (keys, of_key) = group.symbols()?;
            let wanted: Vec<bool> =
                of_key.iter().map(|symbol| symbol.is_some_and(|s| symbols.contains(&s))).collect();
            let held = (0..days.len()).filter(|row| keys.key(*row).is_some_and(|key| wanted[key]));
            first = held.map(|row| days.value(row)).chain(first).min();
        }
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use fupan_market::{NameOn, SessionDate};

    use super::*;

    fn day(text: &str) -> SessionDate {
        text.parse().unwrap()
    }

    fn listing(names: &[(&str, &str)], listed_on: Option<&str>) -> Listing {
        let name = |(on, name): &(&str, &str)| NameOn { on: day(on), name: (*name).to_owned() };
        Listing {
            names: names.iter().map(name).collect(),
            listed_on: listed_on.map(day),
            ..Listing::unknown("600000.SH".parse().unwrap())
        }
    }

    #[test]
    fn a_name_reaches_back_to_the_one_before_it() {
        let was = listing(&[("2026-01-05", "甲"), ("2026-02-02", "甲")], None);
        let later =
            listing(&[("2026-01-05", "甲"), ("2026-02-02", "甲"), ("2026-02-10", "甲")], None);
        let after = |on: &str| Some(Effect::From(day(on).epoch_days() + 1));
        assert_eq!(of_listing(Some(&was), Some(&later)), after("2026-02-02"));
        let between =
            listing(&[("2026-01-05", "甲"), ("2026-01-20", "ST甲"), ("2026-02-02", "甲")], None);
        assert_eq!(of_listing(Some(&was), Some(&between)), after("2026-01-05"));
        assert_eq!(of_listing(Some(&between), Some(&was)), after("2026-01-05"));
        assert_eq!(of_listing(Some(&was), Some(&was)), None);
    }

    #[test]
    fn the_first_name_and_dates_reach_over_all_days() {
        let was = listing(&[("2026-02-02", "甲")], None);
        let earlier = listing(&[("2026-01-05", "甲"), ("2026-02-02", "甲")], None);
        let from = |on: &str| Some(Effect::Whole(Some(day(on).epoch_days())));
        assert_eq!(of_listing(Some(&was), Some(&earlier)), from("2026-01-05"));
        assert_eq!(of_listing(None, Some(&was)), from("2026-02-02"));
        let dated = listing(&[("2026-02-02", "甲")], Some("2020-05-06"));
        assert_eq!(of_listing(Some(&was), Some(&dated)), from("2020-05-06"));
    }

    #[test]
    fn share_capital_counts_from_its_day_on() {
        let shares = |on: &str, float| Shares { total: 100, float, on: day(on) };
        let was = [shares("2026-01-05", 10), shares("2026-02-02", 10)];
        let from = |on: &str| Some(Effect::From(day(on).epoch_days()));
        let later = [was[0], was[1], shares("2026-02-10", 12)];
        assert_eq!(of_shares(&was, &later), from("2026-02-10"));
        assert_eq!(of_shares(&was, &[was[0], shares("2026-02-02", 11)]), from("2026-02-02"));
        assert_eq!(of_shares(&was, &was[..1]), from("2026-02-02"));
        let first = Some(Effect::Whole(Some(day("2026-01-05").epoch_days())));
        assert_eq!(of_shares(&was, &was[1..]), first);
        assert_eq!(of_shares(&was, &was), None);
    }
}
