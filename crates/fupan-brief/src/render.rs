//! Inlines as plain text, shared by all exporters.

use fupan_fact::{AsOf, Band, FactKey, FactSet, Scope};
use fupan_market::{Board, Exchange, GroupId, SecurityKind, SessionDate, Symbol, shown_name};

use crate::document::Inline;
use crate::{Format, Language, format, industry_names};

/// One inline as text.
pub(crate) fn plain(inline: &Inline, facts: &FactSet, language: Language) -> String {
    match inline {
        Inline::Text(words) => words.clone(),
        Inline::Fact(key, how) => figure(key, *how, facts, language),
        Inline::Name(symbol) => name(*symbol, facts, language),
        Inline::Scope(scope) => scope_label(scope, facts, language),
        Inline::Parameter(key) => parameter(key, language),
        Inline::Date(session) => date(*session, language),
        Inline::Day(session) => day(*session, language),
        Inline::ShortDate(session) => {
            let date = session.date();
            format!("{:02}-{:02}", date.month(), date.day())
        }
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

/// The name of a security or an index. In English text, a share without an English name has its
/// Chinese one followed by its symbol.
pub(crate) fn name(symbol: Symbol, facts: &FactSet, language: Language) -> String {
    let Some(name) = facts.names.get(&symbol) else { return symbol.to_string() };
    match (language, &name.en) {
        (Language::Zh, _) => shown_name(&name.zh),
        (Language::En, Some(en)) => shown_name(en),
        (Language::En, None) if symbol.kind() == SecurityKind::Index => shown_name(&name.zh),
        (Language::En, None) => format!("{}\u{a0}({symbol})", shown_name(&name.zh)),
    }
}

/// Text from data, with characters escaped that would reorder or hide the text around them.
pub(crate) fn visible(text: &str) -> String {
    fupan_market::shown(text).into_owned()
}

/// A market, board or price-limit class in words.
pub(crate) fn scope_label(scope: &Scope, facts: &FactSet, language: Language) -> String {
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
        Scope::Band(Band::Ten) => ("10%涨跌幅", "10\u{202f}% limit"),
        Scope::Band(Band::Twenty) => ("20%涨跌幅", "20\u{202f}% limit"),
        Scope::Band(Band::Thirty) => ("30%涨跌幅", "30\u{202f}% limit"),
        Scope::Band(Band::RiskWarning) => ("风险警示（ST）", "Risk warning (ST)"),
        Scope::Group(id) => return group_name(id, facts, language),
        Scope::Security(symbol) => return name(*symbol, facts, language),
    };
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// The English name of an industry, or its Chinese one if it has none.
fn group_name(id: &GroupId, facts: &FactSet, language: Language) -> String {
    let Some(name) = facts.groups.get(id) else { return visible(&id.to_string()) };
    let en = || name.en.as_deref().or_else(|| industry_names::english(&name.zh));
    match language {
        Language::Zh => shown_name(&name.zh),
        Language::En => shown_name(en().unwrap_or(&name.zh)),
    }
}

/// The parameter of a measure in words: a rung of the ladder, a bin of the distribution, a size
/// decile.
pub(crate) fn parameter(key: &FactKey, language: Language) -> String {
    let parameter = key.measure.parameter().unwrap_or_default();
    match key.measure.name() {
        "return_bin" => bin(parameter, language),
        _ => visible(parameter),
    }
}

fn bin(id: &str, language: Language) -> String {
    let zh = language == Language::Zh;
    match id {
        "down-limit" => return if zh { "跌停" } else { "Limit" }.to_owned(),
        "up-limit" => return if zh { "涨停" } else { "Limit" }.to_owned(),
        "flat" => return if zh { "平" } else { "Flat" }.to_owned(),
        _ => {}
    }
    let Some((side, range)) = id.split_once('-') else { return visible(id) };
    match (range.split_once('-'), side) {
        (Some(("over", bound)), _) => format!(">{bound}"),
        (Some((low, high)), "down") => format!("{high}–{low}"),
        (Some((low, high)), _) => format!("{low}–{high}"),
        (None, _) => visible(id),
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

fn day(session: SessionDate, language: Language) -> String {
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
    let (year, month, day) = (session.date().year(), session.date().month(), session.date().day());
    match language {
        Language::Zh => format!("{year}年{month}月{day}日"),
        Language::En => format!("{day} {} {year}", MONTHS[(month - 1) as usize % 12]),
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
