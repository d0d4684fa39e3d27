SELECT t.number - max(p.number)
FROM index_day t JOIN index_day p ON p.symbol = t.symbol AND p.close > t.close
WHERE t.symbol = :symbol AND t.session = :session
GROUP BY t.number
