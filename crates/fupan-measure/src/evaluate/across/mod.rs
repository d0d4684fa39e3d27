//! Figures across sessions: lines that continue from day to day, and the rank of a figure in its
//! own past.
//!
//! They depend only on the figures of all A-shares, session by session. [`FigureHistory`] holds
//! those, and [`across`] adds the results to a session's facts.

use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::word::{FigureName, figures_of};
use fupan_fact::{
    Basis, Coverage, Fact, FactKey, FactSet, MeasureId, Provenance, Scope, WORDS, Word,
};
use fupan_market::{Calendar, SessionDate};

use crate::catalogue::across::{RANKED, TRILLIONS, TURNOVER_ABOVE, WORD_LAST_HELD, WORD_SESSIONS};
use crate::catalogue::{self, catalogue};
use crate::measure::statistic::Across;
use crate::measure::{Kind, Measure};
use crate::total::value::{share, unknown};

pub(crate) use view::AcrossValue;
use view::AcrossView;

mod view;

/// The figure whose provenance figures across sessions take over.
const ADVANCES: &str = "advances";

/// Of every ten sessions of a percentile, how many must have the figure.
const KNOWN_OF_TEN: usize = 8;

/// How many sessions the longer average of the oscillator needs to mean much.
const OSCILLATOR_SESSIONS: usize = 39;

/// The low and high bounds of the advance share in a breadth thrust, in parts per million, and the
/// most sessions from one to the other.
const THRUST: (i64, i64, usize) = (400_000, 615_000, 10);

/// A figure as integers for comparison: a number over one, or a part over its whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureValue {
    /// The number, or the part.
    pub number: i64,
    /// One, or the whole.
    pub of: i64,
    /// Whether it is exact.
    pub basis: Basis,
}

impl FigureValue {
    fn of(fact: &Fact) -> Option<FigureValue> {
        let (number, whole) = fact.value.integers()?;
        let of = whole.unwrap_or(1);
        Some(FigureValue { number, of, basis: fact.provenance.basis })
    }

    /// Whether it covers only part of its population. Such a figure is not compared with others.
    pub fn is_partial(self) -> bool {
        self.basis == Basis::Partial
    }

    /// The share of some sessions, this figure's own and those of the figures `before` it, in which the
    /// figure was no higher, among those in which it is known and complete; unknown if that are fewer
    /// than eight in ten of `sessions`, or if the data do not reach so far.
    pub(crate) fn place_among(
        self,
        before: impl Iterator<Item = FigureValue>,
        sessions: usize,
        reaches: bool,
    ) -> AcrossValue {
        let (mut lower, mut known, mut basis) = (1, 1, self.basis);
        for figure in before.filter(|figure| !figure.is_partial()) {
            lower += i128::from(figure.no_higher_than(self));
            known += 1;
            basis = basis.max(figure.basis);
        }
        let value = match reaches && known * 10 >= sessions * KNOWN_OF_TEN {
            true => share(lower, known as i128),
            false => unknown("series_too_short"),
        };
        let unknown = if reaches { sessions - known } else { 0 };
        AcrossValue { value, sessions: known, unknown, basis }
    }

    fn no_higher_than(self, other: FigureValue) -> bool {
        i128::from(self.number) * i128::from(other.of)
            <= i128::from(other.number) * i128::from(self.of)
    }
}

/// Known figures of a measure, named with its parameter, with their sessions.
pub type Series = (String, Vec<(SessionDate, FigureValue)>);

/// The figures of all A-shares in earlier sessions, as far back as measures look. A session of the
/// calendar that the data lack is included, without figures.
#[derive(Clone, Debug)]
pub struct FigureHistory {
    calendar: &'static Calendar,
    /// By session, earliest first.
    sessions: Vec<SessionDate>,
    /// By measure with its parameter: one entry per session, `None` if unknown.
    series: BTreeMap<String, Vec<Option<FigureValue>>>,
}

impl FigureHistory {
    /// Whether measures look back on this figure of all A-shares.
    pub fn wants(measure: &str) -> bool {
        let name = measure.split(':').next().unwrap_or(measure);
        let of_run = [WORD_SESSIONS, WORD_LAST_HELD, TURNOVER_ABOVE].contains(&name);
        of_run
            || RANKED.contains(&measure)
            || catalogue::across::MEASURES.iter().any(|m| {
                m.id == measure
                    && !matches!(m.kind, Kind::Across { across: Across::Percentile(_), .. })
            })
    }

    /// How many years before a session hold everything it looks back on, except
    /// [`FigureHistory::EVER`].
    pub const YEARS: i16 = 6;

    /// The figure that a session looks back on without a limit.
    pub const EVER: &str = "turnover";

