"""The live benchmark in NumPy: a session's snapshots in, counts and sums of every instant out.

The arrivals of each three-second instant are put into columns of the securities at once, and the
figures are computed anew over all of them. What comes late is put in first, by time and revision.
Follows docs/benchmarks.md; reading the files is not timed.
"""

import json
import resource
import sys
import time

import numpy as np
import polars as pl

SIDES = ["high", "low", "last", "volume", "turnover"]


class Market:
    """The securities' columns."""

    def __init__(self, securities: dict[str, np.ndarray]) -> None:
        count = len(securities["prev_close"])
        self.key = np.full(count, -1, np.int64)
        self.sides = {side: np.zeros(count, np.int64) for side in SIDES}
        self.prev, self.up, self.down = (
            securities[name] for name in ["prev_close", "up", "down"]
        )
        self.priced = self.prev > 0
        self.divisor = np.maximum(self.prev, 1)
        self.half = self.prev // 2
        self.known = self.priced & (securities["float_shares"] >= 0)
        self.cap = np.where(self.known, securities["float_shares"] * self.prev, 0)
        self.cap_float = self.cap.astype(np.float64)

    def put(self, rows: np.ndarray, quotes: dict[str, np.ndarray]) -> None:
        """Puts in rows of which a later one takes the place of an earlier."""
        place, key = quotes["place"][rows], quotes["key"][rows]
        later = key > self.key[place]
        rows, place = rows[later], place[later]
        self.key[place] = quotes["key"][rows]
        for side in SIDES:
            self.sides[side][place] = quotes[side][rows]

    def figures(self) -> dict:
        """Counts and sums over all securities."""
        last, volume, turnover = (self.sides[side] for side in ["last", "volume", "turnover"])
        traded = volume > 0
        priced = traded & self.priced
        change = np.where(priced, last - self.prev, 0)
        up, down = change > 0, change < 0
        parts = (np.abs(change) * 1_000_000_000 + self.half) // self.divisor
        ret = np.where(change < 0, -parts, parts)
        ret[~priced] = 0
        ret_float = ret.astype(np.float64)
        sealed = traded & (last == self.up)
        touched = traded & (self.sides["high"] == self.up)
        return {
            "traded": int(np.count_nonzero(traded)),
            "up": int(np.count_nonzero(up)),
            "down": int(np.count_nonzero(down)),
            "flat": int(np.count_nonzero(priced) - np.count_nonzero(up) - np.count_nonzero(down)),
            "sealed_up": int(np.count_nonzero(sealed)),
            "broken_up": int(np.count_nonzero(touched & ~sealed)),
            "sealed_down": int(np.count_nonzero(traded & (last == self.down))),
            "turnover": int(turnover.sum()),
            "volume_up": int(volume[up].sum()),
            "volume_down": int(volume[down].sum()),
            "ret": int(ret.sum()),
            "ret_squared": float(np.dot(ret_float, ret_float)),
            "cap": float(self.cap_float[priced].sum()),
            "ret_by_cap": float(np.dot(ret_float, self.cap_float)),
        }


def main() -> None:
    quotes, securities = (pl.read_parquet(path) for path in sys.argv[1:3])
    quotes = {name: quotes[name].to_numpy() for name in quotes.columns}
    securities = {name: securities[name].to_numpy() for name in securities.columns}
    started = time.perf_counter()
    market = Market(securities)
    traded = quotes["volume"] > 0
    quotes["key"] = np.where(traded, quotes["time"] * 4 + quotes["revision"], -1)
    starts = np.flatnonzero(np.diff(quotes["instant"], prepend=-1))
    ends = np.append(starts[1:], len(quotes["instant"]))
    of_instants = [0, 0, 0]
    found = {}
    for start, end in zip(starts.tolist(), ends.tolist()):
        key = quotes["key"][start:end]
        now = key.max() // 4 * 4
        rows = np.arange(start, end)
        late = rows[key < now]
        market.put(late[np.argsort(quotes["key"][late], kind="stable")], quotes)
        market.put(rows[key >= now], quotes)
        found = market.figures()
        of_instants[0] += found["up"]
        of_instants[1] += found["down"]
        of_instants[2] += found["turnover"]
    seconds = time.perf_counter() - started
    print(json.dumps({
        "version": np.__version__,
        "seconds": seconds,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "figures": found,
        "of_instants": of_instants,
    }))


main()
