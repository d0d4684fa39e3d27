//! Explains why no figure has a key.
//!
//! The hints never suggest a figure of another company: a symbol close in spelling is no closer in
//! meaning.

use fupan_fact::{AsOf, FactKey, FactSet, Scope};
use fupan_market::{GroupId, SecurityKind, Symbol, Wording, nearest};
use fupan_measure::{Kind, Measure, catalogue};

/// Why no figure has the key, and which key may have been meant.
pub(crate) fn because(facts: &FactSet, key: &FactKey) -> Wording {
    let Some(measure) = catalogue().iter().find(|known| known.name() == key.measure.name()) else {
        return no_measure(facts, key);
    };
    match &key.scope {
        Scope::Security(symbol) if measure.is_of_funds() || is_fund(*symbol) => {
            of_fund(measure, *symbol)
        }
        Scope::Security(symbol) if measure.is_of_securities() => {
            not_of(facts, measure, (*symbol, key.as_of))
        }
        Scope::Security(symbol) if measure.is_of_indices() => no_index(measure, *symbol),
        Scope::Group(id) => no_group(facts, measure, (id, key.as_of)),
        _ => other(facts, measure, key),
    }
}

/// The measure does not exist. Suggests one with a similar name over the same scope.
fn no_measure(facts: &FactSet, key: &FactKey) -> Wording {
    let name = key.measure.name();
    let same = |other: &&FactKey| {
        (&other.scope, other.as_of, other.session) == (&key.scope, key.as_of, key.session)
    };
    let like = || facts.facts.keys().filter(same);
    let meant = nearest(name, like().map(|other| other.measure.name()));
    let near = meant.and_then(|meant| like().find(|other| other.measure.name() == meant));
    let (en, zh) = match near {
        Some(near) => (format!("; did you mean {near}?"), format!("；是否指{near}？")),
        None => (String::new(), String::new()),
    };
    Wording::new(
        format!("there is no measure `{name}`{en}; `fupan measures` lists them"),
        format!("没有指标`{name}`{zh}；`fupan measures`列出全部指标"),
    )
}

/// The measure is over single securities, and this one has no such figure.
fn not_of(facts: &FactSet, measure: &Measure, (symbol, as_of): (Symbol, AsOf)) -> Wording {
    let name = facts.names.get(&symbol).map(|name| fupan_market::shown_name(&name.zh));
    let (en, zh) = match name {
        Some(name) => (format!("{symbol} ({name})"), format!("{symbol}（{name}）")),
        None => (symbol.to_string(), symbol.to_string()),
    };
    let (label, over) = (measure.label, measure.population());
    let kept = Wording::new(
        format!(
            "\u{201c}{}\u{201d} is reported only for {}",
            label.en,
            over.en.trim_end_matches('.')
        ),
        format!("\u{201c}{}\u{201d}只记录{}", label.zh, over.zh),
    );
    if symbol.kind() == SecurityKind::Index {
        return Wording::new(
            format!("{en} is an index; {}", kept.en),
            format!("{zh}是指数；{}", kept.zh),
        );
    }
    let (was_not, not_zh) = match measure.id {
        "limit_up_streak_at_least" | "limit_up_cluster_days" | "limit_up_cluster_boards" => {
            ("is not known to have been sealed in that session", "当日未见涨停")
        }
        _ if as_of == AsOf::Close
            && matches!(
                measure.kind,
                Kind::Security { .. } | Kind::Rank { .. } | Kind::OwnPast { .. }
            ) =>
        {
            (
                "did not trade in that session, or the data lack it",
                "当日没有成交，或数据中没有该股票",
            )
        }
        _ => ("is not one of them in that session", "当日不在其中"),
    };
    Wording::new(format!("{en} {was_not}; {}", kept.en), format!("{zh}{not_zh}；{}", kept.zh))
}

fn is_fund(symbol: Symbol) -> bool {
    symbol.kind() == SecurityKind::Fund
}

/// The fund has no such figure, or the security that has none is no fund.
fn of_fund(measure: &Measure, symbol: Symbol) -> Wording {
    let (en, zh) = (measure.label.en, measure.label.zh);
    match (measure.is_of_funds(), is_fund(symbol)) {
        (true, true) => Wording::new(
            format!(
                "the fund {symbol} did not trade in that session, or the data have no bar of it; \
                 `fupan sql \"SELECT * FROM fund_bar WHERE symbol = '{symbol}'\"` shows what they hold"
            ),
            format!(
                "基金{symbol}当日没有成交，或数据中没有它的行情；数据中的行情见`fupan sql \"SELECT * FROM \
                 fund_bar WHERE symbol = '{symbol}'\"`"
            ),
        ),
        (true, false) => Wording::new(
            format!("{symbol} is no fund, and \u{201c}{en}\u{201d} is a figure of funds"),
            format!("{symbol}不是基金，而\u{201c}{zh}\u{201d}是基金的指标"),
        ),
        (false, _) => Wording::new(
            format!(
                "{symbol} is a fund, and \u{201c}{en}\u{201d} is no figure of funds; theirs begin \
                 with `fund_`, such as fund_close"
            ),
            format!(
                "{symbol}是基金，而\u{201c}{zh}\u{201d}不是基金的指标；基金的指标以`fund_`开头，如`fund_close`"
            ),
        ),
    }
}