    /// The names, without parameters, of the figures that measures look back on.
    pub fn measures() -> impl Iterator<Item = &'static str> {
        let ranked = RANKED.iter().map(|id| id.split(':').next().unwrap_or(id));
        ranked.chain(
            catalogue::across::MEASURES
                .iter()
                .map(|measure| measure.id)
                .filter(|id| FigureHistory::wants(id)),
        )
    }

    /// Whether figures across sessions are computed from a measure, named without parameter.
    pub(crate) fn is_read_off(name: &str) -> bool {
        name == ADVANCES
            || FigureHistory::measures().any(|of| of == name)
            || named_figures().any(|figure| figure.measure == name)
    }

    /// Builds the past from series of known figures. Each measure is named with its parameter and
    /// has each session once; it may come in several pieces.
    pub fn of(figures: Vec<Series>, calendar: &'static Calendar) -> FigureHistory {
        let all = figures.iter().flat_map(|(_, series)| series.iter().map(|(on, _)| *on));
        let told: BTreeSet<SessionDate> = all.collect();
        let sessions = match (told.first(), told.last()) {
            (Some(first), Some(last)) => calendar.between(*first, *last).to_vec(),
            _ => Vec::new(),
        };
        let mut past = FigureHistory { calendar, sessions, series: BTreeMap::new() };
        for (measure, figures) in figures {
            let series = past.series.entry(measure).or_default();
            let mut place = 0;
            for (on, figure) in figures {
                if past.sessions.get(place) != Some(&on) {
                    place = past.sessions.partition_point(|session| *session < on);
                }
                series.resize(series.len().max(place + 1), None);
                series[place] = Some(figure);
                place += 1;
            }
        }
        past
    }

    /// Adds a session, which must come after those before, with its known figures. The sessions in
    /// between count as missing.
    pub fn push(
        &mut self,
        session: SessionDate,
        figures: impl IntoIterator<Item = (String, FigureValue)>,
    ) {
        self.sessions.extend_from_slice(self.missing_before(session));
        let before = self.sessions.len();
        self.sessions.push(session);
        for (measure, figure) in figures {
            let series = self.series.entry(measure).or_default();
            series.resize(before, None);
            series.push(Some(figure));
        }
    }

    /// Adds a reviewed session, with the figures of any scope that its runs and words rest on. Those of
    /// other scopes are named with their scope: `turnover_change_rate/sse-szse`.
    pub fn push_set(&mut self, set: &FactSet) {
        let of_session = set.facts.values().filter(|fact| fact.key.session == set.session);
        let figures: BTreeMap<String, FigureValue> = of_session
            .filter(|fact| fact.key.scope == Scope::AllA)
            .filter_map(|fact| {
                let measure = fact.key.measure.to_string();
                FigureHistory::wants(&measure)
                    .then(|| Some((measure, FigureValue::of(fact)?)))
                    .flatten()
            })
            .chain(named_figures().filter_map(|named| {
                let figure = FigureValue::of(set.get(&key_of(named, set.session))?)?;
                let name = match named.scope {
                    Scope::AllA => named.measure.to_owned(),
                    _ => named.to_string(),
                };
                Some((name, figure))
            }))
            .collect();
        self.push(set.session, figures);
    }

    /// Every figure: the place of its session (from zero), its session, its measure with its
    /// parameter, and the figure.
    pub fn figures(&self) -> impl Iterator<Item = (usize, SessionDate, &str, FigureValue)> {
        self.series.iter().flat_map(|(measure, series)| {
            series.iter().zip(&self.sessions).enumerate().filter_map(
                move |(place, (figure, on))| {
                    figure.map(|figure| (place, *on, measure.as_str(), figure))
                },
            )
        })
    }

    /// A history without figures.
    pub fn new(calendar: &'static Calendar) -> FigureHistory {
        FigureHistory::of(Vec::new(), calendar)
    }

    /// The last session; `None` before the first.
    pub fn last(&self) -> Option<SessionDate> {
        self.sessions.last().copied()
    }

    /// The sessions between the last one and a later one.
    fn missing_before(&self, session: SessionDate) -> &'static [SessionDate] {
        let Some(last) = self.last() else { return &[] };
        let between = self.calendar.between(last, session);
        let inside = between.strip_prefix(&[last]).unwrap_or(between);
        inside.strip_suffix(&[session]).unwrap_or(inside)
    }

    fn len(&self) -> usize {
        self.sessions.len()
    }

    /// A measure's figure `back` sessions ago, 1 being the last one.
    fn at(&self, measure: &str, back: usize) -> Option<FigureValue> {
        *self.series.get(measure)?.get(self.len().checked_sub(back)?)?
    }

    /// A measure's known figures of the last `sessions` sessions, the last one first.
    fn back(
        &self,
        measure: &str,
        sessions: usize,
    ) -> impl Iterator<Item = (usize, FigureValue)> + '_ {
        let missing = self.len() - self.series.get(measure).map_or(0, Vec::len);
        self.lately(measure, sessions)
            .iter()
            .rev()
            .enumerate()
            .filter_map(move |(i, figure)| Some((i + 1 + missing, (*figure)?)))
    }

    /// A measure's figures of the last `sessions` sessions, the last one last. Sessions at the end
    /// without a figure are left out.
    fn lately(&self, measure: &str, sessions: usize) -> &[Option<FigureValue>] {
        let series = self.series.get(measure).map_or(&[][..], Vec::as_slice);
        let first = self.len().saturating_sub(sessions).min(series.len());
        &series[first..]
    }
}

