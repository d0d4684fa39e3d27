-- How much of the market has quotes, measured by the session's own daily bars as a whole. If a
-- source states no turnover, an estimate is used.
SELECT :last AS session, q.quoted, b.part, b.whole
FROM (SELECT count(DISTINCT symbol) AS quoted FROM quote_row) q
CROSS JOIN (
  SELECT sum(CASE WHEN o.symbol IS NULL THEN 0 ELSE c.fen END) AS part, sum(c.fen) AS whole
  FROM (SELECT symbol, coalesce(turnover,
                 volume * (CAST(open AS BIGINT) + high + low + close) / 400) AS fen
        FROM closing_bar WHERE volume > 0) c
  LEFT JOIN (SELECT DISTINCT symbol FROM quote_row) o ON o.symbol = c.symbol) b
