//! What a security did over several sessions, and against its industry.

use fupan_fact::{Basis, Coverage, Scope};
use fupan_market::{OwnDay, OwnDays, Return, SecurityDay, SessionDate, TurnoverBasis};

use crate::catalogue::own_past::SESSIONS;
use crate::evaluate::{Draft, Evaluation, basis, derived_basis, partial_basis};
use crate::measure::Measure;
use crate::measure::figure::{OwnFigure, OwnSpan};
use crate::total::arithmetic::div_half_away;
use crate::total::cell::{Mark, Sum};
use crate::total::value::{of_unit, unknown};

/// A number, or the reason why there is none.
type Known = Result<i128, &'static str>;

/// Parts of one, as which returns are counted.
const ONE: i128 = Return::PARTS as i128;

/// A security's session and the days before it.
struct Own<'a> {
    day: &'a SecurityDay,
    past: &'a OwnDays,
    /// The number of the first session that was read.
    from: u32,
}

impl Own<'_> {
    /// The return over the sessions from one on, in parts per billion.
    fn over(&self, first: u32) -> Known {
        if first < self.from || !self.past.traded_before(first) {
            return Err("window_too_short");
        }
        self.misses_none_since(first)?;
        let days = self.past.since(first).iter().map(|day| day.returned);
        let mut level = ONE;
        for returned in days.chain([self.day.day_return()]) {
            let Return(ppb) = returned.ok_or("no_prev_close")?;
            let gain = level.checked_mul(ppb.into()).ok_or("out_of_range")?;
            level += div_half_away(gain, ONE).ok_or("out_of_range")?;
        }
        Ok(level - ONE)
    }

    /// Its last traded days before the session, if there are so many.
    fn last_days(&self, days: usize) -> Result<&[OwnDay], &'static str> {
        let lately = self.past.since(self.day.session_number.saturating_sub(SESSIONS));
        let first = lately.len().checked_sub(days).ok_or("window_too_short")?;
        Ok(&lately[first..])
    }

    /// Turnover over the mean of the days before, minus one, in parts per billion.
    fn turnover_versus_mean(&self, days: usize) -> Known {
        let last = self.last_days(days)?;
        if let Some(first) = last.first() {
            self.misses_none_since(first.number)?;
        }
        let today = self.day.traded.ok_or("no_turnover")?.turnover.fen.0;
        let before = last.iter().map(|day| day.turnover.map(|turnover| turnover.fen.0));
        let before: Option<i128> = before.map(|fen| fen.map(i128::from)).sum();
        let before = before.ok_or("no_turnover")?;
        let change = i128::from(today) * days as i128 - before;
        div_half_away(change * ONE, before).ok_or("no_turnover")
    }

    /// Whether its data lack no session from one on.
    fn misses_none_since(&self, first: u32) -> Result<(), &'static str> {
        match self.day.carried.missing.is_some_and(|missing| missing >= first) {
            true => Err("session_missing"),
            false => Ok(()),
        }
    }

    /// How many of the turnovers that a mean rests on are estimates, the session's own included.
    fn estimated(&self, days: usize) -> u64 {
        let before = self.last_days(days).unwrap_or_default().iter();
        let before = before.filter_map(|day| day.turnover);
        let all = before.chain(self.day.traded.map(|traded| traded.turnover));
        all.filter(|turnover| turnover.basis == TurnoverBasis::Estimated).count() as u64
    }
}

