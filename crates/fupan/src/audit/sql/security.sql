-- The rows about a security, under its last code. A new code is not a new listing, and the end of
-- an old code is not the security's end.
SELECT coalesce(c.last_code, s.symbol) AS symbol, s.observed_on, s.name,
       CASE WHEN c.changed IS NULL OR s.listed_on < c.changed THEN s.listed_on END AS listed_on,
       CASE WHEN c.code IS NULL OR c.code = c.last_code THEN s.delisted_on END AS delisted_on,
       s.issue_price, s.industry, s.source
FROM (SELECT CAST(symbol AS VARCHAR) AS symbol, observed_on, name, listed_on, delisted_on,
             issue_price, industry, source
      FROM security) s
LEFT JOIN code_span c ON c.code = s.symbol
