-- The spans of sessions over which each security that traded in the session has a return: it traded
-- before the first of them, and its data lack none since.
WITH span AS (
  SELECT w.column1 AS span, CAST(n.number + 1 - w.column2 AS BIGINT) AS first_number
  FROM (SELECT max(number) AS number FROM calendar WHERE session = :last) n
  CROSS JOIN (VALUES ('5', 5), ('20', 20), ('60', 60)) w
  UNION ALL
  SELECT 'month', CAST(min(number) AS BIGINT) FROM calendar
  WHERE date_trunc('month', session) = date_trunc('month', :last)
  UNION ALL
  SELECT 'year', CAST(min(number) AS BIGINT) FROM calendar
  WHERE date_trunc('year', session) = date_trunc('year', :last)
  UNION ALL
  SELECT 'since', CAST(min(number) AS BIGINT) FROM calendar WHERE session > :since
)
SELECT r.symbol, s.span, s.first_number
FROM recent_day r
CROSS JOIN span s
JOIN calendar c ON c.number = s.first_number
WHERE r.session = :last AND c.session <= :last AND r.first_seen < c.session
  AND coalesce(r.missing < s.first_number, true)
