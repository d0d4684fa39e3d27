-- The place of each security that traded among all that did, by turnover, return and market value.
SELECT session, symbol,
       rank() OVER (PARTITION BY session ORDER BY turnover_or_estimate DESC) AS turnover_rank,
       CASE WHEN ret IS NOT NULL
         THEN rank() OVER (PARTITION BY session ORDER BY ret DESC NULLS LAST) END AS return_rank,
       CASE WHEN total_shares IS NOT NULL
           AND count(total_shares) OVER (PARTITION BY session) * 10
             >= count(*) OVER (PARTITION BY session) * 9
         THEN rank() OVER (
           PARTITION BY session
           ORDER BY CAST(total_shares AS DECIMAL(19, 0)) * CAST(close AS DECIMAL(19, 0)) DESC
             NULLS LAST) END AS value_rank
FROM security_day
WHERE volume > 0
