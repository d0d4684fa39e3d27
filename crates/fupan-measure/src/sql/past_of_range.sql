-- Compares the rows of many sessions with those before, by windows that slide from row to row. The
-- requested sessions look back 250 sessions one by one; what lies before is summed up once.
reach AS (
  SELECT min(number) - 250 AS number FROM calendar WHERE session >= :first
),
earlier AS (
  SELECT symbol, segment, max(level_close) AS high_close, min(level_close) AS low_close,
         max(level_high) AS high, min(level_low) AS low
  FROM level_day
  WHERE number < (SELECT number FROM reach)
  GROUP BY symbol, segment
),
slid AS (
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
         max(level_close) OVER since AS high_close_since,
         min(level_close) OVER since AS low_close_since,
         max(level_high) OVER since AS high_since,
         min(level_low) OVER since AS low_since,
         CASE WHEN lag(number, 19) OVER w >= number - 250
           THEN sum(level_close) OVER days_19 END AS sum_19,
         CASE WHEN lag(number, 49) OVER w >= number - 250
           THEN sum(level_close) OVER days_49 END AS sum_49,
         CASE WHEN lag(number, 199) OVER w >= number - 250
           THEN sum(level_close) OVER days_199 END AS sum_199
  FROM level_day l
  WHERE number >= (SELECT number FROM reach)
  WINDOW w AS (PARTITION BY symbol, segment ORDER BY number),
    sessions_250 AS (
      PARTITION BY symbol, segment ORDER BY number RANGE BETWEEN 250 PRECEDING AND 1 PRECEDING),
    weeks_52 AS (PARTITION BY symbol, segment ORDER BY day RANGE BETWEEN 364 PRECEDING AND 1 PRECEDING),
    since AS (PARTITION BY symbol, segment ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    days_19 AS (PARTITION BY symbol, segment ORDER BY number ROWS BETWEEN 19 PRECEDING AND 1 PRECEDING),
    days_49 AS (PARTITION BY symbol, segment ORDER BY number ROWS BETWEEN 49 PRECEDING AND 1 PRECEDING),
    days_199 AS (PARTITION BY symbol, segment ORDER BY number ROWS BETWEEN 199 PRECEDING AND 1 PRECEDING)
),
past AS (
  SELECT w.*,
         greatest(high_close_since, e.high_close) AS high_close_ever,
         least(low_close_since, e.low_close) AS low_close_ever,
         greatest(high_since, e.high) AS high_ever, least(low_since, e.low) AS low_ever
  FROM slid w LEFT JOIN earlier e ON e.symbol = w.symbol AND e.segment = w.segment
),
unasked AS (
  SELECT * FROM level_day WHERE number < (SELECT number FROM reach)
)
