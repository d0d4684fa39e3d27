-- One row per index and session. Of several sources, the requested one comes first, then one with
-- turnover, then the first by name.
WITH ranked AS (
  SELECT i.symbol, i.session, c.number, CAST(i.open AS BIGINT) AS open,
         CAST(i.high AS BIGINT) AS high, CAST(i.low AS BIGINT) AS low,
         CAST(i.close AS BIGINT) AS close, i.turnover,
         row_number() OVER (
           PARTITION BY i.symbol, i.session
           ORDER BY CASE WHEN :source THEN 0 ELSE 1 END,
                    CASE WHEN i.turnover IS NULL THEN 1 ELSE 0 END, i.source, i.import_id) AS place
  FROM index_bar i JOIN calendar c ON c.session = i.session
  WHERE i.session <= :last
),
linked AS (
  SELECT symbol, session, number, open, high, low, close, turnover,
         CASE WHEN lag(number) OVER w = number - 1 THEN lag(close) OVER w END AS prev_close,
         CASE WHEN lag(number) OVER w = number - 1 THEN lag(turnover) OVER w END AS prev_turnover,
         date_trunc('month', session) AS month, date_trunc('year', session) AS year
  FROM ranked
  WHERE place = 1
  WINDOW w AS (PARTITION BY symbol ORDER BY session)
),
-- The previous close of the first session of a month, and of a year.
opened AS (
  SELECT l.*,
         first_value(prev_close) OVER (PARTITION BY symbol, month ORDER BY session)
           AS before_month,
         first_value(prev_close) OVER (PARTITION BY symbol, year ORDER BY session) AS before_year
  FROM linked l
),
stepped AS (
  SELECT l.*, CAST(coalesce(signum(close - prev_close), 0) AS BIGINT) AS step FROM opened l
),
turned AS (
  SELECT s.*, CASE WHEN step = lag(step) OVER (PARTITION BY symbol ORDER BY session)
                THEN 0 ELSE 1 END AS turns
  FROM stepped s
),
run AS (
  SELECT t.*, sum(turns) OVER (
           PARTITION BY symbol ORDER BY session ROWS UNBOUNDED PRECEDING) AS run
  FROM turned t
),
-- The last session before each with a level beyond its own.
beyond AS (
  SELECT t.symbol, t.session,
         t.number - max(CASE WHEN p.close > t.close THEN p.number END) AS high_since,
         t.number - max(CASE WHEN p.close < t.close THEN p.number END) AS low_since,
         t.number - max(CASE WHEN p.high > t.high THEN p.number END) AS top_since,
         t.number - max(CASE WHEN p.low < t.low THEN p.number END) AS bottom_since
  FROM linked t
  JOIN linked p ON p.symbol = t.symbol AND p.number < t.number
       AND (p.close <> t.close OR p.high > t.high OR p.low < t.low)
  WHERE t.session >= :first
  GROUP BY t.symbol, t.session, t.number
),
-- Round levels: multiples of 100 points from 1,000 points on, and of 1,000, in ten-thousandths.
round_level AS (
  SELECT 100 AS step, CAST(value AS BIGINT) * 1000000 AS level FROM generate_series(10, 2147)
  UNION ALL
  SELECT 1000, CAST(value AS BIGINT) * 10000000 FROM generate_series(1, 214)
),
crossed AS (
  SELECT r.symbol, r.session,
         max(CASE WHEN l.level > r.prev_close AND l.level <= r.close AND l.step = 100 THEN l.level END) AS gained_100,
         max(CASE WHEN l.level > r.prev_close AND l.level <= r.close AND l.step = 1000 THEN l.level END) AS gained_1000,
         min(CASE WHEN l.level <= r.prev_close AND l.level > r.close AND l.step = 100 THEN l.level END) AS lost_100,
         min(CASE WHEN l.level <= r.prev_close AND l.level > r.close AND l.step = 1000 THEN l.level END) AS lost_1000,
         max(CASE WHEN l.level > r.prev_close AND l.level <= r.high AND l.step = 100 THEN l.level END) AS touched_100,
         max(CASE WHEN l.level > r.prev_close AND l.level <= r.high AND l.step = 1000 THEN l.level END) AS touched_1000,
         min(CASE WHEN l.level <= r.prev_close AND l.level > r.low AND l.step = 100 THEN l.level END) AS broken_100,
         min(CASE WHEN l.level <= r.prev_close AND l.level > r.low AND l.step = 1000 THEN l.level END) AS broken_1000
  FROM linked r
  JOIN round_level l ON l.level BETWEEN least(r.prev_close, r.low) AND greatest(r.prev_close, r.high)
  WHERE r.session >= :first AND r.prev_close IS NOT NULL
  GROUP BY r.symbol, r.session
)
SELECT r.symbol, r.session, r.open, r.high, r.low, r.close, r.prev_close, r.close - r.prev_close AS points,
       CASE WHEN r.before_month > 0
         THEN CAST(round((r.close - r.before_month) * 1e9 / r.before_month) AS BIGINT) END
         AS month_to_date,
       CASE WHEN r.before_year > 0
         THEN CAST(round((r.close - r.before_year) * 1e9 / r.before_year) AS BIGINT) END
         AS year_to_date,
       CASE WHEN r.prev_close > 0
         THEN CAST(round((r.close - r.prev_close) * 1e9 / r.prev_close) AS BIGINT) END AS ret,
       CASE WHEN r.prev_close IS NOT NULL
         THEN r.step * row_number() OVER (PARTITION BY r.symbol, r.run ORDER BY r.session) END
         AS gain_streak,
       CASE WHEN r.prev_close > 0
         THEN CAST(round((r.open - r.prev_close) * 1e9 / r.prev_close) AS BIGINT) END AS gap,
       CASE WHEN r.prev_close > 0
         THEN CAST(round((r.high - r.low) * 1e9 / r.prev_close) AS BIGINT) END AS amplitude,
       r.turnover, r.prev_turnover,
       CASE WHEN r.turnover IS NOT NULL AND r.prev_turnover IS NOT NULL
         THEN r.turnover - r.prev_turnover END AS turnover_change,
       CASE WHEN r.turnover IS NOT NULL AND r.prev_turnover > 0
         THEN CAST(round((r.turnover - r.prev_turnover) * 1e9 / r.prev_turnover) AS BIGINT) END
         AS turnover_change_rate,
       b.high_since, b.low_since, b.top_since, b.bottom_since,
       k.gained_100, k.gained_1000, k.lost_100, k.lost_1000,
       k.touched_100, k.touched_1000, k.broken_100, k.broken_1000
FROM run r
LEFT JOIN beyond b ON b.symbol = r.symbol AND b.session = r.session
LEFT JOIN crossed k ON k.symbol = r.symbol AND k.session = r.session
