//! A whole market: thirty-one industries and every built-in chain, with invented figures.

use fupan_brief::{FactSet, Language};
use fupan_fact::{Basis, Name, Scope, Value};
use fupan_market::{Chain, english_group_name};

use super::fixture::{Builder, count, full, ppb};

/// Names of first-level industries, with an invented share of turnover in parts of ten thousand and
/// an invented return in thousandths of a per cent.
const INDUSTRIES: [(&str, i64, i64); 31] = [
    ("电子", 1_911, 3_420),
    ("电力设备", 962, 1_260),
    ("计算机", 873, 540),
    ("机械设备", 731, -330),
    ("通信", 702, 2_180),
    ("医药生物", 594, -1_410),
    ("汽车", 488, -620),
    ("有色金属", 471, 4_730),
    ("基础化工", 412, 210),
    ("国防军工", 366, -2_250),
    ("传媒", 318, 880),
    ("非银金融", 301, -3_160),
    ("食品饮料", 233, -910),
    ("银行", 204, 0),
    ("家用电器", 181, 130),
    ("公用事业", 176, -160),
    ("建筑装饰", 162, 90),
    ("交通运输", 150, -450),
    ("商贸零售", 137, -1_020),
    ("房地产", 124, -2_740),
    ("轻工制造", 118, 270),
    ("农林牧渔", 109, -530),
    ("环保", 97, 310),
    ("石油石化", 92, 1_870),
    ("钢铁", 84, 1_040),
    ("建筑材料", 78, 60),
    ("纺织服饰", 71, -280),
    ("社会服务", 64, -770),
    ("煤炭", 58, -1_690),
    ("美容护理", 31, -340),
    ("综合", 24, 120),
];

fn group(b: &mut Builder, scope: &str, zh: &str, moved: i64) {
    let en = english_group_name(zh).map(str::to_owned);
    b.set.groups.insert(scope.parse().unwrap(), Name { zh: zh.to_owned(), en });
    b.put("equal_weight_return", scope, ppb(moved * 10_000));
    b.put("advances", scope, count(20));
    b.put("declines", scope, count(9));
}

/// The full fixture with other industries, and with chains.
pub fn whole() -> FactSet {
    let mut builder = Builder::new();
    for (place, (zh, share, moved)) in INDUSTRIES.iter().enumerate() {
        let scope = format!("sw1.{}", 801_010 + 10 * place);
        group(&mut builder, &scope, zh, moved - 40);
        builder.put("cap_weight_return", &scope, ppb(moved * 10_000));
        let part = Value::Share { part: *share, whole: 10_000 };
        builder.put("turnover_share", &scope, part);
    }
    for chain in Chain::builtin() {
        for (place, segment) in chain.segments().iter().enumerate() {
            let moved = [5_210, -640, 1_330, 0, 2_480, -1_720, 390, -3_350][place * 5 % 8];
            let zh = segment.name.in_language(Language::Zh);
            group(&mut builder, &segment.group.to_string(), zh, moved + place as i64 * 17);
            let id = segment.group.clone();
            let en = segment.name.in_language(Language::En).to_owned();
            builder.set.groups.insert(id, Name { zh: zh.to_owned(), en: Some(en) });
        }
    }
    let mut set = full(Basis::Exact);
    set.groups.retain(|id, _| id.is_concept());
    set.facts.retain(|key, _| match &key.scope {
        Scope::Group(id) => id.is_concept(),
        _ => true,
    });
    set.facts.extend(builder.set.facts);
    set.groups.extend(builder.set.groups);
    set
}
