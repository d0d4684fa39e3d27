//! Converts vendors' dates and times to Shanghai civil time, the clock of the exchanges.
//!
//! Every date and time of a file is read here, so that the two halves of one timestamp cannot be
//! read in different zones. A value that names its zone is converted; one that names none is
//! Shanghai time, unless the recipe says otherwise.

use std::sync::LazyLock;

use fupan_market::SessionDate;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::spelling;

/// Seconds in a day.
pub(crate) const DAY: i64 = 86_400;

/// Shanghai's offset from UTC, in seconds; the same all year since 1992.
const SHANGHAI: i64 = 8 * 3_600;

/// 1992-01-01, in seconds since 1970. Before it Shanghai had summer time (IANA time zone database,
/// Asia/Shanghai: 1986 to 1991).
const SAME_ALL_YEAR_SINCE: i64 = 694_224_000;

/// The zone of values that name none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Zone {
    /// The recipe does not say. Shanghai, unless the value looks like midnight in Shanghai written
    /// in UTC.
    Unsaid,
    /// Shanghai time.
    Shanghai,
    /// UTC.
    Universal,
}

/// How a column of dates or times is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// As a date or timestamp type, or as text.
    Written,
    /// As a count since 1970 in UTC, with this many units to a second.
    Epoch { per_second: i64 },
}

/// How to read a recipe's column of dates or times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Clock {
    pub zone: Zone,
    pub style: Style,
}

#[cfg(test)]
impl Clock {
    /// Read as written, in the zone that the value names.
    pub const WRITTEN: Clock = Clock { zone: Zone::Unsaid, style: Style::Written };
}

/// A moment in the exchanges' time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Seconds after midnight; `None` for a date without a time.
    pub second: Option<i64>,
}

/// Why a value is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is in none of the forms that are read.
    Unreadable,
    /// It reads 16:00 of the day before: midnight in Shanghai written in UTC, or an hour after the
    /// close. Only the recipe can say which.
    PerhapsUniversal,
}

/// The moment some seconds after 1970-01-01 in UTC.
pub(crate) fn of_instant(second: i64) -> Option<Civil> {
    let ahead = match second >= SAME_ALL_YEAR_SINCE {
        true => SHANGHAI,
        false => {
            static ZONE: LazyLock<TimeZone> =
                LazyLock::new(|| match TimeZone::get("Asia/Shanghai") {
                    Ok(zone) => zone,
                    Err(_) => unreachable!("the time zone database is compiled in"),
                });
            let instant = Timestamp::from_second(second).ok()?;
            i64::from(ZONE.to_offset(instant).seconds())
        }
    };
    let local = second.checked_add(ahead)?;
    let day = i32::try_from(local.div_euclid(DAY)).ok()?;
    Some(Civil { day, second: Some(local.rem_euclid(DAY)) })
}

/// The moment of a local count of seconds since 1970-01-01, in the given zone.
pub(crate) fn of_clock(second: i64, zone: Zone) -> Result<Civil, Fault> {
    let of_day = second.rem_euclid(DAY);
    match zone {
        Zone::Universal => of_instant(second).ok_or(Fault::Unreadable),
        Zone::Unsaid if of_day == DAY - SHANGHAI => Err(Fault::PerhapsUniversal),
        Zone::Unsaid | Zone::Shanghai => {
            let day = i32::try_from(second.div_euclid(DAY)).map_err(|_| Fault::Unreadable)?;
            Ok(Civil { day, second: Some(of_day) })
        }
    }
}

/// The moment written in a plain text: a date, a date and a time, or a date and a time with a zone.
pub(crate) fn of_text(text: &str, zone: Zone) -> Result<Civil, Fault> {
    let text = spelling::half_width(text);
    let text = text.as_ref();
    let (text, named) = match zone_of(text) {
        Some((rest, seconds)) => (rest, Some(seconds)),
        None => (text, None),
    };
    let (date, time) = split(text);
    let day = date_of(date).ok_or(Fault::Unreadable)?;
    let Some(time) = time else {
        // A date with a zone but no time is not a moment.
        return match named {
            None => Ok(Civil { day, second: None }),
            Some(_) => Err(Fault::Unreadable),
        };
    };
    let second = i64::from(day) * DAY + time_of(time).ok_or(Fault::Unreadable)?;
    match named {
        Some(ahead) => of_instant(second - ahead).ok_or(Fault::Unreadable),
        None => of_clock(second, zone),
    }
}

