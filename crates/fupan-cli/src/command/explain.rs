//! `fupan explain`: explains one figure.

use fupan::{
    Basis, CrossCheck, Explanation, Language, Provenance, Unit, Value, fact_table, shown_name,
};
use serde_json::json;

use crate::arguments::{Common, ExplainArgs, TextFormat};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &ExplainArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let waiting = progress::waiting(terminal::word("recomputing the figure", "正在重新计算"));
    let explanation = fupan::explain(&market, &asked.key);
    waiting.finish_and_clear();
    let explanation = explanation?;
    if asked.format == TextFormat::Text {
        terminal::print(&as_text(&explanation))?;
    }
    let twin = match asked.no_cross_check {
        true => None,
        false => {
            let waiting = progress::waiting(terminal::word("checking with SQL", "正在用SQL核对"));
            let twin = fupan::cross_check(&market, &explanation);
            waiting.finish_and_clear();
            Some(twin?)
        }
    };
    match (asked.format, &twin) {
        (TextFormat::Json, twin) => {
            terminal::print_json(&as_json(&explanation, twin.as_ref()))?;
        }
        (TextFormat::Text, Some(twin)) => {
            terminal::print(&labelled("cross-check", "另法核对", &second_road(twin)))?;
        }
        (TextFormat::Text, None) => {}
    }
    Ok(match twin {
        Some(CrossCheck::Differs { .. }) => Answer::No,
        Some(CrossCheck::Agrees { .. } | CrossCheck::None) | None => Answer::Yes,
    })
}

/// A line with a label of fixed width in front.
fn labelled(en: &str, zh: &str, text: &str) -> String {
    match place::interface() {
        Language::En => format!("{en:<14}{text}"),
        // A Han character is two columns wide.
        Language::Zh => format!("{zh}{}{text}", " ".repeat(12 - 2 * zh.chars().count())),
    }
}

fn as_text(explanation: &Explanation) -> String {
    let (fact, language) = (&explanation.fact, place::interface());
    let mut lines = vec![fact.key.to_string()];
    let mut line =
        |en: &'static str, zh: &'static str, text: String| lines.push(labelled(en, zh, &text));
    let value = fact_table::worded(&fact.value, language);
    if let Some(text) = &explanation.text {
        let version = text.version;
        line(
            "measure",
            "指标",
            terminal::say(
                format!("{} · {} (version {version})", text.label_zh, text.label_en),
                format!("{} · {}（第{version}版）", text.label_zh, text.label_en),
            ),
        );
        if let Some(word) = explanation.word {
            line("word", "用语", format!("{} = {}", word.id, word.formula()));
        }
        if let Some(group) = &explanation.group {
            line("group", "分组", shown_name(&group.zh));
        }
        line("value", "数值", value);
        line("exact", "精确值", exact(&fact.value, text.unit));
        line("means", "定义", text.definition_zh.clone());
        line("", "", text.definition_en.clone());
        line(
            "counted over",
            "统计对象",
            format!("{} · {}", text.population_zh, text.population_en),
        );
    } else {
        line("value", "数值", value);
    }
    provenance(&fact.provenance, &mut line);
    if !explanation.members.is_empty() {
        line("members", "成员", explanation.members.len().to_string());
        let member =
            |(symbol, name): &(fupan::Symbol, String)| format!("  {symbol} {}", shown_name(name));
        lines.extend(explanation.members.iter().map(member));
    }
    lines.join("\n")
}

/// What a figure is computed from.
fn provenance(of: &Provenance, line: &mut dyn FnMut(&'static str, &'static str, String)) {
    let (judged, unjudged) = (of.coverage.judged, of.coverage.unjudged);
    line(
        "coverage",
        "覆盖",
        terminal::say(
            format!("{judged} judged, {unjudged} not judged"),
            format!("已判定{judged}，未判定{unjudged}"),
        ),
    );
    line("basis", "依据", basis(of.basis).to_owned());
    line("rules", "规则版本", of.rulebook.0.as_ref().to_owned());
    for input in of.inputs.iter() {
        let digest = input.digest.get(..16).unwrap_or(&input.digest);
        line(
            "input",
            "来源",
            terminal::say(
                format!("{} from {} (blake3 {digest}…)", input.table, input.source),
                format!("{}，来自{}（blake3 {digest}…）", table(&input.table), input.source),
            ),
        );
    }
    for finding in &of.findings {
        line("finding", "发现", finding.detail.in_language(place::interface()).to_owned());
    }
}

