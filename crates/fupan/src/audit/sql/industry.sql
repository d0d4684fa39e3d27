-- Industries, by the security's last code.
SELECT coalesce(c.last_code, s.symbol) AS symbol, s.observed_on, s.source, s.code_1, s.name_1,
       s.code_2, s.name_2, s.code_3, s.name_3, s.since, s.until
FROM (SELECT CAST(symbol AS VARCHAR) AS symbol, observed_on, source, code_1, name_1, code_2, name_2,
             code_3, name_3, since, until
      FROM industry) s
LEFT JOIN code_span c ON c.code = s.symbol
