"""The live benchmark in Polars: a session's snapshots in, counts and sums of its end out.

A batch: the standing snapshot of each security is found once, after the last arrival. Nothing is
known at the instants before. Follows docs/benchmarks.md; reading the files is not timed.
"""

import json
import resource
import sys
import time

import polars as pl

SIDES = ["high", "low", "last", "volume", "turnover"]


def figures(quotes: pl.DataFrame, securities: pl.DataFrame) -> dict:
    """Counts and sums over the securities' standing snapshots."""
    latest = pl.col("key").arg_max()
    standing = (
        quotes.lazy()
        .filter(pl.col("volume") > 0)
        .with_columns(key=pl.col("time") * 4 + pl.col("revision"))
        .group_by("place")
        .agg(pl.col(side).get(latest) for side in SIDES)
    )
    prev, last = pl.col("prev_close"), pl.col("last")
    # Half away from zero, in whole parts per billion; floor division of what is not negative.
    parts = (last - prev).abs() * 1_000_000_000 + prev // 2
    ret = (last - prev).sign() * (parts // prev)
    priced = standing.join(securities.lazy(), on="place").with_columns(
        ret=pl.when(prev > 0).then(ret), cap=pl.col("float_shares") * prev,
    )
    square = pl.col("ret").cast(pl.Float64) ** 2
    sealed = last == pl.col("up")
    known = (pl.col("float_shares") >= 0) & pl.col("ret").is_not_null()
    row = priced.select(
        traded=pl.len(),
        up=((prev > 0) & (last > prev)).sum(),
        down=((prev > 0) & (last < prev)).sum(),
        flat=((prev > 0) & (last == prev)).sum(),
        sealed_up=sealed.sum(),
        broken_up=((pl.col("high") == pl.col("up")) & ~sealed).sum(),
        sealed_down=(last == pl.col("down")).sum(),
        turnover=pl.col("turnover").sum(),
        volume_up=pl.col("volume").filter((prev > 0) & (last > prev)).sum(),
        volume_down=pl.col("volume").filter((prev > 0) & (last < prev)).sum(),
        ret=pl.col("ret").sum(),
        ret_squared=square.sum(),
        cap=pl.col("cap").filter(known).cast(pl.Float64).sum(),
        ret_by_cap=(pl.col("ret").cast(pl.Float64) * pl.col("cap")).filter(known).sum(),
    )
    return row.collect().row(0, named=True)


def main() -> None:
    quotes, securities = (pl.read_parquet(path) for path in sys.argv[1:3])
    started = time.perf_counter()
    found = figures(quotes, securities)
    seconds = time.perf_counter() - started
    print(json.dumps({
        "version": pl.__version__,
        "seconds": seconds,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "figures": found,
    }))


main()
