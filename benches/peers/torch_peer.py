"""PyTorch, eager or compiled (`torch_peer.py compiled`)."""

import sys

import torch
from protocol import THREADS, serve
from torch import nn
from torch.nn import functional as F

COMPILED = "compiled" in sys.argv[1:]


def make(workload):
    torch.manual_seed(1)
    sizes, batch, rows = workload["sizes"], workload["batch"], workload["rows"]
    layers = []
    for inputs, units in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, units), nn.ReLU()]
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

    def epoch():
        for chosen in torch.randperm(rows).split(batch):
            optimizer.zero_grad()
            loss(x[chosen], y[chosen]).backward()
            optimizer.step()

    return epoch


torch.set_num_threads(THREADS)
serve(f"PyTorch {torch.__version__.split('+')[0]}{' compiled' if COMPILED else ''}", make)
