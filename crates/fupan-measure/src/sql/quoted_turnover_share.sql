-- By the session's own daily bars, whole; an estimate stands in where a source states no turnover.
SELECT sum(CASE WHEN q.symbol IS NULL THEN 0 ELSE b.fen END) AS part, sum(b.fen) AS whole
FROM (SELECT symbol, coalesce(turnover, volume * (CAST(open AS BIGINT) + high + low + close) / 400)
               AS fen
      FROM closing_bar WHERE volume > 0) b
LEFT JOIN (SELECT DISTINCT symbol FROM quote_row) q ON q.symbol = b.symbol
