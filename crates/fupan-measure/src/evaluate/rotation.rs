//! What groups of shares did in the last sessions, and how the order of the themes changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use fupan_fact::{Basis, Coverage, FactKey, InputRef, Scope, ThemeList, Unit, Value};
use fupan_market::{
    GroupDay, GroupKind, GroupList, Groups, GroupsPast, PastDay, PastReturns, Return, SessionDate,
    Symbol,
};

use crate::catalogue::catalogue;
use crate::catalogue::rotation::{GROUPS_MIN, PAST_SESSIONS, PERCENTILE_SESSIONS, SESSIONS};
use crate::evaluate::group_days::mean_return;
use crate::evaluate::groups::{GroupView, GroupViews, SelectedGroups};
use crate::evaluate::inputs::defined_by;
use crate::evaluate::{Draft, Evaluation, derived_basis, partial_basis};
use crate::measure::{Measure, Rotation};
use crate::total::arithmetic::{deviation, div_half_away, percent_up, rank_correlation};
use crate::total::cell::{Mark, Sum};
use crate::total::value::{of_unit, unknown};

mod kept;

/// A number, or the reason why there is none.
type Known = Result<i128, &'static str>;

/// What the groups of a session did in the sessions up to it.
#[derive(Debug)]
pub(crate) struct GroupPast {
    /// The sessions, earliest first; the last is the session itself.
    sessions: Vec<SessionDate>,
    /// Whether the data have a trade, by session.
    traded: Vec<bool>,
    /// The market's turnover in fen and how many of its securities have an estimate, by session;
    /// empty if the groups' days were not kept.
    market: Vec<(i128, u32)>,
    /// How far the data of each session go.
    bases: Vec<Basis>,
    /// Whether enough traded in each session for it to be compared with.
    comparable: Vec<bool>,
    /// By place among the views.
    groups: Vec<GroupDays>,
    /// Places of the views of a kind that have places among each other: the themes, the industries.
    peers: [Vec<usize>; 2],
}

/// A group's days, session by session.
#[derive(Clone, Debug, Default)]
struct GroupDays {
    days: Vec<GroupDay>,
    /// Whether a member of an earlier session is in it only by an observation after that session.
    is_of_later: bool,
}

/// Adds a security's day to that of a group. Its turnover is not known.
fn add_return(group: &mut GroupDay, day: PastDay) {
    match day {
        PastDay::Idle => {}
        PastDay::Unpriced => group.unpriced += 1,
        PastDay::Returned(Return(ppb)) => {
            group.returns += ppb;
            group.priced += 1;
        }
    }
}

impl GroupPast {
    /// The days of the groups in `views` before `session`, by the membership that held on each, and
    /// their day of the session itself.
    pub(crate) fn of(
        returns: &PastReturns,
        groups: &Groups,
        (views, selected): (&GroupViews, &SelectedGroups),
        session: SessionDate,
    ) -> GroupPast {
        let mut sessions = returns.sessions().to_vec();
        sessions.push(session);
        let none =
            GroupDays { days: vec![GroupDay::default(); sessions.len()], is_of_later: false };
        let mut past = GroupPast {
            traded: vec![false; sessions.len()],
            market: Vec::new(),
            bases: Vec::new(),
            comparable: Vec::new(),
            groups: vec![none; views.views.len()],
            peers: match selected {
                SelectedGroups::OfReview => peers(views),
                _ => Default::default(),
            },
            sessions,
        };
        for (_, days) in returns.securities() {
            for (traded, day) in past.traded.iter_mut().zip(days) {
                *traded |= *day != PastDay::Idle;
            }
        }
        let last = past.sessions.len() - 1;
        past.traded[last] = true;
        for (group, view) in past.groups.iter_mut().zip(&views.views) {
            group.days[last] = day_of(view);
        }
        let schemes: BTreeSet<&str> = views.views.iter().map(|view| view.id().scheme()).collect();
        for scheme in schemes {
            past.add_scheme(scheme, returns, groups, views);
        }
        past
    }

