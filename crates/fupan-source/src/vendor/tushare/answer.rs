//! Tushare's answers: `{"code": 0, "msg": "", "data": {"fields": ["ts_code", …], "items": [["…"], …],
//! "has_more": false}}`. Fields come under their names, in any order; a row is a list of values. A
//! `code` other than 0 is a refusal, in `msg`'s words.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;

use super::super::answered::{Unfit, json, quoted};
use super::super::objects::{COLUMNS_MAX, scalar};
use super::super::page::{Page, Row};

pub(crate) fn page(bytes: &[u8]) -> Result<Page, Unfit> {
    let answer = json(bytes)?;
    let Some(code) = answer.get("code").and_then(Value::as_i64) else {
        return Err(Unfit::again(
            "the answer is none of Tushare's: it has no `code`",
            "应答不是Tushare的格式：没有`code`",
        ));
    };
    let said = answer.get("msg").and_then(Value::as_str).unwrap_or_default();
    if code != 0 {
        return Err(refused(code, said));
    }
    let data = answer.get("data");
    let list = |name: &str| data.and_then(|data| data.get(name)).and_then(Value::as_array);
    let (Some(fields), Some(items)) = (list("fields"), list("items")) else {
        return Err(Unfit::again(
            "its `data` has no `fields` and `items`",
            "`data`中没有`fields`和`items`",
        ));
    };
    let columns: Vec<String> = fields.iter().filter_map(scalar).collect();
    let different: HashSet<&String> = columns.iter().collect();
    if different.len() != fields.len() || fields.len() > COLUMNS_MAX {
        return Err(Unfit::again(
            "its `fields` are no names, or one of them comes twice, or they are too many",
            "`fields`不是名称，或有重复，或过多",
        ));
    }
    let key = columns.iter().position(|name| matches!(name.as_str(), "ts_code" | "con_code"));
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let values = item.as_array().filter(|values| values.len() == columns.len());
        let Some(values) = values else {
            let (has, wants) = (item.as_array().map_or(0, Vec::len), columns.len());
            return Err(Unfit::again(
                format!("a row has {has} values where there are {wants} fields"),
                format!("有一行是{has}个值，而字段有{wants}个"),
            ));
        };
        let cells: Vec<Option<String>> = values.iter().map(scalar).collect();
        let key = key.and_then(|key| cells[key].clone()).unwrap_or_default();
        rows.push(Row { cells, key, at: None, traded: false });
    }
    let more = data.and_then(|data| data.get("has_more")).and_then(Value::as_bool);
    Ok(Page { columns, rows, total: None, more })
}

/// What a refusal means. Of one code there are refusals that pass within a minute and others that
/// never do, so that the words decide.
fn refused(code: i64, said: &str) -> Unfit {
    let quote = quoted(said);
    let (en, zh) = (
        format!("Tushare refuses ({code}): “{quote}”"),
        format!("Tushare拒绝（{code}）：“{quote}”"),
    );
    let later = |seconds| Unfit::later(Duration::from_secs(seconds), en.clone(), zh.clone());
    let has = |word: &str| said.contains(word);
    match code.abs() {
        _ if has("每分钟") => later(60),
        _ if has("每小时") => later(3_600),
        _ if has("每天") => Unfit::never(
            format!("{en}; the quota of the day is used up"),
            format!("{zh}；当日额度已用完"),
        ),
        40001 | 2001 => {
            Unfit::never(format!("{en}; check TUSHARE_TOKEN"), format!("{zh}；请检查TUSHARE_TOKEN"))
        }
        _ if has("token") || has("TOKEN") => {
            Unfit::never(format!("{en}; check TUSHARE_TOKEN"), format!("{zh}；请检查TUSHARE_TOKEN"))
        }
        2002 => Unfit::never(
            format!("{en}; the account lacks the points for it"),
            format!("{zh}；账户积分不足"),
        ),
        _ if has("权限") => Unfit::never(
            format!("{en}; the account lacks the points for it"),
            format!("{zh}；账户积分不足"),
        ),
        40203 => later(60),
        _ => Unfit::again(en, zh),
    }
}
