"""Reference numbers for batch norm, layer norm, weight decay, penalties and constraints.

    python regularization.py > regularization.json

Normalisations and updates are PyTorch's, in double precision from numbers that are exact in single precision,
too: there the same numbers are expected (those of PyTorch in single precision are up to 8e-7 away). Constraints and the elastic net are written out in NumPy from the formulas of Keras and of
scikit-learn, without the ε that Keras adds to norms. Signals are column by column, one column per example (and step or pixel, channels last);
matrices are column-major.
"""

import json
import platform
import sys

import numpy
import torch
import torch.nn.functional as F

generator = torch.Generator().manual_seed(31)


def normal(*shape, scale=1.0, mean=0.0):
    """Normal numbers rounded to single precision, held in double."""
    x = torch.randn(*shape, generator=generator, dtype=torch.float64) * scale + mean
    return x.to(torch.float32).to(torch.float64)


def flat(x):
    return x.detach().reshape(-1).tolist()


def batch_norm(features, columns, epsilon, share, batches=10):
    """So many batches in training, then one in inference."""
    scale, shift = normal(features, scale=0.5, mean=1.0), normal(features)
    xs = [normal(columns, features, scale=2.0, mean=0.5 * i) for i in range(batches + 1)]
    dys = [normal(columns, features) for _ in range(batches + 1)]

    def compute():
        mean, variance = torch.zeros(features, dtype=torch.float64), torch.ones(features, dtype=torch.float64)
        results = []
        for i, (x, dy) in enumerate(zip(xs, dys)):
            x, w, b = (v.clone().requires_grad_() for v in (x, scale, shift))
            y = F.batch_norm(x, mean, variance, w, b, i < batches, share, epsilon)
            y.backward(dy)
            grads = {"dx": flat(x.grad), "dscale": flat(w.grad), "dshift": flat(b.grad)}
            running = {"mean": flat(mean), "variance": flat(variance)}
            results.append({"y": flat(y), **grads, **running})
        return results

    return {
        "features": features, "columns": columns, "epsilon": epsilon, "share": share,
        "scale": flat(scale), "shift": flat(shift),
        "x": [flat(x) for x in xs], "dy": [flat(dy) for dy in dys], "expected": compute(),
    }


def batch_norm_of_images():
    """Two images of 2 × 3 pixels and 4 channels, which PyTorch has first."""
    x, dy = normal(3, 2, 3, 4), normal(3, 2, 3, 4)

    def compute():
        leaf = x.clone().requires_grad_()
        y = F.batch_norm(leaf.permute(0, 3, 1, 2), None, None, training=True).permute(0, 2, 3, 1)
        y.backward(dy)
        return {"y": flat(y), "dx": flat(leaf.grad)}

    return {"examples": 3, "grid": [2, 3], "channels": 4, "x": flat(x), "dy": flat(dy),
            "expected": compute()}


def layer_norm(features, columns, epsilon):
    scale, shift = normal(features, scale=0.5, mean=1.0), normal(features)
    x, dy = normal(columns, features, scale=2.0, mean=3.0), normal(columns, features)

    def compute():
        leaf, w, b = (v.clone().requires_grad_() for v in (x, scale, shift))
        y = F.layer_norm(leaf, (features,), w, b, epsilon)
        y.backward(dy)
        return {"y": flat(y), "dx": flat(leaf.grad), "dscale": flat(w.grad), "dshift": flat(b.grad)}

    return {"features": features, "columns": columns, "epsilon": epsilon, "scale": flat(scale),
            "shift": flat(shift), "x": flat(x), "dy": flat(dy), "expected": compute()}


def decay(name, rate, decay, make):
    """Five steps with given gradients; the parameters after each."""
    start, gradients = normal(6), normal(5, 6)

    def compute():
        theta = start.clone().requires_grad_()
        optimizer = make([theta], rate, decay)
        path = []
        for gradient in gradients:
            theta.grad = gradient.clone()
            optimizer.step()
            path.append(flat(theta))
        return path

    return {"chain": name, "rate": rate, "decay": decay, "start": flat(start),
            "gradients": gradients.tolist(), "expected": compute()}


