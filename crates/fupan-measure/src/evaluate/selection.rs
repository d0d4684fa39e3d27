//! Which figures of a session are computed.

use fupan_fact::Scope;
use fupan_market::{GroupId, SecurityKind, SessionDate, Symbol};

use crate::catalogue::catalogue;
use crate::evaluate::across::FigureHistory;
use crate::evaluate::groups::SelectedGroups;
use crate::evaluate::security::SelectedSecurities;
use crate::measure::figure::OwnFigure;
use crate::measure::statistic::Contribution;
use crate::measure::{Kind, Measure};
use crate::total::segment::SCOPES;

/// Which figures of a session are computed, and whether with everything else in a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// By place in the [`catalogue`].
    measures: Vec<bool>,
    /// Sets of shares.
    scopes: Vec<Scope>,
    groups: SelectedGroups,
    securities: SelectedSecurities,
    /// The days since whose closes returns of indices and of the securities asked for are computed.
    since: Vec<SessionDate>,
    /// The index whose last closes are asked for.
    index: Option<Symbol>,
    with_review: bool,
}

impl Selection {
    /// Everything in a review: every figure, the members of counts, turnover of earlier sessions,
    /// findings about figures, and findings about the data as a whole.
    pub fn review() -> Selection {
        Selection { with_review: true, ..Selection::figures().with_review_groups() }
    }

    /// Every figure of the session except those of groups, and nothing else.
    pub fn figures() -> Selection {
        Selection {
            measures: vec![true; catalogue().len()],
            scopes: SCOPES.to_vec(),
            groups: SelectedGroups::None,
            securities: SelectedSecurities::Reported,
            since: Vec::new(),
            index: None,
            with_review: false,
        }
    }

    /// Everything that is known of one security in a session, by its code of the session: its own
    /// figures, returns and breadth of the groups that it is in, and the indices' returns.
    pub fn of_security(symbol: Symbol) -> Selection {
        const NEAR: [&str; 6] = [
            "equal_weight_return",
            "cap_weight_return",
            "advances",
            "declines",
            "limit_up_count",
            "index_return",
        ];
        let of = |measure: &Measure| measure.is_of_securities() || NEAR.contains(&measure.id);
        Selection {
            groups: SelectedGroups::Of(symbol),
            with_review: true,
            ..Selection::of(of, |scope| *scope == Scope::AllA).with_securities(vec![symbol])
        }
    }

    /// Everything that is known of some funds in a session, which is read from their own bars alone.
    pub fn of_funds(symbols: Vec<Symbol>) -> Selection {
        Selection::of(Measure::is_of_funds, |_| false).with_securities(symbols)
    }

    /// Everything that is known of one index in a session: its own figures with its last closes, and what
    /// its members and the industries did to it.
    pub fn of_index(symbol: Symbol) -> Selection {
        let of = move |measure: &Measure| match measure.kind {
            Kind::Contribution { contribution: Contribution::Member, .. } => {
                measure.id.split_once(':').is_some_and(|(_, of)| of == symbol.to_string())
            }
            Kind::Contribution { .. } => true,
            _ => measure.is_of_indices() || measure.id == "security_return",
        };
        Selection {
            with_review: true,
            index: Some(symbol),
            ..Selection::of(of, |_| false).with_review_groups()
        }
    }

    /// The figures of some measures, plus the figures they are computed from. Sets of shares are
    /// limited to those that `scopes` admits; single securities and indices are not filtered.
    pub fn of(measures: impl Fn(&Measure) -> bool, scopes: impl Fn(&Scope) -> bool) -> Selection {
        let asked: Vec<bool> = catalogue().iter().map(|measure| measures(measure)).collect();
        let mut asked_of = catalogue().iter().zip(&asked).filter(|(_, asked)| **asked);
        let across = asked_of.clone().any(|(m, _)| matches!(m.kind, Kind::Across { .. }));
        let index = asked_of.any(|(m, _)| matches!(m.kind, Kind::Index { .. }));
        let beneath = |measure: &Measure| {
            let name = measure.name();
            across && FigureHistory::is_read_off(name) || index && name == "median_return"
        };
        let measures = catalogue().iter().zip(asked).map(|(m, asked)| asked || beneath(m));
        let beneath_scope = |scope: &Scope| match scope {
            Scope::AllA => across || index,
            // Words speak of the turnover of the two big exchanges.
            Scope::SseSzse => across,
            _ => false,
        };
        let admits = |scope: &&Scope| scopes(scope) || beneath_scope(scope);
        Selection {
            measures: measures.collect(),
            scopes: SCOPES.iter().filter(admits).cloned().collect(),
            groups: SelectedGroups::None,
            securities: SelectedSecurities::Reported,
            since: Vec::new(),
            index: None,
            with_review: false,
        }
    }

    /// The same, plus figures of the groups that a review shows: the industries and the themes.
    pub fn with_review_groups(self) -> Selection {
        Selection { groups: SelectedGroups::OfReview, ..self }
    }

    /// The same, with figures of these groups instead of those of a review.
    pub fn with_groups(self, ids: Vec<GroupId>) -> Selection {
        Selection { groups: SelectedGroups::Only(ids), ..self }
    }

