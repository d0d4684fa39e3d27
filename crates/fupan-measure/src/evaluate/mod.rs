//! From totals to facts.

pub(crate) mod across;
pub(crate) mod contribution;
pub(crate) mod findings;
pub(crate) mod groups;
mod inputs;
pub(crate) mod scopes;
pub(crate) mod selection;
mod sessions;

use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_fact::{
    AsOf, Basis, Coverage, Fact, FactKey, FactSet, InputRef, MeasureId, Name, Provenance, Scope,
    Value,
};
use fupan_market::{
    Finding, MarketHistory, Rulebook, RulebookVersion, SecurityDay, Symbol, TRACKED_INDICES,
    Wording,
};

use crate::catalogue::security::STREAK_AT_LEAST;
use crate::catalogue::turnover::{PAST_SESSIONS, TURNOVER};
use crate::evaluate::contribution::Contributions;
use crate::evaluate::groups::GroupViews;
use crate::evaluate::inputs::InputsByNeed;
use crate::evaluate::scopes::{ScopeFigure, ScopeViews};
use crate::evaluate::selection::Selection;
use crate::measure::comparison::{Compared, Comparison, ScopePast};
use crate::measure::statistic::{Contribution, Statistic};
use crate::measure::{Measure, Members, Needs};
use crate::session::held::{Held, are_many};
use crate::session::index::IndexView;
use crate::session::pre_open::{Instant, QuoteCoverage};
use crate::session::share_dates::ShareDates;
use crate::session::turnover::SessionTurnover;
use crate::session::window::MarketSession;
use crate::total::cell::{Cell, Mark, derived_prev_close};
use crate::total::segment::Segment;
use crate::total::sorted::{Columns, Ordered};
use crate::total::totals::{PartTotals, Totals};
use crate::total::value::{no_data, of_unit};

/// Every fact of a session.
///
/// The facts are about `market` under the rules of `rulebook` and name `inputs` as their source.
/// Names of securities are not known here, so [`FactSet::names`] holds indices only.
pub fn evaluate(market: &MarketSession, rulebook: &Rulebook, inputs: &[InputRef]) -> FactSet {
    evaluate_selected(market, &Selection::review(), rulebook, inputs)
}

/// [`evaluate`] for a selection.
pub(crate) fn evaluate_selected(
    market: &MarketSession,
    selection: &Selection,
    rulebook: &Rulebook,
    inputs: &[InputRef],
) -> FactSet {
    let cells: Vec<Cell> = market.days.iter().map(Cell::of).collect();
    let totals = Totals::of(&cells);
    let share_dates = ShareDates::of(market, rulebook.calendar());
    let counted = Counted { instant: None, cells: &cells, totals: &totals, share_dates };
    evaluate_as_of(market, &counted, selection, rulebook, inputs)
}

/// The totals of the securities of a session, or of an instant of it.
pub(crate) struct Counted<'a> {
    pub(crate) instant: Option<&'a Instant>,
    pub(crate) cells: &'a [Cell],
    pub(crate) totals: &'a Totals,
    pub(crate) share_dates: ShareDates,
}

/// [`evaluate`] with existing cells and totals, as a live market has them. They must be those of
/// `market.days`.
pub fn evaluate_totals(
    market: &MarketSession,
    cells: &[Cell],
    totals: &Totals,
    rulebook: &Rulebook,
    inputs: &[InputRef],
) -> FactSet {
    let share_dates = ShareDates::of(market, rulebook.calendar());
    let counted = Counted { instant: None, cells, totals, share_dates };
    evaluate_as_of(market, &counted, &Selection::review(), rulebook, inputs)
}

/// Every fact of a session at an instant inside it. `market` holds the securities that have quotes,
/// and `market.past` the turnover of earlier sessions at the same instant. Cells and totals are as
/// for [`evaluate_totals`].
pub fn evaluate_at(
    market: &MarketSession,
    instant: &Instant,
    cells: &[Cell],
    totals: &Totals,
    rulebook: &Rulebook,
    inputs: &[InputRef],
) -> FactSet {
    let share_dates = ShareDates::of(market, rulebook.calendar());
    let counted = Counted { instant: Some(instant), cells, totals, share_dates };
    evaluate_as_of(market, &counted, &Selection::review(), rulebook, inputs)
}

