-- One row per A-share and session with trade, with what its own rows before and after say.
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
),
-- Prices on the level of the security's first day, fine enough that those of different size
-- on one level stay further apart than the tolerance below; bounded, so that 199 of them add up.
levelled AS (
  SELECT a.*, CAST(least(close * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_close,
         CAST(least(high * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_high,
         CAST(least(low * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_low,
         CAST(session AS INT) AS day
  FROM adjusted a
),
-- The sessions asked for look back on 250; on those before only as a whole.
reach AS (
  SELECT min(number) - 250 AS number FROM calendar WHERE session >= :first
),
earlier AS (
  SELECT symbol, max(level_close) AS high_close, min(level_close) AS low_close,
         max(level_high) AS high, min(level_low) AS low
  FROM levelled
  WHERE number < (SELECT number FROM reach)
  GROUP BY symbol
),
past AS (
  SELECT l.*,
         count(*) OVER sessions_250 AS days_250,
         max(level_close) OVER sessions_250 AS high_close_250,
         min(level_close) OVER sessions_250 AS low_close_250,
         max(level_high) OVER sessions_250 AS high_250,
         min(level_low) OVER sessions_250 AS low_250,
         count(*) OVER weeks_52 AS days_52w,
         max(level_close) OVER weeks_52 AS high_close_52w,
         min(level_close) OVER weeks_52 AS low_close_52w,
         max(level_high) OVER weeks_52 AS high_52w,
         min(level_low) OVER weeks_52 AS low_52w,
         max(level_close) OVER ever AS high_close_ever,
         min(level_close) OVER ever AS low_close_ever,
         max(level_high) OVER ever AS high_ever,
         min(level_low) OVER ever AS low_ever,
         CASE WHEN lag(number, 19) OVER w >= number - 250
           THEN sum(level_close) OVER days_19 END AS sum_19,
         CASE WHEN lag(number, 49) OVER w >= number - 250
           THEN sum(level_close) OVER days_49 END AS sum_49,
         CASE WHEN lag(number, 199) OVER w >= number - 250
           THEN sum(level_close) OVER days_199 END AS sum_199
  FROM levelled l
  WHERE number >= (SELECT number FROM reach)
  WINDOW w AS (PARTITION BY symbol ORDER BY number),
    sessions_250 AS (
      PARTITION BY symbol ORDER BY number RANGE BETWEEN 250 PRECEDING AND 1 PRECEDING),
    weeks_52 AS (PARTITION BY symbol ORDER BY day RANGE BETWEEN 364 PRECEDING AND 1 PRECEDING),
    ever AS (PARTITION BY symbol ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    days_19 AS (PARTITION BY symbol ORDER BY number ROWS BETWEEN 19 PRECEDING AND 1 PRECEDING),
    days_49 AS (PARTITION BY symbol ORDER BY number ROWS BETWEEN 49 PRECEDING AND 1 PRECEDING),
    days_199 AS (PARTITION BY symbol ORDER BY number ROWS BETWEEN 199 PRECEDING AND 1 PRECEDING)
)
SELECT p.session, p.number, p.symbol, p.exchange, p.board,
       s.listed_on, s.issue_price, s.nameless, s.known_from,
       p.open, p.high, p.low, p.close, p.prev_close, p.volume, p.turnover_or_estimate,
       p.first_seen, p.place, p.last_number, p.next_number,
       -- Above or below by more than a hundred-thousand-millionth: equal closes are equal.
       CASE WHEN days_250 >= 200 THEN level_close > high_close_250 * (1e0 + 1e-11) END AS new_high,
       CASE WHEN days_250 >= 200 THEN level_close < low_close_250 * (1e0 - 1e-11) END AS new_low,
       CASE WHEN days_52w >= 200 THEN level_close > high_close_52w * (1e0 + 1e-11) END
         AS new_high_52w,
       CASE WHEN days_52w >= 200 THEN level_close < low_close_52w * (1e0 - 1e-11) END
         AS new_low_52w,
       -- Of all time where the data begins no later than the security.
       CASE WHEN place > 200 AND s.listed_on >= s.known_from
         THEN level_close > greatest(high_close_ever, e.high_close) * (1e0 + 1e-11) END
         AS new_high_ever,
       CASE WHEN place > 200 AND s.listed_on >= s.known_from
         THEN level_close < least(low_close_ever, e.low_close) * (1e0 - 1e-11) END
         AS new_low_ever,
       -- The same of highs among highs, and lows among lows.
       CASE WHEN days_250 >= 200 THEN level_high > high_250 * (1e0 + 1e-11) END
         AS intraday_high,
       CASE WHEN days_250 >= 200 THEN level_low < low_250 * (1e0 - 1e-11) END AS intraday_low,
       CASE WHEN days_52w >= 200 THEN level_high > high_52w * (1e0 + 1e-11) END
         AS intraday_high_52w,
       CASE WHEN days_52w >= 200 THEN level_low < low_52w * (1e0 - 1e-11) END
         AS intraday_low_52w,
       CASE WHEN place > 200 AND s.listed_on >= s.known_from
         THEN level_high > greatest(high_ever, e.high) * (1e0 + 1e-11) END AS intraday_high_ever,
       CASE WHEN place > 200 AND s.listed_on >= s.known_from
         THEN level_low < least(low_ever, e.low) * (1e0 - 1e-11) END AS intraday_low_ever,
       level_close * 19e0 > sum_19 * (1e0 + 1e-11) AS above_ma20,
       level_close * 49e0 > sum_49 * (1e0 + 1e-11) AS above_ma50,
       level_close * 199e0 > sum_199 * (1e0 + 1e-11) AS above_ma200
FROM past p
JOIN listed_share s ON s.symbol = p.symbol
LEFT JOIN earlier e ON e.symbol = p.symbol
UNION ALL
SELECT p.session, p.number, p.symbol, p.exchange, p.board,
       s.listed_on, s.issue_price, s.nameless, s.known_from,
       p.open, p.high, p.low, p.close, p.prev_close, p.volume, p.turnover_or_estimate,
       p.first_seen, p.place, p.last_number, p.next_number,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM levelled p
JOIN listed_share s ON s.symbol = p.symbol
WHERE number < (SELECT number FROM reach)
