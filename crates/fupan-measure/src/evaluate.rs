//! From totals to facts.

use std::collections::BTreeMap;

use fupan_fact::{
    Basis, Coverage, Fact, FactKey, FactSet, InputRef, MeasureId, Name, Provenance, Scope, Value,
};
use fupan_market::{Calendar, Finding, MarketHistory, RulebookVersion, SecurityDay, Symbol};

use crate::catalogue::catalogue;
use crate::column::{Covered, Totals};
use crate::findings;
use crate::index::BOARD;
use crate::market::MarketSession;
use crate::measure::{Measure, Members, RestsOn};
use crate::scope::{SCOPES, contains};
use crate::series::{Comparison, SessionTurnover};
use crate::shape::{Shape, of_unit, unknown};
use crate::turnover::{PAST_SESSIONS, TURNOVER};

/// Every fact of a session.
///
/// The facts speak of `market` under the rules of `rulebook` and name `inputs` as their source.
/// Names of securities are not known here, so [`FactSet::names`] holds indices only.
pub fn evaluate(
    market: &MarketSession,
    calendar: &Calendar,
    rulebook: &RulebookVersion,
    inputs: &[InputRef],
) -> FactSet {
    let totals = Totals::of(&market.days);
    evaluate_totals(market, &totals, calendar, rulebook, inputs)
}

/// [`evaluate`] with totals that are already there, as a live market has them. `totals` must be
/// those of `market.days`.
pub fn evaluate_totals(
    market: &MarketSession,
    totals: &Totals,
    calendar: &Calendar,
    rulebook: &RulebookVersion,
    inputs: &[InputRef],
) -> FactSet {
    let mut evaluation = Evaluation {
        market,
        totals,
        today: today(market),
        share_dates: findings::share_dates(market, calendar),
        rulebook,
        inputs: InputsByNeed::of(inputs),
        set: FactSet::new(market.session),
    };
    for (place, measure) in catalogue().iter().enumerate() {
        evaluation.add(place, measure);
    }
    evaluation.add_past_turnover(&TURNOVER);
    evaluation.name_indices();
    let mut set = evaluation.set;
    set.findings = findings::of_session(market, calendar);
    set
}

/// The turnover of the session itself, part by part.
fn today(market: &MarketSession) -> SessionTurnover {
    let mut today = SessionTurnover::new(market.session);
    for day in &market.days {
        if let Some(traded) = day.traded {
            today.add(day.symbol, day.board, traded.turnover);
        }
    }
    today
}

/// Gives every security that facts speak of the name it had on the session.
pub(crate) fn name_securities(set: &mut FactSet, history: &MarketHistory) {
    let mut mentioned: Vec<Symbol> = set.members.values().flatten().copied().collect();
    mentioned.extend(set.facts.keys().filter_map(|key| match key.scope {
        Scope::Security(symbol) => Some(symbol),
        _ => None,
    }));
    mentioned.sort_unstable();
    mentioned.dedup();
    for security in &history.securities {
        let symbol = security.listing.symbol;
        if mentioned.binary_search(&symbol).is_ok() {
            let name = security.listing.name_on(history.session);
            let zh = name.map_or_else(|| symbol.to_string(), str::to_owned);
            set.names.insert(symbol, Name { zh, en: None });
        }
    }
}

/// The inputs that each kind of measure rests on.
struct InputsByNeed {
    prices: Vec<InputRef>,
    limits: Vec<InputRef>,
    shares: Vec<InputRef>,
    indices: Vec<InputRef>,
    all: Vec<InputRef>,
}

impl InputsByNeed {
    fn of(inputs: &[InputRef]) -> InputsByNeed {
        let of_tables = |tables: &[&str]| {
            let mut some: Vec<InputRef> =
                inputs.iter().filter(|i| tables.contains(&i.table.as_str())).cloned().collect();
            some.sort();
            some.dedup();
            some
        };
        InputsByNeed {
            prices: of_tables(&["daily_bar"]),
            limits: of_tables(&["daily_bar", "security"]),
            shares: of_tables(&["daily_bar", "security", "share_capital"]),
            indices: of_tables(&["index_bar"]),
            all: of_tables(&["daily_bar", "index_bar"]),
        }
    }