    /// Adds the earlier days of the groups of a scheme.
    fn add_scheme(
        &mut self,
        scheme: &str,
        returns: &PastReturns,
        groups: &Groups,
        views: &GroupViews,
    ) {
        let chain = groups.definitions().chain(scheme);
        // A chain of named securities needs no list.
        let none = GroupList::of(GroupKind::Concept);
        let stated = match chain {
            Some(_) => groups.themes().unwrap_or(&none),
            None => groups.list(scheme).unwrap_or(&none),
        };
        for span in spans(stated, &self.sessions) {
            let is_of_session = span.contains(&(self.sessions.len() - 1));
            let of_session =
                views.chains.iter().find(|list| is_of_session && list.has_scheme(scheme));
            let resolved;
            let list = match (chain, of_session) {
                (None, _) => stated,
                (Some(_), Some(list)) => list,
                (Some(chain), None) => {
                    resolved = chain.resolve([stated], self.sessions[span.start]).list;
                    &resolved
                }
            };
            let before = span.start..span.end.min(self.sessions.len() - 1);
            self.add_days(list, before, returns, views);
        }
    }

    /// Adds the days of sessions in which a list says the same.
    fn add_days(
        &mut self,
        list: &GroupList,
        span: Range<usize>,
        returns: &PastReturns,
        views: &GroupViews,
    ) {
        if span.is_empty() {
            return;
        }
        let by_id: BTreeMap<_, usize> =
            views.views.iter().enumerate().map(|(place, view)| (view.id(), place)).collect();
        let places: Vec<Option<usize>> =
            list.groups.iter().map(|group| by_id.get(&group.id).copied()).collect();
        let on = self.sessions[span.start];
        let mut counted: Vec<Option<Symbol>> = vec![None; self.groups.len()];
        for (symbol, days) in returns.securities() {
            let days = &days[span.clone()];
            for member in list.of_symbol(symbol, on) {
                let Some(place) = places[member.group] else { continue };
                // Lists may name a security under two of its codes.
                if counted[place].replace(symbol) == Some(symbol) {
                    continue;
                }
                let group = &mut self.groups[place];
                let traded = days.iter().any(|day| *day != PastDay::Idle);
                group.is_of_later |= traded && member.is_of_later(on);
                for (sum, day) in group.days[span.clone()].iter_mut().zip(days) {
                    add_return(sum, *day);
                }
            }
        }
    }

    /// A group's mean return in a session, by its place among the sessions.
    fn mean(&self, view: usize, session: usize) -> Known {
        let mean = mean_return(&self.groups[view].days[session]);
        mean.ok_or(if self.traded[session] { "nobody_judged" } else { "session_missing" })
    }

    /// A group's return over the last sessions, in parts per billion.
    fn over(&self, view: usize, sessions: usize) -> Known {
        const ONE: i128 = Return::PARTS as i128;
        let first = self.sessions.len().checked_sub(sessions).ok_or("window_too_short")?;
        let mut level = ONE;
        for session in first..self.sessions.len() {
            let gain = level.checked_mul(self.mean(view, session)?).ok_or("out_of_range")?;
            level += div_half_away(gain, ONE).ok_or("out_of_range")?;
        }
        Ok(level - ONE)
    }

    /// In how many of the last sessions each of some groups was among the best tenth.
    fn in_top_tenth(&self, peers: &[usize]) -> Vec<Known> {
        let Some(first) = self.sessions.len().checked_sub(SESSIONS) else {
            return vec![Err("window_too_short"); peers.len()];
        };
        let mut counts = vec![Ok(0); peers.len()];
        for session in first..self.sessions.len() {
            let means: Vec<Known> = peers.iter().map(|view| self.mean(*view, session)).collect();
            let known = means.iter().flatten().count() as u64;
            for (count, place) in counts.iter_mut().zip(places(&means)) {
                *count = match (*count, place) {
                    (Ok(so_far), Ok(place)) => {
                        Ok(so_far + i128::from(place <= i128::from(percent_up(known, 10))))
                    }
                    (Err(reason), _) | (Ok(_), Err(reason)) => Err(reason),
                };
            }
        }
        match peers.len() < GROUPS_MIN {
            true => vec![Err("population_too_small"); peers.len()],
            false => counts,
        }
    }

    /// How far the returns of the session of some groups lie apart.
    fn dispersion(&self, peers: &[usize]) -> Known {
        let last = self.sessions.len() - 1;
        let means = peers.iter().filter_map(|view| self.mean(*view, last).ok());
        let means: Vec<i128> = means.collect();
        if means.len() < GROUPS_MIN {
            return Err("population_too_small");
        }
        let squares = means.iter().map(|mean| mean * mean).sum();
        deviation(means.len() as i128, means.iter().sum(), squares).ok_or("out_of_range")
    }

