"""Reference numbers for the pace `plateau`: the factors of 120 epochs by PyTorch's ReduceLROnPlateau.

    python plateau.py > plateau.json

The scores fall or rise, with noise that follows from the number of the epoch. `factors` are the rates after
each epoch, where the rate was 1 at the start.
"""

import json
import math
import platform
import sys

import torch

CASES = []


def noise(epoch, seed):
    return ((7919 * (epoch + 1) * (seed + 3) + 31 * epoch) % 1009 - 504) / 512


def case(scores, higher=False, **settings):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, "max" if higher else "min", factor=settings.get("factor", 0.1),
        patience=settings.get("patience", 10), threshold=settings.get("threshold", 1e-4),
        threshold_mode="rel", cooldown=settings.get("cooldown", 0),
        min_lr=settings.get("min_factor", 0.0), eps=0.0)
    factors = []
    for score in scores:
        scheduler.step(score)
        factors.append(optimizer.param_groups[0]["lr"])
    settings = {key.replace("_", "-"): value for key, value in settings.items()}
    written = [score if math.isfinite(score) else "NaN" for score in scores]
    CASES.append({"plateau": {"metric": "x"} | settings, "higher": higher, "scores": written,
                  "factors": factors})


for seed in range(3):
    falling = [2.0 * 0.95 ** t + 0.2 + 0.1 * noise(t, seed) for t in range(120)]
    rising = [1.0 - 0.8 * 0.95 ** t + 0.02 * noise(t, seed) for t in range(120)]
    case(falling)
    case(rising, higher=True, factor=0.5, patience=3)
    case(falling, factor=0.5, patience=2, cooldown=4)
    case(falling, factor=0.3, patience=5, threshold=0.05, min_factor=0.01)
    case(rising, higher=True, factor=0.9, patience=0, cooldown=1, threshold=0.0)
    gaps = [math.nan if t % 7 == 3 else score for t, score in enumerate(falling)]
    case(gaps, factor=0.5, patience=3)
case([1.0] * 40, factor=0.5, patience=1)
case([float(t) for t in range(40)], factor=0.5, patience=1)

versions = {"python": platform.python_version(), "torch": torch.__version__}
print(", ".join(f"{k} {v}" for k, v in versions.items()), file=sys.stderr)
lines = ",\n  ".join(map(json.dumps, CASES))
print(f'{{\n"versions": {json.dumps(versions)},\n"cases": [\n  {lines}\n]\n}}')
