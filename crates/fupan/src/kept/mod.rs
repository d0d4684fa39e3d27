//! The derived tables: what was computed for every session, stored and read back.

pub(crate) mod backfill;
pub(crate) mod begun;
pub(crate) mod day_rows;
pub(crate) mod fact_rows;
pub(crate) mod facts;
pub(crate) mod freshness;
pub(crate) mod group_rows;
pub(crate) mod session;
