-- Every stored bar of the past that is looked at, by the last code of its security.
SELECT b.session, coalesce(c.last_code, b.symbol) AS symbol, b.open, b.high, b.low, b.close,
       b.prev_close, b.volume, b.turnover, b.source, b.import_id,
       -- Whether the security had several codes, and another one in the session.
       c.code IS NOT NULL AS recoded,
       coalesce(b.session < c.since OR b.session >= c.until, false) AS other_code
FROM code_span c
RIGHT JOIN (SELECT session, CAST(symbol AS VARCHAR) AS symbol, open, high, low, close, prev_close,
                   volume, turnover, source, import_id
            FROM daily_bar
            WHERE session BETWEEN :from AND :last AND :source) b
  ON c.code = b.symbol
