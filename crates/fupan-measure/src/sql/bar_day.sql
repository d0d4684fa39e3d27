-- One row per A-share and session with trade, compared with its security's earlier rows.
WITH :past,
-- There are no extremes over a window in which a session is missing. 52 weeks are limited to 250
-- sessions: what is missing before either bound does not matter.
asked AS (
  SELECT p.*, coalesce(missing < number - 250, true) AS whole_250,
         coalesce(missing < number - 250 OR missing_day < day - 364, true) AS whole_52w
  FROM past p
)
SELECT p.session, p.number, p.symbol, p.exchange, p.board,
       s.listed_on, s.issue_price, s.nameless, s.known_from,
       p.open, p.high, p.low, p.close, p.prev_close, p.stated_prev_close IS NULL AS derived,
       p.volume, p.turnover_or_estimate, p.first_seen, p.place, p.last_number, p.next_number,
       p.segment, p.segment_place, p.missing,
       -- Above or below by more than a factor of 1e-11, so that equal prices are equal.
       CASE WHEN days_250 >= 200 AND p.whole_250 THEN level_close > high_close_250 * (1e0 + 1e-11) END AS new_high,
       CASE WHEN days_250 >= 200 AND p.whole_250 THEN level_close < low_close_250 * (1e0 - 1e-11) END AS new_low,
       CASE WHEN days_52w >= 200 AND p.whole_52w THEN level_close > high_close_52w * (1e0 + 1e-11) END
         AS new_high_52w,
       CASE WHEN days_52w >= 200 AND p.whole_52w THEN level_close < low_close_52w * (1e0 - 1e-11) END
         AS new_low_52w,
       -- All-time extremes need data that begin no later than the security.
       CASE WHEN place > 200 AND p.missing IS NULL AND s.listed_on >= s.known_from
         THEN level_close > high_close_ever * (1e0 + 1e-11) END
         AS new_high_ever,
       CASE WHEN place > 200 AND p.missing IS NULL AND s.listed_on >= s.known_from
         THEN level_close < low_close_ever * (1e0 - 1e-11) END
         AS new_low_ever,
       -- The same for highs among highs, and lows among lows.
       CASE WHEN days_250 >= 200 AND p.whole_250 THEN level_high > high_250 * (1e0 + 1e-11) END
         AS intraday_high,
       CASE WHEN days_250 >= 200 AND p.whole_250 THEN level_low < low_250 * (1e0 - 1e-11) END AS intraday_low,
       CASE WHEN days_52w >= 200 AND p.whole_52w THEN level_high > high_52w * (1e0 + 1e-11) END
         AS intraday_high_52w,
       CASE WHEN days_52w >= 200 AND p.whole_52w THEN level_low < low_52w * (1e0 - 1e-11) END
         AS intraday_low_52w,
       CASE WHEN place > 200 AND p.missing IS NULL AND s.listed_on >= s.known_from
         THEN level_high > high_ever * (1e0 + 1e-11) END AS intraday_high_ever,
       CASE WHEN place > 200 AND p.missing IS NULL AND s.listed_on >= s.known_from
         THEN level_low < low_ever * (1e0 - 1e-11) END AS intraday_low_ever,
       level_close * 19e0 > sum_19 * (1e0 + 1e-11) AS above_ma20,
       level_close * 49e0 > sum_49 * (1e0 + 1e-11) AS above_ma50,
       level_close * 199e0 > sum_199 * (1e0 + 1e-11) AS above_ma200
FROM asked p
JOIN listed_share s ON s.symbol = p.symbol
UNION ALL
SELECT p.session, p.number, p.symbol, p.exchange, p.board,
       s.listed_on, s.issue_price, s.nameless, s.known_from,
       p.open, p.high, p.low, p.close, p.prev_close, p.stated_prev_close IS NULL AS derived,
       p.volume, p.turnover_or_estimate, p.first_seen, p.place, p.last_number, p.next_number,
       p.segment, p.segment_place, p.missing,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM unasked p
JOIN listed_share s ON s.symbol = p.symbol
