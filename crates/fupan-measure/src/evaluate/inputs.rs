//! The stored data that a figure rests on.

use std::sync::Arc;

use fupan_fact::InputRef;
use fupan_market::GroupId;

use crate::measure::{Measure, Needs};

/// The inputs that each kind of measure rests on.
pub(crate) struct InputsByNeed {
    prices: Arc<[InputRef]>,
    limits: Arc<[InputRef]>,
    shares: Arc<[InputRef]>,
    indices: Arc<[InputRef]>,
    all: Arc<[InputRef]>,
    all_and_shares: Arc<[InputRef]>,
    /// Inputs that may assign securities to groups.
    lists: Vec<InputRef>,
}

impl InputsByNeed {
    pub(crate) fn of(inputs: &[InputRef]) -> InputsByNeed {
        let of_tables = |tables: &[&str]| {
            let mut some: Vec<InputRef> =
                inputs.iter().filter(|i| tables.contains(&i.table.as_str())).cloned().collect();
            some.sort();
            some.dedup();
            some.into()
        };
        InputsByNeed {
            // Quotes are inputs at instants only; then all figures but those of indices rest on
            // them.
            prices: of_tables(&["daily_bar", "quote"]),
            limits: of_tables(&["daily_bar", "quote", "security"]),
            shares: of_tables(&["daily_bar", "quote", "security", "share_capital"]),
            indices: of_tables(&["index_bar"]),
            all: of_tables(&["daily_bar", "index_bar", "quote"]),
            all_and_shares: of_tables(&[
                "daily_bar",
                "index_bar",
                "quote",
                "security",
                "share_capital",
            ]),
            lists: of_tables(&["industry", "security"]).to_vec(),
        }
    }

    /// The inputs of a measure's figures of the groups of a classification.
    pub(crate) fn with_groups(&self, measure: &Measure, scheme: &str) -> Arc<[InputRef]> {
        let is_its = |input: &&InputRef| {
            let of_level = |level| GroupId::of_level(&input.source, level, None, "any").ok();
            (1..=GroupId::LEVELS).filter_map(of_level).any(|id| id.scheme() == scheme)
        };
        let lists = self.lists.iter().filter(is_its);
        let mut all: Vec<InputRef> =
            self.for_measure(measure).iter().chain(lists).cloned().collect();
        all.sort();
        all.dedup();
        all.into()
    }

    pub(crate) fn for_measure(&self, measure: &Measure) -> &Arc<[InputRef]> {
        match measure.needs {
            Needs::Prices | Needs::Turnover => &self.prices,
            Needs::Limits => &self.limits,
            Needs::Shares => &self.shares,
            Needs::Indices => &self.indices,
            Needs::IndicesAndPrices => &self.all,
            Needs::IndicesAndShares => &self.all_and_shares,
        }
    }
}