impl Evaluation<'_> {
    pub(super) fn add_own_past(&mut self, measure: &Measure, figure: OwnFigure) {
        if self.nobody_asks(measure) {
            return;
        }
        match figure {
            OwnFigure::OverIndustry => self.add_over_industry(measure),
            OwnFigure::Return(OwnSpan::Since) => {
                for since in self.selection.since() {
                    self.add_return(measure, Some(&since.to_string()), self.first_after(*since));
                }
            }
            OwnFigure::Return(span) => self.add_return(measure, None, self.first_of(span)),
            OwnFigure::TurnoverVersusMean(days) => self.add_of_each(measure, None, |own| {
                let estimated = own.estimated(days);
                (own.turnover_versus_mean(days), basis(estimated > 0), estimated)
            }),
        }
    }

    /// The returns from a session on, by its number.
    fn add_return(&mut self, measure: &Measure, parameter: Option<&str>, first: Option<u32>) {
        let Some(first) = first else { return };
        self.add_of_each(measure, parameter, |own| {
            let rests_on_derived = own.day.carried.derived.is_some_and(|number| number >= first)
                || own.day.has_derived_prev_close();
            (own.over(first), derived_basis(rests_on_derived), 0)
        });
    }

    /// The number of the first session after a day, up to the session itself.
    fn first_after(&self, day: SessionDate) -> Option<u32> {
        let calendar = self.rulebook.calendar();
        let sessions = calendar.between(day, self.market.session);
        calendar.number(*sessions.iter().find(|session| **session > day)?).ok()
    }

    /// The number of the first session of a span; zero before the calendar begins.
    fn first_of(&self, span: OwnSpan) -> Option<u32> {
        let calendar = self.rulebook.calendar();
        let session = self.market.session;
        let number = calendar.number(session).ok()?;
        let from = |date: SessionDate| calendar.between(date, session).first().copied();
        let begins = |month| SessionDate::new(session.date().year(), month, 1).ok();
        let first = match span {
            OwnSpan::Sessions(sessions) => return Some((number + 1).saturating_sub(sessions)),
            OwnSpan::Month => from(begins(session.date().month())?)?,
            OwnSpan::Year => from(begins(1)?)?,
            OwnSpan::Since => return None,
        };
        calendar.number(first).ok()
    }

    /// A figure of each security that is asked for and whose past was read: its value, how exact it
    /// is, and on how many estimated turnovers it rests.
    fn add_of_each(
        &mut self,
        measure: &Measure,
        parameter: Option<&str>,
        read: impl Fn(&Own<'_>) -> (Known, Basis, u64),
    ) {
        let market = self.market;
        let Some(past) = &market.own_past else { return };
        for day in market.days.iter().filter(|day| day.traded.is_some()) {
            let Some(own) = past.securities.get(&day.symbol) else { continue };
            if !self.is_asked(measure, day.symbol) {
                continue;
            }
            let (known, basis, estimated) = read(&Own { day, past: own, from: past.from });
            let scope = Scope::Security(day.symbol);
            let judged = u64::from(known.is_ok());
            let draft = Draft {
                key: self.key(measure, parameter, scope.clone()),
                value: known.map_or_else(unknown, |ppb| of_unit(measure.unit, ppb)),
                coverage: Coverage { judged, unjudged: 1 - judged },
                findings: self.of_turnover(estimated, &scope),
                basis,
            };
            self.emit(measure, draft);
        }
    }

    /// The return of each security that is asked for, minus that of its industry.
    fn add_over_industry(&mut self, measure: &Measure) {
        let groups = std::mem::take(&mut self.groups);
        let market = self.market;
        let industries = groups.views.iter().filter(|v| !v.id().is_concept() && !v.id().is_chain());
        for view in industries {
            let held = self.held.of_scope(&view.scope, &self.bands).1;
            let priced = view.totals.count(Mark::Priced);
            let mean = div_half_away(view.totals.sum(Sum::Return), priced.into());
            let inputs = self.inputs.with_groups(measure, view.listed_by(&market.groups), None);
            let days = view.cells.iter().map(|place| &market.days[*place]);
            for day in days.filter(|day| day.traded.is_some()) {
                if !self.is_asked(measure, day.symbol) {
                    continue;
                }
                let over =
                    day.day_return().zip(mean).map(|(Return(ppb), mean)| i128::from(ppb) - mean);
                let derived = view.totals.count(Mark::PrevDerived) > 0;
                let restated = if view.is_of_later { Basis::Restated } else { Basis::Exact };
                let draft = Draft {
                    key: self.key(
                        measure,
                        Some(&view.id().to_string()),
                        Scope::Security(day.symbol),
                    ),
                    value: over.map_or(unknown("no_prev_close"), |ppb| of_unit(measure.unit, ppb)),
                    coverage: Coverage {
                        judged: priced,
                        unjudged: view.totals.count(Mark::Unpriced),
                    },
                    findings: Vec::new(),
                    basis: held
                        .max(restated)
                        .max(derived_basis(derived))
                        .max(partial_basis(view.is_partial)),
                };
                self.emit_with(measure, draft, inputs.clone());
            }
        }
        self.groups = groups;
    }
}
