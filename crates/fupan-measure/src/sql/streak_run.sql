-- Gaps and islands: rows that were sealed, or may have been under an unknown limit, on successive
-- traded days form one run. A day of unknown limit makes the streak unknown from there on. So does
-- a run that begins with the security's first row, or right after missing rows. The sealed days
-- since then are a lower bound of the streak.
WITH run_day AS (
  SELECT symbol, segment, place, is_new, CASE WHEN doubtful THEN 1 ELSE 0 END AS doubt,
         segment_place
           - CAST(row_number() OVER (PARTITION BY symbol, segment ORDER BY place) AS BIGINT) AS run
  FROM limit_ever
  WHERE sealed OR doubtful
)
SELECT symbol, place,
       CASE WHEN sum(doubt) OVER w > 0 THEN NULL
            WHEN run = 0 AND NOT is_new THEN NULL
            ELSE row_number() OVER w END AS streak,
       least(row_number() OVER w,
             place - coalesce(max(CASE WHEN doubt = 1 THEN place END) OVER w, 0)) AS at_least
FROM run_day
WINDOW w AS (PARTITION BY symbol, segment, run ORDER BY place ROWS UNBOUNDED PRECEDING)
