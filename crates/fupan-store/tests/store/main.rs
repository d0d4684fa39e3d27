//! The store's behaviour, on made-up markets.

mod choose;
mod crash;
mod faults;
mod made;
mod round_trip;
mod sql;
