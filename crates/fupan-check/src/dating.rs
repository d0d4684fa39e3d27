//! Which session a text is about: the date that it says, or the one session that its index moves fit.

use fupan_market::{Calendar, Return, SessionDate, Symbol, Wording};

use crate::article::Article;
use crate::numeral::numerals;
use crate::report::{Comparator, Decimal};
use crate::stated::{Ask, PriceMoment, ReturnPeriod, Stated, StatedValue};

/// A session, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFound {
    /// The session; `None` if it was not found.
    pub session: Option<SessionDate>,
    /// How, or why not.
    pub how: Wording,
}

/// The returns of an index, session by session, the earliest first.
pub type IndexReturns<'a> = &'a mut dyn FnMut(Symbol) -> Vec<(SessionDate, Return)>;

/// A date as far as a text says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    year: Option<i16>,
    month: i8,
    day: i8,
}

/// Finds the session of a text.
pub fn dated(
    article: &Article,
    stated: &[Stated],
    calendar: &Calendar,
    returns: IndexReturns<'_>,
) -> SessionFound {
    let said: Vec<Said> = article.blocks().iter().flat_map(|block| dates(block.text())).collect();
    let is_session = |year: i16, said: &Said| {
        let on = SessionDate::new(year, said.month, said.day).ok()?;
        calendar.number(on).is_ok().then_some(on)
    };
    let full = said.iter().find_map(|said| is_session(said.year?, said));
    if let Some(session) = full {
        let how = Wording::new(format!("the text says {session}"), format!("文中写明{session}"));
        return SessionFound { session: Some(session), how };
    }
    let moves = moves(stated);
    let fitting = fitting(&moves, returns);
    // A day without its year: the latest year in which the moves fit, or all of them.
    let partial = said.iter().filter(|said| said.year.is_none());
    for said in partial {
        let last = calendar.last().date().year();
        let first = calendar.first().date().year();
        let could: Vec<SessionDate> =
            (first..=last).rev().filter_map(|year| is_session(year, said)).collect();
        let fits: Vec<SessionDate> =
            could.iter().copied().filter(|on| fitting.contains(on)).collect();
        if let [session] = fits[..] {
            let how = Wording::new(
                format!(
                    "the text says month {} day {} without a year; of {} sessions it could be, \
                     the index moves fit {session}",
                    said.month,
                    said.day,
                    could.len()
                ),
                format!(
                    "文中只写{}月{}日；可能的{}个交易日中，指数涨跌与{session}相符",
                    said.month,
                    said.day,
                    could.len()
                ),
            );
            return SessionFound { session: Some(session), how };
        }
    }
    match (fitting[..].len(), moves.len()) {
        (1, 2..) => {
            let session = fitting[0];
            let count = moves.len();
            let how = Wording::new(
                format!("no date in the text; {count} index moves fit {session} alone"),
                format!("文中没有日期；{count}个指数涨跌幅只与{session}相符"),
            );
            SessionFound { session: Some(session), how }
        }
        _ => {
            let how = Wording::new(
                "the text does not say which session it is about: name it with --date",
                "文中没有说明是哪个交易日：请用--date指定",
            );
            SessionFound { session: None, how }
        }
    }
}

/// The index moves that a text states to two decimals.
fn moves(stated: &[Stated]) -> Vec<(Symbol, Decimal)> {
    let mut moves: Vec<(Symbol, Decimal)> = stated
        .iter()
        .filter(|claim| claim.comparator == Comparator::Equal && !claim.day_before)
        .filter_map(|claim| match (&claim.ask, claim.value) {
            (
                Ask::IndexReturn(index, PriceMoment::Last, ReturnPeriod::Session),
                StatedValue::Number { value, .. },
            ) if value.scale() >= 2 => Some((*index, value)),
            _ => None,
        })
        .collect();
    moves.dedup_by_key(|(index, _)| *index);
    moves
}

