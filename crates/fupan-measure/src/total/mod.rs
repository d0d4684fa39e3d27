//! What securities' days add up to, all in integers: cells, totals, and the values read from them.

pub(crate) mod arithmetic;
pub(crate) mod cell;
pub(crate) mod segment;
pub(crate) mod sorted;
pub(crate) mod totals;
pub(crate) mod value;
