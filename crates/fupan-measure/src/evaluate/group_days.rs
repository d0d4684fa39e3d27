//! What the members of every group did in each session of a walk, to be kept: later sessions look
//! back on it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use fupan_market::{Chain, GroupDay, GroupId, GroupKind, GroupList, Groups, SessionDate, Symbol};

use crate::evaluate::groups::known_chains;
use crate::session::walked::WalkedSession;
use crate::total::arithmetic::div_half_away;
use crate::total::cell::{Cell, Mark};

/// The mean return of a group's members, in parts per billion; `None` if none has one.
pub fn mean_return(day: &GroupDay) -> Option<i128> {
    div_half_away(day.returns.into(), day.priced.into())
}

/// Sums up groups session by session: those of every list, and the segments of the chains.
///
/// What a list says is looked up once for all sessions in which it says the same.
#[derive(Debug, Default)]
pub struct GroupSums {
    /// By scheme.
    held: Mutex<BTreeMap<Arc<str>, Arc<Stated>>>,
}

/// What a list says from one session up to another.
#[derive(Debug)]
struct Stated {
    /// The lists that it is one of.
    of: Arc<Groups>,
    /// The first day; `None` if it says so of all days before `until`.
    from: Option<SessionDate>,
    /// The first day on which it may say something else.
    until: Option<SessionDate>,
    /// Its groups; a member has an index among them.
    groups: Vec<GroupId>,
    /// Members, by symbol; each is in a group once.
    members: Vec<(Symbol, usize, bool)>,
}

impl GroupSums {
    /// The days of the groups in which a security traded in a session, by list.
    pub fn days(&self, walked: &WalkedSession) -> Vec<(GroupId, GroupDay)> {
        let (groups, session) = (&walked.market.groups, walked.market.session);
        let chains = known_chains(groups).map(|chain| (chain.scheme(), Some(chain)));
        let lists = groups.lists().map(|(scheme, _)| (scheme.to_owned(), None));
        let mut days = Vec::new();
        for (scheme, chain) in lists.chain(chains) {
            let Some(stated) = self.stated(groups, (&scheme, chain), session) else { continue };
            let sums = stated.sums(&walked.cells);
            let known = stated.groups.iter().zip(sums).filter(|(_, day)| day.has_trade());
            days.extend(known.map(|(group, day)| (group.clone(), day)));
        }
        days
    }

    /// What a list says in a session. Sessions are evaluated in any order, mostly forward.
    fn stated(
        &self,
        groups: &Arc<Groups>,
        (scheme, chain): (&str, Option<&Chain>),
        session: SessionDate,
    ) -> Option<Arc<Stated>> {
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stated) = held().get(scheme).filter(|held| held.holds(groups, session)) {
            return Some(Arc::clone(stated));
        }
        let stated = Arc::new(Stated::of(groups, (scheme, chain), session)?);
        held().insert(scheme.into(), Arc::clone(&stated));
        Some(stated)
    }
}

impl Stated {
    fn of(
        groups: &Arc<Groups>,
        (scheme, chain): (&str, Option<&Chain>),
        session: SessionDate,
    ) -> Option<Stated> {
        // A chain of named securities needs no list.
        let none = GroupList::of(GroupKind::Concept);
        let source = match chain {
            Some(_) => groups.themes().unwrap_or(&none),
            None => groups.list(scheme)?,
        };
        let changes = source.changes();
        let next = changes.partition_point(|on| *on <= session);
        let from = next.checked_sub(1).map(|last| changes[last]);
        let until = changes.get(next).copied();
        let resolved = chain.map(|chain| chain.resolve([source], session).list);
        let list: &GroupList = resolved.as_ref().unwrap_or(source);
        let mut members = Vec::new();
        for own in list.members.chunk_by(|a, b| a.symbol == b.symbol) {
            let of_symbol = list.of_symbol(own[0].symbol, session);
            members.extend(of_symbol.map(|of| (of.symbol, of.group, of.is_of_later(session))));
        }
        members.sort_unstable();
        // Of statements of one date the first says it all: none is of later, or all are.
        members.dedup_by_key(|(symbol, group, _)| (*symbol, *group));
        let groups_of = list.groups.iter().map(|group| group.id.clone()).collect();
        Some(Stated { of: Arc::clone(groups), from, until, groups: groups_of, members })
    }

    fn holds(&self, groups: &Arc<Groups>, session: SessionDate) -> bool {
        Arc::ptr_eq(&self.of, groups)
            && self.from.is_none_or(|from| from <= session)
            && self.until.is_none_or(|until| session < until)
    }

    /// The groups' days, in their order. Cells are sorted by symbol.
    fn sums(&self, cells: &[Cell]) -> Vec<GroupDay> {
        let mut days = vec![GroupDay::default(); self.groups.len()];
        let mut members = self.members.as_slice();
        for cell in cells {
            members = &members[members.partition_point(|(symbol, ..)| *symbol < cell.symbol)..];
            let own = members.iter().take_while(|(symbol, ..)| *symbol == cell.symbol);
            for (_, group, is_of_later) in own {
                let day = &mut days[*group];
                day.is_of_later |= is_of_later;
                if !cell.marks.has(Mark::Traded) {
                    continue;
                }
                match cell.marks.has(Mark::Priced) {
                    true => (day.returns, day.priced) = (day.returns + cell.ret, day.priced + 1),
                    false => day.unpriced += 1,
                }
                day.turnover += cell.turnover;
                day.estimated += u32::from(cell.marks.has(Mark::Estimated));
            }
        }
        days
    }
}
