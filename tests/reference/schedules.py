"""Reference numbers for schedules, in double precision: the rates of 400 steps.

    python schedules.py > schedules.json

A case names the schedule as a recipe does. It is computed by PyTorch's lr_scheduler, by optax where
PyTorch has no such schedule, or in Python's own arithmetic from the formula where neither has it (the
policies "sigmoid" and "inverse" of Caffe). PyTorch's schedulers are asked for one rate after another, as
training asks them.
"""

import json
import math
import platform
import sys
import warnings
from importlib.metadata import version

import jax
import optax
import torch
from torch.optim import lr_scheduler

jax.config.update("jax_enable_x64", True)
warnings.filterwarnings("ignore", message="Detected call of `lr_scheduler.step()`")
STEPS = 400
CASES = []


def of(type_, **settings):
    return {"type": type_} | {key.replace("_", "-"): value for key, value in settings.items()}


def case(schedule, values):
    assert len(values) <= STEPS and all(map(math.isfinite, values))
    CASES.append({"schedule": schedule | {"unit": "iterations"}, "values": values})


def stepped(base, make, steps=STEPS, group="lr"):
    """The rates of PyTorch's scheduler that `make` makes of an optimizer with the rate `base`."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base, momentum=0.9)
    scheduler = make(optimizer)
    values = []
    for _ in range(steps):
        values.append(float(optimizer.param_groups[0][group]))
        optimizer.step()
        scheduler.step()
    return values


def asked(schedule):
    """The values of an optax schedule."""
    return [float(schedule(jax.numpy.asarray(t, dtype=jax.numpy.float64))) for t in range(STEPS)]


def formula(function):
    return [function(t) for t in range(STEPS)]


for value, factor in [(0.1, 0.99), (0.5, 0.9), (0.25, 1.0)]:
    case(of("exponential", value=value, factor=factor),
         stepped(value, lambda o, f=factor: lr_scheduler.ExponentialLR(o, f)))
case(of("exponential", value=0.1, factor=0.98, end=0.01),
     asked(optax.exponential_decay(0.1, 1, 0.98, end_value=0.01)))
case(of("exponential", value=0.001, factor=1.02, end=0.3),
     asked(optax.exponential_decay(0.001, 1, 1.02, end_value=0.3)))

for value, decay, power in [(0.1, 0.01, 1.0), (0.3, 0.0001, 0.75), (0.2, 0.5, 0.5), (0.2, 0.0, 1.0)]:
    case(of("inverse", value=value, decay=decay, power=power),
         formula(lambda t, v=value, d=decay, p=power: v / (1 + d * t) ** p))

for value, power, over in [(0.1, 1.0, 300), (0.1, 2.0, 399), (0.3, 0.5, 100), (0.3, 0.9, 1)]:
    case(of("polynomial", value=value, power=power, over=over),
         formula(lambda t, v=value, p=power, n=over: v * (1 - min(t, n) / n) ** p) if over == 1 else
         stepped(value, lambda o, n=over, p=power: lr_scheduler.PolynomialLR(o, n, p)))
for value, end, power, over in [(0.1, 0.01, 2.0, 250), (0.5, 0.99, 3.0, 100)]:
    case(of("polynomial", value=value, end=end, power=power, over=over),
         asked(optax.polynomial_schedule(value, end, power, over)))

for value, steepness, middle in [(0.1, -0.05, 100.0), (0.1, 0.02, 200.0), (0.3, -1.0, 0.0)]:
    case(of("sigmoid", value=value, steepness=steepness, middle=middle),
         formula(lambda t, v=value, g=steepness, m=middle: v / (1 + math.exp(-g * (t - m)))))

for value, factor, every in [(0.1, 0.1, 100), (0.3, 0.9, 7), (0.3, 0.5, 1)]:
    case(of("step", value=value, factor=factor, every=every),
         stepped(value, lambda o, e=every, f=factor: lr_scheduler.StepLR(o, e, f)))

case(of("table", values=[[0, 0.06], [200, 0.006], [380, 0.0006]]),
     stepped(0.06, lambda o: lr_scheduler.MultiStepLR(o, [200, 380], 0.1)))
POINTS = [[0, 0.1], [50, 0.4], [51, 0.2], [300, 0.05]]
case(of("table", values=POINTS, interpolation="linear"), asked(optax.join_schedules(
    [optax.linear_schedule(a, b, to - at) for (at, a), (to, b) in zip(POINTS, POINTS[1:])],
    [to for to, _ in POINTS[1:-1]])))

for value, end, over in [(0.1, 0.0, 300), (0.2, 0.02, 399), (0.5, 0.99, 100)]:
    case(of("linear", value=value, end=end, over=over),
         stepped(value, lambda o, v=value, e=end, n=over: lr_scheduler.LinearLR(o, 1.0, e / v, n))
         if end <= value else asked(optax.linear_schedule(value, end, over)))
    if end <= value:
        # Beyond its T_max PyTorch's cosine rises again; here it has ended.
        case(of("cosine", value=value, end=end, over=over),
             stepped(value, lambda o, e=end, n=over: lr_scheduler.CosineAnnealingLR(o, n, e), over + 1))
case(of("cosine", value=0.1, end=0.02, over=150), asked(optax.cosine_decay_schedule(0.1, 150, 0.2)))

for value, end, over, factor in [(0.1, 0.0, 50, 1), (0.1, 0.001, 20, 2), (0.3, 0.1, 7, 3), (0.3, 0.1, 1, 2)]:
    case(of("warm-restarts", value=value, end=end, over=over, factor=factor),
         stepped(value, lambda o, e=end, n=over, f=factor:
                 lr_scheduler.CosineAnnealingWarmRestarts(o, n, f, e)))

for settings in [{}, {"rise": 0.25, "anneal": "linear"}, {"three_phase": True, "rise": 0.4},
                 {"div_factor": 10.0, "final_div_factor": 100.0, "rise": 0.5},
                 {"three_phase": True, "anneal": "linear", "div_factor": 5.0}]:
    torchs = {"pct_start": settings.get("rise", 0.3), "three_phase": settings.get("three_phase", False),
              "anneal_strategy": {"linear": "linear"}.get(settings.get("anneal"), "cos"),
              "div_factor": settings.get("div_factor", 25.0),
              "final_div_factor": settings.get("final_div_factor", 1e4)}
    for over in [STEPS, 37]:
        case(of("one-cycle", max=0.3, over=over, **settings),
             stepped(0.3, lambda o, n=over, s=torchs: lr_scheduler.OneCycleLR(
                 o, 0.3, total_steps=n, cycle_momentum=False, **s), over - 1))
# The momentum of a cycle falls while the rate rises.
case(of("one-cycle", max=0.85, over=STEPS, div_factor=0.85 / 0.95, final_div_factor=1.0),
     stepped(0.3, lambda o: lr_scheduler.OneCycleLR(
         o, 0.3, total_steps=STEPS, base_momentum=0.85, max_momentum=0.95), STEPS - 1, "momentum"))

for mode, gamma in [("triangular", 1.0), ("triangular2", 1.0), ("exp-range", 0.995)]:
    for up, down in [(50, None), (13, 29)]:
        more = {} if down is None else {"down": down}
        case(of("cyclic", base=0.01, max=0.1, up=up, mode=mode, gamma=gamma, **more),
             stepped(0.01, lambda o, u=up, d=down, m=mode, g=gamma: lr_scheduler.CyclicLR(
                 o, 0.01, 0.1, u, d, m.replace("-", "_"), g, cycle_momentum=False)))

for start, over in [(0.1, 50), (0.0, 7), (1 / 3, 5)]:
    case(of("warm-up", start=start, over=over, then=0.2), asked(
        optax.join_schedules([optax.linear_schedule(start * 0.2, 0.2, over)], [])))
    case(of("warm-up", start=start, over=over,
            then=of("exponential", value=0.2, factor=0.99) | {"unit": "iterations"}),
         stepped(0.2, lambda o, s=start, n=over: lr_scheduler.ChainedScheduler(
             [lr_scheduler.LinearLR(o, s, 1.0, n), lr_scheduler.ExponentialLR(o, 0.99)])
             if s > 0 else lr_scheduler.LambdaLR(o, lambda t: min(t / n, 1) * 0.99 ** t)))

ITERATIONS = {"unit": "iterations"}
case(of("joined", parts=[
    {"over": 40, "value": of("linear", value=0.01, end=0.1, over=40) | ITERATIONS},
    {"over": 200, "value": of("cosine", value=0.1, end=0.01, over=200) | ITERATIONS},
    {"value": 0.005}]), asked(optax.join_schedules(
        [optax.linear_schedule(0.01, 0.1, 40), optax.cosine_decay_schedule(0.1, 200, 0.1),
         optax.constant_schedule(0.005)], [40, 240])))

versions = {"python": platform.python_version(), "torch": torch.__version__}
versions |= {name: version(name) for name in ["optax", "jax"]}
print(", ".join(f"{k} {v}" for k, v in versions.items()), file=sys.stderr)
lines = ",\n  ".join(map(json.dumps, CASES))
print(f'{{\n"versions": {json.dumps(versions)},\n"cases": [\n  {lines}\n]\n}}')
