-- The bars of one session's window, one source for each session and exchange: of the sources that
-- hold at least nine tenths of the rows of the largest, the one that reports turnover, then the
-- one with most rows, then the first by name. Of two imports of a source, the smaller id counts.
-- A-shares alone; before 2021-11-15 the codes of the BSE were traded elsewhere.
WITH windowed AS (
  SELECT session, symbol, open, high, low, close, prev_close, volume, turnover, source, import_id,
         substr(symbol, 8, 2) AS exchange,
         CASE WHEN substr(symbol, 8, 2) = 'BJ' THEN 'bse'
              WHEN substr(symbol, 1, 3) IN ('688', '689') THEN 'star'
              WHEN substr(symbol, 8, 2) = 'SZ' AND substr(symbol, 1, 2) = '30' THEN 'chinext'
              ELSE 'main' END AS board
  FROM daily_bar
  WHERE session BETWEEN :from AND :session AND :source
    AND (regexp_like(symbol, '^(60[0135]|68[89])...\.SH|^(00[0-3]|30[0-2])...\.SZ')
      OR (symbol LIKE '%.BJ' AND session >= DATE '2021-11-15' AND symbol NOT LIKE '899%'))
),
single AS (
  SELECT w.*, row_number() OVER (
           PARTITION BY session, symbol, source ORDER BY import_id) AS copy
  FROM windowed w
),
tally AS (
  SELECT session, exchange, source, count(*) AS held,
         count(*) FILTER (WHERE volume > 0) AS traded, count(turnover) AS reported
  FROM single
  WHERE copy = 1
  GROUP BY session, exchange, source
),
weighed AS (
  SELECT session AS on_session, exchange AS on_exchange, source AS from_source, held,
         CASE WHEN traded > 0 AND reported * 2 >= traded THEN 0 ELSE 1 END AS silent,
         CASE WHEN held * 10 >= 9 * max(held) OVER (PARTITION BY session, exchange)
           THEN 0 ELSE 1 END AS small
  FROM tally
),
ranked AS (
  SELECT on_session, on_exchange, from_source, row_number() OVER (
           PARTITION BY on_session, on_exchange
           ORDER BY small, silent, held DESC, from_source) AS place
  FROM weighed
)
SELECT s.session, s.symbol, s.exchange, s.board, s.open, s.high, s.low, s.close, s.prev_close,
       s.volume, s.turnover
FROM single s
JOIN ranked r ON r.on_session = s.session AND r.on_exchange = s.exchange
     AND r.from_source = s.source
WHERE r.place = 1 AND s.copy = 1
