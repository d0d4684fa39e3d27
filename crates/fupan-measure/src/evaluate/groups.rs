//! Groups of shares, such as industries, and the totals of their members.

use std::collections::BTreeSet;

use fupan_fact::{Name, Scope};
use fupan_market::{Group, GroupId, GroupList, Groups, SessionDate};

use crate::session::held::are_many;
use crate::total::cell::{Cell, Mark};
use crate::total::totals::PartTotals;

/// Which groups a session is evaluated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SelectedGroups {
    /// None.
    None,
    /// The industries of a review.
    Industries,
    /// Those with these identifiers.
    Only(Vec<GroupId>),
}

/// The selected groups in which a security trades in a session. Nothing can be said of others.
#[derive(Debug, Default)]
pub(crate) struct GroupViews<'a> {
    pub(crate) views: Vec<GroupView<'a>>,
    /// How many that traded are in no industry, if industries are selected.
    pub(crate) ungrouped: usize,
    /// How many that traded have an industry that was observed only later.
    pub(crate) later: usize,
    /// The first and the last date of those later observations.
    pub(crate) later_dates: Option<(SessionDate, SessionDate)>,
}

/// One group in a session.
#[derive(Debug)]
pub(crate) struct GroupView<'a> {
    group: &'a Group,
    pub(crate) scope: Scope,
    /// The totals of its shares.
    pub(crate) totals: PartTotals,
    /// Places of its shares' cells.
    pub(crate) cells: Vec<usize>,
    /// Whether a member is in it only by an observation after the session.
    pub(crate) is_of_later: bool,
    /// Whether so many securities are in no group of its classification that some may belong to
    /// this one.
    pub(crate) is_partial: bool,
}

impl<'a> GroupView<'a> {
    fn new(group: &'a Group) -> GroupView<'a> {
        GroupView {
            group,
            scope: Scope::Group(group.id.clone()),
            totals: PartTotals::default(),
            cells: Vec::new(),
            is_of_later: false,
            is_partial: false,
        }
    }

    pub(crate) fn id(&self) -> &GroupId {
        &self.group.id
    }

    /// Its name, which is known in Chinese only.
    pub(crate) fn name(&self) -> Name {
        Name { zh: self.group.name.to_string(), en: None }
    }
}

impl<'a> GroupViews<'a> {
    pub(crate) fn of(
        groups: &'a Groups,
        selected: &SelectedGroups,
        session: SessionDate,
        cells: &[Cell],
    ) -> GroupViews<'a> {
        match selected {
            SelectedGroups::None => GroupViews::default(),
            SelectedGroups::Industries => {
                let of_list = |list| GroupViews::of_list(list, &|_| true, session, cells);
                groups.industries().map_or_else(GroupViews::default, of_list)
            }
            SelectedGroups::Only(ids) => {
                let schemes: BTreeSet<&str> = ids.iter().map(GroupId::scheme).collect();
                let lists = schemes.into_iter().filter_map(|scheme| groups.list(scheme));
                let is_wanted = |id: &GroupId| ids.contains(id);
                let of_lists = lists
                    .flat_map(|list| GroupViews::of_list(list, &is_wanted, session, cells).views);
                GroupViews { views: of_lists.collect(), ..GroupViews::default() }
            }
        }
    }

    fn of_list(
        list: &'a GroupList,
        is_wanted: &dyn Fn(&GroupId) -> bool,
        session: SessionDate,
        cells: &[Cell],
    ) -> GroupViews<'a> {
        let mut views: Vec<GroupView<'a>> = list.groups.iter().map(GroupView::new).collect();
        let wanted: Vec<bool> = views.iter().map(|view| is_wanted(view.id())).collect();
        let (mut all, mut grouped) = (GroupViews::default(), 0_usize);
        for (place, cell) in cells.iter().enumerate() {
            let mut seen = None;
            for member in list.of_symbol(cell.symbol, session) {
                let view = &mut views[member.group];
                seen = Some(member.seen_on);
                // Lists may name a security under two of its codes.
                if !wanted[member.group] || view.cells.last() == Some(&place) {
                    continue;
                }
                view.totals.insert(cell);
                view.cells.push(place);
                view.is_of_later |= member.is_of_later(session);
            }
            if !cell.marks.has(Mark::Traded) {
                continue;
            }
            let Some(on) = seen else {
                all.ungrouped += 1;
                continue;
            };
            grouped += 1;
            if on > session {
                all.later += 1;
                let (first, last) = all.later_dates.unwrap_or((on, on));
                all.later_dates = Some((first.min(on), last.max(on)));
            }
        }
        let is_partial = are_many(all.ungrouped as u64, grouped as u64);
        views.iter_mut().for_each(|view| view.is_partial = is_partial);
        views.retain(|view| view.totals.count(Mark::Traded) > 0);
        all.views = views;
        all
    }
}
