-- One row per security and session with trade: what the measures ask of a day, from the stored
-- tables alone. Prices are ten-thousandths of a yuan, a fen is 100 of them; all arithmetic is on
-- integers. The rules are written out here a second time on purpose: this is the other road.
WITH name_row AS (
  SELECT symbol, observed_on, name,
         regexp_like(name, '^(XD|XR|DR)?(\*ST|ST|SST|S\*ST|＊ST)') AS warned,
         regexp_like(name, '^(XD|XR|DR)?(退市)|退$') AS delisting
  FROM security
  WHERE name IS NOT NULL
),
name_span AS (
  SELECT symbol, observed_on AS since, warned,
         lead(observed_on) OVER w AS until,
         lead(warned) OVER w = warned AND lead(delisting) OVER w = delisting AS agree
  FROM name_row
  WINDOW w AS (PARTITION BY symbol ORDER BY observed_on)
),
first_name AS (
  SELECT symbol, since, warned
  FROM (SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY since) AS place FROM name_span) s
  WHERE place = 1
),
delisting AS (
  SELECT symbol, min(observed_on) AS since FROM name_row WHERE delisting GROUP BY symbol
),
listing AS (
  SELECT s.symbol, min(s.listed_on) AS listed_on FROM security s GROUP BY s.symbol
),
listing_number AS (
  SELECT l.symbol, l.listed_on, min(c.number) AS number
  FROM listing l JOIN calendar c ON c.session >= l.listed_on
  GROUP BY l.symbol, l.listed_on
),
bar AS (
  SELECT b.session, c.number, b.symbol,
         CAST(b.open AS BIGINT) AS open, CAST(b.high AS BIGINT) AS high,
         CAST(b.low AS BIGINT) AS low, CAST(b.close AS BIGINT) AS close,
         CAST(coalesce(b.prev_close, lag(b.close) OVER w) AS BIGINT) AS prev_close,
         CAST(lag(b.close) OVER w AS BIGINT) AS last_close,
         lag(c.number) OVER w AS last_number,
         b.volume,
         coalesce(b.turnover, b.volume * (b.open + b.high + b.low + b.close) / 400)
           AS turnover_or_estimate,
         row_number() OVER w AS place,
         substr(b.symbol, 8, 2) AS exchange,
         CASE WHEN substr(b.symbol, 8, 2) = 'BJ' THEN 'bse'
              WHEN substr(b.symbol, 1, 3) IN ('688', '689') THEN 'star'
              WHEN substr(b.symbol, 8, 2) = 'SZ' AND substr(b.symbol, 1, 2) = '30' THEN 'chinext'
              ELSE 'main' END AS board
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  WHERE b.volume > 0 AND b.close > 0
    AND (substr(b.symbol, 8, 2) <> 'BJ' OR b.session >= DATE '2021-11-15')
  WINDOW w AS (PARTITION BY b.symbol ORDER BY b.session)
),
judged AS (
  SELECT b.*,
         coalesce(n.warned, f.warned) AS nearest_warned,
         coalesce(n.since = b.session OR (n.until IS NOT NULL AND n.agree), false) AS known,
         d.since AS delisting_since,
         CASE
           WHEN b.prev_close IS NULL OR b.prev_close = 0 THEN 'unknown'
           WHEN d.since = b.session AND b.session >= DATE '2020-12-31' THEN 'unlimited'
           WHEN l.number IS NOT NULL AND b.number >= l.number AND b.number < l.number +
                CASE b.board
                  WHEN 'star' THEN 5
                  WHEN 'chinext' THEN CASE WHEN l.listed_on >= DATE '2020-08-24' THEN 5 ELSE 0 END
                  WHEN 'main' THEN CASE WHEN l.listed_on >= DATE '2023-04-10' THEN 5 ELSE 0 END
                  ELSE 1 END THEN 'unlimited'
           ELSE 'limited' END AS kind,
         CASE
           WHEN b.board = 'bse' THEN 30
           WHEN b.board = 'star' THEN 20
           WHEN b.board = 'chinext' AND b.session >= DATE '2020-08-24' THEN 20
           ELSE 10 END AS plain,
         CASE
           WHEN b.board = 'bse' THEN 30
           WHEN b.board = 'star' THEN 20
           WHEN b.board = 'chinext' AND b.session >= DATE '2020-08-24' THEN 20
           WHEN d.since <= b.session THEN 10
           WHEN b.session >= DATE '2026-07-06' THEN 10
           ELSE 5 END AS narrow
  FROM bar b
  LEFT JOIN name_span n ON n.symbol = b.symbol AND b.session >= n.since
       AND (n.until IS NULL OR b.session < n.until)
  LEFT JOIN first_name f ON f.symbol = b.symbol AND b.session < f.since
  LEFT JOIN delisting d ON d.symbol = b.symbol AND d.since <= b.session
  LEFT JOIN listing_number l ON l.symbol = b.symbol
),
priced AS (
  SELECT j.*, j.prev_close / 100 AS c,
         CASE WHEN board = 'bse' THEN j.prev_close / 100 * 130 / 100
              ELSE greatest((j.prev_close / 100 * (100 + plain) + 50) / 100, j.prev_close / 100 + 1)
         END * 100 AS plain_up,
         CASE WHEN board = 'bse' THEN (j.prev_close / 100 * 70 + 99) / 100
              ELSE least((j.prev_close / 100 * (100 - plain) + 50) / 100, j.prev_close / 100 - 1)
         END * 100 AS plain_down,
         greatest((j.prev_close / 100 * (100 + narrow) + 50) / 100, j.prev_close / 100 + 1) * 100
           AS narrow_up,
         least((j.prev_close / 100 * (100 - narrow) + 50) / 100, j.prev_close / 100 - 1) * 100
           AS narrow_down
  FROM judged j
),
decided AS (
  SELECT p.*,
         CASE
           WHEN plain = narrow THEN 'plain'
           WHEN known THEN CASE WHEN nearest_warned THEN 'narrow' ELSE 'plain' END
           WHEN high > narrow_up OR low < narrow_down THEN 'plain'
           WHEN high <> narrow_up AND low <> narrow_down THEN 'plain'
           WHEN nearest_warned IS NULL THEN 'unknown'
           WHEN nearest_warned THEN 'narrow'
           ELSE 'plain' END AS class
  FROM priced p
),
limited AS (
  SELECT d.*,
         CASE WHEN kind = 'limited' AND class = 'unknown' THEN 'unknown' ELSE kind END AS limit_kind,
         CASE WHEN kind = 'limited' AND class = 'plain' THEN plain_up
              WHEN kind = 'limited' AND class = 'narrow' THEN narrow_up END AS limit_up,
         CASE WHEN kind = 'limited' AND class = 'plain' THEN plain_down
              WHEN kind = 'limited' AND class = 'narrow' THEN narrow_down END AS limit_down
  FROM decided d
),
-- Gaps and islands: the sealed days between two days that are not sealed are one streak.
island AS (
  SELECT l.*,
         coalesce(close = limit_up, false) AS sealed,
         sum(CASE WHEN close = limit_up THEN 0 ELSE 1 END) OVER w AS island
  FROM limited l
  WINDOW w AS (PARTITION BY symbol ORDER BY session ROWS UNBOUNDED PRECEDING)
),
streaked AS (
  SELECT i.*,
         CASE WHEN sealed THEN
           sum(CASE WHEN sealed THEN 1 ELSE 0 END) OVER (
             PARTITION BY symbol, island ORDER BY session ROWS UNBOUNDED PRECEDING)
         ELSE 0 END AS streak
  FROM island i
)
SELECT s.*,
       -- In parts per billion, rounded half away from zero.
       CASE WHEN prev_close > 0 AND close >= prev_close
              THEN (2 * (close - prev_close) * 1000000000 + prev_close) / (2 * prev_close)
            WHEN prev_close > 0
              THEN -((2 * (prev_close - close) * 1000000000 + prev_close) / (2 * prev_close))
       END AS ret,
       lag(streak) OVER (PARTITION BY symbol ORDER BY session) AS carried_streak,
       number - last_number - 1 AS gap_sessions
FROM streaked s
