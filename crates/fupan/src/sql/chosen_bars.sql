-- The bars of one session's window, one source for each session and exchange: of the sources that
-- hold at least nine tenths of the rows of the largest, the one that reports turnover, then the
-- one with most rows, then the first by name. Of two imports of a source, the smaller id counts.
WITH windowed AS (
  SELECT *, substr(symbol, 8, 2) AS exchange
  FROM daily_bar
  WHERE session BETWEEN DATE ':from' AND DATE ':session' AND :source
),
tally AS (
  SELECT session, exchange, source, count(*) AS held,
         count(*) FILTER (WHERE volume > 0) AS traded, count(turnover) AS reported
  FROM windowed
  GROUP BY session, exchange, source
),
largest AS (
  SELECT session, exchange, max(held) AS held FROM tally GROUP BY session, exchange
),
ranked AS (
  SELECT t.session, t.exchange, t.source,
         row_number() OVER (
           PARTITION BY t.session, t.exchange
           ORDER BY CASE WHEN t.held * 10 >= l.held * 9 THEN 0 ELSE 1 END,
                    CASE WHEN t.traded > 0 AND t.reported * 2 >= t.traded THEN 0 ELSE 1 END,
                    t.held DESC, t.source) AS place
  FROM tally t JOIN largest l ON l.session = t.session AND l.exchange = t.exchange
),
chosen AS (
  SELECT w.*, row_number() OVER (
           PARTITION BY w.session, w.symbol ORDER BY w.import_id) AS copy
  FROM windowed w
  JOIN ranked r ON r.session = w.session AND r.exchange = w.exchange AND r.source = w.source
  WHERE r.place = 1
)
SELECT session, symbol, open, high, low, close, prev_close, volume, turnover
FROM chosen
WHERE copy = 1
