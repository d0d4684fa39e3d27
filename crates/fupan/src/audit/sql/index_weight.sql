-- Members of indices with their weights, by the security's last code.
SELECT coalesce(c.last_code, s.symbol) AS symbol, s.index_symbol, s.observed_on, s.weight, s.source,
       s.import_id
FROM (SELECT CAST(symbol AS VARCHAR) AS symbol, CAST(index_symbol AS VARCHAR) AS index_symbol,
             observed_on, weight, source, import_id
      FROM index_weight) s
LEFT JOIN code_span c ON c.code = s.symbol
