"""Reference numbers for losses, from PyTorch and SciPy.

    python losses.py > losses.json

Each case has outputs, targets and column weights that are exact in single precision; expected are the value
of every column, the gradient of their weighted sum by autograd, and the predictions, in double precision.
Where PyTorch has no such loss, the formula of the paper is written out with its operations. Versions are in
the file.
"""

import json

import numpy
import scipy
import scipy.special
import torch
import torch.nn.functional as F

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
FULL = dict(reduction="none")


def exact(x):
    return x.float().double()


def normal(n, k, size=1.0):
    return exact(size * torch.randn(n, k))


def mean(terms):
    return terms.mean(1)


def total(terms):
    return terms.sum(1)


def identity(z):
    return z


# Targets of n columns of k numbers.
def reals(n, k):
    return normal(n, k, 2.0)


def counts(n, k):
    return torch.poisson(3 * torch.rand(n, k)) * (1 + torch.randint(0, 2, (n, k)) * 20)


def positive(n, k):
    return exact(5 * torch.rand(n, k)) * torch.randint(0, 3, (n, k)).clamp(max=1)


def unit(n, k):
    t = exact(torch.rand(n, k))
    return torch.where(torch.rand(n, k) < 0.5, t.round(), t)


def binary(n, k):
    return torch.randint(0, 2, (n, k)).double()


def signs(n, k):
    return 2 * binary(n, k) - 1


def distribution(n, k):
    parts = torch.floor(torch.softmax(torch.randn(n, k), 1) * 2**16) / 2**16
    parts[:, 0] += 1 - parts.sum(1)
    if k > 2:
        parts[0], parts[0, 2] = 0, 1
    return parts


def classes(n, k):
    return torch.randint(0, k, (n,))


def msle(z, t):
    return mean((torch.log1p(torch.expm1(z)) - torch.log1p(t)) ** 2)


def poisson_full(z, t):
    return total(torch.exp(z) - t * z + torch.lgamma(t + 1))


def gaussian(floor, full):
    def loss(z, t):
        k = t.shape[1]
        return total(F.gaussian_nll_loss(z[:, :k], t, torch.exp(z[:, k:]) + floor, full=full, eps=1e-300, **FULL))

    return loss


def parts(z, components):
    n, k = z.shape
    d = k // components - 2
    means = z[:, 2 * components :].reshape(n, components, d)
    return torch.softmax(z[:, :components], 1), z[:, components : 2 * components], means


def mixture(components, floor=1e-6):
    def loss(z, t):
        pi, s, means = parts(z, components)
        std = torch.sqrt(torch.exp(2 * s) + floor)
        normal = torch.distributions.Normal(means, std[:, :, None])
        logs = normal.log_prob(t[:, None, :]).sum(2) + torch.log(pi)
        return -torch.logsumexp(logs, 1)

    return loss


def mixture_mean(components):
    def link(z):
        pi, _, means = parts(z, components)
        return (pi[:, :, None] * means).sum(1)

    return link


def cross_entropy(smoothing=0.0, weights=None, gamma=0.0):
    def loss(z, t):
        w = None if weights is None else torch.tensor(weights)
        if gamma == 0.0:
            return F.cross_entropy(z, t, weight=w, label_smoothing=smoothing, **FULL)
        k = z.shape[1]
        soft = F.one_hot(t, k).double() if t.dtype == torch.int64 else t
        soft = (1 - smoothing) * soft + smoothing / k
        logs = F.log_softmax(z, 1)
        w = torch.ones(k) if w is None else w
        return -(w * soft * (1 - torch.exp(logs)) ** gamma * logs).sum(1)

    return loss


def binary_cross_entropy(smoothing=0.0, weight=1.0, gamma=0.0):
    def loss(z, t):
        t = t[:, None].double() if t.dim() == 1 else t
        t = (1 - smoothing) * t + smoothing / 2
        if gamma == 0.0:
            return total(F.binary_cross_entropy_with_logits(z, t, pos_weight=torch.tensor(weight), **FULL))
        yes, no = F.logsigmoid(z), F.logsigmoid(-z)
        return -total(weight * t * torch.exp(gamma * no) * yes + (1 - t) * torch.exp(gamma * yes) * no)

    return loss


def of_signs(loss):
    def with_classes(z, t):
        return loss(z, 2 * t[:, None].double() - 1 if t.dim() == 1 else t)

    return with_classes


def shares(z):
    second = ((1 + z) / 2).clamp(0, 1)
    return torch.cat([1 - second, second], 1)


def multi_class_hinge(z, t):
    def at(c):
        others = torch.cat([z[:, :c], z[:, c + 1 :]], 1)
        return (1 + others.max(1).values - z[:, c]).clamp(min=0)

    every = torch.stack([at(c) for c in range(z.shape[1])], 1)
    return every.gather(1, t[:, None])[:, 0] if t.dtype == torch.int64 else (t * every).sum(1)


