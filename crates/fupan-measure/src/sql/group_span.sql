-- Which security, by its last code, is in which group of a classification, from one day to before
-- another: the last observation up to a session counts, else the first one after it. A
-- classification's scheme is its source's name and its level (or its kind), prefixed by `list-` if it
-- does not begin as a word. A code counts up to its first dot; without a code, the name is used.
WITH named AS (
  SELECT symbol, observed_on, source, '1' AS level, code_1 AS code, name_1 AS name, since, until
  FROM industry
  UNION ALL
  SELECT symbol, observed_on, source, '2', code_2, name_2, since, until FROM industry
  UNION ALL
  SELECT symbol, observed_on, source, '3', code_3, name_3, since, until FROM industry
  UNION ALL
  SELECT symbol, observed_on, source, '1', NULL, industry, CAST(NULL AS DATE), CAST(NULL AS DATE)
  FROM security
  UNION ALL
  SELECT symbol, observed_on, source, '-' || kind, code, name, since, until FROM group_member
  WHERE kind IN ('industry', 'concept', 'style')
),
plain AS (
  SELECT symbol, observed_on, since, until, level,
         lower(regexp_replace(regexp_replace(source, '[^\p{Alphabetic}\p{N}_]+', '-', 'g'),
                              '^-|-$', '', 'g')) AS source,
         regexp_replace(regexp_replace(split_part(code, '.', 1), '[\s\p{Cc}/]+', '-', 'g'),
                        '^-|-$', '', 'g') AS code,
         regexp_replace(regexp_replace(name, '[\s\p{Cc}/.]+', '-', 'g'), '^-|-$', '', 'g') AS name,
         trim(name) = '' AS is_none
  FROM named
  -- A row of a list without levels that names no group says that the security is in none of it.
  WHERE trim(name) <> '' OR level LIKE '-%'
),
word AS (
  SELECT symbol, observed_on, since, until, is_none,
         CASE WHEN regexp_like(source, '^\p{Alphabetic}.') THEN source
              ELSE 'list-' || source END || level AS scheme,
         CASE WHEN is_none THEN '' ELSE coalesce(nullif(code, ''), name) END AS code
  FROM plain
),
dated AS (
  SELECT DISTINCT scheme, symbol, observed_on FROM word WHERE code <> '' OR is_none
),
seen AS (
  SELECT scheme, symbol, observed_on,
         CASE WHEN lag(observed_on) OVER w IS NULL THEN DATE '1900-01-01' ELSE observed_on END
           AS seen_from,
         coalesce(lead(observed_on) OVER w, DATE '9999-12-31') AS seen_until
  FROM dated
  WINDOW w AS (PARTITION BY scheme, symbol ORDER BY observed_on)
)
SELECT w.symbol, w.scheme, w.scheme || '.' || w.code AS subject,
       greatest(s.seen_from, coalesce(w.since, DATE '1900-01-01')) AS from_day,
       least(s.seen_until, coalesce(w.until, DATE '9999-12-31')) AS until_day
FROM word w
JOIN seen s ON s.scheme = w.scheme AND s.symbol = w.symbol AND s.observed_on = w.observed_on
WHERE w.code <> ''
