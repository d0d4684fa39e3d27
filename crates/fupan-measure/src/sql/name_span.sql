-- The status that each dated name of a security states, and until when. Null if the names of one
-- date disagree, or begin with letters that may be a mark or a Latin name. Days are counted since
-- 1970-01-01.
WITH folded AS (
  SELECT symbol, CAST(observed_on AS INT) AS since,
         trim(regexp_replace(
           translate(upper(name), 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ＊﹡∗⁎✱',
                     'ABCDEFGHIJKLMNOPQRSTUVWXYZ*****'),
           '[\s\x{200B}\x{FEFF}]+', ' ', 'g')) AS name
  FROM security
  WHERE name IS NOT NULL AND regexp_like(name, '[\p{Alphabetic}\p{N}]')
),
undated AS (
  SELECT symbol, since, regexp_replace(name, '^(X ?D ?)?(X ?R ?)?(D ?R ?)?', '') AS name
  FROM folded
),
led AS (
  SELECT symbol, since,
         CASE WHEN regexp_like(name, '^[NGCU] ?(S ?)?([*] ?S ?T|S ?T([^A-Z]|$))')
           THEN regexp_replace(name, '^[NGCU] ?', '') ELSE name END AS name
  FROM undated
),
warning AS (
  SELECT symbol, since, name,
         regexp_like(name, '^(S ?)?([*] ?S ?T|S ?T([^A-Z]|$))') AS warned
  FROM led
),
mark AS (
  SELECT symbol, since, warned,
         NOT warned AND regexp_like(name, '^(S ?)?S ?T[A-Z]') AS unclear,
         regexp_like(name, '^S') AND NOT regexp_like(name, '^S ?T')
           AND (warned OR NOT regexp_like(name, '^S[A-Z]')) AS s_share,
         regexp_like(name, '^退 ?市|退$') AS delisting
  FROM warning
),
on_date AS (
  SELECT symbol, since,
         NOT bool_or(unclear) AND bool_and(warned) = bool_or(warned)
           AND bool_and(s_share) = bool_or(s_share)
           AND bool_and(delisting) = bool_or(delisting) AS clear,
         bool_or(warned) AS warned, bool_or(s_share) AS s_share, bool_or(delisting) AS delisting
  FROM mark
  GROUP BY symbol, since
),
said AS (
  SELECT symbol, since, CASE WHEN clear THEN warned END AS warned,
         CASE WHEN clear THEN s_share END AS s_share,
         CASE WHEN clear THEN delisting END AS delisting
  FROM on_date
)
SELECT symbol, since, warned, s_share, delisting,
       row_number() OVER w AS place,
       lead(since) OVER w AS until,
       lead(warned) OVER w = warned AND lead(s_share) OVER w = s_share
         AND lead(delisting) OVER w = delisting AND lead(since) OVER w - since <= 366 AS agree
FROM said
WINDOW w AS (PARTITION BY symbol ORDER BY since)
