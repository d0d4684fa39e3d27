//! Groups in their own past, from the days that were kept of them.

use fupan_fact::{Basis, Coverage, Scope};
use fupan_market::GroupHistory;

use super::{GroupDays, GroupPast, Known, day_of, peers};
use crate::catalogue::rotation::{PERCENTILE_SESSIONS, SESSIONS};
use crate::evaluate::across::{AcrossValue, FigureValue};
use crate::evaluate::groups::{GroupViews, SelectedGroups};
use crate::evaluate::{Draft, Evaluation, basis, derived_basis, partial_basis};
use crate::measure::{Measure, Rotation};
use crate::session::turnover::SessionTurnover;
use crate::total::arithmetic::div_half_away;
use crate::total::cell::Mark;
use crate::total::value::unknown;

/// A group's figure of a session as integers: a number over one, or a part over its whole.
type Part = (i128, i128);

impl GroupPast {
    /// The kept days of the groups in `views`, and their day of the session itself. `market` is the
    /// turnover of the sessions before, and of the session.
    pub(super) fn of_kept(
        history: &GroupHistory,
        (views, selected): (&GroupViews, &SelectedGroups),
        (before, today): (&[SessionTurnover], &SessionTurnover),
    ) -> GroupPast {
        let mut sessions = history.sessions().to_vec();
        sessions.push(today.session);
        let market = |on| {
            let place = before.binary_search_by_key(&on, |turnover| turnover.session);
            place.map_or(Default::default(), |place| before[place].of(&Scope::AllA))
        };
        let of_session = today.of(&Scope::AllA);
        let turnovers = history.sessions().iter().map(|on| market(*on)).chain([of_session]);
        let turnovers: Vec<_> = turnovers.collect();
        let lately = sessions.len().saturating_sub(SESSIONS);
        let groups = views.views.iter().map(|view| {
            let none = || vec![Default::default(); sessions.len() - 1];
            let mut days = history.of(view.id()).unwrap_or_else(none);
            let is_of_later = days[lately.min(days.len())..].iter().any(|day| day.is_of_later);
            days.push(day_of(view));
            GroupDays { days, is_of_later }
        });
        GroupPast {
            traded: turnovers.iter().map(|market| market.traded > 0).collect(),
            market: turnovers.iter().map(|market| (market.fen, market.estimated)).collect(),
            bases: Vec::new(),
            comparable: Vec::new(),
            groups: groups.collect(),
            peers: match selected {
                SelectedGroups::OfReview => peers(views),
                _ => Default::default(),
            },
            sessions,
        }
    }

    /// Whether the groups' days were kept, so that their turnover is known.
    pub(super) fn is_kept(&self) -> bool {
        !self.market.is_empty()
    }

    /// A group's turnover and the market's in a session.
    fn turnover_share(&self, view: usize, session: usize) -> Option<Part> {
        let whole = self.market[session].0;
        (whole > 0).then(|| (self.groups[view].days[session].turnover.into(), whole))
    }

    /// A group's share of turnover less that of the session before, in parts per million.
    pub(super) fn share_change(&self, view: usize) -> Known {
        let last = self.sessions.len() - 1;
        let before = last.checked_sub(1).ok_or("window_too_short")?;
        let rounded = |session| {
            let (part, whole) = self.turnover_share(view, session).ok_or("session_missing")?;
            div_half_away(part * 1_000_000, whole).ok_or("out_of_range")
        };
        match self.comparable[before] {
            true => Ok(rounded(last)? - rounded(before)?),
            false => Err("session_missing"),
        }
    }

    /// A group's figure in a session; `None` if it is not known.
    fn ranked(&self, rotation: Rotation, view: usize, session: usize) -> Option<FigureValue> {
        let day = &self.groups[view].days[session];
        let (number, of, basis) = match rotation {
            Rotation::SharePercentile if day.has_trade() => {
                let (part, whole) = self.turnover_share(view, session)?;
                (part, whole, basis(day.estimated > 0 || self.market[session].1 > 0))
            }
            Rotation::ReturnPercentile => (self.mean(view, session).ok()?, 1, Basis::Exact),
            _ => return None,
        };
        Some(FigureValue { number: number.try_into().ok()?, of: of.try_into().ok()?, basis })
    }

    /// How high a group's figure stands among those of the last sessions in which enough traded.
    fn percentile(&self, rotation: Rotation, view: usize) -> AcrossValue {
        let last = self.sessions.len() - 1;
        let Some(now) = self.ranked(rotation, view, last) else {
            let value = unknown("no_figure");
            return AcrossValue { value, sessions: 0, unknown: 0, basis: Basis::Exact };
        };
        let first = self.sessions.len().checked_sub(PERCENTILE_SESSIONS);
        let comparable = (first.unwrap_or(0)..last).filter(|session| self.comparable[*session]);
        let before = comparable.filter_map(|session| self.ranked(rotation, view, session));
        now.place_among(before, PERCENTILE_SESSIONS, first.is_some())
    }

    /// How far the data support the figures of the sessions before that a group's is compared with.
    fn basis_of_own_past(&self, view: usize) -> Basis {
        let first = self.sessions.len().saturating_sub(PERCENTILE_SESSIONS);
        let days = &self.groups[view].days;
        let before = first..self.sessions.len() - 1;
        let before = before.filter(|on| self.comparable[*on] && days[*on].has_trade());
        let of = |session: usize| match days[session].is_of_later {
            true => self.bases[session].max(Basis::Restated),
            false => self.bases[session],
        };
        before.map(of).fold(Basis::Exact, Basis::max)
    }
}

impl Evaluation<'_> {
    /// How high a figure of each group stands in the group's own past.
    pub(super) fn add_percentiles(
        &mut self,
        measure: &Measure,
        rotation: Rotation,
        (past, groups): (&GroupPast, &GroupViews),
    ) {
        let mut inputs = None;
        for (place, view) in groups.views.iter().enumerate() {
            let figure = past.percentile(rotation, place);
            let (judged, unjudged) = (figure.sessions as u64, figure.unknown as u64);
            let derived =
                rotation == Rotation::ReturnPercentile && view.totals.count(Mark::PrevDerived) > 0;
            let restated = if view.is_of_later { Basis::Restated } else { Basis::Exact };
            let basis = figure
                .basis
                .max(past.basis_of_own_past(place))
                .max(self.held.of_scope(&view.scope, &self.bands).1)
                .max(derived_basis(derived))
                .max(restated)
                .max(partial_basis(view.is_partial));
            let key = self.key(measure, None, view.scope.clone());
            let coverage = Coverage { judged, unjudged };
            let draft = Draft { key, value: figure.value, coverage, findings: Vec::new(), basis };
            let inputs = self.inputs_of_group(measure, view, &mut inputs);
            self.emit_with(measure, draft, inputs);
        }
    }
}
