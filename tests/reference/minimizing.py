"""Standard test functions, and how SciPy minimises them.

    python minimizing.py > minimizing.json

The functions are those of `tanren_testkit::functions`, written anew in JAX: first the collection of
More, Garbow and Hillstrom (1981), in their order, then the others. Each is minimised by SciPy's
L-BFGS-B (ftol = 0, gtol = 1e-5, m = 10) and CG (gtol = 1e-5) from the standard start and from 20
scattered ones. A run solves its function if no number of the gradient is larger than 1e-5 within 10,000
evaluations, where an evaluation gives both value and gradient. For each start stands the number of
evaluations, or null where the run did not solve it.
"""

import json
import platform
import sys
from importlib.metadata import version

import jax
import jax.numpy as jnp
import numpy
from scipy.optimize import minimize

jax.config.update("jax_enable_x64", True)

EVALUATIONS = 10_000
TOLERANCE = 1e-5
STARTS = 21


def scattered(k, i):
    return ((7919 * (k + 1) * (i + 3) + 31 * i) % 1009 - 504) / 1008


def starts(standard):
    i = numpy.arange(len(standard))
    yield standard
    for k in range(1, STARTS):
        yield standard + (1 + abs(standard)) / 2 * scattered(k, i)


def squares(residuals):
    return lambda x: jnp.sum(jnp.concatenate([jnp.atleast_1d(r) for r in residuals(x)]) ** 2)


def rosenbrock_pairs(x):
    even, odd = x[0::2], x[1::2]
    return [10 * (odd - even**2), 1 - even]


def freudenstein_roth(x):
    a, y = x
    return [-13 + a + ((5 - y) * y - 2) * y, -29 + a + ((y + 1) * y - 14) * y]


def powell_badly_scaled(x):
    return [1e4 * x[0] * x[1] - 1, jnp.exp(-x[0]) + jnp.exp(-x[1]) - 1.0001]


def brown_badly_scaled(x):
    return [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]


def beale(x):
    return [1.5 - x[0] * (1 - x[1]), 2.25 - x[0] * (1 - x[1] ** 2), 2.625 - x[0] * (1 - x[1] ** 3)]


def jennrich_sampson(x):
    i = numpy.arange(1, 11)
    return [2 + 2 * i - (jnp.exp(i * x[0]) + jnp.exp(i * x[1]))]


def helical_valley(x):
    theta = jnp.arctan(x[1] / x[0]) / (2 * numpy.pi) + jnp.where(x[0] > 0, 0.0, 0.5)
    return [10 * (x[2] - 10 * theta), 10 * (jnp.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]]


BARD = numpy.array([0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39])


def bard(x):
    u = numpy.arange(1, 16)
    v, w = 16 - u, numpy.minimum(u, 16 - u)
    return [BARD - (x[0] + u / (v * x[1] + w * x[2]))]


GAUSSIAN = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989]
GAUSSIAN = numpy.array(GAUSSIAN + GAUSSIAN[-2::-1])


def gaussian(x):
    t = (8 - numpy.arange(1, 16)) / 2
    return [x[0] * jnp.exp(-x[1] * (t - x[2]) ** 2 / 2) - GAUSSIAN]


MEYER = numpy.array([34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872.0])


def meyer(x):
    t = 45 + 5 * numpy.arange(1, 17)
    return [x[0] * jnp.exp(x[1] / (t + x[2])) - MEYER]


def gulf(x):
    t = numpy.arange(1, 100) / 100
    y = 25 + (-50 * numpy.log(t)) ** (2 / 3)
    return [jnp.exp(-(jnp.abs(y - x[1]) ** x[2]) / x[0]) - t]


def box_3d(x):
    t = 0.1 * numpy.arange(1, 11)
    return [jnp.exp(-t * x[0]) - jnp.exp(-t * x[1]) - x[2] * (numpy.exp(-t) - numpy.exp(-10 * t))]


def powell_singular(x):
    a, b, c, d = x[0::4], x[1::4], x[2::4], x[3::4]
    return [a + 10 * b, 5**0.5 * (c - d), (b - 2 * c) ** 2, 10**0.5 * (a - d) ** 2]


