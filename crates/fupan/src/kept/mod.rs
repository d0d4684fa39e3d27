//! The derived tables: what was worked out of every session, kept, and read back.

pub(crate) mod backfill;
pub(crate) mod begun;
pub(crate) mod day_rows;
pub(crate) mod fact_rows;
pub(crate) mod facts;
pub(crate) mod freshness;
pub(crate) mod session;
