-- What each dated name of a security says of its status, and until when. Days are counted since
-- 1970-01-01.
WITH name_row AS (
  SELECT symbol, CAST(observed_on AS INT) AS since, max(trim(name)) AS name
  FROM security
  WHERE name IS NOT NULL
  GROUP BY symbol, observed_on
),
mark AS (
  SELECT symbol, since,
         regexp_like(name, '^(XD)?(XR)?(DR)?[NG]?S?[*＊]?ST') AS warned,
         regexp_like(name, '^(XD)?(XR)?(DR)?(S($|[^T])|[NG]S[*＊]?ST)') AS s_share,
         regexp_like(name, '^(XD)?(XR)?(DR)?退市|退$') AS delisting
  FROM name_row
)
SELECT symbol, since, warned, s_share, delisting,
       row_number() OVER w AS place,
       lead(since) OVER w AS until,
       lead(warned) OVER w = warned AND lead(s_share) OVER w = s_share
         AND lead(delisting) OVER w = delisting AND lead(since) OVER w - since <= 366 AS agree
FROM mark
WINDOW w AS (PARTITION BY symbol ORDER BY since)
