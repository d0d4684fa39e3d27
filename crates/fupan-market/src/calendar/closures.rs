//! Reading closures of further years, in the forms that people and exchanges write.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use thiserror::Error;

use super::is_weekend;
use crate::{InLanguage, SessionDate, Wording};

/// The weekdays of one year on which the exchanges are closed. Prints as `2027: 01-01 02-05`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedYear {
    /// The year.
    pub year: i16,
    /// Its closed weekdays, earliest first.
    pub closed: Vec<SessionDate>,
}

/// Why a text is not a list of closures.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClosuresError {
    /// A line holds no readable date.
    #[error(
        "line {line}, `{text}`, is neither a date (2027-01-01) nor a range (2027-02-05 to \
         2027-02-11): write one closure a line; `#` begins a comment"
    )]
    Unreadable {
        /// The line, counted from one.
        line: usize,
        /// The line's text.
        text: String,
    },
    /// The text holds no closure.
    #[error("it holds no date: write one closure a line, such as 2027-01-01")]
    Empty,
    /// The years do not follow each other.
    #[error("{year} cannot be added: the year after the calendar's last is {expected}")]
    Gap {
        /// The year given.
        year: i16,
        /// The year expected.
        expected: i16,
    },
    /// The calendar already has the year, with other closures.
    #[error("the calendar knows {year} already, with other closures, and figures rest on them")]
    Known {
        /// The year.
        year: i16,
    },
    /// The closures cannot be those of a whole year.
    #[error(
        "{year} has {count} closed weekdays, and a year has between {least} and {most}: the list \
         must hold the closures of the whole year, and no sessions"
    )]
    Count {
        /// The year.
        year: i16,
        /// Weekdays given.
        count: usize,
        /// The fewest a year can have.
        least: usize,
        /// The most a year can have.
        most: usize,
    },
    /// A public holiday of every year is missing.
    #[error("{date} is a public holiday and not in the list: it is not the whole year's")]
    Missing {
        /// The holiday.
        date: SessionDate,
    },
}

impl InLanguage for ClosuresError {
    fn wording(&self) -> Wording {
        let zh = match self {
            ClosuresError::Unreadable { line, text } => format!(
                "第{line}行`{text}`既不是日期（2027-01-01）也不是区间（2027-02-05至2027-02-11）：\
                 请每行写一个休市日期；`#`之后是注释"
            ),
            ClosuresError::Empty => "其中没有日期：请每行写一个休市日期，例如2027-01-01".to_owned(),
            ClosuresError::Gap { year, expected } => {
                format!("不能添加{year}年：日历最后一年的下一年是{expected}年")
            }
            ClosuresError::Known { year } => {
                format!("日历已有{year}年，且休市日不同，已有数字以之为据")
            }
            ClosuresError::Count { year, count, least, most } => format!(
                "{year}年有{count}个休市的工作日，而一年应有{least}至{most}个：名单须包括全年休市日，\
                 且不含交易日"
            ),
            ClosuresError::Missing { date } => {
                format!("{date}是法定节假日，却不在名单中：名单不是全年的")
            }
        };
        Wording::new(self.to_string(), zh)
    }
}

/// Bounds on the closed weekdays of a year: since 1992 there were between 10 and 20. These bounds
/// reject half a year, and a list of sessions.
const LEAST: usize = 8;
const MOST: usize = 40;

impl fmt::Display for ClosedYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.year)?;
        self.closed.iter().try_for_each(|day| {
            let date = day.date();
            write!(f, " {:02}-{:02}", date.month(), date.day())
        })
    }
}

