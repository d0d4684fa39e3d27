-- Share capital, by the security's last code.
SELECT coalesce(c.last_code, s.symbol) AS symbol, s.observed_on, s.total_shares, s.float_shares,
       s.source, s.import_id
FROM (SELECT CAST(symbol AS VARCHAR) AS symbol, observed_on, total_shares, float_shares, source,
             import_id
      FROM share_capital) s
LEFT JOIN code_span c ON c.code = s.symbol
