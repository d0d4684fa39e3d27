-- The session's row of every listed A-share, with what its past and its share capital add;
-- suspended ones have a volume of zero and no prices.
WITH today AS (
  SELECT number FROM calendar WHERE session = :session
),
past AS (
  SELECT t.symbol, count(*) AS sessions,
         max(round(p.close * exp(t.adjustment - p.adjustment) * 1e5)) AS high,
         min(round(p.close * exp(t.adjustment - p.adjustment) * 1e5)) AS low
  FROM traded_day t
  JOIN traded_day p ON p.symbol = t.symbol
  WHERE t.session = :session AND p.number BETWEEN t.number - 250 AND t.number - 1
  GROUP BY t.symbol
),
-- A cluster begins with a sealed day that four or more unsealed traded days lie before.
step AS (
  SELECT symbol, session, number,
         CASE WHEN place - lag(place) OVER w <= 4 THEN 0 ELSE 1 END AS begins
  FROM traded_day
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
left_vote AS (
  SELECT symbol, delisted_on, row_number() OVER (
           PARTITION BY symbol ORDER BY votes DESC, last_said DESC) AS place
  FROM (SELECT symbol, delisted_on, count(*) AS votes, max(observed_on) AS last_said
        FROM security WHERE delisted_on IS NOT NULL GROUP BY symbol, delisted_on) v
),
last_row AS (
  SELECT b.symbol, b.exchange, b.board,
         max(c.number) FILTER (WHERE b.session < :session) AS row_number,
         max(CASE WHEN b.session = :session THEN 1 ELSE 0 END) AS row_today
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  GROUP BY b.symbol, b.exchange, b.board
),
last_trade AS (
  SELECT symbol, number, streak
  FROM (SELECT symbol, number, streak,
               row_number() OVER (PARTITION BY symbol ORDER BY session DESC) AS place
        FROM traded_day) t
  WHERE place = 1
),
suspended AS (
  SELECT r.symbol, r.exchange, r.board, t.streak, n.number - t.number - 1 AS gap_sessions
  FROM last_row r
  JOIN last_trade t ON t.symbol = r.symbol
  CROSS JOIN today n
  LEFT JOIN left_vote d ON d.symbol = r.symbol AND d.place = 1
  WHERE t.number < n.number AND n.number - t.number <= 250
    AND (d.delisted_on IS NULL OR d.delisted_on >= :session)
    AND (r.row_today = 1 OR d.delisted_on IS NOT NULL OR n.number - r.row_number <= 20)
    AND r.exchange IN (SELECT exchange FROM traded_day WHERE session = :session)
)
SELECT t.session, t.symbol, t.exchange, t.board, t.open, t.high, t.low, t.close, t.prev_close,
       t.volume, t.turnover_or_estimate, t.limit_kind, t.limit_up, t.limit_down, t.sealed,
       t.streak, t.carried_streak, t.gap_sessions, t.ret, t.open_ret, t.warned, t.nameless,
       t.delisting, CASE WHEN t.warned THEN 'st' ELSE CAST(t.band AS VARCHAR) END AS band,
       CASE WHEN p.sessions >= 200 THEN t.close * 1e5 > p.high END AS new_high,
       CASE WHEN p.sessions >= 200 THEN t.close * 1e5 < p.low END AS new_low,
       c.days AS cluster_days, c.boards AS cluster_boards,
       CAST(s.total_shares AS DECIMAL(19, 0)) * CAST(t.prev_close AS DECIMAL(19, 0)) AS total_cap,
       CAST(s.float_shares AS DECIMAL(19, 0)) * CAST(t.prev_close AS DECIMAL(19, 0)) AS float_cap
FROM traded_day t
LEFT JOIN past p ON p.symbol = t.symbol
LEFT JOIN cluster c ON c.symbol = t.symbol
LEFT JOIN capital s ON s.symbol = t.symbol AND s.place = 1
WHERE t.session = :session
UNION ALL
SELECT :session, symbol, exchange, board, NULL, NULL, NULL, NULL, NULL,
       0, NULL, NULL, NULL, NULL, NULL,
       NULL, streak, gap_sessions, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM suspended
