"""Reference numbers for the first layers, losses and updaters, from PyTorch.

    python first_plugins.py > first_plugins.json

Every case is computed in double and in single precision from the same starting numbers, which
are exact in both; every number is printed with the digits that identify it (at most 17).
Matrices and signals are written column-major: one column per example.
"""

import json
import platform
import sys

import torch
import torch.nn.functional as F

PRECISIONS = {"single": torch.float32, "double": torch.float64}
generator = torch.Generator().manual_seed(20)


def normal(*shape, scale=1.0):
    """Normal numbers rounded to single precision, held in double."""
    x = torch.randn(*shape, generator=generator, dtype=torch.float64) * scale
    return x.to(torch.float32).to(torch.float64)


def flat(x):
    """A matrix, rows = features, as a column-major list."""
    return x.detach().to(torch.float64).t().contiguous().reshape(-1).tolist()


def leaf(x, dtype):
    """A copy to differentiate with respect to."""
    return x.to(dtype).clone().requires_grad_()


def in_both(compute):
    return {name: compute(dtype) for name, dtype in PRECISIONS.items()}


ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": F.relu,
    "leaky-relu": lambda z: F.leaky_relu(z, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}


def dense(activation):
    inputs, units, columns = 5, 4, 7
    w, b = normal(units, inputs), normal(units, 1)
    x, dy = normal(inputs, columns), normal(units, columns)

    def compute(dtype):
        tw, tb, tx = (leaf(v, dtype) for v in (w, b, x))
        y = ACTIVATIONS[activation](tw @ tx + tb)
        y.backward(dy.to(dtype))
        return {"y": flat(y), "dx": flat(tx.grad), "dw": flat(tw.grad), "db": flat(tb.grad)}

    return {
        "activation": activation, "inputs": inputs, "units": units, "columns": columns,
        "w": flat(w), "b": flat(b), "x": flat(x), "dy": flat(dy), "expected": in_both(compute),
    }


def embedding():
    levels, units = 6, 3
    indices = [4, 0, 4, 2, 4]
    w, b, dy = normal(units, levels), normal(units, 1), normal(units, len(indices))

    def compute(dtype):
        tw, tb = (leaf(v, dtype) for v in (w, b))
        y = torch.tanh(F.embedding(torch.tensor(indices), tw.t()).t() + tb)
        y.backward(dy.to(dtype))
        return {"y": flat(y), "dw": flat(tw.grad), "db": flat(tb.grad)}

    return {
        "levels": levels, "units": units, "indices": indices,
        "w": flat(w), "b": flat(b), "dy": flat(dy), "expected": in_both(compute),
    }


def softmax():
    features, columns = 5, 6
    x, dy = normal(features, columns, scale=3.0), normal(features, columns)

    def compute(dtype):
        tx = leaf(x, dtype)
        y = torch.softmax(tx, dim=0)
        y.backward(dy.to(dtype))
        return {"y": flat(y), "dx": flat(tx.grad)}

    return {"features": features, "x": flat(x), "dy": flat(dy), "expected": in_both(compute)}


def loss(name, outputs, target, values, link, **described):
    """`values(outputs, target)` gives one value per column; the gradient is of Σ weight · value."""
    columns = outputs.shape[1]
    weights = torch.arange(1, columns + 1, dtype=torch.float64) / 16.0

    def compute(dtype):
        z = leaf(outputs, dtype)
        t = target.to(dtype) if target.is_floating_point() else target
        v = values(z, t)
        (v * weights.to(dtype)).sum().backward()
        return {
            "values": v.detach().to(torch.float64).tolist(),
            "gradient": flat(z.grad),
            "predictions": flat(link(z)),
        }

    return {
        "loss": name, "features": outputs.shape[0], "outputs": flat(outputs),
        "weights": weights.tolist(), **described, "expected": in_both(compute),
    }


def losses():
    features, columns = 4, 5
    z = normal(features, columns, scale=2.0)
    real = normal(features, columns)
    unit = torch.rand(features, columns, generator=generator, dtype=torch.float64)
    unit = unit.to(torch.float32).to(torch.float64)
    share = torch.tensor([[8, 0, 1, 2, 3], [4, 16, 1, 2, 3], [2, 0, 6, 4, 9], [2, 0, 8, 8, 1]])
    share = share.to(torch.float64) / 16.0
    classes = torch.tensor([0, 3, 1, 1, 2])
    one = normal(1, columns, scale=3.0)
    binary = torch.tensor([0, 1, 1, 0, 1])

    yield loss(
        "mse", z, real, lambda z, t: ((z - t) ** 2).mean(0), lambda z: z, targets=flat(real)
    )
    yield loss(
        "cross-entropy", z, share,
        lambda z, t: F.cross_entropy(z.t(), t.t(), reduction="none"),
        lambda z: torch.softmax(z, 0), targets=flat(share),
    )
    yield loss(
        "cross-entropy", z, classes,
        lambda z, t: F.cross_entropy(z.t(), t, reduction="none"),
        lambda z: torch.softmax(z, 0), indices=classes.tolist(), levels=features,
    )
    bce = lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="none").sum(0)
    yield loss(
        "binary-cross-entropy", z, unit, bce, torch.sigmoid, targets=flat(unit)
    )
    yield loss(
        "binary-cross-entropy", one, binary,
        lambda z, t: bce(z, t.to(z.dtype)[None]), torch.sigmoid,
        indices=binary.tolist(), levels=2,
    )


def updater(name, rate, make):
    """Five steps with given gradients; the parameters after each."""
    start, gradients = normal(6), normal(5, 6)

    def compute(dtype):
        theta = leaf(start, dtype)
        optimizer = make([theta], rate)
        path = []
        for gradient in gradients:
            theta.grad = gradient.to(dtype)
            optimizer.step()
            path.append(theta.detach().to(torch.float64).tolist())
        return path

    return {
        "updater": name, "rate": rate, "start": start.tolist(),
        "gradients": gradients.tolist(), "expected": in_both(compute),
    }


def updaters():
    sgd, adam = torch.optim.SGD, torch.optim.Adam
    yield updater("none", 0.1, lambda p, lr: sgd(p, lr=lr))
    yield updater("momentum", 0.1, lambda p, lr: sgd(p, lr=lr, momentum=0.9))
    yield updater("nesterov", 0.1, lambda p, lr: sgd(p, lr=lr, momentum=0.9, nesterov=True))
    yield updater("adam", 0.01, lambda p, lr: adam(p, lr=lr, foreach=False, fused=False))


numbers = {
    "versions": {"python": platform.python_version(), "torch": torch.__version__},
    "dense": [dense(a) for a in ACTIVATIONS],
    "embedding": embedding(),
    "softmax": softmax(),
    "losses": list(losses()),
    "updaters": list(updaters()),
}
print(", ".join(f"{k} {v}" for k, v in numbers["versions"].items()), file=sys.stderr)
lines = []
for key, value in numbers.items():
    cases = ",\n  ".join(map(json.dumps, value)) if isinstance(value, list) else None
    lines.append(f'"{key}": ' + (f"[\n  {cases}\n]" if cases else json.dumps(value)))
print("{\n" + ",\n".join(lines) + "\n}")
