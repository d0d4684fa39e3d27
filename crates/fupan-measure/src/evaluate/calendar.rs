//! Where a session lies in the exchanges' calendar.

use fupan_fact::{Basis, Coverage, Scope, Value};
use fupan_market::{Calendar, CalendarPeriod};

use crate::catalogue::calendar::BEFORE_BREAK;
use crate::evaluate::{Draft, Evaluation};
use crate::measure::Measure;
use crate::measure::figure::CalendarFigure;
use crate::total::value::{of_unit, unknown};

/// The figures of a session in the calendar: a parameter, and a number or `None` where the calendar
/// ends before it is decided.
type Readings = Vec<(Option<&'static str>, Option<u32>)>;

impl CalendarFigure {
    fn read(self, calendar: &Calendar, number: u32) -> Readings {
        let of_periods = |holds: &dyn Fn(CalendarPeriod) -> Option<bool>| {
            let reading =
                |period: CalendarPeriod| (Some(period.id()), holds(period).map(u32::from));
            CalendarPeriod::ALL.map(reading).to_vec()
        };
        match self {
            CalendarFigure::FirstOf => of_periods(&|period| calendar.begins(period, number)),
            CalendarFigure::LastOf => of_periods(&|period| calendar.ends(period, number)),
            CalendarFigure::SessionsBeforeBreak => {
                let left = |ahead| {
                    Some((Some(calendar.break_after(number + ahead)?.id()), Some(ahead + 1)))
                };
                let is_known = calendar.session(number + BEFORE_BREAK).is_some();
                let unknown = (!is_known).then_some((None, None));
                (0..BEFORE_BREAK).find_map(left).or(unknown).into_iter().collect()
            }
            CalendarFigure::FirstAfterBreak => {
                let holiday = number.checked_sub(1).and_then(|last| calendar.break_after(last));
                holiday.map(|holiday| (Some(holiday.id()), Some(1))).into_iter().collect()
            }
        }
    }
}

impl Evaluation<'_> {
    pub(super) fn add_calendar(&mut self, measure: &Measure, figure: CalendarFigure) {
        let calendar = self.rulebook.calendar();
        let Ok(number) = calendar.number(self.market.session) else { return };
        for (parameter, known) in figure.read(calendar, number) {
            let value: Value = known.map_or_else(
                || unknown("calendar_ends"),
                |number| of_unit(measure.unit, number.into()),
            );
            let judged = u64::from(known.is_some());
            let draft = Draft {
                key: self.key(measure, parameter, Scope::AllA),
                value,
                coverage: Coverage { judged, unjudged: 1 - judged },
                findings: Vec::new(),
                basis: Basis::Exact,
            };
            self.emit(measure, draft);
        }
    }
}
