-- One row per group that is told: where its return and its share of turnover stand among its own of
-- the last 250 sessions, and how the share changed from the session before. Those of the sessions
-- before are told by `group_figure`.
WITH last AS (SELECT max(number) AS number FROM calendar WHERE session = :last),
traded AS (SELECT number, sum(fen) AS fen, sum(traded) AS traded FROM turnover_day GROUP BY number),
-- A session in which fewer than half as many traded as in one of the 20 before is not compared with.
market AS (
  SELECT number, fen, traded * 2 >= coalesce(max(traded) OVER (
           ORDER BY number RANGE BETWEEN 20 PRECEDING AND 1 PRECEDING), 0) AS is_whole
  FROM traded
),
today AS (
  SELECT t.subject, max(r.ret) AS ret, sum(d.turnover_or_estimate) AS turnover, max(k.fen) AS market
  FROM (SELECT DISTINCT m.session, m.symbol, m.subject FROM (:members) m) g
  JOIN told_group t ON t.subject = g.subject
  JOIN security_day d ON d.session = g.session AND d.symbol = g.symbol
  JOIN last l ON true
  JOIN market k ON k.number = l.number
  LEFT JOIN group_day r ON r.subject = t.subject AND r.number = l.number
  WHERE g.session = :last
  GROUP BY t.subject
),
earlier AS (
  SELECT f.subject, f.turnover, k.fen AS market,
         CASE WHEN f.priced > 0
           THEN CAST(round(f.returns / CAST(f.priced AS DOUBLE)) AS BIGINT) END AS ret
  FROM group_figure f
  JOIN last l ON f.number BETWEEN l.number - 249 AND l.number - 1
  JOIN market k ON k.number = f.number AND k.fen > 0 AND k.is_whole
),
counted AS (
  SELECT t.subject, count(e.ret) + 1 AS of_returns, count(e.turnover) + 1 AS of_shares,
         count(*) FILTER (WHERE e.ret <= t.ret) + 1 AS returns,
         count(*) FILTER (WHERE
           CAST(e.turnover AS DECIMAL(19, 0)) * CAST(t.market AS DECIMAL(19, 0))
           <= CAST(t.turnover AS DECIMAL(19, 0)) * CAST(e.market AS DECIMAL(19, 0))) + 1 AS shares
  FROM today t
  LEFT JOIN earlier e ON e.subject = t.subject
  GROUP BY t.subject
),
-- Whether the data reach over all 250 sessions.
reach AS (
  SELECT (SELECT min(number) FROM market) <= (SELECT number FROM last) - 249 AS reaches
)
SELECT t.subject,
       CASE WHEN r.reaches AND t.ret IS NOT NULL AND c.of_returns >= 200 THEN c.returns END
         AS own_return_part,
       CASE WHEN r.reaches AND t.ret IS NOT NULL AND c.of_returns >= 200 THEN c.of_returns END
         AS own_return_whole,
       CASE WHEN r.reaches AND c.of_shares >= 200 THEN c.shares END AS own_share_part,
       CASE WHEN r.reaches AND c.of_shares >= 200 THEN c.of_shares END AS own_share_whole,
       CAST(round(t.turnover * 1e6 / t.market) AS BIGINT)
         - CAST(round(coalesce(f.turnover, 0) * 1e6 / k.fen) AS BIGINT) AS own_share_change
FROM today t
JOIN counted c ON c.subject = t.subject
JOIN reach r ON true
JOIN last l ON true
LEFT JOIN market k ON k.number = l.number - 1 AND k.fen > 0 AND k.is_whole
LEFT JOIN group_figure f ON f.subject = t.subject AND f.number = l.number - 1
