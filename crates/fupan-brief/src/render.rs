//! Inlines as plain text, shared by all exporters.

use fupan_fact::{AsOf, BandClass, FactKey, FactSet, Scope, Value};
use fupan_market::{
    Board, Exchange, GroupId, SecurityKind, SessionDate, Symbol, group_name_in_sentence, shown_name,
};

use crate::document::Inline;
use crate::{Format, Language, Tone, company, format};

/// One inline as text.
pub(crate) fn plain(inline: &Inline, facts: &FactSet, language: Language) -> String {
    match inline {
        Inline::Text(words) => words.clone(),
        Inline::Fact(key, how) => figure(key, *how, facts, language),
        Inline::Name(symbol) => name(*symbol, facts, language),
        Inline::Press(symbol) => press_name(*symbol, facts, language),
        Inline::Chinese(symbol) => chinese_name(*symbol, facts),
        Inline::Code(symbol) => symbol.to_string(),
        Inline::Scope(scope) => scope_label(scope, facts, language),
        Inline::Group(id) => match language {
            Language::Zh => group_name(id, facts, language),
            Language::En => group_name_in_sentence(&group_name(id, facts, language)),
        },
        Inline::Parameter(key) => parameter(key, language),
        Inline::Window(key) => window(key),
        Inline::Date(session) => date(*session, language),
        Inline::Day(session) => day(*session, language),
        Inline::ShortDate(session) => short_day(*session, language),
        Inline::Instant(as_of) => instant(*as_of),
        Inline::FindingCount(place) => facts
            .findings
            .get(*place)
            .map_or_else(|| format::UNKNOWN.to_owned(), |finding| finding.count.to_string()),
        Inline::Quoted(words) => visible(words),
    }
}

/// A run of inlines as text.
pub(crate) fn plain_run(run: &[Inline], facts: &FactSet, language: Language) -> String {
    run.iter().map(|inline| plain(inline, facts, language)).collect()
}

/// A figure as text; a dash if the facts do not have it.
pub(crate) fn figure(key: &FactKey, how: Format, facts: &FactSet, language: Language) -> String {
    match facts.get(key) {
        Some(fact) => format::display(fact, how, language),
        None => format::UNKNOWN.to_owned(),
    }
}

/// The direction that colours a figure: only changes of prices and levels have one.
pub(crate) fn direction(key: &FactKey, how: Format, value: &Value) -> Option<Tone> {
    let coloured = how == Format::Change && !key.measure.name().starts_with("turnover");
    coloured.then(|| format::tone(value)).flatten()
}

/// Indices that the press has names of its own for: Chinese in sentences, English everywhere.
const PRESS_NAMES: [(&str, &str, &str); 2] =
    [("000001.SH", "沪指", "Shanghai Composite"), ("399001.SZ", "深成指", "Shenzhen Component")];

/// The name of an index in a sentence.
fn press_name(symbol: Symbol, facts: &FactSet, language: Language) -> String {
    let listed = PRESS_NAMES.iter().find(|(of, _, _)| *of == symbol.to_string());
    match (listed, language) {
        (Some((_, zh, _)), Language::Zh) if facts.names.contains_key(&symbol) => (*zh).to_owned(),
        _ => name(symbol, facts, language),
    }
}

/// The name of a security or an index.
pub(crate) fn name(symbol: Symbol, facts: &FactSet, language: Language) -> String {
    let Some(name) = facts.names.get(&symbol) else { return symbol.to_string() };
    let listed = PRESS_NAMES.iter().find(|(of, _, _)| *of == symbol.to_string());
    match (language, listed) {
        (Language::Zh, _) => shown_name(&name.zh),
        (Language::En, Some((_, _, en))) => (*en).to_owned(),
        (Language::En, None) if symbol.kind() == SecurityKind::Index => {
            shown_name(name.en.as_ref().unwrap_or(&name.zh))
        }
        (Language::En, None) => company::english(symbol, name),
    }
}

/// The Chinese name of a security.
pub(crate) fn chinese_name(symbol: Symbol, facts: &FactSet) -> String {
    facts.names.get(&symbol).map_or_else(|| symbol.to_string(), |name| shown_name(&name.zh))
}

/// The name of a security where none else tells it from others of a like name: English ones are
/// followed by the code.
fn told_apart(symbol: Symbol, facts: &FactSet, language: Language) -> String {
    let name = name(symbol, facts, language);
    let company = language == Language::En && is_company(symbol, facts);
    let coded = company && name != symbol.to_string();
    if coded { format!("{name}\u{a0}({symbol})") } else { name }
}