    /// The same, plus all figures of these securities, which are named by their codes of the session.
    pub fn with_securities(self, mut symbols: Vec<Symbol>) -> Selection {
        symbols.sort_unstable();
        symbols.dedup();
        Selection { securities: SelectedSecurities::Asked(symbols), ..self }
    }

    /// The same, plus the returns of indices, and of the securities asked for, since the closes of
    /// these days.
    pub fn with_returns_since(self, since: Vec<SessionDate>) -> Selection {
        Selection { since, ..self }
    }

    /// The same, as in a review: with figures that only a review has.
    pub fn in_review(self) -> Selection {
        Selection { with_review: true, ..self }
    }

    /// The same, plus all figures of every security.
    pub fn with_every_security(self) -> Selection {
        Selection { securities: SelectedSecurities::Every, ..self }
    }

    /// Whether all figures of a security are asked for.
    pub fn asks_for(&self, symbol: Symbol) -> bool {
        match &self.securities {
            SelectedSecurities::Reported => false,
            SelectedSecurities::Asked(asked) => asked.binary_search(&symbol).is_ok(),
            SelectedSecurities::Every => true,
        }
    }

    /// The funds whose figures are asked for.
    pub fn funds(&self) -> Vec<Symbol> {
        match &self.securities {
            SelectedSecurities::Asked(asked) if self.measures().any(Measure::is_of_funds) => {
                let is_fund = |symbol: &Symbol| symbol.kind() == SecurityKind::Fund;
                asked.iter().copied().filter(is_fund).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a figure rests on what the securities that are asked for did in the sessions before.
    /// Only a review has such figures.
    pub fn looks_at_own_past(&self) -> bool {
        let over_sessions = |measure: &Measure| {
            matches!(measure.kind, Kind::OwnPast { .. }) && measure.is_of_reviews()
        };
        self.with_review
            && self.securities != SelectedSecurities::Reported
            && self.measures().any(over_sessions)
    }

    pub(crate) fn securities(&self) -> &SelectedSecurities {
        &self.securities
    }

    /// The days since whose closes returns are computed.
    pub fn since(&self) -> &[SessionDate] {
        &self.since
    }

    pub(crate) fn index(&self) -> Option<Symbol> {
        self.index
    }

    pub(crate) fn groups(&self) -> &SelectedGroups {
        &self.groups
    }

    /// The selected measures, in the order of the catalogue.
    pub(crate) fn measures(&self) -> impl Iterator<Item = &'static Measure> + '_ {
        catalogue().iter().zip(&self.measures).filter_map(|(measure, on)| on.then_some(*measure))
    }

    pub(crate) fn has_scope(&self, scope: &Scope) -> bool {
        self.scopes.contains(scope)
    }

    pub(crate) fn with_review(&self) -> bool {
        self.with_review
    }

    /// Whether a figure is computed from those of earlier sessions.
    pub fn looks_back(&self) -> bool {
        self.measures().any(|measure| matches!(measure.kind, Kind::Across { .. }))
    }

    /// Whether a figure rests on what groups of shares returned in the sessions before. Only a
    /// review has such figures.
    pub fn looks_at_groups_past(&self) -> bool {
        let is_asked = |measure: &Measure| matches!(measure.kind, Kind::Rotation { .. });
        self.with_review && self.groups != SelectedGroups::None && self.measures().any(is_asked)
    }

    /// Whether a figure is read from sorted securities.
    pub(crate) fn needs_order(&self) -> bool {
        self.measures().filter_map(Measure::shares).any(|shares| shares.statistic.is_of_order())
    }

    /// Whether a figure or a finding is read from securities' days instead of totals.
    pub fn needs_days(&self) -> bool {
        self.with_review || self.measures().any(Measure::is_of_days)
    }

    /// Whether a figure is read from the contributions of an index's members.
    pub(crate) fn needs_contributions(&self) -> bool {
        self.measures().any(|measure| matches!(measure.kind, Kind::Contribution { .. }))
    }
}

impl Measure {
    /// Whether a walk through many sessions has none of its figures, and only the review of a session
    /// does: those of groups or single securities over several sessions, and of indices since one.
    pub const fn is_of_reviews(&self) -> bool {
        match self.kind {
            Kind::Rotation { .. } | Kind::IndexSince { .. } => true,
            Kind::OwnPast { figure, .. } => !matches!(figure, OwnFigure::OverIndustry),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(selection: &Selection) -> Vec<&str> {
        selection.measures().map(Measure::name).collect()
    }

    #[test]
    fn a_figure_is_worked_out_with_what_it_is_read_off() {
        let of = |name: &'static str| Selection::of(move |m| m.name() == name, |_| false);
        let plain = of("limit_up_count");
        assert_eq!(names(&plain), ["limit_up_count"]);
        assert!(!plain.has_scope(&Scope::AllA) && !plain.needs_order());

        let gap = of("index_breadth_gap");
        assert_eq!(names(&gap), ["median_return", "index_breadth_gap"]);
        assert!(gap.has_scope(&Scope::AllA) && gap.needs_order());

        let line = of("advance_decline_line");
        assert!(line.has_scope(&Scope::SseSzse) && !gap.has_scope(&Scope::SseSzse));
        for beneath in ["advances", "turnover", "mcclellan_oscillator", "turnover_change_rate"] {
            assert!(names(&line).contains(&beneath), "{beneath}");
        }
        assert!(!names(&line).contains(&"index_close") && !line.needs_contributions());
    }
}
