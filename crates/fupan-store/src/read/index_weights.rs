//! The members of indices and their weights, from all sources' `index_weight` rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::Array as _;
use arrow::datatypes::{Date32Type, Int32Type};
use fupan_market::{
    Codes, Finding, FindingKind, IndexList, IndexLists, IndexMember, SessionDate, Symbol, Wording,
};
use fupan_table::Table;

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan;
use crate::delta::scan::Group;
use crate::read::securities::Securities;

/// Two publishers' weights of one member may differ by so many millionths: the last of the three
/// decimals of a percent that most of them state.
const ROUNDING: u32 = 10;

/// Securities named in a finding.
const NAMED: usize = 3;

/// The lists of indices, and which files contributed to one.
#[derive(Debug)]
pub(crate) struct IndexWeights {
    pub lists: Arc<IndexLists>,
    pub files_used: Vec<bool>,
    /// The indices and dates of which two lists disagree.
    disagreeing: BTreeSet<(Symbol, SessionDate)>,
}

/// The weights of members by security.
type Members = BTreeMap<Symbol, Option<u32>>;

/// Reads the lists from files of `index_weight`, which are sorted by source and import. Members are
/// under their last codes.
pub(crate) fn read(files: &[DataFile], codes: &Codes) -> Result<IndexWeights, StoreError> {
    let groups = scan::groups(files, None, &[], |group| rows(&group, codes))?;
    let mut files_used = vec![false; files.len()];
    let mut disagreeing = BTreeSet::new();
    let mut by_list: BTreeMap<(Symbol, SessionDate), BTreeMap<&str, Members>> = BTreeMap::new();
    for (file, rows) in groups {
        files_used[file] |= !rows.is_empty();
        for (index, observed_on, member) in rows {
            let of_list = by_list.entry((index, observed_on)).or_default();
            let members = of_list.entry(&files[file].source).or_default();
            let known = *members.entry(member.symbol).or_insert(member.weight);
            if known != member.weight {
                disagreeing.insert((index, observed_on));
            }
        }
    }
    let mut lists = Vec::new();
    for ((index, observed_on), of_sources) in by_list {
        let of_sources: Vec<Members> = of_sources.into_values().collect();
        if of_sources.windows(2).any(|pair| disagree(&pair[0], &pair[1])) {
            disagreeing.insert((index, observed_on));
        }
        lists.extend(of_sources.into_iter().map(|members| {
            let members = members.into_iter();
            let members = members.map(|(symbol, weight)| IndexMember { symbol, weight }).collect();
            IndexList { index, observed_on, members }
        }));
    }
    Ok(IndexWeights { lists: Arc::new(IndexLists::of(lists)), files_used, disagreeing })
}

/// Whether two lists name other members, or give one of them other weights.
fn disagree(a: &Members, b: &Members) -> bool {
    let differ = |(a, b): (&Option<u32>, &Option<u32>)| {
        a.zip(*b).is_some_and(|(a, b)| a.abs_diff(b) > ROUNDING)
    };
    !a.keys().eq(b.keys()) || a.values().zip(b.values()).any(differ)
}

/// The file of a group of rows, and its rows: index, date and member.
type ListRows = (usize, Vec<(Symbol, SessionDate, IndexMember)>);

fn rows(group: &Group, codes: &Codes) -> Result<ListRows, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let on = group.numbers::<Date32Type>("observed_on")?;
    let indices = group.text("index_symbol")?;
    let weights = group.numbers::<Int32Type>("weight")?;
    let mut last: Option<(&str, Option<Symbol>)> = None;
    let mut found = Vec::new();
    for row in 0..group.batch.num_rows() {
        if on.is_null(row) || indices.is_null(row) {
            continue;
        }
        let text = indices.value(row);
        let index = match last {
            Some((known, index)) if known == text => index,
            _ => text.parse().ok(),
        };
        last = Some((text, index));
        let symbol = keys.key(row).and_then(|key| symbols[key]).map(|code| codes.last(code));
        let weight = weights.is_valid(row).then(|| weights.value(row));
        let weight = weight.map(u32::try_from).transpose();
        let (Some(symbol), Some(index), Some(observed_on), Ok(weight)) =
            (symbol, index, SessionDate::from_epoch_days(on.value(row)), weight)
        else {
            continue;
        };
        found.push((index, observed_on, IndexMember { symbol, weight }));
    }
    Ok((group.file, found))
}

