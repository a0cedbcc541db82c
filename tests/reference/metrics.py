"""Writes metrics.json: scores of random predictions as scikit-learn computes them.

    python metrics.py > metrics.json

Versions go to stderr.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
)

rng = np.random.default_rng(7)
ROWS = 23


def weights(kind):
    return {
        "one": np.ones(ROWS),
        "whole": rng.integers(1, 5, ROWS).astype(float),
        "any": rng.uniform(0.1, 3.0, ROWS),
    }[kind]


def classes(kind, levels, seen):
    """Probabilities of `levels` classes, of which only the first `seen` are true ones."""
    w = weights(kind)
    truth = rng.integers(0, seen, ROWS)
    logits = rng.normal(size=(ROWS, levels))
    logits[np.arange(ROWS), truth] += 1.0
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    guess = p.argmax(axis=1)
    return {
        "levels": levels,
        "targets": truth.tolist(),
        "predictions": p.ravel().tolist(),
        "weights": w.tolist(),
        "scores": {
            "loss": log_loss(truth, p, sample_weight=w, labels=range(levels)),
            "accuracy": accuracy_score(truth, guess, sample_weight=w),
            "f1_macro": f1_score(truth, guess, sample_weight=w, average="macro", zero_division=0),
        },
    }


def numbers(kind, width):
    w = weights(kind)
    truth = rng.normal(3.0, 5.0, size=(ROWS, width))
    guess = truth + rng.normal(size=(ROWS, width)) * np.arange(1, width + 1)
    return {
        "levels": 0,
        "targets": truth.ravel().tolist(),
        "predictions": guess.ravel().tolist(),
        "weights": w.tolist(),
        "scores": {
            "mse": mean_squared_error(truth, guess, sample_weight=w),
            "rmse": float(np.sqrt(mean_squared_error(truth, guess, sample_weight=w))),
            "mae": mean_absolute_error(truth, guess, sample_weight=w),
            "r2": r2_score(truth, guess, sample_weight=w),
        },
    }


cases = []
for kind in ["one", "whole", "any"]:
    cases += [classes(kind, 2, 2), classes(kind, 4, 4), classes(kind, 7, 3)]
    cases += [numbers(kind, 1), numbers(kind, 3)]
versions = {"python": sys.version.split()[0], "scikit-learn": sklearn.__version__, "numpy": np.__version__}
print(json.dumps({"versions": versions, "cases": cases}))
print(", ".join(f"{k} {v}" for k, v in versions.items()), file=sys.stderr)
