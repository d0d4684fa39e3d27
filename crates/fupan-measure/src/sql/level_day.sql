-- One row per A-share and session with trade, next to the rows before and after it, and its
-- prices on one level.
-- Prices are ten-thousandths of a yuan, a fen is 100 of them.
WITH row_day AS (
  SELECT b.session, c.number, b.symbol, b.exchange, b.board,
         CAST(b.open AS BIGINT) AS open, CAST(b.high AS BIGINT) AS high,
         CAST(b.low AS BIGINT) AS low, CAST(b.close AS BIGINT) AS close,
         CAST(b.prev_close AS BIGINT) AS stated_prev_close, b.volume,
         coalesce(b.turnover, b.volume * (b.open + b.high + b.low + b.close) / 400)
           AS turnover_or_estimate,
         coalesce(b.volume > 0 AND b.open IS NOT NULL AND b.high IS NOT NULL
           AND b.low IS NOT NULL AND b.close IS NOT NULL, false) AS trades
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  WHERE :part
),
counted AS (
  SELECT r.*, sum(CASE WHEN trades THEN 0 ELSE 1 END) OVER (
           PARTITION BY symbol ORDER BY number ROWS UNBOUNDED PRECEDING) AS idle_rows
  FROM row_day r
),
linked AS (
  SELECT t.*,
         lag(close) OVER w AS last_close,
         lag(number) OVER w AS last_number,
         lag(idle_rows) OVER w AS last_idle_rows,
         lead(number) OVER w AS next_number,
         first_value(session) OVER w AS first_seen,
         row_number() OVER w AS place
  FROM counted t
  WHERE trades
  WINDOW w AS (PARTITION BY symbol ORDER BY number)
),
-- The last session without a row since the last trade of which a row may be lost.
lost_since AS (
  SELECT l.symbol, l.number, max(o.number) AS last_lost, max(o.session) AS last_lost_session
  FROM linked l
  JOIN lost_bar o ON o.symbol = l.symbol AND o.number < l.number
       AND o.number > coalesce(l.last_number, -1)
  GROUP BY l.symbol, l.number
),
lacking AS (
  SELECT l.*, s.listed_on,
         CASE WHEN o.last_lost > coalesce(h.last_hole, -1) THEN o.last_lost ELSE h.last_hole END
           AS last_hole,
         CASE WHEN o.last_lost > coalesce(h.last_hole, -1) THEN o.last_lost_session
              ELSE h.last_hole_session END AS last_hole_session
  FROM linked l
  JOIN hole_session h ON h.exchange = l.exchange AND h.number = l.number
  JOIN listed_share s ON s.symbol = l.symbol
  LEFT JOIN lost_since o ON o.symbol = l.symbol AND o.number = l.number
),
-- Where something is missing before a row: a session that the exchange's data lack, one of which a
-- row may be lost, or, where some sessions since the last trade have no row, what the reference
-- price speaks for.
torn AS (
  SELECT l.*,
         CASE WHEN last_number IS NOT NULL THEN coalesce(last_hole > last_number, false)
              WHEN listed_on IS NOT NULL THEN coalesce(last_hole_session >= listed_on, false)
              ELSE coalesce(last_hole = l.number - 1, false) END AS over_hole,
         coalesce(stated_prev_close <> last_close
           AND l.number - last_number - 1 > idle_rows - last_idle_rows, false) AS moved
  FROM lacking l
),
-- Rows between which nothing is missing are one segment.
cut AS (
  SELECT t.*,
         coalesce(stated_prev_close, CASE WHEN NOT over_hole THEN last_close END) AS prev_close,
         sum(CASE WHEN over_hole OR moved THEN 1 ELSE 0 END) OVER (
           PARTITION BY symbol ORDER BY number ROWS UNBOUNDED PRECEDING) AS segment,
         CASE WHEN over_hole THEN last_hole WHEN moved THEN number - 1 END AS missing_here
  FROM torn t
),
adjusted AS (
  SELECT l.*,
         max(missing_here) OVER (PARTITION BY symbol, segment) AS missing,
         row_number() OVER (PARTITION BY symbol, segment ORDER BY number) AS segment_place,
         -- The logarithm of what ex-rights days made of a price since the security's first.
         sum(CASE WHEN last_close > 0 AND prev_close > 0 AND last_close <> prev_close
               AND missing_here IS NULL
               THEN ln(prev_close * 1e0 / last_close) ELSE 0e0 END) OVER (
           PARTITION BY symbol ORDER BY number ROWS UNBOUNDED PRECEDING) AS adjustment
  FROM cut l
)
-- Prices on the level of the security's first day, fine enough that those of different size
-- on one level stay further apart than the tolerance below; bounded, so that 199 of them add up.
SELECT a.*, CAST(least(close * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_close,
       CAST(least(high * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_high,
       CAST(least(low * exp(-adjustment) * 1e8, 4e16) AS BIGINT) AS level_low,
       CAST(a.session AS INT) AS day, CAST(m.session AS INT) AS missing_day
FROM adjusted a LEFT JOIN calendar m ON m.number = a.missing
