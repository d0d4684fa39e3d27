//! Rows whose day, fields or values are not what they say.

use serde_json::{Value, json};

use super::told::Sent;
use super::vendors::{DAY, Made};
use super::{Leads, Missing, Way, of_days, of_list};
use Leads::{Next, Nothing, Remark, Without};

/// Multiplies a number of every row.
fn times(sent: &mut Sent, fields: &[&str], factor: f64) {
    for field in fields {
        sent.every(field, |value| value.as_f64().map_or(value.clone(), |n| json!(n * factor)));
    }
}

/// Sets a field of one row of the first page.
fn one(sent: &mut Sent, code: &str, field: &str, value: Value) {
    sent.rows(|rows| {
        if let Some(row) = rows.iter_mut().find(|row| row["f12"] == code) {
            row[field] = value;
        }
    });
}

const PRICES: [&str; 5] = ["f2", "f15", "f16", "f17", "f18"];

const fn of_indices(name: &'static str, leads: Leads, does: super::Does) -> Way {
    Way { name, source: "eastmoney", missing: Missing::Indices, does, leads }
}

pub const WAYS: &[Way] = &[
    of_list(
        "yesterday",
        Next("has the session of 2026-02-11", "2026-02-11的行情"),
        |sent, told| {
            let (page, size) = told.page();
            sent.text = Made(-1).list(page, size).to_string();
        },
    ),
    of_days(
        "tencent",
        "yesterday",
        Next("session of 2026-02-11", "2026-02-11的行情"),
        |sent, told| {
            sent.text = Made(-1).tencent(told.list());
        },
    ),
    of_days(
        "sina",
        "yesterday",
        Next("session of 2026-02-11", "2026-02-11的行情"),
        |sent, told| {
            sent.text = Made(-1).sina(told.list());
        },
    ),
    of_days("tushare", "yesterday", Next("rows of 20260211", "20260211的行"), |sent, told| {
        sent.text = Made(-1).tushare(&told.body()).to_string();
    }),
    of_list("tomorrow", Next("session of 2026-02-13", "2026-02-13的行情"), |sent, _| {
        sent.every("f297", |_| json!(20_260_213));
        sent.every("f124", |at| json!(at.as_i64().unwrap() + DAY));
    }),
    of_list("one page of yesterday", Next("2026-02-11", "2026-02-11"), |sent, told| {
        if told.page().0 == 2 {
            sent.text = Made(-1).list(2, 100).to_string();
        }
    }),
    of_list("rows of yesterday", Next("the vendor is behind", "对方尚未更新"), |sent, _| {
        sent.rows(|rows| {
            for row in rows.iter_mut().step_by(10) {
                row["f297"] = json!(20_260_211);
                row["f124"] = json!(row["f124"].as_i64().unwrap() - DAY);
            }
        });
    }),
    of_list(
        "a share that last traded yesterday",
        Next("the vendor is behind", "对方尚未更新"),
        |sent, _| {
            one(sent, "300008", "f297", json!(20_260_211));
            one(sent, "300008", "f124", json!(1_770_879_603 - DAY));
        },
    ),
    of_list("no day", Next("no row says of which day", "属于哪一天"), |sent, _| {
        for field in ["f297", "f124"] {
            sent.every(field, |_| json!("-"));
        }
    }),
    of_list("a day of another form", Next("of which day", "哪一天"), |sent, _| {
        sent.every("f297", |_| json!("12.02.2026"));
    }),
    of_list("seconds that are milliseconds", Next("of which day", "哪一天"), |sent, _| {
        times(sent, &["f124"], 1_000.0);
    }),
    of_days("sina", "a day of another form", Next("of which day", "哪一天"), |sent, _| {
        sent.quotes(',', |_, parts| parts[30] = "12/02/26".to_owned());
    }),
    of_days("tushare", "a day of another form", Next("12/02/2026", "12/02/2026"), |sent, _| {
        sent.every_item("trade_date", |_| json!("12/02/2026"));
    }),
    of_days(
        "tushare",
        "a day with hyphens",
        Remark("2 of 240 shares", "2只没有数据"),
        |sent, _| {
            sent.every_item("trade_date", |_| json!("2026-02-12"));
        },
    ),
    of_list("a session that is running", Next("still running", "尚未结束"), |sent, _| {
        sent.every("f124", |at| json!(at.as_i64().unwrap() - 3_600));
    }),
    of_days(
        "tencent",
        "a session that is running",
        Next("still running", "尚未结束"),
        |sent, _| {
            sent.quotes('~', |_, parts| parts[30] = "20260212145959".to_owned());
        },
    ),
    of_list(
        "a session that has not begun",
        Next("no row has trade", "没有任何一行有成交"),
        |sent, _| {
            for field in ["f2", "f5", "f6", "f15", "f16", "f17"] {
                sent.every(field, |_| json!("-"));
            }
        },
    ),
    of_list(
        "a page without trade",
        Next("no row has trade", "没有任何一行有成交"),
        |sent, told| {
            if told.page().0 == 1 {
                sent.every("f5", |_| json!("-"));
                sent.every("f6", |_| json!("-"));
            }
        },
    ),
    of_days(
        "tencent",
        "a batch without trade",
        Next("no row has trade", "没有任何一行有成交"),
        |sent, told| {
            if told.list().starts_with("sz000001,") {
                sent.quotes('~', |_, parts| {
                    for place in [5, 6, 33, 34] {
                        parts[place] = "0".to_owned();
                    }
                    parts[35].clear();
                });
            }
        },
    ),
    of_list("lots that are shares", Next("`volume`", "`volume`"), |sent, _| {
        times(sent, &["f5"], 100.0);
    }),
    of_days("sina", "shares that are lots", Next("`volume`", "`volume`"), |sent, _| {
        sent.quotes(',', |_, parts| {
            let shares: i64 = parts[8].parse().unwrap();
            parts[8] = (shares / 100).to_string();
        });
    }),
    of_days(
        "tushare",
        "turnover in yuan",
        Next("factor of about 1000", "约1000倍"),
        |sent, _| {
            sent.every_item("amount", |value| json!(value.as_f64().unwrap() * 1_000.0));
        },
    ),
    of_list("prices in fen", Next("price", "价格"), |sent, _| times(sent, &PRICES, 100.0)),
    of_list("prices in tenths", Next("price", "价格"), |sent, _| {
        times(sent, &PRICES, 10.0);
        times(sent, &["f6"], 10.0);
    }),
    of_list("volume and turnover a hundredfold", Next("traded", "成交"), |sent, _| {
        times(sent, &["f5", "f6"], 100.0);
    }),
    of_list("no trade has a price", Next("lack a price", "缺少价格"), |sent, _| {
        sent.every("f2", |_| json!("-"));
    }),
    of_list("half of the prices are zero", Next("lack a price", "缺少价格"), |sent, _| {
        sent.rows(|rows| rows.iter_mut().step_by(2).for_each(|row| row["f2"] = json!(0)));
    }),
    of_list(
        "a price of a billion",
        Without(&["000003.SZ"], "could not be read", "无法读取"),
        |sent, _| {
            one(sent, "000003", "f2", json!(1_000_000_000));
        },
    ),
    of_list("a price of null", Without(&["000003.SZ"], "price", "价"), |sent, _| {
        one(sent, "000003", "f2", json!(null));
    }),
    of_list(
        "a price below zero",
        Without(&["000003.SZ"], "could not be read", "无法读取"),
        |sent, _| {
            one(sent, "000003", "f16", json!(-9.5));
        },
    ),
    of_list("a high below the close", Without(&["000003.SZ"], "high", "最高"), |sent, _| {
        one(sent, "000003", "f15", json!(1.0));
    }),
    of_list(
        "a price in words",
        Without(&["000003.SZ"], "could not be read", "无法读取"),
        |sent, _| {
            one(sent, "000003", "f2", json!("十元"));
        },
    ),
    of_list("a number that is a list", Without(&["000003.SZ"], "price", "价"), |sent, _| {
        one(sent, "000003", "f2", json!([10.5]));
    }),
    of_list(
        "a volume of another share",
        Without(&["000003.SZ"], "Turnover divided by volume", "成交额除以成交量"),
        |sent, _| {
            one(sent, "000003", "f5", json!(5_000_000));
        },
    ),
    of_list("numbers as texts", Nothing, |sent, _| {
        for field in ["f2", "f5", "f6", "f13", "f15", "f16", "f17", "f18"] {
            sent.every(field, |value| match value {
                Value::Number(number) => json!(number.to_string()),
                other => other.clone(),
            });
        }
    }),
    of_list("not a number", Next("not JSON", "不是JSON"), |sent, _| {
        sent.text = sent.text.replacen("\"f2\":", "\"f2\":NaN,\"g\":", 1);
    }),
    of_list("a number beyond all", Next("not JSON", "不是JSON"), |sent, _| {
        sent.text = sent.text.replacen("\"f2\":", "\"f2\":1e999,\"g\":", 1);
    }),
    of_list(
        "a number of many digits",
        Without(&["000001.SZ"], "could not be read", "无法读取"),
        |sent, _| {
            one(sent, "000001", "f2", json!(1e300));
        },
    ),
    of_list("deeply nested", Next("not JSON", "不是JSON"), |sent, _| {
        sent.text = "[".repeat(100_000);
    }),
    of_list("bytes of zero", Next("not JSON", "不是JSON"), |sent, _| {
        sent.text = sent.text.replace("\"rc\":0", "\"rc\":\0");
    }),
    of_days(
        "sina",
        "a byte of zero in a number",
        Without(&["600001.SH"], "could not be read", "无法读取"),
        |sent, _| {
            sent.quotes(',', |_, parts| {
                if parts[0] == "银行600001" {
                    parts[3].insert(2, '\0');
                }
            });
        },
    ),
    of_list("no market of the codes", Next("000001 alone", "000001"), |sent, _| {
        sent.rows(|rows| {
            rows.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("f13")))
        });
    }),
    of_list("a code of no range", Without(&["688005.SH"], "777777.SH", "777777.SH"), |sent, _| {
        one(sent, "688005", "f12", json!("777777"));
    }),
    of_list("no previous close", Next("prev_close", "prev_close"), |sent, _| {
        sent.rows(|rows| {
            rows.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("f18")))
        });
    }),
    of_list("no turnover", Next("turnover", "turnover"), |sent, _| {
        sent.rows(|rows| {
            rows.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("f6")))
        });
    }),
    of_days(
        "tushare",
        "a field missing",
        Next("lacks the field close", "缺少字段close"),
        |sent, _| {
            sent.text = sent.text.replace("\"close\"", "\"closing\"");
        },
    ),
    of_days("tushare", "a field twice", Next("comes twice", "有重复"), |sent, _| {
        sent.text = sent.text.replace("\"close\"", "\"open\"");
    }),
    of_days(
        "tushare",
        "fields in another order",
        Remark("2 of 240 shares", "2只没有数据"),
        |sent, _| {
            sent.json(|answer| {
                answer["data"]["fields"].as_array_mut().unwrap().reverse();
                for row in answer["data"]["items"].as_array_mut().unwrap() {
                    row.as_array_mut().unwrap().reverse();
                }
            });
        },
    ),
    of_days(
        "tushare",
        "rows of other lengths",
        Next("values where there are", "而字段有"),
        |sent, _| {
            sent.rows(|rows| drop(rows[9].as_array_mut().unwrap().pop()));
        },
    ),
    of_days("tencent", "another share's quote", Next("is one of", "其实属于"), |sent, _| {
        sent.quotes('~', |place, parts| {
            if place == 4 {
                parts[2] = "600077".to_owned();
            }
        });
    }),
    of_days(
        "tencent",
        "two volumes",
        Next("two volumes", "两个不同的成交量"),
        |sent, _| {
            sent.quotes('~', |place, parts| {
                if place == 4 {
                    parts[6] = "1".to_owned();
                }
            });
        },
    ),
    of_days("tencent", "quotes that are too short", Next("parts only", "个字段"), |sent, _| {
        sent.quotes('~', |_, parts| parts.truncate(30));
    }),
    of_days(
        "tencent",
        "yesterday of one share",
        Next("the vendor is behind", "对方尚未更新"),
        |sent, _| {
            sent.quotes('~', |_, parts| {
                if parts[2] == "600002" {
                    parts[30] = "20260211150003".to_owned();
                }
            });
        },
    ),
    of_indices("levels a hundredfold", Next("could not be read", "无法读取"), |sent, _| {
        times(sent, &PRICES, 100.0)
    }),
    of_indices("a level of zero", Without(&["000001.SH"], "price", "价"), |sent, _| {
        one(sent, "000001", "f2", json!(0));
    }),
    of_indices(
        "indices of a session that is running",
        Next("still running", "尚未结束"),
        |sent, _| {
            sent.every("f124", |at| json!(at.as_i64().unwrap() - 3_600));
        },
    ),
    of_list("fields from behind", Nothing, |sent, _| {
        let answer: Value = serde_json::from_str(&sent.text).unwrap();
        let row = |row: &Value| {
            let fields = row.as_object().unwrap().iter().rev();
            let fields: Vec<String> =
                fields.map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", fields.join(","))
        };
        let rows: Vec<String> =
            answer["data"]["diff"].as_array().unwrap().iter().map(row).collect();
        sent.text =
            format!("{{\"data\":{{\"diff\":[{}],\"total\":240}},\"rc\":0}}", rows.join(","));
    }),
];
