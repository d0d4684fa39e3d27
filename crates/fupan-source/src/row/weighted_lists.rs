//! What each list of an index or a group says as a whole: its weights add up.

use std::collections::BTreeMap;

use fupan_market::{Finding, FindingKind, Place, SessionDate, Wording, are_whole, shown};
use fupan_table::{GroupMemberRow, IndexWeightRow, Table};

use crate::row::units::Verdict;

/// Lists named in a finding.
const NAMED: usize = 3;

/// A sum of weights between these, in millionths, is that of fractions read as percent.
const OF_FRACTIONS: std::ops::RangeInclusive<u64> = 9_800..=10_200;

/// Lists by their date and what they are of, each with its members' weights.
pub(crate) type Lists = BTreeMap<(SessionDate, String), Vec<Option<u32>>>;

/// The lists of indices in a file's rows.
pub(crate) fn of_indices(rows: &[IndexWeightRow]) -> Lists {
    let mut lists = Lists::new();
    for row in rows {
        let key = (row.observed_on, row.index.to_string());
        lists.entry(key).or_default().push(row.weight);
    }
    lists
}

/// The groups in a file's rows, each with those who are in it on the day of the list.
pub(crate) fn of_groups(rows: &[GroupMemberRow]) -> Lists {
    let mut lists = Lists::new();
    for row in rows {
        let on = row.observed_on;
        let has_left = row.until.is_some_and(|until| until <= on);
        if row.since.is_none_or(|since| since <= on) && !has_left {
            lists.entry((on, shown(&row.name).into_owned())).or_default().push(row.weight);
        }
    }
    lists
}

/// Judges the lists in a file.
pub(crate) fn verdict(table: Table, lists: &Lists, file: &str) -> Verdict {
    let (mut partial, mut astray) = (Vec::new(), Vec::new());
    for ((observed_on, of), members) in lists {
        let weights = || members.iter().copied().flatten();
        let sum: u64 = weights().map(u64::from).sum();
        let shown = format!("{of} {observed_on}");
        match weights().count() {
            0 => {}
            stated if stated < members.len() => partial.push(shown),
            _ if OF_FRACTIONS.contains(&sum) => return of_fractions(&shown, sum),
            _ if !are_whole(weights()) => astray.push(format!("{shown} {}", percent(sum))),
            _ => {}
        }
    }
    let finding = |kind, lists: &[String], (en, zh): (&str, &str), hint: Wording| {
        let named = &lists[..lists.len().min(NAMED)];
        let more = if lists.len() > NAMED { [", …", "等"] } else { ["", ""] };
        (!lists.is_empty()).then(|| Finding {
            kind,
            count: lists.len() as u64,
            subject: table.name().to_owned(),
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