def f_measure(beta, count):
    def loss(z, t):
        y = torch.sigmoid(z)
        tp, fn, fp = (t * y).sum(1), (t * (1 - y)).sum(1), ((1 - t) * y).sum(1)
        top = (1 + beta**2) * tp + count
        return 1 - top / ((1 + beta**2) * tp + beta**2 * fn + fp + count)

    return loss


def bp_mll(z, t):
    values = []
    for c, labels in zip(torch.tanh(z / 2), t):
        right, wrong = c[labels == 1], c[labels == 0]
        pairs = max(len(right) * len(wrong), 1)
        values.append(torch.exp(-(right[:, None] - wrong[None, :])).sum() / pairs)
    return torch.stack(values)


def cosine(z, t):
    return 1 - F.cosine_similarity(z, t, 1, eps=1e-5)


def quantile(q):
    return lambda z, t: mean(torch.maximum(q * (t - z), (q - 1) * (t - z)))


def huber(delta):
    return lambda z, t: mean(F.huber_loss(z, t, delta=delta, **FULL))


def mape(floor):
    return lambda z, t: mean(100 * (z - t).abs() / t.abs().clamp(min=floor))


def hinge(z, t):
    return total((1 - t * z).clamp(min=0))


def squared_hinge(z, t):
    return total((1 - t * z).clamp(min=0) ** 2)


softmax = lambda z: torch.softmax(z, 1)
W4, W3 = [0.5, 2.0, 0.0, 1.25], [1.0, 0.25, 4.0]
SMOOTH = {"type": "cross-entropy", "label-smoothing": 0.125}
ALL = {"type": "cross-entropy", "label-smoothing": 0.25, "class-weights": W4, "focal": 1.5}
POSITIVE = {"type": "binary-cross-entropy", "positive-weight": 3.5}
BOTH = {"type": "binary-cross-entropy", "label-smoothing": 0.125, "positive-weight": 0.5, "focal": 2.0}

