//! Judges what a text states by facts.
//!
//! A statement asks for one or several figures, of which any may be the one that the text means: turnover
//! of two exchanges or of three. If one fits, the statement is supported, and says which. If none does,
//! it is contradicted by the first. What facts do not cover is not checkable.

mod holds;
mod meant;
mod measures;
mod tolerance;

use fupan_fact::{Fact, FactKey, MeasureId, Scope};
use fupan_market::{Calendar, Return, SessionDate, Symbol, Wording};

pub use self::meant::base_of;
use crate::report::{ClaimValue, Verdict};
use crate::stated::{Ask, Stated, StatedValue};

/// Where figures come from.
pub trait FactBook {
    /// The session that the text is about.
    fn session(&self) -> SessionDate;
    /// The sessions there are.
    fn calendar(&self) -> &Calendar;
    /// A figure at the close of a session; `None` if there is none.
    fn fact(&mut self, measure: &MeasureId, scope: &Scope, session: SessionDate) -> Option<Fact>;
    /// The returns of an index over the sessions before and up to the text's, the latest last.
    fn returns(&mut self, index: Symbol) -> &[(SessionDate, Return)];
    /// What a figure is, for people: “Index return, ChiNext”.
    fn named(&mut self, key: &FactKey) -> Wording;
    /// Whether the data have the shares of Beijing in the session.
    fn has_beijing(&mut self) -> bool;
}

/// A verdict with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether facts support it.
    pub verdict: Verdict,
    /// What qualifies it.
    pub note: Wording,
    /// What the fact says, if it says something else.
    pub right: Option<ClaimValue>,
    /// The fact by which it was judged.
    pub fact: Option<FactKey>,
    /// Why, for people.
    pub why: Wording,
}

impl Judged {
    /// Nothing decides, for a reason.
    pub(crate) fn unknown(why: Wording) -> Judged {
        Judged {
            verdict: Verdict::NotCheckable,
            note: Wording::none(),
            right: None,
            fact: None,
            why,
        }
    }
}

/// Judges a statement.
pub fn judge(stated: &Stated, book: &mut dyn FactBook) -> Judged {
    let session = match stated.day_before {
        false => book.session(),
        true => match book.calendar().back(book.session(), 1) {
            Ok(Some(before)) => before,
            _ => return Judged::unknown(holds::no_session()),
        },
    };
    if let Ask::Unjudged(_, _, why) = &stated.ask {
        return Judged::unknown(holds::no_fact(*why));
    }
    if stated.half_day && !matches!(stated.ask, Ask::Calendar(_)) {
        return Judged::unknown(holds::no_quotes());
    }
    match stated.value {
        StatedValue::Holds(says) => holds::judge(stated, says, session, book),
        StatedValue::Number { value, step } => {
            measures::judge(stated, (value, step), session, book)
        }
    }
}
