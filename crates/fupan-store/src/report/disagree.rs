//! Contradictions in lists of securities.

use fupan_market::{Renamed, SessionDate, Symbol, Wording};
use fupan_table::Table;

use crate::report::{Problem, ProblemKind};

/// Most entries that a problem names.
const NAMED: usize = 20;

/// Names of one date that disagree on a status.
pub(crate) fn names(found: &[(Symbol, SessionDate)]) -> Option<Problem> {
    let named = found.iter().map(|(symbol, on)| format!("{symbol} {on}"));
    let [en, zh] = listed(named)?;
    let count = found.len();
    Some(Problem {
        kind: ProblemKind::Conflict,
        changes_figures: true,
        count: count as u64,
        subject: Table::Security.name().to_owned(),
        detail: Wording::new(
            format!(
                "The names of one date disagree on the risk warning (ST) or another status, or are \
                 unclear, {count} times: {en}; on these dates the status is treated as unknown."
            ),
            format!(
                "同一日期的简称在风险警示（ST）等状态上互相矛盾或无法辨认，共{count}处：{zh}；这些\
                 日期的状态按不详处理。"
            ),
        ),
        mend: Wording::new(
            "Remove the wrong list with `fupan drop ID` (`fupan imports` lists the ids).",
            "请用`fupan drop 编号`撤出错误的列表（编号见`fupan imports`）。",
        ),
    })
}

/// Changes of codes that are rejected.
pub(crate) fn code_changes(refused: &[Renamed]) -> Option<Problem> {
    let [en, zh] = listed(refused.iter().map(|change| format!("{} {}", change.old, change.new)))?;
    let count = refused.len();
    Some(Problem {
        kind: ProblemKind::Conflict,
        changes_figures: true,
        count: count as u64,
        subject: Table::CodeChange.name().to_owned(),
        detail: Wording::new(
            format!(
                "{count} code changes contradict each other or the rules and are not used: {en}."
            ),
            format!("{count}条代码变更互相矛盾或与规则矛盾，未采用：{zh}。"),
        ),
        mend: Wording::new(
            "Remove the wrong list with `fupan drop ID` (`fupan imports` lists the ids), and \
             import one in which every code has one successor.",
            "请用`fupan drop 编号`撤出错误的对照表，再导入每个代码只有一个新代码的对照表。",
        ),
    })
}

/// The first entries, in English and in Chinese; `None` if there are none.
fn listed(named: impl ExactSizeIterator<Item = String>) -> Option<[String; 2]> {
    let count = named.len();
    let named: Vec<String> = named.take(NAMED).collect();
    let (en, zh) = if count > NAMED { (", …", "等") } else { ("", "") };
    let texts = [format!("{}{en}", named.join(", ")), format!("{}{zh}", named.join("、"))];
    (count > 0).then_some(texts)
}
