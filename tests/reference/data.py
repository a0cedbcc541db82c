"""Writes data.json: the embedded sets and their normalisation as scikit-learn has them.

    python data.py > data.json

Versions go to stderr.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.datasets import load_digits, load_iris
from sklearn.preprocessing import MinMaxScaler, StandardScaler

SAMPLE = [0, 1, 77, -1]  # rows whose normalised columns are written out


def fnv1a(numbers):
    """The 64-bit hash FNV-1a of numbers below 256."""
    h = 0xCBF29CE484222325
    for byte in numbers:
        h = (h ^ int(byte)) * 0x100000001B3 % 2**64
    return f"{h:016x}"


def describe(data, unit):
    x, classes = data.data, data.target
    # Normalised by the even rows only, as if these were the training part.
    train = x[::2]
    standard = StandardScaler().fit(train)
    unit_range = MinMaxScaler().fit(train)
    wide_range = MinMaxScaler((-1, 3)).fit(train)
    sample = x[SAMPLE]
    return {
        "rows": len(x),
        "counts": np.bincount(classes).tolist(),
        "sum": float(x.sum()),
        "values_fnv1a": fnv1a(np.rint(x * unit).ravel()),
        "classes_fnv1a": fnv1a(classes),
        "sample": [row % len(x) for row in SAMPLE],
        "mean": standard.mean_.tolist(),
        "std": standard.scale_.tolist(),
        "low": unit_range.data_min_.tolist(),
        "high": unit_range.data_max_.tolist(),
        "standardized": standard.transform(sample).tolist(),
        "min_maxed": unit_range.transform(sample).tolist(),
        "min_maxed_wide": wide_range.transform(sample).tolist(),
    }


print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", file=sys.stderr)
sets = {"digits": describe(load_digits(), 1), "iris": describe(load_iris(), 10)}
print(json.dumps(sets, indent=None, separators=(",", ":")).replace('],"', '],\n"'))
