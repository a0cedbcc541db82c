"""Reference numbers for updaters: paths of a hundred steps, in double precision.

    python updaters.py > updaters.json

Two layers, a body (weight 4 x 3, bias 4) and a head (weight 2 x 4, bias 2), start at the same
numbers in every case. Their gradients are given by the two functions below, which the test
computes too; all their numbers are exact in single precision. A case names the chain of updaters
as a recipe does. It is computed by PyTorch or, where PyTorch does not have it, by optax; by
Meta's `schedulefree` for schedule-free steps; in NumPy, from the paper, for what none of them has.
Matrices are written column-major.
"""

import json
import platform
import sys
from importlib.metadata import version

import jax
import jax.numpy as jnp
import numpy
import optax
import optax.contrib
import schedulefree
import torch

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)  # NAdam keeps its product of momenta in the default type

SHAPES = [(4, 3), (4,), (2, 4), (2,)]
SIZES = [int(numpy.prod(shape)) for shape in SHAPES]
COUNT = sum(SIZES)
STEPS = 100
SHOWN = [1, 2, 10, 100]
INDEX = numpy.arange(COUNT)
START = ((INDEX * 13) % 23 - 11) / 16


def given(t, _):
    """Numbers that do not depend on the parameters, of sizes from 1/4 to 4."""
    return ((7919 * (t + 1) * (INDEX + 3) + 31 * INDEX) % 1009 - 504) / 512 * 2.0 ** (INDEX % 5 - 2)


def quadratic(_, theta):
    """The gradient of the sum of c (theta - s)^2 / 2."""
    return 2.0 ** (INDEX % 4 - 2) * (theta - ((INDEX * 7) % 11 - 5) / 8)


GRADIENTS = {"given": given, "quadratic": quadratic}


def cut(flat):
    """The four blocks of a flat vector, matrices column-major."""
    parts = numpy.split(numpy.asarray(flat, dtype=numpy.float64), numpy.cumsum(SIZES)[:-1])
    return [part.reshape(shape, order="F") for part, shape in zip(parts, SHAPES)]


def joined(parts):
    return numpy.concatenate([numpy.asarray(part).reshape(-1, order="F") for part in parts])


class Torch:
    """An optimizer of PyTorch; `make` gets the list of four tensors."""

    def __init__(self, make):
        self.leaves = [torch.tensor(part.copy(), requires_grad=True) for part in cut(START)]
        self.optimizer = make(self.leaves)

    def step(self, gradients):
        for leaf, gradient in zip(self.leaves, gradients):
            leaf.grad = torch.tensor(gradient.copy())
        self.optimizer.step()

    def parameters(self):
        return joined([leaf.detach().numpy() for leaf in self.leaves])


class TorchScheduled(Torch):
    """The same, told before each step, counted from 0, which settings to change."""

    def __init__(self, make, change):
        super().__init__(make)
        self.change, self.t = change, 0

    def step(self, gradients):
        for group in self.optimizer.param_groups:
            group.update(self.change(self.t))
        self.t += 1
        super().step(gradients)


class Optax:
    """A transformation of optax that includes the rate."""

    def __init__(self, transformation):
        self.transformation = transformation
        self.values = [jnp.asarray(part) for part in cut(START)]
        self.state = transformation.init(self.values)
        self.update = jax.jit(transformation.update)

    def step(self, gradients):
        gradients = [jnp.asarray(gradient) for gradient in gradients]
        updates, self.state = self.update(gradients, self.state, self.values)
        self.values = optax.apply_updates(self.values, updates)

    def parameters(self):
        return joined(self.values)


class Numpy:
    """A function of (t, blocks, gradients) that gives the new blocks; t counts from 1."""

    def __init__(self, function):
        self.function, self.blocks, self.t = function, cut(START), 0

    def step(self, gradients):
        self.t += 1
        self.blocks = self.function(self.t, self.blocks, gradients)

    def parameters(self):
        return joined(self.blocks)


CASES = []


