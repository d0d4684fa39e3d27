"""The history benchmark in Polars: a store's tables in, a table of sessions out.

Follows docs/benchmarks.md. Adjusted closes are floats here, so "strictly above" leaves a margin
of 1e-11 for their rounding.
"""

import datetime
import json
import resource
import sys
import time

import polars as pl

from store import files

MARGIN = 1e-11
SHARES = r"^(60[0135]|68[89])...\.SH|^(00[0-3]|30[0-2])...\.SZ|\.BJ"


def date(text: str) -> pl.Expr:
    return pl.lit(datetime.date.fromisoformat(text))


def scan(store: str, table: str) -> pl.LazyFrame:
    return pl.concat([
        pl.scan_parquet(path).with_columns(source=pl.lit(source))
        for path, source in files(store, table)
    ])


def since(frame: pl.LazyFrame) -> pl.LazyFrame:
    """What is observed first held before, too."""
    first = pl.col("observed_on") == pl.col("observed_on").min().over("symbol")
    return frame.with_columns(
        since=pl.when(first).then(date("1900-01-01")).otherwise(pl.col("observed_on")),
    ).sort("since")


def bars(store: str) -> pl.LazyFrame:
    """The traded rows of A-shares, of several sources those of the one with most rows."""
    told = (
        scan(store, "daily_bar")
        .select(
            "symbol", "volume", "source",
            date="session",
            exchange=pl.col("symbol").str.slice(7, 2),
            high=pl.col("high") // 100,
            close=pl.col("close") // 100,
            prev_close=pl.col("prev_close") // 100,
            fen="turnover",
        )
        .filter(
            pl.col("symbol").str.contains(SHARES)
            & ((pl.col("exchange") != "BJ") | (pl.col("date") >= date("2021-11-15")))
        )
    )
    sources = {source for _, source in files(store, "daily_bar")}
    if len(sources) > 1:
        chosen = (
            told.group_by("date", "exchange", "source").len()
            .sort("len", "source", descending=[True, False])
            .group_by("date", "exchange").agg(pl.col("source").first())
        )
        told = told.join(chosen, on=["date", "exchange", "source"], how="semi")
    sessions = (
        told.select("date").unique().sort("date").with_row_index("session")
        .with_columns(pl.col("session").cast(pl.Int64))
    )
    return (
        told.filter(pl.col("volume") > 0)
        .join(sessions, on="date", how="left")
        .sort("symbol", "date")
    )


