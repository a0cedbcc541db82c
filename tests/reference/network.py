"""Loss, gradient and one update of whole networks, computed by PyTorch in double precision.

Run: python network.py > network.json
"""

import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": torch.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.01),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
ROWS, L2, RATE = 9, 0.01, 0.05


def loss_of(name, z, y, w):
    if name == "cross-entropy":
        each = F.cross_entropy(z, y, reduction="none")
    elif name == "binary-cross-entropy":
        each = F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(1)
    else:
        each = ((z - y) ** 2).mean(1)
    return (w * each).sum() / w.sum()


def optimizer_of(name, parameters):
    if name == "nesterov":
        return torch.optim.SGD(parameters, RATE, momentum=0.9, nesterov=True)
    if name == "momentum":
        return torch.optim.SGD(parameters, RATE, momentum=0.9)
    if name == "adam":
        return torch.optim.Adam(parameters, RATE)
    return torch.optim.SGD(parameters, RATE)


def case(loss, updater, activations, steps):
    sizes = [6, 5, 4, 3]
    x = torch.randn(ROWS, sizes[0])
    y = torch.randint(0, 3, (ROWS,)) if loss == "cross-entropy" else torch.rand(ROWS, 3)
    w = 0.5 + torch.rand(ROWS)
    weights = [torch.randn(o, i) * 0.6 for i, o in zip(sizes, sizes[1:])]
    biases = [torch.randn(o) * 0.3 for o in sizes[1:]]
    flat = lambda: [p.detach().numpy().reshape(-1).tolist() for p in weights + biases]
    out = {
        "loss": loss,
        "updater": updater,
        "activations": activations,
        "x": x.numpy().reshape(-1).tolist(),
        "y": y.numpy().reshape(-1).tolist(),
        "w": w.numpy().tolist(),
        "start": flat(),
        "losses": [],
    }
    parameters = [p.requires_grad_() for p in weights + biases]
    optimizer = optimizer_of(updater, parameters)
    for step in range(steps):
        h = x
        for k, (weight, bias) in enumerate(zip(weights, biases)):
            h = F.linear(h, weight, bias)
            h = ACTIVATIONS[activations[k]](h) if k < 2 else h
        value = loss_of(loss, h, y, w)
        penalty = 0.5 * L2 * sum((weight**2).sum() for weight in weights)
        optimizer.zero_grad()
        (value + penalty).backward()
        if step == 0:
            out["output"] = h.detach().numpy().reshape(-1).tolist()
            out["gradient"] = [p.grad.numpy().reshape(-1).tolist() for p in parameters]
        out["losses"].append(value.item())
        optimizer.step()
        if step == 0:
            out["after_one"] = flat()
    out["end"] = flat()
    return out


cases = [
    case("cross-entropy", "none", ["relu", "tanh"], 4),
    case("cross-entropy", "adam", ["sigmoid", "leaky-relu"], 4),
    case("mse", "nesterov", ["tanh", "identity"], 4),
    case("binary-cross-entropy", "momentum", ["leaky-relu", "relu"], 4),
]
versions = {"python": sys.version.split()[0], "torch": torch.__version__, "numpy": np.__version__}
print(json.dumps({"versions": versions, "sizes": [6, 5, 4, 3], "l2": L2, "rate": RATE, "cases": cases}))
