//! `share_capital`: rows to and from Arrow.
