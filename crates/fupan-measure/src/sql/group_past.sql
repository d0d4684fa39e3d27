-- One row per group: its returns over several sessions, its places by them among the groups of its
-- kind, in how many of the last twenty sessions it was among the best tenth of them, and where it
-- stands in its own past.
WITH placed AS (
  SELECT l.subject, l.sessions, l.ret, t.kind,
         rank() OVER (PARTITION BY t.kind, l.sessions ORDER BY l.ret DESC) AS place
  FROM group_level l JOIN told_group t ON t.subject = l.subject
),
-- A tenth is rounded up.
daily AS (
  SELECT subject, number,
         rank() OVER (PARTITION BY kind, number ORDER BY ret DESC) * 10
           < count(*) OVER (PARTITION BY kind, number) + 10 AS is_top
  FROM group_day
  WHERE kind IS NOT NULL
    AND number > (SELECT max(number) FROM calendar WHERE session = :last) - 20
),
topped AS (
  SELECT subject, count(*) AS days, count(*) FILTER (WHERE is_top) AS top_days
  FROM daily GROUP BY subject
),
size AS (
  SELECT kind, count(*) AS peers FROM told_group WHERE kind IS NOT NULL GROUP BY kind
)
SELECT :last AS session, t.subject,
       max(p.ret) FILTER (WHERE p.sessions = 5) AS return_5,
       max(p.ret) FILTER (WHERE p.sessions = 20) AS return_20,
       max(p.place) FILTER (WHERE p.sessions = 1 AND p.kind IS NOT NULL) AS place_1,
       max(p.place) FILTER (WHERE p.sessions = 5 AND p.kind IS NOT NULL) AS place_5,
       max(p.place) FILTER (WHERE p.sessions = 20 AND p.kind IS NOT NULL) AS place_20,
       max(CASE WHEN d.days = 20 AND s.peers >= 10 THEN d.top_days END) AS top_tenth,
       max(o.own_return_part) AS own_return_part, max(o.own_return_whole) AS own_return_whole,
       max(o.own_share_part) AS own_share_part, max(o.own_share_whole) AS own_share_whole,
       max(o.own_share_change) AS own_share_change
FROM told_group t
LEFT JOIN group_own o ON o.subject = t.subject
LEFT JOIN placed p ON p.subject = t.subject
LEFT JOIN topped d ON d.subject = t.subject
LEFT JOIN size s ON s.kind = t.kind
GROUP BY t.subject