    fn for_measure(&self, measure: &Measure) -> &[InputRef] {
        match measure.rests_on {
            RestsOn::Prices | RestsOn::Turnover => &self.prices,
            RestsOn::Limits => &self.limits,
            RestsOn::Shares => &self.shares,
            RestsOn::Indices => &self.indices,
            RestsOn::IndicesAndPrices => &self.all,
        }
    }
}

struct Evaluation<'a> {
    market: &'a MarketSession,
    totals: &'a Totals,
    today: SessionTurnover,
    share_dates: Option<Finding>,
    rulebook: &'a RulebookVersion,
    inputs: InputsByNeed,
    set: FactSet,
}

/// A fact about to be told.
struct Draft {
    key: FactKey,
    value: Value,
    coverage: Coverage,
    findings: Vec<Finding>,
    basis: Basis,
}

impl Evaluation<'_> {
    fn add(&mut self, place: usize, measure: &'static Measure) {
        let before = self.set.facts.len();
        match measure.shape {
            Shape::Series(comparison) => self.add_comparison(measure, comparison),
            Shape::Index(read) => self.add_indices(measure, read),
            Shape::Each(read) => self.add_securities(measure, read),
            _ => self.add_totals(place, measure),
        }
        if self.set.facts.len() > before {
            self.set.measures.entry(measure.name().to_owned()).or_insert_with(|| measure.text());
        }
        if measure.members == Members::Listed {
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
        FactKey::at_close(id, scope, self.market.session)
    }

    fn tell(&mut self, measure: &Measure, draft: Draft) {
        self.set.insert(Fact {
            key: draft.key,
            value: draft.value,
            provenance: Provenance {
                inputs: self.inputs.for_measure(measure).to_vec(),
                coverage: draft.coverage,
                basis: draft.basis,
                rulebook: self.rulebook.clone(),
                measure_version: measure.version,
                findings: draft.findings,
            },
        });
    }

    fn add_totals(&mut self, place: usize, measure: &Measure) {
        let totals = self.totals;
        for (scope_place, scope) in measure.scopes.of_shares() {
            let Some(covered) = totals.covered(place, scope_place) else { continue };
            let findings = self.findings_for(measure, scope, covered);
            let estimated = covered.estimated > 0 || self.rests_on_other_date(measure);
            for reading in measure.shape.read(&covered.total, covered.unjudged, measure.unit) {
                let value = if self.has_data(scope_place) { reading.value } else { no_data() };
                let coverage = Coverage {
                    judged: reading.judged.unwrap_or(covered.judged),
                    unjudged: covered.unjudged,
                };
                let key = self.key(measure, reading.parameter.as_deref(), scope.clone());
                let (findings, basis) = (findings.clone(), basis(estimated));
                self.tell(measure, Draft { key, value, coverage, findings, basis });
            }
        }
    }

    /// Whether the data holds the scope at all. A price-limit class may well be empty; an
    /// exchange or board without a single security is missing data.
    fn has_data(&self, scope_place: usize) -> bool {
        let place = if matches!(SCOPES[scope_place], Scope::Band(_)) { 0 } else { scope_place };
        self.totals.days(place) > 0
    }

    fn rests_on_other_date(&self, measure: &Measure) -> bool {
        measure.rests_on == RestsOn::Shares && self.share_dates.is_some()
    }

    fn findings_for(&self, measure: &Measure, scope: &Scope, covered: &Covered) -> Vec<Finding> {
        match measure.rests_on {
            RestsOn::Turnover => findings::estimated_turnover(covered.estimated, scope),
            RestsOn::Limits => {
                findings::uncertain_limits(covered.by_nearest_name, covered.unjudged, scope)
            }
            RestsOn::Shares => self.share_dates.iter().cloned().collect(),
            RestsOn::Prices | RestsOn::Indices | RestsOn::IndicesAndPrices => Vec::new(),
        }
    }

    fn add_comparison(&mut self, measure: &Measure, comparison: Comparison) {
        for (place, scope) in measure.scopes.of_shares() {
            let compared = comparison.compare(&self.today, &self.market.past, scope);
            let estimated = u64::from(self.today.of(scope).estimated) + compared.estimated;
            let draft = Draft {
                key: self.key(measure, None, scope.clone()),
                value: if self.has_data(place) { compared.value } else { no_data() },
                coverage: Coverage { judged: compared.sessions, unjudged: 0 },
                findings: findings::estimated_turnover(estimated, scope),
                basis: basis(estimated > 0),
            };
            self.tell(measure, draft);
        }
    }

    fn add_past_turnover(&mut self, measure: &Measure) {
        let past = &self.market.past[self.market.past.len().saturating_sub(PAST_SESSIONS)..];
        for session in past {
            for scope in [Scope::AllA, Scope::SseSzse] {
                let sum = session.of(&scope);
                if sum.traded == 0 {
                    continue;
                }
                let key =
                    FactKey { session: session.session, ..self.key(measure, None, scope.clone()) };
                let draft = Draft {
                    key,
                    value: of_unit(measure.unit, sum.fen),
                    coverage: Coverage { judged: u64::from(sum.traded), unjudged: 0 },
                    findings: findings::estimated_turnover(u64::from(sum.estimated), &scope),
                    basis: basis(sum.estimated > 0),
                };
                self.tell(measure, draft);
            }
        }
    }

    fn add_indices(&mut self, measure: &Measure, read: fn(&crate::index::IndexView) -> Value) {
        let median_return = self.median_return();
        for (exchange, code, ..) in BOARD {
            let of_board = |symbol: Symbol| (symbol.exchange(), symbol.code()) == (exchange, code);
            let Some(index) = self.market.indices.iter().find(|i| of_board(i.symbol)) else {
                continue;
            };
            let view = crate::index::IndexView { median_return, ..index.clone() };
            let draft = Draft {
                key: self.key(measure, None, Scope::Security(index.symbol)),
                value: read(&view),
                coverage: Coverage { judged: view.bars.len() as u64, unjudged: 0 },
                findings: Vec::new(),
                basis: Basis::Exact,
            };
            self.tell(measure, draft);
        }
    }

    fn median_return(&self) -> Option<i64> {
        let key =
            FactKey::at_close(MeasureId::new("median_return"), Scope::AllA, self.market.session);
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
                measure.rests_on == RestsOn::Turnover && findings::has_estimated_turnover(day);
            let draft = Draft {
                key: self.key(measure, None, scope.clone()),
                value,
                coverage: Coverage { judged: u64::from(known), unjudged: u64::from(!known) },
                findings: findings::estimated_turnover(u64::from(estimated), &scope),
                basis: basis(estimated),
            };
            self.tell(measure, draft);
        }
    }

    /// Lists a count's members: for every scope, except that the steps of a ladder are listed for
    /// the whole market only.
    fn list_members(&mut self, measure: &Measure) {
        let market = self.market;
        let members: Vec<(&SecurityDay, Option<u16>)> = market
            .days
            .iter()
            .filter_map(|day| measure.shape.member(day).map(|class| (day, class)))
            .collect();
        let mut lists: BTreeMap<FactKey, Vec<Symbol>> = BTreeMap::new();
        for (_, scope) in measure.scopes.of_shares() {
            if matches!(measure.shape, Shape::CountPerStep(_)) && *scope != Scope::AllA {
                continue;
            }
            for (day, class) in members.iter().filter(|(day, _)| contains(scope, day)) {
                let class = class.map(|class| class.to_string());
                let key = self.key(measure, class.as_deref(), scope.clone());
                lists.entry(key).or_default().push(day.symbol);
            }
        }
        self.set.members.extend(lists);
    }

    fn name_indices(&mut self) {
        // Absent indices are named too: the data note speaks of them.
        for (exchange, code, en, zh) in BOARD {
            if let Ok(symbol) = Symbol::new(exchange, code) {
                let name = Name { zh: zh.to_owned(), en: Some(en.to_owned()) };
                self.set.names.insert(symbol, name);
            }
        }
    }
}

fn basis(estimated: bool) -> Basis {
    if estimated { Basis::Estimated } else { Basis::Exact }
}

fn no_data() -> Value {
    unknown("no_data")
}
