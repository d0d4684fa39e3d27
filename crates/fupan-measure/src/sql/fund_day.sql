-- One row per fund and session in which it traded. Of several sources, the requested one comes first,
-- then one with turnover, then one with a previous close, then the first by name.
WITH ranked AS (
  SELECT f.symbol, f.session, CAST(c.number AS BIGINT) AS number, CAST(f.open AS BIGINT) AS open,
         CAST(f.high AS BIGINT) AS high, CAST(f.low AS BIGINT) AS low,
         CAST(f.close AS BIGINT) AS close, CAST(f.prev_close AS BIGINT) AS stated,
         f.volume, f.turnover,
         row_number() OVER (
           PARTITION BY f.symbol, f.session
           ORDER BY CASE WHEN :source THEN 0 ELSE 1 END,
                    CASE WHEN f.turnover IS NULL THEN 1 ELSE 0 END,
                    CASE WHEN f.prev_close IS NULL THEN 1 ELSE 0 END,
                    f.source, f.import_id) AS place
  FROM fund_bar f JOIN calendar c ON c.session = f.session
  WHERE f.session <= :last
),
-- Sessions without a gap are an island.
placed AS (
  SELECT symbol, session, number, open, high, low, close, stated, volume, turnover,
         number - CAST(row_number() OVER (PARTITION BY symbol ORDER BY session) AS BIGINT) AS island
  FROM ranked
  WHERE place = 1
),
linked AS (
  SELECT p.*, max(CASE WHEN volume > 0 THEN number END) OVER (
           PARTITION BY symbol, island ORDER BY session
           ROWS BETWEEN 60 PRECEDING AND 1 PRECEDING) AS traded_number
  FROM placed p
),
-- No fund may leave a fifth of its reference price; half a thousandth is rounding.
based AS (
  SELECT t.symbol, t.session, t.open, t.high, t.low, t.close, t.volume, t.turnover,
         CASE WHEN t.stated IS NOT NULL THEN t.stated
              WHEN t.high * 10 > p.close * 12 + 50 OR t.low * 10 < p.close * 8 - 50 THEN NULL
              ELSE p.close END AS prev_close
  FROM linked t
  LEFT JOIN placed p ON p.symbol = t.symbol AND p.number = t.traded_number
  WHERE t.session >= :first AND t.volume > 0
)
SELECT symbol, session, open, high, low, close, prev_close, volume,
       coalesce(turnover, volume * (open + high + low + close) / 400) AS turnover,
       CASE WHEN prev_close > 0
         THEN CAST(round((close - prev_close) * 1e9 / prev_close) AS BIGINT) END AS ret,
       CASE WHEN prev_close > 0
         THEN CAST(round((open - prev_close) * 1e9 / prev_close) AS BIGINT) END AS open_ret,
       CASE WHEN prev_close > 0
         THEN CAST(round((high - low) * 1e9 / prev_close) AS BIGINT) END AS amplitude
FROM based
