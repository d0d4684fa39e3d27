-- One row per index and session of the window: of several sources the one asked for, then one
-- with turnover, then the first by name.
WITH ranked AS (
  SELECT i.symbol, i.session, c.number, CAST(i.close AS BIGINT) AS close,
         row_number() OVER (
           PARTITION BY i.symbol, i.session
           ORDER BY CASE WHEN :source THEN 0 ELSE 1 END,
                    CASE WHEN i.turnover IS NULL THEN 1 ELSE 0 END, i.source, i.import_id) AS place
  FROM index_bar i JOIN calendar c ON c.session = i.session
  WHERE i.session BETWEEN :from AND :session
),
linked AS (
  SELECT symbol, session, number, close,
         CASE WHEN lag(number) OVER w = number - 1 THEN lag(close) OVER w END AS prev_close
  FROM ranked
  WHERE place = 1
  WINDOW w AS (PARTITION BY symbol ORDER BY session)
)
SELECT symbol, session, number, close, prev_close,
       CASE WHEN prev_close > 0
         THEN CAST(round((close - prev_close) * 1e9 / prev_close) AS BIGINT) END AS ret,
       CAST(coalesce(signum(close - prev_close), 0) AS BIGINT) AS step
FROM linked
