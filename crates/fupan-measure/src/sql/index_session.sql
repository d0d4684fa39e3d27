-- Each index's day next to the median return of all A-shares, and its members' contributions if
-- they are known.
WITH placed AS (
  SELECT session, ret, row_number() OVER (PARTITION BY session ORDER BY ret) AS place,
         count(*) OVER (PARTITION BY session) AS n
  FROM security_day
  WHERE ret IS NOT NULL
),
middle AS (
  SELECT session, CAST(round(avg(ret)) AS BIGINT) AS ret
  FROM placed
  WHERE place IN ((n + 1) / 2, n / 2 + 1)
  GROUP BY session
)
SELECT i.*, i.ret - m.ret AS breadth_gap,
       -- The members of others are known where there are weights.
       CASE WHEN i.symbol = '000001.SH' THEN coalesce(t.known, 0) ELSE t.known END
         AS member_count,
       t.points AS member_points, i.points - t.points AS residual
FROM index_day i
LEFT JOIN middle m ON m.session = i.session
LEFT JOIN (
  SELECT t.session, t.index_symbol AS symbol, t.known,
         CASE WHEN t.known * 10 >= t.members * 9
           THEN CAST(round(d.prev_close * t.change / t.cap) AS BIGINT) END AS points
  FROM member_session t JOIN index_day d ON d.session = t.session AND d.symbol = t.index_symbol
) t ON t.session = i.session AND t.symbol = i.symbol
