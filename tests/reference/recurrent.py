"""Outputs, last states and gradients of recurrent layers, of PyTorch where it has the layer.

Run: python tests/reference/recurrent.py > tests/reference/recurrent.json
Sequences of unequal lengths start from given states. PyTorch has no peepholes, no GRU that resets before
its product, no dropout of a state and no normalisation inside these layers; those are written here, step by
step, and differentiated by autograd. A causal convolution is conv1d over the inputs with those before them on
their left.
"""

import json
import sys

import torch

torch.set_default_dtype(torch.float64)
STEPS, INPUTS, UNITS, LENGTHS = 6, 3, 4, [6, 2, 5, 1]
EXAMPLES = len(LENGTHS)
# The units that a dropout of one half keeps, as the samples 3, 1, 2 and 0 draw them (tests/suite/recurrent.rs).
KEPT = [[1, 0, 0, 0], [1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]]
MASK = 2.0 * torch.tensor(KEPT, dtype=torch.float64)


def rnn(weight, recurrent, bias, x, h):
    return torch.tanh(x @ weight.T + h @ recurrent.T + bias)


def gru_after(weight, recurrent, bias, own, x, h, seen):
    a, u = (x @ weight.T + bias).split(UNITS, 1), (seen @ recurrent.T).split(UNITS, 1)
    r, z = torch.sigmoid(a[0] + u[0]), torch.sigmoid(a[1] + u[1])
    return (1 - z) * torch.tanh(a[2] + r * (u[2] + own)) + z * h


def lstm(weight, recurrent, bias, peephole, x, state):
    h, c = state
    rows = [weight[k * UNITS : (k + 1) * UNITS] for k in range(4)]
    own = [recurrent[k * UNITS : (k + 1) * UNITS] for k in range(4)]
    biases = [bias[k * UNITS : (k + 1) * UNITS] for k in range(4)]
    z = [x @ w.T + h @ u.T + b for w, u, b in zip(rows, own, biases)]
    i = torch.sigmoid(z[0] + peephole[:, 0] * c)
    f = torch.sigmoid(z[1] + peephole[:, 1] * c)
    c = f * c + i * torch.tanh(z[2])
    o = torch.sigmoid(z[3] + peephole[:, 2] * c)
    return o * torch.tanh(c), c


def gru_before(weight, recurrent, bias, x, h, seen):
    wr, wz, wn = weight.split(UNITS)
    ur, uz, un = recurrent.split(UNITS)
    br, bz, bn = bias.split(UNITS)
    r = torch.sigmoid(x @ wr.T + seen @ ur.T + br)
    z = torch.sigmoid(x @ wz.T + seen @ uz.T + bz)
    n = torch.tanh(x @ wn.T + (r * seen) @ un.T + bn)
    return (1 - z) * n + z * h


def unrolled(step, x, state):
    """Runs a step function; ended sequences keep their state."""
    outputs = []
    for t in range(STEPS):
        alive = torch.tensor([[t < length] for length in LENGTHS])
        state = tuple(torch.where(alive, new, old) for new, old in zip(step(x[t], state), state))
        outputs.append(state[0])
    return torch.stack(outputs), state


def packed(module, x, state):
    lengths = torch.tensor(LENGTHS)
    sequence = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    if not state:
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(module(sequence)[0], total_length=STEPS)
        return y, ()
    start = tuple(part.unsqueeze(0) for part in state)
    y, last = module(sequence, start if len(start) > 1 else start[0])
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=STEPS)
    last = last if isinstance(last, tuple) else (last,)
    return y, tuple(part.squeeze(0) for part in last)


def convolved(size, dilation, f):
    """conv1d of the inputs behind those that the start says; of these, each sequence leaves its last ones."""
    history = (size - 1) * dilation

    def run(blocks, x, start):
        before = start[0].reshape(EXAMPLES, history, INPUTS).transpose(0, 1)
        all_steps = torch.cat([before, x])
        # Columns of the block are those of the oldest step first, as taps of conv1d are.
        weight = blocks["weight"].reshape(UNITS, size, INPUTS).transpose(1, 2)
        signal, bias = all_steps.permute(1, 2, 0), blocks["bias"]
        y = torch.nn.functional.conv1d(signal, weight, bias, dilation=dilation)
        last = [all_steps[length : length + history, n] for n, length in enumerate(LENGTHS)]
        return f(y).permute(2, 0, 1), (torch.stack([part.reshape(-1) for part in last]),)

    return run


