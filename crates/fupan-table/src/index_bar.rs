//! `index_bar`: rows to and from Arrow.
