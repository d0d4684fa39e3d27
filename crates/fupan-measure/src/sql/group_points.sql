-- The points of each group of a classification in each index and session, and of the members in no
-- group: sums rounded one upon another, in the order of the groups, those in no group last.
WITH listed AS (
  SELECT session, symbol, min(subject) AS subject FROM (:members) m GROUP BY session, symbol
),
part AS (
  SELECT c.session, c.index_symbol, l.subject, count(*) AS members, sum(c.change) AS change,
         bool_or(d.volume > 0) AS trades, max(c.cap) AS cap, max(c.prev_close) AS prev_close,
         max(c.index_points) AS index_points
  FROM contribution_day c
  LEFT JOIN listed l ON l.session = c.session AND l.symbol = c.symbol
  LEFT JOIN security_day d ON d.session = c.session AND d.symbol = c.symbol
  GROUP BY c.session, c.index_symbol, l.subject
),
summed AS (
  SELECT p.*, sum(change) OVER (
           PARTITION BY session, index_symbol ORDER BY subject ASC NULLS LAST
           ROWS UNBOUNDED PRECEDING) AS reached
  FROM part p
),
rounded AS (
  SELECT s.*, CAST(round(prev_close * reached / cap) AS BIGINT) AS until FROM summed s
)
SELECT session, index_symbol, subject, trades, index_points,
       CASE WHEN prev_close IS NOT NULL THEN members END AS members,
       until - coalesce(lag(until) OVER (
         PARTITION BY session, index_symbol ORDER BY subject ASC NULLS LAST), 0) AS points
FROM rounded
