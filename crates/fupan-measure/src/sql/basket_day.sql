-- The members of each index that has published weights in each session: what each was worth at the
-- previous close, and the change of that, in an index of a million. NULL where that is not known.
--
-- The list that holds is the last one before the session, for 45 days. Shares follow from its weights
-- and the closes of its day, and change on ex-rights days. Where rows do not say that a security did
-- not trade in a session, its price may have moved in it, and another reference price is no sign.
WITH stated AS (
  SELECT index_symbol, observed_on, source, symbol, weight,
         row_number() OVER (
           PARTITION BY index_symbol, observed_on, source, symbol ORDER BY import_id) AS copy
  FROM index_weight
),
-- Lists with the sum of their weights and the coarsest step that all are multiples of.
listed AS (
  SELECT index_symbol, observed_on, source, count(*) AS members, count(weight) AS weighted,
         sum(CAST(weight AS BIGINT)) AS total,
         CASE WHEN max(weight % 1000) = 0 THEN 1000 WHEN max(weight % 100) = 0 THEN 100
              WHEN max(weight % 10) = 0 THEN 10 ELSE 1 END AS step
  FROM stated
  WHERE copy = 1
  GROUP BY index_symbol, observed_on, source
),
-- Those that are whole: rounding errors of half a step add up as a random walk does.
ranked AS (
  SELECT index_symbol, observed_on, source,
         row_number() OVER (
           PARTITION BY index_symbol, observed_on ORDER BY members DESC, source) AS place
  FROM listed
  WHERE weighted = members
    AND 4 * (total - 1000000) * (total - 1000000) <= 9 * step * step * members
),
holding AS (
  SELECT c.session, c.number, r.index_symbol, max(r.observed_on) AS observed_on
  FROM calendar c
  JOIN ranked r ON r.observed_on < c.session AND c.session <= r.observed_on + INTERVAL '45' DAY
  WHERE r.place = 1 AND c.session BETWEEN :first AND :last
  GROUP BY c.session, c.number, r.index_symbol
),
member AS (
  SELECT h.session, h.number, h.index_symbol, h.observed_on, s.symbol, s.weight
  FROM holding h
  JOIN ranked r ON r.index_symbol = h.index_symbol AND r.observed_on = h.observed_on
       AND r.place = 1
  JOIN stated s ON s.index_symbol = r.index_symbol AND s.observed_on = r.observed_on
       AND s.source = r.source AND s.copy = 1
),
row_day AS (
  SELECT b.symbol, c.number, b.session, CAST(b.close AS DOUBLE) AS close,
         CAST(b.prev_close AS DOUBLE) AS prev_close,
         coalesce(b.volume > 0 AND b.open IS NOT NULL AND b.high IS NOT NULL AND b.low IS NOT NULL
           AND b.close IS NOT NULL, false) AS trades,
         CAST(row_number() OVER (PARTITION BY b.symbol ORDER BY c.number) AS BIGINT) AS row_place
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  WHERE b.symbol IN (SELECT symbol FROM member)
    -- Whoever has not traded for longer is not in the session.
    AND b.session >= :first - INTERVAL '2' YEAR
),
bar AS (
  SELECT r.*, lag(close) OVER w AS last_close, lead(session) OVER w AS next_session,
         lead(number) OVER w AS next_number,
         number - lag(number) OVER w > row_place - lag(row_place) OVER w AS unstated
  FROM row_day r
  WHERE trades
  WINDOW w AS (PARTITION BY symbol ORDER BY number)
),
moved AS (
  SELECT b.*, coalesce(prev_close > 0 AND last_close > 0 AND prev_close <> last_close, false)
           AS moves
  FROM bar b
),
-- How many shares one of the first has become, as a logarithm, and the last day since which that is
-- not sure.
grown AS (
  SELECT m.*,
         sum(CASE WHEN moves THEN ln(last_close / prev_close) ELSE 0.0 END)
           OVER (PARTITION BY symbol ORDER BY number) AS growth,
         max(CASE WHEN moves AND unstated THEN number END)
           OVER (PARTITION BY symbol ORDER BY number) AS unsure
  FROM moved m
),
worth AS (
  SELECT m.session, m.index_symbol, m.symbol,
         CASE WHEN coalesce(l.unsure <= f.number, true)
           THEN m.weight / nullif(f.close, 0) * exp(l.growth - f.growth) END AS shares,
         l.close AS last_close, coalesce(t.moves AND t.unstated, false) AS unsure
  FROM member m
  LEFT JOIN grown f ON f.symbol = m.symbol AND f.session <= m.observed_on
       AND coalesce(f.next_session > m.observed_on, true)
  LEFT JOIN grown l ON l.symbol = m.symbol AND l.number < m.number
       AND coalesce(l.next_number >= m.number, true)
  LEFT JOIN grown t ON t.symbol = m.symbol AND t.number = m.number
)
SELECT w.session, w.index_symbol, w.symbol,
       CASE WHEN d.volume = 0 OR (d.prev_close > 0 AND NOT w.unsure)
         THEN w.shares * w.last_close END AS worth,
       CASE WHEN d.volume = 0 THEN w.shares * 0
            WHEN d.prev_close > 0 AND NOT w.unsure
              THEN w.shares * w.last_close / d.prev_close * (d.close - d.prev_close) END AS change
FROM worth w
-- Days are under the codes of the session.
LEFT JOIN code_span p ON p.last_code = w.symbol AND w.session >= p.since AND w.session < p.until
LEFT JOIN security_day d ON d.session = w.session AND d.symbol = coalesce(p.code, w.symbol)
