"""The same profile by pandas. Reads {file, columns, categories, bounds, label}, prints {seconds, peakRssMb, found, version}."""
import json
import resource
import sys
import time

import numpy as np
import pandas as pd

DTYPES = {"number": "float64", "integer": "Int64", "string": "object", "boolean": "boolean"}
SHARES = (np.arange(100) + 0.5) / 100


def read(given):
    types = given["columns"]
    times = [name for name, kind in types.items() if kind == "timestamp"]
    dtypes = {name: DTYPES[kind] for name, kind in types.items() if kind != "timestamp"}
    return pd.read_csv(given["file"], dtype=dtypes, parse_dates=times, keep_default_na=False, na_values=[""])


def numbers(column, bounds):
    values = column.dropna().to_numpy("float64")
    low, high = bounds or (None, None)
    outside = ~np.isfinite(values)
    if low is not None:
        outside |= values < low
    if high is not None:
        outside |= values > high
    return {
        "count": len(values), "outside": int(outside.sum()), "distinct": column.nunique(), "minimum": values.min(), "maximum": values.max(), "mean": values.mean(),
        "sum": values.sum(), "deviation": values.std(), "quantiles": np.quantile(values, SHARES).tolist(), "buckets": np.histogram(values, bins=10)[0].tolist(),
    }


def values(column, categories):
    counts = column.value_counts()
    return {
        "distinct": len(counts), "minimum": str(column.dropna().min()), "maximum": str(column.dropna().max()),
        "frequent": counts.head(10).to_dict(), "outside": 0 if categories is None else int((~column.dropna().isin(categories)).sum()),
    }


def profile(given):
    table = read(given)
    found = {}
    for name, kind in given["columns"].items():
        column = table[name]
        numeric = kind in ("number", "integer", "boolean")
        found[name] = numbers(column, given["bounds"].get(name)) if numeric else values(column, given["categories"].get(name))
        found[name]["missing"] = int(column.isna().sum())
    label = table[given["label"]].value_counts()
    return table, found, label, float(table.duplicated().mean())


def main():
    given = json.loads(sys.argv[1])
    start = time.perf_counter()
    table, found, label, duplicates = profile(given)
    seconds = time.perf_counter() - start
    price = found["price"]
    print(json.dumps({
        "seconds": seconds, "cpuSeconds": time.process_time(), "peakRssMb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "version": pd.__version__,
        "found": {"rows": len(table), "duplicates": duplicates, "positives": int(label[True]), "price": [price["minimum"], price["mean"], price["maximum"]]},
    }))


main()
