-- The securities whose last price is at least 5 % above or below the last one of the morning. What is
-- stamped up to half a minute after half past eleven is of the morning; there is no afternoon before
-- a quote that comes later.
WITH priced AS (
  SELECT symbol, time, place, last FROM quote_row WHERE volume > 0
),
morning AS (
  SELECT p.symbol, p.last
  FROM priced p
  JOIN (SELECT symbol, max(place) AS place FROM priced WHERE time <= 41430 GROUP BY symbol) m
    ON m.symbol = p.symbol AND m.place = p.place
),
latest AS (
  SELECT p.symbol, p.last
  FROM priced p
  JOIN (SELECT symbol, max(place) AS place FROM priced GROUP BY symbol) m
    ON m.symbol = p.symbol AND m.place = p.place
),
moved AS (
  SELECT m.symbol, CAST(round((l.last - m.last) * 1e9 / m.last) AS BIGINT) AS afternoon_ret
  FROM morning m JOIN latest l ON l.symbol = m.symbol
)
SELECT :last AS session, coalesce(p.code, m.symbol) AS symbol, m.afternoon_ret
FROM moved m
LEFT JOIN code_span p ON p.last_code = m.symbol AND :last >= p.since AND :last < p.until
WHERE abs(m.afternoon_ret) >= 50000000
