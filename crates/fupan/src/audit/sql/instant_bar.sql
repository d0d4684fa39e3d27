-- Bars of the securities with quotes: those of the sessions before, and for the session itself the
-- sum of its quotes up to the instant. The last snapshot with trade covers all up to it. Bars and
-- ticks after it, or all of them if there is none, are added. A bar that begins before the end of
-- what is known adds no volume.
WITH traded AS (
  SELECT q.*, max(CASE WHEN span IS NULL THEN place END) OVER (PARTITION BY symbol) AS base
  FROM quote_row q
  WHERE volume > 0
),
kept AS (
  SELECT t.*, max(time) OVER (
           PARTITION BY symbol ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
           AS known_to
  FROM traded t
  WHERE base IS NULL OR place >= base
),
counted AS (
  SELECT k.*, CASE WHEN span IS NULL OR known_to IS NULL OR time - span >= known_to
                THEN 1 ELSE 0 END AS whole
  FROM kept k
),
so_far AS (
  SELECT symbol, first_value(open ORDER BY place) AS open, max(high) AS high, min(low) AS low,
         last_value(last ORDER BY place) AS close, sum(volume * whole) AS volume,
         sum(turnover_or_estimate * whole) AS turnover
  FROM counted
  GROUP BY symbol
)
SELECT session, symbol, exchange, board, CAST(open AS BIGINT) AS open,
       CAST(high AS BIGINT) AS high, CAST(low AS BIGINT) AS low, CAST(close AS BIGINT) AS close,
       prev_close, volume, turnover
FROM daily_bar
WHERE session < :last AND symbol IN (SELECT symbol FROM quote_row)
UNION ALL
SELECT :last AS session, s.symbol, s.exchange, s.board, f.open, f.high, f.low, f.close,
       c.prev_close, coalesce(f.volume, 0) AS volume, f.turnover
FROM listed_share s
LEFT JOIN so_far f ON f.symbol = s.symbol
LEFT JOIN closing_bar c ON c.symbol = s.symbol
WHERE s.symbol IN (SELECT symbol FROM quote_row)
