-- One row per index and session. Of several sources, the requested one comes first, then one with
-- turnover, then the first by name.
WITH ranked AS (
  SELECT i.symbol, i.session, c.number, CAST(i.close AS BIGINT) AS close,
         row_number() OVER (
           PARTITION BY i.symbol, i.session
           ORDER BY CASE WHEN :source THEN 0 ELSE 1 END,
                    CASE WHEN i.turnover IS NULL THEN 1 ELSE 0 END, i.source, i.import_id) AS place
  FROM index_bar i JOIN calendar c ON c.session = i.session
  WHERE i.session <= :last
),
linked AS (
  SELECT symbol, session, number, close,
         CASE WHEN lag(number) OVER w = number - 1 THEN lag(close) OVER w END AS prev_close,
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
higher AS (
  SELECT t.symbol, t.session, t.number - max(p.number) AS sessions
  FROM linked t
  JOIN linked p ON p.symbol = t.symbol AND p.number < t.number AND p.close > t.close
  WHERE t.session >= :first
  GROUP BY t.symbol, t.session, t.number
)
SELECT r.symbol, r.session, r.close, r.prev_close, r.close - r.prev_close AS points,
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
       h.sessions AS high_since
FROM run r
LEFT JOIN higher h ON h.symbol = r.symbol AND h.session = r.session
