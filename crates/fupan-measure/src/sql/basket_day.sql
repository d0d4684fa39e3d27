-- The members of each index that has published weights in each session: what each was worth at the
-- previous close, and the change of that, in an index of a million. NULL where that is not known.
--
-- The list that holds is the last one before the session, for 45 days. Shares follow from its weights
-- and the closes of its day, and change on ex-rights days.
WITH stated AS (
  SELECT index_symbol, observed_on, source, symbol, weight,
         row_number() OVER (
           PARTITION BY index_symbol, observed_on, source, symbol ORDER BY import_id) AS copy
  FROM index_weight
),
ranked AS (
  SELECT index_symbol, observed_on, source,
         row_number() OVER (
           PARTITION BY index_symbol, observed_on ORDER BY count(*) DESC, source) AS place
  FROM stated
  WHERE copy = 1
  GROUP BY index_symbol, observed_on, source
  HAVING count(weight) = count(*)
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
bar AS (
  SELECT b.symbol, c.number, b.session, CAST(b.close AS DOUBLE) AS close,
         CAST(b.prev_close AS DOUBLE) AS prev_close,
         CAST(lag(b.close) OVER w AS DOUBLE) AS last_close,
         lead(b.session) OVER w AS next_session, lead(c.number) OVER w AS next_number
  FROM daily_bar b JOIN calendar c ON c.session = b.session
  WHERE coalesce(b.volume > 0 AND b.open IS NOT NULL AND b.high IS NOT NULL AND b.low IS NOT NULL
          AND b.close IS NOT NULL, false)
    AND b.symbol IN (SELECT symbol FROM member)
    -- Whoever has not traded for longer is not in the session.
    AND b.session >= :first - INTERVAL '2' YEAR
  WINDOW w AS (PARTITION BY b.symbol ORDER BY c.number)
),
-- How many shares one of the first has become, as a logarithm.
grown AS (
  SELECT b.*, sum(CASE WHEN prev_close > 0 AND last_close > 0 AND prev_close <> last_close
                    THEN ln(last_close / prev_close) ELSE 0.0 END)
                OVER (PARTITION BY symbol ORDER BY number) AS growth
  FROM bar b
),
worth AS (
  SELECT m.session, m.index_symbol, m.symbol,
         m.weight / nullif(f.close, 0) * exp(l.growth - f.growth) AS shares, l.close AS last_close
  FROM member m
  LEFT JOIN grown f ON f.symbol = m.symbol AND f.session <= m.observed_on
       AND coalesce(f.next_session > m.observed_on, true)
  LEFT JOIN grown l ON l.symbol = m.symbol AND l.number < m.number
       AND coalesce(l.next_number >= m.number, true)
)
SELECT w.session, w.index_symbol, w.symbol,
       CASE WHEN d.volume = 0 OR d.prev_close > 0 THEN w.shares * w.last_close END AS worth,
       CASE WHEN d.volume = 0 THEN w.shares * 0
            WHEN d.prev_close > 0
              THEN w.shares * w.last_close / d.prev_close * (d.close - d.prev_close) END AS change
FROM worth w
-- Days are under the codes of the session.
LEFT JOIN code_span p ON p.last_code = w.symbol AND w.session >= p.since AND w.session < p.until
LEFT JOIN security_day d ON d.session = w.session AND d.symbol = coalesce(p.code, w.symbol)
