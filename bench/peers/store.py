"""The Parquet files of a store's table, as its Delta log says."""

import glob
import json
import os
from urllib.parse import unquote


def files(store: str, table: str) -> list[tuple[str, str]]:
    """The table's files with the source of each one's rows."""
    folder = os.path.join(store, "tables", table)
    sources: dict[str, str] = {}
    for commit in sorted(glob.glob(os.path.join(folder, "_delta_log", "*.json"))):
        with open(commit, encoding="utf-8") as lines:
            for line in lines:
                action = json.loads(line)
                if "add" in action:
                    added = action["add"]
                    values = added.get("partitionValues") or {}
                    sources[unquote(added["path"])] = values.get("source") or ""
                elif "remove" in action:
                    sources.pop(unquote(action["remove"]["path"]), None)
    return [(os.path.join(folder, path), source) for path, source in sorted(sources.items())]
