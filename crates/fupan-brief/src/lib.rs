//! Composes a brief from facts and exports it.