def case(chain, rate, make, gradients=("given", "quadratic"), evaluated=None, steps=STEPS):
    """Runs `make()`; `evaluated(optimizer)` gives the parameters to evaluate with."""
    for name in gradients:
        optimizer = make()
        path, averages = [], []
        for t in range(steps):
            optimizer.step(cut(GRADIENTS[name](t, optimizer.parameters())))
            if t + 1 in SHOWN:
                path.append(optimizer.parameters().tolist())
                averages.append(evaluated(optimizer).tolist() if evaluated else None)
        shown = {"chain": chain, "rate": rate, "gradients": name, "path": path}
        CASES.append({**shown, "evaluated": averages} if evaluated else shown)


def torch_case(chain, rate, make, **options):
    case(chain, rate, lambda: Torch(lambda leaves: make(leaves, rate)), **options)


def optax_case(chain, rate, *transformations, **options):
    """The transformations, then - rate."""
    whole = optax.chain(*transformations, optax.scale(-rate))
    case(chain, rate, lambda: Optax(whole), **options)


def of(name, **settings):
    """An updater as a recipe names it."""
    return {"type": name, **{key.replace("_", "-"): value for key, value in settings.items()}}


# Divided by what is known of past squares.
optim = torch.optim
torch_case(["adagrad"], 0.05, lambda p, lr: optim.Adagrad(p, lr=lr, foreach=False))
torch_case([of("adagrad", initial_accumulator=0.5, epsilon=0.01)], 0.1,
           lambda p, lr: optim.Adagrad(p, lr=lr, initial_accumulator_value=0.5, eps=0.01, foreach=False))
torch_case(["adadelta"], 1.0, lambda p, lr: optim.Adadelta(p, lr=lr, foreach=False))
torch_case([of("adadelta", rho=0.95, epsilon=1e-3)], 0.5,
           lambda p, lr: optim.Adadelta(p, lr=lr, rho=0.95, eps=1e-3, foreach=False))
# In the last case the quadratic ends at its minimum. There, with a small epsilon, the quotient is
# one of two rounding errors, and no two precisions agree on it.
for settings in [{}, {"alpha": 0.9, "epsilon": 1e-3}, {"momentum": 0.9}, {"centered": True},
                 {"centered": True, "momentum": 0.5, "alpha": 0.95, "epsilon": 1e-3}]:
    named = {("eps" if key == "epsilon" else key): value for key, value in settings.items()}
    torch_case([of("rmsprop", **settings)], 0.01,
               lambda p, lr, named=named: optim.RMSprop(p, lr=lr, foreach=False, **named))

# Adam and its relatives. With beta2 = 0.95 they soon forget the gradients of the quadratic once they
# are near its minimum. With a small epsilon they would then jump away from it, as far as the last
# digits say, and no two programs would agree.
for settings in [{}, {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.1}]:
    betas = (settings.get("beta1", 0.9), settings.get("beta2", 0.999))
    epsilon = settings.get("epsilon", 1e-8)
    for name, amsgrad in [("adam", False), ("adam", True)]:
        chain = [of(name, **settings, amsgrad=amsgrad)]
        torch_case(chain, 0.02, lambda p, lr, betas=betas, epsilon=epsilon, amsgrad=amsgrad:
                   optim.Adam(p, lr=lr, betas=betas, eps=epsilon, amsgrad=amsgrad, foreach=False))
    for name, make in [("adamax", optim.Adamax), ("nadam", optim.NAdam), ("radam", optim.RAdam)]:
        torch_case([of(name, **settings)], 0.02, lambda p, lr, make=make, betas=betas, epsilon=epsilon:
                   make(p, lr=lr, betas=betas, eps=epsilon, foreach=False))
torch_case([of("nadam", momentum_decay=0.2)], 0.02,
           lambda p, lr: optim.NAdam(p, lr=lr, momentum_decay=0.2, foreach=False))
optax_case(["adabelief"], 0.02, optax.scale_by_belief())
optax_case([of("adabelief", beta1=0.8, beta2=0.95, epsilon=0.1)], 0.02,
           optax.scale_by_belief(b1=0.8, b2=0.95, eps=0.1, eps_root=0.1))

