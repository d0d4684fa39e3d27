-- The members of the SSE Composite in each session with their points, and whether each is one of the
-- ten that lifted it most or of the ten that weighed on it most.
WITH placed AS (
  SELECT session, symbol, composite_change AS change,
         row_number() OVER (PARTITION BY session ORDER BY composite_change DESC, symbol) AS first,
         row_number() OVER (PARTITION BY session ORDER BY composite_change, symbol DESC) AS last
  FROM security_day
  WHERE composite AND composite_cap IS NOT NULL
)
SELECT p.session, p.symbol,
       CAST(round(i.prev_close * CAST(p.change AS DOUBLE) / t.cap) AS BIGINT) AS points,
       (p.first <= 10 AND p.change > 0) OR (p.last <= 10 AND p.change < 0) AS moved_most
FROM placed p
JOIN composite_session t ON t.session = p.session AND t.known * 10 >= t.members * 9
JOIN index_day i ON i.session = p.session AND i.symbol = '000001.SH'
