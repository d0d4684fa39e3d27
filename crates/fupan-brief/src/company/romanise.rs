//! An English name made from a Chinese one: words of the dictionary in English, the rest as it is
//! read in Mandarin.

use pinyin::ToPinyin as _;

use super::is_han;
use super::words::WORDS;

/// What is left of a last word that the exchange has cut, and the rest of the word.
const CUT: [(char, &str); 11] = [
    ('科', "技"),
    ('股', "份"),
    ('集', "团"),
    ('传', "媒"),
    ('证', "券"),
    ('国', "际"),
    ('汽', "车"),
    ('药', "业"),
    ('轴', "承"),
    ('家', "居"),
    ('储', "能"),
];

/// Characters that stand for a province or a city before another word.
const REGIONS: &str = "粤深沪鲁苏浙皖赣闽湘鄂桂滇黔渝蜀陕甘津冀晋豫辽京琼";

/// The name in Latin letters; `None` if a character cannot be read. `cut` says that the exchange
/// may have left out its end.
pub(super) fn romanise(name: &str, cut: bool) -> Option<String> {
    // Three characters are left beside the mark of a day; a shorter name is whole.
    let cut = cut && name.chars().count() >= 3;
    let rest = CUT.iter().find(|(left, _)| cut && name.ends_with(*left));
    let name = format!("{name}{}", rest.map_or("", |(_, rest)| *rest));
    let mut printed = String::new();
    let mut left = name.as_str();
    while let Some(first) = left.chars().next() {
        let other = |character: char| is_han(character) != is_han(first);
        let (run, after) = left.split_at(left.find(other).unwrap_or(left.len()));
        left = after;
        if is_han(first) {
            let inner = printed.ends_with(char::is_alphanumeric);
            english_words(run, inner)?.into_iter().for_each(|word| push(&mut printed, &word));
        } else if run.chars().all(is_western) {
            push(&mut printed, run);
        } else {
            return None;
        }
    }
    Some(printed)
}

/// Letters of other scripts are not romanised, nor are the signs of East Asian ones.
fn is_western(character: char) -> bool {
    u32::from(character) < 0x0370 || matches!(u32::from(character), 0x2000..0x2e80)
}

/// Adds a word, after a space if letters would meet.
fn push(printed: &mut String, word: &str) {
    let letter = |end: Option<char>| end.is_some_and(char::is_alphanumeric);
    if letter(printed.chars().next_back()) && letter(word.chars().next()) {
        printed.push(' ');
    }
    printed.push_str(word);
}

/// The words of a name in Chinese characters. `inner` says that Latin ones are before it.
fn english_words(name: &str, inner: bool) -> Option<Vec<String>> {
    let (rest, lead) = match WORDS.lead(name) {
        // One character after a place says nothing.
        Some((rest, lead)) if rest.chars().count() != 1 || WORDS.of_place(rest).is_some() => {
            (rest, Some(lead))
        }
        _ => (name, None),
    };
    let led = inner || lead.is_some();
    let (rest, ends) = last_words(rest, led);
    let mut words: Vec<String> = lead.map(str::to_owned).into_iter().collect();
    match WORDS.of_place(rest).filter(|_| lead.is_some()) {
        Some(english) => words.push(english.to_owned()),
        None => words.extend(spelt(rest)?),
    }
    words.extend(ends.into_iter().map(str::to_owned));
    Some(words)
}

