SELECT min(ret)
FROM (SELECT ret, row_number() OVER (ORDER BY ret) AS place, count(*) OVER () AS n
      FROM security_day
      WHERE session = :session AND :scope AND ret IS NOT NULL) r
WHERE place * 100 >= n * 90
