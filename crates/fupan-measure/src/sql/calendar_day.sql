-- Where each of the requested sessions with trade lies in the calendar. A closure is long if it has at least
-- three weekdays: between two weekdays lie five for each whole week, and those of what is left.
WITH near AS (
  SELECT session, number, CAST(session AS INT) AS day, CAST(date_part('isodow', session) AS INT) AS dow,
         lag(session) OVER w AS session_before, lead(session) OVER w AS session_after,
         max(number) OVER () AS last_number
  FROM calendar
  WINDOW w AS (ORDER BY number)
),
counted AS (
  SELECT n.*,
         (CAST(session_after AS INT) - day) / 7 * 5
           + (CAST(date_part('isodow', session_after) AS INT) - dow + 5) % 5 - 1 AS closed
  FROM near n
),
-- The holiday that is among the days after a session: those of its own year, or of the next.
holiday AS (
  SELECT number,
         CASE WHEN session < national AND session_after > national THEN 'national-day'
              WHEN session < labour AND session_after > labour THEN 'labour-day'
              WHEN session < next_year AND session_after > next_year THEN 'new-year'
              WHEN session_after > winter AND session < winter_end THEN 'lunar-new-year'
              ELSE 'other' END AS name
  FROM (SELECT c.*, make_date(CAST(date_part('year', session) AS INT), 10, 1) AS national,
               make_date(CAST(date_part('year', session) AS INT), 5, 1) AS labour,
               make_date(CAST(date_part('year', session) AS INT) + 1, 1, 1) AS next_year,
               make_date(CAST(date_part('year', session) AS INT), 1, 21) AS winter,
               make_date(CAST(date_part('year', session) AS INT), 2, 20) AS winter_end
        FROM counted c WHERE closed >= 3) d
),
placed AS (
  SELECT c.*, h.name,
         lag(h.name, 1) OVER w AS name_before,
         lead(h.name, 1) OVER w AS name_1, lead(h.name, 2) OVER w AS name_2
  FROM counted c LEFT JOIN holiday h ON h.number = c.number
  WINDOW w AS (ORDER BY c.number)
)
SELECT session,
       date_trunc('week', session) <> date_trunc('week', session_before) AS first_of_week,
       date_trunc('month', session) <> date_trunc('month', session_before) AS first_of_month,
       date_trunc('quarter', session) <> date_trunc('quarter', session_before) AS first_of_quarter,
       date_trunc('year', session) <> date_trunc('year', session_before) AS first_of_year,
       date_trunc('week', session) <> date_trunc('week', session_after) AS last_of_week,
       -- The calendar ends with a year.
       coalesce(date_trunc('month', session) <> date_trunc('month', session_after), true)
         AS last_of_month,
       coalesce(date_trunc('quarter', session) <> date_trunc('quarter', session_after), true)
         AS last_of_quarter,
       coalesce(date_trunc('year', session) <> date_trunc('year', session_after), true)
         AS last_of_year,
       coalesce(name, name_1, name_2) AS break_ahead,
       CASE WHEN name IS NOT NULL THEN 1 WHEN name_1 IS NOT NULL THEN 2
            WHEN name_2 IS NOT NULL THEN 3 END AS sessions_before_break,
       name_before AS break_behind
FROM placed
WHERE session BETWEEN :first AND :last AND session IN (SELECT session FROM turnover_day)