/// The word that a figure is about; `None` for a figure of no word.
pub fn word_of(measure: &MeasureId) -> Option<&'static Word> {
    let of_word = [WORD_SESSIONS, WORD_LAST_HELD].contains(&measure.name());
    measure.parameter().filter(|_| of_word).and_then(Word::of_id)
}

/// The names, without parameters, of the figures that [`across`] adds.
pub fn across_measures() -> impl Iterator<Item = &'static str> {
    let across = catalogue().iter().filter(|measure| matches!(measure.kind, Kind::Across { .. }));
    across.map(|measure| measure.name())
}

/// Adds what [`across`] would add, from facts that were kept: the figures of [`across_measures`] in
/// this session. Inputs and rules were not kept; they are taken from the session's advances.
///
/// # Errors
/// The key of a fact that is not in `kept`, or is in it twice.
pub fn across_kept(set: &mut FactSet, kept: Vec<Fact>) -> Result<(), FactKey> {
    let session = set.session;
    let advances = FactKey::at_close(MeasureId::new(ADVANCES), Scope::AllA, session);
    let Some(model) = set.get(&advances).cloned() else { return Ok(()) };
    let mut by_key: BTreeMap<FactKey, Fact> = BTreeMap::new();
    for fact in kept {
        if let Some(twice) = by_key.insert(fact.key.clone(), fact) {
            return Err(twice.key);
        }
    }
    for measure in catalogue() {
        let Kind::Across { across, .. } = measure.kind else { continue };
        for parameter in parameters(across) {
            let key = FactKey::at_close(id_of(measure, parameter), Scope::AllA, session);
            let fact = by_key.remove(&key).ok_or(key)?;
            let Provenance { inputs, rulebook, .. } = model.provenance.clone();
            set.insert(Fact {
                provenance: Provenance { inputs, rulebook, ..fact.provenance },
                ..fact
            });
        }
        set.measures.entry(measure.name().to_owned()).or_insert_with(|| measure.text());
    }
    Ok(())
}

/// The parameters of a figure across sessions; `None` if it has no parameter.
fn parameters(across: Across) -> Vec<Option<&'static str>> {
    match across {
        Across::Percentile(_) => RANKED.iter().copied().map(Some).collect(),
        Across::WordSessions | Across::WordLastHeld => {
            WORDS.iter().map(|word| Some(word.id)).collect()
        }
        Across::TurnoverAbove => TRILLIONS.iter().map(|(id, _)| Some(*id)).collect(),
        _ => vec![None],
    }
}

/// The figures of any scope that figures across sessions rest on.
fn named_figures() -> impl Iterator<Item = &'static FigureName> {
    let in_words = WORDS.iter().flat_map(|word| figures_of(word.terms));
    in_words.chain([&TURNOVER_OF_TWO])
}

/// The turnover of Shanghai and Shenzhen.
static TURNOVER_OF_TWO: FigureName =
    FigureName { measure: FigureHistory::EVER, scope: Scope::SseSzse };

fn key_of(FigureName { measure, scope }: &FigureName, session: SessionDate) -> FactKey {
    FactKey::at_close(MeasureId::new(*measure), scope.clone(), session)
}

fn id_of(measure: &Measure, parameter: Option<&str>) -> MeasureId {
    match parameter {
        Some(parameter) => MeasureId::with(measure.id, parameter),
        None => MeasureId::new(measure.id),
    }
}

/// Adds the figures across sessions to a session's facts. `past` holds every session of the data
/// before it.
pub fn across(set: &mut FactSet, past: &FigureHistory) {
    let session = set.session;
    let own = |name: &'static str| {
        let id = match name.split_once(':') {
            Some((name, parameter)) => MeasureId::with(name, parameter),
            None => MeasureId::new(name),
        };
        FactKey::at_close(id, Scope::AllA, session)
    };
    let Some(model) = set.get(&own(ADVANCES)).cloned() else { return };
    for measure in catalogue() {
        let Kind::Across { across, .. } = measure.kind else { continue };
        let told: Vec<(Option<&str>, AcrossValue)> = {
            let now = |name: &'static str| set.get(&own(name)).and_then(FigureValue::of);
            let fact = |named: &FigureName| set.get(&key_of(named, session));
            let missing = past.missing_before(session).len();
            let view = AcrossView { past, missing, now: &now, fact: &fact };
            let tell = |parameter: Option<&'static str>| {
                (parameter, view.emit(across, parameter, measure.unit))
            };
            parameters(across).into_iter().map(tell).collect()
        };
        for (parameter, told) in told {
            let basis = told.basis.of(&told.value);
            set.insert(Fact {
                key: FactKey::at_close(id_of(measure, parameter), Scope::AllA, session),
                value: told.value,
                provenance: Provenance {
                    coverage: Coverage {
                        judged: told.sessions as u64,
                        unjudged: told.unknown as u64,
                    },
                    basis,
                    measure_version: measure.version,
                    findings: Vec::new(),
                    ..model.provenance.clone()
                },
            });
        }
        set.measures.entry(measure.name().to_owned()).or_insert_with(|| measure.text());
    }
}
