//! Groups of shares, such as industries, and the totals of their members.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::{Name, Scope, ThemeList};
use fupan_market::{
    Chain, ChainSegment, Group, GroupId, GroupKind, GroupList, Groups, SessionDate,
    english_group_name, not_themes,
};

use crate::session::held::are_many;
use crate::total::cell::{Cell, Mark};
use crate::total::totals::PartTotals;

/// Which groups a session is evaluated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SelectedGroups {
    /// None.
    None,
    /// The industries and the themes of a review.
    OfReview,
    /// Those with these identifiers.
    Only(Vec<GroupId>),
}

/// The selected groups in which a security trades in a session. Nothing can be said of others.
#[derive(Debug, Default)]
pub(crate) struct GroupViews {
    pub(crate) views: Vec<GroupView>,
    /// How many that traded are in no industry, if industries are selected.
    pub(crate) ungrouped: usize,
    /// Whether so many are in none of its groups that figures of the list are partial.
    is_partial: bool,
    /// How many that traded are in no group of a list that speaks of most.
    pub(crate) unlisted: usize,
    /// How many that traded have an industry that was observed only later.
    pub(crate) later: usize,
    /// The first and the last date of those later observations.
    pub(crate) later_dates: Option<(SessionDate, SessionDate)>,
    /// The list of the themes, if themes are selected.
    pub(crate) themes: Option<ThemeList>,
}

/// One group in a session.
#[derive(Debug)]
pub(crate) struct GroupView {
    group: Group,
    pub(crate) scope: Scope,
    /// The totals of its shares.
    pub(crate) totals: PartTotals,
    /// Places of its shares' cells.
    pub(crate) cells: Vec<usize>,
    /// The first and the last date of the statements about its members.
    seen_on: (SessionDate, SessionDate),
    /// Whether a member is in it only by an observation after the session.
    pub(crate) is_of_later: bool,
    /// Whether so many securities are in no group of its classification that some may belong to
    /// this one.
    pub(crate) is_partial: bool,
}

impl GroupView {
    fn new(group: &Group, session: SessionDate) -> GroupView {
        GroupView {
            group: group.clone(),
            scope: Scope::Group(group.id.clone()),
            totals: PartTotals::default(),
            cells: Vec::new(),
            seen_on: (session, session),
            is_of_later: false,
            is_partial: false,
        }
    }

    pub(crate) fn id(&self) -> &GroupId {
        &self.group.id
    }

    /// The scheme of the list that its members are from: a chain's are those of the themes.
    pub(crate) fn listed_by<'v>(&'v self, groups: &'v Groups) -> &'v str {
        let themes = groups.themes().filter(|_| self.group.id.is_chain());
        let first = themes.and_then(|list| list.groups.first());
        first.map_or(self.group.id.scheme(), |group| group.id.scheme())
    }

    /// Its name; lists have Chinese names only.
    pub(crate) fn name(&self) -> Name {
        let zh = self.group.name.to_string();
        let segment = Chain::builtin()
            .iter()
            .flat_map(Chain::segments)
            .find(|segment| self.group.id.is_chain() && segment.group == self.group.id);
        let en = match segment {
            Some(segment) => Some(segment.name.en.as_str()),
            None => english_group_name(&zh),
        };
        Name { en: en.map(str::to_owned), zh }
    }
}

impl GroupViews {
    pub(crate) fn of(
        groups: &Groups,
        selected: &SelectedGroups,
        session: SessionDate,
        cells: &[Cell],
    ) -> GroupViews {
        match selected {
            SelectedGroups::None => GroupViews::default(),
            SelectedGroups::OfReview => {
                let of_list =
                    |list: &GroupList| GroupViews::of_list(list, &|_| true, session, cells);
                let mut all = groups.industries().map_or_else(GroupViews::default, of_list);
                if let Some(list) = groups.themes() {
                    let (themes, views) = themes(list, session, cells);
                    all.views.extend(views);
                    all.themes = themes;
                    all.views.extend(of_chains(list, &|_| true, session, cells));
                }
                all
            }
            SelectedGroups::Only(ids) => {
                let schemes: BTreeSet<&str> = ids.iter().map(GroupId::scheme).collect();
                let lists = schemes.iter().filter_map(|scheme| groups.list(scheme));
                let is_wanted = |id: &GroupId| ids.contains(id);
                let of_lists = lists
                    .flat_map(|list| GroupViews::of_list(list, &is_wanted, session, cells).views);
                let themes = groups.themes().filter(|_| ids.iter().any(GroupId::is_chain));
                let of_chains = themes.map(|list| of_chains(list, &is_wanted, session, cells));
                let views = of_lists.chain(of_chains.into_iter().flatten()).collect();
                GroupViews { views, ..GroupViews::default() }
            }
        }
    }

