-- The members of each index in each session with their points, and whether each is one of the ten
-- that lifted it most or of the ten that weighed on it most.
WITH member AS (
  SELECT session, '000001.SH' AS index_symbol, symbol, CAST(composite_change AS DOUBLE) AS change
  FROM security_day
  WHERE composite AND composite_cap IS NOT NULL
  UNION ALL
  SELECT b.session, b.index_symbol, coalesce(p.code, b.symbol), b.change
  FROM basket_day b
  LEFT JOIN code_span p ON p.last_code = b.symbol AND b.session >= p.since AND b.session < p.until
  WHERE b.worth IS NOT NULL AND b.index_symbol <> '000001.SH'
),
placed AS (
  SELECT session, index_symbol, symbol, change,
         row_number() OVER (PARTITION BY session, index_symbol ORDER BY change DESC, symbol)
           AS first,
         row_number() OVER (PARTITION BY session, index_symbol ORDER BY change, symbol DESC)
           AS last
  FROM member
)
SELECT p.session, p.index_symbol, p.symbol,
       CAST(round(i.prev_close * p.change / t.cap) AS BIGINT) AS points,
       (p.first <= 10 AND p.change > 0) OR (p.last <= 10 AND p.change < 0) AS moved_most,
       p.change, t.cap, i.prev_close, i.points AS index_points
FROM placed p
JOIN member_session t ON t.session = p.session AND t.index_symbol = p.index_symbol
     AND t.known * 10 >= t.members * 9
JOIN index_day i ON i.session = p.session AND i.symbol = p.index_symbol
