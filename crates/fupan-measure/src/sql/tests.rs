use super::*;

#[test]
fn figures_of_a_scope_are_read_off_one_row_a_session() {
    let key: FactKey = "limit_up_count/chinext/2026-02-12/close".parse().unwrap();
    let Twin { rows, columns } = twin(&key).unwrap();
    assert_eq!(
        rows.query(&columns, &Definitions::default()),
        "SELECT session, 'chinext' AS subject, \
         CASE WHEN count(*) FILTER (WHERE limit_kind = 'limited') > 0 OR \
         count(*) FILTER (WHERE limit_kind = 'unknown') = 0 \
         THEN count(*) FILTER (WHERE close = limit_up) END \
         FROM security_day WHERE board = 'chinext' GROUP BY session"
    );
}

#[test]
fn a_twin_looks_back_as_far_as_its_columns() {
    let of = |measure: &str| {
        let key = format!("{measure}/all-a/2026-02-12/close");
        twin(&key.parse().unwrap()).unwrap().looks_back()
    };
    for measure in ["advances", "max_streak", "promotion_rate:all", "turnover", "suspended"] {
        assert_eq!(of(measure), LooksBack::Lately, "{measure}");
    }
    for measure in ["new_high_250", "intraday_new_low_52w", "above_ma20", "turnover_prev"] {
        assert_eq!(of(measure), LooksBack::Window, "{measure}");
    }
    let ever = |name: &str| LooksBack::Ever(format!("{name} IS DISTINCT FROM false"));
    assert_eq!(of("new_high_all_time"), ever("new_high"));
    // Closes decide who is judged.
    let LooksBack::Ever(condition) = of("intraday_new_low_all_time") else {
        panic!("a figure of all time")
    };
    assert!(condition.contains("intraday_low IS DISTINCT FROM false OR new_high IS"));
}

#[test]
fn a_parameter_stands_in_the_expression() {
    let key: FactKey = "return_bin:up-5-7/all-a/2026-02-12/close".parse().unwrap();
    let twin = twin(&key).unwrap();
    assert!(twin.columns[0].contains("count(*) FILTER (WHERE return_bin = 'up-5-7')"));
}

#[test]
fn a_security_has_a_twin_of_its_own_row() {
    let key: FactKey = "turnover_of/600519.SH/2026-02-12/close".parse().unwrap();
    let twin = twin(&key).unwrap();
    assert_eq!(
        (twin.rows, &*twin.columns[0]),
        (TwinRows::Security(Asked::No), "turnover_or_estimate")
    );
}

#[test]
fn a_group_has_the_twin_of_its_shares() {
    let of = |key: &str| twin(&key.parse().unwrap());
    let Twin { rows, columns } = of("turnover_share/sw1.801080/2026-02-12/close").unwrap();
    assert_eq!(rows, TwinRows::Group("sw1".to_owned()));
    assert_eq!(columns, ["sum(turnover_or_estimate)", "max(market_turnover)"]);
    assert!(rows.query(&columns, &Definitions::default()).contains("WHERE p.scheme = 'sw1'"));
    let limit_ups = of("limit_up_count/sw1.801080/2026-02-12/close").unwrap();
    assert!(limit_ups.columns[0].contains("limit_kind = 'unknown'"));
    assert!(of("median_return/sw1.801080/2026-02-12/close").is_none());
    assert!(of("trin/sw1.801080/2026-02-12/close").is_none());
}

#[test]
fn a_parameter_may_be_a_measure() {
    let text = "percentile_250:promotion_rate:all/all-a/2026-02-12/close";
    let key: FactKey = text.parse().unwrap();
    assert_eq!(key.to_string(), text);
    let twin = twin(&key).unwrap();
    assert_eq!(twin.columns[0], "max(part_250) FILTER (WHERE measure = 'promotion_rate:all')");
}

#[test]
fn an_instant_has_no_twin_of_what_stands_on_whole_sessions() {
    let of = |key: &str| twin(&key.parse().unwrap());
    assert!(of("turnover_prev/all-a/2026-02-12/11:30").is_none());
    assert!(of("turnover_prev/all-a/2026-02-12/close").is_some());
    assert!(of("advances/all-a/2026-02-12/11:30").is_some());
}

#[test]
fn each_set_of_shares_is_a_condition_of_its_own() {
    for (scope, condition) in [
        ("all-a", "true"),
        ("sse-szse", "exchange <> 'BJ'"),
        ("sse", "exchange = 'SH'"),
        ("szse", "exchange = 'SZ'"),
        ("bse", "board = 'bse'"),
        ("bse-board", "board = 'bse'"),
        ("main", "board = 'main'"),
        ("chinext", "board = 'chinext'"),
        ("star", "board = 'star'"),
        ("band-10", "band = '10'"),
        ("band-20", "band = '20'"),
        ("band-30", "band = '30'"),
        ("band-st", "band = 'st'"),
    ] {
        let key: FactKey = format!("advances/{scope}/2026-02-12/close").parse().unwrap();
        let Twin { rows, columns } = twin(&key).unwrap();
        let query = rows.query(&columns, &Definitions::default());
        assert!(query.ends_with(&format!(" WHERE {condition} GROUP BY session")), "{query}");
        assert!(query.starts_with(&format!("SELECT session, '{scope}' AS subject, ")), "{query}");
        let ranked = TwinRows::Ranked(key.scope).query(&columns, &Definitions::default());
        assert!(ranked.ends_with(&format!("WHERE {condition}) r GROUP BY session")), "{ranked}");
    }
}

