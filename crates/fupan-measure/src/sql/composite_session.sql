-- Sums over the members of the SSE Composite in each session.
SELECT session, count(*) AS members, count(composite_cap) AS known,
       CAST(sum(composite_cap) AS DOUBLE) AS cap, CAST(sum(composite_change) AS DOUBLE) AS change
FROM security_day
WHERE composite
GROUP BY session