impl ClosedYear {
    /// Reads closures. A line holds one date, or a range of dates with both ends, with words before
    /// or after; a line `2027: 01-01 02-05` is a whole year. `#` starts a comment, and a first line
    /// without any digit is a header. Weekend days are ignored: they are closed anyway. In a table
    /// with a column `is_open` (as in Tushare's trade_cal), the rows with `0` are closures.
    ///
    /// # Errors
    /// The first line that cannot be read, or a year that cannot be whole.
    pub fn read(text: &str) -> Result<Vec<ClosedYear>, ClosuresError> {
        let mut closed = BTreeSet::new();
        let mut open_column = None;
        let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        let lines =
            lines.map(|(place, line)| (place + 1, line.split('#').next().unwrap_or("").trim()));
        let mut header = true;
        for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
            if std::mem::take(&mut header) && !text.chars().any(|c| c.is_ascii_digit()) {
                open_column = cells(text).position(|name| name.eq_ignore_ascii_case("is_open"));
                continue;
            }
            let unreadable = || ClosuresError::Unreadable { line, text: text.to_owned() };
            if let Some(column) = open_column {
                match cells(text).nth(column) {
                    Some("1") => continue,
                    Some("0") => {
                        closed.insert(cells(text).find_map(date).ok_or_else(unreadable)?);
                    }
                    _ => return Err(unreadable()),
                }
                continue;
            }
            closed.extend(days(text).ok_or_else(unreadable)?);
        }
        years(closed)
    }
}

/// The fields of a line, without quotes.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split([',', ';', '\t', '，']).map(|cell| cell.trim().trim_matches('"').trim())
}

/// The days that a line closes: a whole year, a range, or one day.
fn days(line: &str) -> Option<Vec<SessionDate>> {
    if let Some((year, rest)) = line.split_once(':')
        && year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
    {
        return rest.split_whitespace().map(|day| date(&format!("{year}-{day}"))).collect();
    }
    let found = dates(line)?;
    match found.as_slice() {
        [one] => Some(vec![*one]),
        [first, last] if first <= last && last.epoch_days() - first.epoch_days() < 31 => {
            (first.epoch_days()..=last.epoch_days()).map(SessionDate::from_epoch_days).collect()
        }
        _ => None,
    }
}

/// Every date in a line, in order. `None` if a run of digits is not a date: half a range, as in
/// `2027年2月5日至11日`, must not be read as one day.
fn dates(line: &str) -> Option<Vec<SessionDate>> {
    let part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | '年' | '月');
    let runs = line.split(|c| !part(c)).map(|run| run.trim_matches(['-', '/', '年', '月']));
    runs.filter(|run| !run.is_empty()).map(date).collect()
}

