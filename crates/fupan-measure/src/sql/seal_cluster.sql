-- A cluster begins with a sealed day after four or more unsealed traded days. What came before the
-- security's first row, or before missing rows, may have begun it too.
WITH step AS (
  SELECT symbol, segment, place, number, is_new OR segment_place > 4 AS known,
         CASE WHEN place - lag(place) OVER w <= 4 THEN 0 ELSE 1 END AS begins
  FROM limit_ever
  WHERE sealed
  WINDOW w AS (PARTITION BY symbol, segment ORDER BY place)
),
clustered AS (
  SELECT symbol, segment, place, number, known,
         sum(begins) OVER (PARTITION BY symbol, segment ORDER BY place ROWS UNBOUNDED PRECEDING)
           AS cluster
  FROM step
)
SELECT symbol, place,
       CASE WHEN first_value(known) OVER w THEN number - first_value(number) OVER w + 1 END
         AS days,
       CASE WHEN first_value(known) OVER w THEN row_number() OVER w END AS boards
FROM clustered
WINDOW w AS (PARTITION BY symbol, segment, cluster ORDER BY place)
