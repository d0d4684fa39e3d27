-- What one became over each span, after each of its days: each step rounded half away from zero to a
-- part per billion. The level of a day without a previous close, and those after it, are null.
WITH RECURSIVE grown AS (
  SELECT symbol, span, CAST(0 AS BIGINT) AS place, CAST(1000000000 AS BIGINT) AS level FROM own_span
  UNION ALL
  SELECT g.symbol, g.span, d.place,
         -- Whole multiples apart: a product of two numbers of this size has no room.
         g.level + CASE WHEN d.ret < 0 THEN -1 ELSE 1 END
           * (g.level * (abs(d.ret) / 1000000000)
              + g.level / 1000000000 * (abs(d.ret) % 1000000000)
              + (g.level % 1000000000 * (abs(d.ret) % 1000000000) + 500000000) / 1000000000)
           AS level
  FROM grown g JOIN own_day d ON d.symbol = g.symbol AND d.span = g.span AND d.place = g.place + 1
)
SELECT symbol, span, place, level FROM grown