/// The selected facts of a session, or of an instant of it.
pub(crate) fn evaluate_as_of(
    market: &MarketSession,
    counted: &Counted<'_>,
    selection: &Selection,
    rulebook: &Rulebook,
    inputs: &[InputRef],
) -> FactSet {
    let Counted { instant, cells, totals, share_dates } = *counted;
    let columns = if selection.needs_order() { Columns::of(cells) } else { Columns::default() };
    let contributions =
        selection.needs_contributions().then(|| Contributions::of(market, rulebook));
    let mut evaluation = Evaluation {
        market,
        selection,
        instant,
        cells,
        scopes: ScopeViews::of(market.session, &columns, totals),
        groups: GroupViews::of(&market.groups, selection.groups(), market.session, cells),
        today: SessionTurnover::of_totals(market.session, totals),
        past: ScopePast::of(&market.past),
        share_dates: findings::share_dates(&share_dates),
        held: match instant {
            None => Held::of(market.session, totals, &market.past, &market.expected),
            // At an instant, quote coverage is a figure of its own.
            Some(_) => Held::default(),
        },
        contributions: contributions.flatten(),
        rulebook: rulebook.version(),
        inputs: InputsByNeed::of(inputs),
        set: FactSet::new(market.session),
    };
    for measure in selection.measures() {
        evaluation.add(measure);
    }
    evaluation.name_groups();
    if !selection.with_review() {
        return evaluation.set;
    }
    evaluation.add_past_turnover(&TURNOVER);
    evaluation.name_indices();
    let held = evaluation.held;
    let of_groups = findings::of_groups(&evaluation.groups);
    let mut set = evaluation.set;
    set.findings = match instant {
        None => findings::of_session(market, &held, rulebook.calendar()),
        Some(_) => findings::of_instant(market, rulebook.calendar()),
    };
    set.findings.extend(of_groups);
    set
}

/// Adds to the facts the name that each mentioned security had on the session.
pub(crate) fn name_securities(set: &mut FactSet, history: &MarketHistory) {
    let mut mentioned: Vec<Symbol> = set.members.values().flatten().copied().collect();
    mentioned.extend(set.facts.keys().filter_map(|key| match key.scope {
        Scope::Security(symbol) => Some(symbol),
        _ => None,
    }));
    mentioned.sort_unstable();
    mentioned.dedup();
    for security in &history.securities {
        let symbol = security.listing.symbol_on(history.session);
        if mentioned.binary_search(&symbol).is_ok()
            && let Some(zh) = security.listing.name_on(history.session)
        {
            set.names.insert(symbol, Name { zh: zh.to_owned(), en: None });
        }
    }
}

struct Evaluation<'a> {
    market: &'a MarketSession,
    selection: &'a Selection,
    instant: Option<&'a Instant>,
    cells: &'a [Cell],
    scopes: ScopeViews<'a>,
    groups: GroupViews<'a>,
    today: SessionTurnover,
    past: ScopePast<'a>,
    share_dates: Option<Finding>,
    held: Held,
    contributions: Option<Contributions>,
    rulebook: RulebookVersion,
    inputs: InputsByNeed,
    set: FactSet,
}

/// A fact about to be emitted.
struct Draft {
    key: FactKey,
    value: Value,
    coverage: Coverage,
    findings: Vec<Finding>,
    basis: Basis,
}

