//! Computes a session's figures across sessions from the past and its own figures.

use fupan_fact::word::{FigureName, figures_of};
use fupan_fact::{Basis, Fact, Unit, Value, Word};

use super::{FigureHistory, FigureValue, OSCILLATOR_SESSIONS, THRUST, TURNOVER_OF_TWO};
use crate::catalogue::across::{TRILLIONS, TURNOVER_ABOVE, WORD_LAST_HELD, WORD_SESSIONS};
use crate::measure::statistic::Across;
use crate::total::arithmetic::div_half_away;
use crate::total::value::{of_unit, unknown};

/// A figure across sessions, with its coverage and basis.
pub(crate) struct AcrossValue {
    pub(crate) value: Value,
    /// Sessions that it looks at, and how many sessions without a known figure it counts.
    pub(crate) sessions: usize,
    pub(crate) unknown: usize,
    pub(crate) basis: Basis,
}

/// The past, and the session's own figures.
pub(super) struct AcrossView<'a> {
    pub(super) past: &'a FigureHistory,
    /// Sessions between the past and this one.
    pub(super) missing: usize,
    pub(super) now: &'a dyn Fn(&'static str) -> Option<FigureValue>,
    /// The session's own facts, of any scope.
    pub(super) fact: &'a dyn Fn(&FigureName) -> Option<&'a Fact>,
}

/// A number, and whether it is exact.
type Based = (i128, Basis);

