-- The bars of the chosen sources. If two imports of a source hold a bar, the one with the smaller
-- id counts. If two codes of a security do, the code that it had in the session counts. A BSE
-- code's bars from before its listing there are dropped: it traded elsewhere.
WITH again AS (
  SELECT b.*
  FROM chosen_again r
  JOIN share_bar b ON b.session = r.on_session AND b.exchange = r.on_exchange
       AND b.source = r.from_source
  UNION ALL
  SELECT b.*
  FROM chosen_source r
  JOIN share_bar b ON b.session = r.on_session AND b.exchange = r.on_exchange
       AND b.source = r.from_source
  WHERE r.imports = 1 AND b.recoded
),
once AS (
  SELECT b.*, 1 AS copy
  FROM chosen_source r
  JOIN share_bar b ON b.session = r.on_session AND b.exchange = r.on_exchange
       AND b.source = r.from_source
  WHERE r.imports = 1 AND NOT b.recoded
  UNION ALL
  SELECT b.*, row_number() OVER (
           PARTITION BY b.session, b.symbol ORDER BY b.other_code, b.import_id) AS copy
  FROM again b
)
SELECT session, symbol, exchange, board, open, high, low, close, prev_close, volume, turnover,
       import_id
FROM once
WHERE copy = 1 AND (exchange <> 'BJ' OR listed_on IS NULL OR session >= listed_on)
