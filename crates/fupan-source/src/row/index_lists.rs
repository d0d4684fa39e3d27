//! What each list of an index says as a whole: its weights add up.

use fupan_market::{Finding, FindingKind, IndexList, IndexMember, Place, Wording};
use fupan_table::{IndexWeightRow, Table};

use crate::row::units::Verdict;

/// Lists named in a finding.
const NAMED: usize = 3;

/// A sum of weights between these, in millionths, is that of fractions read as percent.
const OF_FRACTIONS: std::ops::RangeInclusive<u64> = 9_800..=10_200;

/// Judges the lists in a file's rows, which are sorted by date.
pub(crate) fn verdict(rows: &[IndexWeightRow], file: &str) -> Verdict {
    let (mut partial, mut astray) = (Vec::new(), Vec::new());
    for list in lists(rows) {
        let weights = list.members.iter().filter(|member| member.weight.is_some()).count();
        let sum = list.weight_sum();
        let shown = format!("{} {}", list.index, list.observed_on);
        match weights {
            0 => {}
            _ if weights < list.members.len() => partial.push(shown),
            _ if OF_FRACTIONS.contains(&sum) => return of_fractions(&shown, sum),
            _ if !list.is_whole() => astray.push(format!("{shown} {}", percent(sum))),
            _ => {}
        }
    }
    let finding = |kind, lists: &[String], (en, zh): (&str, &str), hint: Wording| {
        let named = &lists[..lists.len().min(NAMED)];
        let more = if lists.len() > NAMED { [", …", "等"] } else { ["", ""] };
        (!lists.is_empty()).then(|| Finding {
            kind,
            count: lists.len() as u64,
            subject: Table::IndexWeight.name().to_owned(),
            detail: Wording::new(
                format!("{en}: {}{}", named.join(", "), more[0]),
                format!("{zh}：{}{}", named.join("、"), more[1]),
            ),
            hint,
            place: Some(Place { file: file.to_owned(), row: None, column: None }),
        })
    };
    let partial = finding(
        FindingKind::MissingData,
        &partial,
        ("Lists have weights for some members only", "名单只有部分成份写有权重"),
        Wording::new(
            "They count as lists of members without weights.",
            "这样的名单只作为没有权重的成份名单使用。",
        ),
    );
    let astray = finding(
        FindingKind::MissingData,
        &astray,
        (
            "The weights of lists do not add up to 100 % within rounding",
            "名单的权重相加与100%之差超出舍入",
        ),
        Wording::new(
            "Is the list complete, and are all its members A-shares?",
            "名单是否完整？成份是否都是A股？",
        ),
    );
    Verdict::Fit(partial.into_iter().chain(astray).collect())
}

/// The lists of a file: its rows by index and date.
fn lists(rows: &[IndexWeightRow]) -> Vec<IndexList> {
    let mut rows: Vec<&IndexWeightRow> = rows.iter().collect();
    rows.sort_by_key(|row| (row.observed_on, row.index, row.symbol));
    rows.chunk_by(|a, b| (a.observed_on, a.index) == (b.observed_on, b.index))
        .map(|rows| IndexList {
            index: rows[0].index,
            observed_on: rows[0].observed_on,
            members: rows
                .iter()
                .map(|row| IndexMember { symbol: row.symbol, weight: row.weight })
                .collect(),
        })
        .collect()
}

fn of_fractions(list: &str, sum: u64) -> Verdict {
    let sum = percent(sum);
    Verdict::Wrong {
        evidence: Wording::new(
            format!("the weights of {list} add up to {sum}, not to 100 %"),
            format!("{list}的权重相加是{sum}，而不是100%"),
        ),
        remedy: Wording::new(
            "write unit = \"fraction\" for `weight` in the recipe if they are parts of one",
            "如果权重是以1为整体的小数，请在配方中为`weight`写unit = \"fraction\"",
        ),
    }
}

/// Millionths as percent.
fn percent(millionths: u64) -> String {
    format!("{}.{:04} %", millionths / 10_000, millionths % 10_000)
}
