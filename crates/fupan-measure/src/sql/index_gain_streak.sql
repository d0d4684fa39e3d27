SELECT CASE WHEN t.prev_close IS NOT NULL THEN t.step * (
         count(*) FILTER (WHERE p.number > t.turn) ) END
FROM (SELECT i.*, coalesce((SELECT max(e.number) FROM index_day e
                            WHERE e.symbol = :symbol AND e.step <> (
                              SELECT step FROM index_day
                              WHERE symbol = :symbol AND session = :session)), 0) AS turn
      FROM index_day i
      WHERE i.symbol = :symbol AND i.session = :session) t
JOIN index_day p ON p.symbol = t.symbol
GROUP BY t.prev_close, t.step
