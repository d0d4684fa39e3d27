//! What groups of shares returned in the last sessions, in SQL: steps that only figures of groups
//! over sessions need.

use std::collections::BTreeSet;

use fupan_market::{Definitions, GroupId};

use crate::catalogue::rotation;
use crate::sql::members_of;

/// The sessions that figures of groups look back on, the session itself included.
pub const RECENT_SESSIONS: u32 = rotation::SESSIONS as u32;

/// The sessions of a group's percentiles, the session itself included.
pub const PERCENTILE_SESSIONS: u32 = rotation::PERCENTILE_SESSIONS as u32;

/// The limits and returns of the last sessions, once `bar_day` holds the days. `:rows` is
/// [`LIMITS_OF_RECENT`].
pub const RECENT_DAY: (&str, &str) = ("recent_day", include_str!("limit_day.sql"));

/// The rows of `recent_day`.
pub const LIMITS_OF_RECENT: &str = "session BETWEEN :recent AND :last";

/// Steps over `recent_day` for the groups that are told. The program makes `told_group(subject,
/// kind)` of them: `kind` is `theme` or `industry`, or null for a group without a place among
/// others. `definitions` are those of the store. The program also makes `group_figure(subject, number,
/// priced, returns, turnover)` of the groups' days in the sessions before, as they were kept; each is
/// checked in its own session.
pub fn group_steps<'g>(
    told: impl IntoIterator<Item = &'g GroupId>,
    definitions: &Definitions,
) -> [(&'static str, String); 5] {
    let schemes: BTreeSet<&str> = told.into_iter().map(GroupId::scheme).collect();
    let all = |days: &str| {
        let parts = schemes.iter().enumerate().map(|(part, scheme)| {
            format!(
                "SELECT session, symbol, subject FROM ({}) m{part}",
                members_of(scheme, days, definitions)
            )
        });
        parts.collect::<Vec<_>>().join(" UNION ALL ")
    };
    let over = |sql: &str, days: &str| sql.replace(":members", &all(days));
    [
        ("group_day", over(include_str!("group_day.sql"), "recent_day")),
        ("group_level", include_str!("group_level.sql").to_owned()),
        ("group_own", over(include_str!("group_own.sql"), "security_day")),
        ("group_past", include_str!("group_past.sql").to_owned()),
        ("theme_session", include_str!("theme_session.sql").to_owned()),
    ]
}
