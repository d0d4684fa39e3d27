//! The store's behaviour, on made-up markets.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod choose;
mod crash;
mod derive;
mod doctor;
mod faults;
mod index_quotes;
mod index_weights;
mod made;
mod mend;
mod quotes;
mod round_trip;
mod sql;
