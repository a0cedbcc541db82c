"""Logistic regression on the digits by SciPy, in double precision.

    python full_batch.py > full_batch.json

The digits are those of scikit-learn, divided by 16. The loss is the mean cross-entropy of ten classes and
half of 1e-3 times the sum of the squares of the weights; biases are free.
"""

import json
import platform
import sys
from importlib.metadata import version

import numpy
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.datasets import load_digits

STRENGTH = 1e-3

digits = load_digits()
x, y = digits.data / 16, digits.target
rows, features = x.shape
truth = numpy.eye(10)[y]


def function(flat):
    weights, bias = flat[:-10].reshape(10, features), flat[-10:]
    z = x @ weights.T + bias
    logs = z - logsumexp(z, axis=1, keepdims=True)
    value = -numpy.mean(logs[numpy.arange(rows), y]) + STRENGTH / 2 * numpy.sum(weights**2)
    error = (numpy.exp(logs) - truth) / rows
    return value, numpy.concatenate([(error.T @ x + STRENGTH * weights).ravel(), error.sum(axis=0)])


start = numpy.zeros(10 * features + 10)
options = {"ftol": 0, "gtol": 1e-10, "maxiter": 100_000, "maxfun": 100_000, "maxcor": 30}
found = minimize(function, start, jac=True, method="L-BFGS-B", options=options)
value, gradient = function(found.x)
versions = {name: version(name) for name in ("numpy", "scipy", "scikit-learn")}
versions["python"] = platform.python_version()
largest = float(numpy.abs(gradient).max())
json.dump({"versions": versions, "rows": rows, "loss": value, "largest_gradient": largest}, sys.stdout, indent=1)
print()