/// A text without its trailing zone, and that zone's offset from UTC in seconds.
fn zone_of(text: &str) -> Option<(&str, i64)> {
    // In `2026-02-12T00:00:00+08:00[Asia/Shanghai]` the offset decides.
    let text = match (text.find('['), text.ends_with(']')) {
        (Some(at), true) => &text[..at],
        _ => text,
    };
    for universal in ["Z", "z", "UTC", "GMT"] {
        if let Some(rest) = text.strip_suffix(universal) {
            return Some((rest.trim_end(), 0));
        }
    }
    let at = text.rfind(['+', '-'])?;
    // A sign in the date part is not an offset: an offset follows a time.
    if !text[..at].contains(':') {
        return None;
    }
    let sign = if text.as_bytes()[at] == b'-' { -1 } else { 1 };
    let digits: String = text[at + 1..].chars().filter(|c| *c != ':').collect();
    let sound = matches!(digits.len(), 2 | 4) && digits.bytes().all(|b| b.is_ascii_digit());
    let number = |range: &str| range.parse::<i64>().ok();
    let (hours, minutes) = match sound {
        true => (
            number(&digits[..2])?,
            number(digits.get(2..).filter(|m| !m.is_empty()).unwrap_or("0"))?,
        ),
        false => return None,
    };
    let offset = sign * (hours * 3_600 + minutes * 60);
    (hours <= 14 && minutes < 60).then(|| (text[..at].trim_end(), offset))
}

/// Splits a text into its date and its time.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim()).filter(|time| !time.is_empty())),
        None => (text, None),
    }
}

/// The range of days since 1970-01-01 in which spreadsheets' day numbers are read: 1980 to 2079.
const SPREADSHEET_DAYS: std::ops::RangeInclusive<i32> = 29_221..=65_745;

/// Days from 1899-12-30, day zero of spreadsheets, to 1970-01-01.
const SPREADSHEET_EPOCH: i32 = 25_569;

/// Days since 1970-01-01 of a date without a time: `2026-02-12`, `2026/2/12`, `2026.02.12`,
/// `20260212`, `2026年2月12日`, the same as a float (`20260212.0`), or a spreadsheet's day number.
fn date_of(text: &str) -> Option<i32> {
    // A list that went through a float column reads 20260528.0.
    let text = text.strip_suffix(".0").unwrap_or(text);
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            8 => of_parts(&text[..4], &text[4..6], &text[6..]),
            5 => {
                let days = text.parse::<i32>().ok()?;
                SPREADSHEET_DAYS.contains(&days).then(|| days - SPREADSHEET_EPOCH)
            }
            _ => None,
        };
    }
    if let Some(rest) = text.strip_suffix('日') {
        let (year, rest) = rest.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        return of_parts(year, month, day);
    }
    let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.split(separator);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| of_parts(year, month, day))?
}

fn of_parts(year: &str, month: &str, day: &str) -> Option<i32> {
    let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let sound = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| text.parse::<i16>().ok())?
    };
    let (year, month, day) = (digits(year, 4..=4)?, digits(month, 1..=2)?, digits(day, 1..=2)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(SessionDate::from(date).epoch_days())
}

