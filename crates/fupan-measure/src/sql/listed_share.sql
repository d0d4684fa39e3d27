-- Every A-share with a row in the past that is read, and what is known of it apart from its
-- trading. Of several listing dates the one stated most often counts, then the one stated first.
WITH listed_vote AS (
  SELECT symbol, listed_on, row_number() OVER (
           PARTITION BY symbol ORDER BY votes DESC, first_said) AS place
  FROM (SELECT symbol, listed_on, count(*) AS votes, min(observed_on) AS first_said
        FROM security WHERE listed_on IS NOT NULL GROUP BY symbol, listed_on) v
),
issue_vote AS (
  SELECT symbol, CAST(issue_price AS BIGINT) AS issue_price, row_number() OVER (
           PARTITION BY symbol ORDER BY votes DESC, first_said) AS place
  FROM (SELECT symbol, issue_price, count(*) AS votes, min(observed_on) AS first_said
        FROM security WHERE issue_price IS NOT NULL GROUP BY symbol, issue_price) v
),
left_vote AS (
  SELECT symbol, delisted_on, row_number() OVER (
           PARTITION BY symbol ORDER BY votes DESC, last_said DESC) AS place
  FROM (SELECT symbol, delisted_on, count(*) AS votes, max(observed_on) AS last_said
        FROM security WHERE delisted_on IS NOT NULL GROUP BY symbol, delisted_on) v
),
named AS (
  SELECT DISTINCT symbol FROM security WHERE name IS NOT NULL
),
share AS (
  SELECT symbol, substr(symbol, 8, 2) AS exchange,
         CASE WHEN substr(symbol, 8, 2) = 'BJ' THEN 'bse'
              WHEN substr(symbol, 1, 3) IN ('688', '689') THEN 'star'
              WHEN substr(symbol, 8, 2) = 'SZ' AND substr(symbol, 1, 2) = '30' THEN 'chinext'
              ELSE 'main' END AS board
  FROM (SELECT DISTINCT CAST(symbol AS VARCHAR) AS symbol FROM window_bar) b
  WHERE regexp_like(symbol, '^(60[0135]|68[89])...\.SH|^(00[0-3]|30[0-2])...\.SZ|\.BJ')
)
SELECT s.symbol, s.exchange, s.board, l.listed_on, i.issue_price, d.delisted_on,
       n.symbol IS NULL AS nameless,
       -- What the codes of the BSE did before it opened is not known.
       CASE WHEN s.exchange = 'BJ' THEN greatest(:from, DATE '2021-11-15') ELSE :from END
         AS known_from
FROM share s
LEFT JOIN listed_vote l ON l.symbol = s.symbol AND l.place = 1
LEFT JOIN issue_vote i ON i.symbol = s.symbol AND i.place = 1
LEFT JOIN left_vote d ON d.symbol = s.symbol AND d.place = 1
LEFT JOIN named n ON n.symbol = s.symbol
