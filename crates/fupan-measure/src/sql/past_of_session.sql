-- Compares each row of one session with every earlier row of its security. `past_of_range.sql` does
-- the same for many sessions.
summed AS (
  SELECT t.symbol AS of_symbol,
         count(*) FILTER (WHERE b.number >= t.number - 250) AS days_250,
         max(b.level_close) FILTER (WHERE b.number >= t.number - 250) AS high_close_250,
         min(b.level_close) FILTER (WHERE b.number >= t.number - 250) AS low_close_250,
         max(b.level_high) FILTER (WHERE b.number >= t.number - 250) AS high_250,
         min(b.level_low) FILTER (WHERE b.number >= t.number - 250) AS low_250,
         count(*) FILTER (WHERE b.day >= t.day - 364) AS days_52w,
         max(b.level_close) FILTER (WHERE b.day >= t.day - 364) AS high_close_52w,
         min(b.level_close) FILTER (WHERE b.day >= t.day - 364) AS low_close_52w,
         max(b.level_high) FILTER (WHERE b.day >= t.day - 364) AS high_52w,
         min(b.level_low) FILTER (WHERE b.day >= t.day - 364) AS low_52w,
         max(b.level_close) AS high_close_ever, min(b.level_close) AS low_close_ever,
         max(b.level_high) AS high_ever, min(b.level_low) AS low_ever,
         CASE WHEN count(*) FILTER (WHERE b.place >= t.place - 19) = 19
           AND min(b.number) FILTER (WHERE b.place >= t.place - 19) >= t.number - 250
           THEN sum(b.level_close) FILTER (WHERE b.place >= t.place - 19) END AS sum_19,
         CASE WHEN count(*) FILTER (WHERE b.place >= t.place - 49) = 49
           AND min(b.number) FILTER (WHERE b.place >= t.place - 49) >= t.number - 250
           THEN sum(b.level_close) FILTER (WHERE b.place >= t.place - 49) END AS sum_49,
         CASE WHEN count(*) FILTER (WHERE b.place >= t.place - 199) = 199
           AND min(b.number) FILTER (WHERE b.place >= t.place - 199) >= t.number - 250
           THEN sum(b.level_close) FILTER (WHERE b.place >= t.place - 199) END AS sum_199
  FROM level_day t
  LEFT JOIN level_day b ON b.symbol = t.symbol AND b.segment = t.segment
       AND b.number < t.number
  WHERE t.session >= :first
  GROUP BY t.symbol, t.number, t.day, t.place
),
past AS (
  SELECT l.*, s.*
  FROM level_day l JOIN summed s ON s.of_symbol = l.symbol
  WHERE l.session >= :first
),
unasked AS (
  SELECT * FROM level_day WHERE session < :first
)
