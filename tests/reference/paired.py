"""Reference numbers for the comparison of two candidates of a sweep: SciPy's paired t-test.

    python paired.py > paired.json

Each case is the scores of two candidates in groups of rows, where lower is better; `difference` is the mean of
the differences, `margin` half the width of its 95 % interval.
"""

import json
import platform
import random

import scipy
from scipy.stats import ttest_rel

random.seed(17)
CASES = []
for groups in (2, 4, 7, 12, 20):
    easy = [random.uniform(0.1, 0.6) for _ in range(groups)]
    won = [x + random.gauss(0, 0.02) for x in easy]
    lost = [x + 0.03 + random.gauss(0, 0.02) for x in easy]
    interval = ttest_rel(lost, won).confidence_interval(0.95)
    low, high = float(interval.low), float(interval.high)
    CASES.append({"won": won, "lost": lost, "difference": (low + high) / 2, "margin": (high - low) / 2})

VERSIONS = {"python": platform.python_version(), "scipy": scipy.__version__}
print(json.dumps({"versions": VERSIONS, "cases": CASES}, indent=1))
