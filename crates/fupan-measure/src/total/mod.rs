//! What securities' days add up to, integers all: cells into totals, and the values read off them.

pub(crate) mod arithmetic;
pub(crate) mod cell;
pub(crate) mod segment;
pub(crate) mod sorted;
pub(crate) mod totals;
pub(crate) mod value;
