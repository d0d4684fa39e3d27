//! Facts: keyed values with their provenance.
//!
//! A [`Fact`] is one figure about one session. Its [`FactKey`] says *which* figure it is, its
//! [`Value`] *what* it is, and its [`Provenance`] *why it can be believed*. A brief and a check see
//! only facts, so every number printed is a fact.

mod fact;
mod key;
pub mod number;
mod reason;
mod set;
mod value;
pub mod word;

pub use fact::{Basis, Coverage, Fact, InputRef, Provenance};
pub use key::{AsOf, BandClass, FactKey, KeyError, MeasureId, Scope, ScopeError};
pub use reason::{is_worded, reason};
pub use set::{FactSet, LARGE_COMPANY, MeasureText, Name, SessionNote, ThemeList};
pub use value::{Unit, Value};
pub use word::{WORDS, Word};
