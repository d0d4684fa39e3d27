//! How much of the market a session's data hold.
//!
//! The data are compared with what is known: what traded in the session before, how many securities
//! traded in the sessions before, which ones lists call listed, and what imports lost. A few
//! securities without a row are suspended. Many at once are missing, and so is any that an import
//! is known to have lost.

use std::collections::BTreeSet;

use fupan_fact::{Basis, Scope};
use fupan_market::{
    Exchange, ListedSpan, LostRows, MarketHistory, SecurityDay, SessionDate, Symbol,
};

use crate::session::turnover::SessionTurnover;
use crate::total::cell::Mark;
use crate::total::segment::{Bands, Segment, contains};
use crate::total::totals::Totals;

/// The boards of the exchanges.
const PARTS: usize = Segment::COUNT / 2;

/// How many earlier sessions define the usual number of securities that trade.
const NEIGHBOURS: usize = 20;

/// Securities by board of an exchange.
pub(crate) type PerPart = [u32; PARTS];

/// Whether this many missing securities are more than the suspensions of a day: at least three, and
/// over two percent.
pub(crate) const fn are_many(missing: u64, held: u64) -> bool {
    missing >= 3 && missing * 50 > held + missing
}

/// What lists and imports say should be in a session and is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedRows {
    /// A-shares that lists call listed and that have no day, by board of an exchange.
    without_day: PerPart,
    /// By exchange: rows that imports lost and that may belong to the session.
    lost: [u64; 3],
    /// The sessions of rows that imports lost; `None` stands for any session.
    lost_in: BTreeSet<Option<SessionDate>>,
}

impl ExpectedRows {
    /// What should be there in addition to these days, sorted by symbol; see [`ExpectedRows::of`].
    pub(crate) fn beside(
        history: &MarketHistory,
        session: SessionDate,
        days: &[SecurityDay],
    ) -> ExpectedRows {
        let has_day = |symbol| days.binary_search_by_key(&symbol, |day| day.symbol).is_ok();
        let rowless = Exchange::ALL
            .map(|exchange| days.iter().any(|d| d.symbol.exchange() == exchange && !d.has_row));
        ExpectedRows::of(history, session, has_day, rowless)
    }

    /// `has_day` returns whether a security has a day. `rowless` holds, by exchange, whether a day
    /// without a row is among them. If lists cover an exchange and nobody is missing, rows that an
    /// import lost of it have come from another source.
    pub(crate) fn of(
        history: &MarketHistory,
        session: SessionDate,
        has_day: impl Fn(Symbol) -> bool,
        rowless: [bool; 3],
    ) -> ExpectedRows {
        let lost_in = history.lost.iter().map(|lost| lost.session).collect();
        let mut expected = ExpectedRows { lost_in, ..ExpectedRows::default() };
        let mut named = [false; 3];
        let here = |span: &&ListedSpan| span.from <= session && session <= span.to;
        for span in history.listed.iter().filter(here) {
            let Some(board) = span.symbol.board() else { continue };
            let exchange = span.symbol.exchange();
            named[exchange as usize] = true;
            // A row without trade of a share that has not traded for long yields no day, and is no
            // gap.
            if !has_day(span.symbol) && !has_row(history, span.symbol, session) {
                expected.without_day[Segment::of(exchange, board, false).part()] += 1;
            }
        }
        for exchange in Exchange::ALL {
            let of_exchange = Segment::all().filter(|segment| segment.exchange() == exchange);
            let nobody = of_exchange.map(|s| expected.without_day[s.part()]).all(|n| n == 0)
                && !rowless[exchange as usize];
            if !(named[exchange as usize] && nobody) {
                expected.lost[exchange as usize] = lost(&history.lost, session, exchange);
            }
        }
        expected
    }
}

/// Whether a security has a row in a session. Relies on securities sorted by symbol and bars by
/// session.
fn has_row(history: &MarketHistory, symbol: Symbol, session: SessionDate) -> bool {
    let place = history.securities.binary_search_by_key(&symbol, |s| s.listing.symbol);
    let bars = place.map(|place| &history.securities[place].bars);
    bars.is_ok_and(|bars| bars.binary_search_by_key(&session, |bar| bar.session).is_ok())
}