/// What is before the words of the dictionary that a name ends in, and these. A word that begins
/// a name, or comes after a character that means nothing by itself, is part of what the company
/// is called, unless the name is `led` by another word.
fn last_words(name: &str, led: bool) -> (&str, Vec<&'static str>) {
    let mut rest = name;
    let mut ends: Vec<(&str, &'static str)> = Vec::new();
    while let Some((before, english)) = WORDS.end(rest) {
        ends.insert(0, (rest, english));
        rest = before;
    }
    let bare = rest.is_empty() || (rest.chars().count() == 1 && !REGIONS.contains(rest));
    if bare && !led && !ends.is_empty() {
        (rest, _) = ends.remove(0);
    }
    let english = ends.into_iter().map(|(_, english)| english);
    (rest, english.filter(|english| !english.is_empty()).collect())
}

/// Characters as they are read, in words of two or three, as Chinese names are spoken.
fn spelt(name: &str) -> Option<Vec<String>> {
    let syllables = syllables(name)?;
    let mut left = syllables.as_slice();
    let mut words = Vec::new();
    while !left.is_empty() {
        let length = if left.len() <= 3 { left.len() } else { 2 };
        let (word, rest) = left.split_at(length);
        words.push(capitalised(&joined(word)));
        left = rest;
    }
    Some(words)
}

/// Syllables as one word, with an apostrophe where they would be taken for others.
fn joined(syllables: &[String]) -> String {
    let mut word = String::new();
    for syllable in syllables {
        if !word.is_empty() && syllable.starts_with(['a', 'e', 'o']) {
            word.push('\'');
        }
        word.push_str(syllable);
    }
    word
}

fn syllables(name: &str) -> Option<Vec<String>> {
    let mut syllables = Vec::new();
    let mut left = name;
    while let Some(character) = left.chars().next() {
        if let Some((rest, reading)) = WORDS.reading(left) {
            syllables.extend(reading.split(' ').map(str::to_owned));
            left = rest;
            continue;
        }
        // Companies write v for ü.
        syllables.push(character.to_pinyin()?.plain().replace('ü', "v"));
        left = &left[character.len_utf8()..];
    }
    let plain = |syllable: &String| syllable.chars().all(|c| c.is_ascii_lowercase());
    syllables.iter().all(plain).then_some(syllables)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_words_of_the_dictionary_and_the_rest_as_it_is_read() {
        for (zh, en) in [
            ("大位科技", "Dawei Technology"),
            ("思源电气", "Siyuan Electric"),
            ("四方股份", "Sifang"),
            ("横店影视", "Hengdian Film"),
            ("海欣食品", "Haixin Foods"),
            ("亚振", "Yazhen"),
            ("特发信息", "Tefa Information"),
            ("合肥城建", "Hefei Urban Construction"),
            ("浙江东方", "Zhejiang Dongfang"),
            ("锐科微电子", "Ruike Microelectronics"),
            ("华大信息技术", "Huada Information Technology"),
            ("九号公司", "Jiuhao"),
            // Four characters and more are two words.
            ("德赛西威", "Desai Xiwei"),
            ("哈焊华通智能", "Hahan Huatong Intelligent"),
            ("一二三四五", "Yi'er Sansiwu"),
            // A word is of a place, a company or the market.
            ("青岛港", "Qingdao Port"),
            ("连云港", "Lianyungang"),
            ("维港", "Weigang"),
            ("粤高速", "Yue Expressway"),
            // A word of the dictionary by itself is no translation.
            ("高科", "Gaoke"),
            ("股份", "Gufen"),
            ("生物股份", "Shengwu"),
            ("新动力", "Xindongli"),
            ("国际医学", "International Medical"),
            ("精工科技", "Jinggong Technology"),
            ("创新集团股份", "Chuangxin Group"),
            ("数字人", "Shuziren"),
            // Latin letters and figures.
            ("TCL智家", "TCL Smart Home"),
            ("GQY视讯", "GQY Video"),
            ("3D打印科技", "3D Dayin Technology"),
            ("`甲`*乙*(丙)", "`Jia`*Yi*(Bing)"),
            ("L'甲", "L'Jia"),
            ("", ""),
        ] {
            assert_eq!(romanise(zh, false).as_deref(), Some(en), "{zh}");
        }
    }

    #[test]
    fn characters_are_read_as_they_are_in_names() {
        for (zh, en) in [
            ("重庆", "Chongqing"),
            ("新重庆", "Xinchongqing"),
            ("中联重科", "Zhonglian Zhongke"),
            ("厦门", "Xiamen"),
            ("厦钨新能", "Xiawu New Energy"),
            ("西藏", "Tibet"),
            ("藏格矿业", "Zangge Mining"),
            ("长虹", "Changhong"),
            ("成长", "Chengchang"),
            ("南都电源", "Nandu Power Supply"),
            ("某某银行", "Moumou Bank"),
            ("华致酒行", "Huazhi Jiuhang"),
            ("永安行", "Yong'anxing"),
            ("会稽山", "Kuaijishan"),
            ("大参林", "Dashenlin"),
            ("乐普", "Lepu"),
            ("佛慈制药", "Foci Pharmaceutical"),
            ("苏泊尔", "Subo'er"),
            ("绿通", "Lvtong"),
            ("解百", "Jiebai"),
            ("富安娜", "Fu'anna"),
            ("西安奕材", "Xi'an Yicai"),
        ] {
            assert_eq!(romanise(zh, false).as_deref(), Some(en), "{zh}");
        }
    }

    #[test]
    fn a_cut_name_is_completed_where_its_last_word_is_known() {
        for (zh, whole, cut) in [
            ("铁大科", "Tiedake", "Tieda Technology"),
            ("维维股", "Weiweigu", "Weiwei"),
            ("皖新传", "Wanxinchuan", "Wanxin Media"),
            ("科创新", "Kechuangxin", "Kechuangxin"),
            ("新科", "Xinke", "Xinke"),
        ] {
            assert_eq!(romanise(zh, false).as_deref(), Some(whole), "{zh}");
            assert_eq!(romanise(zh, true).as_deref(), Some(cut), "{zh}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_no_romanised_name() {
        for zh in ["ア科技", "한국", "甲\u{2ceb0}", "甲、乙", "Ж"] {
            assert_eq!(romanise(zh, false), None, "{zh}");
        }
    }
}
