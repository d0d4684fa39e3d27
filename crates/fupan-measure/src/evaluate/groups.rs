//! Groups of shares, such as industries, and the totals of their members.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::{Name, Scope, ThemeList};
use fupan_market::{
    Chain, ChainSegment, Definitions, Group, GroupId, GroupKind, GroupList, Groups, MissingGroup,
    NotThemes, SessionDate, Symbol, english_group_name,
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
    /// Those that a security is in: its industry, its themes and its segments of chains.
    Of(Symbol),
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
    /// Groups that the chains name and the list of the themes lacks.
    pub(crate) missing: Vec<MissingGroup>,
    /// The members of the chains' segments, chain by chain.
    pub(crate) chains: Vec<GroupList>,
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
    pub(crate) fn name(&self, definitions: &Definitions) -> Name {
        let zh = self.group.name.to_string();
        let chain = definitions.chain(self.group.id.scheme()).filter(|_| self.group.id.is_chain());
        let segment = chain.and_then(|chain| chain.segment(self.group.id.code()));
        let en = segment.map_or_else(|| english_group_name(&zh), |one| Some(one.name.en.as_str()));
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
        let definitions = groups.definitions();
        match selected {
            SelectedGroups::None => GroupViews::default(),
            SelectedGroups::OfReview => {
                let of_list =
                    |list: &GroupList| GroupViews::of_list(list, &|_| true, session, cells);
                let of_themes =
                    |list| GroupViews::of_themes(list, definitions.not_themes(), session, cells);
                let (themes, (mut all, chains)) = rayon::join(
                    || groups.themes().map_or_else(GroupViews::default, of_themes),
                    || {
                        let industries = groups.industries();
                        let industries = industries.map_or_else(GroupViews::default, of_list);
                        (industries, of_chains(groups, &|_| true, session, cells))
                    },
                );
                all.views.extend(themes.views);
                all.themes = themes.themes;
                all.views.extend(partly(themes.is_partial, chains.views));
                all.missing = chains.missing;
                all.chains = chains.chains;
                all
            }
            SelectedGroups::Only(ids) => {
                let schemes: BTreeSet<&str> = ids.iter().map(GroupId::scheme).collect();
                let lists = schemes.iter().filter_map(|scheme| groups.list(scheme));
                let is_wanted = |id: &GroupId| ids.contains(id);
                let of_lists = lists
                    .flat_map(|list| GroupViews::of_list(list, &is_wanted, session, cells).views);
                let of_chains = match ids.iter().any(GroupId::is_chain) {
                    false => GroupViews::default(),
                    true => {
                        let rests_on = |list| GroupViews::of_list(list, &|_| false, session, cells);
                        let is_partial = groups.themes().is_some_and(|l| rests_on(l).is_partial);
                        let chains = of_chains(groups, &is_wanted, session, cells);
                        let views = partly(is_partial, chains.views);
                        GroupViews { views, chains: chains.chains, ..GroupViews::default() }
                    }
                };
                GroupViews { views: of_lists.chain(of_chains.views).collect(), ..of_chains }
            }
            SelectedGroups::Of(symbol) => {
                let mut ids = Vec::new();
                for list in [groups.industries(), groups.themes()].into_iter().flatten() {
                    ids.extend(groups_of(list, definitions.not_themes(), *symbol, session));
                }
                for chain in known_chains(groups) {
                    let members = chain.resolve(groups.themes(), session);
                    let none = definitions.not_themes();
                    ids.extend(groups_of(&members.list, none, *symbol, session));
                }
                GroupViews::of(groups, &SelectedGroups::Only(ids), session, cells)
            }
        }
    }

    /// The themes of a list, and what is to be said of the list. Groups that are no themes and groups
    /// of few members that traded are left out.
    fn of_themes(
        list: &GroupList,
        excluded: &NotThemes,
        session: SessionDate,
        cells: &[Cell],
    ) -> GroupViews {
        let names: BTreeMap<&GroupId, &str> =
            list.groups.iter().map(|group| (&group.id, &*group.name)).collect();
        let is_theme = |id: &GroupId| !names.get(id).is_some_and(|name| excluded.has(name));
        let no_themes = list.groups.iter().filter(|group| !is_theme(&group.id)).count() as u64;
        let mut all = GroupViews::of_list(list, &is_theme, session, cells);
        let traded = all.views.len();
        all.views.retain(|view| view.totals.count(Mark::Traded) >= ThemeList::MEMBERS_MIN);
        let dates = all.views.iter().map(|view| view.seen_on);
        let seen_on = dates.reduce(|(a, b), (c, d)| (a.min(c), b.max(d)));
        all.themes = all.views.first().zip(seen_on).map(|(first, seen_on)| ThemeList {
            scheme: first.id().scheme().to_owned(),
            seen_on,
            small: (traded - all.views.len()) as u64,
            no_themes,
            unlisted: all.unlisted as u64,
            alike: alike(&all.views),
        });
        all
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
            // A list may say that a security is in none of its groups.
            let spoken_of =
                || list.spoken_of(cell.symbol, session).filter(|_| !list.nowhere.is_empty());
            let Some(on) = seen.or_else(spoken_of) else {
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

/// Views that are partial if the list that they are resolved from is.
fn partly(is_partial: bool, mut views: Vec<GroupView>) -> Vec<GroupView> {
    views.iter_mut().for_each(|view| view.is_partial = is_partial);
    views
}

/// The groups of a list that a security is in, except those that are no themes.
fn groups_of(
    list: &GroupList,
    excluded: &NotThemes,
    symbol: Symbol,
    session: SessionDate,
) -> Vec<GroupId> {
    let groups = list.of_symbol(symbol, session).map(|member| &list.groups[member.group]);
    let themes = groups.filter(|group| !excluded.has(&group.name));
    themes.map(|group| group.id.clone()).collect()
}

/// The chains that have figures: the reader's own, and those that the list of the themes knows a
/// group of. Of the others the list is one of another market.
pub(crate) fn known_chains(groups: &Groups) -> impl Iterator<Item = &Chain> {
    let listed = groups.themes().into_iter().flat_map(|list| &list.groups);
    let listed: BTreeSet<&str> = listed.map(|group| &*group.name).collect();
    let definitions = groups.definitions();
    definitions.chains().filter(move |chain| {
        let names = chain.segments().iter().flat_map(ChainSegment::names);
        definitions.own_chain(&chain.scheme()).is_some()
            || names.flat_map(|(name, _)| chain.spellings(name)).any(|name| listed.contains(name))
    })
}

/// The views of the chains' segments that are wanted, their members, and the groups that the list
/// lacks.
fn of_chains(
    groups: &Groups,
    is_wanted: &dyn Fn(&GroupId) -> bool,
    session: SessionDate,
    cells: &[Cell],
) -> GroupViews {
    let mut all = GroupViews::default();
    for chain in known_chains(groups) {
        let members = chain.resolve(groups.themes(), session);
        all.views.extend(GroupViews::of_list(&members.list, is_wanted, session, cells).views);
        all.missing.extend(members.missing);
        all.chains.push(members.list);
    }
    all
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
