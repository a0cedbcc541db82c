"""Reference numbers for activations and for layers without weights, from PyTorch.

    python activations.py > activations.json

Each activation is computed in double precision, with its derivative, at the same points, which are exact
in single precision. Where PyTorch has no such function, the formula of the paper is written out with its
operations. Versions go to stderr.
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(7)
POINTS = [0.0, 1e-6, 1e-3, 0.125, 0.5, 1.0, 1.5, 2.0, 2.75, 3.0, 4.5, 6.0, 7.25, 12.0, 30.0, 90.0]
x = torch.tensor([sign * p for p in POINTS for sign in (1, -1)], dtype=torch.float64)
x = torch.cat([x, (3 * torch.randn(40, dtype=torch.float64)).float().double()])


def rational_tanh(x):
    # sgn(u) (1 - 1/q), written so that the derivative at 0 is that of the limit.
    u, size = 2 * x / 3, (2 * x / 3).abs()
    return 1.7159 * u * (1 + size + 1.41645 * size**3) / (1 + size + size**2 + 1.41645 * size**4)


FUNCTIONS = [
    ("cube", lambda x: x**3),
    ("elu", F.elu),
    ({"type": "elu", "alpha": 1.75}, lambda x: F.elu(x, 1.75)),
    ("selu", F.selu),
    ("gelu", F.gelu),
    ({"type": "gelu", "form": "tanh"}, lambda x: F.gelu(x, approximate="tanh")),
    # F.hardsigmoid has the same values, but a derivative that is rounded to single precision.
    ("hard-sigmoid", lambda x: torch.clamp(x / 6 + 0.5, 0, 1)),
    ({"type": "hard-sigmoid", "slope": 0.2}, lambda x: torch.clamp(0.2 * x + 0.5, 0, 1)),
    ("hard-swish", F.hardswish),
    ("hard-tanh", F.hardtanh),
    ({"type": "hard-tanh", "low": -2.25, "high": 0.25}, lambda x: F.hardtanh(x, -2.25, 0.25)),
    ("relu6", F.relu6),
    ("relu", F.relu),
    ("leaky-relu", lambda x: F.leaky_relu(x, 0.01)),
    ("mish", F.mish),
    ("prelu", lambda x: F.prelu(x, torch.tensor([0.25], dtype=torch.float64))),
    ("rational-tanh", rational_tanh),
    ("rectified-tanh", lambda x: torch.tanh(x).clamp(min=0)),
    ("sigmoid", torch.sigmoid),
    ("tanh", torch.tanh),
    ("silu", F.silu),
    ({"type": "silu", "beta": 1.702}, lambda x: x * torch.sigmoid(1.702 * x)),
    ("softplus", lambda x: F.softplus(x, threshold=1000)),
    ("softsign", F.softsign),
    ("thresholded-relu", lambda x: F.threshold(x, 1.0, 0.0)),
    ({"type": "thresholded-relu", "threshold": 2.0}, lambda x: F.threshold(x, 2.0, 0.0)),
]
LAYERS = [
    ("softmax", lambda x: F.softmax(x, 1)),
    ("softmin", lambda x: F.softmin(x, 1)),
    ("log-softmax", lambda x: F.log_softmax(x, 1)),
    ({"type": "maxout", "pieces": 3}, lambda x: x.reshape(len(x), -1, 3).max(2).values),
]


def activation(function):
    at = x.clone().requires_grad_()
    y = function(at)
    y.sum().backward()
    return {"y": y.tolist(), "slope": at.grad.tolist()}


columns = (4 * torch.randn(5, 6, dtype=torch.float64)).float().double()
columns[0] *= 30


def layer(function):
    at = columns.clone().requires_grad_()
    y = function(at)
    dy = torch.linspace(-1, 1, y.numel(), dtype=torch.float64).float().double().reshape(y.shape)
    y.backward(dy)
    flat = lambda t: t.flatten().tolist()
    return {"y": flat(y), "dy": flat(dy), "dx": flat(at.grad)}


print(f"torch {torch.__version__}", file=sys.stderr)
print(
    json.dumps(
        {
            "x": x.tolist(),
            "activations": [{"activation": a, **activation(f)} for a, f in FUNCTIONS],
            "columns": columns.flatten().tolist(),
            "features": 6,
            "layers": [{"layer": l, **layer(f)} for l, f in LAYERS],
        }
    ).replace("}, {", "},\n{")
)
