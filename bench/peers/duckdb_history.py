"""The history benchmark in DuckDB: a table of daily bars in, a table of sessions out.

Follows docs/benchmarks.md. Adjusted closes are doubles here, so "strictly above" leaves a
margin of 1e-12 for their rounding.
"""

import json
import resource
import sys
import time

import duckdb

QUERY = """
COPY (
WITH sessions AS (
    SELECT date, CAST(row_number() OVER (ORDER BY date) - 1 AS INTEGER) AS session
    FROM (SELECT DISTINCT date FROM read_parquet($bars))
),
limits AS (
    SELECT
        code, session, high, close, pre_close,
        CAST(round(amount * 100) AS BIGINT) AS fen,
        float_shares,
        CASE board
            WHEN 2 THEN pre_close * 130 // 100
            ELSE greatest(
                (pre_close * CASE board WHEN 0 THEN 110 ELSE 120 END + 50) // 100, pre_close + 1)
        END AS up,
        greatest(1, CASE board
            WHEN 2 THEN (pre_close * 70 + 99) // 100
            ELSE least(
                (pre_close * CASE board WHEN 0 THEN 90 ELSE 80 END + 50) // 100, pre_close - 1)
        END) AS down
    FROM read_parquet($bars) JOIN sessions USING (date)
    WHERE volume > 0
),
steps AS (
    SELECT
        *,
        close = up AS sealed,
        row_number() OVER own AS day,
        -- The level's step on an ex-rights day; exactly one on all others.
        coalesce(CASE WHEN lag(close) OVER own <> pre_close
            THEN CAST(lag(close) OVER own AS DOUBLE) / pre_close END, 1.0) AS step,
        coalesce(lag(close = up) OVER own AND lag(session) OVER own = session - 1, false)
            AS prior_limit_up
    FROM limits
    WINDOW own AS (PARTITION BY code ORDER BY session)
),
levels AS (
    SELECT
        *,
        close * product(step) OVER own AS adjusted,
        day - coalesce(max(CASE WHEN NOT sealed THEN day END) OVER own, 0) AS streak
    FROM steps
    WINDOW own AS (PARTITION BY code ORDER BY session ROWS UNBOUNDED PRECEDING)
),
days AS (
    SELECT
        *,
        CAST(close - pre_close AS DOUBLE) / pre_close AS ret,
        float_shares * pre_close AS cap,
        count(*) OVER past >= 200
            AND adjusted > max(adjusted) OVER past * (1 + 1e-12) AS new_high,
        count(*) OVER past >= 200
            AND adjusted < min(adjusted) OVER past * (1 - 1e-12) AS new_low,
        day >= 20 AND adjusted > avg(adjusted) OVER last20 * (1 + 1e-12) AS above20,
        day >= 50 AND adjusted > avg(adjusted) OVER last50 * (1 + 1e-12) AS above50,
        day >= 200 AND adjusted > avg(adjusted) OVER last200 * (1 + 1e-12) AS above200
    FROM levels
    WINDOW
        past AS (PARTITION BY code ORDER BY session RANGE BETWEEN 250 PRECEDING AND 1 PRECEDING),
        last20 AS (PARTITION BY code ORDER BY session ROWS 19 PRECEDING),
        last50 AS (PARTITION BY code ORDER BY session ROWS 49 PRECEDING),
        last200 AS (PARTITION BY code ORDER BY session ROWS 199 PRECEDING)
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY session ORDER BY fen DESC) AS by_turnover,
        row_number() OVER (PARTITION BY session ORDER BY cap, code) AS by_cap,
        count(*) OVER (PARTITION BY session) AS traded
    FROM days
),
figures AS (
    SELECT
        session,
        count(*) FILTER (close > pre_close) AS advances,
        count(*) FILTER (close < pre_close) AS declines,
        count(*) FILTER (close = pre_close) AS unchanged,
        count(*) FILTER (sealed) AS limit_ups,
        count(*) FILTER (close = down) AS limit_downs,
        count(*) FILTER (high = up AND close < up) AS broken,
        coalesce(max(streak) FILTER (sealed), 0) AS max_streak,
        count(*) FILTER (sealed AND streak >= 2) AS streak_2_up,
        count(*) FILTER (sealed AND streak >= 3) AS streak_3_up,
        count(*) FILTER (new_high) AS new_high_250,
        count(*) FILTER (new_low) AS new_low_250,
        count(*) FILTER (above20) AS above_ma20,
        count(*) FILTER (above50) AS above_ma50,
        count(*) FILTER (above200) AS above_ma200,
        sum(fen) / 100.0 AS turnover,
        CAST(sum(fen) FILTER (by_turnover <= (traded * 5 + 99) // 100) AS DOUBLE)
            / nullif(sum(fen), 0) AS top5_share,
        sum(CAST(fen AS DOUBLE) * fen) / nullif(CAST(sum(fen) AS DOUBLE) * sum(fen), 0) AS hhi,
        avg(ret) AS equal_weight_return,
        CAST(sum(float_shares * (close - pre_close)) AS DOUBLE) / nullif(sum(cap), 0)
            AS cap_weight_return,
        median(ret) AS median_return,
        stddev_pop(ret) AS dispersion,
        avg(ret) FILTER (by_cap <= 400) AS micro_cap_return,
        avg(ret) FILTER (prior_limit_up) AS prior_limit_up_return
    FROM ranked
    GROUP BY session
)
SELECT
    date,
    CAST(coalesce(advances, 0) AS INTEGER) AS advances,
    CAST(coalesce(declines, 0) AS INTEGER) AS declines,
    CAST(coalesce(unchanged, 0) AS INTEGER) AS unchanged,
    CAST(coalesce(limit_ups, 0) AS INTEGER) AS limit_ups,
    CAST(coalesce(limit_downs, 0) AS INTEGER) AS limit_downs,
    CAST(coalesce(broken, 0) AS INTEGER) AS broken,
    CAST(coalesce(max_streak, 0) AS INTEGER) AS max_streak,
    CAST(coalesce(streak_2_up, 0) AS INTEGER) AS streak_2_up,
    CAST(coalesce(streak_3_up, 0) AS INTEGER) AS streak_3_up,
    CAST(coalesce(new_high_250, 0) AS INTEGER) AS new_high_250,
    CAST(coalesce(new_low_250, 0) AS INTEGER) AS new_low_250,
    CAST(coalesce(above_ma20, 0) AS INTEGER) AS above_ma20,
    CAST(coalesce(above_ma50, 0) AS INTEGER) AS above_ma50,
    CAST(coalesce(above_ma200, 0) AS INTEGER) AS above_ma200,
    coalesce(CAST(turnover AS DOUBLE), 0.0) AS turnover,
    top5_share, hhi, equal_weight_return, cap_weight_return, median_return, dispersion,
    micro_cap_return, prior_limit_up_return
FROM sessions LEFT JOIN figures USING (session)
ORDER BY date
) TO $out (FORMAT parquet)
"""


def main() -> None:
    bars, out, scratch = sys.argv[1:4]
    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = '{scratch}'")
    started = time.perf_counter()
    query = QUERY.replace("$bars", f"'{bars}'").replace("$out", f"'{out}'")
    connection.execute(query)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "version": duckdb.__version__,
        "seconds": seconds,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }))


main()
