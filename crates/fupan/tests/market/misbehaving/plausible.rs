//! Answers with which nothing is wrong by themselves.

use serde_json::{Value, json};

use super::vendors::{DAY, Made};
use super::{Leads, Missing, Way, of_days};
use Leads::{Next, Without};

const fn of_indices(name: &'static str, leads: Leads, does: super::Does) -> Way {
    Way { name, source: "eastmoney", missing: Missing::Indices, does, leads }
}

pub const WAYS: &[Way] = &[
    of_days(
        "eastmoney",
        "yesterday under today's date",
        Next("previous close", "前收盘价"),
        |sent, told| {
            let (page, size) = told.page();
            sent.text = Made(-1).list(page, size).to_string();
            sent.every("f297", |_| json!(20_260_212));
            sent.every("f124", |at| json!(at.as_i64().unwrap() + DAY));
        },
    ),
    of_days(
        "tencent",
        "yesterday under today's date",
        Next("previous close", "前收盘价"),
        |sent, told| {
            sent.text = Made(-1).tencent(told.list()).replace("20260211", "20260212");
        },
    ),
    of_days(
        "tushare",
        "yesterday under today's date",
        Next("previous close", "前收盘价"),
        |sent, told| {
            let text = Made(-1).tushare(&told.body()).to_string();
            sent.text = text.replace("20260211", "20260212");
        },
    ),
    of_days(
        "eastmoney",
        "half of the market",
        Next("traded in the session before", "上一交易日"),
        |sent, _| {
            sent.json(|answer| answer["data"]["total"] = json!(100));
        },
    ),
    of_days(
        "tushare",
        "half of the market",
        Next("traded in the session before", "上一交易日"),
        |sent, _| {
            sent.rows(|rows| rows.truncate(119));
        },
    ),
    of_days(
        "tushare",
        "a few shares less",
        Without(
            &["920026.BJ", "920027.BJ", "920028.BJ", "920029.BJ", "920030.BJ"],
            "traded in the session before",
            "上一交易日",
        ),
        |sent, _| sent.rows(|rows| rows.truncate(rows.len() - 5)),
    ),
    of_indices("levels in tenths", Next("000001.SH", "000001.SH"), |sent, _| {
        sent.rows(|rows| {
            for field in ["f2", "f15", "f16", "f17", "f18"] {
                rows.iter_mut().for_each(|row| {
                    row[field] = json!((row[field].as_f64().unwrap() * 1_000.0).round() / 100.0);
                });
            }
        });
    }),
    of_indices("another index under a code", Next("000001.SH", "000001.SH"), |sent, _| {
        sent.rows(|rows| {
            let codes: [Value; 2] = [rows[0]["f12"].clone(), rows[7]["f12"].clone()];
            [rows[7]["f12"], rows[0]["f12"]] = codes;
        });
    }),
];