def wood(x):
    a, b, c, d = x
    return [10 * (b - a**2), 1 - a, 90**0.5 * (d - c**2), 1 - c, 10**0.5 * (b + d - 2), (b - d) / 10**0.5]


KOWALIK_Y = numpy.array([0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246])
KOWALIK_U = numpy.array([4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])


def kowalik_osborne(x):
    u = KOWALIK_U
    return [KOWALIK_Y - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])]


def brown_dennis(x):
    t = numpy.arange(1, 21) / 5
    return [(x[0] + t * x[1] - numpy.exp(t)) ** 2 + (x[2] + x[3] * numpy.sin(t) - numpy.cos(t)) ** 2]


OSBORNE_1 = numpy.array(
    [0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603, 0.580]
    + [0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406]
)


def osborne_1(x):
    t = 10 * numpy.arange(33)
    return [OSBORNE_1 - (x[0] + x[1] * jnp.exp(-t * x[3]) + x[2] * jnp.exp(-t * x[4]))]


def biggs(x):
    t = 0.1 * numpy.arange(1, 14)
    y = numpy.exp(-t) - 5 * numpy.exp(-10 * t) + 3 * numpy.exp(-4 * t)
    return [x[2] * jnp.exp(-t * x[0]) - x[3] * jnp.exp(-t * x[1]) + x[5] * jnp.exp(-t * x[4]) - y]


OSBORNE_2 = numpy.array(
    [1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606, 0.602]
    + [0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395, 0.375]
    + [0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591]
    + [0.559, 0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054]
)


def osborne_2(x):
    t = numpy.arange(65) / 10
    hills = sum(x[k] * jnp.exp(-((t - x[k + 7]) ** 2) * x[k + 4]) for k in (1, 2, 3))
    return [OSBORNE_2 - (x[0] * jnp.exp(-t * x[4]) + hills)]


def watson(x):
    n = len(x)
    t = numpy.arange(1, 30) / 29
    powers = t[:, None] ** numpy.arange(n)
    slopes = numpy.arange(1, n) * powers[:, : n - 1]
    return [slopes @ x[1:] - (powers @ x) ** 2 - 1, x[0], x[1] - x[0] ** 2 - 1]


def penalty_1(x):
    return [1e-5**0.5 * (x - 1), jnp.sum(x**2) - 0.25]


def penalty_2(x):
    n, a = len(x), 1e-5**0.5
    i = numpy.arange(2, n + 1)
    y = numpy.exp(i / 10) + numpy.exp((i - 1) / 10)
    pairs = a * (jnp.exp(x[1:] / 10) + jnp.exp(x[:-1] / 10) - y)
    single = a * (jnp.exp(x[1:] / 10) - numpy.exp(-1 / 10))
    return [x[0] - 0.2, pairs, single, jnp.sum(numpy.arange(n, 0, -1) * x**2) - 1]


def variably_dimensioned(x):
    all_ = jnp.sum(numpy.arange(1, len(x) + 1) * (x - 1))
    return [x - 1, all_, all_**2]


def trigonometric(x):
    n, i = len(x), numpy.arange(1, len(x) + 1)
    return [n - jnp.sum(jnp.cos(x)) + i * (1 - jnp.cos(x)) - jnp.sin(x)]


def brown_almost_linear(x):
    return [x[:-1] + jnp.sum(x) - (len(x) + 1), jnp.prod(x) - 1]


def discrete_boundary_value(x):
    n = len(x)
    h = 1 / (n + 1)
    t = numpy.arange(1, n + 1) * h
    padded = jnp.pad(x, 1)
    return [2 * x - padded[:-2] - padded[2:] + h**2 * (x + t + 1) ** 3 / 2]


def discrete_integral(x):
    n = len(x)
    h = 1 / (n + 1)
    t = numpy.arange(1, n + 1) * h
    kernel = numpy.where(t[None, :] <= t[:, None], (1 - t[:, None]) * t[None, :], t[:, None] * (1 - t[None, :]))
    return [x + h / 2 * kernel @ (x + t + 1) ** 3]


