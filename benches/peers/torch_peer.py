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


SEGMENT = 50  # steps


class Recurrent(nn.Module):
    """One-hot inputs, or an embedding before both directions; a class at every step."""

    def __init__(self, sizes, hidden):
        super().__init__()
        self.inputs, *units, classes = sizes
        self.both = hidden == "bidirectional"
        if self.both:
            self.embedding = nn.Embedding(self.inputs, self.inputs)
        layer = nn.GRU if hidden == "gru" else nn.LSTM
        self.layers = layer(self.inputs, units[0], len(units), bidirectional=self.both)
        self.last = nn.Linear(units[-1] * (1 + self.both), classes)

    def forward(self, x, state):
        x = self.embedding(x) if self.both else F.one_hot(x, self.inputs).float()
        x, state = self.layers(x, state)
        return self.last(x), state


def detached(state):
    return state.detach() if torch.is_tensor(state) else tuple(part.detach() for part in state)


def sequences(workload):
    """Segments, from each of which the state passes to the next; whole sequences in both directions."""
    sizes, batch, rows = workload["sizes"], workload["batch"], workload["rows"]
    model = Recurrent(sizes, workload["hidden"])
    parameters = list(model.parameters())
    optimizer = torch.optim.RMSprop(parameters, lr=1e-3)
    shape = (rows // batch, workload["steps"], batch)
    x, y = (torch.randint(0, levels, shape) for levels in (sizes[0], sizes[-1]))

    def loss(x, y, state):
        outputs, state = model(x, state)
        return F.cross_entropy(outputs.flatten(0, 1), y.flatten()), state

    loss = torch.compile(loss) if COMPILED else loss

    def epoch():
        for x_batch, y_batch in zip(x, y):
            state = None
            for x_part, y_part in zip(x_batch.split(SEGMENT), y_batch.split(SEGMENT)):
                optimizer.zero_grad()
                value, state = loss(x_part, y_part, state)
                state = detached(state)
                value.backward()
                nn.utils.clip_grad_value_(parameters, 1.0)
                optimizer.step()
        return rows * workload["steps"]

    return epoch


def make(workload):
    torch.manual_seed(1)
    if "hidden" in workload:
        return sequences(workload)
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
