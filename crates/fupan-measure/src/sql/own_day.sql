-- The days on which a security traded in each of its spans, counted from one.
SELECT s.symbol, s.span, r.ret,
       CAST(row_number() OVER (PARTITION BY s.symbol, s.span ORDER BY r.number) AS BIGINT) AS place
FROM own_span s
JOIN recent_day r ON r.symbol = s.symbol AND r.number >= s.first_number