# A momentum that falls from 0.95 to 0.85 over forty updates, as that of one cycle does; PyTorch takes
# the present one for the correction, too.
FALLING = {"type": "linear", "value": 0.95, "end": 0.85, "over": 40, "unit": "iterations"}


def falling(t):
    return 0.95 - 0.1 * min(t / 40, 1.0)


for name, make in [("adam", optim.Adam), ("adamax", optim.Adamax), ("radam", optim.RAdam)]:
    case([of(name, beta1=FALLING, beta2=0.95, epsilon=0.1)], 0.02, lambda make=make: TorchScheduled(
        lambda p: make(p, lr=0.02, betas=(0.9, 0.95), eps=0.1, foreach=False),
        lambda t: {"betas": (falling(t), 0.95)}))
case([of("rmsprop", momentum=FALLING, alpha=0.9, epsilon=1e-3)], 0.01, lambda: TorchScheduled(
    lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, momentum=0.9, foreach=False),
    lambda t: {"momentum": falling(t)}))

# Signs. No step of Rprop may end at the minimum itself, where the sign is that of a rounding error.
optax_case(["lion"], 0.01, optax.scale_by_lion(0.9, 0.99))
optax_case([of("lion", beta1=0.95, beta2=0.9), of("weight-decay", rate=0.1, on={"kinds": ["weight", "bias"]})],
           0.01, optax.scale_by_lion(0.95, 0.9), optax.add_decayed_weights(0.1))
torch_case(["rprop"], 1.0, lambda p, lr: optim.Rprop(p, lr=0.01, foreach=False))
torch_case([of("rprop", eta_minus=0.37, eta_plus=1.43, initial_step=0.083, min_step=1.3e-3,
               max_step=0.2171)], 1.0,
           lambda p, lr: optim.Rprop(p, lr=0.083, etas=(0.37, 1.43), step_sizes=(1.3e-3, 0.2171), foreach=False))


# Norms: PyTorch's clipping and the modes of Deeplearning4j, each of them in front of momentum.
def layers(parts):
    """The blocks of the body and those of the head."""
    return [parts[:2], parts[2:]]


def norm(parts):
    return numpy.sqrt(sum((part**2).sum() for part in parts))


def clipped(parts, most):
    return [part * min(1.0, most / norm(parts)) for part in parts]


def unit(parts):
    return [part / norm(parts) for part in parts]


def per(which, change):
    """Applies `change` to each part of the gradients."""
    return {
        "network": change,
        "layer": lambda gradients: sum(map(change, layers(gradients)), []),
        "block": lambda gradients: sum([change([part]) for part in gradients], []),
    }[which]


def adaptive(clipping, epsilon):
    """optax has a unit in each column of a matrix, and counts a vector as one unit."""
    transformation = optax.adaptive_grad_clip(clipping, epsilon)

    def change(gradients, blocks):
        turned = [[jnp.asarray(part.T) for part in parts] for parts in (gradients, blocks)]
        updates, _ = transformation.update(turned[0], transformation.init(turned[1]), turned[1])
        return [numpy.asarray(part).T for part in updates]

    return change


def before_momentum(updater, rate, change):
    def make():
        velocity = [numpy.zeros(shape) for shape in SHAPES]

        def step(_, blocks, gradients):
            velocity[:] = [0.9 * v + g for v, g in zip(velocity, change(gradients, blocks))]
            return [block - rate * v for block, v in zip(blocks, velocity)]

        return Numpy(step)

    case([updater, "momentum"], rate, make)


for value in [1.0, 0.3]:
    before_momentum(of("clip-value", value=value), 0.02,
                    lambda gradients, _, value=value: [numpy.clip(part, -value, value) for part in gradients])
for which in ["network", "layer", "block"]:
    for most in [1.0, 3.0]:
        change = per(which, lambda parts, most=most: clipped(parts, most))
        before_momentum(of("clip-norm", max_norm=most, per=which), 0.02,
                        lambda gradients, _, change=change: change(gradients))
    change = per(which, unit)
    # So slow that the quadratic is not at its minimum, where a rounding error would have a norm of 1.
    before_momentum(of("gradient-normalization", per=which), 5e-4,
                    lambda gradients, _, change=change: change(gradients))
