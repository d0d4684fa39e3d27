//! From totals to facts.

pub(crate) mod across;
mod calendar;
pub(crate) mod contribution;
mod coverage;
pub(crate) mod findings;
mod fund;
pub(crate) mod group_days;
mod group_points;
pub(crate) mod groups;
mod index;
mod inputs;
mod own_past;
mod rotation;
pub(crate) mod scopes;
pub(crate) mod security;
pub(crate) mod selection;
mod sessions;
mod shares;
mod turnover;

use std::collections::BTreeSet;
use std::sync::Arc;

use fupan_fact::{
    AsOf, Basis, Coverage, Fact, FactKey, FactSet, InputRef, MeasureId, Name, Provenance, Scope,
    Value,
};
use fupan_market::{
    Chain, Finding, GroupId, MarketHistory, Rulebook, RulebookVersion, Symbol, TRACKED_INDICES,
    Wording,
};

use crate::catalogue::catalogue;
use crate::catalogue::turnover::TURNOVER;
use crate::evaluate::contribution::Contributions;
use crate::evaluate::groups::GroupViews;
use crate::evaluate::inputs::InputsByNeed;
use crate::evaluate::rotation::GroupPast;
use crate::evaluate::scopes::ScopeViews;
use crate::evaluate::selection::Selection;
use crate::measure::comparison::ScopePast;
use crate::measure::statistic::Contribution;
use crate::measure::{Kind, Measure};
use crate::session::held::Held;
use crate::session::pre_open::Instant;
use crate::session::share_dates::ShareDates;
use crate::session::turnover::SessionTurnover;
use crate::session::window::MarketSession;
use crate::total::cell::Cell;
use crate::total::segment::Bands;
use crate::total::sorted::Columns;
use crate::total::totals::Totals;

/// Every fact of a session.
///
/// The facts are about `market` under the rules of `rulebook` and name `inputs` as their source.
/// Names of securities are not known here, so [`FactSet::names`] holds indices only.
pub fn evaluate(market: &MarketSession, rulebook: &Rulebook, inputs: &[InputRef]) -> FactSet {
    evaluate_selected(market, &Selection::review(), rulebook, inputs)
}