def known(store: str) -> pl.LazyFrame:
    """With who the securities are, and their shares, on each date."""
    listed = scan(store, "security")
    name = pl.col("name")
    names = (
        listed.filter(name.is_not_null())
        .select(
            "symbol", "observed_on",
            warned=name.str.contains("ST", literal=True),
            leaving=name.str.starts_with("退市") | name.str.ends_with("退"),
        )
        .unique(["symbol", "observed_on"])
    )
    leaving = names.filter("leaving").group_by("symbol").agg(leaves_on=pl.col("observed_on").min())
    identity = listed.group_by("symbol").agg(
        listed_on=pl.col("listed_on").max(), issue_price=pl.col("issue_price").max() // 100)
    capital = (
        scan(store, "share_capital")
        .select("symbol", "observed_on", "total_shares", "float_shares")
        .unique(["symbol", "observed_on"])
    )
    rows = bars(store)
    dates = rows.select("date", "session").unique().sort("date")
    # What was listed before the data begin has had its first sessions.
    begins = dates.select(pl.col("date").min()).collect().item()
    entered = (
        identity.filter(pl.col("listed_on") >= begins)
        .select("listed_on").unique().sort("listed_on")
        .join_asof(dates, left_on="listed_on", right_on="date", strategy="forward")
        .select("listed_on", first_session="session")
    )
    on = {"left_on": "date", "right_on": "since", "by": "symbol", "check_sortedness": False}
    return (
        rows
        .join(identity, on="symbol", how="left")
        .join(leaving, on="symbol", how="left")
        .join(entered, on="listed_on", how="left")
        .sort("date")
        .join_asof(since(names).select("symbol", "since", "warned"), **on)
        .join_asof(since(capital).select("symbol", "since", "total_shares", "float_shares"), **on)
        .sort("symbol", "session")
        .with_columns(
            pl.col("warned").fill_null(False),
            board=pl.when(pl.col("exchange") == "BJ").then(pl.lit("bse"))
            .when(pl.col("symbol").str.contains("^68[89]")).then(pl.lit("star"))
            .when((pl.col("exchange") == "SZ") & pl.col("symbol").str.starts_with("30"))
            .then(pl.lit("chinext")).otherwise(pl.lit("main")),
        )
    )


def limited(rows: pl.LazyFrame) -> pl.LazyFrame:
    """With limit prices in fen."""
    board, listed = pl.col("board"), pl.col("listed_on")
    pre, issue = pl.col("prev_close"), pl.col("issue_price")
    main, chinext, bse = board == "main", board == "chinext", board == "bse"
    leaves = pl.col("leaves_on")
    percent = (
        pl.when(bse).then(30)
        .when((board == "star") | chinext & (pl.col("date") >= date("2020-08-24"))).then(20)
        .when(
            main & pl.col("warned") & (pl.col("date") < date("2026-07-06"))
            & (pl.col("date") < leaves).fill_null(True)).then(5)
        .otherwise(10).cast(pl.Int32)
    )
    first_sessions = (
        pl.when(board == "star").then(5)
        .when(bse).then(1)
        .when(chinext).then(pl.when(listed >= date("2020-08-24")).then(5).otherwise(1))
        .otherwise(pl.when(listed >= date("2023-04-10")).then(5).otherwise(1))
    )
    is_first = (
        ((pl.col("date") >= date("2020-12-31")) & (pl.col("date") == leaves)).fill_null(False)
        | (pl.col("session") - pl.col("first_session") < first_sessions).fill_null(False)
    )
    by_issue_price = (listed >= date("2014-01-17")) & (
        main & (listed < date("2023-04-10")) | chinext & (listed < date("2020-08-24")))
    from_issue = pl.coalesce(issue, pre)
    return (
        rows
        .with_columns(percent=percent, is_first=is_first,
                      by_issue_price=by_issue_price.fill_null(False))
        .with_columns(
            unlimited=pl.col("is_first") & ~pl.col("by_issue_price"),
            up=pl.when(pl.col("is_first")).then(
                pl.when(pl.col("by_issue_price")).then((from_issue * 144 + 50) // 100))
            .when(bse).then(pre * 130 // 100)
            .otherwise(pl.max_horizontal(
                (pre * (100 + pl.col("percent")) + 50) // 100, pre + 1)),
            down=pl.when(pl.col("is_first")).then(
                pl.when(pl.col("by_issue_price")).then(
                    pl.max_horizontal((from_issue * 64 + 50) // 100, pl.lit(1, pl.Int32))))
            .when(bse).then((pre * 70 + 99) // 100)
            .otherwise(pl.max_horizontal(pl.lit(1, pl.Int32), pl.min_horizontal(
                (pre * (100 - pl.col("percent")) + 50) // 100, pre - 1))),
        )
    )


def days(store: str) -> pl.LazyFrame:
    """Traded rows with all that the security's own past decides."""
    pre, close = pl.col("prev_close"), pl.col("close")
    last = close.shift(1).over("symbol")
    return (
        limited(known(store))
        .with_columns(
            ret=(close - pre) / pre,
            total_cap=pl.col("total_shares").cast(pl.Float64) * pre,
            float_cap=pl.col("float_shares").cast(pl.Float64) * pre,
            gain=pl.col("float_shares").cast(pl.Float64) * (close - pre),
            one=pl.lit(1, pl.Int32),
            calm=~pl.col("warned") & ~pl.col("unlimited")
            & ~(pl.col("date") >= pl.col("leaves_on")).fill_null(False),
            # The level's step on an ex-rights day; exactly one on all others.
            step=pl.when(last != pre).then(last / pre).otherwise(1.0),
            sealed=(close == pl.col("up")).fill_null(False),
        )
        .with_columns(adjusted=close * pl.col("step").cum_prod().over("symbol"))
        .with_columns(
            run=(~pl.col("sealed")).cum_sum().over("symbol"),
            prior_limit_up=(
                pl.col("sealed").shift(1)
                & (pl.col("session").shift(1) == pl.col("session") - 1)
            ).over("symbol").fill_null(False),
            mean20=pl.col("adjusted").rolling_mean(20).over("symbol"),
            mean50=pl.col("adjusted").rolling_mean(50).over("symbol"),
            mean200=pl.col("adjusted").rolling_mean(200).over("symbol"),
            highest=pl.col("adjusted").rolling_max_by(
                "session", "250i", closed="left").over("symbol"),
            lowest=pl.col("adjusted").rolling_min_by(
                "session", "250i", closed="left").over("symbol"),
            before=pl.col("one").rolling_sum_by("session", "250i", closed="left").over("symbol"),
            within=pl.col("one").rolling_sum_by("session", "250i", closed="right").over("symbol"),
        )
        .with_columns(
            # Within a run, the first row is the unsealed one that opened it, except where the
            # security's first row is sealed.
            streak=pl.col("sealed").cast(pl.Int32).cum_sum().over("symbol", "run"),
        )
    )


def figures(store: str) -> pl.LazyFrame:
    sealed, streak = pl.col("sealed"), pl.col("streak")
    adjusted, ret, fen = pl.col("adjusted"), pl.col("ret"), pl.col("fen")
    close, pre = pl.col("close"), pl.col("prev_close")
    enough, within = pl.col("before") >= 200, pl.col("within")
    count = {
        "traded": pl.col("volume") > 0,
        "advances": close > pre,
        "declines": close < pre,
        "unchanged": close == pre,
        "limit_up_count": sealed,
        "limit_down_count": close == pl.col("down"),
        "limit_up_broken_count": (pl.col("high") == pl.col("up")) & (close < pl.col("up")),
        "limit_up_ladder:2": sealed & (streak == 2),
        "limit_up_ladder:3": sealed & (streak == 3),
        "new_high_250": enough & (adjusted > pl.col("highest") * (1 + MARGIN)),
        "new_low_250": enough & (adjusted < pl.col("lowest") * (1 - MARGIN)),
        "above_ma20": (within >= 20) & (adjusted > pl.col("mean20") * (1 + MARGIN)),
        "above_ma50": (within >= 50) & (adjusted > pl.col("mean50") * (1 + MARGIN)),
        "above_ma200": (within >= 200) & (adjusted > pl.col("mean200") * (1 + MARGIN)),
    }
    total = fen.sum().cast(pl.Float64)
    top = (pl.len() * 5 + 99) // 100
    calm = pl.col("calm")
    by_cap = ["total_cap", "in_beijing", "exchange", "symbol"]
    return (
        days(store)
        .with_columns(in_beijing=pl.col("exchange") == "BJ")
        .group_by("date")
        .agg(
            *[holds.sum().cast(pl.Int64).alias(name) for name, holds in count.items()],
            max_streak=pl.when(sealed).then(streak).otherwise(0).max().cast(pl.Int64),
            turnover=total,
            top5_turnover_share=fen.top_k(top).sum().cast(pl.Float64),
            turnover_hhi=(fen.cast(pl.Float64) ** 2).sum() / total ** 2,
            equal_weight_return=ret.mean(),
            cap_weight_return=pl.col("gain").sum() / pl.col("float_cap").sum(),
            median_return=ret.median(),
            return_dispersion=ret.std(ddof=0),
            micro_cap_return=ret.filter(calm).sort_by(
                [pl.col(name).filter(calm) for name in by_cap]).head(400).mean(),
            prior_limit_up_return=ret.filter(pl.col("prior_limit_up")).mean(),
        )
        .sort("date")
    )


def main() -> None:
    store, out = sys.argv[1:3]
    started = time.perf_counter()
    figures(store).collect(engine="streaming").write_parquet(out)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "version": pl.__version__,
        "seconds": seconds,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }))


main()
