"""PyTorch, eager or compiled (`torch_peer.py compiled`)."""

import sys

import torch
from protocol import THREADS, serve
from torch import nn
from torch.nn import functional as F

COMPILED = "compiled" in sys.argv[1:]


def evaluations(model, loss):
    """Forty steps of L-BFGS from where the last ones ended; counts the evaluations."""
    optimizer = torch.optim.LBFGS(
        model.parameters(),
        max_iter=40,
        history_size=10,
        line_search_fn="strong_wolfe",
        tolerance_grad=0,
        tolerance_change=0,
    )
    count = 0

    def closure():
        nonlocal count
        count += 1
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    def epoch():
        nonlocal count
        count = 0
        optimizer.step(closure)
        return count

    return epoch


def make(workload):
    torch.manual_seed(1)
    sizes, batch, rows = workload["sizes"], workload["batch"], workload["rows"]
    lbfgs = workload["updates"] == "l-bfgs"
    layers = []
    for inputs, units in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, units), nn.Tanh() if lbfgs else nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    if workload["updates"] == "adam":
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    else:
        optimizer = torch.optim.SGD(
            model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=1e-4
        )
    x, y = torch.rand(rows, sizes[0]), torch.randint(0, sizes[-1], (rows,))

    def loss(x, y):
        return F.cross_entropy(model(x), y)

    loss = torch.compile(loss) if COMPILED else loss

    if lbfgs:
        return evaluations(model, lambda: loss(x, y))

    def epoch():
        for chosen in torch.randperm(rows).split(batch):
            optimizer.zero_grad()
            loss(x[chosen], y[chosen]).backward()
            optimizer.step()

    return epoch


torch.set_num_threads(THREADS)
serve(f"PyTorch {torch.__version__.split('+')[0]}{' compiled' if COMPILED else ''}", make)
