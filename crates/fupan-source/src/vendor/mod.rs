//! What is asked of vendors, and their answers, as values. No socket is opened here: whoever fetches
//! sends a [`Request`] and hands its [`Answer`] back.
//!
//! A [`Conversation`] knows which requests bring a whole dataset, and whether an answer is one: the
//! right page, of the right session, not cut short, not an error in a page's clothes. The answers,
//! kept as files in a folder, are what a recipe imports; so a session can be read again from what a
//! vendor said without asking again.
//!
//! [`datasets`] lists what can be asked for. Each vendor has a module: what its fields are and where
//! that is known from, the rows of an answer, and the conversations. A conversation and a recipe's
//! format read an answer by the same function, so that what is kept can be imported.

mod aktools;
pub(crate) mod answered;
mod dataset;
pub(crate) mod eastmoney;
mod form;
pub(crate) mod layout;
pub(crate) mod objects;
pub(crate) mod page;
pub(crate) mod quotes;
mod request;
mod signing;
pub(crate) mod sina;
pub(crate) mod tencent;
pub(crate) mod tushare;

pub use dataset::{Dataset, Dated, Extent, Naming, Wanted, datasets};
pub use form::{FormField, FormValue, form_data};
pub use page::Moment;
pub use request::{Answer, Body, Conversation, Refused, Request, Secret, SecretPlace};
pub use signing::{Signature, Signing};
pub use tushare::closures::ClosuresOf;
