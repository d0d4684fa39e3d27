SELECT CAST(round(avg(ret)) AS BIGINT)
FROM (SELECT ret, row_number() OVER (ORDER BY ret) AS place, count(*) OVER () AS n
      FROM security_day
      WHERE session = :session AND :scope AND ret IS NOT NULL) r
WHERE place IN ((n + 1) / 2, n / 2 + 1)
