-- The quotes of the session up to the instant, from the source chosen for each exchange, each in
-- its final version. `place` numbers them by time, bars before snapshots, longer bars before
-- shorter ones, then the source's own numbers.
WITH held AS (
  SELECT s.symbol, s.exchange, q.source, q.time, q.span,
         coalesce(q.sequence, 0) AS sequence, coalesce(q.revision, 0) AS revision,
         CAST(q.open AS BIGINT) AS open, CAST(q.high AS BIGINT) AS high,
         CAST(q.low AS BIGINT) AS low, CAST(q.last AS BIGINT) AS last, q.volume, q.turnover,
         coalesce(q.turnover, q.volume * (CAST(q.open AS BIGINT) + q.high + q.low + q.last) / 400)
           AS turnover_or_estimate
  FROM quote q
  LEFT JOIN code_span c ON c.code = CAST(q.symbol AS VARCHAR)
  JOIN listed_share s ON s.symbol = coalesce(c.last_code, CAST(q.symbol AS VARCHAR))
  WHERE q.session = :last AND q.time <= :until
),
named AS (
  SELECT * FROM held WHERE :source OR (SELECT count(*) FROM held WHERE :source) = 0
),
covered AS (
  SELECT exchange, source, symbol, max(CASE WHEN volume > 0 THEN 1 ELSE 0 END) AS traded,
         max(CASE WHEN volume > 0 AND turnover IS NOT NULL THEN 1 ELSE 0 END) AS reported
  FROM named
  GROUP BY exchange, source, symbol
),
weighed AS (
  SELECT exchange, source, count(*) AS held,
         CASE WHEN sum(traded) > 0 AND sum(reported) * 2 >= sum(traded) THEN 0 ELSE 1 END AS silent,
         CASE WHEN count(*) * 10 >= 9 * max(count(*)) OVER (PARTITION BY exchange)
           THEN 0 ELSE 1 END AS small
  FROM covered
  GROUP BY exchange, source
),
ranked AS (
  SELECT exchange, source, row_number() OVER (
           PARTITION BY exchange ORDER BY small, silent, held DESC, source) AS place
  FROM weighed
),
version AS (
  SELECT n.*, row_number() OVER (
           PARTITION BY n.symbol, n.time, n.span, n.sequence
           ORDER BY n.revision DESC, n.volume DESC, n.turnover_or_estimate DESC NULLS LAST,
                    CASE WHEN n.turnover IS NULL THEN 0 ELSE 1 END, n.last DESC NULLS LAST,
                    n.high DESC NULLS LAST, n.low DESC NULLS LAST, n.open DESC NULLS LAST) AS copy
  FROM named n JOIN ranked r ON r.exchange = n.exchange AND r.source = n.source AND r.place = 1
)
SELECT symbol, time, span, open, high, low, last, volume, turnover_or_estimate,
       row_number() OVER (
         PARTITION BY symbol
         ORDER BY time, CASE WHEN span IS NULL THEN 1 ELSE 0 END, span DESC, sequence) AS place
FROM version
WHERE copy = 1
