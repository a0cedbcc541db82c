"""scikit-learn's MLPClassifier, epoch by epoch."""

import numpy as np
import sklearn
from protocol import THREADS, serve
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits


def make(workload):
    draw = np.random.default_rng(1)
    sizes, rows = workload["sizes"], workload["rows"]
    x = draw.random((rows, sizes[0]), dtype=np.float32)
    y = draw.integers(0, sizes[-1], rows)
    adam = workload["updates"] == "adam"
    model = MLPClassifier(
        sizes[1:-1],
        solver="adam" if adam else "sgd",
        alpha=0.0 if adam else 1e-4,
        learning_rate_init=1e-3 if adam else 0.01,
        batch_size=workload["batch"],
        momentum=0.9,
    )
    classes = np.arange(sizes[-1])
    return lambda: model.partial_fit(x, y, classes=classes)


threadpool_limits(THREADS)
serve(f"scikit-learn {sklearn.__version__}", make)
