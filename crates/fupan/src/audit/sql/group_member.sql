-- Members of groups, by the security's last code.
SELECT coalesce(c.last_code, s.symbol) AS symbol, s.observed_on, s.source, s.kind, s.code, s.name,
       s.since, s.until
FROM (SELECT CAST(symbol AS VARCHAR) AS symbol, observed_on, source, kind, code, name, since, until
      FROM group_member) s
LEFT JOIN code_span c ON c.code = s.symbol