    fn of_list(
        list: &GroupList,
        is_wanted: &dyn Fn(&GroupId) -> bool,
        session: SessionDate,
        cells: &[Cell],
    ) -> GroupViews {
        let mut views: Vec<GroupView> =
            list.groups.iter().map(|group| GroupView::new(group, session)).collect();
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
                let (first, last) = match view.cells.is_empty() {
                    true => (member.seen_on, member.seen_on),
                    false => view.seen_on,
                };
                view.seen_on = (first.min(member.seen_on), last.max(member.seen_on));
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
        // A list of chosen groups names few securities, and says all that there is to its groups.
        let is_of_market = list.kind == GroupKind::Industry || grouped >= all.ungrouped;
        let is_partial = is_of_market && are_many(all.ungrouped as u64, grouped as u64);
        all.unlisted = if is_of_market { all.ungrouped } else { 0 };
        all.is_partial = is_partial;
        views.iter_mut().for_each(|view| view.is_partial = is_partial);
        views.retain(|view| view.totals.count(Mark::Traded) > 0);
        all.views = views;
        all
    }
}

/// The views of the chains' segments that are wanted. They are as partial as the list of themes that
/// they are resolved from.
fn of_chains(
    list: &GroupList,
    is_wanted: &dyn Fn(&GroupId) -> bool,
    session: SessionDate,
    cells: &[Cell],
) -> Vec<GroupView> {
    let is_partial = GroupViews::of_list(list, &|_| false, session, cells).is_partial;
    let chains = Chain::builtin().iter().filter_map(|chain| segments(chain, list, session));
    let mut views: Vec<GroupView> = chains
        .flat_map(|segments| GroupViews::of_list(&segments, is_wanted, session, cells).views)
        .collect();
    views.iter_mut().for_each(|view| view.is_partial = is_partial);
    views
}

/// The segments of a chain as groups in a session. `None` if the list has none of the groups that
/// the chain names: it is a list of another market.
fn segments(chain: &Chain, list: &GroupList, session: SessionDate) -> Option<GroupList> {
    let named: BTreeSet<&str> =
        chain.segments().iter().flat_map(ChainSegment::names).map(|(name, _)| name).collect();
    let members = chain.resolve([list], session);
    let missing: BTreeSet<&str> = members.missing.iter().map(|group| &*group.name).collect();
    (missing.len() < named.len()).then_some(members.list)
}

/// The themes of a list with their views, and what is to be said of the list. Groups that are no
/// themes and groups of few members that traded are left out.
fn themes(
    list: &GroupList,
    session: SessionDate,
    cells: &[Cell],
) -> (Option<ThemeList>, Vec<GroupView>) {
    let excluded: BTreeSet<&str> = not_themes().collect();
    let names: BTreeMap<&GroupId, &str> =
        list.groups.iter().map(|group| (&group.id, &*group.name)).collect();
    let is_theme = |id: &GroupId| !names.get(id).is_some_and(|name| excluded.contains(name));
    let no_themes = list.groups.iter().filter(|group| !is_theme(&group.id)).count() as u64;
    let GroupViews { mut views, unlisted, .. } =
        GroupViews::of_list(list, &is_theme, session, cells);
    let all = views.len();
    views.retain(|view| view.totals.count(Mark::Traded) >= ThemeList::MEMBERS_MIN);
    let Some(scheme) = views.first().map(|view| view.id().scheme().to_owned()) else {
        return (None, views);
    };
    let dates = views.iter().map(|view| view.seen_on);
    let seen_on = dates.reduce(|(a, b), (c, d)| (a.min(c), b.max(d)));
    let themes = seen_on.map(|seen_on| ThemeList {
        scheme,
        seen_on,
        small: (all - views.len()) as u64,
        no_themes,
        unlisted: unlisted as u64,
        alike: alike(&views),
    });
    (themes, views)
}

/// Groups that share at least four in five of their members together with a larger group, by the
/// larger one. Of equal ones the first by identifier counts as the larger.
fn alike(views: &[GroupView]) -> BTreeMap<GroupId, Vec<GroupId>> {
    let mut by_size: Vec<&GroupView> = views.iter().collect();
    by_size.sort_by_key(|view| (Reverse(view.cells.len()), view.id().clone()));
    let mut shown: Vec<&GroupView> = Vec::new();
    let mut alike: BTreeMap<GroupId, Vec<GroupId>> = BTreeMap::new();
    for view in by_size {
        // Groups come by size, so only the latest ones can be of nearly the same.
        let near = shown.iter().rev().take_while(|of| view.cells.len() * 5 >= of.cells.len() * 4);
        let like = near.filter(|of| {
            let both = common(&of.cells, &view.cells);
            both * 5 >= (of.cells.len() + view.cells.len() - both) * 4
        });
        match like.last() {
            Some(larger) => alike.entry(larger.id().clone()).or_default().push(view.id().clone()),
            None => shown.push(view),
        }
    }
    alike
}

/// How many places two rising lists have in common.
fn common(a: &[usize], b: &[usize]) -> usize {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        both += usize::from(a[i] == b[j]);
        let (x, y) = (a[i], b[j]);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    both
}
