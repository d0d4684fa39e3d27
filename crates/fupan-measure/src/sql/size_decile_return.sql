WITH calm AS (
  SELECT symbol, ret, total_cap
  FROM security_day
  WHERE session = :session AND volume > 0 AND NOT warned AND NOT delisting
    AND limit_kind <> 'unlimited'
),
ranked AS (
  SELECT ret, row_number() OVER (
           ORDER BY total_cap, substr(symbol, 8, 2) = 'BJ', substr(symbol, 8, 2), symbol) AS place
  FROM calm
  WHERE ret IS NOT NULL AND total_cap IS NOT NULL
),
held AS (
  SELECT count(*) AS n, (SELECT count(*) FROM calm) AS asked FROM ranked
)
SELECT CAST(round(avg(ret)) AS BIGINT)
FROM ranked CROSS JOIN held
WHERE place > n * (:parameter - 1) / 10 AND place <= n * :parameter / 10
  AND n >= 10 AND n * 10 >= asked * 9
