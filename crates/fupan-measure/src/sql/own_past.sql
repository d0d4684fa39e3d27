-- One row per security that traded in the session: its returns over several sessions, and its
-- turnover against the mean of its days before.
WITH whole AS (
  SELECT l.symbol, l.span, l.level - 1000000000 AS ret
  FROM own_level l
  JOIN (SELECT symbol, span, max(place) AS place FROM own_day GROUP BY symbol, span) d
    ON d.symbol = l.symbol AND d.span = l.span AND d.place = l.place
),
returned AS (
  SELECT symbol, max(ret) FILTER (WHERE span = '5') AS return_5,
         max(ret) FILTER (WHERE span = '20') AS return_20,
         max(ret) FILTER (WHERE span = '60') AS return_60,
         max(ret) FILTER (WHERE span = 'month') AS return_month,
         max(ret) FILTER (WHERE span = 'year') AS return_year,
         max(ret) FILTER (WHERE span = 'since') AS return_since
  FROM whole
  GROUP BY symbol
),
lately AS (
  SELECT symbol, number, turnover_or_estimate AS fen,
         row_number() OVER (PARTITION BY symbol ORDER BY number DESC) - 1 AS back
  FROM recent_day
  WHERE number >= (SELECT max(number) FROM calendar WHERE session = :last) - 60
),
sums AS (
  SELECT symbol,
         count(*) FILTER (WHERE back BETWEEN 1 AND 5) AS days_5,
         sum(fen) FILTER (WHERE back BETWEEN 1 AND 5) AS fen_5,
         min(number) FILTER (WHERE back BETWEEN 1 AND 5) AS first_5,
         count(*) FILTER (WHERE back BETWEEN 1 AND 20) AS days_20,
         sum(fen) FILTER (WHERE back BETWEEN 1 AND 20) AS fen_20,
         min(number) FILTER (WHERE back BETWEEN 1 AND 20) AS first_20
  FROM lately
  GROUP BY symbol
)
SELECT t.session, coalesce(p.code, t.symbol) AS symbol,
       return_5, return_20, return_60, return_month, return_year, return_since,
       CASE WHEN days_5 = 5 AND coalesce(t.missing < first_5, true)
         THEN CAST(round((t.turnover_or_estimate * 5 - fen_5) * 1e9 / nullif(fen_5, 0)) AS BIGINT)
         END AS vs_mean_5,
       CASE WHEN days_20 = 20 AND coalesce(t.missing < first_20, true)
         THEN CAST(round((t.turnover_or_estimate * 20 - fen_20) * 1e9 / nullif(fen_20, 0)) AS BIGINT)
         END AS vs_mean_20
FROM recent_day t
JOIN sums s ON s.symbol = t.symbol
LEFT JOIN returned r ON r.symbol = t.symbol
LEFT JOIN code_span p ON p.last_code = t.symbol AND t.session >= p.since AND t.session < p.until
WHERE t.session = :last
