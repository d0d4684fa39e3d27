"""The history benchmark in Polars: a table of daily bars in, a table of sessions out.

Follows docs/benchmarks.md. Adjusted closes are floats here, so "strictly above" leaves a margin
of 1e-12 for their rounding.
"""

import json
import resource
import sys
import time

import polars as pl

MARGIN = 1e-12


def days(bars: str) -> pl.LazyFrame:
    """Traded rows with all that the security's own past decides."""
    table = pl.scan_parquet(bars)
    sessions = (
        table.select("date").unique().sort("date").with_row_index("session")
        .with_columns(pl.col("session").cast(pl.Int64))
    )
    pre, close = pl.col("pre_close"), pl.col("close")
    percent = pl.col("board").replace_strict({0: 10, 1: 20, 2: 30}, return_dtype=pl.Int32)
    inward = pl.col("board") == 2
    up = pl.when(inward).then(pre * (100 + percent) // 100).otherwise(
        pl.max_horizontal((pre * (100 + percent) + 50) // 100, pre + 1))
    down = pl.when(inward).then((pre * (100 - percent) + 99) // 100).otherwise(
        pl.min_horizontal((pre * (100 - percent) + 50) // 100, pre - 1))
    last = close.shift(1).over("code")
    return (
        table
        .select("code", "board", "date", "high", "close", "pre_close", "volume", "amount",
                "float_shares")
        .filter(pl.col("volume") > 0)
        .join(sessions, on="date", how="left", maintain_order="left")
        .with_columns(
            up=up,
            down=pl.max_horizontal(down, pl.lit(1, pl.Int32)),
            fen=(pl.col("amount") * 100).round().cast(pl.Int64),
            ret=(close - pre) / pre,
            cap=pl.col("float_shares") * pre,
            one=pl.lit(1, pl.Int32),
            gain=pl.col("float_shares") * (close - pre),
            # The level's step on an ex-rights day; exactly one on all others.
            step=pl.when(last != pre).then(last / pre).otherwise(1.0),
        )
        .with_columns(
            sealed=pl.col("close") == pl.col("up"),
            adjusted=pl.col("close") * pl.col("step").cum_prod().over("code"),
        )
        .with_columns(
            run=(~pl.col("sealed")).cum_sum().over("code"),
            prior_limit_up=(
                pl.col("sealed").shift(1)
                & (pl.col("session").shift(1) == pl.col("session") - 1)
            ).over("code").fill_null(False),
            mean20=pl.col("adjusted").rolling_mean(20).over("code"),
            mean50=pl.col("adjusted").rolling_mean(50).over("code"),
            mean200=pl.col("adjusted").rolling_mean(200).over("code"),
            highest=pl.col("adjusted").rolling_max_by(
                "session", "250i", closed="left").over("code"),
            lowest=pl.col("adjusted").rolling_min_by(
                "session", "250i", closed="left").over("code"),
            in_window=pl.col("one").rolling_sum_by(
                "session", "250i", closed="left").over("code"),
        )
        .with_columns(
            # Within a run, the first row is the unsealed one that opened it, except where the
            # security's first row is sealed.
            streak=pl.col("sealed").cast(pl.Int32).cum_sum().over("code", "run"),
        )
    )


def figures(bars: str) -> pl.LazyFrame:
    sealed, streak = pl.col("sealed"), pl.col("streak")
    adjusted, ret, fen = pl.col("adjusted"), pl.col("ret"), pl.col("fen")
    enough = pl.col("in_window") >= 200
    count = {
        "advances": pl.col("close") > pl.col("pre_close"),
        "declines": pl.col("close") < pl.col("pre_close"),
        "unchanged": pl.col("close") == pl.col("pre_close"),
        "limit_ups": sealed,
        "limit_downs": pl.col("close") == pl.col("down"),
        "broken": (pl.col("high") == pl.col("up")) & (pl.col("close") < pl.col("up")),
        "streak_2_up": sealed & (streak >= 2),
        "streak_3_up": sealed & (streak >= 3),
        "new_high_250": enough & (adjusted > pl.col("highest") * (1 + MARGIN)),
        "new_low_250": enough & (adjusted < pl.col("lowest") * (1 - MARGIN)),
        "above_ma20": adjusted > pl.col("mean20") * (1 + MARGIN),
        "above_ma50": adjusted > pl.col("mean50") * (1 + MARGIN),
        "above_ma200": adjusted > pl.col("mean200") * (1 + MARGIN),
    }
    total = fen.sum().cast(pl.Float64)
    top = (pl.len() * 5 + 99) // 100
    told = (
        days(bars)
        .group_by("date")
        .agg(
            *[holds.sum().cast(pl.Int32).alias(name) for name, holds in count.items()],
            max_streak=(
                pl.when(sealed).then(streak).otherwise(0).max().cast(pl.Int32)),
            turnover=fen.sum() / 100,
            top5_share=fen.top_k(top).sum() / total,
            hhi=(fen.cast(pl.Float64) ** 2).sum() / total ** 2,
            equal_weight_return=ret.mean(),
            cap_weight_return=pl.col("gain").sum() / pl.col("cap").sum(),
            median_return=ret.median(),
            dispersion=ret.std(ddof=0),
            micro_cap_return=ret.sort_by("cap", "code").head(400).mean(),
            prior_limit_up_return=ret.filter(pl.col("prior_limit_up")).mean(),
        )
    )
    dates = pl.scan_parquet(bars).select("date").unique()
    counts = [*count, "max_streak", "turnover"]
    order = [
        "date", "advances", "declines", "unchanged", "limit_ups", "limit_downs", "broken",
        "max_streak", "streak_2_up", "streak_3_up", "new_high_250", "new_low_250", "above_ma20",
        "above_ma50", "above_ma200", "turnover", "top5_share", "hhi", "equal_weight_return",
        "cap_weight_return", "median_return", "dispersion", "micro_cap_return",
        "prior_limit_up_return",
    ]
    return (
        dates.join(told, on="date", how="left")
        .with_columns(pl.col(counts).fill_null(0))
        .select(order)
        .sort("date")
    )


def main() -> None:
    bars, out = sys.argv[1:3]
    started = time.perf_counter()
    figures(bars).collect(engine="streaming").write_parquet(out)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "version": pl.__version__,
        "seconds": seconds,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }))


main()