def broyden_tridiagonal(x):
    padded = jnp.pad(x, 1)
    return [(3 - 2 * x) * x - padded[:-2] - 2 * padded[2:] + 1]


def broyden_banded(x):
    n = len(x)
    band = numpy.array([[j != i and i - 5 <= j <= i + 1 for j in range(n)] for i in range(n)], float)
    return [x * (2 + 5 * x**2) + 1 - band @ (x * (1 + x))]


def linear_full_rank(x):
    return [x - 2 / 10 * jnp.sum(x) - 1]


def linear_rank_1(x):
    return [numpy.arange(1, 11) * jnp.sum(numpy.arange(1, len(x) + 1) * x) - 1]


def linear_rank_1_zeros(x):
    n = len(x)
    rows = numpy.array([0.0, *range(1, 9), 0.0])
    return [rows * jnp.sum(numpy.arange(2, n) * x[1:-1]) - 1]


def chebyquad(x):
    n = len(x)
    z = 2 * x - 1
    before, now, residuals = jnp.ones(n), z, []
    for i in range(1, n + 1):
        residuals.append(jnp.mean(now) - (0 if i % 2 else -1 / (i * i - 1)))
        before, now = now, 2 * z * now - before
    return residuals


def chained_rosenbrock(x):
    return [10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1]]


def quadratic(condition):
    def residuals(x):
        n = len(x)
        return [numpy.sqrt(condition ** (numpy.arange(n) / (n - 1)) / 2) * (x - 1)]

    return residuals


def network(w):
    t = numpy.arange(21) / 10 - 1
    a, b, c = w[0:12:3], w[1:12:3], w[2:12:3]
    output = jnp.sum(a * jnp.tanh(b * t[:, None] + c), axis=1) + w[12]
    return [output - numpy.sin(3 * t), w * 1e-2]


def rastrigin(x):
    return jnp.sum(x**2 - 10 * jnp.cos(2 * numpy.pi * x) + 10)


def logistic(w):
    rows = numpy.arange(60)[:, None]
    z = 4 * scattered(rows, numpy.arange(5)[None, :])
    y = numpy.where(z[:, 0] - 0.5 * z[:, 1] + scattered(rows[:, 0], 90) > 0, 1.0, -1.0)
    margins = y * (z @ w[:5] + w[5])
    return jnp.mean(jnp.logaddexp(0.0, -margins)) + 0.5e-3 * jnp.sum(w**2)


def grid(n, at):
    return [at(j, n) for j in range(1, n + 1)]


def boundary(j, n):
    return j / (n + 1) * (j / (n + 1) - 1)


