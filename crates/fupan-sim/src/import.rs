//! The simulated market as imports into a store.

use fupan_market::{DailyBar, GroupKind, NameOn, Symbol, Wording};
use fupan_table::{
    GroupMemberRow, Import, ImportId, IndexWeightRow, SecurityRow, ShareCapitalRow, Table,
    TableError, daily_bar_batch, group_member_batch, index_bar_batch, index_weight_batch,
    security_batch, share_capital_batch,
};
use rayon::prelude::*;

use crate::life::Life;
use crate::market::{SOURCE, SimulatedMarket};

/// Sessions in one batch of `daily_bar`, some 300,000 rows of a full market.
const SESSIONS_PER_BATCH: usize = 60;

impl SimulatedMarket {
    /// The same rows as [`SimulatedMarket::history`] over all sessions, as one import of source
    /// `simulated`. Bars are sorted by session and symbol; the digest is that of
    /// [`SimulatedMarket::digest`].
    ///
    /// # Errors
    /// [`TableError`] if Arrow refuses a batch.
    pub fn imports(&self) -> Result<Vec<Import>, TableError> {
        let starts: Vec<usize> = (0..self.dates.len()).step_by(SESSIONS_PER_BATCH).collect();
        let bars: Result<Vec<_>, TableError> = starts
            .into_par_iter()
            .map(|from| Ok((Table::DailyBar, daily_bar_batch(self.rows(from))?)))
            .collect();
        let mut batches = bars?;
        let mut levels: Vec<_> = self
            .indices
            .iter()
            .flat_map(|index| index.bars.iter().map(|bar| (index.symbol, *bar)))
            .collect();
        levels.sort_by_key(|(symbol, bar)| (bar.session, *symbol));
        batches.push((Table::IndexBar, index_bar_batch(levels)?));
        let securities = self.lives.iter().flat_map(security_rows);
        batches.push((Table::Security, security_batch(securities)?));
        let members = self.lives.iter().flat_map(group_member_rows);
        batches.push((Table::GroupMember, group_member_batch(members)?));
        let weights = self.index_lists();
        let weights = weights.iter().flat_map(|list| {
            list.members.iter().map(|member| IndexWeightRow {
                symbol: member.symbol,
                observed_on: list.observed_on,
                index: list.index,
                weight: member.weight,
            })
        });
        batches.push((Table::IndexWeight, index_weight_batch(weights)?));
        let capital = self.lives.iter().flat_map(|life| self.share_capital_rows(life));
        batches.push((Table::ShareCapital, share_capital_batch(capital)?));
        let rows_read = batches.iter().map(|(_, batch)| batch.num_rows() as u64).sum();
        let digest = self.digest();
        let recipe = "simulated".to_owned();
        let id = blake3::hash(format!("{recipe}\0{digest}").as_bytes()).to_hex().to_string();
        Ok(vec![Import {
            id: ImportId(id),
            source: SOURCE.to_owned(),
            recipe,
            file: "simulated-market".to_owned(),
            digest,
            batches,
            rows_read,
            rows_left_out: 0,
            lost: Vec::new(),
            rows_not_covered: 0,
            layout: Wording::none(),
            findings: Vec::new(),
        }])
    }

    /// The rows of one batch, by session and symbol.
    fn rows(&self, from: usize) -> Vec<(Symbol, DailyBar)> {
        let to = from + SESSIONS_PER_BATCH;
        let mut rows = Vec::new();
        for life in &self.lives {
            let until = |t: usize| life.bars.partition_point(|bar| usize::from(bar.session) < t);
            let bars = life.bars[until(from)..until(to)].iter();
            rows.extend(bars.map(|bar| (life.listing.symbol, self.daily_bar(bar))));
        }
        rows.sort_by_key(|(symbol, bar)| (bar.session, *symbol));
        rows
    }

    fn share_capital_rows(&self, life: &Life) -> Vec<ShareCapitalRow> {
        let row = |shares: fupan_market::Shares| ShareCapitalRow {
            symbol: life.listing.symbol,
            observed_on: shares.on,
            total_shares: shares.total,
            float_shares: shares.float,
        };
        self.shares(life).into_iter().map(row).collect()
    }
}

fn security_rows(life: &Life) -> impl Iterator<Item = SecurityRow> + '_ {
    let industry = life.industry_name();
    life.listing.names.iter().map(move |name| SecurityRow {
        symbol: life.listing.symbol,
        observed_on: name.on,
        name: Some(name.name.clone()),
        listed_on: life.listing.listed_on,
        delisted_on: life.listing.delisted_on,
        issue_price: life.listing.issue_price,
        industry: Some(industry.clone()),
    })
}

fn group_member_rows(life: &Life) -> Vec<GroupMemberRow> {
    let row = |name: &NameOn, concept: &String| GroupMemberRow {
        weight: None,
        symbol: life.listing.symbol,
        observed_on: name.on,
        kind: GroupKind::Concept.word().to_owned(),
        code: None,
        name: concept.clone(),
        since: None,
        until: None,
    };
    let concepts: Vec<String> = life.concept_names().collect();
    let names = life.listing.names.iter();
    names.flat_map(|name| concepts.iter().map(move |concept| row(name, concept))).collect()
}
