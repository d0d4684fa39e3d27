//! Invented names, marked so that nobody takes them for a company's.

/// The mark in every name of a simulated security.
pub(crate) const MARK: &str = "模拟";

const FIRST: &str = "海山江河湖星云月日天风雷霜雪雨松竹梅兰菊青苍碧赤金银铜玉珠瑾\
东南西北中华嘉瑞祥泰安康宁和顺裕丰盛隆昌明晨曦曜辉朗景昊晴霁文武德仁义礼智信诚正\
启远博宏广浩恒永承继凌翔飞鹏鸿鹤麒麟龙凤春夏秋冬清澄润泽沐溪";

const SECOND: &str = "川岳峰岭原野林森洲湾澜涛波渊泉渡港桥舟帆城邦州都庭轩阁楼台苑\
石岩砂陶瓷纱绫锦织绣械轮轴枢模具铸锻冶炉光电芯码网讯频弦律谱禾穗谷苗桑麻茶果莲荷\
甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉一二三四五六七八九十";

/// Names in all: one for each pair of syllables.
pub(crate) const COUNT: u32 = 10_000;

/// The industries of the simulation.
pub(crate) const INDUSTRIES: [&str; 32] = [
    "软件", "电池", "机械", "汽车", "化工", "钢铁", "有色", "煤炭", "电力", "燃气", "水务", "建筑",
    "建材", "家居", "纺织", "食品", "饮料", "农业", "医药", "器械", "银行", "证券", "保险", "地产",
    "传媒", "教育", "旅游", "物流", "航运", "通信", "元件", "零售",
];

/// The concept that every company is in, which is no theme.
pub(crate) const EVERY: &str = "两融标的";

/// The concepts of the simulated list, and of which industries a part of the companies is in each.
pub(crate) const CONCEPTS: [(&str, &[&str]); 12] = [
    ("算力", &["软件", "元件", "通信"]),
    ("液冷", &["元件", "机械", "电力"]),
    ("储能", &["电池", "电力", "化工"]),
    ("机器人", &["机械", "汽车", "元件"]),
    ("新能源车", &["汽车", "电池", "有色"]),
    ("稀有金属", &["有色", "钢铁", "煤炭"]),
    ("公用事业", &["电力", "燃气", "水务"]),
    ("大基建", &["建筑", "建材", "钢铁"]),
    ("消费", &["食品", "饮料", "零售"]),
    ("出游", &["旅游", "航运", "传媒"]),
    ("医疗", &["医药", "器械"]),
    ("金融", &["银行", "证券", "保险"]),
];

/// The syllables of the name with a number below [`COUNT`]; different numbers, different names.
pub(crate) fn syllables(number: u32) -> String {
    // 7919 has no factor in common with 10,000, so this walks through every pair once.
    let place = u64::from(number) * 7919 % u64::from(COUNT);
    let nth = |text: &str, n: u64| text.chars().nth(n as usize);
    nth(FIRST, place / 100).into_iter().chain(nth(SECOND, place % 100)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_is_its_own() {
        assert_eq!(FIRST.chars().count(), 100);
        assert_eq!(SECOND.chars().count(), 100);
        let names: BTreeSet<String> = (0..COUNT).map(syllables).collect();
        assert_eq!(names.len(), COUNT as usize);
        assert!(names.iter().all(|name| name.chars().count() == 2));
    }
}
