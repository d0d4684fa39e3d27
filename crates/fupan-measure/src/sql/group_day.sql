-- The mean return of each group in each of the last sessions, over the members of that session. The
-- groups are those of `told_group`.
SELECT r.session, r.number, t.subject, t.kind, CAST(round(avg(r.ret)) AS BIGINT) AS ret
FROM (SELECT DISTINCT m.session, m.symbol, m.subject FROM (:members) m) g
JOIN told_group t ON t.subject = g.subject
JOIN recent_day r ON r.session = g.session AND r.symbol = g.symbol
WHERE r.ret IS NOT NULL
GROUP BY r.session, r.number, t.subject, t.kind