/// The group of shares has no such figure.
fn no_group(facts: &FactSet, measure: &Measure, (id, as_of): (&GroupId, AsOf)) -> Wording {
    let (en, zh) = (measure.label.en, measure.label.zh);
    if !measure.is_of_groups() {
        return Wording::new(
            format!("\u{201c}{en}\u{201d} is not computed for industries"),
            format!("\u{201c}{zh}\u{201d}不按行业计算"),
        );
    }
    match facts.groups.contains_key(id) {
        true => Wording::new(
            format!("\u{201c}{en}\u{201d} of {id} is not among the figures of the session"),
            format!("当日没有{id}的\u{201c}{zh}\u{201d}"),
        ),
        false if as_of != AsOf::Close => Wording::new(
            format!(
                "at an instant only the industries used in a review are computed, and {id} is not \
                 one of them"
            ),
            format!("盘中只计算复盘所用的行业，{id}不在其中"),
        ),
        false => Wording::new(
            format!(
                "no list in the data has shares of {id} in that session; import one with `fupan \
                 import sw-industry FILE`, or run `fupan facts --measure turnover_share` to see \
                 the available industries"
            ),
            format!(
                "数据中的名单在当日没有属于{id}的股票；可用`fupan import sw-industry 文件`导入名单，\
                 现有的行业见`fupan facts --measure turnover_share`"
            ),
        ),
    }
}

fn no_index(measure: &Measure, symbol: Symbol) -> Wording {
    let (en, zh) = (measure.label.en, measure.label.zh);
    match symbol.kind() {
        SecurityKind::Index => Wording::new(
            format!("the data have no bar of {symbol} to compute \u{201c}{en}\u{201d} from"),
            format!("数据中没有可用来计算\u{201c}{zh}\u{201d}的{symbol}行情"),
        ),
        _ => Wording::new(
            format!("{symbol} is not an index, and \u{201c}{en}\u{201d} is a figure of indices"),
            format!("{symbol}不是指数，而\u{201c}{zh}\u{201d}是指数的指标"),
        ),
    }
}

/// The measure has no figure over this scope, with this parameter, or at this instant.
fn other(facts: &FactSet, measure: &Measure, key: &FactKey) -> Wording {
    let of_measure = || {
        let known = facts.facts.keys().filter(|other| other.session == key.session);
        known.filter(|other| other.measure.name() == key.measure.name())
    };
    let (en, zh) = (measure.label.en, measure.label.zh);
    if of_measure().next().is_none() {
        return Wording::new(
            format!("\u{201c}{en}\u{201d} is not reported for this session and instant"),
            format!("该交易日该时刻没有\u{201c}{zh}\u{201d}"),
        );
    }
    if !of_measure().any(|other| other.scope == key.scope) {
        let scopes = measure.described_scopes();
        let scopes_zh = match measure {
            _ if measure.is_of_indices() => "指数".to_owned(),
            _ if measure.is_of_securities() => "个股".to_owned(),
            _ => format!("`{}`", scopes.replace(", ", "`、`")),
        };
        return Wording::new(
            format!("\u{201c}{en}\u{201d} is reported for {scopes}"),
            format!("\u{201c}{zh}\u{201d}的统计范围是{scopes_zh}"),
        );
    }
    let named: Vec<String> = of_measure()
        .filter(|other| other.scope == key.scope)
        .map(|other| other.measure.to_string())
        .collect();
    Wording::new(
        format!("that scope has {}", named.join(", ")),
        format!("该范围内有`{}`", named.join("`、`")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Market, review, sample};

    #[test]
    fn the_reason_is_given_and_no_other_company() {
        let facts = review(&Market::Sample(sample::small()), None).unwrap();
        let told = |measure: &str, scope: &str| {
            let key = format!("{measure}/{scope}/{}/close", facts.session).parse().unwrap();
            assert!(facts.get(&key).is_none(), "{key}");
            because(&facts, &key)
        };
        let sealed =
            |symbol: &Symbol| facts.facts.keys().any(|key| key.scope == Scope::Security(*symbol));
        let plain: Symbol = (600_000..601_000)
            .filter_map(|code| Symbol::new(fupan_market::Exchange::Sse, code).ok())
            .find(|symbol| !sealed(symbol))
            .unwrap();
        let price = told("open_price", &plain.to_string());
        assert!(price.en.contains("did not trade in that session"), "{}", price.en);
        assert!(price.zh.contains("当日没有成交"), "{}", price.zh);
        assert!(!price.en.contains("did you mean"), "{}", price.en);
        let cluster = told("limit_up_cluster_days", &plain.to_string());
        assert!(cluster.en.contains("is not known to have been sealed in that"), "{}", cluster.en);
        assert!(told("limit_up_streak", "000001.SH").en.contains("is an index"));
        assert!(told("index_return", &plain.to_string()).en.contains("is not an index"));
        assert!(told("fund_close", "510300.SH").en.contains("did not trade in that session"));
        assert!(told("fund_close", "600000.SH").en.contains("is no fund"));
        assert!(told("last_price", "510300.SH").en.contains("is no figure of funds"));
        assert!(told("advance", "all-a").en.contains("did you mean advances/all-a"));
        assert!(!told("advance", &plain.to_string()).en.contains("did you mean"));
        assert!(told("advances", "band-10").en.contains("is reported for all-a, sse-szse"));
        assert!(told("return_bin:up-9", "all-a").en.contains("return_bin:flat"));
    }
}