def case(layer, blocks, states, run, width=UNITS):
    """`run` maps blocks, inputs and the start, of so many states of a width, to outputs and the last state."""
    for block in blocks.values():
        block.requires_grad_(True)
    x = torch.randn(STEPS, EXAMPLES, INPUTS, requires_grad=True)
    start = [0.5 * torch.randn(EXAMPLES, width) for _ in range(states)]
    y, last = run(blocks, x, tuple(start))
    mask = torch.tensor([[float(t < length) for length in LENGTHS] for t in range(STEPS)])
    dy = torch.randn(y.shape) * mask.unsqueeze(2)
    (y * dy).sum().backward()
    flat = lambda t: t.detach().reshape(-1).tolist()
    columns = lambda t: flat(t.T if t.dim() == 2 else t)
    return {
        "layer": layer,
        "blocks": {name: columns(block) for name, block in blocks.items()},
        "x": flat(x),
        "mask": flat(mask),
        "start": flat(torch.cat(start, 1)) if start else [],
        "dy": flat(dy),
        "output": flat(y * mask.unsqueeze(2)),
        "last": flat(torch.cat(last, 1)) if start else [],
        "gradients": {name: columns(block.grad) for name, block in blocks.items()},
        "dx": flat(x.grad),
    }


def with_torch(module, gates):
    """Blocks in place of a module's parameters, with one bias for both products."""

    def run(blocks, x, start):
        parameters = {
            "weight_ih_l0": blocks["weight"],
            "weight_hh_l0": blocks["recurrent"],
            "bias_ih_l0": blocks["bias"],
            "bias_hh_l0": torch.zeros(gates * UNITS),
        }
        if "recurrent-bias" in blocks:
            own = blocks["recurrent-bias"]
            parameters["bias_hh_l0"] = torch.cat([torch.zeros(2 * UNITS), own])
        call = lambda *args: torch.func.functional_call(module, parameters, args)
        return packed(call, x, start)

    return run


def both_ways(blocks, x, start):
    module = torch.nn.LSTM(INPUTS, UNITS, bidirectional=True)
    parameters = {}
    for direction, suffix in [("forward", "_l0"), ("backward", "_l0_reverse")]:
        parameters |= {
            "weight_ih" + suffix: blocks[direction + "-weight"],
            "weight_hh" + suffix: blocks[direction + "-recurrent"],
            "bias_ih" + suffix: blocks[direction + "-bias"],
            "bias_hh" + suffix: torch.zeros(4 * UNITS),
        }
    return packed(lambda *args: torch.func.functional_call(module, parameters, args), x, start)


def blocks(gates, **others):
    rows = gates * UNITS
    return {
        "weight": 0.7 * torch.randn(rows, INPUTS),
        "recurrent": 0.7 * torch.randn(rows, UNITS),
        "bias": 0.3 * torch.randn(rows),
        **{name.replace("_", "-"): 0.5 * torch.randn(*shape) for name, shape in others.items()},
    }


def convolution(size, dilation, **settings):
    """The arguments of the case of a causal convolution; its activation is a function of torch, too."""
    layer = {"type": "causal-convolution", "filters": UNITS, "size": size, "dilation": dilation}
    f = getattr(torch, settings["activation"]) if settings else lambda z: z
    own = {"weight": 0.5 * torch.randn(UNITS, size * INPUTS), "bias": 0.3 * torch.randn(UNITS)}
    run = convolved(size, dilation, f)
    return layer | settings, own, 1, run, (size - 1) * dilation * INPUTS


def dropped_states():
    """Products with U see h ⊙ MASK; what else needs h sees h itself."""
    of = lambda b: (b["weight"], b["recurrent"], b["bias"])
    none = torch.zeros(UNITS, 3)
    steps = {
        "rnn": lambda b: lambda x, s: (rnn(*of(b), x, s[0] * MASK),),
        "lstm": lambda b: lambda x, s: lstm(*of(b), none, x, (s[0] * MASK, s[1])),
        "gru": lambda b: lambda x, s: (
            gru_after(*of(b), b["recurrent-bias"], x, s[0], s[0] * MASK),
        ),
        "before": lambda b: lambda x, s: (gru_before(*of(b), x, s[0], s[0] * MASK),),
    }
    drop = {"units": UNITS, "recurrent-dropout": 0.5}
    layers = [
        ("rnn", {"type": "rnn"}, blocks(1), 1),
        ("lstm", {"type": "lstm"}, blocks(4), 2),
        ("gru", {"type": "gru"}, blocks(3, recurrent_bias=(UNITS,)), 1),
        ("before", {"type": "gru", "reset": "before"}, blocks(3), 1),
    ]
    for name, layer, own, states in layers:
        run = lambda b, x, start: unrolled(steps[name](b), x, start)
        yield case(layer | drop, own, states, run)


