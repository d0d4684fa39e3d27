-- What the quotes of the session say about the limit-up price, for securities seen sealed at it:
-- the last price of a quote is that price, or the session's first one opens there.
WITH seen AS (
  SELECT q.symbol, q.time, q.span, q.open, q.low, q.last, l.limit_up,
         row_number() OVER w AS place,
         lag(q.last) OVER w AS last_before,
         min(q.low) OVER (
           PARTITION BY q.symbol ORDER BY q.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
           AS low_before
  FROM quote_row q JOIN limit_day l ON l.symbol = q.symbol AND l.session = :last
  WHERE q.volume > 0 AND l.limit_up IS NOT NULL
  WINDOW w AS (PARTITION BY q.symbol ORDER BY q.place)
),
judged AS (
  SELECT symbol, time, place,
         CASE WHEN place = 1 THEN open = limit_up ELSE last_before = limit_up END AS was_sealed,
         last = limit_up AS is_sealed,
         -- The low of a snapshot may already have been known before it.
         low < limit_up AND (span IS NOT NULL OR low_before IS NULL OR low < low_before) AS dipped
  FROM seen
),
marked AS (
  SELECT symbol, time, place, was_sealed, is_sealed,
         was_sealed AND (NOT is_sealed OR dipped) AS was_left
  FROM judged
  WHERE was_sealed OR is_sealed
)
SELECT :last AS session, coalesce(max(p.code), symbol) AS symbol, min(time) AS first_seal,
       coalesce(max(time) FILTER (WHERE is_sealed AND (was_left OR place = 1 OR NOT was_sealed)),
                min(time)) AS last_seal,
       count(*) FILTER (WHERE was_left) AS times_opened
FROM marked
LEFT JOIN code_span p ON p.last_code = symbol AND :last >= p.since AND :last < p.until
GROUP BY symbol