/// [`evaluate`] for a selection.
pub fn evaluate_selected(
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
    // At an instant, members without quotes yet would be missing from the weights.
    let contributions = (selection.needs_contributions() && instant.is_none())
        .then(|| Contributions::of(market, rulebook));
    let bands = Bands::on(market.session, rulebook);
    let mut evaluation = Evaluation {
        market,
        selection,
        instant,
        cells,
        scopes: ScopeViews::of(&bands, &columns, totals),
        bands,
        group_past: None,
        groups: GroupViews::of(&market.groups, selection.groups(), market.session, cells),
        today: SessionTurnover::of_totals(market.session, totals),
        past: ScopePast::of(&market.past),
        share_dates: findings::share_dates(&share_dates),
        counted_dates: share_dates,
        named: match selection.with_review() {
            true => security::named(&market.days, contributions.iter().flatten()),
            false => Vec::new(),
        },
        held: match instant {
            None => Held::of(market.session, totals, &market.past, &market.expected),
            // At an instant, quote coverage is a figure of its own.
            Some(_) => Held::default(),
        },
        contributions: contributions.unwrap_or_default(),
        rulebook,
        version: rulebook.version(),
        inputs: InputsByNeed::of(inputs),
        set: FactSet::new(market.session),
    };
    evaluation.group_past = evaluation.group_past();
    for measure in selection.measures() {
        evaluation.add(measure);
    }
    evaluation.name_groups();
    if let Some(index) = selection.index() {
        evaluation.add_past_closes(index);
    }
    if !selection.with_review() {
        return evaluation.set;
    }
    evaluation.add_past_turnover(&TURNOVER);
    evaluation.add_past_returns();
    evaluation.name_indices();
    evaluation.name_industries();
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

/// Whether a fact of a set is one that a walk through the sessions has too. A review alone has the
/// figures of the securities that it names or that are asked for, of an index since a session that is
/// asked for, of groups over several sessions or
/// in an index, and of the members of indices with published weights.
pub fn is_of_every_session(set: &FactSet, key: &FactKey) -> bool {
    let name = key.measure.name();
    let Some(measure) = catalogue().iter().find(|measure| measure.name() == name) else {
        return false;
    };
    let is_composite = |symbol: &str| symbol == "000001.SH";
    match (&measure.kind, &key.scope) {
        _ if measure.is_on_request() || key.session != set.session => false,
        (Kind::Rotation { .. } | Kind::IndexSince { .. }, _) => false,
        (
            Kind::Contribution {
                contribution: Contribution::Member | Contribution::OfGroup(_),
                ..
            },
            _,
        ) => key.measure.parameter().is_some_and(is_composite),
        (Kind::Contribution { .. }, scope) => is_composite(&scope.to_string()),
        // Every security that was at a limit has a streak; one that is only named has none.
        (Kind::Security { .. }, scope @ Scope::Security(_)) => {
            let measure = MeasureId::new("limit_up_streak");
            set.get(&FactKey { measure, scope: scope.clone(), ..key.clone() }).is_some()
        }
        _ => true,
    }
}

/// Adds to the facts the name that each mentioned security had on the session.
pub(crate) fn name_securities(set: &mut FactSet, history: &MarketHistory) {
    let mentioned = mentioned(set);
    for security in &history.securities {
        let symbol = security.listing.symbol_on(history.session);
        if mentioned.binary_search(&symbol).is_ok()
            && let Some(zh) = security.listing.name_on(history.session)
        {
            set.names.insert(symbol, Name { zh: zh.to_owned(), en: None });
        }
    }
}

/// The securities that facts are about or that are listed as members, sorted.
fn mentioned(set: &FactSet) -> Vec<Symbol> {
    let mut mentioned: Vec<Symbol> = set.members.values().flatten().copied().collect();
    mentioned.extend(set.facts.keys().filter_map(|key| match key.scope {
        Scope::Security(symbol) => Some(symbol),
        _ => None,
    }));
    mentioned.sort_unstable();
    mentioned.dedup();
    mentioned
}

struct Evaluation<'a> {
    market: &'a MarketSession,
    selection: &'a Selection,
    instant: Option<&'a Instant>,
    cells: &'a [Cell],
    bands: Bands,
    scopes: ScopeViews<'a>,
    groups: GroupViews,
    /// What the groups returned in the last sessions, if that is asked for and was read.
    group_past: Option<GroupPast>,
    today: SessionTurnover,
    past: ScopePast<'a>,
    share_dates: Option<Finding>,
    counted_dates: ShareDates,
    /// Securities that a review names, sorted.
    named: Vec<Symbol>,
    held: Held,
    contributions: Vec<Contributions>,
    rulebook: &'a Rulebook,
    version: RulebookVersion,
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
        match &measure.kind {
            Kind::Shares(shares) => self.add_shares(measure, shares),
            Kind::Turnover { comparison, .. } => self.add_comparison(measure, *comparison),
            // Needs other sessions' facts; see `across`.
            Kind::Across { .. } => {}
            Kind::Rotation { rotation, .. } => self.add_rotation(measure, *rotation),
            Kind::Index { read, .. } => self.add_indices(measure, *read),
            Kind::IndexSince { .. } => self.add_indices_since(measure),
            Kind::Contribution { contribution, .. } => {
                self.add_contributions(measure, *contribution);
            }
            Kind::Security { reported, read, .. } => {
                self.add_securities(measure, *reported, *read);
            }
            Kind::Rank { by, .. } => self.add_ranks(measure, *by),
            Kind::OwnPast { figure, .. } => self.add_own_past(measure, *figure),
            Kind::Fund { read, .. } => self.add_funds(measure, *read),
            Kind::Intraday { read, .. } => self.add_intraday(measure, *read),
            Kind::Calendar { figure, .. } => self.add_calendar(measure, *figure),
            Kind::Coverage { read, .. } => self.add_coverage(measure, *read),
        }
        if self.set.facts.len() > before {
            self.set.measures.entry(measure.name().to_owned()).or_insert_with(|| measure.text());
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
                rulebook: self.version.clone(),
                measure_version: measure.version,
                findings: draft.findings,
            },
        });
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

    /// Adds the names of the groups that have facts.
    fn name_groups(&mut self) {
        let definitions = self.market.groups.definitions();
        let views = || self.groups.views.iter();
        self.set.groups.extend(views().map(|view| (view.id().clone(), view.name(definitions))));
        let has_views = |chain: &&Chain| views().any(|view| chain.has_scheme(view.id().scheme()));
        let own = definitions.own_chains().iter().map(|own| &own.of);
        self.set.own_chains = own.filter(has_views).cloned().collect();
        self.set.themes.clone_from(&self.groups.themes);
    }

    /// Adds the industry of each security that the facts mention.
    fn name_industries(&mut self) {
        let mentioned = mentioned(&self.set);
        let Some(list) = self.market.groups.industries() else { return };
        let industries: BTreeSet<&GroupId> = list.groups.iter().map(|group| &group.id).collect();
        for view in self.groups.views.iter().filter(|view| industries.contains(view.id())) {
            let symbols = view.cells.iter().map(|place| self.cells[*place].symbol);
            let symbols = symbols.filter(|symbol| mentioned.binary_search(symbol).is_ok());
            self.set.industries.extend(symbols.map(|symbol| (symbol, view.id().clone())));
        }
    }

    fn name_indices(&mut self) {
        // Absent indices are named too: the data note mentions them.
        for index in TRACKED_INDICES {
            let Wording { en, zh } = index.name();
            self.set.names.insert(index.symbol(), Name { zh, en: Some(en) });
        }
    }
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
