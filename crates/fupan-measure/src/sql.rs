//! SQL twins: the same figures by another road.
//!
//! A twin is SQL over the stored tables in DataFusion's dialect, written apart from the Rust road:
//! the exchange rules stand in `sql/limit_day.sql` a second time, streaks are gaps and islands.
//! A program that has both runs both and compares. The queries of [`LISTED_SHARE`] and [`STEPS`]
//! are answered first, in order, each becoming a table with its name; twins are asked of those.
//!
//! The tables they stand on are the stored ones, `calendar(session, number)`, and two that the
//! program makes: `window_bar`, the stored daily bars of the window, and after `listed_share`
//! `daily_bar`, those of them that the review chose, with the columns of `listed_share`.
//! Placeholders are `:session` and `:from`, dates, and `:source`, a condition on sources.

use fupan_fact::{AsOf, Band, FactKey, Scope};
use fupan_market::{Board, Exchange};

use crate::catalogue::catalogue;
use crate::measure::Sql;
use crate::shape::Shape;

/// The first step: every A-share with a row in the window.
pub const LISTED_SHARE: (&str, &str) = ("listed_share", include_str!("sql/listed_share.sql"));

/// The steps on which twins stand, once `daily_bar` holds the chosen bars.
pub const STEPS: [(&str, &str); 5] = [
    ("bar_day", include_str!("sql/bar_day.sql")),
    ("limit_day", include_str!("sql/limit_day.sql")),
    ("security_day", include_str!("sql/security_day.sql")),
    ("turnover_day", include_str!("sql/turnover_day.sql")),
    ("index_day", include_str!("sql/index_day.sql")),
];

/// The further step of an instant's twins, over `quote_row`: the session's quotes up to the
/// instant, one row for each, numbered by `place`. For an instant the program also keeps the
/// session's chosen bars as `closing_bar`, and in `daily_bar` what its quotes add up to.
pub const INSTANT_STEPS: [(&str, &str); 1] = [("seal_day", include_str!("sql/seal_day.sql"))];

/// A fact's twin: a query with the placeholder `:session`, whose row holds the value as an
/// integer, or `part` and `whole` for a share. `None` where the measure or scope has no twin yet.
pub fn twin(key: &FactKey) -> Option<String> {
    let name = key.measure.name();
    let measure = catalogue().iter().find(|measure| measure.name() == name)?;
    // At an instant, past turnover is that of the same instant, which no table of bars holds.
    if key.as_of != AsOf::Close && matches!(measure.shape, Shape::Series(_) | Shape::Index(_)) {
        return None;
    }
    match measure.sql {
        Sql::Missing => None,
        Sql::Aggregate(aggregate) => {
            let scope = match &key.scope {
                Scope::Security(symbol) => format!("symbol = '{symbol}'"),
                scope => scope_condition(scope)?.to_owned(),
            };
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

/// A set of shares as a condition on `security_day`, or on `turnover_day`, which knows no bands.
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
        Scope::Band(Band::Ten) => "band = '10'",
        Scope::Band(Band::Twenty) => "band = '20'",
        Scope::Band(Band::Thirty) => "band = '30'",
        Scope::Band(Band::RiskWarning) => "band = 'st'",
        Scope::Security(_) => return None,
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

    #[test]
    fn a_security_has_a_twin_of_its_own_row() {
        let key: FactKey = "turnover_of/600519.SH/2026-02-12/close".parse().unwrap();
        assert_eq!(
            twin(&key).unwrap(),
            "SELECT turnover_or_estimate FROM security_day \
             WHERE session = :session AND symbol = '600519.SH'"
        );
    }

    /// The measures that only one road leads to. Whoever writes a twin takes a line out here.
    #[test]
    fn measures_without_a_twin_are_known() {
        let missing: Vec<&str> =
            catalogue().iter().filter(|m| m.sql == Sql::Missing).map(|m| m.id).collect();
        assert_eq!(missing.join(" "), WITHOUT_TWIN);
    }

    const WITHOUT_TWIN: &str = "new_high_all_time new_low_all_time advance_decline_line \
         net_advances_ema19 net_advances_ema39 mcclellan_oscillator mcclellan_summation \
         advance_share_ema10 breadth_thrust_sessions turnover_high_since_sessions percentile_250 \
         percentile_1250";
}
