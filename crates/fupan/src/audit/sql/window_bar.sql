-- Every stored bar of the sessions read, by the security's last code.
SELECT b.session, coalesce(c.last_code, b.symbol) AS symbol, b.open, b.high, b.low, b.close,
       b.prev_close, b.volume, b.turnover, b.source, b.import_id,
       -- Whether the security had several codes, and whether this one was not its code in the
       -- session.
       c.code IS NOT NULL AS recoded,
       coalesce(b.session < c.since OR b.session >= c.until, false) AS other_code
FROM code_span c
RIGHT JOIN (SELECT session, CAST(symbol AS VARCHAR) AS symbol, open, high, low, close, prev_close,
                   volume, turnover, source, import_id
            FROM daily_bar
            WHERE session BETWEEN :from AND :last AND :source) b
  ON c.code = b.symbol