impl Evaluation<'_> {
    fn add(&mut self, measure: &'static Measure) {
        let before = self.set.facts.len();
        match measure.shape {
            // Needs other sessions' facts; see `across`.
            Statistic::Across(_) => {}
            Statistic::Series(comparison) => self.add_comparison(measure, comparison),
            Statistic::Index(read) => self.add_indices(measure, read),
            Statistic::Contribution(of) => self.add_contributions(measure, of),
            Statistic::Each(read) => self.add_securities(measure, read),
            Statistic::Quoted(read) => self.add_coverage(measure, read),
            _ => {
                self.add_totals(measure);
                self.add_groups(measure);
            }
        }
        if self.set.facts.len() > before {
            self.set.measures.entry(measure.name().to_owned()).or_insert_with(|| measure.text());
        }
        if measure.members == Members::Listed && self.selection.with_review() {
            self.list_members(measure);
        }
    }

    fn key(&self, measure: &Measure, parameter: Option<&str>, scope: Scope) -> FactKey {
        let (name, fixed) = match measure.id.split_once(':') {
            Some((name, fixed)) => (name, Some(fixed)),
            None => (measure.id, None),
        };
        let id = match parameter.or(fixed) {
            Some(parameter) => MeasureId::with(name, parameter),
            None => MeasureId::new(name),
        };
        let as_of = self.as_of();
        FactKey { as_of, ..FactKey::at_close(id, scope, self.market.session) }
    }

    fn as_of(&self) -> AsOf {
        self.instant.map_or(AsOf::Close, |instant| AsOf::Instant(instant.second))
    }

    fn emit(&mut self, measure: &Measure, draft: Draft) {
        let inputs = Arc::clone(self.inputs.for_measure(measure));
        self.emit_with(measure, draft, inputs);
    }

    /// [`Evaluation::emit`] with the inputs that the figure rests on.
    fn emit_with(&mut self, measure: &Measure, draft: Draft, inputs: Arc<[InputRef]>) {
        let basis = draft.basis.of(&draft.value);
        self.set.insert(Fact {
            key: draft.key,
            value: draft.value,
            provenance: Provenance {
                inputs,
                coverage: draft.coverage,
                basis,
                rulebook: self.rulebook.clone(),
                measure_version: measure.version,
                findings: draft.findings,
            },
        });
    }

    fn add_totals(&mut self, measure: &Measure) {
        for figure in self.scopes.figures(measure, |scope| self.selection.has_scope(scope)) {
            let ScopeFigure { parameter, scope, value, coverage, .. } = figure;
            let figure = (parameter, value, coverage);
            let draft = self.draft(measure, scope, self.scopes.totals(scope), figure);
            self.emit(measure, draft);
        }
    }

    /// The figures of groups of shares.
    fn add_groups(&mut self, measure: &Measure) {
        if !measure.is_of_groups() || !measure.shape.is_of_totals() {
            return;
        }
        let columns = Columns::default();
        let ordered = Ordered::new(&columns, [false; Segment::COUNT]);
        let groups = std::mem::take(&mut self.groups);
        let mut inputs = None;
        for view in &groups.views {
            let scheme = view.id().scheme();
            if inputs.as_ref().is_none_or(|(of, _)| *of != scheme) {
                inputs = Some((scheme, self.inputs.with_groups(measure, scheme)));
            }
            let mut figures = Vec::new();
            self.scopes.read_totals(
                measure,
                &view.totals,
                &ordered,
                |parameter, value, coverage| {
                    figures.push((parameter, value, coverage));
                },
            );
            for figure in figures {
                let mut draft = self.draft(measure, &view.scope, &view.totals, figure);
                if view.is_of_later {
                    draft.basis = draft.basis.max(Basis::Restated);
                }
                draft.basis = draft.basis.max(partial_basis(view.is_partial));
                let of = inputs.as_ref().map(|(_, inputs)| Arc::clone(inputs));
                self.emit_with(measure, draft, of.unwrap_or_default());
            }
        }
        self.groups = groups;
    }

    /// A figure read from a set of shares' totals, with its coverage, findings and basis.
    fn draft(
        &self,
        measure: &Measure,
        scope: &Scope,
        totals: &PartTotals,
        (parameter, value, coverage): (Option<String>, Value, Coverage),
    ) -> Draft {
        let by_name = measure.population.by_name.map_or(0, |mark| totals.count(mark));
        let (findings, estimated) = match measure.needs {
            Needs::Turnover => {
                let estimated = totals.count(Mark::Estimated);
                (self.of_turnover(estimated, scope), estimated > 0)
            }
            Needs::Limits if self.selection.with_review() => {
                (findings::uncertain_limits(by_name, coverage.unjudged, scope), false)
            }
            Needs::Shares | Needs::IndicesAndShares => {
                (self.of_shares(), self.share_dates.is_some())
            }
            Needs::Limits | Needs::Prices | Needs::Indices | Needs::IndicesAndPrices => {
                (Vec::new(), false)
            }
        };
        let judged = partial_basis(measure.population.is_judged_in_part(coverage, totals));
        let (missing, held) = self.held.of_scope(scope, self.market.session);
        let coverage = Coverage { unjudged: coverage.unjudged + missing, ..coverage };
        let derived_past = measure.population.derived_past();
        let derived = rests_on_prev_close(measure) && totals.count(Mark::PrevDerived) > 0
            || derived_past.is_some_and(|mark| totals.count(mark) > 0);
        // A lower bound counts only what is known.
        let bound = match measure.shape {
            Statistic::OpenLadder => Basis::Partial,
            _ => Basis::Exact,
        };
        let basis = basis(estimated).max(held).max(derived_basis(derived)).max(bound).max(judged);
        let key = self.key(measure, parameter.as_deref(), scope.clone());
        Draft { key, value, coverage, findings, basis }
    }

    /// What a reader must know about a figure of turnover. Only a review says it: a text for each
    /// figure of each session would take longer than the figures.
    fn of_turnover(&self, estimated: u64, scope: &Scope) -> Vec<Finding> {
        match self.selection.with_review() {
            true => findings::estimated_turnover(estimated, scope),
            false => Vec::new(),
        }
    }

    /// What a reader must know about a figure of share capital. Only a review says it.
    fn of_shares(&self) -> Vec<Finding> {
        self.share_dates.iter().filter(|_| self.selection.with_review()).cloned().collect()
    }

    fn add_comparison(&mut self, measure: &Measure, comparison: Comparison) {
        let asked = |(_, scope): &(usize, &Scope)| self.selection.has_scope(scope);
        for (_, scope) in measure.scopes.of_shares().filter(asked) {
            let compared = match (self.instant, comparison) {
                // At an instant, the past holds only the session before.
                (Some(_), Comparison::Rank) => Compared::too_short(),
                _ => comparison.compare(&self.today, &self.past, scope),
            };
            let estimated = u64::from(self.today.of(scope).estimated) + compared.estimated;
            let (_, held) = self.held.of_scope(scope, self.market.session);
            let sessions = self.market.past.len();
            let first = sessions.saturating_sub(comparison.lookback(sessions));
            let earlier = (first..sessions).map(|place| self.basis_of_past(place, scope));
            let held = earlier.fold(held, Basis::max);
            let draft = Draft {
                key: self.key(measure, None, scope.clone()),
                value: if self.scopes.has_data(scope) { compared.value } else { no_data() },
                coverage: Coverage { judged: compared.sessions, unjudged: 0 },
                findings: self.of_turnover(estimated, scope),
                basis: basis(estimated > 0).max(held),
            };
            self.emit(measure, draft);
        }
    }

    fn add_coverage(&mut self, measure: &Measure, read: fn(&QuoteCoverage) -> Value) {
        let Some(instant) = self.instant else { return };
        let coverage = &instant.coverage;
        let estimated = measure.needs == Needs::Turnover && coverage.estimated;
        let draft = Draft {
            key: self.key(measure, None, Scope::AllA),
            value: read(coverage),
            coverage: Coverage { judged: coverage.of.unwrap_or(coverage.securities), unjudged: 0 },
            findings: Vec::new(),
            basis: basis(estimated),
        };
        self.emit(measure, draft);
    }

    /// The basis of an earlier session's turnover, by its place.
    fn basis_of_past(&self, place: usize, scope: &Scope) -> Basis {
        match self.past.is_thin(place, scope) {
            true => Basis::Partial,
            false => self.market.expected.basis_of(self.market.past[place].session),
        }
    }

    fn add_past_turnover(&mut self, measure: &Measure) {
        let past = &self.market.past;
        for (place, session) in
            past.iter().enumerate().skip(past.len().saturating_sub(PAST_SESSIONS))
        {
            for scope in [Scope::AllA, Scope::SseSzse] {
                let Some((_, sum)) = self.past.of_scope(&scope).nth(place) else { continue };
                if sum.traded == 0 {
                    continue;
                }
                let key =
                    FactKey { session: session.session, ..self.key(measure, None, scope.clone()) };
                let draft = Draft {
                    key,
                    value: of_unit(measure.unit, sum.fen),
                    coverage: Coverage { judged: u64::from(sum.traded), unjudged: 0 },
                    findings: self.of_turnover(sum.estimated.into(), &scope),
                    basis: basis(sum.estimated > 0)
                        .max(self.basis_of_past(place, &scope))
                        .max(self.held.of_scope(&scope, self.market.session).1),
                };
                self.emit(measure, draft);
            }
        }
    }

    fn add_indices(&mut self, measure: &Measure, read: fn(&IndexView) -> Value) {
        let median_return = self.median_return();
        for tracked in TRACKED_INDICES {
            let Some(index) = self.market.indices.iter().find(|i| tracked.is(i.symbol)) else {
                continue;
            };
            let view = IndexView { median_return, ..*index };
            let draft = Draft {
                key: self.key(measure, None, Scope::Security(index.symbol)),
                value: read(&view),
                coverage: Coverage { judged: view.sessions, unjudged: 0 },
                findings: Vec::new(),
                basis: self.of_market(measure.needs),
            };
            self.emit(measure, draft);
        }
    }

    fn add_contributions(&mut self, measure: &Measure, of: Contribution) {
        let Some(contributions) = &self.contributions else { return };
        let figures = contributions.figures(of);
        let unjudged = contributions.unknown;
        let coverage = Coverage { judged: contributions.known(), unjudged };
        let findings = self.of_shares();
        for (symbol, value) in figures {
            let draft = Draft {
                key: self.key(measure, None, Scope::Security(symbol)),
                value,
                coverage,
                findings: findings.clone(),
                basis: basis(self.share_dates.is_some()).max(self.of_market(measure.needs)),
            };
            self.emit(measure, draft);
        }
    }

    /// The basis that an index figure takes over from all A-shares if it rests on their prices.
    fn of_market(&self, needs: Needs) -> Basis {
        match needs {
            Needs::IndicesAndPrices | Needs::IndicesAndShares => {
                let totals = self.scopes.totals(&Scope::AllA);
                let (_, held) = self.held.of_scope(&Scope::AllA, self.market.session);
                let priced = partial_basis(are_many(
                    totals.count(Mark::Unpriced),
                    totals.count(Mark::Priced),
                ));
                held.max(derived_basis(totals.count(Mark::PrevDerived) > 0)).max(priced)
            }
            _ => Basis::Exact,
        }
    }

    fn median_return(&self) -> Option<i64> {
        let key = FactKey {
            as_of: self.as_of(),
            ..FactKey::at_close(MeasureId::new("median_return"), Scope::AllA, self.market.session)
        };
        match self.set.get(&key)?.value {
            Value::Return { ppb } => Some(ppb.0),
            _ => None,
        }
    }

    fn add_securities(&mut self, measure: &Measure, read: fn(&SecurityDay) -> Option<Value>) {
        let market = self.market;
        for day in &market.days {
            let Some(value) = read(day) else { continue };
            let known = !matches!(value, Value::Unknown { .. });
            let scope = Scope::Security(day.symbol);
            let estimated =
                measure.needs == Needs::Turnover && findings::has_estimated_turnover(day);
            let draft = Draft {
                key: self.key(measure, None, scope.clone()),
                value,
                coverage: Coverage { judged: u64::from(known), unjudged: u64::from(!known) },
                findings: self.of_turnover(estimated.into(), &scope),
                basis: basis(estimated)
                    .max(derived_basis(measure.of_prev_close() && derived_prev_close(day)))
                    .max(match measure.id == STREAK_AT_LEAST && day.limit_up_streak().is_none() {
                        true => Basis::Partial,
                        false => Basis::Exact,
                    }),
            };
            self.emit(measure, draft);
        }
    }

    /// Lists a count's members for every scope; the rungs of a ladder are listed for the whole
    /// market only.
    fn list_members(&mut self, measure: &Measure) {
        let members: Vec<(&Cell, Option<u16>)> = self
            .cells
            .iter()
            .filter_map(|cell| measure.shape.member(cell).map(|class| (cell, class)))
            .collect();
        let mut lists: BTreeMap<FactKey, Vec<Symbol>> = BTreeMap::new();
        for (place, scope) in measure.scopes.of_shares() {
            if matches!(measure.shape, Statistic::Ladder) && *scope != Scope::AllA {
                continue;
            }
            let held = |(cell, _): &&(&Cell, _)| self.scopes.holds(place, cell.segment);
            for (cell, class) in members.iter().filter(held) {
                let class = class.map(|class| class.to_string());
                let key = self.key(measure, class.as_deref(), scope.clone());
                lists.entry(key).or_default().push(cell.symbol);
            }
        }
        for view in self.groups.views.iter().filter(|_| measure.is_of_groups()) {
            let cells = view.cells.iter().map(|place| &self.cells[*place]);
            for cell in cells.filter(|cell| measure.shape.member(cell) == Some(None)) {
                let key = self.key(measure, None, view.scope.clone());
                lists.entry(key).or_default().push(cell.symbol);
            }
        }
        self.set.members.extend(lists);
    }

    /// Adds the names of the groups that have facts.
    fn name_groups(&mut self) {
        let named = self.groups.views.iter().map(|view| (view.id().clone(), view.name()));
        self.set.groups.extend(named);
    }

    fn name_indices(&mut self) {
        // Absent indices are named too: the data note mentions them.
        for index in TRACKED_INDICES {
            let Wording { en, zh } = index.name();
            self.set.names.insert(index.symbol(), Name { zh, en: Some(en) });
        }
    }
}

/// Whether a figure of a set of shares depends on their previous closes.
fn rests_on_prev_close(measure: &Measure) -> bool {
    let of_trading_alone = matches!(measure.population.judged, Mark::Listed | Mark::Traded);
    measure.needs != Needs::Turnover && !of_trading_alone
}

fn derived_basis(derived: bool) -> Basis {
    if derived { Basis::Derived } else { Basis::Exact }
}

fn partial_basis(partial: bool) -> Basis {
    if partial { Basis::Partial } else { Basis::Exact }
}

fn basis(estimated: bool) -> Basis {
    if estimated { Basis::Estimated } else { Basis::Exact }
}
