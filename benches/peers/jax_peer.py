"""JAX with optax: a whole epoch is one compiled function, over batches that are laid out before.

L-BFGS is SciPy's, over a compiled function that gives value and gradient.
"""

import jax
import jax.numpy as jnp
import numpy
import optax
from jax import lax
from jax.flatten_util import ravel_pytree
from protocol import serve
from scipy.optimize import minimize


def evaluations(parameters, loss):
    """Forty steps of L-BFGS from where the last ones ended; counts the evaluations."""
    flat, whole = ravel_pytree(parameters)
    compiled = jax.jit(jax.value_and_grad(lambda flat: loss(whole(flat))))
    point, count = numpy.asarray(flat, numpy.float64), 0

    def function(flat):
        nonlocal count
        count += 1
        value, gradient = compiled(jnp.asarray(flat, jnp.float32))
        return float(value), numpy.asarray(gradient, numpy.float64)

    def epoch():
        nonlocal point, count
        count = 0
        options = {"maxiter": 40, "ftol": 0, "gtol": 0}
        point = minimize(function, point, jac=True, method="L-BFGS-B", options=options).x
        return count

    return epoch


def make(workload):
    sizes, batch, rows = workload["sizes"], workload["batch"], workload["rows"]
    keys = jax.random.split(jax.random.key(1), len(sizes) + 1)
    parameters = [
        (jax.random.normal(key, (inputs, units)) * (2 / inputs) ** 0.5, jnp.zeros(units))
        for key, inputs, units in zip(keys, sizes, sizes[1:])
    ]
    x = jax.random.uniform(keys[-1], (rows // batch, batch, sizes[0]))
    y = jax.random.randint(keys[-2], (rows // batch, batch), 0, sizes[-1])
    if workload["updates"] == "adam":
        optimizer = optax.adam(1e-3)
    else:
        optimizer = optax.chain(
            optax.add_decayed_weights(1e-4), optax.sgd(0.01, 0.9, nesterov=True)
        )

    lbfgs = workload["updates"] == "l-bfgs"
    activation = jnp.tanh if lbfgs else jax.nn.relu

    def loss(parameters, x, y):
        *hidden, last = parameters
        for weights, bias in hidden:
            x = activation(x @ weights + bias)
        x = x @ last[0] + last[1]
        return optax.softmax_cross_entropy_with_integer_labels(x, y).mean()

    if lbfgs:
        return evaluations(parameters, lambda parameters: loss(parameters, x[0], y[0]))

    def step(state, given):
        parameters, slots = state
        value, gradient = jax.value_and_grad(loss)(parameters, *given)
        updates, slots = optimizer.update(gradient, slots, parameters)
        return (optax.apply_updates(parameters, updates), slots), value

    compiled = jax.jit(lambda state: lax.scan(step, state, (x, y))[0])
    state = (parameters, optimizer.init(parameters))

    def epoch():
        nonlocal state
        state = jax.block_until_ready(compiled(state))

    return epoch


serve(f"JAX {jax.__version__}", make)
