-- How many rows each source holds of each exchange in each session, and from how many imports.
WITH imported AS (
  SELECT session, exchange, source, import_id, count(*) AS held,
         count(*) FILTER (WHERE volume > 0) AS traded, count(turnover) AS reported
  FROM share_bar
  GROUP BY session, exchange, source, import_id
)
SELECT session, exchange, source, count(*) AS imports, sum(held) AS held,
       sum(traded) AS traded, sum(reported) AS reported
FROM imported
GROUP BY session, exchange, source
