-- Figures across sessions, computed from each session's figures of all A-shares up to it: one row
-- per requested session and measure. A line continues from its last figure; if every step is right,
-- so is the whole line.
WITH wide AS (
  SELECT session, place,
         max(value) FILTER (WHERE measure = 'advances') AS up,
         max(value) FILTER (WHERE measure = 'declines') AS down,
         max(value) FILTER (WHERE measure = 'advance_share') AS up_part,
         max(whole) FILTER (WHERE measure = 'advance_share') AS up_whole,
         max(value) FILTER (WHERE measure = 'advance_decline_line') AS line,
         max(value) FILTER (WHERE measure = 'net_advances_ema19') AS ema19,
         max(value) FILTER (WHERE measure = 'net_advances_ema39') AS ema39,
         max(value) FILTER (WHERE measure = 'mcclellan_summation') AS summation,
         max(value) FILTER (WHERE measure = 'advance_share_ema10') AS ema10,
         max(value) FILTER (WHERE measure = 'turnover_rank_in_window/sse-szse') AS turnover_rank,
         max(value) FILTER (WHERE measure = 'turnover_change_rate/sse-szse') AS turnover_rate,
         max(value) FILTER (WHERE measure = 'top5_turnover_share') AS top_part,
         max(whole) FILTER (WHERE measure = 'top5_turnover_share') AS top_whole,
         max(value) FILTER (WHERE measure = 'limit_up_count') AS ups,
         max(value) FILTER (WHERE measure = 'limit_down_count') AS downs,
         max(value) FILTER (WHERE measure = 'seal_rate') AS seal_part,
         max(whole) FILTER (WHERE measure = 'seal_rate') AS seal_whole,
         max(value) FILTER (WHERE measure = 'max_streak') AS streak,
         max(value) FILTER (WHERE measure = 'prior_limit_up_return') AS prior,
         max(value) FILTER (WHERE measure = 'new_high_250') AS highs,
         max(value) FILTER (WHERE measure = 'new_low_250') AS lows,
         max(value) FILTER (WHERE measure = 'micro_cap_return') AS micro,
         max(value) FILTER (WHERE measure = 'cap_weight_return') AS cap
  FROM session_figure
  GROUP BY session, place
),
-- What the session adds, in parts per million, rounded half away from zero; and the last figures.
stepped AS (
  SELECT w.*,
         signum(up - down) * ((2000000000 * abs(up - down) + up + down)
           / (2 * nullif(up + down, 0))) AS net,
         (2000000 * up_part + up_whole) / (2 * nullif(up_whole, 0)) AS share,
         last_value(line) IGNORE NULLS OVER before AS line_before,
         last_value(ema19) IGNORE NULLS OVER before AS ema19_before,
         last_value(ema39) IGNORE NULLS OVER before AS ema39_before,
         last_value(summation) IGNORE NULLS OVER before AS summation_before,
         last_value(ema10) IGNORE NULLS OVER before AS ema10_before,
         CASE WHEN lag(place) OVER (ORDER BY place) = place - 1
           THEN lag(ema10) OVER (ORDER BY place) END AS ema10_yesterday,
         max(CASE WHEN ema10 < 400000 THEN place END) OVER (
           ORDER BY place RANGE BETWEEN 10 PRECEDING AND 1 PRECEDING) AS low_ground
  FROM wide w
  WINDOW before AS (ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
-- An average moves by a fraction of the distance: 2 over its days plus one.
distance AS (
  SELECT s.*, CAST(net AS BIGINT) - ema19_before AS to_19, CAST(net AS BIGINT) - ema39_before AS to_39,
         share - ema10_before AS to_10
  FROM stepped s
),
turnover AS (
  SELECT session, place, value, partial,
         sum(CASE WHEN partial THEN 0 ELSE 1 END) OVER (ORDER BY place) AS known
  FROM session_figure
  WHERE measure = 'turnover'
),
higher AS (
  SELECT t.session, t.place, max(p.place) AS high,
         t.known - CASE WHEN t.partial THEN 0 ELSE 1 END AS known
  FROM turnover t
  JOIN turnover p ON p.place < t.place AND p.value > t.value AND NOT p.partial
  WHERE t.session >= :first
  GROUP BY t.session, t.place, t.known, t.partial
),
line AS (
  SELECT session, 'advance_decline_line' AS measure,
         CASE place WHEN 0 THEN 0 ELSE line_before END + up - down AS value
  FROM distance
  UNION ALL
  SELECT session, 'net_advances_ema19', CASE place WHEN 0 THEN CAST(net AS BIGINT)
           ELSE ema19_before + CAST(signum(to_19) AS BIGINT) * ((4 * abs(to_19) + 20) / 40) END
  FROM distance
  UNION ALL
  SELECT session, 'net_advances_ema39', CASE place WHEN 0 THEN CAST(net AS BIGINT)
           ELSE ema39_before + CAST(signum(to_39) AS BIGINT) * ((4 * abs(to_39) + 40) / 80) END
  FROM distance
  UNION ALL
  SELECT session, 'mcclellan_oscillator', CASE WHEN place >= 39 THEN ema19 - ema39 END
  FROM distance
  UNION ALL
  SELECT session, 'mcclellan_summation',
         CASE place WHEN 0 THEN 0 ELSE summation_before END + ema19 - ema39
  FROM distance
  UNION ALL
  SELECT session, 'advance_share_ema10', CASE place WHEN 0 THEN share
           ELSE ema10_before + CAST(signum(to_10) AS BIGINT) * ((4 * abs(to_10) + 11) / 22) END
  FROM distance
  UNION ALL
  SELECT session, 'breadth_thrust_sessions',
         CASE WHEN ema10 > 615000 AND ema10_yesterday <= 615000 THEN place - low_ground END
  FROM distance
  UNION ALL
  -- Unknown if a session since is missing or partial.
  SELECT h.session, 'turnover_high_since_sessions',
         CASE WHEN h.known - p.known = h.place - h.high - 1 THEN h.place - h.high END
  FROM higher h JOIN turnover p ON p.place = h.high
  UNION ALL
  -- In trillions of yuan: a hundred trillion fen each.
  SELECT t.session, 'turnover_above_sessions:' || n.level,
         CASE WHEN t.value / 100000000000000 < n.trillions THEN 0 WHEN t.place = 0 THEN 1
              ELSE r.value + 1 END
  FROM session_figure t
  CROSS JOIN (VALUES ('1', 1), ('2', 2), ('3', 3)) AS n (level, trillions)
  LEFT JOIN session_figure r ON r.measure = 'turnover_above_sessions:' || n.level
       AND r.place = t.place - 1
  WHERE t.measure = 'turnover/sse-szse'
),
-- Each figure next to those of the sessions before, itself included.
pair AS (
  SELECT t.session, t.measure, t.place, t.place - p.place AS back,
         CASE WHEN t.whole = 1 AND p.whole = 1 THEN p.value <= t.value
              ELSE CAST(p.value AS DECIMAL(19, 0)) * CAST(t.whole AS DECIMAL(19, 0))
                <= CAST(t.value AS DECIMAL(19, 0)) * CAST(p.whole AS DECIMAL(19, 0)) END AS lower
  FROM session_figure t
  JOIN session_figure p ON p.measure = t.measure
       AND p.place BETWEEN t.place - 1249 AND t.place
       AND (p.place = t.place OR NOT p.partial)
  WHERE t.session >= :first AND t.measure NOT LIKE 'word_%'
),
ranked AS (
  SELECT session, measure, place,
         count(*) FILTER (WHERE back < 250) AS known_250,
         count(*) FILTER (WHERE back < 250 AND lower) AS lower_250,
         count(*) AS known_1250, count(*) FILTER (WHERE lower) AS lower_1250
  FROM pair
  GROUP BY session, measure, place
),
-- What each word means. Returns are in parts per billion; a share is compared without dividing.
word AS (
  SELECT session, place, word, CASE word
    WHEN 'broad_advance' THEN 10 * up_part >= 7 * up_whole
    WHEN 'broad_decline' THEN 10 * up_part <= 3 * up_whole
    WHEN 'narrow' THEN 100 * up_part < 45 * up_whole
    WHEN 'wide' THEN 100 * up_part > 55 * up_whole
    WHEN 'mixed' THEN 100 * up_part BETWEEN 45 * up_whole AND 55 * up_whole
    WHEN 'turnover_highest' THEN CASE WHEN turnover_rank + turnover_rate IS NOT NULL
      THEN turnover_rank = 1 AND turnover_rate > 0 END
    WHEN 'turnover_expanding' THEN turnover_rate >= 50000000
    WHEN 'turnover_shrinking' THEN turnover_rate <= -50000000
    WHEN 'turnover_steady' THEN abs(turnover_rate) < 50000000
    WHEN 'turnover_concentrated' THEN
      100 * CAST(top_part AS DECIMAL(19, 0)) >= 45 * CAST(top_whole AS DECIMAL(19, 0))
    WHEN 'limit_downs_lead' THEN downs > ups
    WHEN 'limit_ups_lead' THEN ups > downs
    WHEN 'limit_board_hot' THEN CASE WHEN ups + seal_part IS NOT NULL
      THEN ups >= 80 AND 4 * seal_part >= 3 * seal_whole END
    WHEN 'seals_weak' THEN CASE WHEN ups + seal_part IS NOT NULL
      THEN ups >= 20 AND 10 * seal_part < 6 * seal_whole END
    WHEN 'long_streak' THEN streak >= 4
    WHEN 'prior_limit_ups_gain' THEN prior >= 20000000
    WHEN 'prior_limit_ups_lose' THEN prior <= -10000000
    WHEN 'highs_lead' THEN CASE WHEN highs + lows IS NOT NULL
      THEN highs > 2 * lows AND highs >= 20 END
    WHEN 'lows_lead' THEN CASE WHEN highs + lows IS NOT NULL
      THEN lows > 2 * highs AND lows >= 20 END
    WHEN 'micro_caps_lag' THEN micro - cap <= -5000000
    WHEN 'micro_caps_lead' THEN micro - cap >= 5000000
  END AS held
  FROM wide
  CROSS JOIN (VALUES ('broad_advance'), ('broad_decline'), ('narrow'), ('wide'), ('mixed'),
    ('turnover_highest'), ('turnover_expanding'), ('turnover_shrinking'), ('turnover_steady'),
    ('turnover_concentrated'), ('limit_downs_lead'), ('limit_ups_lead'), ('limit_board_hot'),
    ('seals_weak'), ('long_streak'), ('prior_limit_ups_gain'), ('prior_limit_ups_lose'),
    ('highs_lead'), ('lows_lead'), ('micro_caps_lag'), ('micro_caps_lead')) AS named (word)
  WHERE session >= :first
),
-- Each word next to what was known of it in the session before.
lasting AS (
  SELECT w.session, w.place, w.word, w.held, r.value AS run_before, l.value AS last_before
  FROM word w
  LEFT JOIN session_figure r ON r.measure = 'word_sessions:' || w.word AND r.place = w.place - 1
  LEFT JOIN session_figure l ON l.measure = 'word_last_held:' || w.word AND l.place = w.place - 1
)
SELECT session, measure, value, NULL AS part_250, NULL AS whole_250, NULL AS part_1250,
       NULL AS whole_1250
FROM line
WHERE session >= :first
UNION ALL
SELECT session, 'word_sessions:' || word,
       CASE WHEN NOT held THEN 0 WHEN held AND place = 0 THEN 1 WHEN held THEN run_before + 1 END,
       NULL, NULL, NULL, NULL
FROM lasting
UNION ALL
SELECT session, 'word_last_held:' || word,
       CASE WHEN held IS NULL OR run_before IS NULL THEN NULL
            WHEN NOT held AND run_before > 0 THEN 1
            ELSE last_before + 1 END,
       NULL, NULL, NULL, NULL
FROM lasting
UNION ALL
-- Reported from that many sessions on, if eight in ten of them have the figure.
SELECT session, measure, NULL,
       CASE WHEN place >= 249 AND known_250 >= 200 THEN lower_250 END,
       CASE WHEN place >= 249 AND known_250 >= 200 THEN known_250 END,
       CASE WHEN place >= 1249 AND known_1250 >= 1000 THEN lower_1250 END,
       CASE WHEN place >= 1249 AND known_1250 >= 1000 THEN known_1250 END
FROM ranked