before_momentum("adaptive-clip", 0.1, adaptive(0.01, 1e-3))
before_momentum(of("adaptive-clip", clipping=0.5, epsilon=1.0), 0.02, adaptive(0.5, 1.0))

# Layers by their norms. Biases have neither decay nor ratio: the mask is true for the matrices.
MATRICES = [True, False, True, False]


def lamb(b1, b2, eps, weight_decay):
    return [optax.scale_by_adam(b1, b2, eps), optax.add_decayed_weights(weight_decay, MATRICES),
            optax.masked(optax.scale_by_trust_ratio(), MATRICES)]


def lars(momentum, weight_decay, trust_coefficient):
    """With the sum of norms that the paper has: optax has the norm of the sum."""

    def make():
        velocity = [numpy.zeros(shape) for shape in SHAPES]

        def turned(block, gradient, matrix):
            if not matrix:
                return gradient
            length = norm([gradient]) + weight_decay * norm([block])
            return trust_coefficient * norm([block]) / length * (gradient + weight_decay * block)

        def step(_, blocks, gradients):
            velocity[:] = [momentum * v + turned(*of_block)
                           for v, *of_block in zip(velocity, blocks, gradients, MATRICES)]
            return [block - 0.1 * v for block, v in zip(blocks, velocity)]

        return Numpy(step)

    return make


optax_case(["lamb"], 0.02, *lamb(0.9, 0.999, 1e-6, 0.0))
optax_case([of("lamb", beta1=0.8, beta2=0.95, epsilon=0.1, weight_decay=0.1)], 0.02, *lamb(0.8, 0.95, 0.1, 0.1))
case(["lars"], 1.0, lambda: Optax(optax.lars(1.0, trust_ratio_mask=MATRICES)))
case([of("lars", momentum=0.5, weight_decay=0.2, trust_coefficient=0.05)], 0.1, lars(0.5, 0.2, 0.05))


def orthogonal(steps):
    """The iteration of optax: its Muon without momentum."""
    transformation = optax.contrib.scale_by_muon(ns_steps=steps, beta=0.0, nesterov=False)
    update = jax.jit(transformation.update)

    def change(matrix):
        matrix = jnp.asarray(matrix)
        return numpy.asarray(update(matrix, transformation.init(matrix))[0])

    return change


def muon(rate, momentum=0.95, nesterov=True, ns_steps=5):
    """The average of PyTorch, whose products are too coarse to compare, with the iteration of optax."""

    def make():
        average = [numpy.zeros(shape) for shape in SHAPES]
        iteration = orthogonal(ns_steps)

        def turned(mean, gradient):
            if gradient.ndim == 1:
                return gradient
            seen = momentum * mean + (1 - momentum) * gradient if nesterov else mean
            return numpy.sqrt(max(1, gradient.shape[0] / gradient.shape[1])) * iteration(seen)

        def step(_, blocks, gradients):
            average[:] = [momentum * mean + (1 - momentum) * g for mean, g in zip(average, gradients)]
            return [block - rate * turned(mean, g) for block, mean, g in zip(blocks, average, gradients)]

        return Numpy(step)

    return make


case(["muon"], 0.002, muon(0.002))
case([of("muon", momentum=0.8, nesterov=False, ns_steps=3)], 0.002, muon(0.002, 0.8, False, 3))

# Averages.
class ScheduleFree(Torch):
    """Its optimizers know how to turn trained parameters into averaged ones, and back."""

    def __init__(self, make):
        super().__init__(make)
        self.optimizer.train()

    def averages(self):
        self.optimizer.eval()
        averages = self.parameters()
        self.optimizer.train()
        return averages


def schedule_free(chain, rate, make, **options):
    case(chain, rate, lambda: ScheduleFree(lambda leaves: make(leaves, rate)),
         evaluated=ScheduleFree.averages, **options)