impl ExpectedRows {
    /// The basis of an earlier session's turnover: partial if imports may have lost rows of it.
    pub(crate) fn basis_of(&self, earlier: SessionDate) -> Basis {
        match self.lost_in.contains(&Some(earlier)) || self.lost_in.contains(&None) {
            true => Basis::Partial,
            false => Basis::Exact,
        }
    }
}

/// How many rows of an exchange imports lost that may belong to a session.
fn lost(rows: &[LostRows], session: SessionDate, exchange: Exchange) -> u64 {
    let may_be = |lost: &&LostRows| {
        lost.session.is_none_or(|of| of == session) && lost.exchange.is_none_or(|of| of == exchange)
    };
    rows.iter().filter(may_be).map(|lost| lost.rows).sum()
}

/// What a session's data hold, and what they lack.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    /// By board: securities that should have a row and have none, if too many to be suspensions.
    missing: [u64; PARTS],
    /// By exchange: how many securities have a row, and how many lack one.
    exchanges: [Option<Lacking>; 3],
}

/// What the data lack of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lacking {
    /// Securities with a row.
    pub(crate) held: u64,
    /// Securities without a row that should have one, as far as known.
    pub(crate) missing: u64,
}

impl Held {
    /// `expected` is what lists and imports say is missing from `totals`.
    pub(crate) fn of(
        session: SessionDate,
        totals: &Totals,
        past: &[SessionTurnover],
        expected: &ExpectedRows,
    ) -> Held {
        let before = &past[past.len().saturating_sub(NEIGHBOURS)..];
        let mut usual = [0_u64; PARTS];
        for (exchange, board, turnover) in before.iter().flat_map(SessionTurnover::boards) {
            let part = &mut usual[Segment::of(exchange, board, false).part()];
            *part = (*part).max(u64::from(turnover.traded));
        }
        let mut rows = [0_u64; PARTS];
        let mut absent = [0_u64; PARTS];
        for segment in Segment::all() {
            let of = totals.part(segment);
            rows[segment.part()] += of.count(Mark::Listed) - of.count(Mark::Absent);
            absent[segment.part()] += of.count(Mark::Absent);
        }
        let lacks = |part: usize| {
            absent[part]
                .max(usual[part].saturating_sub(rows[part]))
                .max(expected.without_day[part].into())
        };
        let mut held = Held::default();
        for exchange in Exchange::ALL {
            let of_exchange = Segment::all().filter(|s| s.exchange() == exchange && !s.warned());
            let parts: Vec<usize> = of_exchange.map(Segment::part).collect();
            let has: u64 = parts.iter().map(|part| rows[*part]).sum();
            let absent: u64 = parts.iter().map(|part| lacks(*part)).sum();
            let lost = expected.lost[exchange as usize];
            let missing = absent.max(lost);
            let open = exchange.is_open_in(session);
            if open && (has == 0 || lost > 0 || are_many(missing, has)) {
                held.exchanges[exchange as usize] = Some(Lacking { held: has, missing });
                parts.iter().for_each(|part| held.missing[*part] = lacks(*part));
                // The board of a lost row is not known.
                if let Some(first) = parts.first() {
                    held.missing[*first] += missing - absent;
                }
            }
        }
        held
    }

    /// What the data lack of an exchange; `None` if its rows count as complete.
    pub(crate) fn lacking(&self, exchange: Exchange) -> Option<Lacking> {
        self.exchanges[exchange as usize]
    }

    /// How many securities of a scope are missing, and whether the scope is complete.
    pub(crate) fn of_scope(&self, scope: &Scope, bands: &Bands) -> (u64, Basis) {
        let (mut missing, mut basis) = ([0; PARTS], Basis::Exact);
        // The groups and price-limit classes of missing securities are not known.
        let is_group = matches!(scope, Scope::Group(_));
        let lies_in = |segment: &Segment| is_group || contains(scope, *segment, bands);
        for segment in Segment::all().filter(lies_in) {
            if self.lacking(segment.exchange()).is_some() {
                basis = Basis::Partial;
                if !is_group && !matches!(scope, Scope::Band(_)) {
                    missing[segment.part()] = self.missing[segment.part()];
                }
            }
        }
        (missing.iter().sum(), basis)
    }
}
