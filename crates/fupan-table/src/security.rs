//! `security`: rows to and from Arrow.
