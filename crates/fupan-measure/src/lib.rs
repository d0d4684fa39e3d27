//! The catalogue of measures: a session in, facts out.
