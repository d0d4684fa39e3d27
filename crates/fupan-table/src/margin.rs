//! `margin`: rows to and from Arrow.
