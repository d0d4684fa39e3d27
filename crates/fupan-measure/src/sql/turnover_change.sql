WITH day AS (
  SELECT session, number, sum(fen) AS fen,
         max(CASE exchange WHEN 'SH' THEN 1 ELSE 0 END) AS sh,
         max(CASE exchange WHEN 'SZ' THEN 1 ELSE 0 END) AS sz,
         max(CASE exchange WHEN 'BJ' THEN 1 ELSE 0 END) AS bj
  FROM turnover_day
  WHERE :scope
  GROUP BY session, number
),
-- Sessions on which the same exchanges traded; the BSE opened on 2021-11-15.
past AS (
  SELECT p.fen, t.fen AS today, t.number - p.number AS back
  FROM day t
  JOIN day p ON p.session < t.session AND p.sh = t.sh AND p.sz = t.sz
       AND (p.bj = t.bj OR p.session < DATE '2021-11-15')
  WHERE t.session = :session
)
SELECT today - fen FROM past WHERE back = 1
