-- The return of each group over the last 5 and 20 sessions: one upon another, each step rounded half
-- away from zero to a part per billion. A group without a mean in one of them has no row.
WITH RECURSIVE grown AS (
  SELECT t.subject, w.column1 AS sessions,
         (SELECT max(number) FROM calendar WHERE session = :last) - w.column1 AS number,
         CAST(1000000000 AS BIGINT) AS level
  FROM told_group t CROSS JOIN (VALUES (1), (5), (20)) w
  UNION ALL
  SELECT g.subject, g.sessions, d.number,
         -- Whole multiples apart: a product of two numbers of this size has no room.
         g.level + CASE WHEN d.ret < 0 THEN -1 ELSE 1 END
           * (g.level * (abs(d.ret) / 1000000000)
              + (g.level * (abs(d.ret) % 1000000000) + 500000000) / 1000000000) AS level
  FROM grown g JOIN group_day d ON d.subject = g.subject AND d.number = g.number + 1
)
SELECT subject, sessions, level - 1000000000 AS ret
FROM grown
WHERE number = (SELECT max(number) FROM calendar WHERE session = :last)
