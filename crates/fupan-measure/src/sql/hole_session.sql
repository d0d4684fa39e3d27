-- Each exchange in each session: whether its data lack the session, because it has no rows, or
-- fewer than half as many as in one of the twenty sessions before; and the last such session before
-- it.
WITH held AS (
  SELECT b.exchange, b.session, count(*) AS held
  FROM daily_bar b
  GROUP BY b.exchange, b.session
),
place AS (
  SELECT e.exchange, c.session, c.number, coalesce(h.held, 0) AS held
  FROM calendar c
  CROSS JOIN (VALUES ('SH'), ('SZ'), ('BJ')) AS e (exchange)
  LEFT JOIN held h ON h.exchange = e.exchange AND h.session = c.session
  WHERE c.session BETWEEN :from AND :last
),
judged AS (
  SELECT p.*, held = 0 OR held * 2 < coalesce(max(held) OVER (
           PARTITION BY exchange ORDER BY number ROWS BETWEEN 20 PRECEDING AND 1 PRECEDING), 0)
           AS hole
  FROM place p
)
SELECT exchange, session, number,
       max(CASE WHEN hole THEN number END) OVER w AS last_hole,
       max(CASE WHEN hole THEN session END) OVER w AS last_hole_session
FROM judged
WINDOW w AS (PARTITION BY exchange ORDER BY number
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