/// The sessions that the moves fit: all of them, or all but one of three and more.
fn fitting(moves: &[(Symbol, Decimal)], returns: IndexReturns<'_>) -> Vec<SessionDate> {
    let mut hits: std::collections::BTreeMap<SessionDate, usize> = Default::default();
    for (index, said) in moves {
        for (session, own) in returns(*index) {
            let own = Decimal::new(i128::from(own.0), 7);
            let off = own.minus(*said).map(Decimal::abs);
            if off.is_some_and(|off| off <= Decimal::new(51, 4)) {
                *hits.entry(session).or_default() += 1;
            }
        }
    }
    let all = moves.len();
    let of = |least: usize| -> Vec<SessionDate> {
        hits.iter().filter(|(_, count)| **count >= least).map(|(on, _)| *on).collect()
    };
    match of(all) {
        found if !found.is_empty() && all > 0 => found,
        _ if all >= 3 => of(all - 1),
        _ => Vec::new(),
    }
}

/// The dates of a text, in order.
fn dates(text: &str) -> Vec<Said> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut found = Vec::new();
    let numbers = numerals(text);
    let whole = |place: usize| {
        let number = numbers.get(place)?;
        (number.value.scale() == 0 && !number.words && !number.signed)
            .then(|| number.value.mantissa())
    };
    for (place, number) in numbers.iter().enumerate() {
        let (Some(value), behind) = (whole(place), &text[number.end..]) else { continue };
        // 2026年2月12日, 2月12日.
        let month = behind.starts_with('月').then_some(value);
        if let Some(month) = month
            && let Some(day) = whole(place + 1)
            && text[number.end..numbers[place + 1].start] == *"月"
            && text[numbers[place + 1].end..].starts_with(['日', '号'])
        {
            let year = place
                .checked_sub(1)
                .filter(|before| text[numbers[*before].end..number.start] == *"年");
            let year = year.and_then(whole).and_then(|year| i16::try_from(year).ok());
            found.extend(said(year, month, day));
        }
        // May 7, 2026; 12 February 2026; Feb. 12.
        let before: String = text[..number.start].trim_end().to_lowercase();
        let word = before.trim_end_matches('.').rsplit(|c: char| !c.is_ascii_alphabetic()).next();
        let named = |word: &str| {
            let month = MONTHS.iter().position(|month| word.starts_with(month))?;
            (word.len() >= 3).then_some(month as i128 + 1)
        };
        if (1..32).contains(&value) {
            let year_behind = |from: usize| {
                let next = numbers.get(place + 1)?;
                let between = text.get(from..next.start)?.trim_matches([',', ' ', '.']);
                let year = whole(place + 1)?;
                (between.is_empty() && (1990..2100).contains(&year)).then_some(year as i16)
            };
            if let Some(month) = word.and_then(named) {
                found.extend(said(year_behind(number.end), month, value));
                continue;
            }
            let next: String =
                behind.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
            if let Some(month) = named(&next.to_lowercase()) {
                let from = number.end + (behind.len() - behind.trim_start().len()) + next.len();
                found.extend(said(year_behind(from), month, value));
            }
        }
    }
    found.extend(numeric(text));
    found
}

/// `2026-02-12`, `2026/2/12`, `2026.02.12`.
fn numeric(text: &str) -> Vec<Said> {
    let parts = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '/' | '.')));
    let dates = parts.filter_map(|part| {
        let mut cells = part.split(['-', '/', '.']).map(str::parse::<i128>);
        let (year, month, day) = (cells.next()?.ok()?, cells.next()?.ok()?, cells.next()?.ok()?);
        ((1990..2100).contains(&year) && cells.next().is_none())
            .then(|| said(Some(year as i16), month, day))
            .flatten()
    });
    dates.collect()
}

fn said(year: Option<i16>, month: i128, day: i128) -> Option<Said> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(Said { year, month, day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_both_languages() {
        let read = |text: &str| {
            let said = dates(text).into_iter();
            said.map(|s| format!("{:?}-{}-{}", s.year, s.month, s.day)).collect::<Vec<_>>()
        };
        assert_eq!(read("2026年2月12日收盘"), ["Some(2026)-2-12"]);
        assert_eq!(read("5月8日，沪指"), ["None-5-8"]);
        assert_eq!(read("On May 7, 2026, stocks"), ["Some(2026)-5-7"]);
        assert_eq!(read("on 12 February 2026"), ["Some(2026)-2-12"]);
        assert_eq!(read("Feb. 12: shares"), ["None-2-12"]);
        assert_eq!(read("2026-02-12"), ["Some(2026)-2-12"]);
        assert_eq!(read("3月以来"), [""; 0]);
    }
}
