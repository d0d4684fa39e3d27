-- The sessions in which a security has no row and may have lost one: an import that supplied chosen
-- bars of its exchange lost a row that names the security, or one that names no security.
WITH gave AS (
  SELECT DISTINCT session, exchange, import_id
  FROM daily_bar
  WHERE import_id IN (SELECT import_id FROM lost_row)
),
lost AS (
  SELECT DISTINCT g.session, g.exchange, coalesce(c.last_code, r.symbol) AS symbol
  FROM gave g
  JOIN lost_row r ON r.import_id = g.import_id
       AND (r.session IS NULL OR r.session = g.session)
       AND (r.exchange IS NULL OR r.exchange = g.exchange)
  LEFT JOIN code_span c ON c.code = r.symbol
),
of_share AS (
  SELECT session, symbol FROM lost WHERE symbol IS NOT NULL
  UNION
  SELECT l.session, s.symbol
  FROM lost l JOIN listed_share s ON s.exchange = l.exchange
  WHERE l.symbol IS NULL
)
SELECT o.symbol, c.session, c.number
FROM of_share o
JOIN calendar c ON c.session = o.session
WHERE NOT EXISTS (SELECT 1 FROM daily_bar b WHERE b.symbol = o.symbol AND b.session = o.session)
