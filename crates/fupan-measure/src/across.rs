//! Figures that look across sessions: lines that go on from day to day, and how a figure stands
//! among its own past.
//!
//! They are functions of the figures of all A-shares, session by session, and of nothing else:
//! [`Past`] holds those, and [`across`] adds what they say of a session to its facts.

use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::{Basis, Coverage, Fact, FactKey, FactSet, MeasureId, Provenance, Scope, Unit};
use fupan_market::{Calendar, SessionDate};

use crate::catalogue::catalogue;
use crate::cell::Mark;
use crate::measure::{Measure, Members, Population, RestsOn, Sql, Text, text};
use crate::scope::Scopes;
use crate::shape::Shape;

use view::{Told, View};

mod view;

/// A figure across sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Across {
    /// The last figure of its kind, plus advances, minus declines.
    AdvanceDeclineLine,
    /// An exponential average of the ratio-adjusted net advances, of this many days.
    NetAdvancesAverage(i128),
    /// The average of 19 days minus that of 39.
    McClellanOscillator,
    /// The last figure of its kind, plus that difference.
    McClellanSummation,
    /// An exponential average of the advance share, of ten days.
    AdvanceShareAverage,
    /// Sessions that the average took from its low ground to its high ground.
    BreadthThrust,
    /// Sessions since a higher turnover.
    TurnoverHighSince,
    /// The share of this many sessions whose figure was no higher than now, figure by figure.
    Percentile(usize),
}

/// The figures that percentiles are told of.
pub const RANKED: [&str; 44] = [
    "advances",
    "declines",
    "advance_share",
    "up_volume_share",
    "trin",
    "median_return",
    "equal_weight_return",
    "cap_weight_return",
    "return_dispersion",
    "return_p10",
    "return_p90",
    "turnover",
    "turnover_change_rate",
    "turnover_vs_ma5",
    "turnover_vs_ma20",
    "top5_turnover_share",
    "turnover_hhi",
    "turnover_effective_n",
    "micro_cap_return",
    "limit_up_count",
    "limit_down_count",
    "limit_up_broken_count",
    "seal_rate",
    "one_price_limit_up_count",
    "max_streak",
    "promotion_rate:all",
    "prior_limit_up_return",
    "prior_limit_up_open_premium",
    "prior_limit_up_positive_share",
    "new_high_250",
    "new_low_250",
    "new_high_52w",
    "new_low_52w",
    "new_high_all_time",
    "new_low_all_time",
    "intraday_new_high_250",
    "intraday_new_low_250",
    "intraday_new_high_52w",
    "intraday_new_low_52w",
    "intraday_new_high_all_time",
    "intraday_new_low_all_time",
    "above_ma20",
    "above_ma50",
    "above_ma200",
];

/// The figure whose session and inputs figures across sessions share.
const ADVANCES: &str = "advances";

/// The longest look back of a percentile, in sessions.
const PERCENTILE_SESSIONS: usize = 1250;

/// Of the sessions of a percentile, how many of ten must have the figure.
const KNOWN_OF_TEN: usize = 8;

/// Sessions before which the longer average of the oscillator says little.
const OSCILLATOR_SESSIONS: usize = 39;

/// The advance share's low and high ground, in parts per million, and within how many sessions a
/// thrust goes from one to the other.
const THRUST: (i64, i64, usize) = (400_000, 615_000, 10);

const POPULATION: Population = Population::all(
    Mark::Listed,
    text("数据起始以来各交易日的全部A股", "all A-shares, in every session since the data begin"),
);