schedule_free(["schedule-free"], 0.1,
              lambda p, lr: schedulefree.SGDScheduleFree(p, lr=lr, foreach=False))
schedule_free([of("schedule-free", beta=0.75, warmup_steps=20)], 0.1,
              lambda p, lr: schedulefree.SGDScheduleFree(p, lr=lr, momentum=0.75, warmup_steps=20, foreach=False))
everywhere = {"kinds": ["weight", "bias"]}
for decay, steps in [(0.0, 0), (0.1, 7)]:
    chain = [of("adam", beta1=0.0, beta2=0.99), of("weight-decay", rate=decay, on=everywhere),
             of("schedule-free", warmup_steps=steps)]
    schedule_free(chain, 0.02, lambda p, lr, decay=decay, steps=steps: schedulefree.AdamWScheduleFree(
        p, lr=lr, betas=(0.9, 0.99), weight_decay=decay, warmup_steps=steps, foreach=False))


class Lookahead:
    """optax's own, around momentum."""

    def __init__(self, period, size):
        self.transformation = optax.lookahead(optax.sgd(0.05, momentum=0.9), period, size)
        blocks = [jnp.asarray(part) for part in cut(START)]
        self.pair = optax.LookaheadParams.init_synced(blocks)
        self.state = self.transformation.init(self.pair)

    def step(self, gradients):
        gradients = [jnp.asarray(gradient) for gradient in gradients]
        updates, self.state = self.transformation.update(gradients, self.state, self.pair)
        self.pair = optax.apply_updates(self.pair, updates)

    def parameters(self):
        return joined(self.pair.fast)

    def slow(self):
        return joined(self.pair.slow)


for period, size in [(5, 0.5), (3, 0.8)]:
    case(["momentum", of("lookahead", sync_period=period, slow_step_size=size)], 0.05,
         lambda period=period, size=size: Lookahead(period, size), evaluated=Lookahead.slow)


class Averaged(Torch):
    """SGD, and an average of its parameters by `average(t, parameters)`, t = 1, 2, ..."""

    def __init__(self, rate, average):
        super().__init__(lambda leaves: optim.SGD(leaves, lr=rate, foreach=False))
        self.average, self.t = average, 0

    def step(self, gradients):
        super().step(gradients)
        self.t += 1
        self.mean = self.average(self.t, self.parameters())

    def averages(self):
        return self.mean


def ema(decay):
    """optax corrects the bias of an average that starts at 0."""
    transformation = optax.ema(decay, debias=True)
    state = [transformation.init(jnp.zeros(COUNT))]

    def average(_, parameters):
        mean, state[0] = transformation.update(jnp.asarray(parameters), state[0])
        return numpy.asarray(mean)

    return average


def swa(start, every):
    """PyTorch's average, of the parameters after certain updates."""
    values = torch.nn.ParameterList([torch.zeros(COUNT)])
    model = torch.optim.swa_utils.AveragedModel(values)

    def average(t, parameters):
        values[0].data = torch.tensor(parameters)
        if t > start and (t - start) % every == 0:
            model.update_parameters(values)
        if model.n_averaged == 0:
            return parameters
        return next(model.module.parameters()).detach().numpy().copy()

    return average


for decay in [0.999, 0.9]:
    case([of("ema", decay=decay)], 0.05, lambda decay=decay: Averaged(0.05, ema(decay)),
         evaluated=Averaged.averages)
for start, every in [(0, 1), (7, 4)]:
    case([of("swa", by="iterations", start=start, every=every)], 0.05, lambda start=start, every=every:
         Averaged(0.05, swa(start, every)), evaluated=Averaged.averages)

versions = {"python": platform.python_version(), "torch": torch.__version__}
versions |= {name: version(name) for name in ["optax", "jax", "schedulefree", "numpy"]}
print(", ".join(f"{k} {v}" for k, v in versions.items()), file=sys.stderr)
lines = ",\n  ".join(map(json.dumps, CASES))
print(f'{{\n"versions": {json.dumps(versions)},\n"shown": {SHOWN},\n"cases": [\n  {lines}\n]\n}}')