impl AcrossView<'_> {
    /// The figure; a percentile's parameter is the figure ranked, a word's its identifier.
    pub(super) fn emit(
        &self,
        across: Across,
        parameter: Option<&'static str>,
        unit: Unit,
    ) -> AcrossValue {
        let of = parameter.unwrap_or_default();
        let number = match across {
            Across::AdvanceDeclineLine => self.line(),
            Across::NetAdvancesAverage(days) => {
                let name = if days == 19 { "net_advances_ema19" } else { "net_advances_ema39" };
                self.net_advances().and_then(|x| self.average(name, x, 2, days + 1))
            }
            Across::McClellanOscillator if self.len() < OSCILLATOR_SESSIONS => {
                return self.of_all(unknown("series_too_short"), Basis::Exact);
            }
            Across::McClellanOscillator => self.oscillator(),
            Across::McClellanSummation => {
                let before = self.before("mcclellan_summation");
                before
                    .zip(self.oscillator())
                    .map(|((before, a), (now, b))| (before + now, a.max(b)))
            }
            Across::AdvanceShareAverage => {
                let part = (self.now)("advance_share");
                let x = part.and_then(|f| {
                    let share = div_half_away(i128::from(f.number) * 1_000_000, f.of.into())?;
                    Some((share, f.basis))
                });
                x.and_then(|x| self.average("advance_share_ema10", x, 2, 11))
            }
            Across::BreadthThrust => return self.thrust(),
            Across::TurnoverHighSince => return self.turnover_high_since(),
            Across::TurnoverAbove => return self.turnover_above(of, unit),
            Across::Percentile(sessions) => return self.percentile(of, sessions),
            Across::WordSessions => return self.word_sessions(of, unit),
            Across::WordLastHeld => return self.word_last_held(of, unit),
        };
        match number {
            Some((number, basis)) => self.of_all(of_unit(unit, number), basis),
            None => self.of_all(unknown("no_breadth"), Basis::Exact),
        }
    }

    /// How many sessions lie before this one, missing ones included.
    fn len(&self) -> usize {
        self.past.len() + self.missing
    }

    fn of_all(&self, value: Value, basis: Basis) -> AcrossValue {
        AcrossValue { value, sessions: self.len() + 1, unknown: 0, basis }
    }

    /// A measure's figure `back` sessions ago, 1 being the session before.
    fn at(&self, measure: &str, back: usize) -> Option<FigureValue> {
        self.past.at(measure, back.checked_sub(self.missing)?)
    }

    /// A measure's known figures of the last `sessions` sessions, the last one first.
    fn back(
        &self,
        measure: &str,
        sessions: usize,
    ) -> impl Iterator<Item = (usize, FigureValue)> + '_ {
        let (missing, within) = (self.missing, sessions.saturating_sub(self.missing));
        self.past.back(measure, within).map(move |(back, figure)| (back + missing, figure))
    }

    /// The last figure of a line; zero before the first session. Missing sessions are skipped, and
    /// the result is then partial.
    fn before(&self, measure: &str) -> Option<Based> {
        match self.len() {
            0 => Some((0, Basis::Exact)),
            _ => self.back(measure, usize::MAX).next().map(|(back, figure)| {
                let basis = if back > 1 { Basis::Partial } else { figure.basis };
                (figure.number.into(), basis)
            }),
        }
    }

    fn breadth(&self) -> Option<(i128, i128, Basis)> {
        let [up, down] = ["advances", "declines"].map(|name| (self.now)(name));
        let (up, down) = (up?, down?);
        Some((up.number.into(), down.number.into(), up.basis.max(down.basis)))
    }

    fn line(&self) -> Option<Based> {
        let (up, down, basis) = self.breadth()?;
        let (before, of_before) = self.before("advance_decline_line")?;
        Some((before + up - down, basis.max(of_before)))
    }

    /// A thousand times the net share of advances, in parts per million.
    fn net_advances(&self) -> Option<Based> {
        let (up, down, basis) = self.breadth()?;
        Some((div_half_away((up - down) * 1_000_000_000, up + down)?, basis))
    }

    /// The exponential average, continued from its last figure; in the first session, the figure
    /// itself. It is rounded once per session and continues from the rounded figure.
    fn average(&self, measure: &str, (now, basis): Based, weight: i128, of: i128) -> Option<Based> {
        match self.len() {
            0 => Some((now, basis)),
            _ => {
                let (before, of_before) = self.before(measure)?;
                let moved = before + div_half_away((now - before) * weight, of)?;
                Some((moved, basis.max(of_before)))
            }
        }
    }

    fn oscillator(&self) -> Option<Based> {
        let [short, long] =
            ["net_advances_ema19", "net_advances_ema39"].map(|name| (self.now)(name));
        let (short, long) = (short?, long?);
        let difference = i128::from(short.number) - i128::from(long.number);
        Some((difference, short.basis.max(long.basis)))
    }

    fn thrust(&self) -> AcrossValue {
        let (low, high, within) = THRUST;
        let average = "advance_share_ema10";
        let now = (self.now)(average);
        let before = self.at(average, 1).map(|figure| figure.number);
        let rises =
            now.is_some_and(|now| now.number > high) && before.is_some_and(|before| before <= high);
        let began = self.back(average, within).find(|(_, figure)| figure.number < low);
        let basis = now.map_or(Basis::Exact, |now| now.basis);
        let value = match began {
            Some((back, _)) if rises => of_unit(Unit::Sessions, back as i128),
            _ if before.is_none() && self.len() > 0 => unknown("session_missing"),
            _ => unknown("no_thrust"),
        };
        self.of_all(value, basis)
    }

    /// Sessions since a higher turnover. Unknown if a session in between is missing or partial: it
    /// may have had the higher turnover.
    fn turnover_high_since(&self) -> AcrossValue {
        let Some(now) = (self.now)("turnover") else {
            return self.of_all(unknown("no_turnover"), Basis::Exact);
        };
        let (basis, mut next) = (now.basis, 1);
        for (back, figure) in self.back("turnover", usize::MAX) {
            if back != next || figure.is_partial() {
                return self.of_all(unknown("session_missing"), basis);
            }
            if figure.number > now.number {
                let value = of_unit(Unit::Sessions, back as i128);
                return self.of_all(value, basis.max(figure.basis));
            }
            next = back + 1;
        }
        self.of_all(unknown("highest_in_data"), basis)
    }

    /// For how many sessions in a row the turnover of Shanghai and Shenzhen has been so many trillion
    /// yuan or more.
    fn turnover_above(&self, id: &str, unit: Unit) -> AcrossValue {
        let level = TRILLIONS.iter().find(|(of, _)| *of == id);
        let now = (self.fact)(&TURNOVER_OF_TWO).and_then(FigureValue::of);
        let Some((now, (_, level))) = now.zip(level) else {
            return self.of_all(unknown("no_turnover"), Basis::Exact);
        };
        let reaches = now.number >= level.0;
        if !reaches || self.len() == 0 {
            return self.of_all(of_unit(unit, reaches.into()), now.basis);
        }
        match self.at(&format!("{TURNOVER_ABOVE}:{id}"), 1) {
            Some(run) => {
                let value = of_unit(unit, i128::from(run.number) + 1);
                self.of_all(value, now.basis.max(run.basis))
            }
            None => self.of_all(unknown("session_missing"), now.basis),
        }
    }

    /// Whether a word holds in the session, and on what basis; `None` if it is not known.
    fn word(&self, id: &str) -> Option<(bool, Basis)> {
        let word = Word::of_id(id)?;
        let holds = word.holds(&|named| (self.fact)(named).map(|fact| &fact.value))?;
        let facts = figures_of(word.terms).into_iter().filter_map(|named| (self.fact)(named));
        Some((holds, facts.map(|fact| fact.provenance.basis).fold(Basis::Exact, Basis::max)))
    }

    /// The figure that a word's measure had in the session before, if that is known.
    fn word_before(&self, measure: &str, id: &str) -> Option<FigureValue> {
        self.at(&format!("{measure}:{id}"), 1)
    }

    /// For how many sessions in a row a word has held.
    fn word_sessions(&self, id: &str, unit: Unit) -> AcrossValue {
        let Some((holds, basis)) = self.word(id) else {
            return self.of_all(unknown("no_figure"), Basis::Exact);
        };
        if !holds || self.len() == 0 {
            return self.of_all(of_unit(unit, holds.into()), basis);
        }
        match self.word_before(WORD_SESSIONS, id) {
            Some(run) if run.number == 0 => self.of_all(of_unit(unit, 1), basis),
            Some(run) => {
                let value = of_unit(unit, i128::from(run.number) + 1);
                self.of_all(value, basis.max(run.basis))
            }
            None => self.of_all(unknown("session_missing"), basis),
        }
    }

    /// Sessions since a word last held, before its present run if it holds.
    fn word_last_held(&self, id: &str, unit: Unit) -> AcrossValue {
        let Some((holds, basis)) = self.word(id) else {
            return self.of_all(unknown("no_figure"), Basis::Exact);
        };
        if self.len() == 0 {
            return self.of_all(unknown("not_held_before"), basis);
        }
        let Some(run) = self.word_before(WORD_SESSIONS, id) else {
            return self.of_all(unknown("session_missing"), basis);
        };
        if !holds && run.number > 0 {
            return self.of_all(of_unit(unit, 1), basis.max(run.basis));
        }
        match self.word_before(WORD_LAST_HELD, id) {
            Some(last) => {
                let value = of_unit(unit, i128::from(last.number) + 1);
                self.of_all(value, basis.max(run.basis).max(last.basis))
            }
            None => self.of_all(unknown("not_held_before"), basis),
        }
    }

    /// The share of sessions in which the figure was no higher, among those whose figure is
    /// complete.
    fn percentile(&self, of: &'static str, sessions: usize) -> AcrossValue {
        let Some(now) = (self.now)(of) else {
            return self.of_all(unknown("no_figure"), Basis::Exact);
        };
        let before = (sessions - 1).saturating_sub(self.missing);
        let before = self.past.lately(of, before).iter().flatten().copied();
        now.place_among(before, sessions, self.len() + 1 >= sessions)
    }
}