/// A figure across sessions.
const fn measure(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    across: Across,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        population: POPULATION,
        unit,
        version: 2,
        scopes: Scopes::AllA,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::Across(across),
        sql,
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    measure(
        "advance_decline_line",
        text("腾落线", "Advance-decline line"),
        text(
            "数据起始以来各交易日上涨家数减下跌家数的累计",
            "Advances minus declines, added up since the data begin.",
        ),
        Unit::Securities,
        Across::AdvanceDeclineLine,
        Sql::Across("max(value) FILTER (WHERE measure = 'advance_decline_line')"),
    ),
    measure(
        "net_advances_ema19",
        text("净上涨比率十九日指数均线", "19-day average of net advances"),
        text(
            "上涨减下跌除以两者之和再乘一千，按十九日指数平均（权重十分之一）逐日递推",
            "A thousand times advances minus declines over their sum, averaged exponentially over \
             nineteen days (weight one tenth).",
        ),
        Unit::Ppm,
        Across::NetAdvancesAverage(19),
        Sql::Across("max(value) FILTER (WHERE measure = 'net_advances_ema19')"),
    ),
    measure(
        "net_advances_ema39",
        text("净上涨比率三十九日指数均线", "39-day average of net advances"),
        text(
            "上涨减下跌除以两者之和再乘一千，按三十九日指数平均（权重二十分之一）逐日递推",
            "A thousand times advances minus declines over their sum, averaged exponentially over \
             thirty-nine days (weight one twentieth).",
        ),
        Unit::Ppm,
        Across::NetAdvancesAverage(39),
        Sql::Across("max(value) FILTER (WHERE measure = 'net_advances_ema39')"),
    ),
    measure(
        "mcclellan_oscillator",
        text("麦克莱伦振荡指标", "McClellan oscillator"),
        text(
            "净上涨比率的十九日指数均线减三十九日指数均线",
            "The 19-day average of net advances minus the 39-day one, ratio-adjusted.",
        ),
        Unit::Ppm,
        Across::McClellanOscillator,
        Sql::Across("max(value) FILTER (WHERE measure = 'mcclellan_oscillator')"),
    ),
    measure(
        "mcclellan_summation",
        text("麦克莱伦累计指标", "McClellan summation"),
        text(
            "麦克莱伦振荡指标自数据起始以来的累计",
            "The McClellan oscillator, added up since the data begin.",
        ),
        Unit::Ppm,
        Across::McClellanSummation,
        Sql::Across("max(value) FILTER (WHERE measure = 'mcclellan_summation')"),
    ),
    measure(
        "advance_share_ema10",
        text("上涨占比十日指数均线", "10-day average of the advance share"),
        text(
            "上涨占比的十日指数平均（权重十一分之二）",
            "The advance share, averaged exponentially over ten days (weight two elevenths).",
        ),
        Unit::Ppm,
        Across::AdvanceShareAverage,
        Sql::Across("max(value) FILTER (WHERE measure = 'advance_share_ema10')"),
    ),
    measure(
        "breadth_thrust_sessions",
        text("广度冲击用时", "Sessions of a breadth thrust"),
        text(
            "上涨占比十日指数均线由低于四成升至高于六成一五所用的交易日数，至多十日；当日未形成则不给出",
            "Sessions that the 10-day average of the advance share took from below 0.40 to above \
             0.615, ten at most; not told unless it gets there in this session.",
        ),
        Unit::Sessions,
        Across::BreadthThrust,
        Sql::Across("max(value) FILTER (WHERE measure = 'breadth_thrust_sessions')"),
    ),
    Measure {
        rests_on: RestsOn::Turnover,
        ..measure(
            "turnover_high_since_sessions",
            text("成交额创多少日新高", "Sessions since a higher turnover"),
            text(
                "距上一次成交额严格高于当日的交易日数；数据内无更高成交额则不给出",
                "Sessions since the last strictly higher turnover; not told where the data hold \
                 none.",
            ),
            Unit::Sessions,
            Across::TurnoverHighSince,
            Sql::Across("max(value) FILTER (WHERE measure = 'turnover_high_since_sessions')"),
        )
    },
    measure(
        "percentile_250",
        text("近二百五十日百分位", "Percentile in 250 sessions"),
        text(
            "最近二百五十个交易日（含当日）中该指标不高于当日值的交易日占比；已知者不足八成则不给出",
            "The share of the last two hundred and fifty sessions, this one included, in which the \
             figure was no higher than now; not told where it is known in under eight tenths.",
        ),
        Unit::Share,
        Across::Percentile(250),
        Sql::AcrossShare(
            "max(part_250) FILTER (WHERE measure = ':parameter')",
            "max(whole_250) FILTER (WHERE measure = ':parameter')",
        ),
    ),
    measure(
        "percentile_1250",
        text("近一千二百五十日百分位", "Percentile in 1,250 sessions"),
        text(
            "最近一千二百五十个交易日（含当日）中该指标不高于当日值的交易日占比；已知者不足八成则不给出",
            "The share of the last 1,250 sessions, this one included, in which the figure was no \
             higher than now; not told where it is known in under eight tenths.",
        ),
        Unit::Share,
        Across::Percentile(PERCENTILE_SESSIONS),
        Sql::AcrossShare(
            "max(part_1250) FILTER (WHERE measure = ':parameter')",
            "max(whole_1250) FILTER (WHERE measure = ':parameter')",
        ),
    ),
];

