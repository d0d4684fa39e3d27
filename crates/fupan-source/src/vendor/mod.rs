//! What is asked of vendors, and their answers, as values. No socket is opened here: whoever fetches
//! sends a [`Request`] and hands its [`Answer`] back.
//!
//! A [`Conversation`] knows which requests bring a whole dataset, and whether an answer is one: the
//! right page, of the right session, not cut short, not an error in a page's clothes. The answers,
//! kept as files in a folder, are what a recipe imports; so a session can be read again from what a
//! vendor said without asking again.

mod form;
mod request;
mod signing;

pub use form::{FormField, FormValue, form_data};
pub use request::{Answer, Body, Conversation, Refused, Request, Secret, SecretPlace};
pub use signing::{Signature, Signing};
