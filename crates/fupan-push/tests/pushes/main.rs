//! Pushes as the channels get them: the longest brief and hostile texts, in both languages.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod alert_laws;
mod alerts;
mod briefs;
mod channels;
mod checker;
mod conversations;
#[path = "../../../fupan-brief/tests/fixture/mod.rs"]
mod fixture;
mod hostile;
mod mails;
#[path = "../../../fupan-brief/tests/market/mod.rs"]
mod market;
mod said;
mod simulated;