/// A figure as the integers that compare it: a number over one, or a part over its whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number, or the part.
    pub number: i64,
    /// One, or the whole.
    pub of: i64,
    /// Whether it is exact.
    pub basis: Basis,
}

impl Figure {
    fn of(fact: &Fact) -> Option<Figure> {
        let (number, whole) = fact.value.integers()?;
        let of = whole.unwrap_or(1);
        Some(Figure { number, of, basis: fact.provenance.basis })
    }

    /// Whether it is one of a part of what it should be of: it is not compared with others.
    pub fn is_partial(self) -> bool {
        self.basis == Basis::Partial
    }

    fn no_higher_than(self, other: Figure) -> bool {
        i128::from(self.number) * i128::from(other.of)
            <= i128::from(other.number) * i128::from(self.of)
    }
}

/// Known figures of a measure, named with its parameter, and the sessions they are of.
pub type Series = (String, Vec<(SessionDate, Figure)>);

/// The figures of all A-shares of the sessions before one, as far as measures look back. A session
/// of the calendar that the data lack is there, without figures.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// By session, earliest first.
    sessions: Vec<SessionDate>,
    /// By measure with its parameter: one for each session, where known.
    series: BTreeMap<String, Vec<Option<Figure>>>,
}

impl Past {
    /// Whether measures look back on a figure of all A-shares.
    pub fn wants(measure: &str) -> bool {
        RANKED.contains(&measure)
            || MEASURES.iter().any(|m| {
                m.id == measure && !matches!(m.shape, Shape::Across(Across::Percentile(_)))
            })
    }

    /// Years before a session's own in which all that it looks back on lies, but for
    /// [`Past::EVER`].
    pub const YEARS: i16 = 6;

    /// The figure that a session looks back on however long ago it was.
    pub const EVER: &str = "turnover";

