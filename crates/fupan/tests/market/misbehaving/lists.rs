//! Lists that are not whole, or not in one piece.

use serde_json::json;

use super::told::{Sent, Told};
use super::vendors::ROWS;
use super::{Leads, Missing, Way, of_days, of_list};
use Leads::{Next, Nothing, Remark, Without};

/// A page of the list of another number or size.
fn other(sent: &mut Sent, told: &Told, page: usize, size: usize) {
    sent.text = told.made.list(page, size).to_string();
}

pub const WAYS: &[Way] = &[
    of_list("fewer rows a page", Remark("gives 80 rows a page", "只给80行"), |sent, told| {
        let (page, size) = told.page();
        other(sent, told, page, size.min(80));
    }),
    of_list("fewer rows once", Nothing, |sent, told| {
        if told.number == 0 {
            other(sent, told, 1, 80);
        }
    }),
    of_list(
        "fewer rows from the second page",
        Next("has 60 rows and not 100", "应有100行"),
        |sent, told| {
            if told.page().0 > 1 {
                sent.rows(|rows| rows.truncate(60));
            }
        },
    ),
    of_list(
        "one row less at the end",
        Next("has 39 rows and not 40", "应有40行"),
        |sent, told| {
            if told.page().0 == 3 {
                sent.rows(|rows| rows.truncate(39));
            }
        },
    ),
    of_list(
        "a page that is missing",
        Next("page 2 has 40 rows", "第2页有40行"),
        |sent, told| {
            if told.page().0 == 2 {
                other(sent, told, 3, 100);
            }
        },
    ),
    of_list("no second page", Next("page 2 has 0 rows", "第2页有0行"), |sent, told| {
        if told.page().0 == 2 {
            sent.rows(Vec::clear);
        }
    }),
    of_list("no data of the second page", Next("rc 0", "rc 0"), |sent, told| {
        if told.page().0 == 2 {
            sent.json(|answer| answer["data"] = json!(null));
        }
    }),
    of_list("a page that is doubled", Next("there already", "先前已经出现"), |sent, told| {
        if told.page().0 == 2 {
            other(sent, told, 1, 100);
        }
    }),
    of_list("a page that is doubled once", Nothing, |sent, told| {
        if told.number == 1 {
            other(sent, told, 1, 100);
        }
    }),
    of_list("an order that moves", Next("the order moved", "排序变动"), |sent, told| {
        if told.page().0 == 2 {
            let last = told.made.list(1, 100)["data"]["diff"][99].clone();
            sent.rows(|rows| {
                rows.insert(0, last);
                rows.pop();
            });
        }
    }),
    of_list("a total that changes", Next("240 rows, then 241", "后是241行"), |sent, told| {
        if told.page().0 == 2 {
            sent.json(|answer| answer["data"]["total"] = json!(ROWS + 1));
        }
    }),
    of_list(
        "a total that has changed",
        Next("239 rows, then 240", "后是240行"),
        |sent, told| {
            if told.page().0 == 1 {
                sent.json(|answer| answer["data"]["total"] = json!(ROWS - 1));
            }
        },
    ),
    of_list("a total that changes once", Nothing, |sent, told| {
        if told.number == 1 {
            sent.json(|answer| answer["data"]["total"] = json!(ROWS + 1));
        }
    }),
    of_list("no total", Next("how many rows", "总行数"), |sent, _| {
        sent.json(|answer| answer["data"]["total"] = json!(null));
    }),
    of_list("a total of nothing", Next("0 rows by its own count", "共0行"), |sent, _| {
        sent.json(|answer| answer["data"] = json!({"total": 0, "diff": []}));
    }),
    of_list("a total beyond all", Next("by its own count", "列表自称"), |sent, _| {
        sent.json(|answer| answer["data"]["total"] = json!(u64::MAX));
    }),
    of_list(
        "a row that is doubled and differs",
        Next("there already", "先前已经出现"),
        |sent, _| {
            sent.rows(|rows| {
                rows[50] = rows[49].clone();
                rows[50]["f2"] = json!(11.11);
            });
        },
    ),
    of_days(
        "tushare",
        "more without rows",
        Next("says that there are more", "却说还有更多"),
        |sent, told| {
            sent.json(|answer| answer["data"]["has_more"] = json!(true));
            if told.number == 0 {
                sent.rows(|rows| rows.truncate(200));
            } else {
                sent.rows(Vec::clear);
            }
        },
    ),
    of_days(
        "tushare",
        "more after the last page",
        Remark("238 rows a page", "只给238行"),
        |sent, told| {
            let is_first = told.body()["params"]["offset"] == json!(0);
            sent.json(|answer| answer["data"]["has_more"] = json!(is_first));
        },
    ),
    of_days(
        "tushare",
        "an offset that is ignored",
        Next("came twice", "出现两次"),
        |sent, told| {
            sent.text = told.made.tushare(&first_of(told)).to_string();
            sent.json(|answer| answer["data"]["has_more"] = json!(true));
        },
    ),
    of_days(
        "tushare",
        "pages of a hundred",
        Remark("gives 100 rows", "只给100行"),
        |sent, _| {
            sent.json(|answer| {
                let items = answer["data"]["items"].as_array_mut().unwrap();
                let more = items.len() > 100;
                items.truncate(100);
                answer["data"]["has_more"] = json!(more);
            });
        },
    ),
    of_days(
        "tushare",
        "no rows at all",
        Next("has no rows of 2026-02-12", "没有2026-02-12的数据"),
        |sent, _| {
            sent.rows(Vec::clear);
        },
    ),
    of_days("tushare", "a row twice", Next("came twice", "出现两次"), |sent, _| {
        sent.rows(|rows| rows.push(rows[5].clone()));
    }),
    of_days(
        "tencent",
        "securities missing",
        Without(
            &["000001.SZ", "000002.SZ", "000003.SZ"],
            "no quote of 3 securities",
            "没有3个证券",
        ),
        |sent, told| drop_quotes(sent, told, 3),
    ),
    of_days("tencent", "securities missing once", Nothing, |sent, told| {
        if told.number == 1 {
            drop_quotes(sent, told, 3);
        }
    }),
    of_days(
        "sina",
        "a security that was not asked for",
        Next("not asked for", "没有请求的"),
        |sent, told| {
            sent.text.push_str(&told.made.sina("sh000001"));
        },
    ),
    of_days("sina", "a security twice", Next("twice", "出现两次"), |sent, _| {
        let first = sent.text.lines().next().unwrap().to_owned();
        sent.text.push_str(&first);
    }),
    of_days(
        "tencent",
        "nothing known",
        Next("no row has trade", "没有任何一行有成交"),
        |sent, _| {
            sent.says(200, "v_pv_none_match=\"1\";");
        },
    ),
    Way {
        name: "an index missing once",
        source: "eastmoney",
        missing: Missing::Indices,
        leads: Nothing,
        does: |sent, told| {
            if told.number == 0 {
                sent.rows(|rows| drop(rows.pop()));
            }
        },
    },
    Way {
        name: "an index that was not asked for",
        source: "eastmoney",
        missing: Missing::Indices,
        leads: Next("not asked for", "没有请求的"),
        does: |sent, _| {
            sent.rows(|rows| {
                rows[0]["f13"] = json!(0);
            });
        },
    },
];

/// The request for the first page.
fn first_of(told: &Told) -> serde_json::Value {
    let mut body = told.body();
    body["params"]["offset"] = json!(0);
    body
}

/// Leaves the first quotes of the first batch out.
fn drop_quotes(sent: &mut Sent, told: &Told, count: usize) {
    if told.list().contains("sz000001,") || told.number == 1 {
        let kept: Vec<&str> = sent.text.lines().skip(count).collect();
        sent.text = kept.join("\n");
    }
}