#[test]
fn each_kind_of_rows_is_read_off_its_own_table() {
    let scope = || Scope::AllA;
    for (rows, table, are_of) in [
        (TwinRows::Scope(scope()), "FROM security_day WHERE true", [false, true]),
        (TwinRows::Ranked(scope()), "FROM (SELECT session, ret, ", [false, true]),
        (TwinRows::Group("sw1".to_owned()), "JOIN group_span p ", [false, false]),
        (TwinRows::Turnover, "scope AS subject, x FROM turnover_series", [false, false]),
        (
            TwinRows::Security(Asked::No),
            "symbol AS subject, x FROM security_day WHERE high",
            [true, false],
        ),
        (TwinRows::Security(Asked::Yes), "symbol AS subject, x FROM security_day", [false, false]),
        (TwinRows::Rank, "symbol AS subject, x FROM (", [false, false]),
        (TwinRows::Fund, "symbol AS subject, x FROM fund_day", [false, false]),
        (TwinRows::GroupPast, "subject, x FROM group_past", [false, false]),
        (TwinRows::Themes, "'all-a' AS subject, x FROM theme_session", [false, false]),
        (TwinRows::Index, "symbol AS subject, x FROM index_session", [true, false]),
        (
            TwinRows::Contribution(Asked::No),
            "symbol AS subject, x FROM contribution_day WHERE moved_most",
            [true, false],
        ),
        (
            TwinRows::Contribution(Asked::Yes),
            "symbol AS subject, x FROM contribution_day",
            [false, false],
        ),
        (TwinRows::Across, "'all-a' AS subject, x FROM across_day GROUP BY", [false, false]),
        (TwinRows::Intraday("seal_day"), "symbol AS subject, x FROM seal_day", [true, false]),
        (TwinRows::Quoted, "'all-a' AS subject, x FROM quoted_day", [false, false]),
    ] {
        let query = rows.query(&["x".to_owned()], &Definitions::default());
        assert!(query.contains(table), "{rows:?}: {query}");
        let [of_subjects, of_populations] = are_of;
        assert_eq!(rows.are_of_subjects(), of_subjects, "{rows:?}");
        assert_eq!(rows.are_of_populations(), of_populations, "{rows:?}");
    }
}

/// The rows of a measure are those that its declaration names; a parameter that is fixed finds
/// its own declaration only.
#[test]
fn a_measure_is_read_off_the_rows_that_it_names() {
    let of = |measure: &str, scope: &str| {
        let key = format!("{measure}/{scope}/2026-02-12/close");
        twin(&key.parse().unwrap()).map(|twin| (twin.rows, twin.columns.len()))
    };
    let all = || Scope::AllA;
    for (measure, scope, expected) in [
        ("advance_share", "all-a", (TwinRows::Scope(all()), 2)),
        ("median_return", "all-a", (TwinRows::Ranked(all()), 1)),
        ("top5_turnover_share", "all-a", (TwinRows::Ranked(all()), 2)),
        ("turnover_prev", "all-a", (TwinRows::Turnover, 1)),
        ("index_close", "000001.SH", (TwinRows::Index, 1)),
        ("theme_rank_5", "sw1.801080", (TwinRows::GroupPast, 1)),
        ("theme_rotation_1", "all-a", (TwinRows::Themes, 1)),
        ("index_contribution:000001.SH", "600000.SH", (TwinRows::Contribution(Asked::No), 1)),
        ("last_price", "600000.SH", (TwinRows::Security(Asked::No), 1)),
        ("turnover_rate", "600000.SH", (TwinRows::Security(Asked::Yes), 2)),
        ("turnover_rank_of", "600000.SH", (TwinRows::Rank, 1)),
        ("fund_return", "510300.SH", (TwinRows::Fund, 1)),
        ("advance_decline_line", "all-a", (TwinRows::Across, 1)),
        ("percentile_250:advances", "all-a", (TwinRows::Across, 2)),
        ("first_seal_time", "600000.SH", (TwinRows::Intraday("seal_day"), 1)),
        ("quoted_count", "all-a", (TwinRows::Quoted, 1)),
        ("quoted_turnover_share", "all-a", (TwinRows::Quoted, 2)),
    ] {
        assert_eq!(of(measure, scope), Some(expected), "{measure}");
    }
    assert_eq!(of("index_contribution:000016.SH", "600000.SH"), None);
    assert_eq!(of("no_such_measure", "all-a"), None);
    assert_eq!(of("group_return_5", "all-a"), None);
    assert_eq!(of("theme_dispersion", "sw1.801080"), None);
    assert_eq!(of("advances", "600000.SH"), None);
}
