-- One row: how far the themes' returns lie apart, and how alike their order is to that of earlier
-- sessions. Ranks are doubled, so that equal returns take the mean of theirs as a whole number.
WITH theme AS (
  SELECT subject, ret, (SELECT max(number) FROM calendar WHERE session = :last) - number AS back
  FROM group_day
  WHERE kind = 'theme'
),
spread AS (
  SELECT CASE WHEN count(*) >= 10 THEN
           CAST(round(sqrt(CAST(count(*) * sum(CAST(ret AS DECIMAL(19, 0)) * ret) AS DOUBLE)
             - CAST(sum(ret) AS DOUBLE) * sum(ret)) / count(*)) AS BIGINT) END AS dispersion
  FROM theme
  WHERE back = 0
),
pair AS (
  SELECT t.back, n.ret AS ret_now, t.ret AS ret_before
  FROM theme n JOIN theme t ON t.subject = n.subject AND t.back IN (1, 5)
  WHERE n.back = 0
),
ranked AS (
  SELECT back,
         2 * rank() OVER (PARTITION BY back ORDER BY ret_now)
           + count(*) OVER (PARTITION BY back, ret_now) - 1 AS x,
         2 * rank() OVER (PARTITION BY back ORDER BY ret_before)
           + count(*) OVER (PARTITION BY back, ret_before) - 1 AS y
  FROM pair
),
moment AS (
  SELECT back, count(*) AS n,
         CAST(count(*) * sum(x * y) - sum(x) * sum(y) AS DOUBLE) AS product,
         CAST(count(*) * sum(x * x) - sum(x) * sum(x) AS DOUBLE) AS of_x,
         CAST(count(*) * sum(y * y) - sum(y) * sum(y) AS DOUBLE) AS of_y
  FROM (SELECT back, CAST(x AS BIGINT) AS x, CAST(y AS BIGINT) AS y FROM ranked) r
  GROUP BY back
),
alike AS (
  SELECT back, CASE WHEN n >= 10 AND of_x > 0 AND of_y > 0
           THEN CAST(round(product * 1e6 / sqrt(of_x * of_y)) AS BIGINT) END AS parts
  FROM moment
)
SELECT :last AS session, max(s.dispersion) AS dispersion,
       max(a.parts) FILTER (WHERE a.back = 1) AS rotation_1,
       max(a.parts) FILTER (WHERE a.back = 5) AS rotation_5
FROM spread s LEFT JOIN alike a ON true