    /// How alike the order of some groups is to that of some sessions before.
    fn correlation(&self, peers: &[usize], back: usize) -> Known {
        let last = self.sessions.len() - 1;
        let before = last.checked_sub(back).ok_or("window_too_short")?;
        if !self.traded[before] {
            return Err("session_missing");
        }
        let pair =
            |view: &usize| Some((self.mean(*view, last).ok()?, self.mean(*view, before).ok()?));
        let pairs: Vec<(i128, i128)> = peers.iter().filter_map(pair).collect();
        if pairs.len() < GROUPS_MIN {
            return Err("population_too_small");
        }
        rank_correlation(&pairs).ok_or("nobody_judged")
    }

    /// The figure of each of some groups, of the kinds that are single numbers.
    fn figures(&self, rotation: Rotation, views: &[usize]) -> Vec<Known> {
        let over = |sessions| views.iter().map(|view| self.over(*view, sessions)).collect();
        match rotation {
            Rotation::Return(sessions) => over(sessions),
            Rotation::Place(sessions) => places(&over(sessions)),
            Rotation::TopTenth => self.in_top_tenth(views),
            Rotation::Dispersion => vec![self.dispersion(views)],
            Rotation::Correlation(back) => vec![self.correlation(views, back)],
            Rotation::ShareChange => views.iter().map(|view| self.share_change(*view)).collect(),
            Rotation::ReturnPercentile | Rotation::SharePercentile => Vec::new(),
        }
    }
}

/// What a group's members did in the session itself.
fn day_of(view: &GroupView) -> GroupDay {
    let sum = |of| i64::try_from(view.totals.sum(of)).unwrap_or(i64::MAX);
    let count = |of| u32::try_from(view.totals.count(of)).unwrap_or(u32::MAX);
    GroupDay {
        returns: sum(Sum::Return),
        priced: count(Mark::Priced),
        unpriced: count(Mark::Unpriced),
        turnover: sum(Sum::Turnover),
        estimated: count(Mark::Estimated),
        is_of_later: view.is_of_later,
    }
}

/// The views that have places among each other: the themes, of those that share most members only
/// the largest; and the industries.
fn peers(views: &GroupViews) -> [Vec<usize>; 2] {
    let alike = views.themes.iter().flat_map(|list| list.alike.values().flatten());
    let again: BTreeSet<_> = alike.collect();
    let is_theme = |view: &GroupView| {
        views.themes.as_ref().is_some_and(|list| list.has(view.id())) && !again.contains(view.id())
    };
    let is_industry = |view: &GroupView| !view.id().is_concept() && !view.id().is_chain();
    let of = |is_one: &dyn Fn(&GroupView) -> bool| {
        let places = views.views.iter().enumerate().filter(|(_, view)| is_one(view));
        places.map(|(place, _)| place).collect()
    };
    [of(&is_theme), of(&is_industry)]
}

/// The place of each number among those that are known, the highest first.
fn places(numbers: &[Known]) -> Vec<Known> {
    let mut sorted: Vec<i128> = numbers.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let larger = |number| sorted.len() - sorted.partition_point(|other| *other <= number);
    numbers.iter().map(|number| number.map(|number| larger(number) as i128 + 1)).collect()
}

/// The sessions in runs within which a list says the same about every security.
fn spans(list: &GroupList, sessions: &[SessionDate]) -> Vec<Range<usize>> {
    let [first, .., last] = sessions else { return std::iter::once(0..sessions.len()).collect() };
    let within = |date: &SessionDate| first < date && date <= last;
    let changes = list.changes().into_iter().filter(within);
    let mut cuts: Vec<usize> = vec![0];
    cuts.extend(changes.map(|on| sessions.partition_point(|session| *session < on)));
    cuts.push(sessions.len());
    cuts.dedup();
    cuts.windows(2).map(|cut| cut[0]..cut[1]).collect()
}

