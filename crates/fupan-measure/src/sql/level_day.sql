-- One row per A-share and session with trade, next to the rows before and after it, and its
-- prices on one level.
-- Prices are ten-thousandths of a yuan, a fen is 100 of them.
WITH traded AS (
  SELECT b.session, c.number, b.symbol, b.exchange, b.board,
         CAST(b.open AS BIGINT) AS open, CAST(b.high AS BIGINT) AS high,
         CAST(b.low AS BIGINT) AS low, CAST(b.close AS BIGINT) AS close,
         CAST(b.prev_close AS BIGINT) AS stated_prev_close, b.volume,
         coalesce(b.turnover, b.volume * (b.open + b.high + b.low + b.close) / 400)
           AS turnover_or_estimate
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  WHERE :part AND b.volume > 0 AND b.open IS NOT NULL AND b.high IS NOT NULL
    AND b.low IS NOT NULL AND b.close IS NOT NULL
),
linked AS (
  SELECT t.*,
         coalesce(stated_prev_close, lag(close) OVER w) AS prev_close,
         lag(close) OVER w AS last_close,
         lag(number) OVER w AS last_number,
         lead(number) OVER w AS next_number,
         first_value(session) OVER w AS first_seen,
         row_number() OVER w AS place
  FROM traded t
  WINDOW w AS (PARTITION BY symbol ORDER BY number)
),
adjusted AS (
  SELECT l.*,
         -- The logarithm of what ex-rights days made of a price since the security's first.
         sum(CASE WHEN last_close > 0 AND prev_close > 0 AND last_close <> prev_close
               THEN ln(prev_close * 1e0 / last_close) ELSE 0e0 END) OVER (
           PARTITION BY symbol ORDER BY number ROWS UNBOUNDED PRECEDING) AS adjustment
  FROM linked l
)
-- Prices on the level of the security's first day, fine enough that those of different size
-- on one level stay further apart than the tolerance below; bounded, so that 199 of them add up.
SELECT a.*, CAST(least(close * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_close,
       CAST(least(high * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_high,
       CAST(least(low * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_low,
       CAST(session AS INT) AS day
FROM adjusted a
