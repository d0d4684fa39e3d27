SELECT sum(CASE WHEN place <= (n * 5 + 99) / 100 THEN fen ELSE 0 END) AS part, sum(fen) AS whole
FROM (SELECT turnover_or_estimate AS fen, count(*) OVER () AS n,
             row_number() OVER (ORDER BY turnover_or_estimate DESC) AS place
      FROM security_day
      WHERE session = :session AND :scope AND volume > 0) r