/// How many sessions before the session itself a figure rests on.
fn rests_on(rotation: Rotation) -> usize {
    match rotation {
        Rotation::Return(sessions) | Rotation::Place(sessions) => sessions - 1,
        Rotation::TopTenth => SESSIONS - 1,
        Rotation::Dispersion => 0,
        Rotation::Correlation(back) => back,
        Rotation::ShareChange => 1,
        Rotation::ReturnPercentile | Rotation::SharePercentile => PERCENTILE_SESSIONS - 1,
    }
}

fn value(unit: Unit, known: Known) -> Value {
    known.map_or_else(unknown, |number| of_unit(unit, number))
}

impl Evaluation<'_> {
    pub(super) fn add_rotation(&mut self, measure: &Measure, rotation: Rotation) {
        let Some(past) = self.group_past.take() else { return };
        let groups = std::mem::take(&mut self.groups);
        match rotation {
            _ if rotation.is_of_kept_days() && !past.is_kept() => {}
            Rotation::ReturnPercentile | Rotation::SharePercentile => {
                self.add_percentiles(measure, rotation, (&past, &groups));
            }
            Rotation::Return(_) | Rotation::ShareChange => {
                let every: Vec<usize> = (0..groups.views.len()).collect();
                self.add_of_groups(measure, rotation, (&past, &groups), &every);
            }
            Rotation::Place(_) | Rotation::TopTenth => {
                for peers in &past.peers {
                    self.add_of_groups(measure, rotation, (&past, &groups), peers);
                }
            }
            Rotation::Dispersion | Rotation::Correlation(_) => {
                self.add_of_themes(measure, rotation, (&past, &groups));
            }
        }
        (self.groups, self.group_past) = (groups, Some(past));
    }

    /// The figures of each of some groups.
    fn add_of_groups(
        &mut self,
        measure: &Measure,
        rotation: Rotation,
        (past, groups): (&GroupPast, &GroupViews),
        views: &[usize],
    ) {
        let figures = past.figures(rotation, views);
        let among_peers = matches!(rotation, Rotation::Place(_) | Rotation::TopTenth);
        let known = figures.iter().flatten().count() as u64;
        let of_peers = Coverage { judged: known, unjudged: views.len() as u64 - known };
        let bases: Vec<Basis> =
            views.iter().map(|view| self.basis_of_group(past, groups, *view, rotation)).collect();
        let worst = bases.iter().copied().max().unwrap_or(Basis::Exact);
        let mut inputs = None;
        for ((view, figure), basis) in views.iter().zip(figures).zip(bases) {
            let totals = &groups.views[*view].totals;
            let of_members = Coverage {
                judged: totals.count(Mark::Priced),
                unjudged: totals.count(Mark::Unpriced),
            };
            let draft = Draft {
                key: self.key(measure, None, groups.views[*view].scope.clone()),
                value: value(measure.unit, figure),
                coverage: if among_peers { of_peers } else { of_members },
                findings: Vec::new(),
                basis: if among_peers { worst } else { basis },
            };
            let inputs = self.inputs_of_group(measure, &groups.views[*view], &mut inputs);
            self.emit_with(measure, draft, inputs);
        }
    }

    /// A figure of all themes.
    fn add_of_themes(
        &mut self,
        measure: &Measure,
        rotation: Rotation,
        (past, groups): (&GroupPast, &GroupViews),
    ) {
        let [themes, _] = &past.peers;
        let (Some(first), Some(figure)) = (themes.first(), past.figures(rotation, themes).pop())
        else {
            return;
        };
        let bases = themes.iter().map(|view| self.basis_of_group(past, groups, *view, rotation));
        let draft = Draft {
            key: self.key(measure, None, Scope::AllA),
            value: value(measure.unit, figure),
            coverage: Coverage { judged: themes.len() as u64, unjudged: 0 },
            findings: Vec::new(),
            basis: bases.max().unwrap_or(Basis::Exact),
        };
        let inputs = self.inputs_of_group(measure, &groups.views[*first], &mut None);
        self.emit_with(measure, draft, inputs);
    }

    /// The groups' mean returns in the sessions before, as their own reviews have them.
    pub(super) fn add_past_returns(&mut self) {
        let measure = catalogue().iter().find(|measure| measure.id == "equal_weight_return");
        let (Some(past), Some(measure)) = (self.group_past.take(), measure) else { return };
        let groups = std::mem::take(&mut self.groups);
        let last = past.sessions.len() - 1;
        let mut inputs = None;
        for (place, view) in groups.views.iter().enumerate() {
            let basis = self.basis_of_group(&past, &groups, place, Rotation::Return(SESSIONS));
            let is_theme = groups.themes.as_ref().is_some_and(|list| list.has(view.id()));
            let fewest = if is_theme { ThemeList::MEMBERS_MIN } else { 1 };
            for session in last.saturating_sub(PAST_SESSIONS)..last {
                let day = past.groups[place].days[session];
                let traded = u64::from(day.priced + day.unpriced);
                let Some(mean) = mean_return(&day).filter(|_| traded >= fewest) else { continue };
                let key = self.key(measure, None, view.scope.clone());
                let draft = Draft {
                    key: FactKey { session: past.sessions[session], ..key },
                    value: of_unit(measure.unit, mean),
                    coverage: Coverage { judged: day.priced.into(), unjudged: day.unpriced.into() },
                    findings: Vec::new(),
                    basis,
                };
                let inputs = self.inputs_of_group(measure, view, &mut inputs);
                self.emit_with(measure, draft, inputs);
            }
        }
        (self.groups, self.group_past) = (groups, Some(past));
    }

    /// The inputs of a figure of a group. Groups of one list follow each other, and share them.
    pub(super) fn inputs_of_group(
        &self,
        measure: &Measure,
        view: &GroupView,
        last: &mut Option<(String, Arc<[InputRef]>)>,
    ) -> Arc<[InputRef]> {
        let scheme = view.id().scheme();
        match last {
            Some((of, inputs)) if of == scheme => Arc::clone(inputs),
            _ => {
                let groups = &self.market.groups;
                let listed_by = view.listed_by(groups);
                let defined = defined_by(groups.definitions(), view.id());
                let inputs = self.inputs.with_groups(measure, listed_by, defined);
                *last = Some((scheme.to_owned(), Arc::clone(&inputs)));
                inputs
            }
        }
    }

    /// How far the data support a figure of a group. What is derived, missing or restated in the
    /// session was probably so in the sessions before.
    fn basis_of_group(
        &self,
        past: &GroupPast,
        groups: &GroupViews,
        place: usize,
        rotation: Rotation,
    ) -> Basis {
        let view = &groups.views[place];
        let back = rests_on(rotation);
        let has = |mark| view.totals.count(mark) > 0;
        let derived = has(Mark::PrevDerived) || back > 0 && has(Mark::PastDerived);
        let is_of_later = view.is_of_later || back > 0 && past.groups[place].is_of_later;
        let restated = if is_of_later { Basis::Restated } else { Basis::Exact };
        let first = past.sessions.len().saturating_sub(back + 1);
        let held = self.held.of_scope(&view.scope, &self.bands).1;
        let earlier = first..past.sessions.len() - 1;
        let held = past.bases[earlier].iter().copied().fold(held, Basis::max);
        held.max(derived_basis(derived)).max(restated).max(partial_basis(view.is_partial))
    }

    /// The groups' past, with the basis of each of its sessions.
    pub(super) fn group_past(&self) -> Option<GroupPast> {
        let groups = (&self.groups, self.selection.groups());
        let mut past = match &self.market.groups_past {
            _ if self.instant.is_some() || !self.selection.looks_at_groups_past() => return None,
            GroupsPast::Unread => return None,
            GroupsPast::Returns(returns) => {
                GroupPast::of(returns, &self.market.groups, groups, self.market.session)
            }
            GroupsPast::Kept(history) => {
                GroupPast::of_kept(history, groups, (&self.market.past, &self.today))
            }
        };
        past.bases = past.sessions.iter().map(|session| self.basis_on(*session)).collect();
        let turnovers = &self.market.past;
        let is_comparable = |on: &SessionDate| {
            let place = turnovers.binary_search_by_key(on, |turnover| turnover.session);
            place.is_ok_and(|place| !self.past.is_thin(place, &Scope::AllA))
        };
        past.comparable = past.sessions.iter().map(is_comparable).collect();
        Some(past)
    }

    /// The basis of an earlier session's returns.
    fn basis_on(&self, session: SessionDate) -> Basis {
        let past = &self.market.past;
        match past.binary_search_by_key(&session, |turnover| turnover.session) {
            Ok(place) => self.basis_of_past(place, &Scope::AllA),
            Err(_) => self.market.expected.basis_of(session),
        }
    }
}
