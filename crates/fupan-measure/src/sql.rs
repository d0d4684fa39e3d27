//! SQL twins.
