//! Facts: keyed values with their provenance.
//!
//! A [`Fact`] is one figure about one session: *which* figure is its [`FactKey`], *what* it is its
//! [`Value`], and *why it can be believed* its [`Provenance`]. A brief and a check see facts and
//! nothing else, so no number can be printed that is not one.

mod fact;
mod key;
pub mod number;
mod reason;
mod set;
mod value;

pub use fact::{Basis, Coverage, Fact, InputRef, Provenance};
pub use key::{AsOf, Band, FactKey, KeyError, MeasureId, Scope, ScopeError};
pub use reason::{is_worded, reason};
pub use set::{FactSet, MeasureText, Name, SessionNote};
pub use value::{Unit, Value};