def normalised_products():
    """Layer normalisation of W x and U h, and of the cell of an LSTM."""

    def norm(x, gain, shift=None):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], gain, shift)

    def products(b, x, h):
        a = norm(x @ b["weight"].T, b["weight-gain"]) + b["bias"]
        return a, norm(h @ b["recurrent"].T, b["recurrent-gain"])

    def rnn_step(b):
        return lambda x, s: (torch.tanh(sum(products(b, x, s[0]))),)

    def lstm_step(b, mask):
        def step(x, state):
            h, c = state
            i, f, g, o = sum(products(b, x, h * mask)).chunk(4, 1)
            p = b.get("peephole", torch.zeros(UNITS, 3))
            i, f = torch.sigmoid(i + p[:, 0] * c), torch.sigmoid(f + p[:, 1] * c)
            c = f * c + i * torch.tanh(g)
            o = torch.sigmoid(o + p[:, 2] * c)
            return o * torch.tanh(norm(c, b["cell-gain"], b["cell-shift"])), c

        return step

    def gru_step(b):
        def step(x, s):
            (ar, az, an), (ur, uz, un) = (part.chunk(3, 1) for part in products(b, x, s[0]))
            z = torch.sigmoid(az + uz)
            n = torch.tanh(an + torch.sigmoid(ar + ur) * (un + b["recurrent-bias"]))
            return ((1 - z) * n + z * s[0],)

        return step

    def own(gates, **others):
        gains = {"weight_gain": (gates * UNITS,), "recurrent_gain": (gates * UNITS,)}
        return blocks(gates, **others, **gains)

    cell = {"cell_gain": (UNITS,), "cell_shift": (UNITS,)}
    normed = {"units": UNITS, "layer-norm": True}
    more = {"peepholes": True, "recurrent-dropout": 0.5}
    layers = [
        ({"type": "rnn"}, own(1), 1, rnn_step),
        ({"type": "lstm"}, own(4, **cell), 2, lambda b: lstm_step(b, 1.0)),
        (
            {"type": "lstm", **more},
            own(4, peephole=(UNITS, 3), **cell),
            2,
            lambda b: lstm_step(b, MASK),
        ),
        ({"type": "gru"}, own(3, recurrent_bias=(UNITS,)), 1, gru_step),
    ]
    for layer, parameters, states, step in layers:
        run = lambda b, x, start: unrolled(step(b), x, start)
        yield case(layer | normed, parameters, states, run)


def main():
    torch.manual_seed(14)
    nn = torch.nn
    peeping = lambda b, x, start: unrolled(
        lambda x, s: lstm(b["weight"], b["recurrent"], b["bias"], b["peephole"], x, s), x, start
    )
    before = lambda b, x, start: unrolled(
        lambda x, s: (gru_before(b["weight"], b["recurrent"], b["bias"], x, s[0], s[0]),), x, start
    )
    relu = nn.RNN(INPUTS, UNITS, nonlinearity="relu")
    cases = [
        case({"type": "rnn", "units": UNITS}, blocks(1), 1, with_torch(nn.RNN(INPUTS, UNITS), 1)),
        case({"type": "rnn", "units": UNITS, "activation": "relu"}, blocks(1), 1, with_torch(relu, 1)),
        case({"type": "lstm", "units": UNITS}, blocks(4), 2, with_torch(nn.LSTM(INPUTS, UNITS), 4)),
        case(
            {"type": "lstm", "units": UNITS, "peepholes": True},
            blocks(4, peephole=(UNITS, 3)),
            2,
            peeping,
        ),
        case(
            {"type": "gru", "units": UNITS},
            blocks(3, recurrent_bias=(UNITS,)),
            1,
            with_torch(nn.GRU(INPUTS, UNITS), 3),
        ),
        case({"type": "gru", "units": UNITS, "reset": "before"}, blocks(3), 1, before),
        case(
            {"type": "bidirectional", "layer": {"type": "lstm", "units": UNITS}},
            {
                f"{direction}-{name}": block
                for direction in ["forward", "backward"]
                for name, block in blocks(4).items()
            },
            0,
            both_ways,
        ),
        case(*convolution(3, 1)),
        case(*convolution(3, 2, activation="tanh")),
        case(*convolution(2, 7, activation="relu")),
        *dropped_states(),
        *normalised_products(),
    ]
    versions = {"python": sys.version.split()[0], "torch": torch.__version__}
    sizes = {"steps": STEPS, "examples": EXAMPLES, "inputs": INPUTS, "units": UNITS}
    sizes["kept"] = [float(kept) for unit in KEPT for kept in unit]
    head = json.dumps({"versions": versions, **sizes})
    print(head[:-1] + ', "cases": [')
    print(",\n".join(map(json.dumps, cases)))
    print("]}")


main()
