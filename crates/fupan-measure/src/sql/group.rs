//! What groups of shares returned in the last sessions, in SQL: steps that only figures of groups
//! over sessions need.

use std::collections::BTreeSet;

use fupan_market::{Definitions, GroupId};

use crate::catalogue::rotation::SESSIONS;
use crate::sql::{chain, members};

/// The sessions that figures of groups look back on, the session itself included.
pub const RECENT_SESSIONS: u32 = SESSIONS as u32;

/// The limits and returns of the last sessions, once `bar_day` holds the days. `:rows` is
/// [`LIMITS_OF_RECENT`].
pub const RECENT_DAY: (&str, &str) = ("recent_day", include_str!("limit_day.sql"));

/// The rows of `recent_day`.
pub const LIMITS_OF_RECENT: &str = "session BETWEEN :recent AND :last";

/// Steps over `recent_day` for the groups that are told. The program makes `told_group(subject,
/// kind)` of them: `kind` is `theme` or `industry`, or null for a group without a place among
/// others. `definitions` are those of the store.
pub fn group_steps<'g>(
    told: impl IntoIterator<Item = &'g GroupId>,
    definitions: &Definitions,
) -> [(&'static str, String); 4] {
    let schemes: BTreeSet<&str> = told.into_iter().map(GroupId::scheme).collect();
    let of_scheme = |scheme: &str| match definitions.chain(scheme) {
        Some(of) => chain::members(of, "recent_day"),
        None => members("recent_day", &format!("p.scheme = '{}'", scheme.replace('\'', "''"))),
    };
    let parts = schemes.into_iter().enumerate().map(|(part, scheme)| {
        format!("SELECT session, symbol, subject FROM ({}) m{part}", of_scheme(scheme))
    });
    let all = parts.collect::<Vec<_>>().join(" UNION ALL ");
    [
        ("group_day", include_str!("group_day.sql").replace(":members", &all)),
        ("group_level", include_str!("group_level.sql").to_owned()),
        ("group_past", include_str!("group_past.sql").to_owned()),
        ("theme_session", include_str!("theme_session.sql").to_owned()),
    ]
}
