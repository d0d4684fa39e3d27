//! The review: imports, sessions, facts and briefs, joined.
