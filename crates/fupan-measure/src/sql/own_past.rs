//! What single securities did over several sessions, in SQL: steps that only such figures need.

use crate::catalogue::own_past::SESSIONS;
use crate::sql::members;

/// The sessions before one that figures of a security look back on, if the year has not more.
pub const OWN_SESSIONS: u32 = SESSIONS;

/// Steps over `recent_day`, which must hold [`OWN_SESSIONS`] sessions before the last one and those
/// of its year, and the sessions after `:since`. They are for one session.
pub const OWN_STEPS: [(&str, &str); 4] = [
    ("own_span", include_str!("own_span.sql")),
    ("own_day", include_str!("own_day.sql")),
    ("own_level", include_str!("own_level.sql")),
    ("own_past", include_str!("own_past.sql")),
];

/// The query for columns of `d`, a security's row of `security_day`, and `m`, the mean of its group
/// in a classification.
pub(super) fn over_group(scheme: &str, columns: &str) -> String {
    let members = members("security_day", &format!("p.scheme = '{}'", scheme.replace('\'', "''")));
    format!(
        "WITH g AS ({members}), \
         m AS (SELECT g.session, g.subject, CAST(round(avg(d.ret)) AS BIGINT) AS ret \
           FROM g JOIN security_day d ON d.session = g.session AND d.symbol = g.symbol \
           GROUP BY g.session, g.subject) \
         SELECT d.session, d.symbol AS subject, {columns} FROM security_day d \
         JOIN g ON g.session = d.session AND g.symbol = d.symbol \
         JOIN m ON m.session = g.session AND m.subject = g.subject"
    )
}
