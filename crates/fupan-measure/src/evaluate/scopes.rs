//! The totals of all scopes, and every figure read from them.

use fupan_fact::{Coverage, Scope, Unit, Value};

use crate::catalogue::catalogue;
use crate::measure::statistic::View;
use crate::measure::{Kind, Measure, Population, SharesMeasure};
use crate::total::cell::Mark;
use crate::total::segment::{Bands, SCOPES, Segment, contains};
use crate::total::sorted::{Columns, Ordered};
use crate::total::totals::{PartTotals, Totals};
use crate::total::value::{no_data, unknown};

/// One figure of a set of shares: what its fact says, without the provenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeFigure {
    /// The measure: [`Measure::id`].
    pub id: &'static str,
    /// The parameter, if the measure has several figures.
    pub parameter: Option<String>,
    /// The set of shares.
    pub scope: &'static Scope,
    /// The figure.
    pub value: Value,
    /// How many were judged, and how many could not be.
    pub coverage: Coverage,
}

/// The totals and the sorted numbers of every scope.
pub(crate) struct ScopeViews<'a> {
    /// By place in [`SCOPES`].
    views: Vec<(PartTotals, Ordered<'a>)>,
    /// By place in [`SCOPES`]: which segments are in the scope.
    holding: Vec<[bool; Segment::COUNT]>,
}

impl<'a> ScopeViews<'a> {
    pub(crate) fn of(bands: &Bands, columns: &'a Columns, totals: &Totals) -> ScopeViews<'a> {
        let holding: Vec<[bool; Segment::COUNT]> =
            SCOPES.iter().map(|scope| segments_of(scope, bands)).collect();
        let view = |held: &[bool; Segment::COUNT]| {
            let mut sum = PartTotals::default();
            for segment in Segment::all().filter(|segment| held[segment.place()]) {
                sum.merge(totals.part(segment));
            }
            (sum, Ordered::new(columns, *held))
        };
        ScopeViews { views: holding.iter().map(view).collect(), holding }
    }

    /// Whether a segment is in the scope at a place in [`SCOPES`].
    pub(crate) fn holds(&self, place: usize, segment: Segment) -> bool {
        self.holding[place][segment.place()]
    }

    /// The totals of one of [`SCOPES`].
    pub(crate) fn totals(&self, scope: &Scope) -> &PartTotals {
        &self.views[place_of(scope)].0
    }

    /// Whether the data hold any security of the scope.
    pub(crate) fn has_data(&self, scope: &Scope) -> bool {
        self.totals(scope).count(Mark::Listed) > 0
    }

    /// The value of figures for a scope without any security. A price-limit class may well be
    /// empty; an empty exchange or board is missing data.
    fn nothing(&self, scope: &Scope) -> Value {
        match scope {
            Scope::Band(_) if self.has_data(&SCOPES[0]) => unknown("empty_population"),
            _ => no_data(),
        }
    }

    /// A measure's figures for the requested scopes; none if it is not read from totals.
    pub(crate) fn figures(
        &self,
        measure: &Measure,
        asked: impl Fn(&Scope) -> bool,
    ) -> Vec<ScopeFigure> {
        let mut figures = Vec::new();
        self.add_figures(measure, asked, &mut figures);
        figures
    }

    /// Appends [`ScopeViews::figures`] to `figures`.
    fn add_figures(
        &self,
        measure: &Measure,
        asked: impl Fn(&Scope) -> bool,
        figures: &mut Vec<ScopeFigure>,
    ) {
        let Kind::Shares(shares) = &measure.kind else { return };
        for (place, scope) in shares.scopes.of_shares().filter(|(_, scope)| asked(scope)) {
            let (totals, ordered) = &self.views[place];
            let has_data = self.has_data(scope);
            self.read_totals(
                shares,
                measure.unit,
                (totals, ordered),
                |parameter, value, coverage| {
                    let value = if has_data { value } else { self.nothing(scope) };
                    figures.push(ScopeFigure { id: measure.id, parameter, scope, value, coverage });
                },
            );
        }
    }

    /// The figures of every measure that is read from totals, in the order of the catalogue.
    pub(crate) fn all_figures(&self) -> Vec<ScopeFigure> {
        let mut figures = Vec::new();
        catalogue().iter().for_each(|measure| self.add_figures(measure, |_| true, &mut figures));
        figures
    }

    /// Reads a measure's figures from a set of shares' totals. Calls `take` for each, with
    /// parameter, value and coverage.
    pub(crate) fn read_totals(
        &self,
        shares: &SharesMeasure,
        unit: Unit,
        (totals, ordered): (&PartTotals, &Ordered<'_>),
        mut take: impl FnMut(Option<String>, Value, Coverage),
    ) {
        let Population { judged, unjudged, .. } = shares.population;
        let judged = totals.count(judged);
        let unjudged = unjudged.map_or(0, |mark| totals.count(mark));
        let market = self.totals(&Scope::AllA);
        let view = View { totals, market, ordered, judged, unjudged };
        // A count with nobody judged is unknown, not zero, if some could not be judged.
        let nobody = judged == 0 && unjudged > 0;
        shares.statistic.read(&view, unit, |reading| {
            let value = match reading.value {
                Value::Unknown { reason } => Value::Unknown { reason },
                _ if nobody && reading.judged.is_none() => unknown("nobody_judged"),
                known => known,
            };
            let coverage = Coverage { judged: reading.judged.unwrap_or(judged), unjudged };
            take(reading.parameter, value, coverage);
        });
    }
}

/// The segments that are in a scope.
fn segments_of(scope: &Scope, bands: &Bands) -> [bool; Segment::COUNT] {
    let mut held = [false; Segment::COUNT];
    for segment in Segment::all() {
        held[segment.place()] = contains(scope, segment, bands);
    }
    held
}

fn place_of(scope: &Scope) -> usize {
    let place = SCOPES.iter().position(|known| known == scope);
    place.unwrap_or_else(|| unreachable!("{scope} has no totals"))
}
