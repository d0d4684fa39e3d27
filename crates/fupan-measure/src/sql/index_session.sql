-- Each index's day beside the median return of all A-shares.
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
SELECT i.*, i.ret - m.ret AS breadth_gap
FROM index_day i LEFT JOIN middle m ON m.session = i.session