/// Whether a symbol is of a company, and not of an index, with a name in the facts.
pub(crate) fn is_company(symbol: Symbol, facts: &FactSet) -> bool {
    symbol.kind() != SecurityKind::Index && facts.names.contains_key(&symbol)
}

/// Text from data, with characters escaped that would reorder or hide the text around them.
pub(crate) fn visible(text: &str) -> String {
    fupan_market::shown(text).into_owned()
}

/// A scope in words: a market, a board, a price-limit class, a group by its name, or a security by
/// its name if the facts have one.
pub fn scope_label(scope: &Scope, facts: &FactSet, language: Language) -> String {
    let (zh, en) = match scope {
        Scope::AllA => ("全部A股", "All A-shares"),
        Scope::SseSzse => ("沪深两市", "Shanghai and Shenzhen"),
        Scope::Exchange(Exchange::Sse) => ("沪市", "Shanghai"),
        Scope::Exchange(Exchange::Szse) => ("深市", "Shenzhen"),
        Scope::Exchange(Exchange::Bse) => ("北交所", "Beijing"),
        Scope::Board(Board::Main) => ("主板", "Main board"),
        Scope::Board(Board::ChiNext) => ("创业板", "ChiNext"),
        Scope::Board(Board::Star) => ("科创板", "STAR"),
        Scope::Board(Board::Bse) => ("北交所", "Beijing"),
        Scope::Band(BandClass::Ten) => ("10%涨跌幅", "10% limit"),
        Scope::Band(BandClass::Twenty) => ("20%涨跌幅", "20% limit"),
        Scope::Band(BandClass::Thirty) => ("30%涨跌幅", "30% limit"),
        Scope::Band(BandClass::RiskWarning) => ("风险警示（ST）", "Risk warning (ST)"),
        Scope::Group(id) => return group_name(id, facts, language),
        Scope::Security(symbol) => return told_apart(*symbol, facts, language),
    };
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// The English name of an industry, or its Chinese one if it has none.
fn group_name(id: &GroupId, facts: &FactSet, language: Language) -> String {
    let Some(name) = facts.groups.get(id) else { return visible(&id.to_string()) };
    let en = || name.en.as_deref();
    match language {
        Language::Zh => shown_name(&name.zh),
        Language::En => shown_name(en().unwrap_or(&name.zh)),
    }
}

/// The number in a measure's name: `20` of `turnover_vs_ma20`.
fn window(key: &FactKey) -> String {
    let name = key.measure.name();
    name.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}

/// The parameter of a measure in words: a rung of the ladder, a bin of the distribution, a size
/// decile.
pub(crate) fn parameter(key: &FactKey, language: Language) -> String {
    let parameter = key.measure.parameter().unwrap_or_default();
    match key.measure.name() {
        "return_bin" => bin(parameter, language),
        "promotion_rate" | "promotion_suspended" => promoted(parameter, language),
        _ => visible(parameter),
    }
}

/// A bin of returns: its side in words, its bounds in per cent.
fn bin(id: &str, language: Language) -> String {
    let zh = language == Language::Zh;
    let words = |zh_words: &str, en: &str| if zh { zh_words } else { en }.to_owned();
    match id {
        "down-limit" => return words("跌停", "Limit-down"),
        "up-limit" => return words("涨停", "Limit-up"),
        "flat" => return words("平盘", "Unchanged"),
        _ => {}
    }
    let side = match id.split_once('-') {
        Some(("down", _)) => words("跌", "Down"),
        Some(("up", _)) => words("涨", "Up"),
        _ => return visible(id),
    };
    let bounds = id.split_once('-').map_or("", |(_, bounds)| bounds);
    match (bounds.split_once('-'), language) {
        (Some(("over", bound)), Language::Zh) => format!("{side}超{bound}%"),
        (Some(("over", bound)), Language::En) => format!("{side} over {bound}%"),
        (Some((low, high)), Language::Zh) => format!("{side}{low}%~{high}%"),
        (Some((low, high)), Language::En) => format!("{side} {low}–{high}%"),
        (None, _) => visible(id),
    }
}

/// A class of the previous session's limit-ups.
fn promoted(id: &str, language: Language) -> String {
    let (zh, en) = match id {
        "all" => ("全部", "all"),
        "1" => ("首板", "first limit-ups"),
        "from-2" => ("两板及以上", "two or more in a row"),
        _ => return visible(id),
    };
    if language == Language::Zh { zh } else { en }.to_owned()
}

/// The mean of the sessions that a measure compares with, in words.
pub(crate) fn mean_label(key: &FactKey, language: Language) -> String {
    match language {
        Language::Zh => format!("前{}日均额", window(key)),
        Language::En => format!("{}-session average", window(key)),
    }
}

fn date(session: SessionDate, language: Language) -> String {
    const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    const EN: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let weekday = session.date().weekday().to_monday_zero_offset() as usize % 7;
    let day = day(session, language);
    match language {
        Language::Zh => format!("{day}（星期{}）", ZH[weekday]),
        Language::En => format!("{}, {day}", EN[weekday]),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(session: SessionDate) -> &'static str {
    MONTHS[(session.date().month() - 1) as usize % 12]
}

fn day(session: SessionDate, language: Language) -> String {
    let (year, day) = (session.date().year(), session.date().day());
    match language {
        Language::Zh => format!("{year}年{}月{day}日", session.date().month()),
        Language::En => format!("{day} {} {year}", month(session)),
    }
}

/// A day without its year; the month in three letters.
fn short_day(session: SessionDate, language: Language) -> String {
    let day = session.date().day();
    match language {
        Language::Zh => format!("{}月{day}日", session.date().month()),
        Language::En => format!("{day} {}", &month(session)[..3]),
    }
}

fn instant(as_of: AsOf) -> String {
    match as_of {
        AsOf::Close => String::new(),
        AsOf::Instant(seconds) => {
            let text = AsOf::Instant(seconds).to_string();
            text.strip_suffix(":00").unwrap_or(&text).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use fupan_fact::Name;

    use super::*;

    const BOTH: [Language; 2] = [Language::Zh, Language::En];

    fn facts() -> FactSet {
        FactSet::new("2026-02-12".parse().unwrap())
    }

    fn named(zh: &str, en: Option<&str>) -> Name {
        Name { zh: zh.to_owned(), en: en.map(str::to_owned) }
    }

    /// Both languages, with plain spaces.
    fn both(of: impl Fn(Language) -> String) -> [String; 2] {
        BOTH.map(|language| of(language).replace('\u{a0}', " "))
    }

    #[test]
    fn a_security_is_printed_by_its_name_in_the_language() {
        let mut facts = facts();
        for (symbol, zh, en) in [
            ("600519.SH", "贵州茅台", None),
            ("300750.SZ", "宁德时代", Some("CATL")),
            ("000016.SH", "上证50", None),
            ("000001.SH", "上证指数", Some("SSE Composite")),
        ] {
            facts.names.insert(symbol.parse().unwrap(), named(zh, en));
        }
        for (symbol, zh, en) in [
            ("600519.SH", "贵州茅台", "Kweichow Moutai"),
            ("300750.SZ", "宁德时代", "CATL"),
            ("000016.SH", "上证50", "上证50"),
            ("000001.SH", "上证指数", "Shanghai Composite"),
            ("600000.SH", "600000.SH", "600000.SH"),
        ] {
            let symbol: Symbol = symbol.parse().unwrap();
            assert_eq!(both(|language| name(symbol, &facts, language)), [zh, en]);
            let press = both(|language| plain(&Inline::Press(symbol), &facts, language));
            let zh_press = if symbol.to_string() == "000001.SH" { "沪指" } else { zh };
            assert_eq!(press, [zh_press, en]);
            let plain_in = |inline: Inline| both(|language| plain(&inline, &facts, language));
            assert_eq!(plain_in(Inline::Chinese(symbol)), [zh, zh]);
            assert_eq!(plain_in(Inline::Code(symbol)), [symbol.to_string(), symbol.to_string()]);
            let company = is_company(symbol, &facts);
            let scope_en = if company { format!("{en} ({symbol})") } else { en.to_owned() };
            let scope = Scope::Security(symbol);
            let scopes = both(|language| scope_label(&scope, &facts, language));
            assert_eq!(scopes, [zh.to_owned(), scope_en]);
        }
    }

    #[test]
    fn a_set_of_shares_is_printed_in_words() {
        let mut facts = facts();
        for (group, zh, en) in [
            ("sw1.801080", "电子", Some("Electronics")),
            ("sw1.801780", "银行", Some("Lenders")),
            ("sw1.990001", "虚构行业", None),
        ] {
            facts.groups.insert(group.parse().unwrap(), named(zh, en));
        }
        for (scope, zh, en) in [
            ("all-a", "全部A股", "All A-shares"),
            ("sse-szse", "沪深两市", "Shanghai and Shenzhen"),
            ("sse", "沪市", "Shanghai"),
            ("szse", "深市", "Shenzhen"),
            ("bse", "北交所", "Beijing"),
            ("main", "主板", "Main board"),
            ("chinext", "创业板", "ChiNext"),
            ("star", "科创板", "STAR"),
            ("bse-board", "北交所", "Beijing"),
            ("band-10", "10%涨跌幅", "10% limit"),
            ("band-20", "20%涨跌幅", "20% limit"),
            ("band-30", "30%涨跌幅", "30% limit"),
            ("band-st", "风险警示（ST）", "Risk warning (ST)"),
            ("sw1.801080", "电子", "Electronics"),
            ("sw1.801780", "银行", "Lenders"),
            ("sw1.990001", "虚构行业", "虚构行业"),
            ("sw1.801950", "sw1.801950", "sw1.801950"),
        ] {
            let parsed: Scope = scope.parse().unwrap();
            let labels = both(|language| scope_label(&parsed, &facts, language));
            assert_eq!(labels, [zh, en], "{scope}");
        }
    }

    #[test]
    fn a_bin_of_returns_is_printed_by_its_bounds() {
        for (id, zh, en) in [
            ("down-limit", "跌停", "Limit-down"),
            ("down-over-7", "跌超7%", "Down over 7%"),
            ("down-5-7", "跌5%~7%", "Down 5–7%"),
            ("down-0-1", "跌0%~1%", "Down 0–1%"),
            ("flat", "平盘", "Unchanged"),
            ("up-1-3", "涨1%~3%", "Up 1–3%"),
            ("up-5-7", "涨5%~7%", "Up 5–7%"),
            ("up-over-7", "涨超7%", "Up over 7%"),
            ("up-limit", "涨停", "Limit-up"),
            ("up-some", "up-some", "up-some"),
            ("other", "other", "other"),
        ] {
            let key: FactKey = format!("return_bin:{id}/all-a/2026-02-12/close").parse().unwrap();
            assert_eq!(both(|language| parameter(&key, language)), [zh, en], "{id}");
        }
        for (id, zh, en) in [
            ("all", "全部", "all"),
            ("1", "首板", "first limit-ups"),
            ("from-2", "两板及以上", "two or more in a row"),
        ] {
            let key = format!("promotion_rate:{id}/all-a/2026-02-12/close").parse().unwrap();
            assert_eq!(both(|language| parameter(&key, language)), [zh, en]);
        }
        for (measure, number) in [("turnover_vs_ma20", "20"), ("percentile_250:turnover", "250")] {
            let key: FactKey = format!("{measure}/all-a/2026-02-12/close").parse().unwrap();
            assert_eq!(plain(&Inline::Window(key), &facts(), Language::En), number);
        }
        let rung: FactKey = "limit_up_ladder:4/all-a/2026-02-12/close".parse().unwrap();
        assert_eq!(both(|language| parameter(&rung, language)), ["4", "4"]);
    }

    #[test]
    fn a_day_is_printed_in_words() {
        for (session, zh, en) in [
            ("2026-01-05", "2026年1月5日（星期一）", "Monday, 5 January 2026"),
            ("2026-02-12", "2026年2月12日（星期四）", "Thursday, 12 February 2026"),
            ("2025-12-31", "2025年12月31日（星期三）", "Wednesday, 31 December 2025"),
            ("2024-02-04", "2024年2月4日（星期日）", "Sunday, 4 February 2024"),
        ] {
            let session: SessionDate = session.parse().unwrap();
            assert_eq!(both(|language| date(session, language)), [zh, en]);
            let days = both(|language| plain(&Inline::Day(session), &facts(), language));
            assert!(zh.starts_with(&days[0]) && en.ends_with(&days[1]), "{days:?}");
        }
        let short = Inline::ShortDate("2026-02-05".parse().unwrap());
        assert_eq!(both(|language| plain(&short, &facts(), language)), ["2月5日", "5 Feb"]);
    }

    #[test]
    fn an_instant_is_printed_to_the_minute_where_it_is_one() {
        let printed = |second| plain(&Inline::Instant(second), &facts(), Language::En);
        assert_eq!(printed(AsOf::Close), "");
        assert_eq!(printed(AsOf::Instant(41_400)), "11:30");
        assert_eq!(printed(AsOf::Instant(41_405)), "11:30:05");
        assert_eq!(printed(AsOf::Instant(0)), "00:00");
    }

    #[test]
    fn what_the_facts_do_not_have_is_a_dash() {
        let key: FactKey = "advances/all-a/2026-02-12/close".parse().unwrap();
        assert_eq!(figure(&key, Format::Plain, &facts(), Language::En), "—");
        assert_eq!(plain(&Inline::FindingCount(0), &facts(), Language::En), "—");
        let run = [Inline::Text("a".to_owned()), Inline::Quoted("b\u{1b}".to_owned())];
        assert_eq!(plain_run(&run, &facts(), Language::Zh), "ab\\u{1b}");
    }
}
