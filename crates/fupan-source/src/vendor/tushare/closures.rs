//! The closures of a year, from Tushare's `trade_cal`: every day of it, and whether the exchanges are
//! open.

use std::collections::BTreeMap;

use fupan_market::{SessionDate, Wording};
use serde_json::{Map, Value};

use super::super::Conversation;
use super::{Api, Part, Rows, answer};

const TRADE_CAL: Api = Api {
    name: "trade_cal",
    fields: &["cal_date", "is_open"],
    key: &["cal_date"],
    date: Some("cal_date"),
    page: 400,
};

/// The exchanges' calendar of one year, which a file of closures may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosuresOf {
    first: SessionDate,
    last: SessionDate,
}

impl ClosuresOf {
    /// That of a year; `None` if it is none of a date.
    pub fn year(year: i16) -> Option<ClosuresOf> {
        let day = |month, day| SessionDate::new(year, month, day).ok();
        Some(ClosuresOf { first: day(1, 1)?, last: day(12, 31)? })
    }

    /// The conversation that brings it.
    pub fn ask(&self) -> Box<dyn Conversation + Send> {
        let date = |date: SessionDate| Value::from(date.to_string().replace('-', ""));
        let params: Map<String, Value> = [
            ("exchange", Value::from("SSE")),
            ("start_date", date(self.first)),
            ("end_date", date(self.last)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
        let part = Part { name: "trade-cal".to_owned(), params, of: None };
        Box::new(Rows::new(TRADE_CAL, Some((self.first, self.last)), vec![part]))
    }

    /// The year as a table of `cal_date` and `is_open`, a line a day, from the answers.
    ///
    /// # Errors
    /// If they cannot be read, or lack a day of the year, or a day that is neither open nor closed.
    pub fn table<'a>(
        &self,
        answers: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<String, Wording> {
        let mut open = BTreeMap::new();
        for bytes in answers {
            let page = answer::page(bytes).map_err(|unfit| unfit.reason)?;
            let place = |name: &str| page.columns.iter().position(|column| column == name);
            let (Some(date), Some(is_open)) = (place("cal_date"), place("is_open")) else {
                continue;
            };
            for row in &page.rows {
                let cell = |place: usize| row.cells[place].as_deref().unwrap_or_default();
                if let Ok(day) = cell(date).parse::<SessionDate>() {
                    open.insert(day.epoch_days(), cell(is_open).to_owned());
                }
            }
        }
        let mut text = "cal_date,is_open\n".to_owned();
        for day in self.first.epoch_days()..=self.last.epoch_days() {
            let Some(date) = SessionDate::from_epoch_days(day) else { continue };
            match open.get(&day).map(String::as_str) {
                Some(is_open @ ("0" | "1")) => text.push_str(&format!("{date},{is_open}\n")),
                _ => {
                    return Err(Wording::new(
                        format!("trade_cal does not say whether {date} is a session"),
                        format!("trade_cal没有说明{date}是否为交易日"),
                    ));
                }
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The year's days as Tushare answers them, closed on weekends and some invented days.
    fn answer(year: &ClosuresOf, without: Option<&str>) -> Vec<u8> {
        let days = year.first.epoch_days()..=year.last.epoch_days();
        let rows = days.filter_map(SessionDate::from_epoch_days);
        let rows = rows.filter(|day| Some(day.to_string().as_str()) != without).map(|day| {
            let closed = day.date().weekday().to_monday_zero_offset() > 4
                || (day.date().month() == 10 && day.date().day() < 8);
            serde_json::json!([day.to_string().replace('-', ""), i32::from(!closed)])
        });
        let items: Vec<Value> = rows.collect();
        let data = serde_json::json!({"fields": ["cal_date", "is_open"], "items": items});
        serde_json::json!({"code": 0, "msg": null, "data": data}).to_string().into_bytes()
    }

    #[test]
    fn a_year_is_whole_or_refused() {
        let year = ClosuresOf::year(2027).unwrap();
        let whole = answer(&year, None);
        let table = year.table([whole.as_slice()]).unwrap();
        assert_eq!(table.lines().count(), 366);
        assert!(table.starts_with("cal_date,is_open\n2027-01-01,1\n2027-01-02,0\n"), "{table}");
        let lacks = answer(&year, Some("2027-06-03"));
        assert!(year.table([lacks.as_slice()]).unwrap_err().en.contains("2027-06-03"));
        assert!(year.table([&b"<html>"[..]]).is_err());
        assert!(year.table([]).is_err());
        let request = year.ask().next().unwrap();
        let super::super::super::Body::Json(body) = request.body else { panic!("a body") };
        assert_eq!(body["params"]["start_date"], "20270101");
    }
}
