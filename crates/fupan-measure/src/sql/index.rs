//! Queries about indices whose rows depend on what is asked for: a session, or a classification.

use fupan_market::SessionDate;

use crate::sql::members;

/// Each index's row of a session next to that of an earlier one.
pub(super) fn since(since: SessionDate, columns: &str) -> String {
    format!(
        "SELECT session, subject, {columns} FROM (\
           SELECT t.session, t.symbol AS subject, CASE WHEN p.close > 0 \
             THEN CAST(round((t.close - p.close) * 1e9 / p.close) AS BIGINT) END AS ret_since \
           FROM index_day t \
           LEFT JOIN index_day p ON p.symbol = t.symbol AND p.session = DATE '{since}' \
           WHERE t.session > DATE '{since}') d"
    )
}

/// What the groups of a classification did to indices: a row a group. Nothing is said of a group none
/// of whose members traded.
pub(super) fn of_groups(scheme: &str, columns: &str) -> String {
    format!(
        "SELECT session, subject, {columns} FROM ({}) g \
         WHERE subject IS NOT NULL AND trades GROUP BY session, subject",
        group_points(scheme)
    )
}

/// The same with a row an index, over its groups and its members in none.
pub(super) fn of_indices(scheme: &str, columns: &str) -> String {
    format!(
        "SELECT session, index_symbol AS subject, {columns} FROM ({}) g \
         GROUP BY session, index_symbol",
        group_points(scheme)
    )
}

/// What each group of a classification, and the members in none, did to each index in each session.
fn group_points(scheme: &str) -> String {
    let admits = format!("p.scheme = '{}'", scheme.replace('\'', "''"));
    let days = "(SELECT DISTINCT session, symbol FROM contribution_day)";
    include_str!("group_points.sql").trim_end().replace(":members", &members(days, &admits))
}