COLLECTION = [
    ("rosenbrock", [-1.2, 1], rosenbrock_pairs),
    ("freudenstein-roth", [0.5, -2], freudenstein_roth),
    ("powell-badly-scaled", [0, 1], powell_badly_scaled),
    ("brown-badly-scaled", [1, 1], brown_badly_scaled),
    ("beale", [1, 1], beale),
    ("jennrich-sampson", [0.3, 0.4], jennrich_sampson),
    ("helical-valley", [-1, 0, 0], helical_valley),
    ("bard", [1, 1, 1], bard),
    ("gaussian", [0.4, 1, 0], gaussian),
    ("meyer", [0.02, 4000, 250], meyer),
    ("gulf", [5, 2.5, 0.15], gulf),
    ("box", [0, 10, 20], box_3d),
    ("powell-singular", [3, -1, 0, 1], powell_singular),
    ("wood", [-3, -1, -3, -1], wood),
    ("kowalik-osborne", [0.25, 0.39, 0.415, 0.39], kowalik_osborne),
    ("brown-dennis", [25, 5, -5, -1], brown_dennis),
    ("osborne-1", [0.5, 1.5, -1, 0.01, 0.02], osborne_1),
    ("biggs", [1, 2, 1, 1, 1, 1], biggs),
    ("osborne-2", [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5], osborne_2),
    ("watson", [0] * 9, watson),
    ("extended-rosenbrock", [-1.2, 1] * 10, rosenbrock_pairs),
    ("extended-powell", [3, -1, 0, 1] * 5, powell_singular),
    ("penalty-1", grid(10, lambda j, n: j), penalty_1),
    ("penalty-2", [0.5] * 10, penalty_2),
    ("variably-dimensioned", grid(10, lambda j, n: 1 - j / n), variably_dimensioned),
    ("trigonometric", grid(10, lambda j, n: 1 / n), trigonometric),
    ("brown-almost-linear", [0.5] * 10, brown_almost_linear),
    ("discrete-boundary-value", grid(10, boundary), discrete_boundary_value),
    ("discrete-integral", grid(10, boundary), discrete_integral),
    ("broyden-tridiagonal", [-1] * 10, broyden_tridiagonal),
    ("broyden-banded", [-1] * 10, broyden_banded),
    ("linear-full-rank", [1] * 10, linear_full_rank),
    ("linear-rank-1", [1] * 10, linear_rank_1),
    ("linear-rank-1-zeros", [1] * 10, linear_rank_1_zeros),
    ("chebyquad", grid(8, lambda j, n: j / (n + 1)), chebyquad),
]
OTHERS = [
    ("rosenbrock-2", [-1.2, 1], chained_rosenbrock),
    ("rosenbrock-10", [-1.2, 1] * 5, chained_rosenbrock),
    ("rosenbrock-100", [-1.2, 1] * 50, chained_rosenbrock),
    ("rosenbrock-1000", [-1.2, 1] * 500, chained_rosenbrock),
    ("beale", [1, 1], beale),
    ("booth", [0, 0], lambda x: [x[0] + 2 * x[1] - 7, 2 * x[0] + x[1] - 5]),
    ("himmelblau", [0, 0], lambda x: [x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7]),
    ("powell", [3, -1, 0, 1], powell_singular),
    ("wood", [-3, -1, -3, -1], wood),
    ("brown", [1, 1], brown_badly_scaled),
    ("quadratic-1e2", [-1] * 50, quadratic(1e2)),
    ("quadratic-1e6", [-1] * 50, quadratic(1e6)),
    ("network", [scattered(99, i) for i in range(13)], network),
]
PLAIN = [("rastrigin", [0.2] * 5, rastrigin), ("logistic-regression", [0] * 6, logistic)]


class Counted:
    """A function that counts its calls, and remembers whether one of them solved it."""

    def __init__(self, function):
        self.function, self.calls, self.solved = function, 0, None

    def __call__(self, x):
        value, gradient = self.function(x)
        value, gradient = float(value), numpy.asarray(gradient)
        self.calls += 1
        if self.calls > EVALUATIONS:
            raise StopIteration
        if self.solved is None and numpy.all(numpy.abs(gradient) <= TOLERANCE):
            self.solved = self.calls
        return value, gradient


def run(function, start, method, options):
    counted = Counted(function)
    try:
        minimize(counted, start, jac=True, method=method, options=options)
    except StopIteration:
        pass
    return counted.solved


def case(name, start, formula):
    function = jax.jit(jax.value_and_grad(formula))
    start = numpy.array(start, float)
    value, gradient = function(start)
    lbfgs = {"ftol": 0, "gtol": TOLERANCE, "maxcor": 10, "maxiter": EVALUATIONS, "maxfun": EVALUATIONS}
    cg = {"gtol": TOLERANCE, "maxiter": EVALUATIONS}
    print(name, file=sys.stderr)
    return {
        "name": name,
        "start": start.tolist(),
        "value": float(value),
        "gradient": numpy.asarray(gradient).tolist(),
        "l_bfgs_b": [run(function, x, "L-BFGS-B", lbfgs) for x in starts(start)],
        "cg": [run(function, x, "CG", cg) for x in starts(start)],
    }


def main():
    numpy.seterr(all="ignore")
    cases = {
        "collection": [case(name, start, squares(form)) for name, start, form in COLLECTION],
        "others": [case(name, start, squares(form)) for name, start, form in OTHERS]
        + [case(*plain) for plain in PLAIN],
    }
    versions = {name: version(name) for name in ("jax", "numpy", "scipy")}
    versions["python"] = platform.python_version()
    json.dump({"versions": versions, **cases}, sys.stdout, indent=1)
    print()


main()