/// A value's exact integers, and the unit they count.
fn exact(value: &Value, unit: Unit) -> String {
    let number = fact_table::exact(value);
    let step = match unit {
        Unit::Securities => "只",
        Unit::Sessions => "个交易日",
        Unit::Fen => "分",
        Unit::Ppb => "（十亿分之一）",
        Unit::Share => "（部分/全体）",
        Unit::Yuan => "（万分之一元）",
        Unit::Points => "（万分之一点）",
        Unit::Ppm => "（百万分之一）",
        Unit::Times => "次",
        Unit::Time => "（零点起的秒数）",
        Unit::Shares => "股",
        Unit::Flag => "（是为1，否为0）",
        Unit::Rank => "（第几位）",
    };
    let known = !number.is_empty();
    let zh = if known { format!("{number}{step}") } else { "未知".to_owned() };
    let en = match (number.as_str(), unit) {
        ("1", Unit::Securities) => "security",
        ("1", Unit::Sessions) => "session",
        ("1", Unit::Times) => "time",
        ("1", Unit::Shares) => "share",
        _ => unit.id(),
    };
    let en = if known { format!("{number} {en}") } else { "unknown".to_owned() };
    terminal::say(en, zh)
}

/// The Chinese name of a table of the store.
fn table(name: &str) -> String {
    fupan::Table::named(name).map_or_else(|| name.to_owned(), |table| table.label().zh)
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Exact => terminal::word(
            "exact: every input is reported by its source",
            "精确：所有输入均由来源给出",
        ),
        Basis::Derived => terminal::word(
            "derived: its previous closes are the last traded closes, not reported by the source",
            "推算：所用前收盘价取自上一成交日收盘价，并非来源所报",
        ),
        Basis::Partial => terminal::word(
            "partial: the data lack securities or sessions it should include, or what is needed to \
             judge them",
            "不完整：数据缺少应计入的证券、交易日，或判断它们所需的数据",
        ),
        Basis::None => terminal::word("none: there is no value", "无：没有数值"),
        Basis::Restated => terminal::word(
            "restated: the group's members are taken from a list of a later date",
            "追溯：分组成员取自晚于当日的名单",
        ),
        Basis::Estimated => terminal::word(
            "estimated: at least one input is an estimate",
            "估算：至少一项输入为估算",
        ),
    }
}

fn second_road(twin: &CrossCheck) -> String {
    match twin {
        CrossCheck::None => {
            terminal::word("none: this figure has no SQL twin", "无：该指标没有SQL算法").to_owned()
        }
        CrossCheck::Agrees { .. } => terminal::word(
            "SQL over the stored tables gives the same value",
            "用SQL对所存数据计算，结果相同",
        )
        .to_owned(),
        CrossCheck::Differs { got, .. } => terminal::say(
            format!("SQL over the stored tables gives {got}: DIFFERENT"),
            format!("用SQL对所存数据计算，结果为{}：不一致", super::audit::in_chinese(got)),
        ),
    }
}

fn as_json(explanation: &Explanation, twin: Option<&CrossCheck>) -> serde_json::Value {
    let members: Vec<_> = explanation
        .members
        .iter()
        .map(|(symbol, name)| json!({"symbol": symbol.to_string(), "name": name}))
        .collect();
    let mut told = json!({
        "fact": explanation.fact,
        "measure": explanation.text,
        "members": members,
    });
    if let Some(word) = explanation.word {
        told["word"] = json!({"id": word.id, "formula": word.formula()});
    }
    if let Some(twin) = twin {
        told["twin"] = match twin {
            CrossCheck::None => json!(null),
            CrossCheck::Agrees { sql } => json!({"agrees": true, "sql": sql}),
            CrossCheck::Differs { sql, got } => json!({"agrees": false, "sql": sql, "got": got}),
        };
    }
    told
}
