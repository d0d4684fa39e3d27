-- The limits of some rows. The rules are written here a second time on purpose: this is the
-- cross-check. Limits are computed on integers; days are counted since 1970-01-01.
WITH delisting AS (
  SELECT m.symbol, d.since, max(m.since) FILTER (WHERE m.since < d.since AND m.delisting IS NOT NULL) AS unmarked
  FROM name_span m
  JOIN (SELECT symbol, min(since) AS since FROM name_span WHERE delisting GROUP BY symbol) d
    ON d.symbol = m.symbol
  GROUP BY m.symbol, d.since
),
day AS (
  SELECT session, number, CAST(session AS INT) AS day FROM calendar
),
-- If the mark was not seen to appear, the period may have begun in any of several sessions.
doubtful_delisting AS (
  SELECT d.symbol, min(c.day) AS from_day, d.since AS to_day
  FROM delisting d
  JOIN day c ON c.day <= d.since AND c.day >= d.since - 60
       AND c.day > coalesce(d.unmarked, 0)
  GROUP BY d.symbol, d.since
  HAVING count(*) > 1
),
named AS (
  SELECT symbol, bool_and(warned IS NOT NULL) AS clear FROM name_span GROUP BY symbol
),
bar AS (
  SELECT b.*, CAST(b.session AS INT) AS day
  FROM bar_day b LEFT JOIN named n ON n.symbol = b.symbol
  WHERE :rows
),
known AS (
  SELECT b.*,
         -- Rows that begin on the day on which all codes changed are not a new listing.
         coalesce(b.listed_on, CASE WHEN b.first_seen > b.known_from
           AND NOT (b.board = 'bse' AND b.first_seen = DATE '2025-10-09') THEN b.first_seen END)
           AS first_on,
         coalesce(n.warned, f.warned) AS nearest_warned,
         coalesce(n.warned IS NOT NULL
                  AND (n.since = b.day OR (n.until IS NOT NULL AND n.agree)), false)
           AS status_known,
         coalesce((n.since = b.day OR (n.until IS NOT NULL AND n.agree)) AND n.s_share, false)
           AS s_share,
         d.since AS delisting_since,
         coalesce(b.day BETWEEN dd.from_day AND dd.to_day, false) AS delisting_may_begin
  FROM bar b
  LEFT JOIN name_span n ON n.symbol = b.symbol AND b.day >= n.since
       AND (n.until IS NULL OR b.day < n.until)
  LEFT JOIN name_span f ON f.symbol = b.symbol AND f.place = 1 AND b.day < f.since
  LEFT JOIN delisting d ON d.symbol = b.symbol AND d.since <= b.day
  LEFT JOIN doubtful_delisting dd ON dd.symbol = b.symbol
),
first_number AS (
  SELECT f.first_on, min(c.number) AS number
  FROM (SELECT DISTINCT first_on FROM known WHERE first_on IS NOT NULL) f
  JOIN calendar c ON c.session >= f.first_on
  GROUP BY f.first_on
),
first_session AS (
  SELECT k.*, f.number AS first_number,
         CASE WHEN k.first_on IS NULL OR k.session < k.first_on
                OR k.first_on < DATE '1992-05-21' THEN NULL
              WHEN k.number - f.number >= CASE k.board
                WHEN 'star' THEN 5
                WHEN 'bse' THEN CASE WHEN k.first_on >= DATE '2021-11-15' THEN 1 ELSE 0 END
                WHEN 'chinext' THEN CASE WHEN k.first_on >= DATE '2020-08-24' THEN 5 ELSE 1 END
                ELSE CASE WHEN k.first_on >= DATE '2023-04-10' THEN 5 ELSE 1 END END THEN NULL
              WHEN k.first_on >= DATE '2014-01-17'
                AND ((k.board = 'chinext' AND k.first_on < DATE '2020-08-24')
                  OR (k.board = 'main' AND k.first_on < DATE '2023-04-10')) THEN 'issue'
              ELSE 'unlimited' END AS after_listing,
         k.session >= DATE '2020-12-31' AND k.delisting_since = k.day AS delisting_begins
  FROM known k LEFT JOIN first_number f ON f.first_on = k.first_on
),
percented AS (
  SELECT f.*, nullif(prev_close, 0) AS base,
         CASE WHEN delisting_may_begin AND session >= DATE '2020-12-31' THEN 'unlimited'
              WHEN listed_on IS NULL THEN after_listing END AS possible_first,
         coalesce(delisting_since = day, false) OR (listed_on IS NULL AND first_on IS NOT NULL)
           AS likelier,
         CASE WHEN delisting_begins THEN 'unlimited'
              WHEN listed_on IS NOT NULL AND after_listing IS NOT NULL THEN after_listing
              WHEN board = 'bse' AND session < listed_on THEN 'unknown' END AS stated_first,
         CASE WHEN board = 'bse' THEN 30
              WHEN board = 'star' OR (board = 'chinext' AND session >= DATE '2020-08-24') THEN 20
              ELSE 10 END AS band,
         CASE WHEN board = 'main' AND delisting_since IS NULL AND s_share
                AND session >= DATE '2007-01-08' THEN 5 END AS s_percent,
         CASE WHEN board = 'main' AND delisting_since IS NULL
                AND session < DATE '2026-07-06' THEN 5 END AS st_percent
  FROM first_session f
),
priced AS (
  SELECT p.*,
         CASE WHEN board = 'bse' THEN base * 130 / 10000
              ELSE greatest((base * (100 + band) + 5000) / 10000, base / 100 + 1) END * 100
           AS wide_up,
         greatest(1, CASE WHEN board = 'bse' THEN (base * 70 + 9999) / 10000
              ELSE least((base * (100 - band) + 5000) / 10000, (base - 1) / 100) END) * 100
           AS wide_down,
         CASE WHEN board = 'bse' THEN base * 130 / 10000
              ELSE greatest((base * (100 + coalesce(s_percent, band)) + 5000) / 10000,
                            base / 100 + 1) END * 100 AS plain_up,
         greatest(1, CASE WHEN board = 'bse' THEN (base * 70 + 9999) / 10000
              ELSE least((base * (100 - coalesce(s_percent, band)) + 5000) / 10000,
                         (base - 1) / 100) END) * 100 AS plain_down,
         CASE WHEN board = 'bse' THEN base * 130 / 10000
              ELSE greatest((base * (100 + coalesce(s_percent, st_percent, band)) + 5000)
                            / 10000, base / 100 + 1) END * 100 AS warned_up,
         greatest(1, CASE WHEN board = 'bse' THEN (base * 70 + 9999) / 10000
              ELSE least((base * (100 - coalesce(s_percent, st_percent, band)) + 5000)
                         / 10000, (base - 1) / 100) END) * 100 AS warned_down,
         (nullif(coalesce(issue_price, base), 0) * 144 + 5000) / 10000 * 100 AS issue_up,
         greatest(1, (nullif(coalesce(issue_price, base), 0) * 64 + 5000) / 10000) * 100
           AS issue_down
  FROM percented p
),
left_band AS (
  SELECT p.*, high > wide_up OR low < wide_down AS left_wide,
         high > plain_up OR low < plain_down AS left_plain,
         high > warned_up OR low < warned_down AS left_warned
  FROM priced p
),
-- A price beyond the narrower band proves the wider one, whatever the names say.
classed AS (
  SELECT p.*,
         CASE
           WHEN NOT left_wide AND CASE WHEN status_known AND NOT nearest_warned THEN left_plain
                                       ELSE left_warned END THEN 'wide'
           WHEN status_known THEN CASE WHEN nearest_warned THEN 'warned' ELSE 'plain' END
           WHEN plain_up = warned_up AND plain_down = warned_down THEN 'plain'
           WHEN left_warned THEN 'plain'
           WHEN high <> warned_up AND low <> warned_down THEN 'plain'
           WHEN nearest_warned IS NULL THEN 'unknown'
           WHEN nearest_warned THEN 'warned'
           ELSE 'plain' END AS class
  FROM left_band p
),
ordinary AS (
  SELECT c.*,
         CASE class WHEN 'warned' THEN warned_up WHEN 'wide' THEN wide_up
                    WHEN 'plain' THEN plain_up END AS ordinary_up,
         CASE class WHEN 'warned' THEN warned_down WHEN 'wide' THEN wide_down
                    WHEN 'plain' THEN plain_down END AS ordinary_down
  FROM classed c
),
-- Rules that need no reference price come first.
decided AS (
  SELECT o.*,
         CASE
           WHEN possible_first IS NOT NULL THEN
             CASE WHEN ordinary_up IS NULL AND likelier THEN possible_first
                  WHEN ordinary_up IS NULL THEN 'unknown'
                  WHEN high > ordinary_up OR low < ordinary_down THEN possible_first
                  WHEN high = ordinary_up OR low = ordinary_down THEN 'ordinary'
                  WHEN likelier THEN possible_first
                  ELSE 'ordinary' END
           WHEN stated_first IS NOT NULL THEN stated_first
           WHEN ordinary_up IS NULL THEN 'unknown'
           ELSE 'ordinary' END AS rule
  FROM ordinary o
),
ruled AS (
  SELECT d.*,
         CASE rule WHEN 'ordinary' THEN ordinary_up WHEN 'issue' THEN issue_up END AS rule_up,
         CASE rule WHEN 'ordinary' THEN ordinary_down WHEN 'issue' THEN issue_down END
           AS rule_down
  FROM decided d
),
-- A limit that the day's prices passed is dropped, and so is a previous close that no source
-- states.
kept AS (
  SELECT r.*, coalesce(high > rule_up OR low < rule_down, false) AS outside FROM ruled r
),
limited AS (
  SELECT session, number, symbol, exchange, board, open, high, low, close, volume,
         turnover_or_estimate, place, segment, segment_place, missing, last_number, first_on,
         first_number, listed_on, first_seen,
         known_from, band, class, rule, nearest_warned, delisting_since,
         CASE WHEN NOT (derived AND outside) THEN prev_close END AS prev_close,
         CASE WHEN rule IN ('ordinary', 'issue')
           THEN CASE WHEN outside OR rule_up IS NULL THEN 'unknown' ELSE 'limited' END
           ELSE rule END AS limit_kind,
         CASE WHEN NOT outside THEN rule_up END AS limit_up,
         CASE WHEN NOT outside AND rule_up IS NOT NULL THEN rule_down END AS limit_down,
         new_high, new_low, new_high_52w, new_low_52w, new_high_ever, new_low_ever,
         intraday_high, intraday_low, intraday_high_52w, intraday_low_52w, intraday_high_ever,
         intraday_low_ever,
         above_ma20, above_ma50, above_ma200
  FROM kept
)
SELECT session, number, symbol, exchange, board, open, high, low, close, prev_close, volume,
       turnover_or_estimate, place, segment, segment_place, missing, first_seen, first_on, first_number,
       limit_kind, limit_up, limit_down, band, nearest_warned IS NULL AS nameless,
       coalesce(close = limit_up, false) AS sealed,
       coalesce(number - last_number - 1, 0) AS gap_sessions,
       -- Whether a day of unknown limit may have been sealed: no limit is under three percent.
       limit_kind = 'unknown' AND NOT coalesce(prev_close >= 1000
         AND close * 100 < prev_close * 103, false) AS doubtful,
       -- Whether nothing can have happened before the security's first row.
       segment = 0 AND (coalesce(listed_on, first_on, known_from) > known_from
         OR coalesce(listed_on = known_from, false)) AS is_new,
       new_high, new_low, new_high_52w, new_low_52w, new_high_ever, new_low_ever,
       intraday_high, intraday_low, intraday_high_52w, intraday_low_52w, intraday_high_ever,
       intraday_low_ever,
       above_ma20, above_ma50, above_ma200,
       -- In parts per billion, rounded half away from zero.
       CASE WHEN prev_close > 0
         THEN CAST(round((close - prev_close) * 1e9 / prev_close) AS BIGINT) END AS ret,
       CASE WHEN prev_close > 0
         THEN CAST(round((open - prev_close) * 1e9 / prev_close) AS BIGINT) END AS open_ret,
       -- Under risk warning as far as known, unless the prices prove the wider band.
       coalesce(nearest_warned, false) AND NOT (class = 'wide' AND rule = 'ordinary') AS warned,
       delisting_since IS NOT NULL AS delisting
FROM limited