/// Seconds after midnight of a time without a date: `09:45`, `09:45:00`, `09:45:00.000`, `94500`.
pub(crate) fn time_of(text: &str) -> Option<i64> {
    let clock = text.split('.').next()?;
    let digits = |part: &str| {
        let sound = matches!(part.len(), 1..=2) && part.bytes().all(|b| b.is_ascii_digit());
        if sound { part.parse::<i64>().ok() } else { None }
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (digits(hour)?, digits(minute)?, 0),
        [hour, minute, second] => (digits(hour)?, digits(minute)?, digits(second)?),
        [number] if matches!(number.len(), 5..=6) && number.bytes().all(|b| b.is_ascii_digit()) => {
            let number: i64 = number.parse().ok()?;
            (number / 10_000, number / 100 % 100, number % 100)
        }
        _ => return None,
    };
    let sound = hour < 24 && minute < 60 && second < 60;
    sound.then_some(hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(read: Result<Civil, Fault>) -> String {
        match read {
            Err(fault) => format!("{fault:?}"),
            Ok(Civil { day, second }) => {
                let date = SessionDate::from_epoch_days(day).map(|day| day.to_string());
                let time = second.map(|s| format!(" {:02}:{:02}", s / 3_600, s / 60 % 60));
                format!("{}{}", date.unwrap_or_default(), time.unwrap_or_default())
            }
        }
    }

    #[test]
    fn a_date_is_read_in_every_spelling_that_begins_with_the_year() {
        for text in [
            "2026-02-12",
            "2026/02/12",
            "2026/2/12",
            "2026.2.12",
            "20260212",
            "20260212.0",
            "2026年2月12日",
            "２０２６-０２-１２",
            "46065",
            "46065.0",
        ] {
            assert_eq!(shown(of_text(text, Zone::Unsaid)), "2026-02-12", "{text}");
        }
        for text in ["12/02/2026", "2026-2-30", "26-02-12", "2026-02", "0046065", "12345", "x", ""]
        {
            assert_eq!(of_text(text, Zone::Unsaid), Err(Fault::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_zone_is_honoured_for_the_date_and_for_the_time() {
        for text in [
            "2026-02-12T00:00:00+08:00",
            "2026-02-11T16:00:00Z",
            "2026-02-11 16:00:00 UTC",
            "2026-02-12 00:00:00+0800",
            "2026-02-12 00:00+08",
            "2026-02-12T00:00:00.000+08:00[Asia/Shanghai]",
            "2026-02-11T11:00:00-05:00",
        ] {
            assert_eq!(shown(of_text(text, Zone::Unsaid)), "2026-02-12 00:00", "{text}");
        }
        assert_eq!(shown(of_text("2026-02-12T01:45:00Z", Zone::Unsaid)), "2026-02-12 09:45");
        assert_eq!(shown(of_text("2026-02-12 09:45:00", Zone::Unsaid)), "2026-02-12 09:45");
        assert_eq!(of_text("2026-02-12+08:00", Zone::Unsaid), Err(Fault::Unreadable));
        assert_eq!(of_text("2026-02-12 00:00:00 CST", Zone::Unsaid), Err(Fault::Unreadable));
    }

    #[test]
    fn an_offset_is_of_hours_and_minutes_up_to_fourteen_hours() {
        for (text, moment) in [
            ("2026-02-12T05:30:00+05:30", "2026-02-12 08:00"),
            ("2026-02-12T05:30:00+0530", "2026-02-12 08:00"),
            ("2026-02-12 00:00:00-00:30", "2026-02-12 08:30"),
            ("2026-02-12 14:00+14:00", "2026-02-12 08:00"),
            ("2026-02-12 14:59:00+14:59", "2026-02-12 08:00"),
            ("2026-02-12 00:00:00 GMT", "2026-02-12 08:00"),
            ("2026-02-12t00:00:00z", "2026-02-12 08:00"),
            ("2026-02-12T00:00:00+08:00[Asia/Shanghai]", "2026-02-12 00:00"),
            ("20260212 09:45", "2026-02-12 09:45"),
            ("2026-02-12T", "2026-02-12"),
        ] {
            assert_eq!(shown(of_text(text, Zone::Unsaid)), moment, "{text}");
        }
        for text in [
            "2026-02-12 00:00:00+15:00",
            "2026-02-12 00:00:00+08:60",
            "2026-02-12 00:00:00+8",
            "2026-02-12 00:00:00+080",
            "2026-02-12 00:00:00+08:0a",
            "2026-02-12 00:00:00+",
            "2026-02-12 00:00:00+08:00[Asia",
            "2026-02-12 24:00:00",
            "2026-02-12 later",
            "2026-02-12Z",
        ] {
            assert_eq!(of_text(text, Zone::Unsaid), Err(Fault::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_date_has_a_year_of_four_digits_and_a_month_and_a_day_of_two() {
        let date = |text: &str| date_of(text).map(|day| shown(Ok(Civil { day, second: None })));
        for (text, expected) in [
            ("2024-02-29", Some("2024-02-29")),
            ("2026-12-31", Some("2026-12-31")),
            ("2026年12月31日", Some("2026-12-31")),
            ("29221", Some("1980-01-01")),
            ("65745", Some("2079-12-31")),
            ("29220", None),
            ("65746", None),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-00-01", None),
            ("2026-002-12", None),
            ("2026-02-012", None),
            ("02026-02-12", None),
            ("2026-02-12-1", None),
            ("2026-02-", None),
            ("2026/02-12", None),
            ("2026年2月12", None),
            ("2026年2日", None),
            ("2026-+2-12", None),
            ("2026021", None),
            ("202602120", None),
        ] {
            assert_eq!(date(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_time_is_of_hours_minutes_and_perhaps_seconds() {
        for (text, expected) in [
            ("00:00", Some(0)),
            ("9:5", Some(9 * 3_600 + 5 * 60)),
            ("23:59:59", Some(DAY - 1)),
            ("09:45:01.999", Some(9 * 3_600 + 45 * 60 + 1)),
            ("94501", Some(9 * 3_600 + 45 * 60 + 1)),
            ("235959", Some(DAY - 1)),
            ("24:00", None),
            ("09:60", None),
            ("09:45:60", None),
            ("240000", None),
            ("096000", None),
            ("094560", None),
            ("9450", None),
            ("0094500", None),
            ("1:2:3:4", None),
            ("+9:45", None),
            ("009:45", None),
            ("09:", None),
            ("", None),
        ] {
            assert_eq!(time_of(text), expected, "{text}");
        }
    }

    #[test]
    fn sixteen_hundred_without_a_zone_is_asked_about() {
        let text = "2026-02-11 16:00:00";
        assert_eq!(of_text(text, Zone::Unsaid), Err(Fault::PerhapsUniversal));
        assert_eq!(shown(of_text(text, Zone::Universal)), "2026-02-12 00:00");
        assert_eq!(shown(of_text(text, Zone::Shanghai)), "2026-02-11 16:00");
    }

    #[test]
    fn summers_before_1992_had_their_own_time() {
        // 1991-05-06 00:00 in Shanghai was 15:00 of the day before in UTC.
        assert_eq!(shown(of_text("1991-05-05T15:00:00Z", Zone::Unsaid)), "1991-05-06 00:00");
        assert_eq!(shown(of_text("1991-12-01T16:00:00Z", Zone::Unsaid)), "1991-12-02 00:00");
    }
}
