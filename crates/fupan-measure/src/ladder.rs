//! Stub.
use crate::measure::Measure;
pub(crate) const MEASURES: &[Measure] = &[];
