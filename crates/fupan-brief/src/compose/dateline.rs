//! The dateline: the session, the instant, and the long break that the session is next to.

use fupan_fact::AsOf;
use fupan_market::{BreakPlace, Holiday, LongBreak};

use crate::document::{Inline, Inlines};
use crate::text::Args;
use crate::view::View;

/// The date of the session with its instant, and whether a long break comes next or has just ended.
pub(super) fn dateline(view: &View<'_>) -> Inlines {
    let id = match view.as_of {
        AsOf::Close => "dateline-close",
        AsOf::Instant(_) => "dateline-instant",
    };
    let args = Args::new(view.facts)
        .run("date", vec![Inline::Date(view.facts.session)])
        .run("time", vec![Inline::Instant(view.as_of)]);
    let mut dateline = view.text.say(id, &args);
    if let Some(LongBreak { place, holiday }) = view.facts.long_break {
        let args = Args::new(view.facts)
            .choice("place", of_place(place))
            .choice("holiday", of_holiday(holiday));
        dateline.extend(view.text.say("dateline-break", &args));
    }
    dateline
}

fn of_place(place: BreakPlace) -> &'static str {
    match place {
        BreakPlace::Last => "last",
        BreakPlace::LastButOne => "last_but_one",
        BreakPlace::First => "first",
    }
}

fn of_holiday(holiday: Holiday) -> &'static str {
    match holiday {
        Holiday::LunarNewYear => "lunar_new_year",
        Holiday::LabourDay => "labour_day",
        Holiday::NationalDay => "national_day",
    }
}
