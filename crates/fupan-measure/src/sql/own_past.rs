//! What single securities did over several sessions, in SQL: steps that only such figures need.

use crate::catalogue::own_past::SESSIONS;

/// The sessions before one that figures of a security look back on, if the year has not more.
pub const OWN_SESSIONS: u32 = SESSIONS;

/// Steps over `recent_day`, which must hold [`OWN_SESSIONS`] sessions before the last one and those
/// of its year, and the sessions since `:since`. They are for one session.
pub const OWN_STEPS: [(&str, &str); 4] = [
    ("own_span", include_str!("own_span.sql")),
    ("own_day", include_str!("own_day.sql")),
    ("own_level", include_str!("own_level.sql")),
    ("own_past", include_str!("own_past.sql")),
];
