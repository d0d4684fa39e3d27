-- The session's row of every listed A-share, with what its past and its share capital add;
-- suspended ones have a volume of zero and no prices.
WITH today AS (
  SELECT number FROM calendar WHERE session = :session
),
-- Earlier closes in billionths of a yuan on the session's price level, and how many traded days
-- they lie back.
earlier AS (
  SELECT t.symbol, t.number - p.number <= 250 AS in_window,
         CAST(t.session AS INT) - CAST(p.session AS INT) <= 364 AS in_year,
         t.place - p.place AS days_back, t.close * 1e5 AS last,
         CASE WHEN p.adjustment = t.adjustment THEN p.close * 1e5
              ELSE round(p.close * exp(t.adjustment - p.adjustment) * 1e5) END AS close
  FROM bar_day p
  JOIN limit_day t ON p.symbol = t.symbol
  WHERE t.session = :session AND p.number < t.number
),
past AS (
  SELECT symbol, count(*) FILTER (WHERE in_window) AS sessions,
         max(close) FILTER (WHERE in_window) AS high,
         min(close) FILTER (WHERE in_window) AS low,
         count(*) FILTER (WHERE in_year) AS sessions_52w,
         max(close) FILTER (WHERE in_year) AS high_52w,
         min(close) FILTER (WHERE in_year) AS low_52w,
         CASE WHEN max(days_back) FILTER (WHERE in_window) >= 19
              THEN max(last) * 19 > sum(close) FILTER (WHERE days_back <= 19) END AS above_ma20,
         CASE WHEN max(days_back) FILTER (WHERE in_window) >= 49
              THEN max(last) * 49 > sum(close) FILTER (WHERE days_back <= 49) END AS above_ma50,
         CASE WHEN max(days_back) FILTER (WHERE in_window) >= 199
              THEN max(last) * 199 > sum(close) FILTER (WHERE days_back <= 199) END AS above_ma200
  FROM earlier
  GROUP BY symbol
),
-- Gaps and islands: rows that were sealed, or whose limit is unknown, on successive traded days
-- are one run. A day of unknown limit leaves the streak unknown from there on, and so does a run
-- that the window begins with.
run_day AS (
  SELECT symbol, place, is_new, CASE WHEN limit_kind = 'unknown' THEN 1 ELSE 0 END AS doubt,
         place - row_number() OVER (PARTITION BY symbol ORDER BY place) AS run
  FROM limit_day
  WHERE sealed OR limit_kind = 'unknown'
),
run AS (
  SELECT symbol, place,
         CASE WHEN sum(doubt) OVER w > 0 THEN NULL
              WHEN run = 0 AND NOT is_new THEN NULL
              ELSE row_number() OVER w END AS streak
  FROM run_day
  WINDOW w AS (PARTITION BY symbol, run ORDER BY place ROWS UNBOUNDED PRECEDING)
),
-- A cluster begins with a sealed day that four or more unsealed traded days lie before.
step AS (
  SELECT symbol, session, number,
         CASE WHEN place - lag(place) OVER w <= 4 THEN 0 ELSE 1 END AS begins
  FROM limit_day
  WHERE sealed
  WINDOW w AS (PARTITION BY symbol ORDER BY session)
),
clustered AS (
  SELECT symbol, session, number,
         sum(begins) OVER (PARTITION BY symbol ORDER BY session ROWS UNBOUNDED PRECEDING)
           AS cluster
  FROM step
),
cluster AS (
  SELECT t.symbol, max(c.number) - min(c.number) + 1 AS days, count(*) AS boards
  FROM clustered t JOIN clustered c ON c.symbol = t.symbol AND c.cluster = t.cluster
  WHERE t.session = :session
  GROUP BY t.symbol
),
capital AS (
  SELECT symbol, total_shares, float_shares, row_number() OVER (
           PARTITION BY symbol
           ORDER BY CASE WHEN observed_on > :session THEN 1 ELSE 0 END,
                    abs(CAST(observed_on AS INT) - CAST(:session AS INT)),
                    source, import_id) AS place
  FROM share_capital
),
last_row AS (
  SELECT b.symbol, b.exchange, b.board,
         max(c.number) FILTER (WHERE b.session < :session) AS row_number,
         max(CASE WHEN b.session = :session THEN 1 ELSE 0 END) AS row_today
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  GROUP BY b.symbol, b.exchange, b.board
),
last_trade AS (
  SELECT symbol, max(number) AS number, max(place) AS place FROM bar_day GROUP BY symbol
),
suspended AS (
  SELECT r.symbol, r.exchange, r.board,
         CASE WHEN u.place IS NULL THEN 0 ELSE u.streak END AS last_streak,
         n.number - t.number - 1 AS gap
  FROM last_row r
  JOIN last_trade t ON t.symbol = r.symbol
  JOIN listed_share d ON d.symbol = r.symbol
  CROSS JOIN today n
  LEFT JOIN run u ON u.symbol = t.symbol AND u.place = t.place
  WHERE t.number < n.number AND n.number - t.number <= 250
    AND (d.delisted_on IS NULL OR d.delisted_on >= :session)
    AND (r.row_today = 1 OR d.delisted_on IS NOT NULL OR n.number - r.row_number <= 20)
    AND r.exchange IN (SELECT exchange FROM limit_day WHERE session = :session)
)
SELECT t.session, t.symbol, t.exchange, t.board, t.open, t.high, t.low, t.close, t.prev_close,
       t.volume, t.turnover_or_estimate, t.limit_kind, t.limit_up, t.limit_down, t.sealed,
       CASE WHEN u.place IS NULL THEN 0 ELSE u.streak END AS streak,
       CASE WHEN v.place IS NULL THEN 0 ELSE v.streak END AS carried_streak,
       t.gap_sessions, t.ret, t.open_ret, t.warned, t.nameless,
       t.delisting, CASE WHEN t.warned THEN 'st' ELSE CAST(t.band AS VARCHAR) END AS band,
       CASE WHEN p.sessions >= 200 THEN t.close * 1e5 > p.high END AS new_high,
       CASE WHEN p.sessions >= 200 THEN t.close * 1e5 < p.low END AS new_low,
       CASE WHEN p.sessions_52w >= 200 THEN t.close * 1e5 > p.high_52w END AS new_high_52w,
       CASE WHEN p.sessions_52w >= 200 THEN t.close * 1e5 < p.low_52w END AS new_low_52w,
       p.above_ma20, p.above_ma50, p.above_ma200,
       c.days AS cluster_days, c.boards AS cluster_boards,
       CAST(s.total_shares AS DECIMAL(19, 0)) * CAST(t.prev_close AS DECIMAL(19, 0)) AS total_cap,
       CAST(s.float_shares AS DECIMAL(19, 0)) * CAST(t.prev_close AS DECIMAL(19, 0)) AS float_cap
FROM limit_day t
LEFT JOIN past p ON p.symbol = t.symbol
LEFT JOIN run u ON u.symbol = t.symbol AND u.place = t.place
LEFT JOIN run v ON v.symbol = t.symbol AND v.place = t.place - 1
LEFT JOIN cluster c ON c.symbol = t.symbol
LEFT JOIN capital s ON s.symbol = t.symbol AND s.place = 1
WHERE t.session = :session
UNION ALL
SELECT :session, symbol, exchange, board, NULL, NULL, NULL, NULL, NULL,
       0, NULL, NULL, NULL, NULL, NULL,
       NULL, last_streak, gap, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM suspended
