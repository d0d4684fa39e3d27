-- The turnover of each part of the market in the requested sessions, compared with the 270
-- sessions before.
WITH exchange_day AS (
  SELECT session, exchange, sum(traded) AS traded FROM turnover_day GROUP BY session, exchange
),
part AS (
  SELECT d.*, s.scope, e.traded AS of_exchange
  FROM turnover_day d
  JOIN exchange_day e ON e.session = d.session AND e.exchange = d.exchange
  JOIN (VALUES ('all-a'), ('sse-szse'), ('sse'), ('szse'), ('bse'), ('main'), ('chinext'), ('star'))
    AS s (scope) ON CASE s.scope
      WHEN 'all-a' THEN true
      WHEN 'sse-szse' THEN d.exchange <> 'BJ'
      WHEN 'sse' THEN d.exchange = 'SH'
      WHEN 'szse' THEN d.exchange = 'SZ'
      ELSE d.board = s.scope END
),
day AS (
  SELECT scope, session, number, sum(fen) AS fen,
         max(CASE exchange WHEN 'SH' THEN of_exchange ELSE 0 END) AS sh,
         max(CASE exchange WHEN 'SZ' THEN of_exchange ELSE 0 END) AS sz,
         max(CASE exchange WHEN 'BJ' THEN of_exchange ELSE 0 END) AS bj
  FROM part
  GROUP BY scope, session, number
),
-- Sessions in which the same exchanges traded, with at least half as many securities. The BSE
-- opened on 2021-11-15.
pair AS (
  SELECT t.scope, t.session, t.fen AS today, p.fen, t.number - p.number AS back
  FROM day t
  LEFT JOIN day p ON p.scope = t.scope AND (p.sh > 0) = (t.sh > 0) AND p.sh * 2 >= t.sh
       AND (p.sz > 0) = (t.sz > 0) AND p.sz * 2 >= t.sz
       AND p.number < t.number AND p.number >= t.number - 270
       AND ((p.bj > 0) = (t.bj > 0) AND p.bj * 2 >= t.bj OR p.session < DATE '2021-11-15')
  WHERE t.session >= :first
),
sums AS (
  SELECT scope, session, max(today) AS today,
         max(fen) FILTER (WHERE back = 1) AS prev,
         CASE WHEN count(*) FILTER (WHERE back <= 5) = 5
           THEN sum(fen) FILTER (WHERE back <= 5) END AS last_5,
         CASE WHEN count(*) FILTER (WHERE back <= 20) = 20
           THEN sum(fen) FILTER (WHERE back <= 20) END AS last_20,
         count(*) FILTER (WHERE fen > today) + 1 AS rank_in_window
  FROM pair
  GROUP BY scope, session
)
SELECT scope, session, prev, today - prev AS change,
       CAST(round((today - prev) * 1e9 / prev) AS BIGINT) AS change_rate,
       CAST(round((today * 5 - last_5) * 1e9 / last_5) AS BIGINT) AS vs_mean_5,
       CAST(round((today * 20 - last_20) * 1e9 / last_20) AS BIGINT) AS vs_mean_20,
       rank_in_window
FROM sums
