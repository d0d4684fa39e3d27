//! SQL twins: the same figures by another road.
//!
//! A twin is SQL over the stored tables in DataFusion's dialect, written apart from the Rust road:
//! the exchange rules stand in [`SECURITY_DAY`] a second time, streaks are gaps and islands. A
//! program that has both runs both and compares. The tables are `daily_bar`, `security` and
//! `calendar(session, number)`.

use fupan_fact::{AsOf, FactKey, Scope};
use fupan_market::{Board, Exchange};

use crate::catalogue::catalogue;
use crate::measure::Sql;

/// The query behind the view `security_day`, on which most twins stand.
pub const SECURITY_DAY: &str = include_str!("sql/security_day.sql");

/// A fact's twin: a query with the placeholder `:session`, whose row holds the value as an
/// integer, or `part` and `whole` for a share. `None` where the measure or scope has no twin yet.
pub fn twin(key: &FactKey) -> Option<String> {
    let name = key.measure.name();
    let measure = catalogue().iter().find(|measure| measure.name() == name)?;
    if key.as_of != AsOf::Close {
        return None;
    }
    match measure.sql {
        Sql::Missing => None,
        Sql::Aggregate(aggregate) => {
            let scope = scope_condition(&key.scope)?;
            let aggregate = aggregate.replace(":parameter", key.measure.parameter().unwrap_or(""));
            Some(format!(
                "SELECT {aggregate} FROM security_day WHERE session = :session AND {scope}"
            ))
        }
        Sql::Query(query) => {
            let parameter = key.measure.parameter().unwrap_or_default();
            let query = match &key.scope {
                Scope::Security(symbol) => query.replace(":symbol", &format!("'{symbol}'")),
                scope => query.replace(":scope", scope_condition(scope)?),
            };
            Some(query.replace(":parameter", parameter))
        }
    }
}

/// A scope as a condition on `security_day`; `None` for those that the view does not tell apart.
fn scope_condition(scope: &Scope) -> Option<&'static str> {
    Some(match scope {
        Scope::AllA => "true",
        Scope::SseSzse => "exchange <> 'BJ'",
        Scope::Exchange(Exchange::Sse) => "exchange = 'SH'",
        Scope::Exchange(Exchange::Szse) => "exchange = 'SZ'",
        Scope::Exchange(Exchange::Bse) | Scope::Board(Board::Bse) => "board = 'bse'",
        Scope::Board(Board::Main) => "board = 'main'",
        Scope::Board(Board::ChiNext) => "board = 'chinext'",
        Scope::Board(Board::Star) => "board = 'star'",
        Scope::Band(_) | Scope::Security(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_a_twin_for_its_session_and_scope() {
        let key: FactKey = "limit_up_count/chinext/2026-02-12/close".parse().unwrap();
        assert_eq!(
            twin(&key).unwrap(),
            "SELECT count(*) FILTER (WHERE close = limit_up) FROM security_day \
             WHERE session = :session AND board = 'chinext'"
        );
    }

    /// The measures that only one road leads to. Whoever writes a twin takes a line out here.
    #[test]
    fn measures_without_a_twin_are_known() {
        let missing: Vec<&str> =
            catalogue().iter().filter(|m| m.sql == Sql::Missing).map(|m| m.id).collect();
        assert_eq!(missing.join(" "), WITHOUT_TWIN);
    }

    const WITHOUT_TWIN: &str = "suspended trin median_return cap_weight_return return_dispersion return_p10 \
        return_p90 turnover_prev turnover_change turnover_change_rate turnover_vs_ma5 \
        turnover_vs_ma20 turnover_rank_in_window top5_turnover_share turnover_hhi \
        turnover_effective_n micro_cap_return size_decile_return promotion_suspended:all \
        prior_limit_up_open_premium new_high_250 new_low_250 index_close index_return \
        index_points index_gain_streak index_high_since_sessions index_breadth_gap \
        limit_up_streak limit_up_cluster_days limit_up_cluster_boards last_price \
        security_return turnover_of";
}