impl IndexWeights {
    /// What a reader must know of the lists of a session.
    pub(crate) fn findings(&self, session: SessionDate, securities: &Securities) -> Vec<Finding> {
        let early = self.early_members(session, securities);
        self.disagreements(session).chain(self.parts(session)).chain(early).collect()
    }

    /// Findings for the lists of a session whose sources disagree.
    fn disagreements(&self, session: SessionDate) -> impl Iterator<Item = Finding> {
        let of_session = self.of_session(session).into_iter();
        let doubtful = of_session
            .filter(|list| self.disagreeing.contains(&(list.index, list.observed_on)))
            .map(|list| (list.index, list.observed_on));
        doubtful.map(|(index, on)| Finding {
            kind: FindingKind::SourceConflict,
            count: 1,
            subject: Table::IndexWeight.name().to_owned(),
            detail: Wording::new(
                format!(
                    "Two lists of {index} of {on} disagree on its members or their weights; the \
                     one with weights, or else with more members, was used."
                ),
                format!("{index}在{on}的两份名单所列成份或权重不同；采用有权重或成份较多的一份。"),
            ),
            hint: Wording::new(
                "Compare them with the publisher's own file.",
                "请与指数公司公布的文件核对。",
            ),
            place: None,
        })
    }

    /// Findings for the lists of a session whose weights do not add up, and which are not used.
    fn parts(&self, session: SessionDate) -> impl Iterator<Item = Finding> {
        let of_session = self.of_session(session).into_iter();
        of_session.filter(|list| list.is_weighted() && !list.is_whole()).map(|list| {
            let (index, on) = (list.index, list.observed_on);
            // Millionths as percent.
            let (percent, rest) = (list.weight_sum() / 10_000, list.weight_sum() % 10_000);
            Finding {
                kind: FindingKind::MissingData,
                count: 1,
                subject: Table::IndexWeight.name().to_owned(),
                detail: Wording::new(
                    format!(
                        "The weights of {index} of {on} add up to {percent}.{rest:04} %, which is \
                         more than rounding off 100 %: they are not used."
                    ),
                    format!(
                        "{index}在{on}的权重合计{percent}.{rest:04}%，与100%之差超出四舍五入：未予采用。"
                    ),
                ),
                hint: Wording::new(
                    "Drop this list and import the whole one.",
                    "请删除这份名单，并导入完整的一份。",
                ),
                place: None,
            }
        })
    }

    /// Findings for the lists of a session with members that were not yet listed on its day.
    fn early_members(&self, session: SessionDate, securities: &Securities) -> Vec<Finding> {
        let finding = |list: &IndexList| {
            let symbols: Vec<Symbol> = list.members.iter().map(|member| member.symbol).collect();
            let listings = securities.listings(&symbols).of;
            let is_early = |on: SessionDate| on > list.observed_on;
            let early = listings.iter().filter(|listing| listing.listed_on.is_some_and(is_early));
            let early: Vec<String> = early.map(|listing| listing.symbol.to_string()).collect();
            (!early.is_empty()).then(|| early_finding(list, &early))
        };
        self.of_session(session).into_iter().filter_map(finding).collect()
    }

    /// The lists that hold in a session: of each index the members', and the weights' if that is
    /// another.
    fn of_session(&self, session: SessionDate) -> Vec<&IndexList> {
        let lists = &self.lists;
        let of_index = |index| [lists.members(index, session), lists.weights(index, session)];
        let mut held: Vec<&IndexList> = lists.indices().flat_map(of_index).flatten().collect();
        held.dedup();
        held
    }
}

fn early_finding(list: &IndexList, early: &[String]) -> Finding {
    let named = &early[..early.len().min(NAMED)];
    let more = early.len() > NAMED;
    let (index, on, count) = (list.index, list.observed_on, early.len());
    Finding {
        kind: FindingKind::SourceConflict,
        count: count as u64,
        subject: Table::IndexWeight.name().to_owned(),
        detail: Wording::new(
            format!(
                "The list of {index} of {on} names {count} securities that were listed only later: \
                 {}{}.",
                named.join(", "),
                if more { ", …" } else { "" }
            ),
            format!(
                "{index}在{on}的名单列有{count}只当时尚未上市的证券：{}{}。",
                named.join("、"),
                if more { "等" } else { "" }
            ),
        ),
        hint: Wording::new(
            "Check the date of the list, and the listing dates of these securities.",
            "请核对名单的日期，以及这些证券的上市日期。",
        ),
        place: None,
    }
}
