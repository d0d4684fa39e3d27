SELECT session, ret, turnover_or_estimate,
       row_number() OVER (PARTITION BY session ORDER BY ret NULLS LAST) AS ret_place,
       count(ret) OVER (PARTITION BY session) AS ret_count,
       row_number() OVER (PARTITION BY session ORDER BY turnover_or_estimate DESC NULLS LAST)
         AS turnover_place,
       count(turnover_or_estimate) OVER (PARTITION BY session) AS turnover_count,
       close, row_number() OVER (PARTITION BY session ORDER BY close NULLS LAST) AS price_place,
       count(close) OVER (PARTITION BY session) AS price_count,
       CASE WHEN calm AND sized THEN row_number() OVER (
         PARTITION BY session, calm AND sized
         ORDER BY total_cap, exchange = 'BJ', exchange, symbol) END AS size_place,
       sum(CASE WHEN calm AND sized THEN 1 ELSE 0 END) OVER (PARTITION BY session) AS size_count,
       sum(CASE WHEN calm THEN 1 ELSE 0 END) OVER (PARTITION BY session) AS calm_count
FROM security_day
WHERE :scope