/// `2027-01-01`, `20270101`, `2027/1/1`, `2027年1月1日`.
fn date(text: &str) -> Option<SessionDate> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let parts: Vec<&str> = text.trim_end_matches('日').split(['-', '/', '年', '月']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    SessionDate::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Groups the closed weekdays by year and checks each year as a whole.
fn years(closed: BTreeSet<SessionDate>) -> Result<Vec<ClosedYear>, ClosuresError> {
    let mut by_year: BTreeMap<i16, Vec<SessionDate>> = BTreeMap::new();
    for day in closed.into_iter().filter(|day| !is_weekend(*day)) {
        by_year.entry(day.date().year()).or_default().push(day);
    }
    if by_year.is_empty() {
        return Err(ClosuresError::Empty);
    }
    for (year, closed) in &by_year {
        let count = closed.len();
        if !(LEAST..=MOST).contains(&count) {
            return Err(ClosuresError::Count { year: *year, count, least: LEAST, most: MOST });
        }
        for (month, day) in [(1, 1), (5, 1), (10, 1)] {
            let Ok(date) = SessionDate::new(*year, month, day) else { continue };
            if !is_weekend(date) && !closed.contains(&date) {
                return Err(ClosuresError::Missing { date });
            }
        }
    }
    Ok(by_year.into_iter().map(|(year, closed)| ClosedYear { year, closed }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Calendar;

    /// An invented year: these are not the exchanges' closures.
    const INVENTED: &str = "\
# closures of a year that nobody announced
2027-01-01
2027-02-05 to 2027-02-11, Spring Festival
2027/4/5   清明
20270503
2027年6月9日
2027-09-15
2027-10-01至2027-10-07
";

    #[test]
    fn dates_and_ranges_close_weekdays() {
        let years = ClosedYear::read(INVENTED).unwrap();
        let told = "2027: 01-01 02-05 02-08 02-09 02-10 02-11 04-05 05-03 06-09 09-15 10-01 10-04 \
                    10-05 10-06 10-07";
        assert_eq!(years.iter().map(ClosedYear::to_string).collect::<Vec<_>>(), [told]);
        assert_eq!(ClosedYear::read(told), Ok(years.clone()));
        let calendar = Calendar::with_years(&years).unwrap();
        assert_eq!(calendar.last().to_string(), "2027-12-31");
        let on = |text: &str| text.parse::<SessionDate>().unwrap();
        assert_eq!(calendar.is_session(on("2027-02-05")), Ok(false));
        assert_eq!(calendar.is_session(on("2027-02-12")), Ok(true));
        let known = Calendar::with_years(&[]).unwrap();
        assert_eq!(calendar.iter().nth(known.iter().len() - 1), Some(known.last()));
    }

    #[test]
    fn tables_of_exchanges_and_vendors_are_read() {
        let ranges = "节日,开始日期,结束日期\n元旦,2027-01-01,2027-01-03\n\
                      春节,2027-02-05,2027-02-11\n清明节,2027-04-05,2027-04-05\n\
                      国庆节,2027-10-01,2027-10-07\n";
        assert_eq!(ClosedYear::read(ranges).unwrap()[0].closed.len(), 12);
        let mut table = "exchange,cal_date,is_open,pretrade_date\n".to_owned();
        for day in 20_819..20_819 + 365 {
            let date = SessionDate::from_epoch_days(day).unwrap();
            let md = date.to_string();
            let closed = is_weekend(date) || INVENTED.contains(&md) || md.contains("-10-0");
            let open = u8::from(!closed);
            table.push_str(&format!("SSE,{},{open},20260101\n", md.replace('-', "")));
        }
        let years = ClosedYear::read(&table).unwrap();
        assert_eq!((years.len(), years[0].year), (1, 2027));
        assert!(years[0].closed.iter().any(|day| day.to_string() == "2027-10-06"));
    }

    #[test]
    fn what_is_not_a_whole_year_is_refused_in_words() {
        for (text, words, zh) in [
            ("", "holds no date", "没有日期"),
            ("closed on\n", "holds no date", "没有日期"),
            ("2027-01-01\n2027-13-01\n", "line 2, `2027-13-01`", "第2行"),
            ("2027-01-01\nsoon\n", "line 2, `soon`", "第2行"),
            ("2027年2月5日至11日\n", "line 1", "第1行"),
            ("2027-02-11 to 2027-02-05\n", "line 1", "第1行"),
            ("2027-01-01\n2027-02-05..2027-02-11\n", "2027 has 6 closed weekdays", "6个休市"),
            ("2027-02-05~2027-02-28\n", "2027-01-01 is a public holiday", "2027-01-01是"),
        ] {
            let told = ClosedYear::read(text).unwrap_err().wording();
            assert!(told.en.contains(words), "{}", told.en);
            assert!(told.zh.contains(zh), "{}", told.zh);
        }
        let sessions: String = Calendar::builtin()
            .between("2026-01-05".parse().unwrap(), "2026-06-30".parse().unwrap())
            .iter()
            .map(|day| format!("{day}\n"))
            .collect();
        assert!(matches!(ClosedYear::read(&sessions), Err(ClosuresError::Count { .. })));
    }

    /// So many weekdays, three public holidays among them.
    fn weekdays(count: usize) -> String {
        let holidays = ["2027-01-01", "2027-10-01"].map(str::to_owned);
        let days = (20_880..).filter_map(SessionDate::from_epoch_days);
        let others = days.filter(|day| !is_weekend(*day)).map(|day| day.to_string());
        holidays.into_iter().chain(others).take(count).map(|day| day + "\n").collect()
    }

    #[test]
    fn a_year_has_eight_to_forty_closed_weekdays() {
        for (count, expected) in [(7, false), (8, true), (40, true), (41, false)] {
            let read = ClosedYear::read(&weekdays(count));
            assert_eq!(read.is_ok(), expected, "{count}: {read:?}");
        }
        let weekend = format!("{}2027-01-02\n2027-01-03\n", weekdays(8));
        assert_eq!(ClosedYear::read(&weekend).unwrap()[0].closed.len(), 8);
        // The first of May 2027 is a Saturday.
        for holiday in ["2027-01-01\n", "2027-10-01\n"] {
            let without = weekdays(20).replace(holiday, "");
            let date = holiday.trim().parse().unwrap();
            assert_eq!(ClosedYear::read(&without), Err(ClosuresError::Missing { date }));
        }
    }

    #[test]
    fn a_range_is_of_less_than_a_month() {
        let days = |line: &str| days(line).map(|days| days.len());
        for (line, expected) in [
            ("2027-01-01 to 2027-01-31", Some(31)),
            ("2027-01-01 to 2027-02-01", None),
            ("2027-01-05 to 2027-01-05", Some(1)),
            ("2027-01-05 to 2027-01-04", None),
            ("2027-01-01, 2027-01-02, 2027-01-03", None),
            ("2027: 01-01 02-05", Some(2)),
            ("2027: 01-01 13-05", None),
            ("2027:", Some(0)),
            ("027: 01-01", None),
            ("202a: 01-01", None),
            ("12:00 2027-01-01", None),
            ("27-01-01", None),
            ("元旦（2027年1月1日）", Some(1)),
            ("closed", None),
        ] {
            assert_eq!(days(line), expected, "{line}");
        }
    }

    #[test]
    fn a_table_says_in_each_row_whether_the_exchanges_are_open() {
        let table = |rows: &str| {
            let closed: String = weekdays(8).lines().map(|day| format!("{day},0\n")).collect();
            ClosedYear::read(&format!("\u{feff}cal_date,IS_OPEN\n{closed}{rows}"))
        };
        assert_eq!(table("2027-06-01,1\n").unwrap()[0].closed.len(), 8);
        assert_eq!(table("\"2027-06-01\",\"0\"\n").unwrap()[0].closed.len(), 9);
        for row in ["2027-06-01,2\n", "2027-06-01\n", "soon,0\n"] {
            let text = row.trim().to_owned();
            let unreadable = ClosuresError::Unreadable { line: 10, text };
            assert_eq!(table(row), Err(unreadable), "{row}");
        }
    }

    #[test]
    fn a_known_years_closures_are_those_it_was_made_from() {
        let calendar = Calendar::with_years(&ClosedYear::read(INVENTED).unwrap()).unwrap();
        assert_eq!(calendar.closed_in(2027).unwrap(), ClosedYear::read(INVENTED).unwrap()[0]);
        let known = calendar.closed_in(2026).unwrap().to_string();
        assert!(known.starts_with("2026: 01-01 01-02 02-16 "), "{known}");
        assert_eq!((calendar.closed_in(1990), calendar.closed_in(2028)), (None, None));
    }

    #[test]
    fn years_follow_each_other() {
        let year = |year| ClosedYear { year, closed: Vec::new() };
        let gap = Calendar::with_years(&[year(2028)]).unwrap_err();
        assert_eq!(gap, ClosuresError::Gap { year: 2028, expected: 2027 });
        assert!(Calendar::with_years(&[year(2026)]).is_err());
        assert!(Calendar::with_years(&[year(2027), year(2028)]).is_ok());
        let gap = Calendar::with_years(&[year(2027), year(2029)]).unwrap_err();
        assert_eq!(gap, ClosuresError::Gap { year: 2029, expected: 2028 });
        let first = Calendar::builtin().closed_in(1991).unwrap();
        assert!(first.to_string().starts_with("1991: 02-15 "), "{first}");
    }
}
