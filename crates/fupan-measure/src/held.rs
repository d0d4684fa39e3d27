//! How much of the market a session's data hold.
//!
//! It is judged against what is known: what traded in the session before, how many securities
//! traded in the sessions before, and which ones lists call listed. A few securities without a row
//! are suspended; many at once are missing.

use fupan_fact::{Basis, Scope};
use fupan_market::{Exchange, ListedSpan, SecurityDay, SessionDate};

use crate::cell::Mark;
use crate::scope::{Segment, contains};
use crate::series::{SessionTurnover, bse_opening};
use crate::total::Totals;

/// The boards of the exchanges.
const PARTS: usize = Segment::COUNT / 2;

/// Sessions before that say how many securities trade.
const NEIGHBOURS: usize = 20;

/// Securities by board of an exchange.
pub type PerPart = [u32; PARTS];

/// Whether so many missing securities are more than the suspensions of a day: three at least, and
/// over two percent.
pub(crate) const fn are_many(missing: u64, held: u64) -> bool {
    missing >= 3 && missing * 50 > held + missing
}

/// The securities that lists call listed in a session and that have no day in it. Both come by
/// symbol.
pub(crate) fn listed_without_day(
    listed: &[ListedSpan],
    session: SessionDate,
    days: &[SecurityDay],
) -> PerPart {
    let mut missing = [0; PARTS];
    for span in listed.iter().filter(|span| span.from <= session && session <= span.to) {
        let Some(board) = span.symbol.board() else { continue };
        if days.binary_search_by_key(&span.symbol, |day| day.symbol).is_err() {
            missing[Segment::of(span.symbol.exchange(), board, false).part()] += 1;
        }
    }
    missing
}

/// What a session's data hold, and what they lack.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    /// Securities that should have a row and have none, where they are more than suspensions.
    missing: [u64; PARTS],
    /// The same of an exchange, and its securities with a row.
    exchanges: [Option<Lacking>; 3],
}

/// What the data lack of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lacking {
    /// Securities with a row.
    pub(crate) held: u64,
    /// Securities without one that should have one, as far as that is known.
    pub(crate) missing: u64,
}

impl Held {
    /// `listed` are those that lists call listed, beside the ones with a day.
    pub(crate) fn of(
        session: SessionDate,
        totals: &Totals,
        past: &[SessionTurnover],
        listed: &PerPart,
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
            absent[part].max(usual[part].saturating_sub(rows[part])).max(listed[part].into())
        };
        let mut held = Held::default();
        for exchange in Exchange::ALL {
            let of_exchange = Segment::all().filter(|s| s.exchange() == exchange && !s.warned());
            let parts: Vec<usize> = of_exchange.map(Segment::part).collect();
            let has: u64 = parts.iter().map(|part| rows[*part]).sum();
            let missing: u64 = parts.iter().map(|part| lacks(*part)).sum();
            let open = exchange != Exchange::Bse || session >= bse_opening();
            if open && (has == 0 || are_many(missing, has)) {
                held.exchanges[exchange as usize] = Some(Lacking { held: has, missing });
                parts.iter().for_each(|part| held.missing[*part] = lacks(*part));
            }
        }
        held
    }

    /// What is lacking of an exchange, where its securities with a row are not all.
    pub(crate) fn lacking(&self, exchange: Exchange) -> Option<Lacking> {
        self.exchanges[exchange as usize]
    }

    /// How many securities of a scope are missing, and whether the scope is there as a whole.
    pub(crate) fn of_scope(&self, scope: &Scope, session: SessionDate) -> (u64, Basis) {
        let (mut missing, mut basis) = ([0; PARTS], Basis::Exact);
        for segment in Segment::all().filter(|segment| contains(scope, *segment, session)) {
            if self.lacking(segment.exchange()).is_some() {
                basis = Basis::Partial;
                // Of which class the missing ones are is not known.
                if !matches!(scope, Scope::Band(_)) {
                    missing[segment.part()] = self.missing[segment.part()];
                }
            }
        }
        (missing.iter().sum(), basis)
    }
}
