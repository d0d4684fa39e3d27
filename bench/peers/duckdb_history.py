"""The history benchmark in DuckDB: a store's tables in, a table of sessions out.

Follows docs/benchmarks.md. Adjusted closes are doubles here, so "strictly above" leaves a margin
of 1e-11 for their rounding.
"""

import json
import resource
import sys
import time

import duckdb

from store import files

QUERY = """
COPY (
WITH told AS (
    SELECT
        session AS date, symbol, substr(symbol, 8, 2) AS exchange, high // 100 AS high,
        close // 100 AS close, prev_close // 100 AS prev_close, volume, turnover AS fen,
        :source AS source
    FROM read_parquet(:bars, filename = true)
    WHERE regexp_matches(symbol, '^(60[0135]|68[89])...\\.SH|^(00[0-3]|30[0-2])...\\.SZ|\\.BJ')
        AND (exchange <> 'BJ' OR session >= DATE '2021-11-15')
),
-- Of several sources of a session the one with most rows.
tally AS (
    SELECT date, exchange, source,
        row_number() OVER (PARTITION BY date, exchange ORDER BY count(*) DESC, source) AS place
    FROM told GROUP BY date, exchange, source
),
sessions AS (
    SELECT date, CAST(row_number() OVER (ORDER BY date) - 1 AS INTEGER) AS session
    FROM (SELECT DISTINCT date FROM told)
),
bars AS (
    SELECT told.* EXCLUDE (source), session
    FROM told
    JOIN sessions USING (date)
    JOIN tally ON tally.date = told.date AND tally.exchange = told.exchange
        AND tally.source = told.source AND place = 1
    WHERE volume > 0
),
names AS (
    SELECT symbol, observed_on,
        any_value(contains(name, 'ST')) AS warned,
        any_value(starts_with(name, '退市') OR ends_with(name, '退')) AS leaving
    FROM read_parquet(:security)
    GROUP BY symbol, observed_on
),
-- Before its first name a security is called as it was first.
spans AS (
    SELECT symbol, warned,
        CASE WHEN row_number() OVER own = 1 THEN DATE '1900-01-01' ELSE observed_on END AS since
    FROM names
    WINDOW own AS (PARTITION BY symbol ORDER BY observed_on)
),
identity AS (
    SELECT symbol, max(listed_on) AS listed_on, max(issue_price) // 100 AS issue_price
    FROM read_parquet(:security)
    GROUP BY symbol
),
leaving AS (
    SELECT symbol, min(observed_on) AS leaves_on FROM names WHERE leaving GROUP BY symbol
),
capital AS (
    SELECT symbol, total_shares, float_shares,
        CASE WHEN row_number() OVER own = 1 THEN DATE '1900-01-01' ELSE observed_on END AS since
    FROM (
        SELECT symbol, observed_on, max(total_shares) AS total_shares,
            max(float_shares) AS float_shares
        FROM read_parquet(:shares) GROUP BY symbol, observed_on
    )
    WINDOW own AS (PARTITION BY symbol ORDER BY observed_on)
),
known AS (
    SELECT
        bars.*, listed_on, issue_price, leaves_on, coalesce(warned, false) AS warned,
        total_shares, float_shares,
        CASE
            WHEN exchange = 'BJ' THEN 'bse'
            WHEN substr(bars.symbol, 1, 3) IN ('688', '689') THEN 'star'
            WHEN exchange = 'SZ' AND substr(bars.symbol, 1, 2) = '30' THEN 'chinext'
            ELSE 'main'
        END AS board
    FROM bars
    LEFT JOIN identity USING (symbol)
    LEFT JOIN leaving USING (symbol)
    ASOF LEFT JOIN spans ON spans.symbol = bars.symbol AND spans.since <= bars.date
    ASOF LEFT JOIN capital ON capital.symbol = bars.symbol AND capital.since <= bars.date
),
-- What was listed before the data begin has had its first sessions.
entered AS (
    SELECT listed_on, min(session) AS first_session
    FROM (SELECT DISTINCT listed_on FROM identity) JOIN sessions ON date >= listed_on
    WHERE listed_on >= (SELECT min(date) FROM sessions)
    GROUP BY listed_on
),
ruled AS (
    SELECT
        *,
        CASE
            WHEN board = 'bse' THEN 30
            WHEN board = 'star' OR board = 'chinext' AND date >= DATE '2020-08-24' THEN 20
            WHEN board = 'main' AND warned AND date < DATE '2026-07-06'
                AND coalesce(date < leaves_on, true) THEN 5
            ELSE 10
        END AS percent,
        date >= DATE '2020-12-31' AND date = leaves_on OR session - first_session < CASE board
            WHEN 'star' THEN 5
            WHEN 'bse' THEN 1
            WHEN 'chinext' THEN CASE WHEN listed_on >= DATE '2020-08-24' THEN 5 ELSE 1 END
            ELSE CASE WHEN listed_on >= DATE '2023-04-10' THEN 5 ELSE 1 END
        END AS is_first,
        listed_on >= DATE '2014-01-17' AND (
            board = 'main' AND listed_on < DATE '2023-04-10'
            OR board = 'chinext' AND listed_on < DATE '2020-08-24') AS by_issue_price
    FROM known LEFT JOIN entered USING (listed_on)
),
limits AS (
    SELECT
        *,
        coalesce(is_first, false) AND NOT coalesce(by_issue_price, false) AS unlimited,
        CASE
            WHEN is_first AND by_issue_price THEN (coalesce(issue_price, prev_close) * 144 + 50) // 100
            WHEN is_first THEN NULL
            WHEN board = 'bse' THEN prev_close * 130 // 100
            ELSE greatest((prev_close * (100 + percent) + 50) // 100, prev_close + 1)
        END AS up,
        CASE
            WHEN is_first AND by_issue_price
                THEN greatest(1, (coalesce(issue_price, prev_close) * 64 + 50) // 100)
            WHEN is_first THEN NULL
            WHEN board = 'bse' THEN greatest(1, (prev_close * 70 + 99) // 100)
            ELSE greatest(1, least((prev_close * (100 - percent) + 50) // 100, prev_close - 1))
        END AS down
    FROM ruled
),
steps AS (
    SELECT
        *,
        coalesce(close = up, false) AS sealed,
        row_number() OVER own AS day,
        -- The level's step on an ex-rights day; exactly one on all others.
        coalesce(CASE WHEN lag(close) OVER own <> prev_close
            THEN CAST(lag(close) OVER own AS DOUBLE) / prev_close END, 1.0) AS step,
        coalesce(lag(close = up) OVER own AND lag(session) OVER own = session - 1, false)
            AS prior_limit_up
    FROM limits
    WINDOW own AS (PARTITION BY symbol ORDER BY session)
),
levels AS (
    SELECT
        *,
        close * product(step) OVER own AS adjusted,
        day - coalesce(max(CASE WHEN NOT sealed THEN day END) OVER own, 0) AS streak
    FROM steps
    WINDOW own AS (PARTITION BY symbol ORDER BY session ROWS UNBOUNDED PRECEDING)
),
days AS (
    SELECT
        *,
        CAST(close - prev_close AS DOUBLE) / prev_close AS ret,
        CAST(total_shares AS HUGEINT) * prev_close AS total_cap,
        CAST(float_shares AS HUGEINT) * prev_close AS float_cap,
        count(*) OVER past AS days_before,
        adjusted > max(adjusted) OVER past * (1 + 1e-11) AS above_past,
        adjusted < min(adjusted) OVER past * (1 - 1e-11) AS below_past,
        count(*) OVER last250 AS days_of_250,
        adjusted > avg(adjusted) OVER last20 * (1 + 1e-11) AS above20,
        adjusted > avg(adjusted) OVER last50 * (1 + 1e-11) AS above50,
        adjusted > avg(adjusted) OVER last200 * (1 + 1e-11) AS above200
    FROM levels
    WINDOW
        past AS (PARTITION BY symbol ORDER BY session RANGE BETWEEN 250 PRECEDING AND 1 PRECEDING),
        last250 AS (PARTITION BY symbol ORDER BY session RANGE 249 PRECEDING),
        last20 AS (PARTITION BY symbol ORDER BY session ROWS 19 PRECEDING),
        last50 AS (PARTITION BY symbol ORDER BY session ROWS 49 PRECEDING),
        last200 AS (PARTITION BY symbol ORDER BY session ROWS 199 PRECEDING)
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY session ORDER BY fen DESC) AS by_turnover,
        count(*) OVER (PARTITION BY session) AS of_traded,
        NOT warned AND NOT unlimited AND NOT coalesce(date >= leaves_on, false) AS calm,
        row_number() OVER (
            PARTITION BY session, calm ORDER BY total_cap, exchange = 'BJ', exchange, symbol)
            AS by_cap
    FROM days
)
SELECT
    date,
    count(*) AS traded,
    count(*) FILTER (close > prev_close) AS advances,
    count(*) FILTER (close < prev_close) AS declines,
    count(*) FILTER (close = prev_close) AS unchanged,
    count(*) FILTER (sealed) AS limit_up_count,
    count(*) FILTER (close = down) AS limit_down_count,
    count(*) FILTER (high = up AND close < up) AS limit_up_broken_count,
    coalesce(max(streak) FILTER (sealed), 0) AS max_streak,
    count(*) FILTER (sealed AND streak = 2) AS "limit_up_ladder:2",
    count(*) FILTER (sealed AND streak = 3) AS "limit_up_ladder:3",
    count(*) FILTER (days_before >= 200 AND above_past) AS new_high_250,
    count(*) FILTER (days_before >= 200 AND below_past) AS new_low_250,
    count(*) FILTER (days_of_250 >= 20 AND above20) AS above_ma20,
    count(*) FILTER (days_of_250 >= 50 AND above50) AS above_ma50,
    count(*) FILTER (days_of_250 >= 200 AND above200) AS above_ma200,
    CAST(sum(fen) AS DOUBLE) AS turnover,
    CAST(sum(fen) FILTER (by_turnover <= (of_traded * 5 + 99) // 100) AS DOUBLE)
        AS top5_turnover_share,
    sum(CAST(fen AS DOUBLE) * fen) / nullif(CAST(sum(fen) AS DOUBLE) * sum(fen), 0)
        AS turnover_hhi,
    avg(ret) AS equal_weight_return,
    CAST(sum(CAST(float_shares AS HUGEINT) * (close - prev_close)) AS DOUBLE)
        / nullif(CAST(sum(float_cap) AS DOUBLE), 0) AS cap_weight_return,
    median(ret) AS median_return,
    stddev_pop(ret) AS return_dispersion,
    avg(ret) FILTER (calm AND by_cap <= 400) AS micro_cap_return,
    avg(ret) FILTER (prior_limit_up) AS prior_limit_up_return
FROM ranked
GROUP BY date
ORDER BY date
) TO ':out' (FORMAT parquet)
"""


def quoted(paths: list[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"


def main() -> None:
    store, out, scratch = sys.argv[1:4]
    bars = files(store, "daily_bar")
    by_source: dict[str, list[str]] = {}
    for path, source in bars:
        by_source.setdefault(source, []).append(path)
    if len(by_source) > 1:
        cases = " ".join(
            f"WHEN list_contains({quoted(paths)}, filename) THEN '{source}'"
            for source, paths in by_source.items())
        source = f"CASE {cases} END"
    else:
        source = "''"
    query = QUERY
    for name, text in {
        ":bars": quoted([path for path, _ in bars]),
        ":security": quoted([path for path, _ in files(store, "security")]),
        ":shares": quoted([path for path, _ in files(store, "share_capital")]),
        ":source": source,
        ":out": out,
    }.items():
        query = query.replace(name, text)
    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = '{scratch}'")
    started = time.perf_counter()
    connection.execute(query)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "version": duckdb.__version__,
        "seconds": seconds,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }))


main()
