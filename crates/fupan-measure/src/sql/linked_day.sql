-- One row per A-share and session with trade, next to the rows before and after it. Prices are in
-- ten-thousandths of a yuan; a fen is 100 of them.
WITH row_day AS (
  SELECT b.session, c.number, b.symbol, b.exchange, b.board, s.listed_on,
         h.last_hole AS hole_before, h.last_hole_session AS hole_session_before,
         CAST(b.open AS BIGINT) AS open, CAST(b.high AS BIGINT) AS high,
         CAST(b.low AS BIGINT) AS low, CAST(b.close AS BIGINT) AS close,
         CAST(b.prev_close AS BIGINT) AS stated_prev_close, b.volume,
         coalesce(b.turnover, b.volume * (b.open + b.high + b.low + b.close) / 400)
           AS turnover_or_estimate,
         coalesce(b.volume > 0 AND b.open IS NOT NULL AND b.high IS NOT NULL
           AND b.low IS NOT NULL AND b.close IS NOT NULL, false) AS trades
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  JOIN hole_session h ON h.exchange = b.exchange AND h.number = c.number
  JOIN listed_share s ON s.symbol = b.symbol
  WHERE :part
),
-- Every window below is over a security's rows in the order of their sessions, so they are sorted
-- once.
counted AS (
  SELECT r.*, CAST(row_number() OVER (PARTITION BY symbol ORDER BY number) AS BIGINT) AS row_place
  FROM row_day r
),
linked AS (
  SELECT t.*,
         lag(close) OVER w AS last_close,
         lag(number) OVER w AS last_number,
         lag(row_place) OVER w AS last_row_place,
         lead(number) OVER w AS next_number,
         first_value(session) OVER w AS first_seen,
         CAST(row_number() OVER w AS BIGINT) AS place
  FROM counted t
  WHERE trades
  WINDOW w AS (PARTITION BY symbol ORDER BY number)
),
-- The last session without a row, since the last trade, whose row may be lost.
lost_since AS (
  SELECT l.symbol, l.number, max(o.number) AS last_lost, max(o.session) AS last_lost_session
  FROM linked l
  JOIN lost_bar o ON o.symbol = l.symbol AND o.number < l.number
       AND o.number > coalesce(l.last_number, -1)
  GROUP BY l.symbol, l.number
),
lacking AS (
  SELECT l.*,
         CASE WHEN o.last_lost > coalesce(l.hole_before, -1) THEN o.last_lost ELSE l.hole_before END
           AS last_hole,
         CASE WHEN o.last_lost > coalesce(l.hole_before, -1) THEN o.last_lost_session
              ELSE l.hole_session_before END AS last_hole_session
  FROM linked l
  LEFT JOIN lost_since o ON o.symbol = l.symbol AND o.number = l.number
),
-- What is missing before a row: a session that the exchange's data lack; one whose row may be lost;
-- or, if some sessions since the last trade have no row, what a changed reference price implies.
torn AS (
  SELECT l.*,
         CASE WHEN last_number IS NOT NULL THEN coalesce(last_hole > last_number, false)
              WHEN listed_on IS NOT NULL THEN coalesce(last_hole_session >= listed_on, false)
              ELSE coalesce(last_hole = l.number - 1, false) END AS over_hole,
         coalesce(stated_prev_close <> last_close
           AND l.number - last_number > row_place - last_row_place, false) AS moved
  FROM lacking l
)
SELECT t.*, coalesce(stated_prev_close, CASE WHEN NOT over_hole THEN last_close END) AS prev_close,
       CASE WHEN over_hole THEN last_hole WHEN moved THEN number - 1 END AS missing_here
FROM torn t
