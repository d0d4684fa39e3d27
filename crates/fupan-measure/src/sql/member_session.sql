-- Sums over the members of each index in each session: of the SSE Composite by the rules, of others
-- by published weights.
SELECT session, '000001.SH' AS index_symbol, count(*) AS members, count(composite_cap) AS known,
       CAST(sum(composite_cap) AS DOUBLE) AS cap, CAST(sum(composite_change) AS DOUBLE) AS change
FROM security_day
WHERE composite
GROUP BY session
UNION ALL
SELECT session, index_symbol, count(*), count(worth), sum(worth), sum(change)
FROM basket_day
WHERE index_symbol <> '000001.SH'
GROUP BY session, index_symbol