    /// The names, without parameters, of the figures that measures look back on.
    pub fn measures() -> impl Iterator<Item = &'static str> {
        let ranked = RANKED.iter().map(|id| id.split(':').next().unwrap_or(id));
        ranked.chain(MEASURES.iter().map(|measure| measure.id).filter(|id| Past::wants(id)))
    }

    /// Whether figures across sessions are worked out from a measure, named without parameter.
    pub(crate) fn is_read_off(name: &str) -> bool {
        name == ADVANCES || Past::measures().any(|of| of == name)
    }

    /// The past that some series of figures tell: of each measure with its parameter the known
    /// figures with their sessions, each session once; a measure may come in pieces.
    pub fn of(figures: Vec<Series>) -> Past {
        let all = figures.iter().flat_map(|(_, series)| series.iter().map(|(on, _)| *on));
        let told: BTreeSet<SessionDate> = all.collect();
        let sessions = match (told.first(), told.last()) {
            (Some(first), Some(last)) => Calendar::builtin().between(*first, *last).to_vec(),
            _ => Vec::new(),
        };
        let mut past = Past { sessions, series: BTreeMap::new() };
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

    /// Adds a session, which comes after those before, with the figures that are known of it; the
    /// sessions between are missing.
    pub fn push(
        &mut self,
        session: SessionDate,
        figures: impl IntoIterator<Item = (String, Figure)>,
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

    /// Adds a reviewed session.
    pub fn push_set(&mut self, set: &FactSet) {
        let figures: Vec<(String, Figure)> = set
            .facts
            .values()
            .filter(|fact| fact.key.scope == Scope::AllA && fact.key.session == set.session)
            .filter_map(|fact| {
                let measure = fact.key.measure.to_string();
                Past::wants(&measure).then(|| Some((measure, Figure::of(fact)?))).flatten()
            })
            .collect();
        self.push(set.session, figures);
    }

    /// Every figure: its session with the session's place, counted from zero, its measure with its
    /// parameter, and itself.
    pub fn figures(&self) -> impl Iterator<Item = (usize, SessionDate, &str, Figure)> {
        self.series.iter().flat_map(|(measure, series)| {
            series.iter().zip(&self.sessions).enumerate().filter_map(
                move |(place, (figure, on))| {
                    figure.map(|figure| (place, *on, measure.as_str(), figure))
                },
            )
        })
    }

    /// The last session; `None` before the first.
    pub fn last(&self) -> Option<SessionDate> {
        self.sessions.last().copied()
    }

    /// The sessions between the last and one that comes after it.
    fn missing_before(&self, session: SessionDate) -> &'static [SessionDate] {
        let Some(last) = self.last() else { return &[] };
        let between = Calendar::builtin().between(last, session);
        let inside = between.strip_prefix(&[last]).unwrap_or(between);
        inside.strip_suffix(&[session]).unwrap_or(inside)
    }

    fn len(&self) -> usize {
        self.sessions.len()
    }

    /// A measure's figure `back` sessions ago, 1 being the last one.
    fn at(&self, measure: &str, back: usize) -> Option<Figure> {
        *self.series.get(measure)?.get(self.len().checked_sub(back)?)?
    }

    /// A measure's known figures of the last `sessions` sessions, the last one first.
    fn back(&self, measure: &str, sessions: usize) -> impl Iterator<Item = (usize, Figure)> + '_ {
        let series = self.series.get(measure).map_or(&[][..], Vec::as_slice);
        let missing = self.len() - series.len();
        series
            .iter()
            .rev()
            .enumerate()
            .map(move |(i, figure)| (i + 1 + missing, *figure))
            .take_while(move |(back, _)| *back <= sessions)
            .filter_map(|(back, figure)| Some((back, figure?)))
    }
}

/// Adds what the past says of a session to its facts. `past` holds every session of the data
/// before it.
pub fn across(set: &mut FactSet, past: &Past) {
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
        let Shape::Across(across) = measure.shape else { continue };
        let told: Vec<(Option<&str>, Told)> = {
            let now = |name: &'static str| set.get(&own(name)).and_then(Figure::of);
            let missing = past.missing_before(session).len();
            let view = View { past, missing, now: &now };
            match across {
                Across::Percentile(sessions) => {
                    RANKED.iter().map(|of| (Some(*of), view.percentile(of, sessions))).collect()
                }
                _ => vec![(None, view.tell(across, measure.unit))],
            }
        };
        for (parameter, told) in told {
            let id = match parameter {
                Some(parameter) => MeasureId::with(measure.id, parameter),
                None => MeasureId::new(measure.id),
            };
            let basis = told.basis.of(&told.value);
            set.insert(Fact {
                key: FactKey::at_close(id, Scope::AllA, session),
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
