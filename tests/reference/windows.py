"""Writes windows.json: windows over time series as pandas makes them, by shifting columns within each series.

    python windows.py > windows.json

The numbers were made by numpy 2.4.6 and pandas 3.1.1; versions go to stderr.
"""

import json
import sys

import numpy as np
import pandas as pd

rng = np.random.default_rng(5)


def frame(lengths):
    """Series of these lengths, row by row in turns, with two targets, a number and a category."""
    rows = []
    for step in range(max(lengths)):
        for name, length in zip("BAC", lengths):
            if step < length:
                rows.append((name, 10 + 2 * step, "hot" if rng.random() < 0.5 else "cold"))
    data = pd.DataFrame(rows, columns=["shop", "day", "weather"])
    data["price"] = np.round(rng.normal(5, 2, len(data)), 2)
    data["y"] = np.round(rng.uniform(1, 100, len(data)), 1)
    data["n"] = np.round(rng.uniform(20, 30, len(data)), 1)
    return data


def windows(data, by, targets, case):
    length, horizon = case["length"], case["horizon"]
    gap, stride, lags = case.get("gap", 0), case.get("stride", 1), case.get("difference", [])
    relative, period, seasons = case.get("relative", "none"), case.get("period"), case.get("seasons", 1)
    of = data.groupby(by, sort=False) if by else data.groupby(lambda _: 0)
    z = np.log(data[targets]) if case.get("log") else data[targets].astype(float)
    group = z.groupby(data[by]) if by else z.groupby(lambda _: 0)

    def before(steps):
        return group.shift(steps)

    columns, back = {}, range(length - 1, -1, -1)
    mean = sum(before(k) for k in range(length)) / length
    deviation = np.sqrt(sum((before(k) - mean) ** 2 for k in range(length)) / length)
    if not case.get("scale"):
        mean, deviation = mean * 0, deviation * 0 + 1
    weather = (data["weather"] == "hot").astype(float)
    for k in back:
        for target in targets:
            columns[k, target] = (before(k)[target] - mean[target]) / deviation[target]
        for target in targets:
            for lag in lags:
                columns[k, target, lag] = (before(k) - before(k + lag))[target] / deviation[target]
        for name, column in [("weather", weather), ("price", data["price"])]:
            grouped = column.groupby(data[by]) if by else column.groupby(lambda _: 0)
            columns[k, name] = grouped.shift(k)
    inputs = pd.DataFrame(columns)
    ahead, shift, scale, last, season = {}, {}, {}, {}, {}
    for target in targets:
        for k in range(gap + 1, gap + horizon + 1):
            if period:
                seasonal = before(period * -(-k // period) - k)[target]
                season[target, k] = np.exp(seasonal) if case.get("log") else seasonal
            base = {"none": mean[target], "last": z[target]}.get(relative)
            if base is None:
                last_of = [before(period * (-(-k // period) + j) - k)[target] for j in range(seasons)]
                levels = [sum(before(period * j + i)[target] for i in range(period)) / period for j in range(seasons)]
                base = sum(last_of) / seasons + levels[0] - sum(levels) / seasons
            ahead[target, k] = (before(-k)[target] - base) / deviation[target]
            shift[target, k], scale[target, k] = base, deviation[target]
            last[target, k] = data[target].astype(float)
    ahead = pd.DataFrame(ahead)
    whole = inputs.notna().all(axis=1)
    for other in (shift, season):
        whole &= pd.DataFrame(other).notna().all(axis=1) if other else True
    step = of.cumcount()
    known = whole & ahead.notna().all(axis=1)
    first = step[known].groupby(data[by][known] if by else (lambda _: 0)).transform("min")
    known[known] = (step[known] - first) % stride == 0
    final = whole & (of.cumcount(ascending=False) == 0)
    numbers = lambda table, rows: pd.DataFrame(table)[rows].to_numpy().ravel().tolist()
    return {
        **case,
        "rows": np.flatnonzero(known).tolist(),
        "inputs": numbers(inputs, known),
        "targets": numbers(ahead, known),
        "shifts": numbers(shift, known),
        "scales": numbers(scale, known),
        "last": numbers(last, known),
        "seasonal": numbers(season, known) if season else None,
        "last_rows": np.flatnonzero(final).tolist(),
        "last_inputs": numbers(inputs, final),
        "last_shift": numbers(shift, final),
    }


one, several = frame([30]), frame([17, 22, 14])
cases = [
    {"length": 4, "horizon": 1},
    {"length": 3, "horizon": 5, "gap": 2, "stride": 3, "relative": "last"},
    {"length": 5, "horizon": 7, "log": True, "difference": [1, 4], "relative": "season", "period": 3},
    {"length": 6, "horizon": 2, "scale": True, "difference": [2]},
    {"length": 2, "horizon": 9, "log": True, "scale": True, "relative": "season", "period": 4},
    {"length": 4, "horizon": 3, "scale": True, "relative": "last", "period": 7},
    {"length": 3, "horizon": 5, "log": True, "relative": "season", "period": 3, "seasons": 4},
]
print(
    json.dumps(
        {
            "one": {
                "csv": one.drop(columns=["shop", "n"]).to_csv(index=False),
                "cases": [windows(one, None, ["y"], case) for case in cases],
            },
            "several": {
                "csv": several.to_csv(index=False),
                "cases": [windows(several, "shop", ["y", "n"], case) for case in [*cases[:4], cases[-1]]],
            },
        }
    )
)
print("numpy", np.__version__, "pandas", pd.__version__, file=sys.stderr)
