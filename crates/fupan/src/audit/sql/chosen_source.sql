-- One source for each session and exchange. Among those with at least nine tenths of the rows of
-- the largest: the one that reports turnover, then the one with most rows, then the first by name.
WITH recounted AS (
  SELECT session, exchange, source, count(*) AS held,
         count(*) FILTER (WHERE volume > 0) AS traded, count(turnover) AS reported
  FROM (SELECT b.*, row_number() OVER (
                 PARTITION BY b.session, b.symbol, b.source ORDER BY b.import_id) AS copy
        FROM tally_again t
        JOIN share_bar b ON b.session = t.session AND b.exchange = t.exchange
             AND b.source = t.source) c
  WHERE copy = 1
  GROUP BY session, exchange, source
),
settled AS (
  SELECT session, exchange, source, imports, held, traded, reported FROM source_tally WHERE imports = 1
  UNION ALL
  SELECT session, exchange, source, 2, held, traded, reported FROM recounted
),
weighed AS (
  SELECT session AS on_session, exchange AS on_exchange, source AS from_source, imports, held,
         CASE WHEN traded > 0 AND reported * 2 >= traded THEN 0 ELSE 1 END AS silent,
         CASE WHEN held * 10 >= 9 * max(held) OVER (PARTITION BY session, exchange)
           THEN 0 ELSE 1 END AS small
  FROM settled
),
ranked AS (
  SELECT on_session, on_exchange, from_source, imports, row_number() OVER (
           PARTITION BY on_session, on_exchange
           ORDER BY small, silent, held DESC, from_source) AS place
  FROM weighed
)
SELECT on_session, on_exchange, from_source, imports FROM ranked WHERE place = 1
