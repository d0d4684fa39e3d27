-- Every A-share listed in each of the requested sessions, with the results of its past and its
-- share capital. Suspended ones have a volume of zero and no prices.

-- Share capital as of the last date on or before a session, else the first after it.
WITH capital_on AS (
  SELECT symbol, observed_on, total_shares, float_shares,
         row_number() OVER (
           PARTITION BY symbol, observed_on ORDER BY source, import_id) AS copy
  FROM share_capital
),
capital AS (
  SELECT symbol, total_shares, float_shares,
         CASE WHEN lag(observed_on) OVER w IS NULL THEN DATE '1900-01-01' ELSE observed_on END
           AS since,
         coalesce(lead(observed_on) OVER w, DATE '9999-12-31') AS until
  FROM capital_on
  WHERE copy = 1
  WINDOW w AS (PARTITION BY symbol ORDER BY observed_on)
),
-- Sessions between two traded ones, in which a security may be suspended.
gap AS (
  SELECT t.symbol, t.exchange, t.board, t.number AS last_number, t.place, c.session, c.number,
         t.close AS last_close,
         coalesce(t.listed_on, CASE WHEN t.first_seen > d.known_from
           AND NOT (t.board = 'bse' AND t.first_seen = DATE '2025-10-09') THEN t.first_seen END)
           AS first_on
  FROM linked_day t
  JOIN listed_share d ON d.symbol = t.symbol
  JOIN calendar c ON c.number > t.number AND c.number < coalesce(t.next_number, t.number + 251)
       AND c.number <= t.number + 250 AND c.session BETWEEN :first AND :last
  WHERE t.next_number IS NULL OR t.next_number > t.number + 1
),
-- The last row without trade up to each of those sessions. One before the security's last trade
-- does not count.
row_seen AS (
  SELECT symbol, number, CAST(NULL AS DATE) AS gap_session, number AS row_number
  FROM (SELECT b.symbol, c.number
        FROM daily_bar b JOIN calendar c ON c.session = b.session
        WHERE :part AND NOT coalesce(b.volume > 0 AND b.open IS NOT NULL AND b.high IS NOT NULL
          AND b.low IS NOT NULL AND b.close IS NOT NULL, false)
          AND c.number >= (SELECT min(number) FROM calendar WHERE session >= :first) - 250) idle
  UNION ALL
  SELECT symbol, number, session, NULL FROM gap
),
last_row AS (
  SELECT symbol, number, gap_session, max(row_number) OVER (
           PARTITION BY symbol ORDER BY number RANGE UNBOUNDED PRECEDING) AS row_number
  FROM row_seen
),
entry AS (
  SELECT f.first_on, min(c.number) AS number
  FROM (SELECT DISTINCT first_on FROM gap WHERE first_on IS NOT NULL) f
  JOIN calendar c ON c.session >= f.first_on
  GROUP BY f.first_on
),
-- The last session since a security's last trade that its exchange's data lack, or whose row may be
-- lost.
lost_since AS (
  SELECT g.symbol, g.number, max(o.number) AS last_lost
  FROM gap g
  JOIN lost_bar o ON o.symbol = g.symbol AND o.number < g.number AND o.number > g.last_number
  GROUP BY g.symbol, g.number
),
lacking AS (
  SELECT g.symbol, g.number,
         CASE WHEN o.last_lost > coalesce(h.last_hole, -1) THEN o.last_lost ELSE h.last_hole END
           AS last_hole
  FROM gap g
  JOIN hole_session h ON h.exchange = g.exchange AND h.number = g.number
  LEFT JOIN lost_since o ON o.symbol = g.symbol AND o.number = g.number
),
suspended AS (
  SELECT g.session, g.symbol, g.exchange, g.board, g.number - g.last_number - 1 AS gap_sessions,
         CASE WHEN h.last_hole > g.last_number THEN NULL
              WHEN u.place IS NULL THEN 0 ELSE u.streak END AS last_streak,
         CASE WHEN h.last_hole > g.last_number THEN 0 ELSE coalesce(u.at_least, 0) END
           AS last_at_least,
         coalesce(h.last_hole = g.number - 1, false) AS prev_missing,
         g.number = g.last_number + 1 AND coalesce(r.row_number <> g.number, true) AS absent,
         g.exchange = 'SH' AND CASE
             WHEN g.session >= DATE '2020-07-22' THEN NOT coalesce(n.warned, m.warned, false)
               AND coalesce(g.session >= g.first_on + INTERVAL '1' YEAR, true)
             ELSE g.board = 'main' AND coalesce(g.number - e.number >= 10, true) END AS composite,
         CAST(s.float_shares AS DECIMAL(19, 0))
           * CAST(coalesce(i.prev_close, CASE WHEN h.last_hole > g.last_number THEN NULL
               ELSE g.last_close END) AS DECIMAL(19, 0)) AS idle_cap
  FROM gap g
  LEFT JOIN entry e ON e.first_on = g.first_on
  LEFT JOIN name_span n ON n.symbol = g.symbol AND CAST(g.session AS INT) >= n.since
       AND (n.until IS NULL OR CAST(g.session AS INT) < n.until)
  LEFT JOIN name_span m ON m.symbol = g.symbol AND m.place = 1 AND CAST(g.session AS INT) < m.since
  LEFT JOIN capital s ON s.symbol = g.symbol AND g.session >= s.since AND g.session < s.until
  LEFT JOIN daily_bar i ON i.symbol = g.symbol AND i.session = g.session
       AND i.session BETWEEN :first AND :last
  JOIN last_row r ON r.symbol = g.symbol AND r.gap_session = g.session
  JOIN listed_share d ON d.symbol = g.symbol
  JOIN lacking h ON h.symbol = g.symbol AND h.number = g.number
  LEFT JOIN streak_run u ON u.symbol = g.symbol AND u.place = g.place
  WHERE (d.delisted_on IS NULL OR d.delisted_on >= g.session)
    -- A row of the session itself counts, or one of the twenty sessions before.
    AND (d.delisted_on IS NOT NULL
         OR g.number - greatest(coalesce(r.row_number, 0), g.last_number) <= 20)
    AND EXISTS (SELECT 1 FROM turnover_day o
                WHERE o.session = g.session AND o.exchange = g.exchange
                  AND o.session BETWEEN :first AND :last)
),
traded AS (
  SELECT t.*,
         CASE WHEN u.place IS NULL THEN 0 ELSE u.streak END AS streak,
         coalesce(u.at_least, 0) AS streak_at_least,
         CASE WHEN t.segment_place = 1 THEN CASE WHEN t.is_new THEN 0 END
              WHEN v.place IS NULL THEN 0 ELSE v.streak END AS carried_streak,
         CASE WHEN t.segment_place = 1 THEN 0 ELSE coalesce(v.at_least, 0) END
           AS carried_at_least,
         coalesce(t.missing = t.number - 1, false) AS prev_missing,
         c.days AS cluster_days, c.boards AS cluster_boards,
         s.total_shares, s.float_shares,
         CAST(s.total_shares AS DECIMAL(19, 0)) * CAST(t.prev_close AS DECIMAL(19, 0))
           AS total_cap,
         CAST(s.float_shares AS DECIMAL(19, 0)) * CAST(t.prev_close AS DECIMAL(19, 0))
           AS float_cap,
         CAST(s.float_shares AS DECIMAL(19, 0)) * CAST(t.close - t.prev_close AS DECIMAL(19, 0))
           AS float_change
  FROM limit_day t
  LEFT JOIN streak_run u ON u.symbol = t.symbol AND u.place = t.place
  LEFT JOIN streak_run v ON v.symbol = t.symbol AND v.place = t.place - 1
  LEFT JOIN seal_cluster c ON c.symbol = t.symbol AND c.place = t.place
  LEFT JOIN capital s ON s.symbol = t.symbol AND t.session >= s.since AND t.session < s.until
  WHERE t.session >= :first
)
-- Listed under the code of the session.
SELECT session, coalesce(p.code, symbol) AS symbol, exchange, board, open, high, low, close, prev_close, volume,
       turnover_or_estimate, limit_kind, limit_up, limit_down, sealed, streak, carried_streak,
       streak_at_least, carried_at_least, prev_missing, false AS absent, gap_sessions, ret, open_ret, warned,
       CASE WHEN warned THEN 'st' ELSE CAST(band AS VARCHAR) END AS band,
       CASE WHEN ret IS NULL THEN NULL
            WHEN close = limit_up THEN 'up-limit' WHEN close = limit_down THEN 'down-limit'
            WHEN ret > 70000000 THEN 'up-over-7' WHEN ret > 50000000 THEN 'up-5-7'
            WHEN ret > 30000000 THEN 'up-3-5' WHEN ret > 10000000 THEN 'up-1-3'
            WHEN ret > 0 THEN 'up-0-1' WHEN ret = 0 THEN 'flat'
            WHEN ret >= -10000000 THEN 'down-0-1' WHEN ret >= -30000000 THEN 'down-1-3'
            WHEN ret >= -50000000 THEN 'down-3-5'
            WHEN ret >= -70000000 THEN 'down-5-7' ELSE 'down-over-7' END AS return_bin,
       -- Neither under risk warning nor in its delisting period nor without a limit.
       NOT warned AND NOT delisting AND limit_kind <> 'unlimited' AS calm,
       NOT nameless AND ret IS NOT NULL AND total_cap IS NOT NULL AS sized,
       new_high, new_low, new_high_52w, new_low_52w, new_high_ever, new_low_ever,
       intraday_high, intraday_low, intraday_high_52w, intraday_low_52w, intraday_high_ever,
       intraday_low_ever,
       above_ma20, above_ma50, above_ma200, cluster_days, cluster_boards, total_cap, float_cap,
       total_shares, float_shares,
       -- Whether the SSE Composite includes it, and its capitalisation there with the change.
       exchange = 'SH' AND CASE
           WHEN session >= DATE '2020-07-22' THEN NOT warned
             AND coalesce(session >= first_on + INTERVAL '1' YEAR, true)
           ELSE board = 'main' AND coalesce(number - first_number >= 10, true) END AS composite,
       float_cap AS composite_cap, float_change AS composite_change
FROM traded
LEFT JOIN code_span p ON p.last_code = symbol AND session >= p.since AND session < p.until
UNION ALL
SELECT session, coalesce(p.code, symbol), exchange, board, NULL, NULL, NULL, NULL, NULL, 0,
       NULL, NULL, NULL, NULL, NULL, NULL, last_streak,
       NULL, last_at_least, prev_missing, absent, gap_sessions, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       composite, idle_cap, CAST(0 AS DECIMAL(38, 0))
FROM suspended
LEFT JOIN code_span p ON p.last_code = symbol AND session >= p.since AND session < p.until
