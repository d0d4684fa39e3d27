//! Funds that are asked for. They are read from their own table, and no figure of A-shares counts them.

use std::sync::Arc;

use fupan_fact::{FactSet, InputRef};
use fupan_market::{Calendar, FundHistory, MarketHistory, SessionDate};
use fupan_measure::{FUND_SESSIONS, Selection};
use fupan_store::StoreInput;

use crate::data::{Loaded, SourceUses};
use crate::{Error, Market};

/// Reads the funds that a selection asks for into a session, with what their bars come from.
pub(crate) fn add(
    market: &Market,
    selection: &Selection,
    loaded: &mut Loaded,
) -> Result<(), Error> {
    let (symbols, session) = (selection.funds(), loaded.history.session);
    let Market::Store { store, choice } = market else { return Ok(()) };
    if symbols.is_empty() {
        return Ok(());
    }
    let from = window_from(market.calendar(), session)?;
    let read = store.funds(&symbols, (from, session), choice)?;
    loaded.history.funds = read.funds;
    let input = |StoreInput { table, source, digest }| InputRef { table, source, digest };
    loaded.inputs.extend(read.inputs.into_iter().map(input));
    loaded.findings.extend(read.findings);
    Ok(())
}

/// The first session that figures of a fund in a session rest on.
fn window_from(calendar: &Calendar, session: SessionDate) -> Result<SessionDate, Error> {
    Ok(calendar.back(session, FUND_SESSIONS)?.unwrap_or_else(|| calendar.first()))
}

/// A session of funds, without anything else.
pub(crate) fn alone(session: SessionDate, funds: Vec<FundHistory>) -> Loaded {
    let history = MarketHistory { funds, ..MarketHistory::of(session, session, Vec::new()) };
    Loaded { history, inputs: Vec::new(), findings: Vec::new(), sources: SourceUses::default() }
}

/// The facts of a session of funds.
pub(crate) fn facts(market: &Market, selection: &Selection, loaded: &Loaded) -> FactSet {
    fupan_measure::review(&loaded.history, selection, market.rulebook(), &loaded.inputs)
}

/// Funds over a range of sessions.
pub(crate) struct FundsInRange {
    selection: Selection,
    funds: Vec<FundHistory>,
}

impl FundsInRange {
    /// Reads the funds that a selection asks for; `None` if it asks for none.
    pub(crate) fn read(
        market: &Market,
        selection: &Selection,
        (from, to): (SessionDate, SessionDate),
    ) -> Result<Option<FundsInRange>, Error> {
        let symbols = selection.funds();
        let Market::Store { store, choice } = market else { return Ok(None) };
        if symbols.is_empty() {
            return Ok(None);
        }
        let from = window_from(market.calendar(), from)?;
        let funds = store.funds(&symbols, (from, to), choice)?.funds;
        Ok(Some(FundsInRange { selection: Selection::of_funds(symbols), funds }))
    }

    /// Their facts of a session, without inputs and findings.
    pub(crate) fn facts(&self, market: &Market, session: SessionDate) -> Result<FactSet, Error> {
        let from = window_from(market.calendar(), session)?;
        let window = |fund: &FundHistory| {
            let place = |on: SessionDate| fund.bars.partition_point(|bar| bar.session < on);
            let bars = fund.bars[place(from)..].iter().take_while(|bar| bar.session <= session);
            let files = Arc::clone(&fund.files);
            FundHistory { symbol: fund.symbol, bars: bars.copied().collect(), files }
        };
        let loaded = alone(session, self.funds.iter().map(window).collect());
        let mut set = facts(market, &self.selection, &loaded);
        for fact in set.facts.values_mut() {
            fact.provenance.findings.clear();
        }
        Ok(set)
    }
}