def decays():
    sgd, adamw = torch.optim.SGD, torch.optim.AdamW
    yield decay(["weight-decay"], 0.1, 0.25, lambda p, lr, wd: sgd(p, lr=lr, weight_decay=wd))
    yield decay(["adam", "weight-decay"], 0.05, 0.5,
                lambda p, lr, wd: adamw(p, lr=lr, weight_decay=wd, foreach=False))
    # In front of an updater it is part of what that updater sees, as L2 in the gradient is.
    yield decay(["weight-decay", "momentum"], 0.1, 0.25,
                lambda p, lr, wd: sgd(p, lr=lr, momentum=0.9, weight_decay=wd))
    yield decay(["weight-decay", "adam"], 0.05, 0.5,
                lambda p, lr, wd: torch.optim.Adam(p, lr=lr, weight_decay=wd, foreach=False))


def elastic():
    theta = normal(5, 4).numpy()
    theta[0, 0] = 0
    cases = []
    for strength, ratio in [(0.125, 0.5), (0.25, 0.0), (0.25, 1.0), (0.5, 0.3)]:
        l1, l2 = strength * ratio, strength * (1 - ratio)
        value = l1 * numpy.abs(theta).sum() + 0.5 * l2 * (theta**2).sum()
        gradient = l1 * numpy.sign(theta) + l2 * theta
        cases.append({"strength": strength, "ratio": ratio, "value": float(value),
                      "gradient": gradient.reshape(-1).tolist()})
    return {"theta": theta.reshape(-1).tolist(), "cases": cases}


def constraints():
    """A matrix of units × inputs; Keras has inputs × units, and axis 0 there is axis 1 here."""
    w = (normal(6, 5) * torch.tensor([0.1, 0.5, 1, 2, 4, 8], dtype=torch.float64)[:, None]).numpy()
    w = w.astype(numpy.float32).astype(numpy.float64)

    def norms(axis):
        return numpy.sqrt((w**2).sum(axis=axis, keepdims=True))

    cases = []
    for per, axis in [("unit", 1), ("block", None)]:
        n = norms(axis)
        cases += [
            ({"type": "max-norm", "max": 1.5, "per": per}, w * numpy.clip(n, 0, 1.5) / n),
            ({"type": "unit-norm", "per": per}, w / n),
            ({"type": "min-max-norm", "min": 0.75, "max": 2.5, "per": per},
             w * numpy.clip(n, 0.75, 2.5) / n),
            ({"type": "min-max-norm", "min": 0.75, "max": 2.5, "rate": 0.25, "per": per},
             w * (0.25 * numpy.clip(n, 0.75, 2.5) + 0.75 * n) / n),
        ]
    cases.append(({"type": "non-negative"}, numpy.maximum(w, 0)))
    column_major = lambda m: m.T.reshape(-1).tolist()
    return {"units": 6, "inputs": 5, "w": column_major(w),
            "cases": [{"constraint": c, "expected": column_major(m)} for c, m in cases]}


numbers = {
    "versions": {"python": platform.python_version(), "torch": torch.__version__,
                 "numpy": numpy.__version__},
    "batch-norm": [batch_norm(5, 7, 1e-5, 0.1), batch_norm(37, 4, 1e-3, 0.25, batches=1)],
    "batch-norm-images": batch_norm_of_images(),
    "layer-norm": [layer_norm(6, 5, 1e-5), layer_norm(40, 3, 1e-3)],
    "decay": list(decays()),
    "elastic": elastic(),
    "constraints": constraints(),
}
print(", ".join(f"{k} {v}" for k, v in numbers["versions"].items()), file=sys.stderr)
lines = [f'"{key}": {json.dumps(value)}' for key, value in numbers.items()]
print("{\n" + ",\n".join(lines) + "\n}")
