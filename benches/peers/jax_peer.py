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


SEGMENT = 50  # steps


def lstm_cell(state, z, recurrent):
    h, c = state
    i, f, g, o = jnp.split(z + h @ recurrent, 4, -1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def gru_cell(state, z, recurrent):
    (h,) = state
    (r, update, new), (own_r, own_update, own_new) = (
        jnp.split(part, 3, -1) for part in (z, h @ recurrent)
    )
    r, update = jax.nn.sigmoid(r + own_r), jax.nn.sigmoid(update + own_update)
    h = (1 - update) * jnp.tanh(new + r * own_new) + update * h
    return (h,), h


def sequences(workload):
    """Segments, from each of which the state passes to the next; whole sequences in both directions."""
    inputs, *units, classes = workload["sizes"]
    batch, batches, steps = workload["batch"], workload["rows"] // workload["batch"], workload["steps"]
    gru, both = workload["hidden"] == "gru", workload["hidden"] == "bidirectional"
    cell, gates, states = (gru_cell, 3, 1) if gru else (lstm_cell, 4, 2)
    keys = iter(jax.random.split(jax.random.key(1), 32))

    def weights(rows, columns):
        return jax.random.normal(next(keys), (rows, columns)) * 0.05

    def layer(width, size):
        return weights(width, gates * size), weights(size, gates * size), jnp.zeros(gates * size)

    layers, width = [], inputs
    for size in units:
        layers.append([layer(width, size) for _ in range(1 + both)])
        width = size * (1 + both)
    embedding = weights(inputs, inputs) if both else None
    parameters = (embedding, layers, weights(width, classes), jnp.zeros(classes))
    shape = (batches, steps // SEGMENT, SEGMENT, batch)
    x = jax.random.randint(next(keys), shape, 0, inputs)
    y = jax.random.randint(next(keys), shape, 0, classes)
    optimizer = optax.chain(optax.clip(1.0), optax.rmsprop(1e-3))

    def loss(parameters, states, x, y):
        embedding, layers, weights, bias = parameters
        x = embedding[x] if both else jax.nn.one_hot(x, inputs)
        after = []
        for directions, own in zip(layers, states):
            outputs = []
            for backward, ((w, u, b), state) in enumerate(zip(directions, own)):
                step = lambda state, z, u=u: cell(state, z, u)
                state, y_layer = lax.scan(step, state, x @ w + b, reverse=bool(backward))
                after.append(state)
                outputs.append(y_layer)
            x = jnp.concatenate(outputs, -1)
        value = optax.softmax_cross_entropy_with_integer_labels(x @ weights + bias, y).mean()
        return value, [after[k : k + 1 + both] for k in range(0, len(after), 1 + both)]

    zeros = [[(jnp.zeros((batch, size)),) * states] * (1 + both) for size in units]

    def segment(carry, given):
        parameters, slots, state = carry
        (value, state), gradient = jax.value_and_grad(loss, has_aux=True)(parameters, state, *given)
        updates, slots = optimizer.update(gradient, slots, parameters)
        return (optax.apply_updates(parameters, updates), slots, state), value

    def sequence(carry, given):
        parameters, slots, _ = lax.scan(segment, (*carry, zeros), given)[0]
        return (parameters, slots), None

    compiled = jax.jit(lambda state: lax.scan(sequence, state, (x, y))[0])
    state = (parameters, optimizer.init(parameters))

    def epoch():
        nonlocal state
        state = jax.block_until_ready(compiled(state))
        return batches * steps * batch

    return epoch


def make(workload):
    if "hidden" in workload:
        return sequences(workload)
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
