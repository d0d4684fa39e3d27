SELECT i.ret - m.median
FROM index_day i
CROSS JOIN (
  SELECT CAST(round(avg(ret)) AS BIGINT) AS median
  FROM (SELECT ret, row_number() OVER (ORDER BY ret) AS place, count(*) OVER () AS n
        FROM security_day
        WHERE session = :session AND ret IS NOT NULL) r
  WHERE place IN ((n + 1) / 2, n / 2 + 1)) m
WHERE i.session = :session AND i.symbol = :symbol