# Loss, formula, link, targets, numbers of a target, outputs, size of the outputs.
CASES = [
    ("mse", lambda z, t: mean(F.mse_loss(z, t, **FULL)), identity, reals, 3, 3),
    ("l2", lambda z, t: total(F.mse_loss(z, t, **FULL)), identity, reals, 3, 3),
    ("mae", lambda z, t: mean(F.l1_loss(z, t, **FULL)), identity, reals, 3, 3),
    ("l1", lambda z, t: total(F.l1_loss(z, t, **FULL)), identity, reals, 3, 3),
    ("huber", huber(1.0), identity, reals, 4, 4),
    ({"type": "huber", "delta": 0.25}, huber(0.25), identity, reals, 1, 1),
    ("log-cosh", lambda z, t: mean(torch.log(torch.cosh(z - t))), identity, reals, 3, 3),
    ("quantile", quantile(0.5), identity, reals, 3, 3),
    ({"type": "quantile", "q": 0.9375}, quantile(0.9375), identity, reals, 2, 2),
    ({"type": "mape", "floor": 0.5}, mape(0.5), identity, positive, 3, 3),
    ("msle", msle, torch.expm1, positive, 3, 3),
    ("poisson", lambda z, t: total(F.poisson_nll_loss(z, t, log_input=True, **FULL)), torch.exp, counts, 3, 3),
    ({"type": "poisson", "full": True}, poisson_full, torch.exp, counts, 5, 5),
    ("gaussian-nll", gaussian(1e-6, False), lambda z: z[:, : z.shape[1] // 2], reals, 3, 6),
    (
        {"type": "gaussian-nll", "floor": 0.125, "full": True},
        gaussian(0.125, True),
        lambda z: z[:, : z.shape[1] // 2],
        reals,
        1,
        2,
    ),
    ("mixture-density", mixture(3), mixture_mean(3), reals, 1, 9),
    (
        {"type": "mixture-density", "components": 2, "floor": 0.0625},
        mixture(2, 0.0625),
        mixture_mean(2),
        reals,
        3,
        10,
    ),
    ({"type": "mixture-density", "components": 1}, mixture(1), mixture_mean(1), reals, 2, 4),
    ("cosine", cosine, identity, reals, 4, 4),
    ("cross-entropy", cross_entropy(), softmax, classes, 4, 4),
    ("cross-entropy", cross_entropy(), softmax, distribution, 4, 4),
    (SMOOTH, cross_entropy(0.125), softmax, classes, 3, 3),
    (SMOOTH, cross_entropy(0.125), softmax, distribution, 3, 3),
    ({"type": "cross-entropy", "class-weights": W3}, cross_entropy(0.0, W3), softmax, classes, 3, 3),
    ({"type": "cross-entropy", "class-weights": W4}, cross_entropy(0.0, W4), softmax, distribution, 4, 4),
    ({"type": "cross-entropy", "focal": 2.0}, cross_entropy(gamma=2.0), softmax, classes, 5, 5),
    ({"type": "cross-entropy", "focal": 0.5}, cross_entropy(gamma=0.5), softmax, distribution, 3, 3),
    (ALL, cross_entropy(0.25, W4, 1.5), softmax, classes, 4, 4),
    (ALL, cross_entropy(0.25, W4, 1.5), softmax, distribution, 4, 4),
    (
        "kl-divergence",
        lambda z, t: F.kl_div(F.log_softmax(z, 1), t, **FULL).sum(1),
        softmax,
        distribution,
        4,
        4,
    ),
    ("kl-divergence", cross_entropy(), softmax, classes, 3, 3),
    ("nll", lambda z, t: F.nll_loss(z, t, **FULL), torch.exp, classes, 4, 4),
    ("nll", lambda z, t: -(t * z).sum(1), torch.exp, distribution, 3, 3),
    ("multi-class-hinge", multi_class_hinge, softmax, classes, 4, 4),
    ("multi-class-hinge", multi_class_hinge, softmax, distribution, 4, 4),
    ("binary-cross-entropy", binary_cross_entropy(), torch.sigmoid, unit, 3, 3),
    ("binary-cross-entropy", binary_cross_entropy(), torch.sigmoid, classes, 2, 1),
    (POSITIVE, binary_cross_entropy(weight=3.5), torch.sigmoid, unit, 3, 3),
    (POSITIVE, binary_cross_entropy(weight=3.5), torch.sigmoid, classes, 2, 1),
    (BOTH, binary_cross_entropy(0.125, 0.5, 2.0), torch.sigmoid, unit, 5, 5),
    (BOTH, binary_cross_entropy(0.125, 0.5, 2.0), torch.sigmoid, classes, 2, 1),
    ("hinge", of_signs(hinge), identity, signs, 3, 3),
    ("hinge", of_signs(hinge), shares, classes, 2, 1),
    ("squared-hinge", of_signs(squared_hinge), identity, signs, 3, 3),
    ("squared-hinge", of_signs(squared_hinge), shares, classes, 2, 1),
    ("wasserstein", lambda z, t: mean(t * z), identity, signs, 3, 3),
    ("f-measure", f_measure(1.0, 1.0), torch.sigmoid, binary, 4, 4),
    ({"type": "f-measure", "beta": 2.0, "count": 0.0}, f_measure(2.0, 0.0), torch.sigmoid, binary, 6, 6),
    ("bp-mll", bp_mll, torch.sigmoid, binary, 5, 5),
    (
        {"type": "output-weights", "loss": "mae", "weights": [1.0, 0.0, 2.5]},
        lambda z, t: mean(torch.tensor([1.0, 0.0, 2.5]) * (z - t).abs()),
        identity,
        reals,
        3,
        3,
    ),
    (
        {"type": "output-weights", "loss": BOTH, "weights": [0.25, 3.0]},
        lambda z, t: sum(
            w * binary_cross_entropy(0.125, 0.5, 2.0)(z[:, i : i + 1], t[:, i : i + 1])
            for i, w in enumerate([0.25, 3.0])
        ),
        torch.sigmoid,
        unit,
        2,
        2,
    ),
]
# The same outputs, small and large.
SIZES = [0.01, 1.0, 4.0]


def case(loss, formula, link, targets, features, outputs, size):
    n = 7
    z, t = normal(n, outputs, size), targets(n, features)
    weights = exact(torch.rand(n))
    weights[1] = 0
    at = z.clone().requires_grad_()
    values = formula(at, t)
    (values * weights).sum().backward()
    kind = "indices" if targets is classes else "targets"
    return {
        "loss": loss,
        "features": features,
        "outputs": z.flatten().tolist(),
        kind: t.flatten().tolist(),
        "weights": weights.tolist(),
        "values": values.tolist(),
        "gradient": at.grad.flatten().tolist(),
        "predictions": link(z).flatten().tolist(),
    }


versions = {"torch": torch.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__}
factorials = [0.0, 0.25, 0.5, 1.0, 2.0, 3.5, 9.0, 13.9, 14.0, 20.0, 150.5, 1e4]
text = json.dumps(
    {
        "versions": versions,
        "losses": [case(*c, size) for c in CASES for size in SIZES],
        "counts": factorials,
        "ln-factorials": scipy.special.gammaln(numpy.array(factorials) + 1).tolist(),
    }
)
print(text.replace('{"loss"', '\n{"loss"'))
