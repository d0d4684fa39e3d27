-- The same rows, with the last session missing before them, and their prices on one level. Rows
-- with nothing missing between them form one segment. Few rows begin a segment, and few follow
-- ex-rights: each of those is joined to the rows from it up to the next.
WITH cut AS (
  SELECT symbol, number, place, missing_here, CAST(row_number() OVER w AS BIGINT) AS segment,
         coalesce(lead(number) OVER w, 2147483647) AS until
  FROM linked_day
  WHERE over_hole OR moved
  WINDOW w AS (PARTITION BY symbol ORDER BY number)
),
-- The sum of the logarithms of a security's ex-rights adjustments since its first row.
turned AS (
  SELECT symbol, number, coalesce(lead(number) OVER w, 2147483647) AS until,
         sum(ln(prev_close * 1e0 / last_close)) OVER (
           PARTITION BY symbol ORDER BY number ROWS UNBOUNDED PRECEDING) AS adjustment
  FROM linked_day
  WHERE last_close > 0 AND prev_close > 0 AND last_close <> prev_close AND missing_here IS NULL
  WINDOW w AS (PARTITION BY symbol ORDER BY number)
),
adjusted AS (
  SELECT l.*, coalesce(c.segment, 0) AS segment, c.missing_here AS missing,
         l.place - coalesce(c.place, 1) + 1 AS segment_place,
         coalesce(t.adjustment, 0e0) AS adjustment
  FROM linked_day l
  LEFT JOIN cut c ON c.symbol = l.symbol AND l.number >= c.number AND l.number < c.until
  LEFT JOIN turned t ON t.symbol = l.symbol AND l.number >= t.number AND l.number < t.until
)
-- Prices on the level of the security's first day. They are fine enough that different prices on
-- one level are further apart than the tolerance of `bar_day`, and bounded so that 199 of them add
-- up.
SELECT a.*, CAST(least(close * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_close,
       CAST(least(high * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_high,
       CAST(least(low * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_low,
       CAST(a.session AS INT) AS day, CAST(m.session AS INT) AS missing_day
FROM adjusted a LEFT JOIN calendar m ON m.number = a.missing
